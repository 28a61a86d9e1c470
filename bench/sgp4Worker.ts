// One worker of bench/sgp4.ts: its own satellites, its own kernel and module instance.

import { parentPort, workerData } from 'node:worker_threads';
import type { ElementSet } from '../src/orbits/elementSet.ts';
import { createKernel } from '../src/orbits/kernelChoice.ts';
import { initialiseSgp4 } from '../src/orbits/sgp4Init.ts';

const { records, batches } = workerData as { records: ElementSet[]; batches: Float64Array[] };
const kernel = createKernel(initialiseSgp4(records), 'auto');

function propagateAll(): void {
  for (const minutes of batches) kernel.states(minutes);
}

parentPort?.on('message', (message: 'go' | 'stop') => {
  if (message === 'stop') {
    parentPort?.close();
    return;
  }
  propagateAll();
  parentPort?.postMessage('done');
});
propagateAll();
parentPort?.postMessage('ready');
