import { addSeconds, type Instant, secondsBetween } from '../orbits/instant.ts';

/** The scheduler's slot, s, and the second of the minute at which the first one starts (network.md §4: :12, :27, :42, :57 UTC). */
export const SLOT_S = 15;
const FIRST_SLOT_SECOND = 12;
const SLOTS_PER_DAY = 5760;

/** Number of the slot in force at an instant, counted from the Julian date 0 h; the same everywhere on Earth. */
export function slotNumber(at: Instant): number {
  // A slot that starts at the instant itself must not be lost to rounding of the day's fraction (1e-11 s).
  const second = at.fraction * 86400 - FIRST_SLOT_SECOND + 1e-6;
  return (at.jd - 0.5) * SLOTS_PER_DAY + Math.floor(second / SLOT_S);
}

/** Start of a slot. */
export function slotStart(slot: number): Instant {
  const day = Math.floor(slot / SLOTS_PER_DAY);
  const second = (slot - day * SLOTS_PER_DAY) * SLOT_S + FIRST_SLOT_SECOND;
  return addSeconds({ jd: day + 0.5, fraction: 0 }, second);
}

/**
 * Starts of the slots from the one in force at `at` and for `forS` seconds, one every `stepS`
 * (a multiple of 15 s; 15 is every slot).
 */
export function slotStarts(at: Instant, forS: number, stepS: number = SLOT_S): Instant[] {
  const first = slotNumber(at);
  const stride = Math.max(1, Math.round(stepS / SLOT_S));
  const count = Math.max(1, Math.ceil((forS - 1e-6) / (stride * SLOT_S)));
  return Array.from({ length: count }, (_, k) => slotStart(first + k * stride));
}

/** Whether an instant is a slot boundary, to a microsecond. */
export function isSlotStart(at: Instant): boolean {
  return Math.abs(secondsBetween(slotStart(slotNumber(at)), at)) < 1e-5;
}
