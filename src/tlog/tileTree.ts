import { concatBytes, equalBytes } from './bytes.ts';
import { decodeEntryBundle } from './entryBundle.ts';
import { TlogError } from './error.ts';
import { TILE_WIDTH, tilePath, tileWidth } from './tilePath.ts';
import {
  checkCount,
  emptyRoot,
  HASH_BYTES,
  nodeHash,
  type Sha256,
  splitPoint,
} from './treeHash.ts';

/** Where the files of a log come from: a folder, an HTTP server, a map in a test. */
export interface TileSource {
  /** Content of the file at `path` (such as `tile/0/000`), or `undefined` when there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** Inner nodes of tiles already read, by path; shared between trees of one log. */
export type TileCache = Map<string, readonly (readonly Uint8Array[])[]>;

/** A full tile with its inner nodes is about 50 KB in memory. */
const CACHED_TILES = 256;

/**
 * The tree of a log at one size, read from its tiles; makes proofs.
 *
 * Tiles are not trusted: a damaged one gives a proof that {@link verifyInclusion} or
 * {@link verifyConsistency} refuses. Ask only for sizes that a verified checkpoint names.
 *
 * @example
 * const tree = new TileTree(sha256, source, checkpoint.size);
 * const proof = await tree.inclusionProof(index);
 * verifyInclusion(sha256, { index, size: checkpoint.size, leafHash, root: checkpoint.root, proof });
 */
export class TileTree {
  readonly size: number;
  readonly #sha256: Sha256;
  readonly #source: TileSource;
  readonly #cache: TileCache;

  constructor(sha256: Sha256, source: TileSource, size: number, cache: TileCache = new Map()) {
    checkCount(size, 'tree size');
    this.size = size;
    this.#sha256 = sha256;
    this.#source = source;
    this.#cache = cache;
  }

