import { cellArea, cellToChildren, cellToLatLng, getRes0Cells } from 'h3-js';
import { expect, test } from 'vitest';
import type { CellTable } from './cellTable.ts';
import { membershipOf } from './membershipOf.ts';
import { readPolygon } from './polygon.ts';
import { createPolygonLocator } from './polygonLocator.ts';

const polygon = (...rings: number[][][]): string =>
  JSON.stringify({ type: 'Polygon', coordinates: rings });
const holds = (geojson: string, lon: number, lat: number): boolean =>
  createPolygonLocator(readPolygon(geojson, 'a.geojson')).contains(lon, lat);

const earth = earthCells(3);

function earthCells(resolution: number): CellTable {
  const ids = getRes0Cells().flatMap(base => cellToChildren(base, resolution));
  const places = ids.map(id => cellToLatLng(id));
  const count = ids.length;
  return {
    resolution,
    count,
    h3: BigUint64Array.from(ids, id => BigInt(`0x${id}`)),
    latRad: Float64Array.from(places, place => (place[0] * Math.PI) / 180),
    lonRad: Float64Array.from(places, place => (place[1] * Math.PI) / 180),
    peopleCount: new Float32Array(count),
    territoryIndex: new Uint16Array(count),
    isWater: new Uint8Array(count),
    isBorder: new Uint8Array(count),
    peopleSource: 'none',
  };
}

/** Share of the Earth's surface that a polygon's cells cover. */
function shareOfEarth(geojson: string): number {
  const { cellIndex, insideShare } = membershipOf(readPolygon(geojson, 'a.geojson'), earth);
  let inside = 0;
  cellIndex.forEach((cell, i) => {
    inside += insideShare[i] * cellArea(earth.h3[cell].toString(16), 'rads2');
  });
  return inside / (4 * Math.PI);
}

// Area of a zone between two parallels: half the difference of their sines (Archimedes).
const zone = (southDeg: number, northDeg: number, widthDeg = 360): number =>
  ((Math.sin((northDeg * Math.PI) / 180) - Math.sin((southDeg * Math.PI) / 180)) / 2) *
  (widthDeg / 360);

const NORTH_BOX = polygon([
  [-180, 60],
  [180, 60],
  [180, 90],
  [-180, 90],
  [-180, 60],
]);
const NORTH_RING = polygon([
  [-180, 60],
  [-90, 60],
  [0, 60],
  [90, 60],
  [180, 60],
  [-180, 60],
]);
const SOUTH_BOX = polygon([
  [-180, -90],
  [180, -90],
  [180, -60],
  [-180, -60],
  [-180, -90],
]);
const SOUTH_RING = polygon([
  [0, -60],
  [-90, -60],
  [-180, -60],
  [90, -60],
  [0, -60],
]);
const FIJI = polygon([
  [170, -20],
  [-170, -20],
  [-170, -10],
  [170, -10],
  [170, -20],
]);
const FIJI_BEYOND = polygon([
  [170, -20],
  [190, -20],
  [190, -10],
  [170, -10],
  [170, -20],
]);
const BOX = polygon([
  [10, 20],
  [40, 20],
  [40, 50],
  [10, 50],
  [10, 20],
]);

test.each([
  ['a box round the north pole', NORTH_BOX, zone(60, 90)],
  ['a ring round the north pole', NORTH_RING, zone(60, 90)],
  ['a box round Antarctica', SOUTH_BOX, zone(-90, -60)],
  ['a ring round Antarctica', SOUTH_RING, zone(-90, -60)],
  ['a box across the antimeridian', FIJI, zone(-20, -10, 20)],
  ['the same written with 190 degrees', FIJI_BEYOND, zone(-20, -10, 20)],
  ['an ordinary box', BOX, zone(20, 50, 30)],
])('%s covers the area that geometry gives it', (_, geojson, share) => {
  expect(shareOfEarth(geojson) / share).toBeCloseTo(1, 2);
});

