import { setImmediate } from 'node:timers/promises';
import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTree,
  createPathSeries,
  disjointPaths,
  fibreDelayMs,
  type GroundLinks,
  type LatencyParameters,
  type PathChangeReason,
  type PathSummary,
  PROPAGATION_ONLY,
  type RouteTree,
  type RoutingAlgorithm,
  updateGroundLinks,
  updateLinkGraph,
  walkRoute,
} from '../network/index.ts';
import {
  addSeconds,
  allocatePositionsEcef,
  BeamkeeperError,
  ecefToGeodetic,
  type PositionsEcef,
} from '../orbits/index.ts';
import {
  type GroundGeometry,
  greatCircleKm,
  roundTripMs,
  SPEED_OF_LIGHT_KM_S,
} from '../sky/index.ts';
import type { ChosenGateways } from './gatewayList.ts';
import type { GroundSite, RouteNetwork } from './routeNetwork.ts';
import type { OnProgress } from './worldRequest.ts';

const DEG = Math.PI / 180;
/** Refractive index of fibre (network.md §7). */
export const FIBRE_REFRACTIVE_INDEX = 1.468;
/** [A] Length of fibre over the great circle, between gateways and a point of presence: 1.3–2.3 (network.md §7). */
const FIBRE_ROUTE_FACTOR = 1.5;
/** A point of presence is joined to so many of the nearest gateways in operation; farther ones never win. */
const GATEWAYS_OF_A_POP = 8;
/** Ends nearer than this are one place. */
const SAME_PLACE_KM = 0.01;

/** Glass along the great circle: what no cable reaches. */
const IDEAL_FIBRE: LatencyParameters = {
  ...PROPAGATION_ONLY,
  fibreRefractiveIndex: FIBRE_REFRACTIVE_INDEX,
};
const POP_FIBRE: LatencyParameters = { ...IDEAL_FIBRE, fibreRouteFactor: FIBRE_ROUTE_FACTOR };

/** Where a route begins or ends. */
export interface RouteEnd {
  readonly kind: 'place' | 'cell' | 'gateway' | 'pop';
  readonly name: string;
  readonly latDeg: number;
  readonly lonDeg: number;
}

export interface RouteRequest {
  readonly from: RouteEnd;
  readonly to: RouteEnd;
  readonly network: RouteNetwork;
  readonly algorithm: RoutingAlgorithm;
  /** Join points of presence to the satellites, and are the stations of ground relays. */
  readonly gateways: ChosenGateways;
  readonly forS: number;
  readonly stepS: number;
  /** Also so many routes that share no satellite; 0 or 1: none but the best. */
  readonly disjointCount?: number;
  /** Of the ends, in words. */
  readonly warnings?: readonly string[];
}

/** One link of a route, one way. */
export interface RouteHop {
  readonly from: string;
  readonly to: string;
  readonly kind: 'radio' | 'laser' | 'fibre';
  readonly km: number;
  readonly ms: number;
}

/** The route from `atS` on, until the next. */
export interface RoutePath {
  readonly atS: number;
  /** Both ways; null while there is no route. */
  readonly rttMs: number | null;
  /** Why it took the place of the one before; null for the first. */
  readonly reason: PathChangeReason | null;
  readonly hops: readonly RouteHop[];
  /** Below each node of the route at `atS`, degrees, longitude first. */
  readonly points: readonly RoutePoint[];
}

export interface RoutePoint {
  readonly name: string;
  readonly kind: 'satellite' | 'gateway' | 'end';
  readonly lonDeg: number;
  readonly latDeg: number;
}

/** The n-th best of the routes that share no satellite, over time. */
export interface DisjointRoute {
  /** Steps at which there were so many. */
  readonly stepCount: number;
  /** Null when there never were. */
  readonly rttMs: PathSummary['rttMs'];
  /** When there first were so many. */
  readonly first: RoutePath | null;
}

/** One step. Null while there is no route. */
export interface RouteStep {
  readonly atS: number;
  readonly rttMs: number | null;
  readonly hops: number | null;
}

