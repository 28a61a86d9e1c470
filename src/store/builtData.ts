import { existsSync, readFileSync } from 'node:fs';
import type { Territory } from '../control/index.ts';
import {
  type CellTable,
  cellsFile,
  type Gateways,
  type PeopleChoice,
  type PointsOfPresence,
  readCellTable,
  readCsvTable,
  readGateways,
  readPointsOfPresence,
  readTerritories,
  TERRITORIES_FILE,
  type TerritoryIndex,
  type UserPeople,
  type View,
} from '../earth/index.ts';
import { BeamkeeperError } from '../orbits/error.ts';
import { packageFile } from './packageFiles.ts';

/** Operators whose gateways are known: a table each in data/gateways/. */
export const GATEWAY_LISTS = ['starlink', 'oneweb'] as const;
export type GatewayList = (typeof GATEWAY_LISTS)[number];

/** The territories of the Earth in a view (`de-facto` when none is given). */
export function builtTerritories(view?: View): TerritoryIndex {
  return readTerritories(builtFile(TERRITORIES_FILE), view === undefined ? {} : { view });
}

/** The cells of one resolution as built into `dist/data`, with people and territories. */
export function builtCells(
  resolution: number,
  options: {
    readonly people: PeopleChoice | UserPeople;
    readonly populatedOnly: boolean;
    readonly territories?: TerritoryIndex;
  },
): CellTable {
  return readCellTable(builtFile(cellsFile(resolution)), options);
}

/** Where `build:data` puts the outlines. */
export const OUTLINES_FILE = 'outlines.json';

let outlines: readonly Territory[] | undefined;

/** Every territory and disputed area that has a cell, as the log takes it in: version 1, `de-facto`. */
export function builtOutlines(): readonly Territory[] {
  outlines ??= JSON.parse(new TextDecoder().decode(builtFile(OUTLINES_FILE))) as Territory[];
  return outlines;
}

/** An operator's gateways, from data/gateways/. */
export function builtGateways(list: GatewayList): Gateways {
  const name = `data/gateways/${list}.csv`;
  return readGateways(readFileSync(packageFile(name), 'utf8'), name);
}

/** Points of presence of one operator, from data/gateways/. */
export function builtPointsOfPresence(operator: GatewayList): PointsOfPresence {
  const name = 'data/gateways/points-of-presence.csv';
  const all = readPointsOfPresence(readFileSync(packageFile(name), 'utf8'), name);
  const rows = all.operator.flatMap((one, i) => (one === operator ? [i] : []));
  const strings = (column: readonly string[]): string[] => rows.map(i => column[i]);
  return {
    count: rows.length,
    operator: strings(all.operator),
    code: strings(all.code),
    city: strings(all.city),
    country: strings(all.country),
    latRad: Float64Array.from(rows, i => all.latRad[i]),
    lonRad: Float64Array.from(rows, i => all.lonRad[i]),
    sinceYear: Float64Array.from(rows, i => all.sinceYear[i]),
    isPrivate: Uint8Array.from(rows, i => all.isPrivate[i]),
  };
}

/** Which point of presence was seen to serve probes of which country, in `PROBES_SEEN_YEAR`. */
export function builtSeenPointsOfPresence(): { code: string; country: string }[] {
  const name = 'data/gateways/starlink-probe-pop.csv';
  const text = readFileSync(packageFile(name), 'utf8');
  return readCsvTable(text, name, ['pop', 'country']).map(({ fields }) => ({
    code: fields['pop'],
    country: fields['country'],
  }));
}

function builtFile(name: string): Uint8Array {
  const path = packageFile(`dist/data/${name}`);
  if (!existsSync(path)) {
    throw new BeamkeeperError(
      'DATA_MISSING',
      `the cell data is not built (${path} is missing): run \`npm run build:data\``,
      { isBadInput: false },
    );
  }
  return readFileSync(path);
}
