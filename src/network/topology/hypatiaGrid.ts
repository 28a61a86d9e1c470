import { fixedPairs } from './fixedPairs.ts';
import type { LaserTopology } from './laserTopology.ts';
import { addRing } from './plusGrid.ts';

/**
 * The +grid of Hypatia (IMC 2020): (i, j)–(i, j + 1) and (i, j)–(i + 1, j), both wrapping without any
 * correction for phase. With its own orbits (odd planes shifted by half a slot) only; for a Walker
 * design use `plusGrid`.
 */
export function hypatiaGrid(planeCount: number, slotCount: number): LaserTopology {
  const pairs: number[] = [];
  for (let plane = 0; plane < planeCount; plane++) {
    addRing(pairs, plane * slotCount, slotCount);
    if (planeCount === 1 || (planeCount === 2 && plane === 1)) continue;
    const next = ((plane + 1) % planeCount) * slotCount;
    for (let slot = 0; slot < slotCount; slot++) pairs.push(plane * slotCount + slot, next + slot);
  }
  return fixedPairs('hypatia-grid', planeCount * slotCount, pairs);
}
