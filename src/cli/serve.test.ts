import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { openSwitch } from '../store/switchStore.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-serve-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly url: string;
  readonly child: ChildProcess;
  /** Exit code and what it said, once it is gone. */
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

function serve(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', ...args], { cwd: folder });
  children.push(child);
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', part => {
    err += part;
  });
  const ended = new Promise<Awaited<Running['ended']>>(resolve => {
    child.on('close', code => resolve({ code, out, err }));
  });
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', part => {
      out += part;
      const [, url] = /^Beamkeeper: (http:\S+)\n/.exec(out) ?? [];
      if (url) resolve({ url, child, ended });
    });
    ended.then(end => reject(new Error(JSON.stringify(end))));
  });
}

test('serve --demo begins a switch and prints one URL; SIGTERM finishes what is asked and closes the log', async () => {
  const { url, child, ended } = await serve('--demo');
  const status = await (await fetch(`${url}api/v1/status`)).json();
  expect(status).toMatchObject({ isDemo: true, isReadOnly: false, size: 1 });
  expect(await (await fetch(`${url}api/v1/demo/keys`)).json()).toHaveLength(16);
  expect(await (await fetch(url)).text()).toMatch(/<html|npm run build:web/);

  const second = spawnSync(process.execPath, [MAIN, 'serve', '--port', '0'], { cwd: folder });
  expect(second.status).not.toBe(0);
  expect(second.stderr.toString().trim().split('\n')).toHaveLength(1);
  expect(second.stderr.toString()).toMatch(/process \d+ is writing this log/);

  const stream = await fetch(`${url}api/v1/stream`);
  // Its answer waits for the next checkpoint; the signal comes before that.
  const answer = fetch(`${url}api/v1/sources`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ id: 'source-1', role: 'an engineer', reliability: 'B' }),
  });
  const accepted = await fetch(`${url}api/v1/sources`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Prefer: 'respond-async' },
    body: JSON.stringify({ id: 'source-2', role: 'a witness', reliability: 'C' }),
  });
  expect(accepted.status).toBe(202);
  child.kill('SIGTERM');
  expect((await answer).status).toBe(201);
  expect(await stream.text()).toMatch(/^retry: \d+\n/);
  expect(await ended).toEqual({ code: 0, out: `Beamkeeper: ${url}\n`, err: '' });

  const store = await openSwitch({
    dataFolder: join(folder, 'switch'),
    keysFolder: join(folder, 'switch-keys'),
  });
  expect(store.orders.log.publishedSize).toBe(3);
  expect([...store.state.claims.sources.keys()].sort()).toEqual(['source-1', 'source-2']);
  await store.close();
  expect(readdirSync(folder).sort()).toEqual(['switch', 'switch-keys']);
});

test.each([
  [['--data', 'nothing'], /holds no switch/],
  [['--port', '70000'], /--port/],
  [['--data', 'switch', '--host', '203.0.113.1'], /203\.0\.113\.1 cannot be listened at/],
] as const)('serve %s says in one line what is wrong', (args, message) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [MAIN, 'serve', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ stdout, isFailure: status !== 0 }).toEqual({ stdout: '', isFailure: true });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(message);
});
