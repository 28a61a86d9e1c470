import { strictestRule } from './defaultRules.ts';
import { isSeatLive } from './quorum.ts';
import type { ControlState } from './state.ts';
import type { Key, Person, PersonId, Roster, RuleSet, Seat, SeatId } from './types.ts';

/** The roster in force after the last entry. */
export function rosterOf(state: Pick<ControlState, 'rosters'>): Roster {
  return state.rosters[state.rosters.length - 1].roster;
}

export function personOf(state: ControlState, id: PersonId): Person | undefined {
  return rosterOf(state).persons.find(person => person.id === id);
}

/** Seats that a person holds at an instant. */
export function seatsHeldBy(state: ControlState, person: PersonId, atMs: number): Seat[] {
  return rosterOf(state).seats.filter(seat => seat.holder === person && isSeatLive(seat, atMs));
}

export function seatOf(state: ControlState, id: SeatId): Seat | undefined {
  return rosterOf(state).seats.find(seat => seat.id === id);
}

export function liveKeysOf(state: Pick<ControlState, 'keys'>, holder: string): Key[] {
  return state.keys
    .filter(({ key, revokedSeq }) => key.holder === holder && revokedSeq === undefined)
    .map(({ key }) => key);
}

/** Two enrolments of one credential, or of one signing key. */
export function isSameKey(a: Key, b: Key): boolean {
  if (a.publicKey.kind === 'note') {
    return b.publicKey.kind === 'note' && a.publicKey.verifierKey === b.publicKey.verifierKey;
  }
  return (
    b.publicKey.kind === 'webauthn' &&
    (a.publicKey.credentialId === b.publicKey.credentialId ||
      a.publicKey.publicKey === b.publicKey.publicKey)
  );
}

/** Why a roster cannot be used, alone or with these rules; undefined when it can. */
export function rosterFault(roster: Roster, rules: RuleSet): string | undefined {
  const { organisations, persons, machines, seats } = roster;
  for (const [what, ids] of Object.entries({ organisations, persons, machines, seats })) {
    if (new Set(ids.map(({ id }) => id)).size < ids.length) return `${what}: an id given twice`;
  }
  const isPerson = (id: PersonId): boolean => persons.some(person => person.id === id);
  for (const { id, employer } of persons) {
    if (!organisations.some(o => o.id === employer)) return `${id}: no organisation ${employer}`;
  }
  for (const { id, holder, alternates } of seats) {
    const stranger = [holder, ...alternates.map(({ person }) => person)].find(p => !isPerson(p));
    if (stranger !== undefined) return `seat ${id}: no person ${stranger}`;
  }
  // A demonstration may lack people, and then its quorums are out of reach: no rule is relaxed.
  if (roster.demo) return undefined;
  const needed = [
    ...strictestRule(rules).seats,
    ...rules.breakGlass.seats,
    ...rules.originators.seats,
  ];
  for (const { office, count, areOfDifferentJurisdictions } of needed) {
    const held = seats.filter(seat => seat.office === office);
    const have = areOfDifferentJurisdictions
      ? new Set(held.map(({ jurisdiction }) => jurisdiction)).size
      : held.length;
    if (have < count) return `${have} seats of ${office}, and the rules need ${count}`;
  }
  return undefined;
}
