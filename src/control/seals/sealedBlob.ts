import { BeamkeeperError } from '../../orbits/error.ts';
import { type Sha256, toHex } from '../../tlog/index.ts';
import type { Marking, Seal } from '../types.ts';
import { type Disclosure, disclosureDigest, readDisclosure } from './disclosure.ts';
import { packPadded, paddedBytes, unpackPadded } from './paddedBlob.ts';

/** AES-256-GCM with a 96-bit nonce and a 128-bit tag (NIST SP 800-38D). */
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

/** A disclosure as text, which its digest is over, and what it says. */
export interface OpenedPortion extends Disclosure {
  readonly disclosure: string;
}

/** What one key opens: the portions of one level and its compartments. */
export interface OpenedGroup {
  readonly marking: Marking;
  readonly portions: readonly OpenedPortion[];
}

/** Nonce ‖ ciphertext ‖ tag; the seal's id is associated data, so that it opens under no other. */
export async function encryptGroup(
  sealId: string,
  disclosures: readonly string[],
  key: Uint8Array,
  nonce: Uint8Array,
): Promise<Uint8Array> {
  const secret = await importKey(key, 'encrypt');
  const packed = packPadded(disclosures) as BufferSource;
  const sealed = await globalThis.crypto.subtle.encrypt(gcm(sealId, nonce), secret, packed);
  const blob = new Uint8Array(NONCE_BYTES + sealed.byteLength);
  blob.set(nonce);
  blob.set(new Uint8Array(sealed), NONCE_BYTES);
  return blob;
}

/**
 * Opens a ciphertext of a seal and checks every portion against the leaf's digests.
 *
 * @throws BeamkeeperError `SEAL_TRUNCATED`, `SEAL_BLOB` (of another seal, or altered), `SEAL_KEY`,
 *   `SEAL_DIGEST` (a portion that the leaf does not know), `SEAL_CONTENT`, `SEAL_DISCLOSURE`
 */
export async function openGroup(
  sha256: Sha256,
  seal: Pick<Seal, 'id' | 'sd' | 'groups'>,
  blob: Uint8Array,
  key: Uint8Array,
): Promise<OpenedGroup> {
  const { id, sd, groups } = seal;
  const content = blob.length - OVERHEAD_BYTES;
  if (content <= 0 || paddedBytes(content) !== content) {
    throw new BeamkeeperError(
      'SEAL_TRUNCATED',
      `seal ${id}: a ciphertext of ${blob.length} bytes is cut short; fetch it again`,
    );
  }
  const hash = toHex(sha256(blob));
  const group = groups.find(({ ctSha256 }) => ctSha256 === hash);
  if (!group) {
    throw new BeamkeeperError(
      'SEAL_BLOB',
      `seal ${id}: the ciphertext ${hash} is not named in its entry: of another seal, or altered`,
    );
  }
  const packed = await decrypt(id, blob, key);
  const portions = unpackPadded(packed).map(disclosure => {
    if (!sd.includes(disclosureDigest(sha256, disclosure))) {
      throw new BeamkeeperError(
        'SEAL_DIGEST',
        `seal ${id}: a portion in ${hash} has no digest in its entry: not what was sealed`,
      );
    }
    return { ...readDisclosure(disclosure), disclosure };
  });
  return { marking: group.marking, portions };
}

async function decrypt(id: string, blob: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
  const wrong = (cause?: unknown): BeamkeeperError =>
    new BeamkeeperError('SEAL_KEY', `seal ${id}: the key does not open this ciphertext`, { cause });
  if (key.length !== KEY_BYTES) throw wrong();
  const nonce = blob.subarray(0, NONCE_BYTES);
  const secret = await importKey(key, 'decrypt');
  try {
    const sealed = blob.subarray(NONCE_BYTES) as BufferSource;
    return new Uint8Array(await globalThis.crypto.subtle.decrypt(gcm(id, nonce), secret, sealed));
  } catch (cause) {
    throw wrong(cause);
  }
}

function gcm(sealId: string, nonce: Uint8Array): AesGcmParams {
  return {
    name: 'AES-GCM',
    iv: nonce as BufferSource,
    additionalData: new TextEncoder().encode(sealId),
    tagLength: 8 * TAG_BYTES,
  };
}

function importKey(key: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return globalThis.crypto.subtle.importKey('raw', key as BufferSource, 'AES-GCM', false, [use]);
}
