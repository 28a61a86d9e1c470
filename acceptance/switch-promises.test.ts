/**
 * Promises of the switch that hold in every history, each over random ones: administrators do not
 * vote, the threshold never drops, the same log gives the same state, and no territory is kept off
 * without an order or declaration in force. The rest of them: src/control/model.test.ts.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quorumAt } from '../src/control/ballots.ts';
import { DEFAULT_RULES } from '../src/control/defaultRules.ts';
import {
  canonicalJson,
  cellStateAt,
  flagsAt,
  foldAll,
  type OrderKind,
  parseEntry,
} from '../src/control/index.ts';
import { GIVEN, INNER_CELLS, LAND, ROSTER, SCOPE, TestLog } from '../src/control/testLog.ts';
import { ROLES } from '../src/control/types.ts';
import { nodeSha256 as sha256 } from '../src/store/tlogStore.ts';

const SEED = 20260105;
const SEATS = ROSTER.seats.map(({ id }) => id);
const PEOPLE = ROSTER.persons.map(({ id }) => id);
const KINDS = ['suspend', 'withhold', 'activate', 'resume'] as const;
const scopeFor = (kind: OrderKind) => (kind === 'suspend' || kind === 'withhold' ? SCOPE : GIVEN);
const anyKind = fc.constantFrom(...KINDS);
const anybody = fc.constantFrom(...PEOPLE);
const anySeat = fc.constantFrom(...SEATS);

test('administrator rights do not vote: with every role for everybody the same votes count', () => {
  const everything = new TestLog(sha256, {
    roster: { ...ROSTER, persons: ROSTER.persons.map(p => ({ ...p, roles: ROLES })) },
  });
  const attempt = fc.record({ person: anybody, seat: anySeat });
  fc.assert(
    fc.property(anyKind, fc.array(attempt, { maxLength: 12 }), (kind, attempts) => {
      const plain = new TestLog(sha256);
      const powerful = new TestLog(sha256, { roster: everything.state.rosters[0].roster });
      const outcomes = [plain, powerful].map(l => {
        const hash = l.order({ kind, scope: scopeFor(kind) });
        const refusals = attempts.map(({ person, seat }) => l.vote(hash, seat, { person }));
        const quorum = quorumAt(l.state, l.state.ballots.get(hash)!, l.nowMs)!;
        return { refusals, quorum };
      });
      expect(outcomes[1]).toEqual(outcomes[0]);
    }),
    { numRuns: 150, seed: SEED },
  );
});

test('an administrator without a seat moves nothing: no vote, no recusal of others, no taint, no declaration', () => {
  const admin = 'person:stranger';
  const persons = ROSTER.persons.map(p => (p.id === admin ? { ...p, roles: ROLES } : p));
  const l = new TestLog(sha256, { roster: { ...ROSTER, persons } });
  const orderHash = l.order();
  l.votes(orderHash, 'customer', 'operator.service');
  for (const seat of SEATS) expect(l.vote(orderHash, seat, { person: admin })).toBeDefined();
  expect(l.recuse(orderHash, 'person:customer', admin)).toMatch(/holds no seat/);
  const person = 'person:customer';
  const evidence = ['aa'.repeat(32)];
  const taint = { orderHash, person, raisedBy: admin, evidence, reason: 'test' };
  expect(l.sign('taint/v1', admin, taint)).toMatch(/holds no seat/);
  const appointment = { orderHash, seat: 'customer', person, appointedBy: admin, reason: 'test' };
  expect(l.sign('alternate/v1', admin, appointment)).toBeDefined();
  const cancel = { orderHash, person: admin, reason: 'test' };
  expect(l.sign('cancel/v1', admin, cancel)).toMatch(/only its proposer/);
  expect(l.execute(orderHash, admin)).toMatch(/not approved/);
  const { key } = l.state.keys.find(record => record.key.holder === person)!;
  const revoke = { proposer: admin, reason: 'test', key };
  expect(l.sign('keyRevoke/v1', admin, revoke)).toBeUndefined();
  // That is a proposal, to be carried like any change: the key is still good.
  expect(l.state.keys.every(({ revokedSeq }) => revokedSeq === undefined)).toBe(true);
  expect(quorumAt(l.state, l.state.ballots.get(orderHash)!, l.nowMs)!.counted).toHaveLength(2);
});

/** Votes and employers of the table in control.md §6. */
const LEAST: Record<string, [votes: number, employers: number]> = {
  suspend: [4, 3],
  withhold: [5, 4],
  activate: [3, 2],
  resume: [2, 2],
};

