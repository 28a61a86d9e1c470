/** What readers are shown, whoever shows it: control.md §3–6, §10, §12. */
import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, test } from 'vitest';
import { nodeSha256 as sha256 } from '../../store/tlogStore.ts';
import {
  type ContactView,
  claimViews,
  contactView,
  declarationView,
  entryView,
  type OrderView,
  orderView,
  outlineDigest,
  rosterView,
  territoryViews,
} from '../index.ts';
import { GIVEN, INNER_CELLS, LAND, SCOPE, TestLog } from '../testLog.ts';
import type { Order, Territory } from '../types.ts';

const log = (changes = {}): TestLog => new TestLog(sha256, changes);
const TAKING = ['operator.service', 'operator.legal', 'customer', 'oversight.1'];
const viewOf = (l: TestLog, hash: string): OrderView =>
  orderView(l.state, l.state.ballots.get(hash)!, l.now());
const territoryOf = (l: TestLog, id = 'LAND', hours = 0) =>
  territoryViews(l.state, l.now(hours)).find(one => one.id === id)!;
const contactOf = (l: TestLog, id: string): ContactView => contactView(l.state.contacts.get(id)!);
function executed(l: TestLog, changes: Partial<Order> = {}): string {
  const hash = l.order(changes);
  l.votes(hash, ...TAKING).after(24);
  expect(l.execute(hash)).toBeUndefined();
  return hash;
}

describe('an order', () => {
  test('is one plain sentence, and names whose voice is missing until none is', () => {
    const l = log();
    const hash = l.order({ effective: { from: '2026-01-06T00:00:00.000Z' } });
    const fresh = viewOf(l, hash);
    expect(fresh.sentence).toBe(
      'suspend service over Territory T for all terminals (its border band left alone), from 2026-01-06 00:00 UTC',
    );
    expect(fresh).toMatchObject({ status: 'impactReady', isQuorumMet: false, takesService: true });
    expect(fresh.missing).toEqual(
      expect.arrayContaining(['1 more from customer', '1 more from operator.legal']),
    );
    const counts = TAKING.map(seat => {
      l.votes(hash, seat);
      return viewOf(l, hash).missing.length;
    });
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(viewOf(l, hash)).toMatchObject({ isQuorumMet: true, missing: [], status: 'coolingOff' });
    expect(viewOf(l, hash).dueAt.map(({ what }) => what)).toContain('coolingOff');
  });

  test('says what it would change in what is in force, cell by cell', () => {
    const l = log();
    const all = INNER_CELLS.length;
    const half = INNER_CELLS.slice(0, 3);
    const first = l.order({ scope: { ...SCOPE, cells: half } });
    expect(viewOf(l, first).change).toEqual([{ from: 'on', to: 'off', cellCount: 3 }]);
    l.votes(first, ...TAKING).after(24);
    expect(l.execute(first)).toBeUndefined();
    expect(viewOf(l, first).change).toBeNull();
    const second = l.order({ id: 'second', supersedes: [first] });
    expect(viewOf(l, second).change).toEqual([
      { from: 'on', to: 'off', cellCount: all - 3 },
      { from: 'off', to: 'off', cellCount: 3 },
    ]);
    const limits = { kind: 'limits', maxSpeedKmh: 50 } as const;
    const third = l.order({
      id: 'third',
      kind: 'restrict',
      scope: { ...SCOPE, constraint: limits },
      supersedes: [first],
    });
    expect(viewOf(l, third).change).toEqual([
      { from: 'on', to: 'restricted', cellCount: all - 3 },
      { from: 'off', to: 'restricted', cellCount: 3 },
    ]);
    // What is withheld stays as it is: that is what is decided.
    const fourth = l.order({ id: 'fourth', kind: 'withhold', supersedes: [first] });
    expect(viewOf(l, fourth).change).toEqual([
      { from: 'on', to: 'on', cellCount: all - 3 },
      { from: 'off', to: 'off', cellCount: 3 },
    ]);
  });

  test('shows who asked for whom and by which channel, and the contact behind it, late or not', () => {
    const l = log();
    l.contact('call-1', { from: l.now(-24 * 30), to: l.now(-24 * 30) });
    const originators = [
      l.originator('a head of government', 'foreign_government', { contactId: 'call-1' }),
      l.originator('person:owner', 'owner', {
        onBehalfOf: 'a head of government',
        contactId: 'call-1',
        channel: 'call',
      }),
    ];
    const hash = l.order({ originators, disclosures: ['call-1'] });
    const view = viewOf(l, hash);
    expect(view.originators).toEqual(originators);
    expect(view.contacts).toMatchObject([{ id: 'call-1', isLate: true, daysUntilDisclosed: 30 }]);
    expect(view.contacts[0]).not.toHaveProperty('proof');
  });

  test('names the seats of the commitments that it touches', () => {
    const l = log();
    l.sign('commitment/v1', 'person:hospital', {
      id: 'c',
      customer: 'a hospital',
      class: 'fixed',
      territory: 'LAND',
      minMbps: 20,
      availabilityPercent: '99.9',
      noticeHours: 48,
      rtoHours: 1,
      authority: 'commitment.hospital',
      person: 'person:hospital',
    });
    const hash = l.order();
    expect(viewOf(l, hash).commitments).toEqual([{ seat: 'commitment.hospital', noticeHours: 48 }]);
    expect(viewOf(l, hash).missing).toContain('the seat commitment.hospital');
  });

  test('keeps a vote that was taken back in sight, with why it no longer counts', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, 'customer');
    expect(viewOf(l, hash).votes).toMatchObject([{ seat: 'customer', ended: null }]);
    l.withdraw(hash, 'person:customer');
    expect(viewOf(l, hash).votes).toMatchObject([
      { seat: 'customer', person: 'person:customer', ended: expect.stringMatching(/\S/) },
    ]);
  });

  test('shows who stands aside, who executed it, and which report the votes were about', () => {
    const l = log();
    const hash = l.order();
    l.recuse(hash, 'person:oversight-2');
    l.votes(hash, ...TAKING).after(24);
    l.execute(hash);
    const view = viewOf(l, hash);
    expect(view.recusals).toMatchObject([{ person: 'person:oversight-2' }]);
    expect(view).toMatchObject({ status: 'executed', isQuorumMet: true });
    expect(view.executed).toMatchObject({ executor: 'person:executor', at: l.now() });
    expect(view.voteOn.impactSha256).toBe(view.impact?.reportSha256);
    expect(view.impact?.headlines).toEqual([{ name: 'people', low: 90, central: 100, high: 110 }]);
  });
});

