import { ballotOf, doesContactBear, isPending, needPending, quorumAt } from './ballots.ts';
import { cellsOf } from './cellList.ts';
import { applyChange, changeFault } from './foldChanges.ts';
import {
  asExecuted,
  executedOrders,
  isInForce,
  isSuperseded,
  orderCells,
  territoryOf,
} from './inForce.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, msOf } from './instants.ts';
import {
  barAt,
  employerOf,
  isSeatLive,
  isTaking,
  type LogPoint,
  type RecusalRecord,
  type TouchedCommitment,
  type VoteRecord,
  whyInadmissible,
} from './quorum.ts';
import { liveKeysOf, personOf, rosterOf, seatOf, seatsHeldBy } from './rosterRules.ts';
import { doOverlap, scopeCells, territoryCells } from './scopeCells.ts';
import { sealFault } from './seals/sealRules.ts';
import {
  type BallotRecord,
  type CastVote,
  type ControlState,
  type Draft,
  found,
  Ineffective,
  need,
  type SealRecord,
  type Step,
} from './state.ts';
import { ballotHash } from './statements.ts';
import type { Commitment, Headline, Order, Scope, Seal } from './types.ts';

/** Inputs of an impact report older than this are computed again before execution. */
const IMPACT_MAX_AGE_MS = 72 * HOUR_MS;
/** A change of a headline number beyond this share voids the votes. */
const HEADLINE_TOLERANCE_PERCENT = 10;
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;
const TAINT_REVIEW_MS = 72 * HOUR_MS;
const DELEGATION_MAX_MS = 30 * DAY_MS;

function recordOf(state: Draft, hash: string): BallotRecord {
  return found(state.ballots.get(hash), `no such order: ${hash}`);
}

function update(state: Draft, record: BallotRecord, changed: Partial<BallotRecord>): void {
  state.ballots.set(record.hash, { ...record, ...changed });
}

// ── Orders ──────────────────────────────────────────────────────────────────────────────────────

export function proposeOrder(state: Draft, step: Step<'order/v1'>): void {
  const { seq, atMs, body: order, context } = step;
  const proposer = found(personOf(state, order.proposer), `${order.proposer} is not in the roster`);
  const mayDraft =
    proposer.roles.includes('drafter') || seatsHeldBy(state, order.proposer, atMs).length > 0;
  need(mayDraft, `${order.proposer} is no drafter and holds no seat`);
  checkOriginators(state, order);
  checkScopes(state, order);
  checkBreakGlass(state, order, atMs);
  checkSupersedes(state, order, atMs);
  const fault = sealFault(state, 'order/v1', order, atMs);
  need(fault === undefined, fault ?? '');
  const { from, to } = order.effective;
  need(to === undefined || (msOf(to) > msOf(from) && msOf(to) > atMs), 'the order ends too early');

  const revisions = state.revisions.get(order.id) ?? [];
  const previous = state.ballots.get(revisions[revisions.length - 1] ?? '');
  need(
    order.revision === revisions.length + 1,
    `the next revision of ${order.id} is ${revisions.length + 1}`,
  );
  if (previous) {
    need(previous.subject.body.proposer === order.proposer, 'only its proposer amends an order');
    needPending(previous);
    update(state, previous, { closed: { seq, atMs, how: 'amended' } });
  }

  const hash = ballotHash(context.sha256, 'order/v1', order);
  const recusals = [
    // Who stood aside, or hid a contact, is not let back in by a new wording.
    ...(previous?.recusals.filter(({ why }) => why !== 'contact') ?? []),
    ...[...state.contacts.values()]
      .filter(({ contact }) => doesContactBear(contact, hash, order))
      .map(
        ({ contact }): RecusalRecord => ({ seq, atMs, person: contact.reporter, why: 'contact' }),
      ),
  ];
  const commitments = [...state.commitments.values()]
    .filter(({ commitment }) => doesTouch(state, order, commitment))
    .map(({ commitment }) => asTouched(commitment, step));
  state.ballots.set(hash, {
    hash,
    subject: { type: 'order/v1', body: order },
    proposed: { seq, atMs },
    votes: [],
    recusals,
    commitments,
    appointers: [],
    reviews: [],
  });
  state.revisions.set(order.id, [...revisions, hash]);
  keepSeal(state, step, order.seal, { type: 'order/v1', hash });
}

