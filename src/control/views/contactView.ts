import { DAY_MS, instantOf, msOf } from '../instants.ts';
import type { ContactRecord } from '../state.ts';
import type { Contact, Instant, Seal } from '../types.ts';

/** A disclosed contact, with how long it took to come out. */
export interface ContactView extends Omit<Contact, 'proof' | 'seal'> {
  readonly entry: number;
  /** That something of it is kept back; a sealed text says `sealed:` and its digest. */
  readonly seal: Pick<Seal, 'id' | 'authority' | 'reason' | 'reviewBy'> | null;
  readonly disclosedAt: Instant;
  /** End of the fifth business day after the last contact. */
  readonly dueAt: Instant;
  readonly isLate: boolean;
  /** Whole days from the last contact to its disclosure. */
  readonly daysUntilDisclosed: number;
}

export function contactView({ contact, seq, atMs, dueMs, isLate }: ContactRecord): ContactView {
  const { proof: _, seal, ...said } = contact;
  return {
    ...said,
    entry: seq,
    seal: seal
      ? { id: seal.id, authority: seal.authority, reason: seal.reason, reviewBy: seal.reviewBy }
      : null,
    disclosedAt: instantOf(atMs),
    dueAt: instantOf(dueMs),
    isLate,
    daysUntilDisclosed: Math.floor((atMs - msOf(contact.to)) / DAY_MS),
  };
}
