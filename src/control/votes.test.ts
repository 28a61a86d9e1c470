/** Votes that the server cannot forge: control.md §7, and WebAuthn level 3 §7.2. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import { createEd25519Signer, formatNote, parseNote, signNote, toBase64 } from '../tlog/index.ts';
import { rawFromDer, toBase64url } from './proofs.ts';
import { ROSTER, TestLog } from './testLog.ts';
import type { Key, Proof, PublicKey, RelyingParty, VoteStatement } from './types.ts';
import { verifySignatures } from './verifiedSignatures.ts';
import { verifyVote, voteDigest, voteNoteText } from './votes.ts';

const RELYING_PARTY: RelyingParty = ROSTER.relyingParty;
const STATEMENT: VoteStatement = {
  orderHash: 'ab'.repeat(32),
  decision: 'yes',
  seat: 'customer',
  person: 'person:customer',
  reason: 'agreed',
  impactSha256: null,
  policySha256: 'cd'.repeat(32),
  rosterIndex: 0,
  disclosuresComplete: true,
  nonce: '00'.repeat(16),
};

test('the digest is SHA-256 over beamkeeper/vote/v1, a newline and the canonical statement', () => {
  const text =
    'beamkeeper/vote/v1\n{"decision":"yes","disclosuresComplete":true,"impactSha256":null,' +
    `"nonce":"${'00'.repeat(16)}","orderHash":"${'ab'.repeat(32)}","person":"person:customer",` +
    `"policySha256":"${'cd'.repeat(32)}","reason":"agreed","rosterIndex":0,"seat":"customer"}`;
  expect(Buffer.from(voteDigest(sha256, STATEMENT)).toString('hex')).toBe(
    createHash('sha256').update(text).digest('hex'),
  );
  expect(voteNoteText(STATEMENT)).toBe(`${text}\n`);
});

describe('a signed note', async () => {
  const signer = await createEd25519Signer(sha256, 'customer-token', new Uint8Array(32).fill(7));
  const key: Key = {
    holder: 'person:customer',
    publicKey: { kind: 'note', verifierKey: signer.verifierKey },
  };
  const note = await signNote(voteNoteText(STATEMENT), [signer]);
  const verify = (noteText: string, statement = STATEMENT, by = key): Promise<void> => {
    const proof: Proof = { kind: 'note', note: noteText };
    return verifyVote(sha256, { statement, proof }, by, RELYING_PARTY);
  };

  test('verifies', async () => {
    await expect(verify(note)).resolves.toBeUndefined();
  });

  test('does not verify for another statement, type, key or person', async () => {
    await expect(verify(note, { ...STATEMENT, decision: 'no' })).rejects.toThrow(/something else/);
    const asReview = voteNoteText(STATEMENT).replace('vote/v1', 'review/v1');
    await expect(verify(await signNote(asReview, [signer]))).rejects.toThrow(/something else/);
    const other = await createEd25519Signer(sha256, 'customer-token', new Uint8Array(32).fill(8));
    const otherKey = { ...key, publicKey: { kind: 'note', verifierKey: other.verifierKey } } as Key;
    await expect(verify(note, STATEMENT, otherKey)).rejects.toThrow(/0 signatures/);
    await expect(verify(note, STATEMENT, { ...key, holder: 'person:x' })).rejects.toThrow(/of/);
  });

  test('does not verify with any byte of the signature changed', async () => {
    const parsed = parseNote(note);
    for (const i of [0, 31, 32, 63]) {
      const signature = parsed.signatures[0].signature.slice();
      signature[i] ^= 1;
      const forged = formatNote({
        text: parsed.text,
        signatures: [{ ...parsed.signatures[0], signature }],
      });
      await expect(verify(forged)).rejects.toThrow(/does not hold/);
    }
  });
});

interface Assertion {
  type: string;
  challenge: string;
  origin: string;
  crossOrigin?: boolean;
  rpId: string;
  flags: number;
}

/** An authenticator, as WebAuthn describes one. */
function assertion(privateKey: KeyObject, changes: Partial<Assertion> = {}): Proof {
  const { rpId, flags, ...clientData }: Assertion = {
    type: 'webauthn.get',
    challenge: toBase64url(voteDigest(sha256, STATEMENT)),
    origin: RELYING_PARTY.origin,
    rpId: RELYING_PARTY.id,
    flags: 0x05,
    ...changes,
  };
  const clientDataJson = Buffer.from(JSON.stringify(clientData));
  const authenticatorData = Buffer.concat([
    createHash('sha256').update(rpId).digest(),
    Buffer.from([flags, 0, 0, 0, 0]),
  ]);
  const clientDataHash = createHash('sha256').update(clientDataJson).digest();
  const message = Buffer.concat([authenticatorData, clientDataHash]);
  const isEc = privateKey.asymmetricKeyType === 'ec';
  return {
    kind: 'webauthn',
    credentialId: 'credential-1',
    authenticatorData: toBase64url(authenticatorData),
    clientDataJson: toBase64url(clientDataJson),
    signature: toBase64url(sign(isEc ? 'sha256' : null, message, privateKey)),
  };
}

