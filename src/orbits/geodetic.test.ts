import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ecefToGeodetic, geodeticToEcefKm, WGS84_RADIUS_KM } from './geodetic.ts';

const POLAR_RADIUS_KM = 6356.752314245;

test('there and back is the same place to 1 mm, poles and date line included', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -Math.PI / 2, max: Math.PI / 2, noNaN: true }),
      fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
      fc.double({ min: -5, max: 36000, noNaN: true }),
      (latRad, lonRad, heightKm) => {
        const { xKm, yKm, zKm } = geodeticToEcefKm(latRad, lonRad, heightKm);
        const back = ecefToGeodetic(xKm, yKm, zKm);
        const again = geodeticToEcefKm(back.latRad, back.lonRad, back.heightKm);
        expect(Math.hypot(again.xKm - xKm, again.yKm - yKm, again.zKm - zKm)).toBeLessThan(1e-6);
        expect(Math.abs(back.heightKm - heightKm)).toBeLessThan(1e-6);
      },
    ),
  );
});

test('the axes of WGS84', () => {
  expect(geodeticToEcefKm(0, 0, 0).xKm).toBeCloseTo(WGS84_RADIUS_KM, 9);
  expect(geodeticToEcefKm(Math.PI / 2, 0, 0).zKm).toBeCloseTo(POLAR_RADIUS_KM, 8);
  const pole = ecefToGeodetic(0, 0, -POLAR_RADIUS_KM - 550);
  expect(pole.latRad).toBeCloseTo(-Math.PI / 2, 12);
  expect(pole.heightKm).toBeCloseTo(550, 8);
  expect(ecefToGeodetic(-7000, 0, 0).lonRad).toBeCloseTo(Math.PI, 12);
});

// Vallado, Fundamentals of Astrodynamics, example 3-3.
test('a published position', () => {
  const { latRad, lonRad, heightKm } = ecefToGeodetic(6524.834, 6862.875, 6448.296);
  expect((latRad * 180) / Math.PI).toBeCloseTo(34.352496, 5);
  expect((lonRad * 180) / Math.PI).toBeCloseTo(46.4464, 4);
  expect(heightKm).toBeCloseTo(5085.22, 2);
});
