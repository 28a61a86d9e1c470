/**
 * Positions (and, if asked for, velocities) of `count` satellites at one instant,
 * structure of arrays. A satellite without a solution has NaN in every column.
 */
export interface PositionsEcef {
  readonly count: number;
  readonly xKm: Float64Array;
  readonly yKm: Float64Array;
  readonly zKm: Float64Array;
}

export function allocatePositionsEcef(count: number): PositionsEcef {
  return {
    count,
    xKm: new Float64Array(count),
    yKm: new Float64Array(count),
    zKm: new Float64Array(count),
  };
}
