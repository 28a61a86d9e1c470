import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../../store/sharedData.ts';
import type { Sha256 } from '../../tlog/index.ts';
import type { Marking } from '../types.ts';
import {
  disclosureDigest,
  encodeDisclosure,
  readDisclosure,
  writeDisclosure,
} from './disclosure.ts';
import { type MarkedPortion, makeSeal } from './makeSeal.ts';
import { bannerOf, isCleared } from './marking.ts';
import { packPadded, paddedBytes, unpackPadded } from './paddedBlob.ts';
import { openGroup } from './sealedBlob.ts';

const sha256: Sha256 = data => createHash('sha256').update(data).digest();
const CRYPTO = { sha256, randomBytes: (count: number) => new Uint8Array(randomBytes(count)) };
const TERMS = {
  authority: 'regulator',
  reason: 'sources',
  reviewBy: '2026-06-01T00:00:00.000Z',
  recipients: ['11'.repeat(32), '22'.repeat(32)],
  second: 'person:regulator',
} as const;
const MARKINGS: readonly Marking[] = [
  { level: 1, compartments: [] },
  { level: 2, compartments: ['A'] },
  { level: 2, compartments: ['A', 'B'], releasableTo: ['AAA', 'org:x'] },
];
const portion = (name: string, marking: Marking = MARKINGS[0], value: unknown = name) => ({
  name,
  value,
  marking,
});
const sealed = (...portions: MarkedPortion[]) => makeSeal(portions, TERMS, CRYPTO);
const codeOf = (work: () => Promise<unknown>) =>
  work().then(
    () => 'opened',
    (cause: { code: string }) => cause.code,
  );

describe('a disclosure', () => {
  test('and its digest are those of RFC 9901', () => {
    const path = sharedPath('vectors/sd-jwt-rfc9901/disclosure.json');
    const vector = JSON.parse(readFileSync(path, 'utf8'));
    expect(encodeDisclosure(vector.disclosureJson)).toBe(vector.disclosure);
    expect(disclosureDigest(sha256, vector.disclosure)).toBe(vector.digest);
    const { salt, name, value } = vector;
    expect(readDisclosure(vector.disclosure)).toEqual({ salt, name, value });
    // Written anew, without the spaces, it is another text with another digest.
    expect(writeDisclosure({ salt, name, value })).not.toBe(vector.disclosure);
  });

  test.each([
    ['no base64url', 'WyJ+'],
    ['padded', 'e30='],
    ['no JSON', encodeDisclosure('[')],
    ['no list', encodeDisclosure('{}')],
    ['two items', encodeDisclosure('["salt","name"]')],
    ['a salt that is no text', encodeDisclosure('[1,"name","value"]')],
    ['not UTF-8', '_w'],
  ])('that is malformed is refused: %s', (_, text) => {
    expect(() => readDisclosure(text)).toThrow(/^disclosure: /);
  });
});

