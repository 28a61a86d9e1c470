import type { CellTable } from '../../src/earth/index.ts';
import type { BackhaulPaths } from '../../src/network/index.ts';
import { ecefToGeodetic, geodeticToEcefKm, type PositionsEcef } from '../../src/orbits/index.ts';
import {
  allocateServiceMap,
  allocateSky,
  CELL_STATES,
  type CompiledPolicy,
  compilePolicy,
  createScheduler,
  OPEN_POLICY,
  type Scheduler,
  type ServiceMap,
  slotNumber,
  updateSky,
  type World,
  withoutSatellites,
} from '../../src/service/index.ts';
import { SPEED_OF_LIGHT_KM_S } from '../../src/sky/index.ts';
import type { Colour } from '../shell/url.ts';
import { displayTexels } from './display.ts';
import { instantOfMs } from './keyFrame.ts';
import type {
  NodeOfPath,
  PathUser,
  Resolution,
  Scenario,
  ServicePath,
  Slot,
  SlotCells,
  SlotTotals,
} from './messages.ts';
import type { Twin } from './twin.ts';

const SERVED = CELL_STATES.indexOf('served');
const DEG = Math.PI / 180;

/** The whole Earth at one resolution, slot by slot, as it is and in a scenario. */
export interface SlotJob {
  run(order: {
    readonly slotMs: number;
    readonly scenario: Scenario;
    readonly colour: Colour;
    readonly user: PathUser | null;
  }): Slot;
  /** The last slot in another colouring; null before the first. */
  texels(colour: Colour): Uint8Array | null;
  /** As it was in the last slot before any change; null before the first. */
  readonly before: ServiceMap | null;
}

export function createSlotJob(twin: Twin, world: World, resolution: Resolution): SlotJob {
  const scheduler = createScheduler(world, 1, twin.backhaulModel);
  let seed = 1;
  let current = scheduler;
  const sky = allocateSky(world);
  const maps = [
    allocateServiceMap(world.scheduled.count),
    allocateServiceMap(world.scheduled.count),
  ];
  const open = compilePolicy(OPEN_POLICY, 'fixed', world.scheduled, world.gateways);
  let compiled: { key: string; policy: CompiledPolicy } | null = null;
  let other: { key: string; world: World; scheduler: Scheduler } | null = null;
  let last: { before: SlotCells; after: SlotCells } | null = null;
  /** What `maps[0]` holds. */
  let beforeKey = '';
  let pathBefore: ServicePath | null = null;

  const policyOf = (scenario: Scenario): CompiledPolicy => {
    const key = JSON.stringify(scenario);
    if (compiled?.key !== key) {
      const policy = twin.policyOf(scenario, world.scheduled);
      compiled = { key, policy: compilePolicy(policy, 'fixed', world.scheduled, world.gateways) };
    }
    return compiled.policy;
  };
  const without = (
    scenario: Scenario,
    isGone: Uint8Array,
  ): { world: World; scheduler: Scheduler } => {
    const key = `${scenario.seed} ${scenario.out.join()}`;
    if (other?.key !== key) {
      const smaller = withoutSatellites(world, isGone);
      other = {
        key,
        world: smaller,
        scheduler: createScheduler(smaller, scenario.seed, twin.backhaulModel),
      };
    }
    return other;
  };

  return {
    get before() {
      return last === null ? null : maps[0];
    },
    texels: colour => last && displayTexels(colour, last.before, last.after),
    run({ slotMs, scenario, colour, user }) {
      const startedMs = performance.now();
      if (scenario.seed !== seed) {
        seed = scenario.seed;
        current = createScheduler(world, seed, twin.backhaulModel);
      }
      const at = instantOfMs(slotMs);
      const slot = slotNumber(at);
      const changed = isChanged(scenario);
      const key = `${slotMs} ${seed} ${user?.name ?? ''}`;
      const isKnown = beforeKey === key;
      const isGone = twin.goneOf(scenario);
      updateSky(world, at, sky);
      let pathAfter: ServicePath | null = null;
      const follow = (scheduled: Scheduler, policy: number, map: ServiceMap): ServicePath | null =>
        user && pathOf(twin, world, sky.satellites, scheduled.pathsOf(policy), map, user);
      if (!changed || isGone !== null) {
        if (!isKnown) {
          current.run({ sky, slot, policies: [open], out: [maps[0]] });
          pathBefore = follow(current, 0, maps[0]);
        }
        if (isGone !== null) {
          const smaller = without(scenario, isGone);
          updateSky(smaller.world, at, sky);
          smaller.scheduler.run({ sky, slot, policies: [policyOf(scenario)], out: [maps[1]] });
          pathAfter = follow(smaller.scheduler, 0, maps[1]);
        }
      } else if (isKnown) {
        current.run({ sky, slot, policies: [policyOf(scenario)], out: [maps[1]] });
        pathAfter = follow(current, 0, maps[1]);
      } else {
        current.run({ sky, slot, policies: [open, policyOf(scenario)], out: maps });
        pathBefore = follow(current, 0, maps[0]);
        pathAfter = follow(current, 1, maps[1]);
      }
      beforeKey = key;
      if (!changed) pathAfter = pathBefore;
      const before = cellsOf(maps[0], world);
      const after = changed ? cellsOf(maps[1], world) : before;
      last = { before, after };
      const { scheduled } = world;
      return {
        slotMs,
        resolution,
        inputHash: fnv(JSON.stringify([twin.file.revision, slotMs, resolution, scenario])),
        before: copyOf(before),
        after: copyOf(after),
        texels: displayTexels(colour, before, after),
        totalsBefore: totalsOf(before, scheduled),
        totalsAfter: totalsOf(after, scheduled),
        pathBefore,
        pathAfter,
        tookMs: performance.now() - startedMs,
      };
    },
  };
}

