import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { failures, readElements, restart } from '../shell/simulation.ts';
import { announce } from '../shell/state.ts';
import {
  camera,
  covered,
  mapMode,
  mountMap,
  type Picked,
  panBy,
  pick,
  resetView,
  setMapKind,
  zoomBy,
} from './mapEngine.ts';

const CLICK_PX = 5;
const PAN_KEY_PX = 60;

/** A file is held over the page. */
const isDragged = signal(false);
const hovered = signal<{ x: number; y: number; picked: Picked } | null>(null);

/** The map with its tools. What it shows is `mapScene`; what is chosen on it goes to `onPick`. */
export function MapView(props: {
  readonly summary: string;
  readonly onPick: (picked: Picked | null, event: { shiftKey: boolean }) => void;
  readonly describe: (picked: Picked) => string | null;
  readonly children?: ComponentChildren;
}) {
  const place = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLElement>(null);
  useEffect(() => (place.current ? mountMap(place.current) : undefined), []);
  useEffect(() => {
    // Names keep clear of what lies over the map.
    const measure = (): void => {
      const outer = place.current?.getBoundingClientRect();
      if (!outer) return;
      covered.value = [...(frame.current?.querySelectorAll('[data-covers]') ?? [])].map(element => {
        const box = element.getBoundingClientRect();
        return { x: box.x - outer.x, y: box.y - outer.y, width: box.width, height: box.height };
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (place.current) observer.observe(place.current);
    for (const element of frame.current?.querySelectorAll('[data-covers]') ?? []) {
      observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);
  useEffect(takeDroppedFiles, []);
  const gestures = useRef(createGestures(props));
  gestures.current.props = props;
  const { handlers } = gestures.current;
  const isFlat = camera.value.morph > 0.5;
  const hover = hovered.value;
  const words = hover && props.describe(hover.picked);
  return (
    <section class="map" aria-label="Map" ref={frame}>
      <div
        class="map-place"
        ref={place}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the map pans and zooms by keys while focused
        tabIndex={0}
        role="application"
        aria-roledescription="map"
        aria-label={`${props.summary} Arrow keys pan, plus and minus zoom, 0 resets, Enter chooses the middle, Escape leaves.`}
        {...handlers}
      />
      <fieldset class="map-tools" data-covers>
        <legend class="visually-hidden">Map tools</legend>
        <button
          type="button"
          aria-pressed={!isFlat}
          disabled={mapMode.value === 'canvas'}
          title={mapMode.value === 'canvas' ? 'The globe needs WebGL2' : 'Globe (g)'}
          onClick={() => setMapKind('globe')}
        >
          Globe
        </button>
        <button
          type="button"
          aria-pressed={isFlat}
          title="Flat (g)"
          onClick={() => setMapKind('flat')}
        >
          Flat
        </button>
        <button type="button" aria-label="Nearer" title="Nearer (+)" onClick={() => zoomBy(1.5)}>
          +
        </button>
        <button
          type="button"
          aria-label="Farther"
          title="Farther (-)"
          onClick={() => zoomBy(1 / 1.5)}
        >
          −
        </button>
      </fieldset>
      {isDragged.value && <p class="map-drop">Drop element sets: TLE, 3LE or OMM</p>}
      {mapMode.value === 'canvas' && (
        <p class="map-note">No WebGL2 here: the flat map is drawn without it.</p>
      )}
      {mapMode.value === 'lost' && (
        <p class="map-note" role="status">
          The graphics card dropped the map; it comes back as soon as the browser allows.
        </p>
      )}
      {failures.value.length > 0 && (
        <div class="map-failures" role="alert">
          {failures.value.map(failure => (
            <p key={`${failure.worker} ${failure.code}`}>
              <span class="mono">{failure.code}</span> {failure.message}{' '}
              <button type="button" onClick={() => restart(failure.worker)}>
                Restart
              </button>
            </p>
          ))}
        </div>
      )}
      {hover && words && (
        <div
          class="map-hover"
          style={{
            left: `${Math.min(hover.x + 14, camera.value.width - 200)}px`,
            top: `${Math.max(8, hover.y - 34)}px`,
          }}
          aria-hidden="true"
        >
          {words}
        </div>
      )}
      {props.children}
    </section>
  );
}

/** Wherever it is dropped: the browser would leave the page for it. */
function takeDroppedFiles(): () => void {
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    isDragged.value = true;
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) isDragged.value = false;
  };
  const drop = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    isDragged.value = false;
    const [file] = event.dataTransfer.files;
    if (file) void readElements(file);
  };
  addEventListener('dragover', over);
  addEventListener('dragleave', leave);
  addEventListener('drop', drop);
  return () => {
    removeEventListener('dragover', over);
    removeEventListener('dragleave', leave);
    removeEventListener('drop', drop);
  };
}

interface MapProps {
  onPick: (picked: Picked | null, event: { shiftKey: boolean }) => void;
  describe: (picked: Picked) => string | null;
}

/** Drag, wheel, pinch and keys. */
function createGestures(initial: MapProps) {
  const self = { props: initial, handlers: {} };
  const pointers = new Map<number, { x: number; y: number }>();
  let movedPx = 0;
  let pinchPx = 0;
  let hoverTimer = 0;
  const at = (event: PointerEvent | WheelEvent): { x: number; y: number } => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.x, y: event.clientY - box.y };
  };
  const spread = (): number => {
    const [a, b] = [...pointers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const release = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    pinchPx = spread();
  };
  self.handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      movedPx = pointers.size === 1 ? 0 : CLICK_PX + 1;
      pinchPx = spread();
      hovered.value = null;
    },
    onPointerMove(event: PointerEvent) {
      const now = at(event);
      const before = pointers.get(event.pointerId);
      if (before === undefined) {
        clearTimeout(hoverTimer);
        if (event.pointerType !== 'mouse') return;
        if (hovered.value) hovered.value = null;
        hoverTimer = window.setTimeout(() => {
          const picked = pick(now.x, now.y);
          hovered.value = picked && { ...now, picked };
        }, 90);
        return;
      }
      pointers.set(event.pointerId, now);
      movedPx += Math.hypot(now.x - before.x, now.y - before.y);
      if (pointers.size === 1) {
        if (movedPx > CLICK_PX) panBy(now.x - before.x, now.y - before.y);
        return;
      }
      const wide = spread();
      if (pinchPx > 0 && wide > 0) zoomBy(wide / pinchPx);
      pinchPx = wide;
    },
    onPointerUp(event: PointerEvent) {
      const wasPressed = pointers.has(event.pointerId);
      release(event);
      if (!wasPressed || movedPx > CLICK_PX) return;
      const { x, y } = at(event);
      self.props.onPick(pick(x, y), { shiftKey: event.shiftKey });
    },
    onPointerCancel: release,
    onPointerLeave() {
      clearTimeout(hoverTimer);
      hovered.value = null;
    },
    onWheel(event: WheelEvent) {
      event.preventDefault();
      zoomBy(Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) / 320), at(event));
    },
    onDblClick(event: PointerEvent) {
      zoomBy(1.8, at(event));
    },
    onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const pans: Record<string, readonly [number, number]> = {
        ArrowLeft: [PAN_KEY_PX, 0],
        ArrowRight: [-PAN_KEY_PX, 0],
        ArrowUp: [0, PAN_KEY_PX],
        ArrowDown: [0, -PAN_KEY_PX],
      };
      const pan = pans[event.key];
      if (pan) panBy(...pan);
      else if (event.key === '0') resetView();
      else if (event.key === 'Enter') {
        const { width, height } = camera.value;
        self.props.onPick(pick(width / 2, height / 2), { shiftKey: event.shiftKey });
      } else if (event.key === 'Escape') {
        (event.currentTarget as HTMLElement).blur();
        announce('Left the map');
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return self;
}