export interface RouteResult {
  readonly request: RouteRequest;
  readonly summary: PathSummary;
  readonly steps: readonly RouteStep[];
  /** One for each entry of the summary. */
  readonly paths: readonly RoutePath[];
  /** Links on a route, fewest and most; null without any. */
  readonly hopCount: { readonly min: number; readonly max: number } | null;
  /** Steps without a route, by what is missing; the first that applies. */
  readonly unreachable: {
    readonly steps: number;
    readonly fromSeesNoSatellite: number;
    readonly toSeesNoSatellite: number;
    readonly noPath: number;
  };
  /** Routes that share no satellite, the shortest first: empty when not asked for. */
  readonly disjoint: readonly DisjointRoute[];
  readonly greatCircleKm: number;
  /** Both ways through glass along the great circle. */
  readonly fibreRttMs: number;
  readonly warnings: readonly string[];
}

/** An antenna of an end: a place of the ground links, and the fibre between it and the end. */
interface Attachment {
  readonly place: number;
  /** The fibre as a length of the same delay in vacuum. */
  readonly equivalentKm: number;
}

/**
 * The best route between two ends at every step. The event loop turns between steps, so that Ctrl-C
 * is heard.
 *
 * @throws BeamkeeperError `ROUTE_ENDS` when both ends are one place, `NO_POSITIONS` when no satellite
 *   has a position at the start. Ends without a satellite, or without a way between, are no error.
 */
export async function runRoute(
  request: RouteRequest,
  onProgress?: OnProgress,
): Promise<RouteResult> {
  const { from, to, network, algorithm } = request;
  const distanceKm = kmBetween(from, to);
  if (distanceKm < SAME_PLACE_KM) {
    throw new BeamkeeperError(
      'ROUTE_ENDS',
      `${from.name} and ${to.name} are the same place; a route needs two`,
    );
  }
  const { sites, siteNames, attachments } = sitesOf(request);
  const { propagator, topology, laserLimits } = network;
  const positions = allocatePositionsEcef(propagator.count);
  const graph = allocateLinkGraph(topology);
  const places = network.groundOf(sites);
  const rule = network.ruleOf(sites);
  const ground = allocateGroundLinks(sites.length);
  const tree = allocateRouteTree(propagator.count, sites.length);
  const search = algorithm.createSearch(propagator.count);
  const nodes = new Int32Array(propagator.count + sites.length + 2);
  const series = createPathSeries();
  const disjoint = Array.from({ length: wantedDisjoint(request) }, () => ({
    series: createPathSeries(),
    first: null as RoutePath | null,
  }));
  const warnings = [...network.warnings, ...(request.warnings ?? [])];
  const { warning } = request.gateways;
  if (warning !== null && sites.length > 2) warnings.push(warning);
  const steps: RouteStep[] = [];
  const paths: RoutePath[] = [];
  const unreachable = { steps: 0, fromSeesNoSatellite: 0, toSeesNoSatellite: 0, noPath: 0 };
  let last: Int32Array | null = null;

  const stepCount = Math.max(1, Math.ceil(request.forS / request.stepS - 1e-9));
  for (let step = 0; step < stepCount; step++) {
    const atS = Math.round(step * request.stepS * 1e6) / 1e6;
    const failed = propagator.positionsEcef(
      addSeconds(network.at, atS),
      positions,
      network.earthOrientation,
    );
    if (step === 0) warnings.push(...positionWarnings(failed, propagator.count));
    topology.moveTo?.(atS);
    updateLinkGraph(topology, positions, laserLimits, graph);
    updateGroundLinks(places, positions, rule, ground);

    let bestKm = Number.POSITIVE_INFINITY;
    let nodeCount = 0;
    for (const end of attachments.to) {
      search.routesTo(graph, ground, end.place, tree);
      for (const start of attachments.from) {
        if (start.place === end.place) continue;
        const source = propagator.count + start.place;
        const km = start.equivalentKm + tree.distanceKm[source] + end.equivalentKm;
        if (!(km < bestKm)) continue;
        bestKm = km;
        nodeCount = walkBetweenEnds(tree, propagator.count, start, end, nodes);
      }
    }

    series.add(atS, nodes, nodeCount, bestKm, graph, ground);
    const rttMs = nodeCount === 0 ? null : roundTripMs(bestKm);
    steps.push({ atS, rttMs, hops: nodeCount === 0 ? null : nodeCount - 1 });
    if (nodeCount === 0) {
      unreachable.steps++;
      if (seesNothing(ground, attachments.from)) unreachable.fromSeesNoSatellite++;
      else if (seesNothing(ground, attachments.to)) unreachable.toSeesNoSatellite++;
      else unreachable.noPath++;
    }
    const sky = { request, positions, places, sites, siteNames };
    if (last === null || !isSame(last, nodes, nodeCount)) {
      last = nodes.slice(0, nodeCount);
      paths.push(pathAt(atS, rttMs, last, sky));
    }
    if (disjoint.length > 0) {
      const found = disjointPaths(graph, ground, 0, 1, disjoint.length);
      disjoint.forEach((rank, i) => {
        const path = found[i] ?? { nodes: [], distanceKm: Number.POSITIVE_INFINITY };
        const pathNodes = Int32Array.from(path.nodes);
        rank.series.add(atS, pathNodes, pathNodes.length, path.distanceKm, graph, ground);
        if (found[i] === undefined) return;
        rank.first ??= pathAt(atS, roundTripMs(path.distanceKm), pathNodes, sky);
      });
    }
    onProgress?.(step + 1, stepCount);
    await setImmediate();
  }

  const counts = steps.flatMap(step => (step.hops === null ? [] : [step.hops]));
  const summary = series.finish();
  return {
    request,
    summary,
    steps,
    paths: paths.map((path, i) => ({ ...path, reason: summary.entries[i].reason })),
    disjoint: disjoint.map(({ series: rank, first }) => {
      const { reachableCount, rttMs } = rank.finish();
      return { stepCount: reachableCount, rttMs, first };
    }),
    hopCount:
      counts.length === 0
        ? null
        : {
            min: counts.reduce((a, b) => Math.min(a, b)),
            max: counts.reduce((a, b) => Math.max(a, b)),
          },
    unreachable,
    greatCircleKm: distanceKm,
    fibreRttMs: 2 * fibreDelayMs(distanceKm, IDEAL_FIBRE),
    warnings,
  };
}

