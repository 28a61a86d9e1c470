import { readSections, type SectionArray, takeSection } from '../../src/earth/sectionFile.ts';

const DEG = Math.PI / 180;
const CHUNK_DEG = 15;
const COLUMNS = 360 / CHUNK_DEG;
const ROWS = 180 / CHUNK_DEG;

/** Parts of a layer that are drawn or left out together. */
export interface Chunks {
  /** First index of each chunk, and the end. */
  readonly start: Uint32Array;
  /** Unit vector into the chunk and the angle to its farthest corner, four a chunk. */
  readonly bound: Float32Array;
}

/** Land and lines of one scale, ready for the graphics card. */
export interface Land {
  readonly scale: '110m' | '50m';
  readonly lonLat: Float32Array;
  readonly unit: Float32Array;
  readonly triangles: Uint32Array;
  readonly triangleChunks: Chunks;
  readonly lineLonLat: Float32Array;
  readonly lineUnit: Float32Array;
  /** 1 on coasts, 0 on borders. */
  readonly lineKind: Uint8Array;
  readonly segments: Uint32Array;
  readonly segmentChunks: Chunks;
  /** Of territories, in the order of `TerritoryIndex.territories`. */
  readonly areaKm2: Float32Array;
  /** For picking, only with 50m. */
  readonly rings: Rings | null;
}

/** Outlines of territories, degrees. */
export interface Rings {
  readonly start: Uint32Array;
  readonly lonLatDeg: Float32Array;
  readonly territory: Uint16Array;
  /** West, south, east, north of each ring. */
  readonly boxDeg: Float32Array;
}

/** Unpacks a file of `scripts/build-web-data.ts`. Takes a while: call it in a worker. */
export function readLand(bytes: Uint8Array, scale: Land['scale']): Land {
  const source = `land-${scale}`;
  const sections = readSections(bytes, source);
  const take = <T extends SectionArray>(name: string, type: new (length: number) => T): T =>
    takeSection(sections, name, type, source);
  const [stepDeg] = take('step', Float32Array);
  const points = summed(take('land', Int32Array), stepDeg);
  const lines = summed(take('line', Int32Array), stepDeg);
  const lineStart = take('lineStart', Uint32Array);
  const kinds = take('lineKind', Uint8Array);
  const lineKind = new Uint8Array(lines.length / 2);
  const segments: number[] = [];
  for (let l = 0; l < kinds.length; l++) {
    lineKind.fill(kinds[l], lineStart[l], lineStart[l + 1]);
    for (let i = lineStart[l]; i + 1 < lineStart[l + 1]; i++) segments.push(i, i + 1);
  }
  const triangles = chunked(take('triangles', Uint32Array), 3, points);
  const chunkedSegments = chunked(Uint32Array.from(segments), 2, lines);
  const ringDeg = sections.has('ring') ? summed(take('ring', Int32Array), stepDeg) : null;
  return {
    scale,
    lonLat: radians(points),
    unit: units(points),
    triangles: triangles.index,
    triangleChunks: triangles.chunks,
    lineLonLat: radians(lines),
    lineUnit: units(lines),
    lineKind,
    segments: chunkedSegments.index,
    segmentChunks: chunkedSegments.chunks,
    areaKm2: take('areaKm2', Float32Array).slice(),
    rings:
      ringDeg &&
      boxed(
        ringDeg,
        take('ringStart', Uint32Array).slice(),
        take('ringTerritory', Uint16Array).slice(),
      ),
  };
}

/** Steps to places, degrees. */
function summed(steps: Int32Array, stepDeg: number): Float32Array {
  const out = new Float32Array(steps.length);
  // 1e-4 as a float32 is a little more: the file means the decimal.
  const step = Number(stepDeg.toPrecision(6));
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    out[i] = lon * step;
    out[i + 1] = lat * step;
  }
  return out;
}

function radians(deg: Float32Array): Float32Array {
  return deg.map(value => value * DEG);
}

function units(lonLatDeg: Float32Array): Float32Array {
  const out = new Float32Array((lonLatDeg.length / 2) * 3);
  for (let i = 0; i < lonLatDeg.length / 2; i++) {
    const lon = lonLatDeg[2 * i] * DEG;
    const lat = lonLatDeg[2 * i + 1] * DEG;
    out[3 * i] = Math.cos(lat) * Math.cos(lon);
    out[3 * i + 1] = Math.cos(lat) * Math.sin(lon);
    out[3 * i + 2] = Math.sin(lat);
  }
  return out;
}

