/**
 * The one map of the page: canvas, camera, frame loop. A screen says what to show by `mapScene` and
 * mounts it; between screens it stays alive, so that there is one graphics context for the whole page.
 */
import { effect, signal, untracked } from '@preact/signals';
import { drawnMs, exactMs, goTo, isPlaying, tick, worldStartMs } from '../shell/clock.ts';
import {
  askCells,
  askKeyFrame,
  cellShapes,
  fleet,
  impact,
  lands,
  linkPairs,
  onKeyFrame,
  restarts,
  routePart,
  slots,
  territories,
  timings,
  world,
} from '../shell/simulation.ts';
import { pageUrl, reducedMotion, setUrl, theme } from '../shell/state.ts';
import type { Colour, MapView } from '../shell/url.ts';
import type { KeyFrame, NodeOfPath } from '../workers/messages.ts';
import { FlatCanvas } from './flatCanvas.ts';
import { flight } from './flight.ts';
import { type Box, placeLabels } from './labels.ts';
import { territoryAt } from './land.ts';
import { FINE_DISTANCE, MapRenderer, type ScreenLine } from './mapRenderer.ts';
import { mapPalette } from './palette.ts';
import {
  type Camera,
  farthestFlat,
  nearLon,
  type Projection,
  projectionOf,
  toPlace,
  toScreen,
  unitOf,
  withinBounds,
} from './projection.ts';
import { FRAME_S, type FramePair, satelliteAt, shareOf } from './satelliteField.ts';
import { screenPath } from './screenPath.ts';

const DEG = Math.PI / 180;
const MORPH_MS = 400;
const FLIGHT_MS = 700;
const PICK_PX = 8;
/** A frame that takes longer, in the middle of thirty, is too much for this device. */
const SLOW_FRAME_MS = 24;
const SLOW_PAUSE_MS = 120;

export interface MapPath {
  readonly nodes: readonly NodeOfPath[];
  readonly colour: ScreenLine['colour'];
  readonly dashPx: number;
}

/** What the map shows beside the Earth itself. */
export interface MapScene {
  readonly colour: Colour;
  readonly isBaseline: boolean;
  readonly showsCells: boolean;
  readonly showsSatellites: boolean;
  readonly showsGateways: boolean;
  readonly showsNames: boolean;
  readonly showsLinks: boolean;
  readonly showsFootprints: boolean;
  readonly offIds: readonly string[];
  readonly chosenIds: readonly string[];
  readonly deniedCountries: readonly string[];
  /** Catalogue ids. */
  readonly chosenSatellites: readonly number[];
  /** `fleet:v1.5`, `sat:44713`. */
  readonly out: readonly string[];
  readonly paths: readonly MapPath[];
}

export const EMPTY_SCENE: MapScene = {
  colour: 'latency',
  isBaseline: false,
  showsCells: true,
  showsSatellites: true,
  showsGateways: true,
  showsNames: true,
  showsLinks: false,
  showsFootprints: false,
  offIds: [],
  chosenIds: [],
  deniedCountries: [],
  chosenSatellites: [],
  out: [],
  paths: [],
};

export type Picked =
  | {
      readonly kind: 'satellite';
      readonly index: number;
      readonly catalogId: number;
      readonly name: string;
    }
  | { readonly kind: 'gateway'; readonly index: number; readonly name: string }
  | {
      readonly kind: 'ground';
      readonly latDeg: number;
      readonly lonDeg: number;
      /** Null at sea. */
      readonly territoryId: string | null;
      readonly name: string | null;
      /** Populated cell, -1 none. */
      readonly cell: number;
    };

export const mapScene = signal<MapScene>(EMPTY_SCENE);
/** Where the camera stands; changes while it moves. */
export const camera = signal<Camera>(firstCamera());
/** `gl`: WebGL2; `canvas`: the flat map without it; `lost`: the context is gone for now. */
export const mapMode = signal<'gl' | 'canvas' | 'lost'>('gl');
/** Parts of the picture that names keep clear of, px. */
export const covered = signal<readonly Box[]>([]);
/** Milliseconds of JavaScript in each of the last frames, for figures. */
export const frameCosts: number[] = [];

