import { BeamkeeperError } from '../orbits/error.ts';
import { FIXED_PER_RAD, type GridParts } from './buildCells.ts';
import { cellOrder } from './cellOrder.ts';
import { type CellParts, type CellTable, NO_TERRITORY } from './cellTable.ts';
import { type GridPeople, landShares } from './gridPeople.ts';
import { readSections, type SectionArray, type Sections, takeSection } from './sectionFile.ts';
import type { TerritoryIndex } from './territories.ts';

export const CELL_RESOLUTIONS = [3, 4, 5] as const;

/** A column of people: towns and countries' totals (always there), or the Kontur grid (when found at build time). */
export type PeopleColumn = 'cities' | 'kontur';
/** A column, or the finest that was there at build time: `kontur`, else `cities`. */
export type PeopleChoice = PeopleColumn | 'auto';

export const PEOPLE_SOURCES: Readonly<Record<PeopleColumn, string>> = {
  cities: 'cities (GeoNames) and country totals',
  kontur: 'Kontur Population 2023-11-01',
};

/**
 * The file that `build:data` writes for a resolution.
 *
 * @throws BeamkeeperError `RESOLUTION` for one that is not built.
 */
export function cellsFile(resolution: number): string {
  if (!CELL_RESOLUTIONS.includes(resolution as 3)) {
    throw new BeamkeeperError(
      'RESOLUTION',
      `resolution ${resolution} is not available; give ${CELL_RESOLUTIONS.join(', ')}`,
    );
  }
  return `cells-r${resolution}.bin`;
}

/** The sections of a cells file. `people` has an entry per column that there is. */
export function cellSections(
  grid: GridParts,
  partUnit: Uint16Array,
  people: ReadonlyMap<PeopleColumn, GridPeople>,
): Sections {
  const rows = grid.mixedPart.length;
  const land = new Float32Array(rows);
  grid.mixedOrdinal.forEach((_, m) => {
    for (const [row, share] of landShares(grid, m)) land[row] = share;
  });
  const sections = new Map<string, SectionArray>([
    ['resolution', Uint32Array.of(grid.resolution, grid.count)],
    ['partUnit', partUnit],
    ['latFixed', grid.latFixed],
    ['lonFixed', grid.lonFixed],
    ['centrePart', grid.centrePart],
    ['isWater', grid.isWater],
    ['landShare', grid.landShare],
    ['mixedOrdinal', grid.mixedOrdinal],
    ['mixedStart', grid.mixedStart],
    ['mixedPart', grid.mixedPart],
    ['share.land', land],
  ]);
  for (const [column, counted] of people) {
    const ordinals: number[] = [];
    counted.people.forEach((count, ordinal) => {
      if (count > 0) ordinals.push(ordinal);
    });
    const share = new Float32Array(rows);
    grid.mixedOrdinal.forEach((ordinal, m) => {
      const total = counted.people[ordinal];
      for (let r = grid.mixedStart[m]; r < grid.mixedStart[m + 1]; r++) {
        share[r] = total > 0 ? counted.rowPeople[r] / total : land[r];
      }
    });
    sections.set(`people.${column}.at`, Uint32Array.from(ordinals));
    sections.set(
      `people.${column}`,
      Float32Array.from(ordinals, ordinal => counted.people[ordinal]),
    );
    sections.set(`share.${column}`, share);
  }
  return sections;
}

/**
 * The cells of one resolution with people and territories.
 *
 * `populatedOnly` leaves out cells where nobody lives. `territories` draws the borders of its view;
 * without it they are `de-facto`. `populations` replaces the column (see `readPeopleCsv`).
 *
 * @throws BeamkeeperError `DATA_FILE` for a damaged file, `PEOPLE_MISSING` when the column was not
 * there at build time.
 */