/** The two ends are places 0 and 1; gateways that join points of presence, or relay, come after them. */
function sitesOf(request: RouteRequest): {
  readonly sites: GroundSite[];
  readonly siteNames: string[];
  readonly attachments: Readonly<Record<'from' | 'to', readonly Attachment[]>>;
} {
  const ends = [request.from, request.to];
  const sites: GroundSite[] = ends.map(end => ({
    latRad: end.latDeg * DEG,
    lonRad: end.lonDeg * DEG,
    antenna: end.kind === 'pop' ? 'none' : end.kind === 'gateway' ? 'gateway' : 'user',
  }));
  const siteNames = ends.map(end => end.name);
  const { gateways } = request.gateways;
  const placeOf = new Map<number, number>();
  const addGateway = (g: number): number => {
    const known = placeOf.get(g);
    if (known !== undefined) return known;
    sites.push({ latRad: gateways.latRad[g], lonRad: gateways.lonRad[g], antenna: 'gateway' });
    siteNames.push(gateways.name[g]);
    placeOf.set(g, sites.length - 1);
    return sites.length - 1;
  };
  const operational = Array.from({ length: gateways.count }, (_, g) => g).filter(
    g => gateways.isOperational[g] !== 0,
  );
  const attach = (end: RouteEnd, place: number): Attachment[] => {
    if (end.kind !== 'pop') return [{ place, equivalentKm: 0 }];
    if (operational.length === 0) {
      throw new BeamkeeperError(
        'GATEWAYS_EMPTY',
        `${request.gateways.list}: no gateway of the list is operational, and ${end.name} is reached through gateways only`,
      );
    }
    return operational
      .map(g => ({
        g,
        fibreKm: greatCircleKm(
          end.latDeg * DEG,
          end.lonDeg * DEG,
          gateways.latRad[g],
          gateways.lonRad[g],
        ),
      }))
      .sort((a, b) => a.fibreKm - b.fibreKm)
      .slice(0, GATEWAYS_OF_A_POP)
      .map(({ g, fibreKm }) => ({
        place: addGateway(g),
        equivalentKm: (fibreDelayMs(fibreKm, POP_FIBRE) * SPEED_OF_LIGHT_KM_S) / 1000,
      }));
  };
  if (request.algorithm.relaysOnGround) for (const g of operational) addGateway(g);
  return {
    sites,
    siteNames,
    attachments: { from: attach(request.from, 0), to: attach(request.to, 1) },
  };
}

