import { gridDisk } from 'h3-js';
import { type GridParts, NO_PART, parentOrdinals } from './buildCells.ts';
import { cellOrder } from './cellOrder.ts';
import type { Geography } from './geography.ts';

/**
 * People of every cell of a resolution, and of every row of its mixed cells.
 * The rows of one cell add up to its people.
 */
export interface GridPeople {
  readonly people: Float64Array;
  readonly rowPeople: Float64Array;
}

export interface City {
  readonly lonDeg: number;
  readonly latDeg: number;
  readonly people: number;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly cellOrdinal: number;
}

// The remainder of a country's people lives within this many rings of a town (about 50 km),
// thinning out with the square of the ring, in proportion to the root of the town's size.
const TOWN_RINGS = 3;

/**
 * People per cell as a grid of people gives them. In a mixed cell as many of them as its towns count
 * (`towns`, from `peopleFromTowns` without totals) are split as the towns are: on a border the towns
 * say more than the area does, see Singapore. The rest goes by the share of the cell's land in each
 * part (of its waters where it has no land).
 */
export function peopleFromCells(
  grid: GridParts,
  people: Float64Array,
  towns: GridPeople,
): GridPeople {
  const rowPeople = new Float64Array(grid.mixedPart.length);
  grid.mixedOrdinal.forEach((ordinal, m) => {
    const all = people[ordinal];
    const inTowns = Math.min(all, towns.people[ordinal]);
    for (const [row, landShare] of landShares(grid, m)) {
      const townShare = inTowns > 0 ? towns.rowPeople[row] / towns.people[ordinal] : 0;
      rowPeople[row] = inTowns * townShare + (all - inTowns) * landShare;
    }
  });
  return { people, rowPeople };
}

/**
 * People per resolution-5 cell from towns (GeoNames) and countries' totals. A town's people stand in
 * its cell. Where a country's towns add up to more than its people (quarters are listed beside their
 * city) they are scaled down; where to less, the remainder is spread over its land around the towns.
 * Nothing is random.
 *
 * @param totals people by unit id; a unit without a total keeps its towns' sum
 */
