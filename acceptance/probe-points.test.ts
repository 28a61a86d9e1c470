// The probe points of shared/data/territories: what other maps (world-atlas 10m, Natural Earth's
// disputed areas, OpenStreetMap's 12-nm waters) say about 41 places, and what this one says.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { latLngToCell } from 'h3-js';
import { describe, expect, test } from 'vitest';
import type { Topology } from '../src/earth/atlas.ts';
import { createGeography } from '../src/earth/geography.ts';
import { findTerritory, membershipOf } from '../src/earth/index.ts';
import { readDisputedAreas, readDisputedOutlines, readUnits } from '../src/earth/territoryTable.ts';
import { builtCells, builtTerritories } from '../src/store/builtData.ts';
import { sharedPath } from '../src/store/sharedData.ts';

interface Probes {
  readonly points: Record<string, [number, number]>;
  readonly result: Record<string, Record<string, string>>;
}

const table = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../data/territories/${name}.csv`, import.meta.url)), 'utf8');
const probes = (name: string): Probes =>
  JSON.parse(readFileSync(sharedPath(`data/territories/${name}.json`), 'utf8')) as Probes;

const topology = createRequire(import.meta.url)('world-atlas/countries-10m.json') as Topology;
const units = readUnits(table('territories'), 'territories.csv');
const areas = readDisputedAreas(table('disputed-areas'), 'disputed-areas.csv');
const outlines = readDisputedOutlines(table('disputed-outlines'), 'disputed-outlines.csv');
const geography = createGeography(topology, units, areas, outlines);

function at(lonDeg: number, latDeg: number): { unit: string; atlas: string; area: string } {
  const part = geography.parts[geography.partAt(lonDeg, latDeg)];
  if (part === undefined) return { unit: '', atlas: '', area: '' };
  const unit = units[part.unit];
  const whole = areas.find(area => !area.hasOutline && area.units.includes(unit.id));
  return {
    unit: unit.id,
    atlas: unit.atlasName,
    area: part.area >= 0 ? areas[part.area].id : (whole?.id ?? ''),
  };
}

// Our names of the areas that Natural Earth calls otherwise.
const AREA_OF: Record<string, string> = {
  Crimea: 'CRIMEA',
  Gaza: 'GAZA',
  'West Bank': 'WEST-BANK',
  'Jammu and Kashmir': 'JAMMU-KASHMIR',
  'Northern Areas': 'GILGIT-BALTISTAN',
  'Azad Kashmir': 'AZAD-KASHMIR',
  'Aksai Chin': 'AKSAI-CHIN',
  'Arunachal Pradesh': 'ARUNACHAL-PRADESH',
  Donbass: 'DONBAS',
  Abkhazia: 'ABKHAZIA',
  'South Ossetia': 'SOUTH-OSSETIA',
  Transnistria: 'TRANSNISTRIA',
  'Nagorno-Karabakh': 'NAGORNO-KARABAKH',
  'N. Cyprus': 'NORTHERN-CYPRUS',
  'W. Sahara': 'WESTERN-SAHARA-WEST',
  Somaliland: 'SOMALILAND',
  'Golan Heights': 'GOLAN-HEIGHTS',
  'West of Essequibo River': 'ESSEQUIBO',
  Abyei: 'ABYEI',
  'Kuril Is.': 'KURILS',
  'Falkland Is.': 'FALKLANDS',
};

describe('on land, the unit of world-atlas 10m and the disputed area of Natural Earth', () => {
  const { points, result } = probes('probe-points');
  test.each(Object.keys(points))('%s', name => {
    const here = at(...points[name]);
    const { wa10, disp } = result[name];
    if (wa10 !== '') expect(here.atlas).toBe(wa10);
    if (disp !== '') expect(here.area).toBe(AREA_OF[disp]);
  });
  test('an islet that the atlas leaves out, waters within 12 nm, and the high seas', () => {
    expect(at(...points['Paracel'])).toMatchObject({ unit: 'CHN', area: 'PARACELS' });
    expect(at(...points['seaTaiwan12nm']).unit).toBe('TWN');
    expect(at(...points['BlackSea']).unit).toBe('');
  });
});

describe("at sea, one of the countries to which OpenStreetMap's 12-nm waters give the point", () => {
  const { points, result } = probes('probe-points-maritime');
  const known = Object.keys(points).filter(name => result[name]['osm1km'] !== '');
  test.each(known)('%s', name => {
    const claimants = result[name]['osm1km'].split('+');
    expect(claimants).toContain(at(...points[name]).unit);
  });
  test('Kinmen is in the 10m atlas', () => {
    expect(at(...points['Kinmen']).unit).toBe('TWN');
  });
  test('waters off a disputed shore belong to the disputed area', () => {
    expect(at(...points['sea_8nm_off_Yalta']).area).toBe('CRIMEA');
    expect(at(...points['sea_off_Gaza_8nm']).area).toBe('GAZA');
    expect(at(...points['Senkaku']).area).toBe('SENKAKUS');
  });
});

describe('the built resolution-5 cells follow the point of view', () => {
  const cellAt = (lonDeg: number, latDeg: number): bigint =>
    BigInt(`0x${latLngToCell(latDeg, lonDeg, 5)}`);
  test.each([
    ['de-facto', 'RUS', 34.1, 44.95],
    ['un', 'UKR', 34.1, 44.95],
    ['UKR', 'UKR', 34.2, 44.35],
    ['de-facto', 'RUS', 34.2, 44.35],
    ['de-facto', 'NCY', 33.4, 35.3],
    ['un', 'CYP', 33.4, 35.3],
    ['de-facto', 'MAR', -13.2, 27.15],
    ['un', 'ESH', -13.2, 27.15],
    ['IND', 'IND', 79.5, 35.2],
    ['JPN', 'JPN', 147.9, 45.1],
  ])('view %s: %s has the cell at %f, %f', (view, id, lonDeg, latDeg) => {
    const territories = builtTerritories(view);
    const cells = builtCells(5, { people: 'cities', populatedOnly: false, territories });
    const index = cells.h3.indexOf(cellAt(lonDeg, latDeg));
    expect(territories.territories[cells.territoryIndex[index]].id).toBe(id);
    expect(membershipOf(findTerritory(territories, id), cells).cellIndex).toContain(index);
  });
});
