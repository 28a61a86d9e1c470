import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { nextOutline } from '../runs/territoryRecord.ts';
import { builtOutlines } from '../store/builtData.ts';
import type { SwitchStore } from '../store/switchStore.ts';
import { HttpProblem } from './problem.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

const outlineSchema = z.looseObject({
  id: z.string(),
  version: z.int(),
  name: z.string(),
  cellsCompact: schemas.cellListSchema,
  borderBand: schemas.cellListSchema,
  sha256: z.string(),
});

/** The twin's territories, as a change of territories takes them into the log. */
export const outlines: FastifyPluginAsync<{
  readonly store: Pick<SwitchStore, 'state'>;
}> = async (instance, { store }) => {
  const app = instance.withTypeProvider<ZodRequests>();
  app.get(
    '/api/v1/outlines',
    {
      schema: {
        description: "The twin's territories and disputed areas, and the version that the log has",
        response: {
          200: z.array(z.object({ id: z.string(), name: z.string(), version: z.int().nullable() })),
        },
      },
    },
    (_, reply) =>
      reply.header('Cache-Control', 'no-cache').send(
        builtOutlines().map(({ id, name }) => ({
          id,
          name,
          version: store.state.latestVersions.get(id) ?? null,
        })),
      ),
  );
  app.get(
    '/api/v1/outlines/:id',
    {
      schema: {
        description: 'A territory as the next version that the log can take in (territory/v1)',
        params: z.object({ id: z.string().max(200) }),
        response: { 200: outlineSchema, '4xx': schemas.problemSchema },
      },
    },
    (request, reply) => {
      const { id } = request.params;
      if (!builtOutlines().some(one => one.id === id)) {
        throw new HttpProblem(404, 'NOT_FOUND', `the twin has no territory ${id}`);
      }
      const outline = nextOutline(id, store.state);
      return reply.header('Cache-Control', 'no-cache').send({ ...outline });
    },
  );
};