describe.each(['ES256', 'EdDSA'] as const)('a passkey, %s', algorithm => {
  const pair =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519');
  const { x, y } = pair.publicKey.export({ format: 'jwk' });
  const raw =
    algorithm === 'ES256'
      ? Buffer.concat([
          Buffer.from([4]),
          Buffer.from(x!, 'base64url'),
          Buffer.from(y!, 'base64url'),
        ])
      : Buffer.from(x!, 'base64url');
  const publicKey: PublicKey = {
    kind: 'webauthn',
    credentialId: 'credential-1',
    algorithm,
    publicKey: toBase64(raw),
  };
  const key: Key = { holder: 'person:customer', publicKey };
  const verify = (proof: Proof, by = key, statement = STATEMENT): Promise<void> =>
    verifyVote(sha256, { statement, proof }, by, RELYING_PARTY);

  test('verifies, many times over', async () => {
    // DER of ECDSA has a length that varies from signature to signature.
    for (let i = 0; i < 20; i++) {
      await expect(verify(assertion(pair.privateKey))).resolves.toBeUndefined();
    }
  });

  test.each<[what: string, Partial<Assertion>, RegExp]>([
    ['a registration', { type: 'webauthn.create' }, /type of clientDataJSON/],
    ['another challenge', { challenge: 'AAAA' }, /challenge of clientDataJSON/],
    ['another page', { origin: 'https://switch.example.evil' }, /origin of clientDataJSON/],
    ['a page in a page', { crossOrigin: true }, /inside another page/],
    ['another relying party', { rpId: 'example' }, /another relying party/],
    ['a user who was not verified', { flags: 0x01 }, /not verified/],
    ['a user who was not present', { flags: 0x04 }, /not present/],
  ])('is refused for %s', async (_, changes, message) => {
    await expect(verify(assertion(pair.privateKey, changes))).rejects.toThrow(message);
  });

  test('is refused for another statement, another key, and a byte changed', async () => {
    const proof = assertion(pair.privateKey) as Extract<Proof, { kind: 'webauthn' }>;
    await expect(verify(proof, key, { ...STATEMENT, seat: 'owner' })).rejects.toThrow(/challenge/);
    const credentialId = 'credential-2';
    const otherId = { ...key, publicKey: { ...publicKey, credentialId } };
    await expect(verify(proof, otherId)).rejects.toThrow(/another credential/);
    const flipped = Buffer.from(proof.authenticatorData, 'base64url');
    flipped[36] ^= 1; // The signature counter, which nothing else looks at.
    const authenticatorData = toBase64url(flipped);
    await expect(verify({ ...proof, authenticatorData })).rejects.toThrow(/does not hold/);
    const noKey = { ...key, publicKey: { ...publicKey, publicKey: toBase64(raw.fill(9)) } };
    await expect(verify(proof, noKey)).rejects.toThrow(/does not hold/);
  });
});

describe('DER of an ECDSA signature', () => {
  const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

  test('is read to r and s, with their zeros', () => {
    const raw = Buffer.from(rawFromDer(hex('300702020080020101'))).toString('hex');
    expect(raw).toBe(`${'80'.padStart(64, '0')}${'1'.padStart(64, '0')}`);
  });

  test.each([
    ['empty', ''],
    ['not a sequence', '3107020200800201 01'.replace(' ', '')],
    ['of the wrong length', '300802020080020101'],
    ['with bytes after it', '30070202008002010100'],
    ['with an integer cut off', '30040202 0080'.replace(' ', '')],
    ['with a negative integer', '3006020180020101'],
    ['with a needless zero', '300702020001020101'],
    ['with an empty integer', '30050200020101'],
    ['with an integer of 33 bytes', `3026022101${'00'.repeat(32)}020101`],
  ])('is refused %s', (_, der) => {
    expect(() => rawFromDer(hex(der))).toThrow(/not an ECDSA signature/);
  });
});

describe('in the log', () => {
  test('a vote is refused by its nonce when it is handed in again, also if it did not count', () => {
    const l = new TestLog(sha256);
    const hash = l.order();
    l.vote(hash, 'customer');
    const { body } = l.entries.at(-1)! as never;
    expect(l.add('vote/v1', body)).toMatch(/nonce was used/);
    l.withdraw(hash, 'person:customer');
    expect(l.add('vote/v1', body)).toMatch(/nonce was used/);

    expect(l.vote(hash, 'customer', { person: 'person:customer-alternate' })).toBeDefined();
    const early = l.entries.at(-1)!.body as never;
    l.recuse(hash, 'person:customer');
    expect(l.add('vote/v1', early)).toMatch(/nonce was used/);
  });

  test('a vote binds order, impact, rules and roster', () => {
    const l = new TestLog(sha256);
    const hash = l.order();
    expect(l.vote('ee'.repeat(32), 'customer')).toMatch(/no such order/);
    const other = 'ee'.repeat(32);
    expect(l.vote(hash, 'customer', { impactSha256: other })).toMatch(/another impact/);
    expect(l.vote(hash, 'customer', { policySha256: other })).toMatch(/other rules/);
    expect(l.vote(hash, 'customer', { rosterIndex: 1 })).toMatch(/roster in force/);
  });

  test('a signature that does not hold has no effect, and is listed', async () => {
    const l = new TestLog(sha256);
    l.order();
    const { holds } = await verifySignatures(sha256, l.entries);
    const forged = new TestLog(sha256, {}, l.prove, holds);
    forged.tryOrder();
    expect(forged.state.ineffective).toEqual([
      { seq: 1, type: 'order/v1', reason: 'the signature of person:drafter does not hold' },
    ]);
  });
});
