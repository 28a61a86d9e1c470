import { TlogError } from './error.ts';

/** DER before the 32 bytes of an Ed25519 seed in PKCS #8. RFC 8410 §7. */
const PKCS8_PREFIX = [
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

export interface Ed25519KeyPair {
  publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * An Ed25519 key from its 32-byte seed (RFC 8032), through the platform's WebCrypto.
 *
 * @throws TlogError `BAD_FORMAT` when the seed is not 32 bytes long.
 */
export async function ed25519FromSeed(seed: Uint8Array): Promise<Ed25519KeyPair> {
  if (seed.length !== 32) {
    throw new TlogError('BAD_FORMAT', `Ed25519 seed: ${seed.length} bytes, not 32`);
  }
  const { subtle } = globalThis.crypto;
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...seed]);
  // Extractable, because the public half of an imported seed is only to be had from the JWK.
  const extractable = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await subtle.exportKey('jwk', extractable);
  const publicKey = Uint8Array.from(
    atob((x as string).replaceAll('-', '+').replaceAll('_', '/')),
    character => character.charCodeAt(0),
  );
  const key = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  return {
    publicKey,
    sign: async message =>
      new Uint8Array(await subtle.sign('Ed25519', key, message as BufferSource)),
  };
}

/** A function that checks signatures of one public key; the key is imported once. */
export function ed25519Verification(
  publicKey: Uint8Array,
): (message: Uint8Array, signature: Uint8Array) => Promise<boolean> {
  const { subtle } = globalThis.crypto;
  let imported: Promise<CryptoKey> | undefined;
  return async (message, signature) => {
    if (signature.length !== 64) return false;
    imported ??= subtle.importKey('raw', publicKey as BufferSource, 'Ed25519', false, ['verify']);
    return subtle.verify(
      'Ed25519',
      await imported,
      signature as BufferSource,
      message as BufferSource,
    );
  };
}
