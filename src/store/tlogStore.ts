import { hash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  cosignCheckpoint,
  createEd25519Signer,
  createLogSigner,
  fetchWitnessed,
  fromBase64,
  type HttpExchange,
  openLog,
  type Policy,
  parsePolicy,
  parseVerifierKey,
  type Sha256,
  TlogError,
  type TransparencyLog,
  toBase64,
  verifyCheckpoint,
} from '../tlog/index.ts';
import { TlogFolder } from './tlogFiles.ts';
import { takeTlogLock } from './tlogLock.ts';

/** SHA-256 as `tlog` wants it. */
export const nodeSha256: Sha256 = data => hash('sha256', data, 'buffer');

/** A witness that takes longer is passed over. */
const WITNESS_TIMEOUT_MS = 10_000;
/** Least time between checkpoints that somebody waits for, and until one that nobody waits for. */
const PUBLISH_AWAITED_MS = 250;
const PUBLISH_MS = 1000;

export interface LogStoreOptions {
  /** Holds `ledger/<name>` (served) and `private/<name>` (never served). */
  dataFolder: string;
  /** Holds `<name>/seed` and `<name>/signed`: another volume, never in the same backup set. */
  keysFolder: string;
  /** Name of the log's folders, such as `orders`. */
  name: string;
  /** What checkpoints call the log, such as `example.com/orders`. */
  origin: string;
  /**
   * Lines `witness <name> <vkey> <url>`, `group …`, `quorum …` (C2SP tlog-policy). Witnesses are asked at
   * start for what they cosigned last, those that do not answer are passed over; and after each
   * checkpoint to cosign it, which holds nobody up.
   */
  witnessPolicy?: string;
  exchange?: HttpExchange;
}

const exchangeInTime: HttpExchange = (url, init) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(WITNESS_TIMEOUT_MS) });

/** A log on disk, open for writing. */
export interface LogStore {
  log: TransparencyLog;
  /** The key by which others verify the log. */
  verifierKey: string;
  /** Publishes at once while somebody waits, but at most every 250 ms; else after a second. */
  append: TransparencyLog['append'];
  /** Resolves once an entry is covered by a signed checkpoint on disk, and has that done soon. */
  published(index: number): Promise<void>;
  /** Appends, and resolves to the index once it is covered by a signed checkpoint on disk. */
  appendPublished: TransparencyLog['append'];
  /**
   * Has the newest checkpoint cosigned now, and gives the time of the newest cosignature,
   * milliseconds since 1970. Undefined when no witness is configured or their quorum is not met.
   */
  witnessNowMs(): Promise<number | undefined>;
  /** Publishes what is left and gives the lock back. */
  close(): Promise<void>;
}

/**
 * Opens a log on disk, or begins it: makes a key, folders and the checkpoint of the empty tree.
 *
 * @throws TlogError `LEDGER_LOCKED` when another process writes it, and what {@link openLog} throws
 */
export async function openLogStore(options: LogStoreOptions): Promise<LogStore> {
  const { dataFolder, keysFolder, name, origin } = options;
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) {
    throw new TlogError('BAD_FORMAT', `"${name}" is not a name for a log (a-z, 0-9, . _ -)`);
  }
  const publishedFiles = new TlogFolder(join(dataFolder, 'ledger', name));
  const privateFiles = new TlogFolder(join(dataFolder, 'private', name), { isPrivate: true });
  const keys = new TlogFolder(join(keysFolder, name), { isPrivate: true });
  await privateFiles.makeRoot();
  const lock = await takeTlogLock(join(dataFolder, 'private', name));
  try {
    const seed = await readOrMakeSeed(keys, publishedFiles, origin);
    const key = await createEd25519Signer(nodeSha256, origin, seed);
    const verifiers = [parseVerifierKey(nodeSha256, key.verifierKey)];
    const policy =
      options.witnessPolicy === undefined
        ? undefined
        : parsePolicy(nodeSha256, `log ${key.verifierKey}\n${options.witnessPolicy}`);
    const signer = createLogSigner({
      sha256: nodeSha256,
      origin,
      signers: [key],
      verifiers,
      record: keys,
      copy: privateFiles,
    });
    const log = await openLog({
      sha256: nodeSha256,
      signer,
      verifiers,
      storage: { published: publishedFiles, private: privateFiles },
      witnessed: policy === undefined ? [] : await askWitnesses(policy, options, verifiers),
    });
    if (!(await publishedFiles.read('vkeys'))) {
      await publishedFiles.replace('vkeys', new TextEncoder().encode(`${key.verifierKey} 0\n`));
    }
    const cosign = policy && createCosigning(log, policy, options.exchange ?? exchangeInTime);
    const publisher = createPublisher(log, cosign);
    const published = (index: number): Promise<void> => {
      const isPublished = log.published(index);
      publisher.schedule();
      return isPublished;
    };
    return {
      log,
      verifierKey: key.verifierKey,
      async append(entry) {
        const index = await log.append(entry);
        publisher.schedule();
        return index;
      },
      published,
      async appendPublished(entry) {
        const index = await log.append(entry);
        await published(index);
        return index;
      },
      async witnessNowMs() {
        if (!policy || !(await cosign?.({ isFresh: true }))) return undefined;
        const nowSeconds = Math.floor(Date.now() / 1000);
        const note = await publishedFiles.read('checkpoint.witnessed');
        if (!note) return undefined;
        const { cosigners } = await verifyCheckpoint(policy, note, { nowSeconds });
        return 1000 * Math.max(...cosigners.map(({ timeSeconds }) => timeSeconds));
      },
      async close() {
        publisher.stop();
        try {
          await log.settle();
          if (!log.failure) {
            await log.publish();
            await cosign?.();
          }
        } finally {
          await publishedFiles.close();
          await privateFiles.close();
          await keys.close();
          await lock.release();
        }
      },
    };
  } catch (error) {
    await privateFiles.close();
    await lock.release();
    throw error;
  }
}

