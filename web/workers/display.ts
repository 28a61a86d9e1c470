import type { Colour } from '../shell/url.ts';
import type { SlotCells } from './messages.ts';

/** What the ends of a scale mean; the legend shows the same numbers. */
export const SCALES = {
  /** ms */
  latency: { min: 20, max: 110 },
  /** Share of the serving satellite's downlink. */
  utilisation: { min: 0, max: 1 },
} as const;

/** Bounds between the five classes of a change in latency, ms; beyond them counts as more. */
export const CHANGE_BOUNDS_MS = [-10, -2, 2, 10] as const;

/** Class of a value that there is none of. */
export const NO_CLASS = 255;
/** A value's class runs from 0 to this. */
export const TOP_CLASS = 250;

/**
 * Four bytes a cell: class as it is, class in the scenario, state as it is and in the scenario (four
 * bits each), 255. A class is the value between the ends of its scale, or one of five for a change, or
 * the state itself.
 */
export function displayTexels(colour: Colour, before: SlotCells, after: SlotCells): Uint8Array {
  const count = before.state.length;
  const texels = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) {
    const at = 4 * i;
    texels[at + 2] = (before.state[i] << 4) | after.state[i];
    texels[at + 3] = 255;
    if (colour === 'change') {
      texels[at] = 2;
      texels[at + 1] = changeClass(before.latencyMs[i], after.latencyMs[i]);
    } else if (colour === 'state') {
      texels[at] = before.state[i];
      texels[at + 1] = after.state[i];
    } else {
      const [from, to] =
        colour === 'latency'
          ? [before.latencyMs[i], after.latencyMs[i]]
          : [before.utilisation[i], after.utilisation[i]];
      texels[at] = valueClass(from, SCALES[colour]);
      texels[at + 1] = valueClass(to, SCALES[colour]);
    }
  }
  return texels;
}

function valueClass(value: number, { min, max }: { min: number; max: number }): number {
  if (Number.isNaN(value)) return NO_CLASS;
  return Math.round(TOP_CLASS * Math.max(0, Math.min(1, (value - min) / (max - min))));
}

/** 0: much worse … 4: much better. Service lost is worse than slow, service gained better than fast. */
export function changeClass(beforeMs: number, afterMs: number): number {
  if (Number.isNaN(afterMs)) return Number.isNaN(beforeMs) ? 2 : 0;
  if (Number.isNaN(beforeMs)) return 4;
  const change = afterMs - beforeMs;
  let index = 0;
  while (index < CHANGE_BOUNDS_MS.length && change >= CHANGE_BOUNDS_MS[index]) index++;
  return 4 - index;
}
