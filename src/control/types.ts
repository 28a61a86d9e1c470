/** The data model of the switch: what the entries of the `orders` log say. Units are in the names. */
import type { CellList } from './cellList.ts';

/** SHA-256 in lower-case hexadecimal. */
export type Sha256Hex = string;
/** UTC with milliseconds: `2026-08-22T12:00:00.000Z`, the one spelling that the log uses. */
export type Instant = string;
/** `person:<name>` */
export type PersonId = string;
/** `org:<name>` */
export type OrgId = string;
/** `key:<name>`: a machine that acts, such as the switch adapter or the twin. */
export type MachineId = string;
export type SeatId = string;

// ── Actors and seats ────────────────────────────────────────────────────────────────────────────

/** What a seat is; several seats may share an office (`oversight`, `commitment`). */
export const OFFICES = [
  'operator.service',
  'operator.legal',
  'owner',
  'regulator',
  'customer',
  'oversight',
  'commitment',
] as const;
export type Office = (typeof OFFICES)[number];

/** Permissions without a vote. */
export const ROLES = ['drafter', 'executor', 'reader', 'auditor', 'monitor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface Organisation {
  readonly id: OrgId;
  readonly name: string;
  /** Organisations of one beneficial owner count as one employer. */
  readonly beneficialOwner: string;
}

/** What a person may read of sealed parts: given, changed and taken away with the roster. */
export interface Clearance extends Pick<Marking, 'level' | 'compartments'> {
  /** The state that vouches for him. */
  readonly state: string;
  readonly until: Instant;
  /** His age recipient, `age1…`: keys are released to this one only. */
  readonly recipient: string;
}

export interface Person {
  readonly id: PersonId;
  readonly employer: OrgId;
  readonly roles: readonly Role[];
  readonly clearance?: Clearance;
}

export interface Machine {
  readonly id: MachineId;
  readonly role: 'adapter' | 'twin';
}

export interface Alternate {
  readonly person: PersonId;
  /** Named beforehand to step in when the owner asks: a trustee, an independent director. */
  readonly isIndependent: boolean;
}

/** The working days of a seat: what the clock of late disclosures counts. */
export interface BusinessCalendar {
  readonly utcOffsetMinutes: number;
  /** 0 is Sunday. */
  readonly weekendDays: readonly number[];
  /** Dates, `2026-12-25`. */
  readonly holidays: readonly string[];
}

export interface Seat {
  readonly id: SeatId;
  readonly office: Office;
  /** State whose law it answers to, such as an ISO 3166-1 alpha-3 code. */
  readonly jurisdiction: string;
  readonly holder: PersonId;
  readonly from: Instant;
  readonly until?: Instant;
  readonly alternates: readonly Alternate[];
  readonly calendar: BusinessCalendar;
}

/** What a passkey's signature must be made for. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

export interface Roster {
  /** Fewer people than seats: shown on every page; no rule is relaxed. */
  readonly demo: boolean;
  readonly relyingParty: RelyingParty;
  readonly organisations: readonly Organisation[];
  readonly persons: readonly Person[];
  readonly machines: readonly Machine[];
  readonly seats: readonly Seat[];
}

/** Public keys are base64: 32 bytes (Ed25519), or 65 bytes uncompressed (P-256). */
export type PublicKey =
  | { readonly kind: 'note'; readonly verifierKey: string }
  | {
      readonly kind: 'webauthn';
      readonly credentialId: string;
      readonly algorithm: 'ES256' | 'EdDSA';
      readonly publicKey: string;
    };

export interface Key {
  readonly holder: PersonId | MachineId;
  readonly publicKey: PublicKey;
}

// ── Proofs ──────────────────────────────────────────────────────────────────────────────────────

/** Binary parts of a passkey's assertion are base64url without padding, as WebAuthn writes them. */
export type Proof =
  | {
      readonly kind: 'webauthn';
      readonly credentialId: string;
      readonly authenticatorData: string;
      readonly clientDataJson: string;
      readonly signature: string;
    }
  | { readonly kind: 'note'; readonly note: string };

// ── Where and what ──────────────────────────────────────────────────────────────────────────────