let host: HTMLElement | null = null;
let canvas: HTMLCanvasElement = document.createElement('canvas');
const overlay = document.createElement('canvas');
const overlayContext = overlay.getContext('2d');
let renderer: MapRenderer | null = null;
let fallback: FlatCanvas | null = null;
/** Null until the device was asked: one that computes in software has no time for it. */
let isAntialiased: boolean | null = null;
let pixelRatio = 1;
let isDirty = true;
let isOverlayDirty = true;
let lastFrameMs = 0;
let frameNumber = 0;
let firstFrameMs = 0;
let gapsMs: number[] = [];
let frames: FramePair | null = null;
const asked = new Set<number>();
const known = new Map<number, KeyFrame>();
let animation: {
  readonly startMs: number;
  readonly ms: number;
  readonly step: (share: number) => Camera;
} | null = null;
let viewTimer = 0;

// ── camera ───────────────────────────────────────────────────────────────

function firstCamera(): Camera {
  return { ...cameraOfView(pageUrl.value.view), width: 1, height: 1 };
}

function cameraOfView(view: MapView): Omit<Camera, 'width' | 'height'> {
  return {
    latRad: view.latDeg * DEG,
    lonRad: view.lonDeg * DEG,
    distance: view.distance,
    morph: view.kind === 'flat' ? 1 : 0,
  };
}

function setCamera(next: Camera): void {
  camera.value = withinBounds(next);
  isDirty = true;
  isOverlayDirty = true;
}

/** Writes the view into the link once the hand rests. */
function keepView(): void {
  clearTimeout(viewTimer);
  viewTimer = window.setTimeout(() => {
    const { latRad, lonRad, distance, morph } = camera.value;
    setUrl(
      {
        view: {
          kind: morph > 0.5 ? 'flat' : 'globe',
          latDeg: Number((latRad / DEG).toFixed(2)),
          lonDeg: Number((lonRad / DEG).toFixed(2)),
          distance: Number(distance.toFixed(3)),
        },
      },
      'replace',
    );
  }, 300);
}

export function panBy(dxPx: number, dyPx: number): void {
  animation = null;
  const now = camera.value;
  const { pxPerRad } = projectionOf(now);
  const isFlat = now.morph > 0.5;
  const stretch = isFlat ? 1 : Math.max(0.2, Math.cos(now.latRad));
  // Far out a globe turns under the hand by its own radius, not by that of the ground's scale.
  const scale = isFlat
    ? pxPerRad
    : Math.min(pxPerRad, pxPerRad * Math.max(1, now.distance - 1) * 0.9);
  setCamera({
    ...now,
    lonRad: now.lonRad - dxPx / scale / stretch,
    latRad: now.latRad + dyPx / scale,
  });
  keepView();
}

/** Nearer (above 1) or farther, keeping what is under a point where it is. */
export function zoomBy(factor: number, atPx?: { x: number; y: number }): void {
  animation = null;
  const now = camera.value;
  const before = atPx && toPlace(projectionOf(now), atPx.x, atPx.y);
  let next = withinBounds({ ...now, distance: 1 + (now.distance - 1) / factor });
  if (before && atPx) {
    const after = toPlace(projectionOf(next), atPx.x, atPx.y);
    if (after) {
      next = {
        ...next,
        latRad: next.latRad + before.latRad - after.latRad,
        lonRad: next.lonRad + nearLon(before.lonRad - after.lonRad, 0),
      };
    }
  }
  setCamera(next);
  keepView();
}

function fly(latDeg: number, lonDeg: number, distance: number | null): void {
  const from = camera.value;
  const lonRad = nearLon(lonDeg * DEG, from.lonRad);
  const to = withinBounds({
    ...from,
    latRad: latDeg * DEG,
    lonRad,
    distance: distance ?? from.distance,
  });
  const toLon = nearLon(to.lonRad, from.lonRad);
  animate(FLIGHT_MS, share => ({
    ...camera.value,
    latRad: from.latRad + (to.latRad - from.latRad) * share,
    lonRad: from.lonRad + (toLon - from.lonRad) * share,
    distance: 1 + (from.distance - 1) * ((to.distance - 1) / (from.distance - 1)) ** share,
  }));
}

