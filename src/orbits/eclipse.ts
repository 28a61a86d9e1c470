import type { Vector3 } from './frames.ts';

/** Radius of the photosphere (IAU 2015 nominal) and equatorial radius of the Earth. */
const SUN_RADIUS_KM = 695700;
const EARTH_RADIUS_KM = 6378.137;

/**
 * The share of the Sun's disc that a satellite sees past the Earth: 1 in full sunlight, 0 in umbra,
 * between them in penumbra (area of the lens that two circles have in common). Spherical Earth, no
 * atmosphere. Both vectors from the centre of the Earth in the same frame, km.
 */
export function sunlitShare(satelliteKm: Vector3, sunKm: Vector3): number {
  const toSun: Vector3 = [
    sunKm[0] - satelliteKm[0],
    sunKm[1] - satelliteKm[1],
    sunKm[2] - satelliteKm[2],
  ];
  const sunDistanceKm = Math.hypot(...toSun);
  const earthDistanceKm = Math.hypot(...satelliteKm);
  const sunRad = Math.asin(SUN_RADIUS_KM / sunDistanceKm);
  const earthRad = Math.asin(Math.min(1, EARTH_RADIUS_KM / earthDistanceKm));
  const cosApart =
    -(satelliteKm[0] * toSun[0] + satelliteKm[1] * toSun[1] + satelliteKm[2] * toSun[2]) /
    (sunDistanceKm * earthDistanceKm);
  const apartRad = Math.acos(Math.max(-1, Math.min(1, cosApart)));
  if (apartRad >= sunRad + earthRad) return 1;
  if (apartRad <= earthRad - sunRad) return 0;
  // Never nearer than geostationary's Moon: the Earth is always the larger disc for a satellite of
  // the Earth, but an annular view is kept right for anything farther out.
  if (apartRad <= sunRad - earthRad) return 1 - (earthRad / sunRad) ** 2;
  return 1 - lensArea(sunRad, earthRad, apartRad) / (Math.PI * sunRad * sunRad);
}

/** Whether more than half of the Sun's disc is in view. */
export function isSunlit(satelliteKm: Vector3, sunKm: Vector3): boolean {
  return sunlitShare(satelliteKm, sunKm) > 0.5;
}

/** Angle of the Sun above the plane of an orbit, rad; the normal is position × velocity, any length. */
export function betaRad(orbitNormal: Vector3, sunKm: Vector3): number {
  const dot = orbitNormal[0] * sunKm[0] + orbitNormal[1] * sunKm[1] + orbitNormal[2] * sunKm[2];
  return Math.asin(dot / (Math.hypot(...orbitNormal) * Math.hypot(...sunKm)));
}

/**
 * The share of a circular orbit that lies in a cylindrical shadow, 0 when the orbit never enters it.
 * Source: acos(√(h² + 2Rh) / ((R + h) cos β)) / π.
 */
export function eclipseShareOfOrbit(altitudeKm: number, beta: number): number {
  const ratio =
    Math.sqrt(altitudeKm * altitudeKm + 2 * EARTH_RADIUS_KM * altitudeKm) /
    ((EARTH_RADIUS_KM + altitudeKm) * Math.cos(beta));
  return ratio >= 1 ? 0 : Math.acos(ratio) / Math.PI;
}

/** Area common to two discs of radii a and b whose centres are c apart. */
function lensArea(a: number, b: number, c: number): number {
  const x = (c * c + a * a - b * b) / (2 * c);
  const y = Math.sqrt(Math.max(0, a * a - x * x));
  return a * a * Math.acos(x / a) + b * b * Math.acos((c - x) / b) - c * y;
}
