import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { TWIN } from '../control/testLog.ts';
import { makeAgeIdentity } from '../store/ageKeys.ts';
import { openDatabase } from '../store/database.ts';
import { openDemoClock } from '../store/demoClock.ts';
import { openReleaseService } from '../store/releaseService.ts';
import { openSealStore } from '../store/sealStore.ts';
import { buildServer } from './app.ts';
import { demoClock } from './demoClock.ts';
import { sealedReads } from './sealedReads.ts';
import { seals } from './seals.ts';
import { startTestServer } from './testServer.ts';

const server = await startTestServer({ demoKeys: new Map([['person:owner', { key: 'key' }]]) });
const { app, store, orderHash } = server;

interface Content {
  readonly [type: string]: { readonly schema: object };
}
interface Operation {
  readonly operationId: string;
  readonly description?: string;
  readonly responses: Readonly<Record<string, { $ref?: string; content?: Content }>>;
}
interface Contract {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: { readonly Problem: { readonly content: Content } } };
}
const contract: Contract = (await app.inject('/openapi.json')).json();
const problem = contract.components.responses.Problem.content['application/problem+json'].schema;

/** What the published schema says of a value; empty when it holds. */
function faults(schema: object, value: unknown): string {
  return (
    z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).error
      ?.message ?? ''
  );
}

/** Routes that Fastify has, from its own printed tree. */
function routesOf(one: FastifyInstance): string[] {
  const path: string[] = [];
  return one
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap(line => {
      const found = /^([│ ]*)[├└]── (\S+) \(([A-Z, ]+)\)/.exec(line);
      if (!found) return [];
      const [, indent, part, methods] = found;
      path.length = indent.length / 4;
      path.push(part);
      return methods
        .split(', ')
        .filter(method => method !== 'HEAD')
        .map(method => `${method} ${path.join('').replace(/:([a-z]+)/gi, '{$1}')}`);
    });
}

const FILES = ['GET *', 'GET /*', 'GET /ledger/*', 'GET /openapi.json'];
const namedIn = ({ paths }: Contract): string[] =>
  Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.keys(operations).map(method => `${method.toUpperCase()} ${path}`),
    )
    .sort();

