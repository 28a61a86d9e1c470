import { BeamkeeperError } from '../orbits/error.ts';
import { BODY_SHAPES } from './bodyShapes.ts';
import { addAttribution, addClaim, addSource, addStance } from './claims.ts';
import { addTerritory, policyDigest, proposeChange } from './foldChanges.ts';
import { declare, disclose } from './foldDisclosures.ts';
import {
  appointAlternate,
  cancel,
  castVote,
  commit,
  confirm,
  delegate,
  execute,
  proposeOrder,
  recordDrill,
  recuse,
  reportImpact,
  review,
  taint,
  withdrawVote,
} from './foldOrders.ts';
import { reviewSeal, shred, unseal } from './foldSeals.ts';
import { msOf } from './instants.ts';
import { checkProof, namesKey } from './proofs.ts';
import { isSameKey, liveKeysOf, rosterFault, rosterOf } from './rosterRules.ts';
import { territoryFault } from './scopeCells.ts';
import {
  type ControlState,
  type Draft,
  draftOf,
  type FoldContext,
  Ineffective,
  need,
  type Step,
} from './state.ts';
import { type SignedPart, signedParts } from './statements.ts';
import type { Entry, EntryType, Genesis, Key } from './types.ts';

type Steps = { readonly [T in EntryType]: ((state: Draft, step: Step<T>) => void) | 'record' };

/** What each type of entry does. `record`: it is in the log, and changes nothing here. */
const STEPS: Steps = {
  'genesis/v1': () => need(false, 'there is one genesis, entry 0'),
  'roster/v1': proposeChange,
  'rule/v1': proposeChange,
  'policySet/v1': proposeChange,
  'territory/v1': proposeChange,
  'keyEnrol/v1': proposeChange,
  'keyRevoke/v1': proposeChange,
  'order/v1': proposeOrder,
  'impact/v1': reportImpact,
  'vote/v1': castVote,
  'voteWithdraw/v1': withdrawVote,
  'recusal/v1': recuse,
  'alternate/v1': appointAlternate,
  'delegation/v1': delegate,
  'taint/v1': taint,
  'execution/v1': execute,
  'receipt/v1': confirm,
  'revert/v1': confirm,
  'cancel/v1': cancel,
  'review/v1': review,
  'drillResult/v1': recordDrill,
  'contact/v1': disclose,
  'declaration/v1': declare,
  'commitment/v1': commit,
  'claim/v1': addClaim,
  'source/v1': addSource,
  'attribution/v1': addAttribution,
  'stance/v1': addStance,
  'anchor/v1': 'record',
  'log.key/v1': 'record',
  'decision/v1': 'record',
  'access/v1': 'record',
  'unseal/v1': unseal,
  'shred/v1': shred,
  'sealReview/v1': reviewSeal,
  'observation/v1': 'record',
  'drift/v1': 'record',
  'export/v1': 'record',
};

/**
 * The state after the first entry, which is checked as a whole: it has no older rules to be
 * measured by, and its hash is published outside the log.
 *
 * @throws BeamkeeperError `GENESIS`
 */
export function foldGenesis(entry: Entry, context: FoldContext): ControlState {
  const wrong = (what: string): BeamkeeperError =>
    new BeamkeeperError('GENESIS', `entry 0, genesis: ${what}`);
  if (entry.seq !== 0 || entry.type !== 'genesis/v1' || entry.prev !== null) {
    throw wrong(`a log begins with entry 0 of type genesis/v1, not with ${entry.type}`);
  }
  const malformed = BODY_SHAPES['genesis/v1'](entry.body, 'body');
  if (malformed !== undefined) throw wrong(malformed);
  const { roster, rules, policySet, keys, territories, normal } = entry.body as Genesis;
  const fault = rosterFault(roster, rules);
  if (fault !== undefined) throw wrong(fault);
  if (keys.some((key, i) => keys.slice(0, i).some(other => isSameKey(key, other)))) {
    throw wrong('a key is given twice');
  }
  const atMs = msOf(entry.time);
  const state: ControlState = {
    size: 1,
    timeMs: atMs,
    genesisMs: atMs,
    rosters: [{ seq: 0, atMs, roster }],
    delegations: [],
    rules,
    policySet,
    policySha256: policyDigest(context, rules, policySet),
    keys: keys.map(key => ({ key, seq: 0, atMs })),
    territories: new Map(),
    latestVersions: new Map(),
    normal,
    ballots: new Map(),
    revisions: new Map(),
    nonces: new Set(),
    contacts: new Map(),
    declarations: [],
    commitments: new Map(),
    seals: new Map(),
    claims: { claims: new Map(), sources: new Map(), attributions: new Map(), stances: [] },
    lastAbout: new Map([[entry.subject, 0]]),
    ineffective: [],
  };
  const draft = draftOf(state);
  for (const territory of territories) {
    const territoryWrong = territoryFault(territory, context.sha256);
    if (territoryWrong !== undefined) throw wrong(territoryWrong);
    addTerritory(draft, territory);
  }
  const lost = normal.find(({ territory: t }) => !draft.territories.has(`${t.id}@${t.version}`));
  if (lost) throw wrong(`normal: no territory ${lost.territory.id}`);
  return draft;
}

