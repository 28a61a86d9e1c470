import { expect, test } from 'vitest';
import { sinElevationOf, spectralEfficiency } from './spectralEfficiency.ts';

const at = (deg: number, fadeDb?: number): number =>
  spectralEfficiency(Math.sin((deg * Math.PI) / 180), fadeDb);

test('overhead: 0.75 log2(1 + 10^1.8) = 4.5 b/s/Hz less the air', () => {
  expect(at(90)).toBeGreaterThan(4.4);
  expect(at(90)).toBeLessThan(4.5);
});

test('at 25° the scan to 65° costs 4.5 dB: 0.75 log2(1 + 22) = 3.4, within the 2.7 to 4 that cells were measured at', () => {
  expect(at(25)).toBeGreaterThan(3.3);
  expect(at(25)).toBeLessThan(3.5);
});

test('lower, and in rain, it is less, and below the horizon nothing', () => {
  let last = Number.POSITIVE_INFINITY;
  for (let deg = 90; deg > 0; deg -= 5) {
    expect(at(deg)).toBeLessThan(last);
    last = at(deg);
    expect(at(deg, 3)).toBeLessThan(at(deg));
  }
  expect(at(0)).toBe(0);
  expect(at(-5)).toBe(0);
  // A fade of 18 dB leaves as much signal as noise: 0.75 of a bit.
  expect(at(90, 17.94)).toBeCloseTo(0.75, 2);
});

test('never above 64QAM 8/9', () => {
  expect(at(90, -20)).toBe(5.1);
});

test('elevation from the triangle: overhead, and at the horizon', () => {
  expect(sinElevationOf(550, 6928, 6378)).toBeCloseTo(1, 12);
  expect(sinElevationOf(Math.sqrt(6928 ** 2 - 6378 ** 2), 6928, 6378)).toBeCloseTo(0, 12);
  // Footprint of 550 km above 25° (FCC filing: 940.7 km of arc): slant 1,123 km.
  expect((Math.asin(sinElevationOf(1123, 6928, 6378)) * 180) / Math.PI).toBeCloseTo(25, 0);
});
