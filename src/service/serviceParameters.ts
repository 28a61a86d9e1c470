const DEG = Math.PI / 180;
/** People of the Earth, 2023 (Kontur). */
const PEOPLE = 8.03e9;

/**
 * Everything about the service that is assumed or chosen. One home for each value; a run's manifest
 * repeats all of them. Sources: network.md §1–4, §8. Marks: P published, A assumed.
 */
export interface ServiceParameters {
  /** Lowest elevation of a user link, rad. P: 25° (40° until 2019/20). */
  readonly userMaskRad: number;
  /** Lowest elevation of a gateway link, rad. P: 25°. */
  readonly gatewayMaskRad: number;
  /** The same for gateways poleward of `polarGatewayLatRad`. P: 5°; A: the latitude. */
  readonly polarGatewayMaskRad: number;
  readonly polarGatewayLatRad: number;
  /** Rain and clouds on every user link beyond the clear sky, dB; 0 unless asked for. */
  readonly rainFadeDb: number;
  /** Smallest angle to the geostationary arc, rad; depends on operator and date. A. See {@link gsoAngleRadOf}. */
  readonly gsoAngleRad: number;
  /** Cells that one beam may share in time. P: 10 or more where demand is low. */
  readonly cellsPerBeam: number;
  /** Most beams on one cell. P: 8. */
  readonly maxBeamsPerCell: number;
  /** Antennas of a gateway, each for one satellite. A: 8. */
  readonly gatewayAntennas: number;
  /** What one of them carries, Mbps. A: the Ka-band feeder of a v1.5. */
  readonly gatewayAntennaMbps: number;
  /** Subscribers per person. A: 6 M subscribers (July 2025) over 8.03 billion people. */
  readonly subscribersPerPerson: number;
  /** Busy-hour mean per subscriber, Mbps. A: 2–3. */
  readonly busyHourMbps: number;
  /** Selection utility: weight of elevation, 1/rad, fitted to the published marginals (docs/scheduler.md). */
  readonly elevationWeight: number;
  /**
   * Selection utility at 45° of latitude: added for a satellite on the poleward side; scales with
   * sin(latitude). What the arc does not explain, fitted with it applied (dishes are tilted poleward).
   */
  readonly polewardWeight: number;
}

export const DEFAULT_SERVICE_PARAMETERS: ServiceParameters = {
  userMaskRad: 25 * DEG,
  gatewayMaskRad: 25 * DEG,
  polarGatewayMaskRad: 5 * DEG,
  polarGatewayLatRad: 62 * DEG,
  rainFadeDb: 0,
  gsoAngleRad: 4 * DEG,
  cellsPerBeam: 10,
  maxBeamsPerCell: 8,
  gatewayAntennas: 8,
  gatewayAntennaMbps: 20_000,
  subscribersPerPerson: 6e6 / PEOPLE,
  busyHourMbps: 2.5,
  elevationWeight: 4.1,
  polewardWeight: 0.9,
};

/** Starlink's subscribers in the world (network.md §8: the operator's own announcements). */
const SUBSCRIBERS: readonly (readonly [year: number, count: number])[] = [
  [2021.5, 0.1e6],
  [2022.96, 1e6],
  [2024.04, 2.3e6],
  [2024.73, 4e6],
  [2025.54, 6e6],
];

/**
 * Subscribers per person of the Earth in a year: in proportion to the time between two announcements,
 * the first and the last before and after them. Spread evenly over people, which no operator's are [A].
 *
 * @param year decimal year
 */
export function subscribersPerPersonOf(year: number): number {
  const next = SUBSCRIBERS.findIndex(([when]) => when >= year);
  if (next === 0) return SUBSCRIBERS[0][1] / PEOPLE;
  if (next < 0) return SUBSCRIBERS[SUBSCRIBERS.length - 1][1] / PEOPLE;
  const [[from, least], [to, most]] = [SUBSCRIBERS[next - 1], SUBSCRIBERS[next]];
  return (least + ((year - from) / (to - from)) * (most - least)) / PEOPLE;
}

/**
 * Lowest elevation of a user link by operator and date, rad. P (network.md §1): Starlink 25°, 40° until
 * 2019/20; Kuiper 35°, OneWeb 55°. Others are taken as Starlink [A].
 *
 * @param year decimal year
 */
export function userMaskRadOf(operator: string, year: number): number {
  if (operator === 'oneweb') return 55 * DEG;
  if (operator === 'kuiper') return 35 * DEG;
  return operator === 'starlink' && year < 2020 ? 40 * DEG : 25 * DEG;
}

/**
 * Exclusion angle by operator and date, rad (network.md §2: 22° in the 2016 filing, 18° quoted for
 * 550 km, 4–10° in Gen2 practice; OneWeb up to ~17° near the equator). Every value is [A].
 *
 * @param year decimal year
 */
export function gsoAngleRadOf(operator: string, year: number): number {
  if (operator === 'oneweb') return 12 * DEG;
  if (operator !== 'starlink') return 18 * DEG;
  if (year < 2020) return 22 * DEG;
  if (year < 2024) return 18 * DEG;
  return year < 2026 ? 10 * DEG : 4 * DEG;
}
