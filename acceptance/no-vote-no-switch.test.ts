/**
 * Who kept a territory in the dark, and who asked for it. A head of government of a third state asks,
 * through an owner, that territory T stay dark: the switch lets nobody do that unseen, and nobody do
 * it alone. Every signature is real, and a stranger replays it all from the published bytes.
 */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  ballotHash,
  canonicalJson,
  cellStateAt,
  flagsAt,
  foldAll,
  type Key,
  type Order,
  orderStatusAt,
  parseEntry,
  policyAt,
  type Scope,
  type Statement,
  type Vote,
  verifySignatures,
  verifyVote,
} from '../src/control/index.ts';
import { BAND_CELLS, GIVEN, INNER_CELLS, ROSTER, SCOPE, TestLog } from '../src/control/testLog.ts';
import { nodeSha256 as sha256 } from '../src/store/tlogStore.ts';
import {
  createEd25519Signer,
  createLogSigner,
  formatNote,
  formatVerifierKey,
  MemoryFiles,
  openLog,
  parsePolicy,
  parseVerifierKey,
  verifyProofFile,
} from '../src/tlog/index.ts';

/** An Ed25519 key of a person's own, from a seed that is his name. */
function tokenOf(holder: string) {
  const seed = createHash('sha256').update(`seed of ${holder}`).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = new Uint8Array(Buffer.from(x as string, 'base64url'));
  const verifierKey = formatVerifierKey(sha256, holder, 'ed25519', publicKey);
  const key: Key = { holder, publicKey: { kind: 'note', verifierKey } };
  const { keyId } = parseVerifierKey(sha256, verifierKey);
  const prove = ({ type, text: statement }: Statement) => {
    const text = `beamkeeper/${type}\n${statement}\n`;
    const signature = new Uint8Array(sign(null, Buffer.from(text), privateKey));
    const note = formatNote({ text, signatures: [{ name: holder, keyId, signature }] });
    return { kind: 'note' as const, note };
  };
  return { key, prove };
}
const HOLDERS = [...ROSTER.persons, ...ROSTER.machines].map(({ id }) => id);
const TOKENS = new Map(HOLDERS.map(holder => [holder, tokenOf(holder)]));

const T: Scope['territory'] = { id: 'LAND', version: 1 };
const ALL_OF_T: Scope = { ...SCOPE, band: 'inside' };
const DARK = [{ territory: T, constraint: { kind: 'off' } as const }];
const TAKING = ['operator.service', 'operator.legal', 'customer', 'oversight.1'];
const DAY_H = 24;

function openSwitch(normal: { territory: Scope['territory']; constraint: { kind: 'off' } }[] = []) {
  const keys = [...TOKENS.values()].map(({ key }) => key);
  return new TestLog(sha256, { keys, normal }, (holder, statement) =>
    TOKENS.get(holder)!.prove(statement),
  );
}
const flagsOf = (l: TestLog, flag: string) =>
  flagsAt(l.state, l.now()).filter(f => f.flag === flag);
const stateOf = (l: TestLog, cell = INNER_CELLS[0], hours = 0) =>
  cellStateAt(l.state, cell, l.now(hours), 'fixed');

/** What a stranger makes of the bytes alone: every entry, every signature, the state. */
async function replay(bytes: readonly Uint8Array[]) {
  const entries = bytes.map(parseEntry);
  const { holds } = await verifySignatures(sha256, entries);
  return foldAll(entries, { sha256, holds });
}
const bytesOf = (l: TestLog) =>
  l.entries.map(entry => new TextEncoder().encode(canonicalJson(entry)));
async function expectReplayed(l: TestLog): Promise<void> {
  expect(await replay(bytesOf(l))).toEqual(l.state);
}

function decide(l: TestLog, changes: Partial<Order>, seats: string[], hours: number): string {
  const hash = l.order(changes);
  l.votes(hash, ...seats).after(hours);
  expect(l.execute(hash)).toBeUndefined();
  return hash;
}

