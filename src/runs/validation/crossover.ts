import { fibreCrossoverKm } from '../../network/index.ts';
import { EARTH_RADIUS_KM, footprintRadiusKm, slantRangeKm } from '../../sky/index.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

const DEG = Math.PI / 180;

/** Altitude and crossover distance, km. */
const CROSSOVERS = [
  [300, 1427],
  [550, 2886],
  [1100, 7462],
] as const;

/** Straight up and down: the legs are vertical. */
export const chaudhryCrossover: PublishedResult = {
  id: 'N11',
  title: 'Distance from which lasers beat fibre, vertical legs',
  source:
    'Chaudhry & Yanikomeroglu, "Optical wireless satellite networks versus optical fiber terrestrial networks" (2021)',
  conditions: '2h/(n − 1 − h/R) with n = 1.4675, R = 6371 km',
  rows: async () =>
    CROSSOVERS.map(([altitudeKm, published]) =>
      compare(
        { what: `from ${altitudeKm} km`, unit: 'km', published, tolerance: 1 },
        fibreCrossoverKm(altitudeKm, 1.4675, 6371),
      ),
    ),
};

/**
 * Handley's "beyond about 3,000 km" is with a real laser grid. Lasers straight above the great circle,
 * with legs at the mask, are the best case: no constellation at that altitude can beat fibre nearer.
 */
export const handleyCrossover: PublishedResult = {
  id: 'N10',
  title: 'Distance from which lasers beat fibre, at best',
  source: 'Handley, "Delay is not an option", HotNets 2018',
  conditions:
    '1150 km, legs at 40°, lasers along the arc between, n = 1.47: a lower bound. The paper: beyond about 3,000 km',
  rows: async () => {
    const ours = straightCrossoverKm(1150, 40 * DEG, 1.47);
    return [
      compare(
        { what: 'lower bound', unit: 'km', published: null, reference: 2590, tolerance: 5 },
        ours,
      ),
      compare(
        {
          what: 'lower bound against the published distance',
          unit: 'km',
          published: { atMost: 3000 },
          tolerance: 0,
        },
        ours,
      ),
    ];
  },
};

/** Two legs at the mask and an arc at altitude, against fibre over the same ground: 2s + (d − 2f)(1 + h/R) = n d. */
function straightCrossoverKm(
  altitudeKm: number,
  elevationRad: number,
  refractiveIndex: number,
): number {
  const stretch = 1 + altitudeKm / EARTH_RADIUS_KM;
  const legKm = slantRangeKm(altitudeKm, elevationRad);
  const underLegKm = footprintRadiusKm(altitudeKm, elevationRad);
  return (2 * (legKm - stretch * underLegKm)) / (refractiveIndex - stretch);
}
