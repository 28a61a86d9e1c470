import {
  allocateGroundLinks,
  allocateLinkGraph,
  allocateRouteTree,
  CLEAR_OF_THE_EARTH,
  createPathSeries,
  elevationRule,
  fibreDelayMs,
  noLasers,
  type PathSeries,
  PROPAGATION_ONLY,
  ROUTING_ALGORITHMS,
  updateGroundLinks,
  updateLinkGraph,
  walkRoute,
} from '../../src/network/index.ts';
import { allocatePositionsEcef, BeamkeeperError, ecefToGeodetic } from '../../src/orbits/index.ts';
import {
  greatCircleKm,
  groundGeometry,
  roundTripMs,
  SPEED_OF_LIGHT_KM_S,
} from '../../src/sky/index.ts';
import { instantOfMs } from './keyFrame.ts';
import type {
  NodeOfPath,
  RouteHopRow,
  RouteOrder,
  RoutePart,
  RoutePolicy,
  RouteSpan,
} from './messages.ts';
import type { Twin } from './twin.ts';

const DEG = Math.PI / 180;
/** Glass along the great circle (network.md §7): what no cable reaches. */
const IDEAL_FIBRE = { ...PROPAGATION_ONLY, fibreRefractiveIndex: 1.468 };

/** Two ways to route between two places, on one clock. Call `step` until it says that all is done. */
export interface RouteJob {
  step(): boolean;
  part(): RoutePart;
}

/** One policy over time. */
interface Side {
  readonly relays: boolean;
  readonly graph: ReturnType<typeof allocateLinkGraph>;
  readonly topology: Parameters<typeof updateLinkGraph>[0];
  readonly search: ReturnType<(typeof ROUTING_ALGORITHMS)[number]['createSearch']>;
  readonly series: PathSeries;
  readonly rttMs: (number | null)[];
  readonly spans: RouteSpan[];
}

