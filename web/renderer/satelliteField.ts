import type { KeyFrame } from '../workers/messages.ts';
import { EARTH_RADIUS_KM } from './projection.ts';

/** Between two key frames. */
export const FRAME_S = 60;

/** Two key frames around the clock. */
export interface FramePair {
  readonly from: KeyFrame;
  readonly to: KeyFrame;
}

/** How far the clock is between the two, 0…1. */
export function shareOf(pair: FramePair, clockMs: number): number {
  return Math.max(0, Math.min(1, (clockMs - pair.from.t0Ms) / (FRAME_S * 1000)));
}

/** Where one satellite is, in Earth radii: the cubic that the shader draws. */
export function satelliteAt(
  { from, to }: FramePair,
  satellite: number,
  share: number,
): [x: number, y: number, z: number] {
  const square = share * share;
  const cube = square * share;
  const a = 2 * cube - 3 * square + 1;
  const b = (cube - 2 * square + share) * FRAME_S;
  const c = 3 * square - 2 * cube;
  const d = (cube - square) * FRAME_S;
  const axis = (k: number): number =>
    (a * from.positionEcefKm[3 * satellite + k] +
      b * from.velocityEcefKmS[3 * satellite + k] +
      c * to.positionEcefKm[3 * satellite + k] +
      d * to.velocityEcefKmS[3 * satellite + k]) /
    EARTH_RADIUS_KM;
  return [axis(0), axis(1), axis(2)];
}

/** The same on the graphics card, in km. */
export const HERMITE_GLSL = `
vec3 hermite(vec3 p0, vec3 v0, vec3 p1, vec3 v1, float f) {
  float f2 = f * f;
  float f3 = f2 * f;
  return (2. * f3 - 3. * f2 + 1.) * p0 + (f3 - 2. * f2 + f) * ${FRAME_S}. * v0
    + (3. * f2 - 2. * f3) * p1 + (f3 - f2) * ${FRAME_S}. * v1;
}
`;