test('a belt round the equator holds neither pole', () => {
  const belts = [
    polygon([
      [-180, -10],
      [180, -10],
      [180, 10],
      [-180, 10],
      [-180, -10],
    ]),
    polygon([
      [-180, -10],
      [0, -10],
      [180, -10],
      [180, 10],
      [-180, 10],
      [-180, -10],
    ]),
  ];
  for (const belt of belts) {
    expect(shareOfEarth(belt) / zone(-10, 10)).toBeCloseTo(1, 2);
    expect([holds(belt, 50, 90), holds(belt, 50, -90), holds(belt, -180, 0)]).toEqual([
      false,
      false,
      true,
    ]);
  }
});

test('shores that cross within a kilometre are rounding, a figure of eight drawn densely is not', () => {
  // A dumbbell along the equator whose two shores swap sides by 0.001° over the middle of its neck.
  const shore = (sign: number): number[][] =>
    Array.from({ length: 201 }, (_, i) => {
      const x = -1 + i / 100;
      const width = Math.abs(x) < 0.015 ? -0.001 : 0.3 * Math.abs(x);
      return [sign * x, -sign * width];
    });
  const dumbbell = [...shore(1), ...shore(-1)];
  expect(holds(polygon([...dumbbell, dumbbell[0]]), 0.5, 0)).toBe(true);

  const eight = Array.from({ length: 400 }, (_, i) => {
    const t = ((i + 0.5) / 400) * 2 * Math.PI;
    return [Math.sin(t), Math.sin(2 * t) / 2];
  });
  expect(() => readPolygon(polygon([...eight, eight[0]]), 'eight')).toThrow('crosses itself');
});

test('a small figure of eight is refused like a large one', () => {
  const eight = [
    [0, 0],
    [0.02, 0.02],
    [0.02, 0],
    [0, 0.02],
    [0, 0],
  ];
  expect(() => readPolygon(polygon(eight), 'eight')).toThrow('crosses itself');
});

test('poles are inside the polygons that hold them, and in no other', () => {
  expect(holds(NORTH_BOX, 12, 90)).toBe(true);
  expect(holds(NORTH_RING, -180, 90)).toBe(true);
  expect(holds(NORTH_BOX, 12, -90)).toBe(false);
  expect(holds(SOUTH_BOX, 12, -90)).toBe(true);
  expect(holds(SOUTH_RING, 170, -90)).toBe(true);
  expect(holds(SOUTH_RING, 170, 90)).toBe(false);
  expect(holds(BOX, 20, 90)).toBe(false);
});

test('a polygon across the antimeridian has a box that crosses it', () => {
  expect(readPolygon(FIJI, 'a').bboxDeg).toEqual([170, -20, -170, -10]);
  expect(readPolygon(FIJI_BEYOND, 'a').bboxDeg).toEqual([170, -20, -170, -10]);
});

test('holes are outside, and a pole ring with a pole hole is a belt', () => {
  const outer = [
    [10, 20],
    [40, 20],
    [40, 50],
    [10, 50],
    [10, 20],
  ];
  const hole = [
    [20, 30],
    [20, 40],
    [30, 40],
    [30, 30],
    [20, 30],
  ];
  expect(holds(polygon(outer, hole), 25, 35)).toBe(false);
  expect(holds(polygon(outer, hole), 15, 35)).toBe(true);
  const belt = polygon(
    [
      [0, 60],
      [90, 60],
      [180, 60],
      [-90, 60],
      [0, 60],
    ],
    [
      [0, 70],
      [90, 70],
      [180, 70],
      [-90, 70],
      [0, 70],
    ],
  );
  expect(holds(belt, 45, 65)).toBe(true);
  expect(holds(belt, 45, 80)).toBe(false);
  expect(shareOfEarth(belt) / zone(60, 70)).toBeCloseTo(1, 2);
});

