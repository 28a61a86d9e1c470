/** The table and the rules of control.md §6, read off the page. */
import { describe, expect, test } from 'vitest';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import { quorumAt } from './ballots.ts';
import { DEFAULT_RULES } from './defaultRules.ts';
import { orderStatusAt } from './flags.ts';
import type { Quorum } from './quorum.ts';
import { statementOf } from './statements.ts';
import { GIVEN, LAND, ROSTER, SCOPE, TestLog } from './testLog.ts';
import type { Order, OrderKind, Roster, Scope } from './types.ts';

const log = (): TestLog => new TestLog(sha256);
const quorumOf = (l: TestLog, hash: string): Quorum =>
  quorumAt(l.state, l.state.ballots.get(hash)!, l.nowMs)!;
const statusOf = (l: TestLog, hash: string) => orderStatusAt(l.state, hash, l.now());

const OPERATOR = ['operator.service', 'operator.legal'];
const TAKING = [...OPERATOR, 'customer', 'oversight.1'];
const scopeFor = (kind: OrderKind): Scope =>
  kind === 'restrict'
    ? { ...SCOPE, constraint: { kind: 'limits', maxSpeedKmh: 90 } }
    : kind === 'suspend' || kind === 'withhold'
      ? SCOPE
      : GIVEN;

describe('the table', () => {
  const ROWS: [OrderKind, seats: string[], coolingH: number, voteH: number, executionH: number][] =
    [
      ['resume', ['customer', 'oversight.1'], 0, 168, 72],
      ['exempt', ['regulator', 'operator.legal'], 0, 168, 72],
      ['activate', [...OPERATOR, 'regulator'], 0, 336, 168],
      ['suspend', TAKING, 24, 336, 72],
      ['restrict', TAKING, 24, 336, 72],
      ['withhold', [...TAKING, 'regulator'], 72, 336, 72],
    ];

  test.each(ROWS)(
    '%s: each of its seats is needed, and together they are enough',
    (kind, seats) => {
      for (const left of seats) {
        const l = log();
        const hash = l.order({ kind, scope: scopeFor(kind) });
        l.votes(hash, ...seats.filter(seat => seat !== left));
        expect(quorumOf(l, hash).met, `without ${left}`).toBe(false);
        l.votes(hash, left);
        expect(quorumOf(l, hash)).toMatchObject({ met: true, missing: [] });
      }
    },
  );

  test.each(ROWS)('%s: no other seats take the place of one that is needed', (kind, seats) => {
    const officeOf = (id: string) => ROSTER.seats.find(seat => seat.id === id)!.office;
    for (const office of seats.length > 2 ? new Set(seats.map(officeOf)) : []) {
      const l = log();
      const hash = l.order({ kind, scope: scopeFor(kind) });
      l.votes(hash, ...ROSTER.seats.filter(s => s.office !== office).map(({ id }) => id));
      expect(quorumOf(l, hash).missing).toEqual([{ what: 'seat', office, count: 1 }]);
    }
  });

  test.each(ROWS)('%s: cooling-off %o … to the hour', (kind, seats, coolingH, _, executionH) => {
    const l = log();
    const hash = l.order({ kind, scope: scopeFor(kind) });
    l.votes(hash, ...seats);
    expect(statusOf(l, hash)).toBe(coolingH === 0 ? 'approved' : 'coolingOff');
    if (coolingH > 0) {
      l.after(coolingH - 1 / 3600);
      expect(l.execute(hash)).toMatch(/coolingOff, not approved/);
      l.after(1 / 3600);
    }
    expect(statusOf(l, hash)).toBe('approved');
    l.after(executionH - 1 / 3600);
    expect(statusOf(l, hash)).toBe('approved');
    l.after(1 / 3600);
    expect(statusOf(l, hash)).toBe('lapsed');
    expect(l.execute(hash)).toMatch(/lapsed/);
  });

  test.each(ROWS)(
    '%s: lapses without a quorum at the end of its window',
    (kind, seats, _, voteH) => {
      const l = log();
      const hash = l.order({ kind, scope: scopeFor(kind) });
      l.votes(hash, ...seats.slice(1));
      l.after(voteH - 1 / 3600);
      expect(statusOf(l, hash)).toBe('voting');
      l.after(1 / 3600);
      expect(l.vote(hash, seats[0])).toMatch(/lapsed/);
      expect(statusOf(l, hash)).toBe('lapsed');
    },
  );

  test('break-glass: operator.service and one of another employer, 4 h to vote, 1 h to execute', () => {
    const breakGlass = { ttlHours: 24, revert: GIVEN };
    const l = log();
    const hash = l.order({ breakGlass });
    l.votes(hash, 'operator.service', 'operator.legal');
    expect(quorumOf(l, hash).missing).toEqual([{ what: 'employers', count: 1 }]);
    l.after(3.9).votes(hash, 'customer');
    expect(statusOf(l, hash)).toBe('approved');
    expect(statusOf(l.after(1), hash)).toBe('lapsed');

    const other = log();
    const without = other.order({ breakGlass });
    other.votes(without, 'customer', 'oversight.1');
    expect(quorumOf(other, without).missing).toEqual([
      { what: 'seat', office: 'operator.service', count: 1 },
    ]);
    expect(statusOf(other.after(4), without)).toBe('lapsed');
  });

  test('a change needs every rule of an order at once: 5 seats, 4 employers, 72 h', () => {
    const l = log();
    const change = {
      proposer: 'person:drafter',
      reason: 'test',
      policySet: { a: 'permit(p,a,r);' },
    };
    expect(l.sign('policySet/v1', 'person:drafter', change)).toBeUndefined();
    const hash = [...l.state.ballots.keys()][0];
    l.votes(hash, ...TAKING);
    expect(quorumOf(l, hash).missing).toEqual([
      { what: 'seat', office: 'regulator', count: 1 },
      { what: 'votes', count: 1 },
      { what: 'employers', count: 1 },
    ]);
    l.votes(hash, 'regulator').after(71.9);
    expect(l.execute(hash)).toMatch(/coolingOff/);
    expect(l.after(0.1).execute(hash)).toBeUndefined();
    expect(l.state.policySet).toEqual({ a: 'permit(p,a,r);' });
  });
});

