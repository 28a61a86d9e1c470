import { type Sha256, toHex } from '../../tlog/index.ts';
import { BODY_SHAPES } from '../bodyShapes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { foldAll } from '../fold.ts';
import { MINUTE_MS, msOf } from '../instants.ts';
import {
  anything,
  fields,
  flag,
  instant,
  integer,
  list,
  matching,
  oneOf,
  optional,
  record,
  text,
} from '../shape.ts';
import type { ControlState, FoldContext } from '../state.ts';
import type { Decision, Entry, PolicySet, Sha256Hex } from '../types.ts';
import type { Asked, EntryAction, Proposal } from './asked.ts';
import { CEDAR_SCHEMA } from './cedarSchema.ts';
import { decide, type Verdict } from './decide.ts';
import type { CedarEngine, CedarQuestion } from './engine.ts';
import { questionOf, uidOf } from './entitySlice.ts';

/** A decision is sequenced within this time of being made. */
const STALE_MS = 5 * MINUTE_MS;

/** Actions whose decisions are entries, whichever way they go: what moves the switch, or its rules. */
const RECORDED_ACTIONS: readonly EntryAction[] = [
  'breakGlass',
  'vote',
  'review',
  'execute',
  'administer',
];

export function isRecorded({ action }: Asked): boolean {
  return RECORDED_ACTIONS.includes(action);
}

/** A question as a decision's entry holds it: with the number of entries that were known. */
interface RecordedRequest extends Asked {
  readonly logSize: number;
}

/** A decision with the entry that says so and the files that the entry names. */
export interface MadeDecision {
  readonly verdict: Verdict;
  readonly body: Decision;
  /** Policy set, schema, entity slice. */
  readonly blobs: readonly Uint8Array[];
}

/** Asks, by the policies in force, and makes the record of it. */
export function makeDecision(
  engine: CedarEngine,
  sha256: Sha256,
  state: ControlState,
  asked: Asked,
): MadeDecision {
  const question = questionOf(state, asked);
  const verdict = decide(engine, state.policySet, question);
  const blobs = [
    canonicalJson(state.policySet),
    CEDAR_SCHEMA,
    canonicalJson(question.entities),
  ].map(part => new TextEncoder().encode(part));
  const [policySha256, schemaSha256, entitiesSha256] = blobs.map(blob => toHex(sha256(blob)));
  const request = { ...asked, logSize: state.size };
  return {
    verdict,
    blobs,
    body: { request, policySha256, schemaSha256, entitiesSha256, ...verdict },
  };
}

const requestShape = fields<RecordedRequest>({
  principal: matching(/^(person|key|org):[^\s]+$/, 'person:<name> or key:<name>'),
  action: text as never,
  resource: fields<Asked['resource']>({
    type: oneOf('Order', 'Change', 'Seal', 'Switch'),
    id: text,
  }),
  context: record(anything) as never,
  proposal: optional(
    fields<Proposal>({
      kind: text,
      proposer: text,
      isBreakGlass: flag,
      isDrill: flag,
      originators: list(text),
      territory: optional(text),
      jurisdiction: optional(text),
    }),
  ),
  at: instant,
  logSize: integer(1),
});

/** Reads a file by its SHA-256; undefined when it is not there. */
export type ReadBlob = (sha256: Sha256Hex) => Promise<Uint8Array | undefined>;

/**
 * Decides again from nothing but a decision's entry and its three files, and compares: undefined when
 * it comes to the same, else what differs.
 *
 * @example
 * await replayDecision(engine, sha256, entry.body, hash => readFile(`blob/${hash.slice(0, 2)}/${hash}`));
 */
