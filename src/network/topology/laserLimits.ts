import { EARTH_RADIUS_KM } from '../../sky/index.ts';

/** What a laser link must keep to. */
export interface LaserLimits {
  /** Longest link, km; Infinity when only the Earth is in the way. */
  readonly maxRangeKm: number;
  /** Least height of the beam over a sphere of the equatorial radius, km; -Infinity to ignore the Earth. */
  readonly minTangentHeightKm: number;
}

/** 80 km: below it the atmosphere bends and scatters the beam (Bhattacherjee & Singla 2019; network.md §6). */
export const LASER_TANGENT_HEIGHT_KM = 80;

/** Any distance, as long as the beam stays 80 km above the Earth. */
export const CLEAR_OF_THE_EARTH: LaserLimits = {
  maxRangeKm: Number.POSITIVE_INFINITY,
  minTangentHeightKm: LASER_TANGENT_HEIGHT_KM,
};

/** Longest link, km, between two satellites at one altitude whose beam stays `tangentHeightKm` up. */
export function laserRangeKm(altitudeKm: number, tangentHeightKm: number): number {
  const orbit = EARTH_RADIUS_KM + altitudeKm;
  const tangent = EARTH_RADIUS_KM + tangentHeightKm;
  return 2 * Math.sqrt(orbit * orbit - tangent * tangent);
}
