import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { ServerContext } from './app.ts';
import * as schemas from './schemas.ts';

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
  app.get(
    '/metrics',
    {
      schema: {
        description: "Counters in Prometheus' text form",
        produces: ['text/plain'],
        response: { 200: z.string(), '4xx': schemas.problemSchema },
      },
    },
    async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
  const health = z.object({ ok: z.boolean(), size: z.int(), reason: z.string().nullable() });
  app.get(
    '/healthz',
    {
      // Whoever restarts the server must not be told "too many requests" because of others.
      config: { rateLimit: false },
      schema: {
        description: 'Whether entries can be recorded; 503 when only reading goes on',
        response: { 200: health, 503: health, '4xx': schemas.problemSchema },
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
