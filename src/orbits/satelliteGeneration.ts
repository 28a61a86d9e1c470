import type { ElementSet } from './elementSet.ts';

/** Names used across the project: see the capacity of each in `service`. */
export type SatelliteGeneration =
  | 'v1.0'
  | 'v1.5'
  | 'v2-mini'
  | 'direct-to-cell'
  | 'oneweb'
  | 'kuiper'
  | 'other';

/**
 * Generation of a satellite, by its name. Starlink numbers its satellites by generation: 1xxx and 2xxx
 * v1.0 (launched 2019-11 to 2021-05), 3xxx to 6xxx v1.5 (to 2023-07), 11xxx direct to cell (2024 on),
 * 30xxx and above V2 mini (2023-02 on). Checked against launch years and orbits of the catalogue of
 * 2026-08-22: the 11xxx fly at 355–360 km and nowhere else. Fleet tables put the generation into the
 * name (`starlink-2026-08 v2-mini 12`).
 */
export function satelliteGeneration(set: Pick<ElementSet, 'name'>): SatelliteGeneration {
  const name = set.name.toUpperCase();
  const named = /\b(V1\.0|V1\.5|V2-MINI|DIRECT-TO-CELL)\b/.exec(name);
  if (named) return named[1]?.toLowerCase() as SatelliteGeneration;
  const number = Number(/STARLINK-(\d+)/.exec(name)?.[1] ?? Number.NaN);
  if (number >= 30_000) return 'v2-mini';
  if (number >= 11_000 && number < 30_000) return 'direct-to-cell';
  if (number >= 3_000 && number < 11_000) return 'v1.5';
  if (number > 0) return 'v1.0';
  if (name.includes('ONEWEB')) return 'oneweb';
  if (name.includes('KUIPER')) return 'kuiper';
  return 'other';
}
