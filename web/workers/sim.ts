/** The sim worker: the project's own core, asked for slots, impacts and routes. */
import { getHexagonEdgeLengthAvg } from 'h3-js';
import { cellsByEdge, type EdgeRule } from '../../src/earth/index.ts';
import { BeamkeeperError } from '../../src/orbits/index.ts';
import { cellShapes } from './cellShapes.ts';
import { instantOfMs } from './keyFrame.ts';
import type {
  FirstNumbers,
  FromSim,
  MembershipNumbers,
  Resolution,
  Scenario,
  ToSim,
} from './messages.ts';
import { createRouteJob } from './routeJob.ts';
import { createSlotJob, isChanged, type SlotJob } from './slotJob.ts';
import { linkPairs, topologyCsv } from './topologyCsv.ts';
import { loadTwin, type Twin } from './twin.ts';

type Order<K extends ToSim['kind']> = Extract<ToSim, { kind: K }>;

/** A long job reports at most so often. */
const REPORT_EVERY_MS = 250;
const LONG_STEPS_PER_SLOT = 3;
const DEG = Math.PI / 180;

let twin: Twin | null = null;
const slotJobs = new Map<Resolution, SlotJob>();
/** Of each kind only the newest order counts: a newer input cancels the older run. */
let evaluate: Order<'evaluate'> | null = null;
/** Work that is left, a piece at a time. */
let impact: { request: number; step: () => Promise<boolean> } | null = null;
let route: { request: number; step: () => Promise<boolean> } | null = null;
const small: ToSim[] = [];
let lastScenario = '';
let isPumping = false;
/** Since the last of them a slot was computed. */
let isSmallDue = false;
/** Steps of long work that are due before the next slot. */
let share = 0;

function send(message: FromSim, transfer: Transferable[] = []): void {
  (self as unknown as Worker).postMessage(message, transfer);
}

function fail(error: unknown, request: number | null): void {
  const code = error instanceof BeamkeeperError ? error.code : 'SIM_WORKER';
  const message = error instanceof Error ? error.message : String(error);
  send({ kind: 'failed', request, code, message });
}

const turn = new MessageChannel();
let onTurn: () => void = () => {};
turn.port1.onmessage = () => onTurn();
/** Lets the orders that have come in be heard. */
function breathe(): Promise<void> {
  return new Promise(resolve => {
    onTurn = resolve;
    turn.port2.postMessage(null);
  });
}

addEventListener('message', ({ data }: MessageEvent<ToSim>) => {
  if (data.kind === 'evaluate') {
    evaluate = data;
    // A new question comes before the rest of an old answer.
    if (JSON.stringify(data.scenario) !== lastScenario) share = 0;
  } else if (data.kind === 'impact') impact = { request: data.request, step: impactSteps(data) };
  else if (data.kind === 'route') route = { request: data.request, step: routeSteps(data) };
  else small.push(data);
  void pump();
});

/** The world first; the rest in turn with the slots that are looked at, of which a fast clock asks without end. */
function nextSmall(): ToSim | undefined {
  const world = small.findIndex(({ kind }) => kind === 'load' || kind === 'cells');
  if (world >= 0) return small.splice(world, 1)[0];
  return evaluate === null || twin === null || isSmallDue ? small.shift() : undefined;
}

async function pump(): Promise<void> {
  if (isPumping) return;
  isPumping = true;
  for (;;) {
    await breathe();
    const order = nextSmall();
    if (order !== undefined) {
      isSmallDue = false;
      await answer(order).catch(error => fail(error, 'request' in order ? order.request : null));
      continue;
    }
    if (twin === null) break;
    const work = route ?? impact;
    // Long work gets its share even while a fast clock asks for slot after slot.
    if (evaluate !== null && (work === null || share <= 0)) {
      const wanted = evaluate;
      evaluate = null;
      share = LONG_STEPS_PER_SLOT;
      isSmallDue = true;
      await slotOf(twin, wanted).catch(error => fail(error, wanted.request));
      continue;
    }
    if (work === null) break;
    share--;
    const isDone = await work.step().catch(error => {
      fail(error, work.request);
      return true;
    });
    if (!isDone) continue;
    if (route === work) route = null;
    else if (impact === work) impact = null;
  }
  isPumping = false;
}

async function answer(order: ToSim): Promise<void> {
  if (order.kind === 'load') {
    twin = await loadTwin(order.worldUrl, order.elements);
    await jobOf(twin, 3);
    send({ kind: 'loaded', resolution: 3 });
    return;
  }
  if (twin === null) return;
  if (order.kind === 'cells') {
    const shapes = cellShapes((await twin.earth(order.resolution)).scheduled);
    send({ kind: 'cells', shapes }, [
      shapes.lonLatRad.buffer,
      shapes.cellIndex.buffer,
      shapes.triangles.buffer,
    ]);
  } else if (order.kind === 'display') {
    for (const [resolution, job] of slotJobs) {
      const texels = job.texels(order.colour);
      if (texels === null) continue;
      send({ kind: 'texels', request: order.request, resolution, texels }, [texels.buffer]);
    }
  } else if (order.kind === 'membership') {
    const numbers = await membershipNumbers(twin, order.id);
    if (numbers !== null) send({ kind: 'membership', request: order.request, numbers });
  } else if (order.kind === 'topology' && order.as === 'csv') {
    send({ kind: 'topology', request: order.request, csv: topologyCsv(twin, order.slotMs) });
  } else if (order.kind === 'topology') {
    const pairs = linkPairs(twin, order.slotMs);
    send({ kind: 'links', request: order.request, pairs }, [pairs.buffer as ArrayBuffer]);
  }
}

