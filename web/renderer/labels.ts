import type { Territory } from '../../src/earth/index.ts';
import { type Projection, toScreen, unitOf } from './projection.ts';

const MOST = 26;
const DEG = Math.PI / 180;
const PADDING = 5;

export interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly isOff: boolean;
}

/** What the labels keep clear of, px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Names that fit: the largest territories first, none over another or over a panel, none for a
 * territory much narrower than its name. Those switched off or chosen come before all.
 */
export function placeLabels(input: {
  readonly territories: readonly Territory[];
  readonly areaKm2: Float32Array;
  readonly projection: Projection;
  readonly offIds: ReadonlySet<string>;
  readonly chosenIds: ReadonlySet<string>;
  readonly widthOf: (text: string) => number;
  readonly taken: readonly Box[];
}): Label[] {
  const { territories, areaKm2, projection, offIds, chosenIds, widthOf } = input;
  const { width, height } = projection.camera;
  const order = territories
    .map((territory, i) => ({ territory, area: areaKm2[i] ?? 0 }))
    .filter(({ territory, area }) => area > 0 && territory.parts.length > 0)
    .sort((a, b) => rank(b.territory) - rank(a.territory) || b.area - a.area);
  function rank({ id }: Territory): number {
    return (offIds.has(id) ? 2 : 0) + (chosenIds.has(id) ? 1 : 0);
  }
  const taken: Box[] = [...input.taken];
  const labels: Label[] = [];
  for (const { territory, area } of order) {
    if (labels.length >= MOST) break;
    const { latDeg, lonDeg } = territory.centreDeg;
    const at = toScreen(projection, ...unitOf(latDeg * DEG, lonDeg * DEG));
    if (!at.isVisible || at.x < 8 || at.y < 12 || at.x > width - 8 || at.y > height - 8) continue;
    const isOff = offIds.has(territory.id);
    const text = isOff ? `${territory.name} · off` : territory.name;
    const textWidth = widthOf(text);
    const sizePx = (Math.sqrt(area) / 6371) * projection.pxPerRad;
    if (!isOff && !chosenIds.has(territory.id) && sizePx < textWidth * 0.55) continue;
    const box: Box = {
      x: at.x - textWidth / 2 - PADDING,
      y: at.y - 9,
      width: textWidth + 2 * PADDING,
      height: 18,
    };
    if (box.x < 2 || box.x + box.width > width - 2) continue;
    if (taken.some(other => overlaps(box, other))) continue;
    taken.push(box);
    labels.push({ text, x: at.x, y: at.y, isOff });
  }
  return labels;
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
