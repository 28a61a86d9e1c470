import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { DEFAULT_POLICIES, DEFAULT_RULES, type Genesis } from '../control/index.ts';
import { LAND, ROSTER, TestLog } from '../control/testLog.ts';
import { createSigningKey } from '../store/signingKey.ts';
import { openSwitch } from '../store/switchStore.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { createProgram } from './program.ts';

const folder = await mkdtemp(join(tmpdir(), 'beamkeeper-seal-cli-'));
afterAll(() => rm(folder, { recursive: true }));
const file = (name: string) => join(folder, name);
const DATA = ['--data', file('switch')];
const SECRET_REASON = 'a neighbour asked the ministry';

/** Runs a command as its words on the command line; gives what it printed, or the code of its refusal. */
async function run(...words: string[]): Promise<string> {
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    printed += text;
    return true;
  });
  try {
    await createProgram().parseAsync(words, { from: 'user' });
    return printed;
  } catch (cause) {
    return `${(cause as { code: string }).code}: ${(cause as Error).message}`;
  } finally {
    write.mockRestore();
  }
}
const json = async (...words: string[]) => JSON.parse(await run(...words, '--json'));

/** A switch of which one reader is cleared, with an order drafted. */
async function begin(): Promise<void> {
  const { recipient } = await json('seal', 'keys', 'new', file('reader.age'));
  const names = ['drafter', 'regulator', 'oversight-1', 'customer'];
  const keys = await Promise.all(
    names.map(name => createSigningKey(`person:${name}`, file(`${name}.key`))),
  );
  const clearance = {
    level: 2,
    compartments: ['ALPHA'],
    state: 'AAA',
    until: '2099-01-01T00:00:00.000Z',
    recipient,
  };
  const genesis: Genesis = {
    roster: {
      ...ROSTER,
      persons: ROSTER.persons.map(person =>
        person.id === 'person:oversight-1' ? { ...person, clearance } : person,
      ),
    },
    keys: keys.map(({ name, verifierKey }) => ({
      holder: name,
      publicKey: { kind: 'note', verifierKey },
    })),
    rules: DEFAULT_RULES,
    policySet: DEFAULT_POLICIES,
    territories: [LAND],
    normal: [],
  };
  const folders = { dataFolder: file('switch'), keysFolder: file('switch-keys') };
  const store = await openSwitch({ ...folders, origin: 'example.org/switch' }, genesis);
  await store.close();
  const order = { ...new TestLog(nodeSha256).orderBody(), id: 'order-1', reason: SECRET_REASON };
  await writeFile(file('order.json'), JSON.stringify(order));
}

