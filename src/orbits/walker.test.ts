import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BeamkeeperError } from './error.ts';
import { parseInstant } from './instant.ts';
import { constellationCode, designElementSets, meanMotionOf, parseDesign } from './walker.ts';

const EPOCH = parseInstant('2026-08-22T12:00:00Z');

function refusal(text: string): string {
  try {
    parseDesign(text);
  } catch (error) {
    expect((error as BeamkeeperError).code).toBe('DESIGN');
    return (error as BeamkeeperError).message;
  }
  throw new Error(`${text} was accepted`);
}

test('the examples of the draft print as they stand', () => {
  // draft-piraux-space-constellation-code, table of examples.
  for (const code of [
    'S:780:86.4:66/6/1',
    'S:1200:87.9:672/12/11',
    'D:550:53:1584/72/39',
    'D:20180:55:24/6/1',
    'D:550:53.0:1584/22/17',
    'S:780:86.4:66/6/1+D:550:53:1584/72/39:12.50',
  ]) {
    expect(constellationCode(parseDesign(code))).toBe(code);
  }
});

test('the short form reads as the code', () => {
  expect(constellationCode(parseDesign('53:1584/72/39@550'))).toBe('D:550:53:1584/72/39');
  expect(constellationCode(parseDesign(' S:86.4:66/6/1@780 + 55:24/6/1@20180'))).toBe(
    'S:780:86.4:66/6/1+D:20180:55:24/6/1',
  );
});

const digits = (low: number, high: number) =>
  fc
    .tuple(fc.integer({ min: low, max: high }), fc.option(fc.stringMatching(/^[0-9]{1,6}$/)))
    .map(([whole, decimals]) => (decimals === null ? `${whole}` : `${whole}.${decimals}`));

const shellCode = fc
  .tuple(
    fc.constantFrom('D', 'S'),
    digits(100, 49_999),
    digits(0, 179),
    fc.integer({ min: 1, max: 120 }),
    fc.integer({ min: 1, max: 60 }),
    fc.nat(),
    fc.option(digits(0, 359)),
  )
  .map(([letter, altitude, inclination, planes, slots, f, anomaly]) => {
    const end = anomaly === null ? '' : `:${anomaly}`;
    return `${letter}:${altitude}:${inclination}:${planes * slots}/${planes}/${f % planes}${end}`;
  });

test('any code is printed as it was read', () => {
  fc.assert(
    fc.property(fc.array(shellCode, { minLength: 1, maxLength: 4 }), codes => {
      const text = codes.join('+');
      expect(constellationCode(parseDesign(text))).toBe(text);
    }),
    { seed: 1 },
  );
});

test('any shell reads back from its code, changed or not', () => {
  fc.assert(
    fc.property(shellCode, fc.double({ min: 0, max: 180, noNaN: true }), (code, inclinationDeg) => {
      const [{ code: _, ...plain }] = parseDesign(code);
      const changed = { ...parseDesign(code)[0], inclinationDeg };
      const [again] = parseDesign(constellationCode([plain]));
      expect({ ...again, code: undefined }).toEqual({ ...plain, code: undefined });
      const [back] = parseDesign(constellationCode([changed]));
      expect(Math.abs(back.inclinationDeg - inclinationDeg)).toBeLessThan(
        1e-20 + 1e-15 * inclinationDeg,
      );
    }),
    { seed: 2 },
  );
});

/** The smaller angle between two directions, degrees. */
function apartDeg(a: number, b: number): number {
  const d = (((a - b) % 360) + 360) % 360;
  return Math.min(d, 360 - d);
}

test('going once round, plane P is plane 0 with the slots shifted by F', () => {
  fc.assert(
    fc.property(shellCode, code => {
      const [shell] = parseDesign(code);
      const { satelliteCount: t, planeCount: p, phasing: f } = shell;
      const s = t / p;
      const sets = designElementSets([shell], { epoch: EPOCH });
      expect(sets.length).toBe(t);
      for (let k = 0; k < p; k++) {
        for (let j = 0; j < s; j++) {
          const here = sets[k * s + j];
          const next = k < p - 1 ? sets[(k + 1) * s + j] : sets[(j + f) % s];
          expect(apartDeg(next.meanAnomalyDeg, here.meanAnomalyDeg + (360 * f) / t)).toBeLessThan(
            1e-9,
          );
          const ahead = sets[k * s + ((j + 1) % s)];
          expect(apartDeg(ahead.meanAnomalyDeg, here.meanAnomalyDeg + 360 / s)).toBeLessThan(1e-9);
          expect(ahead.raanDeg).toBe(here.raanDeg);
        }
      }
    }),
    { seed: 3, numRuns: 50 },
  );
});

test('GPS: six planes 60° apart, four slots 90° apart, neighbours 15° ahead', () => {
  const sets = designElementSets(parseDesign('D:20180:55:24/6/1'), { epoch: EPOCH });
  expect(sets.slice(0, 8).map(set => [set.raanDeg, set.meanAnomalyDeg])).toEqual([
    [0, 0],
    [0, 90],
    [0, 180],
    [0, 270],
    [60, 15],
    [60, 105],
    [60, 195],
    [60, 285],
  ]);
});

test('Iridium: six planes spread over half a circle', () => {
  const sets = designElementSets(parseDesign('S:780:86.4:66/6/1'), { epoch: EPOCH });
  expect([...new Set(sets.map(set => set.raanDeg))]).toEqual([0, 30, 60, 90, 120, 150]);
});

test('periods of circular orbits', () => {
  // orbits.md §6, minutes; Hypatia gives 14.80 rev/day for 630 km.
  for (const [altitudeKm, minutes] of [
    [465, 93.9],
    [550, 95.65],
    [572, 96.11],
    [1200, 109.42],
  ]) {
    expect(1440 / meanMotionOf(altitudeKm)).toBeCloseTo(minutes, 1);
  }
  expect(meanMotionOf(630).toFixed(2)).toBe('14.80');
});

test.each([
  ['starlink', 'write it like'],
  ['', 'write it like'],
  ['53:1584/72/39', 'write it like'],
  ['D:550:53:1584/72/39:-5', 'write it like'],
  ['D:5.5e2:53:1584/72/39', 'write it like'],
  ['53:1584/72/39@550+', 'write it like'],
  ['53:1583/72/39@550', '1583 satellites do not divide into 72 planes'],
  ['53:1584/72/72@550', 'phasing F = 72 must be below P = 72'],
  ['53:0/1/0@550', '1 or more'],
  ['53:1/0/0@550', '1 or more'],
  ['181:66/6/1@780', 'inclination 181° is above 180°'],
  ['D:550:53:1584/72/39:361', 'mean anomaly 361° is above 360°'],
  ['53:66/6/1@90', 'altitude 90 km is outside'],
  ['53:900000/6/1@550', 'more than 200000'],
  ['53:150000/6/1@550+53:150000/6/1@560', 'no more than 200000'],
])('the design "%s" is refused', (text, why) => {
  expect(refusal(text)).toContain(why);
});

test('a very long design is refused in a short line', () => {
  expect(refusal('x'.repeat(1_000_000)).length).toBeLessThan(300);
});
