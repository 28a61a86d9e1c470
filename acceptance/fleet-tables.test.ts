/**
 * The fleet tables in data/constellations/ stand for the catalogues they were made from: the same
 * number of satellites, and the same satellites in view above 25° per 5° of latitude, within 3 %.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  addSeconds,
  allocatePositionsEcef,
  createPropagator,
  type ElementSet,
  fleetElementSets,
  parseInstant,
  readCatalogue,
  readFleetTable,
} from '../src/orbits/index.ts';
import { groundGeometry } from '../src/sky/cellGeometry.ts';
import { sharedPath } from '../src/store/sharedData.ts';

const DEG = Math.PI / 180;
const SIN_MASK = Math.sin(25 * DEG);
const LATITUDES = Array.from({ length: 35 }, (_, k) => -85 + 5 * k);
const LONGITUDES = Array.from({ length: 36 }, (_, k) => -180 + 10 * k);
const START = parseInstant('2026-08-22T12:00:12Z');
const INSTANTS = Array.from({ length: 6 }, (_, k) => addSeconds(START, k * 1000));

/** Mean number in view over all longitudes and instants, per latitude. */
function inView(records: readonly ElementSet[]): number[] {
  const propagator = createPropagator(records);
  const positions = allocatePositionsEcef(records.length);
  const sums = LATITUDES.map(() => 0);
  for (const at of INSTANTS) {
    propagator.positionsEcef(at, positions);
    LATITUDES.forEach((lat, row) => {
      const ground = groundGeometry(
        new Float64Array(LONGITUDES.length).fill(lat * DEG),
        Float64Array.from(LONGITUDES, lon => lon * DEG),
      );
      for (let g = 0; g < ground.count; g++) {
        for (let s = 0; s < positions.count; s++) {
          const dx = positions.xKm[s] - ground.xKm[g];
          const dy = positions.yKm[s] - ground.yKm[g];
          const dz = positions.zKm[s] - ground.zKm[g];
          const up = dx * ground.upX[g] + dy * ground.upY[g] + dz * ground.upZ[g];
          if (up > 0 && up >= SIN_MASK * Math.hypot(dx, dy, dz)) sums[row]++;
        }
      }
    });
  }
  return sums.map(sum => sum / (INSTANTS.length * LONGITUDES.length));
}

test.each([
  { name: 'starlink-2026-08', file: 'starlink-2026-08-22.3le.gz', satellites: 10744 },
  { name: 'oneweb-2026-08', file: 'oneweb-2026-08-22.3le.gz', satellites: 651 },
])('$name sees what the catalogue sees', ({ name, file, satellites }) => {
  const path = new URL(`../data/constellations/${name}.csv`, import.meta.url);
  const fleet = fleetElementSets(readFleetTable(readFileSync(path, 'utf8'), `${name}.csv`));
  const { records } = readCatalogue(readFileSync(sharedPath(`data/orbits/${file}`)), file);
  expect(fleet.length).toBe(satellites);
  expect(records.length).toBe(satellites);
  const flown = inView(records);
  const table = inView(fleet);
  LATITUDES.forEach((lat, row) => {
    expect(Math.abs(table[row] / flown[row] - 1), `latitude ${lat}°`).toBeLessThan(0.03);
  });
  const worst = Math.max(...LATITUDES.map((_, row) => Math.abs(table[row] / flown[row] - 1)));
  console.info(`${name}: worst difference of satellites in view ${(100 * worst).toFixed(2)} %`);
});
