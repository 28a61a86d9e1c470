/**
 * Tanveer, Puchol, Singh, Bianchi, Nithyanand, LEO-NET 2023 (arXiv 2307.00402): what the scheduler
 * chose against what was available at four sites in western Europe and the United States in 2023.
 */
import { readFileSync } from 'node:fs';
import { cellToLatLng, latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import { NO_TERRITORY } from '../src/earth/cellTable.ts';
import { addSeconds, createPropagator, parseInstant, readCatalogue } from '../src/orbits/index.ts';
import {
  allocateServiceMap,
  allocateSky,
  compilePolicy,
  createScheduler,
  createWorld,
  DEFAULT_SERVICE_PARAMETERS,
  gsoAngleRadOf,
  OPEN_POLICY,
  slotNumber,
  slotStart,
  updateSky,
} from '../src/service/index.ts';
import { sharedPath } from '../src/store/sharedData.ts';

const DEG = Math.PI / 180;
const SITES = [
  { latDeg: 50, lonDeg: 5 },
  { latDeg: 42.44, lonDeg: -76.5 },
  { latDeg: 39.5, lonDeg: -95 },
  { latDeg: 47.6, lonDeg: -122.3 },
];

test('the scheduler reproduces the published marginals of elevation and direction', () => {
  const path = sharedPath('data/orbits/starlink-2023-07-30.3le.gz');
  const { records } = readCatalogue(readFileSync(path), path);
  const ids = SITES.map(site => latLngToCell(site.latDeg, site.lonDeg, 5)).sort();
  const centres = ids.map(id => cellToLatLng(id));
  const cells = {
    resolution: 5,
    count: ids.length,
    h3: BigUint64Array.from(ids, id => BigInt(`0x${id}`)),
    latRad: Float64Array.from(centres, ([lat]) => lat * DEG),
    lonRad: Float64Array.from(centres, ([, lon]) => lon * DEG),
    peopleCount: new Float32Array(ids.length).fill(1000),
    territoryIndex: new Uint16Array(ids.length).fill(NO_TERRITORY),
    isWater: new Uint8Array(ids.length),
    isBorder: new Uint8Array(ids.length),
    peopleSource: 'test',
  };
  // A gateway beside each site: what sees the user sees the gateway.
  const gateways = {
    count: ids.length,
    name: ids,
    latRad: cells.latRad,
    lonRad: cells.lonRad,
    country: ids.map(() => 'XXX'),
    status: ids.map(() => 'operational'),
    type: ids.map(() => 'gateway'),
    isOperational: new Uint8Array(ids.length).fill(1),
  };
  const world = createWorld({
    propagator: createPropagator(records),
    generations: records.map(() => 'v1.5'),
    cells,
    gateways,
    parameters: { ...DEFAULT_SERVICE_PARAMETERS, gsoAngleRad: gsoAngleRadOf('starlink', 2023.6) },
  });
  const sky = allocateSky(world);
  const scheduler = createScheduler(world, 1);
  const policies = [compilePolicy(OPEN_POLICY, 'fixed', cells, gateways)];
  const map = allocateServiceMap(cells.count);

  const available: { elevationDeg: number; isNorth: boolean }[] = [];
  const chosen: { elevationDeg: number; isNorth: boolean }[] = [];
  const slots = 400;
  for (let k = 0; k < slots; k++) {
    const at = slotStart(slotNumber(addSeconds(parseInstant('2023-07-30T12:00:12Z'), k * 615)));
    updateSky(world, at, sky);
    scheduler.run({ sky, slot: slotNumber(at), policies, out: [map] });
    for (let g = 0; g < world.groups.count; g++) {
      const block = world.finder.linksOfGroup(g, sky.candidates, sky.satellites);
      for (let c = 0; c < block.cellCount; c++) {
        for (let l = block.offsets[c]; l < block.offsets[c + 1]; l++) {
          const link = {
            elevationDeg: Math.asin(block.sinElevation[l]) / DEG,
            isNorth: block.isNorth[l] === 1,
          };
          available.push(link);
          if (map.satelliteIndex[block.firstCell + c] === block.satelliteIndex[l])
            chosen.push(link);
        }
      }
    }
  }
  const median = (links: typeof chosen): number => {
    const sorted = links.map(link => link.elevationDeg).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  };
  const share = (links: typeof chosen, is: (link: (typeof chosen)[number]) => boolean): number =>
    links.filter(is).length / links.length;

  const perSlot = available.length / (slots * ids.length);
  expect(perSlot).toBeGreaterThan(35);
  expect(perSlot).toBeLessThan(44);
  expect(Math.abs(share(available, link => link.elevationDeg >= 45) - 0.3)).toBeLessThan(0.03);
  expect(Math.abs(share(available, link => link.isNorth) - 0.58)).toBeLessThan(0.03);
  expect(Math.abs(median(chosen) - median(available) - 22.9)).toBeLessThan(3);
  expect(Math.abs(share(chosen, link => link.elevationDeg >= 45) - 0.8)).toBeLessThan(0.07);
  expect(Math.abs(share(chosen, link => link.isNorth) - 0.82)).toBeLessThan(0.07);
  console.info(
    `marginals: ${perSlot.toFixed(1)} available; median +${(median(chosen) - median(available)).toFixed(1)}°, ` +
      `${(100 * share(chosen, l => l.elevationDeg >= 45)).toFixed(0)} % above 45°, ` +
      `${(100 * share(chosen, l => l.isNorth)).toFixed(0)} % north`,
  );
});
