import { equalBytes } from './bytes.ts';
import { TlogError } from './error.ts';

/**
 * SHA-256, handed in because neither a worker thread nor a browser has a synchronous one of its own.
 * In Node: `data => createHash('sha256').update(data).digest()`; in a browser: `@noble/hashes`.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

export const HASH_BYTES = 32;

/** Hash of an entry: SHA-256(00 ‖ entry). RFC 6962 §2.1. */
export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const data = new Uint8Array(1 + entry.length);
  data.set(entry, 1);
  return sha256(data);
}

/** Hash of an inner node: SHA-256(01 ‖ left ‖ right). RFC 6962 §2.1. */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const data = new Uint8Array(1 + left.length + right.length);
  data[0] = 1;
  data.set(left, 1);
  data.set(right, 1 + left.length);
  return sha256(data);
}

/** Root of the tree without entries: SHA-256(""). RFC 6962 §2.1. */
export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** Largest power of two smaller than `n`, which must be 2 or more: where RFC 6962 splits a tree. */
export function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** @throws TlogError `BAD_FORMAT` unless `value` is an integer in 0 … 2^53 − 1. */
export function checkCount(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TlogError('BAD_FORMAT', `${what}: ${value} is not a count within 2^53 − 1`);
  }
}

/** @throws TlogError `BAD_PROOF` when the roots differ. */
export function checkSameRoot(a: Uint8Array, b: Uint8Array, what: string): void {
  if (!equalBytes(a, b)) throw new TlogError('BAD_PROOF', what);
}

/**
 * Root of a whole tree from the hashes of its leaves. RFC 6962 §2.1.
 *
 * @param leaves in order; none: the empty tree
 */
export function treeRoot(sha256: Sha256, leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot(sha256);
  const root = (from: number, to: number): Uint8Array => {
    if (to - from === 1) return leaves[from];
    const middle = from + splitPoint(to - from);
    return nodeHash(sha256, root(from, middle), root(middle, to));
  };
  return root(0, leaves.length);
}
