import { decodeKeys, type OpenedGroup, openCiphertexts, type Seal } from '../control/index.ts';
import { type AgeIdentity, ageDecrypt } from './ageKeys.ts';
import type { ReleasedPart } from './releaseService.ts';
import { nodeSha256 } from './tlogStore.ts';

/**
 * The reader's side: opens what was released to him, every portion checked against the leaf.
 *
 * @param seal from the entry, never from the service
 * @throws BeamkeeperError `AGE_KEY`, `SEAL_KEYS`, and what {@link openCiphertexts} throws
 */
export async function openReleased(
  seal: Seal,
  released: Pick<ReleasedPart, 'wrappedKeys' | 'ciphertexts'>,
  identity: AgeIdentity,
): Promise<OpenedGroup[]> {
  const data = await ageDecrypt(identity, released.wrappedKeys, `released keys of seal ${seal.id}`);
  return openCiphertexts(nodeSha256, seal, released.ciphertexts, decodeKeys(seal.id, data));
}
