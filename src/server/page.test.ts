import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildServer } from './app.ts';
import { startTestServer } from './testServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
writeFileSync(join(folder, 'assets', 'main-1a2b3c.js'), 'export {}');

const { app, store, dataFolder } = await startTestServer({ pageFolder: folder });

test.each(['/', '/orders', '/claims/claim-1', '/what-if?off=URY', '/index.html'])(
  '%s is the page',
  async url => {
    const { statusCode, headers, body } = await app.inject({ url });
    expect({ statusCode, body }).toEqual({
      statusCode: 200,
      body: '<!doctype html><title>page</title>',
    });
    expect(headers).toMatchObject({ 'cache-control': 'no-cache' });
    expect(headers['content-type']).toMatch(/^text\/html/);
  },
);

test('files whose names carry a hash are kept for ever', async () => {
  const { statusCode, headers } = await app.inject('/assets/main-1a2b3c.js');
  expect(statusCode).toBe(200);
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(headers['content-type']).toMatch(/javascript/);
});

test.each([
  ['GET', '/assets/gone-000000.js'],
  ['GET', '/api/v1/nothing'],
  ['GET', '/ledger/orders/nothing'],
  ['POST', '/orders'],
  ['DELETE', '/api/v1/orders'],
] as const)('%s %s is a problem, not the page', async (method, url) => {
  const { statusCode, headers } = await app.inject({ method, url });
  expect(statusCode).toBe(404);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
});

test('without a built page a sentence says how to build it', async () => {
  const bare = await buildServer({ store, dataFolder, pageFolder: join(folder, 'assets') });
  const { statusCode, body } = await bare.inject('/');
  await bare.close();
  expect(statusCode).toBe(200);
  expect(body).toMatch(/npm run build:web/);
});

test.each([
  '/',
  '/assets/main-1a2b3c.js',
  '/api/v1/orders',
  '/api/v1/nothing',
  '/ledger/orders/checkpoint',
])('%s forbids what the page never does', async url => {
  const { headers } = await app.inject({ url });
  const policy = String(headers['content-security-policy']).split(';');
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'self'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "worker-src 'self'",
      "img-src 'self' blob: data:",
      "object-src 'none'",
      "frame-ancestors 'none'",
    ]),
  );
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  });
});
