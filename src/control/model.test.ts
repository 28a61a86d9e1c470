/**
 * Histories of an order against an oracle that knows the rules of control.md §6 in the plainest
 * form: it lists facts, ticks hour by hour, and tries every way to fill the seats.
 *
 * BEAMKEEPER_HISTORIES sets how many.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import { ballotOf, quorumAt } from './ballots.ts';
import { flagsAt, orderStatusAt } from './flags.ts';
import { foldAll } from './fold.ts';
import { cellStateAt } from './policyAt.ts';
import { evaluate, type QuorumStatus } from './quorum.ts';
import type { ControlState } from './state.ts';
import { GIVEN, INNER_CELLS, ROSTER, SCOPE, TestLog } from './testLog.ts';
import type { Order, OrderKind } from './types.ts';

const RUNS = Number(process.env['BEAMKEEPER_HISTORIES'] ?? 2000);
const HOUR_MS = 3_600_000;

// ── The oracle ──────────────────────────────────────────────────────────────────────────────────

type Asked = 'own' | 'owner' | 'third';

/** The table of control.md §6, by hand: seats, votes, employers, hours. */
interface Row {
  seats: string[];
  oversight: number;
  votes: number;
  employers: number;
  coolingH: number;
  windowH: number;
  executionH: number;
}
const OPERATOR = ['operator.service', 'operator.legal'];
const TABLE: Record<string, Row> = {
  resume: {
    seats: [],
    oversight: 0,
    votes: 2,
    employers: 2,
    coolingH: 0,
    windowH: 168,
    executionH: 72,
  },
  activate: {
    seats: [...OPERATOR, 'regulator'],
    oversight: 0,
    votes: 3,
    employers: 2,
    coolingH: 0,
    windowH: 336,
    executionH: 168,
  },
  suspend: {
    seats: [...OPERATOR, 'customer'],
    oversight: 1,
    votes: 4,
    employers: 3,
    coolingH: 24,
    windowH: 336,
    executionH: 72,
  },
  withhold: {
    seats: [...OPERATOR, 'customer', 'regulator'],
    oversight: 1,
    votes: 5,
    employers: 4,
    coolingH: 72,
    windowH: 336,
    executionH: 72,
  },
  breakGlass: {
    seats: ['operator.service'],
    oversight: 0,
    votes: 2,
    employers: 2,
    coolingH: 0,
    windowH: 4,
    executionH: 1,
  },
};
const EMPLOYER: Record<string, string> = {
  service: 'holding',
  legal: 'holding',
  drafter: 'holding',
  executor: 'holding',
  owner: 'holding',
  regulator: 'regulator',
  'regulator-alternate': 'ministry',
  customer: 'users',
  'customer-alternate': 'users abroad',
  'oversight-1': 'council 1',
  'oversight-2': 'council 2',
  hospital: 'hospital',
  trustee: 'trust',
  director: 'directors',
};
const PEOPLE = Object.keys(EMPLOYER);
const STAND_INS: Record<string, string[]> = {
  'operator.service': ['trustee', 'drafter'],
  'operator.legal': ['director'],
  // The second holds a seat of his own too, and still has one vote.
  regulator: ['regulator-alternate', 'hospital'],
};
const HOLDERS: Record<string, string> = {
  'operator.service': 'service',
  'operator.legal': 'legal',
  owner: 'owner',
  regulator: 'regulator',
  'oversight.1': 'oversight-1',
  'oversight.2': 'oversight-2',
  'commitment.hospital': 'hospital',
};
const SEATS = [...Object.keys(HOLDERS), 'customer'];

interface OracleVote {
  person: string;
  seat: string;
  decision: 'yes' | 'no' | 'veto';
  isAlive: boolean;
}

/** One order, as somebody with pencil and paper would follow it. */
class Oracle {
  votes: OracleVote[] = [];
  readonly barred = new Set<string>();
  status: QuorumStatus = 'voting';
  metSinceH: number | undefined;
  readonly row: Row;

