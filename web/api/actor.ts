/** Who signs in this page: a key file of one's own, one of a demo's made-up people, or a passkey. */
import { sha256 } from '@noble/hashes/sha2.js';
import { signal } from '@preact/signals';
import { noteProof, type UnsignedBody } from '../../src/control/noteProof.ts';
import {
  attestationStatement,
  type Statement,
  statementDigest,
  statementOf,
} from '../../src/control/statements.ts';
import type {
  Attestation,
  Declaration,
  EntryBodies,
  EntryType,
  Proof,
} from '../../src/control/types.ts';
import { fromBase64, toHex } from '../../src/tlog/bytes.ts';
import { createEd25519Signer, type KeyedSigner } from '../../src/tlog/signers.ts';
import { get } from './api.ts';
import { readDemoClock } from './demoClock.ts';
import { passkeyProof } from './passkey.ts';

export interface Actor {
  readonly name: string;
  /** What of: the page never keeps a key beyond its own life. */
  readonly by: 'demo' | 'file' | 'passkey';
  readonly prove: (statement: Statement) => Promise<Proof>;
  /** Of a demo's cleared reader: his age identity. */
  readonly identity?: string;
}

/** The one whose key signs what is filed from now on. */
export const actor = signal<Actor | null>(null);
/** Of a demo: everybody whose key the server hands out. Null until asked. */
export const demoPeople = signal<readonly string[] | null>(null);

interface DemoKey {
  readonly holder: string;
  readonly key: string;
  readonly identity?: string;
}

const demoKeys = new Map<string, DemoKey>();

/** Asks once whether this is a demo. */
export async function loadDemoPeople(): Promise<void> {
  if (demoPeople.value !== null) return;
  try {
    const keys = await get<DemoKey[]>('/api/v1/demo/keys');
    for (const own of keys) demoKeys.set(own.holder, own);
    await readDemoClock();
    demoPeople.value = keys.map(({ holder }) => holder);
  } catch {
    demoPeople.value = [];
  }
}

/** @throws Error that says what is wrong with the key */
export async function actAs(name: string): Promise<void> {
  const own = demoKeys.get(name);
  if (own === undefined) throw new Error(`${name} has no key here`);
  const { key, identity } = own;
  actor.value = { ...(await actorOf(key, 'demo')), ...(identity !== undefined && { identity }) };
}

/** @throws Error when the file is no key */
export async function actByFile(text: string): Promise<void> {
  actor.value = await actorOf(text, 'file');
}

async function actorOf(text: string, by: Actor['by']): Promise<Actor> {
  const signer = await signerOf(text);
  return { name: signer.name, by, prove: statement => noteProof(signer, statement) };
}

/** Go's form: `PRIVATE+KEY+<name>+<id>+<base64 of type and seed>`. */
async function signerOf(text: string): Promise<KeyedSigner> {
  const [, name, , data] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) ?? [];
  if (name === undefined || data === undefined) {
    throw new Error('This is no key file. It begins with PRIVATE+KEY+ (beamkeeper keys new).');
  }
  const raw = fromBase64(data, 'key');
  if (raw.length !== 33 || raw[0] !== 1) throw new Error('This key is no Ed25519 key.');
  return createEd25519Signer(sha256, name, raw.slice(1));
}

/** Signs by a passkey that the roster knows. */
export function actByPasskey(name: string, rpId: string, credentialIds: readonly string[]): void {
  actor.value = {
    name,
    by: 'passkey',
    prove: statement => passkeyProof(rpId, credentialIds, statement),
  };
}

/** A body with the actor's proof. */
export async function signed<T extends Exclude<EntryType, 'declaration/v1'>>(
  by: Actor,
  type: T,
  unsigned: UnsignedBody<T>,
): Promise<EntryBodies[T]> {
  const body = unsigned as unknown as EntryBodies[T];
  return { ...body, proof: await by.prove(statementOf(type, body)) };
}

/** A declaration with one more attestation. */
export async function attested(
  by: Actor,
  declaration: Declaration,
  seat: string,
  text: string,
): Promise<Declaration> {
  const attestation: Omit<Attestation, 'proof'> = { text, signer: by.name, seat };
  const proof = await by.prove(attestationStatement(declaration, attestation));
  return {
    ...declaration,
    attestations: [...declaration.attestations, { ...attestation, proof }],
  };
}

/** What a second device shows for the same statement: eight groups of its digest. */
export function digestWords(statement: Statement): string {
  const hex = toHex(statementDigest(sha256, statement));
  return (hex.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}

export function newNonce(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}
