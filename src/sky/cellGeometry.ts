import type { CellTable } from '../earth/cellTable.ts';

/** WGS84. */
const SEMI_MAJOR_KM = 6378.137;
const FLATTENING = 1 / 298.257223563;
const ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);

/**
 * Where points stand and which way is up, Earth-fixed: positions in km on the WGS84 ellipsoid
 * (height 0), geodetic zenith as a unit vector.
 */
export interface GroundGeometry {
  readonly count: number;
  readonly xKm: Float64Array;
  readonly yKm: Float64Array;
  readonly zKm: Float64Array;
  readonly upX: Float64Array;
  readonly upY: Float64Array;
  readonly upZ: Float64Array;
}

/** Ground geometry of points given in geodetic radians. */
export function groundGeometry(latRad: Float64Array, lonRad: Float64Array): GroundGeometry {
  const count = latRad.length;
  const columns = Array.from({ length: 6 }, () => new Float64Array(count));
  const [xKm, yKm, zKm, upX, upY, upZ] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < count; i++) {
    const sinLat = Math.sin(latRad[i]);
    const cosLat = Math.cos(latRad[i]);
    const normal = SEMI_MAJOR_KM / Math.sqrt(1 - ECCENTRICITY_SQUARED * sinLat * sinLat);
    upX[i] = cosLat * Math.cos(lonRad[i]);
    upY[i] = cosLat * Math.sin(lonRad[i]);
    upZ[i] = sinLat;
    xKm[i] = normal * upX[i];
    yKm[i] = normal * upY[i];
    zKm[i] = normal * (1 - ECCENTRICITY_SQUARED) * sinLat;
  }
  return { count, xKm, yKm, zKm, upX, upY, upZ };
}

/**
 * Cells in groups that share their candidate satellites. A group is a run of consecutive cells with
 * the same H3 parent; ids sort by parent, so a group is a range of the table.
 */
export interface CellGroups {
  readonly count: number;
  /** `count + 1` offsets into the cells. */
  readonly firstCell: Int32Array;
  /** Geocentric unit vector of the group's middle, and cosine and sine of its angular radius. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly cosRadius: Float64Array;
  readonly sinRadius: Float64Array;
  readonly maxRadiusRad: number;
  readonly maxCells: number;
}

/** Resolution of the parent that makes a group, by cell resolution: 7 to 49 cells a group, radius under 200 km. */
const PARENT_RESOLUTION: Readonly<Record<number, number>> = { 3: 2, 4: 3, 5: 3, 6: 4 };

/** Groups the cells of a table (ascending ids) by their parents. */
export function groupCells(cells: CellTable, ground: GroundGeometry): CellGroups {
  const parentResolution = PARENT_RESOLUTION[cells.resolution] ?? cells.resolution;
  // Digit of resolution r sits in bits 45 − 3r … 47 − 3r (H3 index layout): drop everything below the parent's.
  const words = new Uint32Array(cells.h3.buffer, cells.h3.byteOffset, cells.count * 2);
  const highShift = 45 - 3 * parentResolution - 32;
  const starts: number[] = [];
  let previous = -1;
  for (let i = 0; i < cells.count; i++) {
    const key = words[2 * i + 1] >>> highShift;
    if (key !== previous) starts.push(i);
    previous = key;
  }
  const count = starts.length;
  const firstCell = Int32Array.from([...starts, cells.count]);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const z = new Float64Array(count);
  const cosRadius = new Float64Array(count);
  const sinRadius = new Float64Array(count);
  let maxRadiusRad = 0;
  let maxCells = 0;
  for (let g = 0; g < count; g++) {
    const from = firstCell[g];
    const to = firstCell[g + 1];
    let sx = 0;
    let sy = 0;
    let sz = 0;
    for (let i = from; i < to; i++) {
      sx += ground.xKm[i];
      sy += ground.yKm[i];
      sz += ground.zKm[i];
    }
    const length = Math.hypot(sx, sy, sz);
    x[g] = sx / length;
    y[g] = sy / length;
    z[g] = sz / length;
    let cos = 1;
    for (let i = from; i < to; i++) {
      const r = Math.hypot(ground.xKm[i], ground.yKm[i], ground.zKm[i]);
      cos = Math.min(cos, (x[g] * ground.xKm[i] + y[g] * ground.yKm[i] + z[g] * ground.zKm[i]) / r);
    }
    const radius = Math.acos(Math.min(1, cos));
    cosRadius[g] = Math.cos(radius);
    sinRadius[g] = Math.sin(radius);
    maxRadiusRad = Math.max(maxRadiusRad, radius);
    maxCells = Math.max(maxCells, to - from);
  }
  return { count, firstCell, x, y, z, cosRadius, sinRadius, maxRadiusRad, maxCells };
}
