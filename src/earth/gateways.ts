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
  /** As in the table: operational, planned … */
  readonly status: string[];
  readonly isOperational: Uint8Array;
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
  };
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
