import { readFileSync } from 'node:fs';
import { readCsvTable } from '../earth/csvTable.ts';
import { packageFile } from './packageFiles.ts';

const FILE = 'data/places/hypatia-cities.csv';

/** A city where Hypatia has it, geodetic degrees. */
export interface HypatiaCity {
  readonly name: string;
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** Cities of Hypatia's list of 100 whose coordinates are known here. */
export function hypatiaCities(): HypatiaCity[] {
  const table = readFileSync(packageFile(FILE), 'utf8');
  return readCsvTable(table, FILE, ['name', 'lat', 'lon']).map(({ fields }) => ({
    name: fields['name'],
    latDeg: Number(fields['lat']),
    lonDeg: Number(fields['lon']),
  }));
}
