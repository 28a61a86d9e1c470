import { BeamkeeperError } from '../orbits/error.ts';
import { cellOrder } from './cellOrder.ts';
import {
  type CellParts,
  type CellTable,
  type EdgeRule,
  type Membership,
  NO_TERRITORY,
} from './cellTable.ts';
import type { Territory } from './territories.ts';

/**
 * The cells that a territory touches, by its land or its 12-nm waters.
 *
 * `insideShare` is the share of the cell's people inside: where they live in parts that the tables
 * tell apart, else the territory's share of the cell's land (of its waters when it has no land).
 * `isWhollyInside`: no other territory's land or waters in the cell; the high seas do not count.
 */
export function territoryMembership(territory: Territory, cells: CellTable): Membership {
  const parts = partsOf(cells);
  const isOwn = new Uint8Array(65536);
  for (const part of territory.parts) isOwn[part] = 1;
  const cellIndex: number[] = [];
  const insideShare: number[] = [];
  const isCentreInside: number[] = [];
  const isWhollyInside: number[] = [];
  forCells(cells, parts, (cell, ordinal, m) => {
    const isCentre = isOwn[parts.centrePart[ordinal]];
    if (m < 0) {
      if (isCentre === 0) return;
      cellIndex.push(cell);
      insideShare.push(1);
      isCentreInside.push(1);
      isWhollyInside.push(1);
      return;
    }
    let ownRows = 0;
    let share = 0;
    const from = parts.mixedStart[m];
    const to = parts.mixedStart[m + 1];
    for (let r = from; r < to; r++) {
      if (isOwn[parts.mixedPart[r]] === 0) continue;
      ownRows++;
      share += parts.mixedShare[r];
    }
    if (ownRows === 0) return;
    const isWhole = ownRows === to - from;
    cellIndex.push(cell);
    insideShare.push(isWhole ? 1 : Math.min(1, share));
    isCentreInside.push(isCentre);
    isWhollyInside.push(isWhole ? 1 : 0);
  });
  return {
    cellIndex: Int32Array.from(cellIndex),
    insideShare: Float32Array.from(insideShare),
    isCentreInside: Uint8Array.from(isCentreInside),
    isWhollyInside: Uint8Array.from(isWhollyInside),
  };
}

/**
 * Which cells of a membership an edge rule takes: `strict` those wholly inside, `centre` those whose
 * centre is inside, `covering` all that are touched. Ascending indices into the cell table.
 */
export function cellsByEdge(membership: Membership, edge: EdgeRule): Int32Array {
  const { cellIndex, isCentreInside, isWhollyInside } = membership;
  if (edge === 'covering') return cellIndex.slice();
  const flags = edge === 'strict' ? isWhollyInside : isCentreInside;
  return cellIndex.filter((_, i) => flags[i] === 1);
}

/**
 * For every cell the territory that holds most of its people outside `inside`: the neighbour across
 * the border in a cell that straddles it, the cell's own territory elsewhere, `NO_TERRITORY` where
 * all is inside or high seas. Indices into `TerritoryIndex.territories`.
 */
export function outsideTerritoryOf(
  cells: CellTable,
  inside: readonly Territory[],
  parts: CellParts = partsOf(cells),
): Uint16Array {
  const isOwn = new Uint8Array(65536);
  for (const territory of inside) for (const part of territory.parts) isOwn[part] = 1;
  const outside = new Uint16Array(cells.count).fill(NO_TERRITORY);
  const sums = new Map<number, number>();
  forCells(cells, parts, (cell, ordinal, m) => {
    if (m < 0) {
      const part = parts.centrePart[ordinal];
      if (part !== NO_TERRITORY && isOwn[part] === 0) outside[cell] = parts.partTerritory[part];
      return;
    }
    sums.clear();
    for (let r = parts.mixedStart[m]; r < parts.mixedStart[m + 1]; r++) {
      const part = parts.mixedPart[r];
      if (isOwn[part] === 1) continue;
      const territory = parts.partTerritory[part];
      sums.set(territory, (sums.get(territory) ?? 0) + parts.mixedShare[r]);
    }
    let most = -1;
    for (const [territory, share] of sums) {
      if (share <= most) continue;
      most = share;
      outside[cell] = territory;
    }
  });
  return outside;
}

export function partsOf(cells: CellTable): CellParts {
  if (cells.parts === undefined) {
    throw new BeamkeeperError(
      'CELLS_WITHOUT_TERRITORIES',
      'this cell table was made without territories; read it with readCellTable',
      { isBadInput: false },
    );
  }
  return cells.parts;
}

/** Visits every cell with its ordinal on the whole Earth and its place among the mixed cells, -1 for none. */
export function forCells(
  cells: CellTable,
  parts: CellParts,
  visit: (cell: number, ordinal: number, mixed: number) => void,
): void {
  const order = cellOrder(cells.resolution);
  const halves = new Uint32Array(cells.h3.buffer, cells.h3.byteOffset, 2 * cells.count);
  const { mixedOrdinal } = parts;
  let m = 0;
  for (let cell = 0; cell < cells.count; cell++) {
    const ordinal = order.ordinalOf(halves[2 * cell + 1], halves[2 * cell]);
    if (ordinal < 0) continue;
    while (mixedOrdinal[m] < ordinal) m++;
    visit(cell, ordinal, mixedOrdinal[m] === ordinal ? m : -1);
  }
}
