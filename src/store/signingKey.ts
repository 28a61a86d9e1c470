import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { BeamkeeperError } from '../orbits/index.ts';
import {
  createEd25519Signer,
  fromBase64,
  type KeyedSigner,
  parseVerifierKey,
  TlogError,
  toBase64,
} from '../tlog/index.ts';
import { readInputFile } from './inputFile.ts';
import { nodeSha256 } from './tlogStore.ts';

const PREFIX = 'PRIVATE+KEY+';
const ED25519_TYPE = 1;
const MAX_BYTES = 4096;

/**
 * Makes an Ed25519 key of somebody's own and writes it to a file that only its owner reads. The form
 * is that of Go's sumdb/note: `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`.
 *
 * @param name who signs with it: `person:legal`, `key:twin`
 * @returns the signer, whose `verifierKey` is public
 * @throws BeamkeeperError `FILE_EXISTS`: a key is never written over; `FILE_WRITE`
 */
export async function createSigningKey(name: string, path: string): Promise<KeyedSigner> {
  if (!/^(person|key|org):[A-Za-z0-9._-]{1,100}$/.test(name)) {
    throw new BeamkeeperError(
      'KEY_NAME',
      `"${name}" cannot hold a key; name it as the roster does: person:… or key:…`,
    );
  }
  const seed = randomBytes(32);
  const signer = await createEd25519Signer(nodeSha256, name, seed);
  const { keyId } = parseVerifierKey(nodeSha256, signer.verifierKey);
  const data = toBase64(Uint8Array.of(ED25519_TYPE, ...seed));
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${PREFIX}${name}+${hexId(keyId)}+${data}\n`);
    await file.sync();
    await file.close();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new BeamkeeperError('FILE_EXISTS', `${path}: is there; a key is never written over`);
    }
    throw new BeamkeeperError('FILE_WRITE', `${path}: cannot be written (${code})`, { cause });
  }
  return signer;
}

/** @throws BeamkeeperError `KEY_FILE` when it is no such key, and what {@link readInputFile} throws */
export async function readSigningKey(path: string): Promise<KeyedSigner> {
  const bytes = await readInputFile(path, { maxBytes: MAX_BYTES });
  const text = new TextDecoder().decode(bytes).trim();
  // Base64 may hold a plus itself.
  const [, name, id, data] = /^PRIVATE\+KEY\+([^+]+)\+([^+]+)\+(.+)$/.exec(text) ?? [];
  const refuse = (what: string): BeamkeeperError =>
    new BeamkeeperError('KEY_FILE', `${path}: ${what}; make one with: beamkeeper keys new`);
  if (name === undefined || id === undefined || data === undefined) {
    throw refuse('is no signing key (PRIVATE+KEY+…)');
  }
  let raw: Uint8Array;
  try {
    raw = fromBase64(data, 'key');
  } catch (cause) {
    if (cause instanceof TlogError) throw refuse(cause.message);
    throw cause;
  }
  if (raw[0] !== ED25519_TYPE || raw.length !== 33) throw refuse('is no Ed25519 key');
  const signer = await createEd25519Signer(nodeSha256, name, raw.slice(1));
  const { keyId } = parseVerifierKey(nodeSha256, signer.verifierKey);
  if (hexId(keyId) !== id) throw refuse('its id does not fit the key: a damaged file');
  return signer;
}

function hexId(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}
