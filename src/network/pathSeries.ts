import { roundTripMs } from '../sky/index.ts';

/** One line of a path file: the route from `atS` on, until the next entry. */
export interface PathEntry {
  readonly atS: number;
  /** Nodes from source to destination; empty while there is no route. */
  readonly nodes: readonly number[];
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
}

/** Takes a route step by step. The time loop is the caller's. */
export interface PathSeries {
  /**
   * The route at `atS` seconds: the first `nodeCount` of `nodes` (0: no route) and its length.
   */
  add(atS: number, nodes: Int32Array, nodeCount: number, distanceKm: number): void;
  finish(): PathSummary;
}

/**
 * @example
 * const series = createPathSeries();
 * series.add(0, Int32Array.of(5, 1, 6), 3, 1200);
 * series.add(1, new Int32Array(0), 0, Infinity);
 * series.finish().pathChanges; // 1: the route was lost
 */
export function createPathSeries(): PathSeries {
  const entries: PathEntry[] = [];
  const rttsMs: number[] = [];
  let stepCount = 0;

  return {
    add(atS, nodes, nodeCount, distanceKm) {
      stepCount++;
      const last = entries.at(-1);
      if (last === undefined || !isSamePath(last.nodes, nodes, nodeCount)) {
        entries.push({ atS, nodes: Array.from(nodes.subarray(0, nodeCount)) });
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
      };
    },
  };
}

function isSamePath(path: readonly number[], nodes: Int32Array, nodeCount: number): boolean {
  if (path.length !== nodeCount) return false;
  for (let i = 0; i < nodeCount; i++) if (path[i] !== nodes[i]) return false;
  return true;
}