export interface Territory {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** State whose regulator is in its own jurisdiction here. */
  readonly jurisdiction: string;
  /** H3 cells, resolution 5 or coarser. */
  readonly cellsCompact: CellList;
  /** H3 cells of resolution 5 within 10 km of the line, on both sides of it. */
  readonly borderBand: CellList;
  readonly source: string;
  /** Of the canonical JSON of both lists, cell by cell: the same however they are written here. */
  readonly sha256: Sha256Hex;
}

export interface TerritoryVersion {
  readonly id: string;
  readonly version: number;
}

/** Classes of the twin, and two that the twin does not tell apart but the law does. */
export const CLASSES = [
  'fixed',
  'roam',
  'maritime',
  'aviation',
  'government',
  'emergency',
  'humanitarian',
] as const;
export type CustomerClass = (typeof CLASSES)[number];

/** Lists are sealed: their hash and their length are public. */
export type TerminalSelector =
  | { readonly kind: 'all' }
  | { readonly kind: 'allow' | 'deny'; readonly listSha256: Sha256Hex; readonly count: number }
  | { readonly kind: 'class'; readonly classes: readonly CustomerClass[] };

export interface Limits {
  readonly kind: 'limits';
  readonly maxSpeedKmh?: number;
  readonly maxAltitudeM?: number;
  readonly maxRateMbps?: number;
  readonly plan?: string;
  readonly stationaryOnly?: boolean;
}
/** `none` is what orders that give service state. */
export type Constraint = { readonly kind: 'off' } | { readonly kind: 'none' } | Limits;

export interface ScopeException {
  readonly classes: readonly CustomerClass[];
  readonly authority: string;
  readonly until: Instant;
}

export interface Scope {
  readonly territory: TerritoryVersion;
  /** H3 cells of resolution 5; absent: all of the territory. */
  readonly cells?: CellList;
  readonly exceptCells?: CellList;
  readonly terminals: TerminalSelector;
  readonly constraint: Constraint;
  readonly exceptions: readonly ScopeException[];
  /** How the territory's own cells in the border band are read. */
  readonly band: 'inside' | 'outside' | 'share';
}

// ── Who asked ───────────────────────────────────────────────────────────────────────────────────

export const CAPACITIES = [
  'customer',
  'government',
  'foreign_government',
  'court',
  'owner',
  'operator',
  'third_party',
] as const;
export type Capacity = (typeof CAPACITIES)[number];

/** One link of the chain of who asked: "A asks as a favour to B" is two. */
export interface Originator {
  /** `person:…` or `org:…` of the roster, or a role in words. */
  readonly party: string;
  readonly capacity: Capacity;
  readonly onBehalfOf?: string;
  readonly channel: string;
  readonly contactId?: string;
  readonly at: Instant;
}

export const AFFILIATIONS = [
  'government',
  'political',
  'military',
  'intelligence',
  'commercial',
  'none_known',
] as const;
export type Affiliation = (typeof AFFILIATIONS)[number];

export const TOPICS = ['territory', 'customer', 'commercial', 'personal'] as const;

export interface Topic {
  readonly kind: (typeof TOPICS)[number];
  /** Id of the territory, name of the customer, or words. */
  readonly about: string;
}

/** A disclosure of contact. Append-only: a correction is a further entry. */
export interface Contact {
  readonly id: string;
  readonly reporter: PersonId;
  readonly counterparty: {
    readonly role: string;
    readonly state?: string;
    readonly org?: string;
    readonly affiliation: Affiliation;
  };
  readonly onBehalfOf?: string;
  readonly channel: string;
  readonly initiatedBy: 'reporter' | 'counterparty' | 'intermediary';
  /** First and last date. */
  readonly from: Instant;
  readonly to: Instant;
  readonly place?: string;
  readonly present: readonly string[];
  readonly interpreting?: readonly string[];
  readonly official: boolean;
  readonly topics: readonly Topic[];
  readonly asked?: string;
  readonly offered?: string;
  readonly answered?: string;
  readonly continuingBond?: string;
  readonly lateReason?: string;
  /** Ids or hashes of orders, ids of territories and declarations. */
  readonly links: readonly string[];
  /** Id of the disclosure that this one corrects. */
  readonly corrects?: string;
  /** Of what was said and where; who it was, when, and what it was about are never sealed. */
  readonly seal?: Seal;
  readonly proof: Proof;
}

// ── Seals ───────────────────────────────────────────────────────────────────────────────────────

