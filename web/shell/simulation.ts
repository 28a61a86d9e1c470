/**
 * The world behind the map: what the server named, and the two workers that compute with it. Signals
 * hold the newest answers; an answer to an order that has been replaced is dropped.
 */
import { batch, signal } from '@preact/signals';
import {
  readTerritories,
  type Territory,
  type TerritoryIndex,
} from '../../src/earth/territories.ts';
import type { WorldFile } from '../../src/service/index.ts';
import type { Land } from '../renderer/land.ts';
import type {
  CellShapes,
  FirstNumbers,
  FromOrbit,
  FromSim,
  ImpactRows,
  KeyFrame,
  MembershipNumbers,
  OwnElements,
  PathUser,
  Resolution,
  RouteOrder,
  RoutePart,
  Scenario,
  Slot,
  ToOrbit,
  ToSim,
} from '../workers/messages.ts';
import type { Colour } from './url.ts';

const WORLD_URL = '/world/world.json';
const MAX_FILE_BYTES = 64e6;
/** Two simulations beside the page and its graphics want so many. */
const CORES_FOR_TWO = 4;

export interface Fleet {
  readonly count: number;
  readonly catalogIds: Int32Array;
  readonly names: readonly string[];
  readonly generations: readonly string[];
}

export interface Failure {
  readonly worker: 'orbit' | 'sim' | 'world';
  readonly code: string;
  readonly message: string;
}

export const world = signal<WorldFile | null>(null);
export const territories = signal<TerritoryIndex | null>(null);
export const fleet = signal<Fleet | null>(null);
export const lands = signal<{ readonly coarse: Land | null; readonly fine: Land | null }>({
  coarse: null,
  fine: null,
});
export const cellShapes = signal<ReadonlyMap<Resolution, CellShapes>>(new Map());
/** Newest slot by resolution. */
export const slots = signal<ReadonlyMap<Resolution, Slot>>(new Map());
export const newestSlot = signal<Slot | null>(null);
export const firstNumbers = signal<FirstNumbers | null>(null);
export const impact = signal<{
  readonly rows: ImpactRows;
  readonly slotsDone: number;
  readonly slotCount: number;
  readonly startMs: number;
} | null>(null);
/** When the order that is being computed was given, or null. */
export const computingSinceMs = signal<number | null>(null);
export const isImpactRunning = signal(false);
export const memberships = signal<ReadonlyMap<string, MembershipNumbers>>(new Map());
export const routePart = signal<RoutePart | null>(null);
export const linkPairs = signal<Uint32Array>(new Uint32Array(0));
/** The reader's own satellites, in the place of the server's. They are in no link. */
export const ownElements = signal<OwnElements | null>(null);
/** A file that was not taken, and why. */
export const refusedFile = signal<string | null>(null);
export const isReadingFile = signal(false);
export const failures = signal<readonly Failure[]>([]);
/** When the page was last told that the server does not answer. */
export const isOffline = signal(false);
/** How long the newest answers took from the order on, ms; for figures. */
export const timings = { first: 0, slot: 0, impactFirst: 0, request: 0, cellsOff: 0 };

/** The world as the server named it. */
let named: WorldFile | null = null;
let orbit: Worker | null = null;
let sim: Worker | null = null;
/** Where there are cores to spare, what takes long does not hold up the slot that is looked at. */
let longSim: Worker | null = null;
let request = 0;
let slotRequest = 0;
/** The first order of the question that is asked now: a clock that moved on asks no other one. */
let questionRequest = 0;
let question = '';
/** When each slot was ordered that has no answer yet, ms. */
const slotOrderedMs = new Map<number, number>();
let impactRequest = 0;
let impactOrderedMs = 0;
let routeRequest = 0;
let keyFrameHandler: (frame: KeyFrame) => void = () => {};
let topologyHandler: ((csv: string) => void) | null = null;
const askedCells = new Set<Resolution>();

/** Starts everything; call it once. */
export async function startSimulation(): Promise<void> {
  if (world.value !== null) return;
  startOrbit();
  startSim();
  try {
    const response = await fetch(WORLD_URL);
    if (!response.ok) throw new Error(`the server says ${response.status}`);
    isOffline.value = response.headers.has('x-kept');
    const file = (await response.json()) as WorldFile;
    const bytes = await (await fetch(file.files.territories)).arrayBuffer();
    batch(() => {
      territories.value = readTerritories(new Uint8Array(bytes));
      named = file;
      world.value = file;
    });
    toOrbit({ kind: 'land', url: file.files.land110m, scale: '110m' });
    loadFleet();
    askCells(3);
    toOrbit({ kind: 'land', url: file.files.land50m, scale: '50m' });
  } catch (error) {
    isOffline.value = true;
    fail({ worker: 'world', code: 'WORLD', message: `${WORLD_URL}: ${messageOf(error)}` });
  }
}

