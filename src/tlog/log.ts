import { equalBytes, fromUtf8, toHex, utf8 } from './bytes.ts';
import { openCheckpoint } from './checkpoint.ts';
import { verifyConsistency } from './consistencyProof.ts';
import { checkEntrySize, encodeEntryBundle } from './entryBundle.ts';
import { TlogError } from './error.ts';
import { decodeJournalSegment, encodeJournalBatch, type JournalRecord } from './journal.ts';
import type { LogSigner, SignedHead } from './logSigner.ts';
import type { NoteVerifier } from './note.ts';
import { type Policy, verifyCheckpoint } from './policy.ts';
import { formatProofFile } from './proofFile.ts';
import type { LogStorage } from './storage.ts';
import { partialTiles, TILE_WIDTH, tilePath } from './tilePath.ts';
import { checkStoredRoot, type TileCache, TileTree } from './tileTree.ts';
import { type TileFile, TreeEdge } from './treeEdge.ts';
import { emptyRoot, leafHash, type Sha256 } from './treeHash.ts';

export interface LogOptions {
  sha256: Sha256;
  signer: LogSigner;
  /** The log's own keys. */
  verifiers: readonly NoteVerifier[];
  storage: LogStorage;
  /**
   * Checkpoints of this log that its witnesses say they cosigned last ({@link fetchWitnessed}).
   * They show a rollback even when all the log's own files were set back together.
   */
  witnessed?: readonly string[];
}

/** An entry, or what makes it once its index is known (an entry may name its own index). */
export type NewEntry = Uint8Array | ((index: number) => Uint8Array);

const JOURNAL = 'journal';
const CHECKPOINT = 'checkpoint';
const WITNESSED = 'checkpoint.witnessed';
/** A new segment is begun above this, so that old ones can go. */
const SEGMENT_BYTES = 1024 * 1024;
/** Entries and bytes that share one durable write. */
const BATCH_ENTRIES = 1024;
const BATCH_BYTES = 8 * 1024 * 1024;

interface Waiting {
  entry: NewEntry;
  resolve: (index: number) => void;
  reject: (error: unknown) => void;
}

/**
 * Opens a log, or begins it where there is nothing yet: reads what the signer signed last, checks
 * the right edge of the tiles against it, and takes up the entries that the journal has beyond.
 *
 * @throws TlogError `LEDGER_ROLLBACK`, `LEDGER_FORK` when the files are older than, or contradict,
 *   what was signed; `LEDGER_CORRUPT` when they contradict each other
 *
 * @example
 * const log = await openLog({ sha256, signer, verifiers, storage });
 * const index = await log.append(entry); // durable, with its final index
 * await log.publish(); // covered by a signed checkpoint
 */
