// The API over loopback: a real server in a process of its own, over a switch with a few orders.
//
//   node bench/api.ts [--quick] [--json]
//
// Peer in the same run, in a process of its own too: a bare Fastify that answers the same bytes, and
// commits what is posted to node:sqlite. The client takes a core of the two; so does its load on both.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon, { type Result } from 'autocannon';
import { makeExampleSwitch } from '../src/cli/exampleSwitch.ts';
import { signBody } from '../src/control/index.ts';
import { readSigningKey } from '../src/store/signingKey.ts';
import { openSwitch } from '../src/store/switchStore.ts';
import { type BenchReport, type BenchRow, benchTable, thisMachine } from './benchReport.ts';

const READS_PER_SECOND = 3000;
const WRITES_PER_SECOND = 500;
/** So many are signed beforehand. */
const MOST_WRITES_PER_SECOND = 3000;
const READERS = 32;
const WRITERS = 64;
/** A checkpoint is signed four times a second: so many must wait for one together. */
const WAITING_WRITERS = 512;

export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-bench-'));
  const children: ChildProcess[] = [];
  try {
    await makeExampleSwitch(folder, Date.now());
    const rows = await measure(folder, quick, children);
    return { name: 'api', machine: thisMachine(), rows };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  folder: string,
  quick: boolean,
  children: ChildProcess[],
): Promise<BenchRow[]> {
  const forS = quick ? 2 : 6;
  const server = await startServer(folder, children);
  const rows: BenchRow[] = [];

  for (const path of [
    '/api/v1/territories',
    '/api/v1/orders',
    '/api/v1/entries?after=5&limit=10',
  ]) {
    const answer = await (await fetch(`${server}${path}`)).text();
    const answerFile = join(folder, 'answer.json');
    writeFileSync(answerFile, answer);
    const peer = await startPeer(answerFile, join(folder, `peer-${rows.length}.sqlite`), children);
    const load = { connections: READERS, duration: forS };
    // Once each to warm up.
    await autocannon({ ...load, url: `${server}${path}`, duration: 1 });
    await autocannon({ ...load, url: peer.url, duration: 1 });
    const ours = await autocannon({ ...load, url: `${server}${path}` });
    const theirs = await autocannon({ ...load, url: peer.url });
    peer.child.kill();
    const kilobytes = (Buffer.byteLength(answer) / 1024).toFixed(1);
    rows.push(
      row(
        `GET ${path}, ${kilobytes} KiB, ${READERS} connections`,
        ours,
        READS_PER_SECOND,
        theirs,
        'bare Fastify, the same bytes',
      ),
    );
  }

  const bodies = await contacts(folder, 2 * forS * MOST_WRITES_PER_SECOND);
  const post = (connections: number, headers: Readonly<Record<string, string>>): Promise<Result> =>
    autocannon({
      url: server,
      connections,
      duration: forS,
      requests: [
        {
          method: 'POST',
          path: '/api/v1/contacts',
          headers: { 'Content-Type': 'application/json', ...headers },
          setupRequest: request => ({ ...request, body: bodies.pop() }),
        },
      ],
    });
  const peer = await startPeer(join(folder, 'answer.json'), join(folder, 'peer.sqlite'), children);
  const theirs = await autocannon({
    url: peer.url,
    connections: WRITERS,
    duration: forS,
    requests: [
      {
        method: 'POST',
        path: '/',
        headers: { 'Content-Type': 'application/json' },
        setupRequest: request => ({ ...request, body: bodies[0] }),
      },
    ],
  });
  const durable = await post(WRITERS, { Prefer: 'respond-async' });
  const published = await post(WAITING_WRITERS, {});
  const sqlite = 'bare Fastify, a commit of node:sqlite each';
  rows.push(
    row(
      `signed entries, durable (202), ${WRITERS} connections`,
      durable,
      WRITES_PER_SECOND,
      theirs,
      sqlite,
    ),
    row(
      `signed entries under a signed checkpoint (201), ${WAITING_WRITERS} connections`,
      published,
      WRITES_PER_SECOND,
      theirs,
      sqlite,
    ),
  );
  rows.push(await survivors(folder, children, durable['2xx'] + published['2xx']));
  return rows;
}

