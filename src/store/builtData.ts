import { existsSync, readFileSync } from 'node:fs';
import {
  type CellTable,
  cellsFile,
  type Gateways,
  type PeopleChoice,
  readCellTable,
  readGateways,
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

/** An operator's gateways, from data/gateways/. */
export function builtGateways(list: GatewayList): Gateways {
  const name = `data/gateways/${list}.csv`;
  return readGateways(readFileSync(packageFile(name), 'utf8'), name);
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
