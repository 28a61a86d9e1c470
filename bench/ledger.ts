// The log on this machine's disk: durable appends, proofs, and checking all of it from its files.
//
//   node bench/ledger.ts [--quick] [--json]
//
// Peers in the same run: commits of node:sqlite (WAL, synchronous=FULL) in the same folder.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { logSource } from '../src/store/logSource.ts';
import { nodeSha256, openLogStore } from '../src/store/tlogStore.ts';
import { checkLog, parseVerifierKey, TileTree, verifyInclusion } from '../src/tlog/index.ts';
import {
  type BenchReport,
  type BenchRow,
  benchTable,
  ratioRow,
  thisMachine,
} from './benchReport.ts';

const ORIGIN = 'bench.example/orders';
const ENTRY_BYTES = 500;
const IN_FLIGHT = 64;
const MANY_IN_FLIGHT = 1000;

export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-bench-'));
  try {
    const rows = await measure(folder, quick);
    return { name: 'ledger', machine: thisMachine(), rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, quick: boolean): Promise<BenchRow[]> {
  const forMs = quick ? 500 : 2000;
  const size = quick ? 50_000 : 1_000_000;
  const store = await openLogStore({
    dataFolder: join(folder, 'data'),
    keysFolder: join(folder, 'keys'),
    name: 'orders',
    origin: ORIGIN,
  });
  let made = 0;
  const entry = (): Uint8Array => {
    const bytes = new Uint8Array(ENTRY_BYTES).fill(32);
    bytes.set(new TextEncoder().encode(`{"entry":${made++}}`));
    return bytes;
  };
  const perSecond = async (inFlight: number): Promise<number> => {
    const start = performance.now();
    let count = 0;
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        while (performance.now() - start < forMs) {
          await store.append(entry());
          count++;
        }
      }),
    );
    return (1000 * count) / (performance.now() - start);
  };
  await perSecond(1);
  const one = await perSecond(1);
  const some = await perSecond(IN_FLIGHT);
  const many = await perSecond(MANY_IN_FLIGHT);
  const sqlite = commitsPerSecond(join(folder, 'peer.sqlite'), forMs);

  while (store.log.size < size) {
    const count = Math.min(20_000, size - store.log.size);
    await Promise.all(Array.from({ length: count }, () => store.append(entry())));
  }
  await store.close();
  const source = logSource(join(folder, 'data/ledger/orders'));
  const verifiers = [parseVerifierKey(nodeSha256, store.verifierKey)];
  const start = performance.now();
  const head = await checkLog({ sha256: nodeSha256, source, origin: ORIGIN, verifiers });
  const checkS = (performance.now() - start) / 1000;
  const tree = new TileTree(nodeSha256, source, head.size);
  const proofMs: number[] = [];
  for (let k = 0; k < 400; k++) {
    const index = (k * 7919 * 131) % head.size;
    const leaf = nodeSha256(Buffer.concat([Uint8Array.of(0), await tree.entry(index)]));
    const began = performance.now();
    const proof = await tree.inclusionProof(index);
    proofMs.push(performance.now() - began);
    verifyInclusion(nodeSha256, { index, size: head.size, leafHash: leaf, root: head.root, proof });
  }
  proofMs.sort((a, b) => a - b);
  const p99 = proofMs[Math.floor(0.99 * proofMs.length)];
  const peer = `node:sqlite, a commit each (${Math.round(sqlite)}/s, this run)`;
  return [
    { ...atLeast('durable appends, one at a time', one, 2000), ratio: one / sqlite, peer },
    {
      ...atLeast(`durable appends, ${IN_FLIGHT} in flight`, some, 20_000),
      ratio: some / sqlite,
      peer,
    },
    ratioRow(`durable appends, ${MANY_IN_FLIGHT} in flight`, many, '/s', many / sqlite, peer),
    atMost(
      `checking ${head.size} entries from files: entries, tiles, root, signature`,
      checkS,
      's',
      (60 * head.size) / 1e6,
    ),
    { name: 'the same', value: head.size / checkS, unit: 'entries/s' },
    atMost(`inclusion proof at ${head.size} entries from files, 99 %`, p99, 'ms', 5),
  ];
}

function commitsPerSecond(path: string, forMs: number): number {
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE entry (bytes BLOB)',
  );
  const insert = database.prepare('INSERT INTO entry VALUES (?)');
  const bytes = new Uint8Array(ENTRY_BYTES);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < forMs) {
    insert.run(bytes);
    count++;
  }
  const perSecond = (1000 * count) / (performance.now() - start);
  database.close();
  return perSecond;
}

function atLeast(name: string, value: number, target: number): BenchRow {
  return { name: `${name} (at least ${target})`, value, unit: '/s', target, pass: value >= target };
}

function atMost(name: string, value: number, unit: string, target: number): BenchRow {
  return { name: `${name} (at most ${target})`, value, unit, target, pass: value <= target };
}

if (import.meta.main) {
  const report = await run({ quick: process.argv.includes('--quick') });
  const isJson = process.argv.includes('--json');
  process.stdout.write(`${isJson ? JSON.stringify(report, null, 2) : benchTable(report)}\n`);
}
