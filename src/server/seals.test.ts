import { randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, expect, test } from 'vitest';
import { HIGH, LOW, sealedOrder, signerOf } from '../../acceptance/sealedOrder.ts';
import { encodeKeys, type MadeSeal, type Seal, sealBody, signSeal } from '../control/index.ts';
import { ageEncrypt } from '../store/ageKeys.ts';
import { createSealStore } from '../store/sealStore.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { MemoryFiles, toBase64 } from '../tlog/index.ts';
import { problemOf, sendProblem } from './problem.ts';
import { seals } from './seals.ts';

const sealed = await sealedOrder();
const { log, release, escrow } = sealed;
const files = new MemoryFiles();
const store = createSealStore(files, { release: release.recipient, escrow: escrow.recipient });
const app = Fastify();
app.setValidatorCompiler(validatorCompiler);
app.setSerializerCompiler(serializerCompiler);
app.setErrorHandler((error, _, reply) => sendProblem(reply, problemOf(error)));
await app.register(seals, {
  store: { nowMs: () => log.nowMs, state: log.state },
  seals: store,
  identity: release,
});
afterAll(() => app.close());

interface Made {
  readonly seal: Seal;
  readonly groups: MadeSeal['groups'];
}

async function made(
  second = LOW,
  recipients = store.fingerprints,
  id: Uint8Array = randomBytes(16),
): Promise<Made> {
  // What is drawn first is the id.
  const drawn = [id];
  const { made: own } = await sealBody(
    'order/v1',
    { ...log.orderBody(), id: 'another' },
    { reason: { level: 1, compartments: [] }, scope: { level: 2, compartments: [] } },
    { authority: 'oversight.1', reason: 'sources', reviewBy: log.now(100), recipients, second },
    { sha256: nodeSha256, randomBytes: count => drawn.pop() ?? randomBytes(count) },
  );
  const seal = await signSeal(signerOf(second), own.seal);
  return { seal, groups: own.groups };
}

/** What the page sends. */
async function handed({ seal, groups }: Made, recipient = release.recipient) {
  const keys = new Map(groups.map(({ ctSha256, key }) => [ctSha256, key]));
  return {
    seal,
    ciphertexts: groups.map(({ blob }) => toBase64(blob)),
    wrappedKeys: toBase64(await ageEncrypt([recipient], encodeKeys(seal.id, keys))),
  };
}
const post = (payload: object) => app.inject({ method: 'POST', url: '/api/v1/seals', payload });

test('a seal made elsewhere is kept, for the release service and for the escrow; twice is once', async () => {
  const recipients = (await app.inject('/api/v1/seal-recipients')).json();
  expect(recipients).toEqual({ ...store.recipients, fingerprints: [...store.fingerprints] });
  const own = await made();
  const body = await handed(own, recipients.release);
  for (let i = 0; i < 2; i++) {
    const answer = await post(body);
    expect([answer.statusCode, answer.json()]).toEqual([201, { sealId: own.seal.id }]);
  }
  for (const identity of [release, escrow]) {
    const keys = await store.unwrap(own.seal.id, identity);
    for (const { ctSha256, key } of own.groups) {
      expect(keys.get(ctSha256)).toEqual(Uint8Array.from(key));
    }
  }
  for (const { ctSha256, blob } of own.groups) {
    expect(await store.readBlob(ctSha256)).toEqual(blob);
  }
});

test('another seal under an id that is taken is refused, and the first one stays', async () => {
  const own = await made();
  expect((await post(await handed(own))).statusCode).toBe(201);
  const other = await made(LOW, store.fingerprints, Buffer.from(own.seal.id, 'hex'));
  expect(other.seal.id).toBe(own.seal.id);
  const answer = await post(await handed(other));
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'SEAL_ID']);
  const keys = await store.unwrap(own.seal.id, release);
  for (const { ctSha256, key } of own.groups) {
    expect(keys.get(ctSha256)).toEqual(Uint8Array.from(key));
  }
});

test('what nobody could open, or nobody vouches for, is refused and leaves nothing', async () => {
  const own = await made();
  const good = await handed(own);
  const other = await made();
  const [first, ...rest] = own.groups;
  const mixed = [{ ...first, key: other.groups[0].key }, ...rest];
  const carried = { ...own.seal, id: sealed.seal.id };
  const bad: [object, number, string][] = [
    [{}, 400, 'MALFORMED'],
    [{ ...good, seal: {} }, 400, 'BODY'],
    [{ ...good, seal: { ...own.seal, id: '../../etc' } }, 400, 'SEAL_FORM'],
    [{ ...good, seal: { ...own.seal, reviewBy: log.now(-1) } }, 400, 'SEAL_FORM'],
    [{ ...good, seal: carried }, 400, 'SEAL_ID'],
    [{ ...good, seal: { ...own.seal, reason: 'negotiations' } }, 400, 'PROOF'],
    // Signed by a person of the roster who holds no seat.
    [await handed(await made(HIGH)), 400, 'PROOF'],
    [{ ...good, ciphertexts: good.ciphertexts.slice(1) }, 400, 'SEAL_GROUPS'],
    [{ ...good, ciphertexts: (await handed(other)).ciphertexts }, 400, 'SEAL_GROUPS'],
    [{ ...good, ciphertexts: ['?', '?'] }, 400, 'BAD_FORMAT'],
    [{ ...good, wrappedKeys: (await handed(other)).wrappedKeys }, 400, 'SEAL_KEYS'],
    [{ ...good, wrappedKeys: toBase64(new TextEncoder().encode('none')) }, 400, 'AGE_KEY'],
    [await handed(own, escrow.recipient), 400, 'AGE_KEY'],
    [await handed({ seal: own.seal, groups: mixed }), 400, 'SEAL_KEY'],
    [await handed(await made(LOW, ['0'.repeat(64), '1'.repeat(64)])), 400, 'SEAL_RECIPIENTS'],
  ];
  for (const [body, status, code] of bad) {
    const answer = await post(body);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  }
  for (const { seal } of [own, other]) expect(await store.hasKeys(seal.id)).toBe(false);
});

test('more than a few megabytes is refused before it is read', async () => {
  const answer = await post({ ...(await handed(await made())), more: 'x'.repeat(5 << 20) });
  expect([answer.statusCode, answer.json().code]).toEqual([413, 'TOO_LARGE']);
});
