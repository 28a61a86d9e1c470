import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ElementSet } from './elementSet.ts';
import { addSeconds, parseInstant } from './instant.ts';
import { allocatePositionsEcef } from './positions.ts';
import { createPropagator } from './propagator.ts';

const EPOCH = parseInstant('2026-08-22T00:00:00Z');

function elements(changes: Partial<ElementSet> = {}): ElementSet {
  return {
    catalogId: 44714,
    name: 'TEST',
    intlDesignator: '2019-074B',
    epochJd: EPOCH.jd,
    epochFraction: EPOCH.fraction,
    meanMotion: 15.06,
    eccentricity: 0.0001,
    inclinationDeg: 53,
    raanDeg: 10,
    argPerigeeDeg: 20,
    meanAnomalyDeg: 30,
    bstar: 1e-4,
    meanMotionDot: 0,
    meanMotionDdot: 0,
    source: 'test',
    line: 1,
    ...changes,
  };
}

const geostationary = elements({ catalogId: 40000, meanMotion: 1.0027, inclinationDeg: 0.1 });
const notNumber = elements({ catalogId: 1, bstar: Number.NaN });
const underground = elements({ catalogId: 2, meanMotion: 17.9, eccentricity: 0.4 });

describe.each(['typescript', 'simd'] as const)('%s kernel', kernel => {
  test('a set that SGP4 refuses is NaN and counted, and costs no other satellite', () => {
    const records = [elements(), notNumber, geostationary, underground, elements({ raanDeg: 77 })];
    const propagator = createPropagator(records, { kernel });
    expect(propagator.initRejected.map(rejection => rejection.index)).toEqual([1, 3]);
    expect(propagator.initRejected.every(rejection => rejection.code === 'SGP4_INIT')).toBe(true);
    expect(propagator.deepSpaceCount).toBe(1);
    const out = allocatePositionsEcef(records.length);
    expect(propagator.positionsEcef(EPOCH, out)).toBe(2);
    const radii = records.map((_, i) => Math.hypot(out.xKm[i], out.yKm[i], out.zKm[i]));
    expect(radii.map(Number.isNaN)).toEqual([false, true, false, true, false]);
    // Kepler: (μ/n²)^(1/3) for 15.06 and 1.0027 rev/day; the tolerance covers J2 and eccentricity.
    expect(radii[0]).toBeGreaterThan(6900);
    expect(radii[0]).toBeLessThan(6945);
    expect(Math.abs(radii[2] - 42165)).toBeLessThan(60);
  });

  test('no satellites at all is an answer too', () => {
    const propagator = createPropagator([], { kernel });
    expect(propagator.positionsEcef(EPOCH, allocatePositionsEcef(0))).toBe(0);
    expect(propagator.statesTeme([EPOCH]).length).toBe(0);
  });

  test('columns that are too short are refused before anything is written', () => {
    const propagator = createPropagator([elements(), elements()], { kernel });
    expect(() => propagator.positionsEcef(EPOCH, allocatePositionsEcef(1))).toThrow(RangeError);
    expect(() => propagator.statesTeme([EPOCH], new Float64Array(11))).toThrow(RangeError);
  });

  test('a satellite that decays later is NaN from then on', () => {
    const records = [elements({ meanMotion: 16.3, bstar: 0.01 }), elements()];
    const propagator = createPropagator(records, { kernel });
    const out = allocatePositionsEcef(2);
    expect(propagator.positionsEcef(EPOCH, out)).toBe(0);
    expect(propagator.positionsEcef(addSeconds(EPOCH, 60 * 86400), out)).toBe(1);
    expect(out.xKm[0]).toBeNaN();
    expect(out.xKm[1]).not.toBeNaN();
  });

  test('a satellite’s answer does not depend on its neighbours', () => {
    const lone = createPropagator([elements({ raanDeg: 3 })], { kernel });
    const later = addSeconds(EPOCH, 4321);
    const expected = allocatePositionsEcef(1);
    lone.positionsEcef(later, expected);
    const neighbour = fc.constantFrom(
      notNumber,
      geostationary,
      underground,
      elements({ eccentricity: 0.3, meanMotion: 8 }),
      elements({ meanMotion: 16.3, bstar: 0.01 }),
    );
    fc.assert(
      fc.property(fc.array(neighbour, { maxLength: 70 }), neighbours => {
        const records = [...neighbours, elements({ raanDeg: 3 }), ...neighbours];
        const out = allocatePositionsEcef(records.length);
        createPropagator(records, { kernel }).positionsEcef(later, out);
        expect(out.xKm[neighbours.length]).toBeCloseTo(expected.xKm[0], 9);
        expect(out.zKm[neighbours.length]).toBeCloseTo(expected.zKm[0], 9);
      }),
      { numRuns: 30 },
    );
  });

  test('the same question gives the same bytes', () => {
    const records = Array.from({ length: 37 }, (_, i) => elements({ meanAnomalyDeg: 9 * i }));
    const instants = Array.from({ length: 80 }, (_, i) => addSeconds(EPOCH, 60 * i));
    const first = createPropagator(records, { kernel }).statesTeme(instants);
    const propagator = createPropagator(records, { kernel });
    propagator.statesTeme(instants.slice(0, 3));
    expect(propagator.statesTeme(instants)).toEqual(first);
  });

  test('Earth-orientation values move positions by what polar motion and UT1 are worth', () => {
    const propagator = createPropagator([elements()], { kernel });
    const plain = allocatePositionsEcef(1);
    const turned = allocatePositionsEcef(1);
    propagator.positionsEcef(EPOCH, plain);
    propagator.positionsEcef(EPOCH, turned, { dut1S: 0.1, xpArcsec: 0, ypArcsec: 0 });
    const axisKm = Math.hypot(plain.xKm[0], plain.yKm[0]);
    const movedKm = Math.hypot(turned.xKm[0] - plain.xKm[0], turned.yKm[0] - plain.yKm[0]);
    expect(movedKm).toBeCloseTo(axisKm * 7.2921e-5 * 0.1, 5);
    propagator.positionsEcef(EPOCH, turned, { dut1S: 0, xpArcsec: 0.3, ypArcsec: 0 });
    expect(turned.xKm[0] - plain.xKm[0]).toBeCloseTo((plain.zKm[0] * 0.3 * Math.PI) / 648000, 9);
  });
});

test('auto takes SIMD on this engine', () => {
  expect(createPropagator([elements()]).kernel).toBe('simd');
});
