/**
 * Shells recovered from real catalogues: how many satellites fly where, and on which Walker pattern
 * (P planes, S slots, phasing F). Expected values: orbits.md §7 and §7.1, computed there from the same
 * files by other code; the first shell as flown is 72×18, not the filed 72×22.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  altitudeKmOf,
  type ElementSet,
  epochOf,
  medianEpoch,
  readCatalogue,
  recoverShells,
  type Shell,
  secondsBetween,
} from '../src/orbits/index.ts';
import { sharedPath } from '../src/store/sharedData.ts';

const read = new Map<string, { records: readonly ElementSet[]; shells: Shell[] }>();

function snapshot(date: string): { records: readonly ElementSet[]; shells: Shell[] } {
  const known = read.get(date);
  if (known) return known;
  const file = `starlink-${date}.3le.gz`;
  const { records } = readCatalogue(readFileSync(sharedPath(`data/orbits/${file}`)), file);
  const made = { records, shells: recoverShells(records) };
  read.set(date, made);
  return made;
}

/** The largest shell near an inclination and altitude. */
function shellAt(date: string, inclinationDeg: number, altitudeKm: number): Shell {
  const found = snapshot(date).shells.find(
    shell =>
      Math.abs(shell.inclinationDeg - inclinationDeg) < 0.08 &&
      Math.abs(shell.altitudeKm - altitudeKm) < 4,
  );
  if (!found) throw new Error(`no shell at ${inclinationDeg}° and ${altitudeKm} km in ${date}`);
  return found;
}

test.each([
  { date: '2024-11-27', i: 53.05, h: 547.2, pattern: [72, 18, 45] },
  { date: '2024-11-27', i: 43, h: 559.1, pattern: [28, 60, 7] },
  { date: '2025-09-20', i: 43, h: 483.1, pattern: [99, 51, 35] },
  { date: '2025-09-20', i: 70, h: 572, pattern: [36, 16, 17] },
  // The other rows of the table.
  { date: '2021-11-18', i: 53.05, h: 547.2, pattern: [72, 18, 45] },
  { date: '2023-12-02', i: 53.22, h: 539.7, pattern: [72, 18, 45] },
  { date: '2025-09-20', i: 53.05, h: 547.2, pattern: [72, 18, 45] },
  { date: '2025-09-20', i: 53.22, h: 539.7, pattern: [72, 18, 45] },
  { date: '2023-07-30', i: 43, h: 559.1, pattern: [28, 60, 7] },
  { date: '2023-12-02', i: 43, h: 559.1, pattern: [28, 60, 7] },
  { date: '2026-08-22', i: 43, h: 483.1, pattern: [99, 51, 35] },
  { date: '2023-07-30', i: 70, h: 572, pattern: [36, 16, 17] },
  { date: '2023-12-02', i: 70, h: 572, pattern: [36, 16, 17] },
  { date: '2026-08-22', i: 70, h: 572, pattern: [36, 16, 17] },
  { date: '2023-12-02', i: 97.65, h: 563, pattern: [6, 36, 5] },
])('$date, $i° at $h km flies on $pattern', ({ date, i, h, pattern }) => {
  const shell = shellAt(date, i, h);
  const { planeCount, slotCount, phasing, coherence } = shell.pattern!;
  expect([planeCount, slotCount, phasing]).toEqual(pattern);
  expect(coherence).toBeGreaterThan(0.8);
});

test('the fine grid of the first shell is told beside it: 72 slots a plane, F 36', () => {
  const { alsoRings } = shellAt('2025-09-20', 53.05, 547.2).pattern!;
  const fine = alsoRings.find(ring => ring.slotCount === 72);
  expect(fine?.phasing).toBe(36);
  expect(fine?.coherence).toBeGreaterThan(0.96);
});

test('the 53.16° shell at 465 km of 2026-08 has no stable Walker pattern', () => {
  const shell = shellAt('2026-08-22', 53.16, 464.9);
  expect(shell.satelliteCount).toBeGreaterThan(4000);
  expect(shell.pattern).toBeNull();
  expect(shell.bestCoherence).toBeLessThan(0.6);
});

const DATES = ['2021-11-18', '2023-07-30', '2023-12-02', '2024-11-27', '2025-09-20', '2026-08-22'];
const NONE = null;

/** Satellites per bin, one column per date; `NONE` where the table gives no figure. */
test.each([
  ['53.05°, 540–556 km', [52.9, 53.14], [540, 556], [1480, 1435, 1415, 969, 739, 0]],
  ['53.22°, 534–546 km', [53.14, 53.4], [534, 546], [NONE, 1535, 1530, 1441, 1397, NONE]],
  // The table counts the rest of that shell at 53.16° and 539.7 km.
  ['53.16°, 540 km', [53.1, 53.21], [537.5, 542.5], [NONE, NONE, NONE, NONE, NONE, 145]],
  ['53.16°, 455–485 km', [53.1, 53.21], [455, 485], [NONE, NONE, NONE, 538, 1189, 4157]],
  ['43°, 555–563 km', [42.8, 43.2], [555, 563], [NONE, 363, 1020, 1336, 1286, 0]],
  ['43°, 480–490 km', [42.8, 43.2], [480, 490], [NONE, NONE, NONE, 158, 1379, 3230]],
  ['43°, 355 km', [42.8, 43.2], [350, 362], [NONE, NONE, NONE, NONE, 337, 330]],
  ['53°, 360 km', [53, 53.4], [350, 370], [NONE, NONE, NONE, 225, 335, 335]],
  ['70°, 562–578 km', [69.8, 70.2], [562, 578], [NONE, 224, 365, 390, 521, 699]],
  ['97.6°, 545–566 km', [97, 98], [545, 566], [NONE, 233, 233, 231, 295, 168]],
  ['97.3°, 465 km', [97, 98], [460, 470], [NONE, NONE, NONE, NONE, NONE, 1044]],
] as const)('as many satellites fly at %s as counted', (_, inclination, altitude, counts) => {
  counts.forEach((count, k) => {
    if (count === NONE) return;
    const found = fresh(snapshot(DATES[k]).records).filter(set => {
      const altitudeKm = altitudeKmOf(set.meanMotion);
      return (
        set.inclinationDeg >= inclination[0] &&
        set.inclinationDeg < inclination[1] &&
        altitudeKm >= altitude[0] &&
        altitudeKm <= altitude[1]
      );
    }).length;
    expect(Math.abs(found - count), `${DATES[k]}: ${found}`).toBeLessThanOrEqual(0.02 * count);
  });
});

/** Without the sets more than 3 days from the median epoch, as the table was counted. */
function fresh(records: readonly ElementSet[]): readonly ElementSet[] {
  const median = medianEpoch(records);
  return records.filter(set => Math.abs(secondsBetween(median, epochOf(set))) <= 3 * 86400);
}

test('the whole catalogue is there', () => {
  expect(DATES.map(date => snapshot(date).records.length)).toEqual([
    1731, 4513, 5126, 6693, 8303, 10744,
  ]);
});
