export { type RainPath, rainAttenuationDb } from './rainAttenuation.ts';
export { rainHeightKm, slantPathInRainKm } from './slantPath.ts';
export {
  linearRainCoefficients,
  type RainCoefficients,
  rainCoefficients,
} from './specificRainAttenuation.ts';