function checkOriginators(state: Draft, order: Order): void {
  const { originators, proposer, ownAuthorship, disclosures } = order;
  need(originators.length > 0, 'nobody is named as having asked');
  const isOwn = originators.every(o => o.party === proposer && o.onBehalfOf === undefined);
  need(
    !isOwn || ownAuthorship !== undefined,
    'the author is the only originator, and does not say so (ownAuthorship)',
  );
  for (const { party, capacity, contactId } of originators) {
    if (state.rules.originators.capacities.includes(capacity)) {
      need(contactId !== undefined, `the contact with ${party} (${capacity}) is not disclosed`);
    }
    need(contactId === undefined || state.contacts.has(contactId), `no contact ${contactId}`);
  }
  const unknown = disclosures.find(id => !state.contacts.has(id));
  need(unknown === undefined, `no contact ${unknown}`);
}

function checkScopes(state: Draft, { scope, seal, kind, breakGlass }: Order): void {
  need(scope !== undefined || seal !== undefined, 'the scope is either said or sealed');
  if (scope) checkSaidScope(state, kind, scope);
  if (breakGlass) checkScope(state, breakGlass.revert);
}

/** @throws Ineffective unless the scope can be that of an order of this kind */
export function checkSaidScope(state: Draft, kind: Order['kind'], scope: Scope): void {
  const wanted = { suspend: ['off'], restrict: ['limits'], withhold: ['off', 'limits'] };
  const allowed = isTaking(kind) ? wanted[kind as keyof typeof wanted] : ['none'];
  need(
    allowed.includes(scope.constraint.kind),
    `a constraint "${scope.constraint.kind}" does not ${kind}`,
  );
  checkScope(state, scope);
}

/** Puts the seal that an entry carries on record. */
export function keepSeal(
  state: Draft,
  { seq, atMs }: LogPoint,
  seal: Seal | undefined,
  carrier:
    | Pick<Extract<SealRecord['carrier'], { hash: string }>, 'type' | 'hash'>
    | Pick<Extract<SealRecord['carrier'], { id: string }>, 'type' | 'id'>,
): void {
  if (!seal) return;
  const earlier = state.seals.get(seal.id) ?? {
    seq,
    atMs,
    seal,
    reviewByMs: msOf(seal.reviewBy),
    opened: new Map(),
  };
  state.seals.set(seal.id, { ...earlier, carrier: { ...carrier, seq } });
}

/** @throws Ineffective unless the scope names cells of a territory's outline that is in the log */
export function checkScope(state: Draft, scope: Scope): void {
  const { id, version } = scope.territory;
  const territory = found(territoryOf(state, scope), `no territory ${id}, version ${version}`);
  need(scopeCells(territory, scope).size > 0, `no cell of ${id} is in the scope`);
  const inside = territoryCells(territory);
  const stray = cellsOf(scope.cells ?? []).find(cell => !inside.has(cell));
  need(stray === undefined, `${stray} is no cell of ${id}`);
}

function checkBreakGlass(state: Draft, order: Order, atMs: number): void {
  const { breakGlass, kind, scope, drill } = order;
  if (!breakGlass) return;
  const { kinds, maxTtlHours, repeatDays } = state.rules.breakGlass;
  need(kinds.includes(kind), `break-glass does not ${kind}`);
  need(breakGlass.ttlHours <= maxTtlHours, `break-glass ends after ${maxTtlHours} h at the latest`);
  const territory = scope && territoryOf(state, scope);
  if (!territory) throw new Ineffective('the territory of break-glass is never sealed');
  if (drill) return;
  const cells = scopeCells(territory, scope);
  const repeated = executedOrders(state).find(
    earlier =>
      earlier.order.breakGlass &&
      atMs < earlier.untilMs + repeatDays * DAY_MS &&
      doOverlap(cells, orderCells(state, earlier) ?? new Set()),
  );
  need(!repeated, `break-glass is not repeated here within ${repeatDays} days`);
}

