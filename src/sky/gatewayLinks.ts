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
 * @param minElevationRad one mask per gateway
 * @param isPermitted one flag per gateway
 */
export function nearestGateways(
  satellites: PositionsEcef,
  gateways: GroundGeometry,
  minElevationRad: Float64Array,
  isPermitted: Uint8Array,
  out: Backhaul,
): void {
  out.gatewayIndex.fill(-1);
  out.pathKm.fill(Number.NaN);
  for (let g = 0; g < gateways.count; g++) {
    if (isPermitted[g] === 0) continue;
    const gx = gateways.xKm[g];
    const gy = gateways.yKm[g];
    const gz = gateways.zKm[g];
    const ux = gateways.upX[g];
    const uy = gateways.upY[g];
    const uz = gateways.upZ[g];
    const sinMask = Math.sin(minElevationRad[g]);
    for (let s = 0; s < satellites.count; s++) {
      const dx = satellites.xKm[s] - gx;
      const dy = satellites.yKm[s] - gy;
      const dz = satellites.zKm[s] - gz;
      const up = ux * dx + uy * dy + uz * dz;
      if (!(up > 0)) continue;
      const range = Math.sqrt(dx * dx + dy * dy + dz * dz);
      if (up < sinMask * range) continue;
      if (out.gatewayIndex[s] < 0 || range < out.pathKm[s]) {
        out.gatewayIndex[s] = g;
        out.pathKm[s] = range;
      }
    }
  }
}
