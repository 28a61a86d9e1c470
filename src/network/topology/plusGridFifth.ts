import type { WalkerShell } from '../../orbits/index.ts';
import { designPlanes } from './designPlanes.ts';
import type { FixedPairsOptions } from './fixedPairs.ts';
import { createFreeTerminals } from './freeTerminals.ts';
import { allocateHeadings, headingReferences, updateHeadings } from './headings.ts';
import type { LaserTopology } from './laserTopology.ts';
import { plusGrid } from './plusGrid.ts';

/** [A] Longest link between the meshes, km. The nearest satellite of the other mesh is far nearer. */
const CROSSING_RANGE_KM = 3000;

/**
 * +grid, and of each satellite a fifth laser to the mesh that crosses its own: a satellite on its way
 * north joins one of its shell on its way south, nearest pairs first, each satellite one. These links
 * change within minutes; they carry north–south traffic, which +grid alone leads in zigzags.
 * Source: Handley, "Delay is Not an Option" (HotNets 2018), §3; that the nearest is taken is our
 * reading of it [A].
 */
export function plusGridFifth(
  shells: readonly WalkerShell[],
  crossPlaneShift: number,
  options: FixedPairsOptions = {},
): LaserTopology {
  const grid = plusGrid(shells, crossPlaneShift, options);
  const { satelliteCount } = grid;
  const planes = designPlanes(shells);
  const shellOf = new Int32Array(satelliteCount);
  const argLatRad = new Float64Array(satelliteCount);
  let first = 0;
  shells.forEach((shell, index) => {
    shellOf.fill(index, first, first + shell.satelliteCount);
    first += shell.satelliteCount;
  });
  for (const plane of planes) {
    plane.forEach((satellite, slot) => {
      argLatRad[satellite] = (2 * Math.PI * slot) / plane.length;
    });
  }
  const references = headingReferences(satelliteCount, planes, argLatRad);
  const headings = allocateHeadings(satelliteCount);
  const freeCount = Uint8Array.from({ length: satelliteCount }, (_, i) =>
    options.terminalCount?.[i] === 0 ? 0 : 1,
  );
  const fifth = createFreeTerminals(freeCount, {
    maxRangeKm: CROSSING_RANGE_KM,
    isHeadingAllowed: () => true,
    isPairAllowed: (a, b) => headings.z[a] * headings.z[b] < 0 && shellOf[a] === shellOf[b],
  });
  return {
    name: 'plus-grid-fifth',
    satelliteCount,
    maxPairCount: grid.maxPairCount + fifth.maxPairCount,
    pairsAt(satellites, out) {
      grid.pairsAt(satellites, out);
      updateHeadings(satellites, references, headings);
      fifth.join(satellites, headings, out);
    },
  };
}
