import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Papa from 'papaparse';
import { BeamkeeperError, formatInstant, type Instant, parseInstant } from '../orbits/index.ts';
import { readInputFile } from '../store/inputFile.ts';

const MAX_BYTES = 512e6;

/** Round trips that somebody measured in a place, ms. */
export interface MeasuredPlace {
  /** Territory code or name, or a probe's. */
  readonly place: string;
  /** Where a probe stands; null for a territory. */
  readonly spot: { readonly latDeg: number; readonly lonDeg: number } | null;
  readonly p50Ms: number;
  /** Below which the best fifth lies, and above which the worst: territories; or tenths: probes. */
  readonly bestMs: number | null;
  readonly worstMs: number | null;
  /** Measurements behind it; null where the file holds medians. */
  readonly count: number | null;
}

export interface MeasuredLatency {
  readonly kind: 'territories' | 'series';
  readonly file: string;
  readonly places: readonly MeasuredPlace[];
  /** When it was measured, and how that is known; null when nothing tells. */
  readonly at: { readonly instant: Instant; readonly from: string } | null;
  readonly columns: readonly string[];
  readonly notes: readonly string[];
}

const TERRITORY_COLUMNS =
  'iso_a3 iso3 iso_alpha3 alpha3 adm0_a3 iso_a2 iso2 alpha2 country_code country_iso cc iso country territory code name'.split(
    ' ',
  );
const MEDIAN_COLUMNS =
  'latency_ms_p50 latency_p50_ms latency_p50 p50_ms p50 median_ms median latency_median_ms latency_median median_latency_ms median_latency median_rtt_ms rtt_median_ms rtt_ms_p50 rtt_p50_ms latency_ms rtt_ms latency rtt'.split(
    ' ',
  );
/** The operator's own table calls the best fifth p80: fifths are told apart by their values. */
const FIFTH_COLUMNS = [
  ['latency_ms_p20', 'latency_ms_p80'],
  ['p20_ms', 'p80_ms'],
  ['p20', 'p80'],
] as const;
const TIME_COLUMNS =
  'unix_s unix_ms unix timestamp_ms timestamp time datetime date epoch ts t'.split(' ');
const RTT_COLUMNS =
  'rtt_ms rtt avg_ms rtt_avg_ms rtt_avg avg min_ms rtt_min_ms ping_ms ping latency_ms latency median_ms median ms'.split(
    ' ',
  );
const PROBE_COLUMNS = 'prb_id probe_id probe dish_id dish station node id'.split(' ');
const LAT_COLUMNS = 'lat latitude lat_deg latitude_deg'.split(' ');
const LON_COLUMNS = 'lon lng long longitude lon_deg longitude_deg'.split(' ');

/**
 * Reads what was measured: medians a territory, or a series of pings from one or more dishes. The
 * kind is told by the columns; comma, semicolon and tab part them; gzip is opened.
 *
 * @param dish where the series was measured, when the file does not say
 * @throws BeamkeeperError `MEASURED_COLUMNS` naming the columns found and those wanted,
 *   `MEASURED_EMPTY`, `MEASURED_DISH`
 */
export async function readMeasuredLatency(
  path: string,
  dish?: { readonly latDeg: number; readonly lonDeg: number },
): Promise<MeasuredLatency> {
  const { rows, columns } = await readRows(path);
  const find = (wanted: readonly string[]): string | undefined =>
    wanted.find(name => columns.includes(name));
  const territory = find(TERRITORY_COLUMNS);
  const median = find(MEDIAN_COLUMNS);
  const time = find(TIME_COLUMNS);
  const rtt = find(RTT_COLUMNS);
  if (time !== undefined && rtt !== undefined)
    return seriesOf(path, rows, columns, time, rtt, dish);
  if (territory !== undefined && median !== undefined) {
    return territoriesOf(path, rows, columns, territory, median);
  }
  throw new BeamkeeperError(
    'MEASURED_COLUMNS',
    `${path}: has the columns ${columns.join(', ') || '(none)'}; wanted are a territory (iso_a3, iso2, country, name …) with a median (latency_ms_p50, median_ms, p50 …), or a time (unix_s, timestamp, time …) with a round trip (rtt_ms, avg_ms, latency_ms …)`,
  );
}

/** A place named in a file: a territory, or where a terminal stands. */
export type NamedPlace =
  | { readonly kind: 'territory'; readonly text: string }
  | {
      readonly kind: 'spot';
      readonly name: string;
      readonly latDeg: number;
      readonly lonDeg: number;
    };

/**
 * Reads the places of a table: a column of territories, or columns of latitude and longitude with or
 * without names. A file of measurements will do, what was measured is not looked at.
 *
 * @throws BeamkeeperError `PLACES_COLUMNS`, `MEASURED_EMPTY`
 */
