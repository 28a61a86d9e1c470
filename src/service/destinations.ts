import type { Gateways, PointsOfPresence } from '../earth/gateways.ts';
import { greatCircleKm } from '../sky/index.ts';

/** The points of presence that the cells of a world are served from, and what fibre leads to them. */
export interface Destinations {
  readonly count: number;
  /** Index into the table of points of presence; -1: traffic is followed to the gateway only. */
  readonly popIndex: Int16Array;
  /** `[destination][gateway]`: great circle, km. */
  readonly fibreKm: Float64Array;
  /** Destination of each scheduled cell. */
  readonly ofCell: Uint16Array;
}

/** Traffic ends at the gateway: one destination, next to all of them. */
export function gatewaysThemselves(gateways: Gateways, cellCount: number): Destinations {
  return {
    count: 1,
    popIndex: Int16Array.of(-1),
    fibreKm: new Float64Array(gateways.count),
    ofCell: new Uint16Array(cellCount),
  };
}

/**
 * Only the points of presence in use are followed: each costs a search at every instant.
 *
 * @param homePop point of presence of each scheduled cell
 */
export function destinationsOf(
  gateways: Gateways,
  pops: PointsOfPresence,
  homePop: Int16Array,
): Destinations {
  const used = [...new Set(homePop)].sort((a, b) => a - b);
  const destinationOf = new Map(used.map((pop, destination) => [pop, destination]));
  const fibreKm = new Float64Array(used.length * gateways.count);
  used.forEach((pop, destination) => {
    // Where none is open traffic is followed to the gateway only.
    if (pop < 0) return;
    for (let g = 0; g < gateways.count; g++) {
      fibreKm[destination * gateways.count + g] = greatCircleKm(
        gateways.latRad[g],
        gateways.lonRad[g],
        pops.latRad[pop],
        pops.lonRad[pop],
      );
    }
  });
  return {
    count: used.length,
    popIndex: Int16Array.from(used),
    fibreKm,
    ofCell: Uint16Array.from(homePop, pop => destinationOf.get(pop) ?? 0),
  };
}
