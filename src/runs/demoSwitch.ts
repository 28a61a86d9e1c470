import { randomBytes } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  attest,
  ballotHash,
  type Declaration,
  type EntryBodies,
  flagsAt,
  type MachineId,
  missingWords,
  type Originator,
  orderStatusAt,
  type PersonId,
  quorumAt,
  REVIEW_DAYS,
  revealBody,
  type Scope,
  type Seal,
  type SeatId,
  type Sha256Hex,
  sealBody,
  signBody,
  signReadRequest,
  signSeal,
  type UnsignedBody,
  type Vote,
  type VoteStatement,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { logSource } from '../store/logSource.ts';
import { openReleased } from '../store/openReleased.ts';
import { openReleaseService, type ReleasedPart } from '../store/releaseService.ts';
import { openSealStore } from '../store/sealStore.ts';
import { auditSwitch, type SwitchAudit } from '../store/switchAudit.ts';
import type { Recorded, SwitchStore } from '../store/switchStore.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { trustedCheckpoint } from '../store/trustedCheckpoint.ts';
import {
  formatProofFile,
  parsePolicy,
  TileTree,
  TlogError,
  tilePath,
  verifyProofFile,
} from '../tlog/index.ts';
import {
  beginDemo,
  DEMO_ADAPTER,
  DEMO_READER,
  DEMO_TERRITORY,
  DEMO_TWIN,
  type Demo,
} from './demoInstallation.ts';
import { demoWitness } from './demoWitness.ts';
import { plural, whole } from './numbers.ts';
import { computeOrderImpact, DEFAULT_ORDER_WORLD } from './orderImpact.ts';
import type { OnProgress } from './worldRequest.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The story lasts this long and ends now. */
const STORY_MS = 21 * DAY_MS;
/** An order of this length is enough to see; the twin computes it in seconds. */
const IMPACT_WORLD = { ...DEFAULT_ORDER_WORLD, forS: 120 };

/** One scene of the story. */
export interface DemoScene {
  readonly title: string;
  /** What happened, in words; what was refused begins with "Refused: ". */
  readonly lines: readonly string[];
}

export interface DemoSwitchOptions {
  readonly dataFolder: string;
  readonly keysFolder: string;
  /** The end of the story, milliseconds since 1970. */
  readonly endMs: number;
  readonly onScene: (scene: DemoScene) => void;
  readonly onProgress?: OnProgress;
}

/** What is left in the folders for whoever wants to look. */
export interface DemoOutcome {
  readonly entryCount: number;
  readonly orderHash: Sha256Hex;
  /** Files beside `ledger`: the trust policy of an outsider, one proof. */
  readonly trustFile: string;
  readonly proofFile: string;
  /** Index of the entry that the verifier named after a byte of it was flipped. */
  readonly brokenEntry: number;
}

/**
 * Plays a request from outside to keep a territory dark through the whole switch, with neutral roles
 * and real signatures, in a scratch folder; checks at each step that the rules did what they promise.
 *
 * @throws BeamkeeperError `DEMO` when something was accepted that must not be, or the other way round
 */
export async function demoSwitch(options: DemoSwitchOptions): Promise<DemoOutcome> {
  const { dataFolder, keysFolder, onScene } = options;
  const clock = { nowMs: options.endMs - STORY_MS };
  const witness = await demoWitness(dataFolder, () => clock.nowMs);
  const demo = await beginDemo(dataFolder, keysFolder, {
    nowMs: () => clock.nowMs,
    witnessPolicy: witness.policyLines,
    exchange: witness.exchange,
  });
  const story = createStory(demo, clock, onScene);
  let outcome: Omit<DemoOutcome, 'trustFile' | 'proofFile' | 'brokenEntry'>;
  try {
    await silence(story);
    const originators = await request(story);
    const recorded = await order(story, originators, options);
    await votes(story, recorded);
    await execution(story, recorded);
    await sealedPart(story, recorded, options);
    // As the order publishes them: what is sealed there stays sealed here.
    await declaration(story, recorded, recorded.body.originators);
    await demo.store.anchor();
    await demo.store.orders.witnessNowMs();
    outcome = { entryCount: demo.store.entries.length, orderHash: recorded.hash };
  } finally {
    await demo.store.close();
    await witness.close();
  }
  const trustFile = join(dataFolder, 'trust.txt');
  const trust = `log ${demo.store.orders.verifierKey}\n${witness.policyLines}`;
  await writeFile(trustFile, trust);
  const proofFile = await outsider(story, dataFolder, trust, outcome.orderHash);
  const brokenEntry = await tampering(story, { dataFolder, ...outcome }, trust);
  return { ...outcome, trustFile, proofFile, brokenEntry };
}

