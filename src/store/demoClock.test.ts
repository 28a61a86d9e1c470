import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDemoClock } from './demoClock.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-clock-'));
afterAll(() => rmSync(folder, { recursive: true }));
const DAY_MS = 86_400_000;

test('it is set forward, and stays so when opened again', async () => {
  const clock = await openDemoClock(folder);
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1000);
  await clock.advance(3 * DAY_MS);
  await clock.advance(DAY_MS);
  expect((await openDemoClock(folder)).aheadMs()).toBe(4 * DAY_MS);
});

test.each([-1, 800 * DAY_MS, Number.NaN])('by %d ms it does not go', async ms => {
  const clock = await openDemoClock(folder);
  await expect(clock.advance(ms)).rejects.toMatchObject({ code: 'DEMO_CLOCK' });
  expect((await openDemoClock(folder)).aheadMs()).toBe(clock.aheadMs());
});

test('a file that holds something else is refused by name', async () => {
  writeFileSync(join(folder, 'private', 'demo-clock'), 'yesterday');
  await expect(openDemoClock(folder)).rejects.toThrow(/demo-clock: not a number/);
});
