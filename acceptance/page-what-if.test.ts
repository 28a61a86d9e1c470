/**
 * What if and Routing in a real browser: the first visit, a territory switched off by hand and by keys
 * alone, the link that restores it, the same figures as the command line, and what the page does when
 * the graphics card, a worker or the server leaves it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageServer } from '../scripts/pageServer.ts';
import { parseInstant } from '../src/orbits/index.ts';
import { runWhatIf } from '../src/runs/whatIfRun.ts';
import { packageFile } from '../src/store/packageFiles.ts';
import { sharedPath } from '../src/store/sharedData.ts';
import { hasChromium, keptForOffline, launchChromium, openPage } from './pageBrowser.ts';

const isBuilt = existsSync(packageFile('dist/web/index.html'));
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
/** The clock stands still: nothing moves under the test. */
const STILL = 't=2026-08-22T12:00:12Z&speed=0&clock=manual';

interface Ready {
  readonly satellites: boolean;
  readonly frame: number;
  readonly slot: number;
  readonly request: number;
  readonly impactSlots: number;
  readonly routeSteps: number;
  readonly cellsOff: number;
}
declare global {
  // biome-ignore lint/suspicious/noExplicitAny: the page's own flag, typed in web/globals.d.ts
  var beamkeeperReady: any;
}

