import type { BusinessCalendar, Instant } from './types.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Whether a value is the log's one spelling of an instant: UTC, milliseconds, `Z`. */
export function isInstant(value: unknown): value is Instant {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) {
    return false;
  }
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value;
}

/** Milliseconds since 1970; the value is known to be an instant. */
export function msOf(instant: Instant): number {
  return Date.parse(instant);
}

export function instantOf(ms: number): Instant {
  return new Date(ms).toISOString();
}

/** Weekends are Saturday and Sunday, in UTC: for reporters who hold no seat. */
export const PLAIN_CALENDAR: BusinessCalendar = {
  utcOffsetMinutes: 0,
  weekendDays: [0, 6],
  holidays: [],
};

/** End of the `count`-th business day after the day of `fromMs`, in the calendar's own time. */
export function businessDaysAfterMs(
  calendar: BusinessCalendar,
  fromMs: number,
  count: number,
): number {
  const offsetMs = calendar.utcOffsetMinutes * MINUTE_MS;
  let day = Math.floor((fromMs + offsetMs) / DAY_MS);
  for (let left = count; left > 0; ) {
    day += 1;
    const date = new Date(day * DAY_MS);
    const isFree =
      calendar.weekendDays.includes(date.getUTCDay()) ||
      calendar.holidays.includes(date.toISOString().slice(0, 10));
    if (!isFree) left -= 1;
  }
  return (day + 1) * DAY_MS - offsetMs;
}
