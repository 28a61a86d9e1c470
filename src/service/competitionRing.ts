import type { ElementSet } from '../orbits/elementSet.ts';
import { altitudeKmOf } from '../orbits/j2.ts';
import { footprintRadiusKm } from '../sky/index.ts';

/** A fleet so high that its footprint is wider has few cells that compete. */
const MAX_RING_KM = 2000;

/**
 * How far beyond the counted cells others are scheduled too, km: one footprint of the fleet, within
 * which they share the satellites of the counted ones. What they get is not counted.
 */
export function competitionRingKm(records: readonly ElementSet[], userMaskRad: number): number {
  const altitudes = records.map(record => altitudeKmOf(record.meanMotion)).sort((a, b) => a - b);
  const median = altitudes[altitudes.length >> 1] ?? 0;
  return Math.min(MAX_RING_KM, footprintRadiusKm(median, userMaskRad));
}
