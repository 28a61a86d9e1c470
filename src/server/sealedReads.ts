import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { SignedReadRequest } from '../control/index.ts';
import type { ReleaseService } from '../store/releaseService.ts';
import { toBase64 } from '../tlog/index.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

/** How often it is looked whether a sealed territory is due. */
const OPEN_DUE_MS = 5 * 60_000;

const releasedSchema = z.object({
  entryIndex: z.int(),
  sealId: z.string(),
  accessIndex: z.int().describe('the entry of the access log that says that you read'),
  wrappedKeys: z.string().describe('base64: keys of your groups, wrapped with age to your key'),
  ciphertexts: z.array(z.string()).describe('base64: nonce ‖ AES-256-GCM ciphertext ‖ tag'),
});

/**
 * Sealed parts over HTTP. The request is signed by the reader himself, so neither a session nor a token is
 * looked at; what he gets only his own age identity opens.
 *
 * @example
 * const release = await openReleaseService(store, { dataFolder, keysFolder });
 * await buildServer({ ...options, plugins: [app => app.register(sealedReads, { release })] });
 */
export const sealedReads: FastifyPluginAsync<{ release: ReleaseService }> = async (
  instance,
  { release },
) => {
  const app = instance.withTypeProvider<ZodRequests>();
  app.post(
    '/api/v1/sealed-reads',
    {
      schema: {
        description:
          'Keys of sealed parts, for whom the roster clears. The read is in the access log before they ' +
          'are released. 404 says nothing about why.',
        body: z.looseObject({}).describe('signed: beamkeeper/read/v1'),
        response: {
          200: releasedSchema,
          '4xx': schemas.problemSchema,
          '5xx': schemas.problemSchema,
        },
      },
    },
    async (request, reply) => {
      const part = await release.read(request.body as unknown as SignedReadRequest);
      return reply.header('Cache-Control', 'no-store').send({
        ...part,
        wrappedKeys: toBase64(part.wrappedKeys),
        ciphertexts: part.ciphertexts.map(toBase64),
      });
    },
  );

  // What fails keeps its red flag, and is tried again.
  const openDue = (): void => void release.openDue().catch(error => app.log.error(error));
  const timer = setInterval(openDue, OPEN_DUE_MS).unref();
  app.addHook('onReady', async () => openDue());
  app.addHook('onClose', async () => clearInterval(timer));
};
