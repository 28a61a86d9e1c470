import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, test } from 'vitest';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { BODY_SHAPES } from '../bodyShapes.ts';
import { ADAPTER, GIVEN, ROSTER, TestLog, TWIN } from '../testLog.ts';
import type { Clearance, EntryBodies, EntryType, Marking, Roster } from '../types.ts';
import { type Asked, askedOf, type Channel } from './asked.ts';
import { decide, type Verdict } from './decide.ts';
import { decideReadByPolicy } from './decideReadByPolicy.ts';
import { DEFAULT_POLICIES } from './defaultPolicies.ts';
import { type CedarQuestion, createCedarEngine } from './engine.ts';
import { questionOf } from './entitySlice.ts';
import { policySetFaults } from './policySetFaults.ts';

const engine = createCedarEngine(cedar, nodeSha256);
const HAND: Channel = { channel: 'hand' };

function log(roster: Roster = ROSTER): TestLog {
  return new TestLog(nodeSha256, { policySet: DEFAULT_POLICIES, roster });
}

function questions<T extends EntryType>(
  l: TestLog,
  type: T,
  body: EntryBodies[T],
  by: Channel & { account?: string } = HAND,
): CedarQuestion[] {
  const asked = askedOf(nodeSha256, l.state, type, body, { ...by, at: l.now() });
  return asked.map(one => questionOf(l.state, one));
}

/** What the policies say of an entry: of its first question that is refused, or of its first. */
function verdictOf<T extends EntryType>(
  l: TestLog,
  type: T,
  body: EntryBodies[T],
  by?: Channel & { account?: string },
): Verdict {
  const verdicts = questions(l, type, body, by).map(one => decide(engine, DEFAULT_POLICIES, one));
  return verdicts.find(({ allow }) => !allow) ?? verdicts[0];
}

function vote(l: TestLog, hash: string, seat: string, person?: string): EntryBodies['vote/v1'] {
  const statement = l.statement(hash, seat, person ? { person } : {});
  return { statement, proof: { kind: 'note', note: '' } };
}

function execution(l: TestLog, orderHash: string, executor: string): EntryBodies['execution/v1'] {
  const clock = { machine: l.now() };
  return l.signed('execution/v1', executor, { orderHash, executor, clock });
}

const refusedBy = (...reasons: string[]) => ({ allow: false, reasons, errors: [] });
const allowedBy = (...reasons: string[]) => ({ allow: true, reasons, errors: [] });

