import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BeamkeeperError } from '../orbits/index.ts';
import { atomicWrite } from './atomicWrite.ts';

/** Windows and declarations of the rules last a year at most. */
const MAX_AHEAD_MS = 2 * 365 * 86_400_000;

/**
 * The clock of a demo: that of this machine, set forward at will, so that a cooling-off of three days
 * passes by a click. It never goes back, and outlives the process with the log that was written by it.
 */
export interface DemoClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** How far it has been set forward, ms. */
  aheadMs(): number;
  /** @throws BeamkeeperError `DEMO_CLOCK` beyond two years */
  advance(ms: number): Promise<void>;
}

/** @throws BeamkeeperError `DEMO_CLOCK` when its file is not what was written */
export async function openDemoClock(dataFolder: string): Promise<DemoClock> {
  const path = join(dataFolder, 'private', 'demo-clock');
  let aheadMs = await readAheadMs(path);
  return {
    nowMs: () => Date.now() + aheadMs,
    aheadMs: () => aheadMs,
    async advance(ms) {
      const next = aheadMs + ms;
      if (!(ms >= 0) || next > MAX_AHEAD_MS) {
        throw new BeamkeeperError(
          'DEMO_CLOCK',
          'the clock of a demo goes forward only, by two years at most; begin another demo',
        );
      }
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await atomicWrite(path, `${next}\n`);
      aheadMs = next;
    },
  };
}

async function readAheadMs(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(error => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '0';
    throw error;
  });
  const aheadMs = /^\d{1,12}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (!(aheadMs <= MAX_AHEAD_MS)) {
    throw new BeamkeeperError('DEMO_CLOCK', `${path}: not a number of milliseconds`);
  }
  return aheadMs;
}
