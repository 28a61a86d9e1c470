import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allocatePositionsEcef,
  createPropagator,
  designElementSets,
  parseDesign,
  parseInstant,
} from '../../orbits/index.ts';
import { EARTH_RADIUS_KM, type GroundGeometry, groundGeometry } from '../../sky/index.ts';
import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTable,
  allocateRouteTree,
  CLEAR_OF_THE_EARTH,
  createTopology,
  disjointPaths,
  elevationRule,
  fewestHops,
  fillRouteTable,
  type GroundLinks,
  groundRelays,
  LASER_TOPOLOGIES,
  type LaserTopology,
  type LinkGraph,
  loadAware,
  loadFactor,
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

/** Whose distances are the least of all routes it allows; load-aware as long as nothing is loaded. */
const SHORTEST = [shortestDelay, groundRelays, loadAware];

test.each(SHORTEST)('$name: distances are the same both ways', algorithm => {
  fc.assert(
    fc.property(sky, drawn => {
      const { graph, ground } = networkOf(drawn);
      const table = tableOf(graph, ground, algorithm);
      for (let a = 0; a < ground.placeCount; a++) {
        for (let b = 0; b < a; b++) expectSame(placeRow(table, a, b), placeRow(table, b, a));
      }
    }),
  );
});

test.each([shortestDelay, loadAware])(
  '$name, triangle inequality: a satellite is no farther than its neighbour and the link to it',
  algorithm => {
    fc.assert(
      fc.property(sky, drawn => {
        const { graph, ground } = networkOf(drawn);
        for (const { distanceKm } of tableOf(graph, ground, algorithm).trees) {
          for (let a = 0; a < graph.satelliteCount; a++) {
            for (let i = graph.offsets[a]; i < graph.offsets[a + 1]; i++) {
              const b = graph.neighbour[i];
              expect(distanceKm[a]).toBeLessThanOrEqual(distanceKm[b] + graph.lengthKm[i]);
            }
          }
        }
      }),
    );
  },
);

test('ground-relays, triangle inequality: no detour over a third place is shorter', () => {
  fc.assert(
    fc.property(sky, drawn => {
      const { graph, ground } = networkOf(drawn);
      const table = tableOf(graph, ground, groundRelays);
      const places = [...Array(ground.placeCount).keys()];
      for (const a of places) {
        for (const b of places) {
          for (const c of places) {
            const detour = placeRow(table, a, b) + placeRow(table, b, c);
            expect(placeRow(table, a, c)).toBeLessThanOrEqual(detour + 1e-6);
          }
        }
      }
    }),
  );
});

test.each(SHORTEST)('$name: removal of a link never shortens a shortest path', algorithm => {
  fc.assert(
    fc.property(sky, fc.nat(), (drawn, which) => {
      const whole = networkOf(drawn);
      const before = tableOf(whole.graph, whole.ground, algorithm).distanceKm;
      const less =
        algorithm === groundRelays
          ? { ...whole, ground: withoutLink(whole.ground, which) }
          : networkOf(
              drawn,
              drawn.pairs.filter((_, i) => i !== which % drawn.pairs.length),
            );
      const after = tableOf(less.graph, less.ground, algorithm).distanceKm;
      for (let i = 0; i < before.length; i++) {
        expect(after[i]).toBeGreaterThanOrEqual(before[i] - 1e-9);
      }
    }),
  );
});

/** Ground links less one of them. */
function withoutLink(ground: GroundLinks, which: number): GroundLinks {
  const count = ground.offsets[ground.placeCount];
  const gone = count === 0 ? -1 : which % count;
  return groundLinksOf(
    Array.from({ length: ground.placeCount }, (_, place) => {
      const list: [number, number][] = [];
      for (let i = ground.offsets[place]; i < ground.offsets[place + 1]; i++) {
        if (i !== gone) list.push([ground.satellite[i], ground.lengthKm[i]]);
      }
      return list;
    }),
  );
}

test('ground relays are the shortest of all routes up and down (Floyd and Warshall over all nodes)', () => {
  fc.assert(
    fc.property(sky, drawn => {
      const { graph, ground } = networkOf(drawn);
      const n = graph.satelliteCount;
      const nodeCount = n + ground.placeCount;
      const d = Array.from({ length: nodeCount }, (_, a) =>
        Array.from({ length: nodeCount }, (_unused, b) => {
          if (a === b) return 0;
          const isUpOrDown = a < n !== b < n;
          const km = isUpOrDown ? linkKm(graph, ground, a, b) : Number.NaN;
          return km > 0 ? km : Number.POSITIVE_INFINITY;
        }),
      );
      for (let k = 0; k < nodeCount; k++) {
        for (let i = 0; i < nodeCount; i++) {
          for (let j = 0; j < nodeCount; j++) d[i][j] = Math.min(d[i][j], d[i][k] + d[k][j]);
        }
      }
      const table = tableOf(graph, ground, groundRelays);
      table.trees.forEach((tree, to) => {
        for (let node = 0; node < nodeCount; node++)
          expectSame(tree.distanceKm[node], d[node][n + to]);
      });
    }),
  );
});