export async function openLog(options: LogOptions): Promise<TransparencyLog> {
  const { sha256, signer, storage } = options;
  const { published } = storage;
  const cache: TileCache = new Map();
  const prove = (from: number, to: number): Promise<Uint8Array[]> =>
    new TileTree(sha256, published, to, cache).consistencyProof(from);

  let head = await signer.last(prove);
  const journal = await readJournal(options);
  if (!head) {
    const isEmpty =
      journal.end === 0 &&
      (await published.read(CHECKPOINT)) === undefined &&
      (await published.list('tile/0')).length === 0;
    if (!isEmpty) {
      throw new TlogError(
        'LEDGER_ROLLBACK',
        `${signer.origin}: there are entries, but no record of what was signed last; restore the key folder`,
      );
    }
    const root = emptyRoot(sha256);
    head = { size: 0, root, note: await signer.sign({ size: 0, root }, prove) };
  }
  for (const path of [CHECKPOINT, WITNESSED]) {
    const note = await published.read(path);
    if (note) await checkAgainst(options, head, fromUtf8(note, path), `file ${path}`);
  }
  for (const note of options.witnessed ?? []) {
    await checkAgainst(options, head, note, 'a witness');
  }
  if (journal.end < head.size) {
    throw new TlogError(
      'LEDGER_ROLLBACK',
      `${signer.origin}: the journal ends at entry ${journal.end}, but ${head.size} were signed; restore the newest data`,
    );
  }

  // The right edge of the last signed tree, and the entries of its unfinished bundle.
  const signedTree = new TileTree(sha256, published, head.size, cache);
  const levels: Uint8Array[][] = [];
  for (const { level, index } of partialTiles(head.size)) {
    levels[level as number] = await signedTree.tileHashes(level as number, index);
  }
  const edge = new TreeEdge(
    sha256,
    head.size,
    Array.from(levels, hashes => hashes ?? []),
  );
  checkStoredRoot(
    edge.root(),
    head.root,
    `${signer.origin}: the tiles at size ${head.size} do not give the root that was signed`,
  );
  const firstPending = head.size - (head.size % TILE_WIDTH);
  const pending =
    firstPending < head.size ? await signedTree.bundle(firstPending / TILE_WIDTH) : [];
  for (const [i, entry] of pending.entries()) {
    if (!equalBytes(leafHash(sha256, entry), levels[0][i])) {
      throw new TlogError(
        'LEDGER_CORRUPT',
        `${signer.origin}: entry ${firstPending + i} in its bundle is not the one in the tree`,
      );
    }
  }
  for (const [i, { leaf }] of journal.records.entries()) {
    const index = journal.first + i;
    if (index >= head.size) break;
    if (index >= firstPending && !equalBytes(leaf, levels[0][index - firstPending])) {
      throw new TlogError(
        'LEDGER_CORRUPT',
        `${signer.origin}: entry ${index} in the journal is not the one in the tree`,
      );
    }
  }
  const replayed = journal.records.slice(Math.max(0, head.size - journal.first));
  const log = new TransparencyLog(options, head, edge, pending, replayed, journal.segments, cache);
  // A crash may have come between signing and showing it.
  if ((await published.read(CHECKPOINT).then(b => b && fromUtf8(b, CHECKPOINT))) !== head.note) {
    await published.replace(CHECKPOINT, utf8(head.note));
  }
  return log;
}

interface Segment {
  path: string;
  end: number;
  bytes: number;
}

async function readJournal({ sha256, storage }: LogOptions): Promise<{
  first: number;
  end: number;
  records: JournalRecord[];
  segments: Segment[];
}> {
  const names = (await storage.private.list(JOURNAL)).filter(name => /^[0-9]+\.jnl$/.test(name));
  const records: JournalRecord[] = [];
  const segments: Segment[] = [];
  let first = 0;
  for (const [i, name] of names.entries()) {
    const path = `${JOURNAL}/${name}`;
    const start = Number(name.replace('.jnl', ''));
    if (i === 0) first = start;
    if (start !== first + records.length) {
      throw new TlogError(
        'LEDGER_CORRUPT',
        `${path}: begins at entry ${start}, the segment before ends at ${first + records.length}`,
      );
    }
    const data = (await storage.private.read(path)) ?? new Uint8Array(0);
    const segment = decodeJournalSegment(sha256, data, start, path);
    if (segment.validBytes < data.length) {
      // Only the last write can be torn: what came after it was never begun.
      if (i < names.length - 1) {
        throw new TlogError('LEDGER_CORRUPT', `${path}: damaged at byte ${segment.validBytes}`);
      }
      await storage.private.truncate(path, segment.validBytes);
    }
    for (const record of segment.records) records.push(record);
    segments.push({ path, end: start + segment.records.length, bytes: segment.validBytes });
  }
  return { first, end: first + records.length, records, segments };
}

/** A checkpoint seen elsewhere must be one of the past of `head`. */
async function checkAgainst(
  { sha256, signer, storage, verifiers }: LogOptions,
  head: SignedHead,
  note: string,
  where: string,
): Promise<void> {
  const seen = await openCheckpoint(note, signer.origin, verifiers);
  if (seen.size > head.size) {
    throw new TlogError(
      'LEDGER_ROLLBACK',
      `${signer.origin}: ${where} has size ${seen.size}, the signer's record ${head.size}; a backup was restored`,
    );
  }
  if (seen.size === 0) return;
  try {
    verifyConsistency(sha256, {
      fromSize: seen.size,
      fromRoot: seen.root,
      toSize: head.size,
      toRoot: head.root,
      proof: await new TileTree(sha256, storage.published, head.size).consistencyProof(seen.size),
    });
  } catch (cause) {
    if (cause instanceof TlogError && cause.code.startsWith('STORAGE_')) throw cause;
    throw new TlogError(
      'LEDGER_FORK',
      `${signer.origin}: ${where} has another history at size ${seen.size}`,
      { cause },
    );
  }
}

