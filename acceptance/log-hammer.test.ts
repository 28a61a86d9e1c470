/**
 * Many write at once while strangers read the files as they are being replaced. Every acknowledged
 * entry is proven, and all checkpoints that anybody saw are of one history.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { logSource } from '../src/store/logSource.ts';
import { nodeSha256, openLogStore } from '../src/store/tlogStore.ts';
import {
  leafHash,
  openCheckpoint,
  parseVerifierKey,
  type SignedCheckpoint,
  TileTree,
  verifyConsistency,
  verifyInclusion,
} from '../src/tlog/index.ts';

const WRITERS = 16;
const READERS = 4;
const BURSTS = 48;
const ORIGIN = 'example.org/orders';
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-hammer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`${WRITERS} writers, ${READERS} readers: each entry is proven, all checkpoints are of one history`, async () => {
  const dataFolder = join(folder, 'data');
  const options = { dataFolder, keysFolder: join(folder, 'keys'), name: 'orders', origin: ORIGIN };
  const store = await openLogStore(options);
  const verifiers = [parseVerifierKey(nodeSha256, store.verifierKey)];
  const source = logSource(join(dataFolder, 'ledger/orders'));
  const acknowledged = new Map<number, Uint8Array>();
  const seen = new Map<number, SignedCheckpoint>();
  let isWriting = true;

  /** What a stranger finds in the files now; the newest entry that it covers is proven to him. */
  const look = async (): Promise<void> => {
    const note = new TextDecoder().decode(await source.read('checkpoint'));
    const head = await openCheckpoint(note, ORIGIN, verifiers);
    const before = seen.get(head.size);
    if (before) expect(head.root).toEqual(before.root);
    seen.set(head.size, head);
    if (head.size === 0) return;
    await prove(head, head.size - 1);
  };
  const prove = async (head: SignedCheckpoint, index: number): Promise<Uint8Array> => {
    const tree = new TileTree(nodeSha256, source, head.size);
    const entry = await tree.entry(index);
    verifyInclusion(nodeSha256, {
      index,
      size: head.size,
      leafHash: leafHash(nodeSha256, entry),
      root: head.root,
      proof: await tree.inclusionProof(index),
    });
    return entry;
  };

  const write = async (writer: number): Promise<void> => {
    for (let burst = 0; burst < BURSTS; burst++) {
      const entry = new TextEncoder().encode(`writer ${writer}, entry ${burst}`);
      const index = await (burst % 8 === 7 ? store.log.append(entry) : store.append(entry));
      expect(acknowledged.has(index)).toBe(false);
      acknowledged.set(index, entry);
      if (burst % 10 === writer % 10) await store.log.publish();
    }
  };
  const read = async (): Promise<void> => {
    do await look();
    while (isWriting);
  };
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, i) => write(i))).finally(() => {
    isWriting = false;
  });
  await Promise.all([writing, ...Array.from({ length: READERS }, read)]);
  await store.close();
  await look();

  const heads = [...seen.values()].sort((a, b) => a.size - b.size);
  const last = heads.at(-1)!;
  expect(last.size).toBe(WRITERS * BURSTS);
  expect(heads.length).toBeGreaterThan(10);
  for (const [index, entry] of acknowledged) {
    expect(Buffer.from(await prove(last, index)).equals(entry), `entry ${index}`).toBe(true);
  }
  expect(acknowledged.size).toBe(last.size);
  for (const [i, to] of heads.entries()) {
    const tree = new TileTree(nodeSha256, source, to.size);
    for (const from of heads.slice(0, i)) {
      if (from.size === 0) continue;
      verifyConsistency(nodeSha256, {
        fromSize: from.size,
        fromRoot: from.root,
        toSize: to.size,
        toRoot: to.root,
        proof: await tree.consistencyProof(from.size),
      });
    }
  }
});
