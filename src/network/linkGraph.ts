import { BeamkeeperError, type PositionsEcef } from '../orbits/index.ts';
import { EARTH_RADIUS_KM } from '../sky/index.ts';
import type { LaserLimits } from './topology/laserLimits.ts';
import {
  allocateLaserPairs,
  type LaserPairs,
  type LaserTopology,
} from './topology/laserTopology.ts';

/**
 * The laser links that exist at one instant, as a symmetric graph in CSR: the neighbours of satellite
 * i are `neighbour[offsets[i] … offsets[i + 1] − 1]`, `lengthKm` runs beside them. Buffers belong to
 * the caller and are filled by `updateLinkGraph`.
 */
export interface LinkGraph {
  readonly satelliteCount: number;
  /** `satelliteCount + 1`. */
  readonly offsets: Int32Array;
  readonly neighbour: Int32Array;
  readonly lengthKm: Float64Array;
  /**
   * What each link carries towards `neighbour`, as a share of its capacity; runs beside `neighbour`.
   * The caller's, who sets it after `updateLinkGraph`; only algorithms that say so read it.
   */
  load?: Float64Array;
  /** Links in the graph, each counted once. */
  linkCount: number;
  /** Infinity and 0 when there is no link. */
  shortestKm: number;
  longestKm: number;
  readonly scratch: LinkGraphScratch;
}

interface LinkGraphScratch {
  readonly pairs: LaserPairs;
  readonly pairLengthKm: Float64Array;
  readonly cursor: Int32Array;
}

/** Buffers for the graphs that a topology can yield. */
export function allocateLinkGraph(topology: LaserTopology): LinkGraph {
  const { satelliteCount, maxPairCount } = topology;
  return {
    satelliteCount,
    offsets: new Int32Array(satelliteCount + 1),
    neighbour: new Int32Array(2 * maxPairCount),
    lengthKm: new Float64Array(2 * maxPairCount),
    linkCount: 0,
    shortestKm: Number.POSITIVE_INFINITY,
    longestKm: 0,
    scratch: {
      pairs: allocateLaserPairs(maxPairCount),
      pairLengthKm: new Float64Array(maxPairCount),
      cursor: new Int32Array(satelliteCount),
    },
  };
}

/**
 * The graph at one instant: the pairs of the topology that are within the limits, with their lengths.
 * A satellite without a position (NaN) or flagged dark has no link. Allocates nothing.
 *
 * @param isDark one flag per satellite: its lasers are off
 * @throws BeamkeeperError `TOPOLOGY` when positions and topology are of different fleets.
 */
export function updateLinkGraph(
  topology: LaserTopology,
  satellites: PositionsEcef,
  limits: LaserLimits,
  graph: LinkGraph,
  isDark?: Uint8Array,
): void {
  if (satellites.count !== topology.satelliteCount) {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `topology "${topology.name}" is of ${topology.satelliteCount} satellites, but ${satellites.count} positions were given; make it from the same design`,
    );
  }
  const { offsets, neighbour, lengthKm } = graph;
  const { pairs, pairLengthKm, cursor } = graph.scratch;
  const { first, second } = pairs;
  topology.pairsAt(satellites, pairs);

  offsets.fill(0);
  graph.linkCount = 0;
  graph.shortestKm = Number.POSITIVE_INFINITY;
  graph.longestKm = 0;
  for (let pair = 0; pair < pairs.count; pair++) {
    const a = first[pair];
    const b = second[pair];
    const length =
      isDark !== undefined && (isDark[a] !== 0 || isDark[b] !== 0)
        ? Number.NaN
        : laserLengthKm(satellites, a, b, limits);
    pairLengthKm[pair] = length;
    if (!(length > 0)) continue;
    offsets[a + 1]++;
    offsets[b + 1]++;
    graph.linkCount++;
    if (length < graph.shortestKm) graph.shortestKm = length;
    if (length > graph.longestKm) graph.longestKm = length;
  }
  for (let i = 0; i < graph.satelliteCount; i++) {
    cursor[i] = offsets[i];
    offsets[i + 1] += offsets[i];
  }
  for (let pair = 0; pair < pairs.count; pair++) {
    const length = pairLengthKm[pair];
    if (!(length > 0)) continue;
    const a = first[pair];
    const b = second[pair];
    const atA = cursor[a]++;
    const atB = cursor[b]++;
    neighbour[atA] = b;
    lengthKm[atA] = length;
    neighbour[atB] = a;
    lengthKm[atB] = length;
  }
}

/** Length of the link between satellites `a` and `b`, km; NaN when the limits forbid it. */
export function laserLengthKm(
  satellites: PositionsEcef,
  a: number,
  b: number,
  limits: LaserLimits,
): number {
  const { xKm, yKm, zKm } = satellites;
  const dx = xKm[b] - xKm[a];
  const dy = yKm[b] - yKm[a];
  const dz = zKm[b] - zKm[a];
  const squared = dx * dx + dy * dy + dz * dz;
  const length = Math.sqrt(squared);
  if (!(length <= limits.maxRangeKm)) return Number.NaN;
  const lowestKm = EARTH_RADIUS_KM + limits.minTangentHeightKm;
  if (lowestKm > 0) {
    // Nearest point of the segment to the Earth's centre: only between its ends is it a tangent.
    const along = -(xKm[a] * dx + yKm[a] * dy + zKm[a] * dz) / squared;
    if (along > 0 && along < 1) {
      const x = xKm[a] + along * dx;
      const y = yKm[a] + along * dy;
      const z = zKm[a] + along * dz;
      if (x * x + y * y + z * z < lowestKm * lowestKm) return Number.NaN;
    }
  }
  return length;
}
