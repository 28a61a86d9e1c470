import {
  type Air,
  REFERENCE_AIR,
  specificGasAttenuation,
  vapourPressureHpa,
} from './specificGasAttenuation.ts';

/** The air over a station, as P.676 Annex 2 wants it. */
export interface AirColumn {
  /** At the station. */
  readonly air: Air;
  /** Water vapour over the station, kg/m², or mm of precipitable water. */
  readonly vapourKgPerM2: number;
  /** Above mean sea level, 0 to 4. */
  readonly stationHeightKm: number;
}

/**
 * The mean annual global reference atmosphere (ITU-R P.835) at sea level: 7.5 g/m³ of vapour that
 * falls off with a scale height of 2 km make 15 kg/m².
 */
export const REFERENCE_COLUMN: AirColumn = {
  air: REFERENCE_AIR,
  vapourKgPerM2: 15,
  stationHeightKm: 0,
};

/** Amplitude and frequency, GHz, of the oxygen lines above 70 GHz (P.676-12 table 3). */
const OXYGEN_HEIGHT_LINES: readonly (readonly [amplitude: number, frequencyGHz: number])[] = [
  [0.1597, 118.750334],
  [0.1066, 368.498246],
  [0.1325, 424.76302],
  [0.1242, 487.249273],
  [0.0938, 715.392902],
  [0.1448, 773.83949],
  [0.1374, 834.145546],
];

/** Below this elevation the Earth's curvature shortens the path, and the cosecant is too much. */
const LOWEST_ELEVATION_RAD = (5 * Math.PI) / 180;

/**
 * Attenuation by oxygen and water vapour on the whole path from a station to a satellite, dB: ITU-R
 * P.676-12 Annex 2 §2.2, oxygen by its equivalent height, vapour by its column, over the sine of the
 * elevation. Meets all 64 validation rows of the ITU (14.25 and 29 GHz) to 1e-8. At 11.7 GHz
 * it is within 5 % of the reference atmosphere summed up layer by layer.
 *
 * @param frequencyGHz 1 to 350, but for 50 to 70
 * @param elevationRad 5° to 90°; below 5° the value at 5° is given
 *
 * @example
 * gasAttenuationDb(11.7, Math.PI / 2); // 0.06 dB at the zenith
 */
export function gasAttenuationDb(
  frequencyGHz: number,
  elevationRad: number,
  column: AirColumn = REFERENCE_COLUMN,
): number {
  const zenithDb =
    zenithOxygenAttenuationDb(frequencyGHz, column.air) +
    zenithVapourAttenuationDb(frequencyGHz, column);
  return zenithDb / Math.sin(Math.max(LOWEST_ELEVATION_RAD, elevationRad));
}

/** The dry part at the zenith, dB: specific attenuation at the station × equivalent height. */
export function zenithOxygenAttenuationDb(frequencyGHz: number, air: Air): number {
  return (
    specificGasAttenuation(frequencyGHz, air).oxygenDbPerKm * oxygenHeightKm(frequencyGHz, air)
  );
}

/**
 * The wet part at the zenith, dB, from the column of vapour: P.676-12 Annex 2 §2.3, equations 39 to 41.
 */
export function zenithVapourAttenuationDb(
  frequencyGHz: number,
  column: Pick<AirColumn, 'vapourKgPerM2' | 'stationHeightKm'>,
): number {
  const { vapourKgPerM2, stationHeightKm } = column;
  if (vapourKgPerM2 <= 0) return 0;
  const f = frequencyGHz;
  const density = vapourKgPerM2 / 2.38;
  const air: Air = {
    dryPressureHpa: 845,
    temperatureK: 273.15 + 14 * Math.log(0.22 * density) + 3,
    vapourDensityGPerM3: density,
  };
  const lowDb =
    (0.0176 * vapourKgPerM2 * specificGasAttenuation(f, air).vapourDbPerKm) /
    specificGasAttenuation(20.6, air).vapourDbPerKm;
  if (f < 20) return lowDb;
  const a =
    0.2048 * Math.exp(-(((f - 22.43) / 3.097) ** 2)) +
    0.2326 * Math.exp(-(((f - 183.5) / 4.096) ** 2)) +
    0.2073 * Math.exp(-(((f - 325) / 3.651) ** 2)) -
    0.1113;
  const b = 8.741e4 * Math.exp(-0.587 * f) + 312.2 * f ** -2.38 + 0.723;
  return lowDb * (a * Math.min(4, Math.max(0, stationHeightKm)) ** b + 1);
}

/** Equivalent height of oxygen, km (P.676-12 Annex 2, equations 30 to 34). */
function oxygenHeightKm(f: number, air: Air): number {
  const r = (air.dryPressureHpa + vapourPressureHpa(air)) / 1013.25;
  const at60GHz =
    (5.104 / (1 + 0.066 * r ** -2.3)) *
    Math.exp(-(((f - 59.7) / (2.87 + 12.4 * Math.exp(-7.9 * r))) ** 2));
  let atLines = 0;
  for (const [amplitude, line] of OXYGEN_HEIGHT_LINES) {
    atLines += (amplitude * Math.exp(2.12 * r)) / ((f - line) ** 2 + 0.025 * Math.exp(2.2 * r));
  }
  const between =
    ((0.0114 * f) / (1 + 0.14 * r ** -2.6)) *
    ((15.02 * f ** 2 - 1353 * f + 5.333e4) / (f ** 3 - 151.3 * f ** 2 + 9629 * f - 6803));
  const byTemperature = 0.7832 + 0.00709 * (air.temperatureK - 273.15);
  const heightKm =
    ((6.1 * byTemperature) / (1 + 0.17 * r ** -1.1)) * (1 + at60GHz + atLines + between);
  return f < 70 ? Math.min(heightKm, 10.7 * r ** 0.3) : heightKm;
}
