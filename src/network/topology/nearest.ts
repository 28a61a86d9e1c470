import { type ElementSet, type Instant, medianEpoch } from '../../orbits/index.ts';
import { createFreeTerminals } from './freeTerminals.ts';
import {
  allocateHeadings,
  type HeadingReferences,
  headingReferences,
  REFERENCE_SPREAD_RAD,
  updateHeadings,
} from './headings.ts';
import { LASER_TANGENT_HEIGHT_KM, laserRangeKm } from './laserLimits.ts';
import type { LaserPairs, LaserTopology } from './laserTopology.ts';
import { addCandidate, allocatePairCandidates, eachCheapest } from './nearestPairs.ts';
import { type Convoy, findPlanes, type OrbitalPlanes } from './orbitalPlanes.ts';
import { isBeyondCutOff } from './polarCutOff.ts';

/** [A] Terminals of a satellite, 3–4 (network.md §6): two in the plane, one to either side. */
export const DEFAULT_TERMINAL_COUNT = 4;
/** [A] Links that are chosen anew at every instant are no longer than this, km: their ends move apart. */
const PASSING_RANGE_KM = 3000;
/** [A] …and their ends fly within this angle of each other, so that the terminals need not swing fast. */
const PASSING_ANGLE_RAD = (60 * Math.PI) / 180;
/** Neighbours of a satellite to either side among which it chooses. */
const CHOICES = 8;
/** Nodes farther apart than this are no neighbours, whatever the range. */
const WIDEST_NODE_STEP_RAD = Math.PI / 3;
/** How far the plane of a reference may be from the own one when that has none, and what drift counts: rad for 1 rev/day. */
const STRAY_NODE_STEP_RAD = (8 * Math.PI) / 180;
const STRAY_INCLINATION_DEG = 2;
const STRAY_DRIFT_RAD = 3;
/** WGS84, km³/s², and the Earth's equatorial radius, km: altitude from mean motion. */
const MU_KM3_S2 = 398600.4418;
const EARTH_RADIUS_KM = 6378.137;

export interface NearestOptions {
  /** Lasers of each satellite, 0 for none; `DEFAULT_TERMINAL_COUNT` for all when left out. */
  readonly terminalCount?: Uint8Array | undefined;
  /** When planes and neighbours are looked for; the middle of the epochs when left out. */
  readonly at?: Instant | undefined;
  /** Poleward of this latitude no link leaves its plane. */
  readonly polarCutOffRad?: number | undefined;
}

/**
 * Nearest neighbours by range, for real fleets: planes with holes, many shells, satellites under way.
 *
 * Most links are **lasting**: chosen once, from the element sets, among satellites of one inclination
 * and mean motion, which keep their place to each other. First the next satellite fore and aft in the
 * plane, then one to the east and one to the west in other planes, nearest by the mean square of the
 * distance over a revolution, and never farther apart than a laser reaches 80 km above the Earth.
 * (A satellite with three terminals has one across, to the east or to the west by turns; a few planes
 * of a regular shell may then be left without a link to the others.)
 * Terminals that are then still free are **passing** links: at every instant anew, nearest first, with
 * any other satellite that flies the same way within 60°, up to 3,000 km. They join the shells.
 *
 * The pairs are a function of the positions alone, so an instant gives the same links whichever instants
 * went before it. For the time that passing links take to be set up see `withAcquisition`.
 */
export function nearest(
  elementSets: readonly ElementSet[],
  options: NearestOptions = {},
): LaserTopology {
  const satelliteCount = elementSets.length;
  const terminalCount =
    options.terminalCount ?? new Uint8Array(satelliteCount).fill(DEFAULT_TERMINAL_COUNT);
  const members = [...terminalCount.keys()].filter(i => terminalCount[i] > 0);
  const planes = findPlanes(elementSets, members, options.at ?? medianEpoch(elementSets));
  const free = Uint8Array.from(terminalCount);
  const inPlane = linksInPlanes(planes, free);
  const across = linksAcross(planes, free);
  const fixed = [...inPlane, ...across];
  const fixedFirst = Int32Array.from(fixed, pair => pair[0]);
  const fixedSecond = Int32Array.from(fixed, pair => pair[1]);
  const linked = new Set(fixed.map(([a, b]) => pairKey(a, b, satelliteCount)));

  const references = headingReferences(
    satelliteCount,
    planes.convoys.flatMap(convoy => convoy.planes),
    planes.argLatRad,
  );
  referToOtherPlanes(references, elementSets, members, planes);
  const headings = allocateHeadings(satelliteCount);
  const cosPassing = Math.cos(PASSING_ANGLE_RAD);
  const freeTerminals = createFreeTerminals(free, {
    maxRangeKm: PASSING_RANGE_KM,
    isHeadingAllowed: cosine => cosine >= cosPassing,
    isPairAllowed: (a, b) => !linked.has(pairKey(a, b, satelliteCount)),
  });
  const { polarCutOffRad } = options;

  return {
    name: 'nearest',
    satelliteCount,
    maxPairCount: fixed.length + freeTerminals.maxPairCount,
    pairsAt(satellites, out) {
      out.first.set(fixedFirst);
      out.second.set(fixedSecond);
      out.count = fixed.length;
      updateHeadings(satellites, references, headings);
      freeTerminals.join(satellites, headings, out);
      if (polarCutOffRad !== undefined) {
        dropBeyond(out, inPlane.length, (a, b) => isBeyondCutOff(satellites, a, b, polarCutOffRad));
      }
    },
  };
}

