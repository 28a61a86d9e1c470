import type { PositionsEcef } from '../../orbits/index.ts';

/**
 * Whether one of two satellites is poleward of a latitude, where links between planes are off because
 * neighbours change sides too fast (star designs: 60–75°, network.md §6).
 */
export function isBeyondCutOff(
  { xKm, yKm, zKm }: PositionsEcef,
  a: number,
  b: number,
  polarCutOffRad: number,
): boolean {
  const sinCutOff = Math.sin(polarCutOffRad);
  return (
    Math.abs(zKm[a]) > sinCutOff * Math.hypot(xKm[a], yKm[a], zKm[a]) ||
    Math.abs(zKm[b]) > sinCutOff * Math.hypot(xKm[b], yKm[b], zKm[b])
  );
}
