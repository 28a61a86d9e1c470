// The page without its server: the build as it was loaded, and the last world. The build fills in the
// two constants. A new version waits until the page asks for it; nothing of /api is ever kept.
const FILES = __FILES__;
const VERSION = __VERSION__;
const BUILD = `build-${VERSION}`;
const WORLD = 'world';

self.addEventListener('install', event => {
  event.waitUntil(caches.open(BUILD).then(cache => cache.addAll(FILES)));
});

self.addEventListener('activate', event => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter(name => name.startsWith('build-') && name !== BUILD);
      await Promise.all(old.map(name => caches.delete(name)));
      await keepWorld();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', event => {
  if (event.data === 'take-over') self.skipWaiting();
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname === '/world/world.json') event.respondWith(newest(request));
  else if (url.pathname.startsWith('/world/')) event.respondWith(kept(request, WORLD));
  else if (request.mode === 'navigate' && !/^\/(api|ledger\/orders)\//.test(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match('/index.html')));
  } else if (FILES.includes(url.pathname)) event.respondWith(kept(request, BUILD));
});

/** The first page fetched its world before there was a service worker: it is fetched again, from the browser's cache. */
async function keepWorld() {
  try {
    const cache = await caches.open(WORLD);
    const response = await fetch('/world/world.json');
    if (!response.ok) return;
    await cache.put('/world/world.json', response.clone());
    const { files } = await response.json();
    await cache.addAll(Object.values(files));
  } catch {
    // No server just now: the page's own requests will be kept.
  }
}

/** What never changes under its name: from the cache if it is there. */
async function kept(request, name) {
  const cache = await caches.open(name);
  const found = await cache.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

/** The server's, else the last that it gave, marked so that the page can say so. */
async function newest(request) {
  const cache = await caches.open(WORLD);
  try {
    const response = await fetch(request);
    if (response.ok) {
      await cache.put(request, response.clone());
      await forgetOthers(cache, await response.clone().json());
    }
    return response;
  } catch (error) {
    const found = await cache.match(request);
    if (!found) throw error;
    const headers = new Headers(found.headers);
    headers.set('x-kept', '1');
    return new Response(await found.blob(), { status: 200, headers });
  }
}

/** Arrays of worlds that are gone. */
async function forgetOthers(cache, world) {
  const wanted = ['/world/world.json', ...Object.values(world.files)];
  for (const request of await cache.keys()) {
    if (!wanted.includes(new URL(request.url).pathname)) await cache.delete(request);
  }
}
