import type { FastifyRequest } from 'fastify';
import {
  askedOf,
  BODY_SHAPES,
  type Channel,
  type EntryBodies,
  type EntryType,
  isRecorded,
  isSignedType,
  type MadeDecision,
  makeDecision,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import type { SwitchStore } from '../store/switchStore.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { HttpProblem } from './problem.ts';

/** Who hands an entry in: nobody in particular, an account that is signed in, or its token. */
export interface HandedInBy extends Channel {
  /** Name in the roster, or `account:…`; counts only for what nobody signs. */
  readonly account?: string | undefined;
}

/** What the identity of a request is, as far as policies are concerned. */
export function handedInBy(request: FastifyRequest): HandedInBy {
  const { account } = request;
  if (!account) return { channel: 'hand' };
  const { person, id, scopes } = account;
  const by = { account: person ?? `account:${id}` };
  return scopes ? { ...by, channel: 'token', scopes } : { ...by, channel: 'session' };
}

/**
 * Asks Cedar, by the policies in the log, whether an entry may be appended; to be awaited just before it
 * is. Decisions about votes, executions, break-glass and changes of roster, rules, policies and keys are
 * recorded first, allowed or refused, so that anyone can replay them.
 *
 * What the rules of the log refuse anyway is left to them: they say what is missing. That also keeps
 * decisions about forged signatures out of the log.
 *
 * @throws HttpProblem 403 `POLICY` with the ids of the policies; what `store.preview` throws
 */
export async function authorise<T extends EntryType>(
  store: SwitchStore,
  type: T,
  body: EntryBodies[T],
  by: HandedInBy,
): Promise<void> {
  // The store says which field is wrong.
  if (BODY_SHAPES[type](body, 'body') !== undefined) return;
  // A demo has no accounts; what nobody signs is nobody's act there.
  if (!isSignedType(type) && by.account === undefined) return;
  const { cedarEngine } = await import('../store/cedarEngine.ts');
  const { state } = store;
  const at = new Date(Math.max(store.nowMs(), state.timeMs)).toISOString();
  const asked = askedOf(nodeSha256, state, type, body, { ...by, at });
  const made = asked.map(one => makeDecision(cedarEngine, nodeSha256, state, one));
  const isAllowed = made.every(({ verdict }) => verdict.allow);
  const recorded = made.filter((_, i) => isRecorded(asked[i]));
  if (isAllowed && recorded.length === 0) return;
  if (!(await hasEffect(store, type, body))) return;
  for (const decision of recorded) await record(store, decision);
  if (!isAllowed) throw refusal(type, made);
}

async function hasEffect<T extends EntryType>(
  store: SwitchStore,
  type: T,
  body: EntryBodies[T],
): Promise<boolean> {
  try {
    await store.preview(type, body);
    return true;
  } catch (cause) {
    if (cause instanceof BeamkeeperError && cause.code === 'NO_EFFECT') return false;
    throw cause;
  }
}

async function record(store: SwitchStore, { body, blobs }: MadeDecision): Promise<void> {
  for (const blob of blobs) await store.putBlob(blob);
  await store.record('decision/v1', body);
}

function refusal(type: EntryType, made: readonly MadeDecision[]): HttpProblem {
  const refused = made.filter(({ verdict }) => !verdict.allow).map(({ verdict }) => verdict);
  const policies = [...new Set(refused.flatMap(({ reasons }) => reasons))].sort();
  const errors = refused.flatMap(one => one.errors);
  const why =
    errors.length > 0
      ? 'the policies in force could not be evaluated, and then the answer is no'
      : policies.length > 0
        ? `refused by ${policies.join(', ')}`
        : 'no policy permits it';
  return new HttpProblem(403, 'POLICY', `${type}: ${why}`, { policies, errors });
}
