/** A small log for tests: one operator, its owner, and those who must agree. Nothing is signed for real. */
import { gridDisk, gridRing, latLngToCell } from 'h3-js';
import { formatNote, formatVerifierKey, parseVerifierKey, type Sha256 } from '../tlog/index.ts';
import { DEFAULT_RULES } from './defaultRules.ts';
import { fold, foldGenesis } from './fold.ts';
import { instantOf } from './instants.ts';
import type { ControlState, FoldContext } from './state.ts';
import {
  attestationStatement,
  ballotHash,
  type Statement,
  sealStatement,
  statementOf,
} from './statements.ts';
import type {
  Contact,
  Declaration,
  Entry,
  EntryBodies,
  EntryType,
  Genesis,
  Key,
  Order,
  Originator,
  Person,
  Proof,
  Roster,
  Scope,
  Seal,
  Seat,
  SeatId,
  Territory,
  VoteStatement,
} from './types.ts';

export const START_MS = Date.parse('2026-01-05T00:00:00.000Z'); // A Monday.
export const TWIN = 'key:twin';
export const ADAPTER = 'key:adapter';

const centre = latLngToCell(10, 20, 5);
export const LAND: Territory = {
  id: 'LAND',
  version: 1,
  name: 'Territory T',
  jurisdiction: 'LND',
  cellsCompact: gridDisk(centre, 2),
  borderBand: [...gridRing(centre, 2), ...gridRing(centre, 3)],
  source: 'test',
  // printf '{"borderBand":…,"cellsCompact":…}' | sha256sum
  sha256: 'd90ecec6d5f9989f6bfb0a1361da5d9821d0bcc40261d5919f213d41adf1ac73',
};
export const INNER_CELLS = gridDisk(centre, 1);
export const BAND_CELLS = gridRing(centre, 2);

const calendar = { utcOffsetMinutes: 0, weekendDays: [0, 6], holidays: ['2026-01-07'] };
function seat(
  id: SeatId,
  office: Seat['office'],
  jurisdiction: string,
  holder: string,
  alternates: Seat['alternates'] = [],
): Seat {
  return { id, office, jurisdiction, holder, from: instantOf(START_MS), alternates, calendar };
}
const alternate = (name: string, isIndependent = false): Seat['alternates'][number] => ({
  person: `person:${name}`,
  isIndependent,
});

/** Employer of each person; the operator belongs to the holding. */
const PEOPLE: Readonly<Record<string, [employer: string, ...roles: Person['roles']]>> = {
  'person:service': ['org:operator'],
  'person:legal': ['org:operator'],
  'person:drafter': ['org:operator', 'drafter'],
  'person:executor': ['org:operator', 'executor'],
  'person:owner': ['org:holding'],
  'person:regulator': ['org:regulator'],
  'person:regulator-alternate': ['org:ministry'],
  'person:customer': ['org:users'],
  'person:customer-alternate': ['org:users-abroad'],
  'person:oversight-1': ['org:council-1'],
  'person:oversight-2': ['org:council-2'],
  'person:hospital': ['org:hospital'],
  'person:trustee': ['org:trust'],
  'person:director': ['org:directors'],
  'person:stranger': ['org:elsewhere'],
};

export const ROSTER: Roster = {
  demo: false,
  relyingParty: { id: 'switch.example', origin: 'https://switch.example' },
  organisations: [...new Set(Object.values(PEOPLE).map(([org]) => org))].map(id => ({
    id,
    name: id,
    beneficialOwner: id === 'org:operator' || id === 'org:holding' ? 'holding' : id,
  })),
  persons: Object.entries(PEOPLE).map(([id, [employer, ...roles]]) => ({ id, employer, roles })),
  machines: [
    { id: TWIN, role: 'twin' },
    { id: ADAPTER, role: 'adapter' },
  ],
  seats: [
    seat('operator.service', 'operator.service', 'AAA', 'person:service', [
      alternate('trustee', true),
      alternate('drafter'),
    ]),
    seat('operator.legal', 'operator.legal', 'AAA', 'person:legal', [alternate('director', true)]),
    seat('owner', 'owner', 'AAA', 'person:owner'),
    seat('regulator', 'regulator', 'LND', 'person:regulator', [
      alternate('regulator-alternate'),
      alternate('hospital'),
    ]),
    seat('customer', 'customer', 'LND', 'person:customer', [alternate('customer-alternate')]),
    seat('oversight.1', 'oversight', 'AAA', 'person:oversight-1'),
    seat('oversight.2', 'oversight', 'BBB', 'person:oversight-2'),
    seat('commitment.hospital', 'commitment', 'LND', 'person:hospital'),
  ],
};

/** Makes the proof of a statement by somebody's key. */
export type Prover = (holder: string, statement: Statement) => Proof;

/** A key that verifies nothing, for a fold that is told that every signature holds. */
export function paperKey(sha256: Sha256, holder: string): Key {
  const publicKey = sha256(new TextEncoder().encode(holder));
  const verifierKey = formatVerifierKey(sha256, holder, 'ed25519', publicKey);
  return { holder, publicKey: { kind: 'note', verifierKey } };
}

