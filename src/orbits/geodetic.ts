/** WGS84 ellipsoid. */
export const WGS84_RADIUS_KM = 6378.137;
const WGS84_FLATTENING = 1 / 298.257223563;

const POLAR_RADIUS_KM = WGS84_RADIUS_KM * (1 - WGS84_FLATTENING);
const E2 = WGS84_FLATTENING * (2 - WGS84_FLATTENING);
const SECOND_E2 = E2 / (1 - E2);

export interface Geodetic {
  /** North positive, −π/2 to π/2. */
  readonly latRad: number;
  /** East positive, −π to π. */
  readonly lonRad: number;
  /** Above the WGS84 ellipsoid. */
  readonly heightKm: number;
}

export interface EcefKm {
  readonly xKm: number;
  readonly yKm: number;
  readonly zKm: number;
}

/**
 * Geodetic coordinates of an Earth-fixed position (km). Bowring's method with two steps: below
 * 1e-11 rad from the ground to geostationary height, and right at the poles and the date line.
 */
export function ecefToGeodetic(xKm: number, yKm: number, zKm: number): Geodetic {
  const axisKm = Math.hypot(xKm, yKm);
  let reduced = Math.atan2(zKm * WGS84_RADIUS_KM, axisKm * POLAR_RADIUS_KM);
  let lat = 0;
  for (let step = 0; step < 2; step++) {
    const s = Math.sin(reduced);
    const c = Math.cos(reduced);
    lat = Math.atan2(
      zKm + SECOND_E2 * POLAR_RADIUS_KM * s * s * s,
      axisKm - E2 * WGS84_RADIUS_KM * c * c * c,
    );
    reduced = Math.atan2((1 - WGS84_FLATTENING) * Math.sin(lat), Math.cos(lat));
  }
  const sinLat = Math.sin(lat);
  const heightKm =
    axisKm * Math.cos(lat) + zKm * sinLat - WGS84_RADIUS_KM * Math.sqrt(1 - E2 * sinLat * sinLat);
  return { latRad: lat, lonRad: Math.atan2(yKm, xKm), heightKm };
}

/** Earth-fixed position (km) of a place on or above the WGS84 ellipsoid. */
export function geodeticToEcefKm(latRad: number, lonRad: number, heightKm: number): EcefKm {
  const sinLat = Math.sin(latRad);
  const normalKm = WGS84_RADIUS_KM / Math.sqrt(1 - E2 * sinLat * sinLat);
  const axisKm = (normalKm + heightKm) * Math.cos(latRad);
  return {
    xKm: axisKm * Math.cos(lonRad),
    yKm: axisKm * Math.sin(lonRad),
    zKm: (normalKm * (1 - E2) + heightKm) * sinLat,
  };
}
