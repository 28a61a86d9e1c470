import fc from 'fast-check';
import { getRes0Cells } from 'h3-js';
import { expect, test } from 'vitest';
import { type CellParts, type CellTable, NO_TERRITORY } from './cellTable.ts';
import { cellsByEdge, outsideTerritoryOf } from './membership.ts';
import { membershipOf } from './membershipOf.ts';
import type { Territory } from './territories.ts';

// A made-up Earth at resolution 0. Parts: 0 = A, 1 = B, 2 = the disputed corner of A.
const parts: CellParts = {
  resolution: 0,
  centrePart: Uint16Array.from({ length: 122 }, (_, cell) =>
    cell < 10 ? 0 : cell < 20 ? 1 : NO_TERRITORY,
  ),
  landShare: new Uint8Array(122).fill(255),
  // Cell 9 straddles A and B, cell 10 A's corner and B, cell 20 is high seas with B's waters.
  mixedOrdinal: Uint32Array.of(9, 10, 20),
  mixedStart: Uint32Array.of(0, 2, 4, 5),
  mixedPart: Uint16Array.of(0, 1, 1, 2, 1),
  mixedShare: Float32Array.of(0.75, 0.25, 0.6, 0.4, 1),
  partTerritory: Uint16Array.of(0, 1, 0),
};
const cells = tableOf([...Array(122).keys()]);
const a = territory('AAA', [0, 2]);
const b = territory('BBB', [1]);
const corner = territory('CORNER', [2]);

function tableOf(ordinals: readonly number[]): CellTable {
  const ids = getRes0Cells().sort();
  const count = ordinals.length;
  return {
    resolution: 0,
    count,
    h3: BigUint64Array.from(ordinals, ordinal => BigInt(`0x${ids[ordinal]}`)),
    latRad: new Float64Array(count),
    lonRad: new Float64Array(count),
    peopleCount: new Float32Array(count).fill(100),
    territoryIndex: new Uint16Array(count),
    isWater: new Uint8Array(count),
    isBorder: new Uint8Array(count),
    peopleSource: 'none',
    parts,
  };
}

function territory(id: string, own: readonly number[]): Territory {
  return {
    kind: 'territory',
    id,
    iso2: '',
    numeric: '',
    name: id,
    aliases: [],
    bboxDeg: [0, 0, 1, 1],
    centreDeg: { latDeg: 0, lonDeg: 0 },
    parts: own,
    view: 'de-facto',
  };
}

test('strict takes cells wholly inside, centre those with their centre inside, covering all touched', () => {
  const inB = membershipOf(b, cells);
  expect([...cellsByEdge(inB, 'strict')]).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect([...cellsByEdge(inB, 'centre')]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  expect([...cellsByEdge(inB, 'covering')]).toEqual([
    9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
  ]);
});

test('shares of the people of a border cell add up to one over the territories in it', () => {
  const sums = new Float64Array(122);
  for (const place of [a, b]) {
    const membership = membershipOf(place, cells);
    membership.cellIndex.forEach((cell, i) => {
      sums[cell] += membership.insideShare[i];
    });
  }
  expect([...sums.subarray(0, 21)].map(sum => Number(sum.toFixed(6)))).toEqual(Array(21).fill(1));
});

test('a disputed area can be named on its own', () => {
  const membership = membershipOf(corner, cells);
  expect([...membership.cellIndex]).toEqual([10]);
  expect(membership.insideShare[0]).toBeCloseTo(0.4, 6);
});

test('people outside are laid to the neighbour across the border', () => {
  const outside = outsideTerritoryOf(cells, [b]);
  expect([outside[8], outside[9], outside[10], outside[11], outside[20], outside[30]]).toEqual([
    0,
    0,
    0,
    NO_TERRITORY,
    NO_TERRITORY,
    NO_TERRITORY,
  ]);
});

test('a subset of the cells keeps every answer', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(121), { minLength: 1 }), chosen => {
      const ordinals = [...chosen].sort((x, y) => x - y);
      const subset = tableOf(ordinals);
      const whole = membershipOf(a, cells);
      const part = membershipOf(a, subset);
      const expected = [...whole.cellIndex].filter(cell => ordinals.includes(cell));
      expect([...part.cellIndex].map(cell => ordinals[cell])).toEqual(expected);
    }),
  );
});

test('a table without territories is refused by name', () => {
  const { parts: _, ...bare } = cells;
  expect(() => membershipOf(a, bare)).toThrow('without territories');
});
