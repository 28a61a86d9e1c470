import { anglesAt } from './commonEpoch.ts';
import type { ElementSet } from './elementSet.ts';
import { BeamkeeperError } from './error.ts';
import { formatInstant, type Instant, parseInstant, secondsBetween } from './instant.ts';
import { j2Rates, semiMajorAxisKmOf } from './j2.ts';
import {
  isSatelliteGeneration,
  type SatelliteGeneration,
  satelliteGeneration,
} from './satelliteGeneration.ts';
import { recoverShells } from './shells.ts';
import { wrapDeg } from './validateElements.ts';

/**
 * A fleet as flown, plane by plane, in the project's own form: where the satellites are, without their
 * element sets or identities. What raises, lowers or drifts between shells is there as `in-flux`.
 */
export interface FleetTable {
  readonly name: string;
  /** Comment lines of the head: source, date, licence. */
  readonly about: readonly string[];
  readonly epoch: Instant;
  readonly planes: readonly FleetPlane[];
}

/** Satellites of one generation that share an orbit but for their place in it. */
export interface FleetPlane {
  /** `53.16@465` (degrees, km), or `in-flux`. */
  readonly shell: string;
  readonly generation: SatelliteGeneration;
  readonly inclinationDeg: number;
  /** rev/day, mean of the members. */
  readonly meanMotion: number;
  /** At the table's epoch. */
  readonly raanDeg: number;
  /** Arguments of latitude at the epoch, ascending. */
  readonly argLatDeg: readonly number[];
}

const COLUMNS =
  'shell,generation,inclination_deg,mean_motion_rev_per_day,raan_deg,arg_latitude_deg';
const IN_FLUX = 'in-flux';
const FIRST_FLEET_ID = 800_000_001;
/** Where one plane ends and the next begins: a gap in a sorted list, or a member too far from the first. */
const INCLINATION_SPLIT = { gap: 0.05, span: 0.1 };
const RAAN_SPLIT_DEG = { gap: 0.25, span: 1 };
/** 0.003 rev/day is 0.9 km of altitude; 0.01 drift apart by 3.6° of the orbit in a day. */
const MEAN_MOTION_SPLIT = { gap: 0.003, span: 0.01 };

/**
 * Makes a fleet table of a catalogue at an instant, with the shells that `recoverShells` finds.
 * Angles are brought there by secular rates and rounded: nodes to 0.01°, places in orbit to 0.1°.
 */
export function fleetTableOf(
  records: readonly ElementSet[],
  options: { name: string; about: readonly string[]; epoch: Instant },
): FleetTable {
  const { raanDeg, argLatDeg } = anglesAt(records, options.epoch);
  const shellOf = new Array<string>(records.length).fill(IN_FLUX);
  const shells = recoverShells(records).map(shell => {
    const label = `${shell.inclinationDeg.toFixed(2)}@${shell.altitudeKm.toFixed(0)}`;
    for (const index of shell.members) shellOf[index] = label;
    return label;
  });

  const groups = new Map<string, number[]>();
  records.forEach((record, index) => {
    const key = `${shellOf[index]}:${satelliteGeneration(record)}`;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });

  const planes: FleetPlane[] = [];
  for (const group of groups.values()) {
    const planesOfGroup = split(group, i => records[i].inclinationDeg, INCLINATION_SPLIT)
      .flatMap(part => split(part, i => raanDeg[i], RAAN_SPLIT_DEG))
      .flatMap(part => split(part, i => records[i].meanMotion, MEAN_MOTION_SPLIT));
    for (const members of planesOfGroup) {
      const mean = (of: (index: number) => number): number =>
        members.reduce((sum, index) => sum + of(index), 0) / members.length;
      planes.push({
        shell: shellOf[members[0]],
        generation: satelliteGeneration(records[members[0]]),
        inclinationDeg: round(
          mean(index => records[index].inclinationDeg),
          2,
        ),
        meanMotion: round(
          mean(index => records[index].meanMotion),
          4,
        ),
        raanDeg:
          round(
            mean(index => raanDeg[index]),
            2,
          ) % 360,
        argLatDeg: members.map(index => round(argLatDeg[index], 1) % 360).sort((a, b) => a - b),
      });
    }
  }
  const rank = new Map([...shells, IN_FLUX].map((label, index) => [label, index]));
  planes.sort(
    (a, b) =>
      rank.get(a.shell)! - rank.get(b.shell)! ||
      a.raanDeg - b.raanDeg ||
      a.meanMotion - b.meanMotion ||
      a.inclinationDeg - b.inclinationDeg ||
      (a.generation < b.generation ? -1 : 1),
  );
  return { name: options.name, about: options.about, epoch: options.epoch, planes };
}

