import { normaliseLonDeg } from './planarMap.ts';

/**
 * Shore edges in a grid, for the question whose shore is nearest.
 * Distances are on a sphere of 6,371.0088 km in the local tangent plane of the point asked about,
 * right to 0.1 % within 50 km, which is less than the maps' own error.
 */
export interface Coast {
  /**
   * Labels of shore edges within `radiusKm`, and the label of the nearest.
   * With `onlyIfSeveral`, nothing is measured when one label alone can be in reach.
   */
  nearest(lonDeg: number, latDeg: number, radiusKm: number): NearestShore;
  /** Label when all edges of the surrounding tiles have one; -1 for none at all, -2 for several. */
  onlyLabelNear(lonDeg: number, latDeg: number, radiusKm: number): number;
  /** Gathers the edges near a place, so that many points of one cell are measured against a short list. */
  gather(lonDeg: number, latDeg: number, radiusKm: number): GatheredShore;
}

export interface NearestShore {
  /** -1 when none is in reach. */
  readonly label: number;
  readonly distanceKm: number;
}

export interface GatheredShore {
  nearest(lonDeg: number, latDeg: number, radiusKm: number): NearestShore;
  /** Label when all gathered edges have one; -1 for none, -2 for several. */
  readonly onlyLabel: number;
}

export interface ShoreEdges {
  readonly count: number;
  readonly lon0Deg: Float64Array;
  readonly lat0Deg: Float64Array;
  readonly lon1Deg: Float64Array;
  readonly lat1Deg: Float64Array;
  readonly label: Uint16Array;
}

export const EARTH_MEAN_RADIUS_KM = 6371.0088;
const KM_PER_DEG = (Math.PI / 180) * EARTH_MEAN_RADIUS_KM;
const TILE_DEG = 0.25;
const COLUMNS = 1440;
const ROWS = 720;
const SEVERAL = 65534;
const NONE = 65535;

