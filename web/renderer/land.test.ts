import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readTerritories } from '../../src/earth/territories.ts';
import { readLand, territoryAt } from './land.ts';

const built = (name: string): Uint8Array =>
  readFileSync(new URL(`../../dist/data/${name}`, import.meta.url));
const { territories } = readTerritories(built('territories.bin'));
const fine = readLand(built('land-50m.bin'), '50m');

test.each([
  [25.03, 121.56, 'TWN'],
  [28.61, 77.21, 'IND'],
  [-77.8, 166.7, 'ATA'],
  [66.5, -172.5, 'RUS'],
  [-17.8, 178, 'FJI'],
  [41.9, 12.5, 'ITA'],
  [-29.5, 28.2, 'LSO'],
])('the place at %f, %f belongs to %s', (latDeg, lonDeg, id) => {
  const { rings } = fine;
  expect(rings && territories[territoryAt(rings, latDeg, lonDeg)]?.id).toBe(id);
});

test('the open sea belongs to nobody', () => {
  expect(fine.rings && territoryAt(fine.rings, 0, -30)).toBe(-1);
});

test('areas are right to a few per cent', () => {
  const areaOf = (id: string): number => fine.areaKm2[territories.findIndex(one => one.id === id)];
  // United Nations Demographic Yearbook 2022, table 3: France in Europe, Mongolia, Madagascar.
  expect(areaOf('MNG') / 1_564_116).toBeCloseTo(1, 1);
  expect(areaOf('MDG') / 587_041).toBeCloseTo(1, 1);
});

test.each(['110m', '50m'] as const)(
  'the triangles of %s hug the sphere and cross no seam',
  scale => {
    const land = scale === '50m' ? fine : readLand(built('land-110m.bin'), scale);
    const { triangles, lonLat } = land;
    for (let i = 0; i < triangles.length; i++) {
      const a = triangles[i];
      const b = triangles[i % 3 === 2 ? i - 2 : i + 1];
      const width =
        Math.abs(lonLat[2 * a] - lonLat[2 * b]) *
        Math.cos((lonLat[2 * a + 1] + lonLat[2 * b + 1]) / 2);
      expect(Math.hypot(width, lonLat[2 * a + 1] - lonLat[2 * b + 1])).toBeLessThan(0.131);
    }
  },
);
