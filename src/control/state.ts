import type { Sha256 } from '../tlog/index.ts';
import type {
  LogPoint,
  RecusalRecord,
  RosterHistory,
  TouchedCommitment,
  VoteRecord,
} from './quorum.ts';
import type {
  Attribution,
  Claim,
  Commitment,
  Contact,
  Declaration,
  EntryBodies,
  EntryType,
  Headline,
  Key,
  KeyEnrol,
  KeyRevoke,
  NormalState,
  Order,
  PersonId,
  PolicySet,
  PolicySetChange,
  RosterChange,
  RuleChange,
  RuleSet,
  Seal,
  SeatId,
  Sha256Hex,
  Source,
  Stance,
  Territory,
  TerritoryChange,
} from './types.ts';
import type { SignatureCheck } from './verifiedSignatures.ts';

/** What the fold is handed: hashing, and which signatures hold. */
export interface FoldContext {
  readonly sha256: Sha256;
  readonly holds: SignatureCheck;
}

export interface KeyRecord extends LogPoint {
  readonly key: Key;
  readonly revokedSeq?: number;
}

/** A change that is voted on. */
export type Change =
  | { readonly type: 'roster/v1'; readonly body: RosterChange }
  | { readonly type: 'rule/v1'; readonly body: RuleChange }
  | { readonly type: 'policySet/v1'; readonly body: PolicySetChange }
  | { readonly type: 'territory/v1'; readonly body: TerritoryChange }
  | { readonly type: 'keyEnrol/v1'; readonly body: KeyEnrol }
  | { readonly type: 'keyRevoke/v1'; readonly body: KeyRevoke };

export interface CastVote extends VoteRecord {
  readonly key: Key;
}

export interface ImpactRecord extends LogPoint {
  readonly reportSha256: Sha256Hex;
  readonly inputsAtMs: number;
  readonly headlines: readonly Headline[];
}

export interface Appointer {
  readonly by: PersonId;
  readonly seat: SeatId;
  readonly person: PersonId;
}

/** A look back that is owed: by when, and who has given it. */
export interface ReviewRecord extends LogPoint {
  readonly why: 'breakGlass' | 'tainted';
  readonly dueMs: number;
  readonly findings: readonly { readonly person: PersonId; readonly employer: string }[];
}

/** An order or a change, from its proposal on. */
export interface BallotRecord {
  readonly hash: Sha256Hex;
  readonly subject: { readonly type: 'order/v1'; readonly body: Order } | Change;
  readonly proposed: LogPoint;
  /** When voting could begin; votes before were voided. */
  readonly opened?: LogPoint;
  readonly impact?: ImpactRecord;
  readonly votes: readonly CastVote[];
  readonly recusals: readonly RecusalRecord[];
  readonly commitments: readonly TouchedCommitment[];
  readonly appointers: readonly Appointer[];
  readonly appointment?: LogPoint & { readonly seat: SeatId; readonly person: PersonId };
  readonly closed?: LogPoint & { readonly how: 'cancelled' | 'amended' };
  readonly executed?: LogPoint & { readonly executor: PersonId; readonly isClockAttested: boolean };
  readonly receipt?: LogPoint;
  readonly revert?: LogPoint;
  readonly reviews: readonly ReviewRecord[];
}

export interface ContactRecord extends LogPoint {
  readonly contact: Contact;
  /** End of the fifth business day after the last contact. */
  readonly dueMs: number;
  readonly isLate: boolean;
}

export interface DeclarationRecord extends LogPoint {
  readonly declaration: Declaration;
  readonly untilMs: number;
}

export interface CommitmentRecord extends LogPoint {
  readonly commitment: Commitment;
}

/** A seal, from the entry that carries it on. */
export interface SealRecord extends LogPoint {
  readonly seal: Seal;
  /** The order, the commitment or the contact, with the entry that carries the seal now. */
  readonly carrier:
    | { readonly type: 'order/v1'; readonly hash: Sha256Hex; readonly seq: number }
    | { readonly type: 'commitment/v1'; readonly id: string; readonly seq: number }
    | { readonly type: 'contact/v1'; readonly id: string; readonly seq: number };
  readonly reviewByMs: number;
  /** Published portions by name. */
  readonly opened: ReadonlyMap<string, unknown>;
  readonly shredded?: LogPoint;
}

