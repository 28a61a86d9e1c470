/**
 * Real system calls fail under the log, one at a time: strace makes the Nth `fdatasync`, `fsync`, `rename` … of
 * the writing process end in EIO or ENOSPC. What was acknowledged must be there when the log is opened again, and it must check.
 * A sample of N in the suite; BEAMKEEPER_EVERY_CALL=1 for all of them. Left out by name where strace is missing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { logSource } from '../src/store/logSource.ts';
import { nodeSha256, openLogStore } from '../src/store/tlogStore.ts';
import { checkLog, parseVerifierKey } from '../src/tlog/index.ts';

const ORIGIN = 'example.org/orders';
const STRIDE = process.env['BEAMKEEPER_EVERY_CALL'] === '1' ? 1 : 7;
const MOST_CALLS = 400;
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-calls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A short life with several publications; each line is an acknowledged entry. */
const WRITER = join(folder, 'writer.ts');
writeFileSync(
  WRITER,
  `import { writeSync } from 'node:fs';
import { openLogStore } from ${JSON.stringify(new URL('../src/store/tlogStore.ts', import.meta.url).href)};
const store = await openLogStore(JSON.parse(process.argv[2]));
const encoder = new TextEncoder();
for (let burst = 0; burst < 4; burst++) {
  const texts = Array.from({ length: 100 }, (_, i) => burst + ' ' + i);
  await Promise.all(texts.map(async text => {
    const index = await store.append(encoder.encode(text));
    writeSync(1, index + ' ' + text + '\\n');
  }));
  await store.log.publish();
}
await store.close();
writeSync(1, 'end\\n');
`,
);

const hasStrace =
  spawnSync('strace', ['-e', 'inject=fsync:error=EIO:when=9', 'true'], { stdio: 'ignore' })
    .status === 0;

if (!hasStrace && process.env['BEAMKEEPER_REQUIRE_TOOLS'] === '1') {
  throw new Error('strace is not installed');
}

describe.skipIf(!hasStrace)('skipped where there is no strace: a system call fails', () => {
  test.each([
    ['fdatasync', 'EIO'],
    ['fsync', 'EIO'],
    ['rename', 'EIO'],
    ['link', 'EIO'],
    ['mkdir', 'ENOSPC'],
    ['pwrite64', 'ENOSPC'],
    ['unlink', 'EIO'],
  ])('%s with %s', { timeout: 600_000 }, async (call, error) => {
    let failed = 0;
    for (let when = 1; when < MOST_CALLS; when += STRIDE) {
      const root = join(folder, `${call}-${when}`);
      const store = {
        dataFolder: join(root, 'data'),
        keysFolder: join(root, 'keys'),
        name: 'orders',
        origin: ORIGIN,
      };
      const { stdout, status } = spawnSync(
        'strace',
        [
          ...['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`],
          ...['-e', `inject=${call}:error=${error}:when=${when}`],
          ...[process.execPath, WRITER, JSON.stringify(store)],
        ],
        { encoding: 'utf8', env: { ...process.env, UV_THREADPOOL_SIZE: '1' } },
      );
      const lines = stdout.split('\n').slice(0, -1);
      const isWhole = lines.at(-1) === 'end';
      if (!isWhole) {
        failed++;
        expect(status, `${call} ${when}`).not.toBe(0);
      }
      const again = await openLogStore(store);
      await again.appendPublished(new TextEncoder().encode('after'));
      await again.close();
      const found: string[] = [];
      await checkLog({
        sha256: nodeSha256,
        source: logSource(join(root, 'data/ledger/orders')),
        origin: ORIGIN,
        verifiers: [parseVerifierKey(nodeSha256, again.verifierKey)],
        onEntry: entry => void found.push(new TextDecoder().decode(entry)),
      });
      for (const line of lines.filter(one => one !== 'end')) {
        const [index, ...text] = line.split(' ');
        expect(found[Number(index)], `${call} ${when}`).toBe(text.join(' '));
      }
      rmSync(root, { recursive: true, force: true });
      // Past the last of these calls nothing fails any more.
      if (isWhole && when > 1) break;
    }
    // A call that is never made would show nothing; leftovers may fail to be removed without harm.
    if (call !== 'unlink') expect(failed).toBeGreaterThan(0);
  });
});
