import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { formatInstant } from '../orbits/index.ts';
import { readMeasuredLatency, readPlaces } from './measuredLatency.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-measured-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('medians by territory: other names of columns, fifths in either order, month from the name', async () => {
  const path = file(
    'medians_2024-02.csv',
    'Country;P50;p20;p80\nGermany;30.5;40;25\nKenya;101,5;90;120\n',
  );
  const { kind, places, at, columns } = await readMeasuredLatency(path);
  expect(kind).toBe('territories');
  expect(columns).toEqual(['country', 'p50', 'p20', 'p80']);
  expect(
    places.map(({ place, p50Ms, bestMs, worstMs }) => [place, p50Ms, bestMs, worstMs]),
  ).toEqual([
    ['Germany', 30.5, 25, 40],
    ['Kenya', 101.5, 90, 120],
  ]);
  expect(formatInstant(at!.instant)).toBe('2024-02-15T00:00:00Z');
});

test('a series with one dish: median and tenths, time from the rows, lost pings counted', async () => {
  const rows = Array.from({ length: 11 }, (_, i) => `${1_700_000_000 + i},${20 + i}`);
  const path = file('pings.csv.gz', gzipSync(`timestamp,rtt\n${rows.join('\n')}\n1700000100,\n`));
  const { kind, places, at, notes } = await readMeasuredLatency(path, { latDeg: 48, lonDeg: 16 });
  expect(kind).toBe('series');
  expect(places).toEqual([
    expect.objectContaining({ p50Ms: 25, bestMs: 21, worstMs: 29, count: 11 }),
  ]);
  expect(at!.instant && formatInstant(at!.instant)).toBe('2023-11-14T22:13:25Z');
  expect(notes).toEqual(['1 of 12 rows have no round trip: left out']);
});

test('a series of several probes finds their places in the rows', async () => {
  const path = file(
    'probes.csv',
    'time,probe,lat,lon,avg_ms\n1,a,10,20,30\n2,b,-5,6,40\n3,a,10,20,32\n',
  );
  const { places } = await readMeasuredLatency(path);
  expect(places.map(({ place, spot, p50Ms }) => [place, spot, p50Ms])).toEqual([
    ['a', { latDeg: 10, lonDeg: 20 }, 31],
    ['b', { latDeg: -5, lonDeg: 6 }, 40],
  ]);
});

test.each([
  ['wrong.csv', 'foo,bar\n1,2\n', 'MEASURED_COLUMNS', /has the columns foo, bar; wanted are/],
  ['empty.csv', '', 'MEASURED_EMPTY', /is empty/],
  ['head.csv', 'iso_a3,median_ms\n', 'MEASURED_EMPTY', /no row of measurements/],
  ['words.csv', 'iso_a3,median_ms\nDEU,fast\n', 'MEASURED_EMPTY', /no row has a number/],
  ['nowhere.csv', 'time,rtt_ms\n1,30\n', 'MEASURED_DISH', /give --dish LAT,LON/],
])('%s is refused in one line', async (name, content, code, message) => {
  const path = file(name, content);
  await expect(readMeasuredLatency(path)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test('places of a table: territories, or spots with their names', async () => {
  expect(await readPlaces(file('t.csv', 'iso_a3,x\nDEU,1\n,2\n'))).toEqual([
    { kind: 'territory', text: 'DEU' },
  ]);
  expect(await readPlaces(file('s.csv', 'name,lat,lon\nTokyo,35.7,139.7\n'))).toEqual([
    { kind: 'spot', name: 'Tokyo', latDeg: 35.7, lonDeg: 139.7 },
  ]);
  await expect(readPlaces(file('bad.csv', 'name,lat,lon\nX,95,0\n'))).rejects.toThrow(
    /row 1 has no place/,
  );
});