export function peopleFromTowns(
  geography: Geography,
  grid: GridParts,
  towns: readonly City[],
  totals: ReadonlyMap<string, number>,
): GridPeople {
  const order = cellOrder(5);
  const people = new Float64Array(grid.count);
  const rowPeople = new Float64Array(grid.mixedPart.length);
  const unitOfCode = new Map(geography.units.map((unit, i) => [unit.iso2, i]));
  const mixedOf = new Map<number, number>();
  grid.mixedOrdinal.forEach((ordinal, m) => {
    mixedOf.set(ordinal, m);
  });

  const townSum = new Float64Array(geography.units.length);
  const placed: { ordinal: number; row: number; unit: number; people: number }[] = [];
  const perCell = new Map<string, { ordinal: number; unit: number; people: number }>();
  for (const town of towns) {
    const ordinal = town.cellOrdinal;
    const m = mixedOf.get(ordinal);
    let row = -1;
    let part = grid.centrePart[ordinal];
    if (m !== undefined) {
      row = rowOfTown(m, town);
      part = grid.mixedPart[row];
    }
    if (part === NO_PART) continue;
    const unit = geography.parts[part].unit;
    townSum[unit] += town.people;
    placed.push({ ordinal, row, unit, people: town.people });
    const key = `${ordinal}/${unit}`;
    const cell = perCell.get(key);
    if (cell) cell.people += town.people;
    else perCell.set(key, { ordinal, unit, people: town.people });
  }

  function rowOfTown(m: number, town: City): number {
    const at = geography.partAt(town.lonDeg, town.latDeg);
    const unit = unitOfCode.get(town.country);
    let best = grid.mixedStart[m];
    let bestScore = -1;
    for (let r = grid.mixedStart[m]; r < grid.mixedStart[m + 1]; r++) {
      const part = grid.mixedPart[r];
      // The country that GeoNames names settles towns within the map's error of a border; where they
      // stand settles the rest, and whatever is disputed.
      const isCountry = geography.parts[part].unit === unit;
      const isHere = part === at;
      const isDisputed = geography.parts[part].area >= 0;
      const score =
        (isHere && (isCountry || isDisputed) ? 1000 : 0) +
        (isCountry ? 200 : 0) +
        (isHere ? 100 : 0) +
        grid.mixedLandSamples[r] +
        grid.mixedWaterSamples[r] / 100;
      if (score > bestScore) {
        best = r;
        bestScore = score;
      }
    }
    return best;
  }

  const scale = townSum.map((sum, unit) => {
    const total = totals.get(geography.units[unit].id);
    return total !== undefined && sum > total ? total / sum : 1;
  });
  for (const town of placed) {
    const count = town.people * scale[town.unit];
    people[town.ordinal] += count;
    if (town.row >= 0) rowPeople[town.row] += count;
  }

  // Weights of the remainder, per cell and unit.
  const weights = new Map<number, Map<number, number>>();
  const halves = new Uint32Array(2);
  const addWeight = (unit: number, ordinal: number, weight: number): void => {
    let cells = weights.get(unit);
    if (cells === undefined) {
      cells = new Map();
      weights.set(unit, cells);
    }
    cells.set(ordinal, (cells.get(ordinal) ?? 0) + weight);
  };
  for (const town of perCell.values()) {
    const total = totals.get(geography.units[town.unit].id) ?? 0;
    if (total <= townSum[town.unit]) continue;
    const root = Math.sqrt(town.people);
    order.writeId(town.ordinal, halves, 0);
    const centre = idString(halves);
    let index = 0;
    for (let ring = 0; ring <= TOWN_RINGS; ring++) {
      const near = gridDisk(centre, ring);
      // gridDisk lists from the centre outwards; what a smaller disk had is skipped by count.
      for (; index < near.length; index++) {
        const ordinal = ordinalOfString(near[index]);
        const share = landOf(ordinal, town.unit);
        if (share > 0) addWeight(town.unit, ordinal, (root * share) / (1 + ring) ** 2);
      }
    }
  }

  function landOf(ordinal: number, unit: number): number {
    const m = mixedOf.get(ordinal);
    if (m === undefined) {
      const part = grid.centrePart[ordinal];
      if (part === NO_PART || geography.parts[part].unit !== unit) return 0;
      return Math.max(grid.landShare[ordinal] / 255, 0);
    }
    let sum = 0;
    for (let r = grid.mixedStart[m]; r < grid.mixedStart[m + 1]; r++) {
      if (geography.parts[grid.mixedPart[r]].unit === unit) sum += grid.mixedLandSamples[r];
    }
    return sum / 54;
  }

  geography.units.forEach((unit, u) => {
    const remainder = (totals.get(unit.id) ?? 0) - townSum[u];
    if (remainder <= 0) return;
    let cells = weights.get(u);
    if (cells === undefined || cells.size === 0) {
      // No town with land around it: all the unit's land alike, or its waters when it is an islet.
      cells = new Map();
      for (const wanted of ['land', 'waters'] as const) {
        if (cells.size > 0) break;
        for (let ordinal = 0; ordinal < grid.count; ordinal++) {
          const m = mixedOf.get(ordinal);
          const weight = wanted === 'land' ? landOf(ordinal, u) : holdsUnit(ordinal, m, u) ? 1 : 0;
          if (weight > 0) cells.set(ordinal, weight);
        }
      }
    }
    let sum = 0;
    for (const weight of cells.values()) sum += weight;
    if (sum === 0) return;
    for (const [ordinal, weight] of cells) {
      const count = (remainder * weight) / sum;
      people[ordinal] += count;
      const m = mixedOf.get(ordinal);
      if (m === undefined) continue;
      let own = 0;
      for (let r = grid.mixedStart[m]; r < grid.mixedStart[m + 1]; r++) {
        if (geography.parts[grid.mixedPart[r]].unit === u) own += grid.mixedLandSamples[r] + 1e-6;
      }
      for (let r = grid.mixedStart[m]; r < grid.mixedStart[m + 1]; r++) {
        if (geography.parts[grid.mixedPart[r]].unit !== u) continue;
        rowPeople[r] += (count * (grid.mixedLandSamples[r] + 1e-6)) / own;
      }
    }
  });
  return { people, rowPeople };

  function holdsUnit(ordinal: number, m: number | undefined, unit: number): boolean {
    if (m === undefined) {
      const part = grid.centrePart[ordinal];
      return part !== NO_PART && geography.parts[part].unit === unit;
    }
    for (let r = grid.mixedStart[m]; r < grid.mixedStart[m + 1]; r++) {
      if (geography.parts[grid.mixedPart[r]].unit === unit) return true;
    }
    return false;
  }

  function ordinalOfString(id: string): number {
    return order.ordinalOf(Number.parseInt(id.slice(0, -8), 16), Number.parseInt(id.slice(-8), 16));
  }
}

