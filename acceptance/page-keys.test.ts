/** The main path of every screen by keyboard alone: no pointer, and where the focus is can be seen. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serveSwitch } from '../src/cli/serveSwitch.ts';
import { packageFile } from '../src/store/packageFiles.ts';
import { hasChromium, launchChromium, openPage } from './pageBrowser.ts';

const isBuilt = existsSync(packageFile('dist/web/index.html'));
/** More stops than any screen has. */
const MOST_TABS = 150;

describe.skipIf(!hasChromium || !isBuilt)('by keyboard alone (skipped without chromium)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-keys-'));
  let browser: Browser;
  let served: Served;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    served = await serveSwitch({
      dataFolder: join(folder, 'switch'),
      keysFolder: join(folder, 'keys'),
      host: '127.0.0.1',
      port: 0,
      isDemo: true,
      ratePerSecond: 10_000,
    });
    browser = await launchChromium();
    ({ page, faults } = await openPage(browser, new URL(served.url).origin));
    page.setDefaultTimeout(10_000);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await served?.app.close();
    await served?.store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const show = (path: string) => page.goto(new URL(path, served.url).href);
  /** Tab by tab, as somebody without a pointer gets there. */
  const tabTo = async (target: Locator): Promise<void> => {
    await target.waitFor();
    for (let i = 0; i < MOST_TABS; i++) {
      await page.keyboard.press('Tab');
      if (!(await target.evaluate(element => element === document.activeElement))) continue;
      const isSeen = await target.evaluate(element => {
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        return outlineStyle !== 'none' || boxShadow !== 'none';
      });
      expect(isSeen).toBe(true);
      return;
    }
    throw new Error(`${target} is not reached by ${MOST_TABS} tabs`);
  };
  const press = async (name: string): Promise<void> => {
    await tabTo(page.getByRole('button', { name, exact: true }).first());
    await page.keyboard.press('Enter');
  };
  const type = async (label: string | RegExp, text: string): Promise<void> => {
    await tabTo(page.getByLabel(label));
    await page.keyboard.type(text);
  };
  const choose = async (label: string | RegExp, option: string): Promise<void> => {
    const select = page.getByLabel(label);
    await tabTo(select);
    await page.keyboard.type(option);
    expect(await select.locator('option:checked').innerText()).toMatch(option);
  };

  test('Orders: an order is drafted, proposed, computed, and approved', async () => {
    await show('orders');
    await choose('Whose key', 'person:drafter');
    await press('New order');
    await choose(/^Territory(?!,)/, 'Estonia');
    await type(/^Reason$/, 'Interference near a site.');
    await press('Sign and propose');
    await page.getByText('No impact report is filed').waitFor();
    await press('Compute and file');
    await page.getByText('people inside whose service changes').waitFor({ timeout: 60_000 });
    await page.getByText(/^Report/).waitFor({ timeout: 60_000 });
    await choose('Whose key', 'person:customers-delegate');
    await type('Reason, which everybody reads', 'within my mandate');
    await tabTo(page.getByLabel(/^I have read/));
    await page.keyboard.press('Space');
    await type(/^To approve, type/, 'Estonia');
    await press('Approve');
    await page.getByText('Approved: in the log.').waitFor();
    const [ballot] = served.store.state.ballots.values();
    expect(ballot.votes).toHaveLength(1);
  }, 120_000);

  test('Territories: a declaration is signed by two and filed', async () => {
    await show('declarations');
    await page.getByText(/undeclared, \d+ days/).waitFor();
    await choose('Whose key', 'person:service-director');
    await press('Sign as service-director');
    await choose('Whose key', 'person:general-counsel');
    await press('Sign as general-counsel');
    await press('File');
    await page.getByText('Declared: in the log.').waitFor();
    expect(served.store.state.declarations).toHaveLength(1);
  });

  test('Claims: a claim is recorded', async () => {
    await show('claims');
    await tabTo(page.locator('summary', { hasText: 'Record a claim' }));
    await page.keyboard.press('Enter');
    await type('What is claimed', 'Service was kept off as a favour.');
    await type('Who made it, by role', 'a newspaper');
    await type('Where it appeared', 'page 1');
    await press('Record');
    await page.getByRole('heading', { name: 'Service was kept off as a favour.' }).waitFor();
  });

  test('Ledger: entries are walked through, and the log is verified', async () => {
    await show('ledger');
    const newest = served.store.entries.length - 1;
    await tabTo(page.getByRole('button', { name: new RegExp(`^${newest} `) }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Entry ${newest}`, exact: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: `Entry ${newest - 1}`, exact: true }).waitFor();
    await press('Verify');
    await page.getByText(/All \d+ entries agree/).waitFor();
  });

  test('Public: what is off leads to who declared it', async () => {
    await show('public');
    await tabTo(page.getByRole('link', { name: 'Uruguay' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Uruguay' }).waitFor();
    await page.getByText(/service-director for operator.service/).waitFor();
  });

  test('Routing: another end is routed to', async () => {
    await show('routing?t=2026-08-22T12:00:12Z&speed=0&clock=manual');
    await page.waitForFunction(() => globalThis.beamkeeperReady?.routeSteps === 60);
    await tabTo(page.getByLabel('To', { exact: true }));
    await page.keyboard.type('Tokyo');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /– Tokyo$/ }).waitFor();
    await page.getByRole('row', { name: /^A\s/ }).waitFor();
  }, 60_000);

  test('nothing threw, and nothing was asked of another origin', () => {
    expect(faults).toEqual([]);
  });
});
