import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCellTable } from '../../src/earth/index.ts';
import { cellShapes } from './cellShapes.ts';

const cells = readCellTable(
  readFileSync(new URL('../../dist/data/cells-r3.bin', import.meta.url)),
  { people: 'cities', populatedOnly: false },
);
const shapes = cellShapes(cells);

test('every cell of the Earth is drawn once, in the order of the table', () => {
  expect(new Set(shapes.cellIndex).size).toBe(41_162);
  expect(shapes.cellIndex.every((cell, i) => i === 0 || cell >= shapes.cellIndex[i - 1])).toBe(
    true,
  );
});

test('no triangle is drawn round the map, at the antimeridian and over the poles neither', () => {
  const { triangles, lonLatRad } = shapes;
  for (let i = 0; i < triangles.length; i += 3) {
    const lons = [0, 1, 2].map(k => lonLatRad[2 * triangles[i + k]]);
    expect(Math.max(...lons) - Math.min(...lons)).toBeLessThan(Math.PI);
  }
});

test('the ranges of base cells cover all triangles, and their caps hold all centres', () => {
  const { rangeStart, rangeCentre, triangles, cellIndex, centreRad } = shapes;
  expect(rangeStart[0]).toBe(0);
  expect(rangeStart[122]).toBe(triangles.length);
  for (let base = 0; base < 122; base++) {
    for (let i = rangeStart[base]; i < rangeStart[base + 1]; i += 300) {
      const cell = cellIndex[triangles[i]];
      const [lon, lat] = [centreRad[2 * cell], centreRad[2 * cell + 1]];
      const cosine =
        Math.cos(lat) * Math.cos(lon) * rangeCentre[4 * base] +
        Math.cos(lat) * Math.sin(lon) * rangeCentre[4 * base + 1] +
        Math.sin(lat) * rangeCentre[4 * base + 2];
      expect(Math.acos(Math.min(1, cosine))).toBeLessThan(rangeCentre[4 * base + 3]);
    }
  }
});
