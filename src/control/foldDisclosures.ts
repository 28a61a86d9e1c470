import { doesContactBear } from './ballots.ts';
import { checkScope, keepSeal, taintVote } from './foldOrders.ts';
import { asExecuted, orderCells, territoryOf } from './inForce.ts';
import { businessDaysAfterMs, DAY_MS, msOf, PLAIN_CALENDAR } from './instants.ts';
import { isSeatLive } from './quorum.ts';
import { personOf, rosterOf, seatOf } from './rosterRules.ts';
import { scopeCells } from './scopeCells.ts';
import { sealFault } from './seals/sealRules.ts';
import { type Draft, need, type Step } from './state.ts';
import type { Declaration } from './types.ts';

/** Business days, in the calendar of the reporter's seat, in which a contact is to be disclosed. */
const DISCLOSURE_BUSINESS_DAYS = 5;

export function disclose(state: Draft, step: Step<'contact/v1'>): void {
  const { seq, atMs, body: contact } = step;
  const { id, reporter, from, to, corrects } = contact;
  need(personOf(state, reporter) !== undefined, `${reporter} is not in the roster`);
  need(!state.contacts.has(id), `the contact ${id} is disclosed already`);
  need(msOf(from) <= msOf(to) && msOf(to) <= atMs, 'the dates of the contact are not in order');
  const corrected = corrects === undefined ? undefined : state.contacts.get(corrects);
  need(
    corrects === undefined || corrected?.contact.reporter === reporter,
    `${corrects} is no contact of ${reporter}`,
  );
  const fault = sealFault(state, 'contact/v1', contact, atMs);
  need(fault === undefined, fault ?? '');
  const seats = rosterOf(state).seats;
  const seat =
    seats.find(({ holder }) => holder === reporter) ??
    seats.find(({ alternates }) => alternates.some(({ person }) => person === reporter));
  const calendar = seat?.calendar ?? PLAIN_CALENDAR;
  const dueMs = businessDaysAfterMs(calendar, msOf(to), DISCLOSURE_BUSINESS_DAYS);
  state.contacts.set(id, { seq, atMs, contact, dueMs, isLate: atMs >= dueMs });
  keepSeal(state, step, contact.seal, { type: 'contact/v1', id });

  for (const record of [...state.ballots.values()]) {
    const { subject, hash, votes, executed, closed, recusals } = record;
    if (subject.type !== 'order/v1' || closed) continue;
    if (!doesContactBear(contact, hash, subject.body)) continue;
    const vote = votes.find(({ person, ended }) => person === reporter && !ended);
    if (vote && msOf(from) <= vote.atMs) taintVote(state, record, reporter, step);
    else if (!executed) {
      const recusal = { seq, atMs, person: reporter, why: 'contact' } as const;
      state.ballots.set(hash, { ...record, recusals: [...recusals, recusal] });
    }
  }
}

export function declare(state: Draft, step: Step<'declaration/v1'>): void {
  const { seq, atMs, body: declaration } = step;
  const { scopes, attestations, reason, validUntil, id } = declaration;
  need(!state.declarations.some(d => d.declaration.id === id), `${id} is declared already`);
  need(scopes.length > 0, 'no territory is declared');
  for (const scope of scopes) checkScope(state, scope);
  for (const { signer, seat: seatId } of attestations) {
    const seat = seatOf(state, seatId);
    need(
      seat?.holder === signer && isSeatLive(seat, atMs),
      `${signer} does not hold the seat ${seatId}`,
    );
  }
  const signers = new Set(attestations.map(({ signer }) => signer));
  const seats = new Set(attestations.map(({ seat }) => seat));
  need(signers.size >= 2 && seats.size >= 2, 'two people sign, from different seats');
  const rules = state.rules.declaration;
  const days = rules.shortReasons.includes(reason) ? rules.shortValidDays : rules.validDays;
  const untilMs = msOf(validUntil);
  need(untilMs > atMs, 'the declaration ends before it begins');
  need(untilMs - atMs <= days * DAY_MS, `"${reason}" is declared for ${days} days at most`);
  checkOrigin(state, declaration);
  state.declarations.push({ seq, atMs, declaration, untilMs });
}

/** Where somebody asked, the declaration is carried by the quorum of an order to withhold. */
function checkOrigin(state: Draft, declaration: Declaration): void {
  const { originators, reason, orderHash, scopes } = declaration;
  for (const { party, capacity, contactId } of originators) {
    if (state.rules.originators.capacities.includes(capacity)) {
      need(contactId !== undefined, `the contact with ${party} (${capacity}) is not disclosed`);
    }
    need(contactId === undefined || state.contacts.has(contactId), `no contact ${contactId}`);
  }
  const wasAsked = originators.some(({ capacity }) =>
    state.rules.originators.capacities.includes(capacity),
  );
  if (!wasAsked && !state.rules.declaration.orderReasons.includes(reason)) return;
  const record = orderHash === undefined ? undefined : state.ballots.get(orderHash);
  const executed = record && asExecuted(record);
  need(
    executed?.order.kind === 'withhold' && !executed.order.drill,
    `"${reason}", asked for by somebody, needs an executed order to withhold`,
  );
  const decided = orderCells(state, executed) ?? new Set<string>();
  for (const scope of scopes) {
    const territory = territoryOf(state, scope);
    const isWithin = !!territory && [...scopeCells(territory, scope)].every(c => decided.has(c));
    need(isWithin, `the order does not reach all of ${scope.territory.id}`);
  }
}
