/** Effective radius of the Earth for refracted paths, km (P.618 §2.2.1.1, equation 2). */
const EFFECTIVE_EARTH_RADIUS_KM = 8500;

/** Below this elevation the Earth's curvature shortens the path (P.618 §2.2.1.1, step 2). */
const LOW_ELEVATION_RAD = (5 * Math.PI) / 180;

/**
 * Mean height of rain above sea level, km, from that of the 0 °C isotherm (ITU-R P.839-4 §2).
 * The isotherm's map is an input: it is no part of this module.
 */
export function rainHeightKm(zeroDegreeIsothermKm: number): number {
  return zeroDegreeIsothermKm + 0.36;
}

/**
 * Length, km, of the part of a slant path that lies in rain: from the station up to the rain height
 * (P.618-13 and -14 §2.2.1.1, step 2). 0 where the station is above the rain.
 */
export function slantPathInRainKm(
  stationHeightKm: number,
  rainHeight: number,
  elevationRad: number,
): number {
  const depthKm = rainHeight - stationHeightKm;
  if (depthKm <= 0) return 0;
  const sin = Math.sin(elevationRad);
  if (elevationRad >= LOW_ELEVATION_RAD) return depthKm / sin;
  const bent = Math.sqrt(sin * sin + (2 * depthKm) / EFFECTIVE_EARTH_RADIUS_KM);
  return (2 * depthKm) / (bent + sin);
}