function checkSupersedes(state: Draft, order: Order, atMs: number): void {
  for (const hash of order.supersedes) {
    need(state.ballots.get(hash)?.executed !== undefined, `${hash} is not an executed order`);
  }
  const territory = order.scope && territoryOf(state, order.scope);
  if (!territory || !order.scope || order.drill) return;
  const cells = scopeCells(territory, order.scope);
  for (const earlier of executedOrders(state)) {
    if (earlier.untilMs <= atMs || order.supersedes.includes(earlier.record.hash)) continue;
    if (isSuperseded(state, earlier, atMs)) continue;
    const isApart = !doOverlap(cells, orderCells(state, earlier) ?? new Set());
    need(isApart, `overlaps the order ${earlier.record.hash} and does not name it (supersedes)`);
  }
}

// ── Commitments ─────────────────────────────────────────────────────────────────────────────────

/** Whether an order reaches customers of a commitment, by territory and class. */
export function doesTouch(state: ControlState, { scope }: Order, commitment: Commitment): boolean {
  if (!scope || scope.territory.id !== commitment.territory) return false;
  if (state.rules.defaultExceptions.includes(commitment.class)) return false;
  const { terminals } = scope;
  return terminals.kind !== 'class' || terminals.classes.includes(commitment.class);
}

function asTouched({ authority, noticeHours }: Commitment, point: LogPoint): TouchedCommitment {
  return { seq: point.seq, atMs: point.atMs, seat: authority, noticeHours };
}

export function commit(state: Draft, step: Step<'commitment/v1'>): void {
  const { seq, atMs, body: commitment } = step;
  const { authority, person, id } = commitment;
  const seat = found(seatOf(state, authority), `no seat ${authority}`);
  need(seat.office === 'commitment', `${authority} is no seat of a commitment`);
  need(seat.holder === person && isSeatLive(seat, atMs), `${person} does not hold ${authority}`);
  need(state.latestVersions.has(commitment.territory), `no territory ${commitment.territory}`);
  const earlier = state.commitments.get(id)?.commitment;
  need(!earlier || earlier.authority === authority, `${id} is a commitment of another seat`);
  const fault = sealFault(state, 'commitment/v1', commitment, atMs);
  need(fault === undefined, fault ?? '');
  state.commitments.set(id, { seq, atMs, commitment });
  keepSeal(state, step, commitment.seal, { type: 'commitment/v1', id });
  for (const record of [...state.ballots.values()].filter(isPending)) {
    const { subject } = record;
    if (subject.type !== 'order/v1' || !doesTouch(state, subject.body, commitment)) continue;
    update(state, record, { commitments: [...record.commitments, asTouched(commitment, step)] });
  }
}

// ── Impact ──────────────────────────────────────────────────────────────────────────────────────

export function reportImpact(state: Draft, step: Step<'impact/v1'>): void {
  const { seq, atMs, body } = step;
  const record = recordOf(state, body.orderHash);
  need(record.subject.type === 'order/v1', 'a change has no impact report');
  needPending(record);
  need(
    rosterOf(state).machines.some(({ id, role }) => id === body.twin && role === 'twin'),
    `${body.twin} is no twin`,
  );
  need(msOf(body.inputsAt) <= atMs, 'inputs from the future');
  const status = quorumAt(state, record, atMs)?.status;
  need(
    status !== 'lapsed' && status !== 'vetoed' && status !== 'rejected',
    `the order is ${status}`,
  );
  const touched = body.touches.map(id => {
    const { commitment } = found(state.commitments.get(id), `no commitment ${id}`);
    return asTouched(commitment, step);
  });
  const { impact } = record;
  const isMaterial = !impact || isBeyond(impact.headlines, body.headlines);
  const point = { seq, atMs };
  update(state, record, {
    impact: {
      ...point,
      reportSha256: body.reportSha256,
      inputsAtMs: msOf(body.inputsAt),
      // Small steps must not add up: the measure stays what the votes were cast on.
      headlines: isMaterial ? body.headlines : impact.headlines,
    },
    commitments: [...record.commitments, ...touched],
    ...(isMaterial && { opened: point, votes: endedVotes(record.votes, point) }),
  });
}

function endedVotes(votes: readonly CastVote[], point: LogPoint): CastVote[] {
  return votes.map(vote =>
    vote.ended ? vote : { ...vote, ended: { ...point, why: 'impactChanged' } },
  );
}

