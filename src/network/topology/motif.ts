import { BeamkeeperError, type WalkerShell } from '../../orbits/index.ts';
import { designPlanes, planeOfEach } from './designPlanes.ts';
import { type FixedPairsOptions, fixedPairs } from './fixedPairs.ts';
import type { LaserTopology } from './laserTopology.ts';
import { wrapSlot } from './plusGrid.ts';

/** A neighbour: so many planes to the east, so many slots ahead. Neither, or both, may be negative. */
export interface MotifStep {
  readonly planes: number;
  readonly slots: number;
}

/**
 * One satellite's choice of two neighbours, replicated for all, so that each has four links: two that
 * it chose and two that chose it. Shells are not joined; a star has no link over its seam. Round the
 * back slots are shifted by Walker's F, as in `plusGrid`, of which `0,1/1,s` is the motif.
 * Source: Bhattacherjee & Singla, "Network topology design at 27,000 km/hour" (CoNEXT 2019).
 *
 * @throws BeamkeeperError `TOPOLOGY` for steps that are no whole numbers, that lead nowhere, or that
 *   are one link twice.
 */
export function motif(
  shells: readonly WalkerShell[],
  steps: readonly [MotifStep, MotifStep],
  options: FixedPairsOptions = {},
): LaserTopology {
  for (const step of steps) {
    if (!Number.isInteger(step.planes) || !Number.isInteger(step.slots)) throw nowhere(step);
  }
  if (isSameLink(...steps)) {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `motif ${steps.map(({ planes, slots }) => `${planes},${slots}`).join('/')} is one link twice; write two different ones like motif:0,1/1,0 (planes,slots)`,
    );
  }
  const pairs: number[] = [];
  let first = 0;
  for (const shell of shells) {
    const { satelliteCount, planeCount, phasing, pattern } = shell;
    const slotCount = satelliteCount / planeCount;
    const seen = new Set<number>();
    for (const step of steps) {
      for (let plane = 0; plane < planeCount; plane++) {
        const reached = plane + step.planes;
        const turns = Math.floor(reached / planeCount);
        if (turns !== 0 && pattern === 'star') continue;
        for (let slot = 0; slot < slotCount; slot++) {
          const a = plane * slotCount + slot;
          const b =
            (reached - turns * planeCount) * slotCount +
            wrapSlot(slot + step.slots + turns * phasing, slotCount);
          const key = Math.min(a, b) * satelliteCount + Math.max(a, b);
          if (a === b) throw nowhere(step);
          if (seen.has(key)) continue;
          seen.add(key);
          pairs.push(first + a, first + b);
        }
      }
    }
    first += satelliteCount;
  }
  return fixedPairs('motif', first, pairs, options, planeOfEach(designPlanes(shells)));
}

/**
 * Reads `0,1/1,-2`: two steps, planes and slots of each.
 *
 * @throws BeamkeeperError `TOPOLOGY`
 */
export function parseMotif(text: string): [MotifStep, MotifStep] {
  const steps = text.split('/').map(part => /^(-?\d+),(-?\d+)$/.exec(part.trim()));
  const [one, other] = steps;
  if (steps.length !== 2 || !one || !other) {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `motif "${text}" is not two steps of planes and slots; write it like motif:0,1/1,0`,
    );
  }
  return [
    { planes: Number(one[1]), slots: Number(one[2]) },
    { planes: Number(other[1]), slots: Number(other[2]) },
  ];
}

function nowhere({ planes, slots }: MotifStep): BeamkeeperError {
  return new BeamkeeperError(
    'TOPOLOGY',
    `motif step ${planes},${slots} leads from a satellite to itself, or is no whole number; write two different ones like motif:0,1/1,0 (planes,slots)`,
  );
}

function isSameLink(a: MotifStep, b: MotifStep): boolean {
  return (
    (a.planes === b.planes && a.slots === b.slots) ||
    (a.planes === -b.planes && a.slots === -b.slots)
  );
}
