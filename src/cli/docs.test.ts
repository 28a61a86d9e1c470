import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { openLogStore } from '../store/tlogStore.ts';
import { makeExampleSwitch } from './exampleSwitch.ts';
import { createProgram } from './program.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Examples of the help name files that a reader would have; here they are made. */
const SETS = madeCatalogue();
writeFileSync(join(folder, 'stations.tle'), SETS);
writeFileSync(join(folder, 'old.tle'), SETS);
writeFileSync(join(folder, 'starlink.3le.gz'), gzipSync(SETS));
writeFileSync(
  join(folder, 'zone.geojson'),
  '{"type":"Polygon","coordinates":[[[120,22],[122,22],[122,25],[120,25],[120,22]]]}',
);

writeFileSync(join(folder, 'places.csv'), 'name,lat,lon\nTokyo,35.7,139.7\nLima,-12,-77\n');
writeFileSync(join(folder, 'medians.csv'), 'iso_a3,median_ms\nDEU,28\nKEN,45\n');
writeFileSync(
  join(folder, 'pings-2024-03-05.csv'),
  'time,rtt_ms\n2024-03-05T10:00:00Z,31.2\n2024-03-05T10:00:15Z,35.8\n',
);

await makeLog();
await makeExampleSwitch(folder, Date.now());

/** A small log, and a policy that trusts it. */
async function makeLog(): Promise<void> {
  const store = await openLogStore({
    dataFolder: join(folder, 'data'),
    keysFolder: join(folder, 'keys'),
    name: 'orders',
    origin: 'example.org/orders',
  });
  for (let i = 0; i < 20; i++) await store.append(new TextEncoder().encode(`{"entry":${i}}`));
  await store.close();
  writeFileSync(join(folder, 'trust.txt'), `log ${store.verifierKey}\nquorum none\n`);
}

/** The station's element set of 2008 (as in main.test.ts), moved to August 2026. */
function madeCatalogue(): string {
  const line = (text: string): string => {
    const sum = [...text].reduce((s, c) => s + (c === '-' ? 1 : /\d/.test(c) ? Number(c) : 0), 0);
    return `${text}${sum % 10}`;
  };
  const first = line('1 25544U 98067A   26234.50000000 -.00002182  00000-0 -11606-4 0  292');
  const second = line('2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.7212539156353');
  return `${first}\n${second}\n`;
}

/** Every `$ beamkeeper …` of every help text; of `bench` none, its figures take minutes. */
function helpExamples(): (readonly [string, string])[] {
  const helpOf = (command: Command): [string, string][] => {
    let text = '';
    command.configureOutput({
      writeOut: part => {
        text += part;
      },
    });
    command.outputHelp();
    const name = `${command.name()} --help`;
    const own = [...text.matchAll(/^ {2}\$ beamkeeper (.+?)(?: {3,}.*)?$/gm)];
    return [
      ...own.map(([, line]): [string, string] => [name, line]),
      ...command.commands.flatMap(helpOf),
    ];
  };
  const seen = new Map(helpOf(createProgram()).map(([name, line]) => [line, name]));
  return [...seen]
    .filter(([line]) => !/^(COMMAND|bench)\b/.test(line))
    .map(([line, name]) => [name, line.replace(/--for (1h|1d)/, '--for 1m')]);
}

const commands = [
  'README.md',
  'docs/cli.md',
  'docs/reports.md',
  'docs/routes.md',
  'docs/conventions.md',
  'docs/validation.md',
  'docs/fidelity.md',
  'docs/links.md',
  'docs/switch.md',
  'docs/admission.md',
  'docs/sealed-parts.md',
  'docs/authorisation.md',
].flatMap(page => {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => block.split('\n'))
    .filter(line => line.startsWith('npx beamkeeper ') && !line.includes('--help'))
    .map(line => [page, line.slice('npx beamkeeper '.length)] as const);
});

test('the help has examples of its own', () => {
  expect(helpExamples().length).toBeGreaterThan(20);
});

test.each([...commands, ...helpExamples()])('%s: %s', (_, line) => {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
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
