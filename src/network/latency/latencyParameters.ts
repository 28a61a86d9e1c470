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
}

/** Nothing but light: straight to the gateway and, where there is one, along a great circle of vacuum. */
export const PROPAGATION_ONLY: LatencyParameters = {
  macProcessingMs: 0,
  hopMs: 0,
  fibreRouteFactor: 1,
  fibreRefractiveIndex: 1,
};

/** One way along the fibre between two places that are `greatCircleKm` apart, ms. */
export function fibreDelayMs(greatCircleKm: number, parameters: LatencyParameters): number {
  const { fibreRouteFactor, fibreRefractiveIndex } = parameters;
  return (1000 * greatCircleKm * fibreRouteFactor * fibreRefractiveIndex) / SPEED_OF_LIGHT_KM_S;
}
