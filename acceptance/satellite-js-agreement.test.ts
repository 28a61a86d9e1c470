// Our two kernels against satellite.js `sgp4(rec, minutes)` on whole real catalogues.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SatRec } from 'satellite.js';
import { sgp4 } from 'satellite.js';
import { describe, expect, test } from 'vitest';
import type { ElementSet } from '../src/orbits/elementSet.ts';
import { gmstRad } from '../src/orbits/gmst.ts';
import { allocatePositionsEcef } from '../src/orbits/positions.ts';
import { createPropagator } from '../src/orbits/propagator.ts';
import { minutesFromReference, satRecOf } from '../src/orbits/sgp4Init.ts';
import { verificationSets } from '../src/runs/validation/verificationTle.ts';
import { sharedPath } from '../src/store/sharedData.ts';

function catalogue(file: string): ElementSet[] {
  const bytes = readFileSync(sharedPath(`data/orbits/${file}`));
  return verificationSets(gunzipSync(bytes).toString('utf8'), file);
}

interface Comparison {
  comparedCount: number;
  failedCount: number;
  flagDifferenceCount: number;
  worstKm: number;
  worstKmS: number;
}

/** Both kernels and satellite.js at whole catalogues' instants, given in days from the median epoch. */
function compare(
  sets: readonly ElementSet[],
  kernel: 'typescript' | 'simd',
  daysFromMedianEpoch: readonly number[],
): Comparison {
  const propagator = createPropagator(sets, { kernel });
  const recs: SatRec[] = sets.map(satRecOf);
  const medianJd = sets.map(set => set.epochJd).sort((a, b) => a - b)[sets.length >> 1];
  const result: Comparison = {
    comparedCount: 0,
    failedCount: 0,
    flagDifferenceCount: 0,
    worstKm: 0,
    worstKmS: 0,
  };
  const instants = daysFromMedianEpoch.map(days => ({
    jd: medianJd + Math.floor(days),
    fraction: days - Math.floor(days),
  }));
  const states = propagator.statesTeme(instants);
  instants.forEach((at, instant) => {
    const minutes = minutesFromReference(at, medianJd);
    sets.forEach((set, index) => {
      const epoch = { jd: set.epochJd, fraction: set.epochFraction };
      const reference = sgp4(recs[index], minutes - minutesFromReference(epoch, medianJd));
      const own = Array.from(
        { length: 6 },
        (_, axis) => states[(instant * 6 + axis) * sets.length + index],
      );
      result.comparedCount++;
      if (reference === null) result.failedCount++;
      if ((reference === null) !== own.some(Number.isNaN)) result.flagDifferenceCount++;
      if (reference === null || own.some(Number.isNaN)) return;
      const { position: r, velocity: v } = reference;
      const km = Math.hypot(r.x - own[0], r.y - own[1], r.z - own[2]);
      const kmS = Math.hypot(v.x - own[3], v.y - own[4], v.z - own[5]);
      result.worstKm = Math.max(result.worstKm, km);
      result.worstKmS = Math.max(result.worstKmS, kmS);
    });
  });
  return result;
}

const august2026 = catalogue('starlink-2026-08-22.3le.gz');

describe.each(['typescript', 'simd'] as const)('%s kernel', kernel => {
  // satellite.js stops Kepler's equation one step early (at 1e-12 rad, or 7e-9 km): that is most of
  // the difference.
  test('agrees to 1e-8 km with the same error flags, whole catalogue, |t| ≤ 7 days', () => {
    const result = compare(august2026, kernel, [-7, -2.4, 0, 0.3, 1.7, 7]);
    expect(result.comparedCount).toBe(6 * 10744);
    expect(result.flagDifferenceCount).toBe(0);
    expect(result.worstKm).toBeLessThanOrEqual(1e-8);
    expect(result.worstKmS).toBeLessThanOrEqual(1e-10);
  });

  // At even steps the SIMD kernel turns its fast angles on from instant to instant.
  test.each([
    ['150 even steps of 15 s', Array.from({ length: 150 }, (_, i) => 15 * i)],
    [
      '150 even steps of 10 min from the sixth day on',
      Array.from({ length: 150 }, (_, i) => 518400 + 600 * i),
    ],
    ['40 steps of a day backwards', Array.from({ length: 40 }, (_, i) => -86400 * (i % 8))],
    ['irregular steps', Array.from({ length: 60 }, (_, i) => 37 * i * i)],
  ])('agrees to 1e-8 km at %s', (_, seconds) => {
    const days = seconds.map(second => second / 86400);
    const result = compare(august2026.slice(3000, 5001), kernel, days);
    expect(result.flagDifferenceCount).toBe(0);
    expect(result.worstKm).toBeLessThanOrEqual(1e-8);
    expect(result.worstKmS).toBeLessThanOrEqual(1e-10);
  });

  test.each([
    'oneweb-2026-08-22.3le.gz',
    'kuiper-2026-08-22.3le.gz',
    'china-mega-2026-08-22.3le.gz',
    'stations-2026-08-22.3le.gz',
    'starlink-2021-11-18.3le.gz',
    'starlink-2023-12-02.3le.gz',
    'starlink-2025-09-20.3le.gz',
  ])('agrees to 1e-8 km on %s', file => {
    const result = compare(catalogue(file), kernel, [0.3, 3]);
    expect(result.flagDifferenceCount).toBe(0);
    expect(result.worstKm).toBeLessThanOrEqual(1e-8);
  });

  test('raises the same error flags while a catalogue decays, 60 days on', () => {
    const result = compare(august2026, kernel, [30, 60]);
    expect(result.failedCount).toBeGreaterThan(100);
    expect(result.flagDifferenceCount).toBe(0);
  });

  test('gives Earth-fixed positions that are its TEME positions turned by the sidereal time', () => {
    const propagator = createPropagator(august2026.slice(0, 501), { kernel });
    const at = { jd: august2026[0].epochJd, fraction: 0.123 };
    const teme = propagator.statesTeme([at]);
    const fixed = allocatePositionsEcef(propagator.count);
    expect(propagator.positionsEcef(at, fixed)).toBe(0);
    const gmst = gmstRad(at);
    for (let i = 0; i < propagator.count; i++) {
      const x = teme[i];
      const y = teme[propagator.count + i];
      const turnedX = Math.cos(gmst) * x + Math.sin(gmst) * y;
      const turnedY = Math.cos(gmst) * y - Math.sin(gmst) * x;
      expect(Math.abs(fixed.xKm[i] - turnedX)).toBeLessThan(1e-9);
      expect(Math.abs(fixed.yKm[i] - turnedY)).toBeLessThan(1e-9);
      expect(Math.abs(fixed.zKm[i] - teme[2 * propagator.count + i])).toBeLessThan(1e-9);
    }
  });
});
