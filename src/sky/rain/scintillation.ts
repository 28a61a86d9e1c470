/** Height of the turbulent layer, m (P.618 §2.4.1, step 4). */
const TURBULENCE_HEIGHT_M = 1000;

/** What scintillation depends on, beside the share of time. */
export interface ScintillationPath {
  readonly frequencyGHz: number;
  /** 5° and more; below, P.618 has another method. */
  readonly elevationRad: number;
  readonly antennaDiameterM: number;
  /** 0 to 1; 0.5 where it is not known. */
  readonly antennaEfficiency: number;
  /** Wet term of the radio refractivity, median (P.453): about 20 (polar, winter) to 130 (tropics). */
  readonly wetRefractivity: number;
}

/**
 * Fade by tropospheric scintillation, dB, exceeded for `percentOfTime` of an average year: ITU-R
 * P.618-13 and -14 §2.4.1.
 *
 * @param percentOfTime 0.01 to 50 (the ITU's own validation rows go down to 0.001)
 */
export function scintillationFadeDb(path: ScintillationPath, percentOfTime: number): number {
  const { frequencyGHz, antennaDiameterM } = path;
  const sin = Math.sin(path.elevationRad);
  const referenceDb = 3.6e-3 + 1e-4 * path.wetRefractivity;
  const lengthM = (2 * TURBULENCE_HEIGHT_M) / (Math.sqrt(sin * sin + 2.35e-4) + sin);
  const x = (1.22 * path.antennaEfficiency * antennaDiameterM ** 2 * frequencyGHz) / lengthM;
  // A wide antenna averages the turbulence out: from x ≈ 7 on nothing is left.
  const averaging = Math.sqrt(
    Math.max(
      0,
      3.86 * (x * x + 1) ** (11 / 12) * Math.sin((11 / 6) * Math.atan2(1, x)) - 7.08 * x ** (5 / 6),
    ),
  );
  const sigmaDb = (referenceDb * frequencyGHz ** (7 / 12) * averaging) / sin ** 1.2;
  const logP = Math.log10(percentOfTime);
  return sigmaDb * (-0.061 * logP ** 3 + 0.072 * logP ** 2 - 1.71 * logP + 3);
}
