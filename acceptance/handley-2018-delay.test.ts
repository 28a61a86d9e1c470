/**
 * Handley, "Delay is Not an Option: Low Latency Routing in Space" (HotNets 2018): what fibre along the
 * great circle takes, and from which distance lasers are faster (network.md N6, N10). Its routes are in
 * leo-routes.test.ts.
 */
import { test } from 'vitest';
import { handleyCrossover } from '../src/runs/validation/crossover.ts';
import { londonNewYorkFibre } from '../src/runs/validation/fibre.ts';
import { expectFigures } from './expectFigures.ts';

test('N6: fibre along the great circle from London to New York takes 54.6 ms', async () => {
  await expectFigures(londonNewYorkFibre, [
    ['great circle', 5570, 5],
    ['round trip', 54.6, 0.1],
  ]);
});

test('N10: lasers beat fibre from 2,590 km at the earliest; the paper says about 3,000 km', async () => {
  await expectFigures(handleyCrossover, [
    ['lower bound', 2590, 5],
    ['lower bound against the published distance', [null, 3000]],
  ]);
});
