import type { Instant } from '../orbits/index.ts';

const JD_J2000 = 2451545;
const DAYS_PER_YEAR = 365.25;

/** 2026.5 is the middle of 2026, to a day. */
export function decimalYear(at: Instant): number {
  return 2000 + (at.jd + at.fraction - JD_J2000) / DAYS_PER_YEAR;
}