describe('distinct', () => {
  test("the operator's two seats are one employer, for giving back too", () => {
    const l = log();
    const hash = l.order({ kind: 'resume', scope: GIVEN });
    l.votes(hash, ...OPERATOR);
    expect(quorumOf(l, hash).missing).toEqual([{ what: 'employers', count: 1 }]);
  });

  test('one vote for giving back lacks a second, of another employer', () => {
    const l = log();
    const hash = l.order({ kind: 'resume', scope: GIVEN });
    l.votes(hash, 'customer');
    expect(quorumOf(l, hash).missing).toEqual([
      { what: 'votes', count: 1 },
      { what: 'employers', count: 1 },
    ]);
  });

  test('two companies of one beneficial owner are one employer', () => {
    const organisations = ROSTER.organisations.map(o =>
      o.id === 'org:users' || o.id === 'org:council-1' ? { ...o, beneficialOwner: 'group' } : o,
    );
    const l = new TestLog(sha256, { roster: { ...ROSTER, organisations } });
    const hash = l.order();
    l.votes(hash, ...TAKING);
    expect(quorumOf(l, hash).missing).toEqual([{ what: 'employers', count: 1 }]);
    l.votes(hash, 'regulator');
    expect(quorumOf(l, hash).met).toBe(true);
  });

  test('one person has one vote, whatever seats he holds', () => {
    const seats = ROSTER.seats.map(s =>
      s.id === 'customer' ? { ...s, holder: 'person:oversight-1' } : s,
    );
    const l = new TestLog(sha256, { roster: { ...ROSTER, seats } });
    const hash = l.order();
    l.votes(hash, 'customer');
    expect(l.vote(hash, 'oversight.1')).toMatch(/has voted already/);
  });

  test('a seat votes once', () => {
    const l = log();
    const from = l.now();
    l.sign('delegation/v1', 'person:customer', {
      seat: 'customer',
      delegator: 'person:customer',
      delegate: 'person:customer-alternate',
      from,
      until: l.now(30 * 24),
    });
    const hash = l.order();
    expect(l.vote(hash, 'customer', { person: 'person:customer-alternate' })).toBeUndefined();
    expect(l.vote(hash, 'customer')).toMatch(/the seat customer has voted already/);
  });
});

