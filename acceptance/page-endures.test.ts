/**
 * The page over time: two tabs of one reader, a server that goes away and comes back, a network that is
 * slow, two hours on the clock at 600 times.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serveSwitch } from '../src/cli/serveSwitch.ts';
import { packageFile } from '../src/store/packageFiles.ts';
import { freePort, hasChromium, keptForOffline, launchChromium, openPage } from './pageBrowser.ts';

const isBuilt = existsSync(packageFile('dist/web/index.html'));
const STILL = 't=2026-08-22T12:00:12Z&speed=0&clock=manual';

describe.skipIf(!hasChromium || !isBuilt)('the page over time (skipped without chromium)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-endures-'));
  let browser: Browser;
  let served: Served;
  let origin: string;
  let port: number;

  const start = async (): Promise<void> => {
    served = await serveSwitch({
      dataFolder: join(folder, 'switch'),
      keysFolder: join(folder, 'keys'),
      host: '127.0.0.1',
      port,
      isDemo: true,
      ratePerSecond: 10_000,
    });
  };
  const stop = async (): Promise<void> => {
    served.app.server.closeAllConnections();
    await served.app.close();
    await served.store.close();
  };

  beforeAll(async () => {
    port = await freePort();
    await start();
    origin = new URL(served.url).origin;
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An order of the drafter's, all but its last click. */
  const draft = async (page: Page, reason: string): Promise<void> => {
    await page.goto(`${origin}/orders/new`);
    await page.getByLabel('Whose key').selectOption('person:drafter');
    await page.getByLabel('Kind').selectOption('suspend');
    await page
      .locator('label', { hasText: /^Territory/ })
      .locator('select')
      .selectOption('EST');
    await page
      .locator('label', { hasText: /^Reason$/ })
      .locator('textarea')
      .fill(reason);
  };

  test('what one tab proposes, the other shows by itself; each has its own scenario', async () => {
    const { page: one, context, faults } = await openPage(browser, origin);
    const two = await context.newPage();
    two.on('pageerror', error => faults.push(error.message));
    await two.goto(`${origin}/orders`);
    await two.getByText('Nobody has proposed an order yet').waitFor();
    await draft(one, 'the first');
    await one.getByRole('button', { name: 'Sign and propose' }).click();
    await one.getByText('No impact report is filed').waitFor();
    await two.getByRole('link', { name: /order-.*suspend Estonia/s }).waitFor();

    await one.goto(`${origin}/what-if?off=URY&${STILL}`);
    await two.goto(`${origin}/what-if?${STILL}`);
    for (const page of [one, two]) {
      await page.waitForFunction(() => globalThis.beamkeeperReady?.slot > 0);
    }
    await one.waitForFunction(() => globalThis.beamkeeperReady.cellsOff > 0);
    expect(await two.evaluate(() => globalThis.beamkeeperReady.cellsOff)).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  test('a server that goes away takes no draft with it, and the page takes it up again', async () => {
    const { page, context, faults } = await openPage(browser, origin);
    page.setDefaultTimeout(15_000);
    await draft(page, 'written before the server went');
    // From then on the page has all that it needs.
    await keptForOffline(page);
    await stop();
    const gone = page.getByRole('status').filter({ hasText: 'The server does not answer' });
    await gone.waitFor();
    await page.getByRole('button', { name: 'Sign and propose' }).click();
    await page.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor();
    // The scenario needs no server.
    await page.getByRole('link', { name: 'What if' }).click();
    await page.waitForFunction(() => globalThis.beamkeeperReady?.slot > 0);
    await page.getByRole('link', { name: 'Orders', exact: true }).click();

    await start();
    await gone.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New order' }).first().click();
    const reason = page.locator('label', { hasText: /^Reason$/ }).locator('textarea');
    expect(await reason.inputValue()).toBe('written before the server went');
    await page.getByRole('button', { name: 'Sign and propose' }).click();
    await page.getByText('No impact report is filed').waitFor();
    const [last] = [...served.store.state.ballots.values()].slice(-1);
    expect(last.subject.body).toMatchObject({ reason: 'written before the server went' });
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  test('on a slow network it says what it waits for, and becomes whole', async () => {
    const { page, context, faults } = await openPage(browser, origin);
    const asked: string[] = [];
    await context.route('**/*', async route => {
      asked.push(new URL(route.request().url()).pathname);
      await sleep(1500);
      await route.continue().catch(() => undefined);
    });
    await page.goto(`${origin}/what-if?${STILL}`, { waitUntil: 'commit' });
    await page
      .getByText(/Loading|Computing|Waiting/i)
      .first()
      .waitFor({ timeout: 15_000 });
    await page.waitForFunction(() => globalThis.beamkeeperReady?.slot > 0, null, {
      timeout: 45_000,
    });
    expect(asked.length).toBeGreaterThan(5);
    expect(faults).toEqual([]);
    await context.close();
  }, 90_000);

  test('close by, the fine cells come while the clock runs at 600 times, too', async () => {
    const { page, context, faults } = await openPage(browser, origin, { width: 640, height: 400 });
    await page.goto(`${origin}/what-if?speed=600&view=globe,25,80,1.7`);
    // The cells of both resolutions, and a slot for them.
    await page.waitForFunction(
      () => globalThis.beamkeeperReady?.cells > 1 && globalThis.beamkeeperReady.slot > 0,
      null,
      { timeout: 60_000 },
    );
    expect(faults).toEqual([]);
    await context.close();
  }, 90_000);

  test('two hours on the clock at 600 times, and no more memory than before', async () => {
    // Small, so that a machine that draws in software keeps up.
    const { page, context, faults } = await openPage(browser, origin, { width: 640, height: 400 });
    await page.goto(`${origin}/what-if?off=URY&t=2026-08-22T12:00:12Z&speed=600`);
    await page.waitForFunction(() => globalThis.beamkeeperReady?.cellsOff > 0);
    const session = await context.newCDPSession(page);
    const slot = () => page.evaluate(() => globalThis.beamkeeperReady.slot);
    const memory = async (): Promise<{ heapBytes: number; rssBytes: number }> => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return { heapBytes: usedSize, rssBytes: await renderersRssBytes(browser) };
    };
    const lets = async (hours: number): Promise<void> => {
      const from = await slot();
      await page.waitForFunction(
        until => globalThis.beamkeeperReady.slot > until,
        from + hours * 3_600_000,
        { timeout: 150_000 },
      );
    };
    await lets(1);
    const before = await memory();
    await lets(2);
    const after = await memory();
    expect(after.heapBytes).toBeLessThan(before.heapBytes + 2e6);
    expect(after.rssBytes).toBeLessThan(before.rssBytes * 1.1);
    expect(faults).toEqual([]);
    await context.close();
  }, 400_000);
});

/** Resident memory of a browser's renderers: pages, workers, WASM and buffers. */
async function renderersRssBytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const sizes = pids.map(pid => {
    const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return 1024 * Number(kib);
  });
  return sizes.reduce((sum, one) => sum + one, 0);
}
