import { fixedPairs } from './fixedPairs.ts';
import type { LaserTopology } from './laserTopology.ts';

/** No lasers at all: every satellite is a bent pipe. */
export function noLasers(satelliteCount: number): LaserTopology {
  return fixedPairs('none', satelliteCount, []);
}
