import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  DEFAULT_RULES,
  type EntryBodies,
  flagsAt,
  type Genesis,
  sealBody,
  signBody,
  signReadRequest,
  signSeal,
} from '../control/index.ts';
import { LAND, ROSTER, SCOPE, START_MS, TestLog } from '../control/testLog.ts';
import { createEd25519Signer } from '../tlog/index.ts';
import { makeAgeIdentity } from './ageKeys.ts';
import { openReleased } from './openReleased.ts';
import { openReleaseService } from './releaseService.ts';
import { openSealStore } from './sealStore.ts';
import { openSwitch } from './switchStore.ts';
import { nodeSha256 } from './tlogStore.ts';

const DAY_MS = 86_400_000;
const folder = await mkdtemp(join(tmpdir(), 'beamkeeper-release-'));
afterAll(() => rm(folder, { recursive: true }));
const folders = { dataFolder: join(folder, 'data'), keysFolder: join(folder, 'keys') };
const signerOf = (name: string) => createEd25519Signer(nodeSha256, name, randomBytes(32));
const [drafter, regulator, auditor] = await Promise.all(
  ['person:drafter', 'person:regulator', 'person:oversight-1'].map(signerOf),
);
const reader = await makeAgeIdentity();
const clearance = {
  level: 2,
  compartments: [],
  state: 'AAA',
  until: '2027-01-01T00:00:00.000Z',
  recipient: reader.recipient,
};
const GENESIS: Genesis = {
  roster: {
    ...ROSTER,
    persons: ROSTER.persons.map(one => (one.id === auditor.name ? { ...one, clearance } : one)),
  },
  keys: [drafter, regulator, auditor].map(({ name, verifierKey }) => ({
    holder: name,
    publicKey: { kind: 'note', verifierKey },
  })),
  rules: DEFAULT_RULES,
  policySet: {},
  territories: [LAND],
  normal: [],
};

/** On disk, with real signatures, through restarts: from the sealing to the shredding. */
test('a sealed territory is read, opens on day 30, and is shredded, across restarts', async () => {
  let nowMs = START_MS;
  const open = (genesis?: Genesis) =>
    openSwitch({ ...folders, origin: 'example.org/switch', nowMs: () => nowMs }, genesis);
  let store = await open(GENESIS);
  const { seals } = await openSealStore(folders, (await makeAgeIdentity()).recipient);
  const { body, made } = await sealBody(
    'order/v1',
    new TestLog(nodeSha256).orderBody(),
    { scope: { level: 2, compartments: [] } },
    {
      authority: 'regulator',
      reason: 'negotiations',
      reviewBy: new Date(nowMs + 180 * DAY_MS).toISOString(),
      recipients: seals.fingerprints,
      second: regulator.name,
    },
    { sha256: nodeSha256, randomBytes },
  );
  await seals.put(made);
  const seal = await signSeal(regulator, made.seal);
  const order = await signBody(drafter, 'order/v1', { ...body, seal });
  const { index } = await store.record('order/v1', order);
  await store.close();

  store = await open();
  const purpose = { kind: 'order', about: order.id } as const;
  const asked = { entryIndex: index, person: auditor.name, purpose };
  let release = await openReleaseService(store, folders);
  const part = await release.read(await signReadRequest(auditor, asked, nowMs, randomBytes));
  const [{ portions }] = await openReleased(seal, part, reader);
  expect(portions[0].value).toEqual(SCOPE);
  expect(store.accessLog.entries[part.accessIndex].body).toMatchObject({ entryIndex: index });

  nowMs += 30 * DAY_MS;
  const flags = () =>
    flagsAt(store.state, new Date(nowMs).toISOString()).map(({ flag }) => flag as string);
  expect(flags()).toContain('sealOverdue');
  expect(await release.openDue()).toEqual({ opened: [seal.id], failed: [] });
  expect(flags()).not.toContain('sealOverdue');
  const opening = store.entries.at(-1)!.entry;
  expect(opening).toMatchObject({ type: 'unseal/v1', subject: `seal:${seal.id}` });
  expect((opening.body as EntryBodies['unseal/v1']).disclosure).toBe(portions[0].disclosure);

  const wrap = join(folders.dataFolder, 'private', 'orders', 'wraps', `${seal.id}.age`);
  const kept = await readFile(wrap);
  await release.shred(
    await signBody(regulator, 'shred/v1', {
      sealId: seal.id,
      person: regulator.name,
      reason: 'no longer needed',
      escrow: 'The holder says that his copy is destroyed.',
    }),
  );
  expect(existsSync(wrap)).toBe(false);
  await store.close();

  // Killed between the entry and the destruction: the next start finishes it.
  await writeFile(wrap, kept);
  store = await open();
  release = await openReleaseService(store, folders);
  expect(existsSync(wrap)).toBe(false);
  const again = release.read(await signReadRequest(auditor, asked, nowMs, randomBytes));
  await expect(again).rejects.toMatchObject({ code: 'NO_SUCH_PART' });
  await store.close();
});
