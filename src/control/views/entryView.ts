import type { ControlState } from '../state.ts';
import type { Entry, Instant, Seal } from '../types.ts';

/** An entry of the log, with whether it had an effect. */
export interface EntryView {
  readonly index: number;
  readonly time: Instant;
  readonly type: string;
  readonly actor: string;
  readonly subject: string;
  readonly prev: number | null;
  /** Ids of territories that it names. */
  readonly territories: readonly string[];
  /** Why it had none; null when it had. */
  readonly ineffective: string | null;
  /** The seal itself is visible: authority, reason and review date. */
  readonly seal: Pick<Seal, 'id' | 'authority' | 'reason' | 'reviewBy'> | null;
  readonly body: unknown;
}

export function entryView(state: ControlState, entry: Entry): EntryView {
  const body = entry.body as Record<string, unknown> | undefined;
  const seal = (entry.seal ?? body?.['seal']) as Seal | undefined;
  return {
    index: entry.seq,
    time: entry.time,
    type: entry.type,
    actor: entry.actor,
    subject: entry.subject,
    prev: entry.prev,
    territories: territoriesOf(state, entry),
    ineffective: state.ineffective.find(({ seq }) => seq === entry.seq)?.reason ?? null,
    seal: seal
      ? {
          id: seal.id,
          authority: seal.authority,
          reason: seal.reason,
          reviewBy: seal.reviewBy,
        }
      : null,
    body: entry.body,
  };
}

/** Territories that an entry names, itself or through the order that it is about. */
export function territoriesOf(state: ControlState, entry: Entry): string[] {
  const found = new Set<string>();
  const look = (body: unknown): void => {
    const { scope, scopes, territory, territories } = (body ?? {}) as {
      scope?: { territory?: { id?: string } };
      scopes?: readonly { territory?: { id?: string } }[];
      territory?: string | { id?: string };
      territories?: readonly { id?: string }[];
    };
    for (const one of [scope, ...(Array.isArray(scopes) ? scopes : [])]) {
      if (one?.territory?.id !== undefined) found.add(one.territory.id);
    }
    if (typeof territory === 'string') found.add(territory);
    else if (territory?.id !== undefined) found.add(territory.id);
    for (const one of Array.isArray(territories) ? territories : []) {
      if (one?.id !== undefined) found.add(one.id);
    }
  };
  look(entry.body);
  const { orderHash, statement, topics } = (entry.body ?? {}) as {
    orderHash?: string;
    statement?: { orderHash?: string };
    topics?: readonly { kind: string; about: string }[];
  };
  const about = state.ballots.get(orderHash ?? statement?.orderHash ?? '');
  if (about?.subject.type === 'order/v1') look(about.subject.body);
  for (const { kind, about: id } of Array.isArray(topics) ? topics : []) {
    if (kind === 'territory') found.add(id);
  }
  return [...found];
}
