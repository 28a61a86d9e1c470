import type { PositionsEcef } from '../orbits/positions.ts';
import { type CellGroups, SMALLEST_RADIUS_KM, VERTICAL_DEFLECTION_RAD } from './cellGeometry.ts';

const BIN_DEG = 2;
const LAT_BINS = 180 / BIN_DEG;
const LON_BINS = 360 / BIN_DEG;
const RAD_PER_BIN = (BIN_DEG * Math.PI) / 180;

/** Which satellites may be in view of which group: CSR by group, satellites ascending. */
export interface Candidates {
  readonly offsets: Int32Array;
  satellites: Int32Array;
  /** 1 for a satellite that is a candidate of any group. */
  isInReach: Uint8Array;
}

/**
 * Finds, at each instant, the satellites that could be above the mask for any cell of each group.
 * A superset: the exact elevation test follows per cell. The groups stand still, so they are binned
 * once (2° × 2°); a satellite then looks at a handful of contiguous ranges.
 */
export interface CandidateSearch {
  find(satellites: PositionsEcef, minElevationRad: number): Candidates;
}

export function createCandidateSearch(groups: CellGroups): CandidateSearch {
  const binOf = new Int32Array(groups.count);
  const binStart = new Int32Array(LAT_BINS * LON_BINS + 1);
  for (let g = 0; g < groups.count; g++) {
    const bin =
      latBin(Math.asin(groups.z[g])) * LON_BINS + lonBin(Math.atan2(groups.y[g], groups.x[g]));
    binOf[g] = bin;
    binStart[bin + 1]++;
  }
  for (let b = 0; b < LAT_BINS * LON_BINS; b++) binStart[b + 1] += binStart[b];
  const binned = new Int32Array(groups.count);
  const cursor = binStart.slice(0, LAT_BINS * LON_BINS);
  for (let g = 0; g < groups.count; g++) binned[cursor[binOf[g]]++] = g;
  // Group columns in bin order, so that a range of bins is read straight through.
  const take = (column: Float64Array): Float64Array =>
    Float64Array.from(binned, group => column[group]);
  const gx = take(groups.x);
  const gy = take(groups.y);
  const gz = take(groups.z);

  const offsets = new Int32Array(groups.count + 1);
  const fill = new Int32Array(groups.count);
  let pairGroup = new Int32Array(1 << 16);
  let pairSatellite = new Int32Array(1 << 16);
  const result: Candidates = {
    offsets,
    satellites: new Int32Array(1 << 16),
    isInReach: new Uint8Array(0),
  };
  const cap = capAround(groups);

  const find = (satellites: PositionsEcef, minElevationRad: number): Candidates => {
    const mask = minElevationRad - VERTICAL_DEFLECTION_RAD;
    const cosMask = Math.cos(mask);
    let pairs = 0;
    offsets.fill(0);
    if (result.isInReach.length !== satellites.count) {
      result.isInReach = new Uint8Array(satellites.count);
    }
    result.isInReach.fill(0);
    for (let s = 0; s < satellites.count; s++) {
      const x = satellites.xKm[s];
      const y = satellites.yKm[s];
      const z = satellites.zKm[s];
      const r = Math.sqrt(x * x + y * y + z * z);
      if (!(r > SMALLEST_RADIUS_KM)) continue;
      const psi = Math.acos((SMALLEST_RADIUS_KM * cosMask) / r) - mask;
      if (!(psi > 0)) continue;
      const toCap = psi + cap.radiusRad;
      if (toCap < Math.PI && x * cap.x + y * cap.y + z * cap.z < r * Math.cos(toCap)) continue;
      const reach = psi + groups.radiusRad;
      const cosReach = Math.cos(reach);
      const lat = Math.asin(z / r);
      const lon = Math.atan2(y, x);
      const ux = x / r;
      const uy = y / r;
      const uz = z / r;
      const firstBand = latBin(Math.max(-Math.PI / 2, lat - reach));
      const lastBand = latBin(Math.min(Math.PI / 2, lat + reach));
      const isPoleInside = Math.abs(lat) + reach >= Math.PI / 2;
      const halfWidth = isPoleInside ? Math.PI : Math.asin(Math.sin(reach) / Math.cos(lat));
      const fromLon = Math.floor((lon - halfWidth + Math.PI) / RAD_PER_BIN);
      const toLon = Math.floor((lon + halfWidth + Math.PI) / RAD_PER_BIN);
      const isWholeBand = toLon - fromLon + 1 >= LON_BINS;
      const pairsBefore = pairs;
      for (let band = firstBand; band <= lastBand; band++) {
        const row = band * LON_BINS;
        // A range over ±180° is two ranges of the row.
        const a0 = isWholeBand ? 0 : Math.max(0, fromLon);
        const a1 = isWholeBand ? LON_BINS - 1 : Math.min(LON_BINS - 1, toLon);
        for (let part = 0; part < 2; part++) {
          let b0 = a0;
          let b1 = a1;
          if (part === 1) {
            if (isWholeBand) break;
            if (fromLon < 0) {
              b0 = fromLon + LON_BINS;
              b1 = LON_BINS - 1;
            } else if (toLon >= LON_BINS) {
              b0 = 0;
              b1 = toLon - LON_BINS;
            } else break;
          }
          const end = binStart[row + b1 + 1];
          for (let k = binStart[row + b0]; k < end; k++) {
            const dot = ux * gx[k] + uy * gy[k] + uz * gz[k];
            if (dot < cosReach) continue;
            if (pairs === pairGroup.length) {
              pairGroup = grow(pairGroup);
              pairSatellite = grow(pairSatellite);
            }
            const group = binned[k];
            pairGroup[pairs] = group;
            pairSatellite[pairs++] = s;
            offsets[group + 1]++;
          }
        }
      }
      if (pairs > pairsBefore) result.isInReach[s] = 1;
    }
    for (let g = 0; g < groups.count; g++) offsets[g + 1] += offsets[g];
    if (result.satellites.length < pairs) result.satellites = new Int32Array(pairGroup.length);
    fill.set(offsets.subarray(0, groups.count));
    for (let p = 0; p < pairs; p++) result.satellites[fill[pairGroup[p]]++] = pairSatellite[p];
    return result;
  };
  return { find };
}

/** A cap that holds all groups: lets a small territory pass over most satellites at once. */
function capAround(groups: CellGroups): { x: number; y: number; z: number; radiusRad: number } {
  let x = 0;
  let y = 0;
  let z = 0;
  for (let g = 0; g < groups.count; g++) {
    x += groups.x[g];
    y += groups.y[g];
    z += groups.z[g];
  }
  const length = Math.hypot(x, y, z);
  if (length === 0) return { x: 0, y: 0, z: 1, radiusRad: Math.PI };
  x /= length;
  y /= length;
  z /= length;
  let cos = 1;
  for (let g = 0; g < groups.count; g++) {
    cos = Math.min(cos, x * groups.x[g] + y * groups.y[g] + z * groups.z[g]);
  }
  return { x, y, z, radiusRad: Math.acos(Math.max(-1, cos)) + groups.radiusRad };
}

function latBin(latRad: number): number {
  return Math.min(LAT_BINS - 1, Math.max(0, Math.floor((latRad + Math.PI / 2) / RAD_PER_BIN)));
}

function lonBin(lonRad: number): number {
  return Math.min(LON_BINS - 1, Math.max(0, Math.floor((lonRad + Math.PI) / RAD_PER_BIN)));
}

function grow(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