describe('a seal', () => {
  test('has sorted digests, with decoys up to a multiple of eight', async () => {
    const names = fc.uniqueArray(
      fc.string({ minLength: 1 }).map(s => `x${s.normalize('NFC')}`),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    await fc.assert(
      fc.asyncProperty(names, async all => {
        const { seal, digests } = await sealed(...all.map(name => portion(name)));
        expect(seal.sd).toHaveLength(8 * Math.ceil(all.length / 8));
        expect(new Set(seal.sd).size).toBe(seal.sd.length);
        expect([...seal.sd].sort()).toEqual(seal.sd);
        expect(seal.sd).toEqual(expect.arrayContaining([...digests.values()]));
        expect(seal.sd.every(digest => /^[A-Za-z0-9_-]{43}$/.test(digest))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('gives each marking a key of its own, which opens its portions and no others', async () => {
    const parts = [
      portion('a', MARKINGS[0]),
      portion('b', MARKINGS[1], { list: [1, 'ß'] }),
      portion('c', MARKINGS[2]),
      portion('d', { ...MARKINGS[1], compartments: ['A'] }),
    ];
    const { seal, groups } = await sealed(...parts);
    expect(seal.banner).toEqual({ ...MARKINGS[2], level: 2 });
    const opened = [];
    for (const { blob, key } of groups) opened.push(await openGroup(sha256, seal, blob, key));
    expect(opened.map(g => g.portions.map(({ name }) => name))).toEqual([['a'], ['b', 'd'], ['c']]);
    expect(opened.map(({ marking }) => marking)).toEqual(MARKINGS);
    expect(opened[1].portions[0].value).toEqual({ list: [1, 'ß'] });
    expect(new Set(groups.map(({ key }) => key.join())).size).toBe(3);
    expect(await codeOf(() => openGroup(sha256, seal, groups[0].blob, groups[1].key))).toBe(
      'SEAL_KEY',
    );
  });

  test('tells what is bad: key, length, another seal, a portion that the leaf does not know', async () => {
    const one = await sealed(portion('a'));
    const other = await sealed(portion('a'));
    const [{ blob, key, ctSha256 }] = one.groups;
    const open = (seal: typeof one.seal, bytes: Uint8Array, k: Uint8Array) =>
      codeOf(() => openGroup(sha256, seal, bytes, k));
    expect(await open(one.seal, blob, key)).toBe('opened');
    expect(await open(one.seal, blob, key.slice(1))).toBe('SEAL_KEY');
    expect(await open(one.seal, blob, other.groups[0].key)).toBe('SEAL_KEY');
    expect(await open(one.seal, blob.slice(0, -1), key)).toBe('SEAL_TRUNCATED');
    expect(await open(one.seal, new Uint8Array(), key)).toBe('SEAL_TRUNCATED');
    expect(await open(one.seal, other.groups[0].blob, other.groups[0].key)).toBe('SEAL_BLOB');
    const flipped = blob.slice();
    flipped[100] ^= 1;
    expect(await open(one.seal, flipped, key)).toBe('SEAL_BLOB');
    const stranger = { ...one.seal, sd: other.seal.sd };
    expect(await open(stranger, blob, key)).toBe('SEAL_DIGEST');
    // The same ciphertext under another id: associated data differ.
    const moved = { ...other.seal, groups: [{ marking: MARKINGS[0], ctSha256 }] };
    expect(await open(moved, blob, key)).toBe('SEAL_KEY');
  });

  test('holds portions, each under a name of its own', async () => {
    expect(await codeOf(() => sealed())).toBe('SEAL_PORTIONS');
    expect(await codeOf(() => sealed(portion('a'), portion('a')))).toBe('SEAL_PORTIONS');
  });

  test('shows a size of 4, 16, 64, 256 KiB, 1 MiB … and nothing between', async () => {
    const KIB = 1024;
    expect([1, 4 * KIB, 4 * KIB + 1, 65 * KIB, 257 * KIB].map(paddedBytes)).toEqual(
      [4, 4, 16, 256, 1024].map(kib => kib * KIB),
    );
    expect(() => paddedBytes(17 << 20)).toThrow(/above/);
    const long = await sealed(portion('a', MARKINGS[0], 'x'.repeat(9000)));
    // Nonce and tag around it: 12 and 16 bytes.
    expect(long.groups[0].blob).toHaveLength(16 * KIB + 28);
  });

  test('packs and unpacks any texts, and refuses what does not end in zeros', () => {
    const texts = fc.array(
      fc.string({ minLength: 1, unit: 'binary' }).filter(t => t.isWellFormed()),
    );
    fc.assert(
      fc.property(texts, all => {
        expect(unpackPadded(packPadded(all))).toEqual(all);
      }),
      { numRuns: 100 },
    );
    const packed = packPadded(['a']);
    packed[4000] = 1;
    expect(() => unpackPadded(packed)).toThrow(/then zeros/);
    expect(() => unpackPadded(Uint8Array.of(0, 0, 1, 0, 65))).toThrow(/then zeros/);
    expect(() => unpackPadded(Uint8Array.of(0, 0, 0, 1, 255))).toThrow(/then zeros/);
  });
});

describe('a clearance', () => {
  const clearance = {
    level: 2,
    compartments: ['A'],
    state: 'AAA',
    until: '2027-01-01T00:00:00.000Z',
    recipient: 'age1',
  };
  test.each([
    [{ level: 2, compartments: ['A'] }, true],
    [{ level: 1, compartments: [] }, true],
    [{ level: 3, compartments: [] }, false],
    [{ level: 1, compartments: ['A', 'B'] }, false],
    [{ level: 1, compartments: [], releasableTo: ['AAA'] }, true],
    [{ level: 1, compartments: [], releasableTo: ['org:own'] }, true],
    [{ level: 1, compartments: [], releasableTo: ['BBB', 'org:other'] }, false],
    [{ level: 1, compartments: [], releasableTo: [] }, false],
  ])('of level 2 in A reaches %j: %s', (marking, isReached) => {
    expect(isCleared(clearance, 'org:own', marking)).toBe(isReached);
  });

  test('never reaches a part that is above its level or in another compartment', () => {
    const compartments = fc.subarray(['A', 'B', 'C']);
    const marking = fc.record({ level: fc.integer({ min: 0, max: 3 }), compartments });
    fc.assert(
      fc.property(marking, marking, (mine, part) => {
        const isWithin =
          part.level <= mine.level && part.compartments.every(c => mine.compartments.includes(c));
        expect(isCleared({ ...clearance, ...mine }, 'org:own', part)).toBe(isWithin);
        // Who is cleared for the banner is cleared for every portion.
        if (isCleared({ ...clearance, ...mine }, 'org:own', bannerOf([part, MARKINGS[0]]))) {
          expect(isCleared({ ...clearance, ...mine }, 'org:own', part)).toBe(true);
        }
      }),
    );
  });
});
