// One slot of the whole Earth from element sets to a ServiceMap, its growth with the fleet, the same
// slot with lasers, fibre and fair shares, a day of one territory, and the visibility search beside the
// obvious loop. One core, one run.
//
//   node bench/service.ts [--quick] [--json]

import { existsSync, readFileSync } from 'node:fs';
import { ecfToLookAngles } from 'satellite.js';
import {
  type CellTable,
  cellsByEdge,
  findTerritory,
  type Gateways,
  membershipOf,
  outsideTerritoryOf,
} from '../src/earth/index.ts';
import {
  allocatePositionsEcef,
  createPropagator,
  type ElementSet,
  fleetElementSets,
  parseInstant,
  readCatalogue,
  readFleetTable,
  satelliteGeneration,
} from '../src/orbits/index.ts';
import { backhaulOf } from '../src/runs/backhaulOf.ts';
import { loadInternet } from '../src/runs/loadInternet.ts';
import {
  allocateServiceMap,
  allocateSky,
  CELL_STATES,
  competitionRingKm,
  compilePolicy,
  createScheduler,
  createWorld,
  DEFAULT_SERVICE_PARAMETERS,
  OPEN_POLICY,
  type ServiceMap,
  slotNumber,
  slotStart,
  slotStarts,
  updateSky,
  type World,
  withFleet,
} from '../src/service/index.ts';
import { builtCells, builtGateways, builtTerritories } from '../src/store/builtData.ts';
import { sharedPath } from '../src/store/sharedData.ts';
import { createWhatIf, scopeCells, takeCells, takeMembership } from '../src/whatif/index.ts';
import {
  type BenchReport,
  type BenchRow,
  benchTable,
  ratioRow,
  thisMachine,
} from './benchReport.ts';

const CATALOGUE = 'data/orbits/starlink-2026-08-22.3le.gz';
const AT = parseInstant('2026-08-22T12:00:12Z');
const PEER_CELLS = 60;

/** Measures everything; `quick` takes an hour for the day (scaled up and said so) and fewer rounds. */
export async function run(options: { quick: boolean }): Promise<BenchReport> {
  const rounds = options.quick ? 3 : 9;
  const records = flownFleet();
  const territories = builtTerritories();
  // All populated cells, by the finest population data that was built in.
  const cells = builtCells(5, { people: 'auto', populatedOnly: true });
  const gateways = builtGateways('starlink');
  const rows: BenchRow[] = [];

  const ground = worldOf(records, cells, gateways);
  const cold = slotFromElementSets(records, ground);
  const warm = Array.from({ length: rounds }, () => slotFromElementSets(records, ground));
  const counted = `${records.length} satellites, ${cells.count} cells`;
  rows.push(
    limitRow(`first slot from element sets, cold process: ${counted}`, cold.seconds, 's', 1),
    limitRow(
      `slot from element sets, median of ${rounds}`,
      median(warm.map(w => w.seconds)),
      's',
      1,
    ),
    valueRow('of it: starting SGP4', 1000 * median(warm.map(w => w.initS)), 'ms'),
    valueRow('of it: positions and search', 1000 * median(warm.map(w => w.searchS)), 'ms'),
    valueRow('of it: scheduling', 1000 * median(warm.map(w => w.scheduleS)), 'ms'),
    limitRow('peak memory of the slot', process.resourceUsage().maxRSS / 1024, 'MB', 700),
    valueRow('cells served', servedCount(warm[0].map), 'cells'),
  );

  for (const count of [1000, 10_744, 42_000]) {
    const fleet = fleetOf(records, count);
    const timings = Array.from({ length: Math.min(3, rounds) }, () =>
      slotFromElementSets(fleet, ground),
    );
    rows.push(
      valueRow(
        `slot from element sets, ${count} satellites`,
        median(timings.map(t => t.seconds)),
        's',
      ),
    );
  }

  rows.push(...networkRows(records, territories, gateways, rounds));
  rows.push(...visibilityRows(ground, rounds));

  const hours = options.quick ? 1 : 24;
  for (const { reachKm, hasLasers } of [
    { reachKm: 0, hasLasers: false },
    { reachKm: 0, hasLasers: true },
    { reachKm: 600, hasLasers: true },
  ]) {
    const day = territoryDay(records, cells, gateways, territories, reachKm, hasLasers, hours);
    rows.push(
      limitRow(
        `a day of 15-s slots ${hasLasers ? 'with' : 'without'} lasers, two policies, TWN and ${reachKm} km around (${day.cellCount} cells, ${day.scheduledCount} scheduled)` +
          (hours === 24 ? '' : `, from ${hours} h`),
        (day.seconds * 24) / hours,
        's',
        hasLasers ? undefined : 60,
      ),
    );
  }
  rows.push(valueRow('peak memory of this whole run', process.resourceUsage().maxRSS / 1024, 'MB'));
  return { name: 'service', machine: thisMachine(), rows };
}

