/**
 * Published latencies and ranges of low-orbit networks with lasers, with the conditions of network.md §9:
 * SGP4 orbits, epoch 2000-01-01, +grid with Walker's F at the wrap and cross-plane shift 0, lasers kept
 * 80 km above the Earth, places on Hypatia's ellipsoid, elevation over the plane across the radius.
 */
import { expect, test } from 'vitest';
import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTree,
  CLEAR_OF_THE_EARTH,
  createPathSeries,
  elevationRule,
  fibreCrossoverKm,
  type LaserTopology,
  laserLengthKm,
  laserRangeKm,
  type PathSummary,
  plusGrid,
  plusGridFifth,
  shortestDelay,
  updateGroundLinks,
  updateLinkGraph,
  walkRoute,
} from '../src/network/index.ts';
import {
  addSeconds,
  allocatePositionsEcef,
  createPropagator,
  designElementSets,
  parseDesign,
  parseInstant,
} from '../src/orbits/index.ts';
import type { GroundGeometry } from '../src/sky/index.ts';

const EPOCH = parseInstant('2000-01-01T00:00:00Z');
const DEG = Math.PI / 180;
const LONDON = [51.5074, -0.1278] as const;
const NEW_YORK = [40.7128, -74.006] as const;
const JOHANNESBURG = [-26.2041, 28.0473] as const;

/** On the ellipsoid of WGS72, `up` along the radius: network.md asks for the geocentric elevation. */
function places(latLonDeg: readonly (readonly [number, number])[]): GroundGeometry {
  const column = () => new Float64Array(latLonDeg.length);
  const ground = { count: latLonDeg.length, xKm: column(), yKm: column(), zKm: column() };
  const up = { upX: column(), upY: column(), upZ: column() };
  const flattening = 1 / 298.26;
  const e2 = flattening * (2 - flattening);
  latLonDeg.forEach(([latDeg, lonDeg], i) => {
    const sinLat = Math.sin(latDeg * DEG);
    const normalKm = 6378.135 / Math.sqrt(1 - e2 * sinLat * sinLat);
    const x = (ground.xKm[i] = normalKm * Math.cos(latDeg * DEG) * Math.cos(lonDeg * DEG));
    const y = (ground.yKm[i] = normalKm * Math.cos(latDeg * DEG) * Math.sin(lonDeg * DEG));
    const z = (ground.zKm[i] = normalKm * (1 - e2) * sinLat);
    const radiusKm = Math.hypot(x, y, z);
    up.upX[i] = x / radiusKm;
    up.upY[i] = y / radiusKm;
    up.upZ[i] = z / radiusKm;
  });
  return { ...ground, ...up };
}

/** New York to London for 6000 s in steps of 20 s. */
function newYorkLondon(design: string, minElevationDeg: number): PathSummary {
  return routeOver(design, plusGrid(parseDesign(design), 0), [NEW_YORK, LONDON], minElevationDeg);
}

