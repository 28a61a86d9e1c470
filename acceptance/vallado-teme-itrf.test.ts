// Vallado, AIAA 2006-6753-Rev3, appendix C: one TEME state in ITRF, with the Earth-orientation values
// of its day; and what leaving those values out costs (spec orbits.md §4).

import { expect, test } from 'vitest';
import type { Vector3 } from '../src/orbits/frames.ts';
import { ecefToTeme, temeToEcef } from '../src/orbits/frames.ts';
import type { Instant } from '../src/orbits/instant.ts';
import { parseInstant } from '../src/orbits/instant.ts';
import { temeToItrf } from '../src/runs/validation/temeItrf.ts';
import { expectFigures } from './expectFigures.ts';

const at = parseInstant('2004-04-06T07:51:28.386009Z');
const temeKm: Vector3 = [5094.1801621, 6127.6446595, 6380.3445327];
const temeKmS: Vector3 = [-4.746131487, 0.785818041, 5.531931288];
const itrfKm: Vector3 = [-1033.479383, 7901.2952754, 6380.3565958];
const itrfKmS: Vector3 = [-3.22563652, -2.87245145, 5.531924446];
const dayValues = { dut1S: -0.439962, xpArcsec: -0.140682, ypArcsec: 0.333309 };

function metresApart(a: Vector3, b: Vector3): number {
  return 1000 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/**
 * The published vector was computed with the UT1 date in one double, 2453101.827406783, which is
 * 15 µs from the instant it stands for: 8.6 mm here. To compare the formulas and not that rounding,
 * the same date is handed to ours.
 */
const ut1Jd = 2453101.5 + (7 * 3600 + 51 * 60 + 28.386009 + dayValues.dut1S) / 86400;
const atAsPublished: Instant = { jd: at.jd, fraction: ut1Jd - at.jd - dayValues.dut1S / 86400 };

test('TEME to ITRF to 1 mm with Earth-orientation values', () => {
  const { positionEcefKm, velocityEcefKmS } = temeToEcef(temeKm, temeKmS, atAsPublished, dayValues);
  expect(metresApart(positionEcefKm, itrfKm)).toBeLessThan(0.001);
  // The paper also slows the Earth by the length of day (1.56 ms): 1e-5 m/s.
  expect(metresApart(velocityEcefKmS, itrfKmS)).toBeLessThan(2e-5);
});

test('the exact date differs by the 15 µs that the published one lost, and no more', () => {
  const { positionEcefKm } = temeToEcef(temeKm, temeKmS, at, dayValues);
  expect(Math.abs(metresApart(positionEcefKm, itrfKm) - 0.0086)).toBeLessThan(0.001);
});

test('1 mm with the values of the day, 261.8 m without, 16.5 m without polar motion', async () => {
  // orbits.md §4.
  await expectFigures(temeToItrf, [
    ['off the published position', 0, 0.001],
    ['off without the values of the day', 261.8, 0.1],
    ['off without polar motion', 16.5, 0.1],
  ]);
});

test('back to TEME to 0.1 mm', () => {
  const { positionEcefKm } = temeToEcef(temeKm, temeKmS, at, dayValues);
  expect(metresApart(ecefToTeme(positionEcefKm, at, dayValues), temeKm)).toBeLessThan(1e-4);
});
