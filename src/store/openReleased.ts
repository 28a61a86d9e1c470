import { type OpenedGroup, openGroup, type Seal } from '../control/index.ts';
import { toHex } from '../tlog/index.ts';
import { type AgeIdentity, ageDecrypt } from './ageKeys.ts';
import type { ReleasedPart } from './releaseService.ts';
import { decodeKeys, type SealKeys } from './sealStore.ts';
import { nodeSha256 } from './tlogStore.ts';

/**
 * The reader's side: opens what was released to him, every portion checked against the leaf.
 *
 * @param seal from the entry, never from the service
 * @throws BeamkeeperError `AGE_KEY`, `SEAL_KEYS`, and what {@link openGroup} throws
 */
export async function openReleased(
  seal: Seal,
  released: Pick<ReleasedPart, 'wrappedKeys' | 'ciphertexts'>,
  identity: AgeIdentity,
): Promise<OpenedGroup[]> {
  const data = await ageDecrypt(identity, released.wrappedKeys, `released keys of seal ${seal.id}`);
  return openCiphertexts(seal, released.ciphertexts, decodeKeys(seal.id, data));
}

/** @throws what {@link openGroup} throws */
export function openCiphertexts(
  seal: Seal,
  ciphertexts: readonly Uint8Array[],
  keys: SealKeys,
): Promise<OpenedGroup[]> {
  return Promise.all(
    ciphertexts.map(blob => {
      const key = keys.get(toHex(nodeSha256(blob))) ?? new Uint8Array();
      return openGroup(nodeSha256, seal, blob, key);
    }),
  );
}
