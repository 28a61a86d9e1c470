import { expect, test } from 'vitest';
import {
  footprintRadiusKm,
  meanInViewOfShell,
  nadirAngleRad,
  slantRangeKm,
} from '../src/sky/geometry.ts';

const DEG = Math.PI / 180;

test.each([
  // FCC SAT-MOD-20200417-00037 (940.7, 573.5) and del Portillo 2019 (1060).
  { altitudeKm: 550, elevationDeg: 25, radiusKm: 940.7 },
  { altitudeKm: 550, elevationDeg: 40, radiusKm: 573.5 },
  { altitudeKm: 1150, elevationDeg: 40, radiusKm: 1061.1 },
])(
  'the footprint at $altitudeKm km above $elevationDeg° is $radiusKm km',
  ({ altitudeKm, elevationDeg, radiusKm }) => {
    expect(footprintRadiusKm(altitudeKm, elevationDeg * DEG)).toBeCloseTo(radiusKm, 1);
  },
);

test('slant range and nadir angle at 550 km, 25° are 1123 km and 56.55°', () => {
  expect(slantRangeKm(550, 25 * DEG)).toBeCloseTo(1123, 0);
  expect(nadirAngleRad(550, 25 * DEG) / DEG).toBeCloseTo(56.55, 1);
});

test.each([
  // network.md §1, filed first generation.
  { latDeg: 0, inView: 18.2 },
  { latDeg: 30, inView: 23.0 },
  { latDeg: 42.4, inView: 33.5 },
  { latDeg: 48, inView: 46.9 },
  { latDeg: 60, inView: 19.5 },
])(
  'the filed first generation has $inView satellites in view at $latDeg° (analytic)',
  ({ latDeg, inView }) => {
    const shells = [
      { satelliteCount: 1584, altitudeKm: 550, inclinationRad: 53 * DEG },
      { satelliteCount: 1584, altitudeKm: 540, inclinationRad: 53.2 * DEG },
      { satelliteCount: 720, altitudeKm: 570, inclinationRad: 70 * DEG },
      { satelliteCount: 520, altitudeKm: 560, inclinationRad: 97.6 * DEG },
    ];
    const sum = shells.reduce(
      (n, shell) => n + meanInViewOfShell(shell, latDeg * DEG, 25 * DEG),
      0,
    );
    expect(Math.abs(sum / inView - 1)).toBeLessThan(0.03);
  },
);
