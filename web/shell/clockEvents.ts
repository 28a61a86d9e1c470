import { signal } from '@preact/signals';
import type { EntryView } from '../../src/control/index.ts';

export type EventKind = 'order' | 'vote' | 'declaration' | 'disclosure' | 'other';

export interface ClockEvent {
  readonly index: number;
  readonly atMs: number;
  readonly kind: EventKind;
  readonly text: string;
}

/** Entries of the log, for the strip under the map. Empty where there is no log. */
export const clockEvents = signal<readonly ClockEvent[]>([]);

/** Asks for the newest entries; a page without a log goes on without them. */
export async function loadClockEvents(): Promise<void> {
  try {
    const response = await fetch('/api/v1/entries?limit=200&before=1000000000', {
      headers: { accept: 'application/json' },
    });
    if (!response.ok) return;
    const entries = (await response.json()) as readonly EntryView[];
    clockEvents.value = entries.map(({ index, time, type, subject }) => ({
      index,
      atMs: Date.parse(time),
      kind: kindOf(type),
      text: `${type} ${subject}`,
    }));
  } catch {
    // No server, or one without a log: the strip stays empty.
  }
}

function kindOf(type: string): EventKind {
  if (/vote|recus|ballot/.test(type)) return 'vote';
  if (/declar/.test(type)) return 'declaration';
  if (/order|execut|withdraw|cancel|amend/.test(type)) return 'order';
  if (/contact|claim|stance|disclos/.test(type)) return 'disclosure';
  return 'other';
}
