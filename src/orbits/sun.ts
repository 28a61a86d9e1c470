import type { EarthOrientation, Vector3 } from './frames.ts';
import { NO_EARTH_ORIENTATION, temeToEcef } from './frames.ts';
import type { Instant } from './instant.ts';

const RAD_PER_DEG = Math.PI / 180;
export const ASTRONOMICAL_UNIT_KM = 149597870.7;

/**
 * The Sun from the centre of the Earth, km, mean equator and equinox of date, which is TEME to within
 * 0.006° (the equation of the equinoxes and nutation). 0.01° between 1950 and 2050.
 *
 * Source: Astronomical Almanac, "low precision formulas for the Sun".
 */
export function sunTemeKm(at: Instant): Vector3 {
  const day = at.jd - 2451545 + at.fraction;
  const anomaly = (357.529 + 0.98560028 * day) * RAD_PER_DEG;
  const longitude =
    (280.459 + 0.98564736 * day + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) *
    RAD_PER_DEG;
  const obliquity = (23.439 - 3.6e-7 * day) * RAD_PER_DEG;
  const distanceKm =
    (1.00014 - 0.01671 * Math.cos(anomaly) - 0.00014 * Math.cos(2 * anomaly)) *
    ASTRONOMICAL_UNIT_KM;
  return [
    distanceKm * Math.cos(longitude),
    distanceKm * Math.cos(obliquity) * Math.sin(longitude),
    distanceKm * Math.sin(obliquity) * Math.sin(longitude),
  ];
}

/** The Sun from the centre of the Earth in the Earth-fixed frame, km. Compute it once per instant. */
export function sunEcefKm(
  at: Instant,
  earthOrientation: EarthOrientation = NO_EARTH_ORIENTATION,
): Vector3 {
  return temeToEcef(sunTemeKm(at), [0, 0, 0], at, earthOrientation).positionEcefKm;
}
