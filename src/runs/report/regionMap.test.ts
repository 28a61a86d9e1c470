import { geoArea, geoContains } from 'd3-geo';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clustersOf,
  domainOf,
  kmBetween,
  kmFromCentre,
  landOf,
  pointAt,
  regionAround,
} from './regionMap.ts';

const lon = fc.double({ min: -180, max: 180, noNaN: true });
const lat = fc.double({ min: -89, max: 89, noNaN: true });

test('the picture holds every point that must be seen, wherever on Earth it is', () => {
  fc.assert(
    fc.property(
      lon,
      lat,
      fc.array(
        fc.tuple(
          fc.double({ min: -5, max: 5, noNaN: true }),
          fc.double({ min: -5, max: 5, noNaN: true }),
        ),
        { minLength: 1, maxLength: 20 },
      ),
      (lon0, lat0, offsets) => {
        const points = offsets.map(
          ([dLon, dLat]) => [lon0 + dLon, Math.max(-90, Math.min(90, lat0 + dLat))] as const,
        );
        const region = regionAround(points, []);
        for (const point of points)
          expect(kmBetween(region.centre, point)).toBeLessThan(region.radiusKm);
      },
    ),
    { numRuns: 100 },
  );
});

test('islands across the antimeridian are one region, not a band around the Earth', () => {
  const { centre, radiusKm } = regionAround(
    [
      [177.4, -18],
      [-179.9, -16.5],
    ],
    [],
  );
  expect(Math.abs(centre[0])).toBeGreaterThan(178);
  expect(radiusKm).toBeLessThan(500);
});

test('a spot of the picture and its point on Earth belong together', () => {
  fc.assert(
    fc.property(
      lon,
      lat,
      fc.double({ min: -3000, max: 3000, noNaN: true }),
      fc.double({ min: -3000, max: 3000, noNaN: true }),
      (lon0, lat0, x, y) => {
        const region = { centre: [lon0, lat0] as const, radiusKm: 500 };
        const [backX, backY] = kmFromCentre(region, pointAt(region, [x, y]));
        expect(Math.hypot(backX - x, backY - y)).toBeLessThan(0.01);
      },
    ),
    { numRuns: 200 },
  );
});

test('a mainland and its islands fall apart at wide seas, heaviest first', () => {
  const netherlands = [
    [5, 52],
    [5.5, 52.3],
    [6, 51],
  ] as const;
  const bonaire = [[-68.3, 12.2]] as const;
  const clusters = clustersOf([...bonaire, ...netherlands], [25_000, 1e6, 1e6, 1e6], 600);
  expect(clusters.map(members => members.sort((a, b) => a - b))).toEqual([[1, 2, 3], [0]]);
});

test.each([
  ['Kenya', [37.9, 0.5], [45, -3], [38, 0]],
  ['the Ross Sea', [166.7, -77.8], [-175, -76], [160, -80]],
  ['Taiwan', [121, 23.7], [119.5, 23], [121, 23.7]],
] as const)(
  'around %s the sea is sea and no ring encloses the rest of the Earth',
  (_, centre, atSea, onLand) => {
    const region = { centre, radiusKm: 600 };
    const land = landOf(region);
    expect(geoArea(domainOf(region))).toBeLessThan(1);
    expect(land.some(shape => geoContains(shape, [...onLand]))).toBe(true);
    for (const shape of land) {
      expect(geoArea(shape)).toBeLessThan(2 * Math.PI);
      expect(geoContains(shape, [...atSea])).toBe(false);
    }
  },
);
