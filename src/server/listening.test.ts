/** What only shows over a real connection: streams, floods, raw bytes, paths that clients would tidy up. */
import { Agent, request as httpRequest, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startTestServer } from './testServer.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

async function listening(options: Parameters<typeof startTestServer>[0] = {}) {
  const server = await startTestServer(options);
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.app.server.address() as { port: number };
  const ask = (path: string, more: RequestOptions = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port, path, ...more }, response => {
        let body = '';
        response.setEncoding('utf8').on('data', part => {
          body += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      })
        .on('error', reject)
        .end();
    });
  return { ...server, port, url: `http://127.0.0.1:${port}`, ask };
}

interface Events {
  /** The next events, as `id: event`; fewer when the stream ends first. */
  take(count: number): Promise<string[]>;
  cancel(): Promise<void>;
}

async function events(url: string, lastEventId?: string): Promise<Events> {
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  const response = await fetch(`${url}/api/v1/stream`, { headers });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const found: string[] = [];
  return {
    async take(count) {
      while (found.length < count) {
        const { done, value } = await reader.read();
        if (done) break;
        text += decoder.decode(value, { stream: true });
        const parts = text.split('\n\n');
        text = parts.pop() as string;
        for (const part of parts) {
          const [, id, event, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(part) ?? [];
          if (id === undefined) continue;
          expect(JSON.parse(data).index).toBe(Number(id));
          found.push(`${id}: ${event}`);
        }
      }
      return found.splice(0, count);
    },
    cancel: () => reader.cancel(),
  };
}
const named = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `${from + i}: entry`);

const limited = await listening({ ratePerSecond: 500 });

test('a stream that was cut is resumed where it ended: no entry is missed, none comes twice', async () => {
  const { store, url, app, contact } = await listening();
  const size = store.entries.length;
  const first = await events(url, '2');
  expect(await first.take(size - 3)).toEqual(named(3, size));
  await store.record('contact/v1', await contact('call-10'));
  expect(await first.take(1)).toEqual(named(size, size + 1));
  await first.cancel();

  await store.record('contact/v1', await contact('call-11'));
  // Durable, but under no checkpoint yet when the reader comes.
  const recording = store.record('contact/v1', await contact('call-12'));
  const second = await events(url, String(size));
  await recording;
  await store.record('contact/v1', await contact('call-13'));
  expect(await second.take(3)).toEqual(named(size + 1, size + 4));

  const fromNow = await events(url);
  await store.record('contact/v1', await contact('call-14'));
  expect(await fromNow.take(1)).toEqual(named(size + 4, size + 5));
  // A server that stops ends its streams instead of waiting for their readers.
  await app.close();
  expect(await second.take(2)).toEqual(named(size + 4, size + 5));
  expect(await fromNow.take(1)).toEqual([]);
});

test('a reader who takes his time gets every entry in order, and full tiles never change', async () => {
  const { store, url, ask } = await listening();
  const size = store.entries.length;
  const count = 600;
  const text = 'x'.repeat(20_000);
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      store.record('claim/v1', {
        id: `claim-${i + 10}`,
        text,
        originator: 'a newspaper',
        about: [text.slice(0, 5000)],
        firstAppearance: { at: new Date(store.nowMs()).toISOString(), where: 'a report' },
      }),
    ),
  );
  const slow = await events(url, '-1');
  const quick = await events(url, '-1');
  expect(await quick.take(size + count)).toEqual(named(0, size + count));
  expect(await slow.take(size + count)).toEqual(named(0, size + count));
  await Promise.all([slow.cancel(), quick.cancel()]);

  expect(await ask('/ledger/orders/checkpoint')).toMatchObject({
    status: 200,
    headers: { 'cache-control': 'no-cache', 'content-type': 'text/plain; charset=utf-8' },
    body: store.orders.log.checkpoint,
  });
  expect(await ask('/ledger/orders/tile/0/000')).toMatchObject({
    status: 200,
    headers: {
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'application/octet-stream',
    },
  });
  const partial = (size + count) % 256;
  const { headers } = await ask(`/ledger/orders/tile/0/002.p/${partial}`);
  expect(headers['cache-control']).not.toMatch(/immutable/);
});