/** The route with the fibre at its ends: nodes 0 and 1 of the ground where an end has no antenna. */
function walkBetweenEnds(
  tree: RouteTree,
  satelliteCount: number,
  start: Attachment,
  end: Attachment,
  out: Int32Array,
): number {
  const before = start.place === 0 ? 0 : 1;
  if (before === 1) out[0] = satelliteCount;
  let count = before + walkRoute(tree, satelliteCount + start.place, out.subarray(before));
  if (end.place !== 1) out[count++] = satelliteCount + 1;
  return count;
}

function wantedDisjoint({ disjointCount = 0, algorithm, from, to }: RouteRequest): number {
  if (disjointCount < 2) return 0;
  if (algorithm.relaysOnGround || from.kind === 'pop' || to.kind === 'pop') {
    throw new BeamkeeperError(
      'DISJOINT',
      `--disjoint is of satellites between two antennas; it goes with neither ${algorithm.relaysOnGround ? algorithm.name : 'points of presence'} nor ${algorithm.relaysOnGround ? 'points of presence' : 'ground relays'}`,
    );
  }
  return disjointCount;
}

function seesNothing(ground: GroundLinks, attachments: readonly Attachment[]): boolean {
  return attachments.every(({ place }) => ground.offsets[place] === ground.offsets[place + 1]);
}

function isSame(last: Int32Array, nodes: Int32Array, nodeCount: number): boolean {
  return last.length === nodeCount && last.every((node, i) => node === nodes[i]);
}

function pathAt(
  atS: number,
  rttMs: number | null,
  nodes: Int32Array,
  at: {
    readonly request: RouteRequest;
    readonly positions: PositionsEcef;
    readonly places: GroundGeometry;
    readonly sites: readonly GroundSite[];
    readonly siteNames: readonly string[];
  },
): RoutePath {
  const { positions, places, sites, siteNames } = at;
  const { satelliteNames } = at.request.network;
  const { count } = positions;
  const isSatellite = (node: number): boolean => node < count;
  const name = (node: number): string =>
    isSatellite(node) ? satelliteNames[node] : siteNames[node - count];
  const coordinates = (node: number): readonly [number, number, number] => {
    const from = isSatellite(node) ? positions : places;
    const i = isSatellite(node) ? node : node - count;
    return [from.xKm[i], from.yKm[i], from.zKm[i]];
  };
  const hops: RouteHop[] = [];
  for (let i = 1; i < nodes.length; i++) {
    const [a, b] = [nodes[i - 1], nodes[i]];
    const ends = { from: name(a), to: name(b) };
    if (!isSatellite(a) && !isSatellite(b)) {
      const [one, other] = [sites[a - count], sites[b - count]];
      const km = greatCircleKm(one.latRad, one.lonRad, other.latRad, other.lonRad);
      hops.push({ ...ends, kind: 'fibre', km, ms: fibreDelayMs(km, POP_FIBRE) });
      continue;
    }
    const [p, q] = [coordinates(a), coordinates(b)];
    const km = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    const kind = isSatellite(a) && isSatellite(b) ? 'laser' : 'radio';
    hops.push({ ...ends, kind, km, ms: (1000 * km) / SPEED_OF_LIGHT_KM_S });
  }
  return {
    atS,
    rttMs,
    reason: null,
    hops,
    points: Array.from(nodes, (node): RoutePoint => {
      if (!isSatellite(node)) {
        const site = sites[node - count];
        return {
          name: name(node),
          kind: node - count < 2 ? 'end' : 'gateway',
          lonDeg: site.lonRad / DEG,
          latDeg: site.latRad / DEG,
        };
      }
      const below = ecefToGeodetic(...coordinates(node));
      return {
        name: name(node),
        kind: 'satellite',
        lonDeg: below.lonRad / DEG,
        latDeg: below.latRad / DEG,
      };
    }),
  };
}

function positionWarnings(failed: number, count: number): string[] {
  if (failed === count) {
    throw new BeamkeeperError(
      'NO_POSITIONS',
      `none of the ${failed} satellites has a position at the instant asked for: all have decayed or are too old; give --at nearer to their epochs`,
    );
  }
  return failed === 0
    ? []
    : [
        `${failed} of ${count} satellites have no position at the start (decayed, or too old) and carry nothing`,
      ];
}

function kmBetween(a: RouteEnd, b: RouteEnd): number {
  return greatCircleKm(a.latDeg * DEG, a.lonDeg * DEG, b.latDeg * DEG, b.lonDeg * DEG);
}