describe('not counted', () => {
  test('the proposer', () => {
    const l = log();
    const proposer = 'person:customer';
    const hash = l.order({ proposer, originators: [l.originator(proposer, 'customer')] });
    expect(l.vote(hash, 'customer')).toMatch(/proposer/);
    expect(l.vote(hash, 'customer', { person: 'person:customer-alternate' })).toBeUndefined();
  });

  test('a person in the originator chain, on whichever end of a link', () => {
    const l = log();
    const originators = [
      l.originator('person:oversight-1', 'government'),
      l.originator('a ministry', 'government', { onBehalfOf: 'person:oversight-2' }),
    ];
    const hash = l.order({ originators });
    expect(l.vote(hash, 'oversight.1')).toMatch(/originator/);
    expect(l.vote(hash, 'oversight.2')).toMatch(/originator/);
  });

  test('the staff of an organisation that asked, by beneficial owner', () => {
    const l = log();
    const hash = l.order({ originators: [l.originator('org:council-1', 'government')] });
    expect(l.vote(hash, 'oversight.1')).toMatch(/originatorStaff/);
    expect(l.vote(hash, 'oversight.2')).toBeUndefined();
  });

  test('… nor that of the organisation for which somebody asked', () => {
    const l = log();
    const originators = [l.originator('a lawyer', 'government', { onBehalfOf: 'org:council-1' })];
    const hash = l.order({ originators });
    expect(l.vote(hash, 'oversight.1')).toMatch(/originatorStaff/);
    expect(l.vote(hash, 'oversight.2')).toBeUndefined();
  });

  test('… but the operator and the customer may ask in their own name', () => {
    const l = log();
    const own = l.order({ originators: [l.originator('org:operator', 'operator')] });
    expect(l.vote(own, 'operator.legal')).toBeUndefined();
    const favour = l.order({
      originators: [l.originator('org:operator', 'operator', { onBehalfOf: 'a minister' })],
    });
    expect(l.vote(favour, 'operator.legal')).toMatch(/originatorStaff/);
  });

  test('a stranger, an alternate whose holder may vote, a seat held by somebody else', () => {
    const l = log();
    const hash = l.order();
    for (const person of ['person:stranger', 'person:customer-alternate', 'person:legal']) {
      expect(l.vote(hash, 'customer', { person })).toMatch(/may not vote from the seat customer/);
    }
    expect(l.vote(hash, 'no-such-seat')).toMatch(/no seat/);
  });

  test('a vote cast before the term of its seat, also when that has begun', () => {
    const seats = ROSTER.seats.map(s =>
      s.id === 'customer' ? { ...s, from: '2026-01-06T00:00:00.000Z' } : s,
    );
    const l = new TestLog(sha256, { roster: { ...ROSTER, seats } });
    const hash = l.order();
    expect(l.vote(hash, 'customer')).toMatch(/may not vote from the seat customer/);
    expect(quorumOf(l.after(25), hash).counted).toEqual([]);
    expect(l.vote(hash, 'customer')).toBeUndefined();
  });

  test('a vote of somebody who has left its seat by a change of roster', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING);
    const holder = 'person:stranger';
    const seats = ROSTER.seats.map(s =>
      s.id === 'customer' ? { ...s, holder, alternates: [] } : s,
    );
    const proposer = 'person:drafter';
    const body = { proposer, reason: 'test', roster: { ...ROSTER, seats }, newKeys: [] };
    const unsigned = { ...body, acceptances: [] };
    const statement = statementOf('roster/v1', l.signed('roster/v1', proposer, unsigned));
    const acceptances = [{ holder, proof: l.prove(holder, statement) }];
    expect(l.sign('roster/v1', proposer, { ...body, acceptances })).toBeUndefined();
    const change = [...l.state.ballots.keys()].at(-1)!;
    l.votes(change, ...TAKING, 'regulator').after(72);
    expect(statusOf(l, hash)).toBe('approved');
    expect(l.execute(change)).toBeUndefined();
    expect(statusOf(l, hash)).toBe('voting');
    expect(l.execute(hash)).toMatch(/not approved/);
  });

  test('votes that were cast under other rules', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING);
    const { suspend } = DEFAULT_RULES.orders;
    const stricter = { ...suspend, coolingOffHours: 48 };
    const rules = { ...DEFAULT_RULES, orders: { ...DEFAULT_RULES.orders, suspend: stricter } };
    const proposer = 'person:drafter';
    expect(l.sign('rule/v1', proposer, { proposer, reason: 'test', rules })).toBeUndefined();
    const change = [...l.state.ballots.keys()].at(-1)!;
    l.votes(change, ...TAKING, 'regulator').after(72);
    expect(statusOf(l, hash)).toBe('approved');
    expect(l.execute(change)).toBeUndefined();
    expect(quorumOf(l, hash).counted).toEqual([]);
    expect(l.execute(hash)).toMatch(/voting, not approved/);
  });

  test('a seat whose term is over when it comes to execution', () => {
    const seats = ROSTER.seats.map(s =>
      s.id === 'customer' ? { ...s, until: '2026-01-06T12:00:00.000Z' } : s,
    );
    const l = new TestLog(sha256, { roster: { ...ROSTER, seats } });
    const hash = l.order();
    l.votes(hash, ...TAKING);
    expect(statusOf(l.after(24), hash)).toBe('approved');
    expect(quorumOf(l.after(12), hash)).toMatchObject({ met: false });
    expect(l.execute(hash)).toMatch(/not approved/);
  });

  test('a vote whose key is revoked when it comes to execution', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING).after(25);
    expect(statusOf(l, hash)).toBe('approved');
    const key = l.state.keys.find(k => k.key.holder === 'person:customer')!.key;
    const revocation = { proposer: 'person:customer', reason: 'lost', key };
    expect(l.sign('keyRevoke/v1', 'person:customer', revocation)).toBeUndefined();
    expect(l.execute(hash)).toMatch(/voting, not approved/);
    expect(l.vote(hash, 'customer')).toMatch(/no key in force/);
  });
});

