import { cellShapes, lands, slots, world } from '../shell/simulation.ts';
import { NO_CLASS, TOP_CLASS } from '../workers/display.ts';
import type { MapScene } from './mapEngine.ts';
import type { ScreenLine } from './mapRenderer.ts';
import { CHANGE_COLOURS, type MapPalette } from './palette.ts';
import { nearLon, type Projection } from './projection.ts';

/** The flat map where there is no WebGL2: land as outlines, cells as points. Slower, same content. */
export class FlatCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  #ratio = 1;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.#ratio = pixelRatio;
    this.#canvas.width = Math.round(width * pixelRatio);
    this.#canvas.height = Math.round(height * pixelRatio);
  }

  draw(
    { camera, pxPerRad }: Projection,
    scene: MapScene,
    palette: MapPalette,
    lines: readonly ScreenLine[],
  ): void {
    const context = this.#context;
    if (context === null) return;
    const css = (rgb: readonly number[], alpha = 1): string =>
      `rgba(${rgb.map(value => Math.round(value * 255)).join(',')},${alpha})`;
    const { width, height } = camera;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.fillStyle = css(palette.sea);
    context.fillRect(0, 0, width, height);
    const x = (lonRad: number): number => width / 2 + (lonRad - camera.lonRad) * pxPerRad;
    const y = (latRad: number): number => height / 2 - (latRad - camera.latRad) * pxPerRad;
    const { coarse } = lands.value;
    if (coarse) {
      context.fillStyle = css(palette.land);
      for (const turn of [-2 * Math.PI, 0, 2 * Math.PI]) {
        context.beginPath();
        const { triangles, lonLat } = coarse;
        for (let i = 0; i < triangles.length; i += 3) {
          for (let k = 0; k < 3; k++) {
            const at = 2 * triangles[i + k];
            const px = x(lonLat[at] + turn);
            const py = y(lonLat[at + 1]);
            if (k === 0) context.moveTo(px, py);
            else context.lineTo(px, py);
          }
          context.closePath();
        }
        context.fill();
        context.beginPath();
        for (let i = 0; i < coarse.segments.length; i += 2) {
          const [a, b] = [2 * coarse.segments[i], 2 * coarse.segments[i + 1]];
          context.moveTo(x(coarse.lineLonLat[a] + turn), y(coarse.lineLonLat[a + 1]));
          context.lineTo(x(coarse.lineLonLat[b] + turn), y(coarse.lineLonLat[b + 1]));
        }
        context.strokeStyle = css(palette.border, 0.7);
        context.lineWidth = 0.8;
        context.stroke();
      }
    }
    const shapes = cellShapes.value.get(3);
    const texels = slots.value.get(3)?.texels;
    if (shapes && texels && scene.showsCells) {
      const sizePx = Math.max(2, 0.014 * pxPerRad);
      for (let c = 0; c < shapes.count; c++) {
        const px = x(nearLon(shapes.centreRad[2 * c], camera.lonRad));
        const py = y(shapes.centreRad[2 * c + 1]);
        if (px < 0 || py < 0 || px > width || py > height) continue;
        const state = scene.isBaseline ? texels[4 * c + 2] >> 4 : texels[4 * c + 2] & 15;
        const value = texels[4 * c + (scene.isBaseline ? 0 : 1)];
        context.fillStyle = colourOf(scene, palette, state, value);
        context.fillRect(px - sizePx / 2, py - sizePx / 2, sizePx, sizePx);
        if (state !== 1) continue;
        context.strokeStyle = css(palette.text, 0.6);
        context.lineWidth = 1;
        context.beginPath();
        context.moveTo(px - sizePx / 2, py + sizePx / 2);
        context.lineTo(px + sizePx / 2, py - sizePx / 2);
        context.stroke();
      }
    }
    if (scene.showsGateways) {
      const denied = new Set(scene.deniedCountries);
      for (const gateway of world.value?.gateways ?? []) {
        if (!gateway.isOperational) continue;
        const px = x(nearLon((gateway.lonDeg * Math.PI) / 180, camera.lonRad));
        const py = y((gateway.latDeg * Math.PI) / 180);
        context.fillStyle = css(denied.has(gateway.country) ? palette.off : palette.good);
        context.save();
        context.translate(px, py);
        context.rotate(Math.PI / 4);
        context.fillRect(-2.5, -2.5, 5, 5);
        context.restore();
      }
    }
    for (const line of lines) {
      context.strokeStyle = css(palette[line.colour]);
      context.lineWidth = line.widthPx;
      context.setLineDash(line.dashPx > 0 ? [line.dashPx, line.dashPx] : []);
      context.beginPath();
      for (let i = 0; i < line.count; i++) {
        context.moveTo(line.pieces[5 * i], line.pieces[5 * i + 1]);
        context.lineTo(line.pieces[5 * i + 2], line.pieces[5 * i + 3]);
      }
      context.stroke();
    }
    context.setLineDash([]);
  }
}

function colourOf(scene: MapScene, palette: MapPalette, state: number, value: number): string {
  if (state === 1) return palette.states[1];
  if (scene.colour === 'state') return palette.states[Math.min(state, 5)];
  if (scene.colour === 'change') return CHANGE_COLOURS[Math.min(value, 4)];
  if (state !== 0 || value === NO_CLASS) return palette.states[2];
  return palette.ramp[Math.min(5, Math.round((value / TOP_CLASS) * 5))];
}
