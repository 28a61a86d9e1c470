/**
 * Ground distance, km, beyond which lasers at `altitudeKm` beat a great-circle fibre: straight up, along
 * the arc of the orbit, straight down (Chaudhry & Yanikomeroglu 2021): 2h / (n − 1 − h/R).
 */
export function fibreCrossoverKm(
  altitudeKm: number,
  refractiveIndex: number,
  earthRadiusKm: number,
): number {
  return (2 * altitudeKm) / (refractiveIndex - 1 - altitudeKm / earthRadiusKm);
}
