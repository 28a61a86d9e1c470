import { DAY_MS, instantOf, msOf } from '../instants.ts';
import type { DeclarationRecord } from '../state.ts';
import type { Declaration, Instant, PersonId, SeatId } from '../types.ts';
import { scopeWords } from './orderSentence.ts';

/** A standing declaration, with whether it still stands. */
export interface DeclarationView extends Omit<Declaration, 'attestations'> {
  readonly entry: number;
  readonly at: Instant;
  readonly isLive: boolean;
  /** Whole days until it expires; negative: days since. */
  readonly daysLeft: number;
  readonly territories: readonly string[];
  /** Where and for whom, in words, a row a scope. */
  readonly where: readonly string[];
  readonly signers: readonly {
    readonly person: PersonId;
    readonly seat: SeatId;
    readonly text: string;
  }[];
}

export function declarationView(
  { declaration, seq, atMs, untilMs }: DeclarationRecord,
  instant: Instant,
): DeclarationView {
  const { attestations, ...said } = declaration;
  const nowMs = msOf(instant);
  return {
    ...said,
    entry: seq,
    at: instantOf(atMs),
    isLive: nowMs < untilMs,
    daysLeft: Math.floor((untilMs - nowMs) / DAY_MS),
    territories: [...new Set(said.scopes.map(({ territory }) => territory.id))],
    where: said.scopes.map(scope => scopeWords(scope)),
    signers: attestations.map(({ signer, seat, text }) => ({ person: signer, seat, text })),
  };
}
