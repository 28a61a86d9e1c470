import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  ballotHash,
  type ControlState,
  canonicalJson,
  type Headline,
  type Impact,
  type Order,
  policyIf,
  type Scope,
  type Sha256Hex,
  type Territory,
  territoryCells,
  touchedBy,
} from '../control/index.ts';
import {
  cellsFile,
  findTerritory,
  type Membership,
  membershipOf,
  outsideTerritoryOf,
  TERRITORIES_FILE,
  type Territory as TwinTerritory,
} from '../earth/index.ts';
import { BeamkeeperError, formatInstant, parseInstant } from '../orbits/index.ts';
import { TERMINAL_CLASSES, type TerminalClass } from '../service/index.ts';
import { packageFile } from '../store/packageFiles.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { createWhatIf, type Impact as TwinImpact } from '../whatif/index.ts';
import { eachSlot } from './eachSlot.ts';
import { type Ground, type LoadedWorld, loadGround, loadWorld } from './loadWorld.ts';
import { runManifest } from './runManifest.ts';
import type { OnProgress, WorldRequest } from './worldRequest.ts';

/** The draws of satellites over which low, central and high are taken: the seed and the two after it. */
const SEED_COUNT = 3;
/** Decimal digits of Mbit/s and ms in the report, as strings. */
const DIGITS = 3;

/** How the twin is run for an order; everything that is not said has the twin's own default. */
export type OrderWorld = Pick<
  WorldRequest,
  'catalogues' | 'constellation' | 'forS' | 'stepS' | 'people' | 'reachKm' | 'seed'
>;

export const DEFAULT_ORDER_WORLD: OrderWorld = {
  catalogues: [],
  forS: 600,
  stepS: 60,
  people: 'cities',
  reachKm: 600,
  seed: 1,
};

/** An impact report, and what its entry in the log says of it. */
export interface OrderImpact {
  /** Canonical JSON: its SHA-256 is what votes name. */
  readonly report: Uint8Array;
  /** The body of the entry `impact/v1`, to be signed by the twin. */
  readonly body: Omit<Impact, 'proof'>;
}

/**
 * What an order would do, computed by the twin: the policy in force without it and with it, on one
 * clock, in cells of resolution 5, once with the territory's border band left alone and once with it.
 *
 * The same order, state, inputs and version give the same bytes, so anyone who has the inputs named in
 * the report can compute it again and compare. Low and high are the least and the most over both
 * readings of the band and three draws of satellites: what the order can mean and what chance decides,
 * not what is unknown about the network.
 *
 * @param state the log as of the proposal; an order in force that is sealed makes it impossible
 * @param twin machine of the roster, `key:…`
 * @param nowMs when it is computed, milliseconds since 1970: how old tables of what flies count
 * @throws BeamkeeperError `NO_ORDER`, `SEALED`, and what the twin's inputs are refused for
 */
