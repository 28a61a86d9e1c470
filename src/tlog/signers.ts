import { utf8 } from './bytes.ts';
import {
  ed25519CosignedMessage,
  encodeCosignature,
  mlDsa44CosignedMessage,
} from './cosignature.ts';
import { ed25519FromSeed } from './ed25519.ts';
import type { MlDsa44KeyPair } from './mlDsa44.ts';
import type { NoteSigner } from './note.ts';
import type { Sha256 } from './treeHash.ts';
import { formatVerifierKey, type KeyKind, keyIdOf } from './verifierKey.ts';

/** A signer together with the key that others verify it by. */
export interface KeyedSigner extends NoteSigner {
  readonly verifierKey: string;
}

/**
 * Signs notes with Ed25519 (type 0x01): what a log signs its checkpoints with.
 *
 * @param seed 32 random bytes, kept secret
 */
export async function createEd25519Signer(
  sha256: Sha256,
  name: string,
  seed: Uint8Array,
): Promise<KeyedSigner> {
  const key = await ed25519FromSeed(seed);
  return keyed(sha256, name, 'ed25519', key.publicKey, text => key.sign(utf8(text)));
}

/**
 * Cosigns checkpoints with Ed25519 (type 0x04): what a witness signs with.
 *
 * @param nowSeconds the time that goes into the cosignature, seconds since 1970
 */
export async function createCosigner(
  sha256: Sha256,
  name: string,
  seed: Uint8Array,
  nowSeconds: () => number,
): Promise<KeyedSigner> {
  const key = await ed25519FromSeed(seed);
  return keyed(sha256, name, 'cosignature-ed25519', key.publicKey, async text => {
    const timeSeconds = nowSeconds();
    const signature = await key.sign(ed25519CosignedMessage(text, timeSeconds));
    return encodeCosignature(timeSeconds, signature);
  });
}

/**
 * Cosigns checkpoints with ML-DSA-44 (type 0x06): a second line beside Ed25519, for a log (whose
 * name is then the origin) or a witness.
 */
export function createMlDsa44Cosigner(
  sha256: Sha256,
  name: string,
  key: MlDsa44KeyPair,
  nowSeconds: () => number,
): KeyedSigner {
  return keyed(sha256, name, 'cosignature-ml-dsa-44', key.publicKey, async text => {
    const timeSeconds = nowSeconds();
    const signature = await key.sign(mlDsa44CosignedMessage(text, name, timeSeconds));
    return encodeCosignature(timeSeconds, signature);
  });
}

function keyed(
  sha256: Sha256,
  name: string,
  kind: KeyKind,
  publicKey: Uint8Array,
  sign: NoteSigner['sign'],
): KeyedSigner {
  return {
    name,
    keyId: keyIdOf(sha256, name, kind, publicKey),
    sign,
    verifierKey: formatVerifierKey(sha256, name, kind, publicKey),
  };
}
