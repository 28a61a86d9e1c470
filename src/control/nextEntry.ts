import { instantOf } from './instants.ts';
import type { ControlState } from './state.ts';
import { signedParts } from './statements.ts';
import type { Entry, EntryBodies, EntryType } from './types.ts';

/** Who causes an entry, and what it is about; by default as its body says. */
export interface EntryAbout {
  readonly actor?: string;
  readonly subject?: string;
}

/**
 * The envelope of the next entry of a log: its index, a time that never runs backwards, and the
 * index of the last entry about the same subject. Before the genesis there is no state.
 *
 * @param nowMs the clock of the one who sequences, milliseconds since 1970; when it was set back,
 *   the time of the last entry stands
 */
export function nextEntry<T extends EntryType>(
  state: ControlState | undefined,
  type: T,
  body: EntryBodies[T],
  nowMs: number,
  about: EntryAbout = {},
): Entry {
  const subject = about.subject ?? subjectOf(state, type, body);
  return {
    v: 1,
    type,
    seq: state?.size ?? 0,
    time: instantOf(Math.max(nowMs, state?.timeMs ?? 0)),
    actor: about.actor ?? signedParts(type, body)[0]?.signer ?? 'org:server',
    subject,
    prev: state?.lastAbout.get(subject) ?? null,
    body,
  };
}

/** What an entry is about: the thing that its body names, so that its history is one chain. */
function subjectOf(state: ControlState | undefined, type: EntryType, body: unknown): string {
  const fields = body as { readonly [field: string]: unknown };
  const hash = fields['orderHash'] ?? (fields['statement'] as { orderHash?: string })?.orderHash;
  if (typeof hash === 'string' && type !== 'declaration/v1') {
    const subject = state?.ballots.get(hash)?.subject;
    return subject?.type === 'order/v1' ? `order:${subject.body.id}` : `change:${hash}`;
  }
  const kind = type.slice(0, type.indexOf('/'));
  const claim = fields['claim'];
  if (kind === 'stance' && typeof claim === 'string') return `claim:${claim}`;
  const { id, sealId } = fields;
  if (typeof sealId === 'string') return `seal:${sealId}`;
  return typeof id === 'string' ? `${kind}:${id}` : kind;
}
