/**
 * Kassing et al., "Exploring the 'Internet from Space' with Hypatia" (IMC 2020): round trips and path
 * changes over 200 s, in steps of 100 ms, through the `hypatia` conventions (orbits, +grid, ground
 * ellipsoid, range limits). Expected values: recomputed from Hypatia's own definitions by another
 * program, equal to its printout within 1e-9 ms (peers.md); figure 3 of the paper gives 25–48 ms for
 * Manila–Dalian and 47–70 ms for Istanbul–Nairobi.
 */
import { expect, test } from 'vitest';
import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTree,
  createPathSeries,
  HYPATIA_EARTH_ORIENTATION,
  HYPATIA_EPOCH,
  hypatiaGround,
  hypatiaNetwork,
  type PathSummary,
  shortestDelay,
  updateGroundLinks,
  updateLinkGraph,
  walkRoute,
} from '../src/network/index.ts';
import { addSeconds, allocatePositionsEcef, createPropagator } from '../src/orbits/index.ts';

type Place = readonly [latDeg: number, lonDeg: number];

/** Of Hypatia's list of the 100 largest cities. */
const CITIES = {
  Manila: [14.6042, 120.9822],
  Dalian: [38.913811, 121.602322],
  Istanbul: [41.0138, 28.9497],
  Nairobi: [-1.28333, 36.81667],
  Paris: [48.85341, 2.3488],
  Moscow: [55.754996, 37.621849],
  Chicago: [41.85003, -87.65005],
  Zhengzhou: [34.75778, 113.64861],
} satisfies Record<string, Place>;

function route(
  constellation: string,
  from: Place,
  to: Place,
  stepCount: number,
  stepMs: number,
): PathSummary & { firstRttMs: number } {
  const network = hypatiaNetwork(constellation);
  const propagator = createPropagator(network.elementSets);
  const satellites = allocatePositionsEcef(propagator.count);
  const graph = allocateLinkGraph(network.topology);
  const rad = (index: 0 | 1) =>
    Float64Array.of((from[index] * Math.PI) / 180, (to[index] * Math.PI) / 180);
  const places = hypatiaGround(rad(0), rad(1));
  const rule = network.groundRule(2);
  const ground = allocateGroundLinks(2);
  const tree = allocateRouteTree(propagator.count, 2);
  const search = shortestDelay.createSearch(propagator.count);
  const nodes = new Int32Array(propagator.count + 2);
  const source = propagator.count;
  const series = createPathSeries();
  let firstKm = Number.NaN;
  for (let step = 0; step < stepCount; step++) {
    const atS = (step * stepMs) / 1000;
    propagator.positionsEcef(addSeconds(HYPATIA_EPOCH, atS), satellites, HYPATIA_EARTH_ORIENTATION);
    updateLinkGraph(network.topology, satellites, network.laserLimits, graph);
    updateGroundLinks(places, satellites, rule, ground);
    search.routesTo(graph, ground, 1, tree);
    const nodeCount = walkRoute(tree, source, nodes);
    series.add(atS, nodes, nodeCount, tree.distanceKm[source], graph, ground);
    if (step === 0) firstKm = tree.distanceKm[source];
  }
  return { ...series.finish(), firstRttMs: (2000 * firstKm) / 299792.458 };
}

const K1 = 'kuiper-k1-hypatia';
const S1 = 'starlink-s1-hypatia';

test.each([
  [K1, 'Manila', 'Dalian', 29.4231, 25.2298, 48.1651, 40.144, 5],
  [K1, 'Istanbul', 'Nairobi', 63.2464, 46.9114, 69.6742, 60.042, 8],
  [K1, 'Paris', 'Moscow', 21.8989, 21.717, 24.6277, 22.386, 8],
  [K1, 'Chicago', 'Zhengzhou', 94.7709, 92.1964, 96.7944, 94.626, 4],
  [S1, 'Manila', 'Dalian', 38.8955, 27.1205, 47.3783, 34.174, 4],
] as const)(
  '%s, %s–%s: the round trips of Hypatia within 0.01 ms, and its path changes',
  (constellation, from, to, first, min, max, mean, pathChanges) => {
    const found = route(constellation, CITIES[from], CITIES[to], 2000, 100);
    const { rttMs } = found;
    expect(Math.abs(found.firstRttMs - first)).toBeLessThan(0.01);
    expect(Math.abs((rttMs?.min ?? 0) - min)).toBeLessThan(0.01);
    expect(Math.abs((rttMs?.max ?? 0) - max)).toBeLessThan(0.01);
    expect(Math.abs((rttMs?.mean ?? 0) - mean)).toBeLessThan(0.01);
    expect(found.pathChanges).toBe(pathChanges);
    // Its lasers are permanent: a route never changes because one of them was lost.
    expect(found.changesByReason['link lost']).toBe(0);
  },
);

/** network.md N1 and N2: other coordinates, 200 steps of 1 s, within 0.3 ms. */
test.each([
  ['Manila–Dalian', [14.60416, 120.98222], [38.913811, 121.602322], 25.23, 48.16],
  ['Istanbul–Nairobi', [41.01384, 28.94966], [-1.28325, 36.81667], 46.93, 69.54],
] as const)(
  'figure 3 of the paper, %s: shortest and longest round trip',
  (_, from, to, min, max) => {
    const { rttMs } = route(K1, from, to, 200, 1000);
    expect(Math.abs((rttMs?.min ?? 0) - min)).toBeLessThan(0.3);
    expect(Math.abs((rttMs?.max ?? 0) - max)).toBeLessThan(0.3);
  },
);
