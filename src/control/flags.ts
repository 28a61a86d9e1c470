import { quorumAt } from './ballots.ts';
import {
  asExecuted,
  type DisclosedScopes,
  executedOrders,
  isInForce,
  isSuperseded,
  knownScope,
  territoryOf,
} from './inForce.ts';
import { DAY_MS, instantOf, MINUTE_MS, msOf } from './instants.ts';
import { cellsNotOn } from './policyAt.ts';
import { isSeatLive, type QuorumStatus } from './quorum.ts';
import { rosterOf } from './rosterRules.ts';
import { scopeCells, territoryCells } from './scopeCells.ts';
import { territoryDueMs } from './seals/sealRules.ts';
import type {
  BallotRecord,
  ControlState,
  DeclarationRecord,
  ReviewRecord,
  SealRecord,
} from './state.ts';
import type { Instant, Sha256Hex } from './types.ts';

/** No receipt by then: `unconfirmed`. */
const RECEIPT_MS = 15 * MINUTE_MS;
const DRILL_MS = 90 * DAY_MS;

export type OrderStatus =
  | QuorumStatus
  | 'proposed'
  | 'impactReady'
  | 'amended'
  | 'cancelled'
  | 'executed'
  | 'expired'
  | 'reverted'
  | 'superseded';

/**
 * Where an order or a change stands at an instant, which is not before the last entry.
 *
 * @returns undefined when there is none of this hash
 */
export function orderStatusAt(
  state: ControlState,
  hash: Sha256Hex,
  instant: Instant,
): OrderStatus | undefined {
  const record = state.ballots.get(hash);
  return record && statusOf(state, record, msOf(instant));
}

function statusOf(state: ControlState, record: BallotRecord, atMs: number): OrderStatus {
  if (record.closed) return record.closed.how;
  const executed = asExecuted(record);
  if (executed) {
    if (executed.untilMs <= atMs) return executed.order.breakGlass ? 'reverted' : 'expired';
    return isSuperseded(state, executed, atMs) ? 'superseded' : 'executed';
  }
  if (record.executed) return 'executed';
  const quorum = quorumAt(state, record, atMs);
  if (!quorum) return 'proposed';
  const isUntouched = record.votes.length === 0 && record.subject.type === 'order/v1';
  return quorum.status === 'voting' && isUntouched ? 'impactReady' : quorum.status;
}

/** A warning that everybody sees. */
export interface Flag {
  readonly flag:
    | 'undeclared'
    | 'sealedOrder'
    | 'sealOverdue'
    | 'sealReviewOverdue'
    | 'sealHidVoter'
    | 'unconfirmed'
    | 'revertUnconfirmed'
    | 'clockUnattested'
    | 'breakGlass'
    | 'deadlocked'
    | 'reviewOpen'
    | 'reviewOverdue'
    | 'lateContact'
    | 'falseAttestation'
    | 'undrilled';
  /** Id of a territory, contact, declaration or seat; hash of an order. */
  readonly subject: string;
  readonly since: Instant;
  /** Whole days from then to now. */
  readonly days: number;
}

/**
 * Every flag that is up at an instant, which is not before the last entry.
 *
 * @example
 * flagsAt(state, now).filter(({ flag }) => flag === 'undeclared'); // kept off, and nobody says why
 */
export function flagsAt(
  state: ControlState,
  instant: Instant,
  disclosed?: DisclosedScopes,
): Flag[] {
  const nowMs = msOf(instant);
  const flags: Flag[] = [];
  const raise = (flag: Flag['flag'], subject: string, sinceMs: number): void => {
    const days = Math.floor((nowMs - sinceMs) / DAY_MS);
    flags.push({ flag, subject, since: instantOf(sinceMs), days });
  };
  for (const [id, version] of state.latestVersions) {
    const sinceMs = undeclaredSinceMs(state, `${id}@${version}`, nowMs, disclosed);
    if (sinceMs !== undefined) raise('undeclared', id, sinceMs);
  }
  for (const record of state.ballots.values()) {
    orderFlags(state, record, nowMs, raise, disclosed);
  }
  for (const record of state.seals.values()) sealFlags(state, record, nowMs, raise);
  for (const { contact, dueMs, isLate } of state.contacts.values()) {
    if (isLate) raise('lateContact', contact.id, dueMs);
  }
  for (const declared of state.declarations) {
    const sinceMs = falseSinceMs(state, declared);
    if (sinceMs !== undefined) raise('falseAttestation', declared.declaration.id, sinceMs);
  }
  for (const seat of rosterOf(state).seats) {
    if (!isSeatLive(seat, nowMs)) continue;
    const drilledMs = Math.max(msOf(seat.from), state.genesisMs, ...drillsOf(state, seat.id));
    if (nowMs - drilledMs > DRILL_MS) raise('undrilled', seat.id, drilledMs + DRILL_MS);
  }
  return flags;
}

