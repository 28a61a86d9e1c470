import type { CellTable } from '../../earth/index.ts';
import {
  addSeconds,
  allocatePositionsEcef,
  BeamkeeperError,
  createPropagator,
  designElementSets,
  parseDesign,
  parseInstant,
} from '../../orbits/index.ts';
import {
  createCandidateSearch,
  createUserLinkFinder,
  groundGeometry,
  groupCells,
} from '../../sky/index.ts';
import { builtCells } from '../../store/builtData.ts';
import { compare, type PublishedFigure, type PublishedResult, skip } from './publishedResult.ts';

const DEG = Math.PI / 180;
const EPOCH = parseInstant('2018-01-01T00:00:00Z');
const DAY_S = 86_400;
/** The paper steps 60 s; every 600 s gives the same totals within 0.1 %. */
const STEP_S = 600;
/** H3 resolution of the people; resolution 4 gives the same totals within 0.3 %. */
const RESOLUTION = 3;
/** One in ten of the people in view is a customer with 300 kb/s. */
const DEMAND_GBPS_PER_PERSON = 0.1 * 300e-6;

interface DelPortilloSystem {
  readonly name: string;
  readonly design: string;
  readonly minElevationDeg: number;
  /** Largest rate of a satellite: its published mean over the share that this is of the largest. */
  readonly maxGbps: number;
  readonly totalTbps: number;
  /** Demand-limited totals for different populations, recomputed (network.md §9). */
  readonly bracketTbps: readonly [low: number, high: number];
}

/** The paper gives no phasing; it does not matter for the totals. */
const DEL_PORTILLO_SYSTEMS: readonly DelPortilloSystem[] = [
  {
    name: 'SpaceX',
    design:
      '53:1600/32/27@1150+53.8:1600/32/15@1110+74:400/8/1@1130+81:375/5/1@1275+70:450/6/1@1325',
    minElevationDeg: 40,
    maxGbps: 5.36 / 0.251,
    totalTbps: 23.7,
    bracketTbps: [19.6, 37.9],
  },
  {
    name: 'Telesat',
    design: '99.5:72/6/1@1000+37.4:45/5/1@1248',
    minElevationDeg: 20,
    maxGbps: 22.74 / 0.588,
    totalTbps: 2.66,
    bracketTbps: [2.05, 2.95],
  },
  {
    name: 'OneWeb',
    design: 'S:87.9:720/18/1@1200',
    minElevationDeg: 55,
    maxGbps: 2.17 / 0.217,
    totalTbps: 1.56,
    bracketTbps: [1.44, 2.54],
  },
];

/**
 * Mean rate of all satellites together over a day, Tb/s, when each carries what the people in its view
 * ask for, as far as it can: min(Σ over cells of 0.1 × people × 300 kb/s / satellites in view, its
 * largest rate). The paper's ground stations are as many as the full capacity takes, so they are no limit
 * here; rain would take 0.1 to 0.7 % off a user link (docs/validation.md).
 */
function demandLimitedTbps(system: DelPortilloSystem, cells: CellTable): number {
  const minElevationRad = system.minElevationDeg * DEG;
  const groups = groupCells(cells);
  const ground = groundGeometry(cells.latRad, cells.lonRad);
  const finder = createUserLinkFinder(ground, groups, { minElevationRad, gsoAngleRad: 0 });
  const search = createCandidateSearch(groups);
  const sets = designElementSets(parseDesign(system.design), { epoch: EPOCH });
  const propagator = createPropagator(sets);
  const satellites = allocatePositionsEcef(propagator.count);
  const demandGbps = new Float64Array(propagator.count);
  let sumGbps = 0;
  for (let atS = 0; atS < DAY_S; atS += STEP_S) {
    propagator.positionsEcef(addSeconds(EPOCH, atS), satellites);
    demandGbps.fill(0);
    const candidates = search.find(satellites, minElevationRad);
    for (let g = 0; g < groups.count; g++) {
      const block = finder.linksOfGroup(g, candidates, satellites);
      for (let c = 0; c < block.cellCount; c++) {
        const begin = block.offsets[c];
        const end = block.offsets[c + 1];
        const people = cells.peopleCount[block.firstCell + c];
        const eachGbps = (DEMAND_GBPS_PER_PERSON * people) / (end - begin);
        for (let l = begin; l < end; l++) demandGbps[block.satelliteIndex[l]] += eachGbps;
      }
    }
    for (let s = 0; s < demandGbps.length; s++) sumGbps += Math.min(demandGbps[s], system.maxGbps);
  }
  return sumGbps / (DAY_S / STEP_S) / 1000;
}

const TOTALS: readonly PublishedFigure[] = DEL_PORTILLO_SYSTEMS.map(
  ({ name, totalTbps, bracketTbps: [atLeast, atMost] }) => ({
    what: `${name}, total`,
    unit: 'Tb/s',
    published: totalTbps,
    reference: { atLeast, atMost },
    tolerance: 0,
  }),
);

/** The order is kept, not the values: above 1 the first is ahead as in the paper. */
const ahead = (what: string, published: number): PublishedFigure => ({
  what,
  unit: '×',
  published,
  reference: { atLeast: 1 },
  tolerance: 0,
});

const ORDERS: readonly PublishedFigure[] = [
  ahead('total, SpaceX over Telesat', 8.91),
  ahead('total, Telesat over OneWeb', 1.71),
  ahead('use of satellites, Telesat over SpaceX', 2.34),
  ahead('use of satellites, SpaceX over OneWeb', 1.16),
];

export const delPortilloTotals: PublishedResult = {
  id: 'N17',
  title: 'Total throughput of three constellations',
  source: 'del Portillo, Cameron & Crawley, Acta Astronautica 159 (2019)',
  conditions:
    'one day in steps of 600 s, people by H3 cell of resolution 3, limited by demand and by satellites (the paper has as many ground stations as that takes), clear sky; what passes is the bracket that other populations give',
  rows: async () => {
    const cells = populatedCells();
    if (cells === null) {
      const why = 'data not here: dist/data; run `npm run build:data`';
      return [...TOTALS, ...ORDERS].map(figure => skip(figure, why));
    }
    const totals = DEL_PORTILLO_SYSTEMS.map(system => demandLimitedTbps(system, cells));
    const [spaceX, telesat, oneWeb] = totals;
    const [spaceXUse, telesatUse, oneWebUse] = DEL_PORTILLO_SYSTEMS.map(
      (system, k) => totals[k] / (satelliteCountOf(system) * system.maxGbps),
    );
    const ratios = [
      spaceX / telesat,
      telesat / oneWeb,
      telesatUse / spaceXUse,
      spaceXUse / oneWebUse,
    ];
    return [
      ...TOTALS.map((figure, k) => compare(figure, totals[k])),
      ...ORDERS.map((figure, k) => compare(figure, ratios[k])),
    ];
  },
};

function satelliteCountOf({ design }: DelPortilloSystem): number {
  return parseDesign(design).reduce((sum, shell) => sum + shell.satelliteCount, 0);
}

/** Null where the cell data has not been built. */
function populatedCells(): CellTable | null {
  try {
    return builtCells(RESOLUTION, { people: 'auto', populatedOnly: true });
  } catch (error) {
    if (error instanceof BeamkeeperError && error.code === 'DATA_MISSING') return null;
    throw error;
  }
}
