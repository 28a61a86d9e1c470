import { anglesAt, medianEpoch } from './commonEpoch.ts';
import type { ElementSet } from './elementSet.ts';
import { secondsBetween } from './instant.ts';
import { altitudeKmOf } from './j2.ts';

/** A group of satellites that share inclination and altitude, and its Walker pattern if it keeps one. */
export interface Shell {
  readonly inclinationDeg: number;
  readonly altitudeKm: number;
  readonly satelliteCount: number;
  /** Indices into the records. */
  readonly members: readonly number[];
  /** Best plane count and how sharply the nodes fall on it, 0…1. */
  readonly planeCount: number;
  readonly planeCoherence: number;
  /** Null: no stable Walker pattern. */
  readonly pattern: ShellPattern | null;
  /** Coherence of the best pattern tried, kept or not. */
  readonly bestCoherence: number;
}

export interface ShellPattern {
  readonly planeCount: number;
  readonly slotCount: number;
  readonly phasing: number;
  readonly coherence: number;
  /** Other slot counts that ring (multiples of the true one often do). */
  readonly alsoRings: readonly { slotCount: number; phasing: number; coherence: number }[];
}

/** Bins of the search for shells, and the fewest satellites that make a bin count. */
const INCLINATION_BIN_DEG = 0.05;
const ALTITUDE_BIN_KM = 5;
const MIN_BIN_COUNT = 20;
/** orbits.md §7.1. */
const PLANES = { from: 6, to: 109 };
const SLOTS = { from: 8, to: 79 };
const KEPT_COHERENCE = 0.8;
/**
 * Phases of a few planes fall on some lattice by chance, so a pattern also needs nodes that are sharp
 * and planes that are there: as many filled as 35 % of P or 18 (with the trials made here, 18 random
 * phases stay below 0.8). Real shells under construction start at 14 of 36 [C].
 */
const KEPT_PLANE_COHERENCE = 0.7;
const FILLED = { share: 0.35, enough: 18, satellites: 100 };
const MAX_EPOCH_DISTANCE_DAYS = 3;

/**
 * Recovers the shells of a catalogue: groups of equal inclination and altitude, and for each the
 * Walker pattern (P planes, S slots, phasing F) on which nodes and arguments of latitude, brought to
 * the median epoch, fall with coherence ≥ 0.8. Largest shell first. Source of the method: orbits.md §7.1.
 */
export function recoverShells(records: readonly ElementSet[]): Shell[] {
  const bins = new Map<string, { i: number; a: number; members: number[] }>();
  records.forEach((record, index) => {
    const i = Math.round(record.inclinationDeg / INCLINATION_BIN_DEG);
    const a = Math.round(altitudeKmOf(record.meanMotion) / ALTITUDE_BIN_KM);
    const key = `${i}:${a}`;
    const bin = bins.get(key);
    if (bin) bin.members.push(index);
    else bins.set(key, { i, a, members: [index] });
  });
  const shells: Shell[] = [];
  const seen = new Set<string>();
  for (const [key, bin] of bins) {
    if (seen.has(key) || bin.members.length < MIN_BIN_COUNT) continue;
    const members: number[] = [];
    const queue = [key];
    seen.add(key);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { i, a, members: here } = bins.get(next)!;
      members.push(...here);
      for (let di = -1; di <= 1; di++) {
        for (let da = -1; da <= 1; da++) {
          const other = `${i + di}:${a + da}`;
          const isNew = !seen.has(other) && (bins.get(other)?.members.length ?? 0) >= MIN_BIN_COUNT;
          if (!isNew) continue;
          seen.add(other);
          queue.push(other);
        }
      }
    }
    shells.push(
      shellOf(
        records,
        members.sort((x, y) => x - y),
      ),
    );
  }
  return shells.sort((x, y) => y.satelliteCount - x.satelliteCount);
}

