import { laserLengthKm } from '../../network/index.ts';
import {
  allocatePositionsEcef,
  designElementSets,
  type ElementSet,
  type PositionsEcef,
  parseDesign,
  parseInstant,
} from '../../orbits/index.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

const DEG = Math.PI / 180;
const ALTITUDE_KM = 550;
const LIMITS = { maxRangeKm: 5014, minTangentHeightKm: Number.NEGATIVE_INFINITY };

/** Phasing and how many satellites one at the equator reaches. */
const REACHED = [
  [1, 192],
  [20, 193],
  [0, 201],
] as const;

export const motifsReach: PublishedResult = {
  id: 'N12',
  title: 'Satellites that one at the equator can reach by laser',
  source: 'Bhattacherjee & Singla, "Network topology design at 27,000 km/hour", CoNEXT 2019',
  conditions:
    '40×40, 53°, 550 km, 5,014 km; circular orbits on a sphere. The paper does not give F',
  rows: async () =>
    REACHED.map(([phasing, reference]) => {
      const sets = designElementSets(parseDesign(`53:1600/40/${phasing}@${ALTITUDE_KM}`), {
        epoch: parseInstant('2000-01-01T00:00:00Z'),
      });
      const positions = circularPositions(sets);
      let reached = 0;
      for (let other = 1; other < sets.length; other++) {
        if (laserLengthKm(positions, 0, other, LIMITS) > 0) reached++;
      }
      return compare(
        { what: `F = ${phasing}`, unit: 'satellites', published: 190, reference, tolerance: 0 },
        reached,
      );
    }),
};

/** At the epoch; satellite 0 of plane 0 is on the equator. */
function circularPositions(sets: readonly ElementSet[]): PositionsEcef {
  const positions = allocatePositionsEcef(sets.length);
  const orbitKm = 6378.137 + ALTITUDE_KM;
  sets.forEach((set, i) => {
    const u = set.meanAnomalyDeg * DEG;
    const node = set.raanDeg * DEG;
    const inclination = set.inclinationDeg * DEG;
    const across = Math.sin(u) * Math.cos(inclination);
    positions.xKm[i] = orbitKm * (Math.cos(u) * Math.cos(node) - across * Math.sin(node));
    positions.yKm[i] = orbitKm * (Math.cos(u) * Math.sin(node) + across * Math.cos(node));
    positions.zKm[i] = orbitKm * Math.sin(u) * Math.sin(inclination);
  });
  return positions;
}
