import { expect, test } from 'vitest';
import {
  allocateGroundLinks,
  allocateLinkGraph,
  createPathSeries,
  type GroundLinks,
  type LinkGraph,
  noLasers,
} from './index.ts';

const LIGHT_KM_PER_MS = 299.792458;
/** Places 0 and 1 are nodes 10 and 11, with any others after them. */
const SATELLITES = 10;
const NOTHING: readonly (readonly [number, number])[] = [];

/** Links by hand: pairs of satellites, and of place and satellite. */
function linksOf(
  lasers: readonly (readonly [number, number])[],
  radio: readonly (readonly [number, number])[],
  placeCount = 2,
): [LinkGraph, GroundLinks] {
  const graph = allocateLinkGraph(noLasers(SATELLITES));
  const both = lasers.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
  const neighbours = Array.from({ length: SATELLITES }, (_, s) =>
    both.filter(([a]) => a === s).map(([, b]) => b),
  );
  const ground = allocateGroundLinks(placeCount);
  const seen = Array.from({ length: placeCount }, (_, place) =>
    radio.filter(([p]) => p === place).map(([, s]) => s),
  );
  for (const [offsets, rows] of [
    [graph.offsets, neighbours],
    [ground.offsets, seen],
  ] as const) {
    rows.forEach((row, i) => {
      offsets[i + 1] = offsets[i] + row.length;
    });
  }
  ground.satellite.set(seen.flat());
  return [{ ...graph, neighbour: Int32Array.from(neighbours.flat()) }, ground];
}

test('changes to and from "no route" count, the first entry does not; RTT is over steps with a route', () => {
  const series = createPathSeries();
  const links = linksOf(NOTHING, [
    [0, 1],
    [1, 1],
    [0, 2],
    [1, 2],
  ]);
  const steps: [number[], number][] = [
    [[10, 1, 11], 10],
    [[10, 1, 11], 20],
    [[], Number.POSITIVE_INFINITY],
    [[], Number.POSITIVE_INFINITY],
    [[10, 1, 11], 30],
    [[10, 2, 11], 60],
  ];
  steps.forEach(([path, rttMs], atS) => {
    // A buffer longer than the path, as a caller has it.
    const nodes = Int32Array.of(...path, 99, 99);
    series.add(atS, nodes, path.length, (rttMs / 2) * LIGHT_KM_PER_MS, ...links);
  });
  const summary = series.finish();
  expect(summary.stepCount).toBe(6);
  expect(summary.reachableCount).toBe(4);
  expect(summary.pathChanges).toBe(3);
  expect(summary.entries.map(entry => entry.atS)).toEqual([0, 2, 4, 5]);
  expect(summary.entries[1].nodes).toEqual([]);
  expect(summary.entries.map(entry => entry.reason)).toEqual([
    null,
    'unreachable',
    'reachable again',
    'better path',
  ]);
  expect(summary.rttMs?.min).toBeCloseTo(10, 9);
  expect(summary.rttMs?.median).toBeCloseTo(25, 9);
  expect(summary.rttMs?.max).toBeCloseTo(60, 9);
  expect(summary.rttMs?.mean).toBeCloseTo(30, 9);
});

test('a pair that never has a route has no RTT and no change', () => {
  const series = createPathSeries();
  const links = linksOf(NOTHING, NOTHING);
  for (let atS = 0; atS < 3; atS++) {
    series.add(atS, new Int32Array(0), 0, Number.POSITIVE_INFINITY, ...links);
  }
  expect(series.finish()).toMatchObject({ rttMs: null, reachableCount: 0, pathChanges: 0 });
});

const OLD_LASERS = [
  [1, 2],
  [2, 3],
] as const;
const OLD_RADIO = [
  [0, 1],
  [1, 3],
] as const;
const NEW_LASERS = [[4, 5]] as const;
const NEW_RADIO = [
  [0, 4],
  [1, 5],
] as const;

test.each([
  ['handover', 'its first satellite left the sight of the place', OLD_LASERS, [[1, 3]]],
  ['handover', 'its last satellite left the sight of the place', OLD_LASERS, [[0, 1]]],
  ['handover', 'a satellite out of sight comes before a lost laser', [[2, 3]], [[1, 3]]],
  ['link lost', 'a laser is gone', [[1, 2]], OLD_RADIO],
  ['better path', 'all of it still stands', OLD_LASERS, OLD_RADIO],
] as const)('a route changes by %s when %s', (reason, _, lasers, radio) => {
  const series = createPathSeries();
  series.add(0, Int32Array.of(10, 1, 2, 3, 11), 5, 1, ...linksOf(OLD_LASERS, OLD_RADIO));
  series.add(
    1,
    Int32Array.of(10, 4, 5, 11),
    4,
    1,
    ...linksOf([...lasers, ...NEW_LASERS], [...radio, ...NEW_RADIO]),
  );
  const { entries, changesByReason } = series.finish();
  expect(entries[1].reason).toBe(reason);
  expect(changesByReason[reason]).toBe(1);
  expect(Object.values(changesByReason).reduce((a, b) => a + b)).toBe(1);
});

test('fibre between two places of a route is always there', () => {
  const series = createPathSeries();
  const links = linksOf(
    NOTHING,
    [
      [0, 1],
      [2, 1],
      [1, 2],
      [0, 2],
    ],
    3,
  );
  series.add(0, Int32Array.of(10, 1, 12, 11), 4, 1, ...links);
  series.add(1, Int32Array.of(10, 2, 11), 3, 1, ...links);
  expect(series.finish().entries[1].reason).toBe('better path');
});
