/**
 * The page's clock. It holds the exact instant; `clockMs` follows a few times a second for what is
 * shown as text. Where it stands is in the link: `t`, and `speed` (0: paused).
 */
import { computed, effect, signal } from '@preact/signals';
import { announce, clockMs, clockState, pageUrl, reducedMotion, setUrl } from './state.ts';
import { formatUtc, type PageUrl, SPEEDS, type Speed } from './url.ts';

/** Slots of service. */
export const SLOT_MS = 15_000;
/** The schedule's slots start at :12, :27, :42, :57 (docs/scheduler.md). */
const SLOT_PHASE_MS = 12_000;
const TEXT_EVERY_MS = 200;
const LINK_EVERY_MS = 1000;

const isManual =
  typeof location !== 'undefined' && new URLSearchParams(location.search).get('clock') === 'manual';
/** The world's own instant; the clock starts there unless the link says another. */
export const worldStartMs = signal<number | null>(null);

export const isPlaying = computed(() => !isManual && pageUrl.value.speed > 0);
/** What play goes on with after a pause. */
let resumeSpeed: Speed = 10;

let nowMs = 0;
/** What the clock itself wrote into the link last. */
let writtenMs: number | null = null;
let textMs = 0;
let linkMs = 0;

/** The exact instant, UTC ms. */
export function exactMs(): number {
  return nowMs;
}

/** Start of the slot in force. */
export function slotOf(ms: number): number {
  return Math.floor((ms - SLOT_PHASE_MS) / SLOT_MS) * SLOT_MS + SLOT_PHASE_MS;
}

/** Moves the clock on by real time; call it once a frame. */
export function tick(elapsedMs: number): void {
  const { t, speed } = pageUrl.value;
  if (t === 'live') nowMs = Date.now();
  else if (isPlaying.value && worldStartMs.value !== null) {
    nowMs += Math.min(elapsedMs, 1000) * speed;
  }
  const real = performance.now();
  if (real - textMs > TEXT_EVERY_MS || !isPlaying.value) {
    textMs = real;
    if (clockMs.value !== nowMs) clockMs.value = nowMs;
  }
  if (nowMs === 0) return;
  if (isPlaying.value && t !== 'live' && real - linkMs > LINK_EVERY_MS) {
    linkMs = real;
    write(nowMs, {}, 'replace');
  }
}

/** What is drawn: under reduced motion the start of the slot. */
export function drawnMs(): number {
  return reducedMotion.value && isPlaying.value ? slotOf(nowMs) : nowMs;
}

/** Goes to an instant. */
export function goTo(ms: number, mode: 'push' | 'replace' = 'push'): void {
  nowMs = ms;
  clockMs.value = ms;
  write(ms, {}, mode);
}

export function stepBy(ms: number): void {
  goTo(nowMs + ms, 'replace');
}

export function playPause(): void {
  const { speed } = pageUrl.value;
  if (speed > 0) {
    resumeSpeed = speed;
    write(nowMs, { speed: 0 });
    announce(`Paused at ${formatUtc(wholeSecond(nowMs)).replace('T', ' ').replace('Z', ' UTC')}`);
  } else {
    setUrl({ speed: resumeSpeed });
  }
}

export function setSpeed(speed: Speed): void {
  if (pageUrl.value.t === 'live') write(nowMs, { speed });
  else setUrl({ speed });
}

/** Slower or faster by one. */
export function changeSpeed(by: 1 | -1): void {
  const at = SPEEDS.indexOf(pageUrl.value.speed) + by;
  if (at >= 0 && at < SPEEDS.length) setSpeed(SPEEDS[at]);
}

export function returnToLive(): void {
  nowMs = Date.now();
  clockMs.value = nowMs;
  setUrl({ t: 'live', speed: 1 });
  announce('Live');
}

/** Sets the clock by the link whenever that was not the clock's own doing: on arrival and on Back. */
export function followLink(): void {
  effect(() => {
    const { t } = pageUrl.value;
    const start = worldStartMs.value;
    clockState.value = t === 'live' ? 'live' : 'simulated';
    if (typeof t === 'number') {
      // On Back a playing clock plays on: it is the scenario that is undone.
      const isOwn = t === writtenMs || (isPlaying.peek() && writtenMs !== null);
      if (!isOwn) nowMs = t;
      writtenMs = t;
    } else if (t === null && start !== null && nowMs === 0) {
      nowMs = start;
    }
    if (clockMs.peek() !== nowMs) clockMs.value = nowMs;
  });
}

function wholeSecond(ms: number): number {
  return Math.round(ms / 1000) * 1000;
}

function write(ms: number, patch: Partial<PageUrl> = {}, mode: 'push' | 'replace' = 'push'): void {
  writtenMs = wholeSecond(ms);
  setUrl({ ...patch, t: writtenMs }, mode);
}