describe('the owner asks', () => {
  const asked = (l: TestLog, changes: Partial<Order> = {}): string => {
    l.contact('c1', { reporter: 'person:stranger' });
    const originators = [l.originator('org:holding', 'owner', { contactId: 'c1' })];
    return l.order({ originators, ...changes });
  };

  test("the operator's seats fall to the independent alternates", () => {
    const l = log();
    const hash = asked(l);
    expect(l.vote(hash, 'operator.service')).toMatch(/ownerSide/);
    expect(l.vote(hash, 'operator.legal')).toMatch(/ownerSide/);
    expect(l.vote(hash, 'operator.service', { person: 'person:drafter' })).toBeDefined();
    expect(l.vote(hash, 'operator.service', { person: 'person:trustee' })).toBeUndefined();
    expect(l.vote(hash, 'operator.legal', { person: 'person:director' })).toBeUndefined();
    l.votes(hash, 'customer', 'oversight.1');
    expect(quorumOf(l, hash).missing).toEqual([{ what: 'seat', office: 'oversight', count: 1 }]);
    l.votes(hash, 'oversight.2');
    expect(statusOf(l.after(71.9), hash)).toBe('coolingOff');
    expect(statusOf(l.after(0.1), hash)).toBe('approved');
  });

  test('an alternate who was not named independent does not take their place', () => {
    const alternates = [{ person: 'person:stranger', isIndependent: false }];
    const seats = ROSTER.seats.map(s => (s.id === 'operator.service' ? { ...s, alternates } : s));
    const l = new TestLog(sha256, { roster: { ...ROSTER, seats } });
    l.contact('c1', { reporter: 'person:executor' });
    const originators = [l.originator('org:holding', 'owner', { contactId: 'c1' })];
    const hash = l.order({ originators });
    expect(l.vote(hash, 'operator.service', { person: 'person:stranger' })).toMatch(/ownerSide/);
    expect(statusOf(l, hash)).toBe('deadlocked');
  });

  test('none named: deadlock', () => {
    const seats = ROSTER.seats.map(s =>
      s.office === 'operator.legal' ? { ...s, alternates: [] } : s,
    );
    const l = new TestLog(sha256, { roster: { ...ROSTER, seats } });
    const hash = asked(l);
    expect(statusOf(l, hash)).toBe('deadlocked');
    expect(quorumOf(l, hash).missing).toContainEqual({
      what: 'seat',
      office: 'operator.legal',
      count: 1,
    });
  });

  test('a link that speaks for the owner, or names him as a person, is the owner asking', () => {
    for (const party of ['person:owner', 'org:holding']) {
      const l = log();
      const hash = l.order({
        originators: [l.originator('org:operator', 'operator', { onBehalfOf: party })],
      });
      expect(l.vote(hash, 'operator.service')).toMatch(/ownerSide/);
    }
  });

  test('to give service, the operator may do what its owner asks', () => {
    const l = log();
    const hash = asked(l, { kind: 'resume', scope: GIVEN });
    expect(l.vote(hash, 'operator.service')).toBeUndefined();
    expect(l.vote(hash, 'owner')).toMatch(/originatorStaff/);
  });

  test('the regulator asks: its alternate comes from another organisation', () => {
    const l = log();
    const hash = l.order({
      kind: 'withhold',
      originators: [l.originator('org:regulator', 'government')],
    });
    expect(l.vote(hash, 'regulator')).toMatch(/originatorStaff/);
    expect(l.vote(hash, 'regulator', { person: 'person:regulator-alternate' })).toBeUndefined();
  });
});

