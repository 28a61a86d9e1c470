/**
 * The fleet tables in data/constellations/ stand for the catalogues they were made from: the same
 * number of satellites of each generation, and the same satellites in view above 25° per 5° of
 * latitude, within 3 %. The filed first generation gives the figures published for it.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  addSeconds,
  allocatePositionsEcef,
  createPropagator,
  type ElementSet,
  fleetElementSets,
  fleetTableOf,
  parseInstant,
  readCatalogue,
  readFleetTable,
  satelliteGeneration,
  writeFleetTable,
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
function inView(records: readonly ElementSet[], latitudes = LATITUDES): number[] {
  const propagator = createPropagator(records);
  const positions = allocatePositionsEcef(records.length);
  const sums = latitudes.map(() => 0);
  for (const at of INSTANTS) {
    propagator.positionsEcef(at, positions);
    latitudes.forEach((lat, row) => {
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

function table(name: string) {
  const path = new URL(`../data/constellations/${name}.csv`, import.meta.url);
  return readFleetTable(readFileSync(path, 'utf8'), `${name}.csv`);
}

function countByGeneration(records: readonly ElementSet[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of records) {
    const generation = satelliteGeneration(record);
    counts[generation] = (counts[generation] ?? 0) + 1;
  }
  return counts;
}

test.each([
  { name: 'starlink-2026-08', file: 'starlink-2026-08-22', satellites: 10744, pick: /./ },
  { name: 'oneweb-2026-08', file: 'oneweb-2026-08-22', satellites: 651, pick: /./ },
  { name: 'kuiper-2026-08', file: 'kuiper-2026-08-22', satellites: 391, pick: /./ },
  { name: 'guowang-2026-08', file: 'china-mega-2026-08-22', satellites: 186, pick: /WANG/ },
  { name: 'qianfan-2026-08', file: 'china-mega-2026-08-22', satellites: 238, pick: /^QIANFAN/ },
])('$name sees what the catalogue sees', ({ name, file, satellites, pick }) => {
  const fleet = fleetElementSets(table(name));
  const path = sharedPath(`data/orbits/${file}.3le.gz`);
  const records = readCatalogue(readFileSync(path), file).records.filter(record =>
    pick.test(record.name),
  );
  expect(records.length).toBe(satellites);
  expect(fleet.length).toBe(satellites);
  expect(countByGeneration(fleet)).toEqual(countByGeneration(records));
  const flown = inView(records);
  const tabled = inView(fleet);
  // Where a small fleet shows less than one satellite, 3 % is less than the counting noise.
  const worst = LATITUDES.map(
    (_, row) => Math.abs(tabled[row] - flown[row]) / Math.max(1, flown[row]),
  );
  LATITUDES.forEach((lat, row) => {
    expect(worst[row], `latitude ${lat}°`).toBeLessThan(0.03);
  });
  console.info(`${name}: satellites in view differ by ${(100 * Math.max(...worst)).toFixed(2)} %`);
});

test('the tables are what the script makes of the catalogue', () => {
  const committed = table('oneweb-2026-08');
  const path = sharedPath('data/orbits/oneweb-2026-08-22.3le.gz');
  const { records } = readCatalogue(readFileSync(path), 'oneweb');
  const { name, about, epoch } = committed;
  expect(writeFleetTable(fleetTableOf(records, { name, about, epoch }))).toBe(
    writeFleetTable(committed),
  );
});

test('the filed first generation shows 33.5 satellites at 42.4° N and 46.9 at 48° N', () => {
  // network.md N15: computed for Tanveer et al. 2023, above 25°; ±3 %.
  const filed = fleetElementSets(table('starlink-gen1-filed'));
  expect(filed.length).toBe(4408);
  const [boston, north] = inView(filed, [42.4, 48]);
  expect(Math.abs(boston / 33.5 - 1)).toBeLessThan(0.03);
  expect(Math.abs(north / 46.9 - 1)).toBeLessThan(0.03);
});

test('a fleet asked for months later flies the same planes, turned by the J2 rate', () => {
  const fleet = table('oneweb-2026-08');
  const later = addSeconds(fleet.epoch, 90 * 86400);
  const moved = createPropagator(fleetElementSets(fleet, { at: later })).statesTeme([later]);
  const flown = createPropagator(fleetElementSets(fleet)).statesTeme([later]);
  const count = moved.length / 6;
  for (let i = 0; i < count; i++) {
    // SGP4 has terms beyond J2: half a degree of the orbit in a quarter of a year.
    const apartKm = Math.hypot(
      moved[i] - flown[i],
      moved[count + i] - flown[count + i],
      moved[2 * count + i] - flown[2 * count + i],
    );
    expect(apartKm).toBeLessThan(66);
  }
});
