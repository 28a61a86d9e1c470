import fc from 'fast-check';
import { cellToChildren, cellToLatLng, latLngToCell } from 'h3-js';
import { describe, expect, test } from 'vitest';
import { type CellTable, NO_TERRITORY } from '../earth/cellTable.ts';
import type { Gateways } from '../earth/gateways.ts';
import { parseInstant } from '../orbits/instant.ts';
import { compilePolicy } from './compiledPolicy.ts';
import { GENERATIONS } from './generationCapacity.ts';
import { allocateServiceMap, createScheduler } from './scheduler.ts';
import { CELL_STATES, type ServiceMap } from './serviceMap.ts';
import { DEFAULT_SERVICE_PARAMETERS } from './serviceParameters.ts';
import { OPEN_POLICY, type PolicyRule, type ServicePolicy } from './servicePolicy.ts';
import { allocateSky, createWorld, type PositionSource, updateSky } from './world.ts';

const DEG = Math.PI / 180;
const AT = parseInstant('2026-08-22T12:00:12Z');
const state = (map: ServiceMap, cell: number): string => CELL_STATES[map.state[cell]];

function cellsOf(ids: readonly string[], people = 20_000): CellTable {
  const sorted = [...ids].sort();
  const centres = sorted.map(id => cellToLatLng(id));
  return {
    resolution: 5,
    count: sorted.length,
    h3: BigUint64Array.from(sorted, id => BigInt(`0x${id}`)),
    latRad: Float64Array.from(centres, ([lat]) => lat * DEG),
    lonRad: Float64Array.from(centres, ([, lon]) => lon * DEG),
    peopleCount: new Float32Array(sorted.length).fill(people),
    territoryIndex: new Uint16Array(sorted.length).fill(NO_TERRITORY),
    isWater: new Uint8Array(sorted.length),
    isBorder: new Uint8Array(sorted.length),
    peopleSource: 'test',
  };
}

function gatewaysAt(
  points: readonly { latDeg: number; lonDeg: number; country: string }[],
): Gateways {
  return {
    count: points.length,
    name: points.map((_, g) => `gateway ${g}`),
    latRad: Float64Array.from(points, p => p.latDeg * DEG),
    lonRad: Float64Array.from(points, p => p.lonDeg * DEG),
    country: points.map(p => p.country),
    status: points.map(() => 'operational'),
    isOperational: new Uint8Array(points.length).fill(1),
  };
}

function fixedSky(points: readonly { latDeg: number; lonDeg: number }[]): PositionSource {
  return {
    count: points.length,
    positionsEcef(_, out) {
      points.forEach((p, s) => {
        const r = 6371 + 480;
        out.xKm[s] = r * Math.cos(p.latDeg * DEG) * Math.cos(p.lonDeg * DEG);
        out.yKm[s] = r * Math.cos(p.latDeg * DEG) * Math.sin(p.lonDeg * DEG);
        out.zKm[s] = r * Math.sin(p.latDeg * DEG);
      });
    },
  };
}

function evaluate(input: {
  cells: CellTable;
  satellites: readonly { latDeg: number; lonDeg: number }[];
  gateways: Gateways;
  policies?: readonly ServicePolicy[];
  generation?: string;
  seed?: number;
  slot?: number;
}): ServiceMap[] {
  const world = createWorld({
    propagator: fixedSky(input.satellites),
    generations: input.satellites.map(() => input.generation ?? 'v1.5'),
    cells: input.cells,
    gateways: input.gateways,
    parameters: DEFAULT_SERVICE_PARAMETERS,
  });
  const sky = allocateSky(world);
  updateSky(world, AT, sky);
  const policies = (input.policies ?? [OPEN_POLICY]).map(policy =>
    compilePolicy(policy, 'fixed', input.cells, input.gateways),
  );
  const out = policies.map(() => allocateServiceMap(input.cells.count));
  createScheduler(world, input.seed ?? 1).run({ sky, slot: input.slot ?? 7, policies, out });
  return out;
}

const PARIS = latLngToCell(48.85, 2.35, 3);
const FRENCH_CELLS = cellToChildren(PARIS, 5);
const OVER_PARIS = { latDeg: 48.9, lonDeg: 2.4 };
const GATEWAY = gatewaysAt([{ latDeg: 47, lonDeg: 2, country: 'FRA' }]);
const off = (cells: CellTable, pick: (i: number) => boolean): PolicyRule => ({
  label: 'off',
  cells: cells.h3.filter((_, i) => pick(i)),
  action: { kind: 'off' },
});

