/** Passkeys that sign for a seat: made here, enrolled by the quorum, used for every signature after that. */
import { sha256 } from '@noble/hashes/sha2.js';
import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { fromBase64url, toBase64url } from '../../src/control/proofs.ts';
import { type Statement, statementDigest, statementOf } from '../../src/control/statements.ts';
import type { Key, KeyEnrol, Proof, PublicKey } from '../../src/control/types.ts';
import { toBase64 } from '../../src/tlog/bytes.ts';
import type { Actor } from './actor.ts';
import { post } from './api.ts';

/** Numbers of COSE (RFC 9053). */
const ES256 = -7;
const EDDSA = -8;
/** A raw key is the end of its SubjectPublicKeyInfo: an uncompressed P-256 point, or 32 bytes. */
const KEY_BYTES = { [ES256]: 65, [EDDSA]: 32 } as const;

/**
 * The challenge is the digest of the statement, so the signature says nothing else, and anyone verifies
 * it offline.
 *
 * @throws Error when nobody answers, or the device refuses
 */
export async function passkeyProof(
  rpId: string,
  credentialIds: readonly string[],
  statement: Statement,
): Promise<Proof> {
  const { response, id } = await startAuthentication({
    optionsJSON: {
      challenge: toBase64url(statementDigest(sha256, statement)),
      rpId,
      userVerification: 'required',
      allowCredentials: credentialIds.map(credential => ({ type: 'public-key', id: credential })),
    },
  });
  return {
    kind: 'webauthn',
    credentialId: id,
    authenticatorData: response.authenticatorData,
    clientDataJson: response.clientDataJSON,
    signature: response.signature,
  };
}

/**
 * Makes a passkey for the actor and proposes to enrol it: signed by his present key, and by the new one
 * as the proof that he has it. It counts once those have agreed who agree to any change.
 *
 * @throws Error when the device refuses, or the log does
 */
export async function enrolPasskey(by: Actor, rpId: string): Promise<void> {
  const publicKey = await createPasskey(by.name, rpId);
  const key: Key = { holder: by.name as Key['holder'], publicKey };
  const unsigned = {
    proposer: by.name as KeyEnrol['proposer'],
    reason: `a passkey of ${by.name}`,
    key,
  };
  const statement = statementOf('keyEnrol/v1', unsigned as unknown as KeyEnrol);
  const possession = await passkeyProof(rpId, [publicKey.credentialId], statement);
  const proof = await by.prove(statement);
  await post('/api/v1/entries', {
    type: 'keyEnrol/v1',
    body: { ...unsigned, possession, proof },
  });
}

async function createPasskey(
  person: string,
  rpId: string,
): Promise<Extract<PublicKey, { kind: 'webauthn' }>> {
  const { id, response } = await startRegistration({
    optionsJSON: {
      rp: { id: rpId, name: 'Beamkeeper' },
      user: { id: toBase64url(random(32)), name: person, displayName: person },
      challenge: toBase64url(random(32)),
      pubKeyCredParams: [ES256, EDDSA].map(alg => ({ type: 'public-key', alg })),
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    },
  });
  const algorithm = response.publicKeyAlgorithm;
  if ((algorithm !== ES256 && algorithm !== EDDSA) || response.publicKey === undefined) {
    throw new Error('This device makes keys that the log does not take (neither ES256 nor EdDSA).');
  }
  const spki = fromBase64url(response.publicKey, 'public key');
  return {
    kind: 'webauthn',
    credentialId: id,
    algorithm: algorithm === ES256 ? 'ES256' : 'EdDSA',
    publicKey: toBase64(spki.slice(-KEY_BYTES[algorithm])),
  };
}

function random(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
