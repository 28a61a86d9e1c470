import type { PositionsEcef } from '../../orbits/index.ts';

/**
 * From which other satellite the heading of each follows: one that flies in the same plane, ahead of it
 * or behind it by neither little nor half a turn. Positions of one instant are enough then.
 */
export interface HeadingReferences {
  /** -1: the satellite has none, and its heading is not known. */
  readonly reference: Int32Array;
  /** 1: the reference is ahead, -1: behind. */
  readonly sign: Int8Array;
}

/** Directions of flight as unit vectors, Earth-fixed axes, without the turn of the Earth; NaN when unknown. */
export interface Headings {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/** How near to a quarter of a turn a reference must be, rad: beyond 60° it may drift to the other side. */
export const REFERENCE_SPREAD_RAD = Math.PI / 3;
const TURN = 2 * Math.PI;

export function allocateHeadings(count: number): Headings {
  return {
    x: new Float64Array(count),
    y: new Float64Array(count),
    z: new Float64Array(count),
  };
}

/**
 * References within each plane: the satellite that is nearest to a quarter of a turn ahead or behind.
 *
 * @param planes satellites of one plane each
 * @param argLatRad their places in orbit
 */
export function headingReferences(
  satelliteCount: number,
  planes: readonly Int32Array[],
  argLatRad: Float64Array,
): HeadingReferences {
  const reference = new Int32Array(satelliteCount).fill(-1);
  const sign = new Int8Array(satelliteCount);
  for (const plane of planes) {
    for (const satellite of plane) {
      let least = REFERENCE_SPREAD_RAD;
      for (const other of plane) {
        const ahead = (argLatRad[other] - argLatRad[satellite] + 2 * TURN) % TURN;
        const isAhead = ahead < Math.PI;
        const off = Math.abs((isAhead ? ahead : TURN - ahead) - Math.PI / 2);
        if (off < least) {
          least = off;
          reference[satellite] = other;
          sign[satellite] = isAhead ? 1 : -1;
        }
      }
    }
  }
  return { reference, sign };
}

/** Headings at one instant: across the radius, towards the reference or away from it. */
export function updateHeadings(
  { xKm, yKm, zKm, count }: PositionsEcef,
  { reference, sign }: HeadingReferences,
  out: Headings,
): void {
  for (let i = 0; i < count; i++) {
    const other = reference[i];
    if (other < 0) {
      out.x[i] = out.y[i] = out.z[i] = Number.NaN;
      continue;
    }
    const squared = xKm[i] * xKm[i] + yKm[i] * yKm[i] + zKm[i] * zKm[i];
    const along = (xKm[i] * xKm[other] + yKm[i] * yKm[other] + zKm[i] * zKm[other]) / squared;
    const x = xKm[other] - along * xKm[i];
    const y = yKm[other] - along * yKm[i];
    const z = zKm[other] - along * zKm[i];
    const scale = sign[i] / Math.sqrt(x * x + y * y + z * z);
    out.x[i] = x * scale;
    out.y[i] = y * scale;
    out.z[i] = z * scale;
  }
}
