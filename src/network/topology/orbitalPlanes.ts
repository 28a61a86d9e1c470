import { anglesAt, type ElementSet, type Instant } from '../../orbits/index.ts';

/** Satellites that keep their place to each other: one inclination, one mean motion. */
export interface Convoy {
  readonly inclinationRad: number;
  readonly meanMotionRevPerDay: number;
  /** By node; the satellites of each by argument of latitude, so that the next flies ahead. */
  readonly planes: readonly Int32Array[];
}

export interface OrbitalPlanes {
  /** At the instant asked for, one a satellite. */
  readonly raanRad: Float64Array;
  readonly argLatRad: Float64Array;
  readonly convoys: readonly Convoy[];
}

/** Where one group ends and the next begins: a gap in a sorted list, or a member too far from the first. */
interface Split {
  readonly gap: number;
  readonly span: number;
}
const INCLINATION_SPLIT_DEG: Split = { gap: 0.05, span: 0.1 };
/** 0.003 rev/day is 0.9 km of altitude; those 0.01 apart drift by 3.6° of the orbit in a day. */
const MEAN_MOTION_SPLIT: Split = { gap: 0.003, span: 0.01 };
const RAAN_SPLIT_DEG: Split = { gap: 0.25, span: 1 };

/**
 * Finds planes in element sets of real satellites, as `fleetTableOf` does, whatever their generation:
 * satellites of equal inclination and mean motion make a convoy, those of its satellites whose nodes
 * fall together a plane.
 *
 * @param members satellites to group; the others are in no plane
 */
export function findPlanes(
  elementSets: readonly ElementSet[],
  members: readonly number[],
  at: Instant,
): OrbitalPlanes {
  const { raanDeg, argLatDeg } = anglesAt(elementSets, at);
  const inclinationDeg = (i: number): number => elementSets[i].inclinationDeg;
  const meanMotion = (i: number): number => elementSets[i].meanMotion;
  const convoys = split(members, inclinationDeg, INCLINATION_SPLIT_DEG)
    .flatMap(group => split(group, meanMotion, MEAN_MOTION_SPLIT))
    .map(group => ({
      inclinationRad: rad(mean(group, inclinationDeg)),
      meanMotionRevPerDay: mean(group, meanMotion),
      planes: splitRound(group, i => raanDeg[i], RAAN_SPLIT_DEG).map(plane =>
        Int32Array.from(plane.sort((a, b) => argLatDeg[a] - argLatDeg[b] || a - b)),
      ),
    }));
  return { raanRad: raanDeg.map(rad), argLatRad: argLatDeg.map(rad), convoys };
}

/** Groups of a list by a value, ascending. */
function split(
  members: readonly number[],
  of: (member: number) => number,
  { gap, span }: Split,
): number[][] {
  const groups: number[][] = [];
  let group: number[] = [];
  for (const member of members.toSorted((a, b) => of(a) - of(b) || a - b)) {
    const value = of(member);
    const isApart =
      group.length > 0 &&
      (value - of(group[group.length - 1]) > gap || value - of(group[0]) > span);
    if (isApart || group.length === 0) {
      group = [];
      groups.push(group);
    }
    group.push(member);
  }
  return groups;
}

/** As `split`, of angles: cut open where the gap is widest, so that no plane is cut at 0°. */
function splitRound(
  members: readonly number[],
  degOf: (member: number) => number,
  limits: Split,
): number[][] {
  const sorted = members.toSorted((a, b) => degOf(a) - degOf(b) || a - b);
  let startDeg = 0;
  let widest = -1;
  sorted.forEach((member, i) => {
    const before = i === 0 ? degOf(sorted[sorted.length - 1]) - 360 : degOf(sorted[i - 1]);
    if (degOf(member) - before > widest) {
      widest = degOf(member) - before;
      startDeg = degOf(member);
    }
  });
  return split(members, member => (degOf(member) - startDeg + 360) % 360, limits);
}

function mean(members: readonly number[], of: (member: number) => number): number {
  return members.reduce((sum, member) => sum + of(member), 0) / members.length;
}

function rad(deg: number): number {
  return (deg * Math.PI) / 180;
}
