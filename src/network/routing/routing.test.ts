import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EARTH_RADIUS_KM, type GroundGeometry } from '../../sky/index.ts';
import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTable,
  allocateRouteTree,
  elevationRule,
  fewestHops,
  fillRouteTable,
  type GroundLinks,
  type LaserTopology,
  type LinkGraph,
  noLasers,
  ROUTING_ALGORITHMS,
  type RouteTable,
  shortestDelay,
  updateGroundLinks,
  updateLinkGraph,
  walkRoute,
} from '../index.ts';

interface Sky {
  /** Unit vectors and altitudes of the satellites, km. */
  readonly satellites: readonly (readonly [number, number, number, number])[];
  readonly pairs: readonly (readonly [number, number])[];
  readonly places: readonly (readonly [number, number, number])[];
}

const ANY_LENGTH = {
  maxRangeKm: Number.POSITIVE_INFINITY,
  minTangentHeightKm: Number.NEGATIVE_INFINITY,
};

/** Integer directions, so that equal lengths, and satellites in one spot, turn up as well. */
const direction = fc
  .tuple(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -3, max: 3 }),
  )
  .filter(([x, y, z]) => x !== 0 || y !== 0 || z !== 0);

const sky: fc.Arbitrary<Sky> = fc.integer({ min: 2, max: 24 }).chain(count =>
  fc.record({
    satellites: fc.array(
      fc
        .tuple(direction, fc.integer({ min: 300, max: 2000 }))
        .map(([[x, y, z], km]) => [x, y, z, km] as const),
      { minLength: count, maxLength: count },
    ),
    pairs: fc.uniqueArray(
      fc
        .tuple(fc.nat(count - 1), fc.nat(count - 1))
        .filter(([a, b]) => a < b)
        .map(([a, b]) => [a, b] as const),
      { maxLength: 60, selector: ([a, b]) => a * 100 + b },
    ),
    places: fc.array(direction, { minLength: 2, maxLength: 5 }),
  }),
);

function topologyOf(count: number, pairs: Sky['pairs']): LaserTopology {
  return {
    name: 'drawn',
    satelliteCount: count,
    maxPairCount: pairs.length,
    pairsAt(_satellites, out) {
      pairs.forEach(([a, b], i) => {
        out.first[i] = a;
        out.second[i] = b;
      });
      out.count = pairs.length;
    },
  };
}

function networkOf({ satellites, pairs, places }: Sky, pairsUsed = pairs) {
  const count = satellites.length;
  const positions = {
    count,
    xKm: new Float64Array(count),
    yKm: new Float64Array(count),
    zKm: new Float64Array(count),
  };
  satellites.forEach(([x, y, z, km], i) => {
    const scale = (EARTH_RADIUS_KM + km) / Math.hypot(x, y, z);
    positions.xKm[i] = x * scale;
    positions.yKm[i] = y * scale;
    positions.zKm[i] = z * scale;
  });
  const unit = (axis: 0 | 1 | 2) =>
    Float64Array.from(places, place => place[axis] / Math.hypot(...place));
  const [upX, upY, upZ] = [unit(0), unit(1), unit(2)];
  const onGround = (up: Float64Array) => up.map(value => value * EARTH_RADIUS_KM);
  const geometry: GroundGeometry = {
    count: places.length,
    xKm: onGround(upX),
    yKm: onGround(upY),
    zKm: onGround(upZ),
    upX,
    upY,
    upZ,
  };
  const topology = topologyOf(count, pairsUsed);
  const graph = allocateLinkGraph(topology);
  updateLinkGraph(topology, positions, ANY_LENGTH, graph);
  const ground = allocateGroundLinks(places.length);
  updateGroundLinks(geometry, positions, elevationRule(places.length, 0.1), ground);
  return { graph, ground, geometry, positions };
}

function tableOf(graph: LinkGraph, ground: GroundLinks, algorithm = shortestDelay): RouteTable {
  const table = allocateRouteTable(graph.satelliteCount, ground.placeCount);
  fillRouteTable(algorithm.createSearch(graph.satelliteCount), graph, ground, table);
  return table;
}

/** Length of the link between two nodes, km; NaN when there is none. */
function linkKm(graph: LinkGraph, ground: GroundLinks, a: number, b: number): number {
  const n = graph.satelliteCount;
  if (a >= n && b >= n) return Number.NaN;
  if (a >= n || b >= n) {
    const place = Math.max(a, b) - n;
    const satellite = Math.min(a, b);
    for (let i = ground.offsets[place]; i < ground.offsets[place + 1]; i++) {
      if (ground.satellite[i] === satellite) return ground.lengthKm[i];
    }
    return Number.NaN;
  }
  for (let i = graph.offsets[a]; i < graph.offsets[a + 1]; i++) {
    if (graph.neighbour[i] === b) return graph.lengthKm[i];
  }
  return Number.NaN;
}

