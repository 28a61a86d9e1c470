/** Orders, disclosures, declarations and the policy that follows: control.md §2–5, §12. */
import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, test } from 'vitest';
import { OPEN_POLICY } from '../service/servicePolicy.ts';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import { packCells } from './cellList.ts';
import { flagsAt, orderStatusAt } from './flags.ts';
import { fold, foldAll } from './fold.ts';
import { cellStateAt, policyAt } from './policyAt.ts';
import { outlineDigest } from './scopeCells.ts';
import { statementOf } from './statements.ts';
import { BAND_CELLS, GIVEN, INNER_CELLS, LAND, paperKey, SCOPE, TestLog, TWIN } from './testLog.ts';
import type { Entry, Order, Scope, Territory } from './types.ts';

const log = (): TestLog => new TestLog(sha256);
const TAKING = ['operator.service', 'operator.legal', 'customer', 'oversight.1'];
const CELL = INNER_CELLS[0];
const BLANK = { kind: 'note', note: '-' } as const;
const statusOf = (l: TestLog, hash: string) => orderStatusAt(l.state, hash, l.now());
const stateOf = (l: TestLog, cell = CELL, hours = 0) =>
  cellStateAt(l.state, cell, l.now(hours), 'fixed');
const flagsOf = (l: TestLog, subject?: string) =>
  flagsAt(l.state, l.now())
    .filter(flag => subject === undefined || flag.subject === subject)
    .map(({ flag }) => flag);

/** Takes an order through to its execution. */
function executed(l: TestLog, changes: Partial<Order> = {}, seats = TAKING, hours = 24): string {
  const hash = l.order(changes);
  l.votes(hash, ...seats).after(hours);
  const refusal = l.execute(hash);
  if (refusal !== undefined) throw new Error(refusal);
  return hash;
}
const resumed = (l: TestLog, ...supersedes: string[]): string =>
  executed(l, { kind: 'resume', scope: GIVEN, supersedes }, ['customer', 'oversight.1'], 0);
const broken = (l: TestLog, changes: Partial<Order> = {}): string =>
  executed(
    l,
    { breakGlass: { ttlHours: 24, revert: GIVEN }, ...changes },
    ['operator.service', 'customer'],
    0,
  );

describe('the fold', () => {
  test('stops at a type that it does not know', () => {
    const l = log();
    const entry = { ...l.entries[0], seq: 1, type: 'order/v2' };
    expect(() => fold(l.state, entry, l.context)).toThrow(/order\/v2 is not known/);
  });

  test('refuses what is not the next entry, or goes back in time', () => {
    const l = log();
    l.order();
    const [, order] = l.entries;
    expect(() => fold(l.state, order, l.context)).toThrow(/not what follows/);
    const early = { ...order, seq: l.state.size, time: '2020-01-01T00:00:00.000Z' };
    expect(() => fold(l.state, early, l.context)).toThrow(/not what follows/);
    expect(() => foldAll([order], l.context)).toThrow(/begins with entry 0/);
  });

  test('lists a malformed body, naming the field, and a broken chain', () => {
    const l = log();
    const { scope: _, ...order } = l.orderBody();
    expect(l.sign('order/v1', 'person:drafter', { ...order, kind: 'delete' } as never)).toBe(
      'body.kind is none of activate, suspend, restrict, withhold, resume, exempt',
    );
    const entry: Entry = { ...l.entries[1], seq: 2, prev: 0 };
    expect(fold(l.state, entry, l.context).ineffective[1].reason).toMatch(/^prev is 0/);
    expect(l.state.ineffective).toHaveLength(1);
  });

  test('later entries never change an earlier state, and the same entries give the same', () => {
    const l = log();
    const states = [l.state];
    const add = l.add.bind(l);
    l.add = (...args: Parameters<typeof add>) => {
      const refusal = add(...args);
      states.push(l.state);
      return refusal;
    };
    const before = [JSON.stringify([...l.state.ballots])];
    const hash = executed(l);
    resumed(l, hash);
    before.push(JSON.stringify([...states[5].ballots]));
    for (const [i, state] of states.entries()) {
      expect(foldAll(l.entries.slice(0, i + 1), l.context)).toEqual(state);
    }
    expect(JSON.stringify([...states[0].ballots])).toBe(before[0]);
  });
});