export async function readPlaces(path: string): Promise<NamedPlace[]> {
  const { rows, columns } = await readRows(path);
  const find = (wanted: readonly string[]): string | undefined =>
    wanted.find(name => columns.includes(name));
  const [lat, lon, id] = [find(LAT_COLUMNS), find(LON_COLUMNS), find(PROBE_COLUMNS)];
  if (lat !== undefined && lon !== undefined) {
    const label = columns.includes('name') ? 'name' : id;
    return rows.map((row, i) => {
      const [latDeg, lonDeg] = [numberOf(row[lat]), numberOf(row[lon])];
      if (latDeg === null || lonDeg === null || Math.abs(latDeg) > 90 || Math.abs(lonDeg) > 180) {
        throw new BeamkeeperError(
          'PLACE',
          `${path}: row ${i + 1} has no place: ${lat} "${row[lat]}", ${lon} "${row[lon]}"; give degrees within ±90 and ±180`,
        );
      }
      const name = label === undefined ? `${latDeg}°, ${lonDeg}°` : row[label];
      return { kind: 'spot', name, latDeg, lonDeg };
    });
  }
  const territory = find(TERRITORY_COLUMNS);
  if (territory !== undefined) {
    return rows.flatMap(row => {
      const text = row[territory]?.trim() ?? '';
      return text === '' ? [] : [{ kind: 'territory' as const, text }];
    });
  }
  throw new BeamkeeperError(
    'PLACES_COLUMNS',
    `${path}: has the columns ${columns.join(', ')}; wanted are a territory (iso_a3, country, name …), or lat and lon`,
  );
}

type Row = Readonly<Record<string, string>>;

async function readRows(path: string): Promise<{ rows: Row[]; columns: string[] }> {
  const bytes = await readInputFile(path, { maxBytes: MAX_BYTES });
  const { data, meta } = Papa.parse<Row>(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: 'greedy',
    comments: '#',
    transformHeader: name => name.trim().toLowerCase(),
  });
  const columns = (meta.fields ?? []).filter(name => name !== '');
  if (data.length === 0) {
    throw new BeamkeeperError(
      'MEASURED_EMPTY',
      columns.length === 0
        ? `${path}: is empty; give a CSV with a line of column names and rows of measurements`
        : `${path}: has a line of column names (${columns.join(', ')}) and no row of measurements`,
    );
  }
  return { rows: data, columns };
}

function territoriesOf(
  path: string,
  rows: readonly Row[],
  columns: readonly string[],
  territory: string,
  median: string,
): MeasuredLatency {
  const fifths = FIFTH_COLUMNS.find(names => names.every(name => columns.includes(name)));
  const places: MeasuredPlace[] = [];
  const notes: string[] = [];
  rows.forEach((row, i) => {
    const place = row[territory]?.trim() ?? '';
    const p50Ms = numberOf(row[median]);
    if (place === '' || p50Ms === null) {
      notes.push(`row ${i + 1} has no ${place === '' ? territory : median}: left out`);
      return;
    }
    const ends = fifths?.map(name => numberOf(row[name])) ?? [null, null];
    const [a, b] = ends;
    places.push({
      place,
      spot: null,
      p50Ms,
      bestMs: a === null || b === null ? null : Math.min(a, b),
      worstMs: a === null || b === null ? null : Math.max(a, b),
      count: null,
    });
  });
  requireSome(path, places, median);
  return {
    kind: 'territories',
    file: path,
    places,
    at: fromFileName(path),
    columns: [territory, median, ...(fifths ?? [])],
    notes: fewNotes(notes),
  };
}

