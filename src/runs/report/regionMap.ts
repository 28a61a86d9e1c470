import { createRequire } from 'node:module';
import { geoArea, geoCircle, geoContains, geoDistance } from 'd3-geo';
import type { MultiPolygon, Position } from 'geojson';
import { cellsToMultiPolygon, cellToBoundary, cellToParent } from 'h3-js';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Place } from '../places.ts';

const EARTH_RADIUS_KM = 6371.0088;
const DEG = Math.PI / 180;
/** The square picture reaches √2 times as far in its corners as the circle in it. */
const CORNER = 1.5;
/** Room around the place, km and as a share of its own radius. */
const LEAST_ROOM_KM = 150;
const MOST_ROOM_KM = 500;
const ROOM_SHARE = 0.8;
const FINE_ATLAS_BELOW_KM = 900;
/** More hexagons than this make the file heavy and the picture grey: coarser ones are drawn. */
const MOST_CELLS = 7000;

/** Where the map looks: its middle, and the radius of the circle that must be visible. */
export interface Region {
  readonly centre: readonly [number, number];
  readonly radiusKm: number;
}

/**
 * A region around points that must be seen; the middle is found on the sphere, so that a place
 * across the antimeridian or at a pole is as good as any other.
 */
export function regionAround(
  mustSee: readonly (readonly [number, number])[],
  alsoSee: readonly (readonly [number, number])[],
): Region {
  let x = 0;
  let y = 0;
  let z = 0;
  for (const [lon, lat] of mustSee) {
    x += Math.cos(lat * DEG) * Math.cos(lon * DEG);
    y += Math.cos(lat * DEG) * Math.sin(lon * DEG);
    z += Math.sin(lat * DEG);
  }
  let centre: [number, number] = [Math.atan2(y, x) / DEG, Math.atan2(z, Math.hypot(x, y)) / DEG];
  centre = middleOf(centre, mustSee);
  const radius = (points: readonly (readonly [number, number])[]): number =>
    points.reduce((most, point) => Math.max(most, kmBetween(centre, point)), 0);
  const own = radius(mustSee);
  const room = Math.min(MOST_ROOM_KM, Math.max(LEAST_ROOM_KM, ROOM_SHARE * own));
  return {
    centre,
    radiusKm: Math.max(own + room, Math.min(radius(alsoSee) * 1.05, 3 * own + 1000)),
  };
}

/**
 * Groups of points that hang together with gaps of at most `gapKm`, the heaviest first: the mainland,
 * then the islands beyond the sea. Indices into the points.
 */
export function clustersOf(
  points: readonly (readonly [number, number])[],
  weights: readonly number[],
  gapKm: number,
): number[][] {
  const size = gapKm / EARTH_RADIUS_KM;
  const vectors = points.map(unit);
  const key = (i: number, j: number, k: number): number => (i * 4096 + j) * 4096 + k;
  const cube = (v: number): number => Math.floor((v + 1) / size);
  const bins = new Map<number, number[]>();
  vectors.forEach(([x, y, z], index) => {
    const at = key(cube(x), cube(y), cube(z));
    const bin = bins.get(at);
    if (bin) bin.push(index);
    else bins.set(at, [index]);
  });
  const isTaken = new Uint8Array(points.length);
  const clusters: { members: number[]; weight: number }[] = [];
  for (let seed = 0; seed < points.length; seed++) {
    if (isTaken[seed] === 1) continue;
    isTaken[seed] = 1;
    const members = [seed];
    for (let m = 0; m < members.length; m++) {
      const a = vectors[members[m]];
      const [ci, cj, ck] = a.map(cube);
      for (let i = ci - 1; i <= ci + 1; i++) {
        for (let j = cj - 1; j <= cj + 1; j++) {
          for (let k = ck - 1; k <= ck + 1; k++) {
            const bin = bins.get(key(i, j, k));
            if (bin === undefined) continue;
            const left: number[] = [];
            for (const other of bin) {
              const b = vectors[other];
              if (isTaken[other] === 1) continue;
              if (Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) > size) {
                left.push(other);
                continue;
              }
              isTaken[other] = 1;
              members.push(other);
            }
            bins.set(key(i, j, k), left);
          }
        }
      }
    }
    clusters.push({
      members,
      weight: members.reduce((sum, index) => sum + weights[index], 0),
    });
  }
  return clusters
    .sort((p, q) => q.weight - p.weight || q.members.length - p.members.length)
    .map(({ members }) => members);
}

