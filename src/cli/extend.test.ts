import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-extend-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code blocks of the page under their file names, its imports pointed at the sources. */
const page = readFileSync(new URL('../../docs/extend.md', import.meta.url), 'utf8');
const names = [...page.matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)].map(([, name, code]) => {
  const source = code.replace(
    /'beamkeeper\/(\w+)'/g,
    (_, face) => `'${new URL(`../${face}/index.ts`, import.meta.url).href}'`,
  );
  writeFileSync(join(folder, name), source);
  return name;
});

function output(name: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, name)], {
    encoding: 'utf8',
  });
  expect({ status, stderr: stderr.replace(/^\(node:[\s\S]*/, '') }).toEqual({
    status: 0,
    stderr: '',
  });
  return stdout;
}

test('the page has its files', () => {
  expect(names).toEqual(['avoiding.ts', 'compare.ts', 'rings.ts']);
});

test('the routing algorithm of the page avoids what it must, and is the shortest when it need not', () => {
  const { shortest, other, same } = JSON.parse(output('compare.ts'));
  // network.md N8: London–New York over this design takes 42.3 to 44.1 ms there and back.
  expect((2 * shortest.km) / 299.792458).toBeGreaterThan(42);
  expect((2 * shortest.km) / 299.792458).toBeLessThan(45);
  expect(same.km).toBeCloseTo(shortest.km, 6);
  expect(other.km).toBeGreaterThan(shortest.km);
  expect(other.satellites.length).toBeGreaterThan(2);
  expect(other.satellites.filter((s: number) => shortest.satellites.includes(s))).toEqual([]);
});

test('the laser topology of the page makes one link a satellite, of one length', () => {
  const { links, shortestKm, longestKm } = JSON.parse(output('rings.ts'));
  expect(links).toBe(1584);
  // A chord of a 22nd of the circle at 550 km: 2 · 6,921 · sin(π/22).
  const chordKm = 2 * (6378.137 + 550) * Math.sin(Math.PI / 22);
  expect(Math.abs(shortestKm - chordKm)).toBeLessThan(0.01 * chordKm);
  expect(Math.abs(longestKm - chordKm)).toBeLessThan(0.01 * chordKm);
});
