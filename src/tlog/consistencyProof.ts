import { TlogError } from './error.ts';
import { checkHashes } from './inclusionProof.ts';
import { checkCount, checkSameRoot, nodeHash, type Sha256 } from './treeHash.ts';

/** What a consistency proof claims: the first `fromSize` entries of the larger tree are the smaller. */
export interface ConsistencyClaim {
  fromSize: number;
  fromRoot: Uint8Array;
  toSize: number;
  toRoot: Uint8Array;
  proof: readonly Uint8Array[];
}

/**
 * Checks a consistency proof; returns if it holds. RFC 9162 §2.1.4.2.
 *
 * Size 0 is refused: every tree extends the empty one, so there is nothing to prove, and a caller
 * that asks has lost the tree he meant. Equal sizes need an empty proof and equal roots.
 *
 * @throws TlogError `BAD_PROOF` when it does not hold, `BAD_FORMAT` when a size is no count.
 */
export function verifyConsistency(sha256: Sha256, claim: ConsistencyClaim): void {
  const { fromSize, fromRoot, toSize, toRoot, proof } = claim;
  checkCount(fromSize, 'consistency proof: smaller size');
  checkCount(toSize, 'consistency proof: larger size');
  const what = `consistency proof ${fromSize} → ${toSize}`;
  if (fromSize === 0) throw new TlogError('BAD_PROOF', `${what}: from nothing there is no proof`);
  if (fromSize > toSize) throw new TlogError('BAD_PROOF', `${what}: the tree shrinks`);
  if (fromSize === toSize) {
    if (proof.length > 0) throw new TlogError('BAD_PROOF', `${what}: must be empty`);
    checkSameRoot(fromRoot, toRoot, `${what}: same size, different roots`);
    return;
  }
  if (proof.length === 0) throw new TlogError('BAD_PROOF', `${what}: is empty`);
  checkHashes([fromRoot, toRoot, ...proof], what);

  let node = fromSize - 1;
  let last = toSize - 1;
  while (node % 2 === 1) {
    node = (node - 1) / 2;
    last = Math.floor(last / 2);
  }
  // When the smaller tree is one whole subtree, its root is the first hash and is not sent.
  const isWhole = node === 0;
  let from = isWhole ? fromRoot : proof[0];
  let to = from;
  for (const hash of isWhole ? proof : proof.slice(1)) {
    if (last === 0) throw new TlogError('BAD_PROOF', `${what}: too many hashes`);
    if (node % 2 === 1 || node === last) {
      from = nodeHash(sha256, hash, from);
      to = nodeHash(sha256, hash, to);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      to = nodeHash(sha256, to, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new TlogError('BAD_PROOF', `${what}: too few hashes`);
  checkSameRoot(from, fromRoot, `${what}: does not lead to the smaller root`);
  checkSameRoot(to, toRoot, `${what}: does not lead to the larger root`);
}
