import { mergeSeats, strictestRule } from './defaultRules.ts';
import { HOUR_MS, instantOf, msOf } from './instants.ts';
import type {
  Instant,
  Office,
  OrderKind,
  Originator,
  PersonId,
  QuorumRule,
  Roster,
  RuleSet,
  Seat,
  SeatId,
  SeatRequirement,
  Sha256Hex,
  VoteStatement,
} from './types.ts';

/** Where something stands in the log. */
export interface LogPoint {
  readonly seq: number;
  readonly atMs: number;
}

/** A commitment that a ballot touches, from the moment that the log says so. */
export interface TouchedCommitment extends LogPoint {
  readonly seat: SeatId;
  readonly noticeHours: number;
}

/** What is voted on: an order, or a change of roster, rules, policies, keys or territories. */
export interface Ballot {
  readonly hash: Sha256Hex;
  readonly kind: OrderKind | 'change';
  readonly isBreakGlass: boolean;
  readonly proposer: PersonId;
  readonly originators: readonly Originator[];
  /** State whose regulator may veto; absent when sealed, and then any regulator may. */
  readonly jurisdiction?: string;
  /** When the impact report (of a change: the proposal) opened the vote. */
  readonly opened: LogPoint;
  readonly commitments: readonly TouchedCommitment[];
  /** The one alternate that two oversight seats appointed for this ballot. */
  readonly appointment?: LogPoint & { readonly seat: SeatId; readonly person: PersonId };
  /** For a change of roster: it must be carried under the new one too, new holders by acceptance. */
  readonly proposed?: { readonly roster: Roster; readonly accepted: readonly string[] };
}

/** A vote as sequenced, its proof verified. */
export interface VoteRecord extends LogPoint {
  readonly person: PersonId;
  readonly seat: SeatId;
  readonly decision: VoteStatement['decision'];
  readonly nonce: string;
  /** From here on it does not count, whatever comes. */
  readonly ended?: LogPoint & {
    readonly why: 'withdrawn' | 'keyRevoked' | 'rulesChanged' | 'impactChanged';
  };
}

/** From here on a person has no vote on the ballot. */
export interface RecusalRecord extends LogPoint {
  readonly person: PersonId;
  readonly why: 'recused' | 'contact' | 'tainted';
}