  readonly kind: string;
  readonly asked: Asked;
  readonly proposer: string;
  readonly openedH: number;
  /** Holder and alternate of the seat that a change of roster moves. */
  readonly customer: () => [holder: string, alternate: string];

  constructor(
    kind: string,
    asked: Asked,
    proposer: string,
    openedH: number,
    customer: () => [holder: string, alternate: string],
  ) {
    this.kind = kind;
    this.asked = asked;
    this.proposer = proposer;
    this.openedH = openedH;
    this.customer = customer;
    const row = TABLE[kind];
    const isHard = asked !== 'own' && kind !== 'resume';
    this.row = isHard
      ? {
          ...row,
          oversight: 2,
          coolingH: Math.max(72, row.coolingH),
        }
      : row;
    this.settle(openedH);
  }

  get isTaking(): boolean {
    return this.kind !== 'resume' && this.kind !== 'activate';
  }

  get isOver(): boolean {
    return ['lapsed', 'rejected', 'vetoed'].includes(this.status);
  }

  isBarred(person: string, seat: string): boolean {
    if (person === this.proposer || this.barred.has(person)) return true;
    if (this.asked !== 'owner' || EMPLOYER[person] !== 'holding') return false;
    return this.isTaking || !seat.startsWith('operator');
  }

  mayVote(seat: string): string[] {
    const [holder, standIns] =
      seat === 'customer'
        ? [this.customer()[0], [this.customer()[1]]]
        : [HOLDERS[seat], STAND_INS[seat] ?? []];
    const people = this.isBarred(holder, seat) ? standIns : [holder];
    return people.filter(person => !this.isBarred(person, seat));
  }

  standing(): OracleVote[] {
    return this.votes.filter(v => {
      const named =
        v.seat === 'customer' ? this.customer() : [HOLDERS[v.seat], ...(STAND_INS[v.seat] ?? [])];
      return v.isAlive && named.includes(v.person) && !this.isBarred(v.person, v.seat);
    });
  }

  /** Whether the vote counts; if so it is taken down. */
  cast(person: string, seat: string, decision: OracleVote['decision'], h: number): boolean {
    if (this.isOver || !this.mayVote(seat).includes(person)) return false;
    if (this.standing().some(v => v.person === person || v.seat === seat)) return false;
    if (decision === 'veto' && (seat !== 'regulator' || this.kind === 'resume')) return false;
    if (decision === 'yes' && h >= this.openedH + this.row.windowH) return false;
    this.votes.push({ person, seat, decision, isAlive: true });
    this.settle(h);
    return true;
  }

  isEnough(yes: { person: string; seat: string }[]): boolean {
    const { seats, oversight, votes, employers } = this.row;
    return (
      seats.every(seat => yes.some(v => v.seat === seat)) &&
      yes.filter(v => v.seat.startsWith('oversight')).length >= oversight &&
      yes.length >= votes &&
      new Set(yes.map(v => EMPLOYER[v.person])).size >= employers
    );
  }

  /** Tries every way in which the others could still say yes. */
  isPossible(fixed: OracleVote[]): boolean {
    const yes = fixed.filter(v => v.decision === 'yes');
    const seats = SEATS.filter(seat => !fixed.some(v => v.seat === seat));
    const attempt = (i: number, so: { person: string; seat: string }[]): boolean => {
      if (this.isEnough(so)) return true;
      if (i === seats.length) return false;
      const seat = seats[i];
      const free = this.mayVote(seat).filter(
        person => ![...so, ...fixed].some(v => v.person === person),
      );
      return free.some(person => attempt(i + 1, [...so, { person, seat }])) || attempt(i + 1, so);
    };
    return attempt(0, yes);
  }