async function readOrMakeSeed(
  keys: TlogFolder,
  published: TlogFolder,
  origin: string,
): Promise<Uint8Array> {
  const text = await keys.read('seed');
  if (text) return fromBase64(new TextDecoder().decode(text).trim(), 'seed of the log');
  if (await published.read('checkpoint')) {
    throw new TlogError('LEDGER_ROLLBACK', `${origin}: the log is there, but its key is gone`);
  }
  const seed = randomBytes(32);
  await keys.createExclusive('seed', new TextEncoder().encode(`${toBase64(seed)}\n`));
  return seed;
}

async function askWitnesses(
  policy: Policy,
  { origin, exchange = exchangeInTime }: LogStoreOptions,
  verifiers: Parameters<typeof fetchWitnessed>[3],
): Promise<string[]> {
  const answers = await Promise.allSettled(
    policy.witnesses.flatMap(({ key, url }) =>
      url === undefined
        ? []
        : [fetchWitnessed(nodeSha256, { keys: [key], url }, origin, verifiers, exchange)],
    ),
  );
  return answers.flatMap(answer =>
    answer.status === 'fulfilled' && answer.value !== undefined ? [answer.value] : [],
  );
}

/** Resolves to whether the newest checkpoint is cosigned; `isFresh`: also if it was before. */
type Cosign = (options?: { readonly isFresh: boolean }) => Promise<boolean>;

/** Asks the witnesses to cosign the newest checkpoint; one round at a time, a failed one is tried with the next. */
function createCosigning(log: TransparencyLog, policy: Policy, exchange: HttpExchange): Cosign {
  const lastSizes = new Map<string, number>();
  let round = Promise.resolve(false);
  let cosignedSize = -1;
  return options => {
    round = round.then(async () => {
      const size = log.publishedSize;
      if (size === cosignedSize && !options?.isFresh) return true;
      const nowSeconds = (): number => Math.floor(Date.now() / 1000);
      const result = await cosignCheckpoint(log, policy, lastSizes, exchange, nowSeconds).catch(
        () => null,
      );
      if (result?.isWitnessed) cosignedSize = size;
      return result?.isWitnessed === true;
    });
    return round;
  };
}

function createPublisher(
  log: TransparencyLog,
  cosign?: Cosign,
): { schedule(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Infinity;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isStopped = false;
  const schedule = (): void => {
    if (isStopped || log.failure) return;
    const nowMs = performance.now();
    const delayMs = log.isAwaited ? Math.max(0, lastMs + PUBLISH_AWAITED_MS - nowMs) : PUBLISH_MS;
    const wantedMs = nowMs + delayMs;
    if (timer && dueMs <= wantedMs) return;
    clearTimeout(timer);
    dueMs = wantedMs;
    timer = setTimeout(async () => {
      timer = undefined;
      lastMs = performance.now();
      // Those who wait are told by `published`; the log says in `failure` why it stopped.
      await log.publish().catch(() => undefined);
      // Witnesses never hold up a checkpoint.
      void cosign?.();
      if (log.size > log.publishedSize) schedule();
    }, delayMs);
  };
  return {
    schedule,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