describe('an order', () => {
  test('goes from proposed to executed', () => {
    const l = log();
    const hash = l.order({}, false);
    expect(statusOf(l, hash)).toBe('proposed');
    expect(l.vote(hash, 'customer')).toMatch(/no impact report/);
    l.impact(hash);
    expect(statusOf(l, hash)).toBe('impactReady');
    l.votes(hash, 'customer');
    expect(statusOf(l, hash)).toBe('voting');
    l.votes(hash, 'operator.service', 'operator.legal', 'oversight.2');
    expect(statusOf(l, hash)).toBe('coolingOff');
    l.after(24);
    expect(statusOf(l, hash)).toBe('approved');
    expect(stateOf(l)).toBe('on');
    expect(l.execute(hash, 'person:legal')).toMatch(/no executor/);
    expect(l.execute(hash)).toBeUndefined();
    expect(statusOf(l, hash)).toBe('executed');
    expect(stateOf(l)).toBe('off');
    expect(l.execute(hash)).toMatch(/is executed/);
  });

  test('is cancelled by its proposer, before approval', () => {
    const l = log();
    const hash = l.order({}, false);
    const cancel = (orderHash: string, person: string) =>
      l.sign('cancel/v1', person, { orderHash, person, reason: 'test' });
    expect(cancel(hash, 'person:legal')).toMatch(/only its proposer/);
    expect(cancel(hash, 'person:drafter')).toBeUndefined();
    expect(statusOf(l, hash)).toBe('cancelled');
    const approved = l.order();
    l.votes(approved, ...TAKING).after(24);
    expect(cancel(approved, 'person:drafter')).toMatch(/approved/);
  });

  test('amended, is a new order: votes do not carry over', () => {
    const l = log();
    const hash = l.order({ id: 'o' });
    l.votes(hash, ...TAKING);
    expect(l.tryOrder({ id: 'o', revision: 3 }).refusal).toMatch(/next revision of o is 2/);
    const amended = l.order({ id: 'o', revision: 2, reason: 'put better' });
    expect(amended).not.toBe(hash);
    expect(statusOf(l, hash)).toBe('amended');
    expect(l.state.ballots.get(amended)?.votes).toEqual([]);
    expect(l.vote(hash, 'regulator')).toMatch(/amended/);
    expect(l.after(24).execute(hash)).toMatch(/amended/);
  });

  test('amended, lets nobody back in who stood aside or hid a contact', () => {
    const l = log();
    const hash = l.order({ id: 'o' });
    l.votes(hash, 'oversight.1');
    expect(l.recuse(hash, 'person:customer', 'person:regulator')).toBeUndefined();
    const taint = { orderHash: hash, person: 'person:oversight-1', raisedBy: 'person:regulator' };
    const evidence = ['aa'.repeat(32)];
    expect(
      l.sign('taint/v1', 'person:regulator', { ...taint, evidence, reason: 'test' }),
    ).toBeUndefined();
    const amended = l.order({ id: 'o', revision: 2, reason: 'put better' });
    expect(l.vote(amended, 'customer')).toMatch(/does not vote here: recused/);
    expect(l.vote(amended, 'oversight.1')).toMatch(/does not vote here: tainted/);
    expect(l.vote(amended, 'oversight.2')).toBeUndefined();
  });

  test('names who asked, discloses it, and says so when nobody did', () => {
    const l = log();
    const refusalOf = (changes: Partial<Order>) => l.tryOrder(changes).refusal;
    expect(refusalOf({ originators: [] })).toMatch(/nobody is named/);
    const { ownAuthorship: _, ...silent } = l.orderBody();
    expect(l.sign('order/v1', 'person:drafter', silent)).toMatch(/does not say so/);
    for (const capacity of ['owner', 'third_party', 'foreign_government'] as const) {
      const asked = l.originator('somebody', capacity);
      expect(refusalOf({ originators: [asked] })).toMatch(/is not disclosed/);
      expect(refusalOf({ originators: [{ ...asked, contactId: 'c9' }] })).toMatch(/no contact c9/);
    }
    expect(refusalOf({ proposer: 'person:stranger' })).toMatch(/no drafter/);
  });

  test('says what it does to cells that are in the log', () => {
    const l = log();
    const refusalOf = (scope: Scope) => l.tryOrder({ scope }).refusal;
    expect(refusalOf({ ...SCOPE, territory: { id: 'LAND', version: 2 } })).toMatch(/no territory/);
    expect(refusalOf({ ...SCOPE, cells: BAND_CELLS })).toMatch(/no cell/);
    expect(refusalOf({ ...SCOPE, cells: ['85283473fffffff'] })).toMatch(/no cell of LAND/);
    expect(refusalOf(GIVEN)).toMatch(/does not suspend/);
  });

  test('on overlapping scope names the executed one, and wins cell by cell', () => {
    const l = log();
    const first = executed(l, { scope: { ...SCOPE, cells: INNER_CELLS } });
    const second = l.tryOrder({ kind: 'resume', scope: GIVEN });
    expect(second.refusal).toMatch(/does not name it/);
    const [one, ...others] = INNER_CELLS;
    executed(
      l,
      { kind: 'resume', scope: { ...GIVEN, cells: [one] }, supersedes: [first] },
      ['customer', 'oversight.1'],
      0,
    );
    expect(stateOf(l, one)).toBe('on');
    expect(others.map(cell => stateOf(l, cell))).toEqual(others.map(() => 'off'));
    expect(statusOf(l, first)).toBe('executed');
  });

  test('is superseded when all its cells are', () => {
    const l = log();
    const first = executed(l);
    resumed(l, first);
    expect(statusOf(l, first)).toBe('superseded');
  });

  test('expires by itself', () => {
    const l = log();
    const hash = executed(l, { effective: { from: l.now(), to: l.now(48) } });
    expect(stateOf(l)).toBe('off');
    expect(statusOf(l.after(24), hash)).toBe('expired');
    expect(stateOf(l)).toBe('on');
  });

  test('waits for an impact report not older than 72 h', () => {
    const l = log();
    const hash = l.order();
    l.after(72)
      .votes(hash, ...TAKING)
      .after(24);
    expect(l.execute(hash)).toMatch(/older than 72 h/);
    l.impact(hash, { headlines: [{ name: 'people', low: 99, central: 110, high: 121 }] });
    expect(l.execute(hash)).toBeUndefined();
  });

  test('loses its votes when a headline number changes by more than 10 %', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING).after(24);
    l.impact(hash, { headlines: [{ name: 'people', low: 90, central: 111, high: 110 }] });
    expect(l.state.ballots.get(hash)?.votes.every(({ ended }) => ended)).toBe(true);
    expect(l.execute(hash)).toMatch(/voting/);
  });

  test('does not drift by many small changes', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING);
    for (const central of [109, 118]) {
      l.impact(hash, { headlines: [{ name: 'people', low: 90, central, high: 110 }] });
    }
    expect(l.state.ballots.get(hash)?.votes.every(({ ended }) => ended)).toBe(true);
  });

  test('that lapsed is not opened anew by another report', () => {
    const l = log();
    const hash = l.order();
    l.after(336);
    expect(l.impact(hash, { headlines: [] })).toMatch(/lapsed/);
  });

  test('is confirmed by the adapter within 15 minutes, else flagged', () => {
    const l = log();
    const orderHash = executed(l);
    const receipt = { orderHash, adapter: 'key:adapter', doneAt: l.now() };
    expect(flagsOf(l.after(0.24), orderHash)).toEqual([]);
    expect(flagsOf(l.after(0.01), orderHash)).toEqual(['unconfirmed']);
    expect(l.sign('receipt/v1', TWIN, { ...receipt, adapter: TWIN })).toMatch(/no adapter/);
    expect(l.sign('receipt/v1', 'key:adapter', receipt)).toBeUndefined();
    expect(flagsOf(l, orderHash)).toEqual([]);
  });

  test('as a drill takes every step but the last', () => {
    const l = log().after(48);
    const hash = executed(l, { drill: true });
    expect(statusOf(l, hash)).toBe('executed');
    expect(stateOf(l)).toBe('on');
    l.after(87 * 24);
    expect(flagsOf(l, 'regulator')).toEqual([]);
    expect(flagsOf(l.after(24), 'regulator')).toEqual(['undrilled']);
    expect(flagsOf(l, 'customer')).toEqual([]);
  });
});

