import type { PositionsEcef } from '../../orbits/index.ts';

/**
 * Flags a share of satellites as dark (their lasers are off, see `updateLinkGraph`), drawn without
 * putting back: the same seed gives the same ones. Rounded to whole satellites.
 *
 * @param share 0 … 1
 */
export function randomDark(count: number, share: number, seed: number): Uint8Array {
  const draws = Float64Array.from({ length: count }, (_, i) => uniform(seed, i));
  return lowest(draws, share);
}

/** Flags the share of satellites that are nearest to one of them at an instant: a storm, an attack, a bad batch. */
export function clusteredDark(
  satellites: PositionsEcef,
  middle: number,
  share: number,
): Uint8Array {
  const { xKm, yKm, zKm } = satellites;
  return lowest(
    xKm.map((x, i) => {
      const km = Math.hypot(x - xKm[middle], yKm[i] - yKm[middle], zKm[i] - zKm[middle]);
      return Number.isNaN(km) ? Number.POSITIVE_INFINITY : km;
    }),
    share,
  );
}

function lowest(values: Float64Array, share: number): Uint8Array {
  const isDark = new Uint8Array(values.length);
  const darkCount = Math.round(Math.min(1, Math.max(0, share)) * values.length);
  const order = Int32Array.from(values.keys()).sort((a, b) =>
    values[a] === values[b] ? a - b : values[a] < values[b] ? -1 : 1,
  );
  for (const i of order.subarray(0, darkCount)) isDark[i] = 1;
  return isDark;
}

/** A number in [0, 1) from two: the finaliser of MurmurHash3 over both. */
function uniform(seed: number, index: number): number {
  const mix = (value: number): number => {
    let h = value | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  };
  return (mix(mix(seed + 0x9e3779b9) ^ index) >>> 0) / 2 ** 32;
}
