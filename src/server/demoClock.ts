import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { DemoClock } from '../store/demoClock.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

const clockSchema = z.object({
  now: z.string().describe('the instant by which the demo goes'),
  aheadMs: z.int().describe('how far it is ahead of this machine'),
});

/** Lets time pass in a demo: cooling-off, deadlines and expiry can be seen without waiting for them. */
export const demoClock: FastifyPluginAsync<{ clock: DemoClock }> = async (instance, { clock }) => {
  const app = instance.withTypeProvider<ZodRequests>();
  const shown = () => ({ now: new Date(clock.nowMs()).toISOString(), aheadMs: clock.aheadMs() });
  app.get(
    '/api/v1/demo/clock',
    {
      schema: {
        description: 'Of a demo: its clock, which may be ahead',
        response: { 200: clockSchema },
      },
    },
    (_, reply) => reply.header('Cache-Control', 'no-store').send(shown()),
  );
  app.post(
    '/api/v1/demo/clock',
    {
      schema: {
        description: 'Of a demo: lets hours pass',
        body: z.object({
          hours: z
            .number()
            .min(0)
            .max(24 * 366),
        }),
        response: { 200: clockSchema, '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      await clock.advance(Math.round(request.body.hours * 3_600_000));
      return reply.send(shown());
    },
  );
};