export function paperProver(sha256: Sha256): Prover {
  const keyIds = new Map<string, number>();
  return (holder, { type, text }) => {
    let keyId = keyIds.get(holder);
    if (keyId === undefined) {
      const { publicKey } = paperKey(sha256, holder);
      keyId = parseVerifierKey(sha256, (publicKey as { verifierKey: string }).verifierKey).keyId;
      keyIds.set(holder, keyId);
    }
    const signature = new Uint8Array(64);
    return {
      kind: 'note',
      note: formatNote({
        text: `beamkeeper/${type}\n${text}\n`,
        signatures: [{ name: holder, keyId, signature }],
      }),
    };
  };
}

/** A body before it is signed by the one whom its type wants. */
export type Unsigned<T extends EntryType> = Omit<EntryBodies[T], 'proof'>;

/** A log that grows entry by entry, with the state after each. */
export class TestLog {
  readonly entries: Entry[] = [];
  readonly context: FoldContext;
  readonly prove: Prover;
  state: ControlState;
  nowMs = START_MS;
  #nonces = 0;

  constructor(
    sha256: Sha256,
    changes: Partial<Genesis> = {},
    prove: Prover = paperProver(sha256),
    holds: FoldContext['holds'] = () => true,
  ) {
    this.context = { sha256, holds };
    this.prove = prove;
    const holders = [...ROSTER.persons, ...ROSTER.machines].map(({ id }) => id);
    const genesis: Genesis = {
      roster: ROSTER,
      keys: holders.map(holder => paperKey(sha256, holder)),
      rules: DEFAULT_RULES,
      policySet: {},
      territories: [LAND],
      normal: [],
      ...changes,
    };
    const entry = this.#envelope('genesis/v1', 'genesis', genesis, null);
    this.entries.push(entry);
    this.state = foldGenesis(entry, this.context);
  }

  /** Lets time pass. */
  after(hours: number): this {
    this.nowMs += Math.round(hours * 3_600_000);
    return this;
  }

  now(hours = 0): string {
    return instantOf(this.nowMs + Math.round(hours * 3_600_000));
  }

  /** Adds an entry as it is; gives why it has no effect, or undefined when it has. */
  add<T extends EntryType>(type: T, body: EntryBodies[T], subject = `${type} ${this.state.size}`) {
    const prev = this.state.lastAbout.get(subject) ?? null;
    const entry = this.#envelope(type, subject, body, prev);
    this.entries.push(entry);
    this.state = fold(this.state, entry, this.context);
    const last = this.state.ineffective.at(-1);
    return last?.seq === entry.seq ? last.reason : undefined;
  }

  /** Adds an entry with the proof that its type wants, by `signer`. */
  sign<T extends EntryType>(type: T, signer: string, unsigned: Unsigned<T>): string | undefined {
    return this.add(type, this.signed(type, signer, unsigned));
  }

  signed<T extends EntryType>(type: T, signer: string, unsigned: Unsigned<T>): EntryBodies[T] {
    const body = unsigned as EntryBodies[T];
    return { ...body, proof: this.prove(signer, statementOf(type, body)) };
  }

  /** Proposes an order, with an impact report unless told otherwise; gives its hash. */
  order(changes: Partial<Order> = {}, hasImpact = true): string {
    const { hash, refusal } = this.tryOrder(changes);
    if (refusal !== undefined) throw new Error(refusal);
    if (hasImpact) this.impact(hash);
    return hash;
  }

  tryOrder(changes: Partial<Order> = {}): { hash: string; refusal: string | undefined } {
    const unsigned = { ...this.orderBody(), ...changes };
    const order = this.signed('order/v1', unsigned.proposer, unsigned);
    const hash = ballotHash(this.context.sha256, 'order/v1', order);
    return { hash, refusal: this.add('order/v1', order, `order:${order.id}`) };
  }

  orderBody(): Omit<Order, 'proof'> {
    return {
      id: `order-${this.state.size}`,
      revision: 1,
      kind: 'suspend',
      drill: false,
      scope: SCOPE,
      effective: { from: this.now() },
      proposer: 'person:drafter',
      originators: [this.originator('person:drafter', 'operator')],
      ownAuthorship: 'Nobody asked me for this order.',
      legalBasis: [],
      reason: 'test',
      supersedes: [],
      disclosures: [],
    };
  }

  originator(
    party: string,
    capacity: Originator['capacity'],
    more: Partial<Originator> = {},
  ): Originator {
    return { party, capacity, channel: 'letter', at: this.now(), ...more };
  }

  impact(orderHash: string, changes: Partial<EntryBodies['impact/v1']> = {}): string | undefined {
    return this.sign('impact/v1', TWIN, {
      orderHash,
      twin: TWIN,
      reportSha256: this.state.size.toString(16).padStart(64, '0'),
      twinVersion: '1',
      inputs: [],
      inputsAt: this.now(),
      headlines: [{ name: 'people', low: 90, central: 100, high: 110 }],
      touches: [],
      ...changes,
    });
  }