/** The real catalogue when it is there, else the fleet table made from it. */
function flownFleet(): readonly ElementSet[] {
  const path = sharedPath(CATALOGUE);
  if (existsSync(path)) return readCatalogue(readFileSync(path), CATALOGUE).records;
  const table = new URL('../data/constellations/starlink-2026-08.csv', import.meta.url);
  return fleetElementSets(readFleetTable(readFileSync(table, 'utf8'), table.pathname));
}

/** A fleet of another size: every k-th satellite, or copies with the node turned by a few degrees. */
function fleetOf(records: readonly ElementSet[], count: number): ElementSet[] {
  return Array.from({ length: count }, (_, k) => {
    const record = records[Math.floor((k * records.length) / count) % records.length];
    const copy = Math.floor(k / records.length);
    return count <= records.length
      ? record
      : { ...record, raanDeg: (record.raanDeg + 2.5 * (copy + 1)) % 360 };
  });
}

function worldOf(
  records: readonly ElementSet[],
  cells: CellTable,
  gateways: Gateways,
  surroundings: CellTable = cells,
): World {
  return createWorld({
    propagator: createPropagator(records),
    generations: records.map(satelliteGeneration),
    cells,
    surroundings,
    gateways,
    parameters: DEFAULT_SERVICE_PARAMETERS,
  });
}

/** Element sets in, ServiceMap out. The ground stands still and is prepared outside the clock. */
function slotFromElementSets(
  records: readonly ElementSet[],
  ground: World,
): { seconds: number; initS: number; searchS: number; scheduleS: number; map: ServiceMap } {
  const { cells, gateways } = ground;
  const map = allocateServiceMap(cells.count);
  const policies = [compilePolicy(OPEN_POLICY, 'fixed', cells, gateways)];
  const start = performance.now();
  const world = withFleet(ground, createPropagator(records), records.map(satelliteGeneration));
  const started = performance.now();
  const sky = allocateSky(world);
  updateSky(world, AT, sky);
  const searched = performance.now();
  createScheduler(world, 1).run({ sky, slot: slotNumber(AT), policies, out: [map] });
  const done = performance.now();
  return {
    seconds: (done - start) / 1000,
    initS: (started - start) / 1000,
    searchS: (searched - started) / 1000,
    scheduleS: (done - searched) / 1000,
    map,
  };
}

/**
 * Everything that a slot asks of the network: positions, search, laser links, paths to every point of
 * presence in use, scheduling, fair shares, round trips. The topology is made once for a fleet.
 */
function networkRows(
  records: readonly ElementSet[],
  territories: ReturnType<typeof builtTerritories>,
  gateways: Gateways,
  rounds: number,
): BenchRow[] {
  const cells = builtCells(4, { people: 'auto', populatedOnly: true });
  const generations = records.map(satelliteGeneration);
  const start = performance.now();
  const backhaulModel = backhaulOf({}, { records, generations });
  const topologyMs = performance.now() - start;
  const world = createWorld({
    propagator: createPropagator(records),
    generations,
    cells,
    gateways,
    ...loadInternet(territories, cells, 'starlink', 2026.64),
    parameters: DEFAULT_SERVICE_PARAMETERS,
  });
  const sky = allocateSky(world);
  const map = allocateServiceMap(cells.count);
  const policies = [compilePolicy(OPEN_POLICY, 'fixed', cells, gateways)];
  const scheduler = createScheduler(world, 1, backhaulModel);
  const slot = (k: number): number => {
    const at = slotStart(slotNumber(AT) + k);
    const begun = performance.now();
    updateSky(world, at, sky);
    scheduler.run({ sky, slot: slotNumber(at), policies, out: [map] });
    return (performance.now() - begun) / 1000;
  };
  const cold = slot(0);
  const warm = Array.from({ length: rounds }, (_, k) => slot(k + 1));
  const overLasers = map.laserHops.reduce((sum, hops) => sum + (hops > 0 ? 1 : 0), 0);
  const operational = gateways.isOperational.reduce((sum, flag) => sum + flag, 0);
  const what = `${records.length} satellites with lasers, ${operational} gateways, ${world.destinations.count} points of presence, ${cells.count} cells of resolution 4`;
  return [
    limitRow(`whole slot, first: ${what}`, cold, 's', 1.5),
    limitRow(`whole slot, median of ${rounds}`, median(warm), 's', 1.5),
    valueRow('laser topology of the fleet, once', topologyMs, 'ms'),
    valueRow('cells served, of them over lasers', overLasers / servedCount(map), 'of the cells'),
  ];
}

