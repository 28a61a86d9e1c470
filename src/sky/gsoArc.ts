/** Radius of the geostationary orbit, km (network.md §2, ITU-R S.1503). */
export const GSO_RADIUS_KM = 42164.17;

/**
 * Smallest angle, rad, at a ground point between the direction to a satellite and the part of the
 * geostationary arc above the horizon (the α of ITU-R S.1503). `Infinity` where no arc is in sight.
 *
 * All vectors Earth-fixed; `up` is the geodetic zenith. Golden-section refinement of a 1° scan:
 * good to 1e-9 rad; this is the reference, the hot loop uses {@link gsoBand}.
 */
export function gsoArcAngleRad(
  ground: { xKm: number; yKm: number; zKm: number },
  up: { x: number; y: number; z: number },
  satellite: { xKm: number; yKm: number; zKm: number },
): number {
  const dx = satellite.xKm - ground.xKm;
  const dy = satellite.yKm - ground.yKm;
  const dz = satellite.zKm - ground.zKm;
  const range = Math.sqrt(dx * dx + dy * dy + dz * dz);
  const cosAt = (lon: number): number => {
    const gx = GSO_RADIUS_KM * Math.cos(lon) - ground.xKm;
    const gy = GSO_RADIUS_KM * Math.sin(lon) - ground.yKm;
    const gz = -ground.zKm;
    if (gx * up.x + gy * up.y + gz * up.z <= 0) return -2;
    return (dx * gx + dy * gy + dz * gz) / (range * Math.sqrt(gx * gx + gy * gy + gz * gz));
  };
  const step = Math.PI / 180;
  let best = -2;
  let bestLon = 0;
  for (let k = 0; k < 360; k++) {
    const c = cosAt(k * step);
    if (c > best) {
      best = c;
      bestLon = k * step;
    }
  }
  if (best < -1) return Number.POSITIVE_INFINITY;
  const golden = (Math.sqrt(5) - 1) / 2;
  let lo = bestLon - step;
  let hi = bestLon + step;
  for (let k = 0; k < 40; k++) {
    const a = hi - golden * (hi - lo);
    const b = lo + golden * (hi - lo);
    if (cosAt(a) > cosAt(b)) hi = b;
    else lo = a;
  }
  best = Math.max(best, cosAt((lo + hi) / 2));
  return Math.acos(Math.min(1, best));
}

/**
 * Declination limits that decide most GSO-arc tests without trigonometry.
 *
 * Seen from a ground point the arc is almost a circle of constant declination: the parallax moves it
 * by −z/ρ, and ρ runs only from 35,786 to 41,680 km along the visible part. Whatever the right
 * ascension, a direction whose declination lies inside `(innerLow, innerHigh)` is closer to the arc
 * than α₀, one outside `[outerLow, outerHigh]` is farther; only the thin bands between need the
 * exact angle. All values are sines of declination. The bound adds 0.01° for the slope of the arc.
 */
export interface GsoBand {
  readonly outerLow: number;
  readonly innerLow: number;
  readonly innerHigh: number;
  readonly outerHigh: number;
}

/** The band of a ground point at distance `axisKm` from the Earth's axis and height `zKm` over the equatorial plane. */
export function gsoBand(axisKm: number, zKm: number, gsoAngleRad: number): GsoBand {
  const near = GSO_RADIUS_KM - axisKm;
  // The arc point on the horizon of a sphere is farther than any visible one of the ellipsoid by < 0.1 %.
  const far = Math.sqrt(GSO_RADIUS_KM * GSO_RADIUS_KM - axisKm * axisKm) * 1.001;
  const a = Math.atan2(-zKm, near);
  const b = Math.atan2(-zKm, far);
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  const slack = (0.01 * Math.PI) / 180;
  const sine = (x: number): number => Math.sin(Math.min(Math.PI / 2, Math.max(-Math.PI / 2, x)));
  return {
    outerLow: sine(low - gsoAngleRad - slack),
    innerLow: sine(high - gsoAngleRad + slack),
    innerHigh: sine(low + gsoAngleRad - slack),
    outerHigh: sine(high + gsoAngleRad + slack),
  };
}

/**
 * The α of {@link gsoArcAngleRad} to within 0.1 % (never below the truth), without a search: the
 * difference of declination to the arc's point of the same right ascension. The arc's slope stays
 * under 0.03, so the true smallest angle is at most 0.05 % less.
 */
export function gsoDeclinationGapRad(
  ground: { xKm: number; yKm: number; zKm: number },
  satellite: { xKm: number; yKm: number; zKm: number },
): number {
  const axis = Math.hypot(ground.xKm, ground.yKm);
  const dx = satellite.xKm - ground.xKm;
  const dy = satellite.yKm - ground.yKm;
  const dz = satellite.zKm - ground.zKm;
  const horizontal = Math.sqrt(dx * dx + dy * dy);
  const cos =
    axis > 0 && horizontal > 0 ? (dx * ground.xKm + dy * ground.yKm) / (axis * horizontal) : 1;
  const toArc =
    -axis * cos + Math.sqrt(GSO_RADIUS_KM * GSO_RADIUS_KM - axis * axis * (1 - cos * cos));
  return Math.abs(Math.atan2(dz, horizontal) - Math.atan2(-ground.zKm, toArc));
}
