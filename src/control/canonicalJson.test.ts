import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, parseEntry } from './canonicalJson.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const ENTRY =
  '{"actor":"person:a","body":{"n":1},"prev":null,"seq":0,"subject":"s",' +
  '"time":"2026-01-01T00:00:00.000Z","type":"genesis/v1","v":1}';

test('keys are sorted as in the example of RFC 8785 §3.2.3', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '1': 'One',
    '\u0080': 'Control\u007f',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  expect(canonicalJson(value)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control\u007f","\u00f6":"Latin Small Letter O With Diaeresis",' +
      '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face"}',
  );
});

test('strings are escaped as RFC 8785 §3.2.2.2 says', () => {
  expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe(
    '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
  );
});

test('an entry in canonical bytes is read', () => {
  expect(parseEntry(bytes(ENTRY))).toMatchObject({ seq: 0, type: 'genesis/v1', body: { n: 1 } });
});

describe('an entry is refused, with the field named', () => {
  test.each([
    ['a space', ENTRY.replace('"n":1', '"n": 1'), /"body\.n"/],
    ['keys out of order', '{"v":1,"type":"x"}', /not canonical/],
    ['a key given twice', ENTRY.replace('"n":1', '"n":1,"n":1'), /not canonical/],
    ['a fraction', ENTRY.replace('"n":1', '"n":1.5'), /"body\.n": 1\.5 is not an integer/],
    ['a fraction of zero', ENTRY.replace('"n":1', '"n":1.0'), /"body\.n": not canonical/],
    ['minus zero', ENTRY.replace('"n":1', '"n":-0'), /"body\.n": not canonical/],
    ['2^53', ENTRY.replace('"n":1', '"n":9007199254740992'), /"body\.n".*2\^53/],
    ['a needless escape', ENTRY.replace('"s"', '"\\u0073"'), /"subject"/],
    ['an unpaired surrogate', ENTRY.replace('"s"', '"\\ud800"'), /"subject": an unpaired/],
    ['not NFC', ENTRY.replace('"s"', '"e\u0301"'), /"subject": not in Unicode normal form/],
    ['a byte order mark', `\ufeff${ENTRY}`, /not JSON in UTF-8/],
    ['nesting without end', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, /nested deeper/],
    ['no time', ENTRY.replace('"time":"2026-01-01T00:00:00.000Z",', ''), /"time"/],
    ['a time without milliseconds', ENTRY.replace('00.000Z', '00Z'), /"time"/],
    ['the 30th of February', ENTRY.replace('01-01T', '02-30T'), /"time"/],
    ['prev not before seq', ENTRY.replace('"prev":null', '"prev":0'), /"prev"/],
    ['another version', ENTRY.replace('"v":1', '"v":2'), /"v"/],
    ['an unknown field', ENTRY.replace('"v":1', '"v":1,"x":1'), /"x"/],
    ['65,536 bytes', ENTRY.replace('"s"', `"${'s'.repeat(65_536 - ENTRY.length + 1)}"`), /65536/],
  ])('%s', (_, text, message) => {
    expect(() => parseEntry(bytes(text))).toThrow(message);
  });

  test('bytes that are not UTF-8', () => {
    expect(() => parseEntry(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(/not JSON in UTF-8/);
  });
});

test('an entry of 65,535 bytes is the largest that is read', () => {
  const text = ENTRY.replace('"s"', `"${'s'.repeat(65_535 - ENTRY.length + 1)}"`);
  expect(bytes(text).length).toBe(65_535);
  expect(parseEntry(bytes(text)).seq).toBe(0);
});

test('the canonical spelling means the same, and is its own canonical spelling', () => {
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.maxSafeInteger().map(n => n + 0),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'grapheme' }).map(s => s.normalize('NFC')),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ unit: 'grapheme' }).map(s => s.normalize('NFC')),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  }));
  fc.assert(
    fc.property(value, v => {
      const text = canonicalJson(v);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(v)));
    }),
  );
});
