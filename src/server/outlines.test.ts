import { afterAll, expect, test } from 'vitest';
import { cellsOf, type Territory } from '../control/index.ts';
import { startTestServer } from './testServer.ts';

const server = await startTestServer();
const { app, store } = server;
afterAll(() => app.close());

const get = async (path: string) => (await app.inject(`/api/v1${path}`)).json();

test('a territory that the log has not is named with the rest, and taken in by a vote', async () => {
  const all = await get('/outlines');
  expect(all).toContainEqual({ id: 'RUS', name: 'Russia', version: null });
  expect(all.length).toBeGreaterThan(250);
  const outline = (await get('/outlines/RUS')) as Territory;
  expect(outline).toMatchObject({ id: 'RUS', version: 1, name: 'Russia' });
  expect(cellsOf(outline.cellsCompact).length).toBeGreaterThan(4000);
  const change = { proposer: 'person:drafter', reason: 'test', territories: [outline] };
  const response = await app.inject({
    method: 'POST',
    url: '/api/v1/entries',
    payload: {
      type: 'territory/v1',
      body: await server.sign('person:drafter', 'territory/v1', change),
    },
  });
  expect(response.statusCode).toBe(201);
  const { orderHash } = response.json();
  expect(await get(`/orders/${orderHash}`)).toMatchObject({
    type: 'territory/v1',
    sentence: 'take in Russia, so that orders can name it',
    status: 'voting',
  });
  expect(store.state.latestVersions.has('RUS')).toBe(false);
});

test('a territory that the twin has not is not there', async () => {
  expect(await get('/outlines/ATLANTIS')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(await get(`/outlines/${encodeURIComponent('../RUS')}`)).toMatchObject({ status: 404 });
});
