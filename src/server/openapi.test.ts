import { expect, test } from 'vitest';
import { startTestServer } from './testServer.ts';

const { app, orderHash } = await startTestServer();

test('try', async () => {
  const doc = (await app.inject('/openapi.json')).json();
  for (const [p, ms] of Object.entries(doc.paths)) console.log(p, Object.keys(ms as object).join());
  console.log(app.printRoutes({ commonPrefix: false }));
  for (const p of [
    '/api/v1/status',
    '/api/v1/orders',
    '/api/v1/territories',
    '/feed.atom',
    '/metrics',
    '/healthz',
    '/ledger/orders/checkpoint',
    `/api/v1/orders/${orderHash}/impact`,
    '/nothing/x.y',
    '/orders',
  ]) {
    const r = await app.inject(p);
    console.log(p, r.statusCode, r.headers, r.body.slice(0, 300));
  }
});
