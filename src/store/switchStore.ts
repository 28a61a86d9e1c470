import { join } from 'node:path';
import {
  type Anchor,
  BODY_SHAPES,
  type ControlState,
  canonicalJson,
  type Entry,
  type EntryAbout,
  type EntryBodies,
  type EntryType,
  foldAll,
  foldGenesis,
  type Genesis,
  nextEntry,
  type PolicySet,
  parseEntry,
  policySetFaults,
  type RunningFold,
  runningFold,
  type Sha256Hex,
  VerifiedSignatures,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import {
  checkLog,
  MAX_ENTRY_BYTES,
  openCheckpoint,
  parseVerifierKey,
  TlogError,
  toBase64,
} from '../tlog/index.ts';
import { type AccessLog, createAccessLog } from './accessLog.ts';
import { logSource } from './logSource.ts';
import { type LogStore, type LogStoreOptions, nodeSha256, openLogStore } from './tlogStore.ts';

export interface SwitchOptions
  extends Pick<LogStoreOptions, 'dataFolder' | 'keysFolder' | 'witnessPolicy' | 'exchange'> {
  /**
   * What checkpoints call the two logs: `<origin>/orders` and `<origin>/access`. Needed to begin one;
   * else the checkpoint says it.
   */
  readonly origin?: string | undefined;
  /** The clock of the one who sequences, milliseconds since 1970. */
  readonly nowMs?: () => number;
}

/** Entries written together: few enough that the log takes them in one write. */
const MAX_BATCH = 64;

/** An entry that is in the log for good. */
export interface Recorded {
  readonly index: number;
  readonly entry: Entry;
  /** The entry as stored: what is hashed and proven. */
  readonly bytes: Uint8Array;
}

/**
 * The switch in a data folder: the log of orders with the state that it folds to, and the log of
 * reads of sealed parts. One process writes.
 */
export interface SwitchStore {
  /** After the last sequenced entry. */
  readonly state: ControlState;
  readonly entries: readonly Recorded[];
  readonly orders: LogStore;
  readonly access: LogStore;
  readonly accessLog: AccessLog;
  nowMs(): number;
  /**
   * Puts an entry into the log, once its signatures hold and the rules give it effect; resolves when
   * it is covered by a signed checkpoint on disk.
   *
   * A vote that its voter signed is recorded even when it does not count: its nonce is used up, so it
   * cannot come alive later, and nobody can say that it was never handed in.
   *
   * @throws BeamkeeperError `NO_EFFECT` with the reason, `BODY` naming the field, `TOO_LARGE`,
   *   `POLICY_SET`;
   *   TlogError `STORAGE_FULL` and others: then nothing was recorded
   */
  record<T extends EntryType>(type: T, body: EntryBodies[T], about?: EntryAbout): Promise<Recorded>;
  /**
   * The same, but resolves as soon as the entry is durable on disk and has its index; a checkpoint
   * follows within a second. For many entries at once, each of which need not wait for one.
   */
  sequence<T extends EntryType>(
    type: T,
    body: EntryBodies[T],
    about?: EntryAbout,
  ): Promise<Recorded>;
  /** What {@link record} would refuse, without recording. */
  preview<T extends EntryType>(type: T, body: EntryBodies[T]): Promise<ControlState>;
  /** Stores an attachment under its hash, durable before an entry names it. */
  putBlob(data: Uint8Array): Promise<Sha256Hex>;
  readBlob(hash: Sha256Hex): Promise<Uint8Array | undefined>;
  /** Called for every entry from now on, when it is published; gives a way to stop. */
  onRecorded(listener: (recorded: Recorded) => void): () => void;
  /**
   * Lets each log name the other's newest checkpoint, if that has grown by more than anchors (which
   * would feed each other for ever). To be called every ten minutes.
   */
  anchor(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the switch of a data folder, and checks all of it first: every entry, every tile, every
 * signature. With a genesis it is begun, where there is nothing yet.
 *
 * @throws BeamkeeperError `SWITCH_MISSING` when there is none, `SWITCH_EXISTS` when there is one and
 *   a genesis is given; TlogError `LEDGER_LOCKED` while another process has it, and what
 *   {@link openLogStore} throws
 */
export async function openSwitch(options: SwitchOptions, genesis?: Genesis): Promise<SwitchStore> {
  const { dataFolder } = options;
  const stored = await storedOrigin(dataFolder);
  const origin = options.origin ?? stored;
  if (origin === undefined || (stored === undefined && !genesis)) {
    throw new BeamkeeperError(
      'SWITCH_MISSING',
      `${dataFolder}: holds no switch; begin one with: beamkeeper switch begin`,
    );
  }
  const orders = await openLogStore({ ...options, name: 'orders', origin: `${origin}/orders` });
  let access: LogStore | undefined;
  try {
    access = await openLogStore({ ...options, name: 'access', origin: `${origin}/access` });
    if (genesis && orders.log.size > 0) {
      throw new BeamkeeperError(
        'SWITCH_EXISTS',
        `${dataFolder}: holds a switch of ${orders.log.size} entries; a genesis begins an empty one`,
      );
    }
    return await createSwitch({ ...options, origin }, orders, access, genesis);
  } catch (error) {
    await access?.close();
    await orders.close();
    throw error;
  }
}

/** The origin of a switch that is there: its checkpoint's first line, without the log's name. */
async function storedOrigin(dataFolder: string): Promise<string | undefined> {
  const note = await logSource(join(dataFolder, 'ledger', 'orders')).read('checkpoint');
  if (note === undefined) return undefined;
  const [line] = new TextDecoder().decode(note).split('\n');
  return line.replace(/\/orders$/, '');
}

async function readEntries(folder: string, store: LogStore, origin: string): Promise<Uint8Array[]> {
  if (store.log.size === 0) return [];
  await store.log.publish();
  const entries: Uint8Array[] = [];
  await checkLog({
    sha256: nodeSha256,
    source: logSource(folder),
    origin,
    verifiers: [parseVerifierKey(nodeSha256, store.verifierKey)],
    onEntry: entry => entries.push(Uint8Array.from(entry)),
  });
  return entries;
}

/** What somebody wants recorded. */
interface Filing {
  readonly type: EntryType;
  readonly body: EntryBodies[EntryType];
  readonly about: EntryAbout | undefined;
}
interface Waiting {
  readonly filing: Filing;
  readonly resolve: (recorded: Recorded) => void;
  readonly reject: (error: unknown) => void;
}
/** An entry that fits on the state before it. */
interface Made extends Waiting {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  /** Why it has no effect; it is kept nevertheless. */
  readonly refusal: string | undefined;
}

async function createSwitch(
  options: SwitchOptions & { readonly origin: string },
  orders: LogStore,
  access: LogStore,
  genesis: Genesis | undefined,
): Promise<SwitchStore> {
  const { dataFolder, origin, nowMs = Date.now } = options;
  const ordersFolder = join(dataFolder, 'ledger', 'orders');
  const accessFolder = join(dataFolder, 'ledger', 'access');
  const signatures = new VerifiedSignatures(nodeSha256);
  const context = { sha256: nodeSha256, holds: signatures.holds };
  const entries: Recorded[] = [];
  const listeners = new Set<(recorded: Recorded) => void>();
  let state: ControlState | undefined;
  const accessLog = createAccessLog(
    access,
    await readEntries(accessFolder, access, `${origin}/access`),
    nowMs,
  );

  for (const bytes of await readEntries(ordersFolder, orders, `${origin}/orders`)) {
    const entry = parseEntry(bytes);
    await signatures.add(entry);
    entries.push({ index: entry.seq, entry, bytes });
  }
  if (entries.length > 0) {
    state = foldAll(
      entries.map(({ entry }) => entry),
      context,
    );
  }

  /** Entries are made one after the other: each is measured by the state that the last one left. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(work: () => Promise<R>): Promise<R> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };

  /** The entry that a filing makes on top of `from`: well formed, and small enough. */
  const entryOf = async (
    from: ControlState | undefined,
    { type, body, about }: Filing,
  ): Promise<{ entry: Entry; bytes: Uint8Array }> => {
    const malformed = Object.hasOwn(BODY_SHAPES, type)
      ? BODY_SHAPES[type](body, 'body')
      : `${type}: not a type of entry`;
    if (malformed !== undefined) throw new BeamkeeperError('BODY', malformed);
    const entry = nextEntry(from, type, body, nowMs(), about);
    const bytes = new TextEncoder().encode(canonicalJson(entry));
    if (bytes.length > MAX_ENTRY_BYTES) {
      throw new BeamkeeperError(
        'TOO_LARGE',
        `the entry has ${bytes.length} bytes, above ${MAX_ENTRY_BYTES}; split it, or put what grows into a blob`,
      );
    }
    return { entry, bytes };
  };

  /** The state in force with entries on top of it; it is a copy, and may grow. */
  const foldOf = (added: readonly Entry[]): RunningFold | undefined => {
    const base = state ?? (added.length > 0 ? foldGenesis(added[0], context) : undefined);
    if (!base) return undefined;
    const running = runningFold(base, context);
    for (const entry of state ? added : added.slice(1)) running.add(entry);
    return running;
  };
  /** Why the last entry of a fold has no effect. */
  const refusalIn = (running: RunningFold | undefined): string | undefined => {
    const last = running?.state.ineffective.at(-1);
    return last && last.seq === (running as RunningFold).state.size - 1 ? last.reason : undefined;
  };

  const waiting: Waiting[] = [];
  const sequence: SwitchStore['sequence'] = (type, body, about) =>
    new Promise((resolve, reject) => {
      waiting.push({ filing: { type, body, about }, resolve, reject });
      if (waiting.length === 1) void inTurn(fileWaiting);
    });
  /** Those who wait while the disk is busy share its next write. */
  const fileWaiting = async (): Promise<void> => {
    const batch = waiting.splice(0, MAX_BATCH);
    if (waiting.length > 0) void inTurn(fileWaiting);
    const verified = await Promise.allSettled(batch.map(({ filing }) => signatures.add(filing)));
    const made: Made[] = [];
    let running = foldOf([]);
    for (const [i, one] of batch.entries()) {
      try {
        const check = verified[i];
        if (check.status === 'rejected') throw check.reason;
        const { entry, bytes } = await entryOf(running?.state, one.filing);
        const nonceCount = running?.state.nonces.size;
        try {
          if (running) running.add(entry);
          else running = foldOf([entry]);
          const refusal = refusalIn(running);
          if (refusal !== undefined && running?.state.nonces.size === nonceCount) {
            throw new BeamkeeperError('NO_EFFECT', refusal);
          }
          await checkPolicies(one.filing);
          made.push({ ...one, entry, bytes, refusal });
        } catch (error) {
          // What was refused has left its traces in the copy.
          running = foldOf(made.map(({ entry: kept }) => kept));
          throw error;
        }
      } catch (error) {
        one.reject(error);
      }
    }
    if (made.length === 0) return;
    const appended = await Promise.allSettled(
      made.map(({ entry, bytes }) =>
        orders.append(index => {
          if (index === entry.seq) return bytes;
          throw new TlogError('STORAGE_WRITE', `entry ${index}, before this one, was not written`);
        }),
      ),
    );
    const written = made.filter((_, i) => appended[i].status === 'fulfilled');
    state = (written.length === made.length ? running : foldOf(written.map(({ entry }) => entry)))
      ?.state;
    for (const [i, result] of appended.entries()) {
      if (result.status === 'rejected') made[i].reject(result.reason);
      else conclude(made[i]);
    }
  };
  const conclude = ({ entry, bytes, refusal, resolve, reject }: Made): void => {
    const index = entry.seq;
    const recorded = { index, entry, bytes };
    entries.push(recorded);
    const published = orders.published(index);
    published.then(
      () => {
        for (const listener of listeners) listener(recorded);
      },
      () => undefined, // The one who records is told.
    );
    if (refusal === undefined) {
      resolve(recorded);
      return;
    }
    const error = new BeamkeeperError('NO_EFFECT', `${refusal} (recorded as entry ${index})`);
    published.then(() => reject(error), reject);
  };

  const record: SwitchStore['record'] = async (type, body, about) => {
    const recorded = await sequence(type, body, about);
    await orders.published(recorded.index);
    return recorded;
  };

  if (!state && genesis) await record('genesis/v1', genesis);
  if (!state) {
    throw new BeamkeeperError(
      'SWITCH_MISSING',
      `${dataFolder}: holds an empty log; begin it with: beamkeeper switch begin`,
    );
  }

  return {
    get state() {
      return state as ControlState;
    },
    entries,
    orders,
    access,
    accessLog,
    nowMs,
    record,
    sequence,
    preview: (type, body) =>
      inTurn(async () => {
        await signatures.add({ type, body });
        const running = foldOf([]) as RunningFold;
        running.add((await entryOf(state, { type, body, about: undefined })).entry);
        const refusal = refusalIn(running);
        if (refusal !== undefined) throw new BeamkeeperError('NO_EFFECT', refusal);
        await checkPolicies({ type, body });
        return running.state;
      }),
    putBlob: data => orders.log.putBlob(data),
    readBlob: hash => logSource(ordersFolder).read(`blob/${hash.slice(0, 2)}/${hash}`),
    onRecorded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async anchor() {
      const own = entries.map(({ entry }) => entry);
      if (hasGrown(accessLog.entries, own)) {
        await record('anchor/v1', await headOf(access), { actor: 'org:server', subject: 'anchor' });
      }
      if (hasGrown(own, accessLog.entries)) {
        const head = await headOf(orders);
        await accessLog.append('anchor/v1', 'anchor', () => head);
      }
    },
    async close() {
      await turn;
      try {
        await orders.close();
      } finally {
        await access.close();
      }
    },
  };
}

/**
 * A set of policies that fails, or that nobody could get rid of, never gets into the log. To be called
 * for what has an effect otherwise: strangers do not keep the engine busy.
 */
async function checkPolicies({ type, body }: Pick<Filing, 'type' | 'body'>): Promise<void> {
  if (type !== 'policySet/v1' && type !== 'genesis/v1') return;
  const { policySet } = body as { readonly policySet: PolicySet };
  // A log may begin without policies: then its server writes nothing that anybody signs.
  if (type === 'genesis/v1' && Object.keys(policySet).length === 0) return;
  const { cedarEngine } = await import('./cedarEngine.ts');
  const faults = policySetFaults(cedarEngine, policySet);
  if (faults.length > 0) throw new BeamkeeperError('POLICY_SET', `policySet: ${faults.join('; ')}`);
}

/** Whether a log holds more than anchors beyond what the other one last said of it. */
function hasGrown(log: readonly Entry[], other: readonly Entry[]): boolean {
  const last = other.findLast(({ type }) => type === 'anchor/v1');
  const size = last ? (last.body as Anchor).size : 0;
  return log.slice(size).some(({ type }) => type !== 'anchor/v1');
}

async function headOf({ log, verifierKey }: LogStore): Promise<Anchor> {
  const key = parseVerifierKey(nodeSha256, verifierKey);
  const { origin, size, root } = await openCheckpoint(log.checkpoint, log.origin, [key]);
  return { origin, size, root: toBase64(root) };
}
