// Admission decisions a second on one core: position → cell → what is in force there.
//
//   node bench/admission.ts [--quick] [--json]
//
// Peer in the same run: h3-js' latLngToCell and one Map lookup, the plain way to do it.

import { latLngToCell } from 'h3-js';
import { createAdmission } from '../src/admission/index.ts';
import {
  CLASSES,
  DEFAULT_RULES,
  foldGenesis,
  type Genesis,
  territoryCells,
} from '../src/control/index.ts';
import { territoryRecord } from '../src/runs/territoryRecord.ts';
import { nodeSha256 } from '../src/store/tlogStore.ts';
import {
  type BenchReport,
  type BenchRow,
  benchTable,
  ratioRow,
  thisMachine,
} from './benchReport.ts';

const PLACES = 1 << 16;
const DARK = ['KEN', 'EST', 'NZL', 'URY', 'TWN'];

export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const forMs = quick ? 300 : 1500;
  const territories = DARK.map(id => territoryRecord(id));
  const genesis: Genesis = {
    roster: {
      demo: true,
      relyingParty: { id: 'localhost', origin: 'http://localhost' },
      organisations: [],
      persons: [],
      machines: [],
      seats: [],
    },
    keys: [],
    rules: DEFAULT_RULES,
    policySet: {},
    territories,
    normal: DARK.map(id => ({ territory: { id, version: 1 }, constraint: { kind: 'off' } })),
  };
  const time = '2026-11-01T00:00:00.000Z';
  const state = foldGenesis(
    {
      v: 1,
      type: 'genesis/v1',
      seq: 0,
      time,
      actor: 'org:server',
      subject: 'genesis',
      prev: null,
      body: genesis,
    },
    { sha256: nodeSha256, holds: () => true },
  );
  const atMs = Date.parse(time);
  const start = performance.now();
  const admission = createAdmission({
    state,
    leafHashes: [],
    origin: 'bench',
    size: 1,
    attestedMs: atMs,
    witnesses: 0,
  });
  const first = { latDeg: 0, lonDeg: 0, customer: 'fixed', atMs } as const;
  admission.decide(first);
  const compiledMs = performance.now() - start;

  const random = seeded(1);
  const anywhere = Array.from({ length: PLACES }, () => ({
    latDeg: (Math.asin(2 * random() - 1) * 180) / Math.PI,
    lonDeg: 360 * random() - 180,
    customer: CLASSES[Math.floor(random() * CLASSES.length)],
    atMs,
  }));
  // Kenya and its surroundings: inside, outside and over the border.
  const around = anywhere.map(one => ({
    ...one,
    latDeg: 10 * random() - 5,
    lonDeg: 33 + 9 * random(),
  }));
  const perSecond = (work: (i: number) => unknown): number => {
    let count = 0;
    let kept = 0;
    const from = performance.now();
    while (performance.now() - from < forMs) {
      for (let i = 0; i < PLACES; i++) if (work(i)) kept++;
      count += PLACES;
    }
    if (kept < 0) throw new Error('unreachable');
    return (count / (performance.now() - from)) * 1000;
  };
  const dark = new Map(territories.flatMap(t => [...territoryCells(t)]).map(cell => [cell, true]));
  const plain = (places: typeof anywhere) => (i: number) =>
    dark.get(latLngToCell(places[i].latDeg, places[i].lonDeg, 5)) === true;
  const ours = (places: typeof anywhere) => (i: number) => admission.decide(places[i]).isServed;
  for (const warm of [plain(around), ours(around), plain(anywhere), ours(anywhere)])
    perSecond(warm);
  const rows: BenchRow[] = [];
  for (const [name, places] of [
    ['anywhere on Earth', anywhere],
    ['in and around one dark territory', around],
  ] as const) {
    const mine = perSecond(ours(places));
    const peer = perSecond(plain(places));
    const row = ratioRow(`decisions, ${name}`, mine, '/s', mine / peer, 'latLngToCell and a Map');
    rows.push({ ...row, target: 500_000, pass: mine >= 500_000 });
  }
  rows.push({ name: 'compile five territories', value: compiledMs, unit: 'ms' });
  return { name: 'admission', machine: thisMachine(), rows };
}

/** Numbers in 0..1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

if (import.meta.main) {
  const report = await run({ quick: process.argv.includes('--quick') });
  const isJson = process.argv.includes('--json');
  process.stdout.write(`${isJson ? JSON.stringify(report, null, 2) : benchTable(report)}\n`);
}
