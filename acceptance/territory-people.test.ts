// People per territory against the totals published in shared/data/population: Kontur's of 2023
// (assigned there by another method: centroids of resolution-4 cells, world-atlas 50m) and Natural
// Earth's POP_EST of 2017.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { membershipOf, type PeopleColumn } from '../src/earth/index.ts';
import { readUnits } from '../src/earth/territoryTable.ts';
import { builtCells, builtTerritories } from '../src/store/builtData.ts';
import { packageFile } from '../src/store/packageFiles.ts';
import { sharedPath } from '../src/store/sharedData.ts';

// United Nations, World Population Prospects 2022: 7,599.8 million in mid-2017, 8,045.3 in mid-2023.
const GROWTH_2017_TO_2023 = 8045.3 / 7599.8;
const KONTUR_WORLD = 8_031_924_024;
// Kontur Population 2023-11-01 by country, ten largest (kontur-by-territory-wa50.csv).
const TEN_LARGEST = 'IND CHN USA IDN PAK NGA BRA BGD RUS MEX'.split(' ');

const published = readFileSync(sharedPath('data/population/kontur-by-territory-wa50.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(line => line.split(','))
  .map(([, name, kontur, , estimate]) => ({
    name,
    kontur: Number(kontur),
    estimate2017: Number(estimate),
  }));
const territories = builtTerritories();
const atlasName = new Map(
  readUnits(readFileSync(packageFile('data/territories/territories.csv'), 'utf8'), 'units').map(
    unit => [unit.id, unit.atlasName],
  ),
);

function peopleByAtlasName(
  resolution: number,
  people: PeopleColumn,
): { readonly byName: Map<string, number>; readonly cells: number; readonly sum: number } {
  const cells = builtCells(resolution, { people, populatedOnly: true, territories });
  const byName = new Map<string, number>();
  for (const territory of territories.territories) {
    const membership = membershipOf(territory, cells);
    let inside = 0;
    membership.cellIndex.forEach((cell, i) => {
      inside += cells.peopleCount[cell] * membership.insideShare[i];
    });
    // The atlas draws some territories as pieces of another one.
    const name = atlasName.get(territory.id)!;
    byName.set(name, (byName.get(name) ?? 0) + inside);
  }
  let sum = 0;
  for (const count of cells.peopleCount) sum += count;
  return { byName, cells: cells.count, sum };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function ratios(byName: Map<string, number>, key: 'kontur' | 'estimate2017'): number[] {
  return published
    .filter(row => row[key] > 0 && byName.has(row.name))
    .map(row => byName.get(row.name)! / row[key]);
}

describe.each(['kontur', 'cities'] as const)('the column %s', people => {
  const { byName, cells, sum } = peopleByAtlasName(5, people);

  test('has the median territory within 5 % of the published total of 2023', () => {
    const all = ratios(byName, 'kontur');
    expect(all.length).toBeGreaterThan(200);
    expect(Math.abs(median(all) - 1)).toBeLessThan(0.05);
  });

  test('has the median territory within 5 % of the estimate of 2017, the world having grown since', () => {
    const all = ratios(byName, 'estimate2017');
    expect(all.length).toBeGreaterThan(170);
    expect(Math.abs(median(all) / GROWTH_2017_TO_2023 - 1)).toBeLessThan(0.05);
  });

  test('has the ten largest countries within 3 % of the published totals', () => {
    const nameOf = (id: string): string => atlasName.get(id)!;
    const largest = [...byName].sort((a, b) => b[1] - a[1]).slice(0, 10);
    expect(largest.map(([name]) => name).sort()).toEqual(TEN_LARGEST.map(nameOf).sort());
    for (const [name, count] of largest) {
      const row = published.find(entry => entry.name === name)!;
      expect(Math.abs(count / row.kontur - 1), name).toBeLessThan(0.035);
    }
  });

  test('counts nobody twice and loses nobody', () => {
    const inTerritories = [...byName.values()].reduce((total, count) => total + count, 0);
    expect(Math.abs(inTerritories / sum - 1)).toBeLessThan(1e-6);
    expect(Math.abs(sum / KONTUR_WORLD - 1)).toBeLessThan(1e-5);
    if (people === 'kontur') expect(cells).toBe(393_791);
  });

  test('gives a territory the same people at resolutions 3, 4 and 5', () => {
    for (const resolution of [3, 4]) {
      const coarse = peopleByAtlasName(resolution, people).byName;
      for (const [name, count] of byName) {
        expect(Math.abs(coarse.get(name)! - count), name).toBeLessThan(1 + count * 1e-5);
      }
    }
  });
});