/** Cost between places by Floyd and Warshall over the satellites; `cost` of one link. */
function floydWarshall(graph: LinkGraph, ground: GroundLinks, cost: (km: number) => number) {
  const n = graph.satelliteCount;
  const d = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_unused, j) => {
      const km = linkKm(graph, ground, i, j);
      return i === j ? 0 : km > 0 ? cost(km) : Number.POSITIVE_INFINITY;
    }),
  );
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) d[i][j] = Math.min(d[i][j], d[i][k] + d[k][j]);
    }
  }
  return (from: number, to: number): number => {
    let best = from === to ? 0 : Number.POSITIVE_INFINITY;
    if (from === to) return best;
    for (let i = ground.offsets[from]; i < ground.offsets[from + 1]; i++) {
      for (let j = ground.offsets[to]; j < ground.offsets[to + 1]; j++) {
        const between = d[ground.satellite[i]][ground.satellite[j]];
        best = Math.min(best, cost(ground.lengthKm[i]) + between + cost(ground.lengthKm[j]));
      }
    }
    return best;
  };
}

const placeRow = (table: RouteTable, from: number, to: number) =>
  table.trees[to].distanceKm[table.satelliteCount + from];

/** Equal to rounding, two infinities included. */
function expectSame(a: number, b: number): void {
  if (a !== b) expect(Math.abs(a - b)).toBeLessThan(1e-6);
}

test('shortest delay is the shortest of all routes (Floyd and Warshall)', () => {
  fc.assert(
    fc.property(sky, drawn => {
      const { graph, ground } = networkOf(drawn);
      const table = tableOf(graph, ground);
      const oracle = floydWarshall(graph, ground, km => km);
      for (let to = 0; to < ground.placeCount; to++) {
        for (let from = 0; from < ground.placeCount; from++) {
          expectSame(placeRow(table, from, to), oracle(from, to));
        }
      }
    }),
  );
});

test('fewest hops is the smallest number of links of all routes (Floyd and Warshall)', () => {
  fc.assert(
    fc.property(sky, drawn => {
      const { graph, ground } = networkOf(drawn);
      const table = tableOf(graph, ground, fewestHops);
      const oracle = floydWarshall(graph, ground, () => 1);
      const nodes = new Int32Array(graph.satelliteCount + ground.placeCount);
      for (let to = 0; to < ground.placeCount; to++) {
        for (let from = 0; from < ground.placeCount; from++) {
          const count = walkRoute(table.trees[to], graph.satelliteCount + from, nodes);
          expect(count === 0 ? Number.POSITIVE_INFINITY : count - 1).toBe(oracle(from, to));
        }
      }
    }),
  );
});

test.each(ROUTING_ALGORITHMS)(
  '$name: no loops; every hop is a link; lengths add up; no place is passed through but by ground relays',
  algorithm => {
    fc.assert(
      fc.property(sky, drawn => {
        const { graph, ground } = networkOf(drawn);
        const n = graph.satelliteCount;
        const table = tableOf(graph, ground, algorithm);
        const nodes = new Int32Array(n + ground.placeCount);
        table.trees.forEach((tree, to) => {
          for (let from = 0; from < nodes.length; from++) {
            const count = walkRoute(tree, from, nodes);
            expect(count > 0).toBe(tree.distanceKm[from] < Number.POSITIVE_INFINITY);
            if (count === 0) continue;
            const path = Array.from(nodes.subarray(0, count));
            expect(new Set(path).size).toBe(count);
            expect(path[count - 1]).toBe(n + to);
            if (algorithm.relaysOnGround !== true) {
              for (const node of path.slice(1, -1)) expect(node).toBeLessThan(n);
            }
            const km = path
              .slice(1)
              .reduce((sum, node, i) => sum + linkKm(graph, ground, path[i], node), 0);
            expectSame(km, tree.distanceKm[from]);
          }
        });
      }),
    );
  },
);

test('distances are the same both ways', () => {
  fc.assert(
    fc.property(sky, drawn => {
      const { graph, ground } = networkOf(drawn);
      const table = tableOf(graph, ground);
      for (let a = 0; a < ground.placeCount; a++) {
        for (let b = 0; b < a; b++) expectSame(placeRow(table, a, b), placeRow(table, b, a));
      }
    }),
  );
});

test('triangle inequality: a satellite is no farther than its neighbour and the link to it', () => {
  fc.assert(
    fc.property(sky, drawn => {
      const { graph, ground } = networkOf(drawn);
      for (const { distanceKm } of tableOf(graph, ground).trees) {
        for (let a = 0; a < graph.satelliteCount; a++) {
          for (let i = graph.offsets[a]; i < graph.offsets[a + 1]; i++) {
            const b = graph.neighbour[i];
            expect(distanceKm[a]).toBeLessThanOrEqual(distanceKm[b] + graph.lengthKm[i]);
          }
        }
      }
    }),
  );
});

