import { expect, test } from 'vitest';
import { formatInstant, parseInstant } from '../orbits/instant.ts';
import { isSlotStart, slotNumber, slotStarts } from './slots.ts';

test('slots start at seconds 12, 27, 42 and 57 of every minute (Tanveer et al. 2023)', () => {
  const starts = slotStarts(parseInstant('2026-08-22T23:59:12Z'), 120).map(formatInstant);
  expect(starts).toEqual([
    '2026-08-22T23:59:12Z',
    '2026-08-22T23:59:27Z',
    '2026-08-22T23:59:42Z',
    '2026-08-22T23:59:57Z',
    '2026-08-23T00:00:12Z',
    '2026-08-23T00:00:27Z',
    '2026-08-23T00:00:42Z',
    '2026-08-23T00:00:57Z',
  ]);
});

test('an instant inside a slot belongs to the slot that began before it, over midnight too', () => {
  expect(formatInstant(slotStarts(parseInstant('2026-08-22T12:00:11.999Z'), 15)[0])).toBe(
    '2026-08-22T11:59:57Z',
  );
  expect(formatInstant(slotStarts(parseInstant('2026-08-22T00:00:00Z'), 15)[0])).toBe(
    '2026-08-21T23:59:57Z',
  );
});

test('slot numbers are consecutive over a day boundary', () => {
  const before = slotNumber(parseInstant('2026-08-22T23:59:57Z'));
  expect(slotNumber(parseInstant('2026-08-23T00:00:12Z'))).toBe(before + 1);
});

test('only slot starts are slot starts', () => {
  expect(isSlotStart(parseInstant('2026-08-22T12:00:12Z'))).toBe(true);
  expect(isSlotStart(parseInstant('2026-08-22T12:00:13Z'))).toBe(false);
});