  /** After something happened. */
  settle(h: number): void {
    if (this.isOver) return;
    const standing = this.standing();
    if (standing.some(v => v.decision === 'veto')) {
      this.status = 'vetoed';
      return;
    }
    if (this.isEnough(standing.filter(v => v.decision === 'yes'))) {
      this.metSinceH ??= h;
    } else {
      this.metSinceH = undefined;
      const isCarried = this.isPossible(standing);
      if (isCarried) this.status = 'voting';
      else if (this.isPossible(standing.filter(v => v.decision === 'yes')))
        this.status = 'rejected';
      else this.status = 'deadlocked';
    }
    this.tick(h);
  }

  /** What the clock alone does. */
  tick(h: number): void {
    if (this.isOver) return;
    if (this.metSinceH === undefined) {
      if (h >= this.openedH + this.row.windowH) this.status = 'lapsed';
      return;
    }
    const approvedH = this.metSinceH + this.row.coolingH;
    if (h >= approvedH + this.row.executionH) this.status = 'lapsed';
    else this.status = h >= approvedH ? 'approved' : 'coolingOff';
  }
}

// ── Commands ────────────────────────────────────────────────────────────────────────────────────

const person = fc.constantFrom(...PEOPLE);
const seat = fc.constantFrom(...SEATS);
type Command =
  | { do: 'vote'; seat: string; who: number; decision: OracleVote['decision'] }
  | { do: 'voteAs'; seat: string; person: string }
  | { do: 'withdraw' | 'recuse' | 'revoke' | 'taint'; person: string }
  | { do: 'wait'; hours: number }
  | { do: 'amend' | 'execute' | 'roster' };
/** A run of yes votes, so that many histories get as far as execution. */
const carry: fc.Arbitrary<Command[]> = fc.constant(
  SEATS.map(one => ({ do: 'vote', seat: one, who: 0, decision: 'yes' })),
);
const single: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('vote' as const),
      seat,
      who: fc.nat(2),
      decision: fc.oneof(
        { weight: 8, arbitrary: fc.constant('yes' as const) },
        fc.constant('no' as const),
        { weight: 2, arbitrary: fc.constant('veto' as const) },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('voteAs' as const), seat, person }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'withdraw' as const,
        'recuse' as const,
        'revoke' as const,
        'taint' as const,
      ),
      person,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      hours: fc.constantFrom(1, 3, 4, 23, 24, 48, 71, 72, 167, 336),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('execute' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('amend' as const, 'roster' as const) }),
  },
);
const history = fc.record({
  kind: fc.constantFrom('suspend', 'suspend', 'resume', 'activate', 'withhold', 'breakGlass'),
  asked: fc.constantFrom<Asked[]>('own', 'own', 'owner', 'third'),
  proposer: fc.constantFrom('drafter', 'drafter', 'customer'),
  commands: fc
    .array(fc.oneof({ weight: 8, arbitrary: single.map(c => [c]) }, carry), {
      minLength: 3,
      maxLength: 8,
    })
    .map(parts => parts.flat()),
  extra: person,
  prefix: fc.nat(),
});

// ── The comparison ──────────────────────────────────────────────────────────────────────────────

/** The log and the oracle, side by side. */
class Comparison {
  readonly log = new TestLog(sha256);
  readonly states: ControlState[] = [];
  readonly revoked = new Set<string>();
  customer: [string, string] = ['customer', 'customer-alternate'];
  hash = '';
  revision = 0;
  executedH: number | undefined;
  oracle: Oracle;
  readonly order: Partial<Order>;

  readonly kind: string;
  readonly asked: Asked;
  readonly proposer: string;