/** Globe or flat: the one turns into the other in place. */
export function setMapKind(kind: 'globe' | 'flat'): void {
  const from = camera.value;
  const target = kind === 'flat' ? 1 : 0;
  if (from.morph === target || (mapMode.value === 'canvas' && kind === 'globe')) return;
  const most = farthestFlat(from.width, from.height);
  const distance =
    kind === 'flat'
      ? from.distance > FINE_DISTANCE
        ? most
        : Math.min(from.distance, most)
      : from.distance >= most - 0.05
        ? 3.1
        : from.distance;
  const to = withinBounds({ ...from, distance, morph: target });
  animate(MORPH_MS, share => ({
    ...camera.value,
    latRad: from.latRad + (to.latRad - from.latRad) * share,
    distance: from.distance + (distance - from.distance) * share,
    morph: share === 1 ? target : from.morph + (target - from.morph) * share,
  }));
  // The link says so at once: it is a choice, not a movement.
  setUrl({ view: { ...pageUrl.value.view, kind } }, 'replace');
}

export function resetView(): void {
  const { morph } = camera.value;
  fly(22, pageUrl.value.view.lonDeg, morph > 0.5 ? 9 : 3.1);
}

function animate(ms: number, step: (share: number) => Camera): void {
  if (reducedMotion.value) {
    setCamera(step(1));
    keepView();
    return;
  }
  animation = { startMs: performance.now(), ms, step };
  isDirty = true;
}

// ── mounting ─────────────────────────────────────────────────────────────

/** Puts the map into an element; the result takes it out again. */
export function mountMap(element: HTMLElement): () => void {
  host = element;
  element.append(canvas, overlay);
  canvas.className = 'map-canvas';
  overlay.className = 'map-overlay';
  start();
  const observer = new ResizeObserver(() => fitCanvas());
  observer.observe(element);
  fitCanvas();
  return () => {
    observer.disconnect();
    canvas.remove();
    overlay.remove();
    host = null;
  };
}

function fitCanvas(): void {
  if (host === null) return;
  const { clientWidth: width, clientHeight: height } = host;
  if (width === 0 || height === 0) return;
  pixelRatio = Math.min(2, devicePixelRatio) * ratioCut;
  renderer?.resize(width, height, pixelRatio);
  fallback?.resize(width, height, pixelRatio);
  const labelRatio = Math.min(2, devicePixelRatio);
  overlay.width = Math.round(width * labelRatio);
  overlay.height = Math.round(height * labelRatio);
  for (const one of [canvas, overlay]) {
    one.style.width = `${width}px`;
    one.style.height = `${height}px`;
  }
  const first = camera.value.width === 1;
  const now = { ...camera.value, width, height };
  // A flat map as far out as it goes stays so.
  setCamera(first && now.morph > 0.5 && now.distance > FINE_DISTANCE ? { ...now } : now);
}
let ratioCut = 1;

function createRenderer(): void {
  const wantsNone = new URLSearchParams(location.search).get('webgl') === 'off';
  try {
    if (wantsNone) throw new Error('asked to do without');
    isAntialiased ??= !isSoftwareDevice();
    renderer = new MapRenderer(canvas, { antialias: isAntialiased });
    mapMode.value = 'gl';
  } catch {
    renderer = null;
    fallback = new FlatCanvas(canvas);
    mapMode.value = 'canvas';
    setCamera({ ...camera.value, morph: 1 });
  }
  canvas.addEventListener('webglcontextlost', onLost);
  canvas.addEventListener('webglcontextrestored', onRestored);
  upload();
}

/** Found out beforehand: to change it later means a new context, and a pause in the middle. */
function isSoftwareDevice(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = gl?.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /llvmpipe|softpipe|swiftshader|basic render|software/i.test(String(name));
}

function onLost(event: Event): void {
  event.preventDefault();
  mapMode.value = 'lost';
}

/** Everything goes up again from the arrays here: the card has forgotten it. */
function onRestored(): void {
  replaceRenderer();
}

function replaceRenderer(): void {
  const old = canvas;
  old.removeEventListener('webglcontextlost', onLost);
  old.removeEventListener('webglcontextrestored', onRestored);
  renderer?.dispose();
  canvas = document.createElement('canvas');
  canvas.className = 'map-canvas';
  old.replaceWith(canvas);
  createRenderer();
  fitCanvas();
}

