import { open } from 'node:fs/promises';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Sha256Hex } from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { toHex } from '../tlog/index.ts';
import { readInputFile } from './inputFile.ts';
import { nodeSha256 } from './tlogStore.ts';

const MAX_BYTES = 4096;

/** A secret key of age (X25519), `AGE-SECRET-KEY-1…`, and its public half, `age1…`. */
export interface AgeIdentity {
  readonly secret: string;
  readonly recipient: string;
}

export async function makeAgeIdentity(): Promise<AgeIdentity> {
  const secret = await generateX25519Identity();
  return { secret, recipient: await identityToRecipient(secret) };
}

/** The text of an identity file as age-keygen writes it: the age program reads it too. */
export function formatAgeIdentity({ secret, recipient }: AgeIdentity): string {
  return `# public key: ${recipient}\n${secret}\n`;
}

/** @param path what the text was read from, for the message. @throws BeamkeeperError `AGE_FILE` */
export async function parseAgeIdentity(text: string, path: string): Promise<AgeIdentity> {
  const secrets = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
  const refuse = (what: string): BeamkeeperError =>
    new BeamkeeperError('AGE_FILE', `${path}: ${what}; make one with: beamkeeper seal keys new`);
  if (secrets.length !== 1) throw refuse(`holds ${secrets.length} age identities, not 1`);
  const secret = secrets[0].trim();
  try {
    return { secret, recipient: await identityToRecipient(secret) };
  } catch {
    // The cause would show the secret.
    throw refuse('is no age identity (AGE-SECRET-KEY-1…)');
  }
}

/**
 * Makes an identity and writes it to a file that only its owner reads.
 *
 * @throws BeamkeeperError `FILE_EXISTS`: a key is never written over; `FILE_WRITE`
 */
export async function createAgeIdentity(path: string): Promise<AgeIdentity> {
  const identity = await makeAgeIdentity();
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(formatAgeIdentity(identity));
    await file.sync();
    await file.close();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new BeamkeeperError('FILE_EXISTS', `${path}: is there; a key is never written over`);
    }
    throw new BeamkeeperError('FILE_WRITE', `${path}: cannot be written (${code})`, { cause });
  }
  return identity;
}

/** @throws BeamkeeperError `AGE_FILE`, and what {@link readInputFile} throws */
export async function readAgeIdentity(path: string): Promise<AgeIdentity> {
  const bytes = await readInputFile(path, { maxBytes: MAX_BYTES });
  return parseAgeIdentity(new TextDecoder().decode(bytes), path);
}

/** SHA-256 of a recipient as written: what a seal calls it. */
export function fingerprintOf(recipient: string): Sha256Hex {
  return toHex(nodeSha256(new TextEncoder().encode(recipient)));
}

/** @throws BeamkeeperError `AGE_RECIPIENT` */
export async function ageEncrypt(
  recipients: readonly string[],
  data: Uint8Array,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new BeamkeeperError('AGE_RECIPIENT', `"${recipient}" is no age recipient (age1…)`, {
        cause,
      });
    }
  }
  return encrypter.encrypt(data);
}

/** @param what is being opened, for the message. @throws BeamkeeperError `AGE_KEY` */
export async function ageDecrypt(
  { secret }: AgeIdentity,
  data: Uint8Array,
  what: string,
): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(secret);
  try {
    return await decrypter.decrypt(data);
  } catch (cause) {
    throw new BeamkeeperError('AGE_KEY', `${what}: not wrapped to this identity, or damaged`, {
      cause,
    });
  }
}
