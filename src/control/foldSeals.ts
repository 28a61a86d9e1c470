import { BeamkeeperError } from '../orbits/error.ts';
import { scopeShape } from './bodyShapes.ts';
import { checkSaidScope } from './foldOrders.ts';
import { msOf } from './instants.ts';
import { isSeatLive } from './quorum.ts';
import { seatOf } from './rosterRules.ts';
import { type Disclosure, disclosureDigest, readDisclosure } from './seals/disclosure.ts';
import { sealedTextsOf } from './seals/sealedTexts.ts';
import { carrierOf, reviewFault, signersFault, territoryDueMs } from './seals/sealRules.ts';
import { type Draft, found, Ineffective, need, type SealRecord, type Step } from './state.ts';
import type { Scope } from './types.ts';

function sealOf(state: Draft, id: string): SealRecord {
  return found(state.seals.get(id), `no seal ${id}`);
}

function needAuthority(state: Draft, { seal }: SealRecord, person: string, atMs: number): void {
  const seat = seatOf(state, seal.authority);
  need(
    seat?.holder === person && isSeatLive(seat, atMs),
    `${person} does not hold the authority's seat ${seal.authority}`,
  );
}

/** Publishes one portion, checked against the digests of the leaf. */
export function unseal(state: Draft, { atMs, body, context }: Step<'unseal/v1'>): void {
  const { sealId, disclosure, person, proof } = body;
  need((person === undefined) === (proof === undefined), 'a person signs, or nobody is named');
  const record = sealOf(state, sealId);
  const digest = disclosureDigest(context.sha256, disclosure);
  need(record.seal.sd.includes(digest), `the portion has no digest in the seal ${sealId}`);
  const { name, value } = portionOf(disclosure);
  need(!record.opened.has(name), `${name} is opened already`);
  const carrier = carrierOf(state, record);
  if (name === 'scope' && 'kind' in carrier) {
    need(carrier.scope === undefined, 'the scope of the order was never sealed');
    const malformed = scopeShape(value, 'scope');
    need(malformed === undefined, malformed ?? '');
    checkSaidScope(state, carrier.kind, value as Scope);
  } else {
    const text = sealedTextsOf(carrier).find(one => one.name === name);
    need(text?.digest === digest, `${name} of the entry is not what this portion was sealed for`);
    need(typeof value === 'string' && value !== '', `${name} is not a text`);
  }
  const isDue = name === 'scope' && 'kind' in carrier && atMs >= territoryDueMs(state, carrier);
  if (person !== undefined) needAuthority(state, record, person, atMs);
  else need(isDue, 'before its time only the authority opens a portion');
  const opened = new Map(record.opened).set(name, value);
  state.seals.set(sealId, { ...record, opened });
}

function portionOf(disclosure: string): Disclosure {
  try {
    return readDisclosure(disclosure);
  } catch (cause) {
    if (cause instanceof BeamkeeperError) throw new Ineffective(cause.message);
    throw cause;
  }
}

/** Says that the keys are to be destroyed. The leaf and its proofs stay. */
export function shred(state: Draft, { seq, atMs, body }: Step<'shred/v1'>): void {
  const record = sealOf(state, body.sealId);
  needAuthority(state, record, body.person, atMs);
  need(!record.shredded, 'the seal is shredded already');
  const carrier = carrierOf(state, record);
  const isHidden = 'kind' in carrier && carrier.scope === undefined && !record.opened.has('scope');
  need(!isHidden, 'a sealed territory is opened before its seal is shredded');
  state.seals.set(body.sealId, { ...record, shredded: { seq, atMs } });
}

export function reviewSeal(state: Draft, { atMs, body }: Step<'sealReview/v1'>): void {
  const { sealId, person, second, reviewBy } = body;
  const record = sealOf(state, sealId);
  need(!record.shredded, 'the seal is shredded');
  const fault =
    reviewFault(reviewBy, atMs) ??
    signersFault(state, record.seal.authority, [person, second], atMs);
  need(fault === undefined, fault ?? '');
  state.seals.set(sealId, { ...record, reviewByMs: msOf(reviewBy) });
}
