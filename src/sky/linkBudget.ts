import { gasAttenuationDb } from './gas/index.ts';
import { SPEED_OF_LIGHT_KM_S } from './geometry.ts';

/** −10 log₁₀ of Boltzmann's constant, dB(Hz·K/W): 228.6 (exact by the SI of 2019: 1.380649e−23 J/K). */
const BOLTZMANN_DB = -10 * Math.log10(1.380649e-23);
const DB_HZ_PER_MHZ = 60;

/** A downlink to a flat phased array, given by the flux that reaches the ground. */
export interface UserDownlink {
  readonly frequencyGHz: number;
  /**
   * Power flux density at the ground in a clear sky before the gases take their part, dB(W/m²/MHz). The
   * satellite holds it: with the range its EIRP rises (network.md §3, P).
   */
  readonly fluxDbWPerM2PerMHz: number;
  /** Gain over noise temperature of the terminal along its boresight, dB/K. */
  readonly gOverTDbPerK: number;
  /** The gain falls as cosine of the scan angle to this power. */
  readonly scanExponent: number;
  /** Share of Shannon's limit that the waveform reaches. */
  readonly shannonShare: number;
  /** Of the densest modulation, b/s/Hz. */
  readonly highestEfficiency: number;
}

/**
 * Starlink's Ku downlink to a terminal of the first generation.
 *
 * - frequency: middle of the eight channels, 10.825 to 12.575 GHz. P (network.md §3).
 * - flux: 36.7 dBW in 250 MHz over 1,684 km, SpaceX's filing of 2016 as budgeted by del Portillo, Cameron
 *   and Crawley (2018), P (read from the copy in ns-3-leo); that the satellites of today keep it, A. It is −146.8 dB(W/m²/4 kHz), and the
 *   limit above 25° is −140 (10.7–11.7 GHz) or −138 (ITU Radio Regulations, table 21-4).
 * - G/T: about 9 dB/K (33.2 dBi at 11.83 GHz), A (network.md §3).
 * - scan exponent: 1.2 to 1.3, A (network.md §1). The array lies flat: angle from the zenith, A.
 * - efficiency: 0.75 of Shannon, at most 5.1 b/s/Hz (64-QAM 8/9), A (network.md §3).
 */
export const KU_USER_DOWNLINK: UserDownlink = {
  frequencyGHz: 11.7,
  fluxDbWPerM2PerMHz: 36.7 - 10 * Math.log10(250) - 10 * Math.log10(4 * Math.PI * 1_684_000 ** 2),
  gOverTDbPerK: 9,
  scanExponent: 1.2,
  shannonShare: 0.75,
  highestEfficiency: 5.1,
};

/** What lies on the path beside free space and gases. */
export interface PathLosses {
  /** Rain, cloud, scintillation together, dB; see `rainAttenuationDb`, `totalAttenuationDb`. */
  readonly attenuationDb: number;
}

export const CLEAR_SKY: PathLosses = { attenuationDb: 0 };

/** Free-space loss 20 log₁₀(4πdf/c), dB. */
export function freeSpaceLossDb(distanceKm: number, frequencyGHz: number): number {
  return 20 * Math.log10((4 * Math.PI * distanceKm * frequencyGHz * 1e9) / SPEED_OF_LIGHT_KM_S);
}

/** EIRP density that makes a flux at a distance, dB(W/MHz): the flux over the sphere 4πd². */
export function eirpForFlux(fluxDbWPerM2PerMHz: number, distanceKm: number): number {
  return fluxDbWPerM2PerMHz + 10 * Math.log10(4 * Math.PI * (distanceKm * 1000) ** 2);
}

/**
 * Carrier to noise in the signal's own bandwidth, dB: EIRP − free-space loss − losses + G/T + 228.6, all
 * per Hz (network.md §3).
 *
 * @example
 * carrierToNoiseDb({ eirpDbWPerMHz: 12.7, distanceKm: 1684, frequencyGHz: 13.5, gOverTDbPerK: 12.1, lossDb: 0.5 }); // 13.3
 */
export function carrierToNoiseDb(link: {
  readonly eirpDbWPerMHz: number;
  readonly distanceKm: number;
  readonly frequencyGHz: number;
  readonly gOverTDbPerK: number;
  /** Everything between the two antennas beside free space. */
  readonly lossDb: number;
}): number {
  return (
    link.eirpDbWPerMHz -
    DB_HZ_PER_MHZ -
    freeSpaceLossDb(link.distanceKm, link.frequencyGHz) -
    link.lossDb +
    link.gOverTDbPerK +
    BOLTZMANN_DB
  );
}

/** Gain that a flat array facing the zenith loses at an elevation, dB: −10 n log₁₀(sin ε). */
export function scanLossDb(elevationRad: number, scanExponent: number): number {
  return -10 * scanExponent * Math.log10(Math.sin(elevationRad));
}

/**
 * Carrier to noise of a user downlink, dB. The range has no part in it, because the flux is held: what
 * is left of the elevation is the scan of the terminal's array and the gases of the reference atmosphere.
 *
 * @param elevationRad above 0, to π/2
 */
export function userCarrierToNoiseDb(
  elevationRad: number,
  losses: PathLosses = CLEAR_SKY,
  link: UserDownlink = KU_USER_DOWNLINK,
): number {
  // Any distance will do.
  const distanceKm = 1000;
  return carrierToNoiseDb({
    eirpDbWPerMHz: eirpForFlux(link.fluxDbWPerM2PerMHz, distanceKm),
    distanceKm,
    frequencyGHz: link.frequencyGHz,
    gOverTDbPerK: link.gOverTDbPerK,
    lossDb:
      scanLossDb(elevationRad, link.scanExponent) +
      gasAttenuationDb(link.frequencyGHz, elevationRad) +
      losses.attenuationDb,
  });
}

/** b/s/Hz at a carrier to noise: min(SE_max, 0.75 log₂(1 + SNR)) (network.md §3, A). */
export function efficiencyAt(
  signalToNoiseDb: number,
  link: Pick<UserDownlink, 'shannonShare' | 'highestEfficiency'> = KU_USER_DOWNLINK,
): number {
  return Math.min(
    link.highestEfficiency,
    link.shannonShare * Math.log2(1 + 10 ** (signalToNoiseDb / 10)),
  );
}

/**
 * Spectral efficiency of a budgeted downlink to a terminal that sees its satellite at an elevation,
 * b/s/Hz. The service takes `spectralEfficiency` instead, the same law with the noise assumed; docs/links.md
 * sets the two side by side.
 *
 * @param elevationRad above 0, to π/2
 *
 * @example
 * budgetedEfficiency(Math.PI / 2); // 3.0, clear sky at the zenith
 * budgetedEfficiency(Math.PI / 4, { attenuationDb: 3 }); // 2.0, in rain
 */
export function budgetedEfficiency(
  elevationRad: number,
  losses: PathLosses = CLEAR_SKY,
  link: UserDownlink = KU_USER_DOWNLINK,
): number {
  return efficiencyAt(userCarrierToNoiseDb(elevationRad, losses, link), link);
}