describe('break-glass', () => {
  test('ends by its time, without an entry', () => {
    const l = log();
    const hash = broken(l);
    expect(flagsOf(l, hash)).toEqual(['reviewOpen', 'breakGlass']);
    expect(stateOf(l, CELL, 23.99)).toBe('off');
    expect(stateOf(l, CELL, 24)).toBe('on');
    expect(statusOf(l.after(24), hash)).toBe('reverted');
  });

  test('runs 24 h at most, only to suspend or restrict, and never sealed', () => {
    const l = log();
    const breakGlass = { ttlHours: 25, revert: GIVEN };
    expect(l.tryOrder({ breakGlass }).refusal).toMatch(/24 h/);
    const activate = { kind: 'activate', scope: GIVEN, breakGlass } as const;
    expect(l.tryOrder(activate).refusal).toMatch(/does not activate/);
    const { scope: _, ...order } = l.orderBody();
    const sealed = { ...order, seal: l.seal(), breakGlass: { ...breakGlass, ttlHours: 1 } };
    expect(l.sign('order/v1', 'person:drafter', sealed)).toMatch(/never sealed/);
  });

  test('is not repeated within 7 days, nor by two orders at once', () => {
    const l = log();
    const breakGlass = { ttlHours: 2, revert: GIVEN };
    const twin = l.order({ breakGlass });
    l.votes(twin, 'operator.service', 'customer');
    const hash = broken(l, { breakGlass });
    expect(l.execute(twin)).toMatch(/not repeated/);
    expect(l.tryOrder({ breakGlass, supersedes: [hash] }).refusal).toMatch(/not repeated/);
    l.after(2 + 7 * 24 - 0.01);
    expect(l.tryOrder({ breakGlass }).refusal).toMatch(/not repeated/);
    l.after(0.01);
    expect(l.tryOrder({ breakGlass }).refusal).toBeUndefined();
  });

  test('is reviewed within 7 days by seats that took no part', () => {
    const l = log();
    const orderHash = broken(l);
    const find = (person: string, seat: string) =>
      l.sign('review/v1', person, { orderHash, person, seat, finding: 'upheld', reason: 'test' });
    expect(find('person:customer', 'customer')).toMatch(/took part/);
    expect(find('person:regulator', 'regulator')).toBeUndefined();
    l.after(7 * 24);
    expect(flagsOf(l, orderHash)).toContain('reviewOverdue');
    expect(find('person:oversight-1', 'oversight.1')).toBeUndefined();
    expect(flagsOf(l, orderHash)).not.toContain('reviewOverdue');
  });
});

