/**
 * Closed rings on the longitude–latitude plane, each with a label, and the label at any point.
 * Edges are straight in longitude and latitude, as map data draws them; rings may cross the
 * antimeridian or go round a pole (a step of more than 180° of longitude is taken the short way).
 * Labels must not overlap each other (rings of one label may: holes count by parity).
 */
export interface PlanarMap {
  /** Label at a point, -1 for none. */
  labelAt(lonDeg: number, latDeg: number): number;
  /** 1 per tile of `TILE_DEG` that an edge passes; row by row from the south-west. */
  readonly tileEdgeCount: Uint32Array;
}

export interface LabelledRing {
  readonly label: number;
  /** Closed: the last point joins the first, which need not be repeated. */
  readonly lonDeg: ArrayLike<number>;
  readonly latDeg: ArrayLike<number>;
}

export const TILE_DEG = 0.1;
export const TILE_COLUMNS = 3600;
export const TILE_ROWS = 1800;
// Off any round number, so that no vertex lies on a sweep line.
const ROW_OFFSET_DEG = 0.05 + Math.PI * 1e-7;

export function normaliseLonDeg(lonDeg: number): number {
  if (lonDeg >= -180 && lonDeg < 180) return lonDeg;
  const wrapped = (((lonDeg + 180) % 360) + 360) % 360;
  return wrapped - 180;
}

export function tileColumn(lonDeg: number): number {
  return Math.min(TILE_COLUMNS - 1, Math.max(0, Math.floor((lonDeg + 180) / TILE_DEG)));
}

export function tileRow(latDeg: number): number {
  return Math.min(TILE_ROWS - 1, Math.max(0, Math.floor((latDeg + 90) / TILE_DEG)));
}

export function createPlanarMap(rings: readonly LabelledRing[]): PlanarMap {
  const edges = collectEdges(rings);
  const { x0, y0, x1, y1, label, count } = edges;

  // Which edges pass which tile, as CSR in two passes.
  const tileEdgeCount = new Uint32Array(TILE_COLUMNS * TILE_ROWS);
  const tileStart = new Uint32Array(TILE_COLUMNS * TILE_ROWS + 1);
  let tileEdges = new Uint32Array(0);
  for (const pass of ['count', 'fill'] as const) {
    if (pass === 'fill') {
      for (let t = 0; t < tileEdgeCount.length; t++)
        tileStart[t + 1] = tileStart[t] + tileEdgeCount[t];
      tileEdges = new Uint32Array(tileStart[tileEdgeCount.length]);
      tileEdgeCount.fill(0);
    }
    for (let e = 0; e < count; e++) {
      const ya = Math.min(y0[e], y1[e]);
      const yb = Math.max(y0[e], y1[e]);
      const rowA = tileRow(ya - 1e-9);
      const rowB = tileRow(yb + 1e-9);
      const slope = yb > ya ? (x1[e] - x0[e]) / (y1[e] - y0[e]) : 0;
      for (let row = rowA; row <= rowB; row++) {
        let xa = Math.min(x0[e], x1[e]);
        let xb = Math.max(x0[e], x1[e]);
        if (rowA !== rowB) {
          const south = Math.max(ya, row * TILE_DEG - 90);
          const north = Math.min(yb, (row + 1) * TILE_DEG - 90);
          const a = x0[e] + (south - y0[e]) * slope;
          const b = x0[e] + (north - y0[e]) * slope;
          xa = Math.max(xa, Math.min(a, b) - 1e-6);
          xb = Math.min(xb, Math.max(a, b) + 1e-6);
        }
        const columnB = tileColumn(xb + 1e-9);
        for (let column = tileColumn(xa - 1e-9); column <= columnB; column++) {
          const tile = row * TILE_COLUMNS + column;
          if (pass === 'fill') tileEdges[tileStart[tile] + tileEdgeCount[tile]] = e;
          tileEdgeCount[tile]++;
        }
      }
    }
  }

  // The label at every tile's reference point: sweep each row from the antimeridian. Labels do not
  // overlap, so the state is one number: the exclusive or of the labels (plus one) crossed so far.
  const reference = new Uint16Array(TILE_COLUMNS * TILE_ROWS);
  const rowCrossings: number[][] = Array.from({ length: TILE_ROWS }, () => []);
  for (let e = 0; e < count; e++) {
    if (y0[e] === y1[e]) continue;
    const ya = Math.min(y0[e], y1[e]);
    const yb = Math.max(y0[e], y1[e]);
    for (let row = tileRow(ya); row <= tileRow(yb); row++) {
      const y = referenceLat(row);
      if (y0[e] <= y !== y1[e] <= y) rowCrossings[row].push(e);
    }
  }
  edges.antimeridian.sort((a, b) => b.latDeg - a.latDeg);
  let edgeState = 0;
  let nextCrossing = 0;
  for (let row = TILE_ROWS - 1; row >= 0; row--) {
    const y = referenceLat(row);
    while (
      nextCrossing < edges.antimeridian.length &&
      edges.antimeridian[nextCrossing].latDeg > y
    ) {
      edgeState ^= edges.antimeridian[nextCrossing].label + 1;
      nextCrossing++;
    }
    const crossings = rowCrossings[row]
      .map(e => ({ x: x0[e] + ((y - y0[e]) / (y1[e] - y0[e])) * (x1[e] - x0[e]), e }))
      .sort((a, b) => a.x - b.x);
    let state = edgeState;
    let c = 0;
    for (let column = 0; column < TILE_COLUMNS; column++) {
      const x = referenceLon(column);
      while (c < crossings.length && crossings[c].x <= x) {
        state ^= label[crossings[c].e] + 1;
        c++;
      }
      reference[row * TILE_COLUMNS + column] = state;
    }
  }

  return {
    tileEdgeCount,
    labelAt(lonDeg, latDeg) {
      const x = normaliseLonDeg(lonDeg);
      const y = latDeg;
      const row = tileRow(y);
      const column = tileColumn(x);
      const tile = row * TILE_COLUMNS + column;
      let state = reference[tile];
      const end = tileStart[tile + 1];
      if (tileStart[tile] === end) return state - 1;
      // From the reference point along its parallel, then along the meridian of the point.
      const xr = referenceLon(column);
      const yr = referenceLat(row);
      for (let t = tileStart[tile]; t < end; t++) {
        const e = tileEdges[t];
        if (y0[e] <= yr !== y1[e] <= yr) {
          const xc = x0[e] + ((yr - y0[e]) / (y1[e] - y0[e])) * (x1[e] - x0[e]);
          if (xc <= xr !== xc <= x) state ^= label[e] + 1;
        }
        if (x0[e] <= x !== x1[e] <= x) {
          const yc = y0[e] + ((x - x0[e]) / (x1[e] - x0[e])) * (y1[e] - y0[e]);
          if (yc <= yr !== yc <= y) state ^= label[e] + 1;
        }
      }
      return state - 1;
    },
  };
}