test.each([
  '/ledger/../private/orders/signed',
  '/ledger/%2e%2e/private/orders/signed',
  '/ledger/orders/../../private/orders/signed',
  '/ledger/orders/%2e%2e%2f%2e%2e%2fprivate%2forders%2fsigned',
  '/assets/../../../../../../etc/passwd',
  '//etc/passwd.txt',
  '/ledger/orders/....//....//private/orders/signed',
])('the raw path %s reads nothing', async path => {
  const { status, body, headers } = await limited.ask(path);
  expect([400, 403, 404]).toContain(status);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(body).not.toMatch(/switch\.example|root:/);
});

test.each([
  ['no HTTP at all\r\n\r\n', 400],
  ['GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  [`GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('bytes that are no request get one problem (%#)', async (bytes, status) => {
  const text = await new Promise<string>((resolve, reject) => {
    let got = '';
    const socket = connect(limited.port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', part => {
      got += part;
    });
    socket.on('end', () => resolve(got)).on('error', reject);
  });
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(text.split('\r\n\r\n')[1])).toMatchObject({ type: 'about:blank', status });
});

test('10,000 requests at once get 429 problems, and the server stays healthy', async () => {
  const { ask } = limited;
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const answers = new Map<number, number>();
  let refusal: Answer | undefined;
  const startMs = performance.now();
  await Promise.all(
    Array.from({ length: 10_000 }, async (_, i) => {
      const path = i % 4 === 0 ? `/api/v1/nothing-${i}` : '/api/v1/orders';
      const answer = await ask(path, { agent });
      answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
      if (answer.status === 429) refusal = answer;
    }),
  );
  const windows = Math.ceil((performance.now() - startMs) / 1000) + 1;
  agent.destroy();
  expect([...answers.keys()].sort()).toEqual([200, 404, 429]);
  const answered = (answers.get(200) ?? 0) + (answers.get(404) ?? 0);
  expect(answered).toBeLessThanOrEqual(500 * windows);
  expect(refusal?.headers['retry-after']).toBe('1');
  expect(JSON.parse(refusal?.body as string)).toMatchObject({ status: 429, code: 'RATE_LIMIT' });
  expect((await ask('/healthz')).status).toBe(200);
  // Another address is not held up.
  expect((await ask('/api/v1/orders', { localAddress: '127.0.0.2' })).status).toBe(200);
});

test('behind a proxy that is trusted, each client has a rate of its own; others are not believed', async () => {
  const through = await listening({ ratePerSecond: 3, trustedProxies: '10.0.0.0/8, 127.0.0.1' });
  const direct = await listening({ ratePerSecond: 3 });
  const from = async ({ ask }: typeof direct, address: string): Promise<number[]> => {
    const headers = { 'X-Forwarded-For': address };
    const all = await Promise.all(
      Array.from({ length: 3 }, () => ask('/api/v1/territories', { headers })),
    );
    return all.map(({ status }) => status);
  };
  expect(await from(through, '192.0.2.1')).toEqual([200, 200, 200]);
  expect(await from(through, '192.0.2.2')).toEqual([200, 200, 200]);
  expect(await from(direct, '192.0.2.1')).toEqual([200, 200, 200]);
  expect(await from(direct, '192.0.2.2')).toEqual([429, 429, 429]);
  await Promise.all([through.app.close(), direct.app.close()]);
});

test.each(['proxy.example', '10.0.0.0/33', '10.0.0.1/8/8', '', '300.1.1.1'])(
  'a proxy that is no address is refused: "%s"',
  async trustedProxies => {
    await expect(startTestServer({ trustedProxies })).rejects.toThrow(
      /--trust-proxy: ".*" is no address/,
    );
  },
);