/** What the scenes share: the switch, the clock, and ways to act and to be refused. */
interface Story {
  readonly store: SwitchStore;
  readonly demo: Demo;
  now(): string;
  wait(ms: number): void;
  scene(title: string, ...lines: string[]): void;
  sign<T extends Exclude<keyof EntryBodies, 'declaration/v1'>>(
    type: T,
    by: PersonId | MachineId,
    body: UnsignedBody<T>,
  ): Promise<Recorded>;
  vote(hash: Sha256Hex, seat: SeatId, person: PersonId, decision?: 'yes' | 'no'): Promise<Recorded>;
  /** The reason with which the switch refuses. */
  refused(what: string, attempt: () => Promise<unknown>): Promise<string>;
  flags(): string[];
}

function createStory(
  demo: Demo,
  clock: { nowMs: number },
  onScene: DemoSwitchOptions['onScene'],
): Story {
  const { store } = demo;
  const now = (): string => new Date(clock.nowMs).toISOString();
  const sign: Story['sign'] = async (type, by, body) =>
    store.record(type, await signBody(demo.signer(by), type, body));
  return {
    store,
    demo,
    now,
    wait(ms) {
      clock.nowMs += ms;
    },
    scene: (title, ...lines) => onScene({ title, lines }),
    sign,
    vote(hash, seat, person, decision = 'yes') {
      const { state } = store;
      const statement: VoteStatement = {
        orderHash: hash,
        decision,
        seat,
        person,
        reason: 'The order as proposed, with this impact, is within my mandate.',
        impactSha256: state.ballots.get(hash)?.impact?.reportSha256 ?? null,
        policySha256: state.policySha256,
        rosterIndex: state.rosters[state.rosters.length - 1].seq,
        disclosuresComplete: true,
        nonce: randomBytes(16).toString('hex'),
      };
      return sign('vote/v1', person, { statement } as UnsignedBody<'vote/v1'> & Vote);
    },
    async refused(what, attempt) {
      try {
        await attempt();
      } catch (error) {
        if (error instanceof BeamkeeperError || error instanceof TlogError) {
          return `Refused: ${what}: ${error.message}`;
        }
        throw error;
      }
      throw new BeamkeeperError('DEMO', `${what}: was accepted, and must not be`, {
        isBadInput: false,
      });
    },
    flags: () =>
      flagsAt(store.state, now()).map(
        ({ flag, subject, days }) =>
          `flag ${flag} on ${subject.length === 64 ? `${subject.slice(0, 12)}…` : subject}, ${plural(days, 'day', 'days')}`,
      ),
  };
}

const SEALED_PART = 'originators[0].channel';
const SCOPE: Scope = {
  territory: { id: DEMO_TERRITORY, version: 1 },
  terminals: { kind: 'all' },
  constraint: { kind: 'off' },
  exceptions: [],
  band: 'inside',
};

/** The territory is off, and nobody has said why. */
async function silence(story: Story): Promise<void> {
  story.wait(2 * DAY_MS);
  const flags = story.flags();
  if (!flags.some(flag => flag.startsWith('flag undeclared'))) {
    throw new BeamkeeperError('DEMO', 'a territory off without a declaration raised no flag');
  }
  story.scene(
    `${DEMO_TERRITORY} (a stand-in) is kept off, and nobody has declared why`,
    `Everybody sees: ${flags.join('; ')}`,
    'The flag goes away only with a signed, expiring declaration, or with service.',
  );
}