function upload(): void {
  const { coarse, fine } = lands.value;
  if (coarse) renderer?.setLand(coarse);
  if (fine) renderer?.setLand(fine);
  for (const shapes of cellShapes.value.values()) renderer?.setCells(shapes);
  for (const slot of slots.value.values()) renderer?.setTexels(slot.resolution, slot.texels);
  if (fleet.value) renderer?.setFleet(fleet.value.count);
  if (frames) renderer?.setFrames(frames);
  renderer?.setLinks(linkPairs.value);
  outlineKey = '';
  gatewayKey = '';
  kindKey = '';
  dress();
  isDirty = true;
  isOverlayDirty = true;
}

let isStarted = false;
function start(): void {
  if (isStarted) return;
  isStarted = true;
  createRenderer();
  onKeyFrame(takeKeyFrame);
  let coarseDone: unknown = null;
  let fineDone: unknown = null;
  effect(() => {
    const { coarse, fine } = lands.value;
    if (coarse && coarse !== coarseDone) renderer?.setLand(coarse);
    if (fine && fine !== fineDone) renderer?.setLand(fine);
    coarseDone = coarse;
    fineDone = fine;
    isDirty = isOverlayDirty = true;
  });
  const doneShapes = new Set<unknown>();
  effect(() => {
    for (const shapes of cellShapes.value.values()) {
      if (doneShapes.has(shapes)) continue;
      doneShapes.add(shapes);
      renderer?.setCells(shapes);
      const slot = slots.peek().get(shapes.resolution);
      if (slot) renderer?.setTexels(shapes.resolution, slot.texels);
    }
    isDirty = true;
  });
  const doneTexels = new Map<number, Uint8Array>();
  effect(() => {
    for (const slot of slots.value.values()) {
      if (doneTexels.get(slot.resolution) === slot.texels) continue;
      doneTexels.set(slot.resolution, slot.texels);
      renderer?.setTexels(slot.resolution, slot.texels);
    }
    isDirty = true;
  });
  effect(() => {
    const now = fleet.value;
    void restarts.value;
    frames = null;
    known.clear();
    asked.clear();
    if (now) renderer?.setFleet(now.count);
    kindKey = '';
    isDirty = true;
  });
  effect(() => {
    renderer?.setLinks(mapScene.value.showsLinks ? linkPairs.value : new Uint32Array(0));
    isDirty = true;
  });
  effect(() => {
    void mapScene.value;
    void theme.value;
    void world.value;
    void territories.value;
    void lands.value;
    void fleet.value;
    void covered.value;
    dress();
    isDirty = isOverlayDirty = true;
  });
  effect(() => {
    const file = world.value;
    if (file === null) return;
    const startMs = Date.parse(file.at);
    const before = worldStartMs.peek();
    if (before === startMs) return;
    worldStartMs.value = startMs;
    // Satellites of another day: an orbit is good near its epoch only.
    if (before !== null) untracked(() => goTo(startMs, 'replace'));
  });
  effect(() => {
    const wanted = flight.value;
    if (wanted === null) return;
    flight.value = null;
    // Nothing here is to be followed but the wish itself.
    untracked(() => fly(wanted.latDeg, wanted.lonDeg, wanted.distance));
  });
  effect(() => {
    // The flag that says what has come is renewed with the next picture.
    void impact.value;
    void routePart.value;
    isDirty = true;
  });
  // The link's view, when it was not the camera that wrote it: Back, or a link followed.
  effect(() => {
    const { view } = pageUrl.value;
    const now = camera.peek();
    const wanted = cameraOfView(view);
    const isSame =
      Math.abs(wanted.latRad - now.latRad) < 0.01 &&
      Math.abs(nearLon(wanted.lonRad - now.lonRad, 0)) < 0.01 &&
      Math.abs(wanted.distance - now.distance) < 0.02;
    if (!isSame && animation === null && viewTimer === 0) setCamera({ ...now, ...wanted });
  });
  document.fonts?.ready.then(() => {
    isOverlayDirty = true;
  });
  requestAnimationFrame(frame);
}