describe('the default policies', () => {
  test('hold under strict validation, and leave the ways open by which they are replaced', () => {
    expect(policySetFaults(engine, DEFAULT_POLICIES)).toEqual([]);
  });

  test('let a seat vote, once, and neither proposer nor originator nor who is recused or tainted', () => {
    const l = log();
    const hash = l.order({
      originators: [l.originator('person:customer', 'customer')],
      proposer: 'person:service',
    });
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'regulator'))).toEqual(allowedBy('seats-vote'));
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'regulator', 'person:stranger'))).toEqual(
      refusedBy(),
    );
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'operator.service'))).toEqual(
      refusedBy('proposer-does-not-vote'),
    );
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'customer'))).toEqual(
      refusedBy('originator-does-not-vote'),
    );
    l.votes(hash, 'regulator', 'oversight.1');
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'regulator'))).toEqual(
      refusedBy('one-person-one-vote'),
    );
    l.withdraw(hash, 'person:regulator');
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'regulator')).allow).toBe(true);
    l.recuse(hash, 'person:regulator');
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'regulator'))).toEqual(
      refusedBy('recused-or-tainted-does-not-vote'),
    );
    // His alternate steps in.
    expect(
      verdictOf(l, 'vote/v1', vote(l, hash, 'regulator', 'person:regulator-alternate')),
    ).toEqual(allowedBy('seats-vote'));
    l.sign('taint/v1', 'person:legal', {
      orderHash: hash,
      person: 'person:oversight-1',
      raisedBy: 'person:legal',
      evidence: ['00'.repeat(32)],
      reason: 'test',
    });
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'oversight.1')).reasons).toContain(
      'recused-or-tainted-does-not-vote',
    );
  });

  test('let an executor act with a quorum only, and never a voter or the proposer', () => {
    const both = ROSTER.persons.map(person =>
      ['person:regulator', 'person:drafter'].includes(person.id)
        ? { ...person, roles: [...person.roles, 'executor' as const] }
        : person,
    );
    const l = log({ ...ROSTER, persons: both });
    const hash = l.order({ kind: 'resume', scope: GIVEN });
    expect(verdictOf(l, 'execution/v1', execution(l, hash, 'person:executor'))).toEqual(
      refusedBy('execute-only-with-quorum'),
    );
    l.votes(hash, 'regulator', 'customer');
    expect(verdictOf(l, 'execution/v1', execution(l, hash, 'person:executor'))).toEqual(
      allowedBy('executors-execute'),
    );
    expect(verdictOf(l, 'execution/v1', execution(l, hash, 'person:legal'))).toEqual(refusedBy());
    for (const one of ['person:regulator', 'person:drafter']) {
      expect(verdictOf(l, 'execution/v1', execution(l, hash, one))).toEqual(
        refusedBy('voters-do-not-execute'),
      );
    }
  });

  test('let a reader see what he is cleared for, for a purpose', () => {
    const cleared = (clearance: Partial<Clearance>): TestLog => {
      const recipient = `age1${'q'.repeat(58)}`;
      const whole: Clearance = {
        level: 2,
        compartments: ['north'],
        state: 'AAA',
        until: '2027-01-01T00:00:00.000Z',
        recipient,
        ...clearance,
      };
      const persons = ROSTER.persons.map(p =>
        p.id === 'person:legal' ? { ...p, clearance: whole } : p,
      );
      return log({ ...ROSTER, persons });
    };
    const read = (l: TestLog, marking: Partial<Marking> = {}, about = 'operator.legal') =>
      decideReadByPolicy(engine)(l.state, {
        person: 'person:legal',
        purpose: { kind: 'duty', about },
        marking: { level: 2, compartments: ['north'], ...marking },
        atMs: l.nowMs,
      });
    const no = (...reasons: string[]) => ({ allow: false, reasons });
    expect(read(cleared({}))).toEqual({ allow: true, reasons: ['need-to-know'] });
    expect(read(cleared({ level: 1 }))).toEqual(no('clearance-reaches'));
    expect(read(cleared({ until: '2026-01-01T00:00:00.000Z' }))).toEqual(no('clearance-live'));
    expect(read(cleared({}), { compartments: ['north', 'south'] })).toEqual(
      no('clearance-reaches'),
    );
    expect(read(cleared({}), {}, 'regulator')).toEqual(
      no('sealed-only-with-purpose', 'purpose-is-real'),
    );
    expect(read(cleared({}), { releasableTo: ['AAA'] }).allow).toBe(true);
    expect(read(cleared({}), { releasableTo: ['org:operator'] }).allow).toBe(true);
    expect(read(cleared({}), { releasableTo: ['BBB'] })).toEqual(
      no('only-to-whom-it-is-releasable', 'clearance-reaches'),
    );
    expect(read(log())).toEqual(no('clearance-live', 'clearance-reaches'));
  });

  test('let nothing through by a token but what its scope is for', () => {
    const l = log();
    const hash = l.order();
    const token: Channel = { channel: 'token', scopes: ['read', 'draft', 'observe'] };
    expect(verdictOf(l, 'vote/v1', vote(l, hash, 'regulator'), token).reasons).toContain(
      'tokens-never-act',
    );
    const monitor = { ...token, account: TWIN };
    expect(verdictOf(l, 'observation/v1', {}, monitor)).toEqual(allowedBy('machines-observe'));
    expect(verdictOf(l, 'observation/v1', {}, { ...monitor, scopes: ['read'] })).toEqual(
      refusedBy('tokens-keep-to-their-scope'),
    );
    // Files and reads, with a scope for each.
    const claim = { id: 'c', text: 't', originator: 'o', about: [] } as never;
    const owner = { ...token, account: 'person:owner' };
    expect(verdictOf(l, 'claim/v1', claim, owner).allow).toBe(true);
    expect(verdictOf(l, 'claim/v1', claim, { ...owner, scopes: ['read'] })).toEqual(
      refusedBy('tokens-keep-to-their-scope'),
    );
    const session = { channel: 'session', account: 'person:owner' } as const;
    expect(verdictOf(l, 'claim/v1', claim, session)).toEqual(allowedBy('roster-files-claims'));
    const stranger = { channel: 'session', account: 'account:7' } as const;
    expect(verdictOf(l, 'claim/v1', claim, stranger)).toEqual(
      allowedBy('accounts-read-draft-and-file-claims'),
    );
    expect(verdictOf(l, 'observation/v1', {}, stranger)).toEqual(refusedBy());
    expect(() => verdictOf(l, 'claim/v1', claim)).toThrow('sign in first');
    expect(() => verdictOf(l, 'anchor/v1', {} as never)).toThrow('only the server');
  });

  test('keep machines to their own words, and break-glass to taking', () => {
    const l = log();
    const impact = { orderHash: l.order() } as unknown as EntryBodies['impact/v1'];
    const by = (twin: string) => l.signed('impact/v1', twin, { ...impact, twin });
    expect(verdictOf(l, 'impact/v1', by(TWIN))).toEqual(allowedBy('twin-reports-impact'));
    expect(verdictOf(l, 'impact/v1', by(ADAPTER))).toEqual(refusedBy());
    const order = l.signed('order/v1', 'person:drafter', {
      ...l.orderBody(),
      kind: 'activate',
      scope: GIVEN,
      breakGlass: { ttlHours: 1, revert: GIVEN },
    });
    expect(verdictOf(l, 'order/v1', order)).toEqual(refusedBy('break-glass-only-takes'));
  });

  test('know nobody whose keys are all revoked, or who is not in the roster', () => {
    const l = log();
    const contact = (reporter: string) =>
      ({ id: 'call', reporter, proof: { kind: 'note', note: '' } }) as EntryBodies['contact/v1'];
    expect(verdictOf(l, 'contact/v1', contact('person:owner')).allow).toBe(true);
    expect(verdictOf(l, 'contact/v1', contact('person:nobody'))).toEqual(refusedBy());
    const { key } = l.state.keys.find(one => one.key.holder === 'person:owner')!;
    const revoke = { proposer: 'person:owner', reason: 'lost', key };
    expect(l.sign('keyRevoke/v1', 'person:owner', revoke)).toBeUndefined();
    expect(verdictOf(l, 'contact/v1', contact('person:owner'))).toEqual(refusedBy());
  });

  test('let only its proposer amend an order', () => {
    const l = log();
    l.order({ id: 'order-x' });
    const amended = l.signed('order/v1', 'person:legal', {
      ...l.orderBody(),
      id: 'order-x',
      revision: 2,
      proposer: 'person:legal',
    });
    expect(verdictOf(l, 'order/v1', amended)).toEqual(refusedBy('only-its-proposer-amends'));
  });
});