describe('who else asks', () => {
  test.each(['third_party', 'foreign_government', 'owner'] as const)(
    '%s: two of oversight of different jurisdictions, 72 h',
    capacity => {
      const l = log();
      l.contact('c1', { reporter: 'person:stranger' });
      const originators = [l.originator('somebody', capacity, { contactId: 'c1' })];
      const hash = l.order({ originators });
      const operator =
        capacity === 'owner'
          ? { s: 'person:trustee', l: 'person:director' }
          : { s: 'person:service', l: 'person:legal' };
      l.vote(hash, 'operator.service', { person: operator.s });
      l.vote(hash, 'operator.legal', { person: operator.l });
      l.votes(hash, 'customer', 'oversight.1', 'regulator');
      expect(quorumOf(l, hash).missing).toEqual([{ what: 'seat', office: 'oversight', count: 1 }]);
      l.votes(hash, 'oversight.2');
      expect(statusOf(l.after(71.9), hash)).toBe('coolingOff');
      expect(statusOf(l.after(0.1), hash)).toBe('approved');
    },
  );

  test('two of oversight of one jurisdiction are not enough', () => {
    const seats = [
      ...ROSTER.seats.map(s => (s.id === 'oversight.2' ? { ...s, jurisdiction: 'AAA' } : s)),
      { ...ROSTER.seats[6], id: 'oversight.3', holder: 'person:stranger' },
    ];
    const l = new TestLog(sha256, { roster: { ...ROSTER, seats } });
    l.contact('c1', { reporter: 'person:executor' });
    const originators = [l.originator('somebody', 'third_party', { contactId: 'c1' })];
    const hash = l.order({ originators });
    l.votes(hash, ...TAKING, 'oversight.2');
    expect(quorumOf(l, hash).missing).toEqual([
      { what: 'jurisdictions', office: 'oversight', count: 1 },
    ]);
  });

  test('break-glass is no way around it', () => {
    const l = log();
    l.contact('c1', { reporter: 'person:stranger' });
    const originators = [l.originator('somebody', 'third_party', { contactId: 'c1' })];
    const hash = l.order({ originators, breakGlass: { ttlHours: 24, revert: GIVEN } });
    l.votes(hash, 'operator.service', 'customer');
    expect(quorumOf(l, hash).missing).toEqual([{ what: 'seat', office: 'oversight', count: 2 }]);
  });
});

describe('a protected commitment', () => {
  const COMMITMENT = {
    id: 'hospital-1',
    customer: 'a hospital',
    class: 'fixed',
    territory: 'LAND',
    minMbps: 10,
    availabilityPercent: '99.5',
    noticeHours: 100,
    rtoHours: 4,
    authority: 'commitment.hospital',
    person: 'person:hospital',
  } as const;

  test('adds its seat, its notice and its veto', () => {
    const l = log();
    expect(l.sign('commitment/v1', 'person:hospital', COMMITMENT)).toBeUndefined();
    const hash = l.order();
    l.votes(hash, ...TAKING);
    expect(quorumOf(l, hash).missing).toEqual([
      { what: 'commitmentSeat', seat: 'commitment.hospital' },
    ]);
    l.votes(hash, 'commitment.hospital');
    expect(statusOf(l.after(99.9), hash)).toBe('coolingOff');
    expect(statusOf(l.after(0.1), hash)).toBe('approved');
  });

  test('is found also when the report leaves it out, and one the report names counts too', () => {
    const l = log();
    l.sign('commitment/v1', 'person:hospital', { ...COMMITMENT, class: 'maritime' });
    const terminals = { kind: 'class', classes: ['fixed'] } as const;
    const apart = l.order({ scope: { ...SCOPE, terminals } });
    expect(l.state.ballots.get(apart)?.commitments).toEqual([]);
    const named = l.order({ scope: { ...SCOPE, terminals } }, false);
    l.impact(named, { touches: ['hospital-1'] });
    expect(l.vote(named, 'commitment.hospital', { decision: 'veto' })).toBeUndefined();
    expect(statusOf(l, named)).toBe('vetoed');
  });

  test('has no veto on an order that does not touch it', () => {
    const l = log();
    const hash = l.order();
    expect(l.vote(hash, 'commitment.hospital', { decision: 'veto' })).toMatch(/no veto/);
  });
});