let outlineKey = '';
let gatewayKey = '';
let kindKey = '';

/** Brings what depends on the scene up to date: outlines, crossed gateways, chosen satellites. */
function dress(): void {
  const scene = mapScene.value;
  const rings = lands.value.fine?.rings;
  const index = territories.value;
  const ids = [...new Set([...scene.offIds, ...scene.chosenIds])];
  const nextOutline = `${ids.join()} ${rings !== undefined && rings !== null}`;
  if (nextOutline !== outlineKey && index) {
    outlineKey = nextOutline;
    const wanted = new Set(
      ids.map(id => index.territories.findIndex(territory => territory.id === id)),
    );
    const pieces: number[] = [];
    if (rings) {
      for (let r = 0; r < rings.territory.length; r++) {
        if (!wanted.has(rings.territory[r])) continue;
        for (let i = rings.start[r]; i + 1 < rings.start[r + 1]; i++) {
          const [x0, y0] = [rings.lonLatDeg[2 * i], rings.lonLatDeg[2 * i + 1]];
          const [x1, y1] = [rings.lonLatDeg[2 * i + 2], rings.lonLatDeg[2 * i + 3]];
          // The cut at the antimeridian is no border.
          if (Math.abs(x0) > 179.99 && Math.abs(x1) > 179.99) continue;
          if (y0 < -89.9 && y1 < -89.9) continue;
          pieces.push(x0, y0, x1, y1);
        }
      }
    }
    renderer?.setOutline(Float32Array.from(pieces));
  }
  const file = world.value;
  const nextGateways = `${file?.revision} ${scene.deniedCountries.join()}`;
  if (file && nextGateways !== gatewayKey) {
    gatewayKey = nextGateways;
    const denied = new Set(scene.deniedCountries);
    const shown = file.gateways.filter(({ isOperational }) => isOperational);
    renderer?.setGateways({
      lonLat: Float32Array.from(
        shown.flatMap(({ lonDeg, latDeg }) => [lonDeg * DEG, latDeg * DEG]),
      ),
      kind: Float32Array.from(shown, ({ country }) => (denied.has(country) ? 1 : 0)),
    });
  }
  const now = fleet.value;
  const nextKinds = `${now?.count} ${scene.chosenSatellites.join()} ${scene.out.join()} ${frames?.from.t0Ms}`;
  if (now && nextKinds !== kindKey) {
    kindKey = nextKinds;
    const chosen = new Set(scene.chosenSatellites);
    const out = new Set(scene.out);
    const status = frames?.from.status;
    renderer?.setSatelliteKinds(
      Float32Array.from(now.catalogIds, (id, i) => {
        if (status?.[i] === 3) return 3;
        if (chosen.has(id)) return 4;
        return out.has(`sat:${id}`) || out.has(`fleet:${now.generations[i]}`) ? 2 : 0;
      }),
    );
  }
}

// ── key frames ───────────────────────────────────────────────────────────

function takeKeyFrame(frame: KeyFrame): void {
  asked.delete(frame.t0Ms);
  known.set(frame.t0Ms, frame);
  isDirty = true;
}

/** Sees to it that the two key frames around an instant are there, and the next one in the direction of play. */
function keepFrames(nowMs: number): void {
  if (fleet.value === null || nowMs === 0) return;
  const stepMs = FRAME_S * 1000;
  const t0Ms = Math.floor(nowMs / stepMs) * stepMs;
  const wanted = [t0Ms, t0Ms + stepMs, ...(isPlaying.value ? [t0Ms + 2 * stepMs] : [])];
  for (const t of wanted) {
    if (known.has(t) || asked.has(t)) continue;
    // A busy worker is not given more than it can do: at 600 times every frame is a new one.
    if (asked.size > 3) break;
    asked.add(t);
    const spentKey = [...known.keys()].find(
      key => !wanted.includes(key) && key !== frames?.from.t0Ms && key !== frames?.to.t0Ms,
    );
    const spent = spentKey === undefined ? undefined : known.get(spentKey);
    if (spentKey !== undefined) known.delete(spentKey);
    askKeyFrame(t, spent);
  }
  const from = known.get(t0Ms);
  const to = known.get(t0Ms + stepMs);
  if (from && to && (frames?.from !== from || frames.to !== to)) {
    frames = { from, to };
    renderer?.setFrames(frames);
    dress();
  }
}

