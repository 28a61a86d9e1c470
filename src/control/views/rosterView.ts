import type { ControlState } from '../state.ts';
import type { Office, Organisation, PersonId, Role, SeatId } from '../types.ts';

/** Who is who: people with their employers, seats and roles. */
export interface RosterView {
  /** People and keys are made up. */
  readonly isDemo: boolean;
  /** Entry that put it in force. */
  readonly entry: number;
  readonly relyingParty: { readonly id: string; readonly origin: string };
  readonly organisations: readonly Organisation[];
  readonly persons: readonly {
    readonly id: PersonId;
    readonly employer: string;
    readonly roles: readonly Role[];
    readonly seats: readonly SeatId[];
    readonly alternateOf: readonly SeatId[];
    readonly keys: readonly { readonly kind: 'note' | 'webauthn'; readonly id: string }[];
  }[];
  readonly machines: readonly { readonly id: string; readonly role: string }[];
  readonly seats: readonly {
    readonly id: SeatId;
    readonly office: Office;
    readonly jurisdiction: string;
    readonly holder: PersonId;
    readonly alternates: readonly { readonly person: PersonId; readonly isIndependent: boolean }[];
  }[];
}

export function rosterView(state: ControlState): RosterView {
  const { roster, seq } = state.rosters[state.rosters.length - 1];
  const { demo, relyingParty, organisations, machines, seats } = roster;
  return {
    isDemo: demo,
    entry: seq,
    relyingParty,
    organisations,
    machines,
    persons: roster.persons.map(({ id, employer, roles }) => ({
      id,
      employer,
      roles,
      seats: seats.filter(({ holder }) => holder === id).map(seat => seat.id),
      alternateOf: seats
        .filter(({ alternates }) => alternates.some(({ person }) => person === id))
        .map(seat => seat.id),
      keys: state.keys
        .filter(({ key, revokedSeq }) => key.holder === id && revokedSeq === undefined)
        .map(({ key: { publicKey } }) => ({
          kind: publicKey.kind,
          id: publicKey.kind === 'note' ? publicKey.verifierKey : publicKey.credentialId,
        })),
    })),
    seats: seats.map(({ id, office, jurisdiction, holder, alternates }) => ({
      id,
      office,
      jurisdiction,
      holder,
      alternates,
    })),
  };
}