function referenceLat(row: number): number {
  return row * TILE_DEG - 90 + ROW_OFFSET_DEG;
}

function referenceLon(column: number): number {
  return column * TILE_DEG - 180 + ROW_OFFSET_DEG;
}

interface Edges {
  readonly count: number;
  readonly x0: Float64Array;
  readonly y0: Float64Array;
  readonly x1: Float64Array;
  readonly y1: Float64Array;
  readonly label: Uint16Array;
  /** Where rings step over the antimeridian. */
  readonly antimeridian: { latDeg: number; label: number }[];
}

/** All edges within [-180, 180], those over the antimeridian cut in two. */
function collectEdges(rings: readonly LabelledRing[]): Edges {
  const x0: number[] = [];
  const y0: number[] = [];
  const x1: number[] = [];
  const y1: number[] = [];
  const label: number[] = [];
  const antimeridian: { latDeg: number; label: number }[] = [];
  const push = (ax: number, ay: number, bx: number, by: number, l: number): void => {
    if (ax === bx && ay === by) return;
    x0.push(ax);
    y0.push(ay);
    x1.push(bx);
    y1.push(by);
    label.push(l);
  };
  for (const ring of rings) {
    const n = ring.lonDeg.length;
    for (let i = 0; i < n; i++) {
      const j = i + 1 < n ? i + 1 : 0;
      const ax = normaliseLonDeg(ring.lonDeg[i]);
      const ay = ring.latDeg[i];
      const by = ring.latDeg[j];
      let step = normaliseLonDeg(ring.lonDeg[j]) - ax;
      if (step > 180) step -= 360;
      else if (step < -180) step += 360;
      const bx = ax + step;
      if (bx >= 180) {
        const latDeg = ay + ((180 - ax) / step) * (by - ay);
        antimeridian.push({ latDeg, label: ring.label });
        push(ax, ay, 180, latDeg, ring.label);
        push(-180, latDeg, bx - 360, by, ring.label);
      } else if (bx < -180) {
        const latDeg = ay + ((-180 - ax) / step) * (by - ay);
        antimeridian.push({ latDeg, label: ring.label });
        push(ax, ay, -180, latDeg, ring.label);
        push(180, latDeg, bx + 360, by, ring.label);
      } else push(ax, ay, bx, by, ring.label);
    }
  }
  return {
    count: x0.length,
    x0: Float64Array.from(x0),
    y0: Float64Array.from(y0),
    x1: Float64Array.from(x1),
    y1: Float64Array.from(y1),
    label: Uint16Array.from(label),
    antimeridian,
  };
}
