import { existsSync, readFileSync } from 'node:fs';
import {
  crossPolarDiscriminationDb,
  type RainPath,
  rainAttenuationDb,
  scintillationFadeDb,
  totalAttenuationDb,
} from '../../sky/rain/index.ts';
import { sharedPath } from '../../store/sharedData.ts';
import { compare, type PublishedResult, skip, type ValidationRow } from './publishedResult.ts';

const DEG = Math.PI / 180;
/** Relative. */
const TOLERANCE = 1e-6;

const FOLDER = 'vectors/itu-p618';

type Row = Readonly<Record<string, number>>;

/** The rows of network.md §5, always here: latitude, hs, f, elevation, p, R0.01, slant length, attenuation. */
const KEPT_ROWS = [
  [51.5, 0.031382984, 14.25, 31.07699124, 1, 26.48052, 4.690817392, 0.495317069],
  [41.9, 0.046122988, 14.25, 40.232036, 0.1, 33.936232, 4.646913874, 2.696765133],
  [41.9, 0.046122988, 29, 40.232036, 0.1, 33.936232, 4.646913874, 10.73100773],
  [25.78, 0.00861728, 29, 52.67898486, 0.001, 78.2994993, 5.735098894, 93.39562548],
] as const;

interface VectorFile {
  readonly name: string;
  readonly what: string;
  readonly rowCount: number;
  readonly column: string;
  readonly ours: (row: Row) => number;
}

const rainDb = (row: Row): number => rainAttenuationDb(rainPathOf(row), row['p']);

const xpdDb = (row: Row): number =>
  crossPolarDiscriminationDb(
    {
      frequencyGHz: row['f'],
      elevationRad: row['el'] * DEG,
      polarisationTiltRad: row['tau'] * DEG,
    },
    row['Ap'],
    row['p'],
  );

const scintillationDb = (row: Row): number =>
  scintillationFadeDb(
    {
      frequencyGHz: row['f'],
      elevationRad: row['el'] * DEG,
      antennaDiameterM: row['D'],
      antennaEfficiency: row['eta'],
      wetRefractivity: row['N_wet'] ?? wetRefractivityAt(row),
    },
    row['p'],
  );

const totalDb = (row: Row): number =>
  totalAttenuationDb({
    gasDb: row['A_gas_1'],
    cloudDb: row['A_clouds_1'],
    rainDb: row['A_rain'],
    scintillationDb: row['A_scin'],
  });

const RAIN = { what: 'rain attenuation', rowCount: 64, column: 'A_rain', ours: rainDb };
const XPD = { what: 'cross-polar discrimination', rowCount: 64, column: 'XPD', ours: xpdDb };
const SCINTILLATION = { what: 'scintillation', column: 'A_scin', ours: scintillationDb };

/** The totals of P.618-14 come without their parts (gas and cloud by the maps of P.836 and P.840). */
const FILES: readonly VectorFile[] = [
  { ...RAIN, name: 'ITURP618-13_A_rain' },
  { ...RAIN, name: 'ITURP618-14_A_rain' },
  { ...SCINTILLATION, name: 'ITURP618-13_A_sci', rowCount: 64 },
  { ...SCINTILLATION, name: 'ITURP618-14_A_sci', rowCount: 48 },
  { ...XPD, name: 'ITURP618-13_A_xpd' },
  { ...XPD, name: 'ITURP618-14_A_xpd' },
  {
    name: 'ITURP618-13_A_total',
    what: 'total from its parts',
    rowCount: 64,
    column: 'A_total',
    ours: totalDb,
  },
];

export const ituP618: PublishedResult = {
  id: 'N13',
  title: 'Attenuation on a slant path',
  source: 'ITU-R P.618-13 and -14: the validation examples of Study Group 3',
  conditions: 'rain height from the slant length given; tolerance 1e-6 of the value',
  rows: async () => [...keptRows(), ...FILES.map(fileRow)],
};

function keptRows(): ValidationRow[] {
  return KEPT_ROWS.map(([lat, hs, f, el, p, r001, ls, published]) =>
    compare(
      {
        what: `rain, ${lat}° N, ${f} GHz, ${p} %`,
        unit: 'dB',
        published,
        tolerance: TOLERANCE * published,
      },
      rainDb({ lat, hs, f, el, p, R001: r001, Ls: ls, tau: 0 }),
    ),
  );
}

/** All rows of a file as one: the worst of their relative differences. */
function fileRow(file: VectorFile): ValidationRow {
  const figure = {
    what: `${file.what}, worst of ${file.rowCount} rows of ${file.name}`,
    unit: 'relative',
    published: 0,
    tolerance: TOLERANCE,
  };
  if (!existsSync(vectorPath(file.name))) {
    return skip(figure, `data not here: ${FOLDER}`);
  }
  const rows = rowsOf(file.name);
  if (rows.length !== file.rowCount) {
    return { ...compare(figure, Number.NaN), note: `${rows.length} rows instead` };
  }
  // `max` hands on what is not a number, so that such a row fails.
  return compare(
    figure,
    Math.max(...rows.map(row => Math.abs(file.ours(row) / row[file.column] - 1))),
  );
}

function rainPathOf(row: Row): RainPath {
  return {
    latRad: row['lat'] * DEG,
    stationHeightKm: row['hs'],
    // The files give the slant length L_s instead of the rain height; all are above 5°.
    rainHeightKm: row['hs'] + row['Ls'] * Math.sin(row['el'] * DEG),
    frequencyGHz: row['f'],
    elevationRad: row['el'] * DEG,
    polarisationTiltRad: row['tau'] * DEG,
    rainRate001MmPerH: row['R001'],
  };
}

/**
 * The newer file leaves it out: it is that of the same place in the older. (The same column of
 * …_A_rain.csv is for 20 GHz where the row says 29, and so is not taken.)
 */
function wetRefractivityAt(row: Row): number {
  const place = rowsOf('ITURP618-13_A_sci').find(
    other => other['lat'] === row['lat'] && other['lon'] === row['lon'],
  );
  return place?.['N_wet'] ?? Number.NaN;
}

/** The rows of a validation file; its second line holds units. */
function rowsOf(name: string): Row[] {
  const text = readFileSync(vectorPath(name), 'latin1');
  const [head, , ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(',').map(field => field.trim());
  return lines.map(line => {
    const fields = line.split(',').map(Number);
    return Object.fromEntries(names.map((column, k) => [column, fields[k]]));
  });
}

function vectorPath(name: string): string {
  return sharedPath(`${FOLDER}/${name}.csv`);
}
