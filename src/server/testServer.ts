/** A server over a small switch with everything in it once, for tests: real keys, real files, a clock that stands. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll } from 'vitest';
import {
  attest,
  ballotHash,
  DEFAULT_POLICIES,
  DEFAULT_RULES,
  type Declaration,
  type EntryBodies,
  type EntryType,
  type Genesis,
  type Order,
  signBody,
  type UnsignedBody,
} from '../control/index.ts';
import { LAND, ROSTER, SCOPE, TWIN } from '../control/testLog.ts';
import { openSwitch, type SwitchOptions, type SwitchStore } from '../store/switchStore.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { createEd25519Signer, type KeyedSigner } from '../tlog/index.ts';
import { buildServer, type ServerOptions } from './app.ts';

export const START_MS = Date.parse('2026-03-02T09:00:00.000Z'); // A Monday.
const HOUR_MS = 3_600_000;

const signers = new Map<string, KeyedSigner>();
for (const [i, { id }] of [...ROSTER.persons, ...ROSTER.machines].entries()) {
  signers.set(id, await createEd25519Signer(nodeSha256, id, new Uint8Array(32).fill(i + 1)));
}
const signerOf = (holder: string): KeyedSigner => signers.get(holder) as KeyedSigner;

const GENESIS: Genesis = {
  roster: ROSTER,
  keys: [...signers].map(([holder, { verifierKey }]) => ({
    holder,
    publicKey: { kind: 'note', verifierKey },
  })),
  rules: DEFAULT_RULES,
  policySet: DEFAULT_POLICIES,
  territories: [LAND],
  normal: [{ territory: { id: 'LAND', version: 1 }, constraint: { kind: 'off' } }],
};

export interface TestServer {
  readonly app: FastifyInstance;
  readonly store: SwitchStore;
  readonly dataFolder: string;
  readonly clock: { nowMs: number };
  /** In force of hash, votes of the regulator, an impact report, a contact, a declaration, a claim. */
  readonly orderHash: string;
  /** Signed by its holder; not recorded. */
  sign<T extends Exclude<EntryType, 'declaration/v1'>>(
    holder: string,
    type: T,
    unsigned: UnsignedBody<T>,
  ): Promise<EntryBodies[T]>;
  order(changes?: Partial<Order>): Promise<EntryBodies['order/v1']>;
  vote(orderHash: string, seat: string, person: string): Promise<EntryBodies['vote/v1']>;
  contact(id: string): Promise<EntryBodies['contact/v1']>;
  commitment(id: string): Promise<EntryBodies['commitment/v1']>;
}