test('load-aware without a load is shortest delay; with one, the least cost (Floyd and Warshall)', () => {
  fc.assert(
    fc.property(sky, fc.array(fc.double({ min: 0, max: 1.2, noNaN: true })), (drawn, loads) => {
      const { graph, ground } = networkOf(drawn);
      const shortest = tableOf(graph, ground);
      tableOf(graph, ground, loadAware).distanceKm.forEach((km, i) => {
        expectSame(km, shortest.distanceKm[i]);
      });

      const load = Float64Array.from(graph.neighbour, (_, i) => loads[i % loads.length] ?? 0);
      const n = graph.satelliteCount;
      const cost = Array.from({ length: n }, (_, i) =>
        Float64Array.from({ length: n }, (_unused, j) => (i === j ? 0 : Number.POSITIVE_INFINITY)),
      );
      for (let a = 0; a < n; a++) {
        for (let i = graph.offsets[a]; i < graph.offsets[a + 1]; i++) {
          cost[a][graph.neighbour[i]] = graph.lengthKm[i] * loadFactor(load[i]);
        }
      }
      const own = cost.map(row => row.slice());
      for (let k = 0; k < n; k++) {
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) cost[i][j] = Math.min(cost[i][j], cost[i][k] + cost[k][j]);
        }
      }
      const table = tableOf({ ...graph, load }, ground, loadAware);
      table.trees.forEach((tree, to) => {
        for (let s = 0; s < n; s++) {
          let least = Number.POSITIVE_INFINITY;
          for (let i = ground.offsets[to]; i < ground.offsets[to + 1]; i++) {
            least = Math.min(least, cost[s][ground.satellite[i]] + ground.lengthKm[i]);
          }
          let taken = tree.nextHop[s] < 0 ? Number.POSITIVE_INFINITY : 0;
          for (let node = s; tree.nextHop[node] >= 0 && node < n; node = tree.nextHop[node]) {
            const next = tree.nextHop[node];
            taken += next < n ? own[node][next] : linkKm(graph, ground, node, next);
          }
          if (taken !== least) expect(Math.abs(taken / least - 1)).toBeLessThan(1e-9);
        }
      });
    }),
  );
});

/** Fortz & Thorup 2000, eq. 2: the slope of the cost at each load. */
test.each([
  [0, 1],
  [0.33, 1],
  [0.5, 3],
  [0.8, 10],
  [0.95, 70],
  [1.05, 500],
  [2, 5000],
])('a laser at load %d counts %d times its length', (load, factor) => {
  expect(loadFactor(load)).toBe(factor);
});

/** All routes between two places, by depth-first search: satellites of each, and its length. */
function allPaths(graph: LinkGraph, ground: GroundLinks, from: number, to: number) {
  const found: { satellites: number[]; km: number }[] = [];
  const n = graph.satelliteCount;
  const go = (satellites: number[], km: number): void => {
    const here = satellites[satellites.length - 1];
    const downKm = linkKm(graph, ground, here, n + to);
    if (!Number.isNaN(downKm)) found.push({ satellites: [...satellites], km: km + downKm });
    for (let i = graph.offsets[here]; i < graph.offsets[here + 1]; i++) {
      const other = graph.neighbour[i];
      if (!satellites.includes(other)) go([...satellites, other], km + graph.lengthKm[i]);
    }
  };
  for (let i = ground.offsets[from]; i < ground.offsets[from + 1]; i++) {
    go([ground.satellite[i]], ground.lengthKm[i]);
  }
  return found;
}

/** Least total length of exactly `k` routes without a common satellite; Infinity when there are none. */
function leastTotal(paths: ReturnType<typeof allPaths>, k: number): number {
  const choose = (from: number, left: number, used: Set<number>, km: number): number => {
    if (left === 0) return km;
    let best = Number.POSITIVE_INFINITY;
    for (let i = from; i < paths.length; i++) {
      if (paths[i].satellites.some(s => used.has(s))) continue;
      const next = new Set([...used, ...paths[i].satellites]);
      best = Math.min(best, choose(i + 1, left - 1, next, km + paths[i].km));
    }
    return best;
  };
  return choose(0, k, new Set(), 0);
}

const smallNetwork = fc.integer({ min: 2, max: 8 }).chain(count => {
  const satellite = fc.nat(count - 1);
  const km = fc.integer({ min: 1, max: 20 });
  const visible = fc.uniqueArray(fc.tuple(satellite, km), {
    selector: ([s]) => s,
    minLength: 1,
    maxLength: 3,
  });
  return fc.record({
    count: fc.constant(count),
    lasers: fc.uniqueArray(
      fc.tuple(satellite, satellite, km).filter(([a, b]) => a < b),
      { selector: ([a, b]) => a * 100 + b, maxLength: 12 },
    ),
    from: visible,
    to: visible,
  });
});

