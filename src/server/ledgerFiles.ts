import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import type { ServerContext } from './app.ts';

/**
 * The logs as static files, as C2SP tlog-tiles wants them: full tiles and attachments never change,
 * checkpoints always may.
 */
export const ledgerFiles: FastifyPluginAsync<ServerContext> = async (app, { dataFolder }) => {
  await app.register(fastifyStatic, {
    root: resolve(join(dataFolder, 'ledger')),
    prefix: '/ledger/',
    index: false,
    decorateReply: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders(reply, path) {
      if (/\/(tile|blob)\//.test(path)) {
        reply.header('Content-Type', 'application/octet-stream');
        const isPartial = /\.p\/\d+$/.test(path);
        reply.header(
          'Cache-Control',
          isPartial ? 'public, max-age=3600' : 'public, max-age=31536000, immutable',
        );
        return;
      }
      reply.header('Content-Type', 'text/plain; charset=utf-8');
      reply.header('Cache-Control', 'no-cache');
    },
  });
};