describe('a disclosure of contact', () => {
  // START_MS is Monday 5 January 2026; Wednesday the 7th is a holiday of the test's calendar.
  test.each([
    ['Monday', 0, '2026-01-14T00:00:00.000Z'],
    ['Friday', 4, '2026-01-17T00:00:00.000Z'],
    ['Saturday', 5, '2026-01-17T00:00:00.000Z'],
  ])('of a %s is due at the end of the fifth business day', (_, day, due) => {
    const l = log();
    l.after(day * 24 + 12);
    const held = l.now();
    l.after((Date.parse(due) - l.nowMs) / 3_600_000 - 0.001);
    l.contact('in time', { from: held, to: held });
    l.after(0.001).contact('late', { from: held, to: held });
    expect(l.state.contacts.get('in time')?.isLate).toBe(false);
    expect(l.state.contacts.get('late')?.isLate).toBe(true);
    expect(flagsOf(l, 'late')).toEqual(['lateContact']);
  });

  test('bars its reporter from the order that it bears on', () => {
    const about = (topics: { kind: 'territory' | 'customer'; about: string }[]) => ({
      reporter: 'person:customer',
      topics,
    });
    const l = log();
    l.contact('c1', about([{ kind: 'territory', about: 'LAND' }]));
    const later = l.order();
    expect(l.vote(later, 'customer')).toMatch(/contact/);
    expect(l.vote(later, 'customer', { person: 'person:customer-alternate' })).toBeUndefined();

    const other = log();
    const hash = other.order();
    other.contact('c1', about([{ kind: 'territory', about: 'ELSEWHERE' }]));
    expect(other.vote(hash, 'customer')).toBeUndefined();
    other.contact('c2', { reporter: 'person:oversight-1', links: [hash] });
    expect(other.vote(hash, 'oversight.1')).toMatch(/contact/);
  });

  test('found later, taints the vote: before execution it stops counting', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING).after(24);
    expect(statusOf(l, hash)).toBe('approved');
    const from = l.now(-48);
    l.contact('c1', { reporter: 'person:customer', from, to: from, links: ['LAND'] });
    expect(statusOf(l, hash)).toBe('voting');
    expect(l.execute(hash)).toMatch(/not approved/);
    expect(l.state.ballots.get(hash)?.recusals[0].why).toBe('tainted');
  });

  test('… after it, a review is due in 72 h', () => {
    const l = log();
    const hash = executed(l);
    const from = l.now(-48);
    l.contact('c1', { reporter: 'person:customer', from, to: from, links: ['LAND'] });
    expect(flagsOf(l, hash)).toContain('reviewOpen');
    expect(flagsOf(l.after(71.9), hash)).not.toContain('reviewOverdue');
    expect(flagsOf(l.after(0.1), hash)).toContain('reviewOverdue');
  });

  test('is marked by another seat with evidence', () => {
    const l = log();
    const orderHash = l.order();
    l.votes(orderHash, 'customer');
    const body = { orderHash, person: 'person:customer', reason: 'test' };
    const evidence = ['aa'.repeat(32)];
    const taint = (raisedBy: string, more: object) =>
      l.sign('taint/v1', raisedBy, { ...body, raisedBy, evidence: [], ...more });
    expect(taint('person:customer', { evidence })).toMatch(/his own vote/);
    expect(taint('person:drafter', { evidence })).toMatch(/no seat/);
    expect(taint('person:regulator', {})).toMatch(/neither contact nor evidence/);
    expect(taint('person:regulator', { evidence })).toBeUndefined();
    expect(l.vote(orderHash, 'customer')).toMatch(/tainted/);
  });
});

