import type { LaserPairs, LaserTopology } from './laserTopology.ts';

/** A topology whose pairs are the same at every instant: `[first, second, first, second, …]`. */
export function fixedPairs(
  name: string,
  satelliteCount: number,
  pairs: readonly number[],
): LaserTopology {
  const maxPairCount = pairs.length / 2;
  const first = Int32Array.from({ length: maxPairCount }, (_, i) => pairs[2 * i]);
  const second = Int32Array.from({ length: maxPairCount }, (_, i) => pairs[2 * i + 1]);
  return {
    name,
    satelliteCount,
    maxPairCount,
    pairsAt(_satellites, out: LaserPairs) {
      out.first.set(first);
      out.second.set(second);
      out.count = maxPairCount;
    },
  };
}
