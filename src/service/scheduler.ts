import { allocateBackhaulPaths, type BackhaulPaths, queueDelayMs } from '../network/index.ts';
import { SMALLEST_RADIUS_KM, VERTICAL_DEFLECTION_RAD } from '../sky/cellGeometry.ts';
import { EARTH_RADIUS_KM, SPEED_OF_LIGHT_KM_S } from '../sky/geometry.ts';
import { sinElevationOf, spectralEfficiency } from '../sky/spectralEfficiency.ts';
import { type BackhaulModel, bentPipe } from './backhaul.ts';
import { allocateNetworkLoad, createCapacityShare } from './capacityShare.ts';
import type { CompiledPolicy } from './compiledPolicy.ts';
import { keyedUniform } from './random.ts';
import { CELL_STATES, type CellState, type ServiceMap } from './serviceMap.ts';
import type { Sky, World } from './world.ts';

const CODE = Object.fromEntries(CELL_STATES.map((state, code) => [state, code])) as Record<
  CellState,
  number
>;
/** What a satellite lacks, by how far it got: in view, clear of the arc, with a gateway. */
const REASON_BY_HURDLE = [
  CODE['no-satellite'],
  CODE['gso-arc'],
  CODE['no-gateway'],
  CODE['no-beam'],
] as const;
const MS_PER_KM = 1000 / SPEED_OF_LIGHT_KM_S;
const UTILITY_BINS = 1024;
/** Draws by rejection before the exact enumeration takes over; a cell with service needs about two. */
const MAX_TRIALS = 40;
/** Sine of elevation that the bound of a whole group adds: 0.2° between the zeniths, and the width of a bin. */
const BOUND_MARGIN_BINS = Math.ceil(Math.sin(VERTICAL_DEFLECTION_RAD) * UTILITY_BINS) + 1;
/** Mean latitude of the four sites on which the poleward weight was fitted. */
const FITTED_LAT_RAD = (45 * Math.PI) / 180;

/**
 * The 15-s scheduler (network.md §4). At a slot boundary every cell draws one satellite from those
 * above the mask, clear of the geostationary arc and with a gateway behind them, with probability
 * ∝ exp(b₁·elevation + b₂·poleward), keyed by (seed, slot, cell). A satellite takes at most
 * beams × cells per beam; those it turns away draw again among satellites with room, until all are
 * placed or nothing is left. Then beams, downlinks, lasers and gateways are shared fairly (`capacityShare`).
 *
 * The draw needs no list of links: the satellites of a group of cells get an upper bound of their
 * weight, a cell draws from the bounds and accepts with probability weight / bound (rejection
 * sampling). That is the same distribution as over all links, at two exact links a cell, not sixty.
 *
 * The result depends on neither the order of cells nor on earlier slots.
 */
export interface Scheduler {
  /**
   * Decides one slot of a sky under several policies, one map each, over `world.scheduled`. Cells that face the same choice
   * under two policies draw the same satellite, and the geometry is done once for all.
   */
  run(input: {
    sky: Sky;
    slot: number;
    policies: readonly CompiledPolicy[];
    out: readonly ServiceMap[];
  }): void;
  /** The ways behind the satellites in the last run, under the policy of that index; overwritten by the next run. */
  pathsOf(policy: number): BackhaulPaths;
}

/** One choice of permitted gateways, shared by the policies that agree on it. */
interface Feed {
  readonly paths: BackhaulPaths;
  /** 1 for satellites with beams and a gateway. */
  readonly isUsable: Uint8Array;
  readonly policyIndex: number[];
}

