import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { expect, test } from 'vitest';
import type { SwitchStore } from '../store/switchStore.ts';
import { TlogError } from '../tlog/index.ts';
import { buildServer } from './app.ts';
import { START_MS, startTestServer } from './testServer.ts';

const server = await startTestServer();
const { app, store, orderHash, clock } = server;
const HOUR_MS = 3_600_000;

/** What a refusal says; it must be a problem document, and nothing may have been recorded. */
async function refusal(request: InjectOptions): Promise<Record<string, unknown>> {
  const size = store.entries.length;
  const response = await app.inject(request);
  expect(response.headers['content-type'], response.body).toMatch(/^application\/problem\+json/);
  const problem = response.json();
  expect(problem).toMatchObject({ type: 'about:blank', status: response.statusCode });
  expect(problem.detail).toMatch(/\S/);
  expect(response.body).not.toMatch(/node_modules|\.ts:|at file|ENOENT/);
  expect(store.entries.length).toBe(size);
  return problem;
}
const post = (path: string, payload: unknown, headers: Record<string, string> = {}) =>
  refusal({ method: 'POST', url: `/api/v1${path}`, payload: payload as object, headers });
const read = (store_: SwitchStore) => store_.state.ballots.get(orderHash)?.votes.length;

test('what is malformed is told with its field', async () => {
  const json = { 'content-type': 'application/json' };
  expect(await post('/contacts', '{"id":', json)).toMatchObject({ status: 400, code: 'MALFORMED' });
  expect(await post('/contacts', '', json)).toMatchObject({ status: 400, code: 'MALFORMED' });
  expect(await post('/contacts', [], json)).toMatchObject({ status: 400 });
  expect(await post('/contacts', 'id=1', { 'content-type': 'text/csv' })).toMatchObject({
    status: 415,
    code: 'MEDIA_TYPE',
  });
  const contact = await server.contact('call-2');
  expect(await post('/contacts', { ...contact, official: 'yes' })).toMatchObject({
    status: 400,
    code: 'BODY',
    field: 'body.official',
  });
  expect(await post('/entries', { type: 'order/v2', body: {} })).toMatchObject({
    status: 400,
    field: 'type',
  });
  expect(await refusal({ url: '/api/v1/entries?limit=-1' })).toMatchObject({
    status: 400,
    code: 'MALFORMED',
    field: 'limit',
  });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a type called %s is no type of entry',
  async type => {
    expect(await post('/entries', { type, body: {} })).toMatchObject({ status: 400 });
  },
);

test('a body that would reach into objects of the server is refused', async () => {
  const headers = { 'content-type': 'application/json' };
  for (const payload of ['{"__proto__":{"account":{}}}', '{"constructor":{"prototype":{"x":1}}}']) {
    expect((await post('/claims', payload, headers))['status']).toBe(400);
  }
});

test('what is too large is refused: the request at 1 MiB, the entry at 65,535 bytes', async () => {
  const contact = await server.contact('call-2');
  const large = { ...contact, asked: 'x'.repeat(70_000) };
  expect(await post('/contacts', large)).toMatchObject({ status: 413, code: 'TOO_LARGE' });
  const huge = { ...contact, asked: 'x'.repeat(2 << 20) };
  expect(await post('/contacts', huge)).toMatchObject({ status: 413, code: 'TOO_LARGE' });
  const url = `/api/v1/claims/${'x'.repeat(300)}`;
  expect((await refusal({ url }))['status']).toBeLessThan(500);
});

test('what was sent before is refused when it is sent again', async () => {
  const contact = await server.contact('call-1');
  expect(await post('/contacts', contact)).toMatchObject({ status: 409, code: 'NO_EFFECT' });
  const again = store.entries.find(({ entry }) => entry.type === 'vote/v1');
  const body = again?.entry.body as object;
  const headers = { 'if-match': `"${orderHash}"` };
  const votes = read(store);
  expect(await post(`/orders/${orderHash}/votes`, body, headers)).toMatchObject({ status: 409 });
  expect(read(store)).toBe(votes);
});

test('what somebody else signed, or signed otherwise, is refused', async () => {
  const contact = await server.contact('call-2');
  const changed = { ...contact, asked: 'something else' };
  expect(await post('/contacts', changed)).toMatchObject({ status: 409, code: 'NO_EFFECT' });
  const stranger = await server.sign('person:stranger', 'contact/v1', contact);
  expect(await post('/contacts', stranger)).toMatchObject({ status: 409, code: 'NO_EFFECT' });
});

test('entries that only the server makes are refused, and unsigned ones want a login', async () => {
  const anchor = { origin: 'switch.example/access', size: 1, root: 'AAAA' };
  expect(await post('/entries', { type: 'anchor/v1', body: anchor })).toMatchObject({
    status: 403,
    code: 'SERVER_ONLY',
  });
  const source = { id: 'source-9', role: 'anybody', reliability: 'A' };
  expect(await post('/sources', source)).toMatchObject({ status: 401, code: 'LOGIN' });
  const headers = { 'content-type': 'application/octet-stream' };
  const payload = Buffer.from('bytes');
  expect(await post('/blobs', payload, headers)).toMatchObject({ status: 401, code: 'LOGIN' });
});

test('an order for a territory that nobody knows is refused, and reading one is 404', async () => {
  const order = await server.order({ id: 'order-9' });
  const scope = { ...order.scope, territory: { id: 'NOWHERE', version: 1 } };
  const body = await server.order({ id: 'order-9', scope } as Partial<typeof order>);
  expect(await post('/orders', body)).toMatchObject({
    status: 409,
    detail: expect.stringMatching(/NOWHERE/),
  });
  expect(await refusal({ url: '/api/v1/territories/NOWHERE' })).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
  });
});

