export { type Backhaul, type BackhaulModel, bentPipe, laserBackhaul } from './backhaul.ts';
export { competitionRingKm } from './competitionRing.ts';
export { type CompiledPolicy, compilePolicy, isSwitchedOffBySpeed } from './compiledPolicy.ts';
export type { Destinations } from './destinations.ts';
export { readElementFile, writeElementFile } from './elementFile.ts';
export { GENERATIONS, type GenerationCapacity } from './generationCapacity.ts';
export { allocateServiceMap, createScheduler, type Scheduler } from './scheduler.ts';
export { CELL_STATES, type CellState, type ServiceMap } from './serviceMap.ts';
export {
  DEFAULT_SERVICE_PARAMETERS,
  gsoAngleRadOf,
  type ServiceParameters,
  subscribersPerPersonOf,
  userMaskRadOf,
} from './serviceParameters.ts';
export {
  OPEN_POLICY,
  type PolicyRule,
  type ServiceAction,
  type ServicePolicy,
  TERMINAL_CLASSES,
  type TerminalClass,
} from './servicePolicy.ts';
export { isSlotStart, SLOT_S, slotNumber, slotStart, slotStarts } from './slots.ts';
export {
  allocateSky,
  createWorld,
  type PositionSource,
  type Sky,
  updateSky,
  type World,
  withFleet,
  withoutSatellites,
} from './world.ts';
export type { WorldFile } from './worldFile.ts';
