import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-route-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GRID = ['--constellation', '53:1584/72/39@550', '--topology', 'plus-grid', '--shift', '0'];
const SHORT = [...GRID, '--for', '10s', '--step', '5s'];

function beamkeeper(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd: folder });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Refused: exit code 2, nothing on stdout, one line on stderr, no stack. */
function refused(...args: string[]): string {
  const { code, out, err } = beamkeeper(...args);
  expect({ code, out }, err).toEqual({ code: 2, out: '' });
  expect(err.trim().split('\n'), err).toHaveLength(1);
  expect(err).toMatch(/^beamkeeper: /);
  return err;
}

function json(...args: string[]): Record<string, never> {
  const { code, out, err } = beamkeeper(...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).not.toMatch(/NaN|Infinity/);
  return JSON.parse(out);
}

describe('route', () => {
  test('Manila–Dalian by the conventions of Hypatia gives its figures', () => {
    const result = json(
      ...['route', 'Manila', 'Dalian', '--constellation', 'kuiper-k1-hypatia'],
      ...['--for', '200s', '--step', '1s'],
    );
    const { rttMs, pathChanges, hops, series, changes, at, profile } = result as unknown as {
      rttMs: { min: number; median: number; max: number; mean: number };
      pathChanges: number;
      hops: { from: string; to: string; kind: string; km: number; ms: number }[];
      series: { atS: number; rttMs: number; hops: number }[];
      changes: { at: string; path: string[] }[];
      at: string;
      profile: string;
    };
    expect({ at, profile }).toEqual({ at: '2000-01-01T00:00:00Z', profile: 'hypatia-compat' });
    // peers.md: 25.2298 and 48.1651 in steps of 100 ms; network.md N1: 25.23–48.16 in steps of 1 s.
    expect(Math.abs(rttMs.min - 25.23)).toBeLessThan(0.3);
    expect(Math.abs(rttMs.max - 48.16)).toBeLessThan(0.3);
    expect(Math.abs(series[0].rttMs - 29.4231)).toBeLessThan(0.01);
    expect(pathChanges).toBeLessThanOrEqual(5);
    expect(changes).toHaveLength(pathChanges);
    expect(series).toHaveLength(200);
    expect(hops[0]).toMatchObject({ from: 'Manila', kind: 'radio' });
    expect(hops[hops.length - 1]).toMatchObject({ to: 'Dalian', kind: 'radio' });
  });

  test('takes cells, gateways and points of presence, and keeps the order of two southern points', () => {
    const { from, to } = json('route', '851fb467fffffff', 'gateway:Usingen', ...SHORT);
    expect(from).toMatchObject({ kind: 'cell', name: 'cell 851fb467fffffff' });
    expect(to).toMatchObject({ kind: 'gateway', name: 'gateway Usingen, Germany' });
    const south = json('route', 'pop:Auckland', '-33.87,151.21', ...SHORT);
    expect(south['from']).toMatchObject({ kind: 'pop' });
    expect(south['to']).toMatchObject({ latDeg: -33.87, lonDeg: 151.21 });
    const lastSouth = json('route', ...SHORT, 'Nairobi', '-33.87,151.21');
    expect(lastSouth['to']).toMatchObject({ latDeg: -33.87 });
  });

  test('finds New York, which the list of towns calls New York City', () => {
    expect(json('route', 'New York', 'London', ...SHORT)['from']).toMatchObject({
      name: 'New York City, US',
    });
  });

  test('a city whose coordinates in Hypatia are not known is used with a warning', () => {
    const hypatia = ['--constellation', 'kuiper-k1-hypatia', '--for', '1s', '--step', '1s'];
    expect(json('route', 'Manila', 'Osaka', ...hypatia)['warnings']).toEqual([
      expect.stringContaining('Osaka, JP stands where GeoNames has it'),
    ]);
    expect(json('route', 'Manila', 'Dalian', ...hypatia)['warnings']).toEqual([]);
  });

  test('writes series and report under their names only', () => {
    const { code, out } = beamkeeper(
      ...['route', 'Paris', 'Rome', ...SHORT, '--csv', 'r.csv', '--html', 'r.html'],
    );
    expect(code).toBe(0);
    expect(out).toContain('Wrote r.html');
    const csv = readFileSync(join(folder, 'r.csv'), 'utf8').trim().split('\n');
    expect(csv[0]).toBe('at,atS,rttMs,hops,path');
    expect(csv).toHaveLength(3);
    const html = readFileSync(join(folder, 'r.html'), 'utf8');
    expect(html).toContain('From Paris, FR to Rome, IT and back over satellites takes');
    expect(html).not.toMatch(/(?:src|href)="http/);
    expect(readdirSync(folder).filter(name => name.endsWith('.partial'))).toEqual([]);
  });

  test('an end without any satellite is an answer, also on the report', () => {
    const args = ['route', '85,0', 'Rome', ...SHORT];
    const result = json(...args);
    expect(result).toMatchObject({ rttMs: null, reachable: 0, hops: [], pathChanges: 0 });
    expect(result['whyUnreachable']).toEqual(['85°, 0° sees no satellite above 25° at any step.']);
    const { code, out } = beamkeeper(...args, '--html', 'none.html');
    expect(code).toBe(0);
    expect(out).toContain('There is no route:');
    expect(readFileSync(join(folder, 'none.html'), 'utf8')).toContain('No satellite route joins');
  });

  test.each([
    ['an unknown place suggests names', ['Manila', 'Dallian', ...SHORT], /Dalian/],
    ['one end', ['Manila', ...SHORT], /two places are needed/],
    ['equal ends', ['Paris', 'Paris', ...SHORT], /same place/],
    ['latitude 95', ['Paris', '95,10', ...SHORT], /95,10/],
    ['no H3 cell', ['Paris', '85ffffffffffff0', ...SHORT], /H3 cell/],
    ['an unknown gateway', ['Paris', 'gateway:Usignen', ...SHORT], /did you mean Usingen, Germany/],
    ['a gateway of many', ['Paris', 'gateway:A', ...SHORT], /write more of the name/],
    ['an unknown point of presence', ['Paris', 'pop:nowhere', ...SHORT], /point of presence/],
    ['a fraction of a slot', ['Paris', 'Rome', ...SHORT, '--shift', '0.5'], /whole number/],
    ['an unknown routing', ['Paris', 'Rome', ...SHORT, '--routing', 'fewest-hop'], /fewest-hops/],
    [
      'lasers for ground relays',
      ['Paris', 'Rome', ...SHORT, '--routing', 'ground-relays'],
      /uses no lasers/,
    ],
    ['one disjoint route', ['Paris', 'Rome', ...SHORT, '--disjoint', '1'], /--disjoint "1"/],
    ['a step beyond the time', ['Paris', 'Rome', ...GRID, '--for', '1s', '--step', '2s'], /--step/],
    ['too many steps', ['Paris', 'Rome', ...GRID, '--for', '30d', '--step', '1s'], /steps/],
    ['no step', ['Paris', 'Rome', ...SHORT, '--step', '0s'], /--step "0s"/],
    [
      'a design that does not divide',
      ['Paris', 'Rome', '--constellation', '53:100/7/1@550', '--no-lasers'],
      /7 planes/,
    ],
    [
      'a report into no folder',
      ['Paris', 'Rome', ...SHORT, '--html', 'no/r.html'],
      /no such folder/,
    ],
  ])('%s', (_, args, reason) => {
    expect(refused('route', ...args)).toMatch(reason);
  });
});

describe('gateways', () => {
  /** The table's source counts 214 in operation and 93 planned. */
  test('counts by country add up to the list', () => {
    const { gateways, countries } = json('gateways') as unknown as {
      gateways: { status: string; country: string; popKm: number; inView: number | null }[];
      countries: { country: string; operational: number; planned: number }[];
    };
    const sum = (key: 'operational' | 'planned'): number =>
      countries.reduce((total, country) => total + country[key], 0);
    expect({ operational: sum('operational'), planned: sum('planned') }).toEqual({
      operational: 214,
      planned: 93,
    });
    expect(gateways).toHaveLength(307);
    expect(gateways.every(gateway => gateway.inView === null)).toBe(true);
  });

  test('of one country, with satellites in view and the nearest point of presence', () => {
    const { gateways } = json('gateways', 'Germany', ...GRID.slice(0, 2)) as unknown as {
      gateways: { name: string; country: string; popCity: string; inView: number }[];
    };
    expect(gateways.map(gateway => gateway.country)).toEqual(['DEU', 'DEU']);
    for (const { popCity, inView } of gateways) {
      expect(popCity).toBe('Frankfurt');
      // 1584 at 53°, seen from 50–52° N above 25°: 18 or so.
      expect(inView).toBeGreaterThan(10);
      expect(inView).toBeLessThan(30);
    }
    const { out } = beamkeeper('gateways', 'DEU', '--csv', 'g.csv');
    expect(out).toMatch(/^2 gateways in Germany/);
    expect(readFileSync(join(folder, 'g.csv'), 'utf8')).toMatch(/^name,country,countryName,latDeg/);
  });

  test('a country without any is an answer', () => {
    const { code, out } = beamkeeper('gateways', 'Chad');
    expect(code).toBe(0);
    expect(out).toMatch(/^0 gateways in Chad/);
  });

  test('an empty list, an unknown territory, a disputed area, a wrong status are refused', () => {
    writeFileSync(join(folder, 'empty.csv'), 'name,lat,lon,country,status\n');
    expect(refused('gateways', '--gateway-list', 'empty.csv')).toMatch(/has no gateway/);
    expect(refused('route', 'Paris', 'Rome', ...SHORT, '--gateway-list', 'empty.csv')).toMatch(
      /has no gateway/,
    );
    expect(refused('gateways', 'Germny')).toMatch(/Germany/);
    expect(refused('gateways', 'CRIMEA')).toMatch(/disputed area/);
    expect(refused('gateways', '--status', 'planed')).toMatch(/did you mean planned/);
  });
});
