/**
 * Weighted max-min fair shares (network.md §8): worked examples of the literature, a linear-programming
 * oracle on small instances, and what defines the allocation as properties of random ones.
 *
 * The oracle is HiGHS (compiled to WebAssembly): max-min fairness as a sequence of linear programs (raise
 * the lowest level; freeze those that cannot rise alone; repeat) shares neither code nor idea with
 * progressive filling.
 */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  certifyFairShare,
  certifyFairShareOverPaths,
  DEMAND_MET,
  type FlowProblem,
  type MultipathProblem,
  maxMinFair,
  maxMinFairOverPaths,
} from '../src/network/fairShare/index.ts';

interface Flow {
  readonly path: readonly number[];
  readonly demandMbps: number;
  readonly weight: number;
}

const ALL = Number.POSITIVE_INFINITY;
// Its types are those of a CommonJS module, its ES module is none of them.
const loadHighs = createRequire(import.meta.url)('highs') as typeof import('highs').default;
const highs = await loadHighs();

function problemOf(capacityMbps: readonly number[], flows: readonly Flow[]): FlowProblem {
  return {
    offsets: Int32Array.from(runningSum(flows.map(flow => flow.path.length))),
    links: Int32Array.from(flows.flatMap(flow => flow.path)),
    capacityMbps: Float64Array.from(capacityMbps),
    demandMbps: Float64Array.from(flows, flow => flow.demandMbps),
    weight: Float64Array.from(flows, flow => flow.weight),
  };
}

interface SplitFlow {
  readonly paths: readonly (readonly number[])[];
  readonly demandMbps: number;
  readonly weight: number;
}

function multipathProblemOf(
  capacityMbps: readonly number[],
  flows: readonly SplitFlow[],
): MultipathProblem {
  const paths = flows.flatMap(flow => flow.paths);
  return {
    pathOffsets: Int32Array.from(runningSum(flows.map(flow => flow.paths.length))),
    linkOffsets: Int32Array.from(runningSum(paths.map(path => path.length))),
    links: Int32Array.from(paths.flat()),
    capacityMbps: Float64Array.from(capacityMbps),
    demandMbps: Float64Array.from(flows, flow => flow.demandMbps),
    weight: Float64Array.from(flows, flow => flow.weight),
  };
}

function runningSum(counts: readonly number[]): number[] {
  const sums = [0];
  for (const count of counts) sums.push(sums[sums.length - 1] + count);
  return sums;
}

function greedy(...path: number[]): Flow {
  return { path, demandMbps: ALL, weight: 1 };
}

function expectClose(ours: Iterable<number>, expected: readonly number[], relative: number): void {
  const rates = [...ours];
  expect(rates).toHaveLength(expected.length);
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs(rates[k] - expected[k])).toBeLessThanOrEqual(
      relative * Math.max(1, Math.abs(expected[k])),
    );
  }
}