describe('a standing declaration', () => {
  const OFF = { territory: SCOPE.territory, constraint: { kind: 'off' } } as const;
  const off = (): TestLog => new TestLog(sha256, { normal: [OFF] });
  const whole: Scope = { ...SCOPE, band: 'inside' };
  const flagOf = (l: TestLog) =>
    flagsAt(l.state, l.now()).find(({ flag }) => flag === 'undeclared');

  test('is missing from the first day on: nothing is grandfathered', () => {
    const l = off();
    expect(flagOf(l)).toMatchObject({ subject: 'LAND', days: 0 });
    expect(flagOf(l.after(24 * 12 + 5))).toMatchObject({ days: 12 });
    expect(flagOf(log())).toBeUndefined();
  });

  test('is made by two signers of different seats', () => {
    const l = off();
    const scopes = [whole];
    expect(l.declare({ scopes }, ['operator.service'])).toMatch(/two people/);
    expect(l.declare({ scopes }, ['operator.service', 'operator.service'])).toMatch(/two people/);
    expect(l.declare({ scopes })).toBeUndefined();
    expect(flagOf(l)).toBeUndefined();
  });

  test('covers the cells that it names, no others', () => {
    const l = off();
    l.declare({ scopes: [{ ...whole, cells: INNER_CELLS }] });
    expect(flagOf(l)).toBeDefined();
    l.declare({ scopes: [{ ...whole, cells: BAND_CELLS }] });
    expect(flagOf(l)).toBeUndefined();
  });

  test.each([
    ['unlicensed', 90],
    ['sanctions', 90],
    ['capacity', 90],
    ['operator_choice', 30],
  ] as const)('for %s lasts %i days at most', (reason, days) => {
    const l = off();
    const declare = (hours: number) =>
      l.declare({ scopes: [whole], reason, validUntil: l.now(hours) });
    expect(declare(days * 24 + 0.01)).toMatch(`${days} days at most`);
    expect(declare(days * 24)).toBeUndefined();
  });

  test('expires without touching service: the flag goes up, and counts', () => {
    const l = off();
    l.declare({ scopes: [whole], validUntil: l.now(90 * 24) });
    l.after(90 * 24 - 0.01);
    expect(flagOf(l)).toBeUndefined();
    l.after(0.01);
    expect(flagOf(l)).toMatchObject({ days: 0, since: l.now() });
    expect(stateOf(l)).toBe('off');
    expect(flagOf(l.after(24 * 3))).toMatchObject({ days: 3 });
    l.declare({ scopes: [whole] });
    expect(flagOf(l)).toBeUndefined();
  });

  test('of what somebody asked for needs the quorum of an order to withhold', () => {
    const l = off();
    l.contact('c1', { reporter: 'person:stranger' });
    const asked = l.originator('a third party', 'third_party', { contactId: 'c1' });
    const scopes = [whole];
    for (const reason of ['third_party_request', 'government_order'] as const) {
      expect(l.declare({ scopes, reason })).toMatch(/executed order to withhold/);
    }
    // By whatever name.
    const hidden = { scopes, reason: 'operator_choice', originators: [asked] } as const;
    expect(l.declare(hidden)).toMatch(/executed order to withhold/);
    const undisclosed = { ...hidden, originators: [{ ...asked, contactId: 'c9' }] };
    expect(l.declare(undisclosed)).toMatch(/no contact c9/);
    const orderHash = executed(
      l,
      { kind: 'withhold', scope: whole, originators: [asked] },
      [...TAKING, 'oversight.2', 'regulator'],
      72,
    );
    const reason = 'third_party_request';
    expect(l.declare({ scopes, reason, originators: [asked], orderHash })).toBeUndefined();
    expect(flagOf(l)).toBeUndefined();
  });

  test('whose attestation was false stays signed, and is flagged', () => {
    const l = off();
    const from = l.now();
    l.after(1).declare({ id: 'd1', scopes: [whole] });
    expect(flagsOf(l, 'd1')).toEqual([]);
    l.after(24).contact('c1', { reporter: 'person:legal', from, to: from, links: ['LAND'] });
    expect(flagsOf(l, 'd1')).toEqual(['falseAttestation']);
  });

  test('is wanted for a territory that an order switched off', () => {
    const l = log();
    executed(l);
    expect(flagOf(l)).toMatchObject({ subject: 'LAND' });
    l.declare({ scopes: [SCOPE], reason: 'technical' });
    expect(flagOf(l)).toBeUndefined();
  });
});

