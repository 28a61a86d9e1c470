export { type Candidates, createCandidateSearch } from './candidateSearch.ts';
export {
  type CellGroups,
  type GroundGeometry,
  groundGeometry,
  groupCells,
} from './cellGeometry.ts';
export { allocateBackhaul, type Backhaul, nearestGateways } from './gatewayLinks.ts';
export {
  centralAngleRad,
  EARTH_RADIUS_KM,
  footprintRadiusKm,
  meanInViewOfShell,
  nadirAngleRad,
  roundTripMs,
  slantRangeKm,
} from './geometry.ts';
export { gsoArcAngleRad } from './gsoArc.ts';
export {
  createUserLinkFinder,
  type LinkBlock,
  type UserLinkFinder,
  type UserLinkRules,
} from './userLinks.ts';