test('the contract is OpenAPI 3.1 and names every route but files and itself', () => {
  expect(contract.openapi).toBe('3.1.0');
  expect(routesOf(app).length).toBeGreaterThan(35);
  expect(namedIn(contract)).toEqual(
    routesOf(app)
      .filter(route => !FILES.includes(route))
      .sort(),
  );
  const ids = Object.values(contract.paths).flatMap(operations =>
    Object.values(operations).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

const EXAMPLES: Readonly<Record<string, string>> = {
  '{hash}': orderHash,
  '{index}': '2',
  '/territories/{id}': '/territories/LAND',
  '/outlines/{id}': '/outlines/RUS',
  '/claims/{id}': '/claims/claim-1',
};
/** The stream does not end, and no job is at work. */
const UNANSWERED = ['/api/v1/stream', '/api/v1/jobs/{job}'];
const readable = Object.keys(contract.paths).filter(
  path => contract.paths[path]['get'] && !UNANSWERED.includes(path),
);

test.each(readable)('GET %s answers what the contract says', async path => {
  const url = Object.entries(EXAMPLES).reduce((text, [name, one]) => text.replace(name, one), path);
  const response = await app.inject(url);
  expect(response.statusCode, response.body).toBe(200);
  const { content } = contract.paths[path]['get'].responses['200'];
  const [[type, { schema }]] = Object.entries(content as Content);
  expect(response.headers['content-type']).toContain(type);
  const answer = type === 'application/json' ? response.json() : response.body;
  expect(faults(schema, answer)).toBe('');
  if (Array.isArray(answer)) expect(answer.length).toBeGreaterThan(0);
});

/** What is written in this order; each has an effect when its turn comes. */
const WRITES: readonly (readonly [path: string, body: () => Promise<unknown>])[] = [
  ['/contacts', () => server.contact('call-2')],
  ['/entries/preview', async () => ({ type: 'contact/v1', body: await server.contact('call-3') })],
  ['/entries', async () => ({ type: 'contact/v1', body: await server.contact('call-3') })],
  ['/claims', async () => claim('claim-2')],
  ['/sources', async () => ({ id: 'source-2', role: 'a witness', reliability: 'C' })],
  [
    '/attributions',
    async () => ({
      id: 'attribution-2',
      claim: 'claim-2',
      source: 'source-2',
      mode: 'quoted',
      credibility: 3,
    }),
  ],
  [
    '/claims/{id}/stances',
    async () => ({ party: 'the owner', stance: 'no_comment', at, evidence: [] }),
  ],
  ['/commitments', () => server.commitment('commitment-2')],
  ['/orders', () => server.order({ id: 'order-2' })],
  ['/orders/{hash}/votes', () => server.vote(orderHash, 'customer', 'person:customer')],
  ['/orders/{hash}/recusals', () => recusal('person:oversight-1')],
  ['/orders/{hash}/impacts', () => impact()],
  ['/orders/{hash}/amendments', () => server.order({ revision: 2, disclosures: ['call-1'] })],
];
const at = new Date(server.clock.nowMs).toISOString();
const claim = (id: string) => ({
  id,
  text: 'Service was kept off.',
  originator: 'a newspaper',
  about: ['the owner'],
  firstAppearance: { at, where: 'a report' },
});
const recusal = (person: string) =>
  server.sign(person, 'recusal/v1', { person, orderHash, demandedBy: person, reason: 'test' });
const impact = () =>
  server.sign(TWIN, 'impact/v1', {
    orderHash,
    twin: TWIN,
    reportSha256: '11'.repeat(32),
    twinVersion: '1',
    inputs: [],
    inputsAt: at,
    headlines: [{ name: 'people', low: 90, central: 100, high: 110 }],
    touches: [],
  });

test.each(WRITES)('POST %s is recorded, and answered as the contract says', async (path, body) => {
  const url = `/api/v1${path.replace('{hash}', orderHash).replace('{id}', 'claim-1')}`;
  const size = store.entries.length;
  const headers = { 'if-match': `"${orderHash}"` };
  const payload = (await body()) as object;
  const response = await app.inject({ method: 'POST', url, headers, payload });
  const isPreview = path.endsWith('preview');
  expect(response.statusCode, response.body).toBe(isPreview ? 200 : 201);
  const { responses } = contract.paths[`/api/v1${path}`]['post'];
  const schema = responses[response.statusCode].content?.['application/json'].schema as object;
  expect(faults(schema, response.json())).toBe('');
  // The decision that a vote may be cast is an entry of its own.
  const index = size + (path.endsWith('/votes') ? 1 : 0);
  expect(store.entries.length).toBe(isPreview ? size : index + 1);
  if (isPreview) return;
  expect(response.headers).toMatchObject({
    location: `/api/v1/entries/${index}`,
    'ledger-index': String(index),
    'ledger-size': String(index + 1),
  });
});

test.each(Object.keys(contract.paths).filter(path => contract.paths[path]['post']))(
  'POST %s with nonsense answers a problem as the contract says, and records nothing',
  async path => {
    const url = path.replace('{hash}', orderHash).replace('{id}', 'claim-1');
    const size = store.entries.length;
    const headers = { 'if-match': `"${orderHash}"` };
    const payload = { nonsense: true };
    const response = await app.inject({ method: 'POST', url, headers, payload });
    // The one that takes no body computes; nobody has a key to file the result.
    if (path.endsWith('/impact')) return expect(response.statusCode).toBe(202);
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(faults(problem, response.json())).toBe('');
    expect(store.entries.length).toBe(size);
  },
);

test('with accounts, sealing and a demo’s clock the contract names their routes, and their refusals are problems', async () => {
  const database = await openDatabase(':memory:');
  const { dataFolder, clock } = server;
  const keysFolder = join(dataFolder, 'keys-of-seals');
  const opened = await openSealStore(
    { dataFolder, keysFolder },
    (await makeAgeIdentity()).recipient,
  );
  const release = await openReleaseService(store, { dataFolder, keysFolder });
  const ahead = await openDemoClock(dataFolder);
  const full = await buildServer({
    store,
    dataFolder,
    pageFolder: dataFolder,
    accounts: {
      database,
      relyingParty: { id: 'switch.example', origin: 'https://switch.example', name: 'Switch' },
      nowMs: () => clock.nowMs,
    },
    plugins: [
      async one => {
        await one.register(sealedReads, { release });
        await one.register(seals, { ...opened, store });
        await one.register(demoClock, { clock: ahead });
      },
    ],
  });
  const larger: Contract = (await full.inject('/openapi.json')).json();
  expect(namedIn(larger)).toEqual(
    routesOf(full)
      .filter(route => !FILES.includes(route))
      .sort(),
  );
  const added = namedIn(larger).filter(name => !namedIn(contract).includes(name));
  expect(added).toEqual(
    expect.arrayContaining(['GET /api/v1/session', 'POST /api/v1/tokens', 'POST /api/v1/seals']),
  );
  for (const name of added) {
    const [method, path] = name.split(' ');
    const url = path.replace(/\{\w+\}/g, '1');
    const response = await full.inject({
      method: method as 'GET',
      url,
      ...(method === 'GET' ? {} : { payload: { nonsense: true } }),
    });
    expect(response.statusCode, `${name} ${response.body}`).toBeLessThan(500);
    if (response.statusCode < 400) continue;
    expect(response.headers['content-type'], name).toMatch(/^application\/problem\+json/);
    expect(faults(problem, response.json())).toBe('');
  }
  const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/\/(?:api\/v1\/[a-z{}/\d-]+|feed\.atom|healthz|metrics)/g)];
  expect(named.length).toBeGreaterThan(12);
  for (const [path] of named) {
    expect(Object.keys(larger.paths)).toContain(path.replace(/\/\d+/, '/{index}'));
  }
  await full.close();
  await database.close();
});
