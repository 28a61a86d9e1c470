import type { CellTable, Membership } from './cellTable.ts';
import { territoryMembership } from './membership.ts';
import type { Polygon } from './polygon.ts';
import { polygonMembership } from './polygonMembership.ts';
import type { Territory } from './territories.ts';

/**
 * The cells that a territory, a disputed area or a user's polygon touches, with the share of each
 * cell's people inside. Territories and areas answer from tables made at build time.
 *
 * @example
 * const taiwan = membershipOf(findTerritory(index, 'TWN'), cells);
 * const off = cellsByEdge(taiwan, 'centre');
 */
export function membershipOf(place: Territory | Polygon, cells: CellTable): Membership {
  return place.kind === 'polygon'
    ? polygonMembership(place, cells)
    : territoryMembership(place, cells);
}
