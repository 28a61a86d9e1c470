/**
 * Kassing et al., "Exploring the 'Internet from Space' with Hypatia" (IMC 2020): round trips and path
 * changes over 200 s, in steps of 100 ms, through the `hypatia` conventions (orbits, +grid, ground
 * ellipsoid, range limits). Expected values: recomputed from Hypatia's own definitions by another
 * program, equal to its printout within 1e-9 ms (peers.md); figure 3 of the paper gives 25–48 ms for
 * Manila–Dalian and 47–70 ms for Istanbul–Nairobi.
 */
import { test } from 'vitest';
import {
  hypatiaIstanbulNairobi,
  hypatiaManilaDalian,
  hypatiaRows,
} from '../src/runs/validation/hypatia2020.ts';
import { type ExpectedFigure, expectFigures } from './expectFigures.ts';

const TABLE = [
  ['K1 Manila–Dalian', 29.4231, 25.2298, 48.1651, 40.144, 5],
  ['K1 Istanbul–Nairobi', 63.2464, 46.9114, 69.6742, 60.042, 8],
  ['K1 Paris–Moscow', 21.8989, 21.717, 24.6277, 22.386, 8],
  ['K1 Chicago–Zhengzhou', 94.7709, 92.1964, 96.7944, 94.626, 4],
  ['S1 Manila–Dalian', 38.8955, 27.1205, 47.3783, 34.174, 4],
] as const;

test('five pairs: the round trips of Hypatia within 0.01 ms, and its path changes', async () => {
  await expectFigures(
    hypatiaRows,
    TABLE.flatMap(([pair, first, min, max, mean, pathChanges]): ExpectedFigure[] => [
      [`${pair}, at 0 s`, first, 0.01],
      [`${pair}, shortest`, min, 0.01],
      [`${pair}, longest`, max, 0.01],
      [`${pair}, mean`, mean, 0.01],
      [`${pair}, path changes`, pathChanges, 0],
    ]),
  );
});

/** network.md N1 and N2: other coordinates, 200 steps of 1 s, within 0.3 ms. */
test.each([
  ['Manila–Dalian', hypatiaManilaDalian, 25.23, 48.16],
  ['Istanbul–Nairobi', hypatiaIstanbulNairobi, 46.93, 69.54],
])('figure 3 of the paper, %s: shortest and longest round trip', async (_, result, min, max) => {
  await expectFigures(result, [
    ['shortest', min, 0.3],
    ['longest', max, 0.3],
  ]);
});