// ── frames ───────────────────────────────────────────────────────────────

function frame(nowMs: number): void {
  requestAnimationFrame(frame);
  const startedMs = performance.now();
  const elapsedMs = lastFrameMs === 0 ? 0 : nowMs - lastFrameMs;
  lastFrameMs = nowMs;
  tick(elapsedMs);
  if (host === null || mapMode.value === 'lost') return;
  if (animation) {
    const share = Math.min(1, (performance.now() - animation.startMs) / animation.ms);
    const eased = share < 0.5 ? 4 * share ** 3 : 1 - (-2 * share + 2) ** 3 / 2;
    const { step } = animation;
    if (share === 1) animation = null;
    setCamera(step(share === 1 ? 1 : eased));
    if (share === 1) keepView();
  }
  const clock = drawnMs();
  keepFrames(clock);
  const isMoving = isPlaying.value || pageUrl.value.t === 'live' || clock !== drawnClockMs;
  if (!isDirty && !isMoving && !isOverlayDirty) return;
  // Where drawing is dear, satellites alone are worth only a few pictures a second: the workers need the rest.
  if (isSlow && !isDirty && !isOverlayDirty && nowMs - paintedMs < SLOW_PAUSE_MS) return;
  paintedMs = nowMs;
  drawnClockMs = clock;
  isDirty = false;
  paint(clock);
  const costMs = performance.now() - startedMs;
  frameCosts.push(costMs);
  if (frameCosts.length > 600) frameCosts.shift();
  watchSpeed(elapsedMs);
}
let drawnClockMs = 0;
let paintedMs = 0;
let isSlow = false;

function paint(clock: number): void {
  const projection = projectionOf(camera.value);
  const scene = mapScene.value;
  const palette = mapPalette(theme.value);
  const lines = linesOf(scene, projection, clock);
  if (renderer) {
    renderer.setLines(lines.lines, palette);
    renderer.draw(
      projection,
      {
        palette,
        mode: scene.colour === 'change' ? 'change' : scene.colour === 'state' ? 'state' : 'ramp',
        isBaseline: scene.isBaseline,
        showsSatellites: scene.showsSatellites,
        showsGateways: scene.showsGateways,
        pixelRatio,
      },
      clock,
    );
  } else {
    fallback?.draw(projection, scene, palette, lines.lines);
  }
  if (isOverlayDirty || lines.dots.length > 0 || hadDots) {
    isOverlayDirty = false;
    hadDots = lines.dots.length > 0;
    paintOverlay(projection, lines.dots);
  }
  frameNumber++;
  if (firstFrameMs === 0 && lands.value.coarse) {
    renderer?.finish();
    firstFrameMs = performance.now();
  }
  globalThis.beamkeeperReady = {
    frame: frameNumber,
    slot:
      slots.value.size > 0 ? Math.max(...[...slots.value.values()].map(slot => slot.slotMs)) : 0,
    request: timings.request,
    firstFrameMs,
    satellites: frames !== null,
    cells: cellShapes.value.size,
    routeSteps: routePart.value?.stepsDone ?? 0,
    impactSlots: impact.value?.slotsDone ?? 0,
    cellsOff: timings.cellsOff,
    timings: { first: timings.first, slot: timings.slot, impactFirst: timings.impactFirst },
    frameCosts,
    firstNumbersMs: timings.first,
    slotMs: timings.slot,
    device: renderer?.device ?? 'canvas',
  };
}
let hadDots = false;

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly node: NodeOfPath;
  readonly colour: ScreenLine['colour'];
}

