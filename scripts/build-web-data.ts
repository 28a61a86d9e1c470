// Writes dist/data/land-110m.bin and land-50m.bin for the page: land cut at the antimeridian and in
// triangles that hug the sphere, border and coast lines, and the rings of territories for picking.
// Same inputs, same bytes.
//
//   node scripts/build-web-data.ts

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { geoEquirectangular, geoStream } from 'd3-geo';
import type { Feature, FeatureCollection, MultiLineString, Position } from 'geojson';
import { ShapeUtils, Vector2 } from 'three';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, GeometryObject, Topology } from 'topojson-specification';
import { type SectionArray, writeSections } from '../src/earth/sectionFile.ts';
import { readUnits, type Unit } from '../src/earth/territoryTable.ts';

/** Longest edge of a land triangle, degrees: 0.13 rad, so that the sphere shows through nowhere. */
const MAX_EDGE_DEG = 7.4;
/** Coordinates are whole steps of this many degrees, 11 m. */
const STEP_DEG = 1e-4;
const EARTH_RADIUS_KM = 6371.0088;
const DEG = Math.PI / 180;
const NO_TERRITORY = 65535;

type Atlas = Topology<{
  countries: GeometryCollection<{ name: string }>;
  land: GeometryCollection;
}>;
type Ring = Position[];

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const units = readUnits(
  await readFile(`${root}data/territories/territories.csv`, 'utf8'),
  'territories.csv',
);
await mkdir(`${root}dist/data`, { recursive: true });
for (const scale of ['110m', '50m'] as const) {
  const atlas = require(`world-atlas/countries-${scale}.json`) as Atlas;
  const path = `${root}dist/data/land-${scale}.bin`;
  const bytes = writeSections(sectionsOf(atlas, scale === '50m'));
  await writeFile(`${path}.partial`, bytes);
  await rename(`${path}.partial`, path);
  process.stdout.write(
    `wrote dist/data/land-${scale}.bin, ${(bytes.length / 1e6).toFixed(2)} MB\n`,
  );
}

function sectionsOf(atlas: Atlas, hasRings: boolean): Map<string, SectionArray> {
  const land = triangulate(cutPolygons(feature(atlas, atlas.objects.land)));
  const countries = atlas.objects.countries;
  const lines = [
    ...openLines(mesh(atlas, countries, (a, b) => a !== b)).map(line => ({ line, kind: 0 })),
    ...openLines(mesh(atlas, countries, (a, b) => a === b)).map(line => ({ line, kind: 1 })),
  ];
  const rings: { ring: Ring; territory: number }[] = [];
  const areaKm2 = new Float32Array(units.length);
  for (const geometry of countries.geometries) {
    for (const polygon of cutPolygons(feature(atlas, geometry as GeometryObject) as Feature)) {
      const { name } = geometry.properties as { name: string };
      const territory = unitAt(name, geometry.id, polygon[0][0]);
      polygon.forEach((ring, r) => {
        rings.push({ ring, territory });
        if (territory !== NO_TERRITORY) areaKm2[territory] += (r === 0 ? 1 : -1) * areaOf(ring);
      });
    }
  }
  const sections = new Map<string, SectionArray>([
    ['step', Float32Array.of(STEP_DEG)],
    ['land', deltas(land.points)],
    ['triangles', land.triangles],
    ['lineStart', starts(lines.map(({ line }) => line))],
    ['line', deltas(lines.flatMap(({ line }) => line))],
    ['lineKind', Uint8Array.from(lines, ({ kind }) => kind)],
    ['areaKm2', areaKm2],
  ]);
  if (hasRings) {
    sections.set('ringStart', starts(rings.map(({ ring }) => ring)));
    sections.set('ring', deltas(rings.flatMap(({ ring }) => ring)));
    sections.set(
      'ringTerritory',
      Uint16Array.from(rings, ({ territory }) => territory),
    );
  }
  return sections;
}

/** Which unit a piece of the atlas belongs to: by name, by the box of units drawn as pieces, by code. */
function unitAt(name: string, code: string | number | undefined, at: Position): number {
  const inBox = (unit: Unit): boolean =>
    unit.boxDeg !== null &&
    at[0] >= unit.boxDeg[0] &&
    at[0] <= unit.boxDeg[2] &&
    at[1] >= unit.boxDeg[1] &&
    at[1] <= unit.boxDeg[3];
  const candidates = [
    units.findIndex(unit => unit.atlasName === name && inBox(unit)),
    units.findIndex(unit => unit.atlasName === name && unit.boxDeg === null),
    units.findIndex(unit => unit.numeric !== '' && unit.numeric === String(code ?? 'none')),
  ];
  return candidates.find(index => index >= 0) ?? NO_TERRITORY;
}