/** An entry that is in the log but has no effect, and why. */
export interface IneffectiveEntry {
  readonly seq: number;
  readonly type: string;
  readonly reason: string;
}

/** The claims register: rows as they came, nothing merged. */
export interface ClaimsRegister {
  readonly claims: ReadonlyMap<string, Claim>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly attributions: ReadonlyMap<string, Attribution>;
  readonly stances: readonly (LogPoint & { readonly stance: Stance })[];
}

/** Everything that the first `size` entries of a log say: a function of them and of nothing else. */
export interface ControlState extends RosterHistory {
  readonly size: number;
  /** Time of the last entry, milliseconds since 1970. */
  readonly timeMs: number;
  readonly genesisMs: number;
  readonly rules: RuleSet;
  readonly policySet: PolicySet;
  /** Digest over rules and policies in force; a vote names it. */
  readonly policySha256: Sha256Hex;
  readonly keys: readonly KeyRecord[];
  /** By `<id>@<version>`. */
  readonly territories: ReadonlyMap<string, Territory>;
  readonly latestVersions: ReadonlyMap<string, number>;
  readonly normal: readonly NormalState[];
  readonly ballots: ReadonlyMap<Sha256Hex, BallotRecord>;
  /** Hashes of the revisions of an order, by its id. */
  readonly revisions: ReadonlyMap<string, readonly Sha256Hex[]>;
  /** `<person> <nonce>` of every vote that carried a proof, counted or not. */
  readonly nonces: ReadonlySet<string>;
  readonly contacts: ReadonlyMap<string, ContactRecord>;
  readonly declarations: readonly DeclarationRecord[];
  readonly commitments: ReadonlyMap<string, CommitmentRecord>;
  readonly claims: ClaimsRegister;
  /** By id. */
  readonly seals: ReadonlyMap<string, SealRecord>;
  /** Index of the last entry about a subject. */
  readonly lastAbout: ReadonlyMap<string, number>;
  readonly ineffective: readonly IneffectiveEntry[];
}

type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends ReadonlyMap<infer A, infer B>
    ? Map<A, B>
    : T[K] extends ReadonlySet<infer A>
      ? Set<A>
      : T[K] extends readonly (infer A)[]
        ? A[]
        : T[K];
};

/** The state while the fold works on it: collections of its own, records never changed in place. */
export type Draft = Mutable<Omit<ControlState, 'claims'>> & { claims: Mutable<ClaimsRegister> };

export function draftOf(state: ControlState): Draft {
  const { claims } = state;
  return {
    ...state,
    rosters: [...state.rosters],
    delegations: [...state.delegations],
    keys: [...state.keys],
    territories: new Map(state.territories),
    latestVersions: new Map(state.latestVersions),
    normal: [...state.normal],
    ballots: new Map(state.ballots),
    revisions: new Map(state.revisions),
    nonces: new Set(state.nonces),
    contacts: new Map(state.contacts),
    declarations: [...state.declarations],
    commitments: new Map(state.commitments),
    claims: {
      claims: new Map(claims.claims),
      sources: new Map(claims.sources),
      attributions: new Map(claims.attributions),
      stances: [...claims.stances],
    },
    seals: new Map(state.seals),
    lastAbout: new Map(state.lastAbout),
    ineffective: [...state.ineffective],
  };
}

/** Thrown by a step of the fold before it changes anything: the entry stays in the log, without effect. */
export class Ineffective extends Error {}

/** What a step gets: an entry whose body has its shape and whose proofs hold. */
export interface Step<T extends EntryType> extends LogPoint {
  readonly type: T;
  readonly body: EntryBodies[T];
  readonly context: FoldContext;
  /** The key that made the entry's first proof. */
  readonly key?: Key;
}

/** Throws `Ineffective` unless the condition holds. */
export function need(isGood: boolean, reason: string): asserts isGood {
  if (!isGood) throw new Ineffective(reason);
}

/** The value, unless it is missing. */
export function found<T>(value: T | undefined, reason: string): T {
  if (value === undefined) throw new Ineffective(reason);
  return value;
}