export function createCoast(edges: ShoreEdges): Coast {
  const { lon0Deg, lat0Deg, lon1Deg, lat1Deg, label, count } = edges;
  const start = new Uint32Array(COLUMNS * ROWS + 1);
  const fill = new Uint32Array(COLUMNS * ROWS);
  const tileLabel = new Uint16Array(COLUMNS * ROWS).fill(NONE);
  let items = new Uint32Array(0);
  for (const pass of [0, 1]) {
    if (pass === 1) {
      for (let t = 0; t < fill.length; t++) start[t + 1] = start[t] + fill[t];
      items = new Uint32Array(start[fill.length]);
      fill.fill(0);
    }
    for (let e = 0; e < count; e++) {
      const rowB = rowOf(Math.max(lat0Deg[e], lat1Deg[e]));
      const west = Math.min(lon0Deg[e], lon1Deg[e]);
      const east = Math.max(lon0Deg[e], lon1Deg[e]);
      const columnA = Math.floor((west + 180) / TILE_DEG);
      const columnB = Math.floor((east + 180) / TILE_DEG);
      for (let row = rowOf(Math.min(lat0Deg[e], lat1Deg[e])); row <= rowB; row++) {
        for (let column = columnA; column <= columnB; column++) {
          const tile = row * COLUMNS + wrap(column);
          if (pass === 1) {
            items[start[tile] + fill[tile]] = e;
            const known = tileLabel[tile];
            if (known === NONE) tileLabel[tile] = label[e];
            else if (known !== label[e]) tileLabel[tile] = SEVERAL;
          }
          fill[tile]++;
        }
      }
    }
  }

  const forTiles = (
    lonDeg: number,
    latDeg: number,
    radiusKm: number,
    visit: (tile: number) => boolean,
  ): void => {
    const dLat = radiusKm / KM_PER_DEG;
    const rowB = rowOf(latDeg + dLat);
    for (let row = rowOf(latDeg - dLat); row <= rowB; row++) {
      // The widest parallel of the row within reach decides how far the window goes east and west.
      const poleward = Math.min(89.9, Math.abs(latDeg) + dLat);
      const dLon = Math.min(180, dLat / Math.cos((poleward * Math.PI) / 180));
      const columnA = Math.floor((lonDeg - dLon + 180) / TILE_DEG);
      const columnB = Math.min(columnA + COLUMNS - 1, Math.floor((lonDeg + dLon + 180) / TILE_DEG));
      for (let column = columnA; column <= columnB; column++) {
        if (!visit(row * COLUMNS + wrap(column))) return;
      }
    }
  };

  const distanceSquaredKm = (
    e: number,
    lonDeg: number,
    latDeg: number,
    kmPerLon: number,
  ): number => {
    const ax = normaliseLonDeg(lon0Deg[e] - lonDeg) * kmPerLon;
    const ay = (lat0Deg[e] - latDeg) * KM_PER_DEG;
    const dx = normaliseLonDeg(lon1Deg[e] - lon0Deg[e]) * kmPerLon;
    const dy = (lat1Deg[e] - lat0Deg[e]) * KM_PER_DEG;
    const length = dx * dx + dy * dy;
    const t = length > 0 ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length)) : 0;
    const x = ax + t * dx;
    const y = ay + t * dy;
    return x * x + y * y;
  };

  const nearest = (lonDeg: number, latDeg: number, radiusKm: number): NearestShore => {
    const kmPerLon = KM_PER_DEG * Math.cos((latDeg * Math.PI) / 180);
    let best = radiusKm * radiusKm;
    let bestLabel = -1;
    forTiles(lonDeg, latDeg, radiusKm, tile => {
      for (let i = start[tile]; i < start[tile + 1]; i++) {
        const d = distanceSquaredKm(items[i], lonDeg, latDeg, kmPerLon);
        if (d < best || (d === best && label[items[i]] < bestLabel)) {
          best = d;
          bestLabel = label[items[i]];
        }
      }
      return true;
    });
    return {
      label: bestLabel,
      distanceKm: bestLabel < 0 ? Number.POSITIVE_INFINITY : Math.sqrt(best),
    };
  };

  return {
    nearest,
    onlyLabelNear(lonDeg, latDeg, radiusKm) {
      let only = -1;
      forTiles(lonDeg, latDeg, radiusKm, tile => {
        const here = tileLabel[tile];
        if (here === NONE) return true;
        if (here === SEVERAL || (only >= 0 && only !== here)) {
          only = -2;
          return false;
        }
        only = here;
        return true;
      });
      return only;
    },
    gather(lonDeg, latDeg, radiusKm) {
      const kmPerLon = KM_PER_DEG * Math.cos((latDeg * Math.PI) / 180);
      const limit = radiusKm * radiusKm;
      const found: number[] = [];
      let only = -1;
      forTiles(lonDeg, latDeg, radiusKm, tile => {
        for (let i = start[tile]; i < start[tile + 1]; i++) {
          const e = items[i];
          if (distanceSquaredKm(e, lonDeg, latDeg, kmPerLon) > limit) continue;
          found.push(e);
          if (only === -1) only = label[e];
          else if (only !== label[e]) only = -2;
        }
        return true;
      });
      return {
        onlyLabel: only,
        nearest(pointLonDeg, pointLatDeg, reachKm) {
          const scale = KM_PER_DEG * Math.cos((pointLatDeg * Math.PI) / 180);
          let best = reachKm * reachKm;
          let bestLabel = -1;
          for (const e of found) {
            const d = distanceSquaredKm(e, pointLonDeg, pointLatDeg, scale);
            if (d < best || (d === best && label[e] < bestLabel)) {
              best = d;
              bestLabel = label[e];
            }
          }
          return {
            label: bestLabel,
            distanceKm: bestLabel < 0 ? Number.POSITIVE_INFINITY : Math.sqrt(best),
          };
        },
      };
    },
  };
}

function rowOf(latDeg: number): number {
  return Math.min(ROWS - 1, Math.max(0, Math.floor((latDeg + 90) / TILE_DEG)));
}

function wrap(column: number): number {
  return ((column % COLUMNS) + COLUMNS) % COLUMNS;
}