export function createScheduler(
  world: World,
  seed: number,
  backhaulModel: BackhaulModel = bentPipe,
): Scheduler {
  const { scheduled: cells, parameters, capacities, finder, groups, destinations, latency } = world;
  const satelliteCount = world.propagator.count;
  const backhaul = backhaulModel.over(world);
  /** One for each choice of gateways, kept from slot to slot. */
  const pathBuffers: BackhaulPaths[] = [];
  const words = new Uint32Array(cells.h3.buffer, cells.h3.byteOffset, cells.count * 2);
  const cellLimit = Int32Array.from(
    capacities,
    capacity => capacity.beamCount * (capacity.cellsPerBeam ?? parameters.cellsPerBeam),
  );
  const utility = new Float64Array(UTILITY_BINS + 1);
  for (let k = 0; k <= UTILITY_BINS; k++) {
    // Relative to the zenith, so that no weight overflows.
    const elevationRad = Math.asin(Math.min(1, (k + 0.5) / UTILITY_BINS));
    utility[k] = Math.exp(parameters.elevationWeight * (elevationRad - Math.PI / 2));
  }
  // For a cell in the south the pole is the other way.
  const northFactorAt = (lat: number): number =>
    Math.exp((parameters.polewardWeight * Math.sin(lat)) / Math.sin(FITTED_LAT_RAD));
  const northFactor = Float64Array.from(cells.latRad, northFactorAt);
  const isHigherBetter = parameters.elevationWeight >= 0;
  const lowestUtility = utility[(Math.sin(parameters.userMaskRad) * UTILITY_BINS) | 0];
  const cosGroup = Math.cos(groups.radiusRad);
  const sinGroup = Math.sin(groups.radiusRad);
  // By the group's parent, not by the cells at hand: the draw must not depend on the evaluated scope.
  const northBound = Float64Array.from(groups.z, z => {
    const lat = Math.asin(z);
    const slack = groups.radiusRad + VERTICAL_DEFLECTION_RAD;
    const most = Math.max(northFactorAt(lat - slack), northFactorAt(lat + slack));
    return Math.max(1, most);
  });
  const load = new Int32Array(satelliteCount);
  let weight = new Float64Array(256);
  // Written by the draws beside their return value.
  let drawnSlantKm = 0;
  let drawnReason = 0;

  /** The satellites that the cells of one group draw from, with the running sum of their bounds. */
  const proposal = {
    count: 0,
    satelliteIndex: new Int32Array(256),
    bound: new Float64Array(256),
    sum: new Float64Array(256),
  };

  /** Fills the proposal with the usable satellites of a group. */
  const propose = (group: number, isUsable: Uint8Array, sky: Sky): void => {
    const { candidates, satellites } = sky;
    const from = candidates.offsets[group];
    const to = candidates.offsets[group + 1];
    if (proposal.bound.length < to - from) {
      proposal.satelliteIndex = new Int32Array((to - from) * 2);
      proposal.bound = new Float64Array((to - from) * 2);
      proposal.sum = new Float64Array((to - from) * 2);
    }
    let count = 0;
    let sum = 0;
    for (let k = from; k < to; k++) {
      const s = candidates.satellites[k];
      if (isUsable[s] === 0) continue;
      const x = satellites.xKm[s];
      const y = satellites.yKm[s];
      const z = satellites.zKm[s];
      const r = Math.sqrt(x * x + y * y + z * z);
      // The cell of the group nearest to the satellite's nadir sees it highest.
      const cos = (x * groups.x[group] + y * groups.y[group] + z * groups.z[group]) / r;
      const nearest =
        cos >= cosGroup ? 1 : cos * cosGroup + Math.sqrt(Math.max(0, 1 - cos * cos)) * sinGroup;
      const ratio = SMALLEST_RADIUS_KM / r;
      const sine = (nearest - ratio) / Math.sqrt(1 - 2 * ratio * nearest + ratio * ratio);
      const bound = isHigherBetter
        ? utility[
            Math.min(UTILITY_BINS, (Math.max(0, sine) * UTILITY_BINS + BOUND_MARGIN_BINS) | 0)
          ]
        : lowestUtility;
      sum += bound * northBound[group];
      proposal.satelliteIndex[count] = s;
      proposal.bound[count] = bound * northBound[group];
      proposal.sum[count++] = sum;
    }
    proposal.count = count;
  };

  /** Draws a satellite for a cell of the group last proposed; -1, and a reason, if it may use none. */
  const draw = (cell: number, feed: Feed, sky: Sky, slot: number): number => {
    const { count, sum, bound, satelliteIndex } = proposal;
    if (count === 0) {
      drawnReason = reasonWithoutUsable(cell, sky);
      return -1;
    }
    const total = sum[count - 1];
    const low = words[2 * cell];
    const high = words[2 * cell + 1];
    for (let trial = 0; trial < MAX_TRIALS; trial++) {
      const target = total * keyedUniform(seed + trial * 0x20003, slot, low, high);
      let k = 0;
      for (let last = count - 1; k < last; ) {
        const middle = (k + last) >> 1;
        if (sum[middle] > target) last = middle;
        else k = middle + 1;
      }
      const s = satelliteIndex[k];
      const link = finder.link(cell, s, sky.satellites);
      if (link === null || !link.isGsoClear) continue;
      const w = weightOf(cell, link.sinElevation, link.isNorth);
      if (bound[k] * keyedUniform(seed + trial * 0x20003 + 1, slot, low, high) >= w) continue;
      drawnSlantKm = link.slantKm;
      return s;
    }
    return drawFromAll(cell, feed.isUsable, feed, sky, slot, 0);
  };

  /** Why a cell whose group has no usable satellite is not served: no satellite, the arc, or no gateway. */
  const reasonWithoutUsable = (cell: number, sky: Sky): number => {
    const { offsets, satellites } = sky.candidates;
    const group = world.groupOfCell[cell];
    let hurdle = 0;
    for (let k = offsets[group]; k < offsets[group + 1] && hurdle < 2; k++) {
      if (cellLimit[satellites[k]] === 0) continue;
      const link = finder.link(cell, satellites[k], sky.satellites);
      if (link !== null) hurdle = Math.max(hurdle, link.isGsoClear ? 2 : 1);
    }
    return REASON_BY_HURDLE[hurdle];
  };

  const weightOf = (cell: number, sinElevation: number, isNorth: boolean): number => {
    const w = utility[(sinElevation * UTILITY_BINS) | 0];
    return isNorth ? w * northFactor[cell] : w;
  };

  /** The same draw over the list of all links of a cell, among satellites that have room. */
  const drawFromAll = (
    cell: number,
    hasRoom: Uint8Array,
    feed: Feed,
    sky: Sky,
    slot: number,
    round: number,
  ): number => {
    const group = world.groupOfCell[cell];
    const { offsets, satelliteIndex, isGsoClear, isNorth, sinElevation, slantKm } =
      finder.linksOfCell(cell, group, sky.candidates, sky.satellites);
    const links = offsets[1];
    if (weight.length < links) weight = new Float64Array(links * 2);
    let total = 0;
    let hurdle = 0;
    for (let l = 0; l < links; l++) {
      const s = satelliteIndex[l];
      const isChoice = hasRoom[s] === 1 && isGsoClear[l] === 1;
      weight[l] = isChoice ? weightOf(cell, sinElevation[l], isNorth[l] === 1) : 0;
      total += weight[l];
      if (cellLimit[s] === 0) continue;
      const reached = isGsoClear[l] === 0 ? 1 : feed.paths.gatewayIndex[s] < 0 ? 2 : 3;
      if (reached > hurdle) hurdle = reached;
    }
    if (total === 0) {
      drawnReason = REASON_BY_HURDLE[hurdle];
      return -1;
    }
    let target =
      total * keyedUniform(seed - 1 - round * 0x10001, slot, words[2 * cell], words[2 * cell + 1]);
    let chosen = 0;
    for (let l = 0; l < links; l++) {
      if (weight[l] === 0) continue;
      chosen = l;
      target -= weight[l];
      if (target < 0) break;
    }
    drawnSlantKm = slantKm[chosen];
    return satelliteIndex[chosen];
  };

  const feedsOf = (policies: readonly CompiledPolicy[], sky: Sky): Feed[] => {
    backhaul.update(sky);
    const feeds: Feed[] = [];
    policies.forEach((policy, p) => {
      const same = feeds.find(feed => {
        const other = policies[feed.policyIndex[0]];
        return (
          policy.areLasersPermitted === other.areLasersPermitted &&
          policy.isGatewayPermitted.every((flag, g) => flag === other.isGatewayPermitted[g])
        );
      });
      if (same) {
        same.policyIndex.push(p);
        return;
      }
      const paths =
        pathBuffers[feeds.length] ?? allocateBackhaulPaths(satelliteCount, destinations.count);
      pathBuffers[feeds.length] = paths;
      backhaul.fill(policy.isGatewayPermitted, policy.areLasersPermitted, paths);
      const isUsable = Uint8Array.from(cellLimit, (limit, s) =>
        limit > 0 && paths.gatewayIndex[s] >= 0 ? 1 : 0,
      );
      feeds.push({ paths, isUsable, policyIndex: [p] });
    });
    return feeds;
  };

  let feeds: readonly Feed[] = [];
  const run: Scheduler['run'] = ({ sky, slot, policies, out }) => {
    feeds = feedsOf(policies, sky);
    policies.forEach((policy, p) => {
      reset(policy, out[p]);
    });
    for (let g = 0; g < groups.count; g++) {
      for (const feed of feeds) {
        propose(g, feed.isUsable, sky);
        for (let cell = groups.firstCell[g]; cell < groups.firstCell[g + 1]; cell++) {
          const s = draw(cell, feed, sky, slot);
          for (const p of feed.policyIndex) {
            if (policies[p].isWithheld[cell] === 1) {
              out[p].state[cell] = CODE['withheld'];
            } else if (s < 0) {
              out[p].state[cell] = drawnReason;
            } else {
              out[p].state[cell] = CODE['served'];
              out[p].satelliteIndex[cell] = s;
              out[p].userKm[cell] = drawnSlantKm;
            }
          }
        }
      }
    }
    for (const feed of feeds) {
      for (const p of feed.policyIndex) {
        place(out[p], feed, sky, slot);
        measureEfficiency(out[p], sky);
        capacityShare.share(out[p], feed.paths, networkLoad, efficiency);
        follow(out[p], feed.paths);
      }
    }
  };

  const reset = (policy: CompiledPolicy, map: ServiceMap): void => {
    map.latencyMs.fill(Number.NaN);
    map.shareMbps.fill(0);
    map.satelliteIndex.fill(-1);
    map.gatewayIndex.fill(-1);
    for (let i = 0; i < cells.count; i++) {
      const rateMbps = Math.min(parameters.busyHourMbps, policy.maxRateMbps[i]);
      map.demandMbps[i] =
        policy.isWithheld[i] === 1
          ? 0
          : cells.peopleCount[i] * parameters.subscribersPerPerson * rateMbps;
    }
  };

  /** Moves cells off satellites that have too many to others with room, round by round. */
  const place = (map: ServiceMap, feed: Feed, sky: Sky, slot: number): void => {
    load.fill(0);
    for (let i = 0; i < cells.count; i++)
      if (map.satelliteIndex[i] >= 0) load[map.satelliteIndex[i]]++;
    let hasRoom = feed.isUsable;
    for (let round = 1; ; round++) {
      const turnedAway = turnAway(map, slot);
      if (turnedAway.length === 0) return;
      hasRoom = hasRoom.map((flag, s) => (load[s] < cellLimit[s] ? flag : 0));
      for (const cell of turnedAway) {
        const s = drawFromAll(cell, hasRoom, feed, sky, slot, round);
        map.satelliteIndex[cell] = s;
        if (s < 0) {
          map.state[cell] = drawnReason;
          continue;
        }
        map.userKm[cell] = drawnSlantKm;
        load[s]++;
      }
    }
  };

  /** Takes the surplus cells off each satellite, those with the highest keyed number; ascending. */
  const turnAway = (map: ServiceMap, slot: number): number[] => {
    const membersOf = new Map<number, { cell: number; key: number }[]>();
    for (let s = 0; s < satelliteCount; s++) if (load[s] > cellLimit[s]) membersOf.set(s, []);
    if (membersOf.size === 0) return [];
    for (let i = 0; i < cells.count; i++) {
      membersOf.get(map.satelliteIndex[i])?.push({
        cell: i,
        key: keyedUniform(seed ^ 0x5bd1e995, slot, words[2 * i], words[2 * i + 1]),
      });
    }
    const turnedAway: number[] = [];
    for (const [s, members] of membersOf) {
      members.sort((a, b) => a.key - b.key || a.cell - b.cell);
      for (const { cell } of members.slice(cellLimit[s])) turnedAway.push(cell);
      load[s] = cellLimit[s];
    }
    return turnedAway.sort((a, b) => a - b);
  };

  const efficiency = new Float32Array(cells.count);
  /** Of the user link of each cell, b/s/Hz; the radius at the equator will do. */
  const measureEfficiency = (map: ServiceMap, { satellites }: Sky): void => {
    const { xKm, yKm, zKm } = satellites;
    for (let i = 0; i < cells.count; i++) {
      const s = map.satelliteIndex[i];
      if (s < 0) continue;
      const radiusKm = Math.sqrt(xKm[s] ** 2 + yKm[s] ** 2 + zKm[s] ** 2);
      const sinElevation = sinElevationOf(map.userKm[i], radiusKm, EARTH_RADIUS_KM);
      efficiency[i] = spectralEfficiency(sinElevation, parameters.rainFadeDb);
    }
  };
  const capacityShare = createCapacityShare(world);
  const networkLoad = allocateNetworkLoad(world);
  /** The way of each served cell to its point of presence, and how long a round trip takes. */
  const follow = (map: ServiceMap, paths: BackhaulPaths): void => {
    const { gatewayIndex, laserKm, laserHops, gatewayKm, fibreKm, delayMs } = paths;
    for (let i = 0; i < cells.count; i++) {
      const s = map.satelliteIndex[i];
      if (s < 0) continue;
      const path = destinations.ofCell[i] * satelliteCount + s;
      map.gatewayIndex[i] = gatewayIndex[path];
      map.laserKm[i] = laserKm[path];
      map.laserHops[i] = laserHops[path];
      map.gatewayKm[i] = gatewayKm[path];
      map.fibreKm[i] = fibreKm[path];
      map.latencyMs[i] =
        2 * (map.userKm[i] * MS_PER_KM + delayMs[path]) +
        latency.macProcessingMs +
        queueDelayMs(networkLoad.satellite[s], latency);
    }
  };

  const pathsOf: Scheduler['pathsOf'] = policy => {
    const feed = feeds.find(({ policyIndex }) => policyIndex.includes(policy));
    if (feed === undefined) throw new RangeError(`no policy ${policy} in the last run`);
    return feed.paths;
  };

  return { run, pathsOf };
}

export function allocateServiceMap(cellCount: number): ServiceMap {
  return {
    cellCount,
    state: new Uint8Array(cellCount),
    satelliteIndex: new Int32Array(cellCount),
    gatewayIndex: new Int32Array(cellCount),
    latencyMs: new Float32Array(cellCount),
    userKm: new Float32Array(cellCount),
    laserKm: new Float32Array(cellCount),
    laserHops: new Uint8Array(cellCount),
    gatewayKm: new Float32Array(cellCount),
    fibreKm: new Float32Array(cellCount),
    shareMbps: new Float32Array(cellCount),
    demandMbps: new Float32Array(cellCount),
  };
}
