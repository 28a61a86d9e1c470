import { expect, test } from 'vitest';
import { builtTerritories } from '../store/builtData.ts';
import { findTerritory } from './findTerritory.ts';

const index = builtTerritories();

test.each([
  ['TWN', 'TWN'],
  ['tw', 'TWN'],
  ['158', 'TWN'],
  ['Taiwan', 'TWN'],
  ['Taiwan, Republic of China', 'TWN'],
  ['taiwan, province of china', 'TWN'],
  ['UK', 'GBR'],
  ['turkey', 'TUR'],
  ['TÜRKIYE', 'TUR'],
  ["cote d'ivoire", 'CIV'],
  ['Curacao', 'CUW'],
  ['Kosovo', 'XKX'],
  ['Northern Cyprus', 'NCY'],
  ['crimea', 'CRIMEA'],
  ['Golan Heights', 'GOLAN-HEIGHTS'],
])('"%s" is found as %s', (text, id) => {
  expect(findTerritory(index, text).id).toBe(id);
});

test.each([
  ['Tiawan', 'TWN (Taiwan)'],
  ['Ukrane', 'UKR (Ukraine)'],
  ['Atlantis', 'no territory is called "Atlantis"'],
  ['', 'beamkeeper territory list'],
])('a near miss "%s" suggests names', (text, part) => {
  expect(() => findTerritory(index, text)).toThrow(part);
});

test('no two territories or areas share an id, and no two territories a name or code', () => {
  const all = [...index.territories, ...index.disputedAreas];
  expect(new Set(all.map(territory => territory.id)).size).toBe(all.length);
  const names = index.territories.flatMap(t => [t.id, t.iso2, t.numeric].filter(key => key !== ''));
  expect(new Set(names).size).toBe(names.length);
});

test('a point of view is named in every answer, and moves disputed land only', () => {
  for (const [view, area, owner] of [
    ['de-facto', 'CRIMEA', 'RUS'],
    ['un', 'CRIMEA', 'UKR'],
    ['UKR', 'CRIMEA', 'UKR'],
    ['RUS', 'CRIMEA', 'RUS'],
    ['CHN', 'TAIWAN', 'CHN'],
    ['de-facto', 'TAIWAN', 'TWN'],
    ['IND', 'AKSAI-CHIN', 'IND'],
    ['PAK', 'JAMMU-KASHMIR', 'PAK'],
    ['un', 'JAMMU-KASHMIR', 'IND'],
    ['un', 'GOLAN-HEIGHTS', 'SYR'],
    ['un', 'NORTHERN-CYPRUS', 'CYP'],
    ['ARG', 'FALKLANDS', 'ARG'],
  ] as const) {
    const drawn = builtTerritories(view);
    expect(drawn.view).toBe(view);
    const found = drawn.disputedAreas.find(row => row.id === area);
    expect(found).toMatchObject({ view, inView: owner });
  }
  expect(() => builtTerritories('Mars')).toThrow('point of view');
});

test('a territory whose land a view gives away is still found, as an area', () => {
  const chinese = builtTerritories('CHN');
  const found = findTerritory(chinese, 'TWN');
  expect(found).toMatchObject({ kind: 'disputed-area', id: 'TAIWAN', inView: 'CHN' });
  expect(found.parts.length).toBeGreaterThan(0);
});