describe('a territory', () => {
  const normal = [{ territory: { id: 'LAND', version: 1 }, constraint: { kind: 'off' } }];

  test('that is off without a declaration is flagged, with days counted, and comes first', () => {
    const outline = { cellsCompact: gridDisk(latLngToCell(-30, 100, 5), 1), borderBand: [] };
    const island: Territory = {
      ...LAND,
      ...outline,
      id: 'ISLE',
      name: 'A Territory',
      sha256: outlineDigest(outline, sha256),
    };
    const l = log({ normal, territories: [island, LAND] });
    const [first, second] = territoryViews(l.state, l.now(24 * 3));
    expect(first).toMatchObject({ id: 'LAND', state: 'off', because: ['LAND as normal'] });
    expect(first.flags).toMatchObject([{ flag: 'undeclared', days: 3 }]);
    expect(second).toMatchObject({ id: 'ISLE', state: 'on', because: [], flags: [] });
  });

  test('says who signed for it and until when; a declaration that ran out is no excuse', () => {
    const l = log({ normal });
    l.declare({ id: 'd', scopes: [{ ...SCOPE, band: 'inside' }] });
    const [declared] = territoryOf(l).declarations;
    expect(territoryOf(l).flags).toEqual([]);
    expect(declared).toMatchObject({ id: 'd', isLive: true, daysLeft: 30, reason: 'unlicensed' });
    expect(declared.signers.map(({ seat }) => seat)).toEqual([
      'operator.service',
      'operator.legal',
    ]);
    expect(declared.where).toEqual(['LAND@1 for all terminals (its border band too)']);
    const later = territoryOf(l, 'LAND', 24 * 32);
    expect(later.declarations).toMatchObject([{ isLive: false, daysLeft: -2 }]);
    expect(later.flags).not.toEqual([]);
  });

  test('is partly off, restricted or on again as orders say, and names the order', () => {
    const l = log();
    expect(territoryOf(l).state).toBe('on');
    const hash = executed(l, { id: 'part', scope: { ...SCOPE, cells: INNER_CELLS.slice(0, 3) } });
    expect(territoryOf(l)).toMatchObject({ state: 'partly off', offCellCount: 3 });
    expect(territoryOf(l).because.join()).toMatch(/part/);
    executed(l, {
      id: 'limits',
      kind: 'restrict',
      scope: { ...SCOPE, band: 'inside', constraint: { kind: 'limits', maxRateMbps: 5 } },
      supersedes: [hash],
    });
    expect(territoryOf(l)).toMatchObject({ state: 'restricted', offCellCount: 0 });
    const again = l.order({
      kind: 'resume',
      scope: GIVEN,
      supersedes: [l.state.revisions.get('limits')![0]],
    });
    l.votes(again, 'customer', 'oversight.1');
    expect(l.execute(again)).toBeUndefined();
    expect(territoryOf(l).state).toBe('on');
  });
});