export interface Marking {
  /** 0 public, 1 confidential, 2 secret, 3 top secret. */
  readonly level: number;
  readonly compartments: readonly string[];
  /** States (ISO 3166-1 alpha-3) and organisations; absent: whoever is cleared. */
  readonly releasableTo?: readonly string[];
}

/** There is no code for "embarrassing" or "unlawful". */
export const SEAL_REASONS = [
  'sources',
  'military_plans',
  'negotiations',
  'personal_data',
  'terminal_lists',
  'installation_security',
] as const;
export type SealReason = (typeof SEAL_REASONS)[number];

export interface Seal {
  readonly id: string;
  readonly banner: Marking;
  readonly authority: SeatId;
  readonly reason: SealReason;
  readonly reviewBy: Instant;
  /** Fingerprints of the release service and the offline escrow. */
  readonly recipients: readonly string[];
  readonly sdAlg: 'sha-256';
  readonly sd: readonly string[];
  readonly groups: readonly { readonly marking: Marking; readonly ctSha256: Sha256Hex }[];
  /** Nobody seals alone: he signs the seal without this proof (`beamkeeper/seal/v1`). */
  readonly second: { readonly person: PersonId; readonly proof: Proof };
}

/**
 * Publishes one portion. The holder of the authority's seat does it at will; where a sealed territory
 * is due, it needs nobody's signature.
 */
export interface Unseal {
  readonly sealId: string;
  /** RFC 9901 §4.2. */
  readonly disclosure: string;
  readonly reason: string;
  readonly person?: PersonId;
  readonly proof?: Proof;
}

/** After it, all wrapped keys that the release service has are destroyed. */
export interface Shred {
  readonly sealId: string;
  readonly person: PersonId;
  readonly reason: string;
  /** What became of the escrow's copies: a word, not mathematics. */
  readonly escrow: string;
  readonly proof: Proof;
}

/** Keeps a seal after its review, for a year at most. Two people sign, as when it was made. */
export interface SealReview {
  readonly sealId: string;
  readonly reviewBy: Instant;
  readonly reason: SealReason;
  readonly person: PersonId;
  readonly second: PersonId;
  readonly proof: Proof;
  readonly secondProof: Proof;
}

// ── Orders ──────────────────────────────────────────────────────────────────────────────────────

export const ORDER_KINDS = [
  'activate',
  'suspend',
  'restrict',
  'withhold',
  'resume',
  'exempt',
] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

/**
 * An order as proposed. Its hash, which votes name, is SHA-256 over `beamkeeper/order/v1`, a newline
 * and the canonical order without its proof; the proposer's proof signs just that. An amendment is
 * the next revision of the same id.
 */
export interface Order {
  readonly id: string;
  /** Counts from 1. */
  readonly revision: number;
  readonly kind: OrderKind;
  readonly drill: boolean;
  /**
   * Absent when sealed; the digests of the seal then bind it into the hash. A sealed text says
   * `sealed:<its digest>` instead.
   */
  readonly scope?: Scope;
  readonly effective: { readonly from: Instant; readonly to?: Instant };
  readonly proposer: PersonId;
  readonly originators: readonly Originator[];
  /** Said when the proposer is the only originator: that nobody asked him. */
  readonly ownAuthorship?: string;
  readonly legalBasis: readonly string[];
  readonly reason: string;
  /** Hashes of executed orders on overlapping scope. */
  readonly supersedes: readonly Sha256Hex[];
  /** Ids of contacts. */
  readonly disclosures: readonly string[];
  readonly breakGlass?: { readonly ttlHours: number; readonly revert: Scope };
  readonly seal?: Seal;
  readonly proof: Proof;
}

/** A headline number of an impact report, in whole units. */
export interface Headline {
  readonly name: string;
  readonly low: number;
  readonly central: number;
  readonly high: number;
}

export interface Impact {
  readonly orderHash: Sha256Hex;
  readonly twin: MachineId;
  readonly reportSha256: Sha256Hex;
  readonly twinVersion: string;
  readonly inputs: readonly Sha256Hex[];
  /** Age of the oldest input. */
  readonly inputsAt: Instant;
  readonly headlines: readonly Headline[];
  /** Ids of protected commitments. */
  readonly touches: readonly string[];
  readonly proof: Proof;
}