test('what the fold takes in the life of an order, the default policies do not refuse', () => {
  const l = log();
  const add = l.add.bind(l);
  const refusals: string[] = [];
  let count = 0;
  l.add = (type, body, subject) => {
    expect(BODY_SHAPES[type](body, 'body')).toBeUndefined();
    const verdict = verdictOf(l, type, body);
    const fault = add(type, body, subject);
    if (fault === undefined && !verdict.allow) refusals.push(`${type}: ${verdict.reasons}`);
    count += 1;
    return fault;
  };
  expect(l.contact('contact-1', { reporter: 'person:customer-alternate' })).toBeUndefined();
  const commitment = {
    id: 'hospital',
    customer: 'hospital',
    class: 'government',
    territory: 'LAND',
    minMbps: 10,
    availabilityPercent: '99.9',
    noticeHours: 24,
    rtoHours: 1,
    authority: 'commitment.hospital',
    person: 'person:hospital',
  } as const;
  expect(l.sign('commitment/v1', 'person:hospital', commitment)).toBeUndefined();
  const first = l.order({ id: 'order-1' });
  l.vote(first, 'regulator');
  const hash = l.order({ id: 'order-1', revision: 2 });
  l.recuse(hash, 'person:customer', 'person:oversight-1');
  const seats = ['operator.service', 'operator.legal', 'oversight.1', 'commitment.hospital'];
  l.votes(hash, ...seats, 'oversight.2');
  l.withdraw(hash, 'person:oversight-2');
  expect(l.vote(hash, 'customer', { person: 'person:customer-alternate' })).toBeUndefined();
  expect(l.after(25).execute(hash)).toBeUndefined();
  const receipt = { orderHash: hash, adapter: ADAPTER, doneAt: l.now() };
  expect(l.sign('receipt/v1', ADAPTER, receipt)).toBeUndefined();
  expect(l.declare()).toBeUndefined();
  const other = l.order({ kind: 'resume', scope: GIVEN, supersedes: [hash] });
  const cancel = { orderHash: other, person: 'person:drafter', reason: 'test' };
  expect(l.sign('cancel/v1', 'person:drafter', cancel)).toBeUndefined();
  const change = { proposer: 'person:drafter', reason: 'test', policySet: { a: 'x' } };
  expect(l.sign('policySet/v1', 'person:drafter', change)).toBeUndefined();
  expect(refusals).toEqual([]);
  expect(count).toBeGreaterThan(20);
});

