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

const GENERATION_NAMES: readonly string[] = [
  'v1.0',
  'v1.5',
  'v2-mini',
  'direct-to-cell',
  'oneweb',
  'kuiper',
  'other',
] satisfies SatelliteGeneration[];

export function isSatelliteGeneration(text: string): text is SatelliteGeneration {
  return GENERATION_NAMES.includes(text);
}

/**
 * Generation of a satellite, by its name. Starlink numbers its satellites by generation: below 3000
 * v1.0 (launched to 2021-05; the few of 2019-05 count with them), 3000 to 6999 v1.5 (2021-06 to
 * 2023-07), 11000 to 11999 direct to cell (2024 on; the catalogue of 2026 tags exactly these `[DTC]`),
 * 30000 and above V2 mini (2023-02 on). Launch years and orbits of the catalogues of 2024-11 and
 * 2026-08 bear it out. Fleet tables and whoever else knows put the generation into the name in
 * brackets: `starlink-2026-08 [v2-mini] 12`.
 *
 * @returns `other` for designs, for objects not yet named, and for all other fleets
 */
export function satelliteGeneration(set: Pick<ElementSet, 'name'>): SatelliteGeneration {
  const tag = /\[([^\]]+)\]/.exec(set.name)?.[1] ?? '';
  if (isSatelliteGeneration(tag)) return tag;
  if (tag === 'DTC') return 'direct-to-cell';
  const name = set.name.toUpperCase();
  const number = Number(/^STARLINK[- ](\d+)/.exec(name)?.[1] ?? 0);
  if (number >= 30_000) return 'v2-mini';
  if (number >= 11_000 && number < 12_000) return 'direct-to-cell';
  if (number >= 3_000 && number < 7_000) return 'v1.5';
  if (number > 0 && number < 3_000) return 'v1.0';
  if (name.startsWith('ONEWEB')) return 'oneweb';
  if (name.startsWith('KUIPER')) return 'kuiper';
  return 'other';
}
