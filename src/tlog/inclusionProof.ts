import { TlogError } from './error.ts';
import { checkCount, checkSameRoot, HASH_BYTES, nodeHash, type Sha256 } from './treeHash.ts';

/** What an inclusion proof claims: the leaf at `index` is in the tree of `size` leaves with `root`. */
export interface InclusionClaim {
  index: number;
  size: number;
  leafHash: Uint8Array;
  root: Uint8Array;
  /** The leaf's sibling first, the root's child last. */
  proof: readonly Uint8Array[];
}

/**
 * Checks an inclusion proof; returns if it holds.
 * RFC 9162 §2.1.3.2, in division instead of shifts, which would wrap at 2^31.
 *
 * @throws TlogError `BAD_PROOF` when it does not, `BAD_FORMAT` when index or size is no count.
 */
export function verifyInclusion(sha256: Sha256, claim: InclusionClaim): void {
  const { index, size, proof, root } = claim;
  checkCount(index, 'inclusion proof: index');
  checkCount(size, 'inclusion proof: tree size');
  if (index >= size) {
    throw new TlogError('BAD_PROOF', `inclusion proof: no entry ${index} in a tree of ${size}`);
  }
  checkHashes([claim.leafHash, root, ...proof], 'inclusion proof');
  let node = index;
  let last = size - 1;
  let hash = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) {
      throw new TlogError('BAD_PROOF', `inclusion proof of entry ${index}: too many hashes`);
    }
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) {
    throw new TlogError('BAD_PROOF', `inclusion proof of entry ${index}: too few hashes`);
  }
  checkSameRoot(hash, root, `inclusion proof of entry ${index}: does not lead to the root`);
}

/** @throws TlogError `BAD_PROOF` when one of the hashes is not 32 bytes long. */
export function checkHashes(hashes: readonly Uint8Array[], what: string): void {
  if (hashes.some(hash => hash.length !== HASH_BYTES)) {
    throw new TlogError('BAD_PROOF', `${what}: a hash is not ${HASH_BYTES} bytes long`);
  }
}
