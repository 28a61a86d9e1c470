import { compactCells, gridDisk } from 'h3-js';
import { BeamkeeperError } from '../orbits/error.ts';
import type { CellTable } from './cellTable.ts';
import { cellsByEdge } from './membership.ts';
import { membershipOf } from './membershipOf.ts';
import type { Polygon } from './polygon.ts';
import type { Territory } from './territories.ts';

/** H3 cells of a territory: those whose centre lies inside. */
export interface TerritoryOutline {
  /** Resolution 5 and, where all children are in, coarser; sorted. */
  readonly cellsCompact: readonly string[];
  /** Resolution 5, on both sides of the line, each next to a cell of the other side; sorted. */
  readonly borderBand: readonly string[];
}

/**
 * The outline of a territory as orders name it: land and 12-nm waters, by the centre of the cell, and
 * the border band of one edge length (9.85 km at resolution 5, about what a network can verify of a
 * terminal's position).
 *
 * @param cells all cells of resolution 5, also those where nobody lives
 * @throws BeamkeeperError `NO_CELLS`
 */
export function territoryOutline(place: Territory | Polygon, cells: CellTable): TerritoryOutline {
  const taken = cellsByEdge(membershipOf(place, cells), 'centre');
  if (taken.length === 0) {
    throw new BeamkeeperError('NO_CELLS', `${place.name}: no cell has its centre there`);
  }
  const inside = new Set([...taken].map(cell => cells.h3[cell].toString(16)));
  const band = new Set<string>();
  for (const cell of inside) {
    const across = gridDisk(cell, 1).filter(near => !inside.has(near));
    if (across.length === 0) continue;
    band.add(cell);
    for (const near of across) band.add(near);
  }
  return { cellsCompact: compactCells([...inside]).sort(), borderBand: [...band].sort() };
}
