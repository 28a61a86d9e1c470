import { expect, test } from 'vitest';
import {
  allocatePositionsEcef,
  createPropagator,
  designElementSets,
  parseDesign,
  parseInstant,
} from '../../src/orbits/index.ts';
import { EARTH_RADIUS_KM } from '../renderer/projection.ts';
import { satelliteAt } from '../renderer/satelliteField.ts';
import { allocateKeyFrame, fillKeyFrame, instantOfMs } from './keyFrame.ts';

const T0_MS = Date.parse('2026-08-22T12:00:00Z');
const propagator = createPropagator(
  designElementSets([...parseDesign('53:144/12/1@550'), ...parseDesign('97.6:40/4/1@560')], {
    epoch: parseInstant('2026-08-22T00:00:00Z'),
    name: 'test',
  }),
);
const frameAt = (ms: number) =>
  fillKeyFrame(
    propagator,
    ms,
    new Float64Array(6 * propagator.count),
    allocateKeyFrame(propagator.count),
  );

test('between two key frames a satellite is drawn within 3 m of where SGP4 has it', () => {
  // Float32 coordinates of 7,000 km are whole half metres; the cubic itself misses by less.
  const pair = { from: frameAt(T0_MS), to: frameAt(T0_MS + 60_000) };
  const exact = allocatePositionsEcef(propagator.count);
  for (const share of [0.25, 0.5, 0.75]) {
    propagator.positionsEcef(instantOfMs(T0_MS + share * 60_000), exact);
    for (let s = 0; s < propagator.count; s++) {
      const [x, y, z] = satelliteAt(pair, s, share).map(value => value * EARTH_RADIUS_KM);
      const missKm = Math.hypot(x - exact.xKm[s], y - exact.yKm[s], z - exact.zKm[s]);
      expect(missKm).toBeLessThan(0.003);
    }
  }
});

test('velocities are the derivative of the Earth-fixed position', () => {
  const frame = frameAt(T0_MS);
  const before = allocatePositionsEcef(propagator.count);
  const after = allocatePositionsEcef(propagator.count);
  propagator.positionsEcef(instantOfMs(T0_MS - 500), before);
  propagator.positionsEcef(instantOfMs(T0_MS + 500), after);
  for (let s = 0; s < propagator.count; s++) {
    expect(frame.velocityEcefKmS[3 * s]).toBeCloseTo(after.xKm[s] - before.xKm[s], 3);
    expect(frame.velocityEcefKmS[3 * s + 1]).toBeCloseTo(after.yKm[s] - before.yKm[s], 3);
  }
});
