import { constants } from 'node:os';
import { removePartials } from '../store/atomicWrite.ts';

/** What a command that serves does before it ends: finish requests, close the log. */
let stopGracefully: (() => Promise<void>) | undefined;

/** From now on a signal ends the process through `stop`; a second signal ends it at once. */
export function stopWith(stop: () => Promise<void>): void {
  stopGracefully = stop;
}

/** Ctrl-C, a closed terminal, a closed pipe: stop at once, leave nothing half-written. */
export function handleInterruption(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const stop = stopGracefully;
      stopGracefully = undefined;
      if (stop) {
        stop().then(
          () => process.exit(0),
          (error: Error) => {
            process.stderr.write(`beamkeeper: ${error.message}\n`);
            process.exit(1);
          },
        );
        return;
      }
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