test('the threshold never drops, whoever is recused, tainted or loses his key', () => {
  const out = fc.record({
    person: anybody,
    how: fc.constantFrom('recused' as const, 'tainted' as const, 'keyRevoked' as const),
  });
  let met = 0;
  fc.assert(
    fc.property(
      anyKind,
      fc.shuffledSubarray(SEATS, { minLength: 2 }),
      fc.array(out, { maxLength: 5 }),
      fc.boolean(),
      (kind, voters, outs, isBefore) => {
        const l = new TestLog(sha256);
        const hash = l.order({ kind, scope: scopeFor(kind) });
        const remove = (): void => {
          for (const { person, how } of outs) {
            const { key } = l.state.keys.find(record => record.key.holder === person)!;
            const raisedBy = person === 'person:hospital' ? 'person:owner' : 'person:hospital';
            const evidence = ['aa'.repeat(32)];
            const reason = 'test';
            if (how === 'recused') l.recuse(hash, person);
            else if (how === 'keyRevoked') {
              l.sign('keyRevoke/v1', person, { proposer: person, reason, key });
            } else {
              l.sign('taint/v1', raisedBy, { orderHash: hash, person, raisedBy, evidence, reason });
            }
          }
        };
        if (isBefore) remove();
        for (const id of voters) {
          const { holder, alternates } = ROSTER.seats.find(seat => seat.id === id)!;
          for (const person of [holder, ...alternates.map(a => a.person)]) {
            if (l.vote(hash, id, { person }) === undefined) break;
          }
        }
        if (!isBefore) remove();
        const record = l.state.ballots.get(hash)!;
        const quorum = quorumAt(l.state, record, l.nowMs)!;
        if (!quorum.met) return;
        met++;
        const counted = record.votes.filter(({ nonce }) => quorum.counted.includes(nonce));
        const people = new Set(counted.map(({ person }) => person));
        const owners = new Set(
          [...people].map(person => {
            const { employer } = ROSTER.persons.find(({ id }) => id === person)!;
            return ROSTER.organisations.find(({ id }) => id === employer)!.beneficialOwner;
          }),
        );
        expect(people.size).toBeGreaterThanOrEqual(LEAST[kind][0]);
        expect(owners.size).toBeGreaterThanOrEqual(LEAST[kind][1]);
        const gone = outs.filter(({ how }) => how !== 'tainted').map(({ person }) => person);
        expect([...people].filter(person => gone.includes(person))).toEqual([]);
      },
    ),
    { numRuns: 400, seed: SEED },
  );
  expect(met).toBeGreaterThan(40);
});

