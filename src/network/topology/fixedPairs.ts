import type { LaserPairs, LaserTopology } from './laserTopology.ts';
import { isBeyondCutOff } from './polarCutOff.ts';

/** What switches single pairs of a fixed topology off. */
export interface FixedPairsOptions {
  /** Lasers of each satellite: those with 0 have no link. The pairs fix how many the others need. */
  readonly terminalCount?: Uint8Array | undefined;
  /** Poleward of this latitude no link leaves its plane; needs `planeOf`. */
  readonly polarCutOffRad?: number | undefined;
}

/**
 * A topology whose pairs are the same at every instant: `[first, second, first, second, …]`.
 *
 * @param planeOf the plane of each satellite, for the polar cut-off
 */
export function fixedPairs(
  name: string,
  satelliteCount: number,
  pairs: readonly number[],
  options: FixedPairsOptions = {},
  planeOf?: Int32Array,
): LaserTopology {
  const { terminalCount, polarCutOffRad } = options;
  const kept = Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]])
    // The ends of a pair that a satellite without lasers would be part of stay unused.
    .filter(([a, b]) => terminalCount?.[a] !== 0 && terminalCount?.[b] !== 0);
  const first = Int32Array.from(kept, pair => pair[0]);
  const second = Int32Array.from(kept, pair => pair[1]);
  const maxPairCount = kept.length;
  return {
    name,
    satelliteCount,
    maxPairCount,
    pairsAt(satellites, out: LaserPairs) {
      if (polarCutOffRad === undefined || planeOf === undefined) {
        out.first.set(first);
        out.second.set(second);
        out.count = maxPairCount;
        return;
      }
      out.count = 0;
      for (let i = 0; i < maxPairCount; i++) {
        const [a, b] = [first[i], second[i]];
        if (planeOf[a] !== planeOf[b] && isBeyondCutOff(satellites, a, b, polarCutOffRad)) continue;
        out.first[out.count] = a;
        out.second[out.count++] = b;
      }
    },
  };
}
