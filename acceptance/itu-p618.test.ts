/**
 * ITU-R P.618-13 and -14: the validation examples that Study Group 3 publishes with the
 * recommendation (as CSV in the ITU-Rpy repository), all rows, 1e-6 relative (network.md §5, N13).
 * The k and α of P.838-3 are those of network.md §5, to four digits.
 */
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ituP618 } from '../src/runs/validation/ituP618.ts';
import {
  linearRainCoefficients,
  type RainPath,
  rainAttenuationDb,
  rainCoefficients,
  rainHeightKm,
  slantPathInRainKm,
} from '../src/sky/rain/index.ts';
import { sharedPath } from '../src/store/sharedData.ts';
import { expectFigures } from './expectFigures.ts';

const DEG = Math.PI / 180;

test('N13: every row of the validation examples is met to 1e-6', async () => {
  expect(existsSync(sharedPath('vectors/itu-p618'))).toBe(true);
  await expectFigures(ituP618, [
    // The four rows of network.md §5.
    ['rain, 51.5° N, 14.25 GHz, 1 %', 0.495317069, 0.495317069e-6],
    ['rain, 41.9° N, 14.25 GHz, 0.1 %', 2.696765133, 2.696765133e-6],
    ['rain, 41.9° N, 29 GHz, 0.1 %', 10.73100773, 10.73100773e-6],
    ['rain, 25.78° N, 29 GHz, 0.001 %', 93.39562548, 93.39562548e-6],
    // Of each file the worst relative difference, and how many rows it must have.
    ['rain attenuation, worst of 64 rows of ITURP618-13_A_rain', 0, 1e-6],
    ['rain attenuation, worst of 64 rows of ITURP618-14_A_rain', 0, 1e-6],
    ['scintillation, worst of 64 rows of ITURP618-13_A_sci', 0, 1e-6],
    ['scintillation, worst of 48 rows of ITURP618-14_A_sci', 0, 1e-6],
    ['cross-polar discrimination, worst of 64 rows of ITURP618-13_A_xpd', 0, 1e-6],
    ['cross-polar discrimination, worst of 64 rows of ITURP618-14_A_xpd', 0, 1e-6],
    // Those of P.618-14 come without parts: gas and cloud would need the maps of P.836 and P.840.
    ['total from its parts, worst of 64 rows of ITURP618-13_A_total', 0, 1e-6],
  ]);
});

test.each([
  { f: 10.7, kH: 0.01598, alphaH: 1.2255, kV: 0.01536, alphaV: 1.1761 },
  { f: 12.7, kH: 0.02841, alphaH: 1.1652, kV: 0.03016, alphaV: 1.0988 },
  { f: 14.25, kH: 0.03919, alphaH: 1.1353, kV: 0.04345, alphaV: 1.0591 },
  { f: 20, kH: 0.09164, alphaH: 1.0568, kV: 0.09611, alphaV: 0.9847 },
  { f: 30, kH: 0.24031, alphaH: 0.9485, kV: 0.22909, alphaV: 0.9129 },
])('k and α of P.838-3 at $f GHz', ({ f, kH, alphaH, kV, alphaV }) => {
  const { horizontal, vertical } = linearRainCoefficients(f);
  expect(Math.abs(horizontal.k - kH)).toBeLessThan(0.5001e-5);
  expect(Math.abs(vertical.k - kV)).toBeLessThan(0.5001e-5);
  expect(Math.abs(horizontal.alpha - alphaH)).toBeLessThan(0.5001e-4);
  expect(Math.abs(vertical.alpha - alphaV)).toBeLessThan(0.5001e-4);
});

test('a level path keeps the polarisation, at the zenith and at 45° tilt there is none', () => {
  const { horizontal, vertical } = linearRainCoefficients(20);
  expect(rainCoefficients(20, 0, 0).k).toBeCloseTo(horizontal.k, 12);
  expect(rainCoefficients(20, 0, Math.PI / 2).alpha).toBeCloseTo(vertical.alpha, 12);
  const mean = (horizontal.k + vertical.k) / 2;
  expect(rainCoefficients(20, Math.PI / 2, 0).k).toBeCloseTo(mean, 12);
  expect(rainCoefficients(20, 0.3, Math.PI / 4).k).toBeCloseTo(mean, 12);
});

test('rain height is 0.36 km over the 0 °C isotherm (P.839-4)', () => {
  expect(rainHeightKm(4.5)).toBeCloseTo(4.86, 12);
});

test('below 5° the curved Earth bounds the path: equation 2 of P.618 instead of 1', () => {
  expect(slantPathInRainKm(0, 4, 30 * DEG)).toBeCloseTo(8, 9);
  // At the horizon equation 2 is 2 h / √(2 h / 8500); equation 1 would be without end.
  expect(slantPathInRainKm(0, 4, 0)).toBeCloseTo(8 / Math.sqrt(8 / 8500), 9);
  expect(slantPathInRainKm(4, 4, 0)).toBe(0);
});

/** The first of the validation examples. */
const LONDON: RainPath = {
  latRad: 51.5 * DEG,
  stationHeightKm: 0.031382984,
  rainHeightKm: 0.031382984 + 4.690817392 * Math.sin(31.07699124 * DEG),
  frequencyGHz: 14.25,
  elevationRad: 31.07699124 * DEG,
  polarisationTiltRad: 0,
  rainRate001MmPerH: 26.48052,
};

const anyPath: fc.Arbitrary<RainPath> = fc.record({
  latRad: fc.double({ min: -1.4, max: 1.4, noNaN: true }),
  stationHeightKm: fc.double({ min: 0, max: 3, noNaN: true }),
  rainHeightKm: fc.double({ min: 0.4, max: 5.5, noNaN: true }),
  frequencyGHz: fc.double({ min: 10, max: 50, noNaN: true }),
  elevationRad: fc.double({ min: 5 * DEG, max: 90 * DEG, noNaN: true }),
  polarisationTiltRad: fc.double({ min: 0, max: Math.PI / 2, noNaN: true }),
  rainRate001MmPerH: fc.double({ min: 1, max: 150, noNaN: true }),
});

test('a station above the rain, or where it never rains, loses nothing', () => {
  fc.assert(
    fc.property(anyPath, fc.double({ min: 0.001, max: 5, noNaN: true }), (path, p) => {
      const above = { ...path, stationHeightKm: path.rainHeightKm + 0.1 };
      expect(rainAttenuationDb(above, p)).toBe(0);
      expect(rainAttenuationDb({ ...path, rainRate001MmPerH: 0 }, p)).toBe(0);
    }),
  );
});

test.each([
  { frequencyGHz: 0.9 },
  { frequencyGHz: 56 },
  { frequencyGHz: Number.NaN },
  { elevationRad: 0 },
  { elevationRad: 2 },
])('outside of the recommended range it says so: %o', change => {
  expect(() => rainAttenuationDb({ ...LONDON, ...change }, 0.01)).toThrow(/outside of/);
});

test.each([0.0009, 5.1, Number.NaN])('a share of time of %f %% is refused', p => {
  expect(() => rainAttenuationDb(LONDON, p)).toThrow(/share of time/);
});
