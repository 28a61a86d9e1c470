import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from './groundLinks.ts';
import type { RouteTree, RoutingAlgorithm } from './routingAlgorithm.ts';

/** Fewest links; of several such routes the shortest. Places are never passed through. */
export const fewestHops: RoutingAlgorithm = {
  name: 'fewest-hops',
  summary: 'fewest links, of those the least length; no ground relays',

  createSearch(satelliteCount) {
    const hops = new Int32Array(satelliteCount);
    /** Satellites in the order in which they are reached: level after level. */
    const reached = new Int32Array(satelliteCount);

    return {
      routesTo(graph: LinkGraph, ground: GroundLinks, destination: number, out: RouteTree) {
        const { offsets, neighbour, lengthKm } = graph;
        const { nextHop, distanceKm } = out;
        nextHop.fill(-1);
        distanceKm.fill(Number.POSITIVE_INFINITY);
        hops.fill(0);
        let count = 0;
        for (let i = ground.offsets[destination]; i < ground.offsets[destination + 1]; i++) {
          const node = ground.satellite[i];
          hops[node] = 1;
          distanceKm[node] = ground.lengthKm[i];
          nextHop[node] = satelliteCount + destination;
          reached[count++] = node;
        }
        // A level is worked off whole before the next one, so its distances are final by then.
        for (let i = 0; i < count; i++) {
          const node = reached[i];
          for (let link = offsets[node]; link < offsets[node + 1]; link++) {
            const other = neighbour[link];
            const otherKm = distanceKm[node] + lengthKm[link];
            if (hops[other] === 0) {
              hops[other] = hops[node] + 1;
              reached[count++] = other;
            } else if (hops[other] !== hops[node] + 1 || otherKm >= distanceKm[other]) {
              continue;
            }
            distanceKm[other] = otherKm;
            nextHop[other] = node;
          }
        }
        for (let place = 0; place < ground.placeCount; place++) {
          let best = -1;
          let bestKm = Number.POSITIVE_INFINITY;
          for (let i = ground.offsets[place]; i < ground.offsets[place + 1]; i++) {
            const node = ground.satellite[i];
            if (hops[node] === 0) continue;
            const km = ground.lengthKm[i] + distanceKm[node];
            if (best < 0 || hops[node] < hops[best] || (hops[node] === hops[best] && km < bestKm)) {
              best = node;
              bestKm = km;
            }
          }
          nextHop[satelliteCount + place] = best;
          distanceKm[satelliteCount + place] = bestKm;
        }
        nextHop[satelliteCount + destination] = satelliteCount + destination;
        distanceKm[satelliteCount + destination] = 0;
      },
    };
  },
};