export interface VoteStatement {
  /** Hash of an order, or of a change of roster, rules, policies, keys or territories. */
  readonly orderHash: Sha256Hex;
  readonly decision: 'yes' | 'no' | 'veto';
  readonly seat: SeatId;
  readonly person: PersonId;
  readonly reason: string;
  /** Null where there is nothing to simulate: a change. */
  readonly impactSha256: Sha256Hex | null;
  /** Digest of rules and policies in force ({@link ControlState.policySha256}). */
  readonly policySha256: Sha256Hex;
  /** Index of the entry that put the roster in force. */
  readonly rosterIndex: number;
  readonly disclosuresComplete: true;
  /** 16 bytes drawn by the voter, hexadecimal. */
  readonly nonce: string;
}

export interface Vote {
  readonly statement: VoteStatement;
  readonly proof: Proof;
}

export interface VoteWithdraw {
  readonly person: PersonId;
  readonly orderHash: Sha256Hex;
  /** Of the vote that is taken back. */
  readonly nonce: string;
  readonly reason: string;
  readonly proof: Proof;
}

export interface Recusal {
  readonly person: PersonId;
  readonly orderHash: Sha256Hex;
  /** Himself, or the holder of another seat. */
  readonly demandedBy: PersonId;
  readonly reason: string;
  readonly proof: Proof;
}

/** One oversight seat's word that a person may fill a deadlocked seat; two of them appoint him. */
export interface AlternateAppointment {
  readonly orderHash: Sha256Hex;
  readonly seat: SeatId;
  readonly person: PersonId;
  readonly appointedBy: PersonId;
  readonly reason: string;
  readonly proof: Proof;
}

export interface Delegation {
  readonly seat: SeatId;
  readonly delegator: PersonId;
  /** An alternate that the roster names. */
  readonly delegate: PersonId;
  readonly from: Instant;
  readonly until: Instant;
  readonly proof: Proof;
}

/** Marks a vote whose voter kept a contact to himself. */
export interface Taint {
  readonly orderHash: Sha256Hex;
  readonly person: PersonId;
  readonly raisedBy: PersonId;
  readonly contactId?: string;
  readonly evidence: readonly Sha256Hex[];
  readonly reason: string;
  readonly proof: Proof;
}

export interface Execution {
  /** Of an order or of a change. */
  readonly orderHash: Sha256Hex;
  readonly executor: PersonId;
  /** The machine's clock, and the time in a fresh witness cosignature where a witness is configured. */
  readonly clock: { readonly machine: Instant; readonly witness?: Instant };
  readonly proof: Proof;
}

/** The adapter's word that an executed order is carried out. */
export interface Receipt {
  readonly orderHash: Sha256Hex;
  readonly adapter: MachineId;
  readonly doneAt: Instant;
  readonly proof: Proof;
}

/** The adapter's word that an order that ended has been undone. */
export type Revert = Receipt;

export interface Cancel {
  readonly orderHash: Sha256Hex;
  readonly person: PersonId;
  readonly reason: string;
  readonly proof: Proof;
}

/** A look back at break-glass, or at an executed order with a tainted vote. */
export interface Review {
  readonly orderHash: Sha256Hex;
  readonly person: PersonId;
  readonly seat: SeatId;
  readonly finding: 'upheld' | 'objected';
  readonly reason: string;
  readonly proof: Proof;
}

/** Which seats a drill reached. */
export interface DrillResult {
  readonly orderHash: Sha256Hex;
  readonly unanswered: readonly SeatId[];
}

// ── Standing declarations ───────────────────────────────────────────────────────────────────────