/** Whether a headline number appeared, vanished or changed by more than the tolerance. */
function isBeyond(before: readonly Headline[], after: readonly Headline[]): boolean {
  if (before.length !== after.length) return true;
  return before.some(old => {
    const fresh = after.find(({ name }) => name === old.name);
    return (
      !fresh ||
      (['low', 'central', 'high'] as const).some(
        field =>
          Math.abs(fresh[field] - old[field]) * 100 > old[field] * HEADLINE_TOLERANCE_PERCENT,
      )
    );
  });
}

// ── Votes ───────────────────────────────────────────────────────────────────────────────────────

export function castVote(state: Draft, step: Step<'vote/v1'>): void {
  const { seq, atMs } = step;
  const { statement } = step.body;
  const { person, seat, decision, nonce } = statement;
  // The proof holds, so the nonce is used up, also when the vote does not count: a refused vote that
  // is handed in again must not come alive later without its voter.
  const used = `${person} ${nonce}`;
  need(!state.nonces.has(used), 'the nonce was used before: a replayed vote');
  state.nonces.add(used);
  const record = recordOf(state, statement.orderHash);
  needPending(record);
  const ballot = found(ballotOf(state, record), 'no impact report yet: the vote is not open');
  const wanted = record.impact?.reportSha256 ?? null;
  need(statement.impactSha256 === wanted, 'the vote names another impact report');
  need(statement.policySha256 === state.policySha256, 'the vote names other rules or policies');
  const rosterSeq = state.rosters[state.rosters.length - 1].seq;
  need(statement.rosterIndex === rosterSeq, `the roster in force is that of entry ${rosterSeq}`);
  const { status } = found(quorumAt(state, record, atMs), 'the vote is not open');
  const isOver = status === 'lapsed' || status === 'vetoed' || status === 'rejected';
  need(!isOver, `the order is ${status}`);
  const vote: VoteRecord = { seq, atMs, person, seat, decision, nonce };
  const { votes, recusals } = record;
  const refusal = whyInadmissible(state.rules, ballot, votes, recusals, state, vote);
  need(refusal === undefined, refusal ?? '');
  const key = found(step.key, 'no key');
  update(state, record, { votes: [...votes, { ...vote, key }] });
}

export function withdrawVote(state: Draft, { seq, atMs, body }: Step<'voteWithdraw/v1'>): void {
  const record = recordOf(state, body.orderHash);
  needPending(record);
  const isMeant = (vote: CastVote): boolean =>
    vote.person === body.person && vote.nonce === body.nonce && !vote.ended;
  need(record.votes.some(isMeant), 'there is no such vote to take back');
  update(state, record, {
    votes: record.votes.map(vote =>
      isMeant(vote) ? { ...vote, ended: { seq, atMs, why: 'withdrawn' } } : vote,
    ),
  });
}

export function recuse(state: Draft, { seq, atMs, body }: Step<'recusal/v1'>): void {
  const { person, demandedBy } = body;
  const record = recordOf(state, body.orderHash);
  needPending(record);
  need(personOf(state, person) !== undefined, `${person} is not in the roster`);
  need(
    person === demandedBy || seatsHeldBy(state, demandedBy, atMs).length > 0,
    `${demandedBy} holds no seat`,
  );
  update(state, record, {
    recusals: [...record.recusals, { seq, atMs, person, why: 'recused' }],
  });
}

export function appointAlternate(state: Draft, { seq, atMs, body }: Step<'alternate/v1'>): void {
  const { seat: seatId, person, appointedBy } = body;
  const record = recordOf(state, body.orderHash);
  needPending(record);
  const ballot = found(ballotOf(state, record), 'the vote is not open');
  const quorum = found(quorumAt(state, record, atMs), 'the vote is not open');
  need(quorum.status === 'deadlocked', `the order is ${quorum.status}, not deadlocked`);
  need(!record.appointment, 'an alternate is appointed for this order');
  const seat = found(seatOf(state, seatId), `no seat ${seatId}`);
  const point = { seq, atMs };
  const bar = (who: string, from: typeof seat) =>
    barAt(state.rules, ballot, record.recusals, state, from, who, point);
  need(bar(seat.holder, seat) !== undefined, `the holder of ${seatId} may vote`);
  const oversight = found(
    seatsHeldBy(state, appointedBy, atMs).find(({ office }) => office === 'oversight'),
    `${appointedBy} holds no seat of oversight`,
  );
  const oversightBar = bar(appointedBy, oversight);
  need(oversightBar === undefined, `${appointedBy} does not act here: ${oversightBar}`);
  need(person !== appointedBy, 'nobody appoints himself');
  need(liveKeysOf(state, person).length > 0, `${person} has no key`);
  const appointed = { ...ballot, appointment: { ...point, seat: seatId, person } };
  const personBar = barAt(state.rules, appointed, record.recusals, state, seat, person, point);
  need(personBar === undefined, `${person} does not vote here: ${personBar}`);
  need(!record.appointers.some(({ by }) => by === appointedBy), `${appointedBy} has appointed`);
  const isSecond = record.appointers.some(a => a.seat === seatId && a.person === person);
  update(state, record, {
    appointers: [...record.appointers, { by: appointedBy, seat: seatId, person }],
    ...(isSecond && { appointment: { ...point, seat: seatId, person } }),
  });
}