/**
 * The writer of a log. Made by {@link openLog}; one for each log, in one process.
 *
 * Entries are *sequenced* by {@link append} (durable in the journal, final index) and *published* by
 * {@link publish} (covered by a signed checkpoint). Appends that arrive during a write share the next.
 */
export class TransparencyLog {
  readonly origin: string;
  readonly #sha256: Sha256;
  readonly #signer: LogSigner;
  readonly #verifiers: readonly NoteVerifier[];
  readonly #storage: LogStorage;
  readonly #cache: TileCache;
  readonly #edge: TreeEdge;
  #head: SignedHead;
  /** Entries from the last full bundle of the published tree to the end. */
  #pending: Uint8Array[];
  #firstPending: number;
  /** Tiles that were filled and are not yet in files. */
  #filled: TileFile[] = [];
  #segments: Segment[];
  #isJournalTorn = false;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #publishing: Promise<unknown> = Promise.resolve();
  #nextPublish: Promise<SignedHead> | undefined;
  #watchers: { index: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #failure: TlogError | undefined;

  /** Use {@link openLog}. */
  constructor(
    { sha256, signer, storage, verifiers }: LogOptions,
    head: SignedHead,
    edge: TreeEdge,
    pending: readonly Uint8Array[],
    replayed: readonly JournalRecord[],
    segments: readonly Segment[],
    cache: TileCache,
  ) {
    this.origin = signer.origin;
    this.#sha256 = sha256;
    this.#signer = signer;
    this.#verifiers = verifiers;
    this.#storage = storage;
    this.#cache = cache;
    this.#head = head;
    this.#edge = edge;
    this.#pending = [...pending];
    this.#firstPending = head.size - pending.length;
    this.#segments = [...segments];
    this.#integrate(replayed);
  }

  /** Number of sequenced entries. */
  get size(): number {
    return this.#edge.size;
  }

  /** Number of published entries. */
  get publishedSize(): number {
    return this.#head.size;
  }

  /** The newest signed checkpoint. */
  get checkpoint(): string {
    return this.#head.note;
  }

  /** Why the log takes nothing any more; `undefined` while it does. */
  get failure(): TlogError | undefined {
    return this.#failure;
  }

