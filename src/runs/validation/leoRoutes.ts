import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTree,
  CLEAR_OF_THE_EARTH,
  createPathSeries,
  elevationRule,
  type LaserTopology,
  type PathSummary,
  plusGrid,
  plusGridFifth,
  shortestDelay,
  updateGroundLinks,
  updateLinkGraph,
  walkRoute,
} from '../../network/index.ts';
import {
  addSeconds,
  allocatePositionsEcef,
  createPropagator,
  designElementSets,
  parseDesign,
  parseInstant,
  type WalkerShell,
} from '../../orbits/index.ts';
import type { GroundGeometry } from '../../sky/index.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

const EPOCH = parseInstant('2000-01-01T00:00:00Z');
const DEG = Math.PI / 180;
const LONDON = [51.5074, -0.1278] as const;
const NEW_YORK = [40.7128, -74.006] as const;
const JOHANNESBURG = [-26.2041, 28.0473] as const;
const HANDLEY = 'Handley, "Delay is not an option", HotNets 2018';
const RUN =
  'SGP4 from 2000-01-01, lasers 80 km above the Earth, geocentric elevation, 0…6000 s in 20-s steps';
/** His phase offset 5/32 is F = −5 = 27 in our sign: see N5. */
const HANDLEY_SHELL = '53:1600/32/27@1150';

type Place = readonly [latDeg: number, lonDeg: number];

interface RouteCase {
  readonly design: string;
  readonly from: Place;
  readonly to: Place;
  readonly minElevationDeg: number;
  readonly topologyOf: (shells: readonly WalkerShell[]) => LaserTopology;
}

/** On the ellipsoid of WGS72, `up` along the radius: network.md asks for the geocentric elevation. */
function places(latLonDeg: readonly Place[]): GroundGeometry {
  const column = () => new Float64Array(latLonDeg.length);
  const ground = { count: latLonDeg.length, xKm: column(), yKm: column(), zKm: column() };
  const up = { upX: column(), upY: column(), upZ: column() };
  const flattening = 1 / 298.26;
  const e2 = flattening * (2 - flattening);
  latLonDeg.forEach(([latDeg, lonDeg], i) => {
    const sinLat = Math.sin(latDeg * DEG);
    const normalKm = 6378.135 / Math.sqrt(1 - e2 * sinLat * sinLat);
    const x = normalKm * Math.cos(latDeg * DEG) * Math.cos(lonDeg * DEG);
    const y = normalKm * Math.cos(latDeg * DEG) * Math.sin(lonDeg * DEG);
    const z = normalKm * (1 - e2) * sinLat;
    const radiusKm = Math.hypot(x, y, z);
    ground.xKm[i] = x;
    ground.yKm[i] = y;
    ground.zKm[i] = z;
    up.upX[i] = x / radiusKm;
    up.upY[i] = y / radiusKm;
    up.upZ[i] = z / radiusKm;
  });
  return { ...ground, ...up };
}

function routeOverTime({ design, from, to, minElevationDeg, topologyOf }: RouteCase): PathSummary {
  const shells = parseDesign(design);
  const propagator = createPropagator(designElementSets(shells, { epoch: EPOCH }));
  const topology = topologyOf(shells);
  const satellites = allocatePositionsEcef(propagator.count);
  const graph = allocateLinkGraph(topology);
  const cities = places([from, to]);
  const rule = elevationRule(2, minElevationDeg * DEG);
  const ground = allocateGroundLinks(2);
  const tree = allocateRouteTree(propagator.count, 2);
  const search = shortestDelay.createSearch(propagator.count);
  const nodes = new Int32Array(propagator.count + 2);
  const series = createPathSeries();
  for (let atS = 0; atS <= 6000; atS += 20) {
    propagator.positionsEcef(addSeconds(EPOCH, atS), satellites);
    updateLinkGraph(topology, satellites, CLEAR_OF_THE_EARTH, graph);
    updateGroundLinks(cities, satellites, rule, ground);
    search.routesTo(graph, ground, 1, tree);
    const source = propagator.count;
    const nodeCount = walkRoute(tree, source, nodes);
    series.add(atS, nodes, nodeCount, tree.distanceKm[source], graph, ground);
  }
  return series.finish();
}