export async function computeOrderImpact(
  state: ControlState,
  hash: Sha256Hex,
  twin: string,
  world: OrderWorld = DEFAULT_ORDER_WORLD,
  onProgress?: OnProgress,
  nowMs = state.timeMs,
): Promise<OrderImpact> {
  const record = state.ballots.get(hash);
  if (record?.subject.type !== 'order/v1') {
    throw new BeamkeeperError('NO_ORDER', `${hash}: no order of this hash is in the log`);
  }
  const order = record.subject.body;
  const { scope } = order;
  if (!scope) {
    throw new BeamkeeperError(
      'SEALED',
      `order ${order.id}: its scope is sealed; the twin has none`,
    );
  }
  const territory = state.territories.get(`${scope.territory.id}@${scope.territory.version}`);
  if (!territory) {
    throw new BeamkeeperError('NO_ORDER', `order ${order.id}: no territory ${scope.territory.id}`);
  }
  const startMs = Math.max(Date.parse(order.effective.from), state.timeMs);
  const at = new Date(Math.ceil(startMs / 1000) * 1000).toISOString();
  const terminal = terminalOf(scope);
  const request: WorldRequest = {
    ...world,
    at: parseInstant(at),
    resolution: 5,
    edge: 'centre',
    terminal,
  };
  const ground = await loadGround(request);
  const { membership, inside } = membershipIn(ground, territory);
  const loaded = await loadWorld(request, ground, membership);

  const readings = ['outside', 'inside'] as const;
  const total = readings.length * SEED_COUNT * loaded.slots.length;
  let done = 0;
  const runs: { band: (typeof readings)[number]; seed: number; impact: TwinImpact }[] = [];
  for (const band of readings) {
    const read: Order = { ...order, scope: { ...scope, band } };
    const pair = policyIf(state, read, new Date(startMs).toISOString(), request.resolution);
    for (let i = 0; i < SEED_COUNT; i++) {
      const seed = world.seed + i;
      const run = createWhatIf({
        world: loaded.world,
        territories: ground.territories.territories,
        ...pair,
        terminal,
        membership: loaded.membership,
        outsideTerritory: outsideTerritoryOf(loaded.world.cells, inside, ground.cells.parts),
        edge: 'centre',
        stepS: world.stepS,
        forS: world.forS,
        seed,
        backhaulModel: loaded.backhaulModel,
      });
      await eachSlot(loaded.slots, run.slot, () => {
        done += 1;
        onProgress?.(done, total);
      });
      runs.push({ band, seed, impact: run.finish() });
    }
  }
  const isGiving = order.kind === 'activate' || order.kind === 'resume' || order.kind === 'exempt';
  const asProposed = scope.band === 'inside' ? 'inside' : 'outside';
  const central = runs.find(({ band, seed }) => band === asProposed && seed === world.seed)!.impact;
  const headlines = HEADLINES.map(({ name, of }): Headline => {
    const values = runs.map(({ impact }) => Math.round(of(impact, isGiving)));
    return {
      name,
      low: Math.min(...values),
      central: Math.round(of(central, isGiving)),
      high: Math.max(...values),
    };
  });
  const { inputs, oldest } = await inputsOf(request, loaded, nowMs);
  const touches = touchedBy(state, order);
  const manifest = runManifest(request, loaded);
  const report = new TextEncoder().encode(
    `${canonicalJson(
      plain({
        v: 1,
        type: 'impact-report/v1',
        order: {
          hash: ballotHash(nodeSha256, 'order/v1', order),
          id: order.id,
          revision: order.revision,
          kind: order.kind,
          scope,
        },
        log: { size: state.size },
        twin: { name: 'beamkeeper', version: await twinVersion() },
        inputs,
        run: {
          at: formatInstant(loaded.slots[0]),
          forS: world.forS,
          stepS: world.stepS,
          slots: loaded.slots.length,
          resolution: request.resolution,
          reachKm: world.reachKm,
          seeds: Array.from({ length: SEED_COUNT }, (_, i) => world.seed + i),
          terminal,
          people: world.people,
          satellites: manifest.catalog.satellites,
          sources: manifest.catalog.sources.map(source => source.replace(/^.*\//, '')),
          backhaul: manifest.backhaul,
          parameters: manifest.parameters,
          gateways: manifest.gateways,
        },
        headlines,
        commitmentsTouched: touches,
        readings: Object.fromEntries(
          readings.map(band => [
            band,
            resultOf(runs.find(r => r.band === band && r.seed === world.seed)!.impact),
          ]),
        ),
        notModelled: notModelled(scope),
        warnings: manifest.warnings,
      }),
    )}\n`,
  );
  return {
    report,
    body: {
      orderHash: hash,
      twin,
      reportSha256: sha256Hex(report),
      twinVersion: await twinVersion(),
      inputs: [...new Set(inputs.map(({ sha256 }) => sha256))].sort(),
      inputsAt: oldest,
      headlines,
      touches,
    },
  };
}

/** What votes are told in one number each. `isGiving`: the order gives service, so gains count. */
const HEADLINES: readonly {
  readonly name: string;
  readonly of: (impact: TwinImpact, isGiving: boolean) => number;
}[] = [
  {
    name: 'people inside whose service changes',
    of: ({ inside, before, after }, isGiving) =>
      isGiving
        ? Math.max(0, after.servedPeople - before.servedPeople)
        : inside.peopleLosing + inside.peopleRestricted,
  },
  {
    name: 'people across the border who lose service',
    of: ({ outside }) =>
      outside.peopleLosingByEdge + outside.peopleLosingByCapacity + outside.peopleLosingByGateways,
  },
  { name: 'cells switched off', of: ({ inside }) => inside.cellsWithheld },
];

