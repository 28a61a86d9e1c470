import type { ElementSet } from '../orbits/elementSet.ts';
import { createPropagator } from '../orbits/index.ts';
import { addSeconds, type Instant, secondsBetween } from '../orbits/instant.ts';
import { allocatePositionsEcef, type PositionsEcef } from '../orbits/positions.ts';
import { type GroundGeometry, groundGeometry } from '../sky/index.ts';

/** One satellite's way over a place, above a given elevation. */
export interface Pass {
  /** Index into the element sets. */
  readonly satelliteIndex: number;
  /** Above the mask from `rise` to `set`; cut at the ends of the searched time. */
  readonly rise: Instant;
  readonly peak: Instant;
  readonly set: Instant;
  readonly maxElevationRad: number;
  readonly riseAzimuthRad: number;
  readonly setAzimuthRad: number;
  readonly minSlantKm: number;
}

/** Coarse step of the search, s: a pass of a satellite at 350 km that stays above a mask for less can be missed. */
const SEARCH_STEP_S = 20;
const REFINED_S = 0.01;

/**
 * Passes over a place, by rise time. Geodetic coordinates (WGS84), elevation over the geodetic
 * horizon, no refraction. Times are found to 0.01 s by bisection on SGP4 itself.
 */
export function passesOver(input: {
  records: readonly ElementSet[];
  latRad: number;
  lonRad: number;
  from: Instant;
  forS: number;
  minElevationRad: number;
  /** Called with the share done, 0…1, and may throw to cancel. */
  onProgress?: (share: number) => void;
}): Pass[] {
  const { records, from, forS, minElevationRad } = input;
  const ground = groundGeometry(Float64Array.of(input.latRad), Float64Array.of(input.lonRad));
  const all = createPropagator(records);
  const positions = allocatePositionsEcef(records.length);
  const sinMask = Math.sin(minElevationRad);
  const open = new Map<number, number[]>();
  const spans: { satelliteIndex: number; secondsUp: number[] }[] = [];
  const steps = Math.max(1, Math.ceil(forS / SEARCH_STEP_S));
  for (let k = 0; k <= steps; k++) {
    const second = Math.min(forS, k * SEARCH_STEP_S);
    all.positionsEcef(addSeconds(from, second), positions);
    for (let s = 0; s < records.length; s++) {
      const isUp = sinElevation(ground, positions, s) >= sinMask;
      const span = open.get(s);
      if (isUp && span) span.push(second);
      else if (isUp) open.set(s, [second]);
      else if (span) {
        spans.push({ satelliteIndex: s, secondsUp: span });
        open.delete(s);
      }
    }
    input.onProgress?.(k / steps);
  }
  for (const [satelliteIndex, secondsUp] of open) spans.push({ satelliteIndex, secondsUp });

  return spans
    .map(({ satelliteIndex, secondsUp }) => {
      const one = createPropagator([records[satelliteIndex]]);
      const position = allocatePositionsEcef(1);
      const at = (second: number): number => {
        one.positionsEcef(addSeconds(from, second), position);
        return sinElevation(ground, position, 0);
      };
      const first = secondsUp[0];
      const last = secondsUp[secondsUp.length - 1];
      const rise = first === 0 ? 0 : crossing(at, first - SEARCH_STEP_S, first, sinMask);
      const set =
        last >= forS ? forS : crossing(at, Math.min(forS, last + SEARCH_STEP_S), last, sinMask);
      const peak = highest(at, rise, set);
      const maxElevationRad = Math.asin(at(peak));
      const minSlantKm = slantKm(ground, position);
      at(rise);
      const riseAzimuthRad = azimuthRad(ground, position);
      at(set);
      return {
        satelliteIndex,
        rise: addSeconds(from, rise),
        peak: addSeconds(from, peak),
        set: addSeconds(from, set),
        maxElevationRad,
        riseAzimuthRad,
        setAzimuthRad: azimuthRad(ground, position),
        minSlantKm,
      };
    })
    .sort((a, b) => secondsBetween(b.rise, a.rise) || a.satelliteIndex - b.satelliteIndex);
}

/** NaN positions give NaN, which is above no mask. */
function sinElevation(ground: GroundGeometry, positions: PositionsEcef, s: number): number {
  const dx = positions.xKm[s] - ground.xKm[0];
  const dy = positions.yKm[s] - ground.yKm[0];
  const dz = positions.zKm[s] - ground.zKm[0];
  const up = dx * ground.upX[0] + dy * ground.upY[0] + dz * ground.upZ[0];
  return up / Math.sqrt(dx * dx + dy * dy + dz * dz);
}

function slantKm(ground: GroundGeometry, positions: PositionsEcef): number {
  return Math.hypot(
    positions.xKm[0] - ground.xKm[0],
    positions.yKm[0] - ground.yKm[0],
    positions.zKm[0] - ground.zKm[0],
  );
}

/** From north over east, [0, 2π). */
function azimuthRad(ground: GroundGeometry, positions: PositionsEcef): number {
  const dx = positions.xKm[0] - ground.xKm[0];
  const dy = positions.yKm[0] - ground.yKm[0];
  const dz = positions.zKm[0] - ground.zKm[0];
  const cosLat = Math.hypot(ground.upX[0], ground.upY[0]);
  const cosLon = cosLat > 0 ? ground.upX[0] / cosLat : 1;
  const sinLon = cosLat > 0 ? ground.upY[0] / cosLat : 0;
  const east = -sinLon * dx + cosLon * dy;
  const north = -ground.upZ[0] * (cosLon * dx + sinLon * dy) + cosLat * dz;
  return (Math.atan2(east, north) + 2 * Math.PI) % (2 * Math.PI);
}

/** Where `f` crosses `level` between a time below it and a time above it. */
function crossing(f: (t: number) => number, below: number, above: number, level: number): number {
  let lo = below;
  let hi = above;
  while (Math.abs(hi - lo) > REFINED_S) {
    const middle = (lo + hi) / 2;
    if (f(middle) >= level) hi = middle;
    else lo = middle;
  }
  return hi;
}

/** Golden-section search for the maximum; the elevation has one between rise and set. */
function highest(f: (t: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let lo = from;
  let hi = to;
  while (hi - lo > REFINED_S) {
    const a = hi - golden * (hi - lo);
    const b = lo + golden * (hi - lo);
    if (f(a) > f(b)) hi = b;
    else lo = a;
  }
  return (lo + hi) / 2;
}
