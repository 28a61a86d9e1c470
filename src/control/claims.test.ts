/** The claims register: control.md §10, told by role. */
import { expect, test } from 'vitest';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import { claimStatus, LIKELIHOODS } from './claims.ts';
import { TestLog } from './testLog.ts';
import type { Attribution, Source, Stance } from './types.ts';

const BOARD = 'an international board';
const REGULATOR = 'a national regulator';

function register(): TestLog & { statusNow(): unknown } {
  const l = new TestLog(sha256);
  l.add('claim/v1', {
    id: 'c',
    text: 'It can locate and disable terminals by area.',
    originator: BOARD,
    about: [REGULATOR],
    firstAppearance: { at: l.now(), where: 'a report' },
  });
  return Object.assign(l, { statusNow: () => claimStatus(l.state, 'c') });
}
const source = (l: TestLog, id: string, more: Partial<Source> = {}) =>
  l.add('source/v1', { id, role: id, reliability: 'B', ...more });
const attribute = (l: TestLog, id: string, from: string, more: Partial<Attribution> = {}) =>
  l.add('attribution/v1', {
    id,
    claim: 'c',
    source: from,
    mode: 'primary',
    credibility: 2,
    ...more,
  });
const stance = (l: TestLog, party: string, what: Stance['stance']) =>
  l.add('stance/v1', { claim: 'c', party, stance: what, at: l.now(), evidence: [] });

test('unconfirmed, reported, corroborated: by independent roots', () => {
  const l = register();
  expect(l.statusNow()).toBe('unconfirmed');
  source(l, 'report');
  attribute(l, 'a0', 'report');
  expect(l.statusNow()).toBe('reported');
  for (let i = 1; i <= 10; i++) {
    source(l, `paper ${i}`);
    attribute(l, `a${i}`, `paper ${i}`, { parent: `a${i - 1}`, mode: 'quoted' });
  }
  expect(l.statusNow(), 'ten papers quoting one report are one').toBe('reported');
  source(l, 'engineer');
  attribute(l, 'b', 'engineer');
  expect(l.statusNow()).toBe('corroborated');
});

test('unnamed people in one report are one, unless it tells them apart', () => {
  for (const [isToldApart, status] of [
    [false, 'reported'],
    [true, 'corroborated'],
  ] as const) {
    const l = register();
    for (const id of ['first official', 'second official']) {
      source(l, id, { citedIn: { report: 'report', isToldApart } });
      attribute(l, id, id);
    }
    expect(l.statusNow()).toBe(status);
  }
});

test('a root of reliability E or F, or credibility 5 or 6, does not count', () => {
  const l = register();
  source(l, 'rumour', { reliability: 'E' });
  source(l, 'paper');
  attribute(l, 'a', 'rumour');
  attribute(l, 'b', 'paper', { parent: 'a' });
  attribute(l, 'c', 'paper', { credibility: 5 });
  expect(l.statusNow()).toBe('unconfirmed');
});

test('denied and contested: only a denial, and only by a party with standing', () => {
  const l = register();
  for (const what of ['no_comment', 'neither_confirm_nor_deny', 'non_denial'] as const) {
    stance(l, REGULATOR, what);
    expect(l.statusNow()).toBe('unconfirmed');
  }
  stance(l, 'a passer-by', 'deny_flat');
  expect(l.statusNow()).toBe('unconfirmed');
  stance(l, REGULATOR, 'deny_in_part');
  expect(l.statusNow()).toBe('denied');
  source(l, 'report');
  attribute(l, 'a', 'report');
  expect(l.statusNow()).toBe('contested');
});

test('retracted by its originator only; replaced likewise', () => {
  const l = register();
  stance(l, REGULATOR, 'retract');
  expect(l.statusNow()).toBe('unconfirmed');
  const next = { text: 'Better.', about: [], firstAppearance: { at: l.now(), where: 'x' } };
  const replaces = 'c';
  expect(l.add('claim/v1', { ...next, id: 'd', originator: REGULATOR, replaces })).toMatch(/only/);
  l.add('claim/v1', { ...next, id: 'e', originator: BOARD, replaces });
  expect(l.statusNow()).toBe('superseded');
  stance(l, BOARD, 'retract');
  expect(l.statusNow()).toBe('retracted');
  expect(claimStatus(l.state, 'nothing')).toBeUndefined();
});

test('rows stand: neither text nor source is changed later', () => {
  const l = register();
  source(l, 's');
  expect(source(l, 's', { reliability: 'A' })).toMatch(/recorded already/);
  expect(attribute(l, 'a', 'nobody')).toMatch(/no source/);
  expect(attribute(l, 'a', 's', { parent: 'z' })).toMatch(/no attribution z/);
});

test('the seven bands of likelihood meet, from 1 to 99 %', () => {
  expect(LIKELIHOODS.map(({ fromPercent }) => fromPercent)).toEqual([1, 5, 20, 45, 55, 80, 95]);
  expect(LIKELIHOODS.map(({ toPercent }) => toPercent)).toEqual([5, 20, 45, 55, 80, 95, 99]);
});
