import { describe, expect, test } from 'vitest';
import { betaRad, eclipseShareOfOrbit, isSunlit, sunlitShare } from './eclipse.ts';
import type { Vector3 } from './frames.ts';

const AU_KM = 149597870.7;
const RAD = Math.PI / 180;

// Spec orbits.md §8, from the closed form for a cylindrical shadow.
describe.each([
  [465, [0.382, 0.363, 0.242]],
  [550, [0.372, 0.351, 0.215]],
])('a circular orbit at %i km', (altitudeKm, shares) => {
  test.each([
    [0, shares[0]],
    [30, shares[1]],
    [60, shares[2]],
  ])('is in shadow for the published share at β = %i°', (betaDeg, share) => {
    expect(Math.abs(eclipseShareOfOrbit(altitudeKm, betaDeg * RAD) - share)).toBeLessThan(6e-4);
  });

  test.each([0, 30, 60])('spends that share with most of the Sun hidden, β = %i°', betaDeg => {
    const sun: Vector3 = [AU_KM * Math.cos(betaDeg * RAD), 0, AU_KM * Math.sin(betaDeg * RAD)];
    const radiusKm = 6378.137 + altitudeKm;
    const steps = 20000;
    let darkCount = 0;
    for (let step = 0; step < steps; step++) {
      const angle = (2 * Math.PI * step) / steps;
      if (!isSunlit([radiusKm * Math.cos(angle), radiusKm * Math.sin(angle), 0], sun)) darkCount++;
    }
    expect(
      Math.abs(darkCount / steps - eclipseShareOfOrbit(altitudeKm, betaDeg * RAD)),
    ).toBeLessThan(1e-3);
  });
});

test('a high Sun never sets on an orbit', () => {
  expect(eclipseShareOfOrbit(550, 75 * RAD)).toBe(0);
});

test('sunlight is whole, partial, none across the edge of the shadow', () => {
  const sun: Vector3 = [AU_KM, 0, 0];
  expect(sunlitShare([7000, 0, 0], sun)).toBe(1);
  expect(sunlitShare([-7000, 0, 0], sun)).toBe(0);
  // 42,164 km behind the Earth the edge of the Sun's centre is at 6,378 + 42 · 0 km: half a disc.
  const behindKm = 42164;
  const half = sunlitShare([-behindKm, 6378.137, 0], sun);
  expect(half).toBeGreaterThan(0.4);
  expect(half).toBeLessThan(0.6);
  // The penumbra there is 2 · 0.2666° wide: 392 km.
  expect(sunlitShare([-behindKm, 6378.137 + 200, 0], sun)).toBe(1);
  expect(sunlitShare([-behindKm, 6378.137 - 200, 0], sun)).toBe(0);
  let before = 0;
  for (let y = 6170; y <= 6590; y += 5) {
    const share = sunlitShare([-behindKm, y, 0], sun);
    expect(share).toBeGreaterThanOrEqual(before);
    before = share;
  }
});

test('β is the height of the Sun above the plane', () => {
  expect(betaRad([0, 0, 3], [1, 0, 0])).toBe(0);
  expect(betaRad([0, 0, 3], [0, 0, AU_KM])).toBeCloseTo(Math.PI / 2, 12);
  expect(betaRad([0, -1, 1], [0, 0, AU_KM])).toBeCloseTo(Math.PI / 4, 12);
});
