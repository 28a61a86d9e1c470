/** Equatorial radius (WGS84, km), μ (km³/s²) and J₂ of orbits.md §6. */
const EARTH_RADIUS_KM = 6378.137;
const MU_KM3_S2 = 398600.4418;
const J2 = 1.08262668e-3;
const DEG = Math.PI / 180;
const DEG_PER_DAY = 86400 / DEG;

/** Secular rates of node, perigee and mean anomaly, degrees per day. */
export interface SecularRates {
  readonly raanDegPerDay: number;
  readonly argPerigeeDegPerDay: number;
  readonly meanAnomalyDegPerDay: number;
}

/**
 * First-order secular rates by J₂ (Vallado, Fundamentals of Astrodynamics, §9.6):
 * Ω̇ = −1.5 k cos i, ω̇ = 0.75 k (5 cos² i − 1), Ṁ = n + 0.75 k √(1−e²)(3 cos² i − 1), k = n J₂ (R/p)².
 */
export function j2Rates(
  semiMajorAxisKm: number,
  eccentricity: number,
  inclinationDeg: number,
): SecularRates {
  const n = Math.sqrt(MU_KM3_S2 / semiMajorAxisKm ** 3);
  const p = semiMajorAxisKm * (1 - eccentricity * eccentricity);
  const k = n * J2 * (EARTH_RADIUS_KM / p) ** 2;
  const c = Math.cos(inclinationDeg * DEG);
  return {
    raanDegPerDay: -1.5 * k * c * DEG_PER_DAY,
    argPerigeeDegPerDay: 0.75 * k * (5 * c * c - 1) * DEG_PER_DAY,
    meanAnomalyDegPerDay:
      (n + 0.75 * k * Math.sqrt(1 - eccentricity * eccentricity) * (3 * c * c - 1)) * DEG_PER_DAY,
  };
}

/** Semi-major axis, km, of a mean motion in rev/day; two-body, no un-Kozai: right to a kilometre. */
export function semiMajorAxisKmOf(meanMotionRevPerDay: number): number {
  const n = (meanMotionRevPerDay * 2 * Math.PI) / 86400;
  return Math.cbrt(MU_KM3_S2 / (n * n));
}

/** Altitude over the equatorial radius, km, of a mean motion in rev/day. */
export function altitudeKmOf(meanMotionRevPerDay: number): number {
  return semiMajorAxisKmOf(meanMotionRevPerDay) - EARTH_RADIUS_KM;
}
