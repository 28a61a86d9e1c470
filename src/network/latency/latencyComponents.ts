import { SPEED_OF_LIGHT_KM_S } from '../../sky/index.ts';
import { fibreDelayMs, type LatencyParameters, queueDelayMs } from './latencyParameters.ts';

/** The way from a terminal to its point of presence. */
export interface LatencyPath {
  readonly userKm: number;
  readonly laserKm: number;
  readonly laserHops: number;
  readonly gatewayKm: number;
  /** Great circle from gateway to point of presence. */
  readonly fibreKm: number;
  /** Share of the serving satellite's capacity in use, 0…1. */
  readonly load: number;
}

/** A round trip and what it is made of, ms, both ways. */
export interface LatencyComponents {
  readonly userLinkMs: number;
  readonly laserMs: number;
  readonly hopMs: number;
  readonly gatewayLinkMs: number;
  readonly fibreMs: number;
  readonly macProcessingMs: number;
  readonly queueMs: number;
  readonly totalMs: number;
}

export const COMPONENT_NAMES = [
  'userLinkMs',
  'laserMs',
  'hopMs',
  'gatewayLinkMs',
  'fibreMs',
  'macProcessingMs',
  'queueMs',
] as const;

/**
 * RTT = 2(d_user + Σd_laser + d_gateway)/c + 2·N_hops·T_hop + 2·k·n·L/c + T₀ + T_queue (network.md §7).
 */
export function latencyComponents(
  path: LatencyPath,
  parameters: LatencyParameters,
): LatencyComponents {
  const msPerKm = 2000 / SPEED_OF_LIGHT_KM_S;
  const userLinkMs = path.userKm * msPerKm;
  const laserMs = path.laserKm * msPerKm;
  const hopMs = 2 * path.laserHops * parameters.hopMs;
  const gatewayLinkMs = path.gatewayKm * msPerKm;
  const fibreMs = 2 * fibreDelayMs(path.fibreKm, parameters);
  const { macProcessingMs } = parameters;
  const queueMs = queueDelayMs(path.load, parameters);
  return {
    userLinkMs,
    laserMs,
    hopMs,
    gatewayLinkMs,
    fibreMs,
    macProcessingMs,
    queueMs,
    totalMs: userLinkMs + laserMs + hopMs + gatewayLinkMs + fibreMs + macProcessingMs + queueMs,
  };
}