describe('worked examples', () => {
  test('Bertsekas & Gallager §6.5.2: five sessions over links of capacity 1', () => {
    // Links (1,3), (2,3), (3,5), (4,5). The book: session 1 gets 2/3, sessions 2, 3 and 5 1/3, session
    // 4 all; their bottlenecks are (3,5), (2,3), (2,3), (4,5), (2,3); (1,3) is nobody's.
    const share = maxMinFair(
      problemOf([1, 1, 1, 1], [greedy(0, 2), greedy(1), greedy(1), greedy(3), greedy(1, 2)]),
    );
    expectClose(share.rateMbps, [2 / 3, 1 / 3, 1 / 3, 1, 1 / 3], 1e-12);
    expect([...share.bottleneckLink]).toEqual([2, 1, 1, 3, 1]);
  });

  test('the linear network: the long flow gets as much as each that crosses it, however many', () => {
    const flows = [greedy(0, 1, 2, 3, 4), ...[0, 1, 2, 3, 4].map(link => greedy(link))];
    const share = maxMinFair(problemOf([10, 10, 10, 10, 10], flows));
    expectClose(share.rateMbps, [5, 5, 5, 5, 5, 5], 1e-12);
  });

  test('one link, demands 2, 2.6, 4, 5 over 10: 2, 2.6, 2.7, 2.7 (Keshav, 1997)', () => {
    const flows = [2, 2.6, 4, 5].map(demandMbps => ({ path: [0], demandMbps, weight: 1 }));
    const share = maxMinFair(problemOf([10], flows));
    expectClose(share.rateMbps, [2, 2.6, 2.7, 2.7], 1e-12);
    expect([...share.bottleneckLink]).toEqual([DEMAND_MET, DEMAND_MET, 0, 0]);
  });

  test('one link, weights 2.5, 4, 0.5, 1 and demands 4, 2, 10, 4 over 16 (Keshav, 1997)', () => {
    const weights = [2.5, 4, 0.5, 1];
    const flows = [4, 2, 10, 4].map((demandMbps, k) => ({
      path: [0],
      demandMbps,
      weight: weights[k],
    }));
    expectClose(maxMinFair(problemOf([16], flows)).rateMbps, [4, 2, 6, 4], 1e-12);
  });
});

describe('edges', () => {
  test('no flows, no links: nothing', () => {
    expect(maxMinFair(problemOf([], [])).rateMbps).toHaveLength(0);
    expect(maxMinFair(problemOf([5, 6], [])).rateMbps).toHaveLength(0);
  });

  test('a flow without links gets its demand; a link without capacity gives nothing', () => {
    const flows = [{ path: [], demandMbps: 7, weight: 3 }, greedy(0), greedy(1)];
    expect([...maxMinFair(problemOf([0, 4], flows)).rateMbps]).toEqual([7, 0, 4]);
  });

  test('a flow twice over a link loads it twice', () => {
    const share = maxMinFair(problemOf([9], [greedy(0, 0), greedy(0)]));
    expectClose(share.rateMbps, [3, 3], 1e-12);
  });

  test('a weight of 1e9 on the same link costs the light flows no digits', () => {
    const flows = [
      { path: [0], demandMbps: 1, weight: 1e9 },
      { path: [0], demandMbps: ALL, weight: 1e-9 },
      { path: [0, 1], demandMbps: ALL, weight: 1e-9 },
    ];
    expectClose(maxMinFair(problemOf([3, ALL], flows)).rateMbps, [1, 1, 1], 1e-12);
  });

  test.each([
    ['nothing bounds flow 1', [5, ALL], [greedy(0), greedy(1)]],
    ['flow 0 takes link 2', [5, 5], [greedy(2)]],
    ['flow 0 has a weight of 0', [5], [{ ...greedy(0), weight: 0 }]],
    ['flow 0 has a demand of -1', [5], [{ ...greedy(0), demandMbps: -1 }]],
    ['link 0 has a capacity of NaN', [Number.NaN], [greedy(0)]],
  ])('refused: %s', (message, capacities, flows) => {
    expect(() => maxMinFair(problemOf(capacities, flows))).toThrow(message);
  });
});