async function seriesOf(
  path: string,
  rows: readonly Row[],
  columns: readonly string[],
  time: string,
  rtt: string,
  dish: { readonly latDeg: number; readonly lonDeg: number } | undefined,
): Promise<MeasuredLatency> {
  const find = (wanted: readonly string[]): string | undefined =>
    wanted.find(name => columns.includes(name));
  const probe = find(PROBE_COLUMNS);
  const lat = find(LAT_COLUMNS);
  const lon = find(LON_COLUMNS);
  const notes: string[] = [];
  const spots = new Map<string, { latDeg: number; lonDeg: number }>();
  if (dish === undefined && (lat === undefined || lon === undefined)) {
    const found = probe === undefined ? null : await readLocations(path);
    if (found === null) {
      throw new BeamkeeperError(
        'MEASURED_DISH',
        `${path}: does not say where it was measured; give --dish LAT,LON, columns lat and lon, or a file *locations.csv with ${probe ?? 'prb_id'}, lat, lon beside it`,
      );
    }
    notes.push(`places of the probes from ${found.file}`);
    for (const [id, spot] of found.spots) spots.set(id, spot);
  }
  const byProbe = new Map<string, number[]>();
  const times: number[] = [];
  let missing = 0;
  let homeless = 0;
  for (const row of rows) {
    const value = numberOf(row[rtt]);
    const seconds = secondsOf(row[time]);
    if (value === null || value <= 0) {
      missing++;
      continue;
    }
    const id = probe === undefined ? basename(path) : (row[probe]?.trim() ?? '');
    if (dish !== undefined) spots.set(id, dish);
    else if (lat !== undefined && lon !== undefined && !spots.has(id)) {
      const [latDeg, lonDeg] = [numberOf(row[lat]), numberOf(row[lon])];
      if (latDeg !== null && lonDeg !== null) spots.set(id, { latDeg, lonDeg });
    }
    if (!spots.has(id)) {
      homeless++;
      continue;
    }
    byProbe.set(id, [...(byProbe.get(id) ?? []), value]);
    if (seconds !== null) times.push(seconds);
  }
  if (missing > 0) notes.push(`${missing} of ${rows.length} rows have no round trip: left out`);
  if (homeless > 0)
    notes.push(`${homeless} of ${rows.length} rows are of probes without a place: left out`);
  const places = [...byProbe].map(([id, values]): MeasuredPlace => {
    const sorted = Float64Array.from(values).sort();
    return {
      place: id,
      spot: spots.get(id) as { latDeg: number; lonDeg: number },
      p50Ms: quantile(sorted, 0.5),
      bestMs: quantile(sorted, 0.1),
      worstMs: quantile(sorted, 0.9),
      count: sorted.length,
    };
  });
  requireSome(path, places, rtt);
  times.sort((a, b) => a - b);
  const middle = times[times.length >> 1];
  return {
    kind: 'series',
    file: path,
    places,
    at:
      middle === undefined
        ? fromFileName(path)
        : {
            instant: parseInstant(new Date(middle * 1000).toISOString()),
            from: `the middle of column ${time}`,
          },
    columns: [time, rtt, ...(probe === undefined ? [] : [probe])],
    notes: fewNotes(notes),
  };
}

/** A table of places beside the measurements: `*locations.csv` with an id, lat and lon. */
async function readLocations(
  path: string,
): Promise<{ file: string; spots: Map<string, { latDeg: number; lonDeg: number }> } | null> {
  const folder = dirname(path);
  const names = (await readdir(folder))
    .filter(name => /locations?\.csv(\.gz)?$/i.test(name))
    .sort();
  for (const name of names) {
    const { rows, columns } = await readRows(join(folder, name));
    const [id, lat, lon] = [PROBE_COLUMNS, LAT_COLUMNS, LON_COLUMNS].map(wanted =>
      wanted.find(column => columns.includes(column)),
    );
    if (id === undefined || lat === undefined || lon === undefined) continue;
    const spots = new Map<string, { latDeg: number; lonDeg: number }>();
    for (const row of rows) {
      const [latDeg, lonDeg] = [numberOf(row[lat]), numberOf(row[lon])];
      if (latDeg !== null && lonDeg !== null) spots.set(row[id].trim(), { latDeg, lonDeg });
    }
    return { file: name, spots };
  }
  return null;
}

function requireSome(path: string, places: readonly unknown[], column: string): void {
  if (places.length > 0) return;
  throw new BeamkeeperError(
    'MEASURED_EMPTY',
    `${path}: no row has a number in the column ${column}; milliseconds are wanted, such as 45.2`,
  );
}

/** A month or a day in a file's name: 2023-09, 2023_09_15, 202309. */
function fromFileName(path: string): MeasuredLatency['at'] {
  const name = basename(path);
  const [, year, month, day] =
    /(20[12]\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?([0-2]\d|3[01]))?(?!\d)/.exec(name) ?? [];
  if (year === undefined) return null;
  const instant = parseInstant(`${year}-${month}-${day ?? '15'}T00:00:00Z`);
  return {
    instant,
    from: `${formatInstant(instant).slice(0, day === undefined ? 7 : 10)} in the file's name`,
  };
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text.trim().replace(/^(\d+),(\d+)$/, '$1.$2'));
  return Number.isFinite(value) ? value : null;
}

/** Unix seconds, milliseconds, or a date with a time. */
function secondsOf(text: string | undefined): number | null {
  const value = numberOf(text);
  if (value !== null) {
    if (value > 1e12) return value / 1000;
    return value > 1e9 ? value : null;
  }
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text ?? '') ? (text ?? '') : `${text}Z`);
  return Number.isFinite(ms) ? ms / 1000 : null;
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

const MOST_NOTES = 5;

function fewNotes(notes: readonly string[]): string[] {
  return notes.length <= MOST_NOTES
    ? [...notes]
    : [...notes.slice(0, MOST_NOTES), `and ${notes.length - MOST_NOTES} more`];
}
