import { cellToBoundary } from 'h3-js';
import type { CellTable } from '../../src/earth/index.ts';
import type { CellShapes, Resolution } from './messages.ts';

/** Cells are drawn a little smaller than they are, so that the gaps show the grid. */
const SHRINK = 0.94;
const BASE_CELLS = 122;
const DEG = Math.PI / 180;

/**
 * Fans of triangles for the cells of a table (ids ascending, so sorted by H3 base cell). Longitudes run
 * on around the first corner of a cell; a cell over a pole gets its fan around the pole itself.
 */
export function cellShapes(cells: CellTable): CellShapes {
  const { count } = cells;
  const lonLat: number[] = [];
  const owner: number[] = [];
  const triangles: number[] = [];
  const rangeStart = new Uint32Array(BASE_CELLS + 1);
  const rangeCentre = new Float32Array(BASE_CELLS * 4);
  const centreRad = new Float32Array(count * 2);
  const sums = new Float64Array(BASE_CELLS * 3);
  const baseOf = (cell: number): number => Number((cells.h3[cell] >> 45n) & 127n);
  let base = -1;
  for (let cell = 0; cell < count; cell++) {
    const now = baseOf(cell);
    while (base < now) rangeStart[++base] = triangles.length;
    const lat = cells.latRad[cell];
    const lon = cells.lonRad[cell];
    centreRad[2 * cell] = lon;
    centreRad[2 * cell + 1] = lat;
    sums[3 * now] += Math.cos(lat) * Math.cos(lon);
    sums[3 * now + 1] += Math.cos(lat) * Math.sin(lon);
    sums[3 * now + 2] += Math.sin(lat);
    const corners = cellToBoundary(cells.h3[cell].toString(16)).map(([latDeg, lonDeg]) => [
      lonDeg * DEG,
      latDeg * DEG,
    ]);
    const first = lonLat.length / 2;
    const turns = corners.map(
      ([cornerLon], i) => near(corners[(i + 1) % corners.length][0], cornerLon) - cornerLon,
    );
    const isPolar = Math.abs(turns.reduce((sum, turn) => sum + turn, 0)) > 1;
    if (isPolar) {
      // Each side with the pole above it; the shrinking is left out.
      const pole = (Math.sign(lat) * Math.PI) / 2;
      corners.forEach(([cornerLon, cornerLat], i) => {
        const next = corners[(i + 1) % corners.length];
        const at = lonLat.length / 2;
        const nextLon = cornerLon + turns[i];
        lonLat.push(cornerLon, cornerLat, nextLon, next[1], nextLon, pole, cornerLon, pole);
        owner.push(cell, cell, cell, cell);
        triangles.push(at, at + 1, at + 2, at, at + 2, at + 3);
      });
      continue;
    }
    const centreLon = near(lon, corners[0][0]);
    for (const [cornerLon, cornerLat] of corners) {
      const unwrapped = near(cornerLon, corners[0][0]);
      lonLat.push(centreLon + (unwrapped - centreLon) * SHRINK, lat + (cornerLat - lat) * SHRINK);
      owner.push(cell);
    }
    for (let i = 2; i < corners.length; i++) triangles.push(first, first + i - 1, first + i);
  }
  while (base < BASE_CELLS) rangeStart[++base] = triangles.length;
  boundRanges();
  return {
    resolution: cells.resolution as Resolution,
    count,
    lonLatRad: Float32Array.from(lonLat),
    cellIndex: Uint32Array.from(owner),
    triangles: Uint32Array.from(triangles),
    rangeStart,
    rangeCentre,
    territoryIndex: cells.territoryIndex.slice(),
    isBorder: cells.isBorder.slice(),
    peopleCount: cells.peopleCount.slice(),
    centreRad,
  };

  /** A cap around each base cell's cells, for culling; a cell's own width is added. */
  function boundRanges(): void {
    const marginRad = 0.06;
    const least = new Float64Array(BASE_CELLS).fill(1);
    for (let b = 0; b < BASE_CELLS; b++) {
      const length = Math.hypot(sums[3 * b], sums[3 * b + 1], sums[3 * b + 2]) || 1;
      for (let axis = 0; axis < 3; axis++) rangeCentre[4 * b + axis] = sums[3 * b + axis] / length;
    }
    for (let cell = 0; cell < count; cell++) {
      const b = baseOf(cell);
      const lat = cells.latRad[cell];
      const lon = cells.lonRad[cell];
      const cosine =
        Math.cos(lat) * Math.cos(lon) * rangeCentre[4 * b] +
        Math.cos(lat) * Math.sin(lon) * rangeCentre[4 * b + 1] +
        Math.sin(lat) * rangeCentre[4 * b + 2];
      least[b] = Math.min(least[b], cosine);
    }
    for (let b = 0; b < BASE_CELLS; b++) {
      rangeCentre[4 * b + 3] = Math.acos(Math.max(-1, Math.min(1, least[b]))) + marginRad;
    }
  }
}

/** The same longitude, within half a turn of another. */
function near(lonRad: number, ofRad: number): number {
  return lonRad - 2 * Math.PI * Math.round((lonRad - ofRad) / (2 * Math.PI));
}
