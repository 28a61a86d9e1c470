/** Of the improvement of linear over circular polarisation (P.618 §4.1, step 3). */
const TILT_FACTOR = 0.484;

/**
 * Cross-polar discrimination, dB, that is not exceeded for `percentOfTime` of the time, rain and ice:
 * ITU-R P.618-13 and -14 §4.1. For 6 to 55 GHz and elevations to 60°; the ITU's own validation rows
 * use it to 86°. The canting angle is given for 1, 0.1, 0.01 and 0.001 %; between, it goes by the logarithm.
 *
 * @param rainDb co-polar rain attenuation exceeded for the same share of the time, above 0
 */
export function crossPolarDiscriminationDb(
  path: {
    readonly frequencyGHz: number;
    readonly elevationRad: number;
    readonly polarisationTiltRad: number;
  },
  rainDb: number,
  percentOfTime: number,
): number {
  const { frequencyGHz: f } = path;
  const logP = Math.log10(percentOfTime);
  const byRain = rainFactor(f) * Math.log10(rainDb);
  const byTilt = -10 * Math.log10(1 - TILT_FACTOR * (1 + Math.cos(4 * path.polarisationTiltRad)));
  const byElevation = -40 * Math.log10(Math.cos(path.elevationRad));
  const cantingDeg = Math.min(15, Math.max(0, -5 * logP));
  const rainXpdDb =
    frequencyTermDb(f) - byRain + byTilt + byElevation + 0.0053 * cantingDeg * cantingDeg;
  return rainXpdDb * (1 - (0.3 + 0.1 * logP) / 2);
}

function frequencyTermDb(f: number): number {
  if (f < 9) return 60 * Math.log10(f) - 28.3;
  if (f < 36) return 26 * Math.log10(f) + 4.1;
  return 35.9 * Math.log10(f) - 11.3;
}

function rainFactor(f: number): number {
  if (f < 9) return 30.8 * f ** -0.21;
  if (f < 20) return 12.8 * f ** 0.19;
  if (f < 40) return 22.6;
  return 13 * f ** 0.15;
}
