import type { FastifyPluginAsync, FastifyReply } from 'fastify';

import { z } from 'zod';
import {
  type BallotRecord,
  cellsOf,
  claimViews,
  contactView,
  declarationView,
  entryView,
  flagsAt,
  orderView,
  policyAt,
  rosterView,
  territoriesOf,
  territoryViews,
} from '../control/index.ts';
import { logSource } from '../store/logSource.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { formatProofFile, TileTree } from '../tlog/index.ts';
import type { ServerContext } from './app.ts';
import { HttpProblem } from './problem.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

const MAX_PAGE = 500;
const indexParam = z.object({ index: z.coerce.number().int().min(0) });
const idParam = z.object({ id: z.string().min(1).max(200) });

/** Everything that anybody may read. */
export const readingRoutes: FastifyPluginAsync<ServerContext> = async (instance, context) => {
  const app = instance.withTypeProvider<ZodRequests>();
  const { store, views, dataFolder } = context;
  const folder = `${dataFolder}/ledger/orders`;
  const send = (reply: FastifyReply, text: Buffer): FastifyReply =>
    reply
      .type('application/json; charset=utf-8')
      .header('Cache-Control', 'no-cache')
      .header('Ledger-Size', store.entries.length)
      .send(text);
  const notFound = (what: string): HttpProblem => new HttpProblem(404, 'NOT_FOUND', `no ${what}`);
  const answers = <T extends z.ZodType>(of: T) => ({
    200: of,
    '4xx': schemas.problemSchema,
  });

  app.get('/api/v1/status', { schema: { response: answers(schemas.statusSchema) } }, (_, reply) =>
    send(
      reply,
      views.json('status', now => {
        const { state, orders } = store;
        const { roster } = state.rosters[state.rosters.length - 1];
        return {
          origin: orders.log.origin,
          size: store.entries.length,
          verifierKey: orders.verifierKey,
          checkpoint: orders.log.checkpoint,
          isDemo: roster.demo,
          isReadOnly: orders.log.failure !== undefined && orders.log.failure !== null,
          reason: orders.log.failure?.message ?? null,
          flagCount: flagsAt(state, now).length,
          now,
        };
      }),
    ),
  );

  app.get(
    '/api/v1/territories',
    { schema: { response: answers(z.array(schemas.territorySchema)) } },
    (_, reply) =>
      send(
        reply,
        views.json('territories', now => territoryViews(store.state, now)),
      ),
  );
  app.get(
    '/api/v1/territories/:id',
    { schema: { params: idParam, response: answers(schemas.territorySchema) } },
    (request, reply) => {
      const { id } = request.params;
      const { state } = store;
      const version = state.latestVersions.get(id);
      if (version === undefined) throw notFound(`territory ${id}`);
      return send(
        reply,
        views.json(`territory ${id}`, now => {
          const { cellsCompact, borderBand } = state.territories.get(`${id}@${version}`)!;
          const view = territoryViews(state, now).find(one => one.id === id);
          return {
            ...view,
            cellsCompact: cellsOf(cellsCompact),
            borderBand: cellsOf(borderBand),
          };
        }),
      );
    },
  );

  app.get(
    '/api/v1/declarations',
    { schema: { response: answers(z.array(schemas.declarationSchema)) } },
    (_, reply) =>
      send(
        reply,
        views.json('declarations', now =>
          store.state.declarations.map(one => declarationView(one, now)).reverse(),
        ),
      ),
  );

  app.get(
    '/api/v1/orders',
    { schema: { response: answers(z.array(schemas.orderSchema)) } },
    (_, reply) =>
      send(
        reply,
        views.json('orders', now =>
          [...store.state.ballots.values()].reverse().map(one => orderView(store.state, one, now)),
        ),
      ),
  );
  /** By hash, or by id: then its newest revision. */
  const ballotOf = (name: string): BallotRecord => {
    const { ballots, revisions } = store.state;
    const hash = revisions.get(name)?.at(-1) ?? name;
    const record = ballots.get(hash);
    if (!record) throw notFound(`order ${name}`);
    return record;
  };
  app.get(
    '/api/v1/orders/:hash',
    {
      schema: {
        params: z.object({ hash: z.string().max(200) }),
        response: answers(schemas.orderSchema),
      },
    },
    (request, reply) => {
      const record = ballotOf(request.params.hash);
      reply.header('ETag', `"${record.hash}"`);
      return send(
        reply,
        views.json(`order ${record.hash}`, now => orderView(store.state, record, now)),
      );
    },
  );
  app.get(
    '/api/v1/orders/:hash/impact',
    {
      schema: {
        description: 'The impact report as filed: the bytes whose hash votes name',
        params: z.object({ hash: z.string().max(200) }),
        response: answers(z.looseObject({})),
      },
    },
    async (request, reply) => {
      const { impact, hash } = ballotOf(request.params.hash);
      const bytes = impact && (await store.readBlob(impact.reportSha256));
      if (!bytes) throw notFound(`impact report of order ${hash} is filed`);
      return reply
        .type('application/json; charset=utf-8')
        .header(
          'Content-Digest',
          `sha-256=:${Buffer.from(impact.reportSha256, 'hex').toString('base64')}:`,
        )
        .send(Buffer.from(bytes));
    },
  );

  app.get(
    '/api/v1/contacts',
    { schema: { response: answers(z.array(schemas.contactSchema)) } },
    (_, reply) =>
      send(
        reply,
        views.json('contacts', () => [...store.state.contacts.values()].map(contactView)),
      ),
  );
  app.get(
    '/api/v1/claims',
    { schema: { response: answers(z.array(schemas.claimSchema)) } },
    (_, reply) =>
      send(
        reply,
        views.json('claims', () => claimViews(store.state)),
      ),
  );
  app.get(
    '/api/v1/claims/:id',
    { schema: { params: idParam, response: answers(schemas.claimSchema) } },
    (request, reply) => {
      const { id } = request.params;
      if (!store.state.claims.claims.has(id)) throw notFound(`claim ${id}`);
      return send(
        reply,
        views.json(`claim ${id}`, () => claimViews(store.state).find(one => one.id === id)),
      );
    },
  );
  app.get(
    '/api/v1/commitments',
    { schema: { response: answers(z.array(z.looseObject({ id: z.string() }))) } },
    (_, reply) =>
      send(
        reply,
        views.json('commitments', () =>
          [...store.state.commitments.values()].map(({ commitment, seq }) => {
            const { proof: _proof, ...said } = commitment;
            return { ...said, entry: seq };
          }),
        ),
      ),
  );
  app.get('/api/v1/roster', { schema: { response: answers(schemas.rosterSchema) } }, (_, reply) =>
    send(
      reply,
      views.json('roster', () => rosterView(store.state)),
    ),
  );
  app.get(
    '/api/v1/flags',
    { schema: { response: answers(z.array(schemas.flagSchema)) } },
    (_, reply) =>
      send(
        reply,
        views.json('flags', now => flagsAt(store.state, now)),
      ),
  );

  app.get(
    '/api/v1/policy',
    {
      schema: {
        querystring: z.strictObject({ at: z.iso.datetime({ offset: true }).optional() }),
        response: answers(schemas.policySchema),
      },
    },
    (request, reply) => {
      const asked = request.query.at;
      return send(
        reply,
        views.json(`policy ${asked ?? ''}`, now => {
          const at = asked === undefined ? now : new Date(asked).toISOString();
          return {
            at,
            logSize: store.entries.length,
            rules: policyAt(store.state, at).rules.map(({ label, cells, terminals, action }) => ({
              label: label ?? '',
              action,
              terminals: terminals ?? 'all',
              cells: [...cells].map(cell => cell.toString(16)),
            })),
          };
        }),
      );
    },
  );

  app.get(
    '/api/v1/entries',
    {
      schema: {
        description: 'Oldest first from `after`; with `before`, the newest below it, newest first',
        querystring: z.strictObject({
          after: z.coerce.number().int().min(-1).optional(),
          before: z.coerce.number().int().min(0).optional(),
          limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
          type: z.string().max(40).optional(),
          territory: z.string().max(40).optional(),
          actor: z.string().max(200).optional(),
        }),
        response: answers(z.array(schemas.entrySchema)),
      },
    },
    (request, reply) => {
      const { after, before, limit, type, territory, actor } = request.query;
      return send(
        reply,
        views.json(`entries ${JSON.stringify(request.query)}`, () => {
          const { state } = store;
          const all = store.entries.map(({ entry }) => entry);
          const range = before === undefined ? all.slice((after ?? -1) + 1) : all.slice(0, before);
          const matching = (before === undefined ? range : range.reverse()).filter(
            entry =>
              (type === undefined || entry.type === type || entry.type === `${type}/v1`) &&
              (actor === undefined || entry.actor === actor) &&
              (territory === undefined || territoriesOf(state, entry).includes(territory)),
          );
          return matching.slice(0, limit).map(entry => entryView(state, entry));
        }),
      );
    },
  );
  app.get(
    '/api/v1/entries/:index',
    { schema: { params: indexParam, response: answers(schemas.entrySchema) } },
    (request, reply) => {
      const { index } = request.params;
      const found = store.entries[index];
      if (!found) throw notFound(`entry ${index}; the log has ${store.entries.length}`);
      return send(
        reply,
        views.json(`entry ${index}`, () => entryView(store.state, found.entry)),
      );
    },
  );
  app.get(
    '/api/v1/entries/:index/raw',
    {
      schema: {
        description: 'The entry byte for byte, as it is hashed and proven',
        params: indexParam,
        produces: ['application/octet-stream'],
        response: { 200: z.string(), '4xx': schemas.problemSchema },
      },
    },
    (request, reply) => {
      const found = store.entries[request.params.index];
      if (!found) throw notFound(`entry ${request.params.index}`);
      return reply.type('application/octet-stream').send(Buffer.from(found.bytes));
    },
  );
  app.get(
    '/api/v1/entries/:index/proof',
    {
      schema: {
        description: 'A .tlog-proof file, which anyone checks offline: beamkeeper ledger check',
        params: indexParam,
        produces: ['text/plain'],
        response: { 200: z.string(), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      const { index } = request.params;
      const source = logSource(folder);
      const sizeOf = (note: string): number => Number(note.split('\n')[1]);
      const witnessed = await source.read('checkpoint.witnessed');
      let checkpoint = witnessed
        ? new TextDecoder().decode(witnessed)
        : store.orders.log.checkpoint;
      if (index >= sizeOf(checkpoint)) checkpoint = store.orders.log.checkpoint;
      if (index >= sizeOf(checkpoint)) throw notFound(`published entry ${index}`);
      const tree = new TileTree(nodeSha256, source, sizeOf(checkpoint));
      const proof = await tree.inclusionProof(index);
      return reply
        .type('text/plain; charset=utf-8')
        .header('Content-Disposition', `attachment; filename="entry-${index}.tlog-proof"`)
        .send(formatProofFile({ index, proof, checkpoint }));
    },
  );

  app.get(
    '/api/v1/demo/keys',
    {
      schema: {
        description: 'Of a demo: the keys of its made-up people, so that the page can sign as them',
        response: answers(
          z.array(
            z.object({
              holder: z.string(),
              key: z.string(),
              identity: z
                .string()
                .optional()
                .describe('his age identity, of the one who is cleared'),
            }),
          ),
        ),
      },
    },
    (_, reply) => {
      if (!context.demoKeys) throw notFound('demo');
      const keys = [...context.demoKeys].map(([holder, own]) => ({ holder, ...own }));
      return reply.header('Cache-Control', 'no-store').send(keys);
    },
  );
};
