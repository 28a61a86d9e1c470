import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  createEd25519Signer,
  formatCheckpointText,
  leafHash,
  parseCheckpointText,
  parseNote,
  parsePolicy,
  parseVerifierKey,
  requestCosignature,
  signNote,
  verifyCheckpoint,
} from '../tlog/index.ts';
import { formatNote } from '../tlog/note.ts';
import { nodeSha256, openLogStore } from './tlogStore.ts';
import { startWitness } from './witnessServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-witness-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ORIGIN = 'example.org/orders';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const nowSeconds = Math.floor(Date.now() / 1000) + 60;

test('a witness cosigns a log that grows, over HTTP, and nothing that contradicts it', async () => {
  const store = await openLogStore({
    dataFolder: join(folder, 'data'),
    keysFolder: join(folder, 'keys'),
    name: 'orders',
    origin: ORIGIN,
  });
  const logKey = parseVerifierKey(nodeSha256, store.verifierKey);
  const witnessOptions = {
    folder: join(folder, 'witness'),
    name: 'w1.example.org',
    logs: [{ origin: ORIGIN, keys: [logKey] }],
    host: '127.0.0.1',
    port: 0,
  };
  const witness = await startWitness(witnessOptions);
  await expect(startWitness(witnessOptions)).rejects.toMatchObject({ code: 'LEDGER_LOCKED' });
  const endpoint = { url: witness.url, keys: [parseVerifierKey(nodeSha256, witness.verifierKey)] };
  const policy = parsePolicy(
    nodeSha256,
    `log ${store.verifierKey}\nwitness w1 ${witness.verifierKey}\nquorum w1\n`,
  );
  const cosigned = async (): Promise<string> => {
    const note = store.log.checkpoint;
    const tree = store.log.tree();
    const lines = await requestCosignature(
      endpoint,
      note,
      0,
      async from => (from === 0 ? [] : tree.consistencyProof(from)),
      fetch,
    );
    const { text, signatures } = parseNote(note);
    return formatNote({ text, signatures: [...signatures, ...lines] });
  };
  try {
    for (const count of [3, 300]) {
      for (let i = 0; i < count; i++) await store.append(utf8(`${count} ${i}`));
      await store.log.publish();
      await expect(verifyCheckpoint(policy, store.log.checkpoint, { nowSeconds })).rejects.toThrow(
        'quorum "w1" is not met',
      );
      const note = await cosigned();
      expect((await verifyCheckpoint(policy, note, { nowSeconds })).cosigners).toHaveLength(1);
      await store.log.recordWitnessed(note, policy, { nowSeconds });
    }
    // Another history of the same size by another key, and by no key at all.
    const stranger = await createEd25519Signer(nodeSha256, ORIGIN, new Uint8Array(32).fill(9));
    const { size } = parseCheckpointText(parseNote(store.log.checkpoint).text);
    const fork = await signNote(
      formatCheckpointText(ORIGIN, size, leafHash(nodeSha256, utf8('another history'))),
      [stranger],
    );
    await expect(
      requestCosignature(endpoint, fork, size, async () => [], fetch),
    ).rejects.toMatchObject({ code: 'WITNESS_REFUSED', message: expect.stringContaining('403') });

    const post = (body: string): Promise<Response> =>
      fetch(`${witness.url}add-checkpoint`, { method: 'POST', body });
    expect((await post('rubbish')).status).toBe(400);
    expect((await post('x'.repeat(200_000))).status).toBe(413);
    expect((await fetch(`${witness.url}add-checkpoint`)).status).toBe(405);
    expect((await fetch(`${witness.url}../../etc/passwd`)).status).toBe(404);
    const old = await post(`old 0\n\n${store.log.checkpoint}`);
    expect({ status: old.status, body: await old.text() }).toEqual({ status: 409, body: '303\n' });

    // After a restart it remembers, and has the same key.
    await witness.close();
    const again = await startWitness(witnessOptions);
    expect(again.verifierKey).toBe(witness.verifierKey);
    const answer = await fetch(`${again.url}add-checkpoint`, {
      method: 'POST',
      body: `old 0\n\n${store.log.checkpoint}`,
    });
    expect(answer.status).toBe(409);
    await again.close();
  } finally {
    await store.close();
  }
});

test('a log on disk has its checkpoints cosigned by itself, and a restored backup of all is found out', async () => {
  const place = {
    dataFolder: join(folder, 'data2'),
    keysFolder: join(folder, 'keys2'),
    name: 'orders',
    origin: ORIGIN,
  };
  const bare = await openLogStore(place);
  const { verifierKey } = bare;
  await bare.close();
  const witness = await startWitness({
    folder: join(folder, 'witness2'),
    name: 'w2.example.org',
    logs: [{ origin: ORIGIN, keys: [parseVerifierKey(nodeSha256, verifierKey)] }],
    host: '127.0.0.1',
    port: 0,
  });
  const witnessPolicy = `witness w2 ${witness.verifierKey} ${witness.url}\nquorum w2\n`;
  const policy = parsePolicy(nodeSha256, `log ${verifierKey}\n${witnessPolicy}`);
  try {
    const store = await openLogStore({ ...place, witnessPolicy });
    await store.appendPublished(utf8('first'));
    await store.close();
    const path = join(place.dataFolder, 'ledger/orders/checkpoint.witnessed');
    const { size } = await verifyCheckpoint(policy, readFileSync(path), { nowSeconds });
    expect(size).toBe(1);

    const backup = join(folder, 'backup');
    cpSync(place.dataFolder, join(backup, 'data'), { recursive: true });
    cpSync(place.keysFolder, join(backup, 'keys'), { recursive: true });
    const later = await openLogStore({ ...place, witnessPolicy });
    await later.appendPublished(utf8('second'));
    await later.close();
    const restored = {
      ...place,
      dataFolder: join(backup, 'data'),
      keysFolder: join(backup, 'keys'),
    };
    await expect(openLogStore({ ...restored, witnessPolicy })).rejects.toMatchObject({
      code: 'LEDGER_ROLLBACK',
    });
  } finally {
    await witness.close();
  }
});
