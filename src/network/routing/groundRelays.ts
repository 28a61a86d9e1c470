import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from './groundLinks.ts';
import { createNodeHeap, type NodeHeap } from './nodeHeap.ts';
import type { RouteTree, RoutingAlgorithm } from './routingAlgorithm.ts';
import { allocateSatellitePlaces, updateSatellitePlaces } from './satellitePlaces.ts';

/**
 * Least delay by satellites as bent pipes: no lasers, and every place passes traffic on from one
 * satellite to the next (Handley, "Using ground relays for low-latency wide-area routing in
 * megaconstellations", HotNets 2019). The only algorithm in which places are transit nodes; to
 * choose it is to say so. Give it the relays as places beside the two ends.
 */
export const groundRelays: RoutingAlgorithm = {
  name: 'ground-relays',
  summary: 'least propagation delay without lasers: up, down and on by any place as a relay',
  relaysOnGround: true,

  createSearch(satelliteCount) {
    const seen = allocateSatellitePlaces(satelliteCount);
    // As many places as the links of the first call have; another number makes them anew.
    let cost = new Float64Array(0);
    let heap: NodeHeap = createNodeHeap(cost);

    return {
      routesTo(_graph: LinkGraph, ground: GroundLinks, destination: number, out: RouteTree) {
        const { nextHop, distanceKm } = out;
        if (cost.length !== distanceKm.length) {
          cost = new Float64Array(distanceKm.length);
          heap = createNodeHeap(cost);
        }
        updateSatellitePlaces(ground, seen);
        nextHop.fill(-1);
        cost.fill(Number.POSITIVE_INFINITY);
        const end = satelliteCount + destination;
        nextHop[end] = end;
        cost[end] = 0;
        heap.push(end);
        for (let node = heap.pop(); node >= 0; node = heap.pop()) {
          const isPlace = node >= satelliteCount;
          const index = isPlace ? node - satelliteCount : node;
          const { offsets, lengthKm } = isPlace ? ground : seen;
          for (let i = offsets[index]; i < offsets[index + 1]; i++) {
            const other = isPlace ? ground.satellite[i] : satelliteCount + seen.place[i];
            const km = cost[node] + lengthKm[i];
            if (km >= cost[other]) continue;
            cost[other] = km;
            nextHop[other] = node;
            heap.push(other);
          }
        }
        distanceKm.set(cost);
      },
    };
  },
};
