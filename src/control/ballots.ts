import { territoryOf } from './inForce.ts';
import { type Ballot, evaluate, type Quorum } from './quorum.ts';
import { type BallotRecord, type ControlState, need } from './state.ts';
import type { Contact, Order } from './types.ts';

/** A record as the quorum engine sees it; undefined while its vote is not open. */
export function ballotOf(state: ControlState, record: BallotRecord): Ballot | undefined {
  const { subject, opened, hash, commitments, appointment } = record;
  if (!opened) return undefined;
  const common = { hash, opened, commitments, proposer: subject.body.proposer };
  if (subject.type === 'order/v1') {
    const order = subject.body;
    const territory = order.scope && territoryOf(state, order.scope);
    return {
      ...common,
      kind: order.kind,
      isBreakGlass: order.breakGlass !== undefined,
      originators: order.originators,
      ...(territory && { jurisdiction: territory.jurisdiction }),
      ...(appointment && { appointment }),
    };
  }
  return {
    ...common,
    kind: 'change',
    isBreakGlass: false,
    originators: [],
    ...(appointment && { appointment }),
    ...(subject.type === 'roster/v1' && {
      proposed: {
        roster: subject.body.roster,
        accepted: subject.body.acceptances.map(({ holder }) => holder),
      },
    }),
  };
}

/** Where an open ballot stands; undefined when it is not open for votes. */
export function quorumAt(
  state: ControlState,
  record: BallotRecord,
  atMs: number,
): Quorum | undefined {
  if (record.closed || record.executed) return undefined;
  const ballot = ballotOf(state, record);
  return ballot && evaluate(state.rules, ballot, record.votes, record.recusals, state, atMs);
}

/** Neither executed, nor withdrawn by its proposer. */
export function isPending({ closed, executed }: BallotRecord): boolean {
  return !closed && !executed;
}

/** A ballot on which something may still happen at an instant. */
export function needPending(record: BallotRecord): void {
  need(!record.executed, 'the order is executed');
  need(!record.closed, `the order is ${record.closed?.how ?? 'open'}`);
}

/** Whether a contact bears on an order: its territory, its customer or one of its originators. */
export function doesContactBear(contact: Contact, hash: string, order: Order): boolean {
  const { id, topics, links, counterparty, onBehalfOf } = contact;
  const territory = order.scope?.territory.id;
  const parties = order.originators.flatMap(o => [
    o.party,
    ...(o.onBehalfOf ? [o.onBehalfOf] : []),
  ]);
  const isParty = (party: string | undefined): boolean =>
    party !== undefined && parties.includes(party);
  return (
    order.disclosures.includes(id) ||
    order.originators.some(({ contactId }) => contactId === id) ||
    links.some(link => link === hash || link === order.id || link === territory) ||
    topics.some(
      ({ kind, about }) =>
        (kind === 'territory' && about === territory) || (kind === 'customer' && isParty(about)),
    ) ||
    isParty(counterparty.role) ||
    isParty(counterparty.org) ||
    isParty(onBehalfOf)
  );
}
