// Forwarding state of a whole constellation at one instant: where every satellite and every city sends
// what is meant for each of 100 cities. One core, one run; positions, links and tables all inside the clock.
//
//   node bench/routing.ts [--quick] [--json] [--peer CHECKOUT]
//
// With the path of a checkout of Hypatia (github.com/snkas/hypatia) its own generator runs here, in Python
// (PYTHON names the interpreter); without it the figure recorded in 2026 is quoted.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTable,
  CLEAR_OF_THE_EARTH,
  elevationRule,
  fillRouteTable,
  type GroundLinkRule,
  HYPATIA_EARTH_ORIENTATION,
  HYPATIA_EPOCH,
  hypatiaGround,
  hypatiaNetwork,
  type LaserLimits,
  type LaserTopology,
  plusGrid,
  ROUTING_ALGORITHMS,
  type RouteTable,
  type RoutingAlgorithm,
  shortestDelay,
  updateGroundLinks,
  updateLinkGraph,
} from '../src/network/index.ts';
import {
  addSeconds,
  allocatePositionsEcef,
  createPropagator,
  designElementSets,
  type EarthOrientation,
  type ElementSet,
  NO_EARTH_ORIENTATION,
  parseDesign,
} from '../src/orbits/index.ts';
import { type GroundGeometry, groundGeometry } from '../src/sky/index.ts';
import { allCities } from '../src/store/cities.ts';
import { type BenchReport, type BenchRow, benchTable, thisMachine } from './benchReport.ts';

const CITY_COUNT = 100;
const STEP_S = 0.1;
/** peers.md: Hypatia's generator, one thread, a machine like ours, seconds a step. */
const RECORDED_S1_MS = 15_000;
const RECORDED_K1_MS = 6_400;

interface Network {
  readonly elementSets: readonly ElementSet[];
  readonly topology: LaserTopology;
  readonly limits: LaserLimits;
  readonly places: GroundGeometry;
  readonly rule: GroundLinkRule;
  readonly earth: EarthOrientation;
}

/** Measures everything; `quick` takes fewer steps and leaves out the slow peer. */
export async function run(options: { quick: boolean; peer?: string }): Promise<BenchReport> {
  const peerMs = (network: string): number | undefined =>
    options.peer === undefined ? undefined : hypatiaStepMs(options.peer, network);
  const [starlinkPeerMs, kuiperPeerMs] = [peerMs('main_starlink_550'), peerMs('main_kuiper_630')];
  const steps = options.quick ? 20 : 100;
  const starlink = walkerNetwork('53:1584/72/39@550');
  const starlinkHypatia = hypatiaNetworkOfCities('starlink-s1-hypatia');
  const kuiper = hypatiaNetworkOfCities('kuiper-k1-hypatia');
  const rows: BenchRow[] = [
    peerRow(
      '72×22 at 550 km, F = 39, shift 0',
      starlink,
      steps,
      15,
      RECORDED_S1_MS,
      starlinkPeerMs,
    ),
    peerRow(
      '72×22, conventions of Hypatia',
      starlinkHypatia,
      steps,
      15,
      RECORDED_S1_MS,
      starlinkPeerMs,
    ),
    peerRow('Kuiper K1, conventions of Hypatia', kuiper, steps, 10, RECORDED_K1_MS, kuiperPeerMs),
  ];
  for (const algorithm of ROUTING_ALGORITHMS.filter(one => one !== shortestDelay)) {
    const { stepMs } = forwardingState(starlink, steps, algorithm);
    rows.push({ name: `72×22 at 550 km, ${algorithm.name}, a step`, value: stepMs, unit: 'ms' });
  }
  if (!options.quick) rows.push(...floydWarshallRows(kuiper, steps));
  return { name: 'routing', machine: thisMachine(), rows };
}

/** The most populous towns of GeoNames: the list that Hypatia uses is not in this repository. */
function largestCitiesRad(): { latRad: Float64Array; lonRad: Float64Array } {
  const cities = [...allCities()].sort((a, b) => b.population - a.population).slice(0, CITY_COUNT);
  const column = (axis: 0 | 1) =>
    Float64Array.from(cities, city => (city.loc.coordinates[axis] * Math.PI) / 180);
  return { latRad: column(1), lonRad: column(0) };
}

function walkerNetwork(design: string): Network {
  const shells = parseDesign(design);
  const { latRad, lonRad } = largestCitiesRad();
  return {
    elementSets: designElementSets(shells, { epoch: HYPATIA_EPOCH }),
    topology: plusGrid(shells, 0),
    limits: CLEAR_OF_THE_EARTH,
    places: groundGeometry(latRad, lonRad),
    rule: elevationRule(CITY_COUNT, (25 * Math.PI) / 180),
    earth: NO_EARTH_ORIENTATION,
  };
}

function hypatiaNetworkOfCities(name: string): Network {
  const { elementSets, topology, laserLimits, groundRule } = hypatiaNetwork(name);
  const { latRad, lonRad } = largestCitiesRad();
  return {
    elementSets,
    topology,
    limits: laserLimits,
    places: hypatiaGround(latRad, lonRad),
    rule: groundRule(CITY_COUNT),
    earth: HYPATIA_EARTH_ORIENTATION,
  };
}

