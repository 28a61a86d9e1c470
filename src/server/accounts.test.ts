import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import {
  type PrivatePostgres,
  postgresPrograms,
  startPrivatePostgres,
} from '../store/privatePostgres.ts';
import { setupCode } from './identity/setupCode.ts';
import {
  type SoftwareAuthenticator,
  softwareAuthenticator,
} from './identity/softwareAuthenticator.ts';
import { START_MS, startTestServer, type TestServer } from './testServer.ts';
import { createDeliverer } from './webhooks/deliver.ts';
import { isPublicAddress } from './webhooks/publicAddress.ts';
import { sendToPublic } from './webhooks/send.ts';

const ORIGIN = 'https://switch.example';
const DAY_MS = 86_400_000;
const programs = postgresPrograms();

interface Sent {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

describe.each(['sqlite', 'postgres'] as const)('accounts in %s', engine => {
  const isMissing = engine === 'postgres' && !programs;
  const it = test.skipIf(isMissing);
  const clock = { nowMs: START_MS };
  const sent: Sent[] = [];
  let answerStatus = 200;
  let server: PrivatePostgres | undefined;
  let database: Database;
  let code: string;
  let made: TestServer;
  let app: FastifyInstance;
  let issuer: { url: string; server: Server };

  beforeAll(async () => {
    if (isMissing) return;
    if (engine === 'postgres') server = await startPrivatePostgres(programs as string);
    database = await openDatabase(server?.url ?? ':memory:');
    const first = await setupCode(database, clock.nowMs);
    code = first?.code ?? '';
    issuer = await startIssuer();
    made = await startTestServer({
      accounts: {
        database,
        relyingParty: { id: 'switch.example', origin: ORIGIN, name: 'Switch' },
        nowMs: () => clock.nowMs,
        setup: first?.setup,
        oidc: { issuer: issuer.url, clientId: 'switch', clientSecret: 's', isHttpAllowed: true },
        send: async (url, body, headers) => {
          sent.push({ url, body, headers });
          if (answerStatus === 0) throw new Error('no answer');
          return answerStatus;
        },
      },
    });
    app = made.app;
  }, 60_000);
  afterAll(async () => {
    issuer?.server.close();
    await app?.close();
    await database?.close();
    server?.stop();
  });

  const call = async (
    method: InjectOptions['method'],
    url: string,
    options: {
      body?: unknown;
      cookie?: string;
      token?: string;
      headers?: Record<string, string>;
    } = {},
  ) => {
    const { body, cookie, token, headers } = options;
    const answer = await app.inject({
      method,
      url,
      headers: {
        ...(cookie !== undefined && { cookie, origin: ORIGIN }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { payload: body as object }),
    } as InjectOptions);
    const set = String(answer.headers['set-cookie'] ?? '');
    return {
      status: answer.statusCode,
      json: answer.body === '' ? null : JSON.parse(answer.body),
      cookie: set.split(';')[0],
      set,
      headers: answer.headers,
    };
  };
  async function register(by: object, key: SoftwareAuthenticator) {
    const begun = await call('POST', '/api/v1/passkeys/registration-options', { body: by });
    if (begun.status !== 200) return begun;
    const { challenge, publicKey } = begun.json;
    return call('POST', '/api/v1/passkeys', {
      body: { challenge, response: key.create(publicKey) },
    });
  }
  async function login(key: SoftwareAuthenticator) {
    const { challenge, publicKey } = (await call('POST', '/api/v1/session/options')).json;
    return call('POST', '/api/v1/session', { body: { challenge, response: key.get(publicKey) } });
  }
  const admin = softwareAuthenticator(ORIGIN);
  const member = softwareAuthenticator(ORIGIN);
  let adminCookie = '';
  let memberCookie = '';

  it('the first administrator comes in by the code, once, and nobody by another code', async () => {
    expect((await call('GET', '/api/v1/session')).json).toMatchObject({ isSetupOpen: true });
    expect(await register({ setupCode: 'AAAA-AAAA-AAAA-AAAA' }, admin)).toMatchObject({
      status: 403,
      json: { code: 'SETUP_CODE' },
    });
    const done = await register({ setupCode: code, name: 'Ada' }, admin);
    expect(done.status).toBe(201);
    expect(done.set).toMatch(/HttpOnly; Secure; SameSite=Lax/);
    adminCookie = done.cookie;
    expect((await call('GET', '/api/v1/session', { cookie: adminCookie })).json).toMatchObject({
      account: { name: 'Ada', role: 'admin' },
      isSetupOpen: false,
    });
    expect((await register({ setupCode: code }, softwareAuthenticator(ORIGIN))).status).toBe(403);
  });

  it('an invited person registers a passkey, signs out and in again', async () => {
    const { json } = await call('POST', '/api/v1/invitations', {
      cookie: adminCookie,
      body: { name: 'Ben', oidcSubject: 'subject-ben' },
    });
    expect((await register({ invitation: json.invitation }, member)).status).toBe(201);
    expect(
      (await register({ invitation: json.invitation }, softwareAuthenticator(ORIGIN))).json,
    ).toMatchObject({
      code: 'INVITATION',
    });
    const back = await login(member);
    expect(back.status).toBe(200);
    memberCookie = back.cookie;
    await call('DELETE', '/api/v1/session', { cookie: memberCookie });
    expect(
      (await call('GET', '/api/v1/session', { cookie: memberCookie })).json.account,
    ).toBeNull();
    memberCookie = (await login(member)).cookie;
  });

  it('a login for another page, with a used challenge, or by a stranger is refused', async () => {
    const stranger = await login(softwareAuthenticator(ORIGIN));
    expect(stranger).toMatchObject({ status: 401, json: { code: 'PASSKEY' } });
    const { challenge, publicKey } = (await call('POST', '/api/v1/session/options')).json;
    const response = member.get(publicKey);
    const body = { challenge, response };
    expect((await call('POST', '/api/v1/session', { body })).status).toBe(200);
    expect((await call('POST', '/api/v1/session', { body })).json).toMatchObject({
      code: 'CHALLENGE',
    });
    const phished = softwareAuthenticator('https://switch.example.evil');
    expect((await login(phished)).status).toBe(401);
  });

  it('a request that does not come from the page is not taken for the person’s own', async () => {
    for (const origin of ['https://evil.example', 'null', '']) {
      const answer = await call('POST', '/api/v1/tokens', {
        cookie: memberCookie,
        headers: { origin },
        body: { name: 'x', scopes: ['read'] },
      });
      expect(answer).toMatchObject({ status: 403, json: { code: 'CSRF' } });
    }
  });

  it('a member is no administrator, and neither role votes', async () => {
    const body = { name: 'Eve' };
    expect((await call('POST', '/api/v1/invitations', { cookie: memberCookie, body })).status).toBe(
      403,
    );
    expect((await call('GET', '/api/v1/accounts', { cookie: memberCookie })).status).toBe(403);
    const forged = await made.vote(made.orderHash, 'customer', 'person:customer');
    const statement = { ...forged.statement, reason: 'by the administrator' };
    const answer = await call('POST', `/api/v1/orders/${made.orderHash}/votes`, {
      cookie: adminCookie,
      headers: { 'if-match': `"${made.orderHash}"` },
      body: { ...forged, statement },
    });
    expect(answer).toMatchObject({ status: 409, json: { code: 'NO_EFFECT' } });
  });

  it('a token does what its scopes say, never what people do, and not after its end', async () => {
    const token = (
      await call('POST', '/api/v1/tokens', {
        cookie: memberCookie,
        body: { name: 'script', scopes: ['draft'], days: 2 },
      })
    ).json.token as string;
    expect(token).toMatch(/^bk_[\w-]{43}$/);
    expect(
      JSON.stringify((await call('GET', '/api/v1/tokens', { cookie: memberCookie })).json),
    ).not.toContain(token);
    const source = { id: `source-${engine}`, role: 'a clerk', reliability: 'C' };
    expect((await call('POST', '/api/v1/sources', { token, body: source })).status).toBe(201);
    const vote = await made.vote(made.orderHash, 'customer', 'person:customer');
    const headers = { 'if-match': `"${made.orderHash}"` };
    for (const url of [`/api/v1/orders/${made.orderHash}/votes`, '/api/v1/entries']) {
      const body = url.endsWith('entries') ? { type: 'vote/v1', body: vote } : vote;
      expect((await call('POST', url, { token, headers, body })).json).toMatchObject({
        code: 'TOKEN_NEVER',
      });
    }
    for (const [method, url] of [
      ['POST', '/api/v1/tokens'],
      ['POST', '/api/v1/invitations'],
      ['GET', '/api/v1/accounts'],
    ] as const) {
      const body = method === 'POST' ? { name: 'x', scopes: ['read'] } : undefined;
      expect((await call(method, url, { token, body })).status).toBe(403);
    }
    clock.nowMs += 3 * DAY_MS;
    expect((await call('GET', '/api/v1/session', { token })).json).toMatchObject({ code: 'TOKEN' });
    clock.nowMs -= 3 * DAY_MS;
  });

  it('what nobody signs needs an account', async () => {
    const body = { id: `source-open-${engine}`, role: 'a clerk', reliability: 'C' };
    expect((await call('POST', '/api/v1/sources', { body })).json).toMatchObject({ code: 'LOGIN' });
    expect((await call('POST', '/api/v1/sources', { body, cookie: memberCookie })).status).toBe(
      201,
    );
  });

  it('the same key and body get the first answer again; another body is refused', async () => {
    const headers = { 'idempotency-key': 'key-1' };
    const body = { id: `source-once-${engine}`, role: 'a clerk', reliability: 'C' };
    const ask = (more: object) =>
      call('POST', '/api/v1/sources', {
        cookie: memberCookie,
        headers,
        body: { ...body, ...more },
      });
    const first = await ask({});
    const again = await ask({});
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 201, json: first.json });
    expect(again.headers['ledger-index']).toBe(String(first.headers['ledger-index']));
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await ask({ role: 'a judge' })).status).toBe(422);
    clock.nowMs += 8 * DAY_MS;
    memberCookie = (await login(member)).cookie;
    expect((await ask({})).json).toMatchObject({ code: 'NO_EFFECT' });
    clock.nowMs -= 8 * DAY_MS;
    memberCookie = (await login(member)).cookie;
    adminCookie = (await login(admin)).cookie;
  });

  it('of the same request twice at once one is answered and one told to wait', async () => {
    const headers = { 'idempotency-key': 'key-2' };
    const body = { id: `source-twice-${engine}`, role: 'a clerk', reliability: 'C' };
    const both = await Promise.all(
      [1, 2].map(() => call('POST', '/api/v1/sources', { cookie: memberCookie, headers, body })),
    );
    const statuses = both.map(({ status }) => status).sort();
    expect([
      [201, 201],
      [201, 409],
    ]).toContainEqual(statuses);
  });

  it('drafts are their author’s own, and no change is lost', async () => {
    const body = { kind: 'suspend', territory: 'LAND' };
    const { json } = await call('POST', '/api/v1/drafts', { cookie: memberCookie, body });
    const url = `/api/v1/drafts/${json.id}`;
    const put = (version: string, kind: string) =>
      call('PUT', url, { cookie: memberCookie, headers: { 'if-match': version }, body: { kind } });
    expect((await put('"1"', 'restrict')).json).toMatchObject({ version: 2 });
    expect((await put('"1"', 'resume')).status).toBe(412);
    expect((await call('PUT', url, { cookie: memberCookie, body })).status).toBe(428);
    expect((await call('GET', '/api/v1/drafts', { cookie: adminCookie })).json).toEqual([]);
    expect((await call('DELETE', url, { cookie: adminCookie })).status).toBe(404);
    expect((await call('GET', '/api/v1/drafts', { cookie: memberCookie })).json).toMatchObject([
      { version: 2, body: { kind: 'restrict' } },
    ]);
    const large = { text: 'x'.repeat(300_000) };
    expect(
      (await call('POST', '/api/v1/drafts', { cookie: memberCookie, body: large })).status,
    ).toBe(413);
  });

  it('endpoints get every entry in order, signed, again after failures, and are paused in the end', async () => {
    const url = 'https://receiver.example/hook';
    const created = await call('POST', '/api/v1/webhooks', {
      cookie: memberCookie,
      body: { url, from: 0 },
    });
    expect(created.status).toBe(201);
    const { id, secret } = created.json;
    sent.length = 0;
    const file = (name: string) =>
      call('POST', '/api/v1/sources', {
        cookie: memberCookie,
        body: { id: `${name}-${engine}`, role: 'a clerk', reliability: 'C' },
      });
    await file('hook-1');
    await expect.poll(() => sent.length).toBe(made.store.entries.length);
    expect(sent.map(({ body }) => JSON.parse(body).index)).toEqual(sent.map((_, i) => i));
    const [first] = sent;
    const [, t, v1] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(first.headers['Beamkeeper-Signature'] ?? '') ?? [];
    expect(createHmac('sha256', secret).update(`${t}.${first.body}`).digest('hex')).toBe(v1);
    expect(first.body).not.toMatch(/"body"/);

    const rotated = (
      await call('POST', `/api/v1/webhooks/${id}/rotation`, { cookie: memberCookie })
    ).json;
    answerStatus = 500;
    sent.length = 0;
    await file('hook-2');
    await expect.poll(() => sent.length).toBe(1);
    const signatures = sent[0].headers['Beamkeeper-Signature'] ?? '';
    for (const one of [secret, rotated.secret]) {
      const [, time] = /t=(\d+)/.exec(signatures) ?? [];
      expect(signatures).toContain(
        createHmac('sha256', one).update(`${time}.${sent[0].body}`).digest('hex'),
      );
    }
    const hookOf = async () =>
      (await call('GET', '/api/v1/webhooks', { cookie: memberCookie })).json.find(
        (one: { id: string }) => one.id === id,
      );
    await expect.poll(async () => (await hookOf()).attempt).toBe(1);
    // Not before its time; then it waits twice as long each time, and after three days it is paused.
    await file('hook-3');
    expect((await hookOf()).attempt).toBe(1);
    const began = clock.nowMs;
    const deliverer = createDeliverer({
      database,
      store: made.store,
      send: async () => answerStatus,
      nowMs: () => clock.nowMs,
    });
    const waits: number[] = [];
    memberCookie = (await login(member)).cookie;
    for (let hook = await hookOf(); !hook.paused; hook = await hookOf()) {
      waits.push(hook.nextAttemptMs - clock.nowMs);
      clock.nowMs = hook.nextAttemptMs;
      memberCookie = (await login(member)).cookie;
      await deliverer.deliver();
    }
    expect(waits.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000]);
    expect(Math.max(...waits)).toBe(6 * 3_600_000);
    const paused = await hookOf();
    expect(paused.paused).toMatch(/^failing since .*: it answered 500/);
    expect(clock.nowMs - began).toBeGreaterThan(2.7 * DAY_MS);
    expect(clock.nowMs - began).toBeLessThan(3.1 * DAY_MS);
    answerStatus = 200;
    sent.length = 0;
    await call('POST', `/api/v1/webhooks/${id}/replay`, {
      cookie: memberCookie,
      body: { from: 3 },
    });
    await file('hook-last');
    await expect.poll(() => sent.length).toBe(made.store.entries.length - 3);
    expect(JSON.parse(sent[0].body).index).toBe(3);
    adminCookie = (await login(admin)).cookie;
    expect((await call('DELETE', `/api/v1/webhooks/${id}`, { cookie: adminCookie })).status).toBe(
      404,
    );
    expect((await call('DELETE', `/api/v1/webhooks/${id}`, { cookie: memberCookie })).status).toBe(
      204,
    );
  });

  it('an endpoint is an https address without a name in it', async () => {
    for (const url of ['http://x.example', 'ftp://x', 'https://a:b@x.example', 'nonsense']) {
      expect(
        (await call('POST', '/api/v1/webhooks', { cookie: memberCookie, body: { url } })).status,
      ).toBe(400);
    }
  });

  it('a provider signs in whom an administrator tied to it, and nobody else', async () => {
    const begin = async () => {
      const answer = await app.inject({ method: 'GET', url: '/api/v1/oidc/login' });
      const url = new URL(answer.headers.location as string);
      expect(url.searchParams.get('code_challenge_method')).toBe('S256');
      const state = url.searchParams.get('state') as string;
      return { state, nonce: url.searchParams.get('nonce') as string };
    };
    const finish = (state: string, given: string) =>
      app.inject({ method: 'GET', url: `/api/v1/oidc/callback?code=${given}&state=${state}` });
    const good = await begin();
    const answer = await finish(good.state, `subject-ben.${good.nonce}`);
    expect(answer.statusCode).toBe(302);
    expect(String(answer.headers['set-cookie'])).toMatch(/beamkeeper_session=/);
    const stranger = await begin();
    expect((await finish(stranger.state, `subject-eve.${stranger.nonce}`)).statusCode).toBe(403);
    const replay = await begin();
    expect((await finish(replay.state, `subject-ben.${good.nonce}`)).statusCode).toBe(401);
    expect((await finish(good.state, `subject-ben.${good.nonce}`)).statusCode).toBe(400);
  });

  it('a disabled account is out at once', async () => {
    memberCookie = (await login(member)).cookie;
    adminCookie = (await login(admin)).cookie;
    const accounts = (await call('GET', '/api/v1/accounts', { cookie: adminCookie })).json as {
      id: string;
      name: string;
    }[];
    const ben = accounts.find(({ name }) => name === 'Ben')?.id;
    expect((await call('DELETE', `/api/v1/accounts/${ben}`, { cookie: adminCookie })).status).toBe(
      204,
    );
    expect(
      (await call('GET', '/api/v1/session', { cookie: memberCookie })).json.account,
    ).toBeNull();
    expect((await login(member)).status).toBe(401);
    const ada = accounts.find(({ name }) => name === 'Ada')?.id;
    expect((await call('DELETE', `/api/v1/accounts/${ada}`, { cookie: adminCookie })).status).toBe(
      409,
    );
  });
});

