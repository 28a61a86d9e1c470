/**
 * Bhattacherjee & Singla, "Network topology design at 27,000 km/hour" (CoNEXT 2019): over 40×40
 * satellites at 550 km and 53°, one at the equator reaches 190 others, and a motif (two neighbours of one
 * satellite, repeated for all) beats +grid by up to 54 % in the mean of stretch plus lasers a route, over
 * pairs of large cities. Neither their F nor their motifs are printed.
 */
import { expect, test } from 'vitest';
import {
  BEST_MOTIF,
  meanRoute,
  motifsGain,
  motifsReach,
} from '../src/runs/validation/motifs2019.ts';
import { expectFigures } from './expectFigures.ts';

test('N12: a satellite at the equator reaches 192 others for F = 1, 193 for 20, 201 for 0', async () => {
  await expectFigures(motifsReach, [
    ['F = 1', 192, 0],
    ['F = 20', 193, 0],
    ['F = 0', 201, 0],
  ]);
});

test('motifs: stretch and lasers of the best one are between 40 and 54 % better than +grid, at any instant', async () => {
  await expectFigures(motifsGain, [
    ['at 0 s', [40, 54]],
    ['at 1000 s', [40, 54]],
    ['at 2500 s', [40, 54]],
  ]);
});

test('the best motif gains by fewer, longer links, and pays in length', () => {
  const grid = meanRoute('plus-grid', 0);
  const motif = meanRoute(BEST_MOTIF, 0);
  expect(motif.linkCount).toBe(grid.linkCount);
  expect(motif.lasers).toBeLessThan(grid.lasers / 2);
  expect(motif.stretch).toBeGreaterThan(grid.stretch);
});
