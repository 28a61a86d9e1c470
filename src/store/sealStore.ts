import { join } from 'node:path';
import {
  canonicalJson,
  decodeKeys,
  encodeKeys,
  type MadeSeal,
  type SealKeys,
  type Sha256Hex,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import type { DurableFiles } from '../tlog/index.ts';
import {
  type AgeIdentity,
  ageDecrypt,
  ageEncrypt,
  fingerprintOf,
  formatAgeIdentity,
  makeAgeIdentity,
  parseAgeIdentity,
} from './ageKeys.ts';
import { TlogFolder } from './tlogFiles.ts';

/** To whom the keys of seals are wrapped: never to readers, who then could read unlogged. */
export interface SealRecipients {
  /** Age recipient of the release service. */
  readonly release: string;
  /** Age recipient whose identity is kept offline. */
  readonly escrow: string;
}

/** Ciphertexts and wrapped keys of seals. Never served. */
export interface SealStore {
  readonly recipients: SealRecipients;
  /** The same as a seal names them. */
  readonly fingerprints: readonly [release: Sha256Hex, escrow: Sha256Hex];
  /**
   * Makes a seal's ciphertexts and wrapped keys durable: before an entry names them.
   *
   * @throws BeamkeeperError `SEAL_RECIPIENTS` when the seal names others than this store's
   */
  put(made: Pick<MadeSeal, 'seal' | 'groups'>): Promise<void>;
  readBlob(ctSha256: Sha256Hex): Promise<Uint8Array | undefined>;
  hasKeys(sealId: string): Promise<boolean>;
  /** @throws BeamkeeperError `SEAL_KEYS_GONE`, `AGE_KEY` */
  unwrap(sealId: string, identity: AgeIdentity): Promise<SealKeys>;
  /** Destroys the wrapped keys. Copies in backups, and the escrow's, are not in its reach. */
  destroyKeys(sealId: string): Promise<void>;
}

/** @param files the folder `private/orders` of the data folder */
export function createSealStore(files: DurableFiles, recipients: SealRecipients): SealStore {
  const { release, escrow } = recipients;
  const fingerprints = [fingerprintOf(release), fingerprintOf(escrow)] as const;
  const blobPath = (hash: Sha256Hex): string => `sealed/${hash.slice(0, 2)}/${hash}`;
  const readWrap = async (sealId: string): Promise<Uint8Array | undefined> => {
    const wrap = await files.read(wrapPath(sealId));
    return wrap && wrap.length > 0 ? wrap : undefined;
  };
  return {
    recipients,
    fingerprints,
    async put({ seal, groups }) {
      if (canonicalJson(seal.recipients) !== canonicalJson(fingerprints)) {
        throw new BeamkeeperError(
          'SEAL_RECIPIENTS',
          `seal ${seal.id}: names other recipients than the release service and escrow of this folder`,
        );
      }
      const keys = new Map(groups.map(({ ctSha256, key }) => [ctSha256, key]));
      const wrap = await ageEncrypt([release, escrow], encodeKeys(seal.id, keys));
      await files.create(
        groups.map(({ ctSha256, blob }) => ({ path: blobPath(ctSha256), data: blob })),
      );
      await files.create([{ path: wrapPath(seal.id), data: wrap }]);
    },
    readBlob: hash => files.read(blobPath(hash)),
    hasKeys: async sealId => (await readWrap(sealId)) !== undefined,
    async unwrap(sealId, identity) {
      const wrap = await readWrap(sealId);
      if (!wrap) throw new BeamkeeperError('SEAL_KEYS_GONE', `seal ${sealId}: has no wrapped keys`);
      const what = `wrapped keys of seal ${sealId}`;
      return decodeKeys(sealId, await ageDecrypt(identity, wrap, what));
    },
    async destroyKeys(sealId) {
      if ((await files.read(wrapPath(sealId))) === undefined) return;
      // Replacing is synced; a name that a crash brings back then leads to nothing.
      await files.replace(wrapPath(sealId), new Uint8Array());
      await files.remove(wrapPath(sealId));
    },
  };
}

/** The id of a seal comes from an entry: it must not lead out of the folder. */
function wrapPath(sealId: string): string {
  if (!/^[0-9a-f]{32}$/.test(sealId)) {
    throw new BeamkeeperError('SEAL_ID', `"${sealId}" is no id of a seal (32 hexadecimal digits)`);
  }
  return `wraps/${sealId}.age`;
}

export interface SealFolders {
  readonly dataFolder: string;
  readonly keysFolder: string;
}

/** The store of a data folder, with the identity of its release service. */
export interface OpenedSealStore {
  readonly seals: SealStore;
  readonly identity: AgeIdentity;
}

/**
 * Opens the seals of a data folder. The first time it makes the identity of the release service, which
 * stays in the folder of keys, and writes down whom the escrow is.
 *
 * @param escrow age recipient; needed the first time
 * @throws BeamkeeperError `SEAL_ESCROW` when there is none, or another; `AGE_RECIPIENT`
 */
export async function openSealStore(
  { dataFolder, keysFolder }: SealFolders,
  escrow?: string,
): Promise<OpenedSealStore> {
  const keys = new TlogFolder(join(keysFolder, 'release'), { isPrivate: true });
  const read = async (name: string): Promise<string | undefined> => {
    const bytes = await keys.read(name);
    return bytes && new TextDecoder().decode(bytes).trim();
  };
  const stored = await read('escrow');
  const chosen = stored ?? escrow;
  if (chosen === undefined) {
    throw new BeamkeeperError(
      'SEAL_ESCROW',
      `${keysFolder}: names no escrow for seals; make a key that stays offline (beamkeeper seal keys new), then: beamkeeper seal setup --escrow age1…`,
    );
  }
  if (escrow !== undefined && escrow !== chosen) {
    throw new BeamkeeperError('SEAL_ESCROW', `${keysFolder}: the escrow is ${chosen} already`);
  }
  await ageEncrypt([chosen], new Uint8Array());
  if (stored === undefined) {
    await keys.createExclusive('escrow', new TextEncoder().encode(`${chosen}\n`));
  }
  if ((await read('identity')) === undefined) {
    const text = formatAgeIdentity(await makeAgeIdentity());
    await keys.createExclusive('identity', new TextEncoder().encode(text));
  }
  const place = join(keysFolder, 'release', 'identity');
  const identity = await parseAgeIdentity((await read('identity')) ?? '', place);
  const files = new TlogFolder(join(dataFolder, 'private', 'orders'), { isPrivate: true });
  return {
    seals: createSealStore(files, { release: identity.recipient, escrow: chosen }),
    identity,
  };
}
