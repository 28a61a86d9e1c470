// Vallado, Crawford, Hujsak, Kelso: "Revisiting Spacetrack Report #3", AIAA 2006-6753.
// Element sets SGP4-VER.TLE and results tcppver.out of its reference program.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createPropagator } from '../src/orbits/propagator.ts';
import { sgp4Vectors } from '../src/runs/validation/sgp4Aiaa2006.ts';
import { verificationSets } from '../src/runs/validation/verificationTle.ts';
import { sharedPath } from '../src/store/sharedData.ts';
import { type ExpectedFigure, expectFigures } from './expectFigures.ts';

const sets = verificationSets(
  readFileSync(sharedPath('vectors/sgp4/SGP4-VER.TLE'), 'utf8'),
  'SGP4-VER.TLE',
);

test('the vectors are all there: 33 sets', () => {
  expect(sets.length).toBe(33);
});

test('both kernels reproduce every state, deep space included', async () => {
  // The reference prints 8 decimals of a km and 9 of a km/s; one of its 667 states is void (see below).
  await expectFigures(
    sgp4Vectors,
    ['typescript', 'simd'].flatMap((kernel): ExpectedFigure[] => [
      [`states compared, ${kernel} kernel`, 666, 0],
      [`worst position, ${kernel} kernel`, 0, 5e-7],
      [`worst velocity, ${kernel} kernel`, 0, 5e-9],
    ]),
  );
});

describe.each(['typescript', 'simd'] as const)('%s kernel', kernel => {
  test('is the one asked for, and refuses 33334, whose mean motion is 0.00001 rev/day', () => {
    const propagator = createPropagator(sets, { kernel });
    expect(propagator.kernel).toBe(kernel);
    expect(propagator.initRejected.map(({ code }) => code)).toEqual(['SGP4_INIT']);
    expect(sets[propagator.initRejected[0].index].catalogId).toBe(33334);
  });

  test('the rows of one propagator for all 33 sets are those of each set alone', () => {
    const propagator = createPropagator(sets, { kernel });
    const at = { jd: sets[0].epochJd, fraction: 0.25 };
    const together = propagator.statesTeme([at]);
    sets.forEach((set, index) => {
      const alone = createPropagator([set], { kernel }).statesTeme([at]);
      for (let axis = 0; axis < 6; axis++) {
        const shared = together[axis * sets.length + index];
        if (Number.isNaN(alone[axis])) expect(shared).toBeNaN();
        // Minutes are counted from another reference day, years away: their last digits differ.
        else expect(Math.abs(shared - alone[axis])).toBeLessThanOrEqual(2e-3);
      }
    });
  });
});
