import { quorumAt } from '../ballots.ts';
import { type OrderStatus, orderStatusAt } from '../flags.ts';
import { knownScope, orderCells } from '../inForce.ts';
import { instantOf, msOf } from '../instants.ts';
import { type BarReason, type Blocked, type Due, isTaking, type LogPoint } from '../quorum.ts';
import type { BallotRecord, ControlState } from '../state.ts';
import type {
  Headline,
  Instant,
  Order,
  OrderKind,
  Originator,
  PersonId,
  Scope,
  Seal,
  SeatId,
  Sha256Hex,
} from '../types.ts';
import { type ContactView, contactView } from './contactView.ts';
import { type CellChange, orderChange } from './orderChange.ts';
import { changeSentence, missingWords, orderSentence } from './orderSentence.ts';

/** A place in the log, for readers. */
export interface EntryRef {
  readonly entry: number;
  readonly at: Instant;
}

export interface VoteView extends EntryRef {
  readonly person: PersonId;
  readonly seat: SeatId;
  readonly decision: 'yes' | 'no' | 'veto';
  /** Why it no longer counts. */
  readonly ended: string | null;
  /** To take it back, its voter names it. */
  readonly nonce: string;
}

/** An order, or a change of roster, rules, policies, keys or territories, for readers. */
export interface OrderView {
  readonly hash: Sha256Hex;
  /** `order/v1`, or the type of the change. */
  readonly type: string;
  /** Of orders. */
  readonly id: string | null;
  readonly revision: number | null;
  readonly kind: OrderKind | null;
  readonly takesService: boolean | null;
  readonly sentence: string;
  readonly status: OrderStatus;
  readonly isDrill: boolean;
  readonly breakGlassHours: number | null;
  readonly proposer: PersonId;
  readonly proposed: EntryRef;
  readonly reason: string;
  /** Null: sealed, or a change. */
  readonly scope: Scope | null;
  readonly territoryName: string | null;
  readonly cellCount: number | null;
  /** Against what is in force, while it is open: {@link orderChange}. */
  readonly change: readonly CellChange[] | null;
  readonly effective: Order['effective'] | null;
  readonly originators: readonly Originator[];
  readonly ownAuthorship: string | null;
  readonly legalBasis: readonly string[];
  readonly supersedes: readonly Sha256Hex[];
  readonly contacts: readonly ContactView[];
  /** Seats that must agree because a protected commitment is touched. */
  readonly commitments: readonly { readonly seat: SeatId; readonly noticeHours: number }[];
  readonly impact:
    | (EntryRef & {
        readonly reportSha256: Sha256Hex;
        readonly inputsAt: Instant;
        readonly headlines: readonly Headline[];
      })
    | null;
  readonly votes: readonly VoteView[];
  readonly recusals: readonly (EntryRef & {
    readonly person: PersonId;
    readonly why: BarReason;
  })[];
  readonly isQuorumMet: boolean;
  /** What is lacking, in words. */
  readonly missing: readonly string[];
  readonly blockedBy: readonly Blocked[];
  readonly dueAt: readonly Due[];
  readonly executed: (EntryRef & { readonly executor: PersonId }) | null;
  readonly confirmed: EntryRef | null;
  readonly undone: EntryRef | null;
  readonly seal: Seal | null;
  /** What a vote must name. */
  readonly voteOn: {
    readonly impactSha256: Sha256Hex | null;
    readonly policySha256: Sha256Hex;
    readonly rosterIndex: number;
  };
}

/** @param instant not before the last entry */
export function orderView(state: ControlState, record: BallotRecord, instant: Instant): OrderView {
  const { hash, subject, impact, executed } = record;
  const order = subject.type === 'order/v1' ? subject.body : undefined;
  const scope = order && knownScope(state, { record, order });
  const quorum = quorumAt(state, record, msOf(instant));
  const territory =
    scope && state.territories.get(`${scope.territory.id}@${scope.territory.version}`);
  const contactIds = new Set([
    ...(order?.disclosures ?? []),
    ...(order?.originators ?? []).flatMap(({ contactId }) => contactId ?? []),
  ]);
  return {
    hash,
    type: subject.type,
    id: order?.id ?? null,
    revision: order?.revision ?? null,
    kind: order?.kind ?? null,
    takesService: order ? isTaking(order.kind) : null,
    sentence:
      subject.type === 'order/v1'
        ? orderSentence(subject.body, territory?.name)
        : changeSentence(subject),
    status: orderStatusAt(state, hash, instant) as OrderStatus,
    isDrill: order?.drill ?? false,
    breakGlassHours: order?.breakGlass?.ttlHours ?? null,
    proposer: subject.body.proposer,
    proposed: refOf(record.proposed),
    reason: subject.body.reason,
    scope: scope ?? null,
    territoryName: territory?.name ?? null,
    cellCount: (order && orderCells(state, { record, order })?.size) ?? null,
    change: executed || record.closed ? null : orderChange(state, record, instant),
    effective: order?.effective ?? null,
    originators: order?.originators ?? [],
    ownAuthorship: order?.ownAuthorship ?? null,
    legalBasis: order?.legalBasis ?? [],
    supersedes: order?.supersedes ?? [],
    contacts: [...contactIds].flatMap(id => {
      const found = state.contacts.get(id);
      return found ? [contactView(found)] : [];
    }),
    commitments: record.commitments.map(({ seat, noticeHours }) => ({ seat, noticeHours })),
    impact: impact
      ? {
          ...refOf(impact),
          reportSha256: impact.reportSha256,
          inputsAt: instantOf(impact.inputsAtMs),
          headlines: impact.headlines,
        }
      : null,
    votes: record.votes.map(vote => ({
      ...refOf(vote),
      person: vote.person,
      seat: vote.seat,
      decision: vote.decision,
      ended: vote.ended?.why ?? null,
      nonce: vote.nonce,
    })),
    recusals: record.recusals.map(r => ({ ...refOf(r), person: r.person, why: r.why })),
    isQuorumMet: quorum?.met ?? executed !== undefined,
    missing: (quorum?.missing ?? []).map(missingWords),
    blockedBy: quorum?.blockedBy ?? [],
    dueAt: quorum?.dueAt ?? [],
    executed: executed ? { ...refOf(executed), executor: executed.executor } : null,
    confirmed: record.receipt ? refOf(record.receipt) : null,
    undone: record.revert ? refOf(record.revert) : null,
    seal: order?.seal ?? null,
    voteOn: {
      impactSha256: impact?.reportSha256 ?? null,
      policySha256: state.policySha256,
      rosterIndex: state.rosters[state.rosters.length - 1].seq,
    },
  };
}

export function refOf({ seq, atMs }: LogPoint): EntryRef {
  return { entry: seq, at: instantOf(atMs) };
}
