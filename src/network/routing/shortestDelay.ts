import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from './groundLinks.ts';
import type { RouteTree, RoutingAlgorithm } from './routingAlgorithm.ts';

/** A power of two. More only helps when the shortest link is shorter than a 62nd of the longest. */
const BUCKET_COUNT = 64;

/**
 * Least length, and so least propagation delay. Places are never passed through.
 *
 * Dijkstra's algorithm from the destination outwards, with the queue of Dial (1969) instead of a heap:
 * a ring of buckets of distances. As long as a bucket is no wider than the shortest link, as in every
 * +grid, each satellite is settled once; with wider buckets a satellite may be taken again, and the
 * answer is exact all the same, because it ends only when no link can shorten any route.
 */
export const shortestDelay: RoutingAlgorithm = {
  name: 'shortest-delay',
  summary: 'least propagation delay over radio and laser links; no ground relays',

  createSearch(satelliteCount) {
    const heads = new Int32Array(BUCKET_COUNT).fill(-1);
    /** The ring bucket that a satellite waits in, -1 for none, and its neighbours in that list. */
    const bucketOf = new Int32Array(satelliteCount).fill(-1);
    const after = new Int32Array(satelliteCount);
    const before = new Int32Array(satelliteCount);

    function moveTo(bucket: number, node: number): void {
      const old = bucketOf[node];
      if (old >= 0) {
        const next = after[node];
        const previous = before[node];
        if (previous >= 0) after[previous] = next;
        else heads[old] = next;
        if (next >= 0) before[next] = previous;
      }
      const head = heads[bucket];
      after[node] = head;
      before[node] = -1;
      if (head >= 0) before[head] = node;
      heads[bucket] = node;
      bucketOf[node] = bucket;
    }

    return {
      routesTo(graph: LinkGraph, ground: GroundLinks, destination: number, out: RouteTree) {
        const { offsets, neighbour, lengthKm } = graph;
        const { nextHop, distanceKm } = out;
        const mask = BUCKET_COUNT - 1;
        const spanKm = Math.max(graph.longestKm, ground.longestKm, 1);
        const shortestKm = Number.isFinite(graph.shortestKm) ? graph.shortestKm : spanKm;
        const perKm = 1 / Math.max(shortestKm, spanKm / (BUCKET_COUNT - 2));

        nextHop.fill(-1);
        distanceKm.fill(Number.POSITIVE_INFINITY);
        let waiting = 0;
        let bucket = mask;
        let nearestKm = Number.POSITIVE_INFINITY;
        for (let i = ground.offsets[destination]; i < ground.offsets[destination + 1]; i++) {
          const node = ground.satellite[i];
          const km = ground.lengthKm[i];
          distanceKm[node] = km;
          nextHop[node] = satelliteCount + destination;
          moveTo((km * perKm) & mask, node);
          waiting++;
          if (km < nearestKm) {
            nearestKm = km;
            bucket = (km * perKm) & mask;
          }
        }

        while (waiting > 0) {
          const node = heads[bucket];
          if (node < 0) {
            bucket = (bucket + 1) & mask;
            continue;
          }
          const next = after[node];
          heads[bucket] = next;
          if (next >= 0) before[next] = -1;
          bucketOf[node] = -1;
          waiting--;
          const km = distanceKm[node];
          const end = offsets[node + 1];
          for (let link = offsets[node]; link < end; link++) {
            const other = neighbour[link];
            const otherKm = km + lengthKm[link];
            if (otherKm < distanceKm[other]) {
              distanceKm[other] = otherKm;
              nextHop[other] = node;
              const wanted = (otherKm * perKm) & mask;
              const held = bucketOf[other];
              if (held !== wanted) {
                if (held < 0) waiting++;
                moveTo(wanted, other);
              }
            }
          }
        }
        attachPlaces(satelliteCount, ground, destination, out);
      },
    };
  },
};

/** Each place sends to the satellite with which its route is shortest. */
function attachPlaces(
  satelliteCount: number,
  ground: GroundLinks,
  destination: number,
  { nextHop, distanceKm }: RouteTree,
): void {
  const { offsets, satellite, lengthKm, placeCount } = ground;
  for (let place = 0; place < placeCount; place++) {
    let best = -1;
    let bestKm = Number.POSITIVE_INFINITY;
    const end = offsets[place + 1];
    for (let i = offsets[place]; i < end; i++) {
      const km = lengthKm[i] + distanceKm[satellite[i]];
      if (km < bestKm) {
        bestKm = km;
        best = satellite[i];
      }
    }
    nextHop[satelliteCount + place] = best;
    distanceKm[satelliteCount + place] = bestKm;
  }
  nextHop[satelliteCount + destination] = satelliteCount + destination;
  distanceKm[satelliteCount + destination] = 0;
}
