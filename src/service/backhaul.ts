import {
  allocateGroundLinks,
  allocateLinkGraph,
  type BackhaulPaths,
  createBackhaulSearch,
  type GroundLinkRule,
  type LaserLimits,
  type LaserTopology,
  type LaserUse,
  noLasers,
  updateGroundLinks,
  updateLinkGraph,
} from '../network/index.ts';
import type { Sky, World } from './world.ts';

/**
 * Says what stands behind each satellite: over which permitted gateway, and what path, it reaches the
 * points of presence. The scheduler asks nothing else of the network.
 */
export interface BackhaulModel {
  readonly name: string;
  /** The model over one world, with its working memory. */
  over(world: World): Backhaul;
}

export interface Backhaul {
  /** Moves to the instant of a sky; then `fill` as often as there are choices of gateways. */
  update(sky: Sky): void;
  /**
   * @param isGatewayPermitted one flag per gateway
   * @param areLasersPermitted false: every satellite is a bent pipe
   * @param out of as many points of presence as `world.destinations`
   */
  fill(isGatewayPermitted: Uint8Array, areLasersPermitted: boolean, out: BackhaulPaths): void;
}

/** No lasers: a satellite serves users only while it sees a gateway itself. */
export const bentPipe: BackhaulModel = {
  name: 'bent-pipe',
  over: world => createBackhaul(world, null),
};

/** Satellites without a gateway in view hand on to others by laser. */
export function laserBackhaul(
  topology: LaserTopology,
  limits: LaserLimits,
  laserUse: LaserUse,
): BackhaulModel {
  return {
    name: `lasers: ${topology.name}`,
    over: world => createBackhaul(world, { topology, limits, laserUse }),
  };
}

function createBackhaul(
  world: World,
  lasers: {
    readonly topology: LaserTopology;
    readonly limits: LaserLimits;
    readonly laserUse: LaserUse;
  } | null,
): Backhaul {
  const satelliteCount = world.propagator.count;
  const bentPipes = allocateLinkGraph(noLasers(satelliteCount));
  const graph = lasers === null ? bentPipes : allocateLinkGraph(lasers.topology);
  const search = createBackhaulSearch(satelliteCount);
  const gatewayLinks = allocateGroundLinks(world.gateways.count);
  const rule: GroundLinkRule = {
    // Nothing stands at the zenith of a gateway that is not in operation.
    minElevationRad: world.gatewayMaskRad.map((maskRad, g) =>
      world.gateways.isOperational[g] === 1 ? maskRad : Math.PI / 2,
    ),
    maxRangeKm: Number.POSITIVE_INFINITY,
  };
  let sky: Sky | null = null;
  let isGraphOfNow = false;
  return {
    update(now) {
      sky = now;
      isGraphOfNow = false;
      updateGroundLinks(world.gatewayGround, now.satellites, rule, gatewayLinks);
    },
    fill(isGatewayPermitted, areLasersPermitted, out) {
      if (lasers !== null && sky !== null && areLasersPermitted && !isGraphOfNow) {
        updateLinkGraph(lasers.topology, sky.satellites, lasers.limits, graph);
        isGraphOfNow = true;
      }
      search.fill(
        {
          graph: areLasersPermitted ? graph : bentPipes,
          gatewayLinks,
          isGatewayPermitted,
          fibreKm: world.destinations.fibreKm,
          fibreMsPerKm: world.fibreMsPerKm,
          hopMs: world.latency.hopMs,
          laserUse: lasers?.laserUse ?? 'without-gateway',
        },
        out,
      );
    },
  };
}