export function delegate(state: Draft, { seq, atMs, body }: Step<'delegation/v1'>): void {
  const seat = found(seatOf(state, body.seat), `no seat ${body.seat}`);
  need(
    seat.holder === body.delegator && isSeatLive(seat, atMs),
    `${body.delegator} does not hold ${body.seat}: a delegation is not passed on`,
  );
  need(
    seat.alternates.some(({ person }) => person === body.delegate),
    `${body.delegate} is no alternate of ${body.seat}`,
  );
  const fromMs = msOf(body.from);
  const untilMs = msOf(body.until);
  need(untilMs > Math.max(fromMs, atMs), 'the delegation ends too early');
  need(untilMs - fromMs <= DELEGATION_MAX_MS, 'a delegation lasts 30 days at most');
  state.delegations.push({ seq, atMs, seat: seat.id, delegate: body.delegate, fromMs, untilMs });
}

export function taint(state: Draft, { seq, atMs, body }: Step<'taint/v1'>): void {
  const { person, raisedBy, contactId, orderHash } = body;
  need(raisedBy !== person, 'nobody taints his own vote: he withdraws it');
  need(seatsHeldBy(state, raisedBy, atMs).length > 0, `${raisedBy} holds no seat`);
  const record = recordOf(state, orderHash);
  need(!record.closed, 'the order is closed');
  const reporter = contactId && state.contacts.get(contactId)?.contact.reporter;
  need(contactId === undefined || reporter === person, `${contactId} is no contact of ${person}`);
  need(contactId !== undefined || body.evidence.length > 0, 'neither contact nor evidence');
  const isVoter = record.votes.some(vote => vote.person === person && !vote.ended);
  need(isVoter, `${person} has no vote on the order`);
  taintVote(state, record, person, { seq, atMs });
}

/** A vote that does not count any more; if it was executed upon, a review is owed. */
export function taintVote(
  state: Draft,
  record: BallotRecord,
  person: string,
  { seq, atMs }: LogPoint,
): void {
  const isOwed = record.executed && !record.reviews.some(({ why }) => why === 'tainted');
  update(state, record, {
    recusals: [...record.recusals, { seq, atMs, person, why: 'tainted' }],
    ...(isOwed && {
      reviews: [
        ...record.reviews,
        { seq, atMs, why: 'tainted', dueMs: atMs + TAINT_REVIEW_MS, findings: [] },
      ],
    }),
  });
}

// ── Execution ───────────────────────────────────────────────────────────────────────────────────

