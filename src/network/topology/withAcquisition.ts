import { BeamkeeperError } from '../../orbits/index.ts';
import { laserLengthKm } from '../linkGraph.ts';
import type { LaserLimits } from './laserLimits.ts';
import type { LaserTopology } from './laserTopology.ts';

/** A topology whose links take time to set up, and which so has a past. */
export interface AcquiringTopology extends LaserTopology {
  /** Says when the next `pairsAt` is, seconds on the caller's clock; call it before each instant. */
  moveTo(atS: number): void;
}

/**
 * Links that must be pointed before they carry anything: one that is newly wanted, or newly within its
 * limits, can be used once it has been so for `acquisitionS` seconds. At the first instant everything
 * that is wanted is up already. How long it has been wanted is known by the instants asked for alone, so
 * steps ought to be shorter than `acquisitionS`. 10–20 s are customary [A], ~12 s the fastest published
 * (network.md §6).
 *
 * @throws BeamkeeperError `TOPOLOGY` from `moveTo` when time runs backwards.
 */
export function withAcquisition(
  topology: LaserTopology,
  acquisitionS: number,
  limits: LaserLimits,
): AcquiringTopology {
  const { satelliteCount } = topology;
  let wantedSinceS = new Map<number, number>();
  let nowS = Number.NEGATIVE_INFINITY;
  let isFirst = true;
  return {
    ...topology,
    moveTo(atS) {
      if (atS < nowS) {
        throw new BeamkeeperError(
          'TOPOLOGY',
          `links are set up in the order of time: ${atS} s comes after ${nowS} s; start anew with withAcquisition`,
        );
      }
      nowS = atS;
    },
    pairsAt(satellites, out) {
      topology.pairsAt(satellites, out);
      const before = wantedSinceS;
      wantedSinceS = new Map();
      let kept = 0;
      for (let i = 0; i < out.count; i++) {
        const [a, b] = [out.first[i], out.second[i]];
        if (!(laserLengthKm(satellites, a, b, limits) > 0)) continue;
        const key = Math.min(a, b) * satelliteCount + Math.max(a, b);
        const sinceS = before.get(key) ?? (isFirst ? Number.NEGATIVE_INFINITY : nowS);
        wantedSinceS.set(key, sinceS);
        if (nowS - sinceS < acquisitionS) continue;
        out.first[kept] = a;
        out.second[kept++] = b;
      }
      out.count = kept;
      isFirst = false;
    },
  };
}
