import { cellArea, cellToBoundary, latLngToCell } from 'h3-js';
import { SAMPLE_COUNT, sampleCell } from './buildCells.ts';
import { cellOrder } from './cellOrder.ts';
import type { CellTable, Membership } from './cellTable.ts';
import type { Polygon } from './polygon.ts';
import { createPolygonLocator } from './polygonLocator.ts';

/** No cell reaches farther from its centre, by resolution (a quarter more than the average edge; h3geo.org/docs/core-library/restable). */
const CELL_REACH_KM = [1400, 530, 200, 78, 30, 12.5] as const;

/**
 * The cells that a polygon touches. A cell near the outline is sampled at 54 points of equal area.
 *
 * `insideShare`: the polygon is taken to be drawn around land, so its part of a coastal cell counts
 * as land first (part / land of the cell, at most 1); `isWhollyInside`: all samples are inside.
 */
export function polygonMembership(polygon: Polygon, cells: CellTable): Membership {
  const locator = createPolygonLocator(polygon);
  const reachKm = CELL_REACH_KM[cells.resolution];
  const [west, south, east, north] = polygon.bboxDeg;
  const reachDeg = reachKm / 111;
  const order = cellOrder(cells.resolution);
  const halves = new Uint32Array(cells.h3.buffer, cells.h3.byteOffset, 2 * cells.count);
  const width = west <= east ? east - west : east + 360 - west;
  const cellIndex: number[] = [];
  const insideShare: number[] = [];
  const isCentreInside: number[] = [];
  const isWhollyInside: number[] = [];
  for (let cell = 0; cell < cells.count; cell++) {
    const latDeg = (cells.latRad[cell] * 180) / Math.PI;
    if (latDeg < south - reachDeg || latDeg > north + reachDeg) continue;
    const lonDeg = (cells.lonRad[cell] * 180) / Math.PI;
    const poleward = Math.min(90, Math.abs(latDeg) + reachDeg);
    const margin = poleward > 85 ? 360 : reachDeg / Math.cos((poleward * Math.PI) / 180);
    const east0 = (((lonDeg - (west - margin)) % 360) + 360) % 360;
    if (width + 2 * margin < 360 && east0 > width + 2 * margin) continue;

    const isCentre = locator.contains(lonDeg, latDeg);
    if (!locator.hasEdgeNear(lonDeg, latDeg, reachKm)) {
      if (!isCentre) continue;
      cellIndex.push(cell);
      insideShare.push(1);
      isCentreInside.push(1);
      isWhollyInside.push(1);
      continue;
    }
    let inside = 0;
    const boundary = cellToBoundary([halves[2 * cell], halves[2 * cell + 1]]);
    sampleCell(boundary, lonDeg, latDeg, (lon, lat) => {
      if (locator.contains(lon, lat)) inside++;
    });
    if (inside === 0 && !isCentre) continue;
    const isWhole = inside === SAMPLE_COUNT;
    const part = inside / SAMPLE_COUNT;
    const ordinal = order.ordinalOf(halves[2 * cell + 1], halves[2 * cell]);
    const land = cells.parts === undefined ? 1 : cells.parts.landShare[ordinal] / 255;
    cellIndex.push(cell);
    insideShare.push(isWhole ? 1 : Math.min(1, land > 0 ? part / land : part));
    isCentreInside.push(isCentre ? 1 : 0);
    isWhollyInside.push(isWhole ? 1 : 0);
  }
  if (cellIndex.length === 0) {
    for (const [cell, share] of cellsOfCorners(polygon, cells)) {
      cellIndex.push(cell);
      insideShare.push(share);
      isCentreInside.push(0);
      isWhollyInside.push(0);
    }
  }
  return {
    cellIndex: Int32Array.from(cellIndex),
    insideShare: Float32Array.from(insideShare),
    isCentreInside: Uint8Array.from(isCentreInside),
    isWhollyInside: Uint8Array.from(isWhollyInside),
  };
}

/** A polygon that falls between all samples lies in the cells of its corners, in proportion to its size. */
function cellsOfCorners(polygon: Polygon, cells: CellTable): [cell: number, share: number][] {
  const found = new Map<string, number>();
  const kmPerDeg = 111.2;
  let areaKm2 = 0;
  for (const { rings } of polygon.pieces) {
    rings.forEach((ring, r) => {
      let twice = 0;
      for (let i = 0; i + 1 < ring.latDeg.length; i++) {
        twice += ring.lonDeg[i] * ring.latDeg[i + 1] - ring.lonDeg[i + 1] * ring.latDeg[i];
        const id = latLngToCell(ring.latDeg[i], ring.lonDeg[i], cells.resolution);
        found.set(id, (found.get(id) ?? 0) + 1);
      }
      const sizeKm2 =
        (Math.abs(twice) / 2) * kmPerDeg ** 2 * Math.cos((ring.latDeg[0] * Math.PI) / 180);
      areaKm2 += r === 0 ? sizeKm2 : -sizeKm2;
    });
  }
  const cornerCount = [...found.values()].reduce((sum, count) => sum + count, 0);
  return [...found]
    .flatMap(([id, count]): [number, number][] => {
      const cell = indexOfCell(cells, BigInt(`0x${id}`));
      if (cell < 0) return [];
      const partKm2 = (Math.max(0, areaKm2) * count) / cornerCount;
      return [[cell, Math.min(1, partKm2 / cellArea(id, 'km2'))]];
    })
    .sort(([a], [b]) => a - b);
}

function indexOfCell(cells: CellTable, id: bigint): number {
  let low = 0;
  let high = cells.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cells.h3[middle] < id) low = middle + 1;
    else high = middle;
  }
  return low < cells.count && cells.h3[low] === id ? low : -1;
}