type Pair = readonly [number, number];

/** Each satellite with the next of its plane, nearest first, where a laser reaches that far. */
function linksInPlanes({ convoys, argLatRad }: OrbitalPlanes, free: Uint8Array): Pair[] {
  const candidates = allocatePairCandidates(argLatRad.length);
  for (const convoy of convoys) {
    const reachRad = reachOf(convoy);
    for (const plane of convoy.planes) {
      const last = plane.length - 1;
      if (last < 1) continue;
      // Two satellites: the way round the back leads to the same link.
      for (let i = last === 1 ? 1 : 0; i <= last; i++) {
        const [a, b] = [plane[i === 0 ? last : i - 1], plane[i]];
        const ahead = wrapTurn(argLatRad[b] - argLatRad[a]);
        const gap = Math.min(ahead, 2 * Math.PI - ahead);
        if (gap <= reachRad) addCandidate(candidates, a, b, gap);
      }
    }
  }
  const pairs: Pair[] = [];
  eachCheapest(candidates, (a, b) => {
    if (free[a] === 0 || free[b] === 0) return;
    free[a]--;
    free[b]--;
    pairs.push([a, b]);
  });
  return pairs;
}

/**
 * Links to other planes of the convoy. The two ends of a link are one to the east and one to the west of
 * each other by their nodes; each satellite gives half of its free terminals to either side.
 */
function linksAcross(planes: OrbitalPlanes, free: Uint8Array): Pair[] {
  const { convoys, raanRad, argLatRad } = planes;
  const eastward = new Uint8Array(free.length);
  const westward = new Uint8Array(free.length);
  const pairs: Pair[] = [];
  const candidates = allocatePairCandidates(CHOICES * free.length);
  for (const convoy of convoys) {
    candidates.count = 0;
    addNeighbours(convoy, raanRad, argLatRad, candidates);
    for (const plane of convoy.planes) {
      plane.forEach((satellite, i) => {
        // An odd terminal looks east in every other satellite, so that planes are not joined by twos.
        eastward[satellite] = (free[satellite] + (i % 2)) >> 1;
        westward[satellite] = free[satellite] - eastward[satellite];
      });
    }
    eachCheapest(candidates, (west, east) => {
      if (eastward[west] === 0 || westward[east] === 0) return;
      eastward[west]--;
      westward[east]--;
      free[west]--;
      free[east]--;
      pairs.push([west, east]);
    });
  }
  return pairs;
}