/** Cases by the policy that each one stands or falls with. */
describe('no policy is there for nothing:', () => {
  const cases = policyCases();
  test('every one has a case', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(DEFAULT_POLICIES).sort());
  });
  test.each(Object.entries(cases))('without %s something else is decided', (id, question) => {
    const { [id]: _, ...without } = DEFAULT_POLICIES;
    // Cedar alone: what a token may not do, our own code refuses as well.
    const before = engine.ask(DEFAULT_POLICIES, question);
    const after = engine.ask(without, question);
    if (before.type === 'failure' || after.type === 'failure') throw new Error('no request');
    const { decision, diagnostics } = before.response;
    expect([...diagnostics.errors, ...after.response.diagnostics.errors]).toEqual([]);
    expect(diagnostics.reason).toContain(id);
    expect(after.response.decision).not.toBe(decision);
  });
});

function policyCases(): Record<string, CedarQuestion> {
  const l = log();
  const at = l.now();
  const hash = l.order({ originators: [l.originator('person:customer', 'customer')] });
  l.recuse(hash, 'person:regulator');
  l.votes(hash, 'oversight.1');
  const ask = (
    principal: string,
    action: string,
    resource: Asked['resource'],
    context: Record<string, string | boolean | string[]> = {},
    proposal?: Asked['proposal'],
  ): CedarQuestion => {
    const asked = { principal, resource, context: {}, at, ...(proposal && { proposal }) };
    const how = { channel: 'hand', scopes: [], ...context };
    return { ...questionOf(l.state, { ...asked, action: 'vote' }), action, context: how };
  };
  const order = { type: 'Order', id: hash } as const;
  const theSwitch = { type: 'Switch', id: 'switch' } as const;
  const entry = (type: string, more: Record<string, string> = {}) => ({ entry: type, ...more });
  const proposal = {
    kind: 'activate',
    proposer: 'person:drafter',
    isBreakGlass: true,
    isDrill: false,
    originators: [],
  };
  const fresh = { type: 'Order', id: 'fresh' } as const;
  const change = { type: 'Change', id: 'fresh' } as const;
  const ballot = (attrs: Record<string, cedar.CedarValueJson>, question: CedarQuestion) => ({
    ...question,
    entities: question.entities.map(one =>
      one.uid === question.resource ? { ...one, attrs: { ...one.attrs, ...attrs } } : one,
    ),
  });
  const person = (attrs: Record<string, cedar.CedarValueJson>, question: CedarQuestion) => ({
    ...question,
    entities: question.entities.map((one, i) =>
      i === 0 ? { ...one, attrs: { ...one.attrs, ...attrs } } : one,
    ),
  });
  const ref = (id: string) => ({ __entity: { type: 'Person', id } });
  const approved = { status: 'approved', quorumMet: true, everVoted: [] };
  const voting = (seat: string) => entry('vote/v1', { seat });
  const clearance = { level: 2, compartments: [], state: 'AAA', isLive: true };
  const sealed = (attrs: Record<string, cedar.CedarValueJson>, purposeIsReal: boolean) => {
    const asked = ask('person:legal', 'readSealed', theSwitch, { purpose: 'duty', purposeIsReal });
    const uid = { type: 'SealedPart', id: 'part' };
    const [reader, employer] = asked.entities;
    const part = { uid, attrs: { level: 2, compartments: [], ...attrs }, parents: [] };
    return person({ clearance }, { ...asked, resource: uid, entities: [reader, employer, part] });
  };
  const seal = ask('person:regulator', 'unseal', theSwitch, entry('unseal/v1'));
  const sealUid = { type: 'Seal', id: 'seal' };
  const reviewing = ask('person:oversight-1', 'review', order, {
    ...entry('review/v1', { seat: 'oversight.1' }),
  });
  const token = { channel: 'token', scopes: ['read'] };
  return {
    'roster-reads': ask('person:owner', 'read', theSwitch),
    'accounts-read-draft-and-file-claims': ask('account:7', 'claim', theSwitch, entry('claim/v1')),
    'drafters-draft': ask('person:drafter', 'draft', theSwitch),
    'drafters-propose': ask('person:drafter', 'propose', fresh, entry('order/v1'), proposal),
    'only-its-proposer-amends': ask('person:legal', 'propose', order, entry('order/v1')),
    'break-glass-only-takes': ask(
      'person:drafter',
      'breakGlass',
      fresh,
      entry('order/v1'),
      proposal,
    ),
    'seats-vote': ask('person:owner', 'vote', order, voting('owner')),
    'proposer-does-not-vote': ask('person:drafter', 'vote', order, voting('operator.service')),
    'originator-does-not-vote': ask('person:customer', 'vote', order, voting('customer')),
    'one-person-one-vote': ask('person:oversight-1', 'vote', order, voting('oversight.1')),
    'recused-or-tainted-does-not-vote': ask('person:regulator', 'vote', order, voting('regulator')),
    'voters-do-not-review': reviewing,
    'roster-recuses': ask('person:owner', 'recuse', order, entry('recusal/v1')),
    'executors-execute': ballot(
      approved,
      ask('person:executor', 'execute', order, entry('execution/v1')),
    ),
    'execute-only-with-quorum': ask('person:executor', 'execute', order, entry('execution/v1')),
    'voters-do-not-execute': ballot(
      { ...approved, everVoted: [ref('person:executor')] },
      ask('person:executor', 'execute', order, entry('execution/v1')),
    ),
    'roster-discloses': ask('person:owner', 'disclose', theSwitch, entry('contact/v1')),
    'seats-declare': ask('person:legal', 'declare', theSwitch, entry('declaration/v1')),
    'roster-files-claims': ask('person:owner', 'claim', theSwitch, entry('claim/v1')),
    'need-to-know': sealed({}, true),
    'only-to-whom-it-is-releasable': sealed({ releasableTo: ['BBB'] }, true),
    'sealed-only-with-purpose': sealed({}, false),
    'authority-unseals': {
      ...seal,
      resource: sealUid,
      entities: [
        ...seal.entities.slice(0, 2),
        { uid: sealUid, attrs: { authority: 'regulator' }, parents: [] },
      ],
    },
    'roster-proposes-changes': ask('person:owner', 'administer', change, entry('rule/v1'), {
      ...proposal,
      kind: 'rule',
    }),
    'administrators-administer': person(
      { roles: ['admin'] },
      ask('person:owner', 'administer', theSwitch, entry('account')),
    ),
    'monitors-observe': person(
      { roles: ['monitor'] },
      ask('person:owner', 'observe', theSwitch, entry('observation/v1')),
    ),
    'machines-observe': ask(TWIN, 'observe', theSwitch, entry('observation/v1')),
    'twin-reports-impact': ask(TWIN, 'report', order, entry('impact/v1')),
    'adapter-reports': ask(ADAPTER, 'report', order, entry('receipt/v1')),
    'tokens-never-act': ask('person:owner', 'disclose', theSwitch, {
      ...token,
      ...entry('contact/v1'),
    }),
    'tokens-keep-to-their-scope': ask('person:drafter', 'draft', theSwitch, token),
  };
}

describe('a policy set', () => {
  test('that does not parse or does not validate is refused, with the id of the policy', () => {
    expect(policySetFaults(engine, { ...DEFAULT_POLICIES, broken: 'permit (' })).toEqual([
      expect.stringContaining('broken'),
    ]);
    const misspelt = 'permit (principal, action, resource) when { principal.isEnroled };';
    expect(policySetFaults(engine, { ...DEFAULT_POLICIES, misspelt })[0]).toMatch(/^misspelt: /);
  });

  test('that nobody could replace, or under which service could not be given back, is refused', () => {
    const shut = 'forbid (principal, action == Action::"administer", resource is Change);';
    expect(policySetFaults(engine, { ...DEFAULT_POLICIES, shut })).toEqual([
      'nobody could propose other policies any more (shut)',
    ]);
    const dark =
      'forbid (principal, action == Action::"vote", resource is Order) when { resource.kind == "resume" };';
    expect(policySetFaults(engine, { ...DEFAULT_POLICIES, dark })).toEqual([
      'nobody could vote to resume service any more (dark)',
    ]);
    expect(policySetFaults(engine, {})).toHaveLength(8);
  });
});
