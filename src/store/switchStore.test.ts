import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { canonicalJson, DEFAULT_RULES, type Genesis, signBody } from '../control/index.ts';
import { LAND, ROSTER } from '../control/testLog.ts';
import { createEd25519Signer, type KeyedSigner, parseVerifierKey, toHex } from '../tlog/index.ts';
import { logSource } from './logSource.ts';
import { readSwitch } from './readSwitch.ts';
import { createSigningKey, readSigningKey } from './signingKey.ts';
import { auditSwitch } from './switchAudit.ts';
import { openSwitch, type SwitchStore } from './switchStore.ts';
import { nodeSha256 } from './tlogStore.ts';

const root = mkdtempSync(join(tmpdir(), 'beamkeeper-switch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const HOLDERS = [...ROSTER.persons, ...ROSTER.machines].map(({ id }) => id);
const signers = new Map<string, KeyedSigner>();
for (const [i, holder] of HOLDERS.entries()) {
  signers.set(
    holder,
    await createEd25519Signer(nodeSha256, holder, new Uint8Array(32).fill(i + 1)),
  );
}
const signer = (holder: string) => signers.get(holder) as KeyedSigner;
const GENESIS: Genesis = {
  roster: ROSTER,
  keys: [...signers].map(([holder, { verifierKey }]) => ({
    holder,
    publicKey: { kind: 'note', verifierKey },
  })),
  rules: DEFAULT_RULES,
  policySet: {},
  territories: [LAND],
  normal: [],
};
const START_MS = Date.parse('2026-03-02T09:00:00.000Z');

function folders(name: string) {
  return { dataFolder: join(root, name), keysFolder: join(root, `${name}-keys`) };
}
function begin(name: string, nowMs = () => START_MS): Promise<SwitchStore> {
  return openSwitch({ ...folders(name), origin: 'switch.example', nowMs }, GENESIS);
}
const contactOf = (id: string) =>
  signBody(signer('person:owner'), 'contact/v1', {
    id,
    reporter: 'person:owner',
    counterparty: { role: 'an envoy', affiliation: 'government' },
    channel: 'call',
    initiatedBy: 'counterparty',
    from: new Date(START_MS - 3_600_000).toISOString(),
    to: new Date(START_MS - 3_600_000).toISOString(),
    present: [],
    official: false,
    topics: [],
    links: [],
  });
const sizeOf = (name: string) =>
  Number(readFileSync(join(root, name, 'ledger/orders/checkpoint'), 'utf8').split('\n')[1]);

test('what is recorded is there after it is closed and opened again, with the same state', async () => {
  const store = await begin('again');
  const { index, bytes } = await store.record('contact/v1', await contactOf('call-1'));
  expect(index).toBe(1);
  expect(sizeOf('again')).toBe(2);
  const { state } = store;
  await store.close();
  const reopened = await openSwitch(folders('again'));
  expect(reopened.state).toEqual(state);
  expect(reopened.entries[1].bytes).toEqual(Uint8Array.from(bytes));
  await reopened.close();
  expect((await readSwitch(folders('again').dataFolder)).control.state).toEqual(state);
});

test('what has no effect is refused with the reason, and nothing is recorded', async () => {
  const store = await begin('refused');
  const good = await contactOf('call-1');
  const forged = { ...good, asked: 'something else' };
  await expect(store.record('contact/v1', forged)).rejects.toThrow(/signature|proof/i);
  await expect(
    store.record('contact/v1', { ...good, official: 'yes' } as unknown as typeof good),
  ).rejects.toMatchObject({ code: 'BODY', message: expect.stringMatching(/official/) });
  await expect(store.record('nothing/v1' as 'contact/v1', good)).rejects.toMatchObject({
    code: 'BODY',
  });
  await store.record('contact/v1', good);
  await expect(store.record('contact/v1', good)).rejects.toMatchObject({
    code: 'NO_EFFECT',
    message: expect.stringMatching(/disclosed already/),
  });
  expect(store.entries).toHaveLength(2);
  await store.close();
  expect(sizeOf('refused')).toBe(2);
});

test('an entry of more than 65,535 bytes is refused', async () => {
  const store = await begin('large');
  const body = await signBody(signer('person:owner'), 'contact/v1', {
    ...(await contactOf('call-1')),
    asked: 'x'.repeat(65_536),
  });
  await expect(store.record('contact/v1', body)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  await store.close();
});

test('a signed vote is kept even when it does not count, so that it cannot come alive later', async () => {
  const store = await begin('vote');
  const statement = {
    orderHash: '00'.repeat(32),
    decision: 'yes',
    seat: 'customer',
    person: 'person:customer',
    reason: 'test',
    impactSha256: null,
    policySha256: store.state.policySha256,
    rosterIndex: 0,
    disclosuresComplete: true,
    nonce: '0f'.repeat(16),
  } as const;
  const vote = await signBody(signer('person:customer'), 'vote/v1', { statement });
  await expect(store.record('vote/v1', vote)).rejects.toThrow(/no such order.*recorded as entry 1/);
  await expect(store.record('vote/v1', vote)).rejects.toThrow(/used before/);
  expect(store.entries).toHaveLength(2);
  await store.close();
});

test('entries recorded all at once each get a place of their own', async () => {
  const store = await begin('many');
  const bodies = await Promise.all(Array.from({ length: 30 }, (_, i) => contactOf(`call-${i}`)));
  const recorded = await Promise.all(bodies.map(body => store.record('contact/v1', body)));
  expect(recorded.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
  expect(store.state.contacts.size).toBe(30);
  await store.close();
});

test('a clock set back does not make time run backwards', async () => {
  let nowMs = START_MS;
  const store = await begin('clock', () => nowMs);
  nowMs -= 3_600_000;
  const { entry } = await store.record('contact/v1', await contactOf('call-1'));
  expect(entry.time).toBe(new Date(START_MS).toISOString());
  await store.close();
});

test('one process writes, and a switch is begun once', async () => {
  const store = await begin('one');
  await expect(openSwitch(folders('one'))).rejects.toMatchObject({ code: 'LEDGER_LOCKED' });
  await store.close();
  await expect(begin('one')).rejects.toMatchObject({ code: 'SWITCH_EXISTS' });
  await expect(openSwitch(folders('nothing'))).rejects.toMatchObject({ code: 'SWITCH_MISSING' });
});

test('each log names the newest checkpoint of the other, and anchors alone are no growth', async () => {
  const store = await begin('anchors');
  await store.accessLog.append('access/v1', 'seal:1', () => ({
    entryIndex: 0,
    readerCommitment: '00'.repeat(32),
    purpose: 'review',
    decisionId: '1',
  }));
  await store.anchor();
  const anchor = store.entries.at(-1)?.entry;
  expect(anchor).toMatchObject({
    type: 'anchor/v1',
    body: { origin: 'switch.example/access', size: 1 },
  });
  expect(store.accessLog.entries.at(-1)).toMatchObject({
    type: 'anchor/v1',
    body: { origin: 'switch.example/orders' },
  });
  const sizes = [store.entries.length, store.accessLog.entries.length];
  await store.anchor();
  await store.anchor();
  expect([store.entries.length, store.accessLog.entries.length]).toEqual(sizes);
  await store.close();
});

test('an audit compares each impact report with what its entry says of it', async () => {
  const store = await begin('impact');
  const { dataFolder } = folders('impact');
  const order = await signBody(signer('person:drafter'), 'order/v1', {
    id: 'order-1',
    revision: 1,
    kind: 'suspend',
    drill: false,
    scope: {
      territory: { id: 'LAND', version: 1 },
      terminals: { kind: 'all' },
      constraint: { kind: 'off' },
      exceptions: [],
      band: 'inside',
    },
    effective: { from: new Date(START_MS).toISOString() },
    proposer: 'person:drafter',
    originators: [
      {
        party: 'person:drafter',
        capacity: 'operator',
        channel: 'none',
        at: new Date(START_MS).toISOString(),
      },
    ],
    ownAuthorship: 'Nobody asked me.',
    legalBasis: [],
    reason: 'test',
    supersedes: [],
    disclosures: [],
  });
  await store.record('order/v1', order);
  const [hash] = store.state.revisions.get('order-1') as [string];
  const headlines = [{ name: 'people', low: 1, central: 2, high: 3 }];
  const report = new TextEncoder().encode(
    canonicalJson({ order: { hash }, headlines, commitmentsTouched: [] }),
  );
  const reportSha256 = await store.putBlob(report);
  expect(reportSha256).toBe(toHex(nodeSha256(report)));
  expect([...((await store.readBlob(reportSha256)) ?? [])]).toEqual([...report]);
  await store.record(
    'impact/v1',
    await signBody(signer('key:twin'), 'impact/v1', {
      orderHash: hash,
      twin: 'key:twin',
      reportSha256,
      twinVersion: '1',
      inputs: [],
      inputsAt: new Date(START_MS).toISOString(),
      headlines: [{ name: 'people', low: 1, central: 2, high: 4 }],
      touches: [],
    }),
  );
  await store.close();
  await expect(readSwitch(dataFolder)).rejects.toMatchObject({
    code: 'IMPACT_REPORT',
    message: expect.stringMatching(/^entry 2: .* other headline numbers/),
  });

  // A report that is not there is said, not passed over.
  const blob = join(dataFolder, 'ledger/orders/blob', reportSha256.slice(0, 2), reportSha256);
  rmSync(blob);
  expect((await readSwitch(dataFolder)).control.missingImpacts).toEqual([2]);
  writeFileSync(blob, 'something else');
  await expect(readSwitch(dataFolder)).rejects.toThrow(/entry 2: .* has another hash/);
});

test('a byte flipped anywhere in the published files is found', async () => {
  const store = await begin('flips');
  for (let i = 0; i < 5; i++) await store.record('contact/v1', await contactOf(`call-${i}`));
  await store.close();
  const verifiers = [parseVerifierKey(nodeSha256, store.orders.verifierKey)];
  const ledger = join(folders('flips').dataFolder, 'ledger', 'orders');
  const files = readdirSync(ledger, { recursive: true, withFileTypes: true })
    .filter(file => file.isFile())
    .map(file => join(file.parentPath, file.name).slice(ledger.length + 1))
    // The newest size is what is checked; smaller partial tiles are left for older readers.
    .filter(path => path === 'checkpoint' || path.endsWith('.p/6'));
  expect(files).toHaveLength(3);
  for (const file of files) {
    const copy = join(root, 'flips-copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(ledger, copy, { recursive: true });
    const bytes = readFileSync(join(copy, file));
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    writeFileSync(join(copy, file), bytes);
    const source = logSource(copy);
    const checkpoint = new TextDecoder().decode(await source.read('checkpoint'));
    const audit = auditSwitch({ source, origin: 'switch.example/orders', verifiers, checkpoint });
    await expect(audit, file).rejects.toThrow();
  }
});

test('a key is written once, read back, and told apart from a damaged one', async () => {
  const path = join(root, 'one.key');
  const { verifierKey } = await createSigningKey('person:ada', path);
  expect(await readSigningKey(path)).toMatchObject({ name: 'person:ada', verifierKey });
  await expect(createSigningKey('person:ada', path)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  await expect(createSigningKey('../ada', join(root, 'x.key'))).rejects.toMatchObject({
    code: 'KEY_NAME',
  });
  const damaged = join(root, 'damaged.key');
  const text = readFileSync(path, 'utf8');
  const at = text.length - 10;
  const letter = text[at] === 'A' ? 'B' : 'A';
  writeFileSync(damaged, text.slice(0, at) + letter + text.slice(at + 1));
  await expect(readSigningKey(damaged)).rejects.toMatchObject({ code: 'KEY_FILE' });
  writeFileSync(damaged, 'hello');
  await expect(readSigningKey(damaged)).rejects.toThrow(/is no signing key/);
});
