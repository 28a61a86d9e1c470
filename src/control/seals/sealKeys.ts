import { BeamkeeperError } from '../../orbits/error.ts';
import { fromBase64, type Sha256, TlogError, toBase64, toHex } from '../../tlog/index.ts';
import { canonicalJson } from '../canonicalJson.ts';
import type { Seal, Sha256Hex } from '../types.ts';
import { type OpenedGroup, openGroup } from './sealedBlob.ts';

/** Keys of a seal's groups, by the hash of their ciphertext. */
export type SealKeys = ReadonlyMap<Sha256Hex, Uint8Array>;

/** What is wrapped: to the release service and the escrow, and again to a reader. */
export function encodeKeys(sealId: string, keys: SealKeys): Uint8Array {
  const texts = [...keys].map(([hash, key]) => [hash, toBase64(key)]);
  return new TextEncoder().encode(canonicalJson({ keys: Object.fromEntries(texts), sealId }));
}

/** @throws BeamkeeperError `SEAL_KEYS` when they are of another seal, or no keys */
export function decodeKeys(sealId: string, data: Uint8Array): SealKeys {
  let said: { readonly sealId?: unknown; readonly keys?: unknown } | null;
  try {
    said = JSON.parse(new TextDecoder().decode(data));
  } catch (cause) {
    throw new BeamkeeperError('SEAL_KEYS', `seal ${sealId}: what is wrapped is not JSON`, {
      cause,
    });
  }
  if (said?.sealId !== sealId) {
    throw new BeamkeeperError('SEAL_KEYS', `keys of seal ${said?.sealId}, not of ${sealId}`);
  }
  try {
    return new Map(
      Object.entries(said.keys as object).map(([hash, key]) => [
        hash,
        fromBase64(String(key), 'key of a seal'),
      ]),
    );
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof TlogError)) throw cause;
    throw new BeamkeeperError('SEAL_KEYS', `seal ${sealId}: what is wrapped holds no keys`, {
      cause,
    });
  }
}

/** @throws what {@link openGroup} throws; a key that is missing opens nothing (`SEAL_KEY`) */
export function openCiphertexts(
  sha256: Sha256,
  seal: Seal,
  ciphertexts: readonly Uint8Array[],
  keys: SealKeys,
): Promise<OpenedGroup[]> {
  return Promise.all(
    ciphertexts.map(blob => {
      const key = keys.get(toHex(sha256(blob))) ?? new Uint8Array();
      return openGroup(sha256, seal, blob, key);
    }),
  );
}
