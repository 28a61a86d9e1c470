// The page's budget (web.md §9) in headless Chromium: first picture, JavaScript per frame at the whole
// fleet, a territory switched off, picking, blocked time, memory, sizes. Ratios are against the figures
// that other map libraries showed for the same scene, recorded below; the graphics device is named.
//
//   npm run build && npm run bench:page

import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { launchChromium } from '../acceptance/pageBrowser.ts';
import { pageServer } from '../scripts/pageServer.ts';
import { packageFile } from '../src/store/packageFiles.ts';

/**
 * Peers with 10,000 satellites, 20,000 cells and the same borders at 1280 × 800 in software, two cores,
 * 2026-08: MapLibre GL 6 with a custom layer, deck.gl 9 globe, Cesium 1.1xx. First picture s, frame ms on
 * llvmpipe, JavaScript ms a frame. Their machine was busy: orders of magnitude, not decimals.
 */
const PEERS = [
  { name: 'MapLibre GL', firstS: 15, frameMs: 800, scriptMs: 3 },
  { name: 'deck.gl globe', firstS: 10, frameMs: 1335, scriptMs: 5 },
  { name: 'Cesium', firstS: 11, frameMs: 810, scriptMs: 1.4 },
];
const FRAMES = 200;

function say(name: string, figure: string, budget: string, isKept: boolean | null): void {
  const verdict = isKept === null ? '' : isKept ? 'kept' : 'MISSED';
  process.stdout.write(`${name.padEnd(46)} ${figure.padEnd(26)} ${budget.padEnd(16)} ${verdict}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const app = await pageServer({});
await app.listen({ port: 0, host: '127.0.0.1' });
const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
const browser = await launchChromium();
// biome-ignore lint/suspicious/noExplicitAny: the page's own flag, typed in web/globals.d.ts
const ready = (page: Page): Promise<any> => page.evaluate(() => globalThis.beamkeeperReady);
// biome-ignore lint/suspicious/noExplicitAny: as above
async function until(page: Page, what: (now: any) => boolean): Promise<any> {
  for (;;) {
    const now = await ready(page);
    if (now && what(now)) return now;
    await page.waitForTimeout(30);
  }
}
/** Scripts and styles that the map screen asked for, those of its workers too. */
const loaded = new Set<string>();
async function open(link: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const tasks: { startMs: number; ms: number }[] = [];
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        tasks.push({ startMs: entry.startTime, ms: entry.duration });
      }
    }).observe({ entryTypes: ['longtask'] });
    Object.assign(globalThis, { longTasks: tasks });
  });
  context.on('request', request => {
    // Its service worker fetches the rest for later.
    if (request.serviceWorker()) return;
    const [, name] = /\/assets\/(.*\.(?:js|css))$/.exec(request.url()) ?? [];
    if (name !== undefined) loaded.add(name);
  });
  await page.goto(`${origin}${link}`);
  return page;
}

// First picture, and what was blocked after it.
const firsts: number[] = [];
for (let i = 0; i < 3; i++) {
  const page = await open('/what-if?speed=0&clock=manual');
  firsts.push((await until(page, now => now.firstFrameMs > 0 && now.slot > 0)).firstFrameMs);
  await page.context().close();
}
let page = await open('/what-if?speed=60');
const start = await until(page, now => now.slot > 0 && now.satellites);
process.stdout.write(`graphics: ${start.device}\n\n`);
const firstMs = median(firsts);
say(
  'first picture (land and sky), median of 3',
  `${(firstMs / 1000).toFixed(2)} s`,
  '<= 2 s',
  firstMs <= 2000,
);

const frameOf = async (): Promise<{ script: number[]; gap: number }> => {
  const from = await ready(page);
  const began = performance.now();
  let now = from;
  while (now.frame - from.frame < FRAMES && performance.now() - began < 60_000) {
    await page.waitForTimeout(200);
    now = await ready(page);
  }
  const count = now.frame - from.frame;
  return { script: now.frameCosts.slice(-count), gap: (performance.now() - began) / count };
};
const { script, gap } = await frameOf();
const scriptMs = median(script);
say(
  `JavaScript a frame, 10,744 satellites at 60x`,
  `${scriptMs.toFixed(2)} ms (${script.length} frames)`,
  '<= 2 ms',
  scriptMs <= 2,
);
say('one picture every', `${gap.toFixed(0)} ms`, '', null);
const tasks: { startMs: number; ms: number }[] = await page.evaluate(
  () => (globalThis as unknown as { longTasks: { startMs: number; ms: number }[] }).longTasks,
);
const later = tasks.filter(task => task.startMs > start.firstFrameMs + 500).map(task => task.ms);
const longest = Math.max(0, ...later);
say(
  'longest task of the main thread after it',
  `${longest.toFixed(0)} ms`,
  '<= 50 ms',
  longest <= 50,
);
await page.context().close();

// A territory off, on a still clock: first numbers, the whole visible slot, the first impact.
page = await open('/what-if?sel=terr:IND&speed=0&t=2026-08-22T12:00:12Z&clock=manual');
await until(page, now => now.slot > 0);
const offs: { first: number; slot: number; impactFirst: number }[] = [];
for (let i = 0; i < 3; i++) {
  await page.keyboard.press('o');
  const now = await until(page, one => one.cellsOff > 0 && one.impactSlots > 0);
  offs.push(now.timings);
  await until(page, one => one.impactSlots === 30);
  await page.keyboard.press('o');
  await until(page, one => one.cellsOff === 0);
}
const first = median(offs.map(one => one.first));
const slot = median(offs.map(one => one.slot));
const impact = median(offs.map(one => one.impactFirst));
say('India off: first numbers', `${first.toFixed(0)} ms`, '<= 300 ms', first <= 300);
say(
  'India off: the visible slot of the whole Earth',
  `${slot.toFixed(0)} ms`,
  '<= 1500 ms',
  slot <= 1500,
);
say('India off: before, after, change', `${impact.toFixed(0)} ms`, '<= 1500 ms', impact <= 1500);
await page.context().close();

// Memory with fine cells, and whether it grows at 600x.
page = await open('/what-if?speed=600&view=globe,25,80,1.7');
await until(page, now => now.cells > 1 && now.slot > 0);
const session = await page.context().newCDPSession(page);
const heapMb = async (): Promise<number> => {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
};
await page.waitForTimeout(5000);
const before = await heapMb();
await page.waitForTimeout(20_000);
const after = await heapMb();
say(
  'JavaScript heap of the page at fine cells',
  `${after.toFixed(0)} MB`,
  '<= 250 MB',
  after <= 250,
);
say(
  'its growth over 3.3 hours on the clock at 600x',
  `${(after - before).toFixed(1)} MB`,
  'flat (< 5 MB)',
  after - before < 5,
);
await browser.close();
await app.close();

// Sizes.
const folder = packageFile('dist/web/assets');
const zipped = (name: string): number =>
  gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }).length;
const files = readdirSync(folder);
const mapScreen = [...loaded];
const code = files.filter(name => /\.(js|css)$/.test(name));
const total = (names: readonly string[]): number =>
  names.reduce((sum, name) => sum + zipped(name), 0) / 1000;
say(
  'code of the map screen and its workers, gzip',
  `${total(mapScreen).toFixed(0)} kB`,
  '<= 300 kB',
  total(mapScreen) <= 300,
);
say('code of all screens, gzip', `${total(code).toFixed(0)} kB`, '', null);
const land = gzipSync(readFileSync(packageFile('dist/data/land-110m.bin'))).length / 1000;
const names = gzipSync(readFileSync(packageFile('dist/data/territories.bin'))).length / 1000;
say(
  'data before the first picture (land, names), gzip',
  `${(land + names).toFixed(0)} kB`,
  '<= 150 kB',
  land + names <= 150,
);

process.stdout.write('\nagainst peers on the same scene (figures of 2026-08, see the source)\n');
for (const peer of PEERS) {
  const ratio = (theirs: number, ours: number): string => `${(theirs / ours).toFixed(1)} times`;
  process.stdout.write(
    `${peer.name.padEnd(16)} first picture ${ratio(peer.firstS * 1000, firstMs)} as long, a picture ${ratio(peer.frameMs, gap)}, JavaScript ${ratio(peer.scriptMs, scriptMs)}\n`,
  );
}
process.exit(0);