function linesOf(
  scene: MapScene,
  projection: Projection,
  clock: number,
): { lines: ScreenLine[]; dots: Dot[] } {
  const dots: Dot[] = [];
  const lines = scene.paths.map((path): ScreenLine => {
    const { pieces, count, dots: own } = screenPath(path.nodes, projection, frames, clock);
    for (const dot of own) dots.push({ ...dot, colour: path.colour });
    return { pieces, count, colour: path.colour, widthPx: 2.2, dashPx: path.dashPx };
  });
  const now = fleet.value;
  const mask = world.value?.parameters.userMaskRad;
  if (scene.showsFootprints && now && frames && mask !== undefined) {
    for (const id of scene.chosenSatellites) {
      const s = now.catalogIds.indexOf(id);
      if (s < 0) continue;
      const [x, y, z] = satelliteAt(frames, s, shareOf(frames, clock));
      if (Number.isFinite(x)) lines.push(footprint([x, y, z], mask, projection));
    }
  }
  return { lines, dots };
}

/** The ground from which a satellite stands above the mask. */
function footprint(
  [x, y, z]: readonly [number, number, number],
  maskRad: number,
  projection: Projection,
): ScreenLine {
  const r = Math.hypot(x, y, z);
  const radius = Math.acos(Math.cos(maskRad) / r) - maskRad;
  const lat = Math.asin(z / r);
  const lon = Math.atan2(y, x);
  const pieces: number[] = [];
  let last = { x: 0, y: 0, isVisible: false };
  for (let i = 0; i <= 72; i++) {
    const bearing = (i / 72) * 2 * Math.PI;
    const pointLat = Math.asin(
      Math.sin(lat) * Math.cos(radius) + Math.cos(lat) * Math.sin(radius) * Math.cos(bearing),
    );
    const pointLon =
      lon +
      Math.atan2(
        Math.sin(bearing) * Math.sin(radius) * Math.cos(lat),
        Math.cos(radius) - Math.sin(lat) * Math.sin(pointLat),
      );
    const next = toScreen(projection, ...unitOf(pointLat, pointLon));
    const jumps = Math.abs(next.x - last.x) > projection.camera.width / 2;
    if (i > 0 && last.isVisible && next.isVisible && !jumps) {
      pieces.push(last.x, last.y, next.x, next.y, 0);
    }
    last = next;
  }
  return {
    pieces: Float32Array.from(pieces),
    count: pieces.length / 5,
    colour: 'warn',
    widthPx: 1.4,
    dashPx: 0,
  };
}

const LABEL_FONT = '500 11px "Inter Variable", system-ui, sans-serif';
const widths = new Map<string, number>();

function paintOverlay(projection: Projection, dots: readonly Dot[]): void {
  const context = overlayContext;
  if (context === null) return;
  const scene = mapScene.value;
  const palette = mapPalette(theme.value);
  const css = (rgb: readonly number[], alpha = 1): string =>
    `rgba(${rgb.map(value => Math.round(value * 255)).join(',')},${alpha})`;
  const ratio = overlay.width / camera.value.width;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, camera.value.width, camera.value.height);
  context.font = LABEL_FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  const index = territories.value;
  const land = lands.value.fine ?? lands.value.coarse;
  const halo = css(palette.isDark ? palette.bg : [1, 1, 1], palette.isDark ? 0.85 : 0.9);
  const write = (text: string, x: number, y: number, colour: string): void => {
    context.lineWidth = 3;
    context.strokeStyle = halo;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  };
  if (index && land && scene.showsNames && camera.value.morph % 1 === 0) {
    const labels = placeLabels({
      territories: index.territories,
      areaKm2: land.areaKm2,
      projection,
      offIds: new Set(scene.offIds),
      chosenIds: new Set(scene.chosenIds),
      widthOf: text => {
        let width = widths.get(text);
        if (width === undefined) {
          width = context.measureText(text).width;
          widths.set(text, width);
        }
        return width;
      },
      taken: covered.value,
    });
    for (const label of labels) {
      const off = palette.isDark ? '#ffd3d9' : css(palette.text);
      write(
        label.text,
        label.x,
        label.y,
        label.isOff ? off : css(palette.text, palette.isDark ? 0.92 : 1),
      );
    }
  }
  for (const { x, y, node, colour } of dots) {
    context.beginPath();
    context.arc(x, y, node.kind === 'satellite' ? 3.2 : 4.2, 0, 2 * Math.PI);
    context.fillStyle = css(palette[colour]);
    context.strokeStyle = halo;
    context.lineWidth = 2;
    context.stroke();
    context.fill();
  }
}

