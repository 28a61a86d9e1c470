/** The switch that the examples in the help speak of: made for the test that runs them. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  attest,
  ballotHash,
  type Declaration,
  type Order,
  type Scope,
  signBody,
  type UnsignedBody,
} from '../control/index.ts';
import { beginDemo, DEMO_TWIN, type Demo } from '../runs/demoInstallation.ts';
import { nodeSha256 } from '../store/tlogStore.ts';

const HOUR_MS = 3_600_000;
const KEY_FILES: Readonly<Record<string, string>> = {
  drafter: 'drafter',
  owner: 'owner',
  regulator: 'regulator',
  customer: 'customers-delegate',
  legal: 'general-counsel',
  executor: 'executor',
  adapter: 'adapter',
  twin: 'twin',
};
const YES = {
  'operator.service': 'person:service-director',
  'operator.legal': 'person:general-counsel',
  customer: 'person:customers-delegate',
  'oversight.a': 'person:overseer-a',
};

/**
 * `folder/switch` with an order to weigh, one with votes, one approved and one executed; keys, a signed
 * declaration and a roster beside it.
 */
export async function makeExampleSwitch(folder: string, nowMs: number): Promise<void> {
  const clock = { nowMs: nowMs - 60 * HOUR_MS };
  const keys = join(folder, 'switch-keys');
  const demo = await beginDemo(join(folder, 'switch'), keys, { nowMs: () => clock.nowMs });
  const { store } = demo;
  for (const [name, person] of Object.entries(KEY_FILES)) {
    copyFileSync(join(keys, 'people', `${person}.key`), join(folder, `${name}.key`));
  }
  const [{ roster }] = store.state.rosters;
  writeFileSync(join(folder, 'roster.json'), JSON.stringify(roster));
  const vkeys = store.state.keys.map(({ key }) =>
    key.publicKey.kind === 'note' ? key.publicKey.verifierKey : '',
  );
  writeFileSync(join(folder, 'verifier-keys.txt'), `${vkeys.join('\n')}\n`);

  const trust = `log ${store.orders.verifierKey}\nquorum none\n`;
  writeFileSync(join(folder, 'switch-trust.txt'), trust);

  await proposeIn(demo, 'order-1', 'EST', clock.nowMs);
  clock.nowMs += 30 * HOUR_MS;
  for (const [id, territory] of [
    ['order-2', 'LKA'],
    ['order-3', 'ISL'],
    ['order-4', 'RWA'],
  ]) {
    const hash = await proposeIn(demo, id, territory, clock.nowMs);
    if (id === 'order-2') await voteOn(demo, hash, 'regulator', 'person:regulator');
    else for (const [seat, person] of Object.entries(YES)) await voteOn(demo, hash, seat, person);
  }
  clock.nowMs = nowMs - HOUR_MS;
  await executeIn(demo, 'order-4', clock.nowMs);
  await store.record('claim/v1', {
    id: 'claim-1',
    text: 'Service was kept off.',
    originator: 'a newspaper',
    about: ['the owner'],
    firstAppearance: { at: new Date(clock.nowMs).toISOString(), where: 'a report' },
  });
  await writeDeclaration(demo, join(folder, 'signed.json'), clock.nowMs);
  await store.close();
}

function scopeOf(id: string): Scope {
  return {
    territory: { id, version: 1 },
    terminals: { kind: 'all' },
    constraint: { kind: 'off' },
    exceptions: [],
    band: 'inside',
  };
}

/** Proposes an order and files an impact report for it; gives its hash. */
async function proposeIn(
  { store, signer }: Demo,
  id: string,
  territory: string,
  nowMs: number,
): Promise<string> {
  const at = new Date(nowMs).toISOString();
  const order: Omit<Order, 'proof'> = {
    id,
    revision: 1,
    kind: 'suspend',
    drill: false,
    scope: scopeOf(territory),
    effective: { from: at },
    proposer: 'person:drafter',
    originators: [{ party: 'person:drafter', capacity: 'operator', channel: 'none', at }],
    ownAuthorship: 'Nobody asked me for this order.',
    legalBasis: [],
    reason: 'an example',
    supersedes: [],
    disclosures: [],
  };
  const body = await signBody(signer('person:drafter'), 'order/v1', order);
  await store.record('order/v1', body);
  const hash = ballotHash(nodeSha256, 'order/v1', body);
  const impact = {
    orderHash: hash,
    twin: DEMO_TWIN,
    reportSha256: randomBytes(32).toString('hex'),
    twinVersion: '0',
    inputs: [],
    inputsAt: at,
    headlines: [{ name: 'people', low: 1, central: 2, high: 3 }],
    touches: [],
  };
  await store.record('impact/v1', await signBody(signer(DEMO_TWIN), 'impact/v1', impact));
  return hash;
}

async function voteOn(
  { store, signer }: Demo,
  orderHash: string,
  seat: string,
  person: string,
): Promise<void> {
  const { state } = store;
  const statement = {
    orderHash,
    decision: 'yes',
    seat,
    person,
    reason: 'an example',
    impactSha256: state.ballots.get(orderHash)?.impact?.reportSha256 ?? null,
    policySha256: state.policySha256,
    rosterIndex: 0,
    disclosuresComplete: true,
    nonce: randomBytes(16).toString('hex'),
  } as const;
  const unsigned: UnsignedBody<'vote/v1'> = { statement };
  await store.record('vote/v1', await signBody(signer(person), 'vote/v1', unsigned));
}

async function executeIn({ store, signer }: Demo, id: string, nowMs: number): Promise<void> {
  const [orderHash] = store.state.revisions.get(id) ?? [];
  const executor = 'person:executor';
  const clock = { machine: new Date(nowMs).toISOString() };
  const body = { orderHash, executor, clock };
  await store.record('execution/v1', await signBody(signer(executor), 'execution/v1', body));
}

async function writeDeclaration({ signer }: Demo, path: string, nowMs: number): Promise<void> {
  const declaration: Declaration = {
    id: 'declaration-1',
    scopes: [scopeOf('URY')],
    state: 'off',
    reason: 'unlicensed',
    evidence: [],
    alternatives: [],
    originators: [],
    validUntil: new Date(nowMs + 30 * 24 * HOUR_MS).toISOString(),
    attestations: [],
  };
  const text = 'I have made enquiry; nothing bears on this.';
  const first = await attest(signer(YES['operator.service']), declaration, {
    text,
    signer: YES['operator.service'],
    seat: 'operator.service',
  });
  const second = await attest(signer(YES['operator.legal']), first, {
    text,
    signer: YES['operator.legal'],
    seat: 'operator.legal',
  });
  writeFileSync(path, JSON.stringify(second));
}
