import {
  type ControlState,
  decodeKeys,
  openCiphertexts,
  type Seal,
  verifyHandedSeal,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { toHex } from '../tlog/index.ts';
import { type AgeIdentity, ageDecrypt } from './ageKeys.ts';
import type { SealStore } from './sealStore.ts';
import { nodeSha256 } from './tlogStore.ts';

const NONE = new Uint8Array();

/** A seal that was made elsewhere, with what must be durable before an entry names it. */
export interface HandedSeal {
  /** Signed by the second person. */
  readonly seal: Seal;
  readonly ciphertexts: readonly Uint8Array[];
  /** Keys of the groups, wrapped with age to the release service. */
  readonly wrappedKeys: Uint8Array;
}

/**
 * Keeps a seal whose maker is not on this machine. What nobody could ever open is not taken: every
 * group must open with its key and agree with the digests. The keys are wrapped anew, to the release
 * service and to the escrow. Handing the same in twice is once.
 *
 * @throws BeamkeeperError `SEAL_ID` when another seal of its id is kept, `SEAL_RECIPIENTS`, `SEAL_GROUPS`, `AGE_KEY`, `SEAL_KEYS`, and what
 *   {@link verifyHandedSeal} and {@link openCiphertexts} throw
 */
export async function receiveSeal(
  { seals, identity }: { readonly seals: SealStore; readonly identity: AgeIdentity },
  state: ControlState,
  { seal, ciphertexts, wrappedKeys }: HandedSeal,
  atMs: number,
): Promise<void> {
  await verifyHandedSeal(nodeSha256, state, seal, atMs);
  const hashes = ciphertexts.map(blob => toHex(nodeSha256(blob)));
  const named = seal.groups.map(({ ctSha256 }) => ctSha256);
  if (hashes.toSorted().join() !== named.toSorted().join()) {
    throw new BeamkeeperError(
      'SEAL_GROUPS',
      `seal ${seal.id}: names ${named.length} ciphertexts; those handed in (${hashes.length}) are others`,
    );
  }
  const what = `keys of seal ${seal.id}`;
  const keys = decodeKeys(seal.id, await ageDecrypt(identity, wrappedKeys, what));
  await openCiphertexts(nodeSha256, seal, ciphertexts, keys);
  if (await seals.hasKeys(seal.id)) {
    const kept = await seals.unwrap(seal.id, identity);
    const isSame = hashes.every(hash => toHex(kept.get(hash) ?? NONE) === toHex(keys.get(hash)!));
    if (isSame) return;
    throw new BeamkeeperError('SEAL_ID', `seal ${seal.id}: another one of this id is kept already`);
  }
  const groups = hashes.map((ctSha256, i) => ({
    ctSha256,
    blob: ciphertexts[i],
    key: keys.get(ctSha256) as Uint8Array,
  }));
  await seals.put({ seal, groups });
}