/** A third party asks the owner; the contact comes out, late. */
async function request(story: Story): Promise<Originator[]> {
  const called = story.now();
  story.wait(9 * DAY_MS);
  const asked = 'a head of government of a third state';
  const chain: Originator[] = [
    {
      party: asked,
      capacity: 'foreign_government',
      channel: 'private call, on the line of a third person who put it through',
      at: called,
    },
    {
      party: 'org:holding',
      capacity: 'owner',
      onBehalfOf: asked,
      channel: 'private call',
      at: called,
    },
  ];
  const undisclosed = await story.refused('to propose it without disclosing the contact', () =>
    story.sign('order/v1', 'person:drafter', orderOf(story, chain, [])),
  );
  const unsupported = await story.refused('to declare it as the operator’s own wish', () =>
    declare(story, chain, undefined),
  );
  const contact = await story.sign('contact/v1', 'person:owner', {
    id: 'contact-owner-1',
    reporter: 'person:owner',
    counterparty: { role: asked, affiliation: 'government' },
    onBehalfOf: asked,
    channel: 'private call',
    initiatedBy: 'counterparty',
    from: called,
    to: called,
    present: [],
    official: false,
    topics: [{ kind: 'territory', about: DEMO_TERRITORY }],
    asked: 'that the territory stay without service',
    answered: 'that it would be looked into',
    lateReason: 'held to be a private conversation',
    links: [DEMO_TERRITORY],
  });
  await story.sign('contact/v1', 'person:regulator', {
    id: 'contact-regulator-1',
    reporter: 'person:regulator',
    counterparty: { role: 'an envoy of the third state', affiliation: 'government' },
    channel: 'meeting',
    initiatedBy: 'counterparty',
    from: new Date(Date.parse(story.now()) - 2 * DAY_MS).toISOString(),
    to: new Date(Date.parse(story.now()) - 2 * DAY_MS).toISOString(),
    present: [],
    official: true,
    topics: [{ kind: 'territory', about: DEMO_TERRITORY }],
    asked: 'how the regulator would vote',
    answered: 'nothing was said',
    links: [DEMO_TERRITORY],
  });
  story.scene(
    'A third party asks the owner to keep the territory dark',
    undisclosed,
    unsupported,
    `Entry ${contact.index}: the owner discloses the call, nine days after it`,
    `Everybody sees: ${story.flags().join('; ')}`,
  );
  return chain.map(link => ({ ...link, contactId: 'contact-owner-1' }));
}

function orderOf(
  story: Story,
  originators: readonly Originator[],
  disclosures: readonly string[],
): UnsignedBody<'order/v1'> {
  return {
    id: 'order-1',
    revision: 1,
    kind: 'withhold',
    drill: false,
    scope: SCOPE,
    effective: { from: story.now() },
    proposer: 'person:drafter',
    originators,
    legalBasis: ['none was named by those who asked'],
    reason: 'Asked for by a third party through the owner; put to the vote as the rules want.',
    supersedes: [],
    disclosures,
  };
}

interface Proposed {
  readonly index: number;
  readonly hash: Sha256Hex;
  readonly body: EntryBodies['order/v1'];
}