describe('recusal', () => {
  test("the seat's alternate steps in, and the threshold stays", () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING);
    expect(quorumOf(l, hash).met).toBe(true);
    expect(l.recuse(hash, 'person:customer', 'person:oversight-2')).toBeUndefined();
    expect(quorumOf(l, hash)).toMatchObject({
      met: false,
      missing: [
        { what: 'seat', office: 'customer', count: 1 },
        { what: 'votes', count: 1 },
        { what: 'employers', count: 1 },
      ],
    });
    expect(l.vote(hash, 'customer', { person: 'person:customer-alternate' })).toBeUndefined();
    expect(quorumOf(l, hash).met).toBe(true);
  });

  test('an alternate who voted too early is not revived by a recusal', () => {
    const l = log();
    const hash = l.order();
    const person = 'person:customer-alternate';
    expect(l.vote(hash, 'customer', { person })).toBeDefined();
    l.recuse(hash, 'person:customer');
    expect(quorumOf(l, hash).counted).toEqual([]);
  });

  test('is demanded by the holder of a seat only', () => {
    const l = log();
    const hash = l.order();
    expect(l.recuse(hash, 'person:customer', 'person:drafter')).toMatch(/holds no seat/);
  });

  test('alternates exhausted: deadlocked; two of oversight appoint one alternate, once', () => {
    const l = log();
    const hash = l.order();
    l.recuse(hash, 'person:customer');
    expect(quorumOf(l, hash).status).toBe('voting');
    l.recuse(hash, 'person:customer-alternate');
    expect(statusOf(l, hash)).toBe('deadlocked');
    const appoint = (appointedBy: string, person: string, seat = 'customer') =>
      l.sign('alternate/v1', appointedBy, {
        orderHash: hash,
        seat,
        person,
        appointedBy,
        reason: 'test',
      });
    expect(appoint('person:regulator', 'person:stranger')).toMatch(/no seat of oversight/);
    expect(appoint('person:oversight-1', 'person:customer')).toMatch(/recused/);
    expect(appoint('person:oversight-1', 'person:stranger')).toBeUndefined();
    expect(appoint('person:oversight-1', 'person:stranger')).toMatch(/has appointed/);
    expect(l.vote(hash, 'customer', { person: 'person:stranger' })).toBeDefined();
    expect(appoint('person:oversight-2', 'person:stranger')).toBeUndefined();
    expect(quorumOf(l, hash).status).toBe('voting');
    expect(l.vote(hash, 'customer', { person: 'person:stranger' })).toBeUndefined();
    l.votes(hash, 'operator.service', 'operator.legal', 'oversight.1');
    expect(statusOf(l.after(24), hash)).toBe('approved');
  });

  test('a deadlock is seen also where the employers that are wanted share a seat', () => {
    // Only the customer and his alternate are not of the holding, and they have one vote.
    const own = ['org:users', 'org:users-abroad'];
    const organisations = ROSTER.organisations.map(o =>
      own.includes(o.id) ? o : { ...o, beneficialOwner: 'holding' },
    );
    const l = new TestLog(sha256, { roster: { ...ROSTER, organisations } });
    const delegator = 'person:customer';
    const delegate = 'person:customer-alternate';
    const until = l.now(30 * 24);
    const delegation = { seat: 'customer', delegator, delegate, from: l.now(), until };
    expect(l.sign('delegation/v1', delegator, delegation)).toBeUndefined();
    const hash = l.order();
    expect(quorumOf(l, hash).missing).toContainEqual({ what: 'employers', count: 3 });
    expect(statusOf(l, hash)).toBe('deadlocked');
  });

  test('there is no second appointment, not even by others of oversight', () => {
    const [one] = ROSTER.seats.filter(({ office }) => office === 'oversight');
    const more = ['regulator-alternate', 'director'].map(name => ({
      ...one,
      id: `oversight.${name}`,
      holder: `person:${name}`,
    }));
    const l = new TestLog(sha256, { roster: { ...ROSTER, seats: [...ROSTER.seats, ...more] } });
    const hash = l.order();
    const appoint = (appointedBy: string, person: string) =>
      l.sign('alternate/v1', appointedBy, {
        orderHash: hash,
        seat: 'customer',
        person,
        appointedBy,
        reason: 'test',
      });
    for (const person of ['customer', 'customer-alternate']) l.recuse(hash, `person:${person}`);
    for (const by of ['oversight-1', 'oversight-2']) {
      expect(appoint(`person:${by}`, 'person:stranger')).toBeUndefined();
    }
    l.recuse(hash, 'person:stranger');
    expect(statusOf(l, hash)).toBe('deadlocked');
    expect(appoint('person:director', 'person:trustee')).toMatch(/an alternate is appointed/);
  });

  test('no alternate is appointed where there is no deadlock', () => {
    const l = log();
    const hash = l.order();
    const appointedBy = 'person:oversight-1';
    const body = { orderHash: hash, seat: 'customer', person: 'person:stranger', reason: 'test' };
    expect(l.sign('alternate/v1', appointedBy, { ...body, appointedBy })).toMatch(/not deadlocked/);
  });
});

