import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from './groundLinks.ts';
import { createNodeHeap } from './nodeHeap.ts';

/** A route between two places. */
export interface PlacePath {
  /** Both places and the satellites between, nodes as in `RouteTree`. */
  readonly nodes: readonly number[];
  readonly distanceKm: number;
}

/**
 * Up to `k` routes between two places that have no satellite in common, of the least total length for
 * their number; shortest first. Fewer when there are no more, none when there is no route.
 *
 * Disjoint by satellite and not by link, because it is satellites that fail, go dark or are full: such
 * routes share neither a laser nor a beam either. Successive shortest paths in the graph with each
 * satellite split in two (Suurballe 1974; Bhandari 1999), which is exact for every `k`.
 */
export function disjointPaths(
  graph: LinkGraph,
  ground: GroundLinks,
  from: number,
  to: number,
  k: number,
): PlacePath[] {
  const n = graph.satelliteCount;
  const [source, sink] = [2 * n, 2 * n + 1];
  const upKm = linkOfEach(ground, from, n);
  const downKm = linkOfEach(ground, to, n);
  const { offsets, neighbour, lengthKm } = graph;
  /** Satellites before and after each on the routes found so far; -1 none, `source` and `sink` the ends. */
  const previous = new Int32Array(n).fill(-1);
  const next = new Int32Array(n).fill(-1);
  // Node s is where traffic enters satellite s, node n + s where it leaves.
  const cost = new Float64Array(2 * n + 2);
  const parent = new Int32Array(2 * n + 2);
  const potential = new Float64Array(2 * n + 2);
  const heap = createNodeHeap(cost);

  const reach = (a: number, b: number, km: number): void => {
    // Reduced by the potentials no cost is negative, but for rounding.
    const reduced = cost[a] + Math.max(0, km + potential[a] - potential[b]);
    if (reduced >= cost[b]) return;
    cost[b] = reduced;
    parent[b] = a;
    heap.push(b);
  };

  /** One more route through what is left, giving back links of the routes before; false when there is none. */
  const augment = (): boolean => {
    cost.fill(Number.POSITIVE_INFINITY);
    parent.fill(-1);
    heap.clear();
    cost[source] = 0;
    heap.push(source);
    for (let node = heap.pop(); node >= 0 && node !== sink; node = heap.pop()) {
      if (node === source) {
        for (let i = ground.offsets[from]; i < ground.offsets[from + 1]; i++) {
          const s = ground.satellite[i];
          if (previous[s] !== source) reach(source, s, ground.lengthKm[i]);
        }
      } else if (node < n) {
        const before = previous[node];
        if (before < 0) reach(node, n + node, 0);
        else if (before !== source) reach(node, n + before, -kmBetween(graph, before, node));
      } else {
        const s = node - n;
        if (previous[s] >= 0) reach(node, s, 0);
        if (!Number.isNaN(downKm[s]) && next[s] !== sink) reach(node, sink, downKm[s]);
        for (let link = offsets[s]; link < offsets[s + 1]; link++) {
          if (next[s] !== neighbour[link]) reach(node, neighbour[link], lengthKm[link]);
        }
      }
    }
    if (cost[sink] === Number.POSITIVE_INFINITY) return false;
    for (let node = 0; node < cost.length; node++)
      potential[node] += Math.min(cost[node], cost[sink]);

    const steps: (readonly [number, number])[] = [];
    for (let node = sink; node !== source; node = parent[node]) steps.push([parent[node], node]);
    // First what is given back, so that it does not undo what is taken.
    for (const [a, b] of steps) {
      if (a < n && b >= n && b < 2 * n && b - n !== a) {
        next[b - n] = -1;
        previous[a] = -1;
      }
    }
    for (const [a, b] of steps) {
      if (a === source) previous[b] = source;
      else if (b === sink) next[a - n] = sink;
      else if (a >= n && b < n && a - n !== b) {
        next[a - n] = b;
        previous[b] = a - n;
      }
    }
    return true;
  };

  if (from === to) return [];
  let found = 0;
  while (found < k && augment()) found++;
  const paths: PlacePath[] = [];
  for (let s = 0; s < n; s++) {
    if (previous[s] !== source) continue;
    const nodes = [n + from, s];
    let distanceKm = upKm[s];
    let here = s;
    for (; next[here] !== sink; here = next[here]) {
      distanceKm += kmBetween(graph, here, next[here]);
      nodes.push(next[here]);
    }
    nodes.push(n + to);
    paths.push({ nodes, distanceKm: distanceKm + downKm[here] });
  }
  return paths.sort((a, b) => a.distanceKm - b.distanceKm || a.nodes[1] - b.nodes[1]);
}

/** Length of the link from a place to each satellite, NaN when there is none. */
function linkOfEach(ground: GroundLinks, place: number, satelliteCount: number): Float64Array {
  const km = new Float64Array(satelliteCount).fill(Number.NaN);
  for (let i = ground.offsets[place]; i < ground.offsets[place + 1]; i++) {
    km[ground.satellite[i]] = ground.lengthKm[i];
  }
  return km;
}

function kmBetween({ offsets, neighbour, lengthKm }: LinkGraph, a: number, b: number): number {
  let link = offsets[a];
  while (neighbour[link] !== b) link++;
  return lengthKm[link];
}
