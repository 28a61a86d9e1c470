import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compare,
  PUBLISHED_RESULTS,
  type PublishedFigure,
  type PublishedResult,
  runValidation,
  skip,
} from './index.ts';

const LIGHT: PublishedFigure = {
  what: 'round trip over 149,896.229 km',
  unit: 'ms',
  published: 1000,
  tolerance: 0.01,
};

function resultOf(id: string, rows: Awaited<ReturnType<PublishedResult['rows']>>): PublishedResult {
  return { id, title: id, source: 'a test', conditions: 'none', rows: async () => rows };
}

describe('a figure', () => {
  test('passes when ours is no farther from it than the tolerance', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), off => {
        expect(compare(LIGHT, 1000 + off).isPassed).toBe(Math.abs(1000 + off - 1000) <= 0.01);
      }),
    );
  });

  test('is judged by the exact reference where the source prints it roughly', () => {
    const rough = { ...LIGHT, published: 1000, reference: 1000.3 };
    expect(compare(rough, 1000.3)).toMatchObject({ isPassed: true, difference: 0 });
    expect(compare(rough, 1000).isPassed).toBe(false);
  });

  test('with a range passes inside of it and at its ends, and says how far it is outside', () => {
    const range = { ...LIGHT, published: { atLeast: 35, atMost: 44 }, tolerance: 0 };
    for (const ours of [35, 40, 44]) {
      expect(compare(range, ours)).toMatchObject({ isPassed: true, difference: 0 });
    }
    expect(compare(range, 46)).toMatchObject({ isPassed: false, difference: 2 });
    expect(compare(range, 30)).toMatchObject({ isPassed: false, difference: -5 });
  });

  test('with a published value and a bracket passes by the bracket, and tells the difference', () => {
    const bracket = { ...LIGHT, published: 23.7, reference: { atLeast: 19.6, atMost: 37.9 } };
    const row = compare(bracket, 35);
    expect(row.isPassed).toBe(true);
    expect(row.difference).toBeCloseTo(11.3, 9);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('is not met by %d', ours => {
    expect(compare(LIGHT, ours).isPassed).toBe(false);
    const range = { ...LIGHT, published: { atMost: 44 } };
    expect(compare(range, ours).isPassed).toBe(false);
    expect(
      compare({ ...LIGHT, published: null, reference: { atLeast: 1 } }, Number.NaN),
    ).toMatchObject({ isPassed: false });
  });
});

describe('the run', () => {
  test('fails for one figure that is not met', async () => {
    const wrong = { ...LIGHT, published: 1001 };
    const results = [resultOf('A', [compare(LIGHT, 1000), compare(wrong, 1000)])];
    expect(await runValidation({ results })).toMatchObject({
      passedCount: 1,
      failedCount: 1,
      skippedCount: 0,
      isPassed: false,
    });
  });

  test('counts what could not be computed neither as met nor as not met', async () => {
    const results = [resultOf('A', [skip(LIGHT, 'data not here: x'), compare(LIGHT, 1000)])];
    const validation = await runValidation({ results });
    expect(validation).toMatchObject({ passedCount: 1, failedCount: 0, skippedCount: 1 });
    expect(validation.isPassed).toBe(true);
    expect(validation.results[0].rows[0]).toMatchObject({ ours: null, note: 'data not here: x' });
  });

  test('computes only what is asked for, in the order of the list, and reports every step', async () => {
    const results = ['A', 'B', 'C'].map(id => resultOf(id, [compare(LIGHT, 1000)]));
    const steps: number[][] = [];
    const validation = await runValidation({
      results,
      only: ['c', 'A'],
      onProgress: (done, total) => steps.push([done, total]),
    });
    expect(validation.results.map(result => result.id)).toEqual(['A', 'C']);
    expect(steps).toEqual([
      [0, 2],
      [1, 2],
      [2, 2],
    ]);
  });

  test('refuses an id that there is none of, and names the nearest', async () => {
    await expect(runValidation({ only: ['hypatia-row'] })).rejects.toMatchObject({
      code: 'VALIDATION_ID',
      isBadInput: true,
      message: expect.stringContaining('did you mean hypatia-rows?'),
    });
  });
});

test('every result of network.md §9 is listed once, with a source and conditions', () => {
  const ids = PUBLISHED_RESULTS.map(result => result.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(Array.from({ length: 17 }, (_, k) => `N${k + 1}`)));
  for (const result of PUBLISHED_RESULTS) {
    expect(result.source.length, result.id).toBeGreaterThan(10);
    expect(result.conditions.length, result.id).toBeGreaterThan(10);
  }
});
