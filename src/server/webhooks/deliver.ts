import { entryView } from '../../control/index.ts';
import type { Database } from '../../store/database.ts';
import type { SwitchStore } from '../../store/switchStore.ts';
import type { Send } from './send.ts';
import { webhookSignature } from './signature.ts';

const FIRST_DELAY_MS = 10_000;
const LONGEST_DELAY_MS = 6 * 3_600_000;
/** Failing for so long, an endpoint is paused, which its owner sees. */
const GIVE_UP_MS = 3 * 86_400_000;
/** Entries to one endpoint in one turn, so that one that lags does not starve the others. */
const BATCH = 50;

interface WebhookRow extends Record<string, string | number | null> {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly former_secret: string | null;
  readonly next_index: number;
  readonly attempt: number;
  readonly failing_since_ms: number | null;
}

/** Sends what is due to every endpoint, each in the order of the log, at least once. */
export interface Deliverer {
  /** One turn; resolves when all endpoints that were due have been tried. */
  deliver(): Promise<void>;
}

export function createDeliverer(options: {
  readonly database: Database;
  readonly store: SwitchStore;
  readonly send: Send;
  readonly nowMs: () => number;
}): Deliverer {
  const { database, store, send, nowMs } = options;
  let turn: Promise<void> = Promise.resolve();

  async function deliverTo(hook: WebhookRow): Promise<void> {
    let next = hook.next_index;
    const { size } = store.state;
    const last = Math.min(size, next + BATCH);
    for (; next < last; next++) {
      const failure = await sendEntry(hook, next);
      if (failure !== undefined) {
        await postpone(hook, next, failure);
        return;
      }
    }
    await database.run(
      `UPDATE webhook SET next_index = ?, attempt = 0, failing_since_ms = NULL, next_attempt_ms = 0
       WHERE id = ? AND next_index = ?`,
      next,
      hook.id,
      hook.next_index,
    );
  }

  /** Why it was not taken; undefined when it was. */
  async function sendEntry(hook: WebhookRow, index: number): Promise<string | undefined> {
    // The envelope only: who wants the content reads it where it can be verified.
    const { body: _, ...envelope } = entryView(store.state, store.entries[index].entry);
    const text = JSON.stringify({ origin: store.orders.log.origin, ...envelope });
    const secrets = [hook.secret, ...(hook.former_secret === null ? [] : [hook.former_secret])];
    try {
      const status = await send(hook.url, text, {
        'Content-Type': 'application/json',
        'Beamkeeper-Signature': webhookSignature(text, secrets, Math.floor(nowMs() / 1000)),
        'Beamkeeper-Index': String(index),
      });
      return status >= 200 && status < 300 ? undefined : `it answered ${status}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async function postpone(hook: WebhookRow, next: number, why: string): Promise<void> {
    const atMs = nowMs();
    // Something got through before this one: the series of failures starts anew.
    const isFresh = next > hook.next_index;
    const attempt = isFresh ? 1 : hook.attempt + 1;
    const sinceMs = (isFresh ? null : hook.failing_since_ms) ?? atMs;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(20, attempt - 1));
    const isGivenUp = atMs + delayMs - sinceMs > GIVE_UP_MS;
    await database.run(
      `UPDATE webhook SET next_index = ?, attempt = ?, failing_since_ms = ?, next_attempt_ms = ?, paused = ?
       WHERE id = ? AND next_index = ?`,
      next,
      attempt,
      sinceMs,
      atMs + delayMs,
      isGivenUp ? `failing since ${new Date(sinceMs).toISOString()}: ${why}`.slice(0, 300) : null,
      hook.id,
      hook.next_index,
    );
  }

  return {
    deliver() {
      turn = turn.then(async () => {
        const due = await database.all<WebhookRow>(
          `SELECT id, url, secret, former_secret, next_index, attempt, failing_since_ms FROM webhook
           WHERE paused IS NULL AND next_attempt_ms <= ? AND next_index < ?`,
          nowMs(),
          store.state.size,
        );
        await Promise.all(due.map(deliverTo));
      });
      return turn;
    },
  };
}