test('a sealed scope is unknown, never a default, until it is disclosed', () => {
  const l = log();
  const { scope: _, ...order } = l.orderBody();
  const sealed = l.signed('order/v1', order.proposer, { ...order, seal: l.seal() });
  expect(l.add('order/v1', sealed)).toBeUndefined();
  const hash = [...l.state.ballots.keys()][0];
  l.impact(hash);
  l.votes(hash, ...TAKING).after(24);
  expect(stateOf(l)).toBe('on');
  expect(l.execute(hash)).toBeUndefined();
  expect(stateOf(l)).toBe('unknown');
  expect(() => policyAt(l.state, l.now())).toThrow(/sealed/);
  const disclosed = new Map([[hash, SCOPE]]);
  expect(cellStateAt(l.state, CELL, l.now(), 'fixed', disclosed)).toBe('off');
  expect(policyAt(l.state, l.now(), 5, disclosed).rules[0].cells).toHaveLength(7);
  expect(flagsOf(l, hash)).toContain('sealedOrder');
  expect(flagsOf(l.after(29 * 24), hash)).toContain('sealOverdue');
});

describe('the policy in force', () => {
  const ids = (cells: readonly string[]) => cells.map(c => BigInt(`0x${c}`)).sort();

  test('is open without an order', () => {
    expect(policyAt(log().state, log().now())).toEqual(OPEN_POLICY);
  });

  test('switches off what the order says, and leaves the border band alone', () => {
    const l = log();
    executed(l);
    const { rules } = policyAt(l.state, l.now());
    expect(rules).toHaveLength(1);
    expect([...rules[0].cells]).toEqual(ids(INNER_CELLS));
    expect(rules[0].action).toEqual({ kind: 'off' });
    expect(BAND_CELLS.map(cell => stateOf(l, cell))).toEqual(BAND_CELLS.map(() => 'on'));
  });

  test('reaches the band when the order says inside, but no cell beyond the outline', () => {
    const l = log();
    executed(l, { scope: { ...SCOPE, band: 'inside' } });
    const { rules } = policyAt(l.state, l.now());
    expect([...rules[0].cells]).toEqual(ids(LAND.cellsCompact as string[]));
  });

  test('spares emergency and humanitarian users, and exceptions until they expire', () => {
    const l = log();
    const exceptions = [{ classes: ['government'], authority: 'court', until: l.now(48) }] as const;
    executed(l, { scope: { ...SCOPE, exceptions } });
    const at = (one: 'emergency' | 'humanitarian' | 'government' | 'fixed', hours = 0) =>
      cellStateAt(l.state, CELL, l.now(hours), one);
    expect([at('emergency'), at('humanitarian'), at('government'), at('fixed')]).toEqual([
      'on',
      'on',
      'on',
      'off',
    ]);
    expect(at('government', 24)).toBe('off');
    const { rules } = policyAt(l.state, l.now());
    expect(rules[0].terminals).toEqual(['fixed', 'roam', 'maritime', 'aviation']);
  });

  test('limits speed and rate', () => {
    const l = log();
    const constraint = { kind: 'limits', maxSpeedKmh: 90, maxRateMbps: 5 } as const;
    executed(l, { kind: 'restrict', scope: { ...SCOPE, constraint } });
    expect(stateOf(l)).toBe('restricted');
    const action = { kind: 'restricted', maxSpeedKmh: 90, maxRateMbps: 5 };
    expect(policyAt(l.state, l.now()).rules[0].action).toEqual(action);
  });

  test('resume brings back what is normal, not more', () => {
    const OFF = { territory: SCOPE.territory, constraint: { kind: 'off' } } as const;
    const unlicensed = new TestLog(sha256, { normal: [OFF] });
    resumed(unlicensed);
    expect(stateOf(unlicensed)).toBe('off');
    const active = executed(
      unlicensed,
      { kind: 'activate', scope: GIVEN, supersedes: [...unlicensed.state.ballots.keys()] },
      ['operator.service', 'operator.legal', 'regulator'],
      0,
    );
    expect(stateOf(unlicensed)).toBe('on');
    const suspended = executed(unlicensed, { supersedes: [active] });
    expect(stateOf(unlicensed)).toBe('off');
    resumed(unlicensed, suspended, active);
    expect(stateOf(unlicensed)).toBe('on');
  });

  test('to withhold changes nothing', () => {
    const l = log();
    executed(l, { kind: 'withhold' }, [...TAKING, 'regulator'], 72);
    expect(stateOf(l)).toBe('on');
  });

  test('a list of terminals switched off restricts the cell; an allow-list closes it', () => {
    const listed = { listSha256: '00'.repeat(32), count: 2500 };
    const deny = log();
    executed(deny, { scope: { ...SCOPE, terminals: { kind: 'deny', ...listed } } });
    expect(stateOf(deny)).toBe('restricted');
    const allow = log();
    executed(allow, { scope: { ...SCOPE, terminals: { kind: 'allow', ...listed } } });
    expect(stateOf(allow)).toBe('off');
  });

  test('at a coarser resolution a cell follows its centre; at a finer one all children follow', () => {
    const l = log();
    executed(l, { scope: { ...SCOPE, band: 'inside' } });
    expect(policyAt(l.state, l.now(), 6).rules[0].cells).toHaveLength(19 * 7);
    const coarse = policyAt(l.state, l.now(), 4).rules[0].cells.length;
    expect(coarse).toBeGreaterThanOrEqual(2);
    expect(coarse).toBeLessThanOrEqual(4);
  });
});

