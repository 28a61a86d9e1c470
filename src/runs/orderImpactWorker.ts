/** Computes an order's impact off the server's main thread: reads the public log, posts what it found. */
import { parentPort, workerData } from 'node:worker_threads';
import { readSwitch } from '../store/readSwitch.ts';
import { computeOrderImpact, type OrderWorld } from './orderImpact.ts';

export interface OrderImpactTask {
  readonly dataFolder: string;
  readonly orderHash: string;
  readonly twin: string;
  readonly world: OrderWorld;
  readonly nowMs: number;
  /** Entries of the log to take into account; absent: all. */
  readonly logSize?: number | undefined;
}

const task = workerData as OrderImpactTask;
const { control } = await readSwitch(task.dataFolder);
const state = task.logSize === undefined ? control.state : control.stateAt(task.logSize);
const { report, body } = await computeOrderImpact(
  state,
  task.orderHash,
  task.twin,
  task.world,
  (done, total) => parentPort?.postMessage({ done, total }),
  task.nowMs,
);
parentPort?.postMessage({ report, body });
