import type { CellTable, Membership } from './cellTable.ts';
import type { Polygon } from './polygon.ts';

/** The cells that a polygon touches. */
export function polygonMembership(_polygon: Polygon, _cells: CellTable): Membership {
  throw new Error('polygons follow');
}
