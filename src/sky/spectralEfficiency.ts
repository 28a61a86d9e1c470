/**
 * Signal over noise of a user's downlink in clear sky with the satellite at the boresight, as a ratio. A: 18 dB, at
 * which the formula below gives the 4.5 b/s/Hz that capacity papers take (network.md §3).
 */
const BORESIGHT_SNR = 10 ** 1.8;
/** A: gain of a phased array falls with the cosine of the scan angle to this power (network.md §1: 1.2…1.3). */
const SCAN_EXPONENT = 1.2;
/** A: gases at 12 GHz towards the zenith, dB: the level of ITU-R P.676 for a mean atmosphere at sea level. */
const ZENITH_GAS_DB = 0.06;
/** P: 64QAM 8/9 in DVB-S2X, b/s/Hz. */
const MOST_EFFICIENT = 5.1;
/** A: what a modem makes of Shannon's bound. */
const SHANNON_SHARE = 0.75;

/**
 * Bits per second and hertz of a user's downlink: min(5.1, 0.75 log₂(1 + SNR)).
 *
 * The satellite holds the power flux at the ground constant, so range does not matter; what elevation
 * changes is the scan angle of a terminal that looks at the zenith, and the way through the air.
 *
 * @param sinElevation sine of the elevation, 0…1
 * @param fadeDb rain and clouds beyond the clear sky, dB (`rainAttenuationDb`)
 */
export function spectralEfficiency(sinElevation: number, fadeDb = 0): number {
  if (!(sinElevation > 0)) return 0;
  const airDb = ZENITH_GAS_DB / sinElevation + fadeDb;
  const snr = BORESIGHT_SNR * sinElevation ** SCAN_EXPONENT * 10 ** (-airDb / 10);
  return Math.min(MOST_EFFICIENT, SHANNON_SHARE * Math.log2(1 + snr));
}

/** Sine of the elevation at which a satellite stands, from the triangle with the Earth's centre. */
export function sinElevationOf(
  slantKm: number,
  satelliteRadiusKm: number,
  siteRadiusKm: number,
): number {
  return (satelliteRadiusKm ** 2 - siteRadiusKm ** 2 - slantKm ** 2) / (2 * slantKm * siteRadiusKm);
}
