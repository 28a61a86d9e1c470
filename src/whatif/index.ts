export {
  type Coverage,
  type CoverageCells,
  type CoverageRun,
  createCoverage,
} from './coverage.ts';
export type {
  Impact,
  ImpactCells,
  ImpactSlot,
  ImpactTotals,
  NeighbourImpact,
} from './impact.ts';
export { scopeCells, takeCells, takeMembership } from './scope.ts';
export { createWhatIf, type WhatIfInput, type WhatIfRun } from './whatIf.ts';
