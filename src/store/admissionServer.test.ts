import { afterAll, expect, test } from 'vitest';
import { createAdmission } from '../admission/index.ts';
import { TestLog } from '../control/testLog.ts';
import { startAdmissionServer } from './admissionServer.ts';
import { nodeSha256 } from './tlogStore.ts';

const HOUR_MS = 3_600_000;
const { state, nowMs } = new TestLog(nodeSha256);
const admission = createAdmission(
  { state, leafHashes: [], origin: 'test', size: state.size, attestedMs: nowMs, witnesses: 0 },
  { maxAgeMs: 24 * HOUR_MS },
);
let clockMs = nowMs;
const server = await startAdmissionServer({
  admission: () => admission,
  terminals: new Map(),
  host: '127.0.0.1',
  port: 0,
  nowMs: () => clockMs,
});
afterAll(() => server.close());

test('health says until when the snapshot is fresh, and is 503 from then on; decisions go on', async () => {
  const health = async () => {
    const response = await fetch(`${server.url}healthz`);
    return { status: response.status, body: await response.json() };
  };
  const staleAt = new Date(nowMs + 24 * HOUR_MS).toISOString();
  expect(await health()).toMatchObject({ status: 200, body: { ok: true, staleAt } });
  clockMs = nowMs + 25 * HOUR_MS;
  expect(await health()).toMatchObject({ status: 503, body: { ok: false, staleAt } });
  const asked = { latDeg: 52, lonDeg: 5, class: 'fixed' };
  const answer = await fetch(`${server.url}admit`, { method: 'POST', body: JSON.stringify(asked) });
  expect(await answer.json()).toMatchObject({ isServed: true });
});
