import { cellToLatLng, cellToParent } from 'h3-js';
import type { CellTable } from '../earth/cellTable.ts';
import { BeamkeeperError } from '../orbits/error.ts';

/** WGS84. */
const SEMI_MAJOR_KM = 6378.137;
const FLATTENING = 1 / 298.257223563;
const ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);

/** Polar radius less 1 km: the smallest Earth under a cell gives the widest view. */
export const SMALLEST_RADIUS_KM = 6355.7;
/** Geodetic and geocentric zenith differ by at most 0.193°. */
export const VERTICAL_DEFLECTION_RAD = (0.2 * Math.PI) / 180;

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
 * the same H3 parent; ids sort by parent, so a group is a range of the table. Middle and radius are
 * the parent's own, so that they do not depend on which of its cells are in the table.
 */
export interface CellGroups {
  readonly count: number;
  /** `count + 1` offsets into the cells. */
  readonly firstCell: Int32Array;
  /** Geocentric unit vector of the parent's centre. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Angular radius, rad, that holds the centres of all cells of a parent. */
  readonly radiusRad: number;
  readonly maxCells: number;
}

/**
 * Resolution of the parent that makes a group, and the largest geocentric angle between the parent's
 * centre and the centre of one of its cells: 1.04 × the maximum over the Earth's parents.
 */
const GROUPING: Readonly<Record<number, { parentResolution: number; radiusRad: number }>> = {
  3: { parentResolution: 2, radiusRad: 1.04 * 0.020622 },
  4: { parentResolution: 3, radiusRad: 1.04 * 0.007796 },
  5: { parentResolution: 3, radiusRad: 1.04 * 0.010623 },
};

/**
 * Groups the cells of a table (ascending ids) by their parents.
 *
 * @throws BeamkeeperError `RESOLUTION` for a resolution other than 3, 4, 5
 */
export function groupCells(cells: CellTable): CellGroups {
  const grouping = GROUPING[cells.resolution];
  if (grouping === undefined) {
    throw new BeamkeeperError(
      'RESOLUTION',
      `cells of H3 resolution ${cells.resolution} cannot be evaluated; use 3, 4 or 5`,
    );
  }
  const { parentResolution, radiusRad } = grouping;
  // The digit of resolution r sits in bits 45 − 3r … 47 − 3r of an H3 index: drop all below the parent's.
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
  const latRad = new Float64Array(count);
  const lonRad = new Float64Array(count);
  let maxCells = 0;
  starts.forEach((first, g) => {
    const parent = cellToParent(cells.h3[first].toString(16), parentResolution);
    const [latDeg, lonDeg] = cellToLatLng(parent);
    latRad[g] = (latDeg * Math.PI) / 180;
    lonRad[g] = (lonDeg * Math.PI) / 180;
    maxCells = Math.max(maxCells, (starts[g + 1] ?? cells.count) - first);
  });
  const centre = groundGeometry(latRad, lonRad);
  const radius = Float64Array.from(centre.xKm, (x, g) =>
    Math.hypot(x, centre.yKm[g], centre.zKm[g]),
  );
  return {
    count,
    firstCell: Int32Array.from([...starts, cells.count]),
    x: centre.xKm.map((x, g) => x / radius[g]),
    y: centre.yKm.map((y, g) => y / radius[g]),
    z: centre.zKm.map((z, g) => z / radius[g]),
    radiusRad,
    maxCells,
  };
}
