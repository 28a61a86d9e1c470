import { setImmediate } from 'node:timers/promises';
import { type ElementSet, type Instant, secondsBetween } from '../orbits/index.ts';
import { type Pass, passesOver } from './passes.ts';
import type { OnProgress } from './worldRequest.ts';

/** Small enough that the event loop turns a few times a second. */
const CHUNK_SATELLITES = 256;

/** Passes of all satellites over a place, by rise time; a chunk of the fleet at a time, so that Ctrl-C is heard. */
export async function runPasses(
  request: {
    readonly records: readonly ElementSet[];
    readonly latRad: number;
    readonly lonRad: number;
    readonly from: Instant;
    readonly forS: number;
    readonly minElevationRad: number;
  },
  onProgress?: OnProgress,
): Promise<Pass[]> {
  const { records } = request;
  const passes: Pass[] = [];
  for (let first = 0; first < records.length; first += CHUNK_SATELLITES) {
    const chunk = records.slice(first, first + CHUNK_SATELLITES);
    for (const pass of passesOver({ ...request, records: chunk })) {
      passes.push({ ...pass, satelliteIndex: first + pass.satelliteIndex });
    }
    onProgress?.(Math.min(records.length, first + CHUNK_SATELLITES), records.length);
    await setImmediate();
  }
  return passes.sort(
    (a, b) => secondsBetween(b.rise, a.rise) || a.satelliteIndex - b.satelliteIndex,
  );
}