/** Less fine edges, then fewer pixels, where frames take too long. */
function watchSpeed(gapMs: number): void {
  if (!isPlaying.value || document.hidden || gapMs === 0) return;
  gapsMs.push(gapMs);
  if (gapsMs.length < 30) return;
  const median = [...gapsMs].sort((a, b) => a - b)[15];
  gapsMs = [];
  isSlow = median > SLOW_FRAME_MS;
  if (!isSlow) return;
  if (isAntialiased && renderer) {
    isAntialiased = false;
    replaceRenderer();
  } else if (pixelRatio > 1) {
    ratioCut = 1 / Math.min(2, devicePixelRatio);
    fitCanvas();
  }
}

// ── picking ──────────────────────────────────────────────────────────────

/** What stands under a pixel: a satellite within 8 px, a gateway, else the ground. */
export function pick(px: number, py: number): Picked | null {
  const scene = mapScene.value;
  const projection = projectionOf(camera.value);
  const clock = exactMs();
  const now = fleet.value;
  if (now && frames && scene.showsSatellites) {
    const share = shareOf(frames, clock);
    let best = -1;
    let least = PICK_PX ** 2;
    for (let s = 0; s < now.count; s++) {
      const [x, y, z] = satelliteAt(frames, s, share);
      if (!(Math.abs(x) < 20)) continue;
      const at = toScreen(projection, x, y, z);
      if (!at.isVisible) continue;
      const distance = (at.x - px) ** 2 + (at.y - py) ** 2;
      if (distance < least) {
        least = distance;
        best = s;
      }
    }
    if (best >= 0 && least < 16) {
      return {
        kind: 'satellite',
        index: best,
        catalogId: now.catalogIds[best],
        name: now.names[best],
      };
    }
  }
  const file = world.value;
  if (file && scene.showsGateways) {
    for (let g = 0; g < file.gateways.length; g++) {
      const { latDeg, lonDeg, isOperational, name } = file.gateways[g];
      if (!isOperational) continue;
      const at = toScreen(projection, ...unitOf(latDeg * DEG, lonDeg * DEG));
      if (at.isVisible && Math.hypot(at.x - px, at.y - py) < 6)
        return { kind: 'gateway', index: g, name };
    }
  }
  const place = toPlace(projection, px, py);
  if (place === null) return null;
  const latDeg = place.latRad / DEG;
  const lonDeg = place.lonRad / DEG;
  const rings = lands.value.fine?.rings;
  const index = territories.value;
  const t = rings ? territoryAt(rings, latDeg, lonDeg) : -1;
  return {
    kind: 'ground',
    latDeg,
    lonDeg,
    territoryId: t >= 0 ? (index?.territories[t]?.id ?? null) : null,
    name: t >= 0 ? (index?.territories[t]?.name ?? null) : null,
    cell: cellAt(place.latRad, place.lonRad),
  };
}

/** The populated cell nearest to a place, among the finest there are; -1 beyond its width. */
function cellAt(latRad: number, lonRad: number): number {
  const shapes = shownShapes();
  if (shapes === undefined) return -1;
  const { centreRad, count } = shapes;
  const [x, y, z] = unitOf(latRad, lonRad);
  let best = -1;
  let most = Math.cos(shapes.resolution === 3 ? 0.011 : 0.0043);
  for (let c = 0; c < count; c++) {
    const lat = centreRad[2 * c + 1];
    if (Math.abs(lat - latRad) > 0.02) continue;
    const lon = centreRad[2 * c];
    const cosine =
      Math.cos(lat) * Math.cos(lon) * x + Math.cos(lat) * Math.sin(lon) * y + Math.sin(lat) * z;
    if (cosine > most) {
      most = cosine;
      best = c;
    }
  }
  return best;
}

/** Geometry of the cells that are drawn now. */
export function shownShapes() {
  const isFine = camera.value.distance < FINE_DISTANCE && slots.value.has(4);
  return cellShapes.value.get(isFine ? 4 : 3);
}

/** The resolution that the view asks for. */
export function wantedResolution(): 3 | 4 {
  const fine = camera.value.distance < FINE_DISTANCE;
  if (fine) askCells(4);
  return fine ? 4 : 3;
}
