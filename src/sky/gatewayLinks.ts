import type { PositionsEcef } from '../orbits/positions.ts';
import type { GroundGeometry } from './cellGeometry.ts';

/**
 * What stands behind each satellite: the gateway it lands at and how far that is.
 * Bent pipe today; a network with lasers fills the same arrays with longer paths.
 */
export interface Backhaul {
  /** Gateway index, -1 none. Length: satellites. */
  readonly gatewayIndex: Int32Array;
  /** Length of the radio (and laser) path from the satellite to that gateway, km; NaN where none. */
  readonly pathKm: Float64Array;
}

export function allocateBackhaul(satelliteCount: number): Backhaul {
  return {
    gatewayIndex: new Int32Array(satelliteCount),
    pathKm: new Float64Array(satelliteCount),
  };
}

/**
 * The nearest permitted gateway in view of each satellite.
 *
 * @param isAsked satellites to look at, one flag each; the others get no gateway
 * @param minElevationRad one mask per gateway
 * @param isPermitted one flag per gateway
 */
export function nearestGateways(
  satellites: PositionsEcef,
  isAsked: Uint8Array,
  gateways: GroundGeometry,
  minElevationRad: Float64Array,
  isPermitted: Uint8Array,
  out: Backhaul,
): void {
  const sinMask = minElevationRad.map(Math.sin);
  for (let s = 0; s < satellites.count; s++) {
    let nearest = -1;
    let nearestKm = Number.NaN;
    if (isAsked[s] === 1) {
      const x = satellites.xKm[s];
      const y = satellites.yKm[s];
      const z = satellites.zKm[s];
      for (let g = 0; g < gateways.count; g++) {
        const dx = x - gateways.xKm[g];
        const dy = y - gateways.yKm[g];
        const dz = z - gateways.zKm[g];
        const up = gateways.upX[g] * dx + gateways.upY[g] * dy + gateways.upZ[g] * dz;
        if (!(up > 0) || isPermitted[g] === 0) continue;
        const rangeKm = Math.sqrt(dx * dx + dy * dy + dz * dz);
        if (up < sinMask[g] * rangeKm) continue;
        if (nearest < 0 || rangeKm < nearestKm) {
          nearest = g;
          nearestKm = rangeKm;
        }
      }
    }
    out.gatewayIndex[s] = nearest;
    out.pathKm[s] = nearestKm;
  }
}
