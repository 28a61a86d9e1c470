import { SPEED_OF_LIGHT_KM_S } from '../../sky/index.ts';

/** What a round trip takes beside the speed of light in vacuum (network.md §7). */
export interface LatencyParameters {
  /** Medium access and processing, both ways together, ms: T₀. */
  readonly macProcessingMs: number;
  /** Added by each laser hop, one way, ms. */
  readonly hopMs: number;
  /** Length of fibre over the great circle. */
  readonly fibreRouteFactor: number;
  readonly fibreRefractiveIndex: number;
  /** Mean wait for a satellite that is busy half of the time, both ways together, ms. */
  readonly halfLoadQueueMs: number;
}

/** Nothing but light: straight to the gateway and, where there is one, along a great circle of vacuum. */
export const PROPAGATION_ONLY: LatencyParameters = {
  macProcessingMs: 0,
  hopMs: 0,
  fibreRouteFactor: 1,
  fibreRefractiveIndex: 1,
  halfLoadQueueMs: 0,
};

/** One way along the fibre between two places that are `greatCircleKm` apart, ms. */
export function fibreDelayMs(greatCircleKm: number, parameters: LatencyParameters): number {
  const { fibreRouteFactor, fibreRefractiveIndex } = parameters;
  return (1000 * greatCircleKm * fibreRouteFactor * fibreRefractiveIndex) / SPEED_OF_LIGHT_KM_S;
}

/** Beyond this load packets are dropped or shed rather than made to wait longer. */
const LONGEST_QUEUE_LOAD = 0.95;

/**
 * Mean wait of a round trip at a satellite, ms: ρ / (1 − ρ), as of a queue with one server and random
 * arrivals (M/M/1), in units of what it is at half load.
 *
 * @param load share of the satellite's capacity in use, 0…1
 */
export function queueDelayMs(load: number, parameters: LatencyParameters): number {
  const busy = Math.min(Math.max(load, 0), LONGEST_QUEUE_LOAD);
  return (parameters.halfLoadQueueMs * busy) / (1 - busy);
}
