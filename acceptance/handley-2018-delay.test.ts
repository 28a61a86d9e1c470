/**
 * Handley, "Delay is Not an Option: Low Latency Routing in Space" (HotNets 2018): what fibre along the
 * great circle takes, from which distance lasers are faster, and London–Johannesburg in about half of
 * the Internet's 182 ms by a fifth laser to the crossing mesh (network.md N6, N9, N10).
 */
import { test } from 'vitest';
import { handleyCrossover } from '../src/runs/validation/crossover.ts';
import { londonNewYorkFibre } from '../src/runs/validation/fibre.ts';
import { handleyLondonJohannesburg } from '../src/runs/validation/leoRoutes.ts';
import { expectFigures } from './expectFigures.ts';

test('N6: fibre along the great circle from London to New York takes 54.6 ms', async () => {
  await expectFigures(londonNewYorkFibre, [
    ['great circle', 5570, 5],
    ['round trip', 54.6, 0.1],
  ]);
});

test('N9: a fifth laser brings London–Johannesburg below 100 ms, and +grid alone does not', async () => {
  await expectFigures(handleyLondonJohannesburg, [
    ['median', [null, 100]],
    ['median without the fifth laser', [100, null]],
  ]);
});

test('N10: lasers beat fibre from 2,590 km at the earliest; the paper says about 3,000 km', async () => {
  await expectFigures(handleyCrossover, [
    ['lower bound', 2590, 5],
    ['lower bound against the published distance', [null, 3000]],
  ]);
});
