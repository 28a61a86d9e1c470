import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from './groundLinks.ts';
import { createNodeHeap } from './nodeHeap.ts';
import type { RouteTree, RoutingAlgorithm } from './routingAlgorithm.ts';

/**
 * What a km of a laser counts for at a load, as a share of its capacity: 1 up to a third, then steeply
 * more. The slopes of Fortz & Thorup, "Internet traffic engineering by optimizing OSPF weights"
 * (INFOCOM 2000), eq. 2.
 */
const SLOPES: readonly (readonly [below: number, factor: number])[] = [
  [1 / 3, 1],
  [2 / 3, 3],
  [9 / 10, 10],
  [1, 70],
  [11 / 10, 500],
  [Number.POSITIVE_INFINITY, 5000],
];

/** Factor on the length of a link that carries `load` (0 idle, 1 full, above 1 wanted but not carried). */
export function loadFactor(load: number): number {
  let i = 0;
  while (load >= SLOPES[i][0]) i++;
  return SLOPES[i][1];
}

/**
 * Least length where each laser counts for more the more it carries (`LinkGraph.load`, in the direction
 * of the traffic). Lengths told are true ones. With no load given, the routes of least delay. It shares
 * nothing out by itself: route, load, route again.
 */
export const loadAware: RoutingAlgorithm = {
  name: 'load-aware',
  summary: 'least delay over lasers that count for more the fuller they are; no ground relays',

  createSearch(satelliteCount) {
    const cost = new Float64Array(satelliteCount);
    const heap = createNodeHeap(cost);

    return {
      routesTo(graph: LinkGraph, ground: GroundLinks, destination: number, out: RouteTree) {
        const { offsets, neighbour, lengthKm, load } = graph;
        const { nextHop, distanceKm } = out;
        nextHop.fill(-1);
        distanceKm.fill(Number.POSITIVE_INFINITY);
        cost.fill(Number.POSITIVE_INFINITY);
        for (let i = ground.offsets[destination]; i < ground.offsets[destination + 1]; i++) {
          const node = ground.satellite[i];
          cost[node] = ground.lengthKm[i];
          distanceKm[node] = ground.lengthKm[i];
          nextHop[node] = satelliteCount + destination;
          heap.push(node);
        }
        for (let node = heap.pop(); node >= 0; node = heap.pop()) {
          for (let link = offsets[node]; link < offsets[node + 1]; link++) {
            const other = neighbour[link];
            // The search runs from the destination outwards, the traffic the other way.
            const factor = load === undefined ? 1 : loadFactor(load[slotOf(graph, other, node)]);
            const otherCost = cost[node] + factor * lengthKm[link];
            if (otherCost >= cost[other]) continue;
            cost[other] = otherCost;
            distanceKm[other] = distanceKm[node] + lengthKm[link];
            nextHop[other] = node;
            heap.push(other);
          }
        }
        for (let place = 0; place < ground.placeCount; place++) {
          let best = -1;
          let bestCost = Number.POSITIVE_INFINITY;
          for (let i = ground.offsets[place]; i < ground.offsets[place + 1]; i++) {
            const node = ground.satellite[i];
            const placeCost = ground.lengthKm[i] + cost[node];
            if (placeCost >= bestCost) continue;
            bestCost = placeCost;
            best = node;
            distanceKm[satelliteCount + place] = ground.lengthKm[i] + distanceKm[node];
          }
          nextHop[satelliteCount + place] = best;
        }
        nextHop[satelliteCount + destination] = satelliteCount + destination;
        distanceKm[satelliteCount + destination] = 0;
      },
    };
  },
};

/** Where the link from `a` to `b` is in the arrays of the graph. */
function slotOf({ offsets, neighbour }: LinkGraph, a: number, b: number): number {
  let link = offsets[a];
  while (neighbour[link] !== b) link++;
  return link;
}
