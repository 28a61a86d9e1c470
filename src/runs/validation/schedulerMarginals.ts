import { existsSync, readFileSync } from 'node:fs';
import { cellToLatLng, latLngToCell } from 'h3-js';
import { type CellTable, type Gateways, NO_TERRITORY } from '../../earth/index.ts';
import { addSeconds, createPropagator, parseInstant, readCatalogue } from '../../orbits/index.ts';
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
} from '../../service/index.ts';
import { sharedPath } from '../../store/sharedData.ts';
import { compare, type PublishedFigure, type PublishedResult, skip } from './publishedResult.ts';

const DEG = Math.PI / 180;
const CATALOGUE = 'data/orbits/starlink-2023-07-30.3le.gz';
/** Western Europe; north-east, central and north-west United States. */
const SITES = [
  { latDeg: 50, lonDeg: 5 },
  { latDeg: 42.44, lonDeg: -76.5 },
  { latDeg: 39.5, lonDeg: -95 },
  { latDeg: 47.6, lonDeg: -122.3 },
];
const SLOTS = 400;

interface SeenLink {
  readonly elevationDeg: number;
  readonly isNorth: boolean;
}
interface Marginals {
  readonly availablePerSlot: number;
  readonly available: readonly SeenLink[];
  readonly chosen: readonly SeenLink[];
}

const percent = { unit: '%' };

/** What each figure is, and how it is taken from the links. */
const FIGURES: readonly [PublishedFigure, (seen: Marginals) => number][] = [
  [
    {
      what: 'satellites available in a slot',
      unit: '',
      published: { atLeast: 35, atMost: 44 },
      tolerance: 0,
    },
    seen => seen.availablePerSlot,
  ],
  [
    { ...percent, what: 'available from 45° up', published: 30, tolerance: 3 },
    seen => share(seen.available, isHigh),
  ],
  [
    { ...percent, what: 'available in the north', published: 58, tolerance: 3 },
    seen => share(seen.available, isNorthern),
  ],
  [
    {
      what: 'median elevation, chosen less available',
      unit: '°',
      published: 22.9,
      tolerance: 3,
    },
    seen => medianElevationDeg(seen.chosen) - medianElevationDeg(seen.available),
  ],
  [
    { ...percent, what: 'chosen from 45° up', published: 80, tolerance: 7 },
    seen => share(seen.chosen, isHigh),
  ],
  [
    { ...percent, what: 'chosen in the north', published: 82, tolerance: 7 },
    seen => share(seen.chosen, isNorthern),
  ],
];

export const schedulerMarginals: PublishedResult = {
  id: 'N16',
  title: 'What the scheduler chooses of what is in view',
  source: 'Tanveer, Puchol, Singh, Bianchi, Nithyanand, LEO-NET 2023 (arXiv 2307.00402)',
  conditions: 'catalogue of 2023-07-30, four sites, 400 slots over 68 hours',
  rows: async () => {
    if (!existsSync(sharedPath(CATALOGUE))) {
      const why = `data not here: ${CATALOGUE}`;
      return FIGURES.map(([figure]) => skip(figure, why));
    }
    const seen = observe(readFileSync(sharedPath(CATALOGUE)));
    return FIGURES.map(([figure, measure]) => compare(figure, measure(seen)));
  },
};

const isHigh = (link: SeenLink) => link.elevationDeg >= 45;
const isNorthern = (link: SeenLink) => link.isNorth;

function share(links: readonly SeenLink[], is: (link: SeenLink) => boolean): number {
  return (100 * links.filter(is).length) / links.length;
}

function medianElevationDeg(links: readonly SeenLink[]): number {
  const sorted = Float64Array.from(links, link => link.elevationDeg).sort();
  return sorted[Math.floor(sorted.length / 2)];
}

/** All links of the sites in view, and those that the scheduler took. */
function observe(catalogue: Uint8Array): Marginals {
  const { records } = readCatalogue(catalogue, CATALOGUE);
  const { cells, gateways } = sites();
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
  const available: SeenLink[] = [];
  const chosen: SeenLink[] = [];
  const start = parseInstant('2023-07-30T12:00:12Z');
  for (let k = 0; k < SLOTS; k++) {
    const slot = slotNumber(addSeconds(start, k * 615));
    updateSky(world, slotStart(slot), sky);
    scheduler.run({ sky, slot, policies, out: [map] });
    for (let g = 0; g < world.groups.count; g++) {
      const block = world.finder.linksOfGroup(g, sky.candidates, sky.satellites);
      for (let c = 0; c < block.cellCount; c++) {
        for (let l = block.offsets[c]; l < block.offsets[c + 1]; l++) {
          const link = {
            elevationDeg: Math.asin(block.sinElevation[l]) / DEG,
            isNorth: block.isNorth[l] === 1,
          };
          available.push(link);
          const isChosen = map.satelliteIndex[block.firstCell + c] === block.satelliteIndex[l];
          if (isChosen) chosen.push(link);
        }
      }
    }
  }
  return { availablePerSlot: available.length / (SLOTS * cells.count), available, chosen };
}

/** A gateway beside each site: what sees the user sees the gateway. */
function sites(): { cells: CellTable; gateways: Gateways } {
  const ids = SITES.map(site => latLngToCell(site.latDeg, site.lonDeg, 5)).sort();
  const centres = ids.map(id => cellToLatLng(id));
  const cells: CellTable = {
    resolution: 5,
    count: ids.length,
    h3: BigUint64Array.from(ids, id => BigInt(`0x${id}`)),
    latRad: Float64Array.from(centres, ([lat]) => lat * DEG),
    lonRad: Float64Array.from(centres, ([, lon]) => lon * DEG),
    peopleCount: new Float32Array(ids.length).fill(1000),
    territoryIndex: new Uint16Array(ids.length).fill(NO_TERRITORY),
    isWater: new Uint8Array(ids.length),
    isBorder: new Uint8Array(ids.length),
    peopleSource: 'none',
  };
  const gateways: Gateways = {
    count: ids.length,
    name: ids,
    latRad: cells.latRad,
    lonRad: cells.lonRad,
    country: ids.map(() => 'XXX'),
    status: ids.map(() => 'operational'),
    isOperational: new Uint8Array(ids.length).fill(1),
  };
  return { cells, gateways };
}
