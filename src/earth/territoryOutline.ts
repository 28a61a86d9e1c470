import { compactCells, gridDisk } from 'h3-js';
import type { CellTable } from './cellTable.ts';
import { forCells, partsOf } from './membership.ts';

/** H3 cells of a territory: those whose centre lies inside. */
export interface TerritoryOutline {
  /** Resolution 5 and, where all children are in, coarser; sorted. */
  readonly cellsCompact: readonly string[];
  /** Resolution 5, on both sides of the line, each next to a cell of the other side; sorted. */
  readonly borderBand: readonly string[];
}

/**
 * The outline of a territory as orders name it, with the border band of one edge length (9.85 km at
 * resolution 5, about what a network can verify of a terminal's position).
 *
 * @param inside cells of resolution 5, as H3 ids
 *
 * @example
 * const byPart = cellsByCentrePart(cells);
 * const { cellsCompact } = territoryOutline(estonia.parts.flatMap(part => byPart.get(part) ?? []));
 */
export function territoryOutline(inside: readonly string[]): TerritoryOutline {
  const isInside = new Set(inside);
  const band = new Set<string>();
  for (const cell of inside) {
    const across = gridDisk(cell, 1).filter(near => !isInside.has(near));
    if (across.length === 0) continue;
    band.add(cell);
    for (const near of across) band.add(near);
  }
  return { cellsCompact: compactCells([...inside]).sort(), borderBand: [...band].sort() };
}

/** H3 ids of the cells whose centre lies on the land or the 12-nm waters of a part, by part. */
export function cellsByCentrePart(cells: CellTable): ReadonlyMap<number, readonly string[]> {
  const parts = partsOf(cells);
  const byPart = new Map<number, string[]>();
  forCells(cells, parts, (cell, ordinal) => {
    const part = parts.centrePart[ordinal];
    const found = byPart.get(part);
    const id = cells.h3[cell].toString(16);
    if (found) found.push(id);
    else byPart.set(part, [id]);
  });
  return byPart;
}