  constructor(kind: string, asked: Asked, proposer: string) {
    this.kind = kind;
    this.asked = asked;
    this.proposer = proposer;
    const { log } = this;
    log.contact('c1', { reporter: 'person:stranger' });
    const by = `person:${proposer}`;
    const isTaking = kind !== 'resume' && kind !== 'activate';
    const link =
      asked === 'own'
        ? log.originator(by, 'operator')
        : asked === 'owner'
          ? log.originator('org:holding', 'owner', { contactId: 'c1' })
          : log.originator('a third party', 'third_party', { contactId: 'c1' });
    this.order = {
      id: 'order',
      kind: (kind === 'breakGlass' ? 'suspend' : kind) as OrderKind,
      scope: isTaking ? SCOPE : GIVEN,
      proposer: by,
      originators: [link],
      ...(kind === 'breakGlass' && { breakGlass: { ttlHours: 24, revert: GIVEN } }),
    };
    this.oracle = this.propose();
  }

  get hour(): number {
    return (this.log.nowMs - Date.parse(this.log.entries[0].time)) / HOUR_MS;
  }

  propose(): Oracle {
    this.revision += 1;
    this.hash = this.log.order({ ...this.order, revision: this.revision });
    return new Oracle(this.kind, this.asked, this.proposer, this.hour, () => this.customer);
  }

  mayAct(who: string): boolean {
    return this.executedH === undefined && !this.revoked.has(who);
  }

  do(command: Command): void {
    const { log, hash, oracle, hour } = this;
    switch (command.do) {
      case 'vote': {
        const choices = [...oracle.mayVote(command.seat), ...this.namedFor(command.seat)];
        this.vote(choices[command.who] ?? choices[0], command.seat, command.decision);
        break;
      }
      case 'voteAs':
        this.vote(command.person, command.seat, 'yes');
        break;
      case 'withdraw': {
        const mine = oracle.votes.filter(v => v.person === command.person && v.isAlive);
        const isGood = this.mayAct(command.person) && mine.length > 0;
        expect(log.withdraw(hash, `person:${command.person}`) === undefined).toBe(isGood);
        if (isGood) {
          // The oldest of those still alive: an earlier one may have been voided by a change of roster.
          mine[0].isAlive = false;
          oracle.settle(hour);
        }
        break;
      }
      case 'recuse': {
        const isGood = this.mayAct(command.person);
        expect(log.recuse(hash, `person:${command.person}`) === undefined).toBe(isGood);
        if (isGood) oracle.barred.add(command.person);
        if (isGood) oracle.settle(hour);
        break;
      }
      case 'revoke':
        this.revoke(command.person);
        break;
      case 'taint': {
        const isVoter = oracle.votes.some(v => v.person === command.person && v.isAlive);
        const raisedBy = 'person:hospital';
        const refusal = log.sign('taint/v1', raisedBy, {
          orderHash: hash,
          person: `person:${command.person}`,
          raisedBy,
          evidence: ['aa'.repeat(32)],
          reason: 'test',
        });
        const isGood = isVoter && !this.revoked.has('hospital') && command.person !== 'hospital';
        expect(refusal === undefined).toBe(isGood);
        if (isGood) oracle.barred.add(command.person);
        if (isGood && this.executedH === undefined) oracle.settle(hour);
        break;
      }
      case 'wait':
        log.after(command.hours);
        for (let h = 1; h <= command.hours; h++) oracle.tick(hour + h);
        break;
      case 'amend':
        if (!this.mayAct(this.proposer)) break;
        // He may have lost the seat by which he proposed.
        if (this.proposer !== 'drafter' && this.proposer !== this.customer[0]) break;
        this.oracle = this.propose();
        // Who stood aside stays aside.
        for (const person of oracle.barred) this.oracle.barred.add(person);
        this.oracle.settle(hour);
        break;
      case 'execute': {
        log.impact(hash);
        const isGood =
          this.mayAct('executor') &&
          oracle.status === 'approved' &&
          !oracle.votes.some(v => v.person === 'executor');
        expect(log.execute(hash) === undefined, `execute when ${oracle.status}`).toBe(isGood);
        if (isGood) this.executedH = hour;
        break;
      }
      case 'roster':
        this.changeRoster();
    }
  }

  namedFor(seatId: string): string[] {
    if (seatId === 'customer') return this.customer;
    return [HOLDERS[seatId], ...(STAND_INS[seatId] ?? [])];
  }