describe('no and veto', () => {
  test('a no from a seat that is needed rejects', () => {
    const l = log();
    const hash = l.order();
    expect(l.vote(hash, 'customer', { decision: 'no' })).toBeUndefined();
    expect(statusOf(l, hash)).toBe('rejected');
    expect(l.withdraw(hash, 'person:customer')).toBeUndefined();
    expect(statusOf(l, hash)).toBe('rejected');
  });

  test('a no is not counted as a yes', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...OPERATOR, 'customer');
    expect(l.vote(hash, 'oversight.1', { decision: 'no' })).toBeUndefined();
    expect(quorumOf(l, hash)).toMatchObject({ status: 'voting', met: false });
    expect(quorumOf(l, hash).counted).toHaveLength(3);
  });

  test('a no from one of two seats of oversight does not', () => {
    const l = log();
    const hash = l.order();
    l.vote(hash, 'oversight.1', { decision: 'no' });
    l.votes(hash, ...OPERATOR, 'customer', 'oversight.2');
    expect(statusOf(l, hash)).toBe('coolingOff');
  });

  test('the regulator vetoes inside its own jurisdiction, until execution', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING).after(25);
    expect(statusOf(l, hash)).toBe('approved');
    expect(l.vote(hash, 'regulator', { decision: 'veto' })).toBeUndefined();
    expect(statusOf(l, hash)).toBe('vetoed');
    expect(l.execute(hash)).toMatch(/vetoed/);
  });

  test('nobody vetoes outside, without the right, or against giving back', () => {
    const abroad = new TestLog(sha256, { territories: [{ ...LAND, jurisdiction: 'ELSEWHERE' }] });
    expect(abroad.vote(abroad.order(), 'regulator', { decision: 'veto' })).toMatch(/no veto/);
    const l = log();
    expect(l.vote(l.order(), 'customer', { decision: 'veto' })).toMatch(/no veto/);
    for (const kind of ['resume', 'exempt'] as const) {
      const hash = l.order({ kind, scope: GIVEN });
      expect(l.vote(hash, 'regulator', { decision: 'veto' })).toMatch(/no veto/);
    }
  });

  test('a veto is overridden by a new revision only', () => {
    const l = log();
    const hash = l.order({ id: 'o' });
    l.vote(hash, 'regulator', { decision: 'veto' });
    l.withdraw(hash, 'person:regulator');
    expect(statusOf(l, hash)).toBe('vetoed');
    const next = l.order({ id: 'o', revision: 2 });
    expect(statusOf(l, hash)).toBe('amended');
    expect(statusOf(l, next)).toBe('impactReady');
  });
});

describe('times', () => {
  test('cooling-off starts anew when the quorum was lost', () => {
    const l = log();
    const hash = l.order();
    l.votes(hash, ...TAKING).after(20);
    expect(l.withdraw(hash, 'person:customer')).toBeUndefined();
    expect(statusOf(l, hash)).toBe('voting');
    l.after(1).votes(hash, 'customer');
    expect(statusOf(l.after(23.9), hash)).toBe('coolingOff');
    expect(statusOf(l.after(0.1), hash)).toBe('approved');
  });

  test('a vote is withdrawn until execution; lost after its window, the order lapses', () => {
    const l = log();
    const hash = l.order();
    l.after(335)
      .votes(hash, ...TAKING)
      .after(24);
    expect(statusOf(l, hash)).toBe('approved');
    l.withdraw(hash, 'person:oversight-1');
    expect(statusOf(l, hash)).toBe('lapsed');
  });

  test('after the window no yes is added, which could stand for one that is taken back', () => {
    const l = log();
    const hash = l.order();
    l.after(335)
      .votes(hash, ...TAKING)
      .after(1);
    expect(statusOf(l, hash)).toBe('coolingOff');
    expect(l.vote(hash, 'oversight.2')).toMatch(/window is over/);
    l.withdraw(hash, 'person:oversight-1');
    expect(statusOf(l, hash)).toBe('lapsed');
  });

  test('nobody executes what he proposed or voted on', () => {
    const persons = ROSTER.persons.map(person => ({ ...person, roles: ['executor' as const] }));
    const l = new TestLog(sha256, { roster: { ...ROSTER, persons } });
    const hash = l.order({
      kind: 'resume',
      scope: GIVEN,
      proposer: 'person:hospital',
      originators: [l.originator('person:hospital', 'customer')],
    });
    l.votes(hash, 'customer', 'oversight.1', 'oversight.2');
    l.withdraw(hash, 'person:oversight-2');
    expect(l.execute(hash, 'person:hospital')).toMatch(/proposer does not execute/);
    for (const voter of ['person:customer', 'person:oversight-2']) {
      expect(l.execute(hash, voter)).toMatch(/voter does not execute/);
    }
    expect(l.execute(hash, 'person:stranger')).toBeUndefined();
  });

  test('what is due is said beforehand: reminders at half and 80 %, alternates at 90 %', () => {
    const l = log();
    const hash = l.order({ kind: 'resume', scope: GIVEN });
    expect(quorumOf(l, hash).dueAt).toEqual([
      { what: 'reminder50', at: l.now(84) },
      { what: 'reminder80', at: l.now(134.4) },
      { what: 'escalation90', at: l.now(151.2) },
      { what: 'voteWindow', at: l.now(168) },
    ]);
    l.votes(hash, 'customer', 'oversight.1');
    expect(quorumOf(l, hash).dueAt).toEqual([
      { what: 'coolingOff', at: l.now() },
      { what: 'executionWindow', at: l.now(72) },
    ]);
  });

  test('machine and witness more than 5 minutes apart: refused; no witness: flagged', () => {
    const l = log();
    const orderHash = l.order({ kind: 'resume', scope: GIVEN });
    l.votes(orderHash, 'customer', 'oversight.1');
    const executor = 'person:executor';
    const execute = (clock: { machine: string; witness?: string }) =>
      l.sign('execution/v1', executor, { orderHash, executor, clock });
    expect(execute({ machine: l.now(), witness: l.now(5.01 / 60) })).toMatch(/5 minutes/);
    expect(execute({ machine: l.now() })).toBeUndefined();
    expect(l.state.ballots.get(orderHash)?.executed?.isClockAttested).toBe(false);
  });
});