test('a contact shows when it should have come out and how long it took', () => {
  const l = log().after(24); // A Tuesday; the next day is a holiday.
  l.contact('soon');
  expect(contactOf(l, 'soon')).toMatchObject({ isLate: false, daysUntilDisclosed: 0 });
  const to = l.now();
  l.after(24 * 14).contact('late', { from: to, to, lateReason: 'on leave' });
  expect(contactOf(l, 'late')).toMatchObject({ isLate: true, daysUntilDisclosed: 14 });
  expect(Date.parse(contactOf(l, 'late').dueAt)).toBeLessThan(l.nowMs);
});

test('a claim comes with its status and the rule that gave it', () => {
  const l = log();
  l.add('claim/v1', {
    id: 'c',
    text: 'Service was kept off.',
    originator: 'a newspaper',
    about: ['the owner'],
    firstAppearance: { at: l.now(), where: 'a report' },
  });
  const now = () => claimViews(l.state)[0];
  expect(now()).toMatchObject({ status: 'unconfirmed', attributions: [], stances: [] });
  l.add('source/v1', { id: 's', role: 'an engineer', reliability: 'B' });
  l.add('attribution/v1', { id: 'a', claim: 'c', source: 's', mode: 'primary', credibility: 2 });
  expect(now()).toMatchObject({
    status: 'reported',
    attributions: [{ source: 's', role: 'an engineer', reliability: 'B', citedIn: null }],
  });
  l.add('stance/v1', {
    claim: 'c',
    party: 'the owner',
    stance: 'deny_flat',
    at: l.now(),
    evidence: [],
  });
  expect(now()).toMatchObject({ status: 'contested', rule: expect.stringMatching(/denies/) });
  expect(now().stances).toMatchObject([{ party: 'the owner', entry: l.state.size - 1 }]);
});

test('an entry says which territories it is about, and why it has no effect', () => {
  const l = log();
  const hash = l.order();
  expect(l.vote(hash, 'nobody')).toMatch(/\S/);
  const [order, , vote] = l.entries.slice(1).map(entry => entryView(l.state, entry));
  expect(order).toMatchObject({ type: 'order/v1', territories: ['LAND'], ineffective: null });
  expect(vote).toMatchObject({ type: 'vote/v1', territories: ['LAND'] });
  expect(vote.ineffective).toMatch(/\S/);
});

test('the roster shows who holds which seat, for whom he steps in, and his live keys', () => {
  const { persons, seats, isDemo } = rosterView(log().state);
  expect(isDemo).toBe(false);
  const trustee = persons.find(({ id }) => id === 'person:trustee');
  expect(trustee).toMatchObject({ seats: [], alternateOf: ['operator.service'] });
  expect(trustee?.keys).toMatchObject([{ kind: 'note' }]);
  expect(seats.find(({ id }) => id === 'owner')).toMatchObject({ holder: 'person:owner' });
});

test('what is shown of a declaration counts whole days, before and after', () => {
  const l = log();
  l.declare({ validUntil: l.now(36) });
  const [record] = l.state.declarations;
  const daysLeft = (hours: number) => declarationView(record, l.now(hours)).daysLeft;
  expect([0, 12, 13, 36, 37].map(daysLeft)).toEqual([1, 1, 0, 0, -1]);
});
