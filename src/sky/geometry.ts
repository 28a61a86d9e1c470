/** Mean-sphere geometry of one link (network.md §1): R is the equatorial radius, km. */
export const EARTH_RADIUS_KM = 6378.137;
export const SPEED_OF_LIGHT_KM_S = 299792.458;

/** Earth central angle, rad, between a ground point and a satellite seen at `elevationRad`. */
export function centralAngleRad(altitudeKm: number, elevationRad: number): number {
  return (
    Math.acos((EARTH_RADIUS_KM * Math.cos(elevationRad)) / (EARTH_RADIUS_KM + altitudeKm)) -
    elevationRad
  );
}

/** Radius on the ground, km, within which a satellite is seen at `elevationRad` or higher. */
export function footprintRadiusKm(altitudeKm: number, elevationRad: number): number {
  return EARTH_RADIUS_KM * centralAngleRad(altitudeKm, elevationRad);
}

/** Distance, km, from the ground to a satellite seen at `elevationRad`. */
export function slantRangeKm(altitudeKm: number, elevationRad: number): number {
  const s = EARTH_RADIUS_KM * Math.sin(elevationRad);
  return -s + Math.sqrt(s * s + 2 * EARTH_RADIUS_KM * altitudeKm + altitudeKm * altitudeKm);
}

/** Angle at the satellite, rad, between nadir and the ground point. */
export function nadirAngleRad(altitudeKm: number, elevationRad: number): number {
  return Math.PI / 2 - elevationRad - centralAngleRad(altitudeKm, elevationRad);
}

/** Round trip of light over `pathKm` one way, ms. */
export function roundTripMs(pathKm: number): number {
  return (2000 * pathKm) / SPEED_OF_LIGHT_KM_S;
}

/**
 * Mean number of satellites of a circular shell in view above `elevationRad` from latitude `latRad`:
 * the average over the argument of latitude u of the visible share of longitudes (network.md §1).
 * Spherical Earth; exact for a dense, evenly phased shell.
 */
export function meanInViewOfShell(
  shell: { satelliteCount: number; altitudeKm: number; inclinationRad: number },
  latRad: number,
  elevationRad: number,
): number {
  const psi = centralAngleRad(shell.altitudeKm, elevationRad);
  const steps = 20_000;
  let share = 0;
  for (let k = 0; k < steps; k++) {
    const u = (2 * Math.PI * (k + 0.5)) / steps;
    const sinPhi = Math.sin(u) * Math.sin(shell.inclinationRad);
    const cosPhi = Math.sqrt(1 - sinPhi * sinPhi);
    const c = (Math.cos(psi) - Math.sin(latRad) * sinPhi) / (Math.cos(latRad) * cosPhi);
    share += Math.acos(Math.min(1, Math.max(-1, c))) / Math.PI;
  }
  return (shell.satelliteCount * share) / steps;
}

/** Mean radius of the Earth, km (IUGG). */
const MEAN_RADIUS_KM = 6371.0088;

/** Along the surface of a sphere of the mean radius, km; at most 0.56 % off the ellipsoid. */
export function greatCircleKm(
  latRad: number,
  lonRad: number,
  otherLatRad: number,
  otherLonRad: number,
): number {
  const sinLat = Math.sin((otherLatRad - latRad) / 2);
  const sinLon = Math.sin((otherLonRad - lonRad) / 2);
  const chord = sinLat * sinLat + Math.cos(latRad) * Math.cos(otherLatRad) * sinLon * sinLon;
  return 2 * MEAN_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}
