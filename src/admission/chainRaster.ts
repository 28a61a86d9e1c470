import { cellToBoundary, gridDisk, latLngToCell } from 'h3-js';

/** 0.1°: 11 km. One ring of cells around its middle covers it almost everywhere, two do everywhere. */
const BOXES_A_DEGREE = 10;
const WIDTH = 360 * BOXES_A_DEGREE;
const HEIGHT = 180 * BOXES_A_DEGREE;

/** Nothing is decided anywhere in the box. */
export const FREE = 0;
/** Several answers in one box: the cell itself must be looked up. */
export const MIXED = 1;
/** From here on: the number of the one chain of the whole box, plus this. */
export const FIRST_CHAIN = 2;

const RESOLUTION = 5;

/**
 * A map of the Earth in boxes of 0.1° that answers most positions without computing their H3 cell, and
 * never differs from it: a box is uniform only if the cell of its middle and the two rings around it, which
 * cover it wholly, have the same chain.
 */
export interface ChainRaster {
  /** `FREE`, `MIXED`, or a chain's number plus `FIRST_CHAIN`; degrees. */
  at(latDeg: number, lonDeg: number): number;
}

export function chainRaster(chainOf: ReadonlyMap<string, number>): ChainRaster {
  const boxes = new Uint16Array(WIDTH * HEIGHT);
  for (const cell of chainOf.keys()) {
    for (const box of boxesOf(cell)) {
      if (boxes[box] !== FREE) continue;
      const middle = latLngToCell(
        (Math.floor(box / WIDTH) + 0.5) / BOXES_A_DEGREE - 90,
        ((box % WIDTH) + 0.5) / BOXES_A_DEGREE - 180,
        RESOLUTION,
      );
      const chain = chainOf.get(middle);
      const isUniform =
        chain !== undefined &&
        chain + FIRST_CHAIN < 65_536 &&
        gridDisk(middle, 2).every(near => chainOf.get(near) === chain);
      boxes[box] = isUniform ? (chain as number) + FIRST_CHAIN : MIXED;
    }
  }
  return {
    at(latDeg, lonDeg) {
      const row = Math.min(HEIGHT - 1, ((latDeg + 90) * BOXES_A_DEGREE) | 0);
      const column = Math.min(WIDTH - 1, ((lonDeg + 180) * BOXES_A_DEGREE) | 0);
      return boxes[row * WIDTH + column];
    },
  };
}

/** Boxes that a cell may reach into: its bounds, with a margin for edges that bend outwards. */
function boxesOf(cell: string): number[] {
  const corners = cellToBoundary(cell);
  const lats = corners.map(([lat]) => lat);
  const margin = 0.02;
  const south = Math.max(0, row(Math.min(...lats) - margin));
  const north = Math.min(HEIGHT - 1, row(Math.max(...lats) + margin));
  // Around a pole a cell reaches into every column; across the date line, counted on from its first corner.
  const isPolar = Math.max(...lats.map(Math.abs)) > 89;
  const [[, firstLon]] = corners;
  const lons = corners.map(([, lon]) => lon - 360 * Math.round((lon - firstLon) / 360));
  const wide = margin / Math.max(0.01, Math.cos((Math.max(...lats.map(Math.abs)) * Math.PI) / 180));
  const west = isPolar ? 0 : column(Math.min(...lons) - wide);
  const east = isPolar ? WIDTH - 1 : column(Math.max(...lons) + wide);
  const boxes: number[] = [];
  for (
    let r = isPolar && lats[0] < 0 ? 0 : south;
    r <= (isPolar && lats[0] > 0 ? HEIGHT - 1 : north);
    r++
  ) {
    for (let c = west; c <= east; c++) boxes.push(r * WIDTH + ((c + WIDTH) % WIDTH));
  }
  return boxes;
}

function row(latDeg: number): number {
  return Math.floor((latDeg + 90) * BOXES_A_DEGREE);
}
function column(lonDeg: number): number {
  return Math.floor((lonDeg + 180) * BOXES_A_DEGREE);
}
