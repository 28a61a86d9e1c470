/**
 * How every satellite reaches every point of presence at one instant: over lasers, if need be, down
 * to a gateway, then by fibre. All arrays are `[pop][satellite]`; the caller owns them.
 */
export interface BackhaulPaths {
  readonly satelliteCount: number;
  readonly popCount: number;
  /** Gateway at which the path comes down, -1 none. */
  readonly gatewayIndex: Int16Array;
  /** Next satellite of the path; -1 when this one sends down to its gateway itself, or has no path. */
  readonly nextSatellite: Int32Array;
  /** One way from the satellite to the point of presence, ms: lasers and their hops, gateway link, fibre; Infinity where none. */
  readonly delayMs: Float64Array;
  readonly laserKm: Float32Array;
  readonly laserHops: Uint8Array;
  readonly gatewayKm: Float32Array;
  /** Great circle between gateway and point of presence, km. */
  readonly fibreKm: Float32Array;
}

export function allocateBackhaulPaths(satelliteCount: number, popCount: number): BackhaulPaths {
  const size = satelliteCount * popCount;
  return {
    satelliteCount,
    popCount,
    gatewayIndex: new Int16Array(size).fill(-1),
    nextSatellite: new Int32Array(size).fill(-1),
    delayMs: new Float64Array(size).fill(Number.POSITIVE_INFINITY),
    laserKm: new Float32Array(size),
    laserHops: new Uint8Array(size),
    gatewayKm: new Float32Array(size),
    fibreKm: new Float32Array(size),
  };
}
