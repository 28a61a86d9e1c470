import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { HttpProblem } from './problem.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

const MAX_DRAFT_BYTES = 256 * 1024;
const MAX_DRAFTS = 200;

/** Drafts of orders: each author's own, until he signs and files them. They are not in the log. */
export function drafts(
  instance: FastifyInstance,
  { database, nowMs }: { readonly database: Database; readonly nowMs: () => number },
): void {
  const app = instance.withTypeProvider<ZodRequests>();
  const id = z.object({ id: z.string().max(64) });
  const draft = z.object({
    id: z.string(),
    version: z.int(),
    changedMs: z.int(),
    body: z.looseObject({}),
  });
  const answers = <T extends z.ZodType>(status: number, of: T) => ({
    [status]: of,
    '4xx': schemas.problemSchema,
  });
  const ownerOf = ({ account }: FastifyRequest): string => {
    if (!account) throw new HttpProblem(401, 'LOGIN', 'sign in to keep drafts on the server');
    if (account.scopes !== null && !account.scopes.includes('draft')) {
      throw new HttpProblem(403, 'SCOPE', 'the token has no scope "draft"');
    }
    return account.id;
  };
  const textOf = (body: unknown): string => {
    const text = JSON.stringify(body);
    if (Buffer.byteLength(text) > MAX_DRAFT_BYTES) {
      throw new HttpProblem(413, 'TOO_LARGE', `a draft has at most ${MAX_DRAFT_BYTES} bytes`);
    }
    return text;
  };
  type DraftRow = { id: string; version: number; body: string; changed_ms: number };
  const plain = (row: DraftRow) => ({
    id: row.id,
    version: row.version,
    changedMs: row.changed_ms,
    body: JSON.parse(row.body) as unknown,
  });

  app.get(
    '/api/v1/drafts',
    { schema: { response: answers(200, z.array(draft)) } },
    async (request, reply) => {
      const rows = await database.all<DraftRow>(
        'SELECT id, version, body, changed_ms FROM draft WHERE account = ? ORDER BY changed_ms DESC',
        ownerOf(request),
      );
      return reply.header('Cache-Control', 'no-store').send(rows.map(plain));
    },
  );
  app.post(
    '/api/v1/drafts',
    { schema: { body: z.looseObject({}), response: answers(201, draft) } },
    async (request, reply) => {
      const owner = ownerOf(request);
      const text = textOf(request.body);
      const row: DraftRow = { id: randomUUID(), version: 1, body: text, changed_ms: nowMs() };
      await database.transaction(async queries => {
        const count = await queries.get<{ n: number }>(
          'SELECT COUNT(*) AS n FROM draft WHERE account = ?',
          owner,
        );
        if ((count?.n ?? 0) >= MAX_DRAFTS) {
          throw new HttpProblem(409, 'TOO_MANY', `you have ${MAX_DRAFTS} drafts; delete some`);
        }
        await queries.run(
          'INSERT INTO draft VALUES (?, ?, ?, ?, ?)',
          row.id,
          owner,
          row.version,
          text,
          row.changed_ms,
        );
      });
      return reply.code(201).header('ETag', '"1"').send(plain(row));
    },
  );
  app.put(
    '/api/v1/drafts/:id',
    {
      schema: {
        description: 'If-Match names the version that was read, so that no change is lost',
        params: id,
        body: z.looseObject({}),
        response: answers(200, draft),
      },
    },
    async (request, reply) => {
      const owner = ownerOf(request);
      const given = request.headers['if-match'];
      if (given === undefined) {
        throw new HttpProblem(428, 'IF_MATCH', 'say which version you read: If-Match: "<version>"');
      }
      const version = Number(given.replaceAll('"', ''));
      const row = await database.get<DraftRow>(
        `UPDATE draft SET body = ?, version = version + 1, changed_ms = ?
         WHERE id = ? AND account = ? AND version = ? RETURNING id, version, body, changed_ms`,
        textOf(request.body),
        nowMs(),
        request.params.id,
        owner,
        Number.isInteger(version) ? version : -1,
      );
      if (row) return reply.header('ETag', `"${row.version}"`).send(plain(row));
      const there = await database.get(
        'SELECT id FROM draft WHERE id = ? AND account = ?',
        request.params.id,
        owner,
      );
      throw there
        ? new HttpProblem(412, 'STALE', 'the draft has changed since you read it')
        : new HttpProblem(404, 'NOT_FOUND', `no draft ${request.params.id} of yours`);
    },
  );
  app.delete(
    '/api/v1/drafts/:id',
    { schema: { params: id, response: answers(204, z.null()) } },
    async (request, reply) => {
      const count = await database.run(
        'DELETE FROM draft WHERE id = ? AND account = ?',
        request.params.id,
        ownerOf(request),
      );
      if (count === 0)
        throw new HttpProblem(404, 'NOT_FOUND', `no draft ${request.params.id} of yours`);
      return reply.code(204).send();
    },
  );
}
