/** The instant by which the log goes: this machine's, and in a demo ahead of it by what was let pass. */
import { signal } from '@preact/signals';
import { get, post, revision } from './api.ts';

interface Clock {
  readonly now: string;
  readonly aheadMs: number;
}

/** Null: not a demo, or not asked yet. */
export const demoAheadMs = signal<number | null>(null);

/** Milliseconds since 1970. */
export function logNowMs(): number {
  return Date.now() + (demoAheadMs.value ?? 0);
}

/** Of a demo only. */
export async function readDemoClock(): Promise<void> {
  demoAheadMs.value = (await get<Clock>('/api/v1/demo/clock')).aheadMs;
}

/** @throws ApiProblem */
export async function letPass(hours: number): Promise<void> {
  demoAheadMs.value = (await post<Clock>('/api/v1/demo/clock', { hours })).aheadMs;
  revision.value++;
}
