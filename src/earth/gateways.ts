import { BeamkeeperError } from '../orbits/error.ts';
import { readCsvTable } from './csvTable.ts';

/** Ground stations, structure of arrays. Geodetic WGS84, radians. */
export interface Gateways {
  readonly count: number;
  readonly name: string[];
  readonly latRad: Float64Array;
  readonly lonRad: Float64Array;
  /** Id of the territory whose land it stands on (ISO 3166-1 alpha-3). */
  readonly country: string[];
  /** As in the table: operational, planned …; `assumed` for those that nobody lists. */
  readonly status: string[];
  readonly isOperational: Uint8Array;
  /** Decimal year from which it is in use; -Infinity where nothing is known. */
  readonly sinceYear?: Float64Array;
}

/**
 * Gateways from a table with the columns name, lat, lon (degrees), country and status, such as
 * data/gateways/starlink.csv. Rows of another `type` than `gateway` are left out when there is one.
 *
 * @throws BeamkeeperError `GATEWAY` with file and line when a coordinate is none.
 */
export function readGateways(csv: string, source: string): Gateways {
  const rows = readCsvTable(csv, source, ['name', 'lat', 'lon', 'country', 'status']).filter(
    row => (row.fields['type'] ?? 'gateway') === 'gateway',
  );
  const count = rows.length;
  const gateways: Gateways = {
    count,
    name: [],
    latRad: new Float64Array(count),
    lonRad: new Float64Array(count),
    country: [],
    status: [],
    isOperational: new Uint8Array(count),
    sinceYear: Float64Array.from(rows, row => year(row.fields['since'], source, row.line)),
  };
  rows.forEach((row, i) => {
    const { latRad, lonRad } = coordinates(row.fields['lat'], row.fields['lon'], source, row.line);
    gateways.name.push(row.fields['name']);
    gateways.latRad[i] = latRad;
    gateways.lonRad[i] = lonRad;
    gateways.country.push(row.fields['country']);
    gateways.status.push(row.fields['status']);
    gateways.isOperational[i] = row.fields['status'] === 'operational' ? 1 : 0;
  });
  return gateways;
}

/** Where an operator's traffic meets the internet. Geodetic WGS84, radians. */
export interface PointsOfPresence {
  readonly count: number;
  readonly operator: string[];
  readonly code: string[];
  readonly city: string[];
  readonly latRad: Float64Array;
  readonly lonRad: Float64Array;
  readonly country: string[];
  /** Decimal year from which it serves the public; -Infinity where nothing is known. */
  readonly sinceYear: Float64Array;
  /** 1 for sites of one customer or of the operator itself. */
  readonly isPrivate: Uint8Array;
}

/** data/gateways/points-of-presence.csv */
export function readPointsOfPresence(csv: string, source: string): PointsOfPresence {
  const rows = readCsvTable(csv, source, ['operator', 'code', 'city', 'lat', 'lon', 'country']);
  const points = rows.map(row =>
    coordinates(row.fields['lat'], row.fields['lon'], source, row.line),
  );
  return {
    count: rows.length,
    operator: rows.map(row => row.fields['operator']),
    code: rows.map(row => row.fields['code']),
    city: rows.map(row => row.fields['city']),
    latRad: Float64Array.from(points, point => point.latRad),
    lonRad: Float64Array.from(points, point => point.lonRad),
    country: rows.map(row => row.fields['country']),
    sinceYear: Float64Array.from(rows, row => year(row.fields['since'], source, row.line)),
    isPrivate: Uint8Array.from(rows, row => (row.fields['private'] === '1' ? 1 : 0)),
  };
}

/** The gateways as they were in a year: who came later is not operational yet. */
export function gatewaysIn(year: number, gateways: Gateways): Gateways {
  const { sinceYear } = gateways;
  if (sinceYear === undefined) return gateways;
  return {
    ...gateways,
    isOperational: gateways.isOperational.map((flag, g) => (sinceYear[g] > year ? 0 : flag)),
  };
}

/**
 * A point of presence that serves the public has a gateway: where none is listed within reach of a
 * satellite above it (the lists are of filings and of crowds, and have gaps), one is assumed at its
 * side, with the status `assumed` [A].
 *
 * @param reachKm the footprint of a satellite
 */
export function withAssumedGateways(
  gateways: Gateways,
  pops: PointsOfPresence,
  year: number,
  reachKm: number,
): Gateways {
  const cosReach = Math.cos(reachKm / MEAN_RADIUS_KM);
  const missing: number[] = [];
  for (let pop = 0; pop < pops.count; pop++) {
    if (pops.isPrivate[pop] === 1 || pops.sinceYear[pop] > year) continue;
    let isServed = false;
    for (let g = 0; g < gateways.count && !isServed; g++) {
      isServed =
        gateways.isOperational[g] === 1 &&
        cosBetween(gateways.latRad[g], gateways.lonRad[g], pops.latRad[pop], pops.lonRad[pop]) >=
          cosReach;
    }
    const isDouble = missing.some(
      other =>
        cosBetween(pops.latRad[other], pops.lonRad[other], pops.latRad[pop], pops.lonRad[pop]) >=
        cosReach,
    );
    if (!isServed && !isDouble) missing.push(pop);
  }
  return {
    count: gateways.count + missing.length,
    name: [...gateways.name, ...missing.map(pop => `${pops.city[pop]} (assumed)`)],
    latRad: Float64Array.from([...gateways.latRad, ...missing.map(pop => pops.latRad[pop])]),
    lonRad: Float64Array.from([...gateways.lonRad, ...missing.map(pop => pops.lonRad[pop])]),
    country: [...gateways.country, ...missing.map(pop => pops.country[pop])],
    status: [...gateways.status, ...missing.map(() => 'assumed')],
    isOperational: Uint8Array.from([...gateways.isOperational, ...missing.map(() => 1)]),
  };
}

const MEAN_RADIUS_KM = 6371.0088;

function cosBetween(latA: number, lonA: number, latB: number, lonB: number): number {
  return Math.sin(latA) * Math.sin(latB) + Math.cos(latA) * Math.cos(latB) * Math.cos(lonA - lonB);
}

function year(text: string | undefined, source: string, line: number): number {
  if (text === undefined || text === '') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (value > 1957 && value < 2200) return value;
  throw new BeamkeeperError(
    'GATEWAY',
    `${source}:${line}: since "${text}" is no year; give one like 2024.5`,
  );
}

function coordinates(
  lat: string,
  lon: string,
  source: string,
  line: number,
): { latRad: number; lonRad: number } {
  const latDeg = lat === '' ? Number.NaN : Number(lat);
  const lonDeg = lon === '' ? Number.NaN : Number(lon);
  if (!(Math.abs(latDeg) <= 90) || !(Math.abs(lonDeg) <= 180)) {
    throw new BeamkeeperError(
      'GATEWAY',
      `${source}:${line}: latitude "${lat}", longitude "${lon}" is no place on Earth; give degrees`,
    );
  }
  return { latRad: (latDeg * Math.PI) / 180, lonRad: (lonDeg * Math.PI) / 180 };
}