export function isChanged({ off, gateways, hasLasers, out }: Scenario): boolean {
  return off.length > 0 || gateways.length > 0 || !hasLasers || out.length > 0;
}

/** The arrays that the page is given are its own. */
function copyOf(cells: SlotCells): SlotCells {
  return {
    state: cells.state.slice(),
    latencyMs: cells.latencyMs.slice(),
    shareMbps: cells.shareMbps.slice(),
    utilisation: cells.utilisation.slice(),
    satelliteIndex: cells.satelliteIndex.slice(),
    gatewayIndex: cells.gatewayIndex.slice(),
  };
}

function cellsOf(map: ServiceMap, world: World): SlotCells {
  const usedMbps = new Float64Array(world.propagator.count);
  for (let i = 0; i < map.cellCount; i++) {
    if (map.satelliteIndex[i] >= 0) usedMbps[map.satelliteIndex[i]] += map.shareMbps[i];
  }
  const utilisation = new Float32Array(map.cellCount);
  for (let i = 0; i < map.cellCount; i++) {
    const s = map.satelliteIndex[i];
    utilisation[i] = s < 0 ? Number.NaN : usedMbps[s] / world.capacities[s].satelliteMbps;
  }
  return {
    state: map.state.slice(),
    latencyMs: map.latencyMs.slice(),
    shareMbps: map.shareMbps.slice(),
    utilisation,
    satelliteIndex: map.satelliteIndex.slice(),
    gatewayIndex: map.gatewayIndex.slice(),
  };
}

const BIN_MS = 0.25;
const BINS = 2400;

function totalsOf(cells: SlotCells, table: CellTable): SlotTotals {
  const people = new Float64Array(BINS);
  const gateways = new Set<number>();
  let servedCells = 0;
  let servedPeople = 0;
  let shareMbps = 0;
  for (let i = 0; i < cells.state.length; i++) {
    if (cells.state[i] !== SERVED) continue;
    servedCells++;
    servedPeople += table.peopleCount[i];
    shareMbps += cells.shareMbps[i];
    gateways.add(cells.gatewayIndex[i]);
    people[Math.min(BINS - 1, (cells.latencyMs[i] / BIN_MS) | 0)] += table.peopleCount[i];
  }
  const percentile = (share: number): number | null => {
    if (servedPeople === 0) return null;
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      sum += people[bin];
      if (sum >= share * servedPeople) return (bin + 0.5) * BIN_MS;
    }
    return BINS * BIN_MS;
  };
  return {
    servedCells,
    servedPeople,
    p50Ms: percentile(0.5),
    p95Ms: percentile(0.95),
    shareMbps,
    gateways: gateways.size,
  };
}

