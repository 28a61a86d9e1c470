import { latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import { readGateways, readPointsOfPresence } from './gateways.ts';
import { readPeopleCsv } from './peopleCsv.ts';
import { cellsFile } from './readCellTable.ts';
import { readSections, writeSections } from './sectionFile.ts';
import { readTerritories } from './territories.ts';

test('gateways are read with their places in radians, and points of presence left out', () => {
  const gateways = readGateways(
    '# a comment\nname,lat,lon,country,status,type\n"Akron, OH",41,-81.5,USA,planned,gateway\nX,1,2,USA,operational,pop\nY,-10,20,AGO,operational,gateway\n',
    'g.csv',
  );
  expect(gateways.count).toBe(2);
  expect(gateways.name).toEqual(['Akron, OH', 'Y']);
  expect(gateways.latRad[0]).toBeCloseTo((41 * Math.PI) / 180, 12);
  expect([...gateways.isOperational]).toEqual([0, 1]);
});

test.each([
  ['a latitude beyond the pole', 'name,lat,lon,country,status\nA,91,0,USA,planned\n', 'g.csv:2'],
  ['an empty coordinate', 'name,lat,lon,country,status\nA,,0,USA,planned\n', 'g.csv:2'],
  ['a missing column', 'name,lat,country,status\nA,1,USA,planned\n', '"lon"'],
  ['an empty table', '# nothing\n', 'empty'],
])('%s in a gateway table is refused with its place', (_, csv, part) => {
  expect(() => readGateways(csv, 'g.csv')).toThrow(part);
});

test('points of presence are read', () => {
  const points = readPointsOfPresence(
    'operator,code,city,lat,lon,country\nstarlink,x1,Sofia,42.7,23.3,BGR\n',
    'p.csv',
  );
  expect(points.city).toEqual(['Sofia']);
});

test('people are read per cell', () => {
  const id = latLngToCell(25, 121.5, 8);
  const people = readPeopleCsv(`h3,population\n${id},12.5\n`, 'p.csv');
  expect([...people.people]).toEqual([12.5]);
});

test.each([
  ['a foreign heading', 'cell,count\n', 'p.csv:1'],
  ['an id that is none', 'h3,population\nhello,3\n', 'p.csv:2'],
  ['people below zero', `h3,population\n${latLngToCell(1, 2, 5)},-3\n`, 'p.csv:2'],
  ['people that are no number', `h3,population\n${latLngToCell(1, 2, 5)},many\n`, 'p.csv:2'],
  ['no rows', 'h3,population\n', 'no cells'],
])('%s in a people table is refused with its line', (_, csv, part) => {
  expect(() => readPeopleCsv(csv, 'p.csv')).toThrow(part);
});

test('sections come back as they were written, wherever the bytes lie', () => {
  const bytes = writeSections(
    new Map<string, Uint8Array | Float32Array>([
      ['odd', Uint8Array.of(1, 2, 3)],
      ['share', Float32Array.of(0.5, -1)],
    ]),
  );
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  for (const view of [bytes, shifted.subarray(1)]) {
    const sections = readSections(view, 'x.bin');
    expect(sections.get('odd')).toEqual(Uint8Array.of(1, 2, 3));
    expect(sections.get('share')).toEqual(Float32Array.of(0.5, -1));
  }
});

test('damaged data files are refused by name', () => {
  const bytes = writeSections(new Map([['share', new Float32Array(100)]]));
  expect(() => readSections(bytes.subarray(0, 100), 'x.bin')).toThrow('x.bin: cut short');
  expect(() => readSections(new Uint8Array(3), 'x.bin')).toThrow('x.bin: only 3 bytes');
  const other = bytes.slice();
  other[0] = 0;
  expect(() => readSections(other, 'x.bin')).toThrow('not a Beamkeeper data file');
  const later = bytes.slice();
  later[4] = 99;
  expect(() => readSections(later, 'x.bin')).toThrow('version 99');
  expect(() => readTerritories(bytes)).toThrow('no section json');
});

test('resolution 9 is refused', () => {
  expect(() => cellsFile(9)).toThrow('give 3, 4, 5');
});