test('a vote says which order it read: without that 428, of an older one 412', async () => {
  const vote = await server.vote(orderHash, 'customer', 'person:customer');
  const path = `/orders/${orderHash}/votes`;
  expect(await post(path, vote)).toMatchObject({ status: 428, code: 'IF_MATCH' });
  const other = { 'if-match': `"${'00'.repeat(32)}"` };
  expect(await post(path, vote, other)).toMatchObject({
    status: 412,
    code: 'STALE',
    newest: orderHash,
  });
  const headers = { 'if-match': `"${'00'.repeat(32)}"` };
  expect(await post(`/orders/${'00'.repeat(32)}/votes`, vote, headers)).toMatchObject({
    status: 404,
  });
});

test('an order without quorum is not executed, and the answer names what is missing', async () => {
  const executor = 'person:executor';
  const body = await server.sign(executor, 'execution/v1', {
    orderHash,
    executor,
    clock: { machine: new Date(clock.nowMs).toISOString() },
  });
  const headers = { 'if-match': `"${orderHash}"` };
  expect(await post(`/orders/${orderHash}/executions`, body, headers)).toMatchObject({
    status: 409,
    code: 'NO_EFFECT',
    missing: expect.arrayContaining([expect.stringMatching(/customer/)]),
  });
});

test.each([
  '/api/v1/orders/%27%20OR%201%3D1--',
  "/api/v1/claims/';DROP TABLE claims;--",
  '/api/v1/entries?type=%27%20UNION%20SELECT%20*--&limit=1e9',
  '/api/v1/entries?after=1;DELETE',
  '/api/v1/entries/1%00',
  '/api/v1/entries/..%2f..%2fprivate',
  '/api/v1/policy?at=now()',
  '/api/v1/policy?at[$gt]=2026',
  '/ledger/..%2fprivate%2forders%2fsigned',
  '/ledger/orders/..%5c..%5cprivate',
  '/ledger/orders/%00',
  '/ledger//etc/passwd',
  '/ledger/orders/.hidden',
  '/ledger/orders',
  '/ledger/',
  '/..%2f..%2fpackage.json',
  '/%E0%A4%A',
])('GET %s finds nothing but a problem', async url => {
  const { status } = await refusal({ url });
  expect([400, 403, 404]).toContain(status);
});

test('a clock that was set back leaves the log’s time standing, and everything readable', async () => {
  clock.nowMs = START_MS - 24 * HOUR_MS;
  const last = store.entries.at(-1)?.entry.time as string;
  const payload = await server.sign('person:owner', 'contact/v1', {
    ...(await server.contact('call-back')),
  });
  const response = await app.inject({ method: 'POST', url: '/api/v1/contacts', payload });
  expect(response.statusCode, response.body).toBe(201);
  expect(response.json().time).toBe(last);
  for (const path of ['status', 'territories', 'orders', 'flags', 'policy']) {
    expect((await app.inject(`/api/v1/${path}`)).statusCode).toBe(200);
  }
  clock.nowMs = START_MS;
});

test('a full disk is 507, and nothing was recorded', async () => {
  const full = Object.create(store, {
    record: { value: () => Promise.reject(new TlogError('STORAGE_FULL', 'no space left')) },
  }) as SwitchStore;
  const { dataFolder } = server;
  const crowded = await buildServer({ store: full, dataFolder, pageFolder: dataFolder });
  const payload = await server.contact('call-full');
  const response = await crowded.inject({ method: 'POST', url: '/api/v1/contacts', payload });
  expect(response.statusCode).toBe(507);
  expect(response.json()).toMatchObject({ code: 'STORAGE_FULL' });
  await crowded.close();
});

test('a log that may not be signed any more is 503 with its reason, and reading goes on', async () => {
  const other = await startTestServer();
  // As when the data came back from an old backup.
  rmSync(join(other.dataFolder, 'private/orders/signed'));
  const payload = await other.contact('call-2');
  const request = { method: 'POST', url: '/api/v1/contacts', payload } as const;
  const first = await other.app.inject(request);
  expect(first.statusCode, first.body).toBe(503);
  const response = await other.app.inject({ ...request, payload: await other.contact('call-3') });
  expect(response.statusCode, response.body).toBe(503);
  expect(response.headers['retry-after']).toBe('30');
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect((await other.app.inject('/healthz')).statusCode).toBe(503);
  const status = (await other.app.inject('/api/v1/status')).json();
  expect(status).toMatchObject({ isReadOnly: true, reason: expect.any(String) });
  for (const path of ['orders', 'territories', 'entries']) {
    expect((await other.app.inject(`/api/v1/${path}`)).statusCode).toBe(200);
  }
});

test('no entry names a seal whose keys nobody has handed in', async () => {
  const { dataFolder } = server;
  const kept = 'a'.repeat(32);
  const sealing = await buildServer({
    store,
    dataFolder,
    pageFolder: dataFolder,
    hasSealKeys: async id => id === kept,
  });
  const size = store.entries.length;
  const order = await server.order({ id: 'sealed' });
  for (const [id, code] of [
    ['b'.repeat(32), 'SEAL_MISSING'],
    ['../../keys', 'SEAL_MISSING'],
    // Kept; the rest of this seal is missing, which is said next.
    [kept, 'BODY'],
  ]) {
    for (const [url, payload] of [
      ['/api/v1/orders', { ...order, seal: { id } }],
      ['/api/v1/entries', { type: 'order/v1', body: { ...order, seal: { id } } }],
    ] as const) {
      const response = await sealing.inject({ method: 'POST', url, payload });
      expect(response.json()).toMatchObject({ code });
    }
  }
  expect(store.entries.length).toBe(size);
  await sealing.close();
});
