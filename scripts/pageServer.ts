import { fileURLToPath } from 'node:url';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { type WorldOptions, world } from '../src/server/world.ts';

const pageFolder = fileURLToPath(new URL('../dist/web', import.meta.url));

/** The built page and its world and nothing else, under the policy of the real server (web.md §13). */
export async function pageServer(options: WorldOptions): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    strictTransportSecurity: false,
  });
  await app.register(world, options);
  await app.register(fastifyStatic, { root: pageFolder });
  // A log without entries, for the strip of the clock.
  app.get('/api/v1/entries', async () => []);
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== 'GET' || request.url.startsWith('/api/')) {
      return reply.code(404).send({ title: 'Not found', status: 404 });
    }
    return reply.sendFile('index.html');
  });
  return app;
}