test('a head of government asks, through an owner, that territory T stay dark', async () => {
  const l = openSwitch(DARK);
  expect(l.declare({ scopes: [ALL_OF_T], validUntil: l.now(25 * DAY_H) })).toBeUndefined();
  expect(flagsOf(l, 'undeclared')).toEqual([]);

  // Undisclosed, it cannot be proposed: not as an order, not as a declaration.
  const called = l.now();
  l.after(10 * DAY_H);
  const favour = [
    l.originator('a head of government of a third state', 'foreign_government'),
    l.originator('org:holding', 'owner', { onBehalfOf: 'a head of government of a third state' }),
  ];
  const withhold = { kind: 'withhold', scope: ALL_OF_T } as const;
  expect(l.tryOrder({ ...withhold, originators: favour }).refusal).toMatch(/is not disclosed/);
  const reason = 'third_party_request';
  expect(l.declare({ scopes: [ALL_OF_T], reason })).toMatch(/executed order to withhold/);

  // Disclosed after ten days, it is late, and everybody sees that.
  const topics = [{ kind: 'territory', about: 'LAND' }] as const;
  const contact = { from: called, to: called, topics, asked: 'that T stay dark', official: false };
  expect(l.contact('call', contact)).toBeUndefined();
  expect(flagsOf(l, 'lateContact').map(({ subject }) => subject)).toEqual(['call']);

  // Then it can be proposed, but the owner's side does not vote on it.
  const originators = favour.map(link => ({ ...link, contactId: 'call' }));
  const hash = l.order({ ...withhold, originators });
  for (const seat of ['owner', 'operator.service', 'operator.legal']) {
    expect(l.vote(hash, seat)).toMatch(/does not vote here/);
  }
  expect(l.vote(hash, 'operator.service', { person: 'person:trustee' })).toBeUndefined();
  expect(l.vote(hash, 'operator.legal', { person: 'person:director' })).toBeUndefined();
  l.votes(hash, 'customer', 'regulator', 'oversight.1');
  const seen = l.state.ballots.get(hash)!.votes.map(({ seq }) => seq);
  expect(seen).toHaveLength(5);

  // Without the second seat of oversight it never comes to anything.
  l.after(14 * DAY_H);
  expect(orderStatusAt(l.state, hash, l.now())).toBe('lapsed');
  expect(l.execute(hash)).toMatch(/lapsed, not approved/);

  // The declaration expires, nobody may renew it on these grounds, and the flag counts the days.
  l.after(DAY_H);
  expect(flagsOf(l, 'undeclared')).toMatchObject([{ subject: 'LAND', days: 0 }]);
  expect(l.declare({ scopes: [ALL_OF_T], reason, originators, orderHash: hash })).toMatch(
    /executed order to withhold/,
  );
  l.after(40 * DAY_H);
  expect(flagsOf(l, 'undeclared')).toMatchObject([{ subject: 'LAND', days: 40 }]);

  // Published, and carried to another machine as files.
  const origin = 'switch.example/orders';
  const logKey = await createEd25519Signer(sha256, origin, new Uint8Array(32).fill(1));
  const verifiers = [parseVerifierKey(sha256, logKey.verifierKey)];
  const storage = { published: new MemoryFiles(), private: new MemoryFiles() };
  const signer = createLogSigner({
    sha256,
    origin,
    signers: [logKey],
    verifiers,
    record: new MemoryFiles(),
    copy: storage.private,
  });
  const published = await openLog({ sha256, signer, verifiers, storage });
  const bytes = bytesOf(l);
  for (const entry of bytes) await published.append(entry);
  await published.publish();
  const index = seen[0];
  const proofFile = await published.proofFile(index);
  const policy = parsePolicy(sha256, `log ${logKey.verifierKey}\nquorum none\n`);
  const times = { nowSeconds: l.nowMs / 1000 };
  const proven = await verifyProofFile(sha256, policy, bytes[index], proofFile, times);
  expect(proven).toMatchObject({ index, checkpoint: { size: l.entries.length } });
  const changed = bytes[index].slice();
  changed[10] ^= 1;
  await expect(verifyProofFile(sha256, policy, changed, proofFile, times)).rejects.toThrow();

  // There the vote is checked with the voter's key alone, and the whole story is replayed.
  const vote = parseEntry(bytes[index]).body as Vote;
  const { key } = TOKENS.get('person:trustee')!;
  await expect(verifyVote(sha256, vote, key, ROSTER.relyingParty)).resolves.toBeUndefined();
  const turned = { ...vote, statement: { ...vote.statement, decision: 'no' as const } };
  await expect(verifyVote(sha256, turned, key, ROSTER.relyingParty)).rejects.toThrow();
  const there = await replay(bytes);
  expect(there).toEqual(l.state);
  expect(there.ineffective).toHaveLength(7);
  expect(flagsAt(there, l.now())).toEqual(flagsAt(l.state, l.now()));
});

test('a server that forges, alters or moves a vote changes nothing but the list of what failed', async () => {
  const l = openSwitch();
  const hash = l.order();
  l.votes(hash, ...TAKING);
  const other = l.order({ reason: 'another order' });
  const honest = await replay(bytesOf(l));
  expect(honest.ineffective).toEqual([]);

  const genuine = l.entries.find(({ type }) => type === 'vote/v1')!.body as Vote;
  const { statement, proof } = genuine;
  const forged: Vote[] = [
    { statement: { ...statement, orderHash: other, nonce: '11'.repeat(16) }, proof },
    { statement: { ...statement, person: 'person:regulator', seat: 'regulator' }, proof },
    genuine,
  ];
  for (const vote of forged) expect(l.add('vote/v1', vote)).toBeDefined();
  const state = await replay(bytesOf(l));
  expect(state.ineffective).toHaveLength(3);
  expect(state.ballots).toEqual(honest.ballots);
});