/** For each satellite of a convoy its nearest ones in planes to the east, as far as a laser always reaches. */
function addNeighbours(
  convoy: Convoy,
  raanRad: Float64Array,
  argLatRad: Float64Array,
  out: ReturnType<typeof allocatePairCandidates>,
): void {
  const { planes, inclinationRad } = convoy;
  if (planes.length < 2) return;
  const count = planes.reduce((sum, plane) => sum + plane.length, 0);
  const satellite = new Int32Array(count);
  const planeOf = new Int32Array(count);
  let filled = 0;
  planes.forEach((plane, p) => {
    satellite.set(plane, filled);
    planeOf.fill(p, filled, filled + plane.length);
    filled += plane.length;
  });
  const node = Float64Array.from(satellite, s => raanRad[s]);
  const byNode = Int32Array.from(node.keys()).sort((a, b) => node[a] - node[b] || a - b);
  const cosU = Float64Array.from(satellite, s => Math.cos(argLatRad[s]));
  const sinU = Float64Array.from(satellite, s => Math.sin(argLatRad[s]));
  const cosNode = node.map(Math.cos);
  const sinNode = node.map(Math.sin);
  const cosI = Math.cos(inclinationRad);
  const sin2I = 1 - cosI * cosI;
  const leastCosine = Math.cos(reachOf(convoy));
  const bestCosine = new Float64Array(CHOICES);
  const best = new Int32Array(CHOICES);

  for (let k = 0; k < count; k++) {
    const a = byNode[k];
    let found = 0;
    for (let step = 1; step < count; step++) {
      const b = byNode[(k + step) % count];
      const nodeStep = wrapTurn(node[b] - node[a]);
      if (nodeStep > WIDEST_NODE_STEP_RAD) break;
      if (planeOf[a] === planeOf[b]) continue;
      // Mean and half the swing, over a revolution, of the cosine of the angle between the two.
      const cosStep = cosNode[a] * cosNode[b] + sinNode[a] * sinNode[b];
      const sinStep = sinNode[b] * cosNode[a] - cosNode[b] * sinNode[a];
      const along = (cosStep * (1 + cosI * cosI) + sin2I) / 2;
      const across = cosI * sinStep;
      if (found === CHOICES) {
        // No satellite from here on eastward can be nearer, wherever it is in its plane.
        const nearestLeft = bestCosine[CHOICES - 1];
        if (along * along + across * across <= nearestLeft * nearestLeft) break;
      }
      const mean =
        along * (cosU[a] * cosU[b] + sinU[a] * sinU[b]) -
        across * (sinU[b] * cosU[a] - cosU[b] * sinU[a]);
      if (mean - (sin2I * (1 - cosStep)) / 2 < leastCosine) continue;
      if (found === CHOICES && mean <= bestCosine[CHOICES - 1]) continue;
      let at = found < CHOICES ? found++ : CHOICES - 1;
      while (at > 0 && bestCosine[at - 1] < mean) {
        bestCosine[at] = bestCosine[at - 1];
        best[at] = best[at - 1];
        at--;
      }
      bestCosine[at] = mean;
      best[at] = b;
    }
    for (let i = 0; i < found; i++) {
      addCandidate(out, satellite[a], satellite[best[i]], 1 - bestCosine[i]);
    }
  }
}

/**
 * For satellites without a reference in their own plane, most of them on their way to one: the best in
 * another plane of nearly the same node and inclination, rather one that drifts slowly.
 */
function referToOtherPlanes(
  { reference, sign }: HeadingReferences,
  elementSets: readonly ElementSet[],
  members: readonly number[],
  { raanRad, argLatRad }: OrbitalPlanes,
): void {
  const inclinationDeg = Float64Array.from(elementSets, set => set.inclinationDeg);
  const meanMotion = Float64Array.from(elementSets, set => set.meanMotion);
  for (const a of members) {
    if (reference[a] >= 0) continue;
    let least = REFERENCE_SPREAD_RAD;
    for (const b of members) {
      if (Math.abs(inclinationDeg[b] - inclinationDeg[a]) > STRAY_INCLINATION_DEG) continue;
      const nodeStep = Math.abs(raanRad[b] - raanRad[a]);
      if (Math.min(nodeStep, 2 * Math.PI - nodeStep) > STRAY_NODE_STEP_RAD) continue;
      const ahead = wrapTurn(argLatRad[b] - argLatRad[a]);
      const off =
        Math.abs(Math.min(ahead, 2 * Math.PI - ahead) - Math.PI / 2) +
        STRAY_DRIFT_RAD * Math.abs(meanMotion[b] - meanMotion[a]);
      if (off >= least) continue;
      least = off;
      reference[a] = b;
      sign[a] = ahead < Math.PI ? 1 : -1;
    }
  }
}

/** The angle at the Earth's centre that a laser between two satellites of a convoy spans at most. */
function reachOf({ meanMotionRevPerDay }: Convoy): number {
  const radPerS = (meanMotionRevPerDay * 2 * Math.PI) / 86400;
  const altitudeKm = Math.cbrt(MU_KM3_S2 / (radPerS * radPerS)) - EARTH_RADIUS_KM;
  const rangeKm = laserRangeKm(altitudeKm, LASER_TANGENT_HEIGHT_KM);
  return 2 * Math.asin(Math.min(1, rangeKm / 2 / (EARTH_RADIUS_KM + altitudeKm)));
}

/** Takes pairs out from `from` on, and keeps the order of the others. */
function dropBeyond(
  pairs: LaserPairs,
  from: number,
  isDropped: (a: number, b: number) => boolean,
): void {
  let kept = from;
  for (let i = from; i < pairs.count; i++) {
    if (isDropped(pairs.first[i], pairs.second[i])) continue;
    pairs.first[kept] = pairs.first[i];
    pairs.second[kept++] = pairs.second[i];
  }
  pairs.count = kept;
}

function pairKey(a: number, b: number, count: number): number {
  return a < b ? a * count + b : b * count + a;
}

function wrapTurn(angle: number): number {
  const turn = 2 * Math.PI;
  return ((angle % turn) + turn) % turn;
}
