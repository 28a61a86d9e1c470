import { BeamkeeperError } from '../../orbits/error.ts';
import type { Sha256 } from '../../tlog/index.ts';
import { territoryOf } from '../inForce.ts';
import type { ControlState } from '../state.ts';
import { ballotHash, signedParts } from '../statements.ts';
import type { EntryBodies, EntryType, Instant, PersonId, Review, Vote } from '../types.ts';

/** The actions of the schema that the type of an entry stands for. */
export type EntryAction =
  | 'read'
  | 'propose'
  | 'breakGlass'
  | 'vote'
  | 'review'
  | 'recuse'
  | 'execute'
  | 'disclose'
  | 'declare'
  | 'claim'
  | 'unseal'
  | 'administer'
  | 'observe'
  | 'report';

/** How a request reached us, and with which scopes where it is a token. */
export interface Channel {
  /** `hand`: a statement that its author signed, from whatever client. */
  readonly channel: 'hand' | 'session' | 'token';
  readonly scopes?: readonly string[];
}

/** What is known of an order or a change before the log has it. */
export interface Proposal {
  readonly kind: string;
  readonly proposer: PersonId;
  readonly isBreakGlass: boolean;
  readonly isDrill: boolean;
  /** People in the chain of who asked. */
  readonly originators: readonly PersonId[];
  readonly territory?: string;
  readonly jurisdiction?: string;
}

/** A question about an entry, complete: with the state of the log it says all that Cedar is told. */
export interface Asked {
  /** `person:…`, `key:…` or, of who is in no roster, `account:…` */
  readonly principal: string;
  readonly action: EntryAction;
  readonly resource: {
    readonly type: 'Order' | 'Change' | 'Seal' | 'Switch';
    readonly id: string;
  };
  readonly context: Readonly<Record<string, string | boolean | readonly string[]>>;
  readonly proposal?: Proposal;
  readonly at: Instant;
}

/** One row a type; `null`: the server's own, which nobody hands in. */
const ACTIONS: { readonly [T in EntryType]: EntryAction | null } = {
  'genesis/v1': null,
  'roster/v1': 'administer',
  'rule/v1': 'administer',
  'policySet/v1': 'administer',
  'territory/v1': 'administer',
  'keyEnrol/v1': 'administer',
  'keyRevoke/v1': 'administer',
  'order/v1': 'propose',
  'impact/v1': 'report',
  'vote/v1': 'vote',
  // Who votes, never what: out of a vote, or a named alternate in.
  'voteWithdraw/v1': 'recuse',
  'recusal/v1': 'recuse',
  'alternate/v1': 'recuse',
  'delegation/v1': 'recuse',
  'taint/v1': 'recuse',
  'execution/v1': 'execute',
  'receipt/v1': 'report',
  'revert/v1': 'report',
  'cancel/v1': 'propose',
  'review/v1': 'review',
  'drillResult/v1': 'claim',
  'contact/v1': 'disclose',
  'declaration/v1': 'declare',
  'commitment/v1': 'declare',
  'claim/v1': 'claim',
  'source/v1': 'claim',
  'attribution/v1': 'claim',
  'stance/v1': 'claim',
  'anchor/v1': null,
  'log.key/v1': null,
  'decision/v1': null,
  'access/v1': null,
  'unseal/v1': 'unseal',
  'shred/v1': 'unseal',
  'sealReview/v1': 'unseal',
  'observation/v1': 'observe',
  'drift/v1': 'observe',
  'export/v1': 'read',
};

const SWITCH = { type: 'Switch', id: 'switch' } as const;

/** Who hands something in, how and when. */
export interface AskedBy extends Channel {
  /** Who is signed in; counts only for what nobody signs. */
  readonly account?: string | undefined;
  readonly at: Instant;
}

/**
 * The questions that an entry raises: one for each of its main signers (a declaration has two), all of
 * which must be answered with yes. The body has the shape of its type.
 *
 * @throws BeamkeeperError `SERVER_ONLY`, `LOGIN` when nobody signs and nobody is signed in
 */
