import type { PositionsEcef } from '../../orbits/index.ts';

/** Pairs of satellites that have lasers pointed at each other; the caller's buffers, `count` used. */
export interface LaserPairs {
  count: number;
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/**
 * Which satellites want a laser link with which. A plug-in: one file in this folder.
 *
 * It says what the terminals are pointed at; whether a link is short enough and clear of the Earth is
 * decided afterwards, in `updateLinkGraph`, by the `LaserLimits`.
 */
export interface LaserTopology {
  readonly name: string;
  /** Satellites it was made for; positions handed in must be of as many. */
  readonly satelliteCount: number;
  /** Never more pairs than this: the size of the buffers. */
  readonly maxPairCount: number;
  /** The pairs wanted at one instant, each once, in a fixed order, into `out`. */
  pairsAt(satellites: PositionsEcef, out: LaserPairs): void;
}

export function allocateLaserPairs(maxPairCount: number): LaserPairs {
  return {
    count: 0,
    first: new Int32Array(maxPairCount),
    second: new Int32Array(maxPairCount),
  };
}
