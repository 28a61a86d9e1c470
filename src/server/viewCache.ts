import type { SwitchStore } from '../store/switchStore.ts';

/** Views depend on the clock too (days counted, windows closing): none is older than this. */
const MAX_AGE_MS = 1000;
const MAX_ENTRIES = 2000;

/** JSON of views, made once for each state of the log and second. */
export interface ViewCache {
  json(key: string, make: (now: string) => unknown): Buffer;
}

export function createViewCache(store: SwitchStore): ViewCache {
  let state: unknown;
  let madeMs = Number.NEGATIVE_INFINITY;
  const texts = new Map<string, Buffer>();
  return {
    json(key, make) {
      const nowMs = store.nowMs();
      if (
        store.state !== state ||
        Math.abs(nowMs - madeMs) >= MAX_AGE_MS ||
        texts.size >= MAX_ENTRIES
      ) {
        texts.clear();
        state = store.state;
        madeMs = nowMs;
      }
      const known = texts.get(key);
      if (known !== undefined) return known;
      // The log's time never runs backwards, the clock may.
      const now = new Date(Math.max(nowMs, store.state.timeMs)).toISOString();
      const text = Buffer.from(JSON.stringify(make(now)));
      texts.set(key, text);
      return text;
    },
  };
}