/** People of the parents: sums of the children, also per part. */
export function peopleOfParents(
  children: GridParts,
  childPeople: GridPeople,
  parentGrid: GridParts,
): GridPeople {
  const parents = parentOrdinals(children.resolution);
  const people = new Float64Array(parentGrid.count);
  const rowPeople = new Float64Array(parentGrid.mixedPart.length);
  const mixedOf = new Map<number, number>();
  parentGrid.mixedOrdinal.forEach((ordinal, m) => {
    mixedOf.set(ordinal, m);
  });
  const add = (m: number, part: number, count: number): void => {
    for (let r = parentGrid.mixedStart[m]; r < parentGrid.mixedStart[m + 1]; r++) {
      if (parentGrid.mixedPart[r] === part) rowPeople[r] += count;
    }
  };
  let childMixed = 0;
  for (let child = 0; child < children.count; child++) {
    const count = childPeople.people[child];
    while (children.mixedOrdinal[childMixed] < child) childMixed++;
    if (count === 0) continue;
    const parent = parents[child];
    people[parent] += count;
    const m = mixedOf.get(parent);
    if (m === undefined) continue;
    if (children.mixedOrdinal[childMixed] === child) {
      const end = children.mixedStart[childMixed + 1];
      for (let r = children.mixedStart[childMixed]; r < end; r++) {
        add(m, children.mixedPart[r], childPeople.rowPeople[r]);
      }
    } else add(m, children.centrePart[child], count);
  }
  return { people, rowPeople };
}

/** People by unit. */
export function peopleByUnit(
  geography: Geography,
  grid: GridParts,
  counted: GridPeople,
): Map<string, number> {
  const sums = new Float64Array(geography.units.length);
  let mixed = 0;
  for (let ordinal = 0; ordinal < grid.count; ordinal++) {
    while (grid.mixedOrdinal[mixed] < ordinal) mixed++;
    if (grid.mixedOrdinal[mixed] === ordinal) {
      for (let r = grid.mixedStart[mixed]; r < grid.mixedStart[mixed + 1]; r++) {
        sums[geography.parts[grid.mixedPart[r]].unit] += counted.rowPeople[r];
      }
    } else if (grid.centrePart[ordinal] !== NO_PART) {
      sums[geography.parts[grid.centrePart[ordinal]].unit] += counted.people[ordinal];
    }
  }
  return new Map(geography.units.map((unit, i) => [unit.id, sums[i]]));
}

/** Rows of a mixed cell with their share of its land, or of its waters where it has no land. */
export function landShares(grid: GridParts, m: number): [row: number, share: number][] {
  const from = grid.mixedStart[m];
  const to = grid.mixedStart[m + 1];
  let land = 0;
  let water = 0;
  for (let r = from; r < to; r++) {
    land += grid.mixedLandSamples[r];
    water += grid.mixedWaterSamples[r];
  }
  const rows: [number, number][] = [];
  for (let r = from; r < to; r++) {
    const share =
      land > 0
        ? grid.mixedLandSamples[r] / land
        : water > 0
          ? grid.mixedWaterSamples[r] / water
          : 1 / (to - from);
    rows.push([r, share]);
  }
  return rows;
}

function idString(halves: Uint32Array): string {
  return halves[1].toString(16) + halves[0].toString(16).padStart(8, '0');
}
