import { expect, test } from 'vitest';
import { gmstRad } from './gmst.ts';
import { parseInstant } from './instant.ts';

// Vallado, Fundamentals of Astrodynamics, example 3-5: 1992-08-20 12:14 UT1. The book keeps the date in
// one double, good to 40 µs or 1.7e-7 degrees.
test('the published sidereal time', () => {
  const deg = (gmstRad(parseInstant('1992-08-20T12:14:00Z')) * 180) / Math.PI;
  expect(Math.abs(deg - 152.578787886)).toBeLessThan(1.7e-7);
});

// Meeus, Astronomical Algorithms, example 12.b: 1987-04-10 19:21:00 UT, 8 h 34 m 57.0896 s.
test('another one', () => {
  const hours = (gmstRad(parseInstant('1987-04-10T19:21:00Z')) * 12) / Math.PI;
  expect(hours).toBeCloseTo(8 + 34 / 60 + 57.0896 / 3600, 7);
});

test('a second of UT1 − UTC turns the Earth by 15.04″', () => {
  const at = parseInstant('2026-08-22T12:00:12Z');
  const arcsec = ((gmstRad(at, 1) - gmstRad(at)) * 180 * 3600) / Math.PI;
  expect(arcsec).toBeCloseTo(15.0410686, 5);
});