test('a delegation goes to a named alternate, for 30 days at most, and is not passed on', () => {
  const l = log();
  const delegate = (delegator: string, to: string, days: number) =>
    l.sign('delegation/v1', delegator, {
      seat: 'customer',
      delegator,
      delegate: to,
      from: l.now(),
      until: l.now(days * 24),
    });
  expect(delegate('person:customer', 'person:stranger', 5)).toMatch(/no alternate/);
  expect(delegate('person:customer', 'person:customer-alternate', 30.1)).toMatch(/30 days/);
  expect(delegate('person:customer', 'person:customer-alternate', 30)).toBeUndefined();
  expect(delegate('person:customer-alternate', 'person:customer', 5)).toMatch(/not passed on/);
  const person = 'person:customer-alternate';
  expect(l.vote(l.order(), 'customer', { person })).toBeUndefined();
  l.after(30 * 24);
  expect(l.vote(l.order(), 'customer', { person })).toMatch(/may not vote/);
});

test('a key is enrolled by quorum, with proof of possession', () => {
  const l = log();
  const proposer = 'person:drafter';
  const { publicKey } = paperKey(sha256, 'second-token');
  const key = { holder: 'person:customer', publicKey };
  const body = { proposer, reason: 'second key', key };
  const statement = statementOf('keyEnrol/v1', { ...body, possession: BLANK, proof: BLANK });
  const enrol = (holder: string) =>
    l.sign('keyEnrol/v1', proposer, { ...body, possession: l.prove(holder, statement) });
  expect(enrol('person:customer')).toMatch(/no key in force/);
  expect(enrol('second-token')).toBeUndefined();
  const [hash] = l.state.ballots.keys();
  l.votes(hash, ...TAKING).after(72);
  expect(l.execute(hash)).toMatch(/voting/);
  l.votes(hash, 'regulator').after(72);
  expect(l.execute(hash)).toBeUndefined();
  expect(l.state.keys.at(-1)?.key).toEqual(key);
  expect(enrol('second-token')).toMatch(/enrolled already/);
});