/** The populated cell nearest to a place. */
export function nearestCell(table: CellTable, { latDeg, lonDeg }: PathUser): number {
  const lat = latDeg * DEG;
  const lon = lonDeg * DEG;
  let best = -1;
  let most = -2;
  for (let i = 0; i < table.count; i++) {
    const cosine =
      Math.sin(lat) * Math.sin(table.latRad[i]) +
      Math.cos(lat) * Math.cos(table.latRad[i]) * Math.cos(lon - table.lonRad[i]);
    if (cosine > most) {
      most = cosine;
      best = i;
    }
  }
  return best;
}

/** The way of one user's traffic: up, along lasers, down, along fibre. */
function pathOf(
  twin: Twin,
  world: World,
  satellites: PositionsEcef,
  paths: BackhaulPaths,
  map: ServiceMap,
  user: PathUser,
): ServicePath {
  const cell = nearestCell(world.scheduled, user);
  const state = CELL_STATES[map.state[cell]];
  const start = groundNode(user.name, 'user', user.latDeg, user.lonDeg);
  if (map.satelliteIndex[cell] < 0) return { state, rttMs: null, nodes: [start] };
  const nodes: NodeOfPath[] = [start];
  const { destinations, latency } = world;
  const destination = destinations.ofCell[cell];
  const at = destination * paths.satelliteCount;
  let satellite = map.satelliteIndex[cell];
  for (let hops = 0; satellite >= 0 && hops < 64; hops++) {
    const [x, y, z] = [
      satellites.xKm[satellite],
      satellites.yKm[satellite],
      satellites.zKm[satellite],
    ];
    const below = ecefToGeodetic(x, y, z);
    nodes.push(
      linked(nodes, hops === 0 ? 0 : latency.hopMs, {
        name: twin.records[satellite].name || String(twin.records[satellite].catalogId),
        satellite,
        kind: 'satellite',
        ecefKm: [x, y, z],
        latDeg: below.latRad / DEG,
        lonDeg: below.lonRad / DEG,
      }),
    );
    const next = paths.nextSatellite[at + satellite];
    if (next < 0) break;
    satellite = next;
  }
  const g = map.gatewayIndex[cell];
  const { gateways, pops } = twin;
  nodes.push(
    linked(
      nodes,
      0,
      groundNode(gateways.name[g], 'gateway', gateways.latRad[g] / DEG, gateways.lonRad[g] / DEG),
    ),
  );
  const pop = destinations.popIndex[destination];
  if (pop >= 0) {
    nodes.push({
      ...groundNode(pops.city[pop], 'pop', pops.latRad[pop] / DEG, pops.lonRad[pop] / DEG),
      km: map.fibreKm[cell],
      ms: map.fibreKm[cell] * world.fibreMsPerKm,
    });
  }
  return { state, rttMs: map.latencyMs[cell], nodes };
}

function groundNode(
  name: string,
  kind: NodeOfPath['kind'],
  latDeg: number,
  lonDeg: number,
): NodeOfPath {
  const { xKm, yKm, zKm } = geodeticToEcefKm(latDeg * DEG, lonDeg * DEG, 0);
  return { name, satellite: -1, kind, ecefKm: [xKm, yKm, zKm], latDeg, lonDeg, km: 0, ms: 0 };
}

function linked(
  nodes: readonly NodeOfPath[],
  extraMs: number,
  node: Omit<NodeOfPath, 'km' | 'ms'>,
): NodeOfPath {
  const [x, y, z] = nodes[nodes.length - 1].ecefKm;
  const km = Math.hypot(node.ecefKm[0] - x, node.ecefKm[1] - y, node.ecefKm[2] - z);
  return { ...node, km, ms: (1000 * km) / SPEED_OF_LIGHT_KM_S + extraMs };
}

/** FNV-1a, 64 bits in two halves: a name for equal inputs, no proof of them. */
function fnv(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
  }
  return [a, b].map(half => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