export interface DelegationRecord extends LogPoint {
  readonly seat: SeatId;
  readonly delegate: PersonId;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Every roster that was in force, oldest first, and the delegations. */
export interface RosterHistory {
  readonly rosters: readonly (LogPoint & { readonly roster: Roster })[];
  readonly delegations: readonly DelegationRecord[];
}

export type BarReason =
  | RecusalRecord['why']
  | 'proposer'
  | 'originator'
  | 'originatorStaff'
  | 'ownerSide'
  | 'notInRoster';

export type Missing =
  | { readonly what: 'seat'; readonly office: Office; readonly count: number }
  | { readonly what: 'commitmentSeat'; readonly seat: SeatId }
  | { readonly what: 'jurisdictions'; readonly office: Office; readonly count: number }
  | { readonly what: 'votes'; readonly count: number }
  | { readonly what: 'employers'; readonly count: number };

export interface Blocked {
  readonly seat: SeatId;
  readonly person: PersonId;
  readonly why: BarReason | 'no' | 'veto';
}

export interface Due {
  readonly what:
    | 'reminder50'
    | 'reminder80'
    | 'escalation90'
    | 'voteWindow'
    | 'coolingOff'
    | 'executionWindow';
  readonly at: Instant;
}

export type QuorumStatus =
  | 'voting'
  | 'coolingOff'
  | 'approved'
  | 'rejected'
  | 'vetoed'
  | 'lapsed'
  | 'deadlocked';

export interface Quorum {
  readonly status: QuorumStatus;
  /** The quorum holds at this instant: necessary for approval, not sufficient. */
  readonly met: boolean;
  readonly missing: readonly Missing[];
  readonly blockedBy: readonly Blocked[];
  readonly dueAt: readonly Due[];
  /** Nonces of the yes votes that count. */
  readonly counted: readonly string[];
}

const TAKING_KINDS: readonly Ballot['kind'][] = ['suspend', 'restrict', 'withhold'];
const OWNER_SIDE: readonly Office[] = ['operator.service', 'operator.legal', 'owner'];

/** Whether an order of this kind takes service or keeps it away. */
export function isTaking(kind: Ballot['kind']): boolean {
  return TAKING_KINDS.includes(kind);
}

/**
 * Where a ballot stands at an instant: control.md §6. Pure: the same arguments give the same
 * answer, and the order of the lists does not matter, only the index in the log.
 *
 * Everything that was handed in is taken to have happened by `now`; the past is walked through from
 * the opening of the vote, because cooling-off starts anew whenever the quorum was lost between.
 *
 * @param rules the rules in force; votes cast under others must be marked as ended
 *
 * @example
 * const { status, missing } = evaluate(DEFAULT_RULES, ballot, votes, [], history, msOf(now));
 */
export function evaluate(
  rules: RuleSet,
  ballot: Ballot,
  votes: readonly VoteRecord[],
  recusals: readonly RecusalRecord[],
  history: RosterHistory,
  nowMs: number,
): Quorum {
  const facts = factsOf(rules, ballot, recusals, history);
  const admitted = admittedVotes(facts, votes);
  const windowEndMs = ballot.opened.atMs + baseRule(rules, ballot).voteWindowHours * HOUR_MS;
  let tally = tallyAt(facts, admitted, ballot.opened);
  let metSinceMs: number | undefined;
  for (const point of pointsOf(facts, admitted, nowMs)) {
    const end = endBetween(tally, metSinceMs, windowEndMs, point.atMs);
    if (end) return report(facts, tally, 'lapsed', metSinceMs, windowEndMs);
    tally = tallyAt(facts, admitted, point);
    if (tally.isVetoed) return report(facts, tally, 'vetoed', metSinceMs, windowEndMs);
    if (!tally.met) metSinceMs = undefined;
    else metSinceMs ??= point.atMs;
    if (tally.no.length > 0 && tally.reach() === 'rejected') {
      return report(facts, tally, 'rejected', metSinceMs, windowEndMs);
    }
  }
  if (endBetween(tally, metSinceMs, windowEndMs, nowMs)) {
    return report(facts, tally, 'lapsed', metSinceMs, windowEndMs);
  }
  let status: QuorumStatus = tally.reach() === 'deadlocked' ? 'deadlocked' : 'voting';
  if (metSinceMs !== undefined) {
    status = nowMs >= metSinceMs + tally.need.coolingOffHours * HOUR_MS ? 'approved' : 'coolingOff';
  }
  return report(facts, tally, status, metSinceMs, windowEndMs);
}

/**
 * Why a vote, at its own place in the log, does not count and never will: undefined when it does.
 *
 * @param earlier votes with a smaller index
 */
export function whyInadmissible(
  rules: RuleSet,
  ballot: Ballot,
  earlier: readonly VoteRecord[],
  recusals: readonly RecusalRecord[],
  history: RosterHistory,
  vote: VoteRecord,
): string | undefined {
  const facts = factsOf(rules, ballot, recusals, history);
  return refusalOf(facts, admittedVotes(facts, earlier), vote);
}

/** Why a person may not vote from a seat, at a point of the log; undefined when nothing bars him. */
export function barAt(
  rules: RuleSet,
  ballot: Ballot,
  recusals: readonly RecusalRecord[],
  history: RosterHistory,
  seat: Seat,
  person: PersonId,
  point: LogPoint,
): BarReason | undefined {
  const facts = factsOf(rules, ballot, recusals, history);
  return barOf(facts, rosterAt(history, point), seat, person, point);
}

interface Facts {
  readonly rules: RuleSet;
  readonly ballot: Ballot;
  readonly recusals: readonly RecusalRecord[];
  readonly history: RosterHistory;
  /** Who asked, in terms of a roster: looked up once for each. */
  readonly askers: Map<Roster, Askers>;
}

interface Askers {
  readonly isOwner: boolean;
  /** Beneficial owners whose people do not vote. */
  readonly owners: ReadonlySet<string>;
}

function factsOf(
  rules: RuleSet,
  ballot: Ballot,
  recusals: readonly RecusalRecord[],
  history: RosterHistory,
): Facts {
  return { rules, ballot, recusals, history, askers: new Map() };
}

function askersOf({ ballot, askers }: Facts, roster: Roster): Askers {
  let known = askers.get(roster);
  if (!known) {
    const isOwner = isOwnerAsking(ballot, roster);
    known = { isOwner, owners: askingOwners(ballot, roster, isOwner) };
    askers.set(roster, known);
  }
  return known;
}

// ── Who may vote ────────────────────────────────────────────────────────────────────────────────

function rosterAt(history: RosterHistory, point: LogPoint): Roster {
  const { rosters } = history;
  return (rosters.findLast(({ seq }) => seq <= point.seq) ?? rosters[0]).roster;
}

export function isSeatLive(seat: Seat, atMs: number): boolean {
  return msOf(seat.from) <= atMs && (seat.until === undefined || atMs < msOf(seat.until));
}

/** The owner behind a person's employer; every person of a checked roster has one. */
export function employerOf(roster: Roster, person: PersonId): string | undefined {
  const employer = roster.persons.find(({ id }) => id === person)?.employer;
  return roster.organisations.find(({ id }) => id === employer)?.beneficialOwner;
}

/** Beneficial owner of an organisation that a link of the chain names, if the roster knows it. */
function ownerOfParty(roster: Roster, party: string): string | undefined {
  return roster.organisations.find(({ id }) => id === party)?.beneficialOwner;
}

/** Whether somebody in the chain is, or speaks for, the owner of the operator. */
function isOwnerAsking({ originators }: Ballot, roster: Roster): boolean {
  const seats = roster.seats.filter(({ office }) => office === 'owner');
  const holders = seats.map(({ holder }) => holder);
  const employers = roster.persons.filter(({ id }) => holders.includes(id)).map(p => p.employer);
  const isOwner = (party: string | undefined): boolean =>
    party !== undefined && (holders.includes(party) || employers.includes(party));
  return originators.some(
    ({ capacity, party, onBehalfOf }) =>
      capacity === 'owner' || isOwner(party) || isOwner(onBehalfOf),
  );
}

/** Beneficial owners whose people do not vote, because one of their organisations asked. */
function askingOwners(ballot: Ballot, roster: Roster, isOwner: boolean): ReadonlySet<string> {
  const owners = new Set<string>();
  const add = (owner: string | undefined): void => {
    if (owner !== undefined) owners.add(owner);
  };
  for (const { party, capacity, onBehalfOf } of ballot.originators) {
    const isOwnName =
      onBehalfOf === undefined && (capacity === 'operator' || capacity === 'customer');
    if (!isOwnName) add(ownerOfParty(roster, party));
    if (onBehalfOf !== undefined) add(ownerOfParty(roster, onBehalfOf));
  }
  if (isTaking(ballot.kind) && isOwner) {
    for (const { office, holder } of roster.seats) {
      if (OWNER_SIDE.includes(office)) add(employerOf(roster, holder));
    }
  }
  return owners;
}

/** Why a person may not vote from a seat, whoever else might; undefined when nothing bars him. */
function barOf(
  facts: Facts,
  roster: Roster,
  seat: Seat,
  person: PersonId,
  point: LogPoint,
): BarReason | undefined {
  const { ballot, recusals } = facts;
  if (person === ballot.proposer) return 'proposer';
  if (ballot.originators.some(o => o.party === person || o.onBehalfOf === person)) {
    return 'originator';
  }
  const recusal = recusals.find(r => r.person === person && r.seq <= point.seq);
  if (recusal) return recusal.why;
  const employer = employerOf(roster, person);
  if (employer === undefined) return 'notInRoster';
  if (ballot.originators.length === 0) return undefined;
  const { isOwner, owners } = askersOf(facts, roster);
  if (isOwner && OWNER_SIDE.includes(seat.office)) {
    // Giving service, the operator may do what its owner asks; taking it, only those named independent.
    if (!isTaking(ballot.kind) && seat.office !== 'owner') return undefined;
    const { appointment } = ballot;
    const isIndependent =
      seat.alternates.some(a => a.person === person && a.isIndependent) ||
      (appointment?.seat === seat.id && appointment.person === person);
    if (isTaking(ballot.kind) && !isIndependent) return 'ownerSide';
  }
  return owners.has(employer) ? 'originatorStaff' : undefined;
}

/** The people who may vote from a seat at a point, its holder first. */
function entitledTo(facts: Facts, roster: Roster, seat: Seat, point: LogPoint): PersonId[] {
  if (!isSeatLive(seat, point.atMs)) return [];
  const { appointment } = facts.ballot;
  const isHolderBarred = barOf(facts, roster, seat, seat.holder, point) !== undefined;
  const standIns = seat.alternates
    .map(({ person }) => person)
    .filter(
      person =>
        isHolderBarred ||
        facts.history.delegations.some(
          d =>
            d.seat === seat.id &&
            d.delegate === person &&
            d.seq <= point.seq &&
            d.fromMs <= point.atMs &&
            point.atMs < d.untilMs,
        ),
    );
  if (isHolderBarred && appointment?.seat === seat.id && appointment.seq <= point.seq) {
    standIns.push(appointment.person);
  }
  return [seat.holder, ...standIns].filter(
    person => barOf(facts, roster, seat, person, point) === undefined,
  );
}

/** Whether a vote that was good when it was cast still is. */
function isStanding(facts: Facts, roster: Roster, vote: VoteRecord, point: LogPoint): boolean {
  if (vote.seq > point.seq || (vote.ended && vote.ended.seq <= point.seq)) return false;
  const seat = roster.seats.find(({ id }) => id === vote.seat);
  if (!seat || !isSeatLive(seat, point.atMs)) return false;
  const { appointment } = facts.ballot;
  const isNamed =
    seat.holder === vote.person ||
    seat.alternates.some(({ person }) => person === vote.person) ||
    (appointment?.seat === seat.id && appointment.person === vote.person);
  return isNamed && barOf(facts, roster, seat, vote.person, point) === undefined;
}

function refusalOf(
  facts: Facts,
  admitted: readonly VoteRecord[],
  vote: VoteRecord,
): string | undefined {
  const { rules, ballot } = facts;
  const roster = rosterAt(facts.history, vote);
  const seat = roster.seats.find(({ id }) => id === vote.seat);
  if (!seat) return `there is no seat ${vote.seat}`;
  const bar = barOf(facts, roster, seat, vote.person, vote);
  if (bar !== undefined) return `${vote.person} does not vote here: ${bar}`;
  if (!entitledTo(facts, roster, seat, vote).includes(vote.person)) {
    return `${vote.person} may not vote from the seat ${vote.seat}`;
  }
  for (const other of admitted) {
    if (other.seq >= vote.seq || !isStanding(facts, roster, other, vote)) continue;
    if (other.person === vote.person) return `${vote.person} has voted already`;
    if (other.seat === vote.seat) return `the seat ${vote.seat} has voted already`;
  }
  const rule = baseRule(rules, ballot);
  if (vote.decision === 'veto' && !mayVeto(facts, seat, vote)) {
    return `the seat ${vote.seat} has no veto here`;
  }
  if (vote.atMs >= ballot.opened.atMs + rule.voteWindowHours * HOUR_MS && vote.decision === 'yes') {
    return 'the vote window is over';
  }
  return undefined;
}

function mayVeto({ rules, ballot }: Facts, seat: Seat, point: LogPoint): boolean {
  if (!baseRule(rules, ballot).vetoOffices.includes(seat.office)) return false;
  if (seat.office === 'commitment') {
    return ballot.commitments.some(c => c.seat === seat.id && c.seq <= point.seq);
  }
  const { jurisdiction = seat.jurisdiction } = ballot;
  return seat.office !== 'regulator' || seat.jurisdiction === jurisdiction;
}

function admittedVotes(facts: Facts, votes: readonly VoteRecord[]): VoteRecord[] {
  const admitted: VoteRecord[] = [];
  for (const vote of [...votes].sort((a, b) => a.seq - b.seq)) {
    if (refusalOf(facts, admitted, vote) === undefined) admitted.push(vote);
  }
  return admitted;
}

// ── What is needed ──────────────────────────────────────────────────────────────────────────────

interface Need {
  readonly seats: readonly SeatRequirement[];
  readonly commitmentSeats: readonly SeatId[];
  readonly voteCount: number;
  readonly employerCount: number;
  readonly coolingOffHours: number;
  readonly executionWindowHours: number;
}

function baseRule(rules: RuleSet, { kind, isBreakGlass }: Ballot): QuorumRule {
  if (kind === 'change') return strictestRule(rules);
  return isBreakGlass ? rules.breakGlass : rules.orders[kind];
}

function needAt(facts: Facts, roster: Roster, point: LogPoint): Need {
  const { rules, ballot } = facts;
  const rule = baseRule(rules, ballot);
  const { kind } = ballot;
  let { seats, coolingOffHours } = rule;
  const { originators } = rules;
  const isAskedFor =
    ballot.originators.some(({ capacity }) => originators.capacities.includes(capacity)) ||
    (originators.capacities.includes('owner') && askersOf(facts, roster).isOwner);
  if (kind !== 'change' && originators.kinds.includes(kind) && isAskedFor) {
    seats = mergeSeats(seats, originators.seats);
    coolingOffHours = Math.max(coolingOffHours, originators.coolingOffHours);
  }
  const touched =
    kind !== 'change' && rules.commitmentKinds.includes(kind)
      ? ballot.commitments.filter(({ seq }) => seq <= point.seq)
      : [];
  return {
    seats,
    commitmentSeats: [...new Set(touched.map(({ seat }) => seat))],
    voteCount: rule.voteCount,
    employerCount: rule.employerCount,
    executionWindowHours: rule.executionWindowHours,
    coolingOffHours: Math.max(coolingOffHours, ...touched.map(c => c.noticeHours)),
  };
}

// ── Counting ────────────────────────────────────────────────────────────────────────────────────

interface Tally {
  readonly point: LogPoint;
  readonly roster: Roster;
  readonly need: Need;
  readonly yes: readonly VoteRecord[];
  readonly missing: readonly Missing[];
  readonly met: boolean;
  readonly isVetoed: boolean;
  readonly no: readonly VoteRecord[];
  /** Whether those who may still say yes can carry it. */
  readonly reach: () => 'open' | 'rejected' | 'deadlocked';
}

function tallyAt(facts: Facts, admitted: readonly VoteRecord[], point: LogPoint): Tally {
  const roster = rosterAt(facts.history, point);
  const need = needAt(facts, roster, point);
  const standing = admitted.filter(vote => isStanding(facts, roster, vote, point));
  const yes = standing.filter(({ decision }) => decision === 'yes');
  const no = standing.filter(({ decision }) => decision !== 'yes');
  const missing = missingOf(need, roster, yes);
  const { proposed } = facts.ballot;
  if (missing.length === 0 && proposed) {
    missing.push(...missingOf(need, proposed.roster, asVotesOf(proposed, yes, facts.ballot)));
  }
  const met = missing.length === 0;
  return {
    point,
    roster,
    need,
    yes,
    no,
    missing,
    met,
    isVetoed: no.some(({ decision }) => decision === 'veto'),
    reach: () => (met ? 'open' : reachOf(facts, roster, need, standing, point)),
  };
}

/** Votes as the proposed roster sees them: by seats held there, with the acceptances of new holders. */
function asVotesOf(
  { roster, accepted }: NonNullable<Ballot['proposed']>,
  yes: readonly VoteRecord[],
  { proposer }: Ballot,
): Pick<VoteRecord, 'person' | 'seat'>[] {
  const people = [...yes.map(({ person }) => person), ...accepted].filter(p => p !== proposer);
  return [...new Set(people)].flatMap(person => {
    const held = roster.seats.filter(({ holder }) => holder === person);
    const named = yes.find(vote => vote.person === person)?.seat;
    const seat = held.find(({ id }) => id === named) ?? held[0];
    return seat ? [{ person, seat: seat.id }] : [];
  });
}

function missingOf(
  need: Need,
  roster: Roster,
  yes: readonly Pick<VoteRecord, 'person' | 'seat'>[],
): Missing[] {
  const missing: Missing[] = [];
  const seats = roster.seats.filter(({ id }) => yes.some(vote => vote.seat === id));
  for (const { office, count, areOfDifferentJurisdictions } of need.seats) {
    const filled = seats.filter(seat => seat.office === office);
    if (filled.length < count) {
      missing.push({ what: 'seat', office, count: count - filled.length });
    } else if (areOfDifferentJurisdictions) {
      const apart = new Set(filled.map(({ jurisdiction }) => jurisdiction)).size;
      if (apart < count) missing.push({ what: 'jurisdictions', office, count: count - apart });
    }
  }
  for (const seat of need.commitmentSeats) {
    if (!yes.some(vote => vote.seat === seat)) missing.push({ what: 'commitmentSeat', seat });
  }
  if (yes.length < need.voteCount) {
    missing.push({ what: 'votes', count: need.voteCount - yes.length });
  }
  const employers = new Set(yes.map(({ person }) => employerOf(roster, person))).size;
  if (employers < need.employerCount) {
    missing.push({ what: 'employers', count: need.employerCount - employers });
  }
  return missing;
}

/** A seat together with those who might still fill it with a yes. */
interface Fillable {
  readonly seat: Seat;
  readonly people: readonly PersonId[];
}

function reachOf(
  facts: Facts,
  roster: Roster,
  need: Need,
  standing: readonly VoteRecord[],
  point: LogPoint,
): ReturnType<Tally['reach']> {
  const fillable = (isNoFinal: boolean): Fillable[] => {
    const fixed = standing.filter(vote => isNoFinal || vote.decision === 'yes');
    return roster.seats.map(seat => {
      const cast = fixed.find(vote => vote.seat === seat.id);
      if (cast) return { seat, people: cast.decision === 'yes' ? [cast.person] : [] };
      const people = entitledTo(facts, roster, seat, point).filter(
        person => !fixed.some(vote => vote.person === person),
      );
      return { seat, people };
    });
  };
  if (isReachable(need, roster, fillable(true))) return 'open';
  return isReachable(need, roster, fillable(false)) ? 'rejected' : 'deadlocked';
}

/**
 * Whether distinct people can fill the seats that are needed, and further ones, with enough votes and
 * employers. Tries them out: two people who might fill one seat are one vote and one employer.
 */
function isReachable(need: Need, roster: Roster, fillable: readonly Fillable[]): boolean {
  const open = fillable.filter(({ people }) => people.length > 0);
  const slots: ((seat: Seat) => boolean)[] = [
    ...need.commitmentSeats.map(id => (seat: Seat) => seat.id === id),
    ...need.seats.flatMap(({ office, count }) =>
      Array.from({ length: count }, () => (seat: Seat) => seat.office === office),
    ),
  ];
  const apart = need.seats.filter(({ areOfDifferentJurisdictions: must }) => must);
  const seated: Seat[] = [];
  const people = new Set<PersonId>();
  const fill = (i: number): boolean => {
    if (i === slots.length) {
      return apart.every(areApart) && isCarried(open.filter(({ seat }) => !seated.includes(seat)));
    }
    for (const { seat, people: candidates } of open) {
      if (!slots[i](seat) || seated.includes(seat)) continue;
      for (const person of candidates) {
        if (people.has(person)) continue;
        seated.push(seat);
        people.add(person);
        if (fill(i + 1)) return true;
        seated.pop();
        people.delete(person);
      }
    }
    return false;
  };
  const areApart = ({ office, count }: SeatRequirement): boolean =>
    new Set(seated.filter(s => s.office === office).map(s => s.jurisdiction)).size >= count;
  const employersOf = (some: Iterable<PersonId>): number =>
    new Set([...some].map(person => employerOf(roster, person))).size;
  const isCarried = (rest: readonly Fillable[]): boolean => {
    if (people.size >= need.voteCount && employersOf(people) >= need.employerCount) return true;
    // Not even if everybody who is left could vote.
    if (people.size + rest.length < need.voteCount) return false;
    const everyone = [...people, ...rest.flatMap(({ people: candidates }) => candidates)];
    if (rest.length === 0 || employersOf(everyone) < need.employerCount) return false;
    const [{ people: candidates }, ...later] = rest;
    for (const person of candidates) {
      if (people.has(person)) continue;
      people.add(person);
      if (isCarried(later)) return true;
      people.delete(person);
    }
    return isCarried(later);
  };
  return fill(0);
}

// ── Time ────────────────────────────────────────────────────────────────────────────────────────

/** Whether the ballot lapsed before, or at, an instant, with nothing happening until then. */
function endBetween(
  { met, need }: Tally,
  metSinceMs: number | undefined,
  windowEndMs: number,
  untilMs: number,
): boolean {
  if (!met || metSinceMs === undefined) return untilMs >= windowEndMs;
  return untilMs >= metSinceMs + (need.coolingOffHours + need.executionWindowHours) * HOUR_MS;
}

/** Every point after the opening at which the count may change, in the order of the log. */
function pointsOf(facts: Facts, admitted: readonly VoteRecord[], nowMs: number): LogPoint[] {
  const { ballot, recusals, history } = facts;
  const entries: LogPoint[] = [
    ...admitted,
    ...admitted.flatMap(({ ended }) => ended ?? []),
    ...recusals,
    ...history.rosters,
    ...history.delegations,
    ...ballot.commitments,
    ...(ballot.appointment ? [ballot.appointment] : []),
  ];
  const points = entries.filter(({ seq, atMs }) => seq > ballot.opened.seq && atMs <= nowMs);
  // A seat's term begins or ends between entries: what the log held just before is what counts.
  const bySeq = [ballot.opened, ...points].sort((a, b) => a.seq - b.seq);
  const terms = history.rosters.flatMap(({ roster }) =>
    roster.seats.flatMap(({ from, until }) => [msOf(from), ...(until ? [msOf(until)] : [])]),
  );
  for (const atMs of new Set(terms)) {
    if (atMs <= ballot.opened.atMs || atMs > nowMs) continue;
    const before = bySeq.findLast(point => point.atMs < atMs) as LogPoint;
    points.push({ seq: before.seq, atMs });
  }
  return [ballot.opened, ...points].sort((a, b) => a.atMs - b.atMs || a.seq - b.seq);
}

// ── The answer ──────────────────────────────────────────────────────────────────────────────────

function report(
  facts: Facts,
  tally: Tally,
  status: QuorumStatus,
  metSinceMs: number | undefined,
  windowEndMs: number,
): Quorum {
  const { roster, need, point, yes, no } = tally;
  const openedMs = facts.ballot.opened.atMs;
  const due = (what: Due['what'], atMs: number): Due => ({ what, at: instantOf(atMs) });
  const share = (part: number): number => openedMs + Math.round((windowEndMs - openedMs) * part);
  const dueAt: Due[] = [];
  if (status === 'voting' || status === 'deadlocked') {
    dueAt.push(due('reminder50', share(0.5)), due('reminder80', share(0.8)));
    dueAt.push(due('escalation90', share(0.9)), due('voteWindow', windowEndMs));
  } else if (metSinceMs !== undefined && (status === 'coolingOff' || status === 'approved')) {
    const approvedMs = metSinceMs + need.coolingOffHours * HOUR_MS;
    dueAt.push(due('coolingOff', approvedMs));
    dueAt.push(due('executionWindow', approvedMs + need.executionWindowHours * HOUR_MS));
  }
  const barred = roster.seats.flatMap((seat): Blocked[] => {
    const why = barOf(facts, roster, seat, seat.holder, point);
    return why === undefined ? [] : [{ seat: seat.id, person: seat.holder, why }];
  });
  const against = no.map(({ seat, person, decision }): Blocked => {
    return { seat, person, why: decision === 'veto' ? 'veto' : 'no' };
  });
  return {
    status,
    met: tally.met,
    missing: tally.missing,
    blockedBy: [...against, ...barred],
    dueAt,
    counted: yes.map(({ nonce }) => nonce),
  };
}
