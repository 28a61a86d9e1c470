/** What the page does without its server, and when a new version of it is there. */
import { signal } from '@preact/signals';
import { isOffline } from './simulation.ts';

/** A new version waits; `takeUpdate` starts it. */
export const isUpdateReady = signal(false);
const ASK_EVERY_MS = 20_000;

let waiting: ServiceWorker | null = null;

/** Registers the service worker and keeps an eye on the server. Call it once. */
export function followServer(): void {
  const ask = async (): Promise<void> => {
    if (document.hidden) return;
    try {
      const response = await fetch('/world/world.json', { method: 'HEAD', cache: 'no-store' });
      isOffline.value = !response.ok;
    } catch {
      isOffline.value = true;
    }
  };
  setInterval(() => void ask(), ASK_EVERY_MS);
  for (const event of ['online', 'offline', 'focus']) addEventListener(event, () => void ask());
  if (!('serviceWorker' in navigator) || !isSecureContext || import.meta.env.DEV) return;
  navigator.serviceWorker.register('/sw.js').then(
    registration => {
      const look = (): void => {
        const next = registration.waiting;
        // The first one has nothing to replace.
        if (next && navigator.serviceWorker.controller) {
          waiting = next;
          isUpdateReady.value = true;
        }
      };
      look();
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', look);
      });
    },
    () => {
      // No service worker here (a private window, say): the page works, but only with its server.
    },
  );
}

export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  });
  waiting?.postMessage('take-over');
}
