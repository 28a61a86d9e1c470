import { fibreDelayMs, PROPAGATION_ONLY } from '../../network/index.ts';
import { greatCircleKm } from '../../sky/index.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

const DEG = Math.PI / 180;

export const londonNewYorkFibre: PublishedResult = {
  id: 'N6',
  title: 'London–New York by fibre along the great circle',
  source: 'Handley, "Delay is not an option", HotNets 2018',
  conditions:
    'great circle of 5,570 km, refractive index 1.47, both ways. The paper: 55 ms, and 76 ms by the Internet',
  rows: async () => [
    compare(
      { what: 'great circle', unit: 'km', published: 5570, tolerance: 5 },
      greatCircleKm(51.5074 * DEG, -0.1278 * DEG, 40.7128 * DEG, -74.006 * DEG),
    ),
    compare(
      { what: 'round trip', unit: 'ms', published: 55, reference: 54.6, tolerance: 0.1 },
      2 * fibreDelayMs(5570, { ...PROPAGATION_ONLY, fibreRefractiveIndex: 1.47 }),
    ),
  ],
};
