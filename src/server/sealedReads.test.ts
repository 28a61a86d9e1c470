import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, expect, test } from 'vitest';
import {
  HIGH,
  identity,
  memoryAccessLog,
  NONE,
  requestOf,
  sealedOrder,
} from '../../acceptance/sealedOrder.ts';
import { openReleased } from '../store/openReleased.ts';
import { createReleaseService } from '../store/releaseService.ts';
import type { SwitchStore } from '../store/switchStore.ts';
import { fromBase64, MemoryFiles } from '../tlog/index.ts';
import { problemOf, sendProblem } from './problem.ts';
import { sealedReads } from './sealedReads.ts';

const sealed = await sealedOrder();
const files = new MemoryFiles();
const { accessLog } = await memoryAccessLog(files, new MemoryFiles(), () => sealed.log.nowMs);
let failing = false;
const release = await createReleaseService({
  store: {
    accessLog,
    nowMs: () => sealed.log.nowMs,
    get state() {
      return sealed.log.state;
    },
  } as SwitchStore,
  seals: sealed.seals,
  identity: sealed.release,
  reads: {
    createExclusive: async () => {
      if (failing) throw new Error('no room');
      return true;
    },
  },
  clock: { nowMs: () => 0, until: async () => undefined },
});
const app = Fastify();
app.setValidatorCompiler(validatorCompiler);
app.setSerializerCompiler(serializerCompiler);
app.setErrorHandler((error, _, reply) => sendProblem(reply, problemOf(error)));
await app.register(sealedReads, { release });
afterAll(() => app.close());

const ask = (payload: object) =>
  app.inject({ method: 'POST', url: '/api/v1/sealed-reads', payload });

test('a cleared reader gets what only his own identity opens, and nothing keeps a copy', async () => {
  const answer = await ask(await requestOf(sealed, HIGH, sealed.entryIndex));
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  const { wrappedKeys, ciphertexts } = answer.json();
  const part = {
    wrappedKeys: fromBase64(wrappedKeys, 'keys'),
    ciphertexts: ciphertexts.map((one: string) => fromBase64(one, 'ciphertext')),
  };
  const groups = await openReleased(sealed.seal, part, identity(HIGH));
  expect(groups.flatMap(g => g.portions.map(p => p.name)).sort()).toEqual([
    'originators[0].onBehalfOf',
    'scope',
  ]);
});

test('who is not cleared, and who asks for what is not there, get the same bytes and headers', async () => {
  const answers = [];
  for (const request of [
    await requestOf(sealed, NONE, sealed.entryIndex),
    await requestOf(sealed, HIGH, 4242),
    await requestOf(sealed, HIGH, 0),
    await requestOf(sealed, NONE, 4242),
  ]) {
    const { statusCode, headers, rawPayload } = await ask(request);
    const { date: _, ...rest } = headers;
    answers.push(JSON.stringify([statusCode, rest, rawPayload.toString('base64')]));
  }
  expect(new Set(answers).size).toBe(1);
  expect(JSON.parse(answers[0])[0]).toBe(404);
});

test('where the read cannot be written down, the answer is 503 and says when to come back', async () => {
  failing = true;
  const answer = await ask(await requestOf(sealed, HIGH, sealed.entryIndex));
  failing = false;
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBeDefined();
  expect(answer.json()).toMatchObject({ code: 'SEAL_UNAVAILABLE' });
});

test('rubbish is refused with the field that is wrong', async () => {
  const answer = await ask({ entryIndex: -1 });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().detail).toMatch(/^request\./);
  const unsigned = { ...(await requestOf(sealed, HIGH, 1)), proof: { kind: 'note', note: 'none' } };
  expect((await ask(unsigned)).json()).toMatchObject({ status: 400, code: 'PROOF' });
});
