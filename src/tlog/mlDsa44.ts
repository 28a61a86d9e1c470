/** Length of a public key. FIPS 204, parameter set ML-DSA-44. */
export const ML_DSA_44_PUBLIC_KEY_BYTES = 1312;

/**
 * ML-DSA-44 (FIPS 204), the post-quantum signature of C2SP cosignatures. Not part of this module:
 * hand in a kept library (`@noble/post-quantum`) or the platform's own. The context is empty.
 */
export interface MlDsa44 {
  verify(
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean | Promise<boolean>;
}

/** A private ML-DSA-44 key, wherever it is kept. */
export interface MlDsa44KeyPair {
  publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}
