import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../store/database.ts';
import type { SwitchStore } from '../../store/switchStore.ts';
import { newSecret } from '../identity/secrets.ts';
import { HttpProblem } from '../problem.ts';
import * as schemas from '../schemas.ts';
import type { ZodRequests } from '../zodRequests.ts';

const MAX_ENDPOINTS = 20;

/** Endpoints that are told of every entry: their owner's, who sees when they fail. */
export function webhookRoutes(
  instance: FastifyInstance,
  options: {
    readonly database: Database;
    readonly store: SwitchStore;
    readonly nowMs: () => number;
    readonly isHttpAllowed: boolean;
  },
): void {
  const app = instance.withTypeProvider<ZodRequests>();
  const { database, store, nowMs, isHttpAllowed } = options;
  const id = z.object({ id: z.string().max(64) });
  const endpoint = z.looseObject({ id: z.string(), url: z.string(), nextIndex: z.int() });
  const answers = <T extends z.ZodType>(status: number, of: T) => ({
    [status]: of,
    '4xx': schemas.problemSchema,
  });
  const ownerOf = ({ account }: FastifyRequest): string => {
    if (!account) throw new HttpProblem(401, 'LOGIN', 'sign in to keep endpoints');
    if (account.scopes !== null && !account.scopes.includes('webhook')) {
      throw new HttpProblem(403, 'SCOPE', 'the token has no scope "webhook"');
    }
    return account.id;
  };
  async function change(
    request: FastifyRequest<{ Params: { id: string } }>,
    set: string,
    ...values: (string | number | null)[]
  ) {
    const owner = ownerOf(request);
    const count = await database.run(
      `UPDATE webhook SET ${set} WHERE id = ? AND account = ?`,
      ...values,
      request.params.id,
      owner,
    );
    if (count === 0)
      throw new HttpProblem(404, 'NOT_FOUND', `no endpoint ${request.params.id} of yours`);
  }

  app.get(
    '/api/v1/webhooks',
    { schema: { response: answers(200, z.array(endpoint)) } },
    async (request, reply) => {
      const rows = await database.all(
        `SELECT id, url, next_index, attempt, next_attempt_ms, failing_since_ms, paused FROM webhook
         WHERE account = ? ORDER BY created_ms`,
        ownerOf(request),
      );
      return reply.header('Cache-Control', 'no-store').send(
        rows.map(row => ({
          id: row['id'],
          url: row['url'],
          nextIndex: row['next_index'],
          attempt: row['attempt'],
          nextAttemptMs: row['next_attempt_ms'],
          failingSinceMs: row['failing_since_ms'],
          paused: row['paused'],
        })),
      );
    },
  );
  app.post(
    '/api/v1/webhooks',
    {
      schema: {
        description:
          'The secret is shown once; `from` is the first index to send, by default the next entry',
        body: z.object({ url: z.string().max(2000), from: z.int().min(0).optional() }),
        response: answers(201, z.object({ id: z.string(), secret: z.string() })),
      },
    },
    async (request, reply) => {
      const owner = ownerOf(request);
      const url = URL.canParse(request.body.url) ? new URL(request.body.url) : undefined;
      const isFit =
        url &&
        (url.protocol === 'https:' || (isHttpAllowed && url.protocol === 'http:')) &&
        url.username === '' &&
        url.password === '';
      if (!isFit) {
        throw new HttpProblem(400, 'MALFORMED', 'url: give an https:// address without user name', {
          field: 'url',
        });
      }
      const { secret } = newSecret('whsec_');
      const newId = randomUUID();
      await database.transaction(async queries => {
        const count = await queries.get<{ n: number }>(
          'SELECT COUNT(*) AS n FROM webhook WHERE account = ?',
          owner,
        );
        if ((count?.n ?? 0) >= MAX_ENDPOINTS) {
          throw new HttpProblem(409, 'TOO_MANY', `you have ${MAX_ENDPOINTS} endpoints`);
        }
        await queries.run(
          `INSERT INTO webhook (id, account, url, secret, next_index, attempt, next_attempt_ms, created_ms)
           VALUES (?, ?, ?, ?, ?, 0, 0, ?)`,
          newId,
          owner,
          url.href,
          secret,
          Math.min(request.body.from ?? store.state.size, store.state.size),
          nowMs(),
        );
      });
      return reply.code(201).send({ id: newId, secret });
    },
  );
  app.post(
    '/api/v1/webhooks/:id/rotation',
    {
      schema: {
        description: 'A new secret; until the next rotation both sign',
        params: id,
        response: answers(200, z.object({ secret: z.string() })),
      },
    },
    async (request, reply) => {
      const { secret } = newSecret('whsec_');
      await change(request, 'former_secret = secret, secret = ?', secret);
      return reply.send({ secret });
    },
  );
  app.post(
    '/api/v1/webhooks/:id/replay',
    {
      schema: {
        description: 'Sends again from an index on; also resumes an endpoint that was paused',
        params: id,
        body: z.object({ from: z.int().min(0) }),
        response: answers(204, z.null()),
      },
    },
    async (request, reply) => {
      await change(
        request,
        'next_index = ?, attempt = 0, failing_since_ms = NULL, next_attempt_ms = 0, paused = NULL',
        Math.min(request.body.from, store.state.size),
      );
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/v1/webhooks/:id',
    { schema: { params: id, response: answers(204, z.null()) } },
    async (request, reply) => {
      const count = await database.run(
        'DELETE FROM webhook WHERE id = ? AND account = ?',
        request.params.id,
        ownerOf(request),
      );
      if (count === 0)
        throw new HttpProblem(404, 'NOT_FOUND', `no endpoint ${request.params.id} of yours`);
      return reply.code(204).send();
    },
  );
}
