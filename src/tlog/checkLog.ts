import { equalBytes } from './bytes.ts';
import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { decodeEntryBundle } from './entryBundle.ts';
import { TlogError } from './error.ts';
import type { NoteVerifier } from './note.ts';
import { TILE_WIDTH, tilePath } from './tilePath.ts';
import type { TileSource } from './tileTree.ts';
import { emptyRoot, HASH_BYTES, leafHash, nodeHash, type Sha256 } from './treeHash.ts';

export interface CheckLogOptions {
  sha256: Sha256;
  source: TileSource;
  origin: string;
  verifiers: readonly NoteVerifier[];
  /** Keys of witnesses; their lines must hold where they stand. */
  witnessVerifiers?: readonly NoteVerifier[];
  /** The signed checkpoint to check against; the file `checkpoint` of the log otherwise. */
  checkpoint?: string;
  /** A tree head believed before: the log must extend it. */
  previous?: { size: number; root: Uint8Array };
  /** Sees every entry in order, each already checked against its leaf hash. */
  onEntry?: (entry: Uint8Array, index: number) => void;
}

/**
 * Checks a whole log: every entry against its leaf hash, every tile against the tiles below it, the
 * root against the signed checkpoint, and the past against a tree head believed before.
 * Verification level 2. Shares no code with the writer beyond hashing and parsing.
 *
 * @throws TlogError `LEDGER_CORRUPT` and `NOT_FOUND`, which name the file and the entry;
 *   `SPLIT_VIEW` when the log does not extend `previous`; `BAD_SIGNATURE`, `BAD_FORMAT`,
 *   `UNKNOWN_ORIGIN` for the checkpoint
 *
 * @example
 * const { size } = await checkLog({ sha256, source, origin, verifiers: [key] });
 */
export async function checkLog(options: CheckLogOptions): Promise<SignedCheckpoint> {
  const { sha256, source, origin, previous } = options;
  const note = options.checkpoint ?? (await source.read('checkpoint'));
  if (note === undefined) throw new TlogError('NOT_FOUND', 'checkpoint: is missing');
  const checkpoint = await openCheckpoint(
    note,
    origin,
    options.verifiers,
    options.witnessVerifiers ?? [],
  );
  const { size } = checkpoint;
  if (previous && previous.size > size) {
    throw new TlogError(
      'SPLIT_VIEW',
      `${origin}: has ${size} entries, but had ${previous.size} before`,
    );
  }

  /** Roots of perfect subtrees of shrinking size, left to right: a binary counter. */
  const peaks: { hash: Uint8Array; count: number }[] = [];
  /** Hashes of the tile being filled, and its index, for each level above 0. */
  const upper: { hashes: Uint8Array[]; index: number }[] = [];

  const raise = async (hash: Uint8Array, level: number): Promise<void> => {
    const tile = (upper[level] ??= { hashes: [], index: 0 });
    tile.hashes.push(hash);
    if (tile.hashes.length < TILE_WIDTH) return;
    await compareTile(source, level, tile.index, tile.hashes, size);
    upper[level] = { hashes: [], index: tile.index + 1 };
    await raise(perfectRoot(sha256, tile.hashes), level + 1);
  };
  const checkPrevious = (at: number): void => {
    if (!previous || previous.size !== at) return;
    if (!equalBytes(rootOf(sha256, peaks), previous.root)) {
      throw new TlogError(
        'SPLIT_VIEW',
        `${origin}: another history than the one believed before, at size ${at}`,
      );
    }
  };

  checkPrevious(0);
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - first);
    const index = first / TILE_WIDTH;
    const path = tilePath({ level: 'entries', index, width });
    const bundle = await readWhole(source, path, size);
    const entries = decodeBundle(bundle, width, path, first);
    const leaves = entries.map(entry => leafHash(sha256, entry));
    await compareTile(source, 0, index, leaves, size);
    for (const [i, entry] of entries.entries()) {
      options.onEntry?.(entry, first + i);
      pushLeaf(sha256, peaks, leaves[i]);
      checkPrevious(first + i + 1);
    }
    if (width === TILE_WIDTH) await raise(perfectRoot(sha256, leaves), 1);
  }
  for (const [level, tile] of upper.entries()) {
    if (tile && tile.hashes.length > 0) {
      await compareTile(source, level, tile.index, tile.hashes, size);
    }
  }
  if (!equalBytes(rootOf(sha256, peaks), checkpoint.root)) {
    throw new TlogError(
      'LEDGER_CORRUPT',
      `checkpoint: its root at size ${size} is not the root of the entries`,
    );
  }
  return checkpoint;
}

async function compareTile(
  source: TileSource,
  level: number,
  index: number,
  hashes: readonly Uint8Array[],
  size: number,
): Promise<void> {
  const path = tilePath({ level, index, width: hashes.length });
  const data = await readWhole(source, path, size);
  if (data.length !== hashes.length * HASH_BYTES) {
    throw new TlogError('LEDGER_CORRUPT', `${path}: ${data.length} bytes long`);
  }
  for (const [i, hash] of hashes.entries()) {
    if (equalBytes(hash, data.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))) continue;
    const span = TILE_WIDTH ** level;
    const first = (index * TILE_WIDTH + i) * span;
    const which = level === 0 ? `entry ${first}` : `entries ${first} to ${first + span - 1}`;
    throw new TlogError('LEDGER_CORRUPT', `${path}: does not agree with ${which}`);
  }
}

async function readWhole(source: TileSource, path: string, size: number): Promise<Uint8Array> {
  const data = await source.read(path);
  if (!data) throw new TlogError('NOT_FOUND', `${path}: is missing at size ${size}`);
  return data;
}

function decodeBundle(
  bundle: Uint8Array,
  width: number,
  path: string,
  first: number,
): Uint8Array[] {
  try {
    return decodeEntryBundle(bundle, width, { what: path });
  } catch (cause) {
    throw new TlogError(
      'LEDGER_CORRUPT',
      `${(cause as Error).message} (entries ${first} to ${first + width - 1})`,
      { cause },
    );
  }
}

function perfectRoot(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array {
  const half = hashes.length / 2;
  return half < 1
    ? hashes[0]
    : nodeHash(
        sha256,
        perfectRoot(sha256, hashes.slice(0, half)),
        perfectRoot(sha256, hashes.slice(half)),
      );
}

function pushLeaf(
  sha256: Sha256,
  peaks: { hash: Uint8Array; count: number }[],
  leaf: Uint8Array,
): void {
  let peak = { hash: leaf, count: 1 };
  while (peaks.at(-1)?.count === peak.count) {
    const left = peaks.pop() as { hash: Uint8Array; count: number };
    peak = { hash: nodeHash(sha256, left.hash, peak.hash), count: 2 * peak.count };
  }
  peaks.push(peak);
}

function rootOf(sha256: Sha256, peaks: readonly { hash: Uint8Array }[]): Uint8Array {
  if (peaks.length === 0) return emptyRoot(sha256);
  return peaks.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(sha256, left, right));
}