test('an order is deadlocked exactly when nobody who is left can carry it', () => {
  const pool = PEOPLE.filter(id => !['drafter', 'executor', 'stranger'].includes(id.slice(7)));
  const somebody = fc.constantFrom(...pool);
  let deadlocked = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(somebody, fc.uniqueArray(somebody, { maxLength: 2 })), {
        minLength: SEATS.length,
        maxLength: SEATS.length,
      }),
      fc.array(fc.nat(4), { minLength: PEOPLE.length, maxLength: PEOPLE.length }),
      fc.subarray(pool, { maxLength: 4 }),
      anyKind,
      fc.boolean(),
      (held, owners, recused, kind, isDelegated) => {
        const seats = ROSTER.seats.map((seat, i) => ({
          ...seat,
          holder: held[i][0],
          alternates: held[i][1].map(person => ({ person, isIndependent: false })),
        }));
        const organisations = ROSTER.organisations.map((organisation, i) => ({
          ...organisation,
          beneficialOwner: `owner ${owners[i]}`,
        }));
        const l = new TestLog(sha256, { roster: { ...ROSTER, seats, organisations } });
        const [from, until] = [l.now(), l.now(700)];
        for (const { id, holder, alternates } of isDelegated ? seats : []) {
          for (const { person: delegate } of alternates) {
            const delegation = { seat: id, delegator: holder, delegate, from, until };
            l.sign('delegation/v1', holder, delegation);
          }
        }
        const originators = [l.originator('a court', 'court')];
        const hash = l.order({ kind, scope: scopeFor(kind), originators });
        for (const person of recused) l.recuse(hash, person);

        const ownerOf = (person: string): string => {
          const { employer } = ROSTER.persons.find(({ id }) => id === person)!;
          return organisations.find(({ id }) => id === employer)!.beneficialOwner;
        };
        const able = seats.map(({ holder, alternates }) => {
          const isOpen = isDelegated || recused.includes(holder);
          const named = [holder, ...(isOpen ? alternates.map(({ person }) => person) : [])];
          return named.filter(person => !recused.includes(person));
        });
        const row = DEFAULT_RULES.orders[kind];
        const isEnough = (yes: ReadonlyMap<string, string>): boolean =>
          yes.size >= LEAST[kind][0] &&
          new Set([...yes.keys()].map(ownerOf)).size >= LEAST[kind][1] &&
          row.seats.every(
            ({ office, count }) => [...yes.values()].filter(one => one === office).length >= count,
          );
        /** Every way to fill the seats from the i-th on. */
        const isPossible = (i: number, yes: ReadonlyMap<string, string>): boolean =>
          i === seats.length
            ? isEnough(yes)
            : able[i].some(
                person =>
                  !yes.has(person) &&
                  isPossible(i + 1, new Map([...yes, [person, seats[i].office]])),
              ) || isPossible(i + 1, yes);
        const { status } = quorumAt(l.state, l.state.ballots.get(hash)!, l.nowMs)!;
        if (status === 'deadlocked') deadlocked++;
        expect(status).toBe(isPossible(0, new Map()) ? 'voting' : 'deadlocked');
      },
    ),
    { numRuns: 300, seed: SEED },
  );
  expect(deadlocked).toBeGreaterThan(50);
});

// ── The same log, the same state ────────────────────────────────────────────────────────────────

type Step =
  | { do: 'order'; kind: OrderKind }
  | { do: 'vote'; seat: string; decision: 'yes' | 'no' | 'veto' }
  | { do: 'recuse' | 'withdraw' | 'contact'; person: string }
  | { do: 'wait'; hours: number }
  | { do: 'execute' | 'declare' | 'rubbish' };
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('order' as const), kind: anyKind }),
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('vote' as const),
      seat: anySeat,
      decision: fc.constantFrom('yes' as const, 'yes' as const, 'no' as const, 'veto' as const),
    }),
  },
  fc.record({
    do: fc.constantFrom('recuse' as const, 'withdraw' as const, 'contact' as const),
    person: anybody,
  }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 24, 72, 800) }),
  fc.record({ do: fc.constantFrom('execute' as const, 'declare' as const, 'rubbish' as const) }),
);

function take(l: TestLog, step: Step): void {
  const hash = [...l.state.ballots.keys()].at(-1) ?? 'none';
  switch (step.do) {
    case 'order': {
      const { kind } = step;
      const { hash: proposed, refusal } = l.tryOrder({ kind, scope: scopeFor(kind) });
      if (refusal === undefined) l.impact(proposed);
      break;
    }
    case 'vote':
      l.vote(hash, step.seat, { decision: step.decision });
      break;
    case 'recuse':
      l.recuse(hash, step.person);
      break;
    case 'withdraw':
      l.withdraw(hash, step.person);
      break;
    case 'contact':
      l.contact(`contact ${l.state.size}`, { reporter: step.person, links: [LAND.id] });
      break;
    case 'wait':
      l.after(step.hours);
      break;
    case 'execute':
      l.execute(hash);
      break;
    case 'declare':
      l.declare();
      break;
    case 'rubbish':
      l.add('vote/v1', { statement: {}, proof: {} } as never);
  }
}