/** The first of two places to the second for 6000 s in steps of 20 s. */
function routeOver(
  design: string,
  topology: LaserTopology,
  ends: readonly (readonly [number, number])[],
  minElevationDeg: number,
): PathSummary {
  const propagator = createPropagator(designElementSets(parseDesign(design), { epoch: EPOCH }));
  const satellites = allocatePositionsEcef(propagator.count);
  const graph = allocateLinkGraph(topology);
  const cities = places(ends);
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

test('N8: London–New York over 72×22 at 550 km, F = 39, takes 42.3 / 43.0 / 44.1 ms', () => {
  const { rttMs, reachableCount, stepCount } = newYorkLondon('53:1584/72/39@550', 25);
  expect(reachableCount).toBe(stepCount);
  expect(Math.abs((rttMs?.min ?? 0) - 42.3)).toBeLessThan(0.5);
  expect(Math.abs((rttMs?.median ?? 0) - 43)).toBeLessThan(0.5);
  expect(Math.abs((rttMs?.max ?? 0) - 44.1)).toBeLessThan(0.5);
});

/**
 * "Delay is Not an Option" (HotNets 2018): below the 55 ms of a great-circle fibre. His phase offset
 * 5/32 is F = −5 = 27 in our sign (see handley-2018-phase.test.ts).
 */
test.each([
  { minElevationDeg: 40, low: 49.8, high: 53.1 },
  { minElevationDeg: 50, low: 52.5, high: 55.9 },
])(
  'N7: Handley 2018, 32×50 at 1150 km, from $minElevationDeg° up: $low to $high ms',
  ({ minElevationDeg, low, high }) => {
    const { rttMs } = newYorkLondon('53:1600/32/27@1150', minElevationDeg);
    expect(Math.abs((rttMs?.min ?? 0) - low)).toBeLessThan(0.5);
    expect(Math.abs((rttMs?.max ?? 0) - high)).toBeLessThan(0.5);
  },
);

/**
 * "Delay is Not an Option" (HotNets 2018): about half of the 182 ms of the Internet, with a fifth laser
 * from each satellite to the mesh that crosses its own. That it goes to the nearest satellite of the
 * other heading is our reading.
 */
test('N9: London–Johannesburg takes less than 100 ms with the fifth link, and more without it', () => {
  const design = '53:1600/32/27@1150';
  const shells = parseDesign(design);
  const medianMs = (topology: LaserTopology) =>
    routeOver(design, topology, [LONDON, JOHANNESBURG], 40).rttMs?.median ?? Number.NaN;
  expect(medianMs(plusGridFifth(shells, 0))).toBeLessThan(100);
  expect(medianMs(plusGrid(shells, 0))).toBeGreaterThan(100);
});

test.each([
  [480, 4615.8],
  [540, 4961.1],
  [550, 5016.6],
  [570, 5126],
  [630, 5443],
  [1150, 7737],
])('N3: lasers at %d km reach %d km, 80 km clear of the Earth', (altitudeKm, rangeKm) => {
  expect(Math.abs(laserRangeKm(altitudeKm, 80) - rangeKm)).toBeLessThan(0.05);
});

test('a laser just within that range is allowed, and just beyond it is not', () => {
  const orbitKm = 6378.137 + 550;
  const at = (angle: number) => ({
    count: 2,
    xKm: Float64Array.of(orbitKm, orbitKm * Math.cos(angle)),
    yKm: Float64Array.of(0, orbitKm * Math.sin(angle)),
    zKm: Float64Array.of(0, 0),
  });
  const chordAngle = (km: number) => 2 * Math.asin(km / 2 / orbitKm);
  expect(laserLengthKm(at(chordAngle(5016.5)), 0, 1, CLEAR_OF_THE_EARTH)).toBeCloseTo(5016.5, 6);
  expect(laserLengthKm(at(chordAngle(5016.7)), 0, 1, CLEAR_OF_THE_EARTH)).toBeNaN();
});

/** Chaudhry & Yanikomeroglu, "Laser inter-satellite links … vs optical fibre" (2021), vertical legs. */
test.each([
  [300, 1427],
  [550, 2886],
  [1100, 7462],
])('N11: from %d km up, lasers beat fibre of n = 1.4675 beyond %d km', (altitudeKm, distanceKm) => {
  expect(Math.abs(fibreCrossoverKm(altitudeKm, 1.4675, 6371) - distanceKm)).toBeLessThan(1);
});

/** Bhattacherjee & Singla, "Network topology design at 27,000 km/hour" (CoNEXT 2019): 190 satellites. */
test.each([
  [1, 192],
  [20, 193],
  [0, 201],
])(
  'N12: 40×40 at 550 km, F = %d: a satellite at the equator reaches %d others',
  (phasing, count) => {
    const sets = designElementSets(parseDesign(`53:1600/40/${phasing}@550`), { epoch: EPOCH });
    const positions = circularPositions(sets, 550);
    const limits = { maxRangeKm: 5014, minTangentHeightKm: Number.NEGATIVE_INFINITY };
    let reached = 0;
    for (let other = 1; other < sets.length; other++) {
      if (laserLengthKm(positions, 0, other, limits) > 0) reached++;
    }
    expect(reached).toBe(count);
  },
);

/** Circular orbits on a sphere, at the epoch; satellite 0 of plane 0 is on the equator. */
function circularPositions(sets: ReturnType<typeof designElementSets>, altitudeKm: number) {
  const positions = allocatePositionsEcef(sets.length);
  const orbitKm = 6378.137 + altitudeKm;
  sets.forEach((set, i) => {
    const u = set.meanAnomalyDeg * DEG;
    const node = set.raanDeg * DEG;
    const inclination = set.inclinationDeg * DEG;
    const across = Math.sin(u) * Math.cos(inclination);
    positions.xKm[i] = orbitKm * (Math.cos(u) * Math.cos(node) - across * Math.sin(node));
    positions.yKm[i] = orbitKm * (Math.cos(u) * Math.sin(node) + across * Math.cos(node));
    positions.zKm[i] = orbitKm * Math.sin(u) * Math.sin(inclination);
  });
  return positions;
}