test('a sealed order is made, listed, and read by the one who is cleared', async () => {
  await begin();
  const seal = (...words: string[]) => run('seal', ...words);
  const parts = ['--part', 'scope=3', '--part', 'reason=2:ALPHA', '--because', 'negotiations'];
  const sealing = [
    ...['order', file('order.json'), ...DATA, ...parts, '--authority', 'regulator'],
    ...['--second', file('regulator.key'), '--out', file('sealed.json')],
  ];
  expect(await seal(...sealing)).toMatch(/^SEAL_ESCROW: .*seal setup --escrow/);
  const { recipient: escrow } = await json('seal', 'keys', 'new', file('escrow.age'));
  expect(await seal('setup', ...DATA, '--escrow', escrow)).toMatch(
    /release service {2}[0-9a-f]{64}/,
  );
  expect(await seal(...sealing)).toMatch(/Wrote .*still holds it in clear/s);
  const sealed = await readFile(file('sealed.json'), 'utf8');
  expect(sealed).not.toContain(SECRET_REASON);
  expect(sealed).not.toContain('"scope"');

  const filing = ['order', 'file', file('sealed.json'), ...DATA, '--key', file('drafter.key')];
  expect(await run(...filing)).toMatch(/^Entry 1: order\/v1/);
  expect(await seal('list', ...DATA)).toMatch(
    /^1 +top secret \/ ALPHA +regulator +negotiations +territory opens \d{4}-/m,
  );

  const read = (person: string, entry: string, purpose = 'order:order-1') => [
    ...['seal', 'read', ...DATA, '--entry', entry, '--identity', file('reader.age')],
    ...['--key', file(`${person}.key`), '--purpose', purpose],
  ];
  expect(await json(...read('oversight-1', '1'))).toMatchObject({
    accessEntry: 1,
    portions: [{ name: 'reason', value: SECRET_REASON }],
  });
  expect(await run(...read('oversight-1', '1', 'duty:oversight.1'))).toContain(
    `[secret / ALPHA] reason: ${SECRET_REASON}`,
  );
  const nothing = 'NO_SUCH_PART: there is nothing here that you may read';
  expect(await run(...read('customer', '1'))).toBe(nothing);
  expect(await run(...read('oversight-1', '7'))).toBe(nothing);
  expect(await run(...read('oversight-1', '1', 'duty:regulator'))).toBe(nothing);
  expect(await seal('open-due', ...DATA)).toBe('0 opened\n');

  const { reads } = await json('seal', 'reads', ...DATA);
  const who = (reads as { person: string; entry: number; allow: boolean }[]).map(
    ({ person, entry, allow }) => [person, entry, allow],
  );
  const reader = 'person:oversight-1';
  expect(who).toEqual([
    [reader, 1, true],
    [reader, 1, true],
    ['person:customer', 1, false],
    [reader, 7, false],
    [reader, 1, false],
  ]);
  expect(await seal('reads', ...DATA)).toMatch(/refused: clearance-live, clearance-reaches/);

  // A record that was touched is no longer what the log committed to.
  const records = join(file('switch'), 'private', 'access', 'reads');
  const [name] = await readdir(records);
  const record = await readFile(join(records, name), 'utf8');
  await writeFile(join(records, name), record.replaceAll('person:', 'person:not-'));
  const after = await json('seal', 'reads', ...DATA);
  expect(after.reads.filter((row: { person: unknown }) => row.person === null)).toHaveLength(1);
});

test('what was said in a contact is kept back, in one command, and read by the one who is cleared', async () => {
  const disclose = (...more: string[]) =>
    run(
      ...['contact', 'disclose', ...DATA, '--id', 'call-1', '--with', 'an envoy'],
      ...['--affiliation', 'government', '--channel', 'call', '--from', '2026-03-02T09:00:00Z'],
      ...['--territory', 'LAND', '--asked', SECRET_REASON, '--key', file('customer.key'), ...more],
    );
  const terms = ['--because', 'negotiations', '--authority', 'regulator'];
  const second = ['--second', file('regulator.key')];
  const together = 'OPTION: --seal, --because, --authority and --second go together';
  expect(await disclose('--seal', 'asked=2:ALPHA', ...terms)).toBe(together);
  expect(await disclose(...terms, ...second)).toBe(together);
  expect(await disclose('--seal', 'topics[0].about=2', ...terms, ...second)).toMatch(
    /^SEAL_NAME: seal: topics\[0\]\.about is not there, or is never sealed/,
  );
  expect(await disclose('--seal', 'asked=2:ALPHA', ...terms, ...second)).toMatch(
    /^Entry 2: contact\/v1.*\nLate: /,
  );
  const entries = join(file('switch'), 'ledger', 'orders', 'tile', 'entries', '000.p', '3');
  expect(await readFile(entries, 'utf8')).not.toContain(SECRET_REASON);
  expect(
    await json(
      ...['seal', 'read', ...DATA, '--entry', '2', '--identity', file('reader.age')],
      ...['--key', file('oversight-1.key'), '--purpose', 'duty:oversight.1'],
    ),
  ).toMatchObject({ portions: [{ name: 'asked', value: SECRET_REASON }] });
});

test('bad options are refused in one sentence that says what to give', async () => {
  const draft = ['seal', 'order', file('order.json'), '--authority', 'a', '--second', 'k'];
  expect(await run(...draft, '--part', 'scope', '--because', 'sources')).toMatch(
    /^OPTION: --part "scope" is no NAME=LEVEL/,
  );
  expect(await run(...draft, '--part', 'scope=2', '--because', 'embarrassing')).toMatch(
    /^OPTION: --because "embarrassing" is not available; give sources, /,
  );
  const read = ['seal', 'read', '--key', 'k', '--identity', 'i', '--entry', '1', '--purpose'];
  expect(await run(...read, 'curiosity')).toMatch(/^OPTION: --purpose "curiosity" is no order:ID/);
});
