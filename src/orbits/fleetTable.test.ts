import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sharedPath } from '../store/sharedData.ts';
import type { BeamkeeperError } from './error.ts';
import { fleetElementSets, readFleetTable, writeFleetTable } from './fleetTable.ts';
import { readCatalogue } from './readCatalogue.ts';
import { satelliteGeneration } from './satelliteGeneration.ts';

const TABLE = `# two-planes
# source: a test
# epoch: 2026-08-22T12:00:00Z
shell,generation,inclination_deg,mean_motion_rev_per_day,raan_deg,arg_latitude_deg
53.16@465,v2-mini,53.16,15.3349,10.5,0 120 240
in-flux,other,43,15.9,359.9,12.5
`;

test('a table gives one element set per satellite and prints as it stands', () => {
  const table = readFleetTable(TABLE, 'two.csv');
  expect(writeFleetTable(table)).toBe(TABLE);
  const sets = fleetElementSets(table);
  expect(sets.map(set => [set.raanDeg, set.meanAnomalyDeg, satelliteGeneration(set)])).toEqual([
    [10.5, 0, 'v2-mini'],
    [10.5, 120, 'v2-mini'],
    [10.5, 240, 'v2-mini'],
    [359.9, 12.5, 'other'],
  ]);
  expect(new Set(sets.map(set => set.catalogId)).size).toBe(4);
});

test('a day later the nodes have turned by the J₂ rate', () => {
  const table = readFleetTable(TABLE, 'two.csv');
  const at = { jd: table.epoch.jd + 1, fraction: table.epoch.fraction };
  const [set] = fleetElementSets(table, { at });
  // −4.670 °/day at 465 km and 53.16° (orbits.md §6).
  expect(set.raanDeg - 10.5).toBeCloseTo(-4.67, 2);
  expect(set.epochJd).toBe(at.jd);
});

test.each([
  ['a generation nobody knows', 'v2-mini', 'v9', 5],
  ['a word for a number', '15.3349', 'fast', 5],
  ['an empty number', '15.3349', '', 5],
  ['an inclination of 190', '53.16,', '190,', 5],
  ['a place of 361°', '240', '361', 5],
  ['an open list', '0 120 240', '0  240', 5],
  ['a column too few', ',359.9', '', 6],
  ['other columns', 'raan_deg', 'node', 4],
  ['no epoch', '# epoch', '# when', 1],
])('%s is refused with its line', (_, what, by, line) => {
  try {
    readFleetTable(TABLE.replace(what, by), 'two.csv');
  } catch (error) {
    expect((error as BeamkeeperError).code).toBe('FLEET_TABLE');
    expect((error as BeamkeeperError).message).toContain(`two.csv:${line}: `);
    return;
  }
  throw new Error('nothing was thrown');
});

test('generations agree with launch dates and with the tags of the catalogue', () => {
  const bytes = readFileSync(sharedPath('data/orbits/starlink-2026-08-22.3le.gz'));
  const { records } = readCatalogue(bytes, 'starlink');
  const counts: Record<string, number> = {};
  for (const set of records) {
    const generation = satelliteGeneration(set);
    counts[generation] = (counts[generation] ?? 0) + 1;
    expect(generation === 'direct-to-cell').toBe(set.name.includes('[DTC]'));
    // First and last launches: v1.0 2019-11 to 2021-05, v1.5 2021-06 to 2023-07, V2 mini from 2023-02.
    const launch = set.intlDesignator.slice(0, 8);
    if (generation === 'v1.0') expect(launch >= '2019-074' && launch <= '2021-044').toBe(true);
    if (generation === 'v1.5') expect(launch >= '2021-059' && launch <= '2023-099').toBe(true);
    if (generation === 'v2-mini') expect(launch >= '2023-026').toBe(true);
  }
  expect(Object.values(counts).reduce((a, b) => a + b)).toBe(10744);
  expect(counts['direct-to-cell']).toBe(639);
  expect(counts['other']).toBeUndefined();
});

test.each([
  ['ONEWEB-0012', 'oneweb'],
  ['KUIPER-00008', 'kuiper'],
  ['QIANFAN-1', 'other'],
  ['OBJECT BJ', 'other'],
  ['STARLINK', 'other'],
  ['STARLINK-24', 'v1.0'],
  ['STARLINK-11072', 'direct-to-cell'],
  ['starlink-gen1-filed [v1.5] 2000', 'v1.5'],
  ['starlink-2026-08 [other] 3', 'other'],
])('%s is %s', (name, generation) => {
  expect(satelliteGeneration({ name })).toBe(generation);
});
