import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Claim, DEFAULT_RULES, type Genesis } from '../control/index.ts';
import { LAND, paperKey, ROSTER } from '../control/testLog.ts';
import { TlogError } from '../tlog/index.ts';
import { openSwitch, type Recorded, type SwitchStore } from './switchStore.ts';
import { nodeSha256 } from './tlogStore.ts';

const root = mkdtempSync(join(tmpdir(), 'beamkeeper-batches-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const GENESIS: Genesis = {
  roster: ROSTER,
  keys: [...ROSTER.persons, ...ROSTER.machines].map(({ id }) => paperKey(nodeSha256, id)),
  rules: DEFAULT_RULES,
  policySet: {},
  territories: [LAND],
  normal: [],
};
const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
const folders = (name: string) => ({
  dataFolder: join(root, name),
  keysFolder: join(root, `${name}-keys`),
  nowMs: () => START_MS,
});
const claim = (id: string): Claim => ({
  id,
  text: 'Service was kept off.',
  originator: 'a newspaper',
  about: [],
  firstAppearance: { at: '2026-03-02T08:00:00.000Z', where: 'a report' },
});
const outcomes = (all: PromiseSettledResult<Recorded>[]): (number | string)[] =>
  all.map(one => (one.status === 'fulfilled' ? one.value.index : one.reason.code));

/** The state that the files alone give, and what they hold of claims, in order. */
async function reopened(store: SwitchStore, name: string): Promise<string[]> {
  const { state } = store;
  await store.close();
  const again = await openSwitch(folders(name));
  expect(again.state).toEqual(state);
  await again.close();
  return again.entries.slice(1).map(({ entry }) => entry.subject);
}

test('of entries filed at once, what is refused takes no index and leaves no trace', async () => {
  const store = await openSwitch({ ...folders('refused'), origin: 'switch.example' }, GENESIS);
  const before = store.state;
  const copy = structuredClone(before);
  const ids = Array.from({ length: 300 }, (_, i) => `claim-${i % 7 === 3 ? i - 1 : i}`);
  const made = outcomes(
    await Promise.allSettled(ids.map(id => store.sequence('claim/v1', claim(id)))),
  );
  let next = 1;
  expect(made).toEqual(ids.map((_, i) => (i % 7 === 3 ? 'NO_EFFECT' : next++)));
  expect(before).toEqual(copy);
  expect(store.state.ineffective).toEqual([]);
  const kept = ids.filter((_, i) => i % 7 !== 3);
  expect(await reopened(store, 'refused')).toEqual(kept.map(id => `claim:${id}`));
});

test('when one cannot be written, nothing that was built upon it is', async () => {
  const store = await openSwitch({ ...folders('failed'), origin: 'switch.example' }, GENESIS);
  const { append } = store.orders;
  let count = 0;
  store.orders.append = entry => {
    count += 1;
    if (count === 4) return Promise.reject(new TlogError('STORAGE_FULL', 'no space left'));
    return append(entry);
  };
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const made = outcomes(
    await Promise.allSettled(ids.map(id => store.record('claim/v1', claim(id)))),
  );
  // The first is written alone, the others wait for the disk together.
  expect(made).toEqual([1, 2, 3, 'STORAGE_FULL', 'STORAGE_WRITE', 'STORAGE_WRITE']);
  expect(store.state.size).toBe(4);
  expect((await store.record('claim/v1', claim('e'))).index).toBe(4);
  expect(await reopened(store, 'failed')).toEqual(['a', 'b', 'c', 'e'].map(id => `claim:${id}`));
});
