import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import {
  emptyRoot,
  leafHash,
  nodeHash,
  type TileCache,
  TileTree,
  tilePath,
  toHex,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';
import { TreeEdge } from './treeEdge.ts';

/* RFC 6962 §2.1, written down as it stands there: the reference of this file. */

const sha = sha256;
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const leafOf = (entry: Uint8Array): Uint8Array => sha(join(Uint8Array.of(0), entry));

const memo = new Map<string, Uint8Array>();
/** MTH(D[low:high]) */
function mth(entries: readonly Uint8Array[], low: number, high: number): Uint8Array {
  const n = high - low;
  if (n === 0) return sha(new Uint8Array(0));
  if (n === 1) return leafOf(entries[low]);
  const name = `${low}:${high}`;
  let hash = memo.get(name);
  if (!hash) {
    const k = largestPowerBelow(n);
    hash = sha(join(Uint8Array.of(1), mth(entries, low, low + k), mth(entries, low + k, high)));
    memo.set(name, hash);
  }
  return hash;
}
function largestPowerBelow(n: number): number {
  return 2 ** Math.ceil(Math.log2(n) - 1);
}
/** PATH(m, D[low:high]) */
function path(m: number, entries: readonly Uint8Array[], low: number, high: number): Uint8Array[] {
  const n = high - low;
  if (n === 1) return [];
  const k = largestPowerBelow(n);
  return m < k
    ? [...path(m, entries, low, low + k), mth(entries, low + k, high)]
    : [...path(m - k, entries, low + k, high), mth(entries, low, low + k)];
}
/** SUBPROOF(m, D[low:high], b) */
function subproof(
  m: number,
  entries: readonly Uint8Array[],
  low: number,
  high: number,
  b: boolean,
): Uint8Array[] {
  const n = high - low;
  if (m === n) return b ? [] : [mth(entries, low, high)];
  const k = largestPowerBelow(n);
  return m <= k
    ? [...subproof(m, entries, low, low + k, b), mth(entries, low + k, high)]
    : [...subproof(m - k, entries, low + k, high, false), mth(entries, low, low + k)];
}

const MAX = 600;
/** All indices of trees that cross the first tile's border, every 13th above (all: a minute). */
const isExhaustive = process.env['BEAMKEEPER_EXHAUSTIVE'] === '1';
const stride = (size: number): number => (isExhaustive || size < 270 ? 1 : 13);
const ENTRIES = Array.from({ length: MAX }, (_, i) => new TextEncoder().encode(`entry ${i}`));
const LEAVES = ENTRIES.map(entry => leafHash(sha256, entry));
const ROOTS = Array.from({ length: MAX + 1 }, (_, size) => mth(ENTRIES, 0, size));

/** Tiles as a writer leaves them when it publishes at every size. */
const TILES = new Map<string, Uint8Array>();
const edge = new TreeEdge(sha256);
for (const [i, leaf] of LEAVES.entries()) {
  for (const tile of [...edge.add(leaf), ...edge.partialTiles()]) {
    TILES.set(tilePath(tile), tile.data);
  }
  expect(toHex(edge.root())).toBe(toHex(ROOTS[i + 1]));
}
const source = { read: async (name: string) => TILES.get(name) };
/** Byte for byte; `expect` would take minutes over 360,000 proofs. */
const same = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && Buffer.concat(a).equals(Buffer.concat(b));
const cache: TileCache = new Map();
const treeOf = (size: number): TileTree => new TileTree(sha256, source, size, cache);

const sizes = fc.integer({ min: 1, max: MAX });
const claims = sizes.chain(size =>
  fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }),
);

test('hashes of the empty tree, a leaf and a node are those of RFC 6962', () => {
  expect(toHex(emptyRoot(sha256))).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
  const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  expect(leafHash(sha256, a)).toEqual(leafOf(a));
  expect(nodeHash(sha256, a, b)).toEqual(sha(join(Uint8Array.of(1), a, b)));
});

test('every inclusion proof up to size 600 is the one of the RFC, and verifies', async () => {
  for (let size = 1; size <= MAX; size++) {
    const tree = treeOf(size);
    for (let index = 0; index < size; index += stride(size)) {
      const proof = await tree.inclusionProof(index);
      if (!same(proof, path(index, ENTRIES, 0, size))) throw new Error(`${index} of ${size}`);
      const claim = { index, size, leafHash: LEAVES[index], root: ROOTS[size], proof };
      verifyInclusion(sha256, claim);
    }
  }
});

test('an inclusion proof fails for another index, another size, or any flipped bit', async () => {
  const flips = fc.record({
    claim: claims,
    otherIndex: fc.nat(2 * MAX),
    otherSize: sizes,
    which: fc.nat(),
    bit: fc.nat(255),
  });
  await fc.assert(
    fc.asyncProperty(
      flips,
      async ({ claim: { size, index }, otherIndex, otherSize, which, bit }) => {
        const good = {
          index,
          size,
          leafHash: LEAVES[index],
          root: ROOTS[size],
          proof: await treeOf(size).inclusionProof(index),
        };
        const fails = (change: Partial<typeof good>): void => {
          expect(() => verifyInclusion(sha256, { ...good, ...change })).toThrow();
        };
        if (otherIndex !== index) fails({ index: otherIndex });
        if (otherSize !== size && pathsDiffer(index, size, otherSize)) fails({ size: otherSize });
        const flipped = (hash: Uint8Array): Uint8Array => {
          const changed = new Uint8Array(hash);
          changed[bit >> 3] ^= 1 << (bit & 7);
          return changed;
        };
        fails({ leafHash: flipped(good.leafHash) });
        fails({ root: flipped(good.root) });
        if (good.proof.length > 0) {
          const at = which % good.proof.length;
          fails({ proof: good.proof.map((hash, i) => (i === at ? flipped(hash) : hash)) });
          fails({ proof: good.proof.slice(0, -1) });
          fails({ proof: [...good.proof].reverse().length > 1 ? [...good.proof].reverse() : [] });
        }
        fails({ proof: [...good.proof, good.root] });
      },
    ),
    { numRuns: 2000 },
  );
});