test('disjoint paths: links that exist, no common satellite, least total length for every k (all routes tried)', () => {
  fc.assert(
    fc.property(smallNetwork, ({ count, lasers, from, to }) => {
      const graph = graphOfLasers(count, lasers);
      const ground = groundLinksOf([from, to]);
      const every = allPaths(graph, ground, 0, 1);
      for (const k of [1, 2, 3]) {
        const paths = disjointPaths(graph, ground, 0, 1, k);
        const inside = paths.flatMap(({ nodes }) => nodes.slice(1, -1));
        expect(new Set(inside).size).toBe(inside.length);
        for (const { nodes, distanceKm } of paths) {
          expect([nodes[0], nodes[nodes.length - 1]]).toEqual([count, count + 1]);
          const km = nodes
            .slice(1)
            .reduce((sum, node, i) => sum + linkKm(graph, ground, nodes[i], node), 0);
          expect(distanceKm).toBeCloseTo(km, 9);
        }
        const totals = [1, 2, 3].map(number => leastTotal(every, number));
        const most = totals.filter(Number.isFinite).length;
        expect(paths).toHaveLength(Math.min(k, most));
        if (paths.length > 0) {
          const total = paths.reduce((sum, path) => sum + path.distanceKm, 0);
          expect(total).toBeCloseTo(totals[paths.length - 1], 9);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('where the shortest route bars a second one, both give way (the trap of successive removal)', () => {
  // 0–1–2–3 is shortest; without its satellites nothing is left, though 0–1–3 and 0–2–3 exist as well.
  const graph = graphOfLasers(4, [
    [0, 1, 1],
    [1, 2, 1],
    [2, 3, 1],
    [0, 2, 5],
    [1, 3, 5],
  ]);
  const ground = groundLinksOf([
    [
      [0, 1],
      [1, 9],
    ],
    [
      [3, 1],
      [2, 9],
    ],
  ]);
  expect(disjointPaths(graph, ground, 0, 1, 1)[0].nodes).toEqual([4, 0, 1, 2, 3, 5]);
  expect(disjointPaths(graph, ground, 0, 1, 2).map(({ nodes }) => nodes)).toEqual([
    [4, 0, 2, 5],
    [4, 1, 3, 5],
  ]);
  expect(disjointPaths(graph, ground, 0, 0, 2)).toEqual([]);
});

function graphOfLasers(
  count: number,
  lasers: readonly (readonly [number, number, number])[],
): LinkGraph {
  const rows = Array.from({ length: count }, (_, s) =>
    lasers.flatMap(([a, b, km]) => (a === s ? [[b, km]] : b === s ? [[a, km]] : [])),
  );
  const offsets = new Int32Array(count + 1);
  rows.forEach((row, i) => {
    offsets[i + 1] = offsets[i] + row.length;
  });
  return {
    ...allocateLinkGraph(noLasers(count)),
    offsets,
    neighbour: Int32Array.from(rows.flat(), ([other]) => other),
    lengthKm: Float64Array.from(rows.flat(), ([, km]) => km),
    linkCount: lasers.length,
    shortestKm: Math.min(...lasers.map(([, , km]) => km)),
    longestKm: Math.max(0, ...lasers.map(([, , km]) => km)),
  };
}

test.each(
  LASER_TOPOLOGIES.flatMap(({ name }) =>
    ROUTING_ALGORITHMS.map(one => [name, one.name, one] as const),
  ),
)(
  '%s, %s: over a whole shell no table has a loop, and ends meet the other way round',
  (name, _, algorithm) => {
    const shells = parseDesign('53:480/24/13@550');
    const elementSets = designElementSets(shells, { epoch: parseInstant('2000-01-01T00:00:00Z') });
    const satellites = allocatePositionsEcef(480);
    createPropagator(elementSets).positionsEcef(parseInstant('2000-01-01T00:10:00Z'), satellites);
    const topology = createTopology(name === 'motif' ? 'motif:0,1/2,-1' : name, {
      elementSets,
      shells,
      crossPlaneShift: 0,
    });
    const graph = allocateLinkGraph(topology);
    updateLinkGraph(topology, satellites, CLEAR_OF_THE_EARTH, graph);
    const rad = (deg: number) => (deg * Math.PI) / 180;
    const latRad = Float64Array.of(51.5, 40.7, -26.2, 35.7, -33.9, 0).map(rad);
    const lonRad = Float64Array.of(-0.1, -74, 28, 139.7, 151.2, -60).map(rad);
    const ground = allocateGroundLinks(6);
    updateGroundLinks(
      groundGeometry(latRad, lonRad),
      satellites,
      elevationRule(6, rad(20)),
      ground,
    );
    const table = tableOf(graph, ground, algorithm);
    const nodes = new Int32Array(486);
    for (const tree of table.trees) {
      for (let node = 0; node < 486; node++) {
        expect(walkRoute(tree, node, nodes) > 0).toBe(Number.isFinite(tree.distanceKm[node]));
      }
    }
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b < a; b++) {
        const isReached = Number.isFinite(placeRow(table, a, b));
        expect(Number.isFinite(placeRow(table, b, a))).toBe(isReached);
        if (isReached && SHORTEST.includes(algorithm)) {
          expectSame(placeRow(table, a, b), placeRow(table, b, a));
        }
      }
    }
  },
);

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