/** All user links of the Earth beside the obvious loop over every pair with satellite.js' look angles. */
function visibilityRows(world: World, rounds: number): BenchRow[] {
  const sky = allocateSky(world);
  let links = 0;
  const enumerate = (): number => {
    const start = performance.now();
    updateSky(world, AT, sky);
    links = 0;
    for (let g = 0; g < world.groups.count; g++) {
      const block = world.finder.linksOfGroup(g, sky.candidates, sky.satellites);
      links += block.offsets[block.cellCount];
    }
    return (performance.now() - start) / 1000;
  };
  enumerate();
  const ours = median(Array.from({ length: rounds }, enumerate));

  const { cells } = world;
  const positions = allocatePositionsEcef(world.propagator.count);
  world.propagator.positionsEcef(AT, positions);
  const satellites = Array.from(positions.xKm, (x, s) => ({
    x,
    y: positions.yKm[s],
    z: positions.zKm[s],
  }));
  const mask = world.parameters.userMaskRad;
  const loop = (cellStride: number): { seconds: number; cellCount: number } => {
    let cellCount = 0;
    let found = 0;
    const start = performance.now();
    for (let i = 0; i < cells.count; i += cellStride) {
      const observer = { latitude: cells.latRad[i], longitude: cells.lonRad[i], height: 0 };
      for (const satellite of satellites) {
        if (ecfToLookAngles(observer, satellite).elevation >= mask) found++;
      }
      cellCount++;
    }
    if (found === 0) throw new Error('the peer saw no satellite');
    return { seconds: (performance.now() - start) / 1000, cellCount };
  };
  const stride = Math.ceil(cells.count / PEER_CELLS);
  loop(stride);
  const peer = loop(stride);
  const peerS = (peer.seconds * cells.count) / peer.cellCount;
  return [
    ratioRow(
      `all ${(links / 1e6).toFixed(1)} million user links of the Earth, with the GSO arc`,
      ours,
      's',
      peerS / ours,
      `ecfToLookAngles over all pairs (${peerS.toFixed(0)} s, from ${peer.cellCount} cells)`,
      100,
    ),
  ];
}

/** Both policies, every slot, one territory and what is around it. */
function territoryDay(
  records: readonly ElementSet[],
  all: CellTable,
  gateways: Gateways,
  territories: ReturnType<typeof builtTerritories>,
  reachKm: number,
  hasLasers: boolean,
  hours: number,
): { seconds: number; cellCount: number; scheduledCount: number } {
  const territory = findTerritory(territories, 'TWN');
  const whole = membershipOf(territory, all);
  const scope = scopeCells(all, whole, reachKm);
  const cells = takeCells(all, scope);
  const ringKm = competitionRingKm(records, DEFAULT_SERVICE_PARAMETERS.userMaskRad);
  const surroundings = takeCells(all, scopeCells(all, whole, reachKm + ringKm));
  const world = worldOf(records, cells, gateways, surroundings);
  const off = BigUint64Array.from(cellsByEdge(whole, 'centre'), cell => all.h3[cell]);
  const backhaulModel = backhaulOf(hasLasers ? {} : { topology: 'none' }, {
    records,
    generations: records.map(satelliteGeneration),
  });
  const start = performance.now();
  const whatIf = createWhatIf({
    backhaulModel,
    world,
    territories: territories.territories,
    before: OPEN_POLICY,
    after: {
      rules: [{ label: 'TWN off', cells: off, action: { kind: 'off' } }],
      deniedGatewayCountries: [],
    },
    terminal: 'fixed',
    membership: takeMembership(whole, scope),
    outsideTerritory: outsideTerritoryOf(cells, [territory]),
    edge: 'centre',
    seed: 1,
    forS: hours * 3600,
  });
  for (const at of slotStarts(AT, hours * 3600)) whatIf.slot(at);
  whatIf.finish();
  return {
    seconds: (performance.now() - start) / 1000,
    cellCount: cells.count,
    scheduledCount: surroundings.count,
  };
}

function servedCount(map: ServiceMap): number {
  const served = CELL_STATES.indexOf('served');
  return map.state.reduce((sum, state) => sum + (state === served ? 1 : 0), 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function valueRow(name: string, value: number, unit: string): BenchRow {
  return { name, value, unit };
}

/** A row whose value must stay at or under a limit, where there is one. */
function limitRow(name: string, value: number, unit: string, limit: number | undefined): BenchRow {
  return limit === undefined
    ? { name, value, unit }
    : { name, value, unit, target: limit, pass: value <= limit };
}

if (import.meta.main) {
  const report = await run({ quick: process.argv.includes('--quick') });
  const isJson = process.argv.includes('--json');
  process.stdout.write(`${isJson ? JSON.stringify(report, null, 2) : benchTable(report)}\n`);
}
