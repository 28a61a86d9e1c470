const DEG = Math.PI / 180;

/**
 * Mean height of rain above sea level, km, from the latitude alone: Recommendation ITU-R P.839-2. For where
 * the map of the 0 °C isotherm (P.839-4, `rainHeightKm`) is not at hand. Up to 0.6 km too high in the
 * places of the ITU's validation rows, so attenuation comes out on the safe side there.
 */
export function rainHeightByLatitudeKm(latRad: number): number {
  const latDeg = latRad / DEG;
  if (latDeg > 23) return 5 - 0.075 * (latDeg - 23);
  if (latDeg >= -21) return 5;
  return Math.max(0, 5 + 0.1 * (latDeg + 21));
}
