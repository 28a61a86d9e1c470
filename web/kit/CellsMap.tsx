import { useEffect, useRef, useState } from 'preact/hooks';
import type { CellList } from '../../src/control/cellList.ts';
import { theme } from '../shell/state.ts';
import type { OutlineAnswer, OutlineRequest } from '../workers/outline.ts';

const HEIGHT = 190;
let worker: Worker | null = null;
let requests = 0;
const waiting = new Map<number, (answer: OutlineAnswer) => void>();

function outlinesOf(cells: CellList): Promise<OutlineAnswer> {
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
  cells: CellList;
  band: CellList;
  isOff: boolean;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [outlines, setOutlines] = useState<readonly OutlineAnswer[]>([]);
  const key = `${cells.length} ${cells.slice(0, 32)} ${band.length}`;
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
  if (cells.lonLatDeg.length === 0 && band.lonLatDeg.length === 0) return;
  const left = leftEdgeDeg([cells, band]);
  /** Cells west of the map's left edge lie beyond its right one: Chukotka follows Kamchatka. */
  const turnOf = ({ lonLatDeg, offsets }: OutlineAnswer, cell: number): number =>
    lonLatDeg[2 * offsets[cell]] < left ? 360 : 0;
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const outlines of [cells, band]) {
    const { lonLatDeg, offsets } = outlines;
    for (let cell = 0; cell + 1 < offsets.length; cell++) {
      const turn = turnOf(outlines, cell);
      for (let i = offsets[cell]; i < offsets[cell + 1]; i++) {
        west = Math.min(west, lonLatDeg[2 * i] + turn);
        east = Math.max(east, lonLatDeg[2 * i] + turn);
        south = Math.min(south, lonLatDeg[2 * i + 1]);
        north = Math.max(north, lonLatDeg[2 * i + 1]);
      }
    }
  }
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((width - 16) / ((east - west) * shrink), (HEIGHT - 16) / (north - south));
  const x = (lon: number): number => width / 2 + (lon - (west + east) / 2) * shrink * scale;
  const y = (lat: number): number => HEIGHT / 2 - (lat - (south + north) / 2) * scale;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, HEIGHT);
  const trace = (outlines: OutlineAnswer): void => {
    const { lonLatDeg, offsets } = outlines;
    context.beginPath();
    for (let cell = 0; cell + 1 < offsets.length; cell++) {
      const turn = turnOf(outlines, cell);
      for (let i = offsets[cell]; i < offsets[cell + 1]; i++) {
        const [px, py] = [x(lonLatDeg[2 * i] + turn), y(lonLatDeg[2 * i + 1])];
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

/** Where the widest gap in longitude ends: there a map of these cells is best cut open. */
function leftEdgeDeg(all: readonly OutlineAnswer[]): number {
  const isTaken = new Uint8Array(360);
  for (const { lonLatDeg, offsets } of all) {
    for (let cell = 0; cell + 1 < offsets.length; cell++) {
      const lon = Math.floor(lonLatDeg[2 * offsets[cell]]);
      isTaken[(((lon + 180) % 360) + 360) % 360] = 1;
    }
  }
  let [widest, edge, gap] = [0, 0, 0];
  // Twice around, so that a gap over the antimeridian is seen whole.
  for (let i = 0; i < 720; i++) {
    if (isTaken[i % 360] === 0) gap += 1;
    else {
      if (gap > widest) [widest, edge] = [gap, i % 360];
      gap = 0;
    }
  }
  return edge - 180;
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