function startOrbit(): void {
  orbit = new Worker(new URL('../workers/orbit.ts', import.meta.url), { type: 'module' });
  orbit.onmessage = ({ data }: MessageEvent<FromOrbit>) => {
    if (data.kind === 'loaded') fleet.value = data;
    else if (data.kind === 'own') {
      isReadingFile.value = false;
      takeElements(data.own);
    } else if (data.kind === 'refused') {
      isReadingFile.value = false;
      refusedFile.value = data.message;
    } else if (data.kind === 'keyframe') keyFrameHandler(data.frame);
    else if (data.kind === 'land') {
      lands.value =
        data.land.scale === '110m'
          ? { ...lands.value, coarse: data.land }
          : { ...lands.value, fine: data.land };
    } else fail({ worker: 'orbit', code: data.code, message: data.message });
  };
  orbit.onerror = event => crashed('orbit', event);
}

function startSim(): void {
  sim = simWorker();
  longSim = null;
  askedCells.clear();
}

function simWorker(): Worker {
  const worker = new Worker(new URL('../workers/sim.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<FromSim>) => hear(data);
  worker.onerror = event => crashed('sim', event);
  const load: ToSim = {
    kind: 'load',
    worldUrl: new URL(WORLD_URL, location.href).href,
    elements: ownElements.peek()?.elements,
  };
  worker.postMessage(load);
  return worker;
}

function hear(data: FromSim): void {
  switch (data.kind) {
    case 'loaded':
      return;
    case 'cells':
      cellShapes.value = new Map(cellShapes.value).set(data.shapes.resolution, data.shapes);
      return;
    case 'first':
      if (data.request < questionRequest) return;
      timings.first = sinceOrdered(data.request);
      firstNumbers.value = data.numbers;
      return;
    case 'slot': {
      if (data.request < questionRequest) return;
      timings.slot = sinceOrdered(data.request);
      timings.request = data.request;
      timings.cellsOff = data.slot.after.state.reduce(
        (sum, state) => sum + (state === 1 ? 1 : 0),
        0,
      );
      const next = new Map(slots.value).set(data.slot.resolution, data.slot);
      batch(() => {
        slots.value = next;
        newestSlot.value = data.slot;
        if (data.request === slotRequest) computingSinceMs.value = null;
      });
      return;
    }
    case 'texels': {
      const slot = slots.value.get(data.resolution);
      if (slot === undefined) return;
      slots.value = new Map(slots.value).set(data.resolution, { ...slot, texels: data.texels });
      return;
    }
    case 'impact':
      if (data.request !== impactRequest) return;
      if (impact.value === null || data.slotsDone === 1) {
        timings.impactFirst = performance.now() - impactOrderedMs;
      }
      batch(() => {
        impact.value = {
          rows: data.impact,
          slotsDone: data.slotsDone,
          slotCount: data.slotCount,
          startMs: impactStartMs,
        };
        isImpactRunning.value = data.slotsDone < data.slotCount;
      });
      return;
    case 'membership':
      memberships.value = new Map(memberships.value).set(data.numbers.id, data.numbers);
      return;
    case 'route':
      if (data.request === routeRequest) routePart.value = data.part;
      return;
    case 'topology':
      topologyHandler?.(data.csv);
      return;
    case 'links':
      linkPairs.value = data.pairs;
      return;
    case 'failed':
      if (data.request === slotRequest) computingSinceMs.value = null;
      fail({ worker: 'sim', code: data.code, message: data.message });
  }
}

function sinceOrdered(of: number): number {
  const ms = performance.now() - (slotOrderedMs.get(of) ?? Number.NaN);
  for (const older of slotOrderedMs.keys()) if (older < of) slotOrderedMs.delete(older);
  return ms;
}

function toOrbit(message: ToOrbit, transfer: Transferable[] = []): void {
  orbit?.postMessage(message, transfer);
}

function toSim(message: ToSim): void {
  sim?.postMessage(message);
}

/** For impacts, routes and memberships. */
function toLongSim(message: ToSim): void {
  longSim ??= navigator.hardwareConcurrency >= CORES_FOR_TWO ? simWorker() : sim;
  longSim?.postMessage(message);
}

export function onKeyFrame(handler: (frame: KeyFrame) => void): void {
  keyFrameHandler = handler;
}

export function askKeyFrame(t0Ms: number, spent: KeyFrame | undefined): void {
  toOrbit(
    { kind: 'keyframe', request: ++request, t0Ms, ...(spent ? { spent } : {}) },
    spent
      ? ([spent.positionEcefKm, spent.velocityEcefKmS, spent.status].map(
          array => array.buffer,
        ) as ArrayBuffer[])
      : [],
  );
}

/** Geometry of a resolution, once. */
export function askCells(resolution: Resolution): void {
  if (askedCells.has(resolution)) return;
  askedCells.add(resolution);
  toSim({ kind: 'cells', resolution });
}

export function evaluate(order: {
  readonly slotMs: number;
  readonly resolution: Resolution;
  readonly scenario: Scenario;
  readonly colour: Colour;
  readonly user: PathUser | null;
}): void {
  slotRequest = ++request;
  const nowMs = performance.now();
  slotOrderedMs.set(slotRequest, nowMs);
  const { scenario, resolution, user } = order;
  const asked = JSON.stringify([scenario, resolution, user, restarts.peek()]);
  // However fast the clock runs, the newest slot that is ready is shown, not none.
  if (asked !== question) questionRequest = slotRequest;
  question = asked;
  computingSinceMs.value = nowMs;
  toSim({ kind: 'evaluate', request: slotRequest, ...order });
}

export function recolour(colour: Colour): void {
  toSim({ kind: 'display', request: ++request, colour });
}

let impactStartMs = 0;
export function askImpact(scenario: Scenario, startMs: number, forS: number): void {
  impactRequest = ++request;
  impactOrderedMs = performance.now();
  impactStartMs = startMs;
  isImpactRunning.value = true;
  toLongSim({ kind: 'impact', request: impactRequest, scenario, startMs, forS });
}

/** No change, no consequences. */
export function forgetImpact(): void {
  impactRequest = ++request;
  batch(() => {
    impact.value = null;
    firstNumbers.value = null;
    isImpactRunning.value = false;
  });
}

export function askMembership(id: string): void {
  if (!memberships.value.has(id)) toLongSim({ kind: 'membership', request: ++request, id });
}

export function askRoute(route: RouteOrder): void {
  routeRequest = ++request;
  toLongSim({ kind: 'route', request: routeRequest, route });
}

export function askLinks(slotMs: number): void {
  toSim({ kind: 'topology', request: ++request, slotMs, as: 'pairs' });
}

/** Every laser link of a slot as a table. */
export function topologyOfSlot(slotMs: number): Promise<string> {
  return new Promise(resolve => {
    topologyHandler = resolve;
    toSim({ kind: 'topology', request: ++request, slotMs, as: 'csv' });
  });
}

/** A territory or disputed area by id. */
export function placeOf(id: string): Territory | undefined {
  const index = territories.value;
  return (
    index?.territories.find(place => place.id === id) ??
    index?.disputedAreas.find(place => place.id === id)
  );
}

/** Counts up when a worker was started anew: who gave it orders gives them again. */
export const restarts = signal(0);

/** Starts a crashed worker again; what the link says is kept. */
export function restart(worker: Failure['worker']): void {
  failures.value = failures.value.filter(failure => failure.worker !== worker);
  if (worker === 'world') {
    void startSimulation();
    return;
  }
  if (worker === 'orbit') {
    orbit?.terminate();
    startOrbit();
    loadFleet();
  } else {
    sim?.terminate();
    longSim?.terminate();
    startSim();
    askCells(3);
  }
  computingSinceMs.value = null;
  restarts.value++;
}

function loadFleet(): void {
  const own = ownElements.peek();
  const file = world.peek();
  if (own) toOrbit({ kind: 'use', elements: own.elements });
  else if (file) toOrbit({ kind: 'load', elementsUrl: file.files.elements });
}

/** Element sets from the reader's own disk: nothing of them is sent anywhere. */
export async function readElements(file: File): Promise<void> {
  refusedFile.value = null;
  if (file.size > MAX_FILE_BYTES) {
    refusedFile.value = `${file.name} has ${Math.round(file.size / 1e6)} MB; a catalogue of everything in orbit has less than 30. Is it the right file?`;
    return;
  }
  isReadingFile.value = true;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    toOrbit({ kind: 'read', name: file.name, bytes }, [bytes.buffer]);
  } catch (error) {
    isReadingFile.value = false;
    refusedFile.value = `${file.name} cannot be read: ${messageOf(error)}`;
  }
}

/** Null: the server's again. */
export function takeElements(own: OwnElements | null): void {
  if (named === null) return;
  const { at, satellites } = named;
  batch(() => {
    ownElements.value = own;
    refusedFile.value = null;
    world.value = {
      ...(named as WorldFile),
      at: own?.epoch ?? at,
      satellites: own
        ? {
            ...satellites,
            kind: 'catalogue',
            count: own.count,
            sources: [own.name],
            epoch: own.epoch,
            generations: own.generations,
          }
        : satellites,
    };
  });
  loadFleet();
  restart('sim');
}

function crashed(worker: 'orbit' | 'sim', event: ErrorEvent): void {
  fail({
    worker,
    code: 'WORKER_CRASHED',
    message: event.message || `the ${worker} worker stopped`,
  });
}

function fail(failure: Failure): void {
  failures.value = [
    ...failures.value.filter(
      ({ worker, code }) => worker !== failure.worker || code !== failure.code,
    ),
    failure,
  ];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