/** After SIGKILL, what was acknowledged must be there. */
async function survivors(
  folder: string,
  children: readonly ChildProcess[],
  acknowledged: number,
): Promise<BenchRow> {
  await Promise.all(
    children.map(
      child =>
        new Promise(resolve => {
          if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined);
          child.once('exit', resolve);
          child.kill('SIGKILL');
        }),
    ),
  );
  const began = performance.now();
  const store = await openSwitch({
    dataFolder: join(folder, 'switch'),
    keysFolder: join(folder, 'switch-keys'),
  });
  const openS = (performance.now() - began) / 1000;
  const found = store.entries.filter(({ entry }) => entry.type === 'contact/v1').length;
  await store.close();
  return {
    name: `of them in the log after SIGKILL (opened and checked in ${openS.toFixed(1)} s)`,
    value: found,
    unit: `of ${acknowledged}`,
    target: acknowledged,
    pass: found >= acknowledged,
  };
}

async function contacts(folder: string, count: number): Promise<string[]> {
  const signer = await readSigningKey(join(folder, 'owner.key'));
  const at = new Date(Date.now() - 60_000).toISOString();
  const bodies: string[] = [];
  for (let i = 0; i < count; i++) {
    const body = await signBody(signer, 'contact/v1', {
      id: `call-${i}`,
      reporter: 'person:owner',
      counterparty: { role: 'an envoy', affiliation: 'government' },
      channel: 'call',
      initiatedBy: 'counterparty',
      from: at,
      to: at,
      present: [],
      official: false,
      topics: [],
      links: [],
    });
    bodies.push(JSON.stringify(body));
  }
  return bodies;
}

function row(name: string, ours: Result, target: number, theirs: Result, peer: string): BenchRow {
  const value = ours['2xx'] / ours.duration;
  const peerValue = theirs['2xx'] / theirs.duration;
  const isClean = ours.errors === 0 && ours.non2xx === 0;
  const failed = isClean ? '' : `, ${ours.errors + ours.non2xx} FAILED`;
  return {
    name: `${name} (at least ${target}); p50 ${ours.latency.p50} ms, p99 ${ours.latency.p99} ms${failed}`,
    value,
    unit: '/s',
    ratio: value / peerValue,
    peer: `${peer} (${Math.round(peerValue)}/s, p99 ${theirs.latency.p99} ms)`,
    target,
    pass: isClean && value >= target,
  };
}

async function startServer(folder: string, children: ChildProcess[]): Promise<string> {
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const args = [
    main,
    'serve',
    '--port',
    '0',
    '--rate',
    '1000000',
    '--data',
    join(folder, 'switch'),
  ];
  const { line } = await start(args, children);
  const { port } = new URL(line.replace('Beamkeeper: ', ''));
  return `http://127.0.0.1:${port}`;
}

async function startPeer(
  answerFile: string,
  databaseFile: string,
  children: ChildProcess[],
): Promise<{ url: string; child: ChildProcess }> {
  const file = fileURLToPath(new URL('./apiPeer.ts', import.meta.url));
  const { line, child } = await start([file, answerFile, databaseFile], children);
  return { url: `http://127.0.0.1:${line}/`, child };
}

/** Starts a process, and waits for the one line in which it says where it listens. */
function start(
  args: readonly string[],
  children: ChildProcess[],
): Promise<{ line: string; child: ChildProcess }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', part => {
      text += part;
      if (text.includes('\n')) resolve({ line: text.trim(), child });
    });
    child.on('exit', code => reject(new Error(`${args[0]} ended with code ${code}`)));
  });
}

if (import.meta.main) {
  const report = await run({ quick: process.argv.includes('--quick') });
  const isJson = process.argv.includes('--json');
  process.stdout.write(`${isJson ? JSON.stringify(report, null, 2) : benchTable(report)}\n`);
}
