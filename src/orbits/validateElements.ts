import { sgp4 } from 'satellite.js';
import { readCatalogId } from './alpha5.ts';
import type { CatalogueWarning, ElementSet, Rejection } from './elementSet.ts';
import { satRecOf } from './sgp4Init.ts';

/** Why one record is not taken. Thrown inside the readers only; they turn it into a `Rejection`. */
export class RecordFault {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;

  constructor(code: string, field: string | null, message: string) {
    this.code = code;
    this.field = field;
    this.message = message;
  }
}

/** What a reader adds to while it goes through a file. */
export interface ReadingState {
  readonly source: string;
  readonly records: ElementSet[];
  readonly rejected: Rejection[];
  readonly warnings: CatalogueWarning[];
}

/** The fastest mean motion accepted, rev/day: a circular orbit at 18 rev/day lies in the ground. */
const MAX_MEAN_MOTION = 18;
/** Longer than any number in a catalogue; the pattern below would go through a megabyte of digits slowly. */
const LONGEST_NUMBER = 40;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A number from text or from JSON. Text must be a number and nothing else.
 *
 * @throws RecordFault `FIELD` when it is missing, unreadable or not finite.
 */
export function readNumber(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') {
    const trimmed = value.trim();
    if (trimmed.length <= LONGEST_NUMBER && NUMBER.test(trimmed)) {
      const number = Number(trimmed);
      if (Number.isFinite(number)) return number;
    }
  }
  throw new RecordFault(
    'FIELD',
    field,
    isBlank(value)
      ? `${field} is missing`
      : `${field} ${JSON.stringify(value)?.slice(0, 40)} is not a number`,
  );
}

/** A catalogue number of one to nine digits, or alpha-5. @throws RecordFault `FIELD` */
export function requireCatalogId(field: string, value: unknown): number {
  const id = typeof value === 'number' ? String(value) : value;
  const catalogId = typeof id === 'string' ? readCatalogId(id) : null;
  if (catalogId !== null) return catalogId;
  throw new RecordFault(
    'FIELD',
    field,
    isBlank(value)
      ? `${field} is missing`
      : `${field} ${JSON.stringify(value)?.slice(0, 40)} is not a number of up to 9 digits, nor alpha-5 (which has no I and no O)`,
  );
}

export function isBlank(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
  );
}

/**
 * Takes a record whose fields could be read: checks ranges, wraps angles of 360° and more (with a
 * warning), and starts SGP4 once, so that whatever is in a catalogue can be propagated.
 *
 * @throws RecordFault `RANGE`, `SGP4_INIT`
 */
export function acceptElements(candidate: ElementSet, state: ReadingState): void {
  const { eccentricity, inclinationDeg, meanMotion } = candidate;
  if (!(eccentricity >= 0 && eccentricity < 1)) {
    throw new RecordFault('RANGE', 'ECCENTRICITY', `eccentricity ${eccentricity} is not in [0, 1)`);
  }
  if (!(inclinationDeg >= 0 && inclinationDeg <= 180)) {
    throw new RecordFault(
      'RANGE',
      'INCLINATION',
      `inclination ${inclinationDeg}° is not in [0, 180]`,
    );
  }
  if (!(meanMotion > 0 && meanMotion <= MAX_MEAN_MOTION)) {
    throw new RecordFault(
      'RANGE',
      'MEAN_MOTION',
      `mean motion ${meanMotion} rev/day is not in (0, ${MAX_MEAN_MOTION}]`,
    );
  }
  const raanDeg = wrapDeg(candidate.raanDeg);
  const argPerigeeDeg = wrapDeg(candidate.argPerigeeDeg);
  const meanAnomalyDeg = wrapDeg(candidate.meanAnomalyDeg);
  const isWrapped =
    raanDeg !== candidate.raanDeg ||
    argPerigeeDeg !== candidate.argPerigeeDeg ||
    meanAnomalyDeg !== candidate.meanAnomalyDeg;
  const elements = isWrapped ? { ...candidate, raanDeg, argPerigeeDeg, meanAnomalyDeg } : candidate;

  const satRec = satRecOf(elements);
  const position = satRec.error === 0 ? sgp4(satRec, 0)?.position : undefined;
  if (!position || !Number.isFinite(position.x + position.y + position.z)) {
    throw new RecordFault(
      'SGP4_INIT',
      null,
      `SGP4 cannot start from these elements (its error ${satRec.error}${satRec.error === 6 ? ': decayed' : ''})`,
    );
  }

  if (isWrapped) {
    state.warnings.push({
      source: state.source,
      line: elements.line,
      catalogId: elements.catalogId,
      code: 'WRAPPED_ANGLE',
      message: `${state.source}:${elements.line}: satellite ${elements.catalogId} has an angle outside [0, 360); it was wrapped`,
    });
  }
  state.records.push(elements);
}

/** Notes a record that was not taken; the rest of the catalogue goes on. */
export function rejectRecord(
  state: ReadingState,
  fault: RecordFault,
  record: { line: number; catalogId: number | null; name: string | null },
): void {
  const who =
    record.catalogId === null
      ? record.name
        ? `"${record.name.slice(0, 40)}": `
        : ''
      : `satellite ${record.catalogId}${record.name ? ` (${record.name.slice(0, 40)})` : ''}: `;
  state.rejected.push({
    source: state.source,
    line: record.line,
    catalogId: record.catalogId,
    name: record.name,
    field: fault.field,
    code: fault.code,
    message: `${state.source}:${record.line}: ${who}${fault.message}; ${adviceFor(fault.code)}`,
  });
}

function adviceFor(code: string): string {
  switch (code) {
    case 'TLE_CHECKSUM':
    case 'TLE_SHAPE':
    case 'OMM_SHAPE':
    case 'FIELD':
      return 'it is left out: fetch the file again';
    case 'THEORY':
      return 'it is left out: ask the publisher for SGP4 elements';
    case 'FRAME':
      return 'it is left out: SGP4 elements are UTC, TEME, about the Earth';
    default:
      return 'it is left out: fetch a newer set';
  }
}

/** The angle in [0, 360). An angle already there comes back bit for bit. */
export function wrapDeg(angleDeg: number): number {
  if (angleDeg >= 0 && angleDeg < 360) return angleDeg;
  const wrapped = angleDeg - 360 * Math.floor(angleDeg / 360);
  return wrapped < 360 ? wrapped : 0;
}
