import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';

import { z } from 'zod';
import {
  BODY_SHAPES,
  ballotHash,
  type EntryBodies,
  type EntryType,
  isSignedType,
  orderView,
} from '../control/index.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import type { ServerContext } from './app.ts';
import { authorise, handedInBy } from './authorise.ts';
import { mayWrite } from './mayWrite.ts';
import { HttpProblem } from './problem.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

/** Evidence and lists; kept under their hash. */
const MAX_BLOB_BYTES = 8 << 20;

/** Words about an order that is there: under which name, as which entry, and in which field its hash stands. */
const ORDER_WORDS: readonly (readonly [route: string, type: EntryType, isHashNeeded: boolean])[] = [
  ['votes', 'vote/v1', true],
  ['withdrawals', 'voteWithdraw/v1', false],
  ['recusals', 'recusal/v1', false],
  ['impacts', 'impact/v1', false],
  ['amendments', 'order/v1', true],
  ['cancellations', 'cancel/v1', false],
  ['executions', 'execution/v1', true],
  ['receipts', 'receipt/v1', false],
  ['reverts', 'revert/v1', false],
  ['reviews', 'review/v1', false],
  ['taints', 'taint/v1', false],
];

/** Everything that puts an entry into the log. Signatures are the author's own; the fold decides. */
export const writingRoutes: FastifyPluginAsync<ServerContext> = async (instance, context) => {
  const app = instance.withTypeProvider<ZodRequests>();
  const { store, demoKeys } = context;
  const isDemo = demoKeys !== undefined;
  const answers = {
    201: schemas.recordedSchema.describe('in the log, covered by a signed checkpoint on disk'),
    202: schemas.recordedSchema.describe('durable on disk; a checkpoint will cover it'),
    '4xx': schemas.problemSchema,
    '5xx': schemas.problemSchema,
  };

  async function file(
    request: FastifyRequest,
    reply: FastifyReply,
    type: EntryType,
    body: unknown,
  ): Promise<FastifyReply> {
    mayWrite(request, type, isDemo);
    const isAsync = request.headers.prefer?.includes('respond-async') ?? false;
    const filing = body as EntryBodies[EntryType];
    await needSealKeys(filing);
    await authorise(store, type, filing, handedInBy(request));
    const { index, entry } = isAsync
      ? await store.sequence(type, filing)
      : await store.record(type, filing);
    if (isAsync) reply.header('Preference-Applied', 'respond-async');
    reply
      .code(isAsync ? 202 : 201)
      .header('Location', `/api/v1/entries/${index}`)
      .header('Ledger-Index', index)
      .header('Ledger-Size', store.entries.length);
    const { time, subject } = entry;
    const hash = isSignedType(type) ? ballotHash(nodeSha256, type, filing) : '';
    const isVotedOn = store.state.ballots.has(hash);
    return reply.send({ index, type, time, subject, ...(isVotedOn && { orderHash: hash }) });
  }

  app.post(
    '/api/v1/entries',
    {
      schema: {
        description: 'Any entry: its type and its complete body, signed by its author',
        body: z.object({ type: z.string().max(40), body: schemas.bodyOf }),
        response: answers,
      },
    },
    (request, reply) => file(request, reply, typeOf(request.body.type), request.body.body),
  );
  app.post(
    '/api/v1/entries/preview',
    {
      schema: {
        description: 'Whether an entry would have an effect; nothing is recorded',
        body: z.object({ type: z.string().max(40), body: schemas.bodyOf }),
        response: { 200: z.object({ hasEffect: z.literal(true) }), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      const type = typeOf(request.body.type);
      mayWrite(request, type, isDemo);
      await store.preview(type, request.body.body as never);
      return reply.send({ hasEffect: true });
    },
  );

  for (const [route, type] of [
    ['orders', 'order/v1'],
    ['declarations', 'declaration/v1'],
    ['contacts', 'contact/v1'],
    ['commitments', 'commitment/v1'],
    ['claims', 'claim/v1'],
    ['sources', 'source/v1'],
    ['attributions', 'attribution/v1'],
  ] as const) {
    app.post(
      `/api/v1/${route}`,
      { schema: { description: `Files ${type}`, body: schemas.bodyOf, response: answers } },
      (request, reply) => file(request, reply, type, request.body),
    );
  }
  app.post(
    '/api/v1/claims/:id/stances',
    {
      schema: {
        params: z.object({ id: z.string().max(200) }),
        body: schemas.bodyOf,
        response: answers,
      },
    },
    (request, reply) => {
      const { id } = request.params;
      return file(request, reply, 'stance/v1', { ...request.body, claim: id });
    },
  );

  for (const [route, type, isHashNeeded] of ORDER_WORDS) {
    app.post(
      `/api/v1/orders/:hash/${route}`,
      {
        schema: {
          description: isHashNeeded
            ? `Files ${type}; If-Match names the hash of the order as its author read it`
            : `Files ${type}`,
          params: schemas.hashParam,
          body: schemas.bodyOf,
          response: answers,
        },
      },
      (request, reply) => {
        const { hash } = request.params;
        if (!store.state.ballots.has(hash)) {
          throw new HttpProblem(404, 'NOT_FOUND', `no order ${hash}`);
        }
        if (isHashNeeded) needMatch(request, hash);
        const named = hashIn(type, request.body);
        if (named !== undefined && named !== hash) {
          throw new HttpProblem(400, 'MALFORMED', `the body is about the order ${String(named)}`, {
            field: 'orderHash',
          });
        }
        return file(request, reply, type, request.body).catch(error => {
          throw error.code === 'NO_EFFECT' ? withWhatIsMissing(error, hash) : error;
        });
      },
    );
  }

  /** No entry names a seal that nobody could ever open: its keys are handed in before. */
  async function needSealKeys(body: EntryBodies[EntryType]): Promise<void> {
    const id = (body as { readonly seal?: { readonly id?: unknown } }).seal?.id;
    if (typeof id !== 'string' || context.hasSealKeys === undefined) return;
    // A further revision carries the seal of the one before, also when that was shredded.
    if (store.state.seals.has(id)) return;
    if (/^[0-9a-f]{32}$/.test(id) && (await context.hasSealKeys(id))) return;
    throw new HttpProblem(
      409,
      'SEAL_MISSING',
      'the keys of the seal are not here: hand them in first (POST /api/v1/seals)',
      { field: 'seal.id' },
    );
  }

  /** Whose voice is missing, until when, and what stands in the way: now, which is why it was refused. */
  function withWhatIsMissing(error: Error, hash: string): HttpProblem {
    const now = new Date(Math.max(store.nowMs(), store.state.timeMs)).toISOString();
    const view = orderView(store.state, store.state.ballots.get(hash)!, now);
    const { status: orderStatus, missing, blockedBy, dueAt } = view;
    return new HttpProblem(409, 'NO_EFFECT', error.message, {
      orderStatus,
      missing,
      blockedBy,
      dueAt,
    });
  }

  /** The order must still be as it was read: a newer revision makes the hash stale. */
  function needMatch(request: FastifyRequest, hash: string): void {
    const given = request.headers['if-match'];
    if (given === undefined) {
      throw new HttpProblem(428, 'IF_MATCH', 'say which order you read: If-Match: "<its hash>"');
    }
    const { closed, subject } = store.state.ballots.get(hash)!;
    const isStale = given.replaceAll('"', '') !== hash || closed?.how === 'amended';
    if (isStale) {
      const newest =
        subject.type === 'order/v1' ? store.state.revisions.get(subject.body.id)?.at(-1) : hash;
      throw new HttpProblem(412, 'STALE', 'the order has changed since you read it', { newest });
    }
  }

  instance.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: MAX_BLOB_BYTES },
    (_, body, done) => done(null, body),
  );
  app.post(
    '/api/v1/blobs',
    {
      bodyLimit: MAX_BLOB_BYTES,
      schema: {
        description: 'An attachment, kept under its SHA-256; put before the entry that names it',
        consumes: ['application/octet-stream'],
        response: { 201: z.object({ sha256: z.string() }), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      // Bytes carry no signature.
      mayWrite(request, 'observation/v1', isDemo);
      if (!Buffer.isBuffer(request.body)) {
        throw new HttpProblem(415, 'MEDIA_TYPE', 'send the bytes as application/octet-stream');
      }
      const sha256 = await store.putBlob(request.body);
      return reply.code(201).send({ sha256 });
    },
  );
};

function typeOf(type: string): EntryType {
  if (Object.hasOwn(BODY_SHAPES, type)) return type as EntryType;
  throw new HttpProblem(400, 'MALFORMED', `"${type.slice(0, 40)}" is no type of entry`, {
    field: 'type',
  });
}

function hashIn(type: EntryType, body: Readonly<Record<string, unknown>>): unknown {
  if (type === 'order/v1') return undefined;
  return type === 'vote/v1'
    ? (body['statement'] as { orderHash?: unknown } | undefined)?.orderHash
    : body['orderHash'];
}
