import {
  type CellTable,
  cellsByEdge,
  type Gateways,
  type Membership,
  membershipOf,
  outsideTerritoryOf,
  type PointsOfPresence,
  readCellTable,
  readTerritories,
  type Territory,
  type TerritoryIndex,
} from '../../src/earth/index.ts';
import {
  CLEAR_OF_THE_EARTH,
  createTopology,
  homePointsOfPresence,
  type LaserTopology,
} from '../../src/network/index.ts';
import {
  BeamkeeperError,
  createPropagator,
  type ElementSet,
  type Propagator,
  satelliteGeneration,
} from '../../src/orbits/index.ts';
import {
  type BackhaulModel,
  bentPipe,
  competitionRingKm,
  createWorld,
  GENERATIONS,
  laserBackhaul,
  OPEN_POLICY,
  readElementFile,
  type ServicePolicy,
  SLOT_S,
  type World,
  type WorldFile,
  withoutSatellites,
} from '../../src/service/index.ts';
import {
  createWhatIf,
  scopeCells,
  takeCells,
  takeMembership,
  type WhatIfRun,
} from '../../src/whatif/index.ts';
import type { Resolution, Scenario } from './messages.ts';

/** How far around the place in question is looked, km; the command line's default. */
const REACH_KM = 600;

/**
 * The project's own core over the files that the server names: the same code, tables and numbers as
 * the command line, here in a worker.
 */
export interface Twin {
  readonly file: WorldFile;
  readonly records: readonly ElementSet[];
  readonly generations: readonly string[];
  readonly propagator: Propagator;
  readonly territories: TerritoryIndex;
  readonly gateways: Gateways;
  readonly pops: PointsOfPresence;
  readonly topology: LaserTopology | null;
  readonly backhaulModel: BackhaulModel;
  /** All populated cells of the Earth, as one world. Loads the table when first asked for. */
  earth(resolution: Resolution): Promise<World>;
  /** 1 for satellites that a scenario takes out; null when it takes none. */
  goneOf(scenario: Scenario): Uint8Array | null;
  /** A territory or disputed area by id; null when there is none. */
  placeOf(id: string): Territory | null;
  membershipOf(ids: readonly string[], cells: CellTable): Membership;
  policyOf(scenario: Scenario, cells: CellTable): ServicePolicy;
  /** What the scenario does to its place and around it, slot by slot. */
  whatIf(scenario: Scenario, forS: number): Promise<{ run: WhatIfRun; stepS: number }>;
}