/** Sorts triangles or segments by the box that their first corner lies in. */
function chunked(
  index: Uint32Array,
  width: number,
  lonLatDeg: Float32Array,
): { index: Uint32Array; chunks: Chunks } {
  const count = index.length / width;
  const chunkOf = new Uint16Array(count);
  const start = new Uint32Array(COLUMNS * ROWS + 1);
  for (let i = 0; i < count; i++) {
    const corner = index[width * i];
    const column = Math.min(COLUMNS - 1, Math.floor((lonLatDeg[2 * corner] + 180) / CHUNK_DEG));
    const row = Math.min(ROWS - 1, Math.floor((lonLatDeg[2 * corner + 1] + 90) / CHUNK_DEG));
    chunkOf[i] = row * COLUMNS + column;
    start[chunkOf[i] + 1] += width;
  }
  for (let c = 0; c < COLUMNS * ROWS; c++) start[c + 1] += start[c];
  const next = start.slice();
  const out = new Uint32Array(index.length);
  for (let i = 0; i < count; i++) {
    const at = next[chunkOf[i]];
    for (let k = 0; k < width; k++) out[at + k] = index[width * i + k];
    next[chunkOf[i]] += width;
  }
  const bound = new Float32Array(COLUMNS * ROWS * 4);
  for (let c = 0; c < COLUMNS * ROWS; c++) {
    const lon = ((c % COLUMNS) + 0.5) * CHUNK_DEG * DEG - Math.PI;
    const lat = (Math.floor(c / COLUMNS) + 0.5) * CHUNK_DEG * DEG - Math.PI / 2;
    bound[4 * c] = Math.cos(lat) * Math.cos(lon);
    bound[4 * c + 1] = Math.cos(lat) * Math.sin(lon);
    bound[4 * c + 2] = Math.sin(lat);
    // Half the diagonal, and the longest edge of a triangle that begins inside.
    bound[4 * c + 3] = (CHUNK_DEG * 0.71 + 7.5) * DEG;
  }
  return { index: out, chunks: { start, bound } };
}

function boxed(lonLatDeg: Float32Array, start: Uint32Array, territory: Uint16Array): Rings {
  const boxDeg = new Float32Array(territory.length * 4);
  for (let r = 0; r < territory.length; r++) {
    let [west, south, east, north] = [180, 90, -180, -90];
    for (let i = start[r]; i < start[r + 1]; i++) {
      west = Math.min(west, lonLatDeg[2 * i]);
      east = Math.max(east, lonLatDeg[2 * i]);
      south = Math.min(south, lonLatDeg[2 * i + 1]);
      north = Math.max(north, lonLatDeg[2 * i + 1]);
    }
    boxDeg.set([west, south, east, north], 4 * r);
  }
  return { start, lonLatDeg, territory, boxDeg };
}

/** Index of the territory at a place, -1 at sea: rings that hold it an odd number of times. */
export function territoryAt(rings: Rings, latDeg: number, lonDeg: number): number {
  const { start, lonLatDeg, territory, boxDeg } = rings;
  const odd = new Set<number>();
  for (let r = 0; r < territory.length; r++) {
    const at = 4 * r;
    if (lonDeg < boxDeg[at] || latDeg < boxDeg[at + 1]) continue;
    if (lonDeg > boxDeg[at + 2] || latDeg > boxDeg[at + 3]) continue;
    let inside = false;
    for (let i = start[r], j = start[r + 1] - 1; i < start[r + 1]; j = i++) {
      const yi = lonLatDeg[2 * i + 1];
      const yj = lonLatDeg[2 * j + 1];
      if (yi > latDeg === yj > latDeg) continue;
      const xi = lonLatDeg[2 * i];
      const xj = lonLatDeg[2 * j];
      if (lonDeg < ((xj - xi) * (latDeg - yi)) / (yj - yi) + xi) inside = !inside;
    }
    if (!inside) continue;
    if (odd.has(territory[r])) odd.delete(territory[r]);
    else odd.add(territory[r]);
  }
  const [found = -1] = odd;
  return found === 65535 ? -1 : found;
}