describe('outlines', () => {
  const outlineOf = (id: string, version: number, rings: number): Territory => {
    const outline = {
      cellsCompact: packCells(gridDisk(latLngToCell(-20, 60, 5), rings)),
      borderBand: [],
    };
    return { ...LAND, ...outline, id, version, sha256: outlineDigest(outline, sha256) };
  };
  const propose = (l: TestLog, ...territories: Territory[]) =>
    l.sign('territory/v1', 'person:drafter', {
      proposer: 'person:drafter',
      reason: 'to be able to name it',
      territories,
    });
  const off = { ...SCOPE, territory: { id: 'SEA', version: 1 } };

  test('are taken in and drawn anew by quorum; an order keeps the version that it names', () => {
    const l = log();
    expect(propose(l, outlineOf('SEA', 1, 3))).toBeUndefined();
    const [hash] = l.state.ballots.keys();
    expect(l.state.territories.has('SEA@1')).toBe(false);
    l.votes(hash, ...TAKING, 'regulator').after(72);
    expect(l.execute(hash)).toBeUndefined();
    const order = l.order({ scope: off });
    l.votes(order, ...TAKING).after(24);
    expect(l.execute(order)).toBeUndefined();
    // One ring is 6 cells, two 12, three 18; with the one in the middle 37.
    const offCells = () => policyAt(l.state, l.now(24), 5).rules.flatMap(rule => [...rule.cells]);
    expect(offCells()).toHaveLength(37);
    expect(propose(l, outlineOf('SEA', 2, 5))).toBeUndefined();
    const redrawn = [...l.state.ballots.keys()].at(-1) as string;
    l.votes(redrawn, ...TAKING, 'regulator').after(72);
    expect(l.execute(redrawn)).toBeUndefined();
    expect(l.state.latestVersions.get('SEA')).toBe(2);
    expect(offCells()).toHaveLength(37);
  });

  test('that cannot be are refused', () => {
    const l = log();
    const good = outlineOf('SEA', 1, 3);
    expect(propose(l)).toMatch(/names no territory/);
    expect(propose(l, good, good)).toMatch(/SEA is there twice/);
    expect(propose(l, outlineOf('SEA', 2, 3))).toMatch(/next version is 1/);
    expect(propose(l, { ...good, sha256: LAND.sha256 })).toMatch(/outline has the SHA-256/);
    expect(propose(l, { ...good, cellsCompact: [] })).toMatch(/no cells/);
    expect(propose(l, { ...good, cellsCompact: `${good.cellsCompact}A` })).toMatch(
      /territories\[0\]\.cellsCompact/,
    );
  });
});

test('an order names part of a territory by a packed list', () => {
  const l = log();
  const hash = l.order({ scope: { ...SCOPE, cells: packCells(INNER_CELLS) } });
  l.votes(hash, ...TAKING).after(24);
  expect(l.execute(hash)).toBeUndefined();
  const [{ cells }] = policyAt(l.state, l.now(24), 5).rules;
  expect([...cells].map(cell => cell.toString(16))).toEqual([...INNER_CELLS].sort());
});