/** @param own element sets in the place of those that the world names */
export async function loadTwin(worldUrl: string, own?: Uint8Array): Promise<Twin> {
  const named = (await (await fetched(worldUrl)).json()) as WorldFile;
  if (named.version !== 1) {
    throw new BeamkeeperError(
      'WORLD',
      `${worldUrl}: written in version ${named.version}, this page reads version 1; load the page again`,
    );
  }
  // What a result is called follows from all that it came from.
  const file =
    own === undefined ? named : { ...named, revision: `${named.revision}+${await hashOf(own)}` };
  const [elements, territoryBytes] = await Promise.all([
    own ?? bytesOf(file.files.elements),
    bytesOf(file.files.territories),
  ]);
  const records = readElementFile(elements);
  const territories = readTerritories(territoryBytes);
  const generations = records.map(satelliteGeneration);
  const propagator = createPropagator(records);
  const gateways = gatewaysOf(file);
  const pops = popsOf(file);
  const topology =
    file.topology === 'none'
      ? null
      : createTopology(file.topology, {
          elementSets: records,
          terminalCount: Uint8Array.from(
            generations,
            name => (GENERATIONS[name] ?? GENERATIONS['other']).laserTerminalCount,
          ),
        });
  const backhaulModel =
    topology === null ? bentPipe : laserBackhaul(topology, CLEAR_OF_THE_EARTH, 'always');
  const worldOf = (cells: CellTable, surroundings: CellTable): World =>
    createWorld({
      propagator,
      generations,
      cells,
      surroundings,
      gateways,
      internet: {
        pops,
        homePop: homePointsOfPresence({
          latRad: surroundings.latRad,
          lonRad: surroundings.lonRad,
          territoryIndex: surroundings.territoryIndex,
          territoryIds: territories.territories.map(({ id }) => id),
          pops,
          year: file.year,
          seen: file.seen,
        }),
      },
      latency: file.latency,
      parameters: file.parameters,
    });
  const worlds = new Map<Resolution, Promise<World>>();
  const earth = (resolution: Resolution): Promise<World> => {
    let world = worlds.get(resolution);
    if (world === undefined) {
      const url = resolution === 3 ? file.files.cells3 : file.files.cells4;
      world = bytesOf(url).then(bytes => {
        const cells = readCellTable(bytes, { people: 'auto', populatedOnly: true, territories });
        return worldOf(cells, cells);
      });
      worlds.set(resolution, world);
    }
    return world;
  };
  const ringKm = competitionRingKm(records, file.parameters.userMaskRad);
  const all: readonly Territory[] = [...territories.territories, ...territories.disputedAreas];
  const placeOf = (id: string): Territory | null => all.find(place => place.id === id) ?? null;

  /** Several territories as one: between two of them there is no edge. */
  const joined = (ids: readonly string[]): Territory | null => {
    const places = ids.map(placeOf).filter(place => place !== null);
    if (places.length === 0) return null;
    const parts = [...new Set(places.flatMap(({ parts }) => parts))].sort((a, b) => a - b);
    return { ...places[0], parts };
  };
  const membershipOfIds = (ids: readonly string[], cells: CellTable): Membership => {
    const place = joined(ids);
    return place === null ? EMPTY : membershipOf(place, cells);
  };
  const policyOf = (scenario: Scenario, cells: CellTable): ServicePolicy => {
    const taken = cellsByEdge(membershipOfIds(scenario.off, cells), scenario.edge);
    return {
      rules:
        taken.length === 0
          ? []
          : [
              {
                label: `${scenario.off.join(', ')} off (${scenario.edge})`,
                cells: BigUint64Array.from(taken, cell => cells.h3[cell]),
                action: { kind: 'off' },
              },
            ],
      deniedGatewayCountries: scenario.gateways,
      areLasersDenied: !scenario.hasLasers,
    };
  };
  const goneOf = ({ out }: Scenario): Uint8Array | null => {
    if (out.length === 0) return null;
    const gone = new Set(out);
    return Uint8Array.from(records, (record, s) =>
      gone.has(`fleet:${generations[s]}`) || gone.has(`sat:${record.catalogId}`) ? 1 : 0,
    );
  };

  return {
    file,
    records,
    generations,
    propagator,
    territories,
    gateways,
    pops,
    topology,
    backhaulModel,
    earth,
    goneOf,
    placeOf,
    membershipOf: membershipOfIds,
    policyOf,
    async whatIf(scenario, forS) {
      const { cells: all4 } = await earth(4);
      const ids = scenario.off.length > 0 ? scenario.off : scenario.gateways;
      const place = joined(ids) ?? joined(territories.territories.map(({ id }) => id)) ?? undefined;
      if (place === undefined) throw new BeamkeeperError('WORLD', 'the world has no territories');
      const isWhole = ids.length === 0;
      // The whole Earth is looked at in coarse cells: no border is in question.
      const cells = isWhole ? (await earth(3)).cells : all4;
      const membership = membershipOf(place, cells);
      const scope = scopeCells(cells, membership, REACH_KM);
      const counted = takeCells(cells, scope);
      const world = worldOf(
        counted,
        takeCells(cells, scopeCells(cells, membership, REACH_KM + ringKm)),
      );
      const gone = goneOf(scenario);
      // Every second slot tells the same; so many cells as the Earth has take long.
      const stepS = isWhole ? 4 * SLOT_S : 2 * SLOT_S;
      const run = createWhatIf({
        world,
        ...(gone === null ? {} : { worldAfter: withoutSatellites(world, gone) }),
        territories: territories.territories,
        before: OPEN_POLICY,
        after: policyOf(scenario, cells),
        terminal: 'fixed',
        membership: takeMembership(membership, scope),
        outsideTerritory: outsideTerritoryOf(counted, [place], cells.parts),
        edge: scenario.edge,
        stepS,
        forS,
        seed: scenario.seed,
        backhaulModel,
      });
      return { run, stepS };
    },
  };
}

const EMPTY: Membership = {
  cellIndex: new Int32Array(0),
  insideShare: new Float32Array(0),
  isCentreInside: new Uint8Array(0),
  isWhollyInside: new Uint8Array(0),
};

async function hashOf(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest, 0, 8), byte => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}

async function fetched(url: string): Promise<Response> {
  const response = await fetch(url);
  if (response.ok) return response;
  throw new BeamkeeperError('WORLD', `${url}: the server says ${response.status}`);
}

async function bytesOf(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetched(url)).arrayBuffer());
}

function gatewaysOf({ gateways }: WorldFile): Gateways {
  return {
    count: gateways.length,
    name: gateways.map(({ name }) => name),
    latRad: Float64Array.from(gateways, ({ latDeg }) => (latDeg * Math.PI) / 180),
    lonRad: Float64Array.from(gateways, ({ lonDeg }) => (lonDeg * Math.PI) / 180),
    country: gateways.map(({ country }) => country),
    status: gateways.map(({ status }) => status),
    isOperational: Uint8Array.from(gateways, ({ isOperational }) => (isOperational ? 1 : 0)),
  };
}

function popsOf({ pointsOfPresence: pops }: WorldFile): PointsOfPresence {
  return {
    count: pops.length,
    operator: pops.map(({ operator }) => operator),
    code: pops.map(({ code }) => code),
    city: pops.map(({ city }) => city),
    latRad: Float64Array.from(pops, ({ latDeg }) => (latDeg * Math.PI) / 180),
    lonRad: Float64Array.from(pops, ({ lonDeg }) => (lonDeg * Math.PI) / 180),
    country: pops.map(({ country }) => country),
    sinceYear: Float64Array.from(pops, ({ sinceYear }) => sinceYear ?? Number.NEGATIVE_INFINITY),
    isPrivate: Uint8Array.from(pops, ({ isPrivate }) => (isPrivate ? 1 : 0)),
  };
}