export async function replayDecision(
  engine: CedarEngine,
  sha256: Sha256,
  decision: Decision,
  readBlob: ReadBlob,
): Promise<string | undefined> {
  const malformed = requestShape(decision.request, 'request');
  if (malformed !== undefined) return malformed;
  const request = decision.request as unknown as RecordedRequest;
  const files: string[] = [];
  for (const hash of [decision.policySha256, decision.schemaSha256, decision.entitiesSha256]) {
    const bytes = await readBlob(hash);
    if (!bytes) return `the file ${hash} is not there`;
    if (toHex(sha256(bytes)) !== hash) return `the file ${hash} has another hash`;
    files.push(new TextDecoder().decode(bytes));
  }
  const [policies, schema, slice] = files;
  if (schema !== CEDAR_SCHEMA) return 'it was made under another schema than this version has';
  let policySet: PolicySet;
  let entities: CedarQuestion['entities'];
  try {
    policySet = JSON.parse(policies);
    entities = JSON.parse(slice);
  } catch {
    return 'a file is no JSON';
  }
  const { principal, action, resource, context } = request;
  const question = { principal: uidOf(principal), action, resource, context, entities };
  return differenceOf(decision, decide(engine, policySet, question));
}

function differenceOf(said: Verdict, found: Verdict): string | undefined {
  const words = ({ allow, reasons, errors }: Verdict): string =>
    [allow ? 'allow' : 'deny', ...reasons, ...errors].join(', ');
  const isSame = said.allow === found.allow && words(said) === words(found);
  return isSame ? undefined : `it says "${words(said)}", and the policies say "${words(found)}"`;
}

export interface DecisionAudit {
  readonly count: number;
  /** Decisions that are not what policies and log say, by index of their entry. */
  readonly mismatches: readonly { readonly seq: number; readonly what: string }[];
}

/**
 * Replays every decision of a log, and holds it against the log itself: the policies must be those in
 * force, and what Cedar was told must be what the entries before it say.
 */
export async function auditDecisions(
  engine: CedarEngine,
  entries: readonly Entry[],
  context: FoldContext,
  readBlob: ReadBlob,
): Promise<DecisionAudit> {
  const mismatches: { seq: number; what: string }[] = [];
  let count = 0;
  // One for what was known and one for what was there: each runs forwards, save for a rare race.
  const knownAt = walk(entries, context);
  const thereAt = walk(entries, context);
  for (const entry of entries) {
    if (entry.type !== 'decision/v1') continue;
    count += 1;
    const what = await faultOf(engine, context.sha256, entry, readBlob, knownAt, thereAt);
    if (what !== undefined) mismatches.push({ seq: entry.seq, what });
  }
  return { count, mismatches };
}

type StateAt = (size: number) => ControlState;

/** States of a log, cheap when asked for in the order of the log. */
function walk(entries: readonly Entry[], context: FoldContext): StateAt {
  let state: ControlState | undefined;
  return size => {
    state =
      state && state.size <= size
        ? foldAll(entries.slice(state.size, size), context, state)
        : foldAll(entries.slice(0, size), context);
    return state;
  };
}

async function faultOf(
  engine: CedarEngine,
  sha256: Sha256,
  { seq, time, body }: Entry,
  readBlob: ReadBlob,
  knownAt: StateAt,
  thereAt: StateAt,
): Promise<string | undefined> {
  const malformed = BODY_SHAPES['decision/v1'](body, 'body');
  if (malformed !== undefined) return malformed;
  const decision = body as Decision;
  const replayed = await replayDecision(engine, sha256, decision, readBlob);
  if (replayed !== undefined) return replayed;
  const { logSize, ...asked } = decision.request as unknown as RecordedRequest;
  if (logSize > seq) return `it knew ${logSize} entries, and is entry ${seq} itself`;
  const before = knownAt(logSize);
  const lateMs = msOf(time) - msOf(asked.at);
  if (msOf(asked.at) < before.timeMs || lateMs < 0 || lateMs > STALE_MS) {
    return `it was made for ${asked.at}, which is not when it was recorded`;
  }
  const made = makeDecision(engine, sha256, before, asked);
  if (made.body.policySha256 !== decision.policySha256) {
    return 'its policies were not those in force';
  }
  if (made.body.entitiesSha256 !== decision.entitiesSha256) {
    return 'what Cedar was told is not what the log says';
  }
  // Between deciding and sequencing something may have come in that decides otherwise.
  return differenceOf(decision, makeDecision(engine, sha256, thereAt(seq), asked).verdict);
}
