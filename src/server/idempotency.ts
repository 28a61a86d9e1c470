import type { FastifyInstance } from 'fastify';
import type { Database } from '../store/database.ts';
import { hashOf } from './identity/secrets.ts';
import { HttpProblem } from './problem.ts';

const KEPT_MS = 7 * 86_400_000;
/** A request that has not answered by then was cut off: the next one may try. */
const ABANDONED_MS = 60_000;
/** Headers of an answer that are given again with it. */
const HEADERS = ['location', 'ledger-index', 'ledger-size', 'content-type', 'etag'];

/**
 * `Idempotency-Key` on requests that change something: the same key and body get the first answer again
 * for seven days, another body is refused, and the second of two at the same time is told to wait.
 */
export function idempotency(
  app: FastifyInstance,
  { database, nowMs }: { readonly database: Database; readonly nowMs: () => number },
): void {
  app.decorateRequest('idempotencyName', null);
  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || typeof key !== 'string') return;
    if (key.length > 200)
      throw new HttpProblem(400, 'MALFORMED', 'Idempotency-Key: at most 200 letters');
    const who = request.account?.id ?? request.ip;
    const name = hashOf(`${who} ${key}`);
    const requestHash = hashOf(`${request.url} ${JSON.stringify(request.body ?? null)}`);
    const atMs = nowMs();
    await database.run('DELETE FROM idempotency WHERE created_ms < ?', atMs - KEPT_MS);
    await database.run(
      'DELETE FROM idempotency WHERE name = ? AND status IS NULL AND created_ms < ?',
      name,
      atMs - ABANDONED_MS,
    );
    const isFirst = await database.run(
      `INSERT INTO idempotency (name, request_hash, created_ms) VALUES (?, ?, ?)
       ON CONFLICT (name) DO NOTHING`,
      name,
      requestHash,
      atMs,
    );
    if (isFirst === 1) {
      (request as { idempotencyName?: string }).idempotencyName = name;
      return;
    }
    const row = await database.get<{
      request_hash: string;
      status: number | null;
      headers: string | null;
      body: string | null;
    }>('SELECT request_hash, status, headers, body FROM idempotency WHERE name = ?', name);
    if (row && row.request_hash !== requestHash) {
      throw new HttpProblem(
        422,
        'IDEMPOTENCY',
        'this Idempotency-Key was used for another request',
      );
    }
    if (!row || row.status === null) {
      throw new HttpProblem(
        409,
        'IN_PROGRESS',
        'the same request is being answered; ask again shortly',
      );
    }
    reply.headers(JSON.parse(row.headers ?? '{}')).header('Idempotency-Replayed', 'true');
    return reply.code(row.status).send(row.body ?? '');
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const name = (request as { idempotencyName?: string | null }).idempotencyName;
    if (!name) return payload;
    // What failed on our side may be tried again.
    if (reply.statusCode >= 500 || typeof payload !== 'string') {
      await database.run('DELETE FROM idempotency WHERE name = ?', name);
      return payload;
    }
    const all = reply.getHeaders();
    const kept = Object.fromEntries(
      HEADERS.flatMap(h => (all[h] === undefined ? [] : [[h, all[h]]])),
    );
    await database.run(
      'UPDATE idempotency SET status = ?, headers = ?, body = ? WHERE name = ?',
      reply.statusCode,
      JSON.stringify(kept),
      payload,
      name,
    );
    return payload;
  });
}
