import { msOf } from '../instants.ts';
import { personOf, seatsHeldBy } from '../rosterRules.ts';
import type { ControlState } from '../state.ts';
import type { Marking, PersonId } from '../types.ts';
import { isCleared } from './marking.ts';
import type { ReadPurpose } from './readRequest.ts';

export interface ReadQuestion {
  readonly person: PersonId;
  readonly purpose: ReadPurpose;
  /** Of the group of portions that is asked for. */
  readonly marking: Marking;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

export interface ReadDecision {
  readonly allow: boolean;
  /** Ids of the rules, or policies, that decided. Never public. */
  readonly reasons: readonly string[];
}

/** May this person read this now? Whatever it throws means no. */
export type DecideRead = (
  state: ControlState,
  question: ReadQuestion,
) => ReadDecision | Promise<ReadDecision>;

/**
 * The rules of need to know: level, every compartment, releasable, clearance live, and a purpose that
 * is tied to an order, an open review or a duty of his.
 */
export function decideRead(state: ControlState, question: ReadQuestion): ReadDecision {
  const { person, purpose, marking, atMs } = question;
  const reader = personOf(state, person);
  const clearance = reader?.clearance;
  const checks: Readonly<Record<string, boolean>> = {
    'clearance-live': clearance !== undefined && atMs < msOf(clearance.until),
    'clearance-reaches':
      clearance !== undefined && isCleared(clearance, reader?.employer ?? '', marking),
    'purpose-is-real': isPurposeReal(state, person, purpose, atMs),
  };
  const failed = Object.keys(checks).filter(rule => !checks[rule]);
  return { allow: failed.length === 0, reasons: failed.length === 0 ? ['need-to-know'] : failed };
}

/** Whether a purpose is tied to an order, to a review that is owed, or to a seat or role of his. */
export function isPurposeReal(
  state: ControlState,
  person: PersonId,
  { kind, about }: ReadPurpose,
  atMs: number,
): boolean {
  if (kind === 'duty') {
    const roles: readonly string[] = personOf(state, person)?.roles ?? [];
    return roles.includes(about) || seatsHeldBy(state, person, atMs).some(({ id }) => id === about);
  }
  const hash = state.revisions.get(about)?.at(-1) ?? about;
  const record = state.ballots.get(hash);
  if (record?.subject.type !== 'order/v1') return false;
  return kind === 'order' ? !record.closed : record.reviews.length > 0;
}