/** Cuts a list into runs whose sorted values have no gap and no span greater than asked. */
function split(
  indices: readonly number[],
  valueAt: (index: number) => number,
  limits: { gap: number; span: number },
): number[][] {
  const sorted = [...indices].sort((a, b) => valueAt(a) - valueAt(b));
  const runs: number[][] = [];
  let run: number[] = [];
  for (const index of sorted) {
    const here = valueAt(index);
    const isApart =
      run.length > 0 &&
      (here - valueAt(run[run.length - 1]) > limits.gap || here - valueAt(run[0]) > limits.span);
    if (isApart) {
      runs.push(run);
      run = [];
    }
    run.push(index);
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

/** The table as text: comment lines, one line of column names, one row per plane. */
export function writeFleetTable(table: FleetTable): string {
  const rows = table.planes.map(plane =>
    [
      plane.shell,
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
  return `${[...head, COLUMNS, ...rows].join('\n')}\n`;
}

/**
 * Reads a fleet table.
 *
 * @throws BeamkeeperError `FLEET_TABLE` with the line that is wrong
 */
export function readFleetTable(text: string, source: string): FleetTable {
  const refuse = (line: number, what: string): never => {
    throw new BeamkeeperError(
      'FLEET_TABLE',
      `${source}:${line}: ${what}; scripts/make-fleet-tables.ts writes such tables`,
    );
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
      if (line !== COLUMNS) refuse(index + 1, `the columns must be "${COLUMNS}"`);
      isHeaderSeen = true;
      return;
    }
    planes.push(planeOf(line, what => refuse(index + 1, what)));
  });
  if (epoch === null) return refuse(1, 'the head has no line "# epoch: …"');
  if (planes.length === 0) return refuse(1, 'the table has no plane');
  return { name: about[0] ?? source, about: about.slice(1), epoch, planes };
}

function planeOf(line: string, refuse: (what: string) => never): FleetPlane {
  const cells = line.split(',');
  if (cells.length !== 6) refuse(`expected 6 columns, found ${cells.length}`);
  const [shell, generation, inclination, motion, raan, list] = cells;
  if (!isSatelliteGeneration(generation)) return refuse(`"${generation}" is no generation`);
  const number = (name: string, cell: string, low: number, high: number): number => {
    const value = cell.trim() === '' ? Number.NaN : Number(cell);
    if (!(value >= low && value <= high)) refuse(`${name} "${cell}" is not in ${low} … ${high}`);
    return value;
  };
  return {
    shell,
    generation,
    inclinationDeg: number('inclination', inclination, 0, 180),
    meanMotion: number('mean motion', motion, 0.1, 18),
    raanDeg: number('node', raan, 0, 360),
    argLatDeg: list.split(' ').map(cell => number('argument of latitude', cell, 0, 360)),
  };
}

/**
 * Element sets of a fleet, ready for SGP4: circular, in the order of the table. Without drag, because
 * the operator makes up for it: so the fleet keeps its form however far from its epoch it is asked for.
 *
 * @param options.at epoch of the sets, to which nodes and places are brought by secular rates; the
 *   table's own epoch by default
 */
export function fleetElementSets(table: FleetTable, options: { at?: Instant } = {}): ElementSet[] {
  const at = options.at ?? table.epoch;
  const days = secondsBetween(table.epoch, at) / 86400;
  const sets: ElementSet[] = [];
  for (const plane of table.planes) {
    const rates = j2Rates(semiMajorAxisKmOf(plane.meanMotion), 0, plane.inclinationDeg);
    const raanDeg = wrapDeg(plane.raanDeg + rates.raanDegPerDay * days);
    // As in `anglesAt`: the published (Kozai) mean motion holds the J₂ term of the mean anomaly.
    const turnedDeg = (360 * plane.meanMotion + rates.argPerigeeDegPerDay) * days;
    for (const argLatDeg of plane.argLatDeg) {
      sets.push({
        catalogId: FIRST_FLEET_ID + sets.length,
        name: `${table.name} [${plane.generation}] ${sets.length + 1}`,
        intlDesignator: '',
        epochJd: at.jd,
        epochFraction: at.fraction,
        meanMotion: plane.meanMotion,
        eccentricity: 1e-5,
        inclinationDeg: plane.inclinationDeg,
        raanDeg,
        argPerigeeDeg: 0,
        meanAnomalyDeg: wrapDeg(argLatDeg + turnedDeg),
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