test('removal of a link never shortens a shortest path', () => {
  fc.assert(
    fc.property(sky, fc.nat(), (drawn, which) => {
      fc.pre(drawn.pairs.length > 0);
      const kept = drawn.pairs.filter((_, i) => i !== which % drawn.pairs.length);
      const whole = networkOf(drawn);
      const less = networkOf(drawn, kept);
      const before = tableOf(whole.graph, whole.ground).distanceKm;
      const after = tableOf(less.graph, less.ground).distanceKm;
      for (let i = 0; i < before.length; i++) expect(after[i]).toBeGreaterThanOrEqual(before[i]);
    }),
  );
});

test('a satellite below the mask is never linked, and every one above it is', () => {
  fc.assert(
    fc.property(sky, drawn => {
      const { ground, geometry, positions } = networkOf(drawn);
      for (let place = 0; place < ground.placeCount; place++) {
        const linked = ground.satellite.subarray(ground.offsets[place], ground.offsets[place + 1]);
        for (let s = 0; s < positions.count; s++) {
          const d = [
            positions.xKm[s] - geometry.xKm[place],
            positions.yKm[s] - geometry.yKm[place],
            positions.zKm[s] - geometry.zKm[place],
          ] as const;
          const up =
            d[0] * geometry.upX[place] + d[1] * geometry.upY[place] + d[2] * geometry.upZ[place];
          const elevationRad = Math.asin(Math.min(1, up / Math.hypot(...d)));
          if (Math.abs(elevationRad - 0.1) < 1e-9) continue;
          expect(linked.includes(s)).toBe(elevationRad > 0.1);
        }
      }
    }),
  );
});

test('a link far shorter than the others is no trouble', () => {
  // Two satellites 1 m apart beside links of 7,000 km: buckets wider than the shortest link.
  const topology = topologyOf(4, [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 3],
  ]);
  const positions = {
    count: 4,
    xKm: Float64Array.of(7000, 7000, 0, -7000),
    yKm: Float64Array.of(0, 0.001, 7000, 0),
    zKm: Float64Array.of(0, 0, 0, 0),
  };
  const graph = allocateLinkGraph(topology);
  updateLinkGraph(topology, positions, ANY_LENGTH, graph);
  const ground = groundLinksOf([[[0, 600]], [[2, 650]]]);
  const tree = allocateRouteTree(4, 2);
  shortestDelay.createSearch(4).routesTo(graph, ground, 1, tree);
  const nodes = new Int32Array(6);
  expect(Array.from(nodes.subarray(0, walkRoute(tree, 4, nodes)))).toEqual([4, 0, 1, 2, 5]);
  expect(tree.distanceKm[4]).toBeCloseTo(600 + 0.001 + Math.hypot(7000, 6999.999) + 650, 9);
});

test('without lasers a route is one satellite up and down, or none', () => {
  const topology = noLasers(3);
  const positions = {
    count: 3,
    xKm: new Float64Array(3),
    yKm: new Float64Array(3),
    zKm: new Float64Array(3),
  };
  const graph = allocateLinkGraph(topology);
  updateLinkGraph(topology, positions, ANY_LENGTH, graph);
  const ground = groundLinksOf([
    [
      [0, 700],
      [1, 600],
    ],
    [
      [0, 800],
      [1, 1000],
    ],
    [[2, 500]],
    [],
  ]);
  for (const algorithm of ROUTING_ALGORITHMS) {
    const table = tableOf(graph, ground, algorithm);
    const nodes = new Int32Array(7);
    const path = (from: number, to: number) =>
      Array.from(nodes.subarray(0, walkRoute(table.trees[to], 3 + from, nodes)));
    expect(path(0, 1)).toEqual([3, 0, 4]);
    expect(placeRow(table, 0, 1)).toBe(1500);
    expect(path(0, 2)).toEqual([]);
    expect(path(3, 0)).toEqual([]);
    expect(path(0, 0)).toEqual([3]);
    expect(placeRow(table, 0, 0)).toBe(0);
  }
});

function groundLinksOf(places: readonly (readonly (readonly [number, number])[])[]): GroundLinks {
  const links = allocateGroundLinks(places.length);
  let count = 0;
  places.forEach((list, place) => {
    links.offsets[place] = count;
    for (const [satellite, km] of list) {
      links.satellite[count] = satellite;
      links.lengthKm[count++] = km;
      links.longestKm = Math.max(links.longestKm, km);
    }
  });
  links.offsets[places.length] = count;
  return links;
}
