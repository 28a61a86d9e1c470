import { type Backhaul, nearestGateways } from '../sky/gatewayLinks.ts';
import type { Sky, World } from './world.ts';

/**
 * Says what stands behind each satellite at an instant: which permitted gateway it reaches, over how
 * long a path. The scheduler asks nothing else of the network, so that lasers slot in here.
 */
export interface BackhaulModel {
  readonly name: string;
  fill(world: World, sky: Sky, isGatewayPermitted: Uint8Array, out: Backhaul): void;
}

/** No lasers: a satellite serves users only while it sees a gateway itself; the nearest one is used. */
export const bentPipe: BackhaulModel = {
  name: 'bent-pipe',
  fill(world, sky, isGatewayPermitted, out) {
    nearestGateways(
      sky.satellites,
      sky.candidates.isInReach,
      world.gatewayGround,
      world.gatewayMaskRad,
      isGatewayPermitted,
      out,
    );
  },
};