function shellOf(records: readonly ElementSet[], members: readonly number[]): Shell {
  const epoch = medianEpoch(members.map(index => records[index]));
  const recent = members
    .map(index => records[index])
    .filter(record => {
      const at = { jd: record.epochJd, fraction: record.epochFraction };
      return Math.abs(secondsBetween(epoch, at)) <= MAX_EPOCH_DISTANCE_DAYS * 86400;
    });
  const { raanDeg, argLatDeg } = anglesAt(recent, epoch);
  const planes = findPlanes(raanDeg);
  const planeOf = planeIndices(raanDeg, planes.planeCount, planes.offsetRad);
  const patterns = findPatterns(planeOf, argLatDeg, planes.planeCount);
  const kept = isLattice(planeOf, planes)
    ? patterns.filter(p => p.coherence >= KEPT_COHERENCE)
    : [];
  const smallest = kept[0];
  return {
    inclinationDeg: median(members.map(index => records[index].inclinationDeg)),
    altitudeKm: median(members.map(index => altitudeKmOf(records[index].meanMotion))),
    satelliteCount: members.length,
    members,
    planeCount: planes.planeCount,
    planeCoherence: planes.coherence,
    bestCoherence: Math.max(0, ...patterns.map(p => p.coherence)),
    pattern:
      smallest === undefined
        ? null
        : { planeCount: planes.planeCount, ...smallest, alsoRings: kept.slice(1) },
  };
}

/** The smallest P whose C(P) = |mean e^{iPΩ}| is within 5 % of the highest. */
function findPlanes(raanDeg: Float64Array): {
  planeCount: number;
  coherence: number;
  offsetRad: number;
} {
  const all: { planeCount: number; coherence: number; offsetRad: number }[] = [];
  for (let p = PLANES.from; p <= PLANES.to; p++) {
    let re = 0;
    let im = 0;
    for (const raan of raanDeg) {
      const angle = (p * raan * Math.PI) / 180;
      re += Math.cos(angle);
      im += Math.sin(angle);
    }
    const coherence = Math.hypot(re, im) / raanDeg.length;
    all.push({ planeCount: p, coherence, offsetRad: Math.atan2(im, re) / p });
  }
  const best = Math.max(...all.map(entry => entry.coherence));
  return all.find(entry => entry.coherence >= 0.95 * best)!;
}

/** The plane of each satellite, 0 … P−1, by rounding its node. */
function planeIndices(raanDeg: Float64Array, planeCount: number, offsetRad: number): Int32Array {
  return Int32Array.from(raanDeg, raan => {
    const k = Math.round((((raan * Math.PI) / 180 - offsetRad) * planeCount) / (2 * Math.PI));
    return ((k % planeCount) + planeCount) % planeCount;
  });
}

function isLattice(
  planeOf: Int32Array,
  planes: { planeCount: number; coherence: number },
): boolean {
  const members = new Int32Array(planes.planeCount);
  for (const plane of planeOf) members[plane]++;
  const filled = members.filter(count => count >= 2).length;
  return (
    planes.coherence >= KEPT_PLANE_COHERENCE &&
    planeOf.length >= FILLED.satellites &&
    filled >= Math.min(FILLED.share * planes.planeCount, FILLED.enough)
  );
}

/** For each S the F with the highest C(S, F) = |mean e^{i(Su − 2πFk/P)}|, ascending S. */
function findPatterns(
  planeOf: Int32Array,
  argLatDeg: Float64Array,
  planeCount: number,
): { slotCount: number; phasing: number; coherence: number }[] {
  const count = planeOf.length;
  const found: { slotCount: number; phasing: number; coherence: number }[] = [];
  const re = new Float64Array(planeCount);
  const im = new Float64Array(planeCount);
  for (let s = SLOTS.from; s <= SLOTS.to; s++) {
    re.fill(0);
    im.fill(0);
    for (let n = 0; n < count; n++) {
      const angle = (s * argLatDeg[n] * Math.PI) / 180;
      re[planeOf[n]] += Math.cos(angle);
      im[planeOf[n]] += Math.sin(angle);
    }
    let best = { slotCount: s, phasing: 0, coherence: 0 };
    for (let f = 0; f < planeCount; f++) {
      let x = 0;
      let y = 0;
      for (let k = 0; k < planeCount; k++) {
        const turn = (-2 * Math.PI * f * k) / planeCount;
        x += re[k] * Math.cos(turn) - im[k] * Math.sin(turn);
        y += re[k] * Math.sin(turn) + im[k] * Math.cos(turn);
      }
      const coherence = Math.hypot(x, y) / count;
      if (coherence > best.coherence) best = { slotCount: s, phasing: f, coherence };
    }
    found.push(best);
  }
  return found;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