function orderFlags(
  state: ControlState,
  record: BallotRecord,
  nowMs: number,
  raise: (flag: Flag['flag'], subject: string, sinceMs: number) => void,
  disclosed?: DisclosedScopes,
): void {
  const { hash, subject, closed, proposed, executed, receipt, revert, reviews } = record;
  if (subject.type === 'order/v1' && !closed) {
    const order = subject.body;
    if (!knownScope(state, { record, order }, disclosed)) {
      const overdueMs = territoryDueMs(state, order);
      const isOverdue = nowMs >= overdueMs;
      raise(isOverdue ? 'sealOverdue' : 'sealedOrder', hash, isOverdue ? overdueMs : proposed.atMs);
    }
  }
  if (statusOf(state, record, nowMs) === 'deadlocked') raise('deadlocked', hash, proposed.atMs);
  for (const owed of reviews) {
    if (isGiven(owed)) continue;
    raise('reviewOpen', hash, owed.atMs);
    if (nowMs >= owed.dueMs) raise('reviewOverdue', hash, owed.dueMs);
  }
  if (executed && !executed.isClockAttested) raise('clockUnattested', hash, executed.atMs);
  const order = asExecuted(record);
  if (!order || order.order.drill) return;
  const { fromMs, untilMs } = order;
  if (order.order.breakGlass && isInForce(order, nowMs)) raise('breakGlass', hash, fromMs);
  if (!receipt && nowMs >= fromMs + RECEIPT_MS) raise('unconfirmed', hash, fromMs + RECEIPT_MS);
  if (!revert && nowMs >= untilMs + RECEIPT_MS) {
    raise('revertUnconfirmed', hash, untilMs + RECEIPT_MS);
  }
}

function sealFlags(
  state: ControlState,
  { carrier, reviewByMs, shredded, opened, atMs }: SealRecord,
  nowMs: number,
  raise: (flag: Flag['flag'], subject: string, sinceMs: number) => void,
): void {
  const subject = carrier.type === 'order/v1' ? carrier.hash : carrier.id;
  if (state.ballots.get(subject)?.closed) return;
  if (!shredded && nowMs >= reviewByMs) raise('sealReviewOverdue', subject, reviewByMs);
  // Who is sealed as having asked is not barred from the vote: so nobody of the roster may be.
  const { organisations, persons } = rosterOf(state);
  const isHidden = [...opened].some(
    ([name, value]) =>
      name.startsWith('originators') && [...organisations, ...persons].some(p => p.id === value),
  );
  if (isHidden) raise('sealHidVoter', subject, atMs);
}

/** A review is given when two people of different employers found. */
function isGiven({ findings }: ReviewRecord): boolean {
  return new Set(findings.map(({ employer }) => employer)).size >= 2;
}

/** Since when some cell of a territory is not on and not declared; undefined when all are. */
function undeclaredSinceMs(
  state: ControlState,
  key: string,
  nowMs: number,
  disclosed?: DisclosedScopes,
): number | undefined {
  const territory = state.territories.get(key);
  if (!territory) return undefined;
  const cells = territoryCells(territory);
  const isUndeclared = (atMs: number): boolean => {
    const notOn = cellsNotOn(state, cells, atMs, disclosed);
    const declared = state.declarations
      .filter(d => d.atMs <= atMs && atMs < d.untilMs)
      .flatMap(d => d.declaration.scopes)
      .flatMap(scope => {
        const outline = territoryOf(state, scope);
        return outline ? [scopeCells(outline, scope)] : [];
      });
    return [...notOn].some(cell => !declared.some(covered => covered.has(cell)));
  };
  if (!isUndeclared(nowMs)) return undefined;
  // Backwards over every instant at which the answer may have changed.
  const instants = [
    state.genesisMs,
    ...executedOrders(state).flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]),
    ...state.declarations.flatMap(({ atMs, untilMs }) => [atMs, untilMs]),
  ].filter(ms => ms <= nowMs);
  let sinceMs = nowMs;
  for (const atMs of [...new Set(instants)].sort((a, b) => b - a)) {
    if (!isUndeclared(atMs)) break;
    sinceMs = atMs;
  }
  return sinceMs;
}

/**
 * Since when it is known that an attestation was false: a signer later disclosed a contact from
 * before it, which bears on the territory and which the declaration does not list.
 */
function falseSinceMs(
  state: ControlState,
  { declaration, seq, atMs }: DeclarationRecord,
): number | undefined {
  const { attestations, originators, scopes } = declaration;
  const territories = scopes.map(({ territory }) => territory.id);
  const found = [...state.contacts.values()].find(
    ({ contact, seq: disclosedSeq }) =>
      disclosedSeq > seq &&
      msOf(contact.from) <= atMs &&
      attestations.some(({ signer }) => signer === contact.reporter) &&
      !originators.some(({ contactId }) => contactId === contact.id) &&
      (contact.links.some(link => link === declaration.id || territories.includes(link)) ||
        contact.topics.some(t => t.kind === 'territory' && territories.includes(t.about))),
  );
  return found?.atMs;
}

/** When a seat answered a drill. */
function drillsOf(state: ControlState, seat: string): number[] {
  return [...state.ballots.values()].flatMap(({ subject, votes }) =>
    subject.type === 'order/v1' && subject.body.drill
      ? votes.filter(vote => vote.seat === seat).map(({ atMs }) => atMs)
      : [],
  );
}
