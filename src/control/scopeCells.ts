import { getResolution, isValidCell, uncompactCells } from 'h3-js';
import { type Sha256, toHex } from '../tlog/index.ts';
import { canonicalJson } from './canonicalJson.ts';
import { cellsOf } from './cellList.ts';
import type { Scope, Territory } from './types.ts';

/** Cells of orders and border bands: 252.9 km² on average (h3geo.org/docs/core-library/restable). */
export const SCOPE_RESOLUTION = 5;

/** Why an outline cannot be used; undefined when it can. */
export function territoryFault(territory: Territory, sha256: Sha256): string | undefined {
  const { id } = territory;
  const cellsCompact = cellsOf(territory.cellsCompact);
  const bad =
    cellsCompact.find(c => !isValidCell(c) || getResolution(c) > SCOPE_RESOLUTION) ??
    bandCells(territory).find(c => !isValidCell(c) || getResolution(c) !== SCOPE_RESOLUTION);
  if (bad !== undefined) return `territory ${id}: ${bad} is not a cell of resolution 5`;
  if (cellsCompact.length === 0) return `territory ${id} has no cells`;
  const found = outlineDigest(territory, sha256);
  return found === territory.sha256
    ? undefined
    : `territory ${id}: its outline has the SHA-256 ${found}, not ${territory.sha256}`;
}

/** SHA-256 of an outline's canonical JSON, cell by cell, in hexadecimal. */
export function outlineDigest(
  { cellsCompact, borderBand }: Pick<Territory, 'cellsCompact' | 'borderBand'>,
  sha256: Sha256,
): string {
  const outline = { borderBand: cellsOf(borderBand), cellsCompact: cellsOf(cellsCompact) };
  return toHex(sha256(new TextEncoder().encode(canonicalJson(outline))));
}

// Outlines and scopes are parts of entries and never change, so what they spell out is kept.
const territoryCache = new WeakMap<Territory, ReadonlySet<string>>();
const bandCache = new WeakMap<Territory, readonly string[]>();
const scopeCache = new WeakMap<Scope, ReadonlySet<string>>();

/** Cells of a territory, resolution 5. */
export function territoryCells(territory: Territory): ReadonlySet<string> {
  let cells = territoryCache.get(territory);
  if (!cells) {
    cells = new Set(uncompactCells([...cellsOf(territory.cellsCompact)], SCOPE_RESOLUTION));
    territoryCache.set(territory, cells);
  }
  return cells;
}

/** Cells of a territory's border band, resolution 5. */
export function bandCells(territory: Territory): readonly string[] {
  let cells = bandCache.get(territory);
  if (!cells) {
    cells = cellsOf(territory.borderBand);
    bandCache.set(territory, cells);
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
      ...cellsOf(scope.exceptCells ?? []),
      ...(isBandReached ? [] : bandCells(territory)),
    ]);
    const wanted = scope.cells ? cellsOf(scope.cells).filter(cell => inside.has(cell)) : inside;
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
