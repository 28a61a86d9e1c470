import fc from 'fast-check';
import { cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import {
  CLASSES,
  canonicalJson,
  cellStateAt,
  type Order,
  outlineDigest,
  type Territory,
} from '../control/index.ts';
import { BAND_CELLS, GIVEN, INNER_CELLS, LAND, SCOPE, TestLog } from '../control/testLog.ts';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import {
  createEd25519Signer,
  formatCheckpointText,
  leafHash,
  parsePolicy,
  signNote,
  treeRoot,
} from '../tlog/index.ts';
import { createAdmission } from './admission.ts';
import {
  doesExtend,
  formatPolicySnapshot,
  type PolicySnapshot,
  readPolicySnapshot,
} from './policySnapshot.ts';

const HOUR_MS = 3_600_000;
const TAKING = ['operator.service', 'operator.legal', 'customer', 'oversight.1'];
const [LAT, LON] = cellToLatLng(INNER_CELLS[0]);

function snapshotOf(log: TestLog): PolicySnapshot {
  const { state } = log;
  return {
    state,
    leafHashes: [],
    origin: 'test',
    size: state.size,
    attestedMs: log.nowMs,
    witnesses: 0,
  };
}
/** The territory of the tests over other cells. */
function landOf(cellsCompact: readonly string[]): Territory {
  const outline = { cellsCompact, borderBand: [] };
  return { ...LAND, ...outline, sha256: outlineDigest(outline, sha256) };
}
/** Puts an order into force. */
function decide(log: TestLog, changes: Partial<Order>, seats = TAKING, hours = 24): string {
  const hash = log.order(changes);
  log.votes(hash, ...seats).after(hours);
  const refusal = log.execute(hash);
  if (refusal !== undefined) throw new Error(refusal);
  return hash;
}
const asks = (log: TestLog, more = {}) =>
  ({ latDeg: LAT, lonDeg: LON, customer: 'fixed', atMs: log.nowMs, ...more }) as const;

test('a terminal is refused by the order that is in force where it is, and by nothing else', () => {
  const log = new TestLog(sha256);
  const before = createAdmission(snapshotOf(log));
  expect(before.decide(asks(log))).toMatchObject({ isServed: true, reason: 'open' });
  const hash = decide(log, {});
  const admission = createAdmission(snapshotOf(log));
  expect(admission.decide(asks(log))).toMatchObject({
    isServed: false,
    reason: 'off',
    order: { hash },
  });
  expect(admission.decide(asks(log, { latDeg: 50 }))).toMatchObject({ isServed: true });
  // Emergency and humanitarian terminals are never switched off with the others.
  expect(admission.decide(asks(log, { customer: 'emergency' }))).toMatchObject({ isServed: true });
});

test('limits of speed, height and rate hold, and a resumed place is open again', () => {
  const log = new TestLog(sha256);
  const constraint = {
    kind: 'limits',
    maxSpeedKmh: 80,
    maxAltitudeM: 3000,
    maxRateMbps: 5,
  } as const;
  const hash = decide(log, { kind: 'restrict', scope: { ...SCOPE, constraint, band: 'inside' } });
  const limited = createAdmission(snapshotOf(log));
  expect(limited.decide(asks(log))).toMatchObject({
    isServed: true,
    reason: 'limited',
    maxRateMbps: 5,
  });
  expect(limited.decide(asks(log, { speedKmh: 81 }))).toMatchObject({ reason: 'speed' });
  expect(limited.decide(asks(log, { altitudeM: 3001 }))).toMatchObject({ reason: 'altitude' });
  decide(log, { kind: 'resume', scope: GIVEN, supersedes: [hash] }, ['customer', 'oversight.1'], 0);
  expect(createAdmission(snapshotOf(log)).decide(asks(log))).toMatchObject({ reason: 'open' });
});

test('break-glass ends by its time, also when the log has been out of reach since', () => {
  const log = new TestLog(sha256);
  const breakGlass = { ttlHours: 6, revert: GIVEN };
  decide(log, { breakGlass }, ['operator.service', 'customer'], 0);
  const admission = createAdmission(snapshotOf(log));
  const endMs = log.nowMs + 6 * HOUR_MS;
  expect(admission.decide(asks(log))).toMatchObject({ isServed: false, untilMs: endMs });
  expect(admission.decide(asks(log, { atMs: endMs - 1 }))).toMatchObject({ isServed: false });
  expect(admission.decide(asks(log, { atMs: endMs }))).toMatchObject({ isServed: true });
  // And back: a clock that was set wrong for a moment leaves no trace.
  expect(admission.decide(asks(log))).toMatchObject({ isServed: false });
});

test('a list of terminals is told apart by the list that its hash names', () => {
  const log = new TestLog(sha256);
  const listSha256 = 'ab'.repeat(32);
  const terminals = { kind: 'deny', listSha256, count: 1 } as const;
  decide(log, { scope: { ...SCOPE, terminals, band: 'inside' } });
  const lists = new Map([[listSha256, new Set(['kit-7'])]]);
  const admission = createAdmission(snapshotOf(log), { lists });
  expect(admission.decide(asks(log, { terminal: 'kit-7' }))).toMatchObject({ reason: 'off' });
  expect(admission.decide(asks(log, { terminal: 'kit-8' }))).toMatchObject({ reason: 'open' });

  // Without the list, or without a name, nobody can be told apart: the order holds for all.
  const without = createAdmission(snapshotOf(log));
  expect(without.decide(asks(log, { terminal: 'kit-8' }))).toMatchObject({ reason: 'list' });
  expect(admission.decide(asks(log))).toMatchObject({ isServed: false, reason: 'list' });

  const spared = new TestLog(sha256);
  const allow = { kind: 'allow', listSha256, count: 1 } as const;
  decide(spared, { scope: { ...SCOPE, terminals: allow, band: 'inside' } });
  const other = createAdmission(snapshotOf(spared), { lists });
  expect(other.decide(asks(spared, { terminal: 'kit-7' }))).toMatchObject({ reason: 'open' });
  expect(other.decide(asks(spared, { terminal: 'kit-8' }))).toMatchObject({ reason: 'off' });
});

test('a stale snapshot goes on as decided, or refuses everybody, as its owner chose', () => {
  const log = new TestLog(sha256);
  const late = asks(log, { latDeg: 50, atMs: log.nowMs + 8 * 24 * HOUR_MS });
  expect(createAdmission(snapshotOf(log)).decide(late)).toMatchObject({ isServed: true });
  const strict = createAdmission(snapshotOf(log), { whenStale: 'refuse' });
  expect(strict.decide(late)).toMatchObject({ isServed: false, reason: 'stale' });
  expect(strict.decide(asks(log))).toMatchObject({ isServed: true });
});

test('no answer reaches beyond the instant at which the snapshot goes stale', () => {
  const log = new TestLog(sha256);
  const strict = createAdmission(snapshotOf(log), { whenStale: 'refuse', maxAgeMs: HOUR_MS });
  const { untilMs } = strict.decide(asks(log));
  expect(untilMs).toBe(log.nowMs + HOUR_MS);
});

test('boxes that one ring of cells does not cover are answered as the cells are', () => {
  // Found by looking at every box of the Earth: a corner lies beyond the ring around the middle.
  for (const [lat, lon] of [
    [12.35, 55.75],
    [-5.25, 175.05],
    [1.25, -3.85],
  ]) {
    const cells = gridDisk(latLngToCell(lat, lon, 5), 1);
    const log = new TestLog(sha256, {
      territories: [landOf(cells)],
      normal: [{ territory: { id: 'LAND', version: 1 }, constraint: { kind: 'off' } }],
    });
    const admission = createAdmission(snapshotOf(log));
    for (const up of [-0.0499, 0, 0.0499]) {
      for (const right of [-0.0499, 0, 0.0499]) {
        const [latDeg, lonDeg] = [lat + up, lon + right];
        const isOff = cells.includes(latLngToCell(latDeg, lonDeg, 5));
        const answer = admission.decide({ latDeg, lonDeg, customer: 'fixed', atMs: log.nowMs });
        expect(answer.isServed).toBe(!isOff);
      }
    }
  }
});

test('no position is answered as if it were one', () => {
  const admission = createAdmission(snapshotOf(new TestLog(sha256)));
  for (const latDeg of [91, -91, Number.NaN]) {
    expect(() => admission.decide({ latDeg, lonDeg: 0, customer: 'fixed', atMs: 0 })).toThrow(
      /is no position/,
    );
  }
});

test('every answer is the one that the fold gives for the cell, class and instant', () => {
  const log = new TestLog(sha256, {
    territories: [LAND],
    normal: [{ territory: { id: 'LAND', version: 1 }, constraint: { kind: 'off' } }],
  });
  const classes = { kind: 'class', classes: ['fixed', 'maritime'] } as const;
  decide(
    log,
    { kind: 'activate', scope: GIVEN },
    ['operator.service', 'operator.legal', 'regulator'],
    0,
  );
  const first = decide(log, {
    scope: { ...SCOPE, cells: INNER_CELLS.slice(0, 3), terminals: classes, band: 'inside' },
    effective: { from: log.now(30), to: log.now(80) },
    supersedes: [...log.state.ballots.keys()],
  });
  decide(log, {
    kind: 'restrict',
    scope: { ...SCOPE, constraint: { kind: 'limits', maxRateMbps: 1 } },
    supersedes: [...log.state.ballots.keys()],
  });
  expect(log.state.ballots.get(first)?.executed).toBeDefined();
  const admission = createAdmission(snapshotOf(log));
  const places = [...gridDisk(INNER_CELLS[0], 5), ...BAND_CELLS];
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      fc.constantFrom(...CLASSES),
      fc.integer({ min: 0, max: 120 }),
      (cell, up, right, customer, hours) => {
        const [lat, lon] = cellToLatLng(cell);
        const latDeg = lat + up;
        const lonDeg = lon + right;
        const atMs = log.nowMs + hours * HOUR_MS;
        const at = new Date(atMs).toISOString();
        const wanted = cellStateAt(log.state, latLngToCell(latDeg, lonDeg, 5), at, customer);
        const { reason, isServed } = admission.decide({ latDeg, lonDeg, customer, atMs });
        const given = !isServed ? 'off' : reason === 'limited' ? 'restricted' : 'on';
        expect(given).toBe(wanted);
      },
    ),
    { numRuns: 2000 },
  );
});

