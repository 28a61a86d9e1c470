import { BeamkeeperError } from '../orbits/error.ts';
import { normaliseLonDeg } from './planarMap.ts';

/**
 * An area drawn by the user: the union of its pieces. Edges are straight in longitude and latitude,
 * as map programs draw them (RFC 7946), with two readings that the standard leaves to the writer:
 *
 * - a step of more than 180° of longitude goes the short way, over the antimeridian;
 * - a step between -180 and 180 goes once round the Earth along its parallel (the box round a pole),
 *   unless the ring would then enclose nothing: then it is the same meridian, and the ring circles a
 *   pole. A ring that circles a pole holds the nearer one.
 */
export interface Polygon {
  readonly kind: 'polygon';
  /** For messages and reports: the file it came from, or the feature's name. */
  readonly name: string;
  readonly pieces: readonly PolygonPiece[];
  /** West, south, east, north, degrees; west > east when it crosses the antimeridian. */
  readonly bboxDeg: readonly [number, number, number, number];
}

/** Inside is what an odd number of rings encloses: an outline and its holes. */
export interface PolygonPiece {
  readonly rings: readonly PolygonRing[];
}

export interface PolygonRing {
  /**
   * Longitudes unrolled from the first point: they may leave [-180, 180]. One entry more than there
   * are points: the last is where the ring closes, 360° away from the first when it circles a pole.
   */
  readonly lonDeg: Float64Array;
  readonly latDeg: Float64Array;
  /** True when the ring circles the Earth's axis and holds the north pole. */
  readonly holdsNorthPole: boolean;
}

/** Files beyond these sizes are refused rather than waited for. */
export const POLYGON_MAX_CHARACTERS = 50_000_000;
export const POLYGON_MAX_POINTS = 300_000;

/** Loops smaller than 5 km (and a tenth of the polygon) and edges shorter than 2 km may cross by rounding. */
const NOISE_LOOP_DEG = 0.05;
const NOISE_EDGE_DEG = 0.02;

/**
 * The polygon of a GeoJSON text: Polygon, MultiPolygon, Feature, FeatureCollection or
 * GeometryCollection of them.
 *
 * @throws BeamkeeperError `POLYGON_FORMAT` (no JSON, no GeoJSON), `POLYGON_TYPE` (points or lines
 * only), `POLYGON_EMPTY`, `POLYGON_COORDINATES` (no number, latitude beyond 90°), `POLYGON_CROSSES`
 * (an outline that crosses itself, and where), `POLYGON_TOO_LARGE`.
 *
 * @example
 * readPolygon('{"type":"Polygon","coordinates":[[[170,-20],[-170,-20],[-170,-10],[170,-10],[170,-20]]]}', 'fiji.geojson')
 */
