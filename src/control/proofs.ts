import { BeamkeeperError } from '../orbits/error.ts';
import {
  fromBase64,
  parseNote,
  parseVerifierKey,
  type Sha256,
  TlogError,
  toBase64,
  toHex,
} from '../tlog/index.ts';
import { type Statement, statementDigest } from './statements.ts';
import type { Key, Proof, PublicKey, RelyingParty } from './types.ts';

/** One signature, ready for the platform's WebCrypto. */
export interface SignatureClaim {
  readonly algorithm: 'Ed25519' | 'ES256';
  /** 32 bytes, or 65 uncompressed. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes: of ES256, r ‖ s. */
  readonly signature: Uint8Array;
}

/** Names a claim: same name, same key, message and signature. */
export function claimName(sha256: Sha256, claim: SignatureClaim): string {
  const { algorithm, publicKey, message, signature } = claim;
  return `${algorithm} ${toBase64(publicKey)} ${toHex(sha256(message))} ${toBase64(signature)}`;
}

/** Whether a signature holds, by the platform's WebCrypto. */
export async function verifyClaim(claim: SignatureClaim): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  const [importing, verifying]: [AlgorithmIdentifier | EcKeyImportParams, EcdsaParams | string] =
    claim.algorithm === 'Ed25519'
      ? ['Ed25519', 'Ed25519']
      : [
          { name: 'ECDSA', namedCurve: 'P-256' },
          { name: 'ECDSA', hash: 'SHA-256' },
        ];
  const raw = claim.publicKey as BufferSource;
  let key: CryptoKey;
  try {
    key = await subtle.importKey('raw', raw, importing, false, ['verify']);
  } catch {
    return false; // Bytes that are no point of the curve verify nothing.
  }
  return subtle.verify(
    verifying,
    key,
    claim.signature as BufferSource,
    claim.message as BufferSource,
  );
}

/** Whether a proof says that it was made with this key. Nothing is verified. */
export function namesKey(sha256: Sha256, proof: Proof, { publicKey }: Key): boolean {
  if (proof.kind !== publicKey.kind) return false;
  if (proof.kind === 'webauthn') {
    return proof.credentialId === (publicKey as WebauthnKey).credentialId;
  }
  try {
    const key = parseVerifierKey(sha256, (publicKey as NoteKey).verifierKey);
    const { signatures } = parseNote(proof.note);
    return signatures.some(({ name, keyId }) => name === key.name && keyId === key.keyId);
  } catch (cause) {
    if (cause instanceof TlogError) return false;
    throw cause;
  }
}

type NoteKey = Extract<PublicKey, { kind: 'note' }>;
type WebauthnKey = Extract<PublicKey, { kind: 'webauthn' }>;

/**
 * All that is to be checked of a proof without public-key arithmetic; what is left is the claim.
 * Nothing of it needs the log: an outsider does the same with the key from the enrolment.
 *
 * A passkey (WebAuthn level 3 §7.2): type, challenge, origin, hash of the relying party's id, user
 * present, user verified. Signature counters are not looked at: synced passkeys leave them at 0.
 *
 * @throws BeamkeeperError `PROOF`
 */
export function checkProof(
  sha256: Sha256,
  statement: Statement,
  proof: Proof,
  key: Key,
  relyingParty: RelyingParty,
): SignatureClaim {
  const { publicKey } = key;
  try {
    if (proof.kind === 'note' && publicKey.kind === 'note') {
      return noteClaim(sha256, statement, proof.note, publicKey);
    }
    if (proof.kind === 'webauthn' && publicKey.kind === 'webauthn') {
      return webauthnClaim(sha256, statement, proof, publicKey, relyingParty);
    }
  } catch (cause) {
    if (cause instanceof TlogError) throw refused(cause.message, cause);
    throw cause;
  }
  throw refused(`a ${proof.kind} proof for a ${publicKey.kind} key`);
}

function noteClaim(
  sha256: Sha256,
  { type, text }: Statement,
  note: string,
  { verifierKey }: NoteKey,
): SignatureClaim {
  const key = parseVerifierKey(sha256, verifierKey);
  if (key.kind !== 'ed25519') throw refused(`a ${key.kind} key does not sign statements`);
  const parsed = parseNote(note);
  if (parsed.text !== `beamkeeper/${type}\n${text}\n`) {
    throw refused('the signed note says something else than the statement');
  }
  const lines = parsed.signatures.filter(l => l.name === key.name && l.keyId === key.keyId);
  if (lines.length !== 1) throw refused(`${lines.length} signatures of ${key.name}, not 1`);
  if (lines[0].signature.length !== 64) throw refused('an Ed25519 signature has 64 bytes');
  return {
    algorithm: 'Ed25519',
    publicKey: key.publicKey,
    message: new TextEncoder().encode(parsed.text),
    signature: lines[0].signature,
  };
}

