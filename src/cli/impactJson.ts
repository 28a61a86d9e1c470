import { placeId } from '../runs/places.ts';
import type { WhatIfResult } from '../runs/whatIfRun.ts';
import { CELL_STATES } from '../service/index.ts';

/** The result as plain data, for programs. Field by field in docs/reports.md. */
export function impactJson(
  result: WhatIfResult,
  options: { readonly withCells: boolean; readonly files: Readonly<Record<string, string>> },
): Record<string, unknown> {
  const { impact, manifest, request } = result;
  const { cells, series, slotCount, stepS, edge, ...totals } = impact;
  return {
    command: 'whatif',
    at: manifest.at,
    forS: manifest.forS,
    stepS,
    slotCount,
    policy: {
      edge,
      view: result.ground.territories.view,
      off: result.places.length === 0 ? [] : request.off,
      places: result.places.map(place => ({ id: placeId(place), name: place.name })),
      restrict: request.restrict,
      deniedGatewayCountries: result.denied.map(placeId),
      terminals: request.terminals ?? 'all',
      rules: result.rules,
    },
    ...totals,
    catalog: manifest.catalog,
    people: manifest.people,
    gateways: manifest.gateways,
    seed: manifest.seed,
    resolution: manifest.resolution,
    reachKm: manifest.reachKm,
    terminal: manifest.terminal,
    backhaul: manifest.backhaul,
    parameters: manifest.parameters,
    generations: manifest.generations,
    warnings: manifest.warnings,
    files: options.files,
    series,
    ...(options.withCells ? { cells: cellRows(result) } : {}),
  };
}

/** One object a cell; NaN becomes null. */
export function cellRows(result: WhatIfResult): Record<string, string | number | null>[] {
  const { cells } = result.impact;
  const { territories } = result.ground.territories;
  return Array.from({ length: cells.count }, (_, i) => ({
    h3: cells.h3[i].toString(16),
    latDeg: round(cells.latDeg[i], 5),
    lonDeg: round(cells.lonDeg[i], 5),
    territory: territories[cells.territoryIndex[i]]?.id ?? null,
    people: round(cells.people[i], 1),
    insideShare: round(cells.insideShare[i], 4),
    servedShareBefore: round(cells.servedShareBefore[i], 4),
    servedShareAfter: round(cells.servedShareAfter[i], 4),
    stateBefore: CELL_STATES[cells.stateBefore[i]],
    stateAfter: CELL_STATES[cells.stateAfter[i]],
    latencyMsBefore: round(cells.latencyMsBefore[i], 2),
    latencyMsAfter: round(cells.latencyMsAfter[i], 2),
    shareMbpsBefore: round(cells.shareMbpsBefore[i], 2),
    shareMbpsAfter: round(cells.shareMbpsAfter[i], 2),
  }));
}

export function round(value: number | null, digits: number): number | null {
  return value !== null && Number.isFinite(value) ? Number(value.toFixed(digits)) : null;
}
