import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latLngToCell } from 'h3-js';
import { afterAll, describe, expect, test } from 'vitest';
import { findTerritory, membershipOf } from '../earth/index.ts';
import { builtCells, builtTerritories } from '../store/builtData.ts';
import { findPlace, membershipOfAll } from './places.ts';
import { runWhatIf, type WhatIfRequest, type WhatIfResult } from './whatIfRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-places-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOTHING: WhatIfRequest = {
  catalogues: [],
  constellation: '53:72/6/1@1200',
  forS: 15,
  stepS: 15,
  resolution: 4,
  people: 'cities',
  edge: 'centre',
  reachKm: 0,
  seed: 1,
  terminal: 'fixed',
  off: [],
  restrict: [],
  denyGateways: [],
  denyLasers: false,
  over: [],
};

const run = (asked: Partial<WhatIfRequest>): Promise<WhatIfResult> =>
  runWhatIf({ ...NOTHING, ...asked });

/** A rectangle in a file of its own. */
function rectangle(
  name: string,
  [west, south, east, north]: readonly [number, number, number, number],
): string {
  const path = join(folder, name);
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  writeFileSync(path, JSON.stringify({ type: 'Polygon', coordinates: [ring] }));
  return path;
}

describe('places switched off together', () => {
  /** On the Rhine below Breisach: half of it in France, half in Germany, 60 km from Switzerland. */
  const onTheRhine = BigInt(`0x${latLngToCell(48.2, 7.65, 4)}`);

  test('a strict edge leaves no strip of service along their common border', async () => {
    const alone = await run({ off: ['FRA'], edge: 'strict' });
    expect(alone.withheld).not.toContain(onTheRhine);
    const both = await run({ off: ['FRA', 'DEU'], edge: 'strict' });
    expect(both.withheld).toContain(onTheRhine);
    expect(both.rules).toEqual(['FRA, DEU off (strict)']);
  });

  test('a place named twice counts once', async () => {
    const once = await run({ off: ['NLD'], edge: 'covering' });
    const twice = await run({ off: ['NLD', 'Netherlands', 'nl'], edge: 'covering' });
    expect(twice.rules).toEqual(once.rules);
    expect(twice.impact.inside).toEqual(once.impact.inside);
  });

  test('of polygons that overlap nobody counts twice', async () => {
    const territories = builtTerritories();
    const cells = builtCells(4, { people: 'cities', populatedOnly: true, territories });
    const box = [4, 51, 6, 52.5] as const;
    const one = await findPlace(territories, rectangle('one.geojson', box));
    const other = await findPlace(territories, rectangle('other.geojson', box));
    expect(membershipOfAll([one, other], cells)).toEqual(membershipOf(one, cells));
  });

  test('of two territories what each holds of a border cell adds up', () => {
    const territories = builtTerritories();
    const cells = builtCells(4, { people: 'cities', populatedOnly: true, territories });
    const pair = ['FRA', 'DEU'].map(id => findTerritory(territories, id));
    const both = membershipOfAll(pair, cells);
    const shareOf = (of: ReturnType<typeof membershipOf>): number =>
      of.insideShare[[...of.cellIndex].findIndex(cell => cells.h3[cell] === onTheRhine)];
    const [inFrance, inGermany] = pair.map(place => shareOf(membershipOf(place, cells)));
    expect(Math.min(inFrance, inGermany)).toBeGreaterThan(0);
    expect(shareOf(both)).toBeCloseTo(inFrance + inGermany, 6);
  });
});

describe('gateways that may not be used', () => {
  test('a polygon and a disputed area are refused: they have none of their own', async () => {
    const code = 'GATEWAY_COUNTRY';
    await expect(run({ off: ['TWN'], denyGateways: ['CRIMEA'] })).rejects.toMatchObject({ code });
    const path = rectangle('box.geojson', [4, 51, 6, 52]);
    await expect(run({ off: ['TWN'], denyGateways: [path] })).rejects.toMatchObject({ code });
  });

  test('a country without any is warned about, one with some is not', async () => {
    // North Korea has none; Japan has several.
    const idle = await run({ off: ['TWN'], denyGateways: ['North Korea', 'Japan'] });
    const warnings = idle.manifest.warnings.filter(text => text.includes('stands in'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('PRK');
    expect(idle.rules.slice(1)).toEqual(['gateways in PRK denied', 'gateways in JPN denied']);
  });
});
