export { type Candidates, createCandidateSearch } from './candidateSearch.ts';
export {
  type CellGroups,
  type GroundGeometry,
  groundGeometry,
  groupCells,
  VERTICAL_DEFLECTION_RAD,
} from './cellGeometry.ts';
export {
  centralAngleRad,
  EARTH_RADIUS_KM,
  footprintRadiusKm,
  greatCircleKm,
  meanInViewOfShell,
  nadirAngleRad,
  roundTripMs,
  SPEED_OF_LIGHT_KM_S,
  slantRangeKm,
} from './geometry.ts';
export { gsoArcAngleRad } from './gsoArc.ts';
export { sinElevationOf, spectralEfficiency } from './spectralEfficiency.ts';
export {
  createUserLinkFinder,
  type LinkBlock,
  type UserLinkFinder,
  type UserLinkRules,
} from './userLinks.ts';
