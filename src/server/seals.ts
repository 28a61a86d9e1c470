import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { Seal } from '../control/index.ts';
import { receiveSeal } from '../store/receiveSeal.ts';
import type { OpenedSealStore } from '../store/sealStore.ts';
import type { SwitchStore } from '../store/switchStore.ts';
import { fromBase64 } from '../tlog/index.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

/** Of all ciphertexts of a seal, in base64. */
const MAX_BODY_BYTES = 4 << 20;

const recipientsSchema = z.object({
  release: z.string().describe('age recipient of the release service: wrap the keys to this one'),
  escrow: z.string().describe('age recipient whose identity is kept offline'),
  fingerprints: z.array(z.string()).describe('SHA-256 of both, as a seal names them'),
});
const handedSchema = z.object({
  seal: z.looseObject({}).describe('signed by the second person: beamkeeper/seal/v1'),
  ciphertexts: z.array(z.string()).describe('base64: nonce ‖ AES-256-GCM ciphertext ‖ tag'),
  wrappedKeys: z.string().describe('base64: keys of the groups, wrapped with age to `release`'),
});

export interface SealsOptions extends OpenedSealStore {
  readonly store: Pick<SwitchStore, 'state' | 'nowMs'>;
}

/** Seals that are made outside, in the page: kept before the entry that names them is filed. */
export const seals: FastifyPluginAsync<SealsOptions> = async (instance, options) => {
  const app = instance.withTypeProvider<ZodRequests>();
  const { recipients, fingerprints } = options.seals;
  app.get(
    '/api/v1/seal-recipients',
    {
      schema: {
        description: 'To whom the keys of seals are wrapped',
        response: { 200: recipientsSchema },
      },
    },
    (_, reply) => reply.send({ ...recipients, fingerprints: [...fingerprints] }),
  );
  app.post(
    '/api/v1/seals',
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        description:
          'Keeps a seal for an entry to come. The second person signed it, so no login is looked at; ' +
          'what its keys do not open is refused.',
        body: handedSchema,
        response: {
          201: z.object({ sealId: z.string() }),
          '4xx': schemas.problemSchema,
          '5xx': schemas.problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { ciphertexts, wrappedKeys } = request.body;
      const seal = request.body.seal as unknown as Seal;
      const { store } = options;
      const handed = {
        seal,
        ciphertexts: ciphertexts.map((one, i) => fromBase64(one, `ciphertexts[${i}]`)),
        wrappedKeys: fromBase64(wrappedKeys, 'wrappedKeys'),
      };
      await receiveSeal(options, store.state, handed, Math.max(store.nowMs(), store.state.timeMs));
      return reply.code(201).send({ sealId: seal.id });
    },
  );
};