test('endpoints on private networks are not reached', async () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'nonsense',
  ]) {
    expect(isPublicAddress(address), address).toBe(false);
  }
  for (const address of ['1.1.1.1', '8.8.8.8', '2606:4700::1111', '172.32.0.1']) {
    expect(isPublicAddress(address), address).toBe(true);
  }
  await expect(sendToPublic('https://localhost/', '', {})).rejects.toThrow(/not a public address/);
  await expect(sendToPublic('https://127.0.0.1/', '', {})).rejects.toThrow(/not a public address/);
  await expect(sendToPublic('http://1.1.1.1/', '', {})).rejects.toThrow(/only https/);
});

/** A provider that believes whatever its authorization codes say: `<subject>.<nonce>`. */
async function startIssuer(): Promise<{ url: string; server: Server }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'ES256', use: 'sig' };
  const base64url = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const server = createServer(async (request, response) => {
    const { port } = server.address() as { port: number };
    const issuer = `http://127.0.0.1:${port}`;
    const json = (value: unknown): void => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    };
    if (request.url === '/.well-known/openid-configuration') {
      json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      });
      return;
    }
    if (request.url === '/jwks') {
      json({ keys: [jwk] });
      return;
    }
    let body = '';
    for await (const part of request) body += part;
    const [sub, nonce] = (new URLSearchParams(body).get('code') ?? '').split('.');
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: 'switch', sub, nonce, iat: now, exp: now + 60 };
    const signed = `${base64url({ alg: 'ES256', kid: '1' })}.${base64url(claims)}`;
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const signature = sign('sha256', Buffer.from(signed), key).toString('base64url');
    json({ access_token: 'a', token_type: 'bearer', id_token: `${signed}.${signature}` });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, server };
}
