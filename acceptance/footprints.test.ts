import { expect, test } from 'vitest';
import { footprints } from '../src/runs/validation/footprints.ts';
import { filed4425InView, gen1InView } from '../src/runs/validation/satellitesInView.ts';
import { meanInViewOfShell, nadirAngleRad, slantRangeKm } from '../src/sky/geometry.ts';
import { expectFigures } from './expectFigures.ts';

const DEG = Math.PI / 180;

test('N4: footprints at 550 and 1150 km have the radius filed and published', async () => {
  // FCC SAT-MOD-20200417-00037 (940.7, 573.5) and del Portillo 2019 (1060; exactly 1061.1).
  await expectFigures(footprints, [
    ['550 km, above 25°', 940.7, 0.9407],
    ['550 km, above 40°', 573.5, 0.5735],
    ['1150 km, above 40°', 1061.1, 1.0611],
  ]);
});

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

test('N15: the filed first generation in view, by formula and search, ±3 %', async () => {
  await expectFigures(gen1InView, [
    ['42.4° N, analytic mean', 33.5, 1.005],
    ['42.4° N, found by the search', 33.5, 1.005],
    ['48° N, analytic mean', 46.9, 1.407],
    ['48° N, found by the search', 46.9, 1.407],
  ]);
});

test('N14: the filed system of 4,425 in view at 50° N, by formula and search, ±3 %', async () => {
  // Handley 2018 says about 60; network.md computes 56.5.
  await expectFigures(filed4425InView, [
    ['50° N, analytic mean', 56.5, 1.695],
    ['50° N, found by the search', 56.5, 1.695],
  ]);
});
