import { allocateBackhaul, type Backhaul } from '../sky/gatewayLinks.ts';
import { roundTripMs } from '../sky/geometry.ts';
import type { LinkBlock } from '../sky/userLinks.ts';
import { type BackhaulModel, bentPipe } from './backhaul.ts';
import { shareBeams } from './beamSharing.ts';
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
const UTILITY_BINS = 1024;
/** Mean latitude of the four sites on which the poleward weight was fitted. */
const FITTED_LAT_RAD = (45 * Math.PI) / 180;

/**
 * The 15-s scheduler (network.md §4). At a slot boundary every cell draws one satellite from those
 * above the mask, clear of the geostationary arc and with a gateway behind them, with probability
 * ∝ exp(b₁·elevation + b₂·poleward), keyed by (seed, slot, cell). A satellite takes at most
 * beams × cells per beam; those it turns away draw again among satellites with room, until all are
 * placed or nothing is left. Then each satellite shares its beams and its downlink fairly.
 *
 * The result depends on neither the order of cells nor on earlier slots.
 */
export interface Scheduler {
  /**
   * Decides one slot of a sky under several policies, one map each. Cells that face the same choice
   * under two policies draw the same satellite, and the geometry is done once for all.
   */
  run(input: {
    sky: Sky;
    slot: number;
    policies: readonly CompiledPolicy[];
    out: readonly ServiceMap[];
  }): void;
}

/** One choice of permitted gateways, shared by the policies that agree on it. */
interface Feed {
  readonly backhaul: Backhaul;
  /** 1 for satellites with beams and a gateway. */
  readonly isUsable: Uint8Array;
  readonly policyIndex: number[];
}

