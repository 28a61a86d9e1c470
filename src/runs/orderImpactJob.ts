import { Worker } from 'node:worker_threads';
import { BeamkeeperError } from '../orbits/index.ts';
import type { OrderImpact } from './orderImpact.ts';
import type { OrderImpactTask } from './orderImpactWorker.ts';
import type { OnProgress } from './worldRequest.ts';

/** In the sources a worker is started from `.ts`, in the package from `.js`. */
const FILE = import.meta.url.endsWith('.ts') ? './orderImpactWorker.ts' : './orderImpactWorker.js';

/**
 * Computes an order's impact in a thread of its own, from the public files of the log.
 *
 * @param signal stops it
 * @throws BeamkeeperError what the computation throws, `CANCELLED`
 */
export function orderImpactJob(
  task: OrderImpactTask,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<OrderImpact> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(FILE, import.meta.url), { workerData: task });
    const stop = (): void => {
      void worker.terminate();
      reject(new BeamkeeperError('CANCELLED', 'the computation was stopped'));
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: { done: number; total: number } | OrderImpact) => {
      if ('done' in message) onProgress(message.done, message.total);
      else resolve(message);
    });
    worker.on('error', error => {
      const { code, message } = error as Error & { code?: string };
      reject(new BeamkeeperError(code ?? 'INTERNAL', message, { cause: error }));
    });
    worker.on('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new BeamkeeperError('INTERNAL', 'the computation ended early', { isBadInput: false }));
    });
  });
}