/** Median time of a step, from propagation to the finished tables, and the state of the last one. */
function forwardingState(network: Network, steps: number, algorithm: RoutingAlgorithm) {
  const { topology, places } = network;
  const propagator = createPropagator(network.elementSets);
  const satellites = allocatePositionsEcef(propagator.count);
  const graph = allocateLinkGraph(topology);
  const ground = allocateGroundLinks(places.count);
  const table = allocateRouteTable(propagator.count, places.count);
  const search = algorithm.createSearch(propagator.count);
  const step = (k: number) => {
    const at = addSeconds(HYPATIA_EPOCH, k * STEP_S);
    propagator.positionsEcef(at, satellites, network.earth);
    updateLinkGraph(topology, satellites, network.limits, graph);
    updateGroundLinks(places, satellites, network.rule, ground);
    fillRouteTable(search, graph, ground, table);
  };
  for (let k = 0; k < 5; k++) step(k);
  const timesMs = Array.from({ length: steps }, (_, k) => {
    const start = performance.now();
    step(k);
    return performance.now() - start;
  });
  return { stepMs: median(timesMs), graph, ground, table };
}

/** Hypatia's own generator on the same shell with its own list of 100 cities: its second step. */
function hypatiaStepMs(checkout: string, network: string): number {
  const python = process.env['PYTHON'] ?? 'python3';
  const script = fileURLToPath(new URL('./hypatia_peer.py', import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(python, [script, checkout, network], {
    encoding: 'utf8',
  });
  if (status === 0) return 1000 * (JSON.parse(stdout) as { seconds: number }).seconds;
  const reason = error?.message ?? stderr.trim().split('\n').at(-1);
  process.stderr.write(`beamkeeper: --peer ${checkout}: Hypatia does not run: ${reason}\n`);
  process.exit(2);
}

/** The target is the time; the ratio is to the peer of this run, or to a figure recorded elsewhere, and says so. */
function peerRow(
  name: string,
  network: Network,
  steps: number,
  targetMs: number,
  recordedMs: number,
  measuredMs: number | undefined,
): BenchRow {
  const peerMs = measuredMs ?? recordedMs;
  const { stepMs, table } = forwardingState(network, steps, shortestDelay);
  if (!table.distanceKm.some(Number.isFinite)) throw new Error(`${name}: no route at all`);
  return {
    name: `${name}, ${CITY_COUNT} cities, a step (median of ${steps}, at most ${targetMs} ms)`,
    value: stepMs,
    unit: 'ms',
    ratio: peerMs / stepMs,
    peer: `Hypatia (${(peerMs / 1000).toFixed(1)} s, ${measuredMs === undefined ? 'recorded figure, not measured here' : 'its own generator in this run'})`,
    target: recordedMs / targetMs,
    pass: stepMs <= targetMs,
  };
}

/** What Hypatia does at heart, all pairs of satellites by Floyd and Warshall, on the same graph, here. */
function floydWarshallRows(network: Network, steps: number): BenchRow[] {
  const { stepMs, graph, ground, table } = forwardingState(network, steps, shortestDelay);
  const n = graph.satelliteCount;
  const start = performance.now();
  const d = new Float64Array(n * n).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < n; i++) {
    d[i * n + i] = 0;
    for (let link = graph.offsets[i]; link < graph.offsets[i + 1]; link++) {
      d[i * n + graph.neighbour[link]] = graph.lengthKm[link];
    }
  }
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      const through = d[i * n + k];
      for (let j = 0; j < n; j++) {
        const km = through + d[k * n + j];
        if (km < d[i * n + j]) d[i * n + j] = km;
      }
    }
  }
  const peerMs = performance.now() - start;
  return [
    {
      name: 'Kuiper K1, a step beside Floyd and Warshall (typed arrays, satellites only)',
      value: stepMs,
      unit: 'ms',
      ratio: peerMs / stepMs,
      peer: `Floyd and Warshall (${(peerMs / 1000).toFixed(2)} s, this run)`,
    },
    {
      name: 'largest difference of a distance to it (must be below 1e-6)',
      ...largestDifference(d, ground, table),
    },
  ];
}

function largestDifference(
  betweenKm: Float64Array,
  { offsets, satellite, lengthKm }: ReturnType<typeof allocateGroundLinks>,
  table: RouteTable,
): { value: number; unit: string; target: number; pass: boolean } {
  const n = table.satelliteCount;
  let largest = 0;
  table.trees.forEach((tree, destination) => {
    for (let s = 0; s < n; s++) {
      let km = Number.POSITIVE_INFINITY;
      for (let i = offsets[destination]; i < offsets[destination + 1]; i++) {
        km = Math.min(km, betweenKm[s * n + satellite[i]] + lengthKm[i]);
      }
      if (km !== tree.distanceKm[s]) {
        largest = Math.max(largest, Math.abs(km - tree.distanceKm[s]));
      }
    }
  });
  return { value: largest, unit: 'km', target: 1e-6, pass: largest < 1e-6 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, peer: { type: 'string' } },
  });
  const report = await run({
    quick: values.quick === true,
    ...(values.peer === undefined ? {} : { peer: values.peer }),
  });
  const isJson = values.json === true;
  process.stdout.write(`${isJson ? JSON.stringify(report, null, 2) : benchTable(report)}\n`);
}
