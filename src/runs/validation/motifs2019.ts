import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTable,
  createTopology,
  elevationRule,
  fillRouteTable,
  laserLengthKm,
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
  type ElementSet,
  type PositionsEcef,
  parseDesign,
  parseInstant,
} from '../../orbits/index.ts';
import { greatCircleKm, groundGeometry } from '../../sky/index.ts';
import { allCities } from '../../store/cities.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

const DEG = Math.PI / 180;
const ALTITUDE_KM = 550;
const EPOCH = parseInstant('2000-01-01T00:00:00Z');
const PAPER = 'Bhattacherjee & Singla, "Network topology design at 27,000 km/hour", CoNEXT 2019';
const LIMITS = { maxRangeKm: 5014, minTangentHeightKm: Number.NEGATIVE_INFINITY };

/** Phasing and how many satellites one at the equator reaches. */
const REACHED = [
  [1, 192],
  [20, 193],
  [0, 201],
] as const;

export const motifsReach: PublishedResult = {
  id: 'N12',
  title: 'Satellites that one at the equator can reach by laser',
  source: PAPER,
  conditions:
    '40×40, 53°, 550 km, 5,014 km; circular orbits on a sphere. The paper does not give F',
  rows: async () =>
    REACHED.map(([phasing, reference]) => {
      const sets = designElementSets(parseDesign(`53:1600/40/${phasing}@${ALTITUDE_KM}`), {
        epoch: EPOCH,
      });
      const positions = circularPositions(sets);
      let reached = 0;
      for (let other = 1; other < sets.length; other++) {
        if (laserLengthKm(positions, 0, other, LIMITS) > 0) reached++;
      }
      return compare(
        { what: `F = ${phasing}`, unit: 'satellites', published: 190, reference, tolerance: 0 },
        reached,
      );
    }),
};

/** At the epoch; satellite 0 of plane 0 is on the equator. */
function circularPositions(sets: readonly ElementSet[]): PositionsEcef {
  const positions = allocatePositionsEcef(sets.length);
  const orbitKm = 6378.137 + ALTITUDE_KM;
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

const CITY_COUNT = 100;
/** Nearer than this nobody needs a satellite, and stretch is large whatever the lasers. */
const NEAR_KM = 1000;
const INSTANTS_S = [0, 1000, 2500];
/**
 * Their motifs are not printed: this is the best of all 812 whose links always stay within 5,014 km,
 * found by trying each on every fourth of the 100 largest towns.
 */
export const BEST_MOTIF = 'motif:4,-1/0,3';

export const motifsGain: PublishedResult = {
  id: 'motifs-gain',
  title: 'How much better than +grid a motif is in stretch plus lasers a route',
  source: PAPER,
  conditions:
    '40×40, 53°, F = 0, 550 km, lasers to 5,014 km, pairs of the 100 largest towns over 1,000 km apart, above 25°; our best motif, since theirs is not printed',
  rows: async () =>
    INSTANTS_S.map(atS => {
      const grid = meanRoute('plus-grid', atS);
      const motif = meanRoute(BEST_MOTIF, atS);
      const gain = 1 - (motif.stretch + motif.lasers) / (grid.stretch + grid.lasers);
      return compare(
        {
          what: `at ${atS} s`,
          unit: '%',
          published: { atMost: 54 },
          reference: { atLeast: 40, atMost: 54 },
          tolerance: 0,
        },
        100 * gain,
      );
    }),
};

/** Means over the pairs of towns at one instant: length over great circle, and lasers a route. */
export function meanRoute(
  topologyName: string,
  atS: number,
): { stretch: number; lasers: number; linkCount: number } {
  const shells = parseDesign(`53:1600/40/0@${ALTITUDE_KM}`);
  const elementSets = designElementSets(shells, { epoch: EPOCH });
  const propagator = createPropagator(elementSets);
  const satellites = allocatePositionsEcef(propagator.count);
  propagator.positionsEcef(addSeconds(EPOCH, atS), satellites);
  const topology = createTopology(topologyName, { elementSets, shells, crossPlaneShift: 0 });
  const graph = allocateLinkGraph(topology);
  updateLinkGraph(topology, satellites, LIMITS, graph);
  const cities = [...allCities()].sort((a, b) => b.population - a.population).slice(0, CITY_COUNT);
  const rad = (axis: 0 | 1) => Float64Array.from(cities, city => city.loc.coordinates[axis] * DEG);
  const [latRad, lonRad] = [rad(1), rad(0)];
  const ground = allocateGroundLinks(CITY_COUNT);
  const rule = elevationRule(CITY_COUNT, 25 * DEG);
  updateGroundLinks(groundGeometry(latRad, lonRad), satellites, rule, ground);
  const table = allocateRouteTable(propagator.count, CITY_COUNT);
  fillRouteTable(shortestDelay.createSearch(propagator.count), graph, ground, table);
  const nodes = new Int32Array(propagator.count + CITY_COUNT);
  let stretch = 0;
  let lasers = 0;
  let pairs = 0;
  for (let a = 0; a < CITY_COUNT; a++) {
    for (let b = 0; b < a; b++) {
      const km = greatCircleKm(latRad[a], lonRad[a], latRad[b], lonRad[b]);
      if (km < NEAR_KM) continue;
      const nodeCount = walkRoute(table.trees[b], propagator.count + a, nodes);
      if (nodeCount === 0) continue;
      // Between the two towns and their satellites are the two links that are no laser.
      stretch += table.trees[b].distanceKm[propagator.count + a] / km;
      lasers += nodeCount - 3;
      pairs++;
    }
  }
  return { stretch: stretch / pairs, lasers: lasers / pairs, linkCount: graph.linkCount };
}