  /** The published tree: for proofs and entries. */
  tree(): TileTree {
    return new TileTree(this.#sha256, this.#storage.published, this.#head.size, this.#cache);
  }

  /**
   * Sequences one entry. Resolves, once it is durable, to its final index.
   *
   * @throws TlogError `TOO_LARGE`; `STORAGE_FULL` and `STORAGE_WRITE`, after which the entry is not
   *   in the log and others may be appended; `LEDGER_STOPPED` after a fault that ends the log
   */
  append(entry: NewEntry): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#startWriting();
    });
  }

  /**
   * Stores an attachment under its hash, durable before an entry names it.
   *
   * @returns SHA-256 in hex; the file is `blob/<first two digits>/<hash>`
   */
  async putBlob(data: Uint8Array): Promise<string> {
    this.#checkRunning();
    const hash = toHex(this.#sha256(data));
    await this.#guard(() =>
      this.#storage.published.create([{ path: `blob/${hash.slice(0, 2)}/${hash}`, data }]),
    );
    return hash;
  }

  /**
   * Publishes all that is sequenced: bundles, tiles from level 0 upwards, signature, checkpoint,
   * each durable before the next. Calls that arrive while one runs share the next one.
   *
   * @returns the signed head
   * @throws TlogError `STORAGE_FULL`, `STORAGE_WRITE`: try again later; `LEDGER_ROLLBACK`,
   *   `LEDGER_FORK`, `LEDGER_CORRUPT`, `STORAGE_SYNC`: the log has stopped
   */
  publish(): Promise<SignedHead> {
    if (!this.#nextPublish) {
      const next = this.#publishing.then(() => {
        this.#nextPublish = undefined;
        return this.#publishOnce();
      });
      this.#nextPublish = next;
      this.#publishing = next.catch(() => undefined);
    }
    return this.#nextPublish;
  }

  /** Resolves when entry `index` is published; something must call {@link publish}. */
  published(index: number): Promise<void> {
    if (index < this.#head.size) return Promise.resolve();
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#watchers.push({ index, resolve, reject }));
  }

  /** Whether somebody waits in {@link published}. */
  get isAwaited(): boolean {
    return this.#watchers.length > 0;
  }

  /** Waits until nothing is being written. */
  async settle(): Promise<void> {
    await this.#writing;
    await this.#publishing;
  }

  /**
   * Keeps a cosigned checkpoint as `checkpoint.witnessed`, on which proofs for outsiders are built.
   *
   * @throws TlogError when the policy does not accept it, or it is not one of this log's past
   */
  async recordWitnessed(
    note: string,
    policy: Policy,
    times: { nowSeconds: number },
  ): Promise<void> {
    this.#checkRunning();
    const accepted = await verifyCheckpoint(policy, note, times);
    const before = await this.#storage.published.read(WITNESSED);
    const known =
      before && (await openCheckpoint(fromUtf8(before, WITNESSED), this.origin, this.#verifiers));
    if (known && known.size > accepted.size) return;
    const options = {
      sha256: this.#sha256,
      signer: this.#signer,
      storage: this.#storage,
      verifiers: this.#verifiers,
    };
    await checkAgainst(options, this.#head, note, 'the cosigned checkpoint');
    await this.#guard(() => this.#storage.published.replace(WITNESSED, utf8(note)));
  }

  /**
   * The proof file of one entry, on the newest witnessed checkpoint that holds it, else on the
   * newest of all.
   *
   * @throws TlogError `NOT_FOUND` when the entry is not published
   */
  async proofFile(index: number, extra?: Uint8Array): Promise<string> {
    const witnessed = await this.#storage.published.read(WITNESSED);
    const note = witnessed && fromUtf8(witnessed, WITNESSED);
    const size = note && (await openCheckpoint(note, this.origin, this.#verifiers)).size;
    const isWitnessed = note !== undefined && index < Number(size);
    const tree = isWitnessed
      ? new TileTree(this.#sha256, this.#storage.published, Number(size), this.#cache)
      : this.tree();
    return formatProofFile({
      index,
      proof: await tree.inclusionProof(index),
      checkpoint: isWitnessed ? note : this.checkpoint,
      ...(extra && { extra }),
    });
  }

  #startWriting(): void {
    this.#writing ??= this.#writeWaiting().finally(() => {
      this.#writing = undefined;
      // Whoever appended between the last look at the queue and now has not been seen.
      if (this.#waiting.length > 0) this.#startWriting();
    });
  }

  async #writeWaiting(): Promise<void> {
    // Let those who append in the same turn share the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      if (this.#failure) {
        this.#rejectWaiting(this.#failure);
        return;
      }
      const { batch, records } = this.#takeBatch();
      if (batch.length === 0) continue;
      const firstIndex = this.#edge.size;
      try {
        await this.#writeJournal(records, firstIndex);
      } catch (cause) {
        const error = this.#noteFailure(cause);
        for (const { reject } of batch) reject(error);
        continue;
      }
      this.#integrate(records);
      for (const [i, { resolve }] of batch.entries()) resolve(firstIndex + i);
    }
  }

  /** Takes entries off the queue; one that cannot be made fails alone and takes no index. */
  #takeBatch(): { batch: Waiting[]; records: JournalRecord[] } {
    const batch: Waiting[] = [];
    const records: JournalRecord[] = [];
    let bytes = 0;
    let taken = 0;
    for (const waiting of this.#waiting) {
      if (records.length === BATCH_ENTRIES || bytes >= BATCH_BYTES) break;
      taken++;
      try {
        const { entry: made } = waiting;
        const entry =
          typeof made === 'function' ? made(this.#edge.size + records.length) : made.slice();
        checkEntrySize(entry);
        records.push({ entry, leaf: leafHash(this.#sha256, entry) });
        batch.push(waiting);
        bytes += entry.length;
      } catch (error) {
        waiting.reject(error);
      }
    }
    this.#waiting = this.#waiting.slice(taken);
    return { batch, records };
  }

  async #writeJournal(records: readonly JournalRecord[], firstIndex: number): Promise<void> {
    let segment = this.#segments.at(-1);
    if (this.#isJournalTorn && segment) {
      await this.#storage.private.truncate(segment.path, segment.bytes);
      this.#isJournalTorn = false;
    }
    if (!segment || segment.bytes >= SEGMENT_BYTES) {
      const name = String(firstIndex).padStart(16, '0');
      segment = { path: `${JOURNAL}/${name}.jnl`, end: firstIndex, bytes: 0 };
      this.#segments.push(segment);
    }
    const data = encodeJournalBatch(this.#sha256, records, firstIndex, segment.bytes);
    this.#isJournalTorn = true;
    await this.#storage.private.append(segment.path, data);
    this.#isJournalTorn = false;
    segment.bytes += data.length;
    segment.end = firstIndex + records.length;
  }

  #integrate(records: readonly JournalRecord[]): void {
    for (const { entry, leaf } of records) {
      this.#pending.push(entry);
      this.#filled.push(...this.#edge.add(leaf));
    }
  }

  async #publishOnce(): Promise<SignedHead> {
    this.#checkRunning();
    const { published } = this.#storage;
    // What is published now; appends go on meanwhile.
    const edge = this.#edge.copy();
    const { size } = edge;
    const filled = [...this.#filled];
    const entries = this.#pending.slice(0, size - this.#firstPending);
    if (size === this.#head.size) return this.#head;
    try {
      await published.create(
        Array.from({ length: Math.ceil(entries.length / TILE_WIDTH) }, (_, i) => {
          const bundle = entries.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH);
          const index = this.#firstPending / TILE_WIDTH + i;
          return {
            path: tilePath({ level: 'entries', index, width: bundle.length }),
            data: encodeEntryBundle(bundle),
          };
        }),
      );
      const tiles = [...filled, ...edge.partialTiles()];
      const top = Math.max(...tiles.map(({ level }) => level));
      for (let level = 0; level <= top; level++) {
        const files = tiles
          .filter(tile => tile.level === level)
          .map(tile => ({ path: tilePath(tile), data: tile.data }));
        if (files.length > 0) await published.create(files);
      }
      const root = edge.root();
      const note = await this.#signer.sign({ size, root }, (from, to) =>
        new TileTree(this.#sha256, published, to, this.#cache).consistencyProof(from),
      );
      await published.replace(CHECKPOINT, utf8(note));
      this.#head = { size, root, note };
    } catch (cause) {
      const error = this.#noteFailure(cause);
      const watchers = this.#watchers;
      this.#watchers = [];
      for (const { reject } of watchers) reject(error);
      throw error;
    }
    this.#filled = this.#filled.slice(filled.length);
    const kept = size - (size % TILE_WIDTH);
    this.#pending = this.#pending.slice(kept - this.#firstPending);
    this.#firstPending = kept;
    const watchers = this.#watchers;
    this.#watchers = watchers.filter(({ index }) => index >= size);
    for (const { index, resolve } of watchers) if (index < size) resolve();
    await this.#removeSuperseded(filled, kept);
    return this.#head;
  }

  /** Journal segments that are wholly in full bundles, and partial tiles that are full now. */
  async #removeSuperseded(filled: readonly TileFile[], fullUpTo: number): Promise<void> {
    try {
      while (this.#segments.length > 1 && this.#segments[0].end <= fullUpTo) {
        await this.#storage.private.remove(this.#segments[0].path);
        this.#segments.shift();
      }
      for (const tile of filled) {
        await this.#storage.published.remove(`${tilePath(tile)}.p`);
        if (tile.level === 0) {
          await this.#storage.published.remove(`${tilePath({ ...tile, level: 'entries' })}.p`);
        }
      }
    } catch (cause) {
      // Leftovers do no harm; only lost durability stops the log.
      this.#noteFailure(cause);
    }
  }

  /** A failed write ends one call; anything that makes the files doubtful ends the log. */
  #noteFailure(cause: unknown): TlogError {
    if (cause instanceof TlogError && /^STORAGE_(FULL|WRITE|READ)$/.test(cause.code)) return cause;
    if (cause instanceof TlogError && cause.code === 'LEDGER_STOPPED') return cause;
    this.#failure ??= new TlogError(
      'LEDGER_STOPPED',
      `${this.origin}: the log has stopped (${(cause as Error).message}); find out why, then open it again`,
      { cause },
    );
    const error = cause instanceof TlogError ? cause : this.#failure;
    this.#rejectWaiting(this.#failure);
    return error;
  }

  #rejectWaiting(error: TlogError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }

  #checkRunning(): void {
    if (this.#failure) throw this.#failure;
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      throw this.#noteFailure(cause);
    }
  }
}