export function readPolygon(geojson: string, source: string): Polygon {
  if (geojson.length > POLYGON_MAX_CHARACTERS) {
    throw new BeamkeeperError(
      'POLYGON_TOO_LARGE',
      `${source}: ${(geojson.length / 1e6).toFixed(0)} MB is too large for a polygon; simplify it to under ${POLYGON_MAX_CHARACTERS / 1e6} MB`,
    );
  }
  if (geojson.trim() === '') {
    throw new BeamkeeperError(
      'POLYGON_EMPTY',
      `${source}: the file is empty; give a GeoJSON polygon`,
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(geojson.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BeamkeeperError('POLYGON_FORMAT', `${source}: no JSON: ${reason}`, { cause });
  }
  const found: { coordinates: unknown; where: string }[] = [];
  const others = new Set<string>();
  collect(parsed, '', source, found, others);
  if (found.length === 0) {
    if (others.size > 0) {
      throw new BeamkeeperError(
        'POLYGON_TYPE',
        `${source}: holds ${[...others].join(', ')} but no area; give a Polygon or MultiPolygon`,
      );
    }
    throw new BeamkeeperError('POLYGON_EMPTY', `${source}: holds no polygon`);
  }

  let pointCount = 0;
  let empty: BeamkeeperError | undefined;
  const pieces: PolygonPiece[] = [];
  const places: string[] = [];
  for (const { coordinates, where } of found) {
    if (!Array.isArray(coordinates)) throw badShape(source, where, 'coordinates are no list');
    const rings: PolygonRing[] = [];
    coordinates.forEach((ring: unknown, r) => {
      const place = `${where}ring ${r + 1}`;
      const points = readPoints(ring, source, place);
      pointCount += points.length;
      if (pointCount > POLYGON_MAX_POINTS) {
        throw new BeamkeeperError(
          'POLYGON_TOO_LARGE',
          `${source}: more than ${POLYGON_MAX_POINTS} points; simplify the outline`,
        );
      }
      const ringOrEmpty = unroll(points, source, place);
      if (ringOrEmpty instanceof BeamkeeperError) empty ??= ringOrEmpty;
      else rings.push(ringOrEmpty);
    });
    if (rings.length === 0) continue;
    pieces.push({ rings });
    places.push(where);
  }
  // Islets that rounding has flattened are passed over as long as something is left.
  if (pieces.length === 0) {
    throw empty ?? new BeamkeeperError('POLYGON_EMPTY', `${source}: the polygon has no points`);
  }
  const bboxDeg = boundsOf(pieces);
  const extentDeg = Math.max(
    bboxDeg[3] - bboxDeg[1],
    bboxDeg[2] - bboxDeg[0] + (bboxDeg[2] < bboxDeg[0] ? 360 : 0),
  );
  pieces.forEach((piece, i) => {
    refuseCrossings(piece.rings, extentDeg, source, places[i]);
  });
  return { kind: 'polygon', name: source, pieces, bboxDeg };
}

function collect(
  node: unknown,
  where: string,
  source: string,
  found: { coordinates: unknown; where: string }[],
  others: Set<string>,
): void {
  if (typeof node !== 'object' || node === null || !('type' in node)) {
    throw badShape(source, where, 'no GeoJSON object with a "type"');
  }
  const item = node as Record<string, unknown>;
  const list = (key: string): unknown[] => {
    const value = item[key];
    if (!Array.isArray(value)) throw badShape(source, where, `"${key}" is no list`);
    return value;
  };
  switch (item['type']) {
    case 'FeatureCollection':
      list('features').forEach((feature, i) => {
        collect(feature, `${where}feature ${i + 1}, `, source, found, others);
      });
      return;
    case 'Feature':
      if (item['geometry'] !== null) collect(item['geometry'], where, source, found, others);
      return;
    case 'GeometryCollection':
      for (const geometry of list('geometries')) collect(geometry, where, source, found, others);
      return;
    case 'Polygon':
      found.push({ coordinates: list('coordinates'), where });
      return;
    case 'MultiPolygon':
      list('coordinates').forEach((coordinates, i) => {
        found.push({ coordinates, where: `${where}polygon ${i + 1}, ` });
      });
      return;
    case 'Point':
    case 'MultiPoint':
    case 'LineString':
    case 'MultiLineString':
      others.add(item['type']);
      return;
    default:
      throw badShape(source, where, `"${String(item['type'])}" is no GeoJSON type`);
  }
}

type Point = readonly [lonDeg: number, latDeg: number];

/** The ring's points without the closing one and without repetitions. */
function readPoints(ring: unknown, source: string, where: string): readonly Point[] {
  if (!Array.isArray(ring)) throw badShape(source, where, 'is no list of points');
  const points: Point[] = [];
  ring.forEach((position: unknown, i) => {
    const [lon, lat] = Array.isArray(position) ? position : [];
    const at = `${source}: ${where}, point ${i + 1}`;
    if (
      typeof lon !== 'number' ||
      typeof lat !== 'number' ||
      !Number.isFinite(lon) ||
      !Number.isFinite(lat)
    ) {
      throw new BeamkeeperError(
        'POLYGON_COORDINATES',
        `${at}: ${JSON.stringify(position)} is no [longitude, latitude]`,
      );
    }
    if (Math.abs(lat) > 90) {
      const hint = Math.abs(lon) <= 90 ? '; are longitude and latitude swapped?' : '';
      throw new BeamkeeperError(
        'POLYGON_COORDINATES',
        `${at}: latitude ${lat} is beyond 90°${hint}`,
      );
    }
    if (Math.abs(lon) > 360) {
      throw new BeamkeeperError(
        'POLYGON_COORDINATES',
        `${at}: longitude ${lon} is beyond 360°; are these metres? Give degrees (EPSG:4326)`,
      );
    }
    const last = points[points.length - 1];
    if (last === undefined || last[0] !== lon || last[1] !== lat) points.push([lon, lat]);
  });
  const [first] = points;
  const last = points[points.length - 1];
  if (points.length > 1 && first[0] === last[0] && first[1] === last[1]) points.pop();
  return points;
}

function unroll(
  points: readonly Point[],
  source: string,
  where: string,
): PolygonRing | BeamkeeperError {
  if (points.length < 3) {
    return new BeamkeeperError(
      'POLYGON_EMPTY',
      `${source}: ${where} has ${points.length} different points; an area needs three`,
    );
  }
  // A step from one side of the map to the other is no step at all, or a full turn, whichever makes
  // a ring that closes and encloses something; only then a ring that circles a pole.
  const still = unrollAs(points, false);
  const turned = unrollAs(points, true);
  const closed = [still, turned].find(reading => reading.turns === 0 && !reading.isFlat);
  if (closed !== undefined) {
    let west = Number.POSITIVE_INFINITY;
    let east = Number.NEGATIVE_INFINITY;
    for (const lon of closed.ring.lonDeg) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
    }
    if (east - west > 360 + 1e-9) {
      throw new BeamkeeperError(
        'POLYGON_CROSSES',
        `${source}: ${where} reaches round the Earth and over itself (${(east - west).toFixed(0)}° of longitude)`,
      );
    }
    return closed.ring;
  }
  if (Math.abs(still.turns) > 1) {
    throw new BeamkeeperError(
      'POLYGON_CROSSES',
      `${source}: ${where} goes round the Earth ${Math.abs(still.turns)} times`,
    );
  }
  if (still.turns !== 0) return still.ring;
  // The two halves of a figure of eight may cancel out.
  refuseCrossings([still.ring], 0, source, '');
  return new BeamkeeperError('POLYGON_EMPTY', `${source}: ${where} encloses no area`);
}

function unrollAs(
  points: readonly Point[],
  isTurn: boolean,
): { readonly ring: PolygonRing; readonly turns: number; readonly isFlat: boolean } {
  const count = points.length;
  const lonDeg = new Float64Array(count + 1);
  const latDeg = new Float64Array(count + 1);
  lonDeg[0] = normaliseLonDeg(points[0][0]);
  latDeg[0] = points[0][1];
  let twiceArea = 0;
  let meanLat = 0;
  for (let i = 0; i < count; i++) {
    const from = points[i];
    const to = points[(i + 1) % count];
    let step = to[0] - from[0];
    if (Math.abs(step) === 360) step = isTurn ? step : 0;
    else while (Math.abs(step) > 180) step -= Math.sign(step) * 360;
    lonDeg[i + 1] = lonDeg[i] + step;
    latDeg[i + 1] = to[1];
    twiceArea += lonDeg[i] * latDeg[i + 1] - lonDeg[i + 1] * latDeg[i];
    meanLat += ((latDeg[i] + latDeg[i + 1]) / 2) * (step / 360);
  }
  const turns = Math.round((lonDeg[count] - lonDeg[0]) / 360);
  // Sums of many steps round; a ring that closes closes exactly.
  lonDeg[count] = lonDeg[0] + 360 * turns;
  return {
    ring: { lonDeg, latDeg, holdsNorthPole: turns !== 0 && meanLat * turns > 0 },
    turns,
    isFlat: Math.abs(twiceArea) < 1e-10,
  };
}

interface RingEdge {
  readonly ring: number;
  readonly index: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Rings of one piece may touch, never cross, themselves or each other. */
function refuseCrossings(
  rings: readonly PolygonRing[],
  extentDeg: number,
  source: string,
  where: string,
): void {
  const edges: RingEdge[] = [];
  rings.forEach((ring, r) => {
    for (let i = 0; i + 1 < ring.lonDeg.length; i++) {
      // Brought to [-180, 180) by the western end, so that rings compare wherever they were unrolled.
      const west = Math.min(ring.lonDeg[i], ring.lonDeg[i + 1]);
      const shift = normaliseLonDeg(west) - west;
      const edge = {
        ring: r,
        index: i,
        x0: ring.lonDeg[i] + shift,
        y0: ring.latDeg[i],
        x1: ring.lonDeg[i + 1] + shift,
        y1: ring.latDeg[i + 1],
      };
      edges.push(edge);
      if (Math.max(edge.x0, edge.x1) > 180) {
        edges.push({ ...edge, x0: edge.x0 - 360, x1: edge.x1 - 360 });
      }
    }
  });
  // Sweep by the western end; bands of latitude keep the list of candidates short.
  edges.sort((a, b) => Math.min(a.x0, a.x1) - Math.min(b.x0, b.x1));
  const bandDeg = Math.max(0.05, 180 / Math.max(1, edges.length));
  const bands = new Map<number, RingEdge[]>();
  for (const edge of edges) {
    const west = Math.min(edge.x0, edge.x1);
    const bandB = Math.floor(Math.max(edge.y0, edge.y1) / bandDeg);
    for (let band = Math.floor(Math.min(edge.y0, edge.y1) / bandDeg); band <= bandB; band++) {
      const active = bands.get(band);
      if (active === undefined) {
        bands.set(band, [edge]);
        continue;
      }
      let kept = 0;
      for (const other of active) {
        if (Math.max(other.x0, other.x1) < west) continue;
        active[kept++] = other;
        const meeting = crossing(edge, other);
        if (meeting === undefined) continue;
        if (isRoundingNoise(rings, edge, other, extentDeg)) continue;
        const [lon, lat] = meeting;
        const [a, b] = edge.index <= other.index ? [edge, other] : [other, edge];
        throw new BeamkeeperError(
          'POLYGON_CROSSES',
          `${source}: ${where}the outline crosses itself near longitude ${normaliseLonDeg(lon).toFixed(4)}, latitude ${lat.toFixed(4)}: ${edgeName(a)} and ${edgeName(b)}; draw it without crossing`,
        );
      }
      active.length = kept;
      active.push(edge);
    }
  }
}

/**
 * Generalised and rounded outlines cross themselves where two shores pinch, or in loops of a few
 * points. That changes nothing that a cell of 10 km could show, and refusing it would refuse most
 * published country shapes. A figure of eight is never noise: its halves turn opposite ways.
 */
function isRoundingNoise(
  rings: readonly PolygonRing[],
  a: RingEdge,
  b: RingEdge,
  polygonExtentDeg: number,
): boolean {
  if (a.ring !== b.ring) return isShort(a) && isShort(b);
  const { lonDeg, latDeg } = rings[a.ring];
  const count = lonDeg.length - 1;
  const first = Math.min(a.index, b.index);
  const last = Math.max(a.index, b.index);
  const inner = loopFrom(first, last - first);
  const outer = loopFrom(last, count - (last - first));
  const least = Math.min(inner.extentDeg, outer.extentDeg);
  if (least < NOISE_LOOP_DEG && least < polygonExtentDeg / 10) return true;
  return isShort(a) && isShort(b) && inner.twiceArea * outer.twiceArea > 0;

  function loopFrom(from: number, steps: number): { extentDeg: number; twiceArea: number } {
    const start = (from + 1) % count;
    let extentDeg = 0;
    let twiceArea = 0;
    let x = 0;
    let y = 0;
    for (let k = 2; k <= steps; k++) {
      const i = (from + k) % count;
      const nextX = normaliseLonDeg(lonDeg[i] - lonDeg[start]);
      const nextY = latDeg[i] - latDeg[start];
      extentDeg = Math.max(extentDeg, Math.abs(nextX), Math.abs(nextY));
      twiceArea += x * nextY - nextX * y;
      x = nextX;
      y = nextY;
    }
    return { extentDeg, twiceArea };
  }
}

function isShort(edge: RingEdge): boolean {
  return (
    Math.abs(edge.x1 - edge.x0) < NOISE_EDGE_DEG && Math.abs(edge.y1 - edge.y0) < NOISE_EDGE_DEG
  );
}

function edgeName(edge: RingEdge): string {
  return `points ${edge.index + 1}–${edge.index + 2} of ring ${edge.ring + 1}`;
}

/** Where two edges cross with both sides apart; touching and overlapping is no crossing, unless one repeats the other. */
function crossing(a: RingEdge, b: RingEdge): Point | undefined {
  const isSame = a.ring === b.ring && a.index === b.index;
  if (isSame) return undefined;
  if (a.x0 === b.x0 && a.y0 === b.y0 && a.x1 === b.x1 && a.y1 === b.y1) return [a.x0, a.y0];
  const side = (e: RingEdge, x: number, y: number): number =>
    (e.x1 - e.x0) * (y - e.y0) - (e.y1 - e.y0) * (x - e.x0);
  const s0 = side(a, b.x0, b.y0);
  const s1 = side(a, b.x1, b.y1);
  if (!(s0 * s1 < 0)) return undefined;
  const t0 = side(b, a.x0, a.y0);
  const t1 = side(b, a.x1, a.y1);
  if (!(t0 * t1 < 0)) return undefined;
  const t = t0 / (t0 - t1);
  return [a.x0 + t * (a.x1 - a.x0), a.y0 + t * (a.y1 - a.y0)];
}

function boundsOf(pieces: readonly PolygonPiece[]): [number, number, number, number] {
  let south = 90;
  let north = -90;
  const spans: [west: number, east: number][] = [];
  for (const { rings } of pieces) {
    for (const ring of rings) {
      let west = Number.POSITIVE_INFINITY;
      let east = Number.NEGATIVE_INFINITY;
      ring.lonDeg.forEach((lon, i) => {
        west = Math.min(west, lon);
        east = Math.max(east, lon);
        south = Math.min(south, ring.latDeg[i]);
        north = Math.max(north, ring.latDeg[i]);
      });
      const isRound = ring.lonDeg[0] !== ring.lonDeg[ring.lonDeg.length - 1];
      if (isRound && ring.holdsNorthPole) north = 90;
      if (isRound && !ring.holdsNorthPole) south = -90;
      if (east - west >= 360) return boundsRound(pieces);
      const start = normaliseLonDeg(west);
      spans.push([start, start + (east - west)]);
    }
  }
  // The box leaves out the widest stretch that no ring covers.
  spans.sort((a, b) => a[0] - b[0]);
  let reach = spans[0][1];
  let gap = -1;
  let west = spans[0][0];
  let east = reach;
  for (let i = 1; i <= spans.length; i++) {
    const next = i < spans.length ? spans[i][0] : spans[0][0] + 360;
    if (next - reach > gap) {
      gap = next - reach;
      west = normaliseLonDeg(next);
      east = reach;
    }
    if (i < spans.length) reach = Math.max(reach, spans[i][1]);
  }
  if (gap <= 0) return [-180, south, 180, north];
  return [west, south, east > 180 ? east - 360 : east, north];
}

function boundsRound(pieces: readonly PolygonPiece[]): [number, number, number, number] {
  let south = 90;
  let north = -90;
  for (const { rings } of pieces) {
    for (const ring of rings) {
      for (const lat of ring.latDeg) {
        south = Math.min(south, lat);
        north = Math.max(north, lat);
      }
      if (ring.lonDeg[0] === ring.lonDeg[ring.lonDeg.length - 1]) continue;
      if (ring.holdsNorthPole) north = 90;
      else south = -90;
    }
  }
  return [-180, south, 180, north];
}

function badShape(source: string, where: string, reason: string): BeamkeeperError {
  const place = where === '' ? '' : ` ${where.replace(/, $/, '')}:`;
  return new BeamkeeperError('POLYGON_FORMAT', `${source}:${place} ${reason}`);
}
