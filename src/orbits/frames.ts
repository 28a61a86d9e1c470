import { gmstRad } from './gmst.ts';
import type { Instant } from './instant.ts';

/** Where the Earth is in its turn and its wobble; published daily by the IERS. */
export interface EarthOrientation {
  /** UT1 − UTC, seconds. Ignored: up to 455 m at 550 km altitude. */
  readonly dut1S: number;
  /** Polar motion, arcseconds. Ignored: 3 to 17 m. */
  readonly xpArcsec: number;
  readonly ypArcsec: number;
}

/** No values known: UT1 = UTC and a pole that does not move. */
export const NO_EARTH_ORIENTATION: EarthOrientation = { dut1S: 0, xpArcsec: 0, ypArcsec: 0 };

export type Vector3 = readonly [x: number, y: number, z: number];

/** Rotation rate of the Earth, rad/s (AIAA 2006-6753). */
export const EARTH_ROTATION_RAD_PER_S = 7.29211514670698e-5;
const RAD_PER_ARCSEC = Math.PI / 648000;

/** Polar motion of an Earth-orientation record in radians. */
export function polarMotionRad({ xpArcsec, ypArcsec }: EarthOrientation): [number, number] {
  return [xpArcsec * RAD_PER_ARCSEC, ypArcsec * RAD_PER_ARCSEC];
}

/**
 * Turns a TEME state into the Earth-fixed frame (ITRF): sidereal rotation, then small polar motion;
 * the velocity is relative to the turning Earth (km, km/s).
 *
 * Source: Vallado et al., AIAA 2006-6753, appendix C; see acceptance/vallado-teme-itrf.test.ts.
 *
 * @example
 * const at = parseInstant('2004-04-06T07:51:28.386009Z');
 * const eop = { dut1S: -0.439962, xpArcsec: -0.140682, ypArcsec: 0.333309 };
 * temeToEcef([5094.1801621, 6127.6446595, 6380.3445327], [0, 0, 0], at, eop).positionEcefKm;
 */
export function temeToEcef(
  positionTemeKm: Vector3,
  velocityTemeKmS: Vector3,
  at: Instant,
  earthOrientation: EarthOrientation = NO_EARTH_ORIENTATION,
): { positionEcefKm: Vector3; velocityEcefKmS: Vector3 } {
  const theta = gmstRad(at, earthOrientation.dut1S);
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const x = cos * positionTemeKm[0] + sin * positionTemeKm[1];
  const y = cos * positionTemeKm[1] - sin * positionTemeKm[0];
  const vx = cos * velocityTemeKmS[0] + sin * velocityTemeKmS[1] + EARTH_ROTATION_RAD_PER_S * y;
  const vy = cos * velocityTemeKmS[1] - sin * velocityTemeKmS[0] - EARTH_ROTATION_RAD_PER_S * x;
  const [xp, yp] = polarMotionRad(earthOrientation);
  return {
    positionEcefKm: wobble(x, y, positionTemeKm[2], xp, yp),
    velocityEcefKmS: wobble(vx, vy, velocityTemeKmS[2], xp, yp),
  };
}

/** The inverse for positions: Earth-fixed to TEME, km. */
export function ecefToTeme(
  positionEcefKm: Vector3,
  at: Instant,
  earthOrientation: EarthOrientation = NO_EARTH_ORIENTATION,
): Vector3 {
  const theta = gmstRad(at, earthOrientation.dut1S);
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const [xp, yp] = polarMotionRad(earthOrientation);
  const [x, y, z] = wobble(positionEcefKm[0], positionEcefKm[1], positionEcefKm[2], -xp, -yp);
  return [cos * x - sin * y, sin * x + cos * y, z];
}

/** PEF to ITRF for the small angles of polar motion, first order (1e-12 of the length left out). */
function wobble(x: number, y: number, z: number, xp: number, yp: number): Vector3 {
  return [x + xp * z, y - yp * z, z - xp * x + yp * y];
}