test('the same bytes give the same state, and what comes later changes no earlier one', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 5, maxLength: 30 }), steps => {
      const l = new TestLog(sha256);
      const states = [l.state];
      const before = [canonicalJson(plain(l.state))];
      const add = l.add.bind(l);
      l.add = (...args: Parameters<typeof add>) => {
        const refusal = add(...args);
        states.push(l.state);
        before.push(canonicalJson(plain(l.state)));
        return refusal;
      };
      for (const step of steps) take(l, step);
      const bytes = l.entries.map(entry => new TextEncoder().encode(canonicalJson(entry)));
      const entries = bytes.map(parseEntry);
      expect(foldAll(entries, l.context)).toEqual(l.state);
      for (const [i, state] of states.entries()) {
        expect(canonicalJson(plain(state)), `stateAt(${i + 1}), after all`).toBe(before[i]);
      }
      const cut = 1 + (bytes.length >> 1);
      const prefix = foldAll(entries.slice(0, cut), l.context);
      expect(canonicalJson(plain(prefix))).toBe(before[cut - 1]);
    }),
    { numRuns: 60, seed: SEED },
  );
});

/** Maps and sets as arrays, what is undefined left out: in the form that canonical JSON takes. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(plain);
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, plain(one)]])),
  );
}

// ── No territory off unseen ─────────────────────────────────────────────────────────────────────

test('no territory is off without an order or its normal state, and none undeclared without a flag', () => {
  const days = fc.integer({ min: 1, max: 90 });
  const scenario = fc.record({
    isNormallyOff: fc.boolean(),
    hasOrder: fc.boolean(),
    orderDays: fc.option(days),
    declarations: fc.array(fc.record({ atDay: days, lasts: days, isPart: fc.boolean() }), {
      maxLength: 4,
    }),
    looks: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 5, maxLength: 5 }),
  });
  let flagged = 0;
  let declared = 0;
  fc.assert(
    fc.property(
      scenario,
      ({ isNormallyOff, hasOrder, orderDays, declarations, looks: lookDays }) => {
        const l = new TestLog(sha256, {
          normal: isNormallyOff
            ? [{ territory: SCOPE.territory, constraint: { kind: 'off' } }]
            : [],
        });
        const startMs = l.nowMs;
        const dayOf = (): number => (l.nowMs - startMs) / 86_400_000;
        let off: [from: number, until: number] | undefined;
        if (hasOrder) {
          const until = orderDays === null ? Number.POSITIVE_INFINITY : 1 + orderDays;
          const effective = {
            from: l.now(),
            ...(orderDays !== null && { to: l.now(24 * (1 + orderDays)) }),
          };
          const hash = l.order({ scope: { ...SCOPE, band: 'inside' }, effective });
          l.votes(hash, 'operator.service', 'operator.legal', 'customer', 'oversight.1').after(24);
          expect(l.execute(hash)).toBeUndefined();
          off = [1, until];
        }
        const covered: [from: number, until: number][] = [];
        const whole = { ...SCOPE, band: 'inside' } as const;
        for (const { atDay, lasts, isPart } of [...declarations].sort(
          (a, b) => a.atDay - b.atDay,
        )) {
          if (atDay > dayOf()) l.after(24 * (atDay - dayOf()));
          const scopes = [isPart ? { ...whole, cells: INNER_CELLS } : whole];
          expect(l.declare({ scopes, validUntil: l.now(24 * lasts) })).toBeUndefined();
          if (!isPart) covered.push([dayOf(), dayOf() + lasts]);
        }
        const isWithin = (day: number, [from, until]: [number, number]): boolean =>
          from <= day && day < until;
        // Without an entry from now on: the same state is asked about later and later days.
        for (const day of lookDays.map(look => dayOf() + look / 3)) {
          const at = l.now(24 * (day - dayOf()));
          const isOff = isNormallyOff || (off !== undefined && isWithin(day, off));
          for (const cell of LAND.cellsCompact) {
            expect(cellStateAt(l.state, cell, at, 'fixed')).toBe(isOff ? 'off' : 'on');
          }
          const isDeclared = covered.some(interval => isWithin(day, interval));
          const flags = flagsAt(l.state, at).filter(({ flag }) => flag === 'undeclared');
          expect(flags.map(({ subject }) => subject)).toEqual(isOff && !isDeclared ? ['LAND'] : []);
          if (isOff && isDeclared) declared++;
          if (flags.length > 0) flagged++;
        }
      },
    ),
    { numRuns: 120, seed: SEED },
  );
  expect(flagged).toBeGreaterThan(50);
  expect(declared).toBeGreaterThan(50);
});
