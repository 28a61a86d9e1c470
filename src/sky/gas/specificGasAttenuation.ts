import { OXYGEN_LINES } from './oxygenLines.ts';
import { WATER_VAPOUR_LINES } from './waterVapourLines.ts';

/** The air at one place. */
export interface Air {
  /** Pressure of the dry air, hPa; the total less {@link vapourPressureHpa}. */
  readonly dryPressureHpa: number;
  readonly temperatureK: number;
  readonly vapourDensityGPerM3: number;
}

/** Mean annual global reference air at sea level (ITU-R P.835): 1013.25 hPa, 15 °C, 7.5 g/m³. */
export const REFERENCE_AIR: Air = {
  dryPressureHpa: 1013.25,
  temperatureK: 288.15,
  vapourDensityGPerM3: 7.5,
};

/** What the gases take of a wave, dB/km. */
export interface SpecificGasAttenuation {
  /** Oxygen, and nitrogen by its pressure (the dry continuum). */
  readonly oxygenDbPerKm: number;
  readonly vapourDbPerKm: number;
}

/** Pressure of the water vapour, hPa (P.676-12 equation 4). */
export function vapourPressureHpa(air: Air): number {
  return (air.vapourDensityGPerM3 * air.temperatureK) / 216.7;
}

/**
 * Specific attenuation by atmospheric gases, line by line: ITU-R P.676-12 Annex 1, equations 1 to 9, which
 * P.676-13 keeps. Meets the ITU's validation rows of P.676-13 to 1e-9.
 *
 * @param frequencyGHz 1 to 1000
 *
 * @example
 * specificGasAttenuation(12, REFERENCE_AIR); // 0.0087 dB/km of oxygen, 0.0095 of water vapour
 */
export function specificGasAttenuation(frequencyGHz: number, air: Air): SpecificGasAttenuation {
  return {
    oxygenDbPerKm: 0.182 * frequencyGHz * oxygenRefractivity(frequencyGHz, air),
    vapourDbPerKm: 0.182 * frequencyGHz * vapourRefractivity(frequencyGHz, air),
  };
}

/** Imaginary part of the refractivity by oxygen and the dry continuum. */
function oxygenRefractivity(f: number, air: Air): number {
  const p = air.dryPressureHpa;
  const e = vapourPressureHpa(air);
  const theta = 300 / air.temperatureK;
  let sum = 0;
  for (const [line, a1, a2, a3, a4, a5, a6] of OXYGEN_LINES) {
    const strength = a1 * 1e-7 * p * theta ** 3 * Math.exp(a2 * (1 - theta));
    const pressureWidth = a3 * 1e-4 * (p * theta ** (0.8 - a4) + 1.1 * e * theta);
    // Zeeman splitting (equation 6b).
    const width = Math.sqrt(pressureWidth * pressureWidth + 2.25e-6);
    const interference = (a5 + a6 * theta) * 1e-4 * (p + e) * theta ** 0.8;
    sum += strength * lineShape(f, line, width, interference);
  }
  // The Debye spectrum of oxygen below 10 GHz and nitrogen above 100 GHz (equations 8 and 9).
  const debyeWidth = 5.6e-4 * (p + e) * theta ** 0.8;
  const debye = 6.14e-5 / (debyeWidth * (1 + (f / debyeWidth) ** 2));
  const nitrogen = (1.4e-12 * p * theta ** 1.5) / (1 + 1.9e-5 * f ** 1.5);
  return sum + f * p * theta * theta * (debye + nitrogen);
}

/** The same by water vapour. */
function vapourRefractivity(f: number, air: Air): number {
  const p = air.dryPressureHpa;
  const e = vapourPressureHpa(air);
  const theta = 300 / air.temperatureK;
  let sum = 0;
  for (const [line, b1, b2, b3, b4, b5, b6] of WATER_VAPOUR_LINES) {
    const strength = b1 * 1e-1 * e * theta ** 3.5 * Math.exp(b2 * (1 - theta));
    const pressureWidth = b3 * 1e-4 * (p * theta ** b4 + b5 * e * theta ** b6);
    // Doppler broadening (equation 6b).
    const width =
      0.535 * pressureWidth +
      Math.sqrt(0.217 * pressureWidth * pressureWidth + (2.1316e-12 * line * line) / theta);
    sum += strength * lineShape(f, line, width, 0);
  }
  return sum;
}

/** Equation 5. */
function lineShape(f: number, line: number, width: number, interference: number): number {
  const below = line - f;
  const above = line + f;
  return (
    (f / line) *
    ((width - interference * below) / (below * below + width * width) +
      (width - interference * above) / (above * above + width * width))
  );
}