test('the map of boxes answers as the cells do, over poles and across the date line', () => {
  for (const [lat, lon] of [
    [-16.5, 179.95],
    [89.9, 10],
    [-89.95, -120],
    [0.01, -179.99],
  ]) {
    const cells = gridDisk(latLngToCell(lat, lon, 5), 4);
    const log = new TestLog(sha256, {
      territories: [landOf(cells)],
      normal: [{ territory: { id: 'LAND', version: 1 }, constraint: { kind: 'off' } }],
    });
    const admission = createAdmission(snapshotOf(log));
    const inside = new Set(cells);
    fc.assert(
      fc.property(
        fc.double({ min: -1.2, max: 1.2, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.boolean(),
        (up, around, isNear) => {
          const latDeg = Math.max(-90, Math.min(90, lat + up));
          const near = lon + around / 150;
          const lonDeg = isNear ? near - 360 * Math.round(near / 360) : around;
          const wanted = inside.has(latLngToCell(latDeg, lonDeg, 5));
          const answer = admission.decide({ latDeg, lonDeg, customer: 'fixed', atMs: log.nowMs });
          expect(answer.isServed).toBe(!wanted);
        },
      ),
      { numRuns: 1500 },
    );
  }
});

test('a snapshot is believed only as far as it proves itself', async () => {
  const log = new TestLog(sha256);
  const origin = 'switch.example/orders';
  const key = await createEd25519Signer(sha256, origin, new Uint8Array(32).fill(9));
  const leaves = log.entries.map(entry => new TextEncoder().encode(canonicalJson(entry)));
  const hashes = leaves.map(leaf => leafHash(sha256, leaf));
  const sign = (count: number) =>
    signNote(formatCheckpointText(origin, count, treeRoot(sha256, hashes.slice(0, count))), [key]);
  const trust = parsePolicy(sha256, `log ${key.verifierKey}\nquorum none\n`);
  const read = (bytes: Uint8Array, policy = trust) =>
    readPolicySnapshot(bytes, { sha256, trust: policy, nowMs: log.nowMs });
  const good = formatPolicySnapshot(await sign(leaves.length), leaves);
  // Paper signatures hold nowhere but in the test's own fold: the genesis needs none.
  expect(await read(good)).toMatchObject({ origin, size: 1, witnesses: 0 });

  const grown = new TestLog(sha256, {
    policySet: { other: 'permit(principal, action, resource);' },
  });
  const otherLeaf = new TextEncoder().encode(canonicalJson(grown.entries[0]));
  const otherRoot = treeRoot(sha256, [leafHash(sha256, otherLeaf)]);
  const otherNote = await signNote(formatCheckpointText(origin, 1, otherRoot), [key]);
  const fork = await read(formatPolicySnapshot(otherNote, [otherLeaf]));
  expect(doesExtend(await read(good), await read(good))).toBe(true);
  expect(doesExtend(fork, await read(good))).toBe(false);

  const text = new TextDecoder().decode(good);
  const flipped = text.replace(
    /("entries":\[".{40})(.)/,
    (_, head, letter) => head + (letter === 'A' ? 'B' : 'A'),
  );
  await expect(read(new TextEncoder().encode(flipped))).rejects.toThrow(/another root/);
  await expect(read(good.slice(0, -20))).rejects.toThrow(/cut off/);
  await expect(read(new TextEncoder().encode('{}'))).rejects.toThrow(/no policy snapshot/);
  const left = formatPolicySnapshot(await sign(leaves.length), []);
  await expect(read(left)).rejects.toThrow(/has 0 entries, its checkpoint 1/);
  const stranger = await createEd25519Signer(sha256, origin, new Uint8Array(32).fill(8));
  const other = parsePolicy(sha256, `log ${stranger.verifierKey}\nquorum none\n`);
  await expect(read(good, other)).rejects.toThrow();
});
