import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { HttpProblem, problemOf, sendProblem } from './problem.ts';

/** Paths that are never a screen of the page. */
const NOT_A_SCREEN =
  /^\/(api|ledger(?=\/)|world|assets|openapi\.json|feed\.atom|healthz|metrics)\b/;

/**
 * The page as built: hashed files for ever, `index.html` for every path that is a screen's. It answers
 * what nothing else did, so it takes the root's not-found handler.
 */
export function servePage(app: FastifyInstance, folder: string): void {
  const isBuilt = existsSync(join(folder, 'index.html'));
  if (isBuilt) {
    app.register(fastifyStatic, {
      root: folder,
      index: ['index.html'],
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = path.includes('/assets/');
        reply.header(
          'Cache-Control',
          isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  const limited = { preHandler: app.rateLimit() };
  app.setNotFoundHandler(limited, (request, reply) => {
    const path = request.url.split('?')[0].slice(0, 200);
    if (request.method === 'GET' && !NOT_A_SCREEN.test(path) && !path.includes('.')) {
      if (isBuilt) return reply.header('Cache-Control', 'no-cache').sendFile('index.html');
      return reply
        .type('text/plain; charset=utf-8')
        .send(
          'The page is not built; build it with: npm run build:web\nThe API is at /openapi.json\n',
        );
    }
    const problem = new HttpProblem(404, 'NOT_FOUND', `${request.method} ${path}: nothing is here`);
    return sendProblem(reply, problemOf(problem));
  });
}
