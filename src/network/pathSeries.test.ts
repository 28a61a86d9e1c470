import { expect, test } from 'vitest';
import { createPathSeries } from './index.ts';

const LIGHT_KM_PER_MS = 299.792458;

test('changes to and from "no route" count, the first entry does not; RTT is over steps with a route', () => {
  const series = createPathSeries();
  const steps: [number[], number][] = [
    [[8, 1, 9], 10],
    [[8, 1, 9], 20],
    [[], Number.POSITIVE_INFINITY],
    [[], Number.POSITIVE_INFINITY],
    [[8, 1, 9], 30],
    [[8, 2, 9], 60],
  ];
  steps.forEach(([path, rttMs], atS) => {
    // A buffer longer than the path, as a caller has it.
    const nodes = Int32Array.of(...path, 99, 99);
    series.add(atS, nodes, path.length, (rttMs / 2) * LIGHT_KM_PER_MS);
  });
  const summary = series.finish();
  expect(summary.stepCount).toBe(6);
  expect(summary.reachableCount).toBe(4);
  expect(summary.pathChanges).toBe(3);
  expect(summary.entries.map(entry => entry.atS)).toEqual([0, 2, 4, 5]);
  expect(summary.entries[1].nodes).toEqual([]);
  expect(summary.rttMs?.min).toBeCloseTo(10, 9);
  expect(summary.rttMs?.median).toBeCloseTo(25, 9);
  expect(summary.rttMs?.max).toBeCloseTo(60, 9);
  expect(summary.rttMs?.mean).toBeCloseTo(30, 9);
});

test('a pair that never has a route has no RTT and no change', () => {
  const series = createPathSeries();
  for (let atS = 0; atS < 3; atS++) series.add(atS, new Int32Array(0), 0, Number.POSITIVE_INFINITY);
  expect(series.finish()).toMatchObject({ rttMs: null, reachableCount: 0, pathChanges: 0 });
});
