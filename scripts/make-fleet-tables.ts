/**
 * Writes data/constellations/*.csv from real catalogues: `node scripts/make-fleet-tables.ts FOLDER`
 * with the folder of the catalogue files. The results are committed; the catalogues are not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetTableOf, parseInstant, readCatalogue, writeFleetTable } from '../src/orbits/index.ts';

const TABLES = [
  { name: 'starlink-2026-08', file: 'starlink-2026-08-22.3le.gz', what: 'Starlink as flown' },
  { name: 'oneweb-2026-08', file: 'oneweb-2026-08-22.3le.gz', what: 'Eutelsat OneWeb as flown' },
  { name: 'kuiper-2026-08', file: 'kuiper-2026-08-22.3le.gz', what: 'Amazon Kuiper as flown' },
  {
    name: 'china-2026-08',
    file: 'china-mega-2026-08-22.3le.gz',
    what: 'Guowang and Qianfan as flown',
  },
];

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node scripts/make-fleet-tables.ts FOLDER_OF_CATALOGUES');
  process.exit(2);
}
for (const { name, file, what } of TABLES) {
  const { records } = readCatalogue(readFileSync(join(folder, file)), file);
  const table = fleetTableOf(records, {
    name,
    about: [
      `${what}, plane by plane: ${records.length} satellites, shells in flux included`,
      'source: derived from the element sets of 2026-08-22 (US Space Force via CelesTrak); made by scripts/make-fleet-tables.ts',
      'each row: satellites of one generation that share inclination, mean motion and node; arguments of latitude in degrees',
    ],
    epoch: parseInstant('2026-08-22T12:00:00Z'),
  });
  const path = new URL(`../data/constellations/${name}.csv`, import.meta.url);
  writeFileSync(path, writeFleetTable(table));
  console.info(`${name}: ${records.length} satellites in ${table.planes.length} rows`);
}
