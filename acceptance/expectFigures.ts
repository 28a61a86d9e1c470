import { expect } from 'vitest';
import type { PublishedResult } from '../src/runs/validation/index.ts';

/** A figure as a test has it from its source: value and tolerance, or least and most. */
export type ExpectedFigure =
  | readonly [what: string, value: number, within: number]
  | readonly [what: string, range: readonly [atLeast: number | null, atMost: number | null]];

/**
 * Computes a published result once, as `beamkeeper validate` does, and holds every row of it to the
 * figures that the test itself has from the source: ours must be within the tolerance of them, and the
 * row must judge by the same figures, so that neither table can drift.
 */
export async function expectFigures(
  result: PublishedResult,
  figures: readonly ExpectedFigure[],
): Promise<void> {
  const rows = await result.rows();
  expect(rows.map(row => row.what)).toEqual(figures.map(([what]) => what));
  rows.forEach((row, k) => {
    const [what, wanted, within = 0] = figures[k];
    const ours = row.ours ?? Number.NaN;
    const judge = row.reference ?? row.published;
    if (typeof wanted === 'number') {
      expect(Math.abs(ours - wanted), `${what}: ${ours}`).toBeLessThanOrEqual(within);
      expect(judge, what).toBe(wanted);
    } else {
      const [atLeast, atMost] = wanted;
      if (atLeast !== null) expect(ours, what).toBeGreaterThanOrEqual(atLeast);
      if (atMost !== null) expect(ours, what).toBeLessThanOrEqual(atMost);
      expect(judge, what).toEqual({
        ...(atLeast === null ? {} : { atLeast }),
        ...(atMost === null ? {} : { atMost }),
      });
    }
    expect(row.tolerance, what).toBeLessThanOrEqual(within * (1 + 1e-9));
    expect(row.isPassed, what).toBe(true);
  });
}