/**
 * A proof binds leaf and root, not the size by itself: two sizes whose path has the same turns at
 * `index` are told apart by the root, which is of one size only.
 */
function pathsDiffer(index: number, size: number, otherSize: number): boolean {
  const turns = (n: number): string => {
    let text = '';
    let [low, high] = [0, n];
    while (high - low > 1) {
      const k = largestPowerBelow(high - low);
      if (index < low + k) {
        text = `L${text}`;
        high = low + k;
      } else {
        text = `R${text}`;
        low += k;
      }
    }
    return text;
  };
  return index >= otherSize || turns(size) !== turns(otherSize);
}

test('every consistency proof up to size 600 is the one of the RFC, and verifies', async () => {
  for (let toSize = 1; toSize <= MAX; toSize++) {
    const tree = treeOf(toSize);
    for (let fromSize = 1; fromSize <= toSize; fromSize += stride(toSize)) {
      const proof = await tree.consistencyProof(fromSize);
      const expected = fromSize === toSize ? [] : subproof(fromSize, ENTRIES, 0, toSize, true);
      if (!same(proof, expected)) throw new Error(`${fromSize} to ${toSize}`);
      const [fromRoot, toRoot] = [ROOTS[fromSize], ROOTS[toSize]];
      verifyConsistency(sha256, { fromSize, fromRoot, toSize, toRoot, proof });
    }
  }
});

test('consistency is transitive, and fails for other roots, sizes and flipped bits', async () => {
  const triples = fc
    .tuple(sizes, sizes, sizes)
    .map(three => three.sort((a, b) => a - b) as [number, number, number]);
  await fc.assert(
    fc.asyncProperty(triples, fc.nat(), fc.nat(255), async ([a, b, c], which, bit) => {
      const claim = async (from: number, to: number) => ({
        fromSize: from,
        fromRoot: ROOTS[from],
        toSize: to,
        toRoot: ROOTS[to],
        proof: await treeOf(to).consistencyProof(from),
      });
      verifyConsistency(sha256, await claim(a, b));
      verifyConsistency(sha256, await claim(b, c));
      const good = await claim(a, c);
      verifyConsistency(sha256, good);
      const fails = (change: Partial<typeof good>): void => {
        expect(() => verifyConsistency(sha256, { ...good, ...change })).toThrow();
      };
      const flipped = (hash: Uint8Array): Uint8Array => {
        const changed = new Uint8Array(hash);
        changed[bit >> 3] ^= 1 << (bit & 7);
        return changed;
      };
      fails({ fromRoot: flipped(good.fromRoot) });
      fails({ toRoot: flipped(good.toRoot) });
      if (b !== a) fails({ fromRoot: ROOTS[b] });
      if (good.proof.length > 0) {
        const at = which % good.proof.length;
        fails({ proof: good.proof.map((hash, i) => (i === at ? flipped(hash) : hash)) });
        fails({ proof: good.proof.slice(1) });
      }
      fails({ proof: [...good.proof, good.toRoot] });
    }),
    { numRuns: 1000 },
  );
});

test('trees beyond 2^31 entries verify: no shift wraps', () => {
  // A tree of 2^40 leaves that are all the same: each level has one hash.
  const leaf = LEAVES[0];
  const levels = [leaf];
  for (let level = 0; level < 40; level++) {
    levels.push(nodeHash(sha256, levels[level], levels[level]));
  }
  const index = 2 ** 39 + 12345;
  const claim = {
    index,
    size: 2 ** 40,
    leafHash: leaf,
    root: levels[40],
    proof: levels.slice(0, 40),
  };
  verifyInclusion(sha256, claim);
  expect(() => verifyInclusion(sha256, { ...claim, size: 2 ** 41 })).toThrow(/too few/);
  // And one leaf more: its path is the whole left half.
  const root = nodeHash(sha256, levels[40], leaf);
  const last = { index: 2 ** 40, size: 2 ** 40 + 1, leafHash: leaf, root, proof: [levels[40]] };
  verifyInclusion(sha256, last);
  verifyConsistency(sha256, {
    fromSize: 2 ** 40,
    fromRoot: levels[40],
    toSize: 2 ** 40 + 1,
    toRoot: root,
    proof: [leaf],
  });
});

test('counts that are none are refused', () => {
  const proof = { index: 0, size: 1, leafHash: LEAVES[0], root: LEAVES[0], proof: [] };
  verifyInclusion(sha256, proof);
  for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Infinity]) {
    expect(() => verifyInclusion(sha256, { ...proof, index: bad })).toThrow(/index/);
    expect(() => verifyInclusion(sha256, { ...proof, size: bad })).toThrow(/size/);
  }
});
