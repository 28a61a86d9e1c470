/**
 * Pictures of every screen, both themes, desktop and phone, from the page as built, with the demo's story in
 * the log: `node scripts/screenshots.ts [folder]`; by default `screenshots/<instant>`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium, openPage } from '../acceptance/pageBrowser.ts';
import { serveSwitch } from '../src/cli/serveSwitch.ts';
import { demoSwitch } from '../src/runs/demoSwitch.ts';

const SCREENS = [
  'what-if',
  'what-if?off=URY&view=globe,-32,-58,1.55&sel=terr:URY&speed=0',
  'what-if?off=URY&view=flat,0,0,3&speed=0',
  'routing',
  'orders',
  'orders/new',
  'declarations',
  'ledger?entry=3',
  'claims',
  'public',
];
const SIZES = { desktop: [1440, 900], phone: [390, 844] } as const;
/** Software drawing of a globe takes its time. */
const SETTLE_MS = 6000;

/** One report with its source and two denials, so that the screen of claims shows what it is for. */
async function recordClaim(url: string): Promise<void> {
  const at = (daysAgo: number): string => new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  const post = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${url}api/v1/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: new URL(url).origin },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  };
  await post('claims', {
    id: 'claim-asked',
    text: 'The owner was asked in private to keep service off over the territory.',
    originator: 'a newspaper',
    about: ['the owner', 'a head of government of a third state', 'URY'],
    firstAppearance: { at: at(18), where: 'a newspaper, page 1' },
  });
  for (const [id, role, reliability] of [
    ['source-official', 'an official with knowledge of the call', 'B'],
    ['source-second', 'another newspaper', 'C'],
  ]) {
    await post('sources', { id, role, reliability });
  }
  await post('attributions', {
    id: 'attribution-1',
    claim: 'claim-asked',
    source: 'source-official',
    mode: 'attributed',
    credibility: 3,
  });
  for (const [party, stance, days] of [
    ['the owner', 'no_comment', 17],
    ['a head of government of a third state', 'deny_flat', 16],
  ] as const) {
    await post('claims/claim-asked/stances', { party, stance, at: at(days), evidence: [] });
  }
}

const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
const out = process.argv[2] ?? join('screenshots', stamp);
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-shots-'));
const folders = { dataFolder: join(folder, 'switch'), keysFolder: join(folder, 'keys') };
await demoSwitch({ ...folders, endMs: Date.now(), onScene: () => undefined });
const served = await serveSwitch({
  ...folders,
  host: '127.0.0.1',
  port: 0,
  isDemo: true,
  ratePerSecond: 10_000,
});
await recordClaim(served.url);
const browser = await launchChromium();
let faultCount = 0;
for (const [size, [width, height]] of Object.entries(SIZES)) {
  for (const theme of ['dark', 'light'] as const) {
    const { page, context, faults } = await openPage(browser, new URL(served.url).origin, {
      width,
      height,
      theme,
    });
    for (const [i, path] of SCREENS.entries()) {
      await page.goto(served.url + path);
      await page.waitForTimeout(
        path.startsWith('what-if') || path === 'routing' ? SETTLE_MS : 1200,
      );
      const name = `${String(i).padStart(2, '0')}-${path.replace(/\?.*/, '').replaceAll('/', '-')}`;
      await page.screenshot({ path: join(out, `${size}-${theme}-${name}.png`) });
    }
    for (const fault of faults) console.error(`${size} ${theme}: ${fault}`);
    faultCount += faults.length;
    await context.close();
  }
}
await browser.close();
await served.app.close();
await served.store.close();
rmSync(folder, { recursive: true, force: true });
console.log(`${SCREENS.length * 4} pictures in ${out}`);
process.exit(faultCount === 0 ? 0 : 1);
