/** A real Chromium for tests of the page, without a way out of this machine. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium && process.env['BEAMKEEPER_REQUIRE_TOOLS'] === '1') {
  throw new Error('chromium is not installed');
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      '--use-gl=angle',
      '--use-angle=gl-egl',
      '--ignore-gpu-blocklist',
    ],
  });
}

/** A fresh profile with one page; what went wrong in it, and what it asked of others, is kept. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: { width?: number; height?: number; theme?: 'dark' | 'light' } = {},
): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
  const { width = 1440, height = 900, theme = 'dark' } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', error => faults.push(error.message));
  page.on('request', request => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith('http') && asked !== origin) faults.push(`asked ${request.url()}`);
  });
  return { page, context, faults };
}

/** Until the page has all that it needs to go on without its server, also when loaded anew. */
export async function keptForOffline(page: Page): Promise<void> {
  // Not waitForFunction, to which a promise of false is as good as true.
  const isKept = () =>
    page.evaluate(async () => {
      const kept = await caches.open('world');
      return navigator.serviceWorker.controller !== null && (await kept.keys()).length >= 7;
    });
  const untilMs = Date.now() + 60_000;
  while (!(await isKept())) {
    if (Date.now() > untilMs) throw new Error('the service worker keeps nothing');
    await page.waitForTimeout(100);
  }
}

/** A port of loopback that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