test('features that overlap add up, and what is no area in a collection is passed over', () => {
  const collection = JSON.stringify({
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', properties: {}, geometry: JSON.parse(BOX) },
      { type: 'Feature', properties: {}, geometry: JSON.parse(BOX) },
      { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [0, 0] } },
      { type: 'Feature', properties: {}, geometry: null },
    ],
  });
  expect(holds(collection, 20, 30)).toBe(true);
});

test.each([
  ['an empty file', '', 'POLYGON_EMPTY', 'is empty'],
  ['HTML', '<html>', 'POLYGON_FORMAT', 'no JSON'],
  ['a number', '7', 'POLYGON_FORMAT', 'no GeoJSON'],
  ['a point', '{"type":"Point","coordinates":[1,2]}', 'POLYGON_TYPE', 'Point'],
  ['no feature', '{"type":"FeatureCollection","features":[]}', 'POLYGON_EMPTY', 'no polygon'],
  ['no ring', '{"type":"Polygon","coordinates":[]}', 'POLYGON_EMPTY', 'no points'],
  [
    'two points',
    polygon([
      [0, 0],
      [1, 1],
      [0, 0],
    ]),
    'POLYGON_EMPTY',
    '2 different points',
  ],
  [
    'a line',
    polygon([
      [0, 0],
      [1, 1],
      [2, 2],
      [0, 0],
    ]),
    'POLYGON_EMPTY',
    'no area',
  ],
  [
    'swapped axes',
    polygon([
      [25, 121],
      [26, 121],
      [26, 122],
      [25, 121],
    ]),
    'POLYGON_COORDINATES',
    'swapped',
  ],
  [
    'metres',
    polygon([
      [3e6, 25],
      [3e6, 26],
      [4e6, 26],
      [3e6, 25],
    ]),
    'POLYGON_COORDINATES',
    'metres',
  ],
  [
    'a text',
    '{"type":"Polygon","coordinates":[[["a",1],[2,3],[4,5]]]}',
    'POLYGON_COORDINATES',
    'point 1',
  ],
  [
    'a null',
    '{"type":"Polygon","coordinates":[[null,[2,3],[4,5]]]}',
    'POLYGON_COORDINATES',
    'point 1',
  ],
  [
    'a bow tie',
    polygon([
      [0, 0],
      [2, 2],
      [2, 0],
      [0, 2],
      [0, 0],
    ]),
    'POLYGON_CROSSES',
    'longitude 1.0000, latitude 1.0000',
  ],
  [
    'a bow tie across the antimeridian',
    polygon([
      [179, 0],
      [-179, 2],
      [-179, 0],
      [179, 2],
      [179, 0],
    ]),
    'POLYGON_CROSSES',
    'longitude -180.0000, latitude 1.0000',
  ],
  [
    'a ring drawn twice',
    polygon([
      [0, 0],
      [2, 0],
      [1, 2],
      [0, 0],
      [2, 0],
      [1, 2],
      [0, 0],
    ]),
    'POLYGON_CROSSES',
    'crosses',
  ],
  ['an unknown type', '{"type":"Topology","objects":{}}', 'POLYGON_FORMAT', 'Topology'],
])('%s is refused with one clear line', (_, geojson, code, part) => {
  const attempt = (): unknown => readPolygon(geojson, 'draft.geojson');
  expect(attempt).toThrow(part);
  try {
    attempt();
  } catch (error) {
    expect(error).toMatchObject({ code, isBadInput: true });
    expect((error as Error).message).toMatch(/^draft\.geojson/);
    expect((error as Error).message).not.toContain('\n');
  }
});

test('too many points are refused', () => {
  const points = Array.from({ length: 300_002 }, (_, i) => {
    const angle = (i / 300_002) * 2 * Math.PI;
    return [Math.cos(angle), Math.sin(angle)];
  });
  expect(() => readPolygon(polygon(points), 'a')).toThrow('simplify');
});