describe('every cell without service has the right reason', () => {
  const cells = cellsOf(FRENCH_CELLS);
  const only = (input: Partial<Parameters<typeof evaluate>[0]>): Set<string> => {
    const [map] = evaluate({ cells, satellites: [OVER_PARIS], gateways: GATEWAY, ...input });
    return new Set(Array.from({ length: cells.count }, (_, i) => state(map, i)));
  };
  test('served', () => expect(only({})).toEqual(new Set(['served'])));
  test('no-satellite', () =>
    expect(only({ satellites: [{ latDeg: 10, lonDeg: 100 }] })).toEqual(new Set(['no-satellite'])));
  test('no-gateway', () =>
    expect(only({ gateways: gatewaysAt([{ latDeg: 0, lonDeg: 100, country: 'IDN' }]) })).toEqual(
      new Set(['no-gateway']),
    ));
  test('no-gateway when the country is denied', () =>
    expect(only({ policies: [{ rules: [], deniedGatewayCountries: ['FRA'] }] })).toEqual(
      new Set(['no-gateway']),
    ));
  test('gso-arc: a satellite that stands before the geostationary arc', () =>
    // From 48.85° N the arc culminates at about 33.9°; a satellite 480 km up stands there 5.6° south.
    expect(only({ satellites: [{ latDeg: 43.25, lonDeg: 2.4 }] })).toEqual(new Set(['gso-arc'])));
  test('withheld', () =>
    expect(
      only({ policies: [{ rules: [off(cells, () => true)], deniedGatewayCountries: [] }] }),
    ).toEqual(new Set(['withheld'])));
  test('a phone-only satellite gives no broadband', () =>
    expect(only({ generation: 'direct-to-cell' })).toEqual(new Set(['no-satellite'])));
  test('no-beam: 480 cells are the most that 48 beams of ten cells serve', () => {
    const many = cellsOf(cellToChildren(latLngToCell(48.85, 2.35, 1), 5));
    const [map] = evaluate({ cells: many, satellites: [OVER_PARIS], gateways: GATEWAY });
    const counts = new Map<string, number>();
    for (let i = 0; i < many.count; i++)
      counts.set(state(map, i), (counts.get(state(map, i)) ?? 0) + 1);
    const visible = many.count - (counts.get('no-satellite') ?? 0) - (counts.get('gso-arc') ?? 0);
    expect(counts.get('served')).toBe(Math.min(480, visible));
    expect(counts.get('no-beam') ?? 0).toBe(Math.max(0, visible - 480));
  });
});

