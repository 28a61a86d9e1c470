import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { ServerContext } from './app.ts';

/** `/healthz` for whoever restarts it, `/metrics` in Prometheus' text form. */
export function metrics(app: FastifyInstance, { store }: ServerContext): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'beamkeeper_ledger_entries',
    help: 'Entries in the log of orders',
    registers: [registry],
    collect() {
      this.set(store.entries.length);
    },
  });
  const durations = new Histogram({
    name: 'beamkeeper_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    durations.observe(
      { method: request.method, route, status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
    done();
  });
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.get(
    '/healthz',
    {
      schema: {
        response: {
          200: z.object({ ok: z.boolean(), size: z.int(), reason: z.string().nullable() }),
          503: z.object({ ok: z.boolean(), size: z.int(), reason: z.string().nullable() }),
        },
      },
    },
    (_, reply) => {
      const { failure } = store.orders.log;
      return reply
        .code(failure ? 503 : 200)
        .send({ ok: !failure, size: store.entries.length, reason: failure?.message ?? null });
    },
  );
}
