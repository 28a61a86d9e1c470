/**
 * Writes data/constellations/*.csv: fleets as flown from real catalogues, and designs as filed.
 *
 *     node scripts/make-fleet-tables.ts [FOLDER_OF_CATALOGUES]
 *
 * The results are committed; the catalogues are not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  constellationCode,
  designElementSets,
  type ElementSet,
  type FleetPlane,
  type FleetTable,
  fleetTableOf,
  type Instant,
  parseDesign,
  parseInstant,
  readCatalogue,
  type SatelliteGeneration,
  writeFleetTable,
} from '../src/orbits/index.ts';
import { sharedPath } from '../src/store/sharedData.ts';

const EPOCH_DAY = '2026-08-22';
const EPOCH = noonOf(EPOCH_DAY);
/** Other days for which there is a catalogue of Starlink: what was measured then is compared with the fleet of then. */
const STARLINK_DAYS = ['2021-11-18', '2023-07-30', '2023-12-02', '2024-11-27', '2025-09-20'];
const ROW =
  'one row: satellites of one generation that share inclination, mean motion and node; their arguments of latitude at the epoch';

const FLOWN: readonly { name: string; file: string; what: string; pick: RegExp; day?: string }[] = [
  ...STARLINK_DAYS.map(day => ({
    name: `starlink-${day.slice(0, 7)}`,
    file: `starlink-${day}.3le.gz`,
    what: 'Starlink',
    pick: /./,
    day,
  })),
  { name: 'starlink-2026-08', file: 'starlink-2026-08-22.3le.gz', what: 'Starlink', pick: /./ },
  { name: 'oneweb-2026-08', file: 'oneweb-2026-08-22.3le.gz', what: 'OneWeb', pick: /./ },
  { name: 'kuiper-2026-08', file: 'kuiper-2026-08-22.3le.gz', what: 'Kuiper', pick: /./ },
  {
    name: 'guowang-2026-08',
    file: 'china-mega-2026-08-22.3le.gz',
    what: 'Guowang',
    pick: /^(HULIANWANG|GUOWANG)/,
  },
  {
    name: 'qianfan-2026-08',
    file: 'china-mega-2026-08-22.3le.gz',
    what: 'Qianfan',
    pick: /^QIANFAN/,
  },
];

interface FiledShell {
  readonly code: string;
  readonly generation: SatelliteGeneration;
}

/** Filings give altitude, inclination, planes and satellites; the phasing F is our assumption. */
const FILED: readonly { name: string; about: readonly string[]; shells: readonly FiledShell[] }[] =
  [
    {
      name: 'starlink-gen1-filed',
      about: [
        'Starlink, first generation as last modified before the regulator; nothing flies so today',
        'source: FCC SAT-MOD-20200417-00037; phasing 39 of the 72-plane shells guessed by DisCoRoute 2022, that of the others assumed',
      ],
      shells: [
        { code: 'D:550:53:1584/72/39', generation: 'v1.0' },
        { code: 'D:540:53.2:1584/72/39', generation: 'v1.5' },
        { code: 'D:570:70:720/36/11', generation: 'v1.5' },
        { code: 'D:560:97.6:348/6/1', generation: 'v1.5' },
        { code: 'D:560:97.6:172/4/1', generation: 'v1.5' },
      ],
    },
    {
      name: 'kuiper-k1-filed',
      about: [
        'Kuiper, first system as filed',
        'source: FCC SAT-LOA-20190704-00057 (34×34 at 630 km, 36×36 at 610 km, 28×28 at 590 km); phasing 1 assumed',
      ],
      shells: [
        { code: 'D:630:51.9:1156/34/1', generation: 'kuiper' },
        { code: 'D:610:42:1296/36/1', generation: 'kuiper' },
        { code: 'D:590:33:784/28/1', generation: 'kuiper' },
      ],
    },
  ];

const folder = process.argv[2] ?? sharedPath('data/orbits');
for (const { name, file, what, pick, day = EPOCH_DAY } of FLOWN) {
  const { records } = readCatalogue(readFileSync(join(folder, file)), file);
  const fleet = records.filter(record => pick.test(record.name));
  write(
    fleetTableOf(fleet, {
      name,
      about: [
        `${what} as flown on ${day}, plane by plane: ${fleet.length} satellites, those in flux between shells included`,
        'source: derived from element sets of the US Space Force, published by CelesTrak (fair use, attribution); made by scripts/make-fleet-tables.ts',
        ROW,
      ],
      epoch: noonOf(day),
    }),
    fleet.length,
  );
}
for (const { name, about, shells } of FILED) {
  const planes = shells.flatMap(shell => planesOf(shell));
  const count = planes.reduce((sum, plane) => sum + plane.argLatDeg.length, 0);
  const codes = constellationCode(shells.flatMap(shell => parseDesign(shell.code)));
  write(
    {
      name,
      about: [`${about[0]}: ${count} satellites`, ...about.slice(1), `code: ${codes}`, ROW],
      epoch: EPOCH,
      planes,
    },
    count,
  );
}

function noonOf(day: string): Instant {
  return parseInstant(`${day}T12:00:00Z`);
}

function planesOf({ code, generation }: FiledShell): FleetPlane[] {
  const byNode = new Map<number, ElementSet[]>();
  for (const set of designElementSets(parseDesign(code), { epoch: EPOCH })) {
    byNode.set(set.raanDeg, [...(byNode.get(set.raanDeg) ?? []), set]);
  }
  const [shell] = parseDesign(code);
  return Array.from(byNode, ([raanDeg, sets]) => ({
    shell: `${shell.inclinationDeg}@${shell.altitudeKm}`,
    generation,
    inclinationDeg: shell.inclinationDeg,
    meanMotion: Number(sets[0].meanMotion.toFixed(6)),
    raanDeg: Number(raanDeg.toFixed(4)),
    argLatDeg: sets.map(set => Number(set.meanAnomalyDeg.toFixed(3)) % 360).sort((a, b) => a - b),
  }));
}

function write(table: FleetTable, count: number): void {
  writeFileSync(
    new URL(`../data/constellations/${table.name}.csv`, import.meta.url),
    writeFleetTable(table),
  );
  console.info(`${table.name}: ${count} satellites in ${table.planes.length} rows`);
}
