/** The story that `demo switch` plays, checked from outside: by its files alone, and by what they refuse. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoOutcome, type DemoScene, demoSwitch } from '../src/runs/demoSwitch.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-story-'));
const dataFolder = join(folder, 'story');
const scenes: DemoScene[] = [];
let outcome: DemoOutcome;

beforeAll(async () => {
  outcome = await demoSwitch({
    dataFolder,
    keysFolder: join(folder, 'keys'),
    endMs: Date.now(),
    onScene: scene => scenes.push(scene),
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (): string => scenes.flatMap(({ title, lines }) => [title, ...lines]).join('\n');
const run = (...words: string[]) =>
  spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', cwd: folder });

test('every step that must not be possible is refused, with the reason', () => {
  const refusals = scenes.flatMap(({ lines }) => lines.filter(l => l.startsWith('Refused: ')));
  for (const reason of [
    /without disclosing the contact: .*is not disclosed/,
    /before the impact is known: no impact report yet/,
    /operator’s own director votes: .*does not vote here: ownerSide/,
    /regulator votes, who met an envoy: .*does not vote here: contact/,
    /administrator votes: .*does not vote here/,
    /before the cooling-off has ended: .*coolingOff, not approved/,
    /not cleared, asks to read it: there is nothing here that you may read/,
    /has grown old: the impact is older than 72 h/,
    /somebody who voted executes/,
    /one byte was changed: .*does not agree with entry/,
  ]) {
    expect(refusals.some(line => reason.test(line))).toBe(true);
  }
});

test('the sealed part is in no public file, and is read by one, after an entry that says so', () => {
  const part = 'on the line of a third person';
  expect(textOf()).toMatch(
    /person:overseer-a reads: asked "private call, on the line of a third person/,
  );
  expect(textOf()).toMatch(/Entry \d+ of the access log said so before the key was released/);
  const files = readdirSync(join(dataFolder, 'ledger'), { recursive: true, withFileTypes: true });
  const texts = files
    .filter(file => file.isFile())
    .map(file => readFileSync(join(file.parentPath, file.name), 'latin1'));
  expect(texts.length).toBeGreaterThan(10);
  expect(texts.filter(text => text.includes(part))).toEqual([]);
});

test('silence, lateness and the end of silence are flags that everybody sees', () => {
  expect(textOf()).toMatch(/flag undeclared on URY, 2 days/);
  expect(textOf()).toMatch(/flag lateContact on contact-owner-1/);
  const declared = scenes.find(({ title }) => title.includes('declared off'));
  expect(declared?.lines.join()).not.toMatch(/undeclared/);
});

test('a machine that has only the package and the files verifies all of it, and one vote alone', () => {
  const log = join(dataFolder, 'ledger', 'orders');
  const all = run('ledger', 'verify', log, '--policy', outcome.trustFile, '--json');
  expect(all).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(all.stdout)).toMatchObject({
    size: outcome.entryCount,
    witnesses: 1,
    switch: { impactReports: 2, orders: [{ hash: outcome.orderHash, status: 'executed' }] },
    warnings: [],
  });
  const one = run('ledger', 'check', outcome.proofFile, '--policy', outcome.trustFile);
  expect(one).toMatchObject({ status: 0, stderr: '' });
});

test('a flipped byte fails, and names the entry', () => {
  const copy = join(dataFolder, 'tampered');
  const { status, stderr } = run('ledger', 'verify', copy, '--policy', outcome.trustFile);
  expect(status).toBe(1);
  expect(stderr).toMatch(new RegExp(`entry ${outcome.brokenEntry}\\b`));
  // The byte was in the last vote, which its voter keeps a proof of.
  const entry = JSON.parse(readFileSync(join(dataFolder, 'last-vote.entry'), 'utf8'));
  expect(entry).toMatchObject({ seq: outcome.brokenEntry, type: 'vote/v1' });
});

test('a checkpoint that the witness has not cosigned is not believed', () => {
  const copy = join(dataFolder, 'unwitnessed');
  cpSync(join(dataFolder, 'ledger', 'orders'), copy, { recursive: true });
  cpSync(join(copy, 'checkpoint'), join(copy, 'checkpoint.witnessed'));
  const { status, stderr } = run('ledger', 'verify', copy, '--policy', outcome.trustFile);
  expect(status).toBe(1);
  expect(stderr).toMatch(/quorum "demo" is not met/);
});
