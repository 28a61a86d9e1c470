/**
 * The planes of real satellites turn at the J₂ rate to 0.005 °/day (orbits.md §6): those of the shells
 * from one snapshot of the catalogue to the next, and that of the Space Station over four months.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  altitudeKmOf,
  type ElementSet,
  epochOf,
  j2Rates,
  readCatalogue,
  secondsBetween,
  semiMajorAxisKmOf,
} from '../src/orbits/index.ts';
import { sharedPath } from '../src/store/sharedData.ts';

const GATE_DEG_PER_DAY = 0.005;

function read(file: string, history = false): readonly ElementSet[] {
  return readCatalogue(readFileSync(sharedPath(`data/orbits/${file}`)), file, { history }).records;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

/** The angle in [−180, 180). */
function signedDeg(angle: number): number {
  return ((((angle + 180) % 360) + 360) % 360) - 180;
}

/** Slope of a straight line through points, least squares. */
function slope(x: number[], y: number[]): number {
  const mx = x.reduce((a, b) => a + b, 0) / x.length;
  const my = y.reduce((a, b) => a + b, 0) / y.length;
  const up = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  return up / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

function rateOf(set: ElementSet): number {
  const axis = semiMajorAxisKmOf(set.meanMotion);
  return j2Rates(axis, set.eccentricity, set.inclinationDeg).raanDegPerDay;
}

test('the rates of the table in orbits.md §6', () => {
  for (const [altitudeKm, i, raan, perigee] of [
    [550, 53, -4.489, 3.024],
    [540, 53.2, -4.491, 2.977],
    [465, 53.16, -4.67, 3.106],
    [483, 43, -5.644, 6.461],
    [572, 70, -2.523, -1.531],
    [465, 97.3, 0.99, -3.58],
    [1200, 87.9, -0.2, -2.707],
    [630, 51.9, -4.421, 3.238],
  ]) {
    const rates = j2Rates(6378.137 + altitudeKm, 0, i);
    expect(Math.abs(rates.raanDegPerDay - raan)).toBeLessThan(0.00051);
    expect(Math.abs(rates.argPerigeeDegPerDay - perigee)).toBeLessThan(0.00051);
  }
});

test('the node of the Space Station drifts as J₂ says', () => {
  const sets = read('iss-history-2023-01-01_2023-04-30.tle.gz', true);
  expect(sets.length).toBe(609);
  const start = epochOf(sets[0]);
  const days = sets.map(set => secondsBetween(start, epochOf(set)) / 86400);
  let node = sets[0].raanDeg;
  const nodes = sets.map((set, i) => {
    // Unwound: each set is near where the one before and the rate put it.
    const expected = node + (i > 0 ? rateOf(set) * (days[i] - days[i - 1]) : 0);
    node = expected + signedDeg(set.raanDeg - expected);
    return node;
  });
  const fitted = slope(days, nodes);
  const formula = median(sets.map(rateOf));
  // Fitted −4.9517, formula −4.9529 °/day in orbits.md.
  expect(Math.abs(fitted + 4.9517)).toBeLessThan(0.001);
  expect(Math.abs(fitted - formula)).toBeLessThan(GATE_DEG_PER_DAY);
});

/**
 * Each satellite that stayed in its shell from one snapshot to the next, months later: how fast its
 * node turned beyond the rate. Known before [C]: −0.0036 (43°), +0.0010 (53°), +0.0016 (70°),
 * −0.0008 (97.6°) °/day, with all but a tenth of the satellites within 0.002 of each other.
 */
test.each([
  ['53.05° at 547 km', '2023-07-30', '2023-12-02', [52.9, 53.14], [540, 556], 1397],
  ['53.22° at 540 km', '2023-12-02', '2024-11-27', [53.14, 53.4], [534, 546], 1423],
  ['43° at 559 km', '2023-12-02', '2024-11-27', [42.8, 43.2], [555, 563], 965],
  ['43° at 483 km', '2025-09-20', '2026-08-22', [42.8, 43.2], [480, 490], 1317],
  ['70° at 572 km', '2025-09-20', '2026-08-22', [69.8, 70.2], [562, 578], 478],
  ['97.6° at 563 km', '2023-07-30', '2023-12-02', [97, 98], [545, 566], 223],
] as const)(
  'the nodes of %s drift from %s to %s as J₂ says',
  (_, from, to, inclination, altitude, count) => {
    const isInShell = (set: ElementSet): boolean => {
      const altitudeKm = altitudeKmOf(set.meanMotion);
      return (
        set.inclinationDeg >= inclination[0] &&
        set.inclinationDeg < inclination[1] &&
        altitudeKm >= altitude[0] &&
        altitudeKm <= altitude[1]
      );
    };
    const before = new Map(
      read(`starlink-${from}.3le.gz`)
        .filter(isInShell)
        .map(set => [set.catalogId, set]),
    );
    const beyond: number[] = [];
    for (const later of read(`starlink-${to}.3le.gz`).filter(isInShell)) {
      const earlier = before.get(later.catalogId);
      // Half a kilometre of altitude is worth 0.001 °/day: those that moved say nothing about J₂.
      const isKept =
        earlier &&
        Math.abs(altitudeKmOf(earlier.meanMotion) - altitudeKmOf(later.meanMotion)) < 0.5;
      if (!isKept) continue;
      const days = secondsBetween(epochOf(earlier), epochOf(later)) / 86400;
      const rate = (rateOf(earlier) + rateOf(later)) / 2;
      beyond.push(signedDeg(later.raanDeg - earlier.raanDeg - rate * days) / days);
    }
    expect(beyond.length).toBe(count);
    expect(Math.abs(median(beyond))).toBeLessThan(GATE_DEG_PER_DAY);
    const spread = beyond[Math.floor(0.95 * count)] - beyond[Math.floor(0.05 * count)];
    expect(spread).toBeLessThan(0.002);
    console.info(`beyond J2: ${median(beyond).toFixed(5)} degrees a day, ${count} satellites`);
  },
);