export function readCellTable(
  bytes: Uint8Array,
  options: {
    readonly people: PeopleChoice | UserPeople;
    readonly populatedOnly: boolean;
    readonly territories?: TerritoryIndex;
  },
): CellTable {
  const source = 'cells file';
  const sections = readSections(bytes, source);
  const take = <T extends SectionArray>(name: string, type: new (length: number) => T): T =>
    takeSection(sections, name, type, source);
  const [resolution] = take('resolution', Uint32Array);
  const order = cellOrder(resolution);
  const latFixed = take('latFixed', Int32Array);
  const lonFixed = take('lonFixed', Int32Array);
  const isWaterAt = take('isWater', Uint8Array);
  const partTerritory = options.territories?.partTerritory ?? take('partUnit', Uint16Array);

  const finest: PeopleColumn = sections.has('people.kontur') ? 'kontur' : 'cities';
  const people = options.people === 'auto' ? finest : options.people;
  const column = typeof people === 'string' ? people : undefined;
  if (column !== undefined && !sections.has(`people.${column}`)) {
    throw new BeamkeeperError(
      'PEOPLE_MISSING',
      `the cell data was built without the people column "${column}"; use cities, or put the file in place and run \`npm run build:data\``,
    );
  }
  const { ordinals, counts } =
    typeof people === 'string'
      ? {
          ordinals: take(`people.${people}.at`, Uint32Array),
          counts: take(`people.${people}`, Float32Array),
        }
      : placeUserPeople(people, resolution);
  const parts: CellParts = {
    resolution,
    centrePart: take('centrePart', Uint16Array),
    landShare: take('landShare', Uint8Array),
    mixedOrdinal: take('mixedOrdinal', Uint32Array),
    mixedStart: take('mixedStart', Uint32Array),
    mixedPart: take('mixedPart', Uint16Array),
    mixedShare: take(`share.${column ?? 'land'}`, Float32Array),
    partTerritory,
  };

  const count = options.populatedOnly ? ordinals.length : order.count;
  const h3 = new BigUint64Array(count);
  const halves = new Uint32Array(h3.buffer);
  const latRad = new Float64Array(count);
  const lonRad = new Float64Array(count);
  const peopleCount = options.populatedOnly ? Float32Array.from(counts) : new Float32Array(count);
  const territoryIndex = new Uint16Array(count);
  const isWater = new Uint8Array(count);
  const isBorder = new Uint8Array(count);
  if (!options.populatedOnly) {
    for (let i = 0; i < ordinals.length; i++) peopleCount[ordinals[i]] = counts[i];
  }
  const { centrePart, mixedOrdinal, mixedStart, mixedPart } = parts;
  let m = 0;
  for (let i = 0; i < count; i++) {
    const ordinal = options.populatedOnly ? ordinals[i] : i;
    order.writeId(ordinal, halves, 2 * i);
    latRad[i] = latFixed[ordinal] / FIXED_PER_RAD;
    lonRad[i] = lonFixed[ordinal] / FIXED_PER_RAD;
    isWater[i] = isWaterAt[ordinal];
    const part = centrePart[ordinal];
    territoryIndex[i] = part === NO_TERRITORY ? NO_TERRITORY : partTerritory[part];
    while (mixedOrdinal[m] < ordinal) m++;
    if (mixedOrdinal[m] === ordinal) {
      const first = partTerritory[mixedPart[mixedStart[m]]];
      for (let r = mixedStart[m] + 1; r < mixedStart[m + 1]; r++) {
        if (partTerritory[mixedPart[r]] !== first) isBorder[i] = 1;
      }
    }
  }
  return {
    resolution,
    count,
    h3,
    latRad,
    lonRad,
    peopleCount,
    territoryIndex,
    isWater,
    isBorder,
    peopleSource: typeof people === 'string' ? PEOPLE_SOURCES[people] : people.source,
    parts,
  };
}

/** People handed in by the user: cells of any one resolution from 3 to 15, see `readPeopleCsv`. */
export interface UserPeople {
  readonly source: string;
  /** H3 ids as 32-bit halves, low first. */
  readonly halves: Uint32Array;
  readonly people: Float64Array;
}

/** Sums finer cells into their parents. */
function placeUserPeople(
  given: UserPeople,
  resolution: number,
): { ordinals: Uint32Array; counts: Float32Array } {
  const order = cellOrder(resolution);
  const sums = new Map<number, number>();
  for (let i = 0; i < given.people.length; i++) {
    let low = given.halves[2 * i];
    let high = given.halves[2 * i + 1];
    const own = (high >>> 20) & 15;
    if (own < resolution) {
      throw new BeamkeeperError(
        'PEOPLE_RESOLUTION',
        `${given.source}: cells of resolution ${own} are too coarse for resolution ${resolution}; give --resolution ${own} or finer cells`,
      );
    }
    // The parent: digits beyond its resolution become 7, the resolution field its own.
    const spare = 45 - 3 * resolution;
    low = (low | (spare >= 32 ? 0xffffffff : (1 << spare) - 1)) >>> 0;
    if (spare > 32) high = (high | ((1 << (spare - 32)) - 1)) >>> 0;
    high = (high - ((own - resolution) << 20)) >>> 0;
    const ordinal = order.ordinalOf(high, low);
    if (ordinal >= 0) sums.set(ordinal, (sums.get(ordinal) ?? 0) + given.people[i]);
  }
  const ordinals = Uint32Array.from([...sums.keys()].filter(o => sums.get(o)! > 0)).sort();
  return { ordinals, counts: Float32Array.from(ordinals, ordinal => sums.get(ordinal)!) };
}
