import { useEffect, useRef, useState } from 'preact/hooks';
import { theme } from '../shell/state.ts';
import type { OutlineAnswer, OutlineRequest } from '../workers/outline.ts';

const HEIGHT = 190;
let worker: Worker | null = null;
let requests = 0;
const waiting = new Map<number, (answer: OutlineAnswer) => void>();

function outlinesOf(cells: readonly string[]): Promise<OutlineAnswer> {
  if (worker === null) {
    worker = new Worker(new URL('../workers/outline.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<OutlineAnswer>) => {
      waiting.get(data.request)?.(data);
      waiting.delete(data.request);
    };
  }
  requests += 1;
  const request: OutlineRequest = { request: requests, cells };
  worker.postMessage(request);
  return new Promise(resolve => waiting.set(request.request, resolve));
}

/** The cells that something is about, on a small flat map: hatched where service is off. */
export function CellsMap({
  cells,
  band,
  isOff,
  label,
}: {
  cells: readonly string[];
  band: readonly string[];
  isOff: boolean;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [outlines, setOutlines] = useState<readonly OutlineAnswer[]>([]);
  const key = `${cells.length} ${cells[0]} ${band.length}`;
  useEffect(() => {
    let isOld = false;
    Promise.all([outlinesOf(cells), outlinesOf(band)]).then(both => {
      if (!isOld) setOutlines(both);
    });
    return () => {
      isOld = true;
    };
  }, [key]);
  const current = theme.value;
  useEffect(() => {
    if (canvas.current && outlines.length === 2) draw(canvas.current, outlines, isOff);
  }, [outlines, isOff, current]);
  return (
    <canvas ref={canvas} class="cells-map" height={HEIGHT} role="img" aria-label={label}>
      {label}
    </canvas>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  [cells, band]: readonly OutlineAnswer[],
  isOff: boolean,
): void {
  const ratio = Math.min(2, devicePixelRatio);
  const width = canvas.clientWidth || 320;
  canvas.width = width * ratio;
  canvas.height = HEIGHT * ratio;
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const points = [...cells.lonLatDeg, ...band.lonLatDeg];
  if (points.length === 0) return;
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    west = Math.min(west, points[i]);
    east = Math.max(east, points[i]);
    south = Math.min(south, points[i + 1]);
    north = Math.max(north, points[i + 1]);
  }
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((width - 16) / ((east - west) * shrink), (HEIGHT - 16) / (north - south));
  const x = (lon: number): number => width / 2 + (lon - (west + east) / 2) * shrink * scale;
  const y = (lat: number): number => HEIGHT / 2 - (lat - (south + north) / 2) * scale;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, HEIGHT);
  const trace = ({ lonLatDeg, offsets }: OutlineAnswer): void => {
    context.beginPath();
    for (let cell = 0; cell + 1 < offsets.length; cell++) {
      for (let i = offsets[cell]; i < offsets[cell + 1]; i++) {
        const [px, py] = [x(lonLatDeg[2 * i]), y(lonLatDeg[2 * i + 1])];
        if (i === offsets[cell]) context.moveTo(px, py);
        else context.lineTo(px, py);
      }
      context.closePath();
    }
  };
  trace(cells);
  context.fillStyle = isOff ? hatch(context, colour('--off')) : colour('--accent');
  context.globalAlpha = isOff ? 1 : 0.5;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colour(isOff ? '--off' : '--accent');
  context.lineWidth = 0.6;
  context.stroke();
  trace(band);
  context.strokeStyle = colour('--warn');
  context.lineWidth = 0.8;
  context.stroke();
}

/** Off is never colour alone. */
function hatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const brush = tile.getContext('2d');
  if (!brush) return colour;
  brush.strokeStyle = colour;
  brush.lineWidth = 1.4;
  brush.beginPath();
  for (const shift of [-6, 0, 6]) {
    brush.moveTo(shift, 6);
    brush.lineTo(shift + 6, 0);
  }
  brush.stroke();
  return context.createPattern(tile, 'repeat') ?? colour;
}