export function createScheduler(
  world: World,
  seed: number,
  backhaulModel: BackhaulModel = bentPipe,
): Scheduler {
  const { cells, parameters, capacities, finder, groups } = world;
  const satelliteCount = world.propagator.count;
  const words = new Uint32Array(cells.h3.buffer, cells.h3.byteOffset, cells.count * 2);
  const cellLimit = Int32Array.from(
    capacities,
    capacity => capacity.beamCount * parameters.cellsPerBeam,
  );
  const utility = new Float64Array(UTILITY_BINS + 1);
  for (let k = 0; k <= UTILITY_BINS; k++) {
    // Relative to the zenith, so that no weight overflows.
    const elevationRad = Math.asin(Math.min(1, (k + 0.5) / UTILITY_BINS));
    utility[k] = Math.exp(parameters.elevationWeight * (elevationRad - Math.PI / 2));
  }
  // For a cell in the south the pole is the other way.
  const northFactor = Float64Array.from(cells.latRad, lat =>
    Math.exp((parameters.polewardWeight * Math.sin(lat)) / Math.sin(FITTED_LAT_RAD)),
  );

  const slantKm = new Float32Array(cells.count);
  const load = new Int32Array(satelliteCount);
  let weight = new Float64Array(256);
  // Written by `draw` beside its return value.
  let drawnSlantKm = 0;
  let drawnReason = 0;

  /** Draws a satellite for cell `c` of a block; -1, and a reason, if it may use none. */
  const draw = (
    block: LinkBlock,
    c: number,
    isUsable: Uint8Array,
    backhaul: Backhaul,
    slot: number,
    round: number,
  ): number => {
    const from = block.offsets[c];
    const to = block.offsets[c + 1];
    const cell = block.firstCell + c;
    const { satelliteIndex, isGsoClear, isNorth, sinElevation } = block;
    const north = northFactor[cell];
    if (weight.length < to - from) weight = new Float64Array((to - from) * 2);
    let total = 0;
    for (let l = from; l < to; l++) {
      let w = 0;
      if (isUsable[satelliteIndex[l]] === 1 && isGsoClear[l] === 1) {
        w = utility[(sinElevation[l] * UTILITY_BINS) | 0];
        if (isNorth[l] === 1) w *= north;
      }
      total += w;
      weight[l - from] = w;
    }
    if (total === 0) {
      let hurdle = 0;
      for (let l = from; l < to; l++) {
        const s = satelliteIndex[l];
        if (cellLimit[s] === 0) continue;
        const reached = isGsoClear[l] === 0 ? 1 : backhaul.gatewayIndex[s] < 0 ? 2 : 3;
        if (reached > hurdle) hurdle = reached;
      }
      drawnReason = REASON_BY_HURDLE[hurdle];
      return -1;
    }
    let target =
      total * keyedUniform(seed + round * 0x10001, slot, words[2 * cell], words[2 * cell + 1]);
    let chosen = from;
    for (let l = from; l < to; l++) {
      const w = weight[l - from];
      if (w === 0) continue;
      chosen = l;
      target -= w;
      if (target < 0) break;
    }
    drawnSlantKm = block.slantKm[chosen];
    return satelliteIndex[chosen];
  };

  const feedsOf = (policies: readonly CompiledPolicy[], sky: Sky): Feed[] => {
    const feeds: Feed[] = [];
    policies.forEach((policy, p) => {
      const same = feeds.find(feed => {
        const other = policies[feed.policyIndex[0]].isGatewayPermitted;
        return policy.isGatewayPermitted.every((flag, g) => flag === other[g]);
      });
      if (same) {
        same.policyIndex.push(p);
        return;
      }
      const backhaul = allocateBackhaul(satelliteCount);
      backhaulModel.fill(world, sky, policy.isGatewayPermitted, backhaul);
      const isUsable = Uint8Array.from(cellLimit, (limit, s) =>
        limit > 0 && backhaul.gatewayIndex[s] >= 0 ? 1 : 0,
      );
      feeds.push({ backhaul, isUsable, policyIndex: [p] });
    });
    return feeds;
  };

  const run: Scheduler['run'] = ({ sky, slot, policies, out }) => {
    const feeds = feedsOf(policies, sky);
    policies.forEach((policy, p) => {
      reset(policy, out[p]);
    });
    const slants = policies.map((_, p) => (p === 0 ? slantKm : new Float32Array(cells.count)));
    for (let g = 0; g < groups.count; g++) {
      const block = finder.linksOfGroup(g, sky.candidates, sky.satellites);
      for (const feed of feeds) {
        for (let c = 0; c < block.cellCount; c++) {
          const cell = block.firstCell + c;
          const s = draw(block, c, feed.isUsable, feed.backhaul, slot, 0);
          for (const p of feed.policyIndex) {
            if (policies[p].isWithheld[cell] === 1) {
              out[p].state[cell] = CODE['withheld'];
            } else if (s < 0) {
              out[p].state[cell] = drawnReason;
            } else {
              out[p].state[cell] = CODE['served'];
              out[p].satelliteIndex[cell] = s;
              slants[p][cell] = drawnSlantKm;
            }
          }
        }
      }
    }
    for (const feed of feeds) {
      for (const p of feed.policyIndex) {
        place(out[p], feed, slants[p], sky, slot);
        share(out[p], feed.backhaul, slants[p]);
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
  const place = (
    map: ServiceMap,
    feed: Feed,
    slants: Float32Array,
    sky: Sky,
    slot: number,
  ): void => {
    load.fill(0);
    for (let i = 0; i < cells.count; i++)
      if (map.satelliteIndex[i] >= 0) load[map.satelliteIndex[i]]++;
    let hasRoom = feed.isUsable;
    for (let round = 1; ; round++) {
      const turnedAway = turnAway(map, slot);
      if (turnedAway.length === 0) return;
      hasRoom = hasRoom.map((flag, s) => (load[s] < cellLimit[s] ? flag : 0));
      for (const cell of turnedAway) {
        const group = world.groupOfCell[cell];
        const block = finder.linksOfCell(cell, group, sky.candidates, sky.satellites);
        const s = draw(block, 0, hasRoom, feed.backhaul, slot, round);
        map.satelliteIndex[cell] = s;
        if (s < 0) {
          map.state[cell] = drawnReason;
          continue;
        }
        slants[cell] = drawnSlantKm;
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

  const firstMember = new Int32Array(satelliteCount + 1);
  const nextMember = new Int32Array(satelliteCount);
  const members = new Int32Array(cells.count);
  const demand = new Float64Array(cells.count);
  const rate = new Float64Array(cells.count);
  /** Rates and latencies of the cells that have a satellite. */
  const share = (map: ServiceMap, backhaul: Backhaul, slants: Float32Array): void => {
    firstMember.fill(0);
    for (let i = 0; i < cells.count; i++) {
      if (map.satelliteIndex[i] >= 0) firstMember[map.satelliteIndex[i] + 1]++;
    }
    for (let s = 0; s < satelliteCount; s++) firstMember[s + 1] += firstMember[s];
    nextMember.set(firstMember.subarray(0, satelliteCount));
    for (let i = 0; i < cells.count; i++) {
      const s = map.satelliteIndex[i];
      if (s < 0) continue;
      const m = nextMember[s]++;
      members[m] = i;
      demand[m] = map.demandMbps[i];
      map.gatewayIndex[i] = backhaul.gatewayIndex[s];
      map.latencyMs[i] = roundTripMs(slants[i] + backhaul.pathKm[s]);
    }
    for (let s = 0; s < satelliteCount; s++) {
      const from = firstMember[s];
      const to = firstMember[s + 1];
      if (from === to) continue;
      shareBeams(capacities[s], parameters, demand.subarray(from, to), rate.subarray(from, to));
      for (let m = from; m < to; m++) map.shareMbps[members[m]] = rate[m];
    }
  };

  return { run };
}

export function allocateServiceMap(cellCount: number): ServiceMap {
  return {
    cellCount,
    state: new Uint8Array(cellCount),
    satelliteIndex: new Int32Array(cellCount),
    gatewayIndex: new Int32Array(cellCount),
    latencyMs: new Float32Array(cellCount),
    shareMbps: new Float32Array(cellCount),
    demandMbps: new Float32Array(cellCount),
  };
}
