import type { PositionsEcef } from '../../orbits/index.ts';
import type { Headings } from './headings.ts';
import type { LaserPairs } from './laserTopology.ts';
import {
  addCandidate,
  allocatePairCandidates,
  eachCheapest,
  type PairCandidates,
} from './nearestPairs.ts';

/** Which two satellites with terminals to spare may be joined. */
export interface FreeTerminalRule {
  readonly maxRangeKm: number;
  /** Cosine of the angle between the headings. */
  isHeadingAllowed(cosine: number): boolean;
  /** Of two satellites, by index. */
  isPairAllowed(first: number, second: number): boolean;
}

/** How many of its nearest each satellite is ready to take. */
const CHOICES = 6;

/**
 * Joins satellites that have terminals to spare, nearest first, at one instant. Equal distances go by
 * the order of the satellites.
 */
export interface FreeTerminals {
  readonly maxPairCount: number;
  /** Appends to `out`. */
  join(satellites: PositionsEcef, headings: Headings, out: LaserPairs): void;
}

/** @param freeCount terminals to spare, one a satellite */
export function createFreeTerminals(freeCount: Uint8Array, rule: FreeTerminalRule): FreeTerminals {
  const members = Int32Array.from(freeCount.keys()).filter(i => freeCount[i] > 0);
  const byHeight = new Float64Array(members.length);
  const order = new Int32Array(members.length);
  const left = new Uint8Array(freeCount.length);
  const nearest = new Int32Array(CHOICES * freeCount.length);
  const nearestKm2 = new Float64Array(CHOICES * freeCount.length);
  const nearestCount = new Uint8Array(freeCount.length);
  const candidates: PairCandidates = allocatePairCandidates(CHOICES * members.length);

  /** Keeps `other` among the nearest of `satellite`, which are sorted. */
  function offer(satellite: number, other: number, km2: number): void {
    const base = CHOICES * satellite;
    let at = nearestCount[satellite];
    if (at === CHOICES) {
      if (km2 >= nearestKm2[base + CHOICES - 1]) return;
      at--;
    } else {
      nearestCount[satellite]++;
    }
    while (at > 0 && nearestKm2[base + at - 1] > km2) {
      nearest[base + at] = nearest[base + at - 1];
      nearestKm2[base + at] = nearestKm2[base + at - 1];
      at--;
    }
    nearest[base + at] = other;
    nearestKm2[base + at] = km2;
  }

  /** Members by their distance from the plane of the equator, south first; those without a position last. */
  function sortByHeight(zKm: Float64Array): number {
    let count = 0;
    for (let m = 0; m < members.length; m++) {
      const z = zKm[members[m]];
      if (!Number.isNaN(z)) byHeight[count++] = Math.round((z + 1e6) * 1e3) * 2 ** 20 + m;
    }
    byHeight.subarray(0, count).sort();
    for (let k = 0; k < count; k++) order[k] = members[byHeight[k] % 2 ** 20];
    return count;
  }

  return {
    maxPairCount: Math.floor(members.reduce((sum, i) => sum + freeCount[i], 0) / 2),

    join(satellites, headings, out) {
      const { xKm, yKm, zKm } = satellites;
      const { maxRangeKm } = rule;
      const maxKm2 = maxRangeKm * maxRangeKm;
      const count = sortByHeight(zKm);
      nearestCount.fill(0);
      for (let k = 0; k < count; k++) {
        const a = order[k];
        for (let l = k + 1; l < count; l++) {
          const b = order[l];
          const dz = zKm[b] - zKm[a];
          if (dz > maxRangeKm) break;
          const dx = xKm[b] - xKm[a];
          const dy = yKm[b] - yKm[a];
          const km2 = dx * dx + dy * dy + dz * dz;
          if (km2 > maxKm2) continue;
          const cosine =
            headings.x[a] * headings.x[b] +
            headings.y[a] * headings.y[b] +
            headings.z[a] * headings.z[b];
          if (!rule.isHeadingAllowed(cosine) || !rule.isPairAllowed(a, b)) continue;
          offer(a, b, km2);
          offer(b, a, km2);
        }
      }
      candidates.count = 0;
      for (const a of members) {
        left[a] = freeCount[a];
        for (let i = CHOICES * a; i < CHOICES * a + nearestCount[a]; i++) {
          const b = nearest[i];
          // A pair that both want comes twice: once is enough.
          if (a < b || !isAmongNearest(b, a)) addCandidate(candidates, a, b, nearestKm2[i]);
        }
      }
      eachCheapest(candidates, (a, b) => {
        if (left[a] === 0 || left[b] === 0) return;
        left[a]--;
        left[b]--;
        out.first[out.count] = a;
        out.second[out.count++] = b;
      });
    },
  };

  function isAmongNearest(satellite: number, other: number): boolean {
    const base = CHOICES * satellite;
    for (let i = base; i < base + nearestCount[satellite]; i++) {
      if (nearest[i] === other) return true;
    }
    return false;
  }
}
