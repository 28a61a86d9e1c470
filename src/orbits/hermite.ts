/**
 * Positions between two knots of `Propagator.statesTeme` by cubic Hermite on position and velocity,
 * for drawing: knots 30 s apart miss SGP4 by at most 0.42 m, 60 s apart by 0.9 m
 * (satellites about to decay: 2.4 m and 5 m, because SGP4's velocity is then no exact slope).
 *
 * `before` and `after` are `[x|y|z|vx|vy|vz][count]` (km, km/s) in one inertial frame, `stepS` seconds
 * apart; `share` in [0, 1] says how far between them. The result is in that frame (km): turn it into
 * the Earth-fixed one afterwards, never the knots before.
 */
export function hermitePositions(
  before: Float64Array,
  after: Float64Array,
  stepS: number,
  share: number,
  out: { count: number; xKm: Float64Array; yKm: Float64Array; zKm: Float64Array },
): void {
  const { count } = out;
  const square = share * share;
  const cube = square * share;
  const fromBefore = 2 * cube - 3 * square + 1;
  const fromAfter = 3 * square - 2 * cube;
  const slopeBefore = (cube - 2 * square + share) * stepS;
  const slopeAfter = (cube - square) * stepS;
  const axes = [out.xKm, out.yKm, out.zKm];
  for (let axis = 0; axis < 3; axis++) {
    const target = axes[axis];
    const first = axis * count;
    const firstSpeed = (axis + 3) * count;
    for (let i = 0; i < count; i++) {
      target[i] =
        fromBefore * before[first + i] +
        slopeBefore * before[firstSpeed + i] +
        fromAfter * after[first + i] +
        slopeAfter * after[firstSpeed + i];
    }
  }
}
