import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commands = ['README.md', 'docs/cli.md', 'docs/reports.md'].flatMap(page => {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => block.split('\n'))
    .filter(line => line.startsWith('npx beamkeeper ') && !line.includes('--help'))
    .map(line => [page, line.slice('npx beamkeeper '.length)] as const);
});

test.each(commands)('%s: %s', (_, line) => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...line.split(' ')], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the example of the library in the README runs, and gives a position of low orbit', () => {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, code] = /```ts\n([\s\S]*?)```/.exec(text) ?? [];
  const source = new URL('../orbits/index.ts', import.meta.url).href;
  const file = join(folder, 'readme.ts');
  writeFileSync(file, (code ?? '').replaceAll('beamkeeper/orbits', source));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  expect({ status, stderr: stderr.replace(/\(node:[\s\S]*/, '') }).toEqual({
    status: 0,
    stderr: '',
  });
  const [rejected, x, y, z] = stdout.trim().split(' ').map(Number);
  expect(rejected).toBe(0);
  // The station flew 350 km up in 2008.
  expect(Math.hypot(x, y, z) - 6371).toBeGreaterThan(320);
  expect(Math.hypot(x, y, z) - 6371).toBeLessThan(380);
});
