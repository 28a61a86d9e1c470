/**
 * A process that writes two logs, each cosigned by a witness, is killed at random instants. No entry that it
 * acknowledged may be missing, changed or moved afterwards, and every checkpoint that anybody saw, the witness
 * too, is one of the log's past: the witness is asked at each start, and one that were ahead would refuse it.
 * BEAMKEEPER_KILLS=1000 for the long run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nodeSha256, openLogStore } from '../src/store/tlogStore.ts';
import { startWitness } from '../src/store/witnessServer.ts';
import {
  checkLog,
  openCheckpoint,
  parseVerifierKey,
  TileTree,
  verifyConsistency,
} from '../src/tlog/index.ts';

const KILLS = Number(process.env['BEAMKEEPER_KILLS'] ?? 25);
const NAMES = ['orders', 'access'] as const;
const originOf = (name: string): string => `example.org/${name}`;
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dataFolder = join(folder, 'data');
const keysFolder = join(folder, 'keys');
const STORES = NAMES.map(name => ({ dataFolder, keysFolder, name, origin: originOf(name) }));
const [STORE] = STORES;

// Begun once, so that the witness knows their keys.
const logKeys: string[] = [];
for (const options of STORES) {
  const store = await openLogStore(options);
  logKeys.push(store.verifierKey);
  await store.close();
}
const witness = await startWitness({
  folder: join(folder, 'witness'),
  name: 'witness.example.org',
  logs: STORES.map(({ origin }, i) => ({
    origin,
    keys: [parseVerifierKey(nodeSha256, logKeys[i])],
  })),
  host: '127.0.0.1',
  port: 0,
});
afterAll(() => witness.close());
const witnessPolicy = `witness w ${witness.verifierKey} ${witness.url}\nquorum w\n`;

/** Appends in bursts for ever; each line on standard output is an acknowledged entry, or a checkpoint. */
const WRITER = join(folder, 'writer.ts');
writeFileSync(
  WRITER,
  `import { writeSync } from 'node:fs';
import { openLogStore } from ${JSON.stringify(new URL('../src/store/tlogStore.ts', import.meta.url).href)};
const stores = [];
for (const options of ${JSON.stringify(STORES)}) {
  stores.push(await openLogStore({ ...options, witnessPolicy: ${JSON.stringify(witnessPolicy)} }));
}
const encoder = new TextEncoder();
for (let burst = 0; ; burst++) {
  const which = burst % 2;
  const store = stores[which];
  await Promise.all(
    Array.from({ length: 1 + (burst % 40) }, async (_, i) => {
      const text = process.pid + ' ' + burst + ' ' + i;
      const index = await store.append(encoder.encode(text));
      writeSync(1, 'entry ' + which + ' ' + index + ' ' + text + '\\n');
    }),
  );
  if (burst % 3 === 0) {
    const { note } = await store.log.publish();
    writeSync(1, 'checkpoint ' + which + ' ' + Buffer.from(note).toString('base64') + '\\n');
    if (await store.witnessNowMs()) writeSync(1, 'witnessed ' + which + '\\n');
  }
}
`,
);

async function runAndKill(afterMs: number): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [WRITER], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr?.on('data', part => (err += part));
  const isReady = new Promise<void>(resolve => {
    child.stdout?.on('data', part => {
      out += part;
      resolve();
    });
    child.on('exit', () => resolve());
  });
  await isReady;
  expect(child.exitCode, err).toBeNull();
  await new Promise(resolve => setTimeout(resolve, afterMs));
  const isGone = new Promise(resolve => child.on('close', resolve));
  child.kill('SIGKILL');
  await isGone;
  return out;
}

test(`${KILLS} kills at random instants`, { timeout: 30_000 + KILLS * 3000 }, async () => {
  const acknowledged = NAMES.map(() => new Map<number, string>());
  const seen: string[][] = NAMES.map(() => []);
  let witnessed = 0;
  // A fixed sequence (Numerical Recipes' generator): the instants still fall anywhere in the writing.
  let random = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const out = await runAndKill((random / 2 ** 32) * 160);
    // The last line may be torn by the kill; what it would say was acknowledged to nobody.
    for (const line of out.slice(0, out.lastIndexOf('\n')).split('\n')) {
      const [kind, log, first, ...rest] = line.split(' ');
      const which = Number(log);
      if (kind === 'witnessed') witnessed++;
      if (kind === 'checkpoint') seen[which].push(Buffer.from(first, 'base64').toString());
      if (kind !== 'entry') continue;
      expect(acknowledged[which].has(Number(first)), line).toBe(false);
      acknowledged[which].set(Number(first), rest.join(' '));
    }
  }
  expect(witnessed).toBeGreaterThan(KILLS / 5);
  for (const [which, options] of STORES.entries()) {
    const store = await openLogStore({ ...options, witnessPolicy });
    const verifiers = [parseVerifierKey(nodeSha256, store.verifierKey)];
    await store.close();
    const root = join(dataFolder, 'ledger', options.name);
    const source = {
      read: async (path: string): Promise<Uint8Array | undefined> => readFileSync(join(root, path)),
    };
    const found: string[] = [];
    const head = await checkLog({
      sha256: nodeSha256,
      source,
      origin: options.origin,
      verifiers,
      onEntry: entry => void found.push(new TextDecoder().decode(entry)),
    });
    expect(acknowledged[which].size).toBeGreaterThan(KILLS);
    for (const [index, text] of acknowledged[which]) expect(found[index]).toBe(text);
    const tree = new TileTree(nodeSha256, source, head.size);
    const atWitness = join(root, 'checkpoint.witnessed');
    for (const note of [...seen[which], readFileSync(atWitness, 'utf8')]) {
      const past = await openCheckpoint(note, options.origin, verifiers);
      if (past.size === 0) continue;
      verifyConsistency(nodeSha256, {
        fromSize: past.size,
        fromRoot: past.root,
        toSize: head.size,
        toRoot: head.root,
        proof: await tree.consistencyProof(past.size),
      });
    }
  }
});

test('a second process on the same data is refused, and an old backup signs nothing', async () => {
  const store = await openLogStore(STORE);
  await expect(openLogStore(STORE)).rejects.toMatchObject({ code: 'LEDGER_LOCKED' });
  await store.appendPublished(new TextEncoder().encode('before the backup'));
  await store.close();
  const backup = join(folder, 'backup');
  cpSync(dataFolder, backup, { recursive: true });
  const later = await openLogStore(STORE);
  await later.appendPublished(new TextEncoder().encode('after the backup'));
  await later.close();
  rmSync(dataFolder, { recursive: true });
  cpSync(backup, dataFolder, { recursive: true });
  await expect(openLogStore(STORE)).rejects.toMatchObject({ code: 'LEDGER_ROLLBACK' });
});