/**
 * The state one entry later; `state` is left as it is. An entry that breaks a rule changes nothing
 * and is listed in `ineffective`, with the reason.
 *
 * @throws BeamkeeperError `UNKNOWN_TYPE` for a type that is not known here: a rule of the future may
 *   forbid, so nothing is skipped; `LOG_ORDER` when the entry is not the next one, or its time runs
 *   backwards: then this is not the log
 */
export function fold(state: ControlState, entry: Entry, context: FoldContext): ControlState {
  const draft = draftOf(state);
  apply(draft, entry, context);
  return draft;
}

/**
 * The state after all entries: the first is the genesis, or the one that follows `from`.
 *
 * @example
 * const { holds } = await verifySignatures(sha256, entries);
 * const state = foldAll(entries, { sha256, holds });
 * state.ineffective; // what is in the log and has no effect
 */
export function foldAll(
  entries: readonly Entry[],
  context: FoldContext,
  from?: ControlState,
): ControlState {
  const rest = from ? entries : entries.slice(1);
  const draft = draftOf(from ?? foldGenesis(entries[0], context));
  for (const entry of rest) apply(draft, entry, context);
  return draft;
}

/** A state that grows in place. */
export interface RunningFold {
  readonly state: ControlState;
  /** @throws BeamkeeperError as {@link fold} */
  add(entry: Entry): void;
}

/**
 * A fold that adds entry after entry to one copy of `from`, which stays as it is: {@link fold} copies
 * for each.
 */
export function runningFold(from: ControlState, context: FoldContext): RunningFold {
  const draft = draftOf(from);
  return { state: draft, add: entry => apply(draft, entry, context) };
}

function apply(draft: Draft, entry: Entry, context: FoldContext): void {
  const { seq, type, subject } = entry;
  const atMs = msOf(entry.time);
  if (seq !== draft.size || atMs < draft.timeMs) {
    throw new BeamkeeperError(
      'LOG_ORDER',
      `entry ${seq} at ${entry.time}: not what follows ${draft.size} entries of this log`,
    );
  }
  if (!Object.hasOwn(STEPS, type)) {
    throw new BeamkeeperError(
      'UNKNOWN_TYPE',
      `entry ${seq}: type ${type} is not known here; update`,
    );
  }
  const { prev } = entry;
  const last = draft.lastAbout.get(subject) ?? null;
  draft.size = seq + 1;
  draft.timeMs = atMs;
  draft.lastAbout.set(subject, seq);
  try {
    need(prev === last, `prev is ${prev}, the last entry about ${subject} is ${last}`);
    take(draft, entry, type as EntryType, { seq, atMs, context });
  } catch (cause) {
    if (!(cause instanceof Ineffective)) throw cause;
    draft.ineffective.push({ seq, type, reason: cause.message });
  }
}

function take<T extends EntryType>(
  draft: Draft,
  entry: Entry,
  type: T,
  at: Pick<Step<T>, 'seq' | 'atMs' | 'context'>,
): void {
  const step = STEPS[type] as ((state: Draft, step: Step<T>) => void) | 'record';
  if (step === 'record') return;
  const malformed = BODY_SHAPES[type](entry.body, 'body');
  need(malformed === undefined, malformed ?? '');
  const body = entry.body as Step<T>['body'];
  const keys = signedParts(type, body).map(part => provingKey(draft, part, at.context));
  step(draft, { ...at, type, body, ...(keys[0] && { key: keys[0] }) });
}

/** The key that made a proof: one in force of the signer's, or the one that the entry brings. */
function provingKey(state: Draft, part: SignedPart, { sha256, holds }: FoldContext): Key {
  const { signer, statement, proof, newKey } = part;
  const candidates = newKey ? [newKey] : liveKeysOf(state, signer);
  const key = candidates.find(candidate => namesKey(sha256, proof, candidate));
  if (!key) throw new Ineffective(`the proof is of no key in force of ${signer}`);
  const { relyingParty } = rosterOf(state);
  try {
    need(
      holds(checkProof(sha256, statement, proof, key, relyingParty)),
      `the signature of ${signer} does not hold`,
    );
  } catch (cause) {
    if (cause instanceof BeamkeeperError) throw new Ineffective(cause.message);
    throw cause;
  }
  return key;
}
