/** State of a cell in a slot, and the reason when it is not served. Values are stable: they cross to files and workers. */
export const CELL_STATES = [
  'served',
  'withheld',
  'no-satellite',
  'no-gateway',
  'no-beam',
  'gso-arc',
] as const;
export type CellState = (typeof CELL_STATES)[number];

/** What each cell gets in one 15-s slot, structure of arrays over the evaluated cells. */
export interface ServiceMap {
  readonly cellCount: number;
  /** Index into `CELL_STATES`. */
  readonly state: Uint8Array;
  /** Serving satellite, -1 none. */
  readonly satelliteIndex: Int32Array;
  /** Gateway behind that satellite, -1 none. */
  readonly gatewayIndex: Int32Array;
  /** Round trip from the terminal to the point of presence with all its parts, ms; NaN when not served. */
  readonly latencyMs: Float32Array;
  /** Slant range to the serving satellite, km. The lengths are meaningful where the cell is served. */
  readonly userKm: Float32Array;
  readonly laserKm: Float32Array;
  readonly laserHops: Uint8Array;
  readonly gatewayKm: Float32Array;
  /** Great circle from the gateway to the point of presence, km. */
  readonly fibreKm: Float32Array;
  /** Rate given to the cell, Mbps. */
  readonly shareMbps: Float32Array;
  /** Rate asked for by the cell, Mbps (after the policy's rate limit). */
  readonly demandMbps: Float32Array;
}