test('a change of roster is carried under the old roster and the new one', () => {
  const seats = ROSTER.seats.map(s =>
    s.id === 'regulator' ? { ...s, holder: 'person:newcomer', alternates: [] } : s,
  );
  const roster: Roster = {
    ...ROSTER,
    seats,
    persons: [...ROSTER.persons, { id: 'person:newcomer', employer: 'org:regulator', roles: [] }],
  };
  const l = log();
  const proposer = 'person:drafter';
  const reason = 'test';
  const keyless = { proposer, reason, roster, newKeys: [], acceptances: [] };
  expect(l.sign('roster/v1', proposer, keyless)).toMatch(/without a key/);
  // Somebody with a key, but without a seat until now.
  const moved = ROSTER.seats.map(s =>
    s.id === 'regulator' ? { ...s, holder: 'person:stranger', alternates: [] } : s,
  );
  const propose = (text: string, isAccepted: boolean): string => {
    const body = { ...keyless, reason: text, roster: { ...ROSTER, seats: moved } };
    const statement = statementOf('roster/v1', l.signed('roster/v1', proposer, body));
    const holder = 'person:stranger';
    const acceptances = isAccepted ? [{ holder, proof: l.prove(holder, statement) }] : [];
    expect(l.sign('roster/v1', proposer, { ...body, acceptances })).toBeUndefined();
    const hash = [...l.state.ballots.keys()].at(-1)!;
    l.votes(hash, ...TAKING, 'regulator').after(72);
    return hash;
  };
  const unaccepted = propose('not accepted', false);
  expect(quorumOf(l, unaccepted).missing).toEqual([
    { what: 'seat', office: 'regulator', count: 1 },
    { what: 'votes', count: 1 },
    { what: 'employers', count: 1 },
  ]);
  expect(l.execute(unaccepted)).toMatch(/not approved/);
  const accepted = propose('accepted', true);
  expect(l.execute(accepted)).toBeUndefined();
  expect(l.state.rosters.at(-1)?.roster.seats).toEqual(moved);
});

test('a seat is not emptied below its rule, and a demonstration says what it lacks', () => {
  const seats = ROSTER.seats.filter(({ id }) => id !== 'oversight.2');
  const roster = { ...ROSTER, seats };
  expect(() => new TestLog(sha256, { roster })).toThrow(/1 seats of oversight.*need 2/);
  const l = log();
  const change = { proposer: 'person:drafter', reason: 'test', newKeys: [], acceptances: [] };
  expect(l.sign('roster/v1', 'person:drafter', { ...change, roster })).toMatch(/oversight/);
  const demo = new TestLog(sha256, { roster: { ...ROSTER, demo: true, seats: seats.slice(0, 2) } });
  expect(statusOf(demo, demo.order())).toBe('deadlocked');
});

test('giving back needs no more than taking away, for the same originators', () => {
  const { resume, suspend } = DEFAULT_RULES.orders;
  for (const field of ['voteCount', 'employerCount', 'coolingOffHours'] as const) {
    expect(resume[field]).toBeLessThanOrEqual(suspend[field]);
  }
  for (const capacity of ['owner', 'third_party', 'government', 'customer'] as const) {
    const l = log();
    l.contact('c1', { reporter: 'person:stranger' });
    const originators = [l.originator('somebody', capacity, { contactId: 'c1' })];
    const hash = l.order({ kind: 'resume', scope: GIVEN, originators });
    l.votes(hash, 'customer', 'oversight.1');
    expect(statusOf(l, hash)).toBe('approved');
  }
});
