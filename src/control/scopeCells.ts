import { getResolution, isValidCell, uncompactCells } from 'h3-js';
import type { Scope, Territory } from './types.ts';

/** Cells of orders and border bands: 252.9 km² on average (h3geo.org/docs/core-library/restable). */
export const SCOPE_RESOLUTION = 5;

/** Why an outline cannot be used; undefined when it can. */
export function territoryFault({ id, cellsCompact, borderBand }: Territory): string | undefined {
  const bad =
    cellsCompact.find(c => !isValidCell(c) || getResolution(c) > SCOPE_RESOLUTION) ??
    borderBand.find(c => !isValidCell(c) || getResolution(c) !== SCOPE_RESOLUTION);
  if (bad !== undefined) return `territory ${id}: ${bad} is not a cell of resolution 5`;
  if (cellsCompact.length === 0) return `territory ${id} has no cells`;
  return undefined;
}

// Outlines and scopes are parts of entries and never change, so what they spell out is kept.
const territoryCache = new WeakMap<Territory, ReadonlySet<string>>();
const scopeCache = new WeakMap<Scope, ReadonlySet<string>>();

/** Cells of a territory, resolution 5. */
export function territoryCells(territory: Territory): ReadonlySet<string> {
  let cells = territoryCache.get(territory);
  if (!cells) {
    cells = new Set(uncompactCells([...territory.cellsCompact], SCOPE_RESOLUTION));
    territoryCache.set(territory, cells);
  }
  return cells;
}

/**
 * Cells that a scope reaches. In the border band only a reading of `inside` reaches cells with an
 * order that takes service; `share` is decided terminal by terminal, so the cell itself stays on.
 * An order that gives service reaches the band unless it is read as `outside`.
 */
export function scopeCells(territory: Territory, scope: Scope): ReadonlySet<string> {
  let cells = scopeCache.get(scope);
  if (!cells) {
    const inside = territoryCells(territory);
    const isBandReached =
      scope.band === 'inside' || (scope.band === 'share' && scope.constraint.kind === 'none');
    const except = new Set([
      ...(scope.exceptCells ?? []),
      ...(isBandReached ? [] : territory.borderBand),
    ]);
    const wanted = scope.cells ? scope.cells.filter(cell => inside.has(cell)) : inside;
    cells = new Set([...wanted].filter(cell => !except.has(cell)));
    scopeCache.set(scope, cells);
  }
  return cells;
}

/** Whether two sets of cells have one in common. */
export function doOverlap(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  for (const cell of few) if (many.has(cell)) return true;
  return false;
}
