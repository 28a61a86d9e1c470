import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  COLOURS,
  DEFAULT_URL,
  EDGES,
  formatUrl,
  type PageUrl,
  parseUrl,
  parseUtc,
  SCREENS,
  SPEEDS,
} from './url.ts';

const split = (link: string): [path: string, search: string] => {
  const at = link.indexOf('?');
  return at < 0 ? [link, ''] : [link.slice(0, at), link.slice(at)];
};
const hundredths = (min: number, max: number) =>
  fc.integer({ min: min * 100, max: max * 100 }).map(value => value / 100);
const ids = fc.uniqueArray(fc.stringMatching(/^[A-Z]{3}$/), { maxLength: 4 });
const place = fc.record({ latDeg: hundredths(-90, 90), lonDeg: hundredths(-180, 180) });
const word = fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/);
const KNOWN =
  'off edge nogw lasers out t speed view color sel a b from to base seed run entry'.split(' ');

const anyUrl: fc.Arbitrary<PageUrl> = fc.record({
  screen: fc.constantFrom(...SCREENS),
  id: fc.option(
    fc.string({ minLength: 1, maxLength: 12 }).filter(id => /\S/.test(id) && !/^\.+$/.test(id)),
  ),
  off: ids,
  edge: fc.constantFrom(...EDGES),
  gateways: ids,
  hasLasers: fc.boolean(),
  out: fc.uniqueArray(fc.constantFrom('fleet:v1.5', 'fleet:v2-mini', 'sat:44713', 'sat:5')),
  t: fc.option(
    fc.oneof(
      fc.constant('live' as const),
      fc.integer({ min: 0, max: 4e9 }).map(seconds => seconds * 1000),
    ),
  ),
  speed: fc.constantFrom(...SPEEDS),
  view: fc.record({
    kind: fc.constantFrom('globe' as const, 'flat' as const),
    latDeg: hundredths(-90, 90),
    lonDeg: hundredths(-180, 180),
    distance: hundredths(1.05, 9),
  }),
  color: fc.constantFrom(...COLOURS),
  sel: fc.uniqueArray(
    fc.constantFrom('terr:TWN', 'sat:5', 'gw:Boca Chica TX', 'cell:83', 'order:o1'),
  ),
  a: fc.option(word),
  b: fc.option(word),
  from: fc.option(place),
  to: fc.option(place),
  base: fc.option(word),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  run: fc.option(word),
  entry: fc.option(fc.nat()),
  other: fc.array(
    fc.tuple(
      fc.stringMatching(/^[a-z]{2,9}$/).filter(key => !KNOWN.includes(key)),
      fc.string({ maxLength: 10 }),
    ),
    { maxLength: 3 },
  ),
});

test('any state of the page comes back from its own link', () => {
  fc.assert(
    fc.property(anyUrl, url => {
      const { url: back, notes } = parseUrl(...split(formatUrl(url)));
      expect(notes).toEqual([]);
      expect(back).toEqual(url);
    }),
    { numRuns: 500 },
  );
});

test('no text makes the page fail, and what is parsed has one link', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
      const { url } = parseUrl(path, `?${query}`);
      const link = formatUrl(url);
      expect(formatUrl(parseUrl(...split(link)).url)).toBe(link);
    }),
    { numRuns: 500 },
  );
});

test('defaults are left out, so that equal states have equal links', () => {
  expect(formatUrl(DEFAULT_URL)).toBe('/what-if');
  expect(formatUrl({ ...DEFAULT_URL, off: ['TWN'], speed: 0 })).toBe('/what-if?off=TWN&speed=0');
});

test('a part that makes no sense is named and its default used', () => {
  const { url, notes } = parseUrl('/what-if', '?view=globe,abc&off=TWN&t=yesterday');
  expect(notes).toEqual([
    '`view=globe,abc` not understood, default used',
    '`t=yesterday` not understood, default used',
  ]);
  expect(url).toEqual({ ...DEFAULT_URL, off: ['TWN'] });
});

test('a key of another version is kept and passed on', () => {
  expect(formatUrl(parseUrl('/routing', '?valueOf').url)).toBe('/routing?valueOf=');
  expect(formatUrl(parseUrl('/routing', '?novel=1&a=x').url)).toBe('/routing?a=x&novel=1');
});

test('an instant is taken as people paste it, and only if there is such a day', () => {
  expect(parseUtc('2026-08-22 14:07:20 UTC')).toBe(Date.UTC(2026, 7, 22, 14, 7, 20));
  expect(parseUtc('2026-08-22T14:07Z')).toBe(Date.UTC(2026, 7, 22, 14, 7));
  expect(parseUtc('2026-02-31T00:00Z')).toBeNull();
  expect(parseUtc('soon')).toBeNull();
});