const scenes = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  slot: fc.integer({ min: 0, max: 1e9 }),
  satellites: fc.array(
    fc.record({
      latDeg: fc.double({ min: 38, max: 60, noNaN: true }),
      lonDeg: fc.double({ min: -10, max: 15, noNaN: true }),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  offShare: fc.double({ min: 0, max: 1, noNaN: true }),
  denied: fc.constantFrom<string[]>([], ['FRA'], ['GBR']),
  people: fc.constantFrom(100, 20_000, 3_000_000),
});
const TWO_GATEWAYS = gatewaysAt([
  { latDeg: 47, lonDeg: 2, country: 'FRA' },
  { latDeg: 52, lonDeg: -1, country: 'GBR' },
]);

test('switching cells off takes service from no other cell except by capacity, and gives none to them', () => {
  fc.assert(
    fc.property(scenes, scene => {
      const cells = cellsOf(FRENCH_CELLS, scene.people);
      const isOff = (i: number): boolean => (i * 0.6180339) % 1 < scene.offShare;
      const after = { rules: [off(cells, isOff)], deniedGatewayCountries: [] };
      const [a, b] = evaluate({
        ...scene,
        cells,
        gateways: TWO_GATEWAYS,
        policies: [OPEN_POLICY, after],
      });
      for (let i = 0; i < cells.count; i++) {
        if (isOff(i)) expect(state(b, i)).toBe('withheld');
        else if (state(a, i) === 'served' && state(b, i) !== 'served')
          expect(state(b, i)).toBe('no-beam');
      }
    }),
    { numRuns: 100 },
  );
});

test('off and then on restores every byte', () => {
  fc.assert(
    fc.property(scenes, scene => {
      const cells = cellsOf(FRENCH_CELLS, scene.people);
      const isOff = (i: number): boolean => (i * 0.6180339) % 1 < scene.offShare;
      const rule = off(cells, isOff);
      const restored: ServicePolicy = {
        rules: [rule, { ...rule, label: 'on', action: { kind: 'on' } }],
        deniedGatewayCountries: [],
      };
      const [open] = evaluate({ ...scene, cells, gateways: TWO_GATEWAYS });
      const [again] = evaluate({ ...scene, cells, gateways: TWO_GATEWAYS, policies: [restored] });
      expect(again).toEqual(open);
    }),
    { numRuns: 50 },
  );
});

test('satellites keep to their beams, downlink and cells; shares never exceed demand; no NaN for a served cell', () => {
  fc.assert(
    fc.property(scenes, scene => {
      const cells = cellsOf(FRENCH_CELLS, scene.people);
      const [map] = evaluate({
        ...scene,
        cells,
        gateways: TWO_GATEWAYS,
        policies: [{ rules: [], deniedGatewayCountries: scene.denied }],
      });
      const capacity = GENERATIONS['v1.5']!;
      const { cellsPerBeam, maxBeamsPerCell } = DEFAULT_SERVICE_PARAMETERS;
      const bySatellite = new Map<number, number[]>();
      for (let i = 0; i < cells.count; i++) {
        const isServed = state(map, i) === 'served';
        expect(map.satelliteIndex[i] >= 0).toBe(isServed);
        expect(map.gatewayIndex[i] >= 0).toBe(isServed);
        expect(Number.isNaN(map.latencyMs[i])).toBe(!isServed);
        expect(map.shareMbps[i]).toBeLessThanOrEqual(map.demandMbps[i]);
        expect(map.shareMbps[i]).toBeLessThanOrEqual(maxBeamsPerCell * capacity.beamMbps);
        if (!isServed) continue;
        expect(scene.denied).not.toContain(TWO_GATEWAYS.country[map.gatewayIndex[i]]);
        // At least twice straight up and down at 480 km.
        expect(map.latencyMs[i]).toBeGreaterThan((4 * 470) / 299.792458);
        const list = bySatellite.get(map.satelliteIndex[i]) ?? [];
        bySatellite.set(map.satelliteIndex[i], [...list, map.shareMbps[i]]);
      }
      for (const shares of bySatellite.values()) {
        const beams = shares.reduce(
          (sum, r) => sum + Math.max(1 / cellsPerBeam, r / capacity.beamMbps),
          0,
        );
        expect(beams).toBeLessThanOrEqual(capacity.beamCount * (1 + 1e-6));
        expect(shares.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(
          capacity.satelliteMbps * (1 + 1e-6),
        );
      }
    }),
    { numRuns: 100 },
  );
});

test('a cell draws the same satellite whatever other cells are evaluated with it', () => {
  fc.assert(
    fc.property(scenes, scene => {
      const all = cellsOf(FRENCH_CELLS, 100);
      const some = cellsOf(FRENCH_CELLS.slice(10, 31), 100);
      const [wide] = evaluate({ ...scene, cells: all, gateways: TWO_GATEWAYS });
      const [narrow] = evaluate({ ...scene, cells: some, gateways: TWO_GATEWAYS });
      some.h3.forEach((id, i) => {
        expect(narrow.satelliteIndex[i]).toBe(wide.satelliteIndex[all.h3.indexOf(id)]);
      });
    }),
    { numRuns: 50 },
  );
});

test('a restricted rate limits the demand of a cell, and a speed limit switches moving terminals off', () => {
  const cells = cellsOf(FRENCH_CELLS);
  const rate: ServicePolicy = {
    rules: [{ label: 'slow', cells: cells.h3, action: { kind: 'restricted', maxRateMbps: 0.5 } }],
    deniedGatewayCountries: [],
  };
  const [open, slow] = evaluate({
    cells,
    satellites: [OVER_PARIS],
    gateways: GATEWAY,
    policies: [OPEN_POLICY, rate],
  });
  expect(slow.demandMbps[0] / open.demandMbps[0]).toBeCloseTo(0.5 / 2.5, 6);
  const speed: ServicePolicy = {
    rules: [
      { label: 'no aircraft', cells: cells.h3, action: { kind: 'restricted', maxSpeedKmh: 300 } },
    ],
    deniedGatewayCountries: [],
  };
  expect(compilePolicy(speed, 'aviation', cells, GATEWAY).isWithheld[0]).toBe(1);
  expect(compilePolicy(speed, 'fixed', cells, GATEWAY).isWithheld[0]).toBe(0);
});

test('a satellite is drawn with probability ∝ exp(b₁·elevation + b₂·poleward), over 20,000 slots', () => {
  const cells = cellsOf(FRENCH_CELLS.slice(24, 25));
  // All north or far from the arc: it culminates 34° up in the south.
  const satellites = [
    { latDeg: 48.9, lonDeg: 2.4 },
    { latDeg: 52, lonDeg: 3 },
    { latDeg: 49.5, lonDeg: 8 },
    { latDeg: 47.9, lonDeg: -1 },
    { latDeg: 54, lonDeg: -1 },
  ];
  const world = createWorld({
    propagator: fixedSky(satellites),
    generations: satellites.map(() => 'v1.5'),
    cells,
    gateways: GATEWAY,
    parameters: DEFAULT_SERVICE_PARAMETERS,
  });
  const sky = allocateSky(world);
  updateSky(world, AT, sky);
  const policies = [compilePolicy(OPEN_POLICY, 'fixed', cells, GATEWAY)];
  const out = [allocateServiceMap(1)];
  const scheduler = createScheduler(world, 5);
  const drawn = new Array<number>(satellites.length).fill(0);
  const slots = 20_000;
  for (let slot = 0; slot < slots; slot++) {
    scheduler.run({ sky, slot, policies, out });
    drawn[out[0].satelliteIndex[0]]++;
  }
  // Expected values from the textbook formula on a sphere, not from the code's geometry.
  const lat = Math.atan(0.99330562 * Math.tan(cells.latRad[0])); // geocentric
  const lon = cells.lonRad[0];
  const weights = satellites.map(p => {
    const phi = p.latDeg * DEG;
    const dLon = p.lonDeg * DEG - lon;
    const cos = Math.sin(lat) * Math.sin(phi) + Math.cos(lat) * Math.cos(phi) * Math.cos(dLon);
    const elevation = Math.atan2(cos - 6366 / (6371 + 480), Math.sqrt(1 - cos * cos));
    const azimuthCos =
      Math.sin(phi) * Math.cos(lat) - Math.cos(phi) * Math.sin(lat) * Math.cos(dLon);
    const poleward = azimuthCos > 0 ? (0.9 * Math.sin(lat)) / Math.sin(45 * DEG) : 0;
    return Math.exp(4.1 * elevation + poleward);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  weights.forEach((w, s) => {
    // 0.015: four standard deviations, and a sphere for an ellipsoid.
    expect(Math.abs(drawn[s] / slots - w / total)).toBeLessThan(0.015);
  });
});

test('full satellites pass cells on: nobody is without a beam while a usable satellite in view has room', () => {
  const cells = cellsOf(cellToChildren(latLngToCell(48.85, 2.35, 1), 5), 100);
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          latDeg: fc.double({ min: 45, max: 53, noNaN: true }),
          lonDeg: fc.double({ min: -4, max: 9, noNaN: true }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      fc.integer({ min: 0, max: 1e6 }),
      (satellites, seed) => {
        const world = createWorld({
          propagator: fixedSky(satellites),
          generations: satellites.map(() => 'v1.5'),
          cells,
          gateways: GATEWAY,
          parameters: DEFAULT_SERVICE_PARAMETERS,
        });
        const sky = allocateSky(world);
        updateSky(world, AT, sky);
        const map = allocateServiceMap(cells.count);
        createScheduler(world, seed).run({
          sky,
          slot: 3,
          policies: [compilePolicy(OPEN_POLICY, 'fixed', cells, GATEWAY)],
          out: [map],
        });
        const load = satellites.map(
          (_, s) => map.satelliteIndex.filter(index => index === s).length,
        );
        // 48 beams, ten cells each.
        for (const count of load) expect(count).toBeLessThanOrEqual(480);
        for (let i = 0; i < cells.count; i++) {
          if (state(map, i) !== 'no-beam') continue;
          satellites.forEach((_, s) => {
            const link = world.finder.link(i, s, sky.satellites);
            // The gateway is near enough for every satellite that these cells see under the arc rule, or full.
            if (link?.isGsoClear && load[s] > 0) expect(load[s]).toBe(480);
          });
        }
      },
    ),
    { numRuns: 25 },
  );
});
