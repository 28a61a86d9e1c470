import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from './groundLinks.ts';
import type { RouteSearch, RouteTree } from './routingAlgorithm.ts';

/** Next-hop tables of all satellites and places towards every place: one tree for each destination. */
export interface RouteTable {
  readonly satelliteCount: number;
  readonly placeCount: number;
  /** `[destination][node]`, nodes as in `RouteTree`. */
  readonly nextHop: Int32Array;
  /** `[destination][node]`, km. */
  readonly distanceKm: Float64Array;
  /** The rows of both, as views. */
  readonly trees: readonly RouteTree[];
}

export function allocateRouteTable(satelliteCount: number, placeCount: number): RouteTable {
  const nodeCount = satelliteCount + placeCount;
  const nextHop = new Int32Array(placeCount * nodeCount);
  const distanceKm = new Float64Array(placeCount * nodeCount);
  const trees = Array.from({ length: placeCount }, (_, destination) => ({
    nextHop: nextHop.subarray(destination * nodeCount, (destination + 1) * nodeCount),
    distanceKm: distanceKm.subarray(destination * nodeCount, (destination + 1) * nodeCount),
  }));
  return { satelliteCount, placeCount, nextHop, distanceKm, trees };
}

export function allocateRouteTree(satelliteCount: number, placeCount: number): RouteTree {
  return {
    nextHop: new Int32Array(satelliteCount + placeCount),
    distanceKm: new Float64Array(satelliteCount + placeCount),
  };
}

/** Forwarding state at one instant: one search per place. */
export function fillRouteTable(
  search: RouteSearch,
  graph: LinkGraph,
  ground: GroundLinks,
  out: RouteTable,
): void {
  for (let destination = 0; destination < out.placeCount; destination++) {
    search.routesTo(graph, ground, destination, out.trees[destination]);
  }
}

/**
 * The nodes of a route, both ends included, into `out`; returns how many, 0 when there is no route.
 * `out` of as many entries as the tree is always long enough.
 *
 * @throws RangeError when `out` is too short, or the tree has a loop.
 */
export function walkRoute(tree: RouteTree, source: number, out: Int32Array): number {
  const { nextHop } = tree;
  if (nextHop[source] < 0) return 0;
  let node = source;
  let count = 0;
  for (;;) {
    if (count === out.length) {
      throw new RangeError(`route from node ${source} is longer than ${count} nodes`);
    }
    out[count++] = node;
    const next = nextHop[node];
    if (next === node) return count;
    node = next;
  }
}
