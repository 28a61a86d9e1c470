import type { FastifyInstance } from 'fastify';
import type { Database } from '../store/database.ts';
import type { SwitchStore } from '../store/switchStore.ts';
import { drafts } from './drafts.ts';
import { idempotency } from './idempotency.ts';
import { type IdentityOptions, identity } from './identity/identity.ts';
import { createDeliverer } from './webhooks/deliver.ts';
import { type Send, sendAnywhere, sendToPublic } from './webhooks/send.ts';
import { webhookRoutes } from './webhooks/webhookRoutes.ts';

/** How often endpoints whose time has come are looked for. */
const DELIVERY_MS = 5000;

export interface AccountOptions extends IdentityOptions {
  readonly database: Database;
  readonly store: SwitchStore;
  /** Endpoints of webhooks may be on this machine, and without TLS. */
  readonly areLocalWebhooksAllowed?: boolean;
  readonly send?: Send;
}

/** Everything that needs the database: who asks, drafts, keys of requests, endpoints. */
export async function accountPlugins(app: FastifyInstance, options: AccountOptions): Promise<void> {
  const { store, nowMs, areLocalWebhooksAllowed: isHttpAllowed = false } = options;
  await identity(app, options);
  idempotency(app, options);
  drafts(app, options);
  webhookRoutes(app, { ...options, isHttpAllowed });
  const send = options.send ?? (isHttpAllowed ? sendAnywhere : sendToPublic);
  const deliverer = createDeliverer({ database: options.database, store, send, nowMs });
  const deliver = (): void => {
    deliverer.deliver().catch((error: Error) => app.log.error(error));
  };
  const stopRecorded = store.onRecorded(deliver);
  const timer = setInterval(deliver, DELIVERY_MS);
  timer.unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    stopRecorded();
    await deliverer.deliver().catch(() => undefined);
  });
}
