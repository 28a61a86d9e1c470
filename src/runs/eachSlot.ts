import { setImmediate } from 'node:timers/promises';
import type { Instant } from '../orbits/index.ts';
import type { OnProgress } from './worldRequest.ts';

/** Evaluates the slots in order and lets the event loop turn between them, so that Ctrl-C is heard. */
export async function eachSlot(
  slots: readonly Instant[],
  evaluate: (at: Instant) => void,
  onProgress: OnProgress | undefined,
): Promise<void> {
  for (let i = 0; i < slots.length; i++) {
    evaluate(slots[i]);
    onProgress?.(i + 1, slots.length);
    await setImmediate();
  }
}