export function execute(state: Draft, step: Step<'execution/v1'>): void {
  const { seq, atMs, body } = step;
  const { executor, clock } = body;
  const record = recordOf(state, body.orderHash);
  needPending(record);
  need(
    personOf(state, executor)?.roles.includes('executor') === true,
    `${executor} is no executor`,
  );
  need(record.subject.body.proposer !== executor, 'the proposer does not execute');
  need(!hasVoted(state, record, executor), 'a voter does not execute');
  const quorum = found(quorumAt(state, record, atMs), 'the vote is not open');
  need(quorum.status === 'approved', `the order is ${quorum.status}, not approved`);
  if (clock.witness !== undefined) {
    const apartMs = Math.abs(msOf(clock.machine) - msOf(clock.witness));
    need(apartMs <= CLOCK_TOLERANCE_MS, 'the machine and the witness are over 5 minutes apart');
  }
  const executed = { seq, atMs, executor, isClockAttested: clock.witness !== undefined };
  const { subject } = record;
  if (subject.type !== 'order/v1') {
    const fault = changeFault(state, subject, step.context);
    need(fault === undefined, fault ?? '');
    update(state, record, { executed });
    applyChange(state, subject, step);
    return;
  }
  const order = subject.body;
  const impact = found(record.impact, 'no impact report');
  need(atMs - impact.inputsAtMs <= IMPACT_MAX_AGE_MS, 'the impact is older than 72 h');
  const { to } = order.effective;
  need(to === undefined || atMs < msOf(to), 'the order is over before it began');
  checkBreakGlass(state, order, atMs);
  checkSupersedes(state, order, atMs);
  const reviewMs = state.rules.breakGlass.reviewDays * DAY_MS;
  const isReviewed = order.breakGlass && !order.drill;
  update(state, record, {
    executed,
    ...(isReviewed && {
      reviews: [{ seq, atMs, why: 'breakGlass', dueMs: atMs + reviewMs, findings: [] }],
    }),
  });
}

/** Whether a person voted on any revision, whether or not the vote still counts. */
function hasVoted(state: ControlState, record: BallotRecord, person: string): boolean {
  const { subject, hash } = record;
  const hashes =
    subject.type === 'order/v1' ? (state.revisions.get(subject.body.id) ?? []) : [hash];
  return hashes.some(h => state.ballots.get(h)?.votes.some(vote => vote.person === person));
}

export function confirm(state: Draft, step: Step<'receipt/v1' | 'revert/v1'>): void {
  const { seq, atMs, body } = step;
  const record = recordOf(state, body.orderHash);
  const executed = asExecuted(record);
  need(executed !== undefined, 'the order is not executed');
  need(!executed.order.drill, 'a drill does not reach the adapter');
  need(
    rosterOf(state).machines.some(({ id, role }) => id === body.adapter && role === 'adapter'),
    `${body.adapter} is no adapter`,
  );
  if (step.type === 'receipt/v1') {
    need(!record.receipt, 'confirmed already');
    update(state, record, { receipt: { seq, atMs } });
  } else {
    need(!isInForce(executed, atMs) && atMs >= executed.untilMs, 'the order has not ended');
    need(!record.revert, 'undone already');
    update(state, record, { revert: { seq, atMs } });
  }
}

export function cancel(state: Draft, { seq, atMs, body }: Step<'cancel/v1'>): void {
  const record = recordOf(state, body.orderHash);
  needPending(record);
  need(record.subject.body.proposer === body.person, 'only its proposer cancels an order');
  const status = quorumAt(state, record, atMs)?.status;
  const isOpen =
    status === undefined ||
    status === 'voting' ||
    status === 'coolingOff' ||
    status === 'deadlocked';
  need(isOpen, `the order is ${status}`);
  update(state, record, { closed: { seq, atMs, how: 'cancelled' } });
}

/** A finding by somebody who took no part. */
export function review(state: Draft, { atMs, body }: Step<'review/v1'>): void {
  const { person } = body;
  const record = recordOf(state, body.orderHash);
  need(record.reviews.length > 0, 'no review is owed');
  const seat = found(seatOf(state, body.seat), `no seat ${body.seat}`);
  need(seat.holder === person && isSeatLive(seat, atMs), `${person} does not hold ${body.seat}`);
  const tookPart =
    hasVoted(state, record, person) ||
    record.subject.body.proposer === person ||
    record.executed?.executor === person;
  need(!tookPart, `${person} took part`);
  const employer = found(employerOf(rosterOf(state), person), `${person} is not in the roster`);
  const isNew = !record.reviews.some(r => r.findings.some(f => f.person === person));
  need(isNew, `${person} has reviewed`);
  update(state, record, {
    reviews: record.reviews.map(owed => ({
      ...owed,
      findings: [...owed.findings, { person, employer }],
    })),
  });
}

export function recordDrill(state: Draft, { body }: Step<'drillResult/v1'>): void {
  const { subject } = recordOf(state, body.orderHash);
  need(subject.type === 'order/v1' && subject.body.drill, 'the order is no drill');
}