  statement(orderHash: string, seat: SeatId, changes: Partial<VoteStatement> = {}): VoteStatement {
    const holder = this.state.rosters.at(-1)!.roster.seats.find(({ id }) => id === seat)?.holder;
    this.#nonces += 1;
    return {
      orderHash,
      decision: 'yes',
      seat,
      person: holder ?? 'person:stranger',
      reason: 'test',
      impactSha256: this.state.ballots.get(orderHash)?.impact?.reportSha256 ?? null,
      policySha256: this.state.policySha256,
      rosterIndex: this.state.rosters.at(-1)!.seq,
      disclosuresComplete: true,
      nonce: this.#nonces.toString(16).padStart(32, '0'),
      ...changes,
    };
  }

  vote(orderHash: string, seat: SeatId, changes: Partial<VoteStatement> = {}): string | undefined {
    const statement = this.statement(orderHash, seat, changes);
    const blank = { kind: 'note', note: '' } as const;
    const proof = this.prove(statement.person, statementOf('vote/v1', { statement, proof: blank }));
    return this.add('vote/v1', { statement, proof });
  }

  /** Votes yes from several seats; throws when one of them does not count. */
  votes(orderHash: string, ...seats: SeatId[]): this {
    for (const one of seats) {
      const refusal = this.vote(orderHash, one);
      if (refusal !== undefined) throw new Error(refusal);
    }
    return this;
  }

  withdraw(orderHash: string, person: string): string | undefined {
    const vote = this.state.ballots
      .get(orderHash)
      ?.votes.find(v => v.person === person && v.ended === undefined);
    const nonce = vote?.nonce ?? 'none';
    return this.sign('voteWithdraw/v1', person, { person, orderHash, nonce, reason: 'test' });
  }

  recuse(orderHash: string, person: string, demandedBy = person): string | undefined {
    return this.sign('recusal/v1', demandedBy, { person, orderHash, demandedBy, reason: 'test' });
  }

  execute(orderHash: string, executor = 'person:executor'): string | undefined {
    const clock = { machine: this.now(), witness: this.now() };
    return this.sign('execution/v1', executor, { orderHash, executor, clock });
  }

  contact(id: string, changes: Partial<Contact> = {}): string | undefined {
    const unsigned = {
      id,
      reporter: 'person:owner',
      counterparty: { role: 'head of government of a third state', affiliation: 'government' },
      channel: 'call',
      initiatedBy: 'counterparty',
      from: this.now(),
      to: this.now(),
      present: [],
      official: false,
      topics: [],
      links: [],
      ...changes,
    } as const;
    return this.sign('contact/v1', unsigned.reporter, unsigned);
  }

  /** A seal by the regulator, of digests and ciphertexts that nobody can open. */
  seal(changes: Partial<Omit<Seal, 'second'>> = {}, second = 'person:regulator'): Seal {
    const text = (i: number): string => String.fromCharCode(65 + i);
    const marking = { level: 2, compartments: [] };
    const seal = {
      id: this.state.size.toString(16).padStart(32, '0'),
      banner: marking,
      authority: 'regulator',
      reason: 'military_plans',
      reviewBy: this.now(180 * 24),
      recipients: ['11'.repeat(32), '22'.repeat(32)],
      sdAlg: 'sha-256',
      sd: Array.from({ length: 8 }, (_, i) => text(i).repeat(43)),
      groups: [{ marking, ctSha256: '33'.repeat(32) }],
      ...changes,
    } as const;
    const proof = this.prove(second, sealStatement({ ...seal, second: { person: second } }));
    return { ...seal, second: { person: second, proof } };
  }

  declare(changes: Partial<Omit<Declaration, 'attestations'>> = {}, seats: SeatId[] = SIGNERS) {
    const declared: Declaration = {
      id: `declaration-${this.state.size}`,
      scopes: [SCOPE],
      state: 'off',
      reason: 'unlicensed',
      evidence: [],
      alternatives: [],
      originators: [],
      validUntil: this.now(30 * 24),
      ...changes,
      attestations: [],
    };
    const { roster } = this.state.rosters.at(-1)!;
    const attestations = seats.map(seatId => {
      const signer = roster.seats.find(({ id }) => id === seatId)!.holder;
      const text = 'I have made enquiry; no request, contact or interest bears on this.';
      const attestation = { text, signer, seat: seatId };
      const statement = attestationStatement(declared, attestation);
      return { ...attestation, proof: this.prove(signer, statement) };
    });
    return this.add('declaration/v1', { ...declared, attestations });
  }

  #envelope(type: string, subject: string, body: unknown, prev: number | null): Entry {
    const seq = this.entries.length;
    const time = instantOf(this.nowMs);
    return { v: 1, type, seq, time, actor: 'org:server', subject, prev, body };
  }
}

const SIGNERS = ['operator.service', 'operator.legal'];

/** All of the territory, off for everyone, its border band left alone. */
export const SCOPE: Scope = {
  territory: { id: 'LAND', version: 1 },
  terminals: { kind: 'all' },
  constraint: { kind: 'off' },
  exceptions: [],
  band: 'outside',
};
export const GIVEN: Scope = { ...SCOPE, constraint: { kind: 'none' }, band: 'inside' };
