import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commands = ['docs/cli.md', 'docs/reports.md'].flatMap(page => {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => block.split('\n'))
    .filter(line => line.startsWith('npx beamkeeper '))
    .map(line => [page, line.slice('npx beamkeeper '.length)] as const);
});

test.each(commands)('%s: %s', (_, line) => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...line.split(' ')], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
