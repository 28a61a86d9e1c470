import fc from 'fast-check';
import {
  cellToChildren,
  getPentagons,
  getRes0Cells,
  gridDisk,
  latLngToCell,
  uncompactCells,
} from 'h3-js';
import { describe, expect, test } from 'vitest';
import { territoryRecord } from '../runs/territoryRecord.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { cellList, cellsOf, packCells } from './cellList.ts';
import { outlineDigest, territoryFault } from './scopeCells.ts';

const place = fc.tuple(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.integer({ min: 0, max: 5 }),
);

describe('a packed list of cells', () => {
  test('says the same cells, in ascending order', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 300 }), places => {
        const cells = [...new Set(places.map(([lat, lon, res]) => latLngToCell(lat, lon, res)))];
        expect(cellsOf(packCells(cells))).toEqual([...cells].sort());
      }),
      { numRuns: 500 },
    );
  });

  test('holds every base cell, every pentagon, and every cell of a whole base cell', () => {
    const all = [
      getRes0Cells(),
      ...[0, 1, 2, 3, 4, 5].map(getPentagons),
      cellToChildren(getRes0Cells()[4], 5),
      cellToChildren(getRes0Cells()[121], 5),
    ];
    for (const cells of all) {
      expect(cellsOf(packCells(cells))).toEqual([...cells].sort());
    }
  });

  test('has the bytes that its description gives', () => {
    // Resolution 0: base cells 0 and 2, so none and one between. Resolution 1: the centre children of
    // base cells 1 and 2, numbers 7 and 14. Of the finer resolutions none.
    const cells = ['8001fffffffffff', '8005fffffffffff', '81023ffffffffff', '81043ffffffffff'];
    const written = Buffer.from([2, 0, 1, 2, 7, 6, 0, 0, 0, 0]).toString('base64url');
    expect(packCells(cells)).toBe(`h3d1.${written}`);
  });

  test.each([
    ['what is not packed', 'h3d1.', /not a packed list/],
    ['another alphabet', 'h3d1.AAAA+A', /not a packed list/],
    ['stray bits', 'h3d1.AAAAAAB', /base64/],
    ['an early end', `h3d1.${Buffer.from([2, 0]).toString('base64url')}`, /ends early/],
    [
      'more bytes than it says',
      `h3d1.${Buffer.from([0, 0, 0, 0, 0, 0, 0]).toString('base64url')}`,
      /not as it is/,
    ],
    [
      'a number longer than it must be',
      `h3d1.${Buffer.from([129, 0, 0, 0, 0, 0, 0, 0]).toString('base64url')}`,
      /not as it is/,
    ],
    [
      'a base cell that there is not',
      `h3d1.${Buffer.from([1, 122, 0, 0, 0, 0, 0]).toString('base64url')}`,
      /there is not/,
    ],
    // Pentagons have no first child but the centre: base cell 4, digit 1.
    [
      'a cell that a pentagon has not',
      `h3d1.${Buffer.from([0, 1, 29, 0, 0, 0, 0]).toString('base64url')}`,
      /not a cell/,
    ],
    [
      'a count that never comes',
      `h3d1.${Buffer.from([255, 255, 255, 255, 255, 255, 1]).toString('base64url')}`,
      /ends early/,
    ],
  ])('is refused: %s', (_, text, why) => {
    expect(() => cellsOf(text)).toThrow(why);
  });

  test('is refused with a cell finer than 5, or a cell twice', () => {
    const cell = latLngToCell(1, 2, 5);
    expect(() => packCells([latLngToCell(1, 2, 6)])).toThrow(/not a cell of resolution 5/);
    expect(() => packCells([cell, cell])).toThrow(/twice/);
  });

  test('is used where a list is long', () => {
    expect(cellList(gridDisk(latLngToCell(1, 2, 5), 2))).toHaveLength(19);
    expect(cellList(gridDisk(latLngToCell(1, 2, 5), 20))).toMatch(/^h3d1\./);
  });
});

describe('the largest outlines', () => {
  test.each(['RUS', 'CAN', 'USA', 'BRA', 'CHN', 'IDN', 'AUS', 'IND', 'ATA'])(
    '%s fits into an entry',
    code => {
      const record = territoryRecord(code);
      expect(JSON.stringify(record).length).toBeLessThan(20_000);
      expect(territoryFault(record, nodeSha256)).toBeUndefined();
      const plain = {
        cellsCompact: cellsOf(record.cellsCompact),
        borderBand: cellsOf(record.borderBand),
      };
      expect(outlineDigest(plain, nodeSha256)).toBe(record.sha256);
      expect(uncompactCells([...plain.cellsCompact], 5).length).toBeGreaterThan(10_000);
    },
  );

  test('an outline that is not the one of its hash is refused', () => {
    const record = territoryRecord('FJI');
    const [, ...rest] = cellsOf(record.cellsCompact);
    expect(territoryFault({ ...record, cellsCompact: rest }, nodeSha256)).toMatch(
      /has the SHA-256/,
    );
  });
});
