import { concatBytes, fromBase64, toBase64, toHex, utf8 } from './bytes.ts';
import {
  decodeCosignature,
  ed25519CosignedMessage,
  mlDsa44CosignedMessage,
} from './cosignature.ts';
import { ed25519Verification } from './ed25519.ts';
import { TlogError } from './error.ts';
import { ML_DSA_44_PUBLIC_KEY_BYTES, type MlDsa44 } from './mlDsa44.ts';
import { checkKeyName, type NoteVerifier } from './note.ts';
import type { Sha256 } from './treeHash.ts';

/** What a key signs, and how: the type byte of C2SP signed-note. */
export type KeyKind = 'ed25519' | 'cosignature-ed25519' | 'cosignature-ml-dsa-44';

const TYPE_BYTES: Readonly<Record<KeyKind, number>> = {
  ed25519: 0x01,
  'cosignature-ed25519': 0x04,
  'cosignature-ml-dsa-44': 0x06,
};

/** A public key that a verifier was given by hand, and what checks its signatures. */
export interface VerifierKey extends NoteVerifier {
  readonly kind: KeyKind;
  readonly publicKey: Uint8Array;
}

/** First four bytes of SHA-256(name ‖ newline ‖ type ‖ public key). */
export function keyIdOf(
  sha256: Sha256,
  name: string,
  kind: KeyKind,
  publicKey: Uint8Array,
): number {
  const hash = sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(TYPE_BYTES[kind]), publicKey));
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}

/** `<name>+<hex id>+<base64(type ‖ key)>`. */
export function formatVerifierKey(
  sha256: Sha256,
  name: string,
  kind: KeyKind,
  publicKey: Uint8Array,
): string {
  checkKeyName(name);
  const id = keyIdOf(sha256, name, kind, publicKey).toString(16).padStart(8, '0');
  return `${name}+${id}+${toBase64(concatBytes(Uint8Array.of(TYPE_BYTES[kind]), publicKey))}`;
}

/**
 * Reads a verifier key.
 *
 * @param mlDsa44 needed for keys of type 0x06 only
 * @throws TlogError `BAD_FORMAT` when it is malformed, its id does not belong to it, its type is
 *   unknown, or it is an ML-DSA-44 key and no implementation was handed in.
 *
 * @example
 * const key = parseVerifierKey(sha256, 'example.com/log+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3…');
 * const { text } = await openNote(note, [key]);
 */
export function parseVerifierKey(sha256: Sha256, text: string, mlDsa44?: MlDsa44): VerifierKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const malformed = (what: string): TlogError =>
    new TlogError('BAD_FORMAT', `verifier key "${text.slice(0, 60)}": ${what}`);
  if (!match) throw malformed('not of the form name+id+key');
  const [, name, id, base64] = match;
  checkKeyName(name);
  const bytes = fromBase64(base64, `verifier key of ${name}`);
  const kind = (Object.keys(TYPE_BYTES) as KeyKind[]).find(k => TYPE_BYTES[k] === bytes[0]);
  if (!kind) throw malformed(`type ${toHex(bytes.subarray(0, 1))} is not known here`);
  const publicKey = bytes.subarray(1);
  const length = kind === 'cosignature-ml-dsa-44' ? ML_DSA_44_PUBLIC_KEY_BYTES : 32;
  if (publicKey.length !== length) {
    throw malformed(`a key of ${publicKey.length} bytes, not ${length}`);
  }
  const keyId = keyIdOf(sha256, name, kind, publicKey);
  if (keyId !== Number.parseInt(id, 16)) throw malformed('the id does not belong to the key');
  const isValid = signatureCheck(kind, name, publicKey, mlDsa44);
  if (!isValid) throw malformed('needs an implementation of ML-DSA-44, and none was handed in');
  const verify = async (note: string, signature: Uint8Array): Promise<boolean> => {
    try {
      return await isValid(note, signature);
    } catch (cause) {
      // A signature too short or without a time, a text that is no checkpoint: it does not hold.
      if (cause instanceof TlogError) return false;
      throw cause;
    }
  };
  return { name, keyId, kind, publicKey, verify };
}

function signatureCheck(
  kind: KeyKind,
  name: string,
  publicKey: Uint8Array,
  mlDsa44: MlDsa44 | undefined,
): NoteVerifier['verify'] | undefined {
  if (kind === 'cosignature-ml-dsa-44') {
    return (
      mlDsa44 &&
      (async (text, bytes) => {
        const { timeSeconds, signature } = decodeCosignature(bytes);
        const message = mlDsa44CosignedMessage(text, name, timeSeconds);
        return mlDsa44.verify(publicKey, message, signature);
      })
    );
  }
  const isSignature = ed25519Verification(publicKey);
  if (kind === 'ed25519') return (text, signature) => isSignature(utf8(text), signature);
  return async (text, bytes) => {
    const { timeSeconds, signature } = decodeCosignature(bytes);
    return isSignature(ed25519CosignedMessage(text, timeSeconds), signature);
  };
}
