import { footprintRadiusKm } from '../../sky/index.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

const DEG = Math.PI / 180;

const FOOTPRINTS = [
  { altitudeKm: 550, elevationDeg: 25, published: 940.7, reference: 940.7 },
  { altitudeKm: 550, elevationDeg: 40, published: 573.5, reference: 573.5 },
  { altitudeKm: 1150, elevationDeg: 40, published: 1060, reference: 1061.1 },
];

export const footprints: PublishedResult = {
  id: 'N4',
  title: 'Radius of a satellite’s footprint',
  source: 'FCC SAT-MOD-20200417-00037 (550 km); del Portillo et al. 2019 (1150 km)',
  conditions: 'sphere of 6378.137 km',
  rows: async () =>
    FOOTPRINTS.map(({ altitudeKm, elevationDeg, published, reference }) =>
      compare(
        {
          what: `${altitudeKm} km, above ${elevationDeg}°`,
          unit: 'km',
          published,
          reference,
          tolerance: 0.001 * reference,
        },
        footprintRadiusKm(altitudeKm, elevationDeg * DEG),
      ),
    ),
};
