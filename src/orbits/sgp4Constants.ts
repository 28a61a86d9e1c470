// WGS72 as SGP4 uses it (AIAA 2006-6753, Vallado et al., appendix "constants").

export const EARTH_RADIUS_WGS72_KM = 6378.135;
const MU_WGS72_KM3_S2 = 398600.8;
/** √μ in Earth radii^1.5 per minute. */
export const XKE = 60 / Math.sqrt(EARTH_RADIUS_WGS72_KM ** 3 / MU_WGS72_KM3_S2);
/** Earth radii per minute to km/s, times XKE. */
export const VELOCITY_KM_S = (EARTH_RADIUS_WGS72_KM * XKE) / 60;
export const J2_WGS72 = 0.001082616;
