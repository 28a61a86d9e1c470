import { normaliseLonDeg } from './planarMap.ts';
import type { Polygon, PolygonPiece } from './polygon.ts';

/** Answers where points stand to a polygon. */
export interface PolygonLocator {
  contains(lonDeg: number, latDeg: number): boolean;
  /** False only when no outline passes within `radiusKm`. */
  hasEdgeNear(lonDeg: number, latDeg: number, radiusKm: number): boolean;
}

const COLUMNS = 1440;
const COLUMN_DEG = 360 / COLUMNS;
const KM_PER_DEG = 111.195;
// Nearer to a pole than this the local plane of longitude and latitude is of no use.
const POLAR_DEG = 85;

/** All edges by columns of longitude, in the order of pieces. */
export function createPolygonLocator(polygon: Polygon): PolygonLocator {
  const x0: number[] = [];
  const y0: number[] = [];
  const x1: number[] = [];
  const y1: number[] = [];
  const pieceOf: number[] = [];
  const columns: number[][] = Array.from({ length: COLUMNS }, () => []);
  const poleParity = new Uint8Array(polygon.pieces.length);
  polygon.pieces.forEach(addPiece);

  function addPiece(piece: PolygonPiece, index: number): void {
    const add = (ax: number, ay: number, bx: number, by: number): void => {
      const edge = x0.length;
      x0.push(ax);
      y0.push(ay);
      x1.push(bx);
      y1.push(by);
      pieceOf.push(index);
      const columnB = Math.min(COLUMNS - 1, columnOf(Math.max(ax, bx)));
      for (let c = columnOf(Math.min(ax, bx)); c <= columnB; c++) columns[c].push(edge);
    };
    for (const ring of piece.rings) {
      const last = ring.lonDeg.length - 1;
      // A ring round the axis that holds the north pole: every meridian ends inside.
      if (ring.lonDeg[0] !== ring.lonDeg[last] && ring.holdsNorthPole) poleParity[index] ^= 1;
      for (let i = 0; i < last; i++) {
        const isEast = ring.lonDeg[i + 1] >= ring.lonDeg[i];
        const [w, e] = isEast ? [i, i + 1] : [i + 1, i];
        let west = ring.lonDeg[w];
        let south = ring.latDeg[w];
        const length = ring.lonDeg[e] - west;
        const slope = length > 0 ? (ring.latDeg[e] - south) / length : 0;
        let start = normaliseLonDeg(west);
        if (length === 0) {
          add(start, ring.latDeg[w], start, ring.latDeg[e]);
          continue;
        }
        // Cut at the antimeridian.
        while (west < ring.lonDeg[e]) {
          const step = Math.min(180 - start, ring.lonDeg[e] - west);
          const isLast = step === ring.lonDeg[e] - west;
          const north = isLast ? ring.latDeg[e] : south + slope * step;
          add(start, south, start + step, north);
          west += step;
          south = north;
          start = -180;
        }
      }
    }
  }

  return {
    contains(lonDeg, latDeg) {
      const x = normaliseLonDeg(lonDeg);
      // Along the meridian to the north pole: every edge on the way turns inside into outside. A piece
      // round the pole has edges in every column, so none is missed.
      let piece = -1;
      let parity = 0;
      for (const e of columns[columnOf(x)]) {
        if (pieceOf[e] !== piece) {
          if (parity === 1) return true;
          piece = pieceOf[e];
          parity = poleParity[piece];
        }
        if (x0[e] <= x === x1[e] <= x) continue;
        const y = y0[e] + ((x - x0[e]) / (x1[e] - x0[e])) * (y1[e] - y0[e]);
        if (y > latDeg || (y >= 90 && latDeg >= 90)) parity ^= 1;
      }
      return parity === 1;
    },
    hasEdgeNear(lonDeg, latDeg, radiusKm) {
      const dLat = radiusKm / KM_PER_DEG;
      const isPolar = Math.abs(latDeg) + dLat > POLAR_DEG;
      const cosLat = Math.cos((latDeg * Math.PI) / 180);
      const poleward = Math.abs(latDeg) + dLat;
      const dLon =
        poleward >= 89.9 ? 180 : Math.min(180, dLat / Math.cos((poleward * Math.PI) / 180));
      const columnA = Math.floor((lonDeg - dLon + 180) / COLUMN_DEG);
      const span = Math.min(COLUMNS - 1, Math.ceil((2 * dLon) / COLUMN_DEG) + 1);
      for (let k = 0; k <= span; k++) {
        const column = (((columnA + k) % COLUMNS) + COLUMNS) % COLUMNS;
        for (const e of columns[column]) {
          if (Math.min(y0[e], y1[e]) > latDeg + dLat || Math.max(y0[e], y1[e]) < latDeg - dLat) {
            continue;
          }
          if (isPolar) return true;
          const ax = normaliseLonDeg(x0[e] - lonDeg);
          if (nearSegment(ax, e, latDeg, cosLat, dLat)) return true;
          // An edge may be wider than half the Earth: seen from its other end too.
          const bx = normaliseLonDeg(x1[e] - lonDeg) - (x1[e] - x0[e]);
          if (bx !== ax && nearSegment(bx, e, latDeg, cosLat, dLat)) return true;
        }
      }
      return false;
    },
  };

  function nearSegment(
    startX: number,
    e: number,
    latDeg: number,
    cosLat: number,
    limitDeg: number,
  ): boolean {
    const ax = startX * cosLat;
    const ay = y0[e] - latDeg;
    const dx = (x1[e] - x0[e]) * cosLat;
    const dy = y1[e] - y0[e];
    const length = dx * dx + dy * dy;
    const t = length > 0 ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length)) : 0;
    // A few per cent wider than asked, for the curvature that the local plane leaves out.
    return Math.hypot(ax + t * dx, ay + t * dy) <= limitDeg * 1.05;
  }
}

function columnOf(lonDeg: number): number {
  return Math.min(COLUMNS - 1, Math.max(0, Math.floor((lonDeg + 180) / COLUMN_DEG)));
}