/** Round numbers, so that ties and links that fill at once are frequent. */
const anyInstance = fc.integer({ min: 1, max: 7 }).chain(linkCount =>
  fc.record({
    capacityMbps: fc.array(fc.integer({ min: 0, max: 40 }), {
      minLength: linkCount,
      maxLength: linkCount,
    }),
    flows: fc.array(
      fc.record({
        path: fc.uniqueArray(fc.integer({ min: 0, max: linkCount - 1 }), { minLength: 1 }),
        demandMbps: fc.oneof(
          fc.constant(ALL),
          fc.integer({ min: 0, max: 30 }),
          fc.double({ min: 0.01, max: 30, noNaN: true }),
        ),
        weight: fc.oneof(fc.constantFrom(1, 2, 4), fc.double({ min: 0.1, max: 10, noNaN: true })),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  }),
);

const anySplitInstance = fc.integer({ min: 1, max: 7 }).chain(linkCount =>
  fc.record({
    capacityMbps: fc.array(fc.integer({ min: 1, max: 20 }), {
      minLength: linkCount,
      maxLength: linkCount,
    }),
    flows: fc.array(
      fc.record({
        paths: fc.array(
          fc.uniqueArray(fc.integer({ min: 0, max: linkCount - 1 }), {
            minLength: 1,
            maxLength: 3,
          }),
          { minLength: 1, maxLength: 3 },
        ),
        demandMbps: fc.oneof(fc.constant(ALL), fc.double({ min: 0.1, max: 30, noNaN: true })),
        weight: fc.constantFrom(1, 2, 3),
      }),
      { minLength: 1, maxLength: 10 },
    ),
  }),
);

describe('properties', () => {
  test('the certificate holds: within capacity, and a bottleneck for every unsatisfied flow', () => {
    fc.assert(
      fc.property(anyInstance, ({ capacityMbps, flows }) => {
        const problem = problemOf(capacityMbps, flows);
        const certificate = certifyFairShare(problem, maxMinFair(problem).rateMbps, 1e-9);
        expect(certificate).toMatchObject({
          holds: true,
          overloadedLinks: [],
          misfitFlows: [],
          unjustifiedFlows: [],
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('airtime: uses and free levels keep the certificate, and the rates those of the same links in Mbps', () => {
    fc.assert(
      fc.property(
        anyInstance,
        fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 7, maxLength: 7 }),
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 7, maxLength: 7 }),
        ({ capacityMbps, flows }, unit, freeLevel) => {
          const plain = problemOf(capacityMbps, flows);
          // A link counted in another unit shares no otherwise.
          const scaled = {
            ...plain,
            capacityMbps: plain.capacityMbps.map((capacity, link) => capacity * unit[link % 7]),
            use: Float64Array.from(plain.links, link => unit[link % 7]),
          };
          expectClose(maxMinFair(scaled).rateMbps, [...maxMinFair(plain).rateMbps], 1e-9);
          const mixed = {
            ...plain,
            use: Float64Array.from(plain.links, (link, k) => unit[(link + 3 * k) % 7]),
            freeLevelMbps: plain.capacityMbps.map((_, link) => freeLevel[link % 7]),
          };
          expect(certifyFairShare(mixed, maxMinFair(mixed).rateMbps, 1e-9)).toMatchObject({
            holds: true,
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('what lies below the free level is not counted: 10 + 6 and 10 + 6, not 8 and 8', () => {
    // Two flows over a link of 12 that takes only what each has above 10.
    const problem = {
      ...problemOf([12], [greedy(0), greedy(0)]),
      freeLevelMbps: Float64Array.of(10),
    };
    expectClose(maxMinFair(problem).rateMbps, [16, 16], 1e-12);
  });

  test('Pareto-efficient: nobody below their demand could have more for free', () => {
    fc.assert(
      fc.property(anyInstance, ({ capacityMbps, flows }) => {
        const { rateMbps } = maxMinFair(problemOf(capacityMbps, flows));
        const free = [...capacityMbps];
        flows.forEach((flow, k) => {
          for (const link of flow.path) free[link] -= rateMbps[k];
        });
        flows.forEach((flow, k) => {
          const room = Math.min(flow.demandMbps - rateMbps[k], ...flow.path.map(l => free[l]));
          expect(room).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('the order of flows does not matter, to the last bit', () => {
    fc.assert(
      fc.property(anyInstance, fc.infiniteStream(fc.nat()), ({ capacityMbps, flows }, keys) => {
        const rates = maxMinFair(problemOf(capacityMbps, flows)).rateMbps;
        const order = flows.map((_, k) => ({ k, key: keys.next().value as number }));
        order.sort((a, b) => a.key - b.key);
        const shuffled = order.map(({ k }) => flows[k]);
        const again = maxMinFair(problemOf(capacityMbps, shuffled)).rateMbps;
        expect([...again]).toEqual(order.map(({ k }) => rates[k]));
      }),
      { numRuns: 500 },
    );
  });

  test('the order of links, and the unit of weights, change nothing but rounding', () => {
    fc.assert(
      fc.property(anyInstance, ({ capacityMbps, flows }) => {
        const rates = [...maxMinFair(problemOf(capacityMbps, flows)).rateMbps];
        const last = capacityMbps.length - 1;
        const turned = flows.map(flow => ({
          ...flow,
          path: flow.path.map(link => last - link),
          weight: 3 * flow.weight,
        }));
        const again = maxMinFair(problemOf(capacityMbps.toReversed(), turned)).rateMbps;
        expectClose(again, rates, 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  test('all rates, the lowest among them, are those of the linear programs, to 1e-6', () => {
    fc.assert(
      fc.property(anyInstance, ({ capacityMbps, flows }) => {
        const { rateMbps } = maxMinFair(problemOf(capacityMbps, flows));
        expectClose(rateMbps, maxMinByLinearPrograms(capacityMbps, flows), 1e-6);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the certificate', () => {
  const problem = problemOf([1, 1], [greedy(0, 1), greedy(0), greedy(1)]);

  test.each([
    { kind: 'more than there is', rates: [0.5, 0.6, 0.5], overloadedLinks: [0] },
    { kind: 'capacity left over', rates: [0.4, 0.5, 0.5], unjustifiedFlows: [0, 1, 2] },
    // The proportionally fair rates: the long flow gets less than max-min would give.
    { kind: 'the long flow put last', rates: [1 / 3, 2 / 3, 2 / 3], unjustifiedFlows: [0] },
    { kind: 'the long flow put first', rates: [0.6, 0.4, 0.4], unjustifiedFlows: [1, 2] },
    { kind: 'less than nothing', rates: [-0.5, 1, 1], misfitFlows: [0] },
    { kind: 'no number', rates: [Number.NaN, 0.5, 0.5], misfitFlows: [0] },
  ])('refuses $kind', ({ rates, kind: _, ...found }) => {
    expect(certifyFairShare(problem, Float64Array.from(rates), 1e-9)).toMatchObject({
      holds: false,
      ...found,
    });
  });

  test('refuses any other allocation: a shift between two flows is always found', () => {
    fc.assert(
      fc.property(anyInstance, fc.nat(), fc.boolean(), ({ capacityMbps, flows }, at, up) => {
        const any = problemOf(capacityMbps, flows);
        const { rateMbps } = maxMinFair(any);
        const flow = at % flows.length;
        fc.pre(up || rateMbps[flow] > 0.01);
        rateMbps[flow] *= up ? 1.001 : 0.999;
        rateMbps[flow] += up ? 0.001 : 0;
        expect(certifyFairShare(any, rateMbps, 1e-9).holds).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('flows over several paths', () => {
  const split = (capacityMbps: readonly number[], flows: readonly SplitFlow[], tolerance = 1e-9) =>
    maxMinFairOverPaths(multipathProblemOf(capacityMbps, flows), tolerance, 10_000);

  test('two paths of its own: the sum; a third that is none: nothing', () => {
    const share = split([3, 4, 0], [{ paths: [[0], [1], [2]], demandMbps: ALL, weight: 1 }]);
    expectClose(share.rateMbps, [7], 1e-9);
    expectClose(share.pathRateMbps, [3, 4, 0], 1e-9);
  });

  // A over link 0 or 1, B over 0, C over 1. By hand: all level at (2 + 3)/3; but with capacities of 1
  // and 3 that would take more than B's link has, and A leaves it to B.
  const threeFlows = [[[0], [1]], [[0]], [[1]]].map(paths => ({
    paths,
    demandMbps: ALL,
    weight: 1,
  }));

  test('a flow over two links evens out those that have one each', () => {
    expectClose(split([2, 3], threeFlows).rateMbps, [5 / 3, 5 / 3, 5 / 3], 1e-6);
  });

  test('… as long as that is fair: else it keeps to the wider link', () => {
    const share = split([1, 3], threeFlows);
    expectClose(share.rateMbps, [1.5, 1, 1.5], 1e-6);
    expectClose(share.pathRateMbps.slice(0, 2), [0, 1.5], 1e-6);
  });

  test('a flow that gets its demand elsewhere leaves the crowded link', () => {
    const flows = [
      { paths: [[0], [1]], demandMbps: 8, weight: 1 },
      { paths: [[0]], demandMbps: ALL, weight: 1 },
    ];
    expectClose(split([2, 100], flows).rateMbps, [8, 2], 1e-6);
  });

  test('demands and weights hold for the flow, not for its paths', () => {
    const flows = [
      { paths: [[0], [1]], demandMbps: 3, weight: 1 },
      { paths: [[0], [1]], demandMbps: ALL, weight: 1 },
      { paths: [[0], [1]], demandMbps: ALL, weight: 2 },
    ];
    expectClose(split([6, 6], flows).rateMbps, [3, 3, 6], 1e-6);
  });

  test.each([
    ['path 0 takes link 1', [5], [{ paths: [[1]], demandMbps: ALL, weight: 1 }]],
    ['flow 0 has a demand of NaN', [5], [{ paths: [[0]], demandMbps: Number.NaN, weight: 1 }]],
    ['flow 0 has a weight of 0', [5], [{ paths: [[0]], demandMbps: 1, weight: 0 }]],
    ['nothing bounds', [5], [{ paths: [[]], demandMbps: ALL, weight: 1 }]],
  ])('refused: %s', (message, capacities, flows) => {
    expect(() => split(capacities, flows)).toThrow(message);
  });

  test('with one path each it is max-min fair, in one round', () => {
    fc.assert(
      fc.property(anyInstance, ({ capacityMbps, flows }) => {
        const share = split(
          capacityMbps,
          flows.map(flow => ({ ...flow, paths: [flow.path] })),
        );
        expectClose(share.rateMbps, [...maxMinFair(problemOf(capacityMbps, flows)).rateMbps], 1e-9);
        expect(share.rounds).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  test('every path of an unsatisfied flow has a bottleneck, and none beats the linear program', () => {
    fc.assert(
      fc.property(anySplitInstance, ({ capacityMbps, flows }) => {
        const problem = multipathProblemOf(capacityMbps, flows);
        const share = maxMinFairOverPaths(problem, 1e-6, 10_000);
        fc.pre(share.spread <= 1e-6);
        // A path with the part q is level to 1e-6 / q: to 1e-3 where it carries 1e-3 or more.
        expect(certifyFairShareOverPaths(problem, share.pathRateMbps, 2e-3)).toMatchObject({
          holds: true,
          overloadedLinks: [],
          misfitFlows: [],
          unjustifiedPaths: [],
        });
        const lowest = Math.min(...flows.map((flow, k) => share.rateMbps[k] / flow.weight));
        expect(lowest).toBeLessThanOrEqual(lowestLevelByLinearProgram(capacityMbps, flows) + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  test('the certificate refuses a path left empty beside free capacity, and a link over its own', () => {
    const problem = multipathProblemOf([3, 4], [{ paths: [[0], [1]], demandMbps: ALL, weight: 1 }]);
    expect(certifyFairShareOverPaths(problem, Float64Array.of(3, 0), 1e-9)).toMatchObject({
      holds: false,
      unjustifiedPaths: [1],
    });
    expect(certifyFairShareOverPaths(problem, Float64Array.of(3, 5), 1e-9)).toMatchObject({
      holds: false,
      overloadedLinks: [1],
    });
    expect(certifyFairShareOverPaths(problem, Float64Array.of(-1, 4), 1e-9)).toMatchObject({
      holds: false,
      misfitFlows: [0],
    });
  });
});

/**
 * Max-min rates by linear programs. A flow that may still rise has w t + s: the common level t and its
 * own surplus s ≥ 0. All right-hand sides stay ≥ 0, so that the origin is feasible.
 */
function maxMinByLinearPrograms(capacityMbps: readonly number[], flows: readonly Flow[]): number[] {
  const rate: (number | undefined)[] = flows.map(() => undefined);
  for (;;) {
    const rising = flows.map((_, k) => k).filter(k => rate[k] === undefined);
    if (rising.length === 0) return rate as number[];
    // Rows: links, then demands. Columns: t, then the surplus of each rising flow.
    const rows: { of: number[]; limit: number }[] = capacityMbps.map((capacity, link) => {
      const frozen = flows.reduce(
        (sum, flow, k) => sum + (flow.path.includes(link) ? (rate[k] ?? 0) : 0),
        0,
      );
      return {
        of: rising.filter(k => flows[k].path.includes(link)),
        limit: Math.max(0, capacity - frozen),
      };
    });
    for (const k of rising) {
      if (flows[k].demandMbps < ALL) rows.push({ of: [k], limit: flows[k].demandMbps });
    }
    const weightOf = (of: readonly number[]) => of.reduce((sum, k) => sum + flows[k].weight, 0);
    const surplus = rows.map(({ of }) => rising.map((k): number => (of.includes(k) ? 1 : 0)));
    const level = linearMaximum(
      rows.map(({ of }, r) => [weightOf(of), ...surplus[r]]),
      rows.map(row => row.limit),
      [1, ...rising.map(() => 0)],
    );
    const left = rows.map(({ of, limit }) => Math.max(0, limit - weightOf(of) * level));
    for (const [column, k] of rising.entries()) {
      const alone = linearMaximum(
        surplus,
        left,
        rising.map((_, c) => (c === column ? 1 : 0)),
      );
      if (alone < 1e-9) rate[k] = flows[k].weight * level;
    }
  }
}

/** The highest lowest level over all ways to split the flows: one linear program. */
function lowestLevelByLinearProgram(
  capacityMbps: readonly number[],
  flows: readonly SplitFlow[],
): number {
  // Columns: t, then the rate of each path. Rows: w t ≤ rate of the flow ≤ demand; links.
  const owner = flows.flatMap((flow, k) => flow.paths.map(() => k));
  const paths = flows.flatMap(flow => flow.paths);
  const a: number[][] = [];
  const b: number[] = [];
  flows.forEach((flow, k) => {
    const mine = owner.map((o): number => (o === k ? 1 : 0));
    a.push([flow.weight, ...mine.map(x => -x)]);
    b.push(0);
    if (flow.demandMbps < ALL) {
      a.push([0, ...mine]);
      b.push(flow.demandMbps);
    }
  });
  capacityMbps.forEach((capacity, link) => {
    a.push([0, ...paths.map(path => (path.includes(link) ? 1 : 0))]);
    b.push(capacity);
  });
  return linearMaximum(a, b, [1, ...owner.map(() => 0)]);
}

/** Largest c·x with A x ≤ b and x ≥ 0, by HiGHS. */
function linearMaximum(a: readonly number[][], b: readonly number[], c: readonly number[]): number {
  const sum = (row: readonly number[]): string =>
    row.map((value, j) => `${value < 0 ? '-' : '+'} ${Math.abs(value)} x${j}`).join('\n');
  const rows = a.map((row, i) => `r${i}: ${sum(row)} <= ${b[i]}`);
  const answer = highs.solve(
    `Maximize\n${sum(c)}\nSubject To\n${rows.join('\n')}\nBounds\n${c.map((_, j) => `x${j} >= 0`).join('\n')}\nEnd`,
    { output_flag: false, primal_feasibility_tolerance: 1e-10, dual_feasibility_tolerance: 1e-10 },
  );
  if (answer.Status !== 'Optimal') throw new Error(`HiGHS ended with ${answer.Status}`);
  return answer.ObjectiveValue;
}