const RP_ID_HASH_BYTES = 32;
const FLAG_USER_PRESENT = 0x01;
const FLAG_USER_VERIFIED = 0x04;
/** Hash of the relying party's id, flags, signature counter. */
const AUTHENTICATOR_DATA_BYTES = 37;

function webauthnClaim(
  sha256: Sha256,
  statement: Statement,
  proof: Extract<Proof, { kind: 'webauthn' }>,
  key: WebauthnKey,
  relyingParty: RelyingParty,
): SignatureClaim {
  if (proof.credentialId !== key.credentialId) throw refused('made with another credential');
  const clientDataJson = fromBase64url(proof.clientDataJson, 'clientDataJSON');
  const authenticatorData = fromBase64url(proof.authenticatorData, 'authenticatorData');
  const signature = fromBase64url(proof.signature, 'signature');

  const clientData = parseClientData(clientDataJson);
  const challenge = toBase64url(statementDigest(sha256, statement));
  const wanted = { type: 'webauthn.get', challenge, origin: relyingParty.origin };
  for (const [field, value] of Object.entries(wanted)) {
    if (clientData[field] !== value) {
      throw refused(`${field} of clientDataJSON is ${JSON.stringify(clientData[field])}`);
    }
  }
  if (clientData['crossOrigin'] === true) throw refused('made in a page inside another page');

  if (authenticatorData.length < AUTHENTICATOR_DATA_BYTES) {
    throw refused(`authenticatorData has ${authenticatorData.length} bytes`);
  }
  const idHash = sha256(new TextEncoder().encode(relyingParty.id));
  if (toHex(authenticatorData.subarray(0, RP_ID_HASH_BYTES)) !== toHex(idHash)) {
    throw refused(`made for another relying party than ${relyingParty.id}`);
  }
  const flags = authenticatorData[RP_ID_HASH_BYTES];
  if ((flags & FLAG_USER_PRESENT) === 0) throw refused('the user was not present');
  if ((flags & FLAG_USER_VERIFIED) === 0) throw refused('the user was not verified');

  const clientDataHash = sha256(clientDataJson);
  const message = new Uint8Array(authenticatorData.length + clientDataHash.length);
  message.set(authenticatorData);
  message.set(clientDataHash, authenticatorData.length);
  const publicKey = fromBase64(key.publicKey, 'public key');
  if (key.algorithm === 'EdDSA') {
    if (signature.length !== 64) throw refused('an Ed25519 signature has 64 bytes');
    return { algorithm: 'Ed25519', publicKey, message, signature };
  }
  return { algorithm: 'ES256', publicKey, message, signature: rawFromDer(signature) };
}

function parseClientData(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (value !== null && typeof value === 'object') return value as Record<string, unknown>;
  } catch (cause) {
    throw refused('clientDataJSON is not JSON', cause);
  }
  throw refused('clientDataJSON is not an object');
}

/**
 * r ‖ s, 32 bytes each, as WebCrypto takes ES256, from the DER that an authenticator gives
 * (RFC 3279 §2.2.3): SEQUENCE { INTEGER r, INTEGER s }, strictly.
 */
export function rawFromDer(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(64);
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] > 0x7f) throw notDer();
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1];
    const start = at + 2;
    if (der[at] !== 0x02 || !(length > 0) || start + length > der.length) throw notDer();
    const isPadded = der[start] === 0;
    // Positive, and in as few bytes as possible.
    if (der[start] > 0x7f || (isPadded && !(length > 1 && der[start + 1] > 0x7f))) throw notDer();
    const value = der.subarray(isPadded ? start + 1 : start, start + length);
    if (value.length > 32) throw notDer();
    raw.set(value, end - value.length);
    at = start + length;
  }
  if (at !== der.length) throw notDer();
  return raw;
}

/** Base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @throws BeamkeeperError `PROOF` unless the text is canonical base64url without padding. */
export function fromBase64url(text: string, what: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw refused(`${what} is not base64url`);
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding, what);
}

function notDer(): BeamkeeperError {
  return refused('the signature is not an ECDSA signature in DER');
}

function refused(what: string, cause?: unknown): BeamkeeperError {
  return new BeamkeeperError('PROOF', `proof: ${what}`, { cause });
}
