import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeSha256, openLogStore } from '../store/tlogStore.ts';
import { createCosigner } from '../tlog/index.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-ledger-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const LOG = join(folder, 'data/ledger/orders');
const COUNT = 600;
let key = '';
let early = '';

beforeAll(async () => {
  const store = await openLogStore({
    dataFolder: join(folder, 'data'),
    keysFolder: join(folder, 'keys'),
    name: 'orders',
    origin: 'example.org/orders',
  });
  key = store.verifierKey;
  const entries = Array.from({ length: COUNT }, (_, i) =>
    new TextEncoder().encode(`{"entry":${i},"text":"${'x'.repeat(i % 50)}"}`),
  );
  await Promise.all(entries.slice(0, 100).map(entry => store.append(entry)));
  early = (await store.log.publish()).note;
  await Promise.all(entries.slice(100).map(entry => store.append(entry)));
  await store.log.publish();
  await store.close();
});

function beamkeeper(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, 'ledger', ...args], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function fails(code: 1 | 2, ...args: string[]): string {
  const done = beamkeeper(...args);
  expect({ code: done.code, out: done.out }, done.err).toEqual({ code, out: '' });
  expect(done.err.trim().split('\n'), done.err).toHaveLength(1);
  return done.err;
}

/** A copy of the log with one byte of a file flipped. */
function damaged(name: string, file: string, at: (length: number) => number): string {
  const copy = join(folder, name);
  cpSync(LOG, copy, { recursive: true });
  const bytes = readFileSync(join(copy, file));
  bytes[at(bytes.length)] ^= 1;
  writeFileSync(join(copy, file), bytes);
  return copy;
}

describe('ledger verify', () => {
  test('a whole log, from a folder, against a checkpoint seen before', () => {
    const seen = join(folder, 'seen.checkpoint');
    writeFileSync(seen, early);
    const { code, out, err } = beamkeeper(
      'verify',
      LOG,
      '--key',
      key,
      '--previous',
      seen,
      '--json',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      origin: 'example.org/orders',
      size: COUNT,
      previousSize: 100,
      isValid: true,
      warnings: [],
    });
  });

  test('without a key it says what that does not show', () => {
    const { code, out } = beamkeeper('verify', LOG);
    expect(code).toBe(0);
    expect(out).toMatch(/^! the key example\.org\/orders\+.* was taken from the log itself/m);
  });

  test('from a URL', async () => {
    const server = createServer((request, answer) => {
      try {
        answer.end(readFileSync(join(LOG, new URL(request.url ?? '', 'http://x').pathname)));
      } catch {
        answer.writeHead(404).end();
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const child = spawn(process.execPath, [
      ...[MAIN, 'ledger', 'verify', `http://127.0.0.1:${port}/`, '--key', key],
    ]);
    let out = '';
    child.stdout.on('data', part => (out += part));
    const code = await new Promise(resolve => child.on('close', resolve));
    server.close();
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/600 entries/) });
  });

  test.each([
    [
      'an entry',
      'tile/entries/001',
      (n: number) => n - 10,
      /tile\/0\/001: does not agree with entry 511/,
    ],
    ['a tile', 'tile/0/000', () => 33, /tile\/0\/000: does not agree with entry 1$/m],
    ['an upper tile', 'tile/1/000.p/2', () => 40, /does not agree with entries 256 to 511/],
    ['the checkpoint', 'checkpoint', () => 25, /orders/],
  ])('one byte flipped in %s fails and is named', (name, file, at, reason) => {
    const copy = damaged(`damaged-${name.replaceAll(' ', '-')}`, file, at);
    expect(fails(1, 'verify', copy, '--key', key)).toMatch(reason);
  });

  test('bad input is one line', () => {
    const other = key.replace('example.org', 'example.com');
    expect(fails(2, 'verify', folder)).toMatch(/holds no file checkpoint/);
    expect(fails(2, 'verify', LOG, '--key', 'abc')).toMatch(/key/);
    expect(fails(2, 'verify', LOG, '--key', other)).toMatch(/key/);
    expect(fails(2, 'verify', LOG, '--key', key, '--policy', 'x')).toMatch(/give one/);
    expect(fails(2, 'verify', LOG, '--policy', 'none.txt')).toMatch(/none\.txt/);
    expect(fails(1, 'verify', 'http://127.0.0.1:9/log')).toMatch(/no answer/);
  });

  test('a policy that wants a witness refuses a log without its cosignature', async () => {
    const witness = await createCosigner(
      nodeSha256,
      'w1.example.org',
      new Uint8Array(32).fill(3),
      () => 0,
    );
    const policy = join(folder, 'trust.txt');
    writeFileSync(policy, `log ${key}\nwitness w1 ${witness.verifierKey}\nquorum w1\n`);
    expect(fails(1, 'verify', LOG, '--policy', policy)).toMatch(/quorum "w1" is not met/);
  });
});

describe('ledger prove and check', () => {
  test('an entry is proven on a machine with nothing but proof, entry and key', () => {
    const made = beamkeeper(
      'prove',
      '300',
      '--log',
      LOG,
      '--key',
      key,
      '--out',
      'story.tlog-proof',
    );
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(join(folder, 'story.entry'), 'utf8')).toMatch(/^\{"entry":300,/);
    const { code, out } = beamkeeper('check', 'story.tlog-proof', '--key', key);
    expect(code).toBe(0);
    expect(out).toMatch(/The entry is number 300 of example\.org\/orders, signed at 600 entries\./);
  });

  test('another entry, a changed proof, a stranger’s key: refused', () => {
    beamkeeper('prove', '5', '--log', LOG, '--key', key, '--out', 'five.tlog-proof');
    const forged = join(folder, 'forged.entry');
    writeFileSync(forged, '{"entry":5,"text":"yyyyy"}');
    expect(fails(1, 'check', 'five.tlog-proof', '--entry', forged, '--key', key)).toMatch(/proof/);
    const proof = readFileSync(join(folder, 'five.tlog-proof'), 'utf8');
    writeFileSync(join(folder, 'moved.tlog-proof'), proof.replace('index 5', 'index 6'));
    expect(
      fails(1, 'check', 'moved.tlog-proof', '--entry', join(folder, 'five.entry'), '--key', key),
    ).toMatch(/proof/);
    expect(fails(2, 'check', 'five.tlog-proof')).toMatch(/give --key or --policy/);
    expect(fails(2, 'check', forged, '--entry', forged, '--key', key)).toMatch(/proof file/);
  });

  test('an entry that is not there', () => {
    expect(fails(2, 'prove', '600', '--log', LOG, '--key', key)).toMatch(
      /600 entries, so there is no entry 600/,
    );
    expect(fails(2, 'prove', 'x', '--log', LOG)).toMatch(/entry "x"/);
  });
});
