import { BeamkeeperError, type WalkerShell } from '../../orbits/index.ts';
import { designPlanes, planeOfEach } from './designPlanes.ts';
import { type FixedPairsOptions, fixedPairs } from './fixedPairs.ts';
import type { LaserTopology } from './laserTopology.ts';

/**
 * +grid over the shells of a design, in the order of `designElementSets`: each satellite has a link to
 * the next and the one before in its plane, and to one satellite of each neighbouring plane. Shells
 * are not joined to each other.
 *
 * Satellite j of plane k meets satellite j + s of plane k + 1. Round the back plane P is plane 0 with
 * the slots shifted by Walker's F, so that the last plane meets j + F + s of plane 0. A star has no
 * link over its seam (the planes there fly against each other).
 *
 * @param crossPlaneShift s, an integer, one for all shells. There is no default: it fixes to which
 *   diagonal the cross links lean (phase 360° F/T + 360° s/S), and so which directions of the world
 *   are fast.
 * @throws BeamkeeperError `TOPOLOGY` when s is not an integer.
 */
export function plusGrid(
  shells: readonly WalkerShell[],
  crossPlaneShift: number,
  options: FixedPairsOptions = {},
): LaserTopology {
  if (!Number.isInteger(crossPlaneShift)) {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `plus-grid needs a whole number of slots as its cross-plane shift, not ${crossPlaneShift}; give --shift 0 or --shift -1`,
    );
  }
  const pairs: number[] = [];
  let first = 0;
  for (const { satelliteCount, planeCount, phasing, pattern } of shells) {
    const slotCount = satelliteCount / planeCount;
    for (let plane = 0; plane < planeCount; plane++) {
      addRing(pairs, first + plane * slotCount, slotCount);
      const isLast = plane === planeCount - 1;
      if (planeCount === 1 || (isLast && pattern === 'star')) continue;
      const shift = crossPlaneShift + (isLast ? phasing : 0);
      // Two planes: going on round the back may lead to the very link that is there already.
      if (isLast && planeCount === 2 && wrapSlot(shift + crossPlaneShift, slotCount) === 0)
        continue;
      const next = first + (isLast ? 0 : plane + 1) * slotCount;
      for (let slot = 0; slot < slotCount; slot++) {
        pairs.push(first + plane * slotCount + slot, next + wrapSlot(slot + shift, slotCount));
      }
    }
    first += satelliteCount;
  }
  return fixedPairs('plus-grid', first, pairs, options, planeOfEach(designPlanes(shells)));
}

/** Links of one plane, each satellite with the next; one link for two satellites, none for one. */
export function addRing(pairs: number[], first: number, slotCount: number): void {
  if (slotCount === 2) pairs.push(first, first + 1);
  if (slotCount < 3) return;
  for (let slot = 0; slot < slotCount; slot++) {
    pairs.push(first + slot, first + ((slot + 1) % slotCount));
  }
}

/** A slot counted round its plane, from 0. */
export function wrapSlot(slot: number, slotCount: number): number {
  return ((slot % slotCount) + slotCount) % slotCount;
}
