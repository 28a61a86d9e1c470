import { canonicalJson, type Entry, type EntryBodies, parseEntry } from '../control/index.ts';
import type { LogStore } from './tlogStore.ts';

/** Types of entry that the access log holds. */
export type AccessEntryType = 'access/v1' | 'decision/v1' | 'anchor/v1';

/** The log of every read of sealed content. Its entries have no state: they are records. */
export interface AccessLog {
  readonly entries: readonly Entry[];
  /** Resolves to the index once the entry is covered by a signed checkpoint on disk. */
  append<T extends AccessEntryType>(
    type: T,
    subject: string,
    bodyOf: (index: number) => EntryBodies[T],
  ): Promise<number>;
}

/**
 * @param stored what the log holds, checked
 * @param nowMs milliseconds since 1970; entries never run backwards
 */
export function createAccessLog(
  store: LogStore,
  stored: readonly Uint8Array[],
  nowMs: () => number,
): AccessLog {
  const entries = stored.map(parseEntry);
  const lastAbout = new Map(entries.map(({ subject, seq }) => [subject, seq]));
  /** One after the other: an entry names the one before it about its subject. */
  let turn: Promise<unknown> = Promise.resolve();
  return {
    entries,
    async append(type, subject, bodyOf) {
      const sequenced = turn.then(async () => {
        const lastMs = Date.parse(entries.at(-1)?.time ?? new Date(0).toISOString());
        const entry: Entry = {
          v: 1,
          type,
          seq: entries.length,
          time: new Date(Math.max(nowMs(), lastMs)).toISOString(),
          actor: 'org:server',
          subject,
          prev: lastAbout.get(subject) ?? null,
          body: bodyOf(entries.length),
        };
        const index = await store.append(new TextEncoder().encode(canonicalJson(entry)));
        entries.push(entry);
        lastAbout.set(subject, index);
        return index;
      });
      turn = sequenced.catch(() => undefined);
      const index = await sequenced;
      await store.published(index);
      return index;
    },
  };
}
