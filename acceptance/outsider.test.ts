/**
 * An outsider checks a log with nothing but the package and the files: without a network, and on the
 * Node that a distribution brings (Debian's is 20) where one is there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoSwitch } from '../src/runs/demoSwitch.ts';
import { packageFile } from '../src/store/packageFiles.ts';

interface Runtime {
  readonly name: string;
  readonly path: string;
}

/** The Node of these tests, and an older one of the machine's own. */
function runtimes(): Runtime[] {
  const found: Runtime[] = [{ name: process.version, path: process.execPath }];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'node');
    if (folder.includes('node_modules') || !existsSync(path)) continue;
    const name = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
    if (/^v2[01]\./.test(name)) return [...found, { name, path }];
  }
  return found;
}

/** Without a network where the machine lets a process do without. */
const hasUnshare = spawnSync('unshare', ['-n', 'true']).status === 0;

describe.skipIf(!existsSync(packageFile('dist/cli/main.js')))('an outsider', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-outsider-'));
  const story = join(folder, 'story');
  const installed = join(folder, 'beamkeeper');

  beforeAll(async () => {
    // As installed: the runtime that the repository pins is not there.
    mkdirSync(join(installed, 'bin'), { recursive: true });
    cpSync(packageFile('bin/beamkeeper.js'), join(installed, 'bin', 'beamkeeper.js'));
    for (const name of ['dist', 'package.json'])
      symlinkSync(packageFile(name), join(installed, name));
    await demoSwitch({
      dataFolder: story,
      keysFolder: join(folder, 'keys'),
      endMs: Date.now(),
      onScene: () => undefined,
    });
    // Only what is published goes along.
    rmSync(join(story, 'private'), { recursive: true });
    rmSync(join(folder, 'keys'), { recursive: true });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = ({ path }: Runtime, ...words: string[]) => {
    const program = [path, join(installed, 'bin', 'beamkeeper.js'), ...words];
    const [command, ...rest] = hasUnshare ? ['unshare', '-n', ...program] : program;
    return spawnSync(command, rest, { cwd: story, encoding: 'utf8' });
  };

  test.each(runtimes())('verifies all of it, and one proof, on Node $name', runtime => {
    const all = run(runtime, 'ledger', 'verify', 'ledger/orders', '--policy', 'trust.txt');
    expect(all.stderr).toBe('');
    expect(all.stdout).toMatch(
      /Every signature \(20\), quorum, declaration and impact report \(2\)/,
    );
    expect(all.status).toBe(0);
    const one = run(runtime, 'ledger', 'check', 'last-vote.tlog-proof', '--policy', 'trust.txt');
    expect([one.status, one.stderr]).toEqual([0, '']);
    const flipped = run(runtime, 'ledger', 'verify', 'tampered', '--policy', 'trust.txt');
    expect(flipped.stderr + flipped.stdout).toMatch(/entry 14/);
    expect(flipped.status).toBe(1);
  });
});
