import { allocateFairShare, type FlowProblem, maxMinFair } from '../network/fairShare/index.ts';
import type { BackhaulPaths } from '../network/index.ts';
import { CELL_STATES, type ServiceMap } from './serviceMap.ts';
import type { World } from './world.ts';

/** How full the parts of the network are in a slot, share of capacity, 0…1. */
export interface NetworkLoad {
  /** Downlink of each satellite to its cells. */
  readonly satellite: Float32Array;
  /** Traffic of all satellites that come down at each gateway. */
  readonly gateway: Float32Array;
  /** The fullest laser link, and how many carry traffic. */
  fullestLaser: number;
  busyLaserCount: number;
}

/** Shares what a slot's satellites, lasers and gateways can carry among the cells. */
export interface CapacityShare {
  /**
   * Fills `map.shareMbps` from the satellites and demands in the map, and `load`.
   *
   * @param paths what stands behind each satellite, for the destinations of the world
   * @param efficiency of the user link of each cell, b/s/Hz; left out: what `beamMbps` stands for
   */
  share(map: ServiceMap, paths: BackhaulPaths, load: NetworkLoad, efficiency?: Float32Array): void;
}

/** Neighbours by laser that a satellite may send to. */
const LASERS_KEPT = 8;
const SERVED = CELL_STATES.indexOf('served');
/** The spectral efficiency that a generation's `beamMbps` stands for, b/s/Hz. */
const NOMINAL_EFFICIENCY = 4;

export function allocateNetworkLoad(world: World): NetworkLoad {
  return {
    satellite: new Float32Array(world.propagator.count),
    gateway: new Float32Array(world.gateways.count),
    fullestLaser: 0,
    busyLaserCount: 0,
  };
}

/**
 * One weighted max-min fair share over all cells of a slot: no cell can get more without another that
 * has less getting still less (docs/capacity.md). What is shared:
 *
 * - the beams of each satellite, as airtime: a cell takes at least `1 / cellsPerBeam` of a beam, and
 *   beyond what that carries, its rate over what a beam carries at its spectral efficiency;
 * - the downlink of each satellite; each laser link, by direction; the feeder link of each satellite that
 *   sends down to a gateway; the antennas of each gateway.
 *
 * Most of these are never full. Who takes only such ones gets all that it asks for at once; the solver
 * sees the rest.
 */