/** The order, with its chain, and what the twin says that it does. */
async function order(
  story: Story,
  originators: readonly Originator[],
  { dataFolder, keysFolder, onProgress }: DemoSwitchOptions,
): Promise<Proposed> {
  const { store, demo } = story;
  const { seals } = await openSealStore({ dataFolder, keysFolder });
  const { body, made } = await sealBody(
    'order/v1',
    orderOf(story, originators, ['contact-owner-1']),
    { [SEALED_PART]: { level: 2, compartments: [] } },
    {
      authority: 'operator.legal',
      reason: 'sources',
      reviewBy: new Date(Date.parse(story.now()) + REVIEW_DAYS * DAY_MS).toISOString(),
      recipients: seals.fingerprints,
      second: 'person:general-counsel',
    },
    { sha256: nodeSha256, randomBytes },
  );
  await seals.put(made);
  const seal = await signSeal(demo.signer('person:general-counsel'), made.seal);
  const { index, entry } = await story.sign('order/v1', 'person:drafter', { ...body, seal });
  const order = entry.body as EntryBodies['order/v1'];
  const hash = ballotHash(nodeSha256, 'order/v1', order);
  const early = await story.refused('a vote before the impact is known', () =>
    story.vote(hash, 'customer', 'person:customers-delegate'),
  );
  const { report, body: found } = await computeOrderImpact(
    store.state,
    hash,
    DEMO_TWIN,
    IMPACT_WORLD,
    onProgress,
  );
  await store.putBlob(report);
  const impact = await story.sign('impact/v1', DEMO_TWIN, found);
  story.scene(
    'The order is proposed, with the whole chain of who asked',
    `Entry ${index}: withhold service over ${DEMO_TERRITORY}, order ${hash.slice(0, 12)}…`,
    ...originators.map(
      ({ party, capacity, onBehalfOf }) =>
        `  asked by ${party} (${capacity})${onBehalfOf ? `, on behalf of ${onBehalfOf}` : ''}`,
    ),
    `  on which line is sealed (${seal.reason}, by ${seal.authority} and a second person, review by ${seal.reviewBy.slice(0, 10)}): that it is, everybody sees`,
    early,
    `Entry ${impact.index}: impact report ${found.reportSha256.slice(0, 12)}…, from ${plural(found.inputs.length, 'named input', 'named inputs')}`,
    ...found.headlines.map(
      ({ name, low, central, high }) =>
        `  ${name}: ${whole(central)} (${whole(low)} to ${whole(high)})`,
    ),
  );
  return { index, hash, body: order };
}

/** The owner's side is barred, one approver is recused, the alternates step in. */
async function votes(story: Story, { hash }: Proposed): Promise<void> {
  const { store } = story;
  story.wait(DAY_MS);
  const owners = await story.refused('the operator’s own director votes', () =>
    story.vote(hash, 'operator.service', 'person:service-director'),
  );
  const regulator = await story.refused('the regulator votes, who met an envoy', () =>
    story.vote(hash, 'regulator', 'person:regulator'),
  );
  const administrator = await story.refused('the administrator votes', () =>
    story.vote(hash, 'operator.service', 'person:administrator'),
  );
  const cast: string[] = [];
  const seats: [SeatId, PersonId][] = [
    ['operator.service', 'person:trustee'],
    ['operator.legal', 'person:independent-director'],
    ['regulator', 'person:deputy-regulator'],
    ['customer', 'person:customers-delegate'],
    ['oversight.a', 'person:overseer-a'],
  ];
  for (const [seat, person] of seats) {
    const { index } = await story.vote(hash, seat, person);
    cast.push(`Entry ${index}: ${person} votes yes for ${seat}`);
  }
  const record = store.state.ballots.get(hash)!;
  const before = quorumAt(store.state, record, Date.parse(story.now()))!;
  const missing = before.missing.map(missingWords).join(', ');
  const { index } = await story.vote(hash, 'oversight.b', 'person:overseer-b');
  story.scene(
    'Votes, each signed with the voter’s own key over order, impact and rules',
    owners,
    regulator,
    administrator,
    ...cast,
    `Not enough yet: ${missing}`,
    `Entry ${index}: person:overseer-b votes yes for oversight.b: the quorum is met`,
    `The order is now: ${orderStatusAt(store.state, hash, story.now())}`,
  );
}

