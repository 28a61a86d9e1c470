import { cellToLatLng, latLngToCell } from 'h3-js';
import { type CellTable, NO_TERRITORY } from '../../earth/index.ts';
import {
  addSeconds,
  allocatePositionsEcef,
  createPropagator,
  designElementSets,
  parseDesign,
  parseInstant,
  type WalkerShell,
} from '../../orbits/index.ts';
import {
  createCandidateSearch,
  createUserLinkFinder,
  groundGeometry,
  groupCells,
  meanInViewOfShell,
} from '../../sky/index.ts';
import { compare, type PublishedRange, type PublishedResult } from './publishedResult.ts';

const DEG = Math.PI / 180;
const EPOCH = parseInstant('2026-01-01T00:00:00Z');
const CELLS_ROUND_THE_PARALLEL = 24;
const INSTANTS = 48;
const STEP_S = 1777;

/** As filed; phasing is not, and does not matter for the mean. */
const FILED_4425 =
  '53:1600/32/27@1150+53.8:1600/32/15@1110+74:400/8/1@1130+81:375/5/1@1275+70:450/6/1@1325';
const FILED_GEN1 =
  '53:1584/72/39@550+53.2:1584/72/39@540+70:720/36/11@570+97.6:348/6/1@560+97.6:172/4/1@560';

interface InViewCase {
  readonly design: string;
  readonly minElevationDeg: number;
  readonly at: readonly {
    readonly latDeg: number;
    readonly published: number | PublishedRange;
    readonly reference: number;
  }[];
}

function inViewRows({ design, minElevationDeg, at }: InViewCase): PublishedResult['rows'] {
  return async () => {
    const shells = parseDesign(design);
    return at.flatMap(({ latDeg, published, reference }) => {
      const figure = {
        unit: 'satellites',
        published,
        reference,
        tolerance: Number((0.03 * reference).toFixed(3)),
      };
      return [
        compare(
          { ...figure, what: `${latDeg}° N, analytic mean` },
          shells.reduce(
            (sum, shell) =>
              sum + meanInViewOfShell(shellRad(shell), latDeg * DEG, minElevationDeg * DEG),
            0,
          ),
        ),
        compare(
          { ...figure, what: `${latDeg}° N, found by the search` },
          meanFoundInView(shells, latDeg, minElevationDeg),
        ),
      ];
    });
  };
}

const shellRad = (shell: WalkerShell) => ({
  satelliteCount: shell.satelliteCount,
  altitudeKm: shell.altitudeKm,
  inclinationRad: shell.inclinationDeg * DEG,
});

/** Mean over cells round a parallel and instants of a day, through the search that the service uses. */
function meanFoundInView(
  shells: readonly WalkerShell[],
  latDeg: number,
  minElevationDeg: number,
): number {
  const cells = cellsOnParallel(latDeg);
  const ground = groundGeometry(cells.latRad, cells.lonRad);
  const groups = groupCells(cells);
  const minElevationRad = minElevationDeg * DEG;
  const finder = createUserLinkFinder(ground, groups, { minElevationRad, gsoAngleRad: 0 });
  const search = createCandidateSearch(groups);
  const propagator = createPropagator(designElementSets(shells, { epoch: EPOCH }));
  const satellites = allocatePositionsEcef(propagator.count);
  let links = 0;
  for (let k = 0; k < INSTANTS; k++) {
    propagator.positionsEcef(addSeconds(EPOCH, k * STEP_S), satellites);
    const candidates = search.find(satellites, minElevationRad);
    for (let g = 0; g < groups.count; g++) {
      const block = finder.linksOfGroup(g, candidates, satellites);
      links += block.offsets[block.cellCount];
    }
  }
  return links / (cells.count * INSTANTS);
}

/** Their latitude is that of the parallel, not of the cells' own centres. */
function cellsOnParallel(latDeg: number): CellTable {
  const ids = Array.from({ length: CELLS_ROUND_THE_PARALLEL }, (_, k) =>
    latLngToCell(latDeg, -180 + (360 / CELLS_ROUND_THE_PARALLEL) * k, 5),
  ).sort();
  const count = ids.length;
  return {
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
  };
}

export const filed4425InView: PublishedResult = {
  id: 'N14',
  title: 'Satellites in view, the filed system of 4,425',
  source: 'FCC SAT-LOA-20161115-00118; Handley, HotNets 2018 (about 60 at 50° N)',
  conditions: 'above 40°, mean over a day; tolerance 3 % of the analytic mean',
  rows: inViewRows({
    design: FILED_4425,
    minElevationDeg: 40,
    at: [{ latDeg: 50, published: 60, reference: 56.5 }],
  }),
};

export const gen1InView: PublishedResult = {
  id: 'N15',
  title: 'Satellites in view, the filed first generation',
  source: 'FCC SAT-MOD-20200417-00037; Tanveer et al., LEO-NET 2023 (35–44 at four sites)',
  conditions:
    'all 4,408 satellites as filed, above 25°, mean over a day; tolerance 3 % of the analytic mean',
  rows: inViewRows({
    design: FILED_GEN1,
    minElevationDeg: 25,
    at: [
      { latDeg: 42.4, published: { atLeast: 35, atMost: 44 }, reference: 33.5 },
      { latDeg: 48, published: { atLeast: 35, atMost: 44 }, reference: 46.9 },
    ],
  }),
};
