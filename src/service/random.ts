/**
 * A uniform number in [0, 1) that depends on nothing but its keys: the same draw in any order and on
 * any number of workers. Two rounds of the murmur3 finaliser over the mixed keys (32 bits).
 */
export function keyedUniform(
  seed: number,
  slot: number,
  cellLow: number,
  cellHigh: number,
): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(slot | 0, 0xc2b2ae35);
  h = mix(h ^ cellLow);
  h = mix(h ^ Math.imul(cellHigh, 0x27d4eb2f));
  return (h >>> 0) / 4294967296;
}

function mix(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
