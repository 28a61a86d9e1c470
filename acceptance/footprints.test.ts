import { cellToLatLng, latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import { NO_TERRITORY } from '../src/earth/cellTable.ts';
import {
  addSeconds,
  createPropagator,
  designElementSets,
  parseDesign,
  parseInstant,
} from '../src/orbits/index.ts';
import {
  allocateSky,
  createWorld,
  DEFAULT_SERVICE_PARAMETERS,
  updateSky,
} from '../src/service/index.ts';
import {
  footprintRadiusKm,
  meanInViewOfShell,
  nadirAngleRad,
  slantRangeKm,
} from '../src/sky/geometry.ts';

const DEG = Math.PI / 180;

test.each([
  // FCC SAT-MOD-20200417-00037 (940.7, 573.5) and del Portillo 2019 (1060).
  { altitudeKm: 550, elevationDeg: 25, radiusKm: 940.7 },
  { altitudeKm: 550, elevationDeg: 40, radiusKm: 573.5 },
  { altitudeKm: 1150, elevationDeg: 40, radiusKm: 1061.1 },
])(
  'the footprint at $altitudeKm km above $elevationDeg° is $radiusKm km',
  ({ altitudeKm, elevationDeg, radiusKm }) => {
    expect(footprintRadiusKm(altitudeKm, elevationDeg * DEG)).toBeCloseTo(radiusKm, 1);
  },
);

test('slant range and nadir angle at 550 km, 25° are 1123 km and 56.55°', () => {
  expect(slantRangeKm(550, 25 * DEG)).toBeCloseTo(1123, 0);
  expect(nadirAngleRad(550, 25 * DEG) / DEG).toBeCloseTo(56.55, 1);
});

test.each([
  // network.md §1, filed first generation.
  { latDeg: 0, inView: 18.2 },
  { latDeg: 30, inView: 23.0 },
  { latDeg: 42.4, inView: 33.5 },
  { latDeg: 48, inView: 46.9 },
  { latDeg: 60, inView: 19.5 },
])(
  'the filed first generation has $inView satellites in view at $latDeg° (analytic)',
  ({ latDeg, inView }) => {
    const shells = [
      { satelliteCount: 1584, altitudeKm: 550, inclinationRad: 53 * DEG },
      { satelliteCount: 1584, altitudeKm: 540, inclinationRad: 53.2 * DEG },
      { satelliteCount: 720, altitudeKm: 570, inclinationRad: 70 * DEG },
      { satelliteCount: 520, altitudeKm: 560, inclinationRad: 97.6 * DEG },
    ];
    const sum = shells.reduce(
      (n, shell) => n + meanInViewOfShell(shell, latDeg * DEG, 25 * DEG),
      0,
    );
    expect(Math.abs(sum / inView - 1)).toBeLessThan(0.03);
  },
);

test('the search finds the filed first generation in view: 33.5 at 42.4° N and 46.9 at 48° N, ±3 %', () => {
  // SAT-MOD-20200417-00037; phasing is not filed and does not matter for the mean.
  const design =
    '53:1584/72/39@550+53.2:1584/72/39@540+70:720/36/11@570+97.6:348/6/1@560+97.6:172/4/1@560';
  const epoch = parseInstant('2026-01-01T00:00:00Z');
  const records = designElementSets(parseDesign(design), { epoch });
  const rows = [
    { latDeg: 42.4, expected: 33.5 },
    { latDeg: 48, expected: 46.9 },
  ];
  for (const { latDeg, expected } of rows) {
    const ids = Array.from({ length: 24 }, (_, k) => latLngToCell(latDeg, -180 + 15 * k, 5)).sort();
    const count = ids.length;
    const world = createWorld({
      propagator: createPropagator(records),
      generations: records.map(() => 'v1.5'),
      cells: {
        resolution: 5,
        count,
        h3: BigUint64Array.from(ids, id => BigInt(`0x${id}`)),
        latRad: new Float64Array(count).fill(latDeg * DEG),
        lonRad: Float64Array.from(ids, id => cellToLatLng(id)[1] * DEG),
        peopleCount: new Float32Array(count),
        territoryIndex: new Uint16Array(count).fill(NO_TERRITORY),
        isWater: new Uint8Array(count),
        isBorder: new Uint8Array(count),
        peopleSource: 'none',
      },
      gateways: {
        count: 0,
        name: [],
        latRad: new Float64Array(0),
        lonRad: new Float64Array(0),
        country: [],
        status: [],
        isOperational: new Uint8Array(0),
      },
      parameters: DEFAULT_SERVICE_PARAMETERS,
    });
    const sky = allocateSky(world);
    let links = 0;
    const instants = 48;
    for (let k = 0; k < instants; k++) {
      updateSky(world, addSeconds(epoch, k * 1777), sky);
      for (let g = 0; g < world.groups.count; g++) {
        const block = world.finder.linksOfGroup(g, sky.candidates, sky.satellites);
        links += block.offsets[block.cellCount];
      }
    }
    expect(Math.abs(links / (count * instants) / expected - 1)).toBeLessThan(0.03);
  }
});
