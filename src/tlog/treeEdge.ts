import { TILE_WIDTH, type Tile } from './tilePath.ts';
import { encodeTile } from './tileTree.ts';
import { emptyRoot, nodeHash, type Sha256 } from './treeHash.ts';

/** A tile together with its file content. */
export interface TileFile extends Tile {
  level: number;
  data: Uint8Array;
}

/**
 * The right edge of a growing tree: for each level the hashes of its last, partial tile.
 * All that a writer needs to add leaves and to know the root; 8 KB a level.
 */
export class TreeEdge {
  readonly #sha256: Sha256;
  readonly #levels: Uint8Array[][];
  #size: number;

  /** @param levels hashes of the partial tile of each level, lowest first, for a tree of `size` */
  constructor(sha256: Sha256, size = 0, levels: readonly (readonly Uint8Array[])[] = []) {
    this.#sha256 = sha256;
    this.#size = size;
    this.#levels = levels.map(hashes => [...hashes]);
  }

  get size(): number {
    return this.#size;
  }

  copy(): TreeEdge {
    return new TreeEdge(this.#sha256, this.#size, this.#levels);
  }

  /** Adds one leaf; returns the tiles that it filled, lowest level first. */
  add(leaf: Uint8Array): TileFile[] {
    this.#size++;
    const filled: TileFile[] = [];
    let hash = leaf;
    for (let level = 0; ; level++) {
      const hashes = (this.#levels[level] ??= []);
      hashes.push(hash);
      if (hashes.length < TILE_WIDTH) return filled;
      filled.push({
        level,
        index: Math.floor(this.#size / TILE_WIDTH ** (level + 1)) - 1,
        width: TILE_WIDTH,
        data: encodeTile(hashes),
      });
      hash = this.#perfectRoot(hashes);
      this.#levels[level] = [];
    }
  }

  /** The partial tiles of the edge, lowest level first. */
  partialTiles(): TileFile[] {
    return this.#levels.flatMap((hashes, level) =>
      hashes.length === 0
        ? []
        : [
            {
              level,
              index: Math.floor(this.#size / TILE_WIDTH ** (level + 1)),
              width: hashes.length,
              data: encodeTile(hashes),
            },
          ],
    );
  }

  root(): Uint8Array {
    if (this.#size === 0) return emptyRoot(this.#sha256);
    // The peaks of the tree, left to right: each level's hashes in runs of powers of two.
    const peaks: Uint8Array[] = [];
    for (let level = this.#levels.length - 1; level >= 0; level--) {
      const hashes = this.#levels[level];
      for (let at = 0, run = TILE_WIDTH / 2; run >= 1; run /= 2) {
        if (hashes.length - at < run) continue;
        peaks.push(this.#perfectRoot(hashes.slice(at, at + run)));
        at += run;
      }
    }
    return peaks.reduceRight((right, left) => nodeHash(this.#sha256, left, right));
  }

  #perfectRoot(hashes: readonly Uint8Array[]): Uint8Array {
    let row = hashes;
    while (row.length > 1) {
      const pairs: Uint8Array[] = [];
      for (let i = 0; i < row.length; i += 2) {
        pairs.push(nodeHash(this.#sha256, row[i], row[i + 1]));
      }
      row = pairs;
    }
    return row[0];
  }
}
