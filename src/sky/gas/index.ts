export {
  type AirColumn,
  gasAttenuationDb,
  REFERENCE_COLUMN,
  zenithOxygenAttenuationDb,
  zenithVapourAttenuationDb,
} from './slantGasAttenuation.ts';
export {
  type Air,
  REFERENCE_AIR,
  type SpecificGasAttenuation,
  specificGasAttenuation,
  vapourPressureHpa,
} from './specificGasAttenuation.ts';