/** Moves the mean towards the middle of the smallest circle around the points (Bădoiu and Clarkson 2003). */
function middleOf(
  mean: [number, number],
  points: readonly (readonly [number, number])[],
): [number, number] {
  let centre = unit(mean);
  for (let i = 1; i <= 60; i++) {
    let farthest = centre;
    let least = 2;
    for (const point of points) {
      const p = unit(point);
      const dot = p[0] * centre[0] + p[1] * centre[1] + p[2] * centre[2];
      if (dot < least) {
        least = dot;
        farthest = p;
      }
    }
    const step = 1 / (i + 1);
    centre = normalise([
      centre[0] + (farthest[0] - centre[0]) * step,
      centre[1] + (farthest[1] - centre[1]) * step,
      centre[2] + (farthest[2] - centre[2]) * step,
    ]);
  }
  return [Math.atan2(centre[1], centre[0]) / DEG, Math.asin(centre[2]) / DEG];
}

type Vector = readonly [number, number, number];

function unit([lon, lat]: readonly [number, number]): Vector {
  const cosLat = Math.cos(lat * DEG);
  return [cosLat * Math.cos(lon * DEG), cosLat * Math.sin(lon * DEG), Math.sin(lat * DEG)];
}

function normalise([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}

export function kmBetween(a: readonly [number, number], b: readonly [number, number]): number {
  return geoDistance(a as [number, number], b as [number, number]) * EARTH_RADIUS_KM;
}

export function isInPicture(region: Region, point: readonly [number, number]): boolean {
  return kmBetween(region.centre, point) <= region.radiusKm * CORNER;
}

export function domainOf(region: Region): ReturnType<ReturnType<typeof geoCircle>> {
  return geoCircle()
    .center(region.centre as [number, number])
    .radius(Math.min(89, region.radiusKm / EARTH_RADIUS_KM / DEG))
    .precision(6)();
}

/** Countries in the picture, thinned outside it: a few tens of kB instead of megabytes. */
export function landOf(region: Region): MultiPolygon[] {
  const isFine = region.radiusKm < FINE_ATLAS_BELOW_KM;
  const digits = region.radiusKm < 300 ? 1e4 : region.radiusKm < 1500 ? 1e3 : 1e2;
  const land: MultiPolygon[] = [];
  for (const geometry of atlasPolygons(isFine ? '10m' : '50m')) {
    const polygons = geometry.coordinates.filter(polygon => {
      const isNear = polygon[0].some(point => isInPicture(region, point as [number, number]));
      // The atlas has islets of no area, which would enclose the whole Earth.
      if (!isNear && !isRightWayRound(polygon)) return false;
      return (
        isNear ||
        geoContains({ type: 'Polygon', coordinates: polygon }, region.centre as [number, number])
      );
    });
    if (polygons.length === 0) continue;
    land.push({
      type: 'MultiPolygon',
      coordinates: polygons
        .map(polygon => {
          const thinned = polygon
            .map(ring => thin(ring, region, digits))
            .filter((ring, r) => r === 0 || ring.length >= 4);
          return isRightWayRound(thinned) ? thinned : polygon;
        })
        .filter(isRightWayRound),
    });
  }
  return land;
}

function thin(ring: readonly Position[], region: Region, digits: number): Position[] {
  const out: Position[] = [];
  // Points closer together than a third of a pixel say nothing.
  const leastKm = region.radiusKm / 900;
  let last: Position | null = null;
  ring.forEach((point, i) => {
    const isEnd = i === 0 || i === ring.length - 1;
    const far = kmBetween(region.centre, point as [number, number]) / region.radiusKm;
    const step = far < CORNER ? leastKm : leastKm * 40 * far;
    if (!isEnd && last && kmBetween(last as [number, number], point as [number, number]) < step) {
      return;
    }
    last = point;
    out.push([Math.round(point[0] * digits) / digits, Math.round(point[1] * digits) / digits]);
  });
  return out;
}

/**
 * A ring that was thinned to a line, or over itself, would enclose the rest of the Earth: the sea
 * would be drawn as land.
 */
function isRightWayRound(polygon: readonly (readonly Position[])[]): boolean {
  if (polygon[0].length < 4) return false;
  const area = geoArea({ type: 'Polygon', coordinates: polygon.map(ring => [...ring]) });
  return area > 0 && area < 2 * Math.PI;
}

type Line = [number, number][];

/** The outline of a place as lines: from the atlas, from the user's file, or around its cells. */
export function outlineOf(place: Place, cellIds: readonly string[], region: Region): Line[] {
  if (place.kind === 'polygon') {
    return place.pieces.flatMap(piece =>
      piece.rings.map(({ lonDeg, latDeg }) => {
        const line: Line = [];
        // Edges are straight in longitude and latitude; the map bends them between close points.
        for (let i = 0; i < latDeg.length; i++) {
          const nextLat = latDeg[(i + 1) % latDeg.length];
          const steps = Math.max(
            1,
            Math.ceil(Math.max(Math.abs(lonDeg[i + 1] - lonDeg[i]), Math.abs(nextLat - latDeg[i]))),
          );
          for (let k = i === 0 ? 0 : 1; k <= steps; k++) {
            const t = k / steps;
            line.push([
              lonDeg[i] + t * (lonDeg[i + 1] - lonDeg[i]),
              latDeg[i] + t * (nextLat - latDeg[i]),
            ]);
          }
        }
        return line;
      }),
    );
  }
  if (place.kind === 'territory' && place.parts.length > 0) {
    const isFine = region.radiusKm < FINE_ATLAS_BELOW_KM;
    const found = atlasPolygons(isFine ? '10m' : '50m').find(
      geometry =>
        (place.numeric !== '' && geometry.id === place.numeric) || geometry.name === place.name,
    );
    if (found) {
      const digits = region.radiusKm < 1500 ? 1e3 : 1e2;
      return found.coordinates.flatMap(polygon =>
        polygon
          .filter(ring => ring.some(point => isInPicture(region, point as [number, number])))
          .map(ring => thin(ring, region, digits) as Line),
      );
    }
  }
  return cellsToMultiPolygon([...cellIds], true).flatMap(polygon =>
    polygon.map(ring => ring.map(([lon, lat]): [number, number] => [lon, lat])),
  );
}

interface AtlasShape extends MultiPolygon {
  readonly id: string;
  readonly name: string;
}

function atlasPolygons(scale: '10m' | '50m'): AtlasShape[] {
  const require = createRequire(import.meta.url);
  const topology = require(`world-atlas/countries-${scale}.json`) as Topology<{
    countries: GeometryCollection<{ name: string }>;
  }>;
  const { features } = feature(topology, topology.objects.countries);
  const shapes: AtlasShape[] = [];
  for (const { geometry, id, properties } of features) {
    const about = { id: String(id ?? ''), name: properties.name };
    if (geometry.type === 'Polygon') {
      shapes.push({ ...about, type: 'MultiPolygon', coordinates: [geometry.coordinates] });
    } else if (geometry.type === 'MultiPolygon') {
      shapes.push({ ...about, ...geometry });
    }
  }
  return shapes;
}

/** Indices of the cells in the picture, grouped into the hexagons that are drawn. */
export interface DrawnCell {
  readonly id: string;
  readonly members: readonly number[];
}

/** Cells to draw: those in the picture, merged into their parents while there are too many. */
export function drawnCells(
  region: Region,
  cells: {
    readonly count: number;
    readonly h3: BigUint64Array;
    readonly latDeg: Float64Array;
    readonly lonDeg: Float64Array;
  },
  resolution: number,
): { readonly cells: DrawnCell[]; readonly resolution: number } {
  const seen: number[] = [];
  for (let i = 0; i < cells.count; i++) {
    if (isInPicture(region, [cells.lonDeg[i], cells.latDeg[i]])) seen.push(i);
  }
  let drawn = seen.map((i): DrawnCell => ({ id: cells.h3[i].toString(16), members: [i] }));
  let drawnResolution = resolution;
  while (drawn.length > MOST_CELLS && drawnResolution > 2) {
    drawnResolution--;
    const parents = new Map<string, number[]>();
    for (const cell of drawn) {
      const parent = cellToParent(cell.id, drawnResolution);
      const members = parents.get(parent);
      if (members) members.push(...cell.members);
      else parents.set(parent, [...cell.members]);
    }
    drawn = [...parents].map(([id, members]) => ({ id, members }));
  }
  return { cells: drawn, resolution: drawnResolution };
}

/** Corners clockwise, as d3-geo wants the outside of a polygon; thousandths of a degree. */
export function cornersOf(id: string): number[] {
  return cellToBoundary(id, true)
    .slice(0, -1)
    .reverse()
    .flatMap(([lon, lat]) => [Math.round(lon * 1000), Math.round(lat * 1000)]);
}

/** A round length of about a fifth of the picture, and its ends along the bottom. */
export function scaleBarOf(region: Region): {
  readonly scaleBarKm: number;
  readonly scaleBar: readonly [readonly [number, number], readonly [number, number]];
} {
  const wanted = region.radiusKm * 0.4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const scaleBarKm = [5, 2, 1].map(n => n * power).find(km => km <= wanted) ?? power;
  const x = -0.93 * region.radiusKm;
  const y = -0.93 * region.radiusKm;
  return {
    scaleBarKm,
    scaleBar: [pointAt(region, [x, y]), pointAt(region, [x + scaleBarKm, y])],
  };
}

/** Where a point is drawn: km east and north of the middle of the azimuthal equal-area picture. */
export function kmFromCentre(
  region: Region,
  [lon, lat]: readonly [number, number],
): readonly [number, number] {
  const lat0 = region.centre[1] * DEG;
  const dLon = (lon - region.centre[0]) * DEG;
  const cosC =
    Math.sin(lat0) * Math.sin(lat * DEG) + Math.cos(lat0) * Math.cos(lat * DEG) * Math.cos(dLon);
  const k = EARTH_RADIUS_KM * Math.sqrt(2 / Math.max(1e-9, 1 + cosC));
  return [
    k * Math.cos(lat * DEG) * Math.sin(dLon),
    k *
      (Math.cos(lat0) * Math.sin(lat * DEG) -
        Math.sin(lat0) * Math.cos(lat * DEG) * Math.cos(dLon)),
  ];
}

/** The inverse of `kmFromCentre`. */
export function pointAt(
  region: Region,
  [x, y]: readonly [number, number],
): readonly [number, number] {
  const r = Math.hypot(x, y);
  if (r === 0) return region.centre;
  const c = 2 * Math.asin(Math.min(1, r / (2 * EARTH_RADIUS_KM)));
  const lat0 = region.centre[1] * DEG;
  const lat = Math.asin(Math.cos(c) * Math.sin(lat0) + (y * Math.sin(c) * Math.cos(lat0)) / r);
  const dLon = Math.atan2(
    x * Math.sin(c),
    r * Math.cos(lat0) * Math.cos(c) - y * Math.sin(lat0) * Math.sin(c),
  );
  return [region.centre[0] + dLon / DEG, lat / DEG];
}
