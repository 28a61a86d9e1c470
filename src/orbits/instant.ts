import { BeamkeeperError } from './error.ts';

/**
 * A UTC instant as a split Julian date: `jd` is the Julian date of 0 h UTC (always ends in .5),
 * `fraction` is the fraction of that day in [0, 1). Resolution is about 1e-11 s.
 */
export interface Instant {
  readonly jd: number;
  readonly fraction: number;
}

const SECONDS_PER_DAY = 86400;
const JD_UNIX_EPOCH = 2440587.5;

/** Days from 1970-01-01 of a proleptic Gregorian date (H. Hinnant, "chrono-compatible date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** Julian date of 0 h UTC of a calendar date. */
export function jdOfCivil(year: number, month: number, day: number): number {
  return JD_UNIX_EPOCH + daysFromCivil(year, month, day);
}

const ISO =
  /^(\d{4})-(?:(\d{2})-(\d{2})|(\d{3}))(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?(Z|[+-]00:?00)?$/;

/**
 * Reads an ISO 8601 UTC instant: calendar (`2026-08-22T12:00:12.5Z`) or ordinal (`2026-234T12:00`),
 * any number of decimals, `:60` legal. Without a zone it is read as UTC; any other zone is refused.
 *
 * @throws BeamkeeperError `INSTANT` when the text is not such an instant.
 */
export function parseInstant(text: string): Instant {
  const match = ISO.exec(text.trim());
  if (match) {
    const [, y, mo, d, ordinal, h = '0', mi = '0', s = '0', decimals = '0'] = match;
    const year = Number(y);
    const jd =
      ordinal === undefined
        ? jdOfCivil(year, Number(mo), Number(d))
        : jdOfCivil(year, 1, 1) + Number(ordinal) - 1;
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const monthDays = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    const isDateLegal =
      ordinal === undefined
        ? Number(mo) >= 1 &&
          Number(mo) <= 12 &&
          Number(d) >= 1 &&
          Number(d) <= monthDays[Number(mo) - 1]
        : Number(ordinal) >= 1 && Number(ordinal) <= (isLeap ? 366 : 365);
    if (isDateLegal && Number(h) <= 23 && Number(mi) <= 59 && Number(s) <= 60) {
      const whole = Number(h) * 3600 + Number(mi) * 60 + Number(s);
      return normalise(jd, (whole + Number(decimals)) / SECONDS_PER_DAY);
    }
  }
  throw new BeamkeeperError(
    'INSTANT',
    `"${text}" is not a UTC instant; write it like 2026-08-22T12:00:12Z`,
  );
}

/** The instant `seconds` later (negative: earlier). */
export function addSeconds(instant: Instant, seconds: number): Instant {
  return normalise(instant.jd, instant.fraction + seconds / SECONDS_PER_DAY);
}

/** Seconds from `a` to `b`, exact to about 1e-10 s for instants some years apart. */
export function secondsBetween(a: Instant, b: Instant): number {
  return (b.jd - a.jd) * SECONDS_PER_DAY + (b.fraction - a.fraction) * SECONDS_PER_DAY;
}

/** `2026-08-22T12:00:12Z`, with milliseconds only when they are not zero. */
export function formatInstant(instant: Instant): string {
  const ms = Math.round(instant.fraction * SECONDS_PER_DAY * 1000);
  const unixMs = (instant.jd - JD_UNIX_EPOCH) * SECONDS_PER_DAY * 1000 + ms;
  return new Date(unixMs).toISOString().replace('.000Z', 'Z');
}

function normalise(jd: number, fraction: number): Instant {
  const whole = Math.floor(fraction);
  return { jd: jd + whole, fraction: fraction - whole };
}