export function askedOf<T extends EntryType>(
  sha256: Sha256,
  state: ControlState,
  type: T,
  body: EntryBodies[T],
  by: AskedBy,
): Asked[] {
  const isBreakGlass = type === 'order/v1' && (body as EntryBodies['order/v1']).breakGlass;
  const action = isBreakGlass ? 'breakGlass' : ACTIONS[type];
  if (action === null) {
    throw new BeamkeeperError('SERVER_ONLY', `${type}: only the server makes these`);
  }
  const signers = signedParts(type, body).map(({ signer }) => signer);
  const principals = type === 'declaration/v1' ? new Set(signers) : signers.slice(0, 1);
  const asking = signers.length > 0 ? [...principals] : by.account ? [by.account] : [];
  if (asking.length === 0) {
    throw new BeamkeeperError('LOGIN', `${type}: carries no signature, so sign in first`);
  }
  const about = aboutOf(sha256, state, type, body);
  const seat = seatIn(type, body);
  return asking.map(principal => ({
    principal,
    action,
    ...about,
    context: {
      channel: by.channel,
      scopes: by.scopes ?? [],
      entry: type,
      ...(seat !== undefined && { seat }),
    },
    at: by.at,
  }));
}

function seatIn(type: EntryType, body: unknown): string | undefined {
  if (type === 'vote/v1') return (body as Vote).statement.seat;
  return type === 'review/v1' ? (body as Review).seat : undefined;
}

function aboutOf<T extends EntryType>(
  sha256: Sha256,
  state: ControlState,
  type: T,
  body: EntryBodies[T],
): Pick<Asked, 'resource' | 'proposal'> {
  if (type === 'order/v1') {
    const order = body as EntryBodies['order/v1'];
    const territory = order.scope && territoryOf(state, order.scope);
    const parties = order.originators.flatMap(o => [o.party, o.onBehalfOf ?? '']);
    return {
      resource: { type: 'Order', id: ballotHash(sha256, 'order/v1', order) },
      proposal: {
        kind: order.kind,
        proposer: firstProposer(state, order.id) ?? order.proposer,
        isBreakGlass: order.breakGlass !== undefined,
        isDrill: order.drill,
        originators: people(parties),
        ...(territory && { territory: territory.id, jurisdiction: territory.jurisdiction }),
      },
    };
  }
  if (ACTIONS[type] === 'administer') {
    const change = body as EntryBodies['rule/v1'];
    return {
      resource: { type: 'Change', id: ballotHash(sha256, type as 'rule/v1', change) },
      proposal: {
        kind: kindOf(type),
        proposer: change.proposer,
        isBreakGlass: false,
        isDrill: false,
        originators: [],
      },
    };
  }
  const { orderHash, statement, sealId } = body as {
    readonly orderHash?: string;
    readonly statement?: { readonly orderHash: string };
    readonly sealId?: string;
  };
  if (sealId !== undefined) return { resource: { type: 'Seal', id: sealId } };
  const hash = statement?.orderHash ?? orderHash;
  if (hash === undefined || ACTIONS[type] === 'declare' || ACTIONS[type] === 'claim') {
    return { resource: SWITCH };
  }
  const subject = state.ballots.get(hash)?.subject;
  if (!subject) throw new BeamkeeperError('NO_ORDER', `no such order: ${hash}`);
  return { resource: { type: subject.type === 'order/v1' ? 'Order' : 'Change', id: hash } };
}

/** Of the order that a revision amends. */
function firstProposer(state: ControlState, orderId: string): PersonId | undefined {
  const [first] = state.revisions.get(orderId) ?? [];
  return first === undefined ? undefined : state.ballots.get(first)?.subject.body.proposer;
}

/** `policySet/v1` → `policySet` */
export function kindOf(type: string): string {
  return type.slice(0, type.indexOf('/'));
}

export function people(parties: readonly string[]): PersonId[] {
  return [...new Set(parties.filter(party => party.startsWith('person:')))].sort();
}