test('a licence refused is a lawful silence: declared by two seats, and renewed by two', async () => {
  const l = openSwitch(DARK);
  const declared = {
    scopes: [ALL_OF_T],
    reason: 'unlicensed',
    validUntil: l.now(90 * DAY_H),
  } as const;
  expect(l.declare(declared, ['operator.legal'])).toMatch(/two people/);
  expect(l.declare(declared, ['operator.legal', 'regulator'])).toBeUndefined();
  l.after(89 * DAY_H);
  expect(flagsOf(l, 'undeclared')).toEqual([]);
  const renewed = { ...declared, validUntil: l.now(90 * DAY_H) };
  expect(l.declare(renewed, ['operator.legal', 'regulator'])).toBeUndefined();
  l.after(60 * DAY_H);
  expect(flagsOf(l, 'undeclared')).toEqual([]);
  await expectReplayed(l);
});

test('a court orders, the order is carried through, and the court lifts it', async () => {
  const l = openSwitch();
  const originators = [l.originator('a court', 'court')];
  const legalBasis = ['a judgment'];
  const suspended = decide(l, { originators, legalBasis }, TAKING, DAY_H);
  expect(stateOf(l)).toBe('off');
  const resume = { kind: 'resume', scope: GIVEN, supersedes: [suspended], originators } as const;
  decide(l, resume, ['operator.legal', 'customer'], 0);
  expect(stateOf(l)).toBe('on');
  expect(orderStatusAt(l.state, suspended, l.now())).toBe('superseded');
  await expectReplayed(l);
});

test('in an emergency an allow-list leaves listed terminals and the protected classes on', async () => {
  const l = openSwitch();
  const terminals = { kind: 'allow', listSha256: 'ab'.repeat(32), count: 2500 } as const;
  decide(l, { scope: { ...SCOPE, terminals } }, TAKING, DAY_H);
  expect(stateOf(l)).toBe('off');
  for (const one of ['emergency', 'humanitarian'] as const) {
    expect(cellStateAt(l.state, INNER_CELLS[0], l.now(), one)).toBe('on');
  }
  await expectReplayed(l);
});

test('break-glass leaves the border band alone, is loud, and ends by itself', async () => {
  const l = openSwitch();
  const breakGlass = { ttlHours: 24, revert: GIVEN };
  const hash = decide(l, { breakGlass }, ['operator.service', 'customer'], 0);
  expect(INNER_CELLS.map(cell => stateOf(l, cell))).toEqual(INNER_CELLS.map(() => 'off'));
  expect(BAND_CELLS.map(cell => stateOf(l, cell))).toEqual(BAND_CELLS.map(() => 'on'));
  expect(flagsOf(l, 'breakGlass').map(({ subject }) => subject)).toEqual([hash]);
  // The server is gone: no entry is written, and yet the policy of the next day is open.
  expect(policyAt(l.state, l.now(24)).rules).toEqual([]);
  expect(l.tryOrder({ breakGlass }).refusal).toMatch(/not repeated/);
  await expectReplayed(l);
});

test('of one sealed order two readers know what they are cleared for, and nobody a default', async () => {
  const l = openSwitch();
  const seal = l.seal({ reviewBy: l.now(90 * DAY_H) });
  const { scope: _, ...order } = l.orderBody();
  const sealed = l.signed('order/v1', order.proposer, { ...order, seal });
  expect(l.add('order/v1', sealed)).toBeUndefined();
  const hash = ballotHash(sha256, 'order/v1', sealed);
  l.impact(hash);
  l.votes(hash, ...TAKING).after(DAY_H);
  expect(l.execute(hash)).toBeUndefined();
  expect(stateOf(l)).toBe('unknown');
  expect(() => policyAt(l.state, l.now())).toThrow(/sealed/);
  const cleared = new Map([[hash, SCOPE]]);
  expect(cellStateAt(l.state, INNER_CELLS[0], l.now(), 'fixed', cleared)).toBe('off');
  expect(cellStateAt(l.state, BAND_CELLS[0], l.now(), 'fixed', cleared)).toBe('on');
  expect(flagsOf(l, 'sealedOrder')).toHaveLength(1);
  await expectReplayed(l);
});

test('a false attestation is found later, and stays signed', async () => {
  const l = openSwitch(DARK);
  const lunch = l.now();
  l.after(DAY_H).declare({ id: 'silence', scopes: [ALL_OF_T], reason: 'operator_choice' });
  expect(flagsOf(l, 'falseAttestation')).toEqual([]);
  const topics = [{ kind: 'territory', about: 'LAND' }] as const;
  l.after(20 * DAY_H).contact('lunch', {
    reporter: 'person:service',
    from: lunch,
    to: lunch,
    topics,
  });
  expect(flagsOf(l, 'falseAttestation').map(({ subject }) => subject)).toEqual(['silence']);
  expect(l.state.declarations).toHaveLength(1);
  await expectReplayed(l);
});
