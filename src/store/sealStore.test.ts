import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sealBody } from '../control/index.ts';
import { TestLog } from '../control/testLog.ts';
import { type DurableFiles, MemoryFiles } from '../tlog/index.ts';
import {
  createAgeIdentity,
  fingerprintOf,
  makeAgeIdentity,
  parseAgeIdentity,
  readAgeIdentity,
} from './ageKeys.ts';
import { createSealStore, openSealStore } from './sealStore.ts';
import { nodeSha256 } from './tlogStore.ts';

const folder = await mkdtemp(join(tmpdir(), 'beamkeeper-seals-'));
afterAll(() => rm(folder, { recursive: true }));
const [release, escrow, stranger] = await Promise.all([1, 2, 3].map(makeAgeIdentity));
const recipients = { release: release.recipient, escrow: escrow.recipient };

async function madeFor(fingerprints: readonly [string, string]) {
  const order = new TestLog(nodeSha256).orderBody();
  const { made } = await sealBody(
    'order/v1',
    order,
    { scope: { level: 2, compartments: [] }, reason: { level: 1, compartments: [] } },
    {
      authority: 'regulator',
      reason: 'negotiations',
      reviewBy: '2026-06-01T00:00:00.000Z',
      recipients: fingerprints,
      second: 'person:regulator',
    },
    { sha256: nodeSha256, randomBytes },
  );
  return made;
}

describe('the keys of a seal', () => {
  test('are wrapped to the release service and the escrow, and to nobody else', async () => {
    const files = new MemoryFiles();
    const seals = createSealStore(files, recipients);
    const made = await madeFor(seals.fingerprints);
    await seals.put(made);
    const { id } = made.seal;
    const wanted = new Map(made.groups.map(({ ctSha256, key }) => [ctSha256, new Uint8Array(key)]));
    expect(await seals.unwrap(id, release)).toEqual(wanted);
    expect(await seals.unwrap(id, escrow)).toEqual(wanted);
    await expect(seals.unwrap(id, stranger)).rejects.toMatchObject({ code: 'AGE_KEY' });
    // Two stanzas in the header, as age-encryption.org/v1 writes them.
    const header = new TextDecoder().decode(files.files.get(`wraps/${id}.age`)).split('\n---')[0];
    expect(header.match(/^-> /gm)).toHaveLength(2);
    expect([...files.files.keys()].sort()).toEqual(
      [
        ...made.groups.map(({ ctSha256 }) => `sealed/${ctSha256.slice(0, 2)}/${ctSha256}`),
        `wraps/${id}.age`,
      ].sort(),
    );
  });

  test('are not stored for other recipients than the leaf names', async () => {
    const seals = createSealStore(new MemoryFiles(), recipients);
    const made = await madeFor([fingerprintOf(stranger.recipient), seals.fingerprints[1]]);
    await expect(seals.put(made)).rejects.toMatchObject({ code: 'SEAL_RECIPIENTS' });
  });

  test('are destroyed with one call, also when a crash brings the name back', async () => {
    const files = new MemoryFiles();
    const seals = createSealStore(files, recipients);
    const made = await madeFor(seals.fingerprints);
    const { id } = made.seal;
    await seals.put(made);
    const crashing = createSealStore(
      Object.assign(Object.create(files) as DurableFiles, {
        remove: async () => {
          throw new Error('crash');
        },
      }),
      recipients,
    );
    await expect(crashing.destroyKeys(id)).rejects.toThrow('crash');
    expect(await seals.hasKeys(id)).toBe(false);
    await expect(seals.unwrap(id, escrow)).rejects.toMatchObject({ code: 'SEAL_KEYS_GONE' });
    await seals.destroyKeys(id);
    await seals.destroyKeys(id);
    expect(files.files.has(`wraps/${id}.age`)).toBe(false);
    // The ciphertext stays, and is noise from now on.
    expect(await seals.readBlob(made.groups[0].ctSha256)).toEqual(made.groups[0].blob);
  });

  test('are looked for nowhere else, whatever an entry calls its seal', async () => {
    const seals = createSealStore(new MemoryFiles(), recipients);
    await expect(seals.unwrap('../../keys/orders/seed', release)).rejects.toMatchObject({
      code: 'SEAL_ID',
    });
  });
});

describe('the seals of a data folder', () => {
  test('want an escrow the first time, and keep to it', async () => {
    const folders = { dataFolder: join(folder, 'data'), keysFolder: join(folder, 'keys') };
    await expect(openSealStore(folders)).rejects.toMatchObject({ code: 'SEAL_ESCROW' });
    await expect(openSealStore(folders, 'age1nobody')).rejects.toMatchObject({
      code: 'AGE_RECIPIENT',
    });
    const first = await openSealStore(folders, escrow.recipient);
    const again = await openSealStore(folders);
    expect(again.seals.recipients).toEqual(first.seals.recipients);
    await expect(openSealStore(folders, stranger.recipient)).rejects.toMatchObject({
      code: 'SEAL_ESCROW',
    });
    const made = await madeFor(first.seals.fingerprints);
    await first.seals.put(made);
    expect(await again.seals.unwrap(made.seal.id, again.identity)).toHaveProperty('size', 2);
    const wraps = join(folder, 'data', 'private', 'orders', 'wraps');
    expect(await readdir(wraps)).toEqual([`${made.seal.id}.age`]);
    if (process.platform === 'win32') return;
    expect((await stat(wraps)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'keys', 'release', 'identity'))).mode & 0o777).toBe(0o600);
  });
});

describe('an identity file', () => {
  test('is written once, for its owner alone, as age-keygen writes it', async () => {
    const path = join(folder, 'reader.age');
    const made = await createAgeIdentity(path);
    expect(await readAgeIdentity(path)).toEqual(made);
    expect(await readFile(path, 'utf8')).toMatch(
      /^# public key: age1[a-z0-9]{58}\nAGE-SECRET-KEY-1[A-Z0-9]{58}\n$/,
    );
    await expect(createAgeIdentity(path)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  // The pair printed by `age-keygen --help`.
  test('of the age program is read', async () => {
    const secret = 'AGE-SECRET-KEY-1N9JEPW6DWJ0ZQUDX63F5A03GX8QUW7PXDE39N8UYF82VZ9PC8UFS3M7XA9';
    const { recipient } = await parseAgeIdentity(`# a comment\n\n${secret}\n`, 'file');
    expect(recipient).toBe('age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z');
  });

  test.each([
    ['empty', ''],
    ['two', `${release.secret}\n${escrow.secret}\n`],
    ['a public key', release.recipient],
    ['damaged', release.secret.replace(/.$/, 'Q')],
  ])('that is none is refused without showing it: %s', async (_, text) => {
    const refused = await parseAgeIdentity(text, 'file').catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'AGE_FILE' });
    expect((refused as Error).message).not.toContain('AGE-SECRET-KEY-1Q');
    expect((refused as Error).cause).toBeUndefined();
  });
});
