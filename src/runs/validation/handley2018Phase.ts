import {
  designElementSets,
  type ElementSet,
  parseDesign,
  parseInstant,
} from '../../orbits/index.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

const EARTH_RADIUS_KM = 6378.137;
const DEG = Math.PI / 180;
const PLANES = 32;
const SLOTS = 50;
const STEP_DEG = 0.5;

const SHELLS = [
  { inclinationDeg: 53, altitudeKm: 1150, offset: 5, separationKm: 44.7 },
  { inclinationDeg: 53.8, altitudeKm: 1110, offset: 17, separationKm: 74.5 },
];

/**
 * Of all phase offsets between neighbouring planes, 5/32 keeps the satellites of the 53° shell
 * farthest apart and 17/32 those of the 53.8° shell; with an even offset satellites collide. The paper
 * counts the offset the other way round: its 5/32 is F = −5 = 27 here.
 */
export const handleyPhase: PublishedResult = {
  id: 'N5',
  title: 'Phase offset that keeps satellites farthest apart',
  source: 'Handley, "Delay is not an option", HotNets 2018',
  conditions:
    'circular orbits on a sphere, least chord over plane distance 1…16, slot and argument of latitude in 0.5° steps',
  rows: async () =>
    SHELLS.flatMap(({ inclinationDeg, altitudeKm, offset, separationKm }) => {
      // In the paper's sign.
      const found = Array.from({ length: PLANES }, (_, k) =>
        nearestKm(inclinationDeg, altitudeKm, (PLANES - k) % PLANES),
      );
      const name = `${inclinationDeg}° at ${altitudeKm} km`;
      const even = found.filter((_, k) => k % 2 === 0);
      return [
        compare(
          { what: `${name}, best offset`, unit: '/32', published: offset, tolerance: 0 },
          found.indexOf(Math.max(...found)),
        ),
        compare(
          {
            what: `${name}, nearest approach with it`,
            unit: 'km',
            published: null,
            reference: separationKm,
            tolerance: 1,
          },
          found[offset],
        ),
        compare(
          {
            what: `${name}, widest of the even offsets`,
            unit: 'km',
            published: 0,
            tolerance: 0.005,
          },
          Math.max(...even),
        ),
      ];
    }),
};

/** The nearest that two satellites of different planes come, by the element sets of the design. */
function nearestKm(inclinationDeg: number, altitudeKm: number, phasing: number): number {
  const [shell] = parseDesign(
    `${inclinationDeg}:${PLANES * SLOTS}/${PLANES}/${phasing}@${altitudeKm}`,
  );
  const sets = designElementSets([shell], { epoch: parseInstant('2018-11-15T00:00:00Z') });
  const turns = 360 / STEP_DEG;
  const own = revolution(sets[0], turns);
  let nearest = Number.POSITIVE_INFINITY;
  // Satellite 0 of plane 0 against all of the planes up to half-way round, for a whole revolution.
  for (let k = 1; k <= PLANES / 2; k++) {
    for (let j = 0; j < SLOTS; j++) {
      const other = revolution(sets[k * SLOTS + j], turns);
      for (let i = 0; i < own.length; i += 3) {
        const dx = own[i] - other[i];
        const dy = own[i + 1] - other[i + 1];
        const dz = own[i + 2] - other[i + 2];
        nearest = Math.min(nearest, dx * dx + dy * dy + dz * dz);
      }
    }
  }
  return Math.sqrt(nearest) * (EARTH_RADIUS_KM + altitudeKm);
}

/** Unit positions x, y, z, … of a circular orbit, one a step. */
function revolution(set: ElementSet, turns: number): Float64Array {
  const points = new Float64Array(3 * turns);
  const node = set.raanDeg * DEG;
  const i = set.inclinationDeg * DEG;
  for (let turn = 0; turn < turns; turn++) {
    const u = (set.argPerigeeDeg + set.meanAnomalyDeg + turn * STEP_DEG) * DEG;
    const across = Math.sin(u) * Math.cos(i);
    points[3 * turn] = Math.cos(u) * Math.cos(node) - across * Math.sin(node);
    points[3 * turn + 1] = Math.cos(u) * Math.sin(node) + across * Math.cos(node);
    points[3 * turn + 2] = Math.sin(u) * Math.sin(i);
  }
  return points;
}
