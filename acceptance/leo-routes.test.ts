/**
 * Published latencies and ranges of low-orbit networks with lasers, with the conditions of network.md §9:
 * SGP4 orbits, epoch 2000-01-01, +grid with Walker's F at the wrap and cross-plane shift 0, lasers kept
 * 80 km above the Earth, places on Hypatia's ellipsoid, elevation over the plane across the radius.
 */
import { expect, test } from 'vitest';
import { CLEAR_OF_THE_EARTH, laserLengthKm } from '../src/network/index.ts';
import { chaudhryCrossover } from '../src/runs/validation/crossover.ts';
import { laserRange } from '../src/runs/validation/laserRange.ts';
import {
  handleyLondonJohannesburg,
  handleyLondonNewYork,
  starlinkLondonNewYork,
} from '../src/runs/validation/leoRoutes.ts';
import { expectFigures } from './expectFigures.ts';

test('N8: London–New York over 72×22 at 550 km, F = 39, takes 42.3 / 43.0 / 44.1 ms', async () => {
  await expectFigures(starlinkLondonNewYork, [
    ['shortest', 42.3, 0.5],
    ['median', 43, 0.5],
    ['longest', 44.1, 0.5],
    ['steps with a route', 100, 0],
  ]);
});

/**
 * "Delay is Not an Option" (HotNets 2018): below the 55 ms of a great-circle fibre. His phase offset
 * 5/32 is F = −5 = 27 in our sign (see handley-2018-phase.test.ts).
 */
test('N7: Handley 2018, 32×50 at 1150 km: 49.8 to 53.1 ms from 40° up, 52.5 to 55.9 from 50°', async () => {
  await expectFigures(handleyLondonNewYork, [
    ['from 40° up, shortest', 49.8, 0.5],
    ['from 40° up, longest', 53.1, 0.5],
    ['from 50° up, shortest', 52.5, 0.5],
    ['from 50° up, longest', 55.9, 0.5],
  ]);
});

/**
 * The same paper: about half of the 182 ms of the Internet, with a fifth laser from each satellite to
 * the mesh that crosses its own. That it goes to the nearest satellite of the other heading is our reading.
 */
test('N9: London–Johannesburg takes less than 100 ms with the fifth link, and more without it', async () => {
  await expectFigures(handleyLondonJohannesburg, [
    ['median', [null, 100]],
    ['median without the fifth laser', [100, null]],
  ]);
});

test('N3: lasers at an altitude reach as far as they stay 80 km clear of the Earth', async () => {
  const ranges = [
    [480, 4615.8],
    [540, 4961.1],
    [550, 5016.6],
    [570, 5126],
    [630, 5443],
    [1150, 7737],
  ] as const;
  await expectFigures(
    laserRange,
    ranges.map(([altitudeKm, rangeKm]) => [`at ${altitudeKm} km`, rangeKm, 0.05] as const),
  );
});

test('a laser just within that range is allowed, and just beyond it is not', () => {
  const orbitKm = 6378.137 + 550;
  const at = (angle: number) => ({
    count: 2,
    xKm: Float64Array.of(orbitKm, orbitKm * Math.cos(angle)),
    yKm: Float64Array.of(0, orbitKm * Math.sin(angle)),
    zKm: Float64Array.of(0, 0),
  });
  const chordAngle = (km: number) => 2 * Math.asin(km / 2 / orbitKm);
  expect(laserLengthKm(at(chordAngle(5016.5)), 0, 1, CLEAR_OF_THE_EARTH)).toBeCloseTo(5016.5, 6);
  expect(laserLengthKm(at(chordAngle(5016.7)), 0, 1, CLEAR_OF_THE_EARTH)).toBeNaN();
});

/** Chaudhry & Yanikomeroglu, "Optical wireless satellite networks versus optical fiber" (2021), vertical legs. */
test('N11: lasers beat fibre of n = 1.4675 beyond the distances of the paper', async () => {
  await expectFigures(chaudhryCrossover, [
    ['from 300 km', 1427, 1],
    ['from 550 km', 2886, 1],
    ['from 1100 km', 7462, 1],
  ]);
});
