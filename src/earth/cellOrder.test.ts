import fc from 'fast-check';
import { cellToChildren, getNumCells, getRes0Cells, latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import { cellOrder } from './cellOrder.ts';

const halvesOf = (id: string): [number, number] => [
  Number.parseInt(id.slice(0, -8), 16),
  Number.parseInt(id.slice(-8), 16),
];

test.each([0, 1, 2, 3, 4, 5])('resolution %i has as many cells as H3 says', resolution => {
  expect(cellOrder(resolution).count).toBe(getNumCells(resolution));
});

test('ordinals follow the order in which h3-js lists children, base cell by base cell', () => {
  const order = cellOrder(3);
  const listed = getRes0Cells().flatMap(base => cellToChildren(base, 3));
  const halves = new Uint32Array(2);
  listed.forEach((id, ordinal) => {
    const [high, low] = halvesOf(id);
    expect(order.ordinalOf(high, low)).toBe(ordinal);
    order.writeId(ordinal, halves, 0);
    expect([halves[1], halves[0]]).toEqual([high, low]);
  });
});

test('an id and its ordinal lead to each other at resolutions 4 and 5', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.constantFrom(4, 5),
      (lat, lon, resolution) => {
        const [high, low] = halvesOf(latLngToCell(lat, lon, resolution));
        const order = cellOrder(resolution);
        const halves = new Uint32Array(2);
        order.writeId(order.ordinalOf(high, low), halves, 0);
        expect([halves[1], halves[0]]).toEqual([high, low]);
      },
    ),
  );
});

test('an id of another resolution, or no id at all, has no ordinal', () => {
  const [high, low] = halvesOf(latLngToCell(10, 20, 4));
  expect(cellOrder(5).ordinalOf(high, low)).toBe(-1);
  expect(cellOrder(5).ordinalOf(0, 0)).toBe(-1);
  expect(cellOrder(4).ordinalOf(high, low & ~1)).toBe(-1);
});
