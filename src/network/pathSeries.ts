import { roundTripMs } from '../sky/index.ts';
import type { LinkGraph } from './linkGraph.ts';
import type { GroundLinks } from './routing/groundLinks.ts';

/**
 * Why a route changed. Looked for in this order, so that a change has one reason:
 * `handover` a satellite of the old route left the sight of its place; `link lost` a laser of it is
 * gone; `better path` it is all still there, but the algorithm prefers another.
 */
export type PathChangeReason =
  | 'handover'
  | 'link lost'
  | 'better path'
  | 'unreachable'
  | 'reachable again';

/** One line of a path file: the route from `atS` on, until the next entry. */
export interface PathEntry {
  readonly atS: number;
  /** Nodes from source to destination; empty while there is no route. */
  readonly nodes: readonly number[];
  /** Null for the first entry. */
  readonly reason: PathChangeReason | null;
}

/** What became of one route over time. */
export interface PathSummary {
  readonly stepCount: number;
  /** Steps with a route. All RTT figures are over these alone; null when there is none. */
  readonly reachableCount: number;
  /** Propagation only, both ways along the same route, ms. */
  readonly rttMs: {
    readonly min: number;
    readonly median: number;
    readonly max: number;
    readonly mean: number;
  } | null;
  /** Every entry but the first; changes to and from "no route" count. */
  readonly pathChanges: number;
  readonly entries: readonly PathEntry[];
  /** How many of the changes have each reason. */
  readonly changesByReason: Readonly<Record<PathChangeReason, number>>;
}

/** Takes a route step by step. The time loop is the caller's. */
export interface PathSeries {
  /**
   * The route at `atS` seconds: the first `nodeCount` of `nodes` (0: no route) and its length. The links
   * are those of that instant, against which the route before is held to say why it changed; two
   * places side by side in a route are joined by fibre, which is always there.
   */
  add(
    atS: number,
    nodes: Int32Array,
    nodeCount: number,
    distanceKm: number,
    graph: LinkGraph,
    ground: GroundLinks,
  ): void;
  finish(): PathSummary;
}

/**
 * @example
 * const series = createPathSeries();
 * series.add(0, Int32Array.of(5, 1, 6), 3, 1200, graph, ground);
 * series.add(1, new Int32Array(0), 0, Infinity, graph, ground);
 * series.finish().entries[1].reason; // 'unreachable'
 */
export function createPathSeries(): PathSeries {
  const entries: PathEntry[] = [];
  const rttsMs: number[] = [];
  let stepCount = 0;

  return {
    add(atS, nodes, nodeCount, distanceKm, graph, ground) {
      stepCount++;
      const last = entries.at(-1);
      if (last === undefined || !isSamePath(last.nodes, nodes, nodeCount)) {
        entries.push({
          atS,
          nodes: Array.from(nodes.subarray(0, nodeCount)),
          reason: last === undefined ? null : reasonOf(last.nodes, nodeCount, graph, ground),
        });
      }
      if (nodeCount > 0) rttsMs.push(roundTripMs(distanceKm));
    },

    finish() {
      const sorted = Float64Array.from(rttsMs).sort();
      const middle = sorted.length >> 1;
      return {
        stepCount,
        reachableCount: sorted.length,
        rttMs:
          sorted.length === 0
            ? null
            : {
                min: sorted[0],
                median:
                  sorted.length % 2 === 1
                    ? sorted[middle]
                    : (sorted[middle - 1] + sorted[middle]) / 2,
                max: sorted[sorted.length - 1],
                mean: rttsMs.reduce((sum, ms) => sum + ms, 0) / rttsMs.length,
              },
        pathChanges: Math.max(0, entries.length - 1),
        entries,
        changesByReason: countReasons(entries),
      };
    },
  };
}

function isSamePath(path: readonly number[], nodes: Int32Array, nodeCount: number): boolean {
  if (path.length !== nodeCount) return false;
  for (let i = 0; i < nodeCount; i++) if (path[i] !== nodes[i]) return false;
  return true;
}

function reasonOf(
  old: readonly number[],
  nodeCount: number,
  graph: LinkGraph,
  ground: GroundLinks,
): PathChangeReason {
  if (nodeCount === 0) return 'unreachable';
  if (old.length === 0) return 'reachable again';
  const n = graph.satelliteCount;
  let isLaserLost = false;
  for (let i = 1; i < old.length; i++) {
    const low = Math.min(old[i - 1], old[i]);
    const high = Math.max(old[i - 1], old[i]);
    if (low >= n) continue;
    if (high >= n) {
      if (!isListed(ground.offsets, ground.satellite, high - n, low)) return 'handover';
    } else if (!isListed(graph.offsets, graph.neighbour, low, high)) {
      isLaserLost = true;
    }
  }
  return isLaserLost ? 'link lost' : 'better path';
}

function isListed(offsets: Int32Array, items: Int32Array, row: number, item: number): boolean {
  for (let i = offsets[row]; i < offsets[row + 1]; i++) if (items[i] === item) return true;
  return false;
}

function countReasons(entries: readonly PathEntry[]): Record<PathChangeReason, number> {
  const counts: Record<PathChangeReason, number> = {
    handover: 0,
    'link lost': 0,
    'better path': 0,
    unreachable: 0,
    'reachable again': 0,
  };
  for (const { reason } of entries) if (reason !== null) counts[reason]++;
  return counts;
}
