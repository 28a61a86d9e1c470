import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { goTo, isPlaying, playPause, returnToLive, SLOT_MS, setSpeed, stepBy } from './clock.ts';
import { clockEvents, type EventKind } from './clockEvents.ts';
import { utc } from './figures.ts';
import { clockMs, clockState, navigate, pageUrl } from './state.ts';
import { parseUtc, SPEEDS, type Speed } from './url.ts';

/** The bar spans so much time around the clock. */
const SPAN_MS = 30 * 60_000;
const STATE_WORDS = { live: 'Live', simulated: 'Simulated', replay: 'Replay' } as const;
const note = signal('');

/** Play, instant, speed, and a strip of time with the log's events on it. */
export function ClockBar(props: { readonly marks?: readonly { atMs: number; label: string }[] }) {
  const strip = useRef<HTMLCanvasElement>(null);
  const now = clockMs.value;
  const { speed } = pageUrl.value;
  const fromMs = now - SPAN_MS / 2;
  const place = (atMs: number): number => ((atMs - fromMs) / SPAN_MS) * 100;
  const events = clockEvents.value.filter(event => Math.abs(event.atMs - now) < SPAN_MS / 2);
  useEffect(() => {
    const canvas = strip.current;
    if (canvas) drawTicks(canvas, fromMs);
  });
  const isLive = clockState.value === 'live';
  return (
    <section class="clock" aria-label="Clock">
      <div class="clock-row">
        <button type="button" class="clock-play" onClick={playPause} aria-keyshortcuts="Space">
          <span aria-hidden="true">{isPlaying.value ? '❚❚' : '▶'}</span>
          <span class="visually-hidden">{isPlaying.value ? 'Pause' : 'Play'}</span>
        </button>
        <button type="button" title="10 seconds back (,)" onClick={() => stepBy(-10_000)}>
          −10 s
        </button>
        <button type="button" title="10 seconds on (.)" onClick={() => stepBy(10_000)}>
          +10 s
        </button>
        <input
          class="mono clock-text"
          aria-label="Instant, UTC"
          title="Type or paste an instant, UTC"
          spellcheck={false}
          autocomplete="off"
          value={utc(now)}
          onFocus={event => event.currentTarget.select()}
          onKeyDown={event => {
            if (event.key !== 'Enter') return;
            const ms = parseUtc(event.currentTarget.value);
            note.value =
              ms === null
                ? `"${event.currentTarget.value}" is no instant; write 2026-08-22 14:07:20`
                : '';
            if (ms !== null) goTo(ms);
            event.currentTarget.blur();
          }}
        />
        <span class={`badge clock-state-${clockState.value}`}>{STATE_WORDS[clockState.value]}</span>
        {!isLive && (
          <button
            type="button"
            class="clock-live"
            title="Return to live (l)"
            onClick={returnToLive}
            aria-label="Return to live"
          >
            ↦ Live
          </button>
        )}
        {note.value !== '' && (
          <span class="clock-note" role="alert">
            {note.value}
          </span>
        )}
        <fieldset class="clock-speeds">
          <legend class="visually-hidden">Speed</legend>
          {SPEEDS.filter(one => one > 0).map(one => (
            <button
              key={one}
              type="button"
              aria-pressed={speed === one}
              onClick={() => setSpeed(one)}
            >
              {one}×
            </button>
          ))}
        </fieldset>
        <select
          class="clock-speed-select"
          aria-label="Speed"
          value={String(speed)}
          onChange={event => setSpeed(Number(event.currentTarget.value) as Speed)}
        >
          {SPEEDS.map(one => (
            <option key={one} value={String(one)}>
              {one === 0 ? 'paused' : `${one}×`}
            </option>
          ))}
        </select>
      </div>
      <div class="clock-strip">
        <canvas ref={strip} />
        <input
          type="range"
          aria-label="Scrub"
          aria-valuetext={utc(now)}
          min={0}
          max={SPAN_MS / 1000}
          step={1}
          value={SPAN_MS / 2000}
          onInput={event => {
            const target = event.currentTarget;
            goTo(stripFrom + Number(target.value) * 1000, 'replace');
          }}
          onPointerDown={event => {
            stripFrom = fromMs;
            // The strip moves with the clock: a drag is measured from where it began.
            const box = event.currentTarget.getBoundingClientRect();
            const start = event.clientX;
            const startMs = fromMs + ((start - box.x) / box.width) * SPAN_MS;
            event.preventDefault();
            goTo(startMs, 'replace');
            const move = (drag: PointerEvent): void =>
              goTo(startMs + ((drag.clientX - start) / box.width) * SPAN_MS, 'replace');
            const up = (): void => {
              removeEventListener('pointermove', move);
              removeEventListener('pointerup', up);
            };
            addEventListener('pointermove', move);
            addEventListener('pointerup', up);
          }}
          onKeyDown={event => {
            if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
            event.preventDefault();
            stepBy((event.key === 'ArrowLeft' ? -1 : 1) * SLOT_MS);
          }}
        />
        <span class="clock-now" aria-hidden="true" />
        {(props.marks ?? [])
          .filter(mark => Math.abs(mark.atMs - now) < SPAN_MS / 2)
          .map(mark => (
            <button
              key={`${mark.atMs} ${mark.label}`}
              type="button"
              class="clock-mark"
              style={{ left: `${place(mark.atMs)}%` }}
              title={mark.label}
              aria-label={mark.label}
              onClick={() => goTo(mark.atMs)}
            />
          ))}
        {events.map(event => (
          <button
            key={event.index}
            type="button"
            class={`clock-event clock-event-${event.kind}`}
            style={{ left: `${place(event.atMs)}%` }}
            title={`${event.kind}: ${event.text}, ${utc(event.atMs)}`}
            aria-label={`${event.kind}: ${event.text}, ${utc(event.atMs)}`}
            onClick={() => navigate('/ledger', { entry: String(event.index) })}
          >
            <EventShape kind={event.kind} />
          </button>
        ))}
      </div>
    </section>
  );
}

let stripFrom = 0;

/** A shape per kind, so that colour is not the only sign. */
function EventShape({ kind }: { kind: EventKind }) {
  const shapes: Record<EventKind, string> = {
    order: 'M2 2h8v8H2z',
    vote: 'M6 1l5 9H1z',
    declaration: 'M6 1l5 5-5 5-5-5z',
    disclosure: 'M6 1a5 5 0 100 10A5 5 0 006 1z',
    other: 'M5 1h2v4h4v2H7v4H5V7H1V5h4z',
  };
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={shapes[kind]} />
    </svg>
  );
}

/** Ticks: minutes long, slots short. */
function drawTicks(canvas: HTMLCanvasElement, fromMs: number): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = Math.min(2, devicePixelRatio);
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (context === null || width === 0) return;
  const style = getComputedStyle(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.fillStyle = style.getPropertyValue('--line');
  context.font = '10px "IBM Plex Mono", monospace';
  const minute = 60_000;
  for (let t = Math.ceil(fromMs / minute) * minute; t < fromMs + SPAN_MS; t += minute) {
    const x = ((t - fromMs) / SPAN_MS) * width;
    const isLong = (t / minute) % 5 === 0;
    context.fillStyle = style.getPropertyValue(isLong ? '--edge' : '--line');
    context.fillRect(Math.round(x), isLong ? height - 12 : height - 7, 1, isLong ? 12 : 7);
    if (!isLong) continue;
    context.fillStyle = style.getPropertyValue('--muted');
    context.fillText(new Date(t).toISOString().slice(11, 16), x + 4, height - 3);
  }
}
