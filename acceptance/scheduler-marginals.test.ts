/**
 * Tanveer, Puchol, Singh, Bianchi, Nithyanand, LEO-NET 2023 (arXiv 2307.00402): what the scheduler
 * chose against what was available at four sites in western Europe and the United States in 2023.
 */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schedulerMarginals } from '../src/runs/validation/schedulerMarginals.ts';
import { sharedPath } from '../src/store/sharedData.ts';
import { expectFigures } from './expectFigures.ts';

test('the scheduler reproduces the published marginals of elevation and direction', async () => {
  expect(existsSync(sharedPath('data/orbits/starlink-2023-07-30.3le.gz'))).toBe(true);
  await expectFigures(schedulerMarginals, [
    ['satellites available in a slot', [35, 44]],
    ['available from 45° up', 30, 3],
    ['available in the north', 58, 3],
    ['median elevation, chosen less available', 22.9, 3],
    ['chosen from 45° up', 80, 7],
    ['chosen in the north', 82, 7],
  ]);
});
