import { constants } from 'node:os';
import { removePartials } from '../store/atomicWrite.ts';

/** Ctrl-C, a closed terminal, a closed pipe: stop at once, leave nothing half-written. */
export function handleInterruption(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      removePartials();
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[2Kstopped; nothing was written\n');
      process.exit(128 + constants.signals[signal]);
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Whoever read the output has gone, as `head` does: no failure of ours.
      if (error.code !== 'EPIPE') throw error;
      removePartials();
      process.exit(0);
    });
  }
}