  /** Root hash, from the tiles of the right edge. */
  async root(): Promise<Uint8Array> {
    return this.size === 0 ? emptyRoot(this.#sha256) : this.#rangeHash(0, this.size);
  }

  /**
   * Hashes that prove entry `index`, its sibling first. RFC 6962 §2.1.1.
   *
   * @throws TlogError `NOT_FOUND` when the tree has no such entry or a tile is missing.
   */
  async inclusionProof(index: number): Promise<Uint8Array[]> {
    this.#checkIndex(index);
    const proof: Uint8Array[] = [];
    let low = 0;
    let high = this.size;
    while (high - low > 1) {
      const split = low + splitPoint(high - low);
      if (index < split) {
        proof.push(await this.#rangeHash(split, high));
        high = split;
      } else {
        proof.push(await this.#rangeHash(low, split));
        low = split;
      }
    }
    return proof.reverse();
  }

  /**
   * Hashes that prove that this tree extends its own first `fromSize` entries. RFC 6962 §2.1.2.
   * Empty for `fromSize` 0 and for the size itself.
   *
   * @throws TlogError `BAD_FORMAT` when `fromSize` is larger than the tree, `NOT_FOUND` for tiles.
   */
  async consistencyProof(fromSize: number): Promise<Uint8Array[]> {
    checkCount(fromSize, 'consistency proof: smaller size');
    if (fromSize > this.size) {
      throw new TlogError('BAD_FORMAT', `no proof from ${fromSize} to the smaller ${this.size}`);
    }
    if (fromSize === 0 || fromSize === this.size) return [];
    const proof: Uint8Array[] = [];
    let low = 0;
    let high = this.size;
    while (fromSize !== high) {
      const split = low + splitPoint(high - low);
      if (fromSize <= split) {
        proof.push(await this.#rangeHash(split, high));
        high = split;
      } else {
        proof.push(await this.#rangeHash(low, split));
        low = split;
      }
    }
    // The last subtree of the smaller tree is sent unless it is the whole of it.
    if (low > 0) proof.push(await this.#rangeHash(low, high));
    return proof.reverse();
  }

  /** @throws TlogError `NOT_FOUND` */
  async leafHash(index: number): Promise<Uint8Array> {
    this.#checkIndex(index);
    return this.#subtreeHash(1, index);
  }

  /** @throws TlogError `NOT_FOUND`, `BAD_FORMAT` */
  async entry(index: number): Promise<Uint8Array> {
    this.#checkIndex(index);
    const entries = await this.bundle(Math.floor(index / TILE_WIDTH));
    return entries[index % TILE_WIDTH];
  }

  /** The entries of bundle `index` up to the size of the tree. @throws TlogError */
  async bundle(index: number): Promise<Uint8Array[]> {
    const width = tileWidth(0, index, this.size);
    const { data, isWider, path } = await this.#readTile('entries', index, width);
    return decodeEntryBundle(data, width, { allowsMore: isWider, what: path });
  }

  /** The hashes of one tile, cut to the size of the tree. @throws TlogError */
  async tileHashes(level: number, index: number): Promise<Uint8Array[]> {
    const width = tileWidth(level, index, this.size);
    const { data, isWider, path } = await this.#readTile(level, index, width);
    const fits = isWider
      ? data.length === TILE_WIDTH * HASH_BYTES
      : data.length === width * HASH_BYTES;
    if (!fits) {
      throw new TlogError('BAD_FORMAT', `${path}: ${data.length} bytes for ${width} hashes`);
    }
    return Array.from({ length: width }, (_, i) =>
      data.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
    );
  }

  #checkIndex(index: number): void {
    checkCount(index, 'entry index');
    if (index >= this.size) {
      throw new TlogError('NOT_FOUND', `no entry ${index} in a tree of ${this.size}`);
    }
  }

  /** Hash over leaves `low` … `high`, which must be a node of the tree. */
  async #rangeHash(low: number, high: number): Promise<Uint8Array> {
    const count = high - low;
    const split = count === 1 ? 1 : splitPoint(count);
    if (count === 1 || split * 2 === count) return this.#subtreeHash(count, low / count);
    return nodeHash(
      this.#sha256,
      await this.#subtreeHash(split, low / split),
      await this.#rangeHash(low + split, high),
    );
  }

  /** Hash of the `index`-th subtree of `leafCount` leaves, a power of two. */
  async #subtreeHash(leafCount: number, index: number): Promise<Uint8Array> {
    let level = 0;
    let span = leafCount;
    while (span >= TILE_WIDTH) {
      span /= TILE_WIDTH;
      level++;
    }
    const first = index * span;
    const tile = Math.floor(first / TILE_WIDTH);
    const nodes = await this.#innerNodes(level, tile);
    return nodes[Math.log2(span)][(first % TILE_WIDTH) / span];
  }

  /** The perfect subtrees within one tile: its own hashes, then their pairs, and so on. */
  async #innerNodes(level: number, index: number): Promise<readonly (readonly Uint8Array[])[]> {
    const width = tileWidth(level, index, this.size);
    const path = tilePath({ level, index, width });
    const known = this.#cache.get(path);
    if (known) return known;
    const nodes: Uint8Array[][] = [await this.tileHashes(level, index)];
    for (let row = nodes[0]; row.length > 1; row = nodes[nodes.length - 1]) {
      const pairs: Uint8Array[] = [];
      for (let i = 0; i + 1 < row.length; i += 2) {
        pairs.push(nodeHash(this.#sha256, row[i], row[i + 1]));
      }
      nodes.push(pairs);
    }
    this.#cache.set(path, nodes);
    if (this.#cache.size > CACHED_TILES) {
      this.#cache.delete(this.#cache.keys().next().value as string);
    }
    return nodes;
  }

  async #readTile(
    level: number | 'entries',
    index: number,
    width: number,
  ): Promise<{ data: Uint8Array; isWider: boolean; path: string }> {
    if (width <= 0) {
      throw new TlogError('NOT_FOUND', `no tile ${level}/${index} in a tree of ${this.size}`);
    }
    const path = tilePath({ level, index, width });
    const data = await this.#source.read(path);
    if (data) return { data, isWider: false, path };
    // A log may delete a partial tile once the full one is there.
    const fullPath = tilePath({ level, index, width: TILE_WIDTH });
    const full = width < TILE_WIDTH ? await this.#source.read(fullPath) : undefined;
    if (full) return { data: full, isWider: true, path: fullPath };
    throw new TlogError('NOT_FOUND', `${path} is missing, but a tree of ${this.size} has it`);
  }
}

/** One tile's file content. */
export function encodeTile(hashes: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...hashes);
}

/** @throws TlogError `LEDGER_CORRUPT` when two roots that must be one differ. */
export function checkStoredRoot(actual: Uint8Array, expected: Uint8Array, what: string): void {
  if (!equalBytes(actual, expected)) throw new TlogError('LEDGER_CORRUPT', what);
}
