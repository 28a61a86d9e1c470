import type { EntityJson } from '@cedar-policy/cedar-wasm';
import type { PolicySet } from '../types.ts';
import { decide } from './decide.ts';
import type { CedarEngine, CedarQuestion } from './engine.ts';

const SEAT = { type: 'Person', id: 'person:seat-holder' };
const PROPOSER = { type: 'Person', id: 'person:proposer' };
const EXECUTOR = { type: 'Person', id: 'person:executor' };
const SWITCH = { type: 'Switch', id: 'switch' };
const CHANGE = { type: 'Change', id: 'change' };
const RESUME = { type: 'Order', id: 'resume' };

function person(uid: typeof SEAT, roles: string[], seats: string[]): EntityJson {
  return {
    uid,
    attrs: { isEnrolled: true, roles, seats, offices: seats, standsIn: [] },
    parents: [],
  };
}

function ballot(uid: typeof CHANGE, kind: string, status: string): EntityJson {
  const common = {
    kind,
    status,
    quorumMet: status === 'approved',
    proposer: { __entity: PROPOSER },
    voters: [],
    everVoted: [],
    barred: [],
  };
  const ofOrder = { isBreakGlass: false, isDrill: false, originators: [] };
  const attrs = uid.type === 'Order' ? { ...common, ...ofOrder } : common;
  return { uid, attrs, parents: [] };
}

function probe(
  principal: EntityJson,
  action: string,
  resource: EntityJson,
  entry: string,
  seat?: string,
): CedarQuestion {
  return {
    principal: principal.uid as typeof SEAT,
    action,
    resource: resource.uid as typeof SEAT,
    context: { channel: 'hand', scopes: [], entry, ...(seat !== undefined && { seat }) },
    entities: [principal, resource],
  };
}

/** An ordinary person of each part, in the plainest case. */
const seatHolder = person(SEAT, [], ['oversight']);
const proposer = person(PROPOSER, ['drafter'], ['operator.legal']);
const executor = person(EXECUTOR, ['executor'], []);
const theSwitch: EntityJson = { uid: SWITCH, attrs: {}, parents: [] };
const change = (status: string): EntityJson => ballot(CHANGE, 'policySet', status);
const resume = (status: string): EntityJson => ballot(RESUME, 'resume', status);

/** What every set must leave possible, or there is no way back from it. */
const MUST_ALLOW: Readonly<Record<string, CedarQuestion>> = {
  'propose other policies': probe(proposer, 'administer', change('draft'), 'policySet/v1'),
  'vote on other policies': probe(seatHolder, 'vote', change('voting'), 'vote/v1', 'oversight'),
  'put approved policies in force': probe(executor, 'execute', change('approved'), 'execution/v1'),
  'propose to resume service': probe(proposer, 'propose', resume('draft'), 'order/v1'),
  'vote to resume service': probe(seatHolder, 'vote', resume('voting'), 'vote/v1', 'oversight'),
  'resume service once approved': probe(executor, 'execute', resume('approved'), 'execution/v1'),
  'disclose a contact': probe(seatHolder, 'disclose', theSwitch, 'contact/v1'),
  'recuse himself': probe(seatHolder, 'recuse', resume('voting'), 'recusal/v1'),
};

/**
 * Why a policy set must not be recorded, one line each; empty when it may. It must parse, hold under
 * strict validation against the schema, and leave the ways open by which it can be replaced and service
 * given back.
 *
 * The last is tried with made-up people in the plainest case: a set that names a real person to bar
 * him passes, and is for those who vote on it to see.
 */
export function policySetFaults(engine: CedarEngine, policySet: PolicySet): readonly string[] {
  const faults = engine.faultsOf(policySet);
  if (faults.length > 0) return faults;
  return Object.entries(MUST_ALLOW).flatMap(([what, question]) => {
    const { allow, reasons, errors } = decide(engine, policySet, question);
    if (allow) return [];
    const why = [...reasons, ...errors].join(', ') || 'nothing permits it';
    return [`nobody could ${what} any more (${why})`];
  });
}