/** @throws BeamkeeperError `ROUTE_ENDS` when both ends are one place, `ROUTING` for an algorithm that there is not */
export function createRouteJob(twin: Twin, order: RouteOrder): RouteJob {
  const { from, to, startMs, stepS } = order;
  const directKm = greatCircleKm(
    from.latDeg * DEG,
    from.lonDeg * DEG,
    to.latDeg * DEG,
    to.lonDeg * DEG,
  );
  if (directKm < 0.01) {
    throw new BeamkeeperError(
      'ROUTE_ENDS',
      `${from.name} and ${to.name} are the same place; a route needs two`,
    );
  }
  const { propagator, gateways } = twin;
  const count = propagator.count;
  const stepCount = Math.max(1, Math.ceil(order.forS / stepS));
  const operational = Array.from({ length: gateways.count }, (_, g) => g).filter(
    g => gateways.isOperational[g] === 1,
  );
  const names = [from.name, to.name, ...operational.map(g => gateways.name[g])];
  const lats = [from.latDeg * DEG, to.latDeg * DEG, ...operational.map(g => gateways.latRad[g])];
  const lons = [from.lonDeg * DEG, to.lonDeg * DEG, ...operational.map(g => gateways.lonRad[g])];
  const groundOf = (placeCount: number) => ({
    places: groundGeometry(
      Float64Array.from(lats.slice(0, placeCount)),
      Float64Array.from(lons.slice(0, placeCount)),
    ),
    rule: elevationRule(placeCount, twin.file.parameters.userMaskRad),
    links: allocateGroundLinks(placeCount),
  });
  const ends = groundOf(2);
  // Only a policy that passes traffic on at gateways pays for looking at all of them.
  const relays = [order.a, order.b].some(policy => algorithmOf(policy).relaysOnGround)
    ? groundOf(names.length)
    : null;
  const positions = allocatePositionsEcef(count);
  const tree = allocateRouteTree(count, names.length);
  const nodes = new Int32Array(count + names.length + 2);
  const sides = [order.a, order.b].map((policy): Side => {
    const algorithm = algorithmOf(policy);
    const topology = policy.hasLasers && twin.topology !== null ? twin.topology : noLasers(count);
    return {
      relays: algorithm.relaysOnGround === true,
      topology,
      graph: allocateLinkGraph(topology),
      search: algorithm.createSearch(count),
      series: createPathSeries(),
      rttMs: [],
      spans: [],
    };
  });
  let stepsDone = 0;

  const nodeOf = (node: number): NodeOfPath => {
    if (node < count) {
      const [x, y, z] = [positions.xKm[node], positions.yKm[node], positions.zKm[node]];
      const below = ecefToGeodetic(x, y, z);
      return {
        name: twin.records[node].name || String(twin.records[node].catalogId),
        satellite: node,
        kind: 'satellite',
        ecefKm: [x, y, z],
        latDeg: below.latRad / DEG,
        lonDeg: below.lonRad / DEG,
        km: 0,
        ms: 0,
      };
    }
    const place = node - count;
    const { places } = relays ?? ends;
    return {
      name: names[place],
      satellite: -1,
      kind: place < 2 ? 'user' : 'gateway',
      ecefKm: [places.xKm[place], places.yKm[place], places.zKm[place]],
      latDeg: lats[place] / DEG,
      lonDeg: lons[place] / DEG,
      km: 0,
      ms: 0,
    };
  };

  const spanOf = (atS: number, path: Int32Array, rttMs: number | null): RouteSpan => {
    const chain = Array.from(path, nodeOf);
    const hops: RouteHopRow[] = [];
    for (let i = 1; i < chain.length; i++) {
      const [p, q] = [chain[i - 1], chain[i]];
      const km = Math.hypot(
        p.ecefKm[0] - q.ecefKm[0],
        p.ecefKm[1] - q.ecefKm[1],
        p.ecefKm[2] - q.ecefKm[2],
      );
      const kind = p.kind === 'satellite' && q.kind === 'satellite' ? 'laser' : 'radio';
      const ms = (1000 * km) / SPEED_OF_LIGHT_KM_S;
      hops.push({ from: p.name, to: q.name, kind, km, ms });
      chain[i] = { ...q, km, ms };
    }
    return { atS, rttMs, reason: null, hops, forS: stepS, nodes: chain };
  };

  return {
    step() {
      const atS = stepsDone * stepS;
      propagator.positionsEcef(instantOfMs(startMs + atS * 1000), positions);
      updateGroundLinks(ends.places, positions, ends.rule, ends.links);
      if (relays) updateGroundLinks(relays.places, positions, relays.rule, relays.links);
      for (const side of sides) {
        const ground = side.relays && relays ? relays.links : ends.links;
        updateLinkGraph(side.topology, positions, CLEAR_OF_THE_EARTH, side.graph);
        side.search.routesTo(side.graph, ground, 1, tree);
        const km = tree.distanceKm[count];
        const nodeCount = km < Number.POSITIVE_INFINITY ? walkRoute(tree, count, nodes) : 0;
        side.series.add(atS, nodes, nodeCount, km, side.graph, ground);
        const rttMs = nodeCount === 0 ? null : roundTripMs(km);
        side.rttMs.push(rttMs);
        const { entries } = side.series.finish();
        const { reason } = entries[entries.length - 1];
        const last = side.spans.at(-1);
        if (entries.length > side.spans.length) {
          side.spans.push({ ...spanOf(atS, nodes.slice(0, nodeCount), rttMs), reason });
        } else if (last) {
          side.spans[side.spans.length - 1] = { ...last, forS: last.forS + stepS };
        }
      }
      stepsDone++;
      return stepsDone >= stepCount;
    },
    part() {
      const [a, b] = sides.map(({ rttMs, spans }) => ({ rttMs: [...rttMs], spans: [...spans] }));
      return {
        stepS,
        startMs,
        stepsDone,
        stepCount,
        greatCircleKm: directKm,
        fibreRttMs: 2 * fibreDelayMs(directKm, IDEAL_FIBRE),
        a,
        b,
      };
    },
  };
}

function algorithmOf({ algorithm }: RoutePolicy): (typeof ROUTING_ALGORITHMS)[number] {
  const found = ROUTING_ALGORITHMS.find(({ name }) => name === algorithm);
  if (found !== undefined) return found;
  throw new BeamkeeperError(
    'ROUTING',
    `"${algorithm}" is no routing algorithm; there are ${ROUTING_ALGORITHMS.map(({ name }) => name).join(', ')}`,
  );
}
