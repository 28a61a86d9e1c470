import {
  BeamkeeperError,
  epochOf,
  formatInstant,
  readCatalogue,
  satelliteGeneration,
} from '../../src/orbits/index.ts';
import { writeElementFile } from '../../src/service/index.ts';
import type { OwnElements } from './messages.ts';

/** Several times what is in orbit: beyond it a page has no answer within a slot. */
const MAX_SATELLITES = 60_000;

/**
 * Element sets that the reader brought along, in any format that the command line takes.
 *
 * @throws BeamkeeperError that says what is wrong with the file, and where
 */
export function readOwnElements(name: string, bytes: Uint8Array): OwnElements {
  const { records, rejected } = readCatalogue(bytes, name);
  if (records.length > MAX_SATELLITES) {
    throw new BeamkeeperError(
      'CATALOGUE_TOO_LARGE',
      `${name} has ${records.length} satellites, this page computes with ${MAX_SATELLITES} at most; take those of one operator`,
    );
  }
  const epochs = records.map(epochOf).sort((a, b) => a.jd - b.jd || a.fraction - b.fraction);
  const generations: Record<string, number> = {};
  for (const record of records) {
    const generation = satelliteGeneration(record);
    generations[generation] = (generations[generation] ?? 0) + 1;
  }
  return {
    name,
    elements: writeElementFile(records),
    count: records.length,
    generations,
    epoch: formatInstant(epochs[epochs.length >> 1]),
    rejectedCount: rejected.length,
    firstRejection: rejected[0]?.message ?? null,
  };
}
