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
} from '../../network/index.ts';
import { addSeconds, allocatePositionsEcef, createPropagator } from '../../orbits/index.ts';
import { roundTripMs } from '../../sky/index.ts';
import { compare, type PublishedFigure, type PublishedResult } from './publishedResult.ts';

type Place = readonly [latDeg: number, lonDeg: number];

const PAPER = 'Kassing et al., "Exploring the Internet from space with Hypatia", IMC 2020';
const K1 = 'kuiper-k1-hypatia';
const S1 = 'starlink-s1-hypatia';

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

/** A pair over time by Hypatia's conventions: its orbits, +grid, ground ellipsoid and range limits. */
function hypatiaRoute(
  constellation: string,
  [from, to]: readonly [Place, Place],
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
  return { ...series.finish(), firstRttMs: roundTripMs(firstKm) };
}

/** Figure 3 of the paper: the shortest and the longest round trip of a pair. */
function figure3(
  id: string,
  pair: string,
  places: readonly [Place, Place],
  published: readonly [min: number, max: number],
  reference: readonly [min: number, max: number],
): PublishedResult {
  return {
    id,
    title: `Kuiper K1, ${pair}: round trip over 200 s`,
    source: PAPER,
    conditions: 'figure 3; 34×34, 51.9°, 14.80 rev/day, +grid without F, 200 steps of 1 s',
    rows: async () => {
      const { rttMs } = hypatiaRoute(K1, places, 200, 1000);
      return (['min', 'max'] as const).map((key, k) =>
        compare(
          {
            what: key === 'min' ? 'shortest' : 'longest',
            unit: 'ms',
            published: published[k],
            reference: reference[k],
            tolerance: 0.3,
          },
          rttMs?.[key] ?? Number.NaN,
        ),
      );
    },
  };
}

export const hypatiaManilaDalian = figure3(
  'N1',
  'Manila–Dalian',
  [
    [14.60416, 120.98222],
    [38.913811, 121.602322],
  ],
  [25, 48],
  [25.23, 48.16],
);

export const hypatiaIstanbulNairobi = figure3(
  'N2',
  'Istanbul–Nairobi',
  [
    [41.01384, 28.94966],
    [-1.28325, 36.81667],
  ],
  [47, 70],
  [46.93, 69.54],
);

/** At 0 s, shortest, longest and mean round trip, ms; path changes. */
const ROWS = [
  [K1, 'Manila', 'Dalian', 29.4231, 25.2298, 48.1651, 40.144, 5],
  [K1, 'Istanbul', 'Nairobi', 63.2464, 46.9114, 69.6742, 60.042, 8],
  [K1, 'Paris', 'Moscow', 21.8989, 21.717, 24.6277, 22.386, 8],
  [K1, 'Chicago', 'Zhengzhou', 94.7709, 92.1964, 96.7944, 94.626, 4],
  [S1, 'Manila', 'Dalian', 38.8955, 27.1205, 47.3783, 34.174, 4],
] as const;

/**
 * The five rows of peers.md: recomputed from Hypatia's own definitions by another program, equal to
 * its printout within 1e-9 ms wherever it printed.
 */
export const hypatiaRows: PublishedResult = {
  id: 'hypatia-rows',
  title: 'Five routes in steps of 100 ms: round trips and path changes',
  source: PAPER,
  conditions:
    'recomputed with the definitions of its software, commit 0ac531c: kuiper-k1-hypatia and starlink-s1-hypatia, cities of its list of 100, 2,000 steps. Path changes are exact',
  rows: async () =>
    ROWS.flatMap(([constellation, from, to, first, min, max, mean, pathChanges]) => {
      const found = hypatiaRoute(constellation, [CITIES[from], CITIES[to]], 2000, 100);
      const name = `${constellation === K1 ? 'K1' : 'S1'} ${from}–${to}`;
      const ms = (what: string, published: number): PublishedFigure => ({
        what: `${name}, ${what}`,
        unit: 'ms',
        published,
        tolerance: 0.01,
      });
      const { rttMs } = found;
      return [
        compare(ms('at 0 s', first), found.firstRttMs),
        compare(ms('shortest', min), rttMs?.min ?? Number.NaN),
        compare(ms('longest', max), rttMs?.max ?? Number.NaN),
        compare(ms('mean', mean), rttMs?.mean ?? Number.NaN),
        compare(
          { what: `${name}, path changes`, unit: '', published: pathChanges, tolerance: 0 },
          found.pathChanges,
        ),
      ];
    }),
};