describe.skipIf(!hasChromium || !isBuilt)('the map screens (skipped without chromium)', () => {
  let browser: Browser;
  let app: FastifyInstance;
  let origin: string;

  beforeAll(async () => {
    app = await pageServer({});
    await app.listen({ port: 0, host: '127.0.0.1' });
    origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const ready = (page: Page): Promise<Ready> => page.evaluate(() => globalThis.beamkeeperReady);
  /** Waits until the page says something of itself. */
  const until = async (page: Page, what: (ready: Ready) => boolean): Promise<Ready> => {
    await expect
      .poll(
        async () => {
          const now = await ready(page);
          return now !== undefined && what(now);
        },
        { timeout: 30_000, interval: 60 },
      )
      .toBe(true);
    return ready(page);
  };
  const open = async (
    link: string,
    options: Parameters<typeof openPage>[2] = {},
  ): ReturnType<typeof openPage> => {
    const opened = await openPage(browser, origin, options);
    opened.page.setDefaultTimeout(20_000);
    await opened.page.goto(`${origin}${link}`);
    return opened;
  };
  const axe = async (page: Page): Promise<string[]> => {
    await page.evaluate(axeSource);
    return page.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: axe comes as a script
      const found = await (globalThis as any).axe.run();
      return found.violations.map(
        // biome-ignore lint/suspicious/noExplicitAny: axe comes as a script
        (one: any) => `${one.id}: ${one.nodes.map((node: any) => node.html).join(' | ')}`,
      );
    });
  };

  test('the first visit shows who is served on Earth, asks nobody else, and has no fault that axe finds', async () => {
    for (const theme of ['dark', 'light'] as const) {
      const { page, context, faults } = await open(`/what-if?${STILL}`, { theme });
      await until(page, now => now.slot > 0);
      const panel = page.getByRole('complementary', { name: 'Consequences' });
      await panel.getByText('People in reach').waitFor();
      expect(await panel.innerText()).toMatch(/People in reach\s+8\.0\d bn/);
      expect(await axe(page)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    }
  });

  test('its code, with that of its workers, stays within 300 kB', async () => {
    const { page, context } = await openPage(browser, origin);
    const asked = new Set<string>();
    context.on('request', request => {
      const [path] = /\/assets\/.*\.(js|css)$/.exec(request.url()) ?? [];
      if (path !== undefined && !request.serviceWorker()) asked.add(path);
    });
    await page.goto(`${origin}/what-if?off=URY&${STILL}`);
    await until(page, now => now.cellsOff > 0 && now.impactSlots > 0);
    const bytes = [...asked].map(
      path => gzipSync(readFileSync(packageFile(`dist/web${path}`)), { level: 9 }).length,
    );
    expect(bytes.length).toBeGreaterThan(5);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(300_000);
    await context.close();
  });

  test('by keys alone a territory is found, switched off, brought back by Back, and its order drafted', async () => {
    const { page, context, faults } = await open(`/what-if?${STILL}`);
    await until(page, now => now.slot > 0);
    await page.keyboard.press('/');
    await page.keyboard.type('formosa');
    await page.getByRole('option', { name: /Taiwan/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Taiwan' }).waitFor();
    await page.keyboard.press('o');
    await until(page, now => now.cellsOff > 0 && now.impactSlots > 0);
    expect(page.url()).toContain('off=TWN');
    await page.getByRole('heading', { name: 'Service off: Taiwan' }).waitFor();
    await page.keyboard.press('z');
    await until(page, now => now.cellsOff === 0);
    expect(page.url()).not.toContain('off=');
    await page.keyboard.press('Shift+Z');
    await until(page, now => now.cellsOff > 0);
    await page.getByRole('button', { name: 'Draft order' }).press('Enter');
    await page.waitForURL(/\/orders.*draft=/);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('a click on the map chooses what lies there, and its cells turn red where the page says so', async () => {
    const { page, context, faults } = await open(
      `/what-if?${STILL}&view=globe,-19,46.5,1.6&color=state`,
    );
    await until(page, now => now.slot > 0);
    const map = page.getByRole('application');
    const box = await map.boundingBox();
    if (box === null) throw new Error('no map');
    // The middle of Madagascar; picking wants the fine borders, which come after the first picture.
    await expect
      .poll(
        async () => {
          await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
          return page.url();
        },
        { timeout: 15_000 },
      )
      .toContain('sel=terr:MDG');
    expect(await redShare(page)).toBeLessThan(0.005);
    await page.getByRole('button', { name: 'Service in Madagascar: off' }).click();
    await until(page, now => now.cellsOff > 0);
    await expect.poll(() => redShare(page), { timeout: 10_000 }).toBeGreaterThan(0.04);
    await page.getByRole('button', { name: 'Service in Madagascar: on' }).click();
    await until(page, now => now.cellsOff === 0);
    await expect.poll(() => redShare(page), { timeout: 10_000 }).toBeLessThan(0.005);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('the page gives the figures of the command line', async () => {
    const result = await runWhatIf({
      catalogues: [],
      at: parseInstant('2026-08-22T12:00:12Z'),
      constellation: 'starlink-2026-08',
      forS: 900,
      stepS: 30,
      resolution: 4,
      people: 'auto',
      edge: 'centre',
      reachKm: 600,
      seed: 1,
      terminal: 'fixed',
      off: ['URY'],
      restrict: [],
      denyGateways: [],
      denyLasers: false,
      over: [],
    });
    const { page, context } = await open(`/what-if?off=URY&${STILL}`);
    await until(page, now => now.impactSlots === 30);
    const { before, after, neighbours } = result.impact;
    const whole = (count: number): string =>
      Math.round(count).toLocaleString('en-US').replace(/,/g, ' ');
    const row = page.getByRole('row', { name: /^Cells served/ });
    expect(await row.innerText()).toContain(
      `${whole(before.servedCells)}\t${whole(after.servedCells)}`,
    );
    const median = await page.getByRole('row', { name: /^Median round trip/ }).innerText();
    expect(median).toContain(`${before.latencyMs.p50?.toFixed(1)} ms`);
    expect(median).toContain(`${after.latencyMs.p50?.toFixed(1)} ms`);
    expect(
      await page
        .getByTitle(/^Show /)
        .first()
        .innerText(),
    ).toBe(neighbours[0].name);
    await context.close();
  });

  test('a shared link shows the receiver the same result, and names what it does not understand', async () => {
    const link = `/what-if?off=URY,PRY&nogw=ARG&lasers=off&${STILL}&view=flat,-30,-58,2.6&color=change&novel=1`;
    const first = await open(link);
    await until(first.page, now => now.slot > 0 && now.cellsOff > 0);
    const run = await first.page.locator('.run').getAttribute('title');
    await first.context.close();
    const second = await open(`${link}&view=globe,abc&sel=terr:XXX`, { theme: 'light' });
    await until(second.page, now => now.slot > 0 && now.cellsOff > 0);
    expect(await second.page.locator('.run').getAttribute('title')).toBe(run);
    expect(await second.page.getByRole('listitem').filter({ hasText: 'Undo' }).count()).toBe(4);
    await second.page.getByText('`view` is given twice, the first is used').waitFor();
    await second.page.getByText('There is no territory XXX').waitFor();
    await second.context.close();
  });

  test('on a phone nothing is wider than the screen and both panels can be reached', async () => {
    const { page, context } = await open(`/what-if?off=URY&${STILL}`, { width: 380, height: 800 });
    await until(page, now => now.impactSlots > 0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(380);
    await page.getByRole('tab', { name: 'Consequences' }).click();
    await page.getByRole('row', { name: /^Cells served/ }).waitFor();
    expect(await axe(page)).toEqual([]);
    await context.close();
  });

  test('a lost graphics context, a crashed worker and a server that is gone are each survived', async () => {
    const { page, context } = await open(`/what-if?off=URY&${STILL}`);
    await until(page, now => now.cellsOff > 0 && now.impactSlots === 30);
    // The card forgets everything; the page puts it there again.
    const extension = await page.evaluateHandle(() =>
      document
        .querySelector<HTMLCanvasElement>('.map-canvas')
        ?.getContext('webgl2')
        ?.getExtension('WEBGL_lose_context'),
    );
    await extension.evaluate(lost => lost?.loseContext());
    await page.getByText('The graphics card dropped the map').waitFor();
    const { frame } = await ready(page);
    await extension.evaluate(lost => lost?.restoreContext());
    await page.getByText('The graphics card dropped the map').waitFor({ state: 'detached' });
    await page.waitForFunction(at => globalThis.beamkeeperReady.frame > at, frame);
    // A worker throws.
    const sim = page.workers().find(worker => worker.url().includes('sim'));
    await sim?.evaluate(() => {
      setTimeout(() => {
        throw new Error('made up');
      });
    });
    const alert = page.getByRole('alert');
    await alert.getByText('WORKER_CRASHED').waitFor();
    const { request } = await ready(page);
    await alert.getByRole('button', { name: 'Restart' }).click();
    await page.waitForFunction(at => globalThis.beamkeeperReady.request > at, request);
    expect(await alert.count()).toBe(0);
    // The server goes; the page stays, also when loaded anew.
    await keptForOffline(page);
    await context.setOffline(true);
    await page.getByText(/^offline, data of 2026-08-22/).waitFor();
    await page.reload();
    await until(page, now => now.slot > 0 && now.cellsOff > 0);
    await page.getByText(/^offline, data of 2026-08-22/).waitFor();
    await context.setOffline(false);
    await page.getByText(/^offline, data of/).waitFor({ state: 'detached' });
    await context.close();
  });

  test('element sets of the reader’s own are flown and decided on; a wrong or a huge file changes nothing', async () => {
    const { page, context, faults } = await open(`/what-if?${STILL}`);
    await until(page, now => now.slot > 0);
    const server = (await ready(page)).slot;
    /** What a browser does with a file that is dropped on the map. */
    const drop = (name: string, bytes: Uint8Array | { readonly megabytes: number }) =>
      page.evaluate(
        ([name, data]) => {
          const part =
            typeof data === 'string'
              ? Uint8Array.from(atob(data), one => one.charCodeAt(0))
              : new Uint8Array(data * 1e6);
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([part], name));
          const map = document.querySelector('.map-canvas');
          for (const kind of ['dragover', 'drop']) {
            map?.dispatchEvent(
              new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }),
            );
          }
        },
        [
          name,
          'megabytes' in bytes ? bytes.megabytes : Buffer.from(bytes).toString('base64'),
        ] as const,
      );
    const refused = page.getByRole('alert').filter({ hasText: 'The satellites are as before' });
    await page.getByText('Element sets of your own').click();
    await drop('page.tle', new TextEncoder().encode('<!doctype html><title>Sign in</title>'));
    await refused.filter({ hasText: 'page.tle is a web page' }).waitFor();
    await drop('all.tle', { megabytes: 70 });
    await refused.filter({ hasText: 'all.tle has 70 MB' }).waitFor();
    expect((await ready(page)).slot).toBe(server);

    const file = gunzipSync(readFileSync(sharedPath('data/orbits/oneweb-2026-08-22.3le.gz')));
    const count = file
      .toString('latin1')
      .split('\n')
      .filter(line => line.startsWith('1 ')).length;
    await drop('oneweb.3le', file);
    await page.getByText(`${count} satellites of oneweb.3le`).waitFor();
    expect(await refused.count()).toBe(0);
    await page
      .getByText(new RegExp(`Satellites\\s+${count}\\b`))
      .first()
      .waitFor();
    const own = await until(page, now => now.satellites && now.slot !== server);
    await page.getByRole('button', { name: 'Back to the fleet of the server' }).click();
    await page.getByText(/10.744 satellites: starlink-2026-08/).waitFor();
    await until(page, now => now.slot !== own.slot && now.slot !== 0);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('without WebGL2 the flat map is drawn all the same', async () => {
    const { page, context, faults } = await open(`/what-if?webgl=off&off=URY&${STILL}`);
    await until(page, now => now.cellsOff > 0);
    await page.getByText('No WebGL2 here').waitFor();
    expect(await page.getByRole('button', { name: 'Globe' }).isDisabled()).toBe(true);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('Routing shows a worked pair at once, why its routes change, and gives it all away as files', async () => {
    const { page, context, faults } = await open(`/routing?${STILL}`);
    await until(page, now => now.routeSteps === 60);
    const rows = page.getByRole('row', { name: /^[AB]\s/ });
    // Light needs 37 ms there and back along the great circle (5,570 km); fibre 55.
    const median = Number(/([\d.]+) ms/.exec(await rows.first().innerText())?.[1]);
    expect(median).toBeGreaterThan(37);
    expect(median).toBeLessThan(55);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const csv = readFileSync((await (await download).path()) ?? '', 'utf8');
    expect(csv.split('\n')[0]).toBe('utc,rtt_ms_a,rtt_ms_b');
    expect(csv.trim().split('\n')).toHaveLength(61);
    const topology = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Topology at this slot' }).click();
    const links = readFileSync((await (await topology).path()) ?? '', 'utf8');
    expect(links.split('\n').length).toBeGreaterThan(10_000);
    expect(await axe(page)).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });

  /** Share of the map's pixels in the red of what is off. */
  async function redShare(page: Page): Promise<number> {
    const box = await page.getByRole('application').boundingBox();
    if (box === null) throw new Error('no map');
    const picture = (await page.screenshot({ clip: box })).toString('base64');
    return page.evaluate(async png => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
      let red = 0;
      for (let i = 0; i < pixels.length; i += 4) {
        if (pixels[i] > 140 && pixels[i + 1] < 110 && pixels[i + 2] < 130) red++;
      }
      return red / (pixels.length / 4);
    }, picture);
  }
});