  vote(who: string, seatId: string, decision: OracleVote['decision']): void {
    const mayAct = this.mayAct(who);
    const isGood = mayAct && this.oracle.cast(who, seatId, decision, this.hour);
    const refusal = this.log.vote(this.hash, seatId, { person: `person:${who}`, decision });
    expect(refusal === undefined, `${who} ${decision} ${seatId}: ${refusal}`).toBe(isGood);
  }

  revoke(who: string): void {
    const holder = `person:${who}`;
    const { key } = this.log.state.keys.find(k => k.key.holder === holder)!;
    const change = { proposer: holder, reason: 'lost', key };
    const isGood = !this.revoked.has(who);
    expect(this.log.sign('keyRevoke/v1', holder, change) === undefined).toBe(isGood);
    this.revoked.add(who);
    if (this.executedH !== undefined) return;
    for (const vote of this.oracle.votes) if (vote.person === who) vote.isAlive = false;
    this.oracle.settle(this.hour);
  }

  /** The customer's seat changes hands, if the old roster and the new one can carry it. */
  changeRoster(): void {
    const { log } = this;
    const [holder, alternate] = [...this.customer].reverse();
    const seats = log.state.rosters.at(-1)!.roster.seats.map(s =>
      s.office === 'customer'
        ? {
            ...s,
            holder: `person:${holder}`,
            alternates: [{ person: `person:${alternate}`, isIndependent: false }],
          }
        : s,
    );
    const proposer = 'person:stranger';
    const body = {
      proposer,
      reason: `change ${log.state.size}`,
      roster: { ...ROSTER, seats },
      newKeys: [],
    };
    const unaccepted = log.signed('roster/v1', proposer, { ...body, acceptances: [] });
    const statement = { type: 'roster/v1' as const, text: textOf(unaccepted) };
    const by = `person:${holder}`;
    const acceptances = [{ holder: by, proof: log.prove(by, statement) }];
    const isAccepted = !this.revoked.has(holder) && !this.revoked.has(alternate);
    const refusal = log.sign('roster/v1', proposer, { ...body, acceptances });
    if (refusal !== undefined) return;
    const hash = [...log.state.ballots.keys()].at(-1)!;
    for (const one of [
      'operator.service',
      'operator.legal',
      'customer',
      'oversight.1',
      'regulator',
    ]) {
      log.vote(hash, one);
    }
    this.do({ do: 'wait', hours: 72 });
    if (log.execute(hash) !== undefined) return;
    expect(isAccepted).toBe(true);
    this.customer = [holder, alternate];
    if (this.executedH === undefined) this.oracle.settle(this.hour);
  }

