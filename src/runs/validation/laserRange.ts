import { LASER_TANGENT_HEIGHT_KM, laserRangeKm } from '../../network/index.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

/** Altitude and longest laser, km; the published figures are for 550 km. */
const RANGES = [
  [480, 4615.8],
  [540, 4961.1],
  [550, 5016.6],
  [570, 5126],
  [630, 5443],
  [1150, 7737],
] as const;

export const laserRange: PublishedResult = {
  id: 'N3',
  title: 'Longest laser whose beam stays 80 km above the Earth',
  source: 'Bhattacherjee & Singla, CoNEXT 2019 (5,014 km); Hypatia, IMC 2020 (5,016 km)',
  conditions: 'two satellites at one altitude over a sphere of 6378.137 km',
  rows: async () =>
    RANGES.map(([altitudeKm, reference]) =>
      compare(
        {
          what: `at ${altitudeKm} km`,
          unit: 'km',
          published: altitudeKm === 550 ? 5016 : null,
          reference,
          tolerance: 0.05,
        },
        laserRangeKm(altitudeKm, LASER_TANGENT_HEIGHT_KM),
      ),
    ),
};
