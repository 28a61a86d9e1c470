import {
  readSections,
  type SectionArray,
  takeSection,
  writeSections,
} from '../earth/sectionFile.ts';
import type { ElementSet } from '../orbits/elementSet.ts';

/** The numbers of an element set that SGP4 and the reader of a result need. */
const COLUMNS = [
  'catalogId',
  'epochJd',
  'epochFraction',
  'meanMotion',
  'eccentricity',
  'inclinationDeg',
  'raanDeg',
  'argPerigeeDeg',
  'meanAnomalyDeg',
  'bstar',
  'meanMotionDot',
  'meanMotionDdot',
] as const;

const KIND = 'element sets';

/**
 * Element sets as one section file, for the page's workers: float64 columns, so that the page computes
 * with the very numbers that the server has. Line numbers and sources are left behind.
 */
export function writeElementFile(records: readonly ElementSet[]): Uint8Array {
  const sections = new Map<string, SectionArray>();
  for (const column of COLUMNS) {
    const values = Float64Array.from(records, record => record[column]);
    sections.set(column, new Uint8Array(values.buffer));
  }
  const text = (values: readonly string[]): Uint8Array =>
    new TextEncoder().encode(values.map(value => value.replace(/\n/g, ' ')).join('\n'));
  sections.set('name', text(records.map(record => record.name)));
  sections.set('intlDesignator', text(records.map(record => record.intlDesignator)));
  return writeSections(sections);
}

/**
 * The element sets of such a file.
 *
 * @param bytes at the start of their buffer, or 8-byte aligned in it
 * @throws BeamkeeperError `DATA_FILE` when it is none
 */
export function readElementFile(bytes: Uint8Array): ElementSet[] {
  const sections = readSections(bytes, KIND);
  const take = (name: string): Uint8Array => takeSection(sections, name, Uint8Array, KIND);
  const [catalogId, epochJd, epochFraction, ...rest] = COLUMNS.map(column => {
    const raw = take(column);
    return new Float64Array(raw.buffer, raw.byteOffset, raw.byteLength / 8);
  });
  const [meanMotion, eccentricity, inclinationDeg, raanDeg, argPerigeeDeg] = rest;
  const [meanAnomalyDeg, bstar, meanMotionDot, meanMotionDdot] = rest.slice(5);
  const lines = (name: string): string[] => new TextDecoder().decode(take(name)).split('\n');
  const names = lines('name');
  const designators = lines('intlDesignator');
  return Array.from(catalogId, (id, i) => ({
    catalogId: id,
    name: names[i] ?? '',
    intlDesignator: designators[i] ?? '',
    epochJd: epochJd[i],
    epochFraction: epochFraction[i],
    meanMotion: meanMotion[i],
    eccentricity: eccentricity[i],
    inclinationDeg: inclinationDeg[i],
    raanDeg: raanDeg[i],
    argPerigeeDeg: argPerigeeDeg[i],
    meanAnomalyDeg: meanAnomalyDeg[i],
    bstar: bstar[i],
    meanMotionDot: meanMotionDot[i],
    meanMotionDdot: meanMotionDdot[i],
    source: KIND,
    line: 0,
  }));
}