  /** Engine and oracle say the same, and what must never be is not. */
  check(extra: string): void {
    const { log, oracle, hash } = this;
    const record = log.state.ballots.get(hash)!;
    const isExecuted = this.executedH !== undefined;
    // 7 and 10: the cell is off by an executed order in force, and then flagged.
    const endsH = this.kind === 'breakGlass' ? 24 : Number.POSITIVE_INFINITY;
    const isOff =
      isExecuted &&
      (this.kind === 'suspend' || this.kind === 'breakGlass') &&
      this.hour < this.executedH! + endsH;
    expect(cellStateAt(log.state, INNER_CELLS[0], log.now(), 'fixed')).toBe(isOff ? 'off' : 'on');
    const isFlagged = flagsAt(log.state, log.now()).some(({ flag }) => flag === 'undeclared');
    expect(isFlagged).toBe(isOff);
    if (isExecuted) {
      // 6: with the server stopped there is no further entry.
      const later = log.now(24);
      if (this.kind === 'breakGlass') {
        expect(cellStateAt(log.state, INNER_CELLS[0], later, 'fixed')).toBe('on');
      }
      return;
    }
    // 1, 5
    const quorum = quorumAt(log.state, record, log.nowMs)!;
    expect(quorum.status).toBe(oracle.status);
    // 2, 3
    const counted = record.votes.filter(({ nonce }) => quorum.counted.includes(nonce));
    if (!oracle.isOver) {
      const expected = oracle.standing().filter(v => v.decision === 'yes');
      expect(counted.map(v => v.person)).toEqual(expected.map(v => `person:${v.person}`));
    }
    for (const other of log.state.ballots.values()) {
      if (other.hash === hash) continue;
      expect(other.votes.some(({ nonce }) => quorum.counted.includes(nonce))).toBe(false);
    }
    // 4
    if (quorum.met) expect(counted.length).toBeGreaterThanOrEqual(oracle.row.votes);
    // 11
    const at = { seq: log.state.size, atMs: log.nowMs };
    const by = `person:${extra}`;
    const recusals = [...record.recusals, { ...at, person: by, why: 'recused' as const }];
    const revoked = record.votes.map(vote =>
      vote.person === by && !vote.ended
        ? { ...vote, ended: { ...at, why: 'keyRevoked' as const } }
        : vote,
    );
    const no = { ...at, person: by, seat: 'customer', decision: 'no' as const, nonce: 'x' };
    for (const changed of [
      { ...record, recusals },
      { ...record, votes: revoked },
      { ...record, votes: [...record.votes, { ...no, key: log.state.keys[0].key }] },
    ]) {
      const less = quorumAt(log.state, changed, log.nowMs)!;
      expect(RANK[less.status]).toBeLessThanOrEqual(RANK[quorum.status]);
      if (!quorum.met) expect(less.met).toBe(false);
    }
    // 12
    if (this.kind === 'suspend' && quorum.met) {
      const ballot = { ...ballotOf(log.state, record)!, kind: 'resume' as const };
      const { rules } = log.state;
      const giving = evaluate(rules, ballot, record.votes, record.recusals, log.state, log.nowMs);
      if (giving.status !== 'lapsed') expect(giving.met).toBe(true);
    }
  }
}

const RANK: Record<QuorumStatus, number> = {
  approved: 2,
  coolingOff: 1,
  voting: 0,
  deadlocked: 0,
  rejected: 0,
  vetoed: 0,
  lapsed: 0,
};

function textOf(change: { proof: unknown; acceptances: unknown }): string {
  const { proof: _, acceptances: __, ...signed } = change;
  return sortedJson(signed);
}
/** Canonical JSON of plain ASCII, the short way. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, v) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

test(`in ${RUNS} histories the engine and the oracle agree at every step`, () => {
  const reached = new Map<string, number>();
  fc.assert(
    fc.property(history, ({ kind, asked, proposer, commands, extra, prefix }) => {
      const both = new Comparison(kind, asked, proposer);
      both.check(extra);
      const at = prefix % commands.length;
      let kept: { size: number; state: ControlState } | undefined;
      for (const [i, command] of commands.entries()) {
        both.do(command);
        both.check(extra);
        if (i === at) kept = { size: both.log.state.size, state: both.log.state };
      }
      // 8: the state then is still what the entries up to then give.
      const { entries, context, state } = both.log;
      if (prefix % 4 === 0) {
        const { size, state: then } = kept!;
        expect(foldAll(entries.slice(0, size), context)).toEqual(then);
        expect(foldAll(entries.slice(size), context, then)).toEqual(state);
      }
      const end = orderStatusAt(state, both.hash, both.log.now())!;
      reached.set(end, (reached.get(end) ?? 0) + 1);
    }),
    { numRuns: RUNS, seed: 20260105 },
  );
  // A model that never gets anywhere shows nothing.
  for (const end of ['executed', 'voting', 'lapsed', 'rejected', 'vetoed', 'deadlocked']) {
    expect(reached.get(end) ?? 0, `histories that end ${end}`).toBeGreaterThan(RUNS / 200);
  }
});
