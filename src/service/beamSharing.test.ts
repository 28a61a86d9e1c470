import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareBeams } from './beamSharing.ts';

const LIMITS = { cellsPerBeam: 10, maxBeamsPerCell: 8 };

function share(
  satellite: { beamCount: number; beamMbps: number; satelliteMbps: number },
  demand: number[],
): { rate: number[]; beams: number } {
  const rate = new Float64Array(demand.length);
  const beams = shareBeams(satellite, LIMITS, Float64Array.from(demand), rate);
  return { rate: [...rate], beams };
}

test('small demands are met in full', () => {
  expect(share({ beamCount: 2, beamMbps: 100, satelliteMbps: 1000 }, [5, 50, 20]).rate).toEqual([
    5, 50, 20,
  ]);
});

test('the downlink is shared max-min fairly: 10, 40, 40 of 90', () => {
  // Bertsekas & Gallager, Data Networks, §6.5.2: one link, demands 10, 50, 60, capacity 90.
  expect(share({ beamCount: 9, beamMbps: 100, satelliteMbps: 90 }, [10, 50, 60]).rate).toEqual([
    10, 40, 40,
  ]);
});

test('one cell gets eight beams at most', () => {
  expect(share({ beamCount: 48, beamMbps: 100, satelliteMbps: 9000 }, [5000]).rate).toEqual([800]);
});

const satellites = fc.record({
  beamCount: fc.integer({ min: 1, max: 20 }),
  beamMbps: fc.double({ min: 1, max: 1000, noNaN: true }),
  satelliteMbps: fc.double({ min: 1, max: 10_000, noNaN: true }),
});

test('a satellite never uses more beams or downlink than it has, and no cell gets more than it asked for', () => {
  fc.assert(
    fc.property(
      satellites,
      fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (satellite, all) => {
        const demand = all.slice(0, satellite.beamCount * LIMITS.cellsPerBeam);
        const { rate, beams } = share(satellite, demand);
        expect(beams).toBeLessThanOrEqual(satellite.beamCount * (1 + 1e-9));
        expect(rate.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(
          satellite.satelliteMbps * (1 + 1e-9),
        );
        rate.forEach((r, i) => {
          expect(r).toBeLessThanOrEqual(demand[i]);
          expect(r).toBeGreaterThanOrEqual(0);
        });
      },
    ),
  );
});

test('every unsatisfied cell has the highest rate of all, or its eight beams (bottleneck property)', () => {
  fc.assert(
    fc.property(
      satellites,
      fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (satellite, all) => {
        const demand = all.slice(0, satellite.beamCount * LIMITS.cellsPerBeam);
        const { rate } = share(satellite, demand);
        const highest = Math.max(...rate);
        rate.forEach((r, i) => {
          const isCapped = r >= 8 * satellite.beamMbps * (1 - 1e-12);
          if (r < demand[i] && !isCapped) expect(r).toBeGreaterThanOrEqual(highest * (1 - 1e-9));
        });
      },
    ),
  );
});