/** Planar polygons, outer ring first, cut where the map ends. */
function cutPolygons(shape: Feature | FeatureCollection): Ring[][] {
  const projection = geoEquirectangular()
    .scale(180 / Math.PI)
    .translate([0, 0])
    // No resampling: an edge of the atlas is straight on the plane (the 49th parallel), no great circle.
    .precision(0);
  const polygons: Ring[][] = [];
  let rings: Ring[] = [];
  let ring: Ring = [];
  geoStream(
    shape,
    projection.stream({
      point: (x, y) => {
        ring.push([Math.max(-180, Math.min(180, x)), Math.max(-90, Math.min(90, -y))]);
      },
      lineStart: () => {
        ring = [];
      },
      lineEnd: () => {
        if (ring.length > 3) rings.push(ring);
      },
      polygonStart: () => {
        rings = [];
      },
      polygonEnd: () => {
        polygons.push(...nested(rings));
      },
    }),
  );
  return polygons;
}

/** Rings of one polygon, which the cut may have made several: holes to the ring around them. */
function nested(rings: Ring[]): Ring[][] {
  const sorted = rings
    .map(ring => ({ ring, area: Math.abs(signedArea(ring)) }))
    .filter(({ area }) => area > 1e-9)
    .sort((a, b) => b.area - a.area);
  const polygons: Ring[][] = [];
  for (const { ring } of sorted) {
    const home = polygons.find(([outer]) => isInside(outer, ring[0]));
    if (home) home.push(ring);
    else polygons.push([ring]);
  }
  return polygons;
}

function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    sum += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return sum / 2;
}

/** On the sphere, by the strips under its edges. */
function areaOf(ring: Ring): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    sum +=
      (ring[i][0] - ring[j][0]) *
      DEG *
      (2 + Math.sin(ring[i][1] * DEG) + Math.sin(ring[j][1] * DEG));
  }
  return Math.abs((sum * EARTH_RADIUS_KM ** 2) / 2);
}

function isInside(ring: Ring, [x, y]: Position): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function triangulate(polygons: Ring[][]): { points: Position[]; triangles: Uint32Array } {
  const points: Position[] = [];
  const triangles: number[] = [];
  const middles = new Map<string, number>();
  const middle = (a: number, b: number): number => {
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    let found = middles.get(key);
    if (found === undefined) {
      found = points.length;
      points.push([(points[a][0] + points[b][0]) / 2, (points[a][1] + points[b][1]) / 2]);
      middles.set(key, found);
    }
    return found;
  };
  const length = (a: number, b: number): number => {
    const lat = ((points[a][1] + points[b][1]) / 2) * DEG;
    return Math.hypot((points[a][0] - points[b][0]) * Math.cos(lat), points[a][1] - points[b][1]);
  };
  const add = (a: number, b: number, c: number): void => {
    const sides = [length(a, b), length(b, c), length(c, a)];
    const longest = Math.max(...sides);
    if (longest <= MAX_EDGE_DEG) {
      triangles.push(a, b, c);
    } else if (longest === sides[0]) {
      const m = middle(a, b);
      add(a, m, c);
      add(m, b, c);
    } else if (longest === sides[1]) {
      const m = middle(b, c);
      add(a, b, m);
      add(a, m, c);
    } else {
      const m = middle(c, a);
      add(a, b, m);
      add(m, b, c);
    }
  };
  for (const polygon of polygons) {
    const open = polygon.map(ring => ring.slice(0, -1));
    const first = points.length;
    for (const ring of open) points.push(...ring);
    const [outer, ...holes] = open.map(ring => ring.map(([x, y]) => new Vector2(x, y)));
    for (const [a, b, c] of ShapeUtils.triangulateShape(outer, holes)) {
      add(first + a, first + b, first + c);
    }
  }
  return { points, triangles: Uint32Array.from(triangles) };
}

/** Lines without the seams that the atlas has at the antimeridian and the pole. */
function openLines({ coordinates }: MultiLineString): Ring[] {
  const isSeam = (a: Position, b: Position): boolean =>
    Math.abs(a[0] - b[0]) > 180 ||
    (Math.abs(a[0]) > 179.99 && Math.abs(b[0]) > 179.99) ||
    (a[1] < -89.9 && b[1] < -89.9);
  return coordinates.flatMap(line => {
    const pieces: Ring[] = [[line[0]]];
    for (let i = 1; i < line.length; i++) {
      if (isSeam(line[i - 1], line[i])) pieces.push([]);
      pieces[pieces.length - 1].push(line[i]);
    }
    return pieces.filter(piece => piece.length > 1);
  });
}

/** Where each line starts among all points, and the end. */
function starts(lines: Ring[]): Uint32Array {
  const out = new Uint32Array(lines.length + 1);
  lines.forEach((line, i) => {
    out[i + 1] = out[i] + line.length;
  });
  return out;
}

/** Steps from point to point, which compress well: longitude, latitude, longitude, … */
function deltas(points: readonly Position[]): Int32Array {
  const out = new Int32Array(points.length * 2);
  let lon = 0;
  let lat = 0;
  points.forEach((point, i) => {
    const nextLon = Math.round(point[0] / STEP_DEG);
    const nextLat = Math.round(point[1] / STEP_DEG);
    out[2 * i] = nextLon - lon;
    out[2 * i + 1] = nextLat - lat;
    lon = nextLon;
    lat = nextLat;
  });
  return out;
}
