import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEntryBundle, encodeEntryBundle } from './entryBundle.ts';
import { parseTilePath, partialTiles, tilePath, tileWidth } from './tilePath.ts';

// Cases and figures from C2SP tlog-tiles.

test('index 1234067 is x001/x234/067', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
  expect(tilePath({ level: 'entries', index: 0, width: 7 })).toBe('tile/entries/000.p/7');
});

test('a tree of 70,000: 273 full and 112 at level 0, one full and 17 at level 1, one at level 2', () => {
  expect(partialTiles(70_000)).toEqual([
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ]);
  expect(tileWidth(0, 272, 70_000)).toBe(256);
  expect(tileWidth(0, 274, 70_000)).toBeLessThanOrEqual(0);
});

test('a tree of 256 has a full tile at level 0 and one hash at level 1', () => {
  expect(partialTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
});

test('a path is read back as the same tile', () => {
  const tiles = fc.record({
    level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)),
    index: fc.nat(2 ** 40),
    width: fc.integer({ min: 1, max: 256 }),
  });
  fc.assert(
    fc.property(tiles, tile => {
      expect(parseTilePath(tilePath(tile))).toEqual(tile);
    }),
  );
});

test.each([
  'tile/00/000',
  'tile/64/000',
  'tile/-1/000',
  'tile/0/00',
  'tile/0/0000',
  'tile/0/x000/001',
  'tile/0/001/002',
  'tile/0/x001',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  'tile/0/000.p/',
  'tile/0/../000',
  '/tile/0/000',
  'tile/0/000\n',
  'tile/entries/../../private/orders/lock',
  'tile/0/x999/x999/x999/x999/x999/x999/999',
])('%j is not the path of a tile', path => {
  expect(() => parseTilePath(path)).toThrow(/not the path of a tile/);
});

test('a bundle gives its entries back, and is refused when cut or followed by more', () => {
  const lists = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lists, entries => {
      const bundle = encodeEntryBundle(entries);
      expect(decodeEntryBundle(bundle, entries.length).map(e => [...e])).toEqual(
        entries.map(e => [...e]),
      );
      expect(() => decodeEntryBundle(bundle.subarray(0, -1), entries.length)).toThrow(
        /ends within/,
      );
      const longer = new Uint8Array([...bundle, 0, 0]);
      expect(() => decodeEntryBundle(longer, entries.length)).toThrow(/2 bytes after/);
    }),
  );
});

test('an entry of 65,535 bytes fits, one of 65,536 does not', () => {
  const entry = new Uint8Array(65_535).fill(9);
  expect(decodeEntryBundle(encodeEntryBundle([entry]), 1)[0]).toEqual(entry);
  expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(/at most 65535/);
});
