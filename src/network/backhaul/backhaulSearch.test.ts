import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SPEED_OF_LIGHT_KM_S } from '../../sky/index.ts';
import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from '../routing/groundLinks.ts';
import { allocateBackhaulPaths } from './backhaulPaths.ts';
import { type BackhaulRequest, createBackhaulSearch } from './backhaulSearch.ts';

const MS_PER_KM = 1000 / SPEED_OF_LIGHT_KM_S;

interface Case {
  readonly satelliteCount: number;
  /** [a, b, km] */
  readonly lasers: readonly (readonly [number, number, number])[];
  /** [gateway, satellite, km] */
  readonly landings: readonly (readonly [number, number, number])[];
  readonly permitted: readonly boolean[];
  /** [pop][gateway] */
  readonly fibreKm: readonly (readonly number[])[];
  readonly laserUse: 'without-gateway' | 'always';
}

function graphOf({ satelliteCount, lasers }: Case): LinkGraph {
  const lists: [number, number][][] = Array.from({ length: satelliteCount }, () => []);
  for (const [a, b, km] of lasers) {
    lists[a].push([b, km]);
    lists[b].push([a, km]);
  }
  const offsets = new Int32Array(satelliteCount + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = offsets[i] + list.length;
  });
  return {
    satelliteCount,
    offsets,
    neighbour: Int32Array.from(lists.flat(), ([other]) => other),
    lengthKm: Float64Array.from(lists.flat(), ([, km]) => km),
    linkCount: lasers.length,
    shortestKm: 0,
    longestKm: 0,
  } as unknown as LinkGraph;
}

function linksOf({ landings, permitted }: Case): GroundLinks {
  const sorted = [...landings].sort((a, b) => a[0] - b[0]);
  const offsets = new Int32Array(permitted.length + 1);
  for (const [g] of sorted) offsets[g + 1]++;
  for (let g = 0; g < permitted.length; g++) offsets[g + 1] += offsets[g];
  return {
    placeCount: permitted.length,
    offsets,
    satellite: Int32Array.from(sorted, ([, s]) => s),
    lengthKm: Float64Array.from(sorted, ([, , km]) => km),
    longestKm: 0,
  };
}

function requestOf(one: Case): BackhaulRequest {
  return {
    graph: graphOf(one),
    gatewayLinks: linksOf(one),
    isGatewayPermitted: Uint8Array.from(one.permitted, Number),
    fibreKm: Float64Array.from(one.fibreKm.flat()),
    fibreMsPerKm: 0.0075,
    hopMs: 0.3,
    laserUse: one.laserUse,
  };
}

/** Bellman and Ford over the edges as given: another algorithm, none of the buckets. */
function leastDelays(one: Case, pop: number): number[] {
  const delay: number[] = Array.from(
    { length: one.satelliteCount },
    () => Number.POSITIVE_INFINITY,
  );
  for (const [g, s, km] of one.landings) {
    if (one.permitted[g])
      delay[s] = Math.min(delay[s], km * MS_PER_KM + one.fibreKm[pop][g] * 0.0075);
  }
  const isFixed = delay.map(
    ms => one.laserUse === 'without-gateway' && ms < Number.POSITIVE_INFINITY,
  );
  for (let round = 0; round < one.satelliteCount; round++) {
    for (const [a, b, km] of one.lasers) {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ]) {
        if (!isFixed[to]) delay[to] = Math.min(delay[to], delay[from] + km * MS_PER_KM + 0.3);
      }
    }
  }
  return delay;
}

const km = fc.double({ min: 1, max: 5000, noNaN: true });
const cases: fc.Arbitrary<Case> = fc
  .record({
    satelliteCount: fc.integer({ min: 1, max: 24 }),
    gatewayCount: fc.integer({ min: 1, max: 5 }),
  })
  .chain(({ satelliteCount, gatewayCount }) => {
    const satellite = fc.integer({ min: 0, max: satelliteCount - 1 });
    const gateway = fc.integer({ min: 0, max: gatewayCount - 1 });
    return fc.record({
      satelliteCount: fc.constant(satelliteCount),
      lasers: fc
        .uniqueArray(fc.tuple(satellite, satellite, km), {
          selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`,
          maxLength: 60,
        })
        .map(list => list.filter(([a, b]) => a !== b)),
      landings: fc.uniqueArray(fc.tuple(gateway, satellite, km), {
        selector: ([g, s]) => `${g} ${s}`,
        maxLength: 20,
      }),
      permitted: fc.array(fc.boolean(), { minLength: gatewayCount, maxLength: gatewayCount }),
      fibreKm: fc.array(
        fc.array(
          fc.oneof(
            fc.double({ min: 0, max: 15_000, noNaN: true }),
            fc.constant(Number.POSITIVE_INFINITY),
          ),
          {
            minLength: gatewayCount,
            maxLength: gatewayCount,
          },
        ),
        { minLength: 1, maxLength: 3 },
      ),
      laserUse: fc.constantFrom('without-gateway' as const, 'always' as const),
    });
  });

test('every satellite reaches every point of presence with the least delay (Bellman–Ford), at every instant anew', () => {
  fc.assert(
    fc.property(fc.array(cases, { minLength: 1, maxLength: 3 }), list => {
      for (const one of list) {
        const { satelliteCount } = one;
        const search = createBackhaulSearch(satelliteCount);
        const paths = allocateBackhaulPaths(satelliteCount, one.fibreKm.length);
        // Twice: nothing of one instant may stay for the next.
        search.fill(requestOf({ ...one, permitted: one.permitted.map(() => true) }), paths);
        search.fill(requestOf(one), paths);
        for (let pop = 0; pop < one.fibreKm.length; pop++) {
          const expected = leastDelays(one, pop);
          for (let s = 0; s < satelliteCount; s++) {
            const at = pop * satelliteCount + s;
            if (expected[s] === Number.POSITIVE_INFINITY) {
              expect(paths.delayMs[at]).toBe(Number.POSITIVE_INFINITY);
              expect(paths.gatewayIndex[at]).toBe(-1);
              continue;
            }
            expect(paths.delayMs[at]).toBeCloseTo(expected[s], 8);
            // The lengths told are those of the path whose delay is told.
            const sum =
              (paths.laserKm[at] + paths.gatewayKm[at]) * MS_PER_KM +
              paths.laserHops[at] * 0.3 +
              paths.fibreKm[at] * 0.0075;
            expect(sum).toBeCloseTo(expected[s], 3);
            expect(one.permitted[paths.gatewayIndex[at]]).toBe(true);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a satellite that sees a gateway uses it, not a faster one over lasers, unless it is told to', () => {
  const one: Case = {
    satelliteCount: 2,
    lasers: [[0, 1, 1000]],
    landings: [
      [0, 0, 600],
      [1, 1, 600],
    ],
    permitted: [true, true],
    fibreKm: [[5000, 0]],
    laserUse: 'without-gateway',
  };
  const paths = allocateBackhaulPaths(2, 1);
  createBackhaulSearch(2).fill(requestOf(one), paths);
  expect([...paths.gatewayIndex]).toEqual([0, 1]);
  createBackhaulSearch(2).fill(requestOf({ ...one, laserUse: 'always' }), paths);
  expect([...paths.gatewayIndex]).toEqual([1, 1]);
  expect([...paths.nextSatellite]).toEqual([1, -1]);
});
