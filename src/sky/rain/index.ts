export { crossPolarDiscriminationDb } from './crossPolarisation.ts';
export { type RainPath, rainAttenuationDb } from './rainAttenuation.ts';
export { rainHeightByLatitudeKm } from './rainHeightByLatitude.ts';
export { type ScintillationPath, scintillationFadeDb } from './scintillation.ts';
export { rainHeightKm, slantPathInRainKm } from './slantPath.ts';
export {
  linearRainCoefficients,
  type RainCoefficients,
  rainCoefficients,
} from './specificRainAttenuation.ts';
export { type AttenuationParts, totalAttenuationDb } from './totalAttenuation.ts';