async function jobOf(world: Twin, resolution: Resolution): Promise<SlotJob> {
  let job = slotJobs.get(resolution);
  if (job === undefined) {
    job = createSlotJob(world, await world.earth(resolution), resolution);
    slotJobs.set(resolution, job);
  }
  return job;
}

async function slotOf(world: Twin, order: Order<'evaluate'>): Promise<void> {
  const job = await jobOf(world, order.resolution);
  const scenario = JSON.stringify(order.scenario);
  if (scenario !== lastScenario && isChanged(order.scenario)) {
    const numbers = await firstNumbers(world, order.scenario, order.resolution);
    send({ kind: 'first', request: order.request, numbers });
    await breathe();
    // Another scenario comes first; the same one at a later slot would wait for ever.
    if (evaluate !== null && JSON.stringify(evaluate.scenario) !== scenario) return;
  }
  lastScenario = scenario;
  const slot = job.run(order);
  const own = [slot.before, slot.after].flatMap(cells => [
    cells.state.buffer,
    cells.latencyMs.buffer,
    cells.shareMbps.buffer,
    cells.utilisation.buffer,
    cells.satelliteIndex.buffer,
    cells.gatewayIndex.buffer,
  ]);
  send({ kind: 'slot', request: order.request, slot }, [...own, slot.texels.buffer]);
}

async function firstNumbers(
  world: Twin,
  scenario: Scenario,
  resolution: Resolution,
): Promise<FirstNumbers> {
  const shown = (await world.earth(resolution)).scheduled;
  const isOff = new Uint8Array(shown.count);
  const membership = world.membershipOf(scenario.off, shown);
  for (const cell of cellsByEdge(membership, scenario.edge)) isOff[cell] = 1;
  let people = 0;
  let peopleOff = 0;
  let peopleOutsideOff = 0;
  let cellsOff = 0;
  membership.cellIndex.forEach((cell, m) => {
    const inside = shown.peopleCount[cell] * membership.insideShare[m];
    people += inside;
    if (isOff[cell] === 0) return;
    cellsOff++;
    peopleOff += inside;
    peopleOutsideOff += shown.peopleCount[cell] - inside;
  });
  const denied = new Set(scenario.gateways);
  return {
    cells: membership.cellIndex.length,
    cellsOff,
    people,
    peopleOff,
    peopleOutsideOff,
    gateways: world.gateways.name.filter((_, g) => denied.has(world.gateways.country[g])),
    isOff,
    resolution,
  };
}

async function membershipNumbers(world: Twin, id: string): Promise<MembershipNumbers | null> {
  const place = world.placeOf(id);
  if (place === null) return null;
  const { scheduled } = await world.earth(4);
  const membership = world.membershipOf([id], scheduled);
  let people = 0;
  let most = -1;
  let home = -1;
  membership.cellIndex.forEach((cell, m) => {
    const inside = scheduled.peopleCount[cell] * membership.insideShare[m];
    people += inside;
    if (inside <= most || membership.isCentreInside[m] === 0) return;
    most = inside;
    home = cell;
  });
  const count = (edge: EdgeRule): number => cellsByEdge(membership, edge).length;
  return {
    id,
    cells: { strict: count('strict'), centre: count('centre'), covering: count('covering') },
    people,
    gateways: world.gateways.name.filter(
      (_, g) => world.gateways.country[g] === id && world.gateways.isOperational[g] === 1,
    ),
    guardBandKm: getHexagonEdgeLengthAvg(4, 'km'),
    user: {
      name: place.name,
      latDeg: home < 0 ? place.centreDeg.latDeg : scheduled.latRad[home] / DEG,
      lonDeg: home < 0 ? place.centreDeg.lonDeg : scheduled.lonRad[home] / DEG,
    },
  };
}

/** One slot a step; true when all are done. */
function impactSteps(order: Order<'impact'>): () => Promise<boolean> {
  const startedMs = performance.now();
  let prepared: Awaited<ReturnType<Twin['whatIf']>> | null = null;
  let slotsDone = 0;
  let reportedMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (twin === null) return true;
    prepared ??= await twin.whatIf(order.scenario, order.forS);
    const { run, stepS } = prepared;
    const slotCount = Math.max(1, Math.ceil(order.forS / stepS));
    run.slot(instantOfMs(order.startMs + slotsDone * stepS * 1000));
    slotsDone++;
    const isDone = slotsDone >= slotCount;
    if (isDone || performance.now() - reportedMs > REPORT_EVERY_MS) {
      reportedMs = performance.now();
      const { cells: _, ...rows } = run.finish();
      send({
        kind: 'impact',
        request: order.request,
        impact: rows,
        slotsDone,
        slotCount,
        tookMs: performance.now() - startedMs,
      });
    }
    return isDone;
  };
}

/** A few instants a step; true when all are done. */
function routeSteps(order: Order<'route'>): () => Promise<boolean> {
  let job: ReturnType<typeof createRouteJob> | null = null;
  let reportedMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (twin === null) return true;
    job ??= createRouteJob(twin, order.route);
    const isDone = job.step();
    if (isDone || performance.now() - reportedMs > REPORT_EVERY_MS) {
      reportedMs = performance.now();
      send({ kind: 'route', request: order.request, part: job.part() });
    }
    return isDone;
  };
}
