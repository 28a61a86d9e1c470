/** Sealed parts in the page: made here, opened here; the server's release service keeps the keys between. */
import { sha256 } from '@noble/hashes/sha2.js';
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import type { MadeSeal, SealTerms } from '../../src/control/seals/makeSeal.ts';
import { type ReadPurpose, readStatement } from '../../src/control/seals/readRequest.ts';
import { revealBody } from '../../src/control/seals/revealBody.ts';
import { type SealCarriers, sealBody } from '../../src/control/seals/sealBody.ts';
import type { OpenedGroup } from '../../src/control/seals/sealedBlob.ts';
import { decodeKeys, encodeKeys, openCiphertexts } from '../../src/control/seals/sealKeys.ts';
import { sealStatement } from '../../src/control/statements.ts';
import type { Marking, Order, Seal } from '../../src/control/types.ts';
import type { EntryView } from '../../src/control/views/entryView.ts';
import { fromBase64, toBase64 } from '../../src/tlog/bytes.ts';
import { type Actor, newNonce } from './actor.ts';
import { get, post } from './api.ts';
import { logNowMs } from './demoClock.ts';

interface Recipients {
  readonly release: string;
  readonly fingerprints: readonly [release: string, escrow: string];
}

/** A draft without what is sealed in it; the keys stay in this page until the second person signs. */
export interface PreparedSeal<T extends keyof SealCarriers> {
  readonly body: SealCarriers[T];
  readonly made: MadeSeal;
  readonly release: string;
}

/**
 * Takes the parts out of a draft and encrypts them.
 *
 * @throws Error when a part is never sealed, or sealing is not set up here
 */
export async function prepareSeal<T extends keyof SealCarriers>(
  type: T,
  draft: SealCarriers[T],
  parts: Readonly<Record<string, Marking>>,
  terms: Omit<SealTerms, 'recipients'>,
): Promise<PreparedSeal<T>> {
  const { release, fingerprints } = await get<Recipients>('/api/v1/seal-recipients');
  const crypto = { sha256, randomBytes };
  const all = { ...terms, recipients: fingerprints };
  return { ...(await sealBody(type, draft, parts, all, crypto)), release };
}

/**
 * Signs a prepared seal as its second person and hands ciphertexts and keys to the release service.
 *
 * @throws Error when the device or the server refuses
 */
export async function secondSeal<T extends keyof SealCarriers>(
  by: Actor,
  { body, made, release }: PreparedSeal<T>,
): Promise<SealCarriers[T] & { readonly seal: Seal }> {
  const proof = await by.prove(sealStatement(made.seal));
  const seal: Seal = { ...made.seal, second: { person: made.seal.second.person, proof } };
  const keys = new Map(made.groups.map(({ ctSha256, key }) => [ctSha256, key]));
  const encrypter = new Encrypter();
  encrypter.addRecipient(release);
  const wrapped = await encrypter.encrypt(encodeKeys(seal.id, keys));
  await post('/api/v1/seals', {
    seal,
    ciphertexts: made.groups.map(({ blob }) => toBase64(blob)),
    wrappedKeys: toBase64(wrapped),
  });
  return { ...body, seal };
}

/** What somebody read, and where it is written that he did. */
export interface ReadPart {
  readonly accessEntry: number;
  readonly groups: readonly OpenedGroup[];
}

/**
 * Asks for a sealed part as the actor, opens what is released with his age identity, and checks every
 * portion against the entry.
 *
 * @param identity text of an age identity file; it does not leave the page
 * @throws Error "there is nothing here that you may read", whatever the cause
 */
export async function readSealed(
  by: Actor,
  entryIndex: number,
  purpose: ReadPurpose,
  identity: string,
): Promise<ReadPart> {
  const secret = await secretOf(identity);
  const asked = {
    entryIndex,
    person: by.name,
    purpose,
    at: new Date(logNowMs()).toISOString(),
    nonce: newNonce(),
  } as const;
  const proof = await by.prove(readStatement(asked));
  const released = await post<{
    readonly accessIndex: number;
    readonly wrappedKeys: string;
    readonly ciphertexts: readonly string[];
  }>('/api/v1/sealed-reads', { ...asked, proof });
  const { body } = await get<EntryView & { readonly body: Order }>(`/api/v1/entries/${entryIndex}`);
  const seal = body.seal as Seal;
  const decrypter = new Decrypter();
  decrypter.addIdentity(secret);
  let data: Uint8Array;
  try {
    data = await decrypter.decrypt(fromBase64(released.wrappedKeys, 'keys'));
  } catch {
    throw new Error(
      `What was released is wrapped to another identity than this one. Entry ${released.accessIndex} of the access log says that it was.`,
    );
  }
  const blobs = released.ciphertexts.map(one => fromBase64(one, 'ciphertext'));
  const groups = await openCiphertexts(sha256, seal, blobs, decodeKeys(seal.id, data));
  revealBody(
    sha256,
    body,
    groups.flatMap(({ portions }) => portions),
  );
  return { accessEntry: released.accessIndex, groups };
}

async function secretOf(text: string): Promise<string> {
  const secrets = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'));
  const secret = (secrets[0] ?? '').trim();
  try {
    if (secrets.length === 1) await identityToRecipient(secret);
    else throw new Error();
  } catch {
    throw new Error(
      'This is no age identity: one line AGE-SECRET-KEY-1… (beamkeeper seal keys new).',
    );
  }
  return secret;
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