export const REASON_CODES = [
  'unlicensed',
  'sanctions',
  'capacity',
  'technical',
  'operator_choice',
  'government_order',
  'third_party_request',
  'contract',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Signed over the declaration without its attestations, the signer and his text. */
export interface Attestation {
  readonly text: string;
  readonly signer: PersonId;
  readonly seat: SeatId;
  readonly proof: Proof;
}

export interface Declaration {
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly state: 'off' | 'restricted';
  readonly reason: ReasonCode;
  readonly evidence: readonly Sha256Hex[];
  readonly alternatives: readonly string[];
  readonly originators: readonly Originator[];
  /** Hash of the executed `withhold` order that carries its quorum, where one is needed. */
  readonly orderHash?: Sha256Hex;
  readonly validUntil: Instant;
  readonly attestations: readonly Attestation[];
}

// ── Commitments ─────────────────────────────────────────────────────────────────────────────────

export interface Commitment {
  readonly id: string;
  readonly customer: string;
  readonly class: CustomerClass;
  /** Id of the territory. */
  readonly territory: string;
  readonly minMbps: number;
  readonly availabilityPercent: string;
  readonly noticeHours: number;
  readonly rtoHours: number;
  readonly authority: SeatId;
  readonly person: PersonId;
  readonly seal?: Seal;
  readonly proof: Proof;
}

// ── Rules ───────────────────────────────────────────────────────────────────────────────────────

export interface SeatRequirement {
  readonly office: Office;
  readonly count: number;
  readonly areOfDifferentJurisdictions?: boolean;
}

export interface RuleTimes {
  readonly coolingOffHours: number;
  readonly voteWindowHours: number;
  readonly executionWindowHours: number;
}

/** One row of the quorum table. */
export interface QuorumRule extends RuleTimes {
  readonly seats: readonly SeatRequirement[];
  /** Yes votes, from whatever seat. */
  readonly voteCount: number;
  /** Distinct employers by beneficial owner among the yes votes. */
  readonly employerCount: number;
  readonly vetoOffices: readonly Office[];
}

export interface RuleSet {
  readonly orders: Readonly<Record<OrderKind, QuorumRule>>;
  readonly breakGlass: QuorumRule & {
    readonly kinds: readonly OrderKind[];
    readonly maxTtlHours: number;
    readonly repeatDays: number;
    readonly reviewDays: number;
  };
  /** Of roster, rules, policies, keys, territories: seats are the strictest of `orders`. */
  readonly change: RuleTimes;
  /** Added when somebody of these capacities is in the originator chain. */
  readonly originators: {
    readonly capacities: readonly Capacity[];
    readonly kinds: readonly OrderKind[];
    readonly seats: readonly SeatRequirement[];
    readonly coolingOffHours: number;
  };
  /** Kinds to which a touched commitment adds its seat and notice. */
  readonly commitmentKinds: readonly OrderKind[];
  readonly declaration: {
    readonly validDays: number;
    readonly shortReasons: readonly ReasonCode[];
    readonly shortValidDays: number;
    readonly orderReasons: readonly ReasonCode[];
  };
  /** Never switched off with the others. */
  readonly defaultExceptions: readonly CustomerClass[];
}

/** Id → text of Cedar policies. */
export type PolicySet = Readonly<Record<string, string>>;

// ── Genesis and changes ─────────────────────────────────────────────────────────────────────────

/** What a territory is without any order. Nothing is grandfathered: what is not on wants a declaration. */
export interface NormalState {
  readonly territory: TerritoryVersion;
  readonly constraint: Constraint;
}

export interface Genesis {
  readonly roster: Roster;
  readonly keys: readonly Key[];
  readonly rules: RuleSet;
  readonly policySet: PolicySet;
  readonly territories: readonly Territory[];
  /** Territories that are not simply on. */
  readonly normal: readonly NormalState[];
}

interface Proposal {
  readonly proposer: PersonId;
  readonly reason: string;
  readonly proof: Proof;
}

/** A new holder accepts, with his new key if he has one: over the change without its signatures. */
export interface Acceptance {
  readonly holder: PersonId | MachineId;
  readonly proof: Proof;
}

export interface RosterChange extends Proposal {
  readonly roster: Roster;
  /** Keys of people and machines that had none. */
  readonly newKeys: readonly Key[];
  readonly acceptances: readonly Acceptance[];
}
export interface RuleChange extends Proposal {
  readonly rules: RuleSet;
}
export interface PolicySetChange extends Proposal {
  readonly policySet: PolicySet;
}
/** Outlines that are new to the log, or drawn anew: orders that name an earlier version keep it. */
export interface TerritoryChange extends Proposal {
  readonly territories: readonly Territory[];
}
export interface KeyEnrol extends Proposal {
  readonly key: Key;
  /** By the new key, over the enrolment without its proofs. */
  readonly possession: Proof;
}
/** Of one's own key: at once. Of another's: by quorum. */
export interface KeyRevoke extends Proposal {
  readonly key: Key;
}

// ── Claims ──────────────────────────────────────────────────────────────────────────────────────

export interface Claim {
  readonly id: string;
  readonly text: string;
  /** Who made it. */
  readonly originator: string;
  /** Parties and things it is about; these parties have standing to deny it. */
  readonly about: readonly string[];
  readonly firstAppearance: { readonly at: Instant; readonly where: string };
  /** Id of the originator's earlier claim that this one takes the place of. */
  readonly replaces?: string;
  /** Hash or id of an order. */
  readonly orderLink?: string;
}

export interface Source {
  readonly id: string;
  /** By role, never by name. */
  readonly role: string;
  readonly reliability: 'A' | 'B' | 'C' | 'D' | 'E' | 'F';
  /** Id of the report that cites an unnamed person, and whether it tells him from the others. */
  readonly citedIn?: { readonly report: string; readonly isToldApart: boolean };
}

export interface Attribution {
  readonly id: string;
  readonly claim: string;
  readonly source: string;
  /** Id of the attribution that it draws on. */
  readonly parent?: string;
  readonly mode: 'primary' | 'quoted' | 'attributed' | 'on_behalf_of';
  /** 1 (confirmed) to 6 (cannot be judged). */
  readonly credibility: number;
}

export const STANCES = [
  'affirm',
  'deny_flat',
  'deny_in_part',
  'non_denial',
  'no_comment',
  'neither_confirm_nor_deny',
  'retract',
] as const;

export interface Stance {
  readonly claim: string;
  readonly party: string;
  readonly stance: (typeof STANCES)[number];
  readonly at: Instant;
  readonly evidence: readonly Sha256Hex[];
}

// ── Records without effect on the state of the switch ───────────────────────────────────────────

export interface Anchor {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}
export interface LogKey {
  readonly verifierKey: string;
}
export interface Decision {
  readonly request: Readonly<Record<string, unknown>>;
  readonly policySha256: Sha256Hex;
  readonly schemaSha256: Sha256Hex;
  readonly entitiesSha256: Sha256Hex;
  readonly allow: boolean;
  readonly reasons: readonly string[];
  readonly errors: readonly string[];
}
export interface Access {
  readonly entryIndex: number;
  readonly readerCommitment: string;
  readonly purpose: string;
  readonly decisionId: string;
}
/** Records of observation, drift and export. */
export type OpenRecord = Readonly<Record<string, unknown>>;

// ── Entries ─────────────────────────────────────────────────────────────────────────────────────

/** What each type of entry carries as its body. */
export interface EntryBodies {
  'genesis/v1': Genesis;
  'roster/v1': RosterChange;
  'rule/v1': RuleChange;
  'policySet/v1': PolicySetChange;
  'territory/v1': TerritoryChange;
  'keyEnrol/v1': KeyEnrol;
  'keyRevoke/v1': KeyRevoke;
  'order/v1': Order;
  'impact/v1': Impact;
  'vote/v1': Vote;
  'voteWithdraw/v1': VoteWithdraw;
  'recusal/v1': Recusal;
  'alternate/v1': AlternateAppointment;
  'delegation/v1': Delegation;
  'taint/v1': Taint;
  'execution/v1': Execution;
  'receipt/v1': Receipt;
  'revert/v1': Revert;
  'cancel/v1': Cancel;
  'review/v1': Review;
  'drillResult/v1': DrillResult;
  'contact/v1': Contact;
  'declaration/v1': Declaration;
  'commitment/v1': Commitment;
  'claim/v1': Claim;
  'source/v1': Source;
  'attribution/v1': Attribution;
  'stance/v1': Stance;
  'anchor/v1': Anchor;
  'log.key/v1': LogKey;
  'decision/v1': Decision;
  'access/v1': Access;
  'unseal/v1': Unseal;
  'shred/v1': Shred;
  'sealReview/v1': SealReview;
  'observation/v1': OpenRecord;
  'drift/v1': OpenRecord;
  'export/v1': OpenRecord;
}
export type EntryType = keyof EntryBodies;

/** An entry of the log as parsed: the envelope is checked, the body is still anything. */
export interface Entry {
  readonly v: 1;
  readonly type: string;
  /** Its own index. */
  readonly seq: number;
  readonly time: Instant;
  readonly actor: string;
  readonly subject: string;
  /** Index of the previous entry about the subject. */
  readonly prev: number | null;
  readonly body?: unknown;
  readonly seal?: Seal;
}
