import { anglesAt } from './commonEpoch.ts';
import type { ElementSet } from './elementSet.ts';
import { BeamkeeperError } from './error.ts';
import { formatInstant, type Instant, parseInstant } from './instant.ts';
import { type SatelliteGeneration, satelliteGeneration } from './satelliteGeneration.ts';

/**
 * A fleet as flown, plane by plane, in the project's own form: what a catalogue says about where the
 * satellites are, without its element sets. Rows are groups of satellites of one generation that share
 * inclination, altitude and node; shells in flux are included like any other.
 */
export interface FleetTable {
  readonly name: string;
  /** Comment lines of the head: source, date, licence. */
  readonly about: readonly string[];
  readonly epoch: Instant;
  readonly planes: readonly FleetPlane[];
}

export interface FleetPlane {
  readonly generation: SatelliteGeneration;
  readonly inclinationDeg: number;
  /** rev/day, mean of the members. */
  readonly meanMotion: number;
  /** At the table's epoch. */
  readonly raanDeg: number;
  /** Arguments of latitude at the epoch, ascending. */
  readonly argLatDeg: readonly number[];
}

const HEADER = 'generation,inclinationDeg,meanMotionRevPerDay,raanDeg,argLatDeg';
const FIRST_FLEET_ID = 800_000_001;
/** Members of a row: inclination and altitude bins, and the longest gap of nodes within a plane. */
const INCLINATION_BIN_DEG = 0.1;
const MEAN_MOTION_BIN = 0.01;
const NODE_GAP_DEG = 0.25;
const NODE_SPAN_DEG = 1;

/** Makes a fleet table of a catalogue at an instant: angles by secular rates, rounded to 0.01° and 0.1°. */
export function fleetTableOf(
  records: readonly ElementSet[],
  options: { name: string; about: readonly string[]; epoch: Instant },
): FleetTable {
  const { raanDeg, argLatDeg } = anglesAt(records, options.epoch);
  const groups = new Map<string, number[]>();
  records.forEach((record, index) => {
    const key = [
      satelliteGeneration(record),
      Math.round(record.inclinationDeg / INCLINATION_BIN_DEG),
      Math.round(record.meanMotion / MEAN_MOTION_BIN),
    ].join(':');
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  const planes: FleetPlane[] = [];
  for (const group of groups.values()) {
    group.sort((a, b) => raanDeg[a] - raanDeg[b]);
    let members: number[] = [];
    const close = (): void => {
      const first = members[0];
      if (first === undefined) return;
      const mean = (of: (index: number) => number): number =>
        members.reduce((sum, index) => sum + of(index), 0) / members.length;
      planes.push({
        generation: satelliteGeneration(records[first]),
        inclinationDeg: round(
          mean(index => records[index].inclinationDeg),
          2,
        ),
        meanMotion: round(
          mean(index => records[index].meanMotion),
          4,
        ),
        raanDeg: round(
          mean(index => raanDeg[index]),
          2,
        ),
        argLatDeg: members.map(index => round(argLatDeg[index], 1) % 360).sort((a, b) => a - b),
      });
      members = [];
    };
    for (const index of group) {
      const last = members.at(-1);
      const isApart =
        last !== undefined &&
        (raanDeg[index] - raanDeg[last] > NODE_GAP_DEG ||
          raanDeg[index] - raanDeg[members[0]] > NODE_SPAN_DEG);
      if (isApart) close();
      members.push(index);
    }
    close();
  }
  planes.sort(
    (a, b) =>
      a.inclinationDeg - b.inclinationDeg ||
      a.meanMotion - b.meanMotion ||
      a.raanDeg - b.raanDeg ||
      (a.generation < b.generation ? -1 : 1),
  );
  return { name: options.name, about: options.about, epoch: options.epoch, planes };
}

/** The table as text. */
export function writeFleetTable(table: FleetTable): string {
  const rows = table.planes.map(plane =>
    [
      plane.generation,
      plane.inclinationDeg,
      plane.meanMotion,
      plane.raanDeg,
      plane.argLatDeg.join(' '),
    ].join(','),
  );
  const head = [
    `# ${table.name}`,
    ...table.about.map(line => `# ${line}`),
    `# epoch: ${formatInstant(table.epoch)}`,
  ];
  return `${[...head, HEADER, ...rows].join('\n')}\n`;
}

/**
 * Reads a fleet table.
 *
 * @throws BeamkeeperError `FLEET_TABLE` with the line that is wrong
 */
export function readFleetTable(text: string, source: string): FleetTable {
  const refuse = (line: number, what: string): never => {
    throw new BeamkeeperError('FLEET_TABLE', `${source}:${line}: ${what}`);
  };
  const about: string[] = [];
  const planes: FleetPlane[] = [];
  let epoch: Instant | null = null;
  let isHeaderSeen = false;
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    if (line === '') return;
    if (line.startsWith('#')) {
      const note = line.slice(1).trim();
      if (note.startsWith('epoch:')) epoch = parseInstant(note.slice('epoch:'.length));
      else about.push(note);
      return;
    }
    if (!isHeaderSeen) {
      if (line !== HEADER) refuse(index + 1, `the header must be "${HEADER}"`);
      isHeaderSeen = true;
      return;
    }
    const [generation = '', inclination = '', motion = '', raan = '', list = ''] = line.split(',');
    const numbers = [inclination, motion, raan].map(Number);
    const argLatDeg = list.split(' ').map(Number);
    if ([...numbers, ...argLatDeg].some(value => !Number.isFinite(value)) || list === '') {
      refuse(
        index + 1,
        'expected generation, inclination, mean motion, node and a list of degrees',
      );
    }
    planes.push({
      generation: generation as SatelliteGeneration,
      inclinationDeg: numbers[0] as number,
      meanMotion: numbers[1] as number,
      raanDeg: numbers[2] as number,
      argLatDeg,
    });
  });
  if (epoch === null) return refuse(1, 'the head has no line "# epoch: …"');
  if (planes.length === 0) return refuse(1, 'the table has no plane');
  return { name: about[0] ?? source, about: about.slice(1), epoch, planes };
}

/** Element sets of a fleet at its epoch: circular, no drag, so that the fleet keeps its form at any later instant. */
export function fleetElementSets(table: FleetTable): ElementSet[] {
  const sets: ElementSet[] = [];
  for (const plane of table.planes) {
    for (const argLatDeg of plane.argLatDeg) {
      sets.push({
        catalogId: FIRST_FLEET_ID + sets.length,
        name: `${table.name} ${plane.generation} ${sets.length}`,
        intlDesignator: '',
        epochJd: table.epoch.jd,
        epochFraction: table.epoch.fraction,
        meanMotion: plane.meanMotion,
        eccentricity: 1e-5,
        inclinationDeg: plane.inclinationDeg,
        raanDeg: plane.raanDeg,
        argPerigeeDeg: 0,
        meanAnomalyDeg: argLatDeg,
        bstar: 0,
        meanMotionDot: 0,
        meanMotionDdot: 0,
        source: table.name,
        line: 0,
      });
    }
  }
  return sets;
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
