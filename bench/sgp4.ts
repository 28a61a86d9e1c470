// SGP4 throughput of our two kernels beside satellite.js, in one run: position and velocity of 7,000
// near-earth satellites at one-minute steps, written to memory.
//
//   node bench/sgp4.ts [--quick] [--json]

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { SatRec } from 'satellite.js';
import {
  BulkPropagator,
  createSingleThreadRuntime,
  EciBaseCalculator,
  eciToEcf,
  gstime,
  propagate,
  sgp4,
} from 'satellite.js';
import type { ElementSet } from '../src/orbits/elementSet.ts';
import type { Instant } from '../src/orbits/instant.ts';
import { addSeconds, formatInstant } from '../src/orbits/instant.ts';
import { createKernel } from '../src/orbits/kernelChoice.ts';
import { allocatePositionsEcef } from '../src/orbits/positions.ts';
import { createPropagator } from '../src/orbits/propagator.ts';
import { readCatalogue } from '../src/orbits/readCatalogue.ts';
import { initialiseSgp4, minutesFromReference, satRecOf } from '../src/orbits/sgp4Init.ts';
import { sharedPath } from '../src/store/sharedData.ts';
import type { BenchReport, BenchRow } from './benchReport.ts';
import { benchTable, ratioRow, thisMachine } from './benchReport.ts';

const CATALOGUE = 'data/orbits/starlink-2026-08-22.3le.gz';
const SATELLITE_COUNT = 7168;
/** All contenders work in batches of this many instants: 33 MB of results, reused. */
const BATCH = 96;
/** Two workers share the last-level cache: with smaller batches both keep their results in it. */
const WORKER_BATCH = 32;
const RATE_UNIT = 'million propagations/s';

/** Seconds of the fastest round of each contender; the rounds of all contenders are interleaved. */
function fastestSeconds(contenders: readonly (() => void)[], roundCount: number): number[] {
  const fastest = contenders.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= roundCount; round++) {
    contenders.forEach((run, index) => {
      const start = performance.now();
      run();
      const seconds = (performance.now() - start) / 1000;
      // Round 0 warms up.
      if (round > 0 && seconds < fastest[index]) fastest[index] = seconds;
    });
  }
  return fastest;
}

/** Measures and compares; `quick` takes a sixth of the day and fewer rounds. */
export async function run(options: { quick: boolean }): Promise<BenchReport> {
  const all = readCatalogue(readFileSync(sharedPath(CATALOGUE)), CATALOGUE).records;
  const records = all.slice(0, SATELLITE_COUNT);
  const prepared = initialiseSgp4(records);
  const start: Instant = { jd: prepared.referenceJd + 1, fraction: 0 };
  const instantCount = options.quick ? 240 : 1440;
  const roundCount = options.quick ? 2 : 3;

  const instants = Array.from({ length: instantCount }, (_, i) => addSeconds(start, 60 * i));
  const batches = batchesOf(
    instants.map(at => minutesFromReference(at, prepared.referenceJd)),
    BATCH,
  );
  const irregular = batches.map(batch => batch.map((minutes, i) => minutes + 0.01 * (i % 7)));
  const dateBatches = batchedDates(instants);
  const recs = records.map(satRecOf);
  const epochMinutes = records.map(set =>
    minutesFromReference({ jd: set.epochJd, fraction: set.epochFraction }, prepared.referenceJd),
  );
  const simd = createKernel(prepared, 'simd');
  const typescript = createKernel(prepared, 'typescript');
  const out = new Float64Array(BATCH * 6 * SATELLITE_COUNT);

  const runtime = await createSingleThreadRuntime();
  const bulk = new BulkPropagator({
    runtime,
    calculators: [new EciBaseCalculator()],
    satRecsCount: SATELLITE_COUNT,
    datesCount: BATCH,
  });
  bulk.setSatRecs(recs);

  // The slowest peer is measured on a tenth of the instants.
  const dateShare = 10;
  const [simdS, irregularS, typescriptS, sgp4S, bulkS, dateS] = fastestSeconds(
    [
      () => {
        for (const minutes of batches) simd.states(minutes);
      },
      () => {
        for (const minutes of irregular) simd.states(minutes);
      },
      () => {
        for (const minutes of batches) typescript.states(minutes);
      },
      () => {
        for (const minutes of batches) satelliteJsStates(recs, epochMinutes, minutes, out);
      },
      () => {
        for (const dates of dateBatches) {
          bulk.setDates(dates);
          bulk.run();
        }
      },
      () => {
        const dates = dateBatches.flat();
        for (let i = 0; i < dates.length; i += dateShare) propagateAtDate(recs, dates[i], out);
      },
    ],
    roundCount,
  );
  bulk.dispose();

  const million = (SATELLITE_COUNT * instantCount) / 1e6;
  const sgp4Peer = 'satellite.js sgp4(rec, minutes)';
  const bulkPeer = 'satellite.js WASM BulkPropagator';
  const rows: BenchRow[] = [
    ratioRow('SIMD kernel', million / simdS, RATE_UNIT, bulkS / simdS, bulkPeer, 5),
    ratioRow('SIMD kernel', million / simdS, RATE_UNIT, sgp4S / simdS, sgp4Peer, 7),
    ratioRow(
      'SIMD kernel, irregular instants',
      million / irregularS,
      RATE_UNIT,
      sgp4S / irregularS,
      sgp4Peer,
    ),
    ratioRow(
      'TypeScript kernel',
      million / typescriptS,
      RATE_UNIT,
      sgp4S / typescriptS,
      sgp4Peer,
      2,
    ),
    { name: sgp4Peer, value: million / sgp4S, unit: RATE_UNIT },
    { name: bulkPeer, value: million / bulkS, unit: RATE_UNIT },
    {
      name: 'satellite.js propagate(rec, Date)',
      value: million / dateShare / dateS,
      unit: RATE_UNIT,
    },
    ...positionRows(all, start, roundCount),
    await workerRow(records, roundCount),
  ];
  return { name: 'sgp4', machine: thisMachine(), rows };
}