/** The most affected neighbours that a report names. */
const NEIGHBOUR_COUNT = 12;

function resultOf(impact: TwinImpact): unknown {
  const { before, after, inside, outside, capacity, neighbours, gatewaysLost } = impact;
  return {
    before,
    after,
    inside,
    outside,
    capacity,
    neighbours: neighbours.slice(0, NEIGHBOUR_COUNT),
    gatewaysLost,
  };
}

/** What a scope says and the twin cannot tell apart. */
function notModelled({ terminals, constraint, exceptions }: Scope): string[] {
  return [
    ...(terminals.kind === 'allow' || terminals.kind === 'deny'
      ? [
          `the ${terminals.kind} list of ${terminals.count} terminals: the class is taken as a whole`,
        ]
      : []),
    ...(constraint.kind === 'limits' && (constraint.maxAltitudeM ?? constraint.plan) !== undefined
      ? ['limits of altitude and plan']
      : []),
    ...(exceptions.length > 0 || constraint.kind === 'off'
      ? ['emergency and humanitarian terminals, which keep service']
      : []),
  ];
}

function terminalOf({ terminals }: Scope): TerminalClass {
  if (terminals.kind !== 'class') return 'fixed';
  return TERMINAL_CLASSES.find(one => terminals.classes.includes(one)) ?? 'fixed';
}

/** The territory in the twin's own cells: by its id where the twin knows it, else by the outline in the log. */
function membershipIn(
  { territories, cells }: Ground,
  territory: Territory,
): { membership: Membership; inside: TwinTerritory[] } {
  const known = territories.territories.find(({ id }) => id === territory.id);
  if (known) {
    const found = findTerritory(territories, known.id);
    return { membership: membershipOf(found, cells), inside: [found] };
  }
  const outline = new Set([...territoryCells(territory)].map(cell => BigInt(`0x${cell}`)));
  const index: number[] = [];
  for (let i = 0; i < cells.count; i++) if (outline.has(cells.h3[i])) index.push(i);
  if (index.length === 0) {
    throw new BeamkeeperError(
      'NO_CELLS',
      `${territory.id}: nobody lives there in the data used, so there is nothing to compute`,
    );
  }
  return {
    membership: {
      cellIndex: Int32Array.from(index),
      insideShare: new Float32Array(index.length).fill(1),
      isCentreInside: new Uint8Array(index.length).fill(1),
      isWhollyInside: new Uint8Array(index.length).fill(1),
    },
    inside: [],
  };
}

interface Input {
  readonly name: string;
  readonly sha256: Sha256Hex;
}

async function inputsOf(
  request: WorldRequest,
  loaded: LoadedWorld,
  nowMs: number,
): Promise<{ inputs: Input[]; oldest: string }> {
  const { summary } = loaded.fleet;
  const files: [name: string, path: string][] = [
    [TERRITORIES_FILE, packageFile(`dist/data/${TERRITORIES_FILE}`)],
    [cellsFile(request.resolution), packageFile(`dist/data/${cellsFile(request.resolution)}`)],
    ['gateways/points-of-presence.csv', packageFile('data/gateways/points-of-presence.csv')],
    [`gateways/${loaded.gatewayList}.csv`, packageFile(`data/gateways/${loaded.gatewayList}.csv`)],
    ...summary.sources.map((source): [string, string] =>
      summary.kind === 'catalogue'
        ? [source.replace(/^.*\//, ''), source]
        : [`constellations/${source}.csv`, packageFile(`data/constellations/${source}.csv`)],
    ),
  ];
  const inputs: Input[] = [];
  for (const [name, path] of files) {
    inputs.push({ name, sha256: sha256Hex(await readFile(path)) });
  }
  // Element sets are what ages; a table of what flies is as good as on the day that it is used.
  const epoch = summary.kind === 'catalogue' ? summary.epochs?.oldest : undefined;
  const oldestMs = epoch === undefined ? nowMs : Math.min(Date.parse(epoch), nowMs);
  return { inputs, oldest: new Date(oldestMs).toISOString() };
}

async function twinVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(packageFile('package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

function sha256Hex(bytes: Uint8Array): Sha256Hex {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Numbers that are no integers become decimal strings: the log's JSON has no others. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? value : value.toFixed(DIGITS);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key, plain(one)]),
  );
}
