import type { Catalogue, CatalogueWarning, ElementSet } from './elementSet.ts';
import { type Instant, secondsBetween } from './instant.ts';
import { allocatePositionsEcef } from './positions.ts';
import { createPropagator } from './propagator.ts';
import { epochOf, staleWarnings } from './readCatalogue.ts';

/** What a catalogue is good for at an instant. */
export interface CatalogueCheck {
  /** Records that were taken. */
  readonly satelliteCount: number;
  /** How many records were rejected, per code; how many warnings, per code, stale epochs included. */
  readonly rejectedByCode: Readonly<Record<string, number>>;
  readonly warningsByCode: Readonly<Record<string, number>>;
  readonly oldestEpoch: Instant;
  readonly newestEpoch: Instant;
  /** Warnings of the reader, and one for each epoch more than 14 days away. */
  readonly warnings: readonly CatalogueWarning[];
  /** Taken, but without a position at the instant: they have decayed by then. */
  readonly decayed: readonly ElementSet[];
}

/**
 * Looks at a catalogue for one instant: what was rejected and why, how old the elements are, and which
 * satellites SGP4 no longer has in orbit.
 *
 * @param catalogue with one record at least, as `readCatalogue` gives it
 */
export function catalogueCheck(catalogue: Catalogue, at: Instant): CatalogueCheck {
  const { records } = catalogue;
  const positions = allocatePositionsEcef(records.length);
  createPropagator(records).positionsEcef(at, positions);
  const epochs = records.map(epochOf).sort((a, b) => secondsBetween(b, a));
  const warnings = [...catalogue.warnings, ...staleWarnings(records, at)];
  return {
    satelliteCount: records.length,
    rejectedByCode: countByCode(catalogue.rejected),
    warningsByCode: countByCode(warnings),
    oldestEpoch: epochs[0],
    newestEpoch: epochs[epochs.length - 1],
    warnings,
    decayed: records.filter((_, index) => Number.isNaN(positions.xKm[index])),
  };
}

function countByCode(items: readonly { readonly code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of items) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
