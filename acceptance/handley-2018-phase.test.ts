/**
 * Handley, "Delay is Not an Option: Low Latency Routing in Space" (HotNets 2018): of all phase offsets
 * between neighbouring planes, 5/32 keeps the satellites of the 53° shell farthest apart (32 planes of
 * 50, 1150 km), and 17/32 those of the 53.8° shell (1110 km); with an even offset satellites collide.
 * The paper counts the offset the other way round: his 5/32 is F = −5 = 27 here.
 *
 * Exactly as in network.md N5: circular orbits on a sphere, the smallest chord over plane distance
 * 1 … P/2, slot, and argument of latitude in steps of 0.5°, times 6378.137 km + altitude.
 */
import { expect, test } from 'vitest';
import {
  designElementSets,
  type ElementSet,
  parseDesign,
  parseInstant,
} from '../src/orbits/index.ts';

const EARTH_RADIUS_KM = 6378.137;
const DEG = Math.PI / 180;
const PLANES = 32;
const SLOTS = 50;
const STEP_DEG = 0.5;

/** The nearest that two satellites of different planes come, km, by the element sets of the design. */
function separationKm(inclinationDeg: number, altitudeKm: number, phasing: number): number {
  const [shell] = parseDesign(
    `${inclinationDeg}:${PLANES * SLOTS}/${PLANES}/${phasing}@${altitudeKm}`,
  );
  const sets = designElementSets([shell], { epoch: parseInstant('2018-11-15T00:00:00Z') });
  let nearest = Number.POSITIVE_INFINITY;
  // Satellite 0 of plane 0 against all of the planes up to half-way round, for a whole revolution.
  for (let k = 1; k <= PLANES / 2; k++) {
    for (let j = 0; j < SLOTS; j++) {
      const other = sets[k * SLOTS + j];
      for (let turnDeg = 0; turnDeg < 360; turnDeg += STEP_DEG) {
        nearest = Math.min(nearest, chordSquared(sets[0], other, turnDeg));
      }
    }
  }
  return Math.sqrt(nearest) * (EARTH_RADIUS_KM + altitudeKm);
}

function chordSquared(a: ElementSet, b: ElementSet, turnDeg: number): number {
  const [ax, ay, az] = unitPosition(a, turnDeg);
  const [bx, by, bz] = unitPosition(b, turnDeg);
  return (ax - bx) ** 2 + (ay - by) ** 2 + (az - bz) ** 2;
}

function unitPosition(set: ElementSet, turnDeg: number): [number, number, number] {
  const u = (set.argPerigeeDeg + set.meanAnomalyDeg + turnDeg) * DEG;
  const node = set.raanDeg * DEG;
  const i = set.inclinationDeg * DEG;
  return [
    Math.cos(u) * Math.cos(node) - Math.sin(u) * Math.cos(i) * Math.sin(node),
    Math.cos(u) * Math.sin(node) + Math.sin(u) * Math.cos(i) * Math.cos(node),
    Math.sin(u) * Math.sin(i),
  ];
}

test.each([
  { inclinationDeg: 53, altitudeKm: 1150, offset: 5, phasing: 27, separation: 44.7 },
  { inclinationDeg: 53.8, altitudeKm: 1110, offset: 17, phasing: 15, separation: 74.5 },
])(
  '$inclinationDeg° at $altitudeKm km: offset $offset/32 is best, $separation km, and even ones collide',
  shell => {
    const { inclinationDeg, altitudeKm, offset, phasing, separation } = shell;
    expect((PLANES - phasing) % PLANES).toBe(offset);
    const found = Array.from({ length: PLANES }, (_, f) =>
      separationKm(inclinationDeg, altitudeKm, f),
    );
    expect(found.indexOf(Math.max(...found))).toBe(phasing);
    expect(Math.abs(found[phasing] - separation)).toBeLessThan(1);
    for (let f = 0; f < PLANES; f += 2) expect(found[f], `F = ${f}`).toBeLessThan(0.005);
  },
);
