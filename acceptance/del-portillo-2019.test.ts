/**
 * del Portillo, Cameron & Crawley, "A technical comparison of three low earth orbit satellite
 * constellation systems to provide global broadband" (Acta Astronautica 159, 2019): 23.7, 2.66 and
 * 1.56 Tb/s with ground stations chosen by a genetic algorithm. What passes are the brackets that
 * demand-limited runs gave for different populations (network.md N17), and the paper's order.
 */
import { test } from 'vitest';
import { delPortilloTotals } from '../src/runs/validation/delPortillo2019.ts';
import { expectFigures } from './expectFigures.ts';

test('totals of SpaceX, Telesat and OneWeb are in their brackets and in their order', async () => {
  await expectFigures(delPortilloTotals, [
    ['SpaceX, total', [19.6, 37.9]],
    ['Telesat, total', [2.05, 2.95]],
    ['OneWeb, total', [1.44, 2.54]],
    ['total, SpaceX over Telesat', [1, null]],
    ['total, Telesat over OneWeb', [1, null]],
    ['use of satellites, Telesat over SpaceX', [1, null]],
    ['use of satellites, SpaceX over OneWeb', [1, null]],
  ]);
});
