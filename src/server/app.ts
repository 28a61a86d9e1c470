import { isIP } from 'node:net';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { BeamkeeperError } from '../orbits/index.ts';
import type { DemoKey } from '../runs/demoInstallation.ts';
import type { SwitchStore } from '../store/switchStore.ts';
import type { KeyedSigner } from '../tlog/index.ts';
import { type AccountOptions, accountPlugins } from './accountPlugins.ts';
import { atomFeed } from './atomFeed.ts';
import { impactJobs } from './impactJobs.ts';
import { ledgerFiles } from './ledgerFiles.ts';
import { liveStream } from './liveStream.ts';
import { metrics } from './metrics.ts';
import { openApiDocument } from './openApi.ts';
import { outlines } from './outlines.ts';
import { servePage } from './page.ts';
import { problemOf, refuseConnection, sendProblem } from './problem.ts';
import { readingRoutes } from './readingRoutes.ts';
import { createViewCache, type ViewCache } from './viewCache.ts';
import { writingRoutes } from './writingRoutes.ts';

/** An order's cells, or a declaration of many territories; an entry has at most 65,535 bytes. */
const MAX_BODY_BYTES = 1 << 20;
const REQUEST_TIMEOUT_MS = 30_000;
/** web.md §13: nothing comes from elsewhere. `blob:` is for pictures that the page makes. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  workerSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  frameAncestors: ["'none'"],
  formAction: ["'self'"],
};

export interface ServerOptions {
  readonly store: SwitchStore;
  readonly dataFolder: string;
  /** Signs impact reports that the server computes; without it they are only compared. */
  readonly twin?: KeyedSigner | undefined;
  /** Of a demo: the keys of its made-up people, in note form, by holder. */
  readonly demoKeys?: ReadonlyMap<string, DemoKey> | undefined;
  /** Whether the keys of a seal are kept here; absent: where sealing is not set up nothing is asked. */
  readonly hasSealKeys?: ((sealId: string) => Promise<boolean>) | undefined;
  /** The page as built: `dist/web`. */
  readonly pageFolder: string;
  /** Requests a second from one address. */
  readonly ratePerSecond?: number;
  /** Addresses or CIDR ranges, by commas, of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: string | undefined;
  /** Who may sign in, and where that is kept; without it nobody signs in. */
  readonly accounts?: Omit<AccountOptions, 'store'> | undefined;
  /** Whatever else is served. */
  readonly plugins?: readonly FastifyPluginAsync[];
  readonly logger?: boolean;
}

/** What every part of the server needs. */
export interface ServerContext extends ServerOptions {
  readonly views: ViewCache;
}

/**
 * The HTTP side of a switch: reading for everybody, writing for those whose signature the log accepts,
 * and the log itself as static files. Closing it ends streams; the store stays the caller's.
 *
 * @example
 * const app = await buildServer({ store, dataFolder: 'switch', pageFolder: 'dist/web' });
 * await app.listen({ port: 7300 });
 */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    trustProxy: proxiesOf(options.trustedProxies),
    logger: options.logger === true ? { level: 'warn' } : false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => sendProblem(reply, problemOf(error)),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const answer = problemOf(error);
    if (answer.status === 500) request.log.error(error);
    return sendProblem(reply, answer);
  });
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  // A connection that is kept open after its last answer would hold up the end.
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('Connection', 'close');
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    // The public files are there to be copied.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // What is served without TLS on this machine must not be redirected to it.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  await app.register(cookie);
  await app.register(rateLimit, { max: options.ratePerSecond ?? 500, timeWindow: 1000 });
  servePage(app, options.pageFolder);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Beamkeeper',
        description:
          'The switch: who may be served where, who asked, who decided, and the log of it.',
        version: '1',
      },
    },
    transform: jsonSchemaTransform,
  });
  if (options.accounts) await accountPlugins(app, { ...options.accounts, store: options.store });
  const context: ServerContext = { ...options, views: createViewCache(options.store) };
  metrics(app, context);
  await app.register(readingRoutes, context);
  await app.register(writingRoutes, context);
  await app.register(outlines, context);
  await app.register(impactJobs, context);
  await app.register(liveStream, context);
  await app.register(atomFeed, context);
  await app.register(ledgerFiles, context);
  for (const plugin of options.plugins ?? []) await app.register(plugin);
  let contract = '';
  app.get('/openapi.json', { schema: { hide: true } }, (_, reply) =>
    reply.type('application/json; charset=utf-8').send(contract),
  );
  await app.ready();
  contract = JSON.stringify(openApiDocument(app));
  return app;
}

/** @throws BeamkeeperError `OPTION` for what is no list of addresses */
function proxiesOf(list: string | undefined): string[] | false {
  if (list === undefined) return false;
  const ranges = list.split(',').map(range => range.trim());
  for (const range of ranges) {
    const [address, bits, ...more] = range.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    if (isIP(address) === 0 || !isRange || more.length > 0) {
      throw new BeamkeeperError(
        'OPTION',
        `--trust-proxy: "${range}" is no address and no range such as 10.0.0.0/8`,
      );
    }
  }
  return ranges;
}
