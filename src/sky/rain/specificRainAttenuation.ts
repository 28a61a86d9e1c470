/**
 * Specific attenuation of rain, Recommendation ITU-R P.838-3 (2005), 1 to 1000 GHz.
 *
 * log₁₀ k = Σⱼ aⱼ exp(−((log₁₀ f − bⱼ)/cⱼ)²) + m log₁₀ f + c, and α is the same sum without the
 * logarithm (equations 2 and 3, tables 1 to 4).
 */
interface Curve {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly c: readonly number[];
  readonly slope: number;
  readonly offset: number;
}

/** Table 1: k, horizontal. */
const K_HORIZONTAL: Curve = {
  a: [-5.3398, -0.35351, -0.23789, -0.94158],
  b: [-0.10008, 1.2697, 0.86036, 0.64552],
  c: [1.13098, 0.454, 0.15354, 0.16817],
  slope: -0.18961,
  offset: 0.71147,
};

/** Table 2: k, vertical. */
const K_VERTICAL: Curve = {
  a: [-3.80595, -3.44965, -0.39902, 0.50167],
  b: [0.56934, -0.22911, 0.73042, 1.07319],
  c: [0.81061, 0.51059, 0.11899, 0.27195],
  slope: -0.16398,
  offset: 0.63297,
};

/** Table 3: α, horizontal. */
const ALPHA_HORIZONTAL: Curve = {
  a: [-0.14318, 0.29591, 0.32177, -5.3761, 16.1721],
  b: [1.82442, 0.77564, 0.63773, -0.9623, -3.2998],
  c: [-0.55187, 0.19822, 0.13164, 1.47828, 3.4399],
  slope: 0.67849,
  offset: -1.95537,
};

/** Table 4: α, vertical. */
const ALPHA_VERTICAL: Curve = {
  a: [-0.07771, 0.56727, -0.20238, -48.2991, 48.5833],
  b: [2.3384, 0.95545, 1.1452, 0.791669, 0.791459],
  c: [-0.76284, 0.54039, 0.26809, 0.116226, 0.116479],
  slope: -0.053739,
  offset: 0.83433,
};

/** k and α of the power law γ = k R^α, R in mm/h and γ in dB/km. */
export interface RainCoefficients {
  readonly k: number;
  readonly alpha: number;
}

/** k and α of both linear polarisations at one frequency, on a horizontal path. */
export function linearRainCoefficients(frequencyGHz: number): {
  readonly horizontal: RainCoefficients;
  readonly vertical: RainCoefficients;
} {
  const logF = Math.log10(frequencyGHz);
  return {
    horizontal: {
      k: 10 ** curveAt(K_HORIZONTAL, logF),
      alpha: curveAt(ALPHA_HORIZONTAL, logF),
    },
    vertical: { k: 10 ** curveAt(K_VERTICAL, logF), alpha: curveAt(ALPHA_VERTICAL, logF) },
  };
}

/**
 * k and α for a slant path and any linear or circular polarisation (P.838-3 equations 4 and 5).
 *
 * @param frequencyGHz 1 to 1000
 * @param elevationRad elevation of the path
 * @param polarisationTiltRad tilt from the horizontal: 0 horizontal, π/2 vertical, π/4 circular
 *
 * @example
 * const { k, alpha } = rainCoefficients(12, 0.6, Math.PI / 4);
 * const lossDbPerKm = k * 25 ** alpha; // in rain of 25 mm/h
 */
export function rainCoefficients(
  frequencyGHz: number,
  elevationRad: number,
  polarisationTiltRad: number,
): RainCoefficients {
  const { horizontal: h, vertical: v } = linearRainCoefficients(frequencyGHz);
  const mix = Math.cos(elevationRad) ** 2 * Math.cos(2 * polarisationTiltRad);
  const k = (h.k + v.k + (h.k - v.k) * mix) / 2;
  const kAlphaH = h.k * h.alpha;
  const kAlphaV = v.k * v.alpha;
  return { k, alpha: (kAlphaH + kAlphaV + (kAlphaH - kAlphaV) * mix) / (2 * k) };
}

function curveAt(curve: Curve, logF: number): number {
  let sum = curve.slope * logF + curve.offset;
  for (let j = 0; j < curve.a.length; j++) {
    sum += curve.a[j] * Math.exp(-(((logF - curve.b[j]) / curve.c[j]) ** 2));
  }
  return sum;
}