function newYorkLondon(design: string, minElevationDeg: number): PathSummary {
  return routeOverTime({
    design,
    from: NEW_YORK,
    to: LONDON,
    minElevationDeg,
    topologyOf: shells => plusGrid(shells, 0),
  });
}

export const handleyLondonNewYork: PublishedResult = {
  id: 'N7',
  title: 'London–New York over 32×50 at 1150 km: always below the 55 ms of a great-circle fibre',
  source: HANDLEY,
  conditions: `53°, his F = 5, +grid with cross-plane shift 0; ${RUN}`,
  rows: async () =>
    [
      { minElevationDeg: 40, min: 49.8, max: 53.1 },
      // The paper does not say its mask; above 50° the bound is just missed, by any program.
      { minElevationDeg: 50, min: 52.5, max: 55.9, note: 'at this mask not always below 55 ms' },
    ].flatMap(({ minElevationDeg, min, max, ...note }) => {
      const { rttMs } = newYorkLondon(HANDLEY_SHELL, minElevationDeg);
      const figure = { unit: 'ms', published: { atMost: 55 }, tolerance: 0.5 };
      const name = `from ${minElevationDeg}° up`;
      return [
        compare({ ...figure, what: `${name}, shortest`, reference: min }, rttMs?.min ?? Number.NaN),
        compare(
          { ...figure, ...note, what: `${name}, longest`, reference: max },
          rttMs?.max ?? Number.NaN,
        ),
      ];
    }),
};

export const starlinkLondonNewYork: PublishedResult = {
  id: 'N8',
  title: 'London–New York over 72×22 at 550 km',
  source: 'computed for this project by another program',
  conditions: `53°, F = 39, +grid with cross-plane shift 0, from 25° up; ${RUN}`,
  rows: async () => {
    const { rttMs, reachableCount, stepCount } = newYorkLondon('53:1584/72/39@550', 25);
    const ms = { unit: 'ms', published: null, tolerance: 0.5 };
    return [
      compare({ ...ms, what: 'shortest', reference: 42.3 }, rttMs?.min ?? Number.NaN),
      compare({ ...ms, what: 'median', reference: 43 }, rttMs?.median ?? Number.NaN),
      compare({ ...ms, what: 'longest', reference: 44.1 }, rttMs?.max ?? Number.NaN),
      compare(
        { what: 'steps with a route', unit: '%', published: null, reference: 100, tolerance: 0 },
        (100 * reachableCount) / stepCount,
      ),
    ];
  },
};

export const handleyLondonJohannesburg: PublishedResult = {
  id: 'N9',
  title: 'London–Johannesburg over 32×50 at 1150 km with a fifth laser to the crossing mesh',
  source: HANDLEY,
  conditions: `53°, his F = 5, +grid with cross-plane shift 0 and a fifth laser, from 40° up; ${RUN}. Our reading of the paper, which says about half of the 182 ms of the Internet; soft`,
  rows: async () => {
    const over = (topologyOf: RouteCase['topologyOf']): number =>
      routeOverTime({
        design: HANDLEY_SHELL,
        from: LONDON,
        to: JOHANNESBURG,
        minElevationDeg: 40,
        topologyOf,
      }).rttMs?.median ?? Number.NaN;
    return [
      compare(
        { what: 'median', unit: 'ms', published: 91, reference: { atMost: 100 }, tolerance: 0 },
        over(shells => plusGridFifth(shells, 0)),
      ),
      compare(
        {
          what: 'median without the fifth laser',
          unit: 'ms',
          published: null,
          reference: { atLeast: 100 },
          tolerance: 0,
          note: '+grid alone does not reach it',
        },
        over(shells => plusGrid(shells, 0)),
      ),
    ];
  },
};