function batchesOf(minutes: readonly number[], length: number): Float64Array[] {
  const batches: Float64Array[] = [];
  for (let i = 0; i < minutes.length; i += length) {
    batches.push(Float64Array.from(minutes.slice(i, i + length)));
  }
  return batches;
}

function batchedDates(instants: readonly Instant[]): Date[][] {
  const batches: Date[][] = [];
  for (let i = 0; i < instants.length; i += BATCH) {
    batches.push(instants.slice(i, i + BATCH).map(at => new Date(formatInstant(at))));
  }
  return batches;
}

function satelliteJsStates(
  recs: readonly SatRec[],
  epochMinutes: readonly number[],
  minutes: Float64Array,
  out: Float64Array,
): void {
  for (let instant = 0; instant < minutes.length; instant++) {
    for (let i = 0; i < recs.length; i++) {
      write(out, instant, i, sgp4(recs[i], minutes[instant] - epochMinutes[i]));
    }
  }
}

function propagateAtDate(recs: readonly SatRec[], date: Date, out: Float64Array): void {
  for (let i = 0; i < recs.length; i++) write(out, 0, i, propagate(recs[i], date));
}

function write(
  out: Float64Array,
  instant: number,
  satellite: number,
  state: ReturnType<typeof sgp4>,
): void {
  if (state === null) return;
  const first = (instant * SATELLITE_COUNT + satellite) * 6;
  out[first] = state.position.x;
  out[first + 1] = state.position.y;
  out[first + 2] = state.position.z;
  out[first + 3] = state.velocity.x;
  out[first + 4] = state.velocity.y;
  out[first + 5] = state.velocity.z;
}

/** The whole catalogue at one instant, Earth-fixed: what a slot of the scheduler needs. */
function positionRows(all: readonly ElementSet[], at: Instant, roundCount: number): BenchRow[] {
  const simd = createPropagator(all, { kernel: 'simd' });
  const typescript = createPropagator(all, { kernel: 'typescript' });
  const recs = all.map(satRecOf);
  const positions = allocatePositionsEcef(all.length);
  const date = new Date(formatInstant(at));
  const [simdS, typescriptS, peerS] = fastestSeconds(
    [
      () => simd.positionsEcef(at, positions),
      () => typescript.positionsEcef(at, positions),
      () => {
        const gmst = gstime(date);
        recs.forEach((rec, i) => {
          const state = propagate(rec, date);
          if (state === null) return;
          const fixed = eciToEcf(state.position, gmst);
          positions.xKm[i] = fixed.x;
          positions.yKm[i] = fixed.y;
          positions.zKm[i] = fixed.z;
        });
      },
    ],
    10 * roundCount,
  );
  const name = `${all.length} satellites at one instant, Earth-fixed`;
  const peer = 'satellite.js propagate + eciToEcf';
  return [
    ratioRow(`${name}, SIMD`, simdS * 1000, 'ms', peerS / simdS, peer),
    ratioRow(`${name}, TypeScript`, typescriptS * 1000, 'ms', peerS / typescriptS, peer),
  ];
}

/** Wall clock of propagation alone, one worker with all satellites against two with half each. */
async function workerRow(records: readonly ElementSet[], roundCount: number): Promise<BenchRow> {
  // Always a whole day: shorter rounds measure the start of the workers' work.
  const batches = batchesOf(
    Array.from({ length: 1440 }, (_, minute) => 1440 + minute),
    WORKER_BATCH,
  );
  const half = records.length / 2;
  const alone = await startWorkers([records], batches);
  const pair = await startWorkers([records.slice(0, half), records.slice(half)], batches);
  let aloneS = Number.POSITIVE_INFINITY;
  let pairS = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5 * roundCount; round++) {
    aloneS = Math.min(aloneS, await secondsOfAll(alone));
    pairS = Math.min(pairS, await secondsOfAll(pair));
  }
  for (const worker of [...alone, ...pair]) worker.postMessage('stop');
  const million = (records.length * batches.reduce((sum, batch) => sum + batch.length, 0)) / 1e6;
  return ratioRow(
    'SIMD kernel, two workers',
    million / pairS,
    RATE_UNIT,
    aloneS / pairS,
    'one worker',
    1.8,
  );
}

async function startWorkers(
  parts: readonly (readonly ElementSet[])[],
  batches: readonly Float64Array[],
): Promise<Worker[]> {
  const workers = parts.map(
    records =>
      new Worker(new URL('./sgp4Worker.ts', import.meta.url), { workerData: { records, batches } }),
  );
  await Promise.all(workers.map(worker => once(worker, 'message')));
  return workers;
}

async function secondsOfAll(workers: readonly Worker[]): Promise<number> {
  const start = performance.now();
  const done = Promise.all(workers.map(worker => once(worker, 'message')));
  for (const worker of workers) worker.postMessage('go');
  await done;
  return (performance.now() - start) / 1000;
}

if (import.meta.main) {
  const report = await run({ quick: process.argv.includes('--quick') });
  const isJson = process.argv.includes('--json');
  process.stdout.write(`${isJson ? JSON.stringify(report, null, 2) : benchTable(report)}\n`);
}
