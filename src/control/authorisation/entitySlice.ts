import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm';
import { quorumAt } from '../ballots.ts';
import { orderStatusAt } from '../flags.ts';
import { territoryOf } from '../inForce.ts';
import { msOf } from '../instants.ts';
import { liveKeysOf, personOf, rosterOf, seatsHeldBy } from '../rosterRules.ts';
import type { BallotRecord, ControlState } from '../state.ts';
import type { PersonId } from '../types.ts';
import { type Asked, kindOf, type Proposal, people } from './asked.ts';
import type { CedarQuestion } from './engine.ts';

/**
 * What Cedar is told for one question, and no more: a decision's cost grows with it. A function of the
 * state and the question, so that anyone who has the log makes the same.
 */
export function questionOf(state: ControlState, asked: Asked): CedarQuestion {
  const { principal, action, resource, context } = asked;
  const atMs = msOf(asked.at);
  const ballot = state.ballots.get(resource.id);
  const entities = [
    ...principalEntities(state, principal, atMs, ballot),
    ...resourceEntity(state, asked, ballot),
  ];
  return { principal: uidOf(principal), action, resource, context, entities };
}

export function uidOf(id: string): TypeAndId {
  const type = id.startsWith('key:') ? 'Machine' : id.startsWith('account:') ? 'Account' : 'Person';
  return { type, id };
}

function principalEntities(
  state: ControlState,
  id: string,
  atMs: number,
  ballot: BallotRecord | undefined,
): EntityJson[] {
  const { type } = uidOf(id);
  if (type === 'Machine') return [machineEntity(state, id)];
  return type === 'Account' ? [entity(uidOf(id), {})] : personEntities(state, id, atMs, ballot);
}

function machineEntity(state: ControlState, id: string): EntityJson {
  const machine = rosterOf(state).machines.find(one => one.id === id);
  const isEnrolled = machine !== undefined && liveKeysOf(state, id).length > 0;
  return entity(uidOf(id), { isEnrolled, role: machine?.role ?? '' });
}

/** A person as things stand, and the organisation that employs him. */
export function personEntities(
  state: ControlState,
  id: PersonId,
  atMs: number,
  ballot?: BallotRecord,
): EntityJson[] {
  const roster = rosterOf(state);
  const person = personOf(state, id);
  const held = seatsHeldBy(state, id, atMs);
  const employer = roster.organisations.find(one => one.id === person?.employer);
  const employerUid = { type: 'Organisation', id: employer?.id ?? '' };
  const clearance = person?.clearance;
  return [
    entity(uidOf(id), {
      isEnrolled: person !== undefined && liveKeysOf(state, id).length > 0,
      roles: [...(person?.roles ?? [])].sort(),
      seats: held.map(seat => seat.id).sort(),
      offices: [...new Set(held.map(({ office }) => office))].sort(),
      standsIn: standsIn(state, id, atMs, ballot),
      ...(employer && { employer: { __entity: employerUid } }),
      ...(clearance && {
        clearance: {
          level: clearance.level,
          compartments: clearance.compartments.toSorted(),
          state: clearance.state,
          isLive: atMs < msOf(clearance.until),
        },
      }),
    }),
    ...(employer
      ? [entity(employerUid, { id: employer.id, beneficialOwner: employer.beneficialOwner })]
      : []),
  ];
}

function standsIn(
  state: ControlState,
  id: PersonId,
  atMs: number,
  ballot: BallotRecord | undefined,
): string[] {
  const seats = rosterOf(state)
    .seats.filter(({ alternates }) => alternates.some(({ person }) => person === id))
    .map(seat => seat.id);
  const delegated = state.delegations
    .filter(d => d.delegate === id && d.fromMs <= atMs && atMs < d.untilMs)
    .map(({ seat }) => seat);
  const { appointment } = ballot ?? {};
  const appointed = appointment?.person === id ? [appointment.seat] : [];
  return [...new Set([...seats, ...delegated, ...appointed])].sort();
}

function resourceEntity(
  state: ControlState,
  { resource, proposal, at }: Asked,
  ballot: BallotRecord | undefined,
): EntityJson[] {
  switch (resource.type) {
    case 'Switch':
      return [entity(resource, {})];
    case 'Seal': {
      const authority = state.seals.get(resource.id)?.seal.authority ?? '';
      return [entity(resource, { authority })];
    }
    default: {
      const known = ballot ? proposalOf(state, ballot) : proposal;
      return known ? [ballotEntity(state, resource, known, ballot, at)] : [];
    }
  }
}

function proposalOf(state: ControlState, { subject }: BallotRecord): Proposal {
  if (subject.type !== 'order/v1') {
    const { proposer } = subject.body;
    const kind = kindOf(subject.type);
    return { kind, proposer, isBreakGlass: false, isDrill: false, originators: [] };
  }
  const order = subject.body;
  const territory = order.scope && territoryOf(state, order.scope);
  return {
    kind: order.kind,
    proposer: order.proposer,
    isBreakGlass: order.breakGlass !== undefined,
    isDrill: order.drill,
    originators: people(order.originators.flatMap(o => [o.party, o.onBehalfOf ?? ''])),
    ...(territory && { territory: territory.id, jurisdiction: territory.jurisdiction }),
  };
}

function ballotEntity(
  state: ControlState,
  resource: Asked['resource'],
  known: Proposal,
  ballot: BallotRecord | undefined,
  at: Asked['at'],
): EntityJson {
  const refs = (ids: readonly PersonId[]): CedarValueJson[] =>
    people(ids).map(id => ({ __entity: uidOf(id) }));
  const standing = ballot?.votes.filter(({ ended }) => ended === undefined) ?? [];
  const attributes = {
    kind: known.kind,
    status: (ballot && orderStatusAt(state, ballot.hash, at)) ?? 'draft',
    quorumMet: (ballot && quorumAt(state, ballot, msOf(at))?.met) ?? false,
    proposer: { __entity: uidOf(known.proposer) },
    voters: refs(standing.map(({ person }) => person)),
    everVoted: refs(ballot ? votersOfAll(state, ballot) : []),
    barred: refs(ballot?.recusals.map(({ person }) => person) ?? []),
  };
  if (resource.type === 'Change') return entity(resource, attributes);
  const { territory, jurisdiction } = known;
  return entity(resource, {
    ...attributes,
    isBreakGlass: known.isBreakGlass,
    isDrill: known.isDrill,
    originators: refs(known.originators),
    ...(territory !== undefined && { territory }),
    ...(jurisdiction !== undefined && { jurisdiction }),
  });
}

/** Of any revision: an executor must not have had a hand in the order at all. */
function votersOfAll(state: ControlState, ballot: BallotRecord): PersonId[] {
  const { subject, hash } = ballot;
  const hashes =
    subject.type === 'order/v1' ? (state.revisions.get(subject.body.id) ?? []) : [hash];
  return hashes.flatMap(one => state.ballots.get(one)?.votes.map(({ person }) => person) ?? []);
}

function entity(uid: TypeAndId, attrs: Record<string, CedarValueJson>): EntityJson {
  return { uid, attrs, parents: [] };
}
