import type { Instant } from './instant.ts';

const SECONDS_PER_DAY = 86400;
const RAD_PER_SECOND = (2 * Math.PI) / SECONDS_PER_DAY;
const JD_J2000 = 2451545;

/**
 * Greenwich mean sidereal time (IAU 1982) in radians, [0, 2π).
 *
 * Computed from the split date: the whole turns of UT1 are dropped before they can cost digits.
 * `dut1S` is UT1 − UTC in seconds; left at 0 it turns the Earth wrongly by at most 0.9 s, that is
 * 455 m on the ground track of a satellite at 550 km (orbits.md §4).
 */
export function gmstRad(instant: Instant, dut1S = 0): number {
  const day = instant.jd - JD_J2000;
  const fractionUt1 = instant.fraction + dut1S / SECONDS_PER_DAY;
  const centuries = (day + fractionUt1) / 36525;
  // 876600 · 3600 s per century are 86,400 s per day: only the fraction of the day survives mod 86,400.
  const turnS = (day - Math.floor(day) + fractionUt1) * SECONDS_PER_DAY;
  const seconds =
    67310.54841 +
    turnS +
    centuries * (8640184.812866 + centuries * (0.093104 - 6.2e-6 * centuries));
  const rad = (seconds % SECONDS_PER_DAY) * RAD_PER_SECOND;
  return rad < 0 ? rad + 2 * Math.PI : rad;
}
