import { expect, test } from 'vitest';
import { changeClass, displayTexels, NO_CLASS, TOP_CLASS } from './display.ts';
import type { SlotCells } from './messages.ts';

const cells = (latencyMs: number[], state: number[]): SlotCells => ({
  state: Uint8Array.from(state),
  latencyMs: Float32Array.from(latencyMs),
  shareMbps: new Float32Array(state.length),
  utilisation: new Float32Array(state.length),
  satelliteIndex: new Int32Array(state.length),
  gatewayIndex: new Int32Array(state.length),
});

test('a change is worse, the same or better by the bounds of the legend', () => {
  expect(changeClass(40, 55)).toBe(0);
  expect(changeClass(40, 43)).toBe(1);
  expect(changeClass(40, 41)).toBe(2);
  expect(changeClass(40, 36)).toBe(3);
  expect(changeClass(40, 20)).toBe(4);
});

test('service lost is the worst class and service gained the best', () => {
  expect(changeClass(40, Number.NaN)).toBe(0);
  expect(changeClass(Number.NaN, 40)).toBe(4);
  expect(changeClass(Number.NaN, Number.NaN)).toBe(2);
});

test('a texel holds both values and both states', () => {
  const before = cells([20, 110, 65], [0, 0, 0]);
  const after = cells([20, Number.NaN, 500], [0, 1, 0]);
  expect([...displayTexels('latency', before, after)]).toEqual([
    ...[0, 0, 0, 255],
    ...[TOP_CLASS, NO_CLASS, 1, 255],
    ...[TOP_CLASS / 2, TOP_CLASS, 0, 255],
  ]);
});
