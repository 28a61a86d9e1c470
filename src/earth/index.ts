export {
  type CellParts,
  type CellTable,
  type EdgeRule,
  type Membership,
  NO_TERRITORY,
} from './cellTable.ts';
export { readCsvTable } from './csvTable.ts';
export { findTerritory } from './findTerritory.ts';
export {
  type Gateways,
  gatewaysIn,
  type PointsOfPresence,
  readGateways,
  readPointsOfPresence,
  withAssumedGateways,
} from './gateways.ts';
export { cellsByEdge, outsideTerritoryOf } from './membership.ts';
export { membershipOf } from './membershipOf.ts';
export { readPeopleCsv } from './peopleCsv.ts';
export { type Polygon, readPolygon } from './polygon.ts';
export {
  CELL_RESOLUTIONS,
  cellsFile,
  PEOPLE_SOURCES,
  type PeopleChoice,
  type PeopleColumn,
  readCellTable,
  type UserPeople,
} from './readCellTable.ts';
export {
  DEFAULT_VIEW,
  type DisputedArea,
  readTerritories,
  TERRITORIES_FILE,
  type Territory,
  type TerritoryIndex,
  type View,
} from './territories.ts';
export { cellsByCentrePart, type TerritoryOutline, territoryOutline } from './territoryOutline.ts';