async function execution(story: Story, { hash }: Proposed): Promise<void> {
  const { store } = story;
  const execute = async (by: PersonId): Promise<Recorded> => {
    const witnessMs = await store.orders.witnessNowMs();
    return story.sign('execution/v1', by, {
      orderHash: hash,
      executor: by,
      clock: {
        machine: story.now(),
        ...(witnessMs !== undefined && { witness: new Date(witnessMs).toISOString() }),
      },
    });
  };
  const early = await story.refused('to execute before the cooling-off has ended', () =>
    execute('person:executor'),
  );
  story.wait(3 * DAY_MS + HOUR_MS);
  // Inputs of the impact report may be 72 hours old at execution: computed again, same numbers.
  const stale = await story.refused('to execute on an impact report that has grown old', () =>
    execute('person:executor'),
  );
  const fresh = await computeOrderImpact(
    store.state,
    hash,
    DEMO_TWIN,
    IMPACT_WORLD,
    undefined,
    Date.parse(story.now()),
  );
  await store.putBlob(fresh.report);
  await story.sign('impact/v1', DEMO_TWIN, fresh.body);
  const voter = await story.refused('somebody who voted executes', () =>
    execute('person:overseer-a'),
  );
  const executed = await execute('person:executor');
  story.wait(5 * 60_000);
  const receipt = await story.sign('receipt/v1', DEMO_ADAPTER, {
    orderHash: hash,
    adapter: DEMO_ADAPTER,
    doneAt: story.now(),
  });
  story.scene(
    'Execution, after 72 hours in which anybody could object',
    early,
    stale,
    voter,
    `Entry ${executed.index}: executed by person:executor, clock compared with the witness’s`,
    `Entry ${receipt.index}: the adapter confirms`,
  );
}

/** What a leaf says is public for ever; what is sealed is read by few, and each read is in a log. */
async function sealedPart(
  story: Story,
  { index, body }: Proposed,
  folders: Pick<DemoSwitchOptions, 'dataFolder' | 'keysFolder'>,
): Promise<void> {
  const { store, demo } = story;
  const release = await openReleaseService(store, folders);
  const read = async (person: PersonId): Promise<ReleasedPart> => {
    const purpose = { kind: 'order', about: body.id } as const;
    const asked = { entryIndex: index, person, purpose };
    const nowMs = Date.parse(story.now());
    return release.read(await signReadRequest(demo.signer(person), asked, nowMs, randomBytes));
  };
  const refused = await story.refused(
    'person:overseer-b, who is not cleared, asks to read it',
    () => read('person:overseer-b'),
  );
  const part = await read(DEMO_READER);
  const groups = await openReleased(body.seal as Seal, part, demo.reader);
  const { originators = [] } = revealBody(
    nodeSha256,
    body,
    groups.flatMap(({ portions }) => portions),
  );
  story.scene(
    'The sealed part is read by the one who is cleared, and the read is in a log first',
    refused,
    `${DEMO_READER} reads: asked "${originators[0]?.channel}"`,
    `Entry ${part.accessIndex} of the access log said so before the key was released; the refusal is there too`,
  );
}

async function declare(
  story: Story,
  originators: readonly Originator[],
  orderHash: Sha256Hex | undefined,
): Promise<Recorded> {
  let declaration: Declaration = {
    id: `declaration-${DEMO_TERRITORY}-1`,
    scopes: [SCOPE],
    state: 'off',
    reason: orderHash === undefined ? 'operator_choice' : 'third_party_request',
    evidence: [],
    alternatives: ['no licence was applied for', 'the price of a gateway'],
    originators,
    ...(orderHash !== undefined && { orderHash }),
    validUntil: new Date(Date.parse(story.now()) + 30 * DAY_MS).toISOString(),
    attestations: [],
  };
  const text =
    'I have made enquiry; no request, contact or interest bears on this other than those listed.';
  for (const [seat, signer] of [
    ['operator.service', 'person:service-director'],
    ['operator.legal', 'person:general-counsel'],
  ] as const) {
    declaration = await attest(story.demo.signer(signer), declaration, { text, signer, seat });
  }
  return story.store.record('declaration/v1', declaration);
}

async function declaration(
  story: Story,
  { hash }: Proposed,
  originators: readonly Originator[],
): Promise<void> {
  const { index, entry } = await declare(story, originators, hash);
  const flags = story.flags();
  if (flags.some(flag => flag.startsWith('flag undeclared'))) {
    throw new BeamkeeperError('DEMO', 'a declared territory is still flagged');
  }
  story.scene(
    'The territory is declared off, by two signers who put their names to it',
    `Entry ${index}: reason third_party_request, valid until ${(entry.body as Declaration).validUntil.slice(0, 10)}; then the flag is back unless it is renewed`,
    `Everybody sees: ${flags.join('; ')}`,
  );
}

