/**
 * A disk that is really full: the log lives on a tmpfs of half a megabyte, once with its data, once
 * with its keys. Appends fail with `STORAGE_FULL` and leave nothing behind, reading goes on, and all
 * goes on when there is room again.
 *
 * Left out by name where no file system can be mounted; with BEAMKEEPER_REQUIRE_MOUNTS=1 it must run.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-full-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const moduleOf = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/**
 * `life.ts <data> <keys> <full>`: writes until there is no room in one of the two folders, makes
 * room, writes on, opens the log again and checks all of it. Prints what happened.
 */
const LIFE = join(folder, 'life.ts');
writeFileSync(
  LIFE,
  `import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { logSource } from ${moduleOf('../src/store/logSource.ts')};
import { nodeSha256, openLogStore } from ${moduleOf('../src/store/tlogStore.ts')};
import { checkLog, parsePolicy, parseVerifierKey, verifyProofFile } from ${moduleOf('../src/tlog/index.ts')};

const [dataFolder, keysFolder, full] = process.argv.slice(2);
const options = { dataFolder, keysFolder, name: 'orders', origin: 'example.org/orders' };
const acknowledged: Uint8Array[] = [];
const codes = new Set<string>();
let failed = 0;
let store = await openLogStore(options);

const append = async (bytes: number) => {
  const entry = new Uint8Array(bytes).fill(acknowledged.length);
  const index = await store.append(entry);
  if (index !== acknowledged.length) throw new Error('entry ' + index + ' has moved');
  acknowledged.push(entry);
};
const attempt = async (work: () => Promise<unknown>) => {
  try {
    await work();
  } catch (error) {
    failed++;
    codes.add(error.code ?? String(error));
  }
};

for (let i = 0; i < 5; i++) await append(100);
await store.log.publish();
const filler = join(full === 'data' ? dataFolder : keysFolder, 'filler');
const file = openSync(filler, 'w');
try {
  for (;;) writeSync(file, new Uint8Array(4096));
} catch (error) {
  if (error.code !== 'ENOSPC') throw error;
}
closeSync(file);

// The journal's last page may still take a little; tiles, bundles and the record of what was signed do not.
for (let i = 0; i < 5; i++) {
  await attempt(() => append(9000));
  await attempt(() => store.log.publish());
}
const failedWhileFull = failed;

const policy = parsePolicy(nodeSha256, 'log ' + store.verifierKey + '\\nquorum none\\n');
const proofFile = await store.log.proofFile(2);
await verifyProofFile(nodeSha256, policy, acknowledged[2], proofFile, { nowSeconds: Date.now() / 1000 });

rmSync(filler);
for (let i = 0; i < 3; i++) await append(9000);
await store.log.publish();
const stopped = store.log.failure?.code;
await store.close();
store = await openLogStore(options);
await append(50);
await store.close();

const found: Uint8Array[] = [];
await checkLog({
  sha256: nodeSha256,
  source: logSource(join(dataFolder, 'ledger/orders')),
  origin: options.origin,
  verifiers: [parseVerifierKey(nodeSha256, store.verifierKey)],
  onEntry: entry => found.push(Uint8Array.from(entry)),
});
const isWhole = found.length === acknowledged.length &&
  found.every((entry, i) => Buffer.from(entry).equals(acknowledged[i]));
console.log(JSON.stringify({ codes: [...codes], failedWhileFull, stopped, isWhole, entries: found.length }));
`,
);

/** A mount that nobody else sees, and that goes with its process. */
function onSmallDisk(where: string, command: readonly string[]) {
  const isRoot = process.getuid?.() === 0;
  const script = 'mount -t tmpfs -o size=512k tmpfs "$1" && shift && exec "$@"';
  const parts = [isRoot ? '-m' : '-rm', 'sh', '-c', script, 'sh', where, ...command];
  return spawnSync('unshare', parts, { encoding: 'utf8' });
}

const place = join(folder, 'place');
mkdirSync(place);
const canMount = onSmallDisk(place, ['true']).status === 0;
const mustRun = process.env['BEAMKEEPER_REQUIRE_MOUNTS'] === '1';

describe.skipIf(!canMount && !mustRun)(
  'skipped where nothing can be mounted: the disk is full',
  () => {
    test.each(['data', 'keys'])('under the %s', full => {
      const folders = { data: join(folder, `${full}-data`), keys: join(folder, `${full}-keys`) };
      for (const one of Object.values(folders)) mkdirSync(one);
      const disk = folders[full as keyof typeof folders];
      const life = [process.execPath, LIFE, folders.data, folders.keys, full];
      const { stdout, stderr } = onSmallDisk(disk, life);
      expect(stdout, stderr).not.toBe('');
      const seen = JSON.parse(stdout);
      expect(seen).toMatchObject({ codes: ['STORAGE_FULL'], isWhole: true });
      expect(seen.stopped).toBeUndefined();
      // Of five attempts to write and five to publish.
      expect(seen.failedWhileFull).toBeGreaterThanOrEqual(5);
      expect(seen.entries).toBeGreaterThanOrEqual(9);
    });
  },
);