/** Begins a switch, fills it and builds the server; all of it is gone after the tests of the file. */
export async function startTestServer(
  options: Partial<ServerOptions> = {},
  storeOptions: Partial<SwitchOptions> = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-server-'));
  const dataFolder = join(folder, 'data');
  const clock = { nowMs: START_MS };
  const store = await openSwitch(
    {
      dataFolder,
      keysFolder: join(folder, 'keys'),
      origin: 'switch.example',
      nowMs: () => clock.nowMs,
      ...storeOptions,
    },
    GENESIS,
  );
  const now = (hours = 0): string => new Date(clock.nowMs + hours * HOUR_MS).toISOString();

  const sign: TestServer['sign'] = (holder, type, unsigned) =>
    signBody(signerOf(holder), type, unsigned);
  const order: TestServer['order'] = (changes = {}) =>
    sign('person:drafter', 'order/v1', {
      id: 'order-1',
      revision: 1,
      kind: 'suspend',
      drill: false,
      scope: SCOPE,
      effective: { from: now() },
      proposer: 'person:drafter',
      originators: [
        { party: 'person:drafter', capacity: 'operator', channel: 'letter', at: now() },
      ],
      ownAuthorship: 'Nobody asked me for this order.',
      legalBasis: [],
      reason: 'test',
      supersedes: [],
      disclosures: [],
      ...changes,
    });
  let nonces = 0;
  const vote: TestServer['vote'] = (hash, seat, person) => {
    nonces += 1;
    return sign(person, 'vote/v1', {
      statement: {
        orderHash: hash,
        decision: 'yes',
        seat,
        person,
        reason: 'test',
        impactSha256: store.state.ballots.get(hash)?.impact?.reportSha256 ?? null,
        policySha256: store.state.policySha256,
        rosterIndex: 0,
        disclosuresComplete: true,
        nonce: nonces.toString(16).padStart(32, '0'),
      },
    });
  };
  const contact: TestServer['contact'] = id =>
    sign('person:owner', 'contact/v1', {
      id,
      reporter: 'person:owner',
      counterparty: { role: 'an envoy', affiliation: 'government' },
      channel: 'call',
      initiatedBy: 'counterparty',
      from: now(-1),
      to: now(-1),
      present: [],
      official: false,
      topics: [{ kind: 'territory', about: 'LAND' }],
      links: [],
    });

  const commitment: TestServer['commitment'] = id =>
    sign('person:hospital', 'commitment/v1', {
      id,
      customer: 'a hospital',
      class: 'fixed',
      territory: 'LAND',
      minMbps: 20,
      availabilityPercent: '99.9',
      noticeHours: 24,
      rtoHours: 1,
      authority: 'commitment.hospital',
      person: 'person:hospital',
    });

  await store.record('commitment/v1', await commitment('commitment-1'));
  await store.record('contact/v1', await contact('call-1'));
  const proposed = await order({ disclosures: ['call-1'] });
  const orderHash = ballotHash(nodeSha256, 'order/v1', proposed);
  await store.record('order/v1', proposed);
  const report = new TextEncoder().encode('{"type":"impact-report/v1"}\n');
  const impact = {
    orderHash,
    twin: TWIN,
    reportSha256: await store.putBlob(report),
    twinVersion: '0',
    inputs: [],
    inputsAt: now(),
    headlines: [{ name: 'people', low: 1, central: 2, high: 3 }],
    touches: [],
  };
  await store.record('impact/v1', await sign(TWIN, 'impact/v1', impact));
  // One checkpoint covers them all.
  await Promise.all([
    store.record('vote/v1', await vote(orderHash, 'regulator', 'person:regulator')),
    store.record('declaration/v1', await declarationAt(now(), now(30 * 24))),
    store.record('claim/v1', {
      id: 'claim-1',
      text: 'Service was kept off.',
      originator: 'a newspaper',
      about: ['the owner'],
      firstAppearance: { at: now(), where: 'a report' },
    }),
    store.record('source/v1', { id: 'source-1', role: 'an engineer', reliability: 'B' }),
    store.record('attribution/v1', {
      id: 'attribution-1',
      claim: 'claim-1',
      source: 'source-1',
      mode: 'primary',
      credibility: 2,
    }),
    store.record('stance/v1', {
      claim: 'claim-1',
      party: 'the owner',
      stance: 'deny_flat',
      at: now(),
      evidence: [],
    }),
  ]);

  const app = await buildServer({
    store,
    dataFolder,
    pageFolder: join(folder, 'page'),
    ratePerSecond: 100_000,
    ...options,
  });
  afterAll(async () => {
    await app.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { app, store, dataFolder, clock, orderHash, sign, order, vote, contact, commitment };
}

async function declarationAt(at: string, validUntil: string): Promise<Declaration> {
  let declared: Declaration = {
    id: 'declaration-1',
    scopes: [SCOPE],
    state: 'off',
    reason: 'unlicensed',
    evidence: [],
    alternatives: [],
    originators: [{ party: 'org:operator', capacity: 'operator', channel: 'board', at }],
    validUntil,
    attestations: [],
  };
  for (const seat of ['operator.service', 'operator.legal'] as const) {
    const signer = `person:${seat.split('.')[1]}`;
    const text = 'I have made enquiry; no request, contact or interest bears on this.';
    declared = await attest(signerOf(signer), declared, { text, signer, seat });
  }
  return declared;
}