export function createCapacityShare(world: World): CapacityShare {
  const { scheduled: cells, parameters, capacities, destinations, gateways } = world;
  const satelliteCount = world.propagator.count;
  const gatewayCount = gateways.count;
  // Links by number: beams, downlinks and feeders of satellites, gateways, lasers of satellites.
  const firstDownlink = satelliteCount;
  const firstFeeder = 2 * satelliteCount;
  const firstGateway = 3 * satelliteCount;
  const firstLaser = firstGateway + gatewayCount;
  const linkCount = firstLaser + LASERS_KEPT * satelliteCount;
  const capacity = new Float64Array(linkCount);
  const wanted = new Float64Array(linkCount);
  const freeLevel = new Float64Array(linkCount);
  for (let s = 0; s < satelliteCount; s++) {
    capacity[firstDownlink + s] = capacities[s].satelliteMbps;
    capacity[firstFeeder + s] = capacities[s].feederMbps;
    capacity.fill(
      capacities[s].laserMbps,
      firstLaser + LASERS_KEPT * s,
      firstLaser + LASERS_KEPT * (s + 1),
    );
  }
  capacity.fill(
    parameters.gatewayAntennas * parameters.gatewayAntennaMbps,
    firstGateway,
    firstLaser,
  );
  const laserTo = new Int32Array(LASERS_KEPT * satelliteCount);
  const cellCount = new Int32Array(satelliteCount);
  const lowestBeamMbps = new Float64Array(satelliteCount);
  const asked = new Float64Array(cells.count);
  /** Mbps of a whole beam on each cell. */
  const beamMbps = new Float64Array(cells.count);
  /** Demand behind each pair of destination and satellite, and later what it is given. */
  const behind = new Float64Array(destinations.count * satelliteCount);

  /** The link by which a satellite sends to the next one of a path. */
  const laserLink = (from: number, to: number): number => {
    const first = LASERS_KEPT * from;
    for (let k = first; k < first + LASERS_KEPT - 1; k++) {
      if (laserTo[k] === to) return firstLaser + k;
      if (laserTo[k] < 0) {
        laserTo[k] = to;
        return firstLaser + k;
      }
    }
    // More neighbours than a satellite has lasers: those that are left share one.
    return firstLaser + first + LASERS_KEPT - 1;
  };

  /** Calls `visit` with each link from a satellite to a destination. */
  const followPath = (
    paths: BackhaulPaths,
    destination: number,
    satellite: number,
    visit: (link: number) => void,
  ): void => {
    const at = destination * satelliteCount;
    let node = satellite;
    while (paths.nextSatellite[at + node] >= 0) {
      const next = paths.nextSatellite[at + node];
      visit(laserLink(node, next));
      node = next;
    }
    const gateway = paths.gatewayIndex[at + node];
    if (gateway < 0) return;
    visit(firstFeeder + node);
    visit(firstGateway + gateway);
  };

  const addAlongPaths = (paths: BackhaulPaths): void => {
    for (let destination = 0; destination < destinations.count; destination++) {
      for (let s = 0; s < satelliteCount; s++) {
        const mbps = behind[destination * satelliteCount + s];
        if (mbps > 0) {
          followPath(paths, destination, s, link => {
            wanted[link] += mbps;
          });
        }
      }
    }
  };

  /** Satellites, demands and beams of the cells; what every link is asked for. */
  const ask = (map: ServiceMap, paths: BackhaulPaths, efficiencies?: Float32Array): void => {
    wanted.fill(0);
    behind.fill(0);
    cellCount.fill(0);
    lowestBeamMbps.fill(Number.POSITIVE_INFINITY);
    laserTo.fill(-1);
    for (let i = 0; i < cells.count; i++) {
      const s = map.satelliteIndex[i];
      if (s < 0 || map.state[i] !== SERVED) continue;
      const efficiency = efficiencies?.[i] ?? NOMINAL_EFFICIENCY;
      cellCount[s]++;
      beamMbps[i] = (capacities[s].beamMbps * efficiency) / NOMINAL_EFFICIENCY;
      asked[i] = Math.min(map.demandMbps[i], parameters.maxBeamsPerCell * beamMbps[i]);
      if (asked[i] > 0) lowestBeamMbps[s] = Math.min(lowestBeamMbps[s], beamMbps[i]);
      wanted[firstDownlink + s] += asked[i];
      behind[destinations.ofCell[i] * satelliteCount + s] += asked[i];
    }
    for (let s = 0; s < satelliteCount; s++) {
      if (cellCount[s] === 0) continue;
      const { beamCount, cellsPerBeam } = capacities[s];
      const least = 1 / (cellsPerBeam ?? parameters.cellsPerBeam);
      // What the least airtime carries on the worst of the links that ask. On a better one it carries
      // more, which is not counted: at the mean, airtime would be given away twice.
      freeLevel[s] = least * lowestBeamMbps[s];
      capacity[s] = Math.max(0, beamCount - cellCount[s] * least);
    }
    for (let i = 0; i < cells.count; i++) {
      const s = map.satelliteIndex[i];
      if (s < 0 || map.state[i] !== SERVED) continue;
      const beyond = asked[i] - freeLevel[s];
      if (beyond > 0) wanted[s] += beyond / beamMbps[i];
    }
    addAlongPaths(paths);
  };

  const isFull = (link: number): boolean => wanted[link] > capacity[link];

  const solve = (map: ServiceMap, paths: BackhaulPaths): void => {
    /** Full links of each path that is in use: found once, shared by its cells. */
    const fullOf = new Map<number, readonly number[]>();
    const flows: number[] = [];
    const offsets: number[] = [0];
    const links: number[] = [];
    const use: number[] = [];
    const numberOf = new Map<number, number>();
    const add = (link: number, taken: number): void => {
      let number = numberOf.get(link);
      if (number === undefined) {
        number = numberOf.size;
        numberOf.set(link, number);
      }
      links.push(number);
      use.push(taken);
    };
    for (let i = 0; i < cells.count; i++) {
      const s = map.satelliteIndex[i];
      if (s < 0 || map.state[i] !== SERVED) continue;
      map.shareMbps[i] = asked[i];
      if (asked[i] === 0) continue;
      const path = destinations.ofCell[i] * satelliteCount + s;
      let full = fullOf.get(path);
      if (full === undefined) {
        const found: number[] = [];
        followPath(paths, destinations.ofCell[i], s, link => {
          if (isFull(link)) found.push(link);
        });
        full = found;
        fullOf.set(path, full);
      }
      if (isFull(s)) add(s, 1 / beamMbps[i]);
      if (isFull(firstDownlink + s)) add(firstDownlink + s, 1);
      for (const link of full) add(link, 1);
      if (links.length === offsets[offsets.length - 1]) continue;
      offsets.push(links.length);
      flows.push(i);
    }
    if (flows.length === 0) return;
    const problem: FlowProblem = {
      offsets: Int32Array.from(offsets),
      links: Int32Array.from(links),
      use: Float64Array.from(use),
      capacityMbps: Float64Array.from(numberOf.keys(), link => capacity[link]),
      freeLevelMbps: Float64Array.from(numberOf.keys(), link => freeLevel[link]),
      demandMbps: Float64Array.from(flows, cell => asked[cell]),
      weight: new Float64Array(flows.length).fill(1),
    };
    const { rateMbps } = maxMinFair(problem, allocateFairShare(flows.length));
    flows.forEach((cell, k) => {
      map.shareMbps[cell] = rateMbps[k];
    });
  };

  const measure = (map: ServiceMap, paths: BackhaulPaths, load: NetworkLoad): void => {
    wanted.fill(0);
    behind.fill(0);
    for (let i = 0; i < cells.count; i++) {
      const s = map.satelliteIndex[i];
      if (s < 0 || map.state[i] !== SERVED) continue;
      wanted[firstDownlink + s] += map.shareMbps[i];
      behind[destinations.ofCell[i] * satelliteCount + s] += map.shareMbps[i];
    }
    addAlongPaths(paths);
    for (let s = 0; s < satelliteCount; s++) {
      load.satellite[s] =
        cellCount[s] === 0 ? 0 : wanted[firstDownlink + s] / capacity[firstDownlink + s];
    }
    for (let g = 0; g < gatewayCount; g++) {
      load.gateway[g] = wanted[firstGateway + g] / capacity[firstGateway + g];
    }
    load.fullestLaser = 0;
    load.busyLaserCount = 0;
    for (let link = firstLaser; link < linkCount; link++) {
      if (wanted[link] === 0) continue;
      load.busyLaserCount++;
      load.fullestLaser = Math.max(load.fullestLaser, wanted[link] / capacity[link]);
    }
  };

  return {
    share(map, paths, load, efficiency) {
      ask(map, paths, efficiency);
      solve(map, paths);
      measure(map, paths, load);
    },
  };
}
