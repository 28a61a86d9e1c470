import { type CellList, cellsOf } from './cellList.ts';
import {
  always,
  anything,
  byKind,
  fields,
  flag,
  instant,
  integer,
  list,
  matching,
  oneOf,
  optional,
  orNull,
  record,
  type Shape,
  text,
} from './shape.ts';
import * as data from './types.ts';

const sha256 = matching(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal');
const person = matching(/^person:[^\s]+$/, 'person:<name>');
const org = matching(/^org:[^\s]+$/, 'org:<name>');
const machine = matching(/^key:[^\s]+$/, 'key:<name>');
const cell = matching(/^8[0-9a-f]{14}$/, 'an H3 cell');
const plainCells = list(cell);
const cells: Shape<CellList> = (value, field) => {
  if (typeof value !== 'string') return plainCells(value, field);
  try {
    cellsOf(value);
    return undefined;
  } catch (error) {
    return `${field}: ${(error as Error).message}`;
  }
};
const texts = list(text);
const count = integer(0);
const hours = integer(0, 24 * 366);

const proof = byKind<data.Proof>({
  note: fields<Extract<data.Proof, { kind: 'note' }>>({ kind: oneOf('note'), note: text }),
  webauthn: fields<Extract<data.Proof, { kind: 'webauthn' }>>({
    kind: oneOf('webauthn'),
    credentialId: text,
    authenticatorData: text,
    clientDataJson: text,
    signature: text,
  }),
});

/** Also of what is signed beside the log. */
export const proofShape = proof;

const publicKey = byKind<data.PublicKey>({
  note: fields<Extract<data.PublicKey, { kind: 'note' }>>({
    kind: oneOf('note'),
    verifierKey: text,
  }),
  webauthn: fields<Extract<data.PublicKey, { kind: 'webauthn' }>>({
    kind: oneOf('webauthn'),
    credentialId: text,
    algorithm: oneOf('ES256', 'EdDSA'),
    publicKey: text,
  }),
});
const holder = matching(/^(person|key):[^\s]+$/, 'person:<name> or key:<name>');
const key = fields<data.Key>({ holder, publicKey });

const calendar = fields<data.BusinessCalendar>({
  utcOffsetMinutes: integer(-840, 840),
  // A week without a working day would stop the clock for ever.
  weekendDays: (value, field) =>
    list(integer(0, 6))(value, field) ??
    ((value as number[]).length > 6 ? `${field} leaves no working day` : undefined),
  holidays: list(matching(/^\d{4}-\d\d-\d\d$/, 'a date')),
});
const roster = fields<data.Roster>({
  demo: flag,
  relyingParty: fields<data.RelyingParty>({ id: text, origin: text }),
  organisations: list(fields<data.Organisation>({ id: org, name: text, beneficialOwner: text })),
  persons: list(
    fields<data.Person>({
      id: person,
      employer: org,
      roles: list(oneOf(...data.ROLES)),
      clearance: optional(
        fields<data.Clearance>({
          level: integer(0, 3),
          compartments: texts,
          state: text,
          until: instant,
          recipient: matching(/^age1[02-9ac-hj-np-z]{58}$/, 'an age recipient (age1…)'),
        }),
      ),
    }),
  ),
  machines: list(fields<data.Machine>({ id: machine, role: oneOf('adapter', 'twin') })),
  seats: list(
    fields<data.Seat>({
      id: text,
      office: oneOf(...data.OFFICES),
      jurisdiction: text,
      holder: person,
      from: instant,
      until: optional(instant),
      alternates: list(fields<data.Alternate>({ person, isIndependent: flag })),
      calendar,
    }),
  ),
});

const territory = fields<data.Territory>({
  id: text,
  version: integer(1),
  name: text,
  jurisdiction: text,
  cellsCompact: cells,
  borderBand: cells,
  source: text,
  sha256,
});
const territoryVersion = fields<data.TerritoryVersion>({ id: text, version: integer(1) });
const classes = list(oneOf(...data.CLASSES));
const terminalList = fields<Extract<data.TerminalSelector, { listSha256: string }>>({
  kind: oneOf('allow', 'deny'),
  listSha256: sha256,
  count,
});
const terminals = byKind<data.TerminalSelector>({
  all: fields<{ kind: 'all' }>({ kind: oneOf('all') }),
  allow: terminalList,
  deny: terminalList,
  class: fields<Extract<data.TerminalSelector, { kind: 'class' }>>({
    kind: oneOf('class'),
    classes,
  }),
});
const constraint = byKind<data.Constraint>({
  off: fields<{ kind: 'off' }>({ kind: oneOf('off') }),
  none: fields<{ kind: 'none' }>({ kind: oneOf('none') }),
  limits: fields<data.Limits>({
    kind: oneOf('limits'),
    maxSpeedKmh: optional(count),
    maxAltitudeM: optional(count),
    maxRateMbps: optional(count),
    plan: optional(text),
    stationaryOnly: optional(flag),
  }),
});
/** Also of a sealed scope, once it is opened. */
export const scopeShape = fields<data.Scope>({
  territory: territoryVersion,
  cells: optional(cells),
  exceptCells: optional(cells),
  terminals,
  constraint,
  exceptions: list(fields<data.ScopeException>({ classes, authority: text, until: instant })),
  band: oneOf('inside', 'outside', 'share'),
});

const originator = fields<data.Originator>({
  party: text,
  capacity: oneOf(...data.CAPACITIES),
  onBehalfOf: optional(text),
  channel: text,
  contactId: optional(text),
  at: instant,
});
const marking = fields<data.Marking>({
  level: integer(0, 3),
  compartments: texts,
  releasableTo: optional(texts),
});
export const sealShape: Shape<data.Seal> = fields<data.Seal>({
  id: text,
  banner: marking,
  authority: text,
  reason: oneOf(...data.SEAL_REASONS),
  reviewBy: instant,
  recipients: texts,
  sdAlg: oneOf('sha-256'),
  sd: texts,
  groups: list(fields<data.Seal['groups'][number]>({ marking, ctSha256: sha256 })),
  second: fields<data.Seal['second']>({ person, proof }),
});
const carriedOut = fields<data.Receipt>({
  orderHash: sha256,
  adapter: machine,
  doneAt: instant,
  proof,
});

const seats = list(
  fields<data.SeatRequirement>({
    office: oneOf(...data.OFFICES),
    count: integer(1),
    areOfDifferentJurisdictions: optional(flag),
  }),
);
const times = {
  coolingOffHours: hours,
  voteWindowHours: hours,
  executionWindowHours: hours,
};
const quorumRule = {
  ...times,
  seats,
  // Nothing is approved by nobody.
  voteCount: integer(1),
  employerCount: integer(1),
  vetoOffices: list(oneOf(...data.OFFICES)),
};
const orderKinds = list(oneOf(...data.ORDER_KINDS));
const rule = fields<data.QuorumRule>(quorumRule);
const rules = fields<data.RuleSet>({
  orders: fields<data.RuleSet['orders']>({
    activate: rule,
    suspend: rule,
    restrict: rule,
    withhold: rule,
    resume: rule,
    exempt: rule,
  }),
  breakGlass: fields<data.RuleSet['breakGlass']>({
    ...quorumRule,
    kinds: orderKinds,
    maxTtlHours: integer(1),
    repeatDays: count,
    reviewDays: count,
  }),
  change: fields<data.RuleTimes>(times),
  originators: fields<data.RuleSet['originators']>({
    capacities: list(oneOf(...data.CAPACITIES)),
    kinds: orderKinds,
    seats,
    coolingOffHours: hours,
  }),
  commitmentKinds: orderKinds,
  declaration: fields<data.RuleSet['declaration']>({
    validDays: integer(1),
    shortReasons: list(oneOf(...data.REASON_CODES)),
    shortValidDays: integer(1),
    orderReasons: list(oneOf(...data.REASON_CODES)),
  }),
  defaultExceptions: classes,
});
const policySet = record(text);
const proposal = { proposer: person, reason: text, proof };
const openRecord = record(anything);

/** One row a type: what its body must look like before the fold considers it at all. */
export const BODY_SHAPES: { readonly [T in data.EntryType]: Shape<data.EntryBodies[T]> } = {
  'genesis/v1': fields<data.Genesis>({
    roster,
    keys: list(key),
    rules,
    policySet,
    territories: list(territory),
    normal: list(fields<data.NormalState>({ territory: territoryVersion, constraint })),
  }),
  'roster/v1': fields<data.RosterChange>({
    ...proposal,
    roster,
    newKeys: list(key),
    acceptances: list(fields<data.Acceptance>({ holder, proof })),
  }),
  'rule/v1': fields<data.RuleChange>({ ...proposal, rules }),
  'policySet/v1': fields<data.PolicySetChange>({ ...proposal, policySet }),
  'territory/v1': fields<data.TerritoryChange>({
    ...proposal,
    territories: list(territory),
  }),
  'keyEnrol/v1': fields<data.KeyEnrol>({ ...proposal, key, possession: proof }),
  'keyRevoke/v1': fields<data.KeyRevoke>({ ...proposal, key }),
  'order/v1': fields<data.Order>({
    id: text,
    revision: integer(1),
    kind: oneOf(...data.ORDER_KINDS),
    drill: flag,
    scope: optional(scopeShape),
    effective: fields<data.Order['effective']>({ from: instant, to: optional(instant) }),
    proposer: person,
    originators: list(originator),
    ownAuthorship: optional(text),
    legalBasis: texts,
    reason: text,
    supersedes: list(sha256),
    disclosures: texts,
    breakGlass: optional(
      fields<NonNullable<data.Order['breakGlass']>>({ ttlHours: integer(1), revert: scopeShape }),
    ),
    seal: optional(sealShape),
    proof,
  }),
  'impact/v1': fields<data.Impact>({
    orderHash: sha256,
    twin: machine,
    reportSha256: sha256,
    twinVersion: text,
    inputs: list(sha256),
    inputsAt: instant,
    headlines: list(fields<data.Headline>({ name: text, low: count, central: count, high: count })),
    touches: texts,
    proof,
  }),
  'vote/v1': fields<data.Vote>({
    statement: fields<data.VoteStatement>({
      orderHash: sha256,
      decision: oneOf('yes', 'no', 'veto'),
      seat: text,
      person,
      reason: text,
      impactSha256: orNull(sha256),
      policySha256: sha256,
      rosterIndex: count,
      disclosuresComplete: always,
      nonce: matching(/^[0-9a-f]{32}$/, '16 bytes in hexadecimal'),
    }),
    proof,
  }),
  'voteWithdraw/v1': fields<data.VoteWithdraw>({
    person,
    orderHash: sha256,
    nonce: text,
    reason: text,
    proof,
  }),
  'recusal/v1': fields<data.Recusal>({
    person,
    orderHash: sha256,
    demandedBy: person,
    reason: text,
    proof,
  }),
  'alternate/v1': fields<data.AlternateAppointment>({
    orderHash: sha256,
    seat: text,
    person,
    appointedBy: person,
    reason: text,
    proof,
  }),
  'delegation/v1': fields<data.Delegation>({
    seat: text,
    delegator: person,
    delegate: person,
    from: instant,
    until: instant,
    proof,
  }),
  'taint/v1': fields<data.Taint>({
    orderHash: sha256,
    person,
    raisedBy: person,
    contactId: optional(text),
    evidence: list(sha256),
    reason: text,
    proof,
  }),
  'execution/v1': fields<data.Execution>({
    orderHash: sha256,
    executor: person,
    clock: fields<data.Execution['clock']>({ machine: instant, witness: optional(instant) }),
    proof,
  }),
  'receipt/v1': carriedOut,
  'revert/v1': carriedOut,
  'cancel/v1': fields<data.Cancel>({ orderHash: sha256, person, reason: text, proof }),
  'review/v1': fields<data.Review>({
    orderHash: sha256,
    person,
    seat: text,
    finding: oneOf('upheld', 'objected'),
    reason: text,
    proof,
  }),
  'drillResult/v1': fields<data.DrillResult>({ orderHash: sha256, unanswered: texts }),
  'contact/v1': fields<data.Contact>({
    id: text,
    reporter: person,
    counterparty: fields<data.Contact['counterparty']>({
      role: text,
      state: optional(text),
      org: optional(text),
      affiliation: oneOf(...data.AFFILIATIONS),
    }),
    onBehalfOf: optional(text),
    channel: text,
    initiatedBy: oneOf('reporter', 'counterparty', 'intermediary'),
    from: instant,
    to: instant,
    place: optional(text),
    present: texts,
    interpreting: optional(texts),
    official: flag,
    topics: list(fields<data.Topic>({ kind: oneOf(...data.TOPICS), about: text })),
    asked: optional(text),
    offered: optional(text),
    answered: optional(text),
    continuingBond: optional(text),
    lateReason: optional(text),
    links: texts,
    corrects: optional(text),
    seal: optional(sealShape),
    proof,
  }),
  'declaration/v1': fields<data.Declaration>({
    id: text,
    scopes: list(scopeShape),
    state: oneOf('off', 'restricted'),
    reason: oneOf(...data.REASON_CODES),
    evidence: list(sha256),
    alternatives: texts,
    originators: list(originator),
    orderHash: optional(sha256),
    validUntil: instant,
    attestations: list(fields<data.Attestation>({ text, signer: person, seat: text, proof })),
  }),
  'commitment/v1': fields<data.Commitment>({
    id: text,
    customer: text,
    class: oneOf(...data.CLASSES),
    territory: text,
    minMbps: count,
    availabilityPercent: matching(/^\d{1,3}(\.\d+)?$/, 'a decimal number'),
    noticeHours: hours,
    rtoHours: hours,
    authority: text,
    person,
    seal: optional(sealShape),
    proof,
  }),
  'claim/v1': fields<data.Claim>({
    id: text,
    text,
    originator: text,
    about: texts,
    firstAppearance: fields<data.Claim['firstAppearance']>({ at: instant, where: text }),
    replaces: optional(text),
    orderLink: optional(text),
  }),
  'source/v1': fields<data.Source>({
    id: text,
    role: text,
    reliability: oneOf('A', 'B', 'C', 'D', 'E', 'F'),
    citedIn: optional(
      fields<NonNullable<data.Source['citedIn']>>({ report: text, isToldApart: flag }),
    ),
  }),
  'attribution/v1': fields<data.Attribution>({
    id: text,
    claim: text,
    source: text,
    parent: optional(text),
    mode: oneOf('primary', 'quoted', 'attributed', 'on_behalf_of'),
    credibility: integer(1, 6),
  }),
  'stance/v1': fields<data.Stance>({
    claim: text,
    party: text,
    stance: oneOf(...data.STANCES),
    at: instant,
    evidence: list(sha256),
  }),
  'anchor/v1': fields<data.Anchor>({ origin: text, size: count, root: text }),
  'log.key/v1': fields<data.LogKey>({ verifierKey: text }),
  'decision/v1': fields<data.Decision>({
    request: record(anything),
    policySha256: sha256,
    schemaSha256: sha256,
    entitiesSha256: sha256,
    allow: flag,
    reasons: texts,
    errors: texts,
  }),
  'access/v1': fields<data.Access>({
    entryIndex: count,
    readerCommitment: text,
    purpose: text,
    decisionId: text,
  }),
  'unseal/v1': fields<data.Unseal>({
    sealId: text,
    disclosure: text,
    reason: text,
    person: optional(person),
    proof: optional(proof),
  }),
  'shred/v1': fields<data.Shred>({ sealId: text, person, reason: text, escrow: text, proof }),
  'sealReview/v1': fields<data.SealReview>({
    sealId: text,
    reviewBy: instant,
    reason: oneOf(...data.SEAL_REASONS),
    person,
    second: person,
    proof,
    secondProof: proof,
  }),
  'observation/v1': openRecord,
  'drift/v1': openRecord,
  'export/v1': openRecord,
};