/** What a stranger with the public files and a policy can find out, offline. */
async function outsider(
  story: Story,
  dataFolder: string,
  trust: string,
  hash: Sha256Hex,
): Promise<string> {
  const folder = join(dataFolder, 'ledger', 'orders');
  const policy = parsePolicy(nodeSha256, trust);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const { size, control } = await verify(folder, trust);
  if (!control) throw new BeamkeeperError('DEMO', 'the log is not taken for that of a switch');
  const source = logSource(folder);
  const note = new TextDecoder().decode(await source.read('checkpoint.witnessed'));
  const tree = new TileTree(nodeSha256, source, Number(note.split('\n')[1]));
  const vote = control.entries.findLast(
    ({ type, body }) => type === 'vote/v1' && (body as Vote).statement.orderHash === hash,
  )!;
  const leaf = await tree.entry(vote.seq);
  const proof = formatProofFile({
    index: vote.seq,
    proof: await tree.inclusionProof(vote.seq),
    checkpoint: note,
  });
  await verifyProofFile(nodeSha256, policy, leaf, proof, { nowSeconds });
  const proofFile = join(dataFolder, 'last-vote.tlog-proof');
  await writeFile(proofFile, proof);
  await writeFile(join(dataFolder, 'last-vote.entry'), leaf);
  story.scene(
    'What each outsider can verify, with the files and nothing else',
    `All of it: ${plural(size, 'entry', 'entries')}, every hash, ${plural(control.signatureCount, 'signature', 'signatures')}, every quorum, ${plural(control.impactCount, 'impact report', 'impact reports')}: agree`,
    `What was tried and had no effect is in the log too: ${plural(control.state.ineffective.length, 'entry', 'entries')}`,
    ...control.state.ineffective.map(
      ({ seq, type, reason }) => `  entry ${seq} (${type}): ${reason}`,
    ),
    `One vote alone: ${proofFile} proves entry ${vote.seq} without the rest of the log`,
  );
  return proofFile;
}

/** The real verifier, as `ledger verify` runs it. */
async function verify(folder: string, trust: string): Promise<SwitchAudit> {
  const policy = parsePolicy(nodeSha256, trust);
  const source = logSource(folder);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const { note, accepted } = await trustedCheckpoint(source, policy, folder, { nowSeconds });
  const verifiers = policy.logs.map(({ key }) => key);
  return auditSwitch({ source, origin: accepted.origin, verifiers, checkpoint: note });
}

/** A byte of an entry is changed in a copy; the verifier says which. */
async function tampering(
  story: Story,
  {
    dataFolder,
    entryCount,
    orderHash,
  }: { dataFolder: string; entryCount: number; orderHash: string },
  trust: string,
): Promise<number> {
  const copy = join(dataFolder, 'tampered');
  await rm(copy, { recursive: true, force: true });
  await cp(join(dataFolder, 'ledger', 'orders'), copy, { recursive: true });
  const bundle = join(copy, tilePath({ level: 'entries', index: 0, width: entryCount }));
  const bytes = await readFile(bundle);
  // A digit of the order's hash in a vote: as if it had been cast on something else.
  const at = bytes.lastIndexOf(`"orderHash":"${orderHash}","person"`) + `"orderHash":"`.length;
  bytes[at] = bytes[at] === 0x30 ? 0x31 : 0x30;
  await writeFile(bundle, bytes);
  const refusal = await story.refused('a copy in which one byte was changed', () =>
    verify(copy, trust),
  );
  const [, entry] = /entry (\d+)/.exec(refusal) ?? [];
  if (entry === undefined) throw new BeamkeeperError('DEMO', `it names no entry: ${refusal}`);
  story.scene('Somebody changes one byte of the published files', refusal);
  return Number(entry);
}
