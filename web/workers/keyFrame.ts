import {
  EARTH_ROTATION_RAD_PER_S,
  gmstRad,
  type Instant,
  type Propagator,
  parseInstant,
} from '../../src/orbits/index.ts';
import type { KeyFrame } from './messages.ts';

/** Status of a satellite in a key frame. */
const OPERATING = 0;
const NO_SOLUTION = 3;

export function instantOfMs(ms: number): Instant {
  return parseInstant(new Date(ms).toISOString());
}

export function allocateKeyFrame(count: number): KeyFrame {
  return {
    t0Ms: 0,
    positionEcefKm: new Float32Array(3 * count),
    velocityEcefKmS: new Float32Array(3 * count),
    status: new Uint8Array(count),
  };
}

/**
 * Where all satellites are, and the derivative of the Earth-fixed position: the turned velocity less
 * ω × r. (A velocity that is merely turned puts a Hermite curve kilometres off.)
 *
 * @param states `6 · count` numbers of working memory
 */
export function fillKeyFrame(
  propagator: Propagator,
  t0Ms: number,
  states: Float64Array,
  out: KeyFrame,
): KeyFrame {
  const { count } = propagator;
  const at = instantOfMs(t0Ms);
  propagator.statesTeme([at], states);
  const theta = gmstRad(at);
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const { positionEcefKm, velocityEcefKmS, status } = out;
  for (let i = 0; i < count; i++) {
    const xTeme = states[i];
    const yTeme = states[count + i];
    const vxTeme = states[3 * count + i];
    const vyTeme = states[4 * count + i];
    const x = cos * xTeme + sin * yTeme;
    const y = cos * yTeme - sin * xTeme;
    positionEcefKm[3 * i] = x;
    positionEcefKm[3 * i + 1] = y;
    positionEcefKm[3 * i + 2] = states[2 * count + i];
    velocityEcefKmS[3 * i] = cos * vxTeme + sin * vyTeme + EARTH_ROTATION_RAD_PER_S * y;
    velocityEcefKmS[3 * i + 1] = cos * vyTeme - sin * vxTeme - EARTH_ROTATION_RAD_PER_S * x;
    velocityEcefKmS[3 * i + 2] = states[5 * count + i];
    // Also catches the infinities of a long decayed orbit.
    status[i] = Math.abs(x) < 1e6 ? OPERATING : NO_SOLUTION;
  }
  return { ...out, t0Ms };
}
