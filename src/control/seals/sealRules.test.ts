import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../../tlog/index.ts';
import { flagsAt } from '../flags.ts';
import { cellStateAt } from '../policyAt.ts';
import { sealStatement } from '../statements.ts';
import { INNER_CELLS, SCOPE, TestLog } from '../testLog.ts';
import type { Contact, Marking, Order, Seal } from '../types.ts';
import { revealBody } from './revealBody.ts';
import { sealBody } from './sealBody.ts';
import { type OpenedPortion, openGroup } from './sealedBlob.ts';

const sha256: Sha256 = data => createHash('sha256').update(data).digest();
const DAY_H = 24;
const SECRET: Marking = { level: 2, compartments: [] };
const AUTHORITY = 'person:regulator';

/** Proposes an order with sealed parts; gives all that was sealed. */
async function propose(
  l: TestLog,
  parts: Readonly<Record<string, Marking>> = { scope: SECRET },
  changes: Partial<Order> = {},
) {
  const plain = { ...l.orderBody(), ...changes };
  const { body, made } = await sealBody(
    'order/v1',
    plain,
    parts,
    {
      authority: 'regulator',
      reason: 'negotiations',
      reviewBy: l.now(180 * DAY_H),
      recipients: ['11'.repeat(32), '22'.repeat(32)],
      second: AUTHORITY,
    },
    { sha256, randomBytes: count => new Uint8Array(randomBytes(count)) },
  );
  const proof = l.prove(AUTHORITY, sealStatement(made.seal));
  const seal: Seal = { ...made.seal, second: { person: AUTHORITY, proof } };
  const order = l.signed('order/v1', body.proposer, { ...body, seal });
  const refusal = l.add('order/v1', order, `order:${order.id}`);
  const hash = [...l.state.ballots.keys()].at(-1)!;
  const portions: OpenedPortion[] = [];
  for (const { blob, key } of made.groups) {
    portions.push(...(await openGroup(sha256, seal, blob, key)).portions);
  }
  const disclosureOf = (name: string) => portions.find(p => p.name === name)!.disclosure;
  const unseal = (name: string, person?: string) => {
    const body = { sealId: seal.id, disclosure: disclosureOf(name), reason: 'test' };
    return person === undefined
      ? l.add('unseal/v1', body)
      : l.sign('unseal/v1', person, { ...body, person });
  };
  return { seal, order, refusal, hash, portions, unseal, disclosureOf };
}
const flagsOf = (l: TestLog, subject: string) =>
  flagsAt(l.state, l.now()).flatMap(f => (f.subject === subject ? [f.flag] : []));

function refusalOf(changes: Partial<Omit<Seal, 'second'>>, second = AUTHORITY) {
  const l = new TestLog(sha256);
  const { scope: _, ...order } = l.orderBody();
  return l.sign('order/v1', order.proposer, { ...order, seal: l.seal(changes, second) });
}

describe('a seal is carried only when', () => {
  const l = new TestLog(sha256);
  test('all is well', () => expect(refusalOf({})).toBeUndefined());
  test.each<[string, Partial<Omit<Seal, 'second'>>, RegExp]>([
    ['its reason is in the list', { reason: 'embarrassing' as never }, /seal\.reason is none of/],
    ['its review is ahead', { reviewBy: l.now() }, /due before/],
    ['its review is within a year', { reviewBy: l.now(366 * DAY_H) }, /within a year/],
    ['its authority is a seat', { authority: 'minister' }, /no seat in office/],
    ['its authority agrees', { authority: 'owner' }, /neither .* holds/],
    ['its id is random', { id: '../../etc/passwd' }, /16 bytes/],
    ['its digests are filled up', { sd: ['A'.repeat(43)] }, /multiple of 8/],
    ['its digests are sorted', { sd: [...l.seal().sd].reverse() }, /sorted/],
    ['its digests differ', { sd: Array(8).fill('A'.repeat(43)) }, /each once/],
    ['it has content', { groups: [] }, /1 to 8 groups/],
    ['its banner is the highest', { banner: { level: 1, compartments: [] } }, /banner/],
    ['its keys are wrapped to two', { recipients: ['11'.repeat(32)] }, /recipients/],
    ['nobody else has its keys', { recipients: ['1', '2', '3'] }, /recipients/],
  ])('%s', (_, changes, refusal) => {
    expect(refusalOf(changes)).toMatch(refusal);
  });
  test('what it keeps is above public', () => {
    const marking = { level: 0, compartments: [] };
    const groups = [{ marking, ctSha256: '33'.repeat(32) }];
    expect(refusalOf({ banner: marking, groups })).toMatch(/is not sealed/);
  });
  test('two people sign, and the second holds a seat', () => {
    expect(refusalOf({}, 'person:drafter')).toMatch(/nobody seals alone/);
    expect(refusalOf({}, 'person:executor')).toMatch(/neither/);
  });
  test('the second person signed this very seal', () => {
    const own = new TestLog(sha256);
    const { scope: _, ...order } = own.orderBody();
    const seal = { ...own.seal(), reason: 'sources' } as const;
    expect(own.sign('order/v1', order.proposer, { ...order, seal })).toMatch(/says something else/);
  });
  test('no other order carries it', () => {
    const own = new TestLog(sha256);
    const { scope: _, ...order } = own.orderBody();
    const seal = own.seal();
    const add = (id: string, revision: number) =>
      own.sign('order/v1', order.proposer, { ...order, id, revision, seal });
    expect(add('one', 1)).toBeUndefined();
    expect(add('two', 1)).toMatch(/of another entry/);
    expect(add('one', 2)).toBeUndefined();
  });
});

describe('a sealed text', () => {
  test('stands as its digest, and is put back by whoever may read it', async () => {
    const l = new TestLog(sha256);
    const originators = [l.originator('a ministry', 'government', { onBehalfOf: 'a neighbour' })];
    const part = 'originators[0].onBehalfOf';
    const { order, refusal, portions } = await propose(l, { [part]: SECRET }, { originators });
    expect(refusal).toBeUndefined();
    expect(order.scope).toEqual(SCOPE);
    expect(order.originators[0].onBehalfOf).toMatch(/^sealed:[A-Za-z0-9_-]{43}$/);
    expect(revealBody(sha256, order, portions).originators).toEqual(originators);
    expect(() => revealBody(sha256, order, [...portions, ...portions])).toThrow(/two portions/);
    const moved = [{ ...portions[0], name: 'reason' }];
    expect(() => revealBody(sha256, order, moved)).toThrow(/no place/);
  });

  test('is refused where nothing may be sealed, and where no seal knows it', () => {
    const l = new TestLog(sha256);
    const digest = 'A'.repeat(43);
    const seal = l.seal();
    expect(l.tryOrder({ reason: `sealed:${digest}` }).refusal).toMatch(/there is no seal/);
    expect(l.tryOrder({ seal, reason: `sealed:${digest}` }).refusal).toBeUndefined();
    const stray = `sealed:${'Z'.repeat(43)}`;
    expect(l.tryOrder({ seal: l.seal(), reason: stray }).refusal).toMatch(/no digest of reason/);
    const owned = { seal: l.seal(), ownAuthorship: `sealed:${digest}` };
    expect(l.tryOrder(owned).refusal).toMatch(/ownAuthorship is never sealed/);
  });

  test('never hides who might vote on what he asked for', async () => {
    const l = new TestLog(sha256);
    const originators = [l.originator('org:users', 'customer')];
    const sealing = propose(l, { 'originators[0].party': SECRET }, { originators });
    await expect(sealing).rejects.toThrow(/who may vote is never sealed/);
    await expect(propose(l, { kind: SECRET })).rejects.toThrow(/never sealed/);
    await expect(propose(l, { 'legalBasis[3]': SECRET })).rejects.toThrow(/is not there/);
  });
});

describe('unsealing', () => {
  test('is for the authority, one portion at a time, and everybody can check it', async () => {
    const l = new TestLog(sha256);
    const { hash, unseal, refusal } = await propose(l, { scope: SECRET, reason: SECRET });
    expect(refusal).toBeUndefined();
    expect(flagsOf(l, hash)).toEqual(['sealedOrder']);
    expect(unseal('scope')).toMatch(/only the authority/);
    expect(unseal('scope', 'person:owner')).toMatch(/does not hold/);
    expect(unseal('scope', AUTHORITY)).toBeUndefined();
    expect(unseal('scope', AUTHORITY)).toMatch(/opened already/);
    expect(flagsOf(l, hash)).toEqual([]);
    expect(unseal('reason', AUTHORITY)).toBeUndefined();
  });

  test('makes known what the order does, from then on', async () => {
    const l = new TestLog(sha256);
    const { hash, unseal } = await propose(l);
    l.impact(hash);
    l.votes(hash, 'operator.service', 'operator.legal', 'customer', 'oversight.1').after(24);
    expect(l.execute(hash)).toBeUndefined();
    const state = () => cellStateAt(l.state, INNER_CELLS[0], l.now(), 'fixed');
    const before = l.state;
    expect(state()).toBe('unknown');
    expect(unseal('scope', AUTHORITY)).toBeUndefined();
    expect(state()).toBe('off');
    expect(cellStateAt(before, INNER_CELLS[0], l.now(), 'fixed')).toBe('unknown');
  });

  test('of a territory needs nobody after 30 days, counted from the first revision', async () => {
    const l = new TestLog(sha256);
    const { order, unseal } = await propose(l);
    l.after(20 * DAY_H);
    // An amendment carries the same seal: its clock runs on.
    const { proof: _, ...body } = order;
    const amended = { ...body, revision: 2 };
    expect(l.sign('order/v1', order.proposer, amended)).toBeUndefined();
    const hash = [...l.state.ballots.keys()].at(-1)!;
    l.after(10 * DAY_H - 0.01);
    expect(unseal('scope')).toMatch(/before its time/);
    expect(flagsOf(l, hash)).toEqual(['sealedOrder']);
    l.after(0.01);
    expect(flagsOf(l, hash)).toEqual(['sealOverdue']);
    expect(unseal('scope')).toBeUndefined();
    expect(flagsOf(l, hash)).toEqual([]);
  });

  test('of anything else needs the authority for ever', async () => {
    const l = new TestLog(sha256);
    const { unseal } = await propose(l, { reason: SECRET });
    l.after(300 * DAY_H);
    expect(unseal('reason')).toMatch(/only the authority/);
  });

  test('takes only what was sealed there', async () => {
    const l = new TestLog(sha256);
    const first = await propose(l);
    const second = await propose(l);
    const disclosure = second.disclosureOf('scope');
    const body = { sealId: first.seal.id, disclosure, reason: 'test', person: AUTHORITY };
    expect(l.sign('unseal/v1', AUTHORITY, body)).toMatch(/no digest in the seal/);
    const nowhere = { ...body, sealId: 'none' };
    expect(l.sign('unseal/v1', AUTHORITY, nowhere)).toMatch(/no seal none/);
  });

  test('shows, with a flag, that somebody who could vote was sealed as having asked', async () => {
    const l = new TestLog(sha256);
    // Made past the check of the one who seals: only his own honesty keeps him from it.
    const originators = [l.originator('a friend', 'customer')];
    const part = 'originators[0].party';
    const { hash, unseal } = await propose(l, { [part]: SECRET }, { originators });
    expect(unseal(part, AUTHORITY)).toBeUndefined();
    expect(flagsOf(l, hash)).toEqual([]);
    const record = [...l.state.seals.values()][0];
    const opened = new Map([[part, 'org:users']]);
    const lied = { ...l.state, seals: new Map([[record.seal.id, { ...record, opened }]]) };
    expect(flagsAt(lied, l.now()).map(({ flag }) => flag)).toContain('sealHidVoter');
  });
});

describe('the review of a seal', () => {
  test('is publicly overdue after its date, until two people keep it for another year', async () => {
    const l = new TestLog(sha256);
    const { hash, seal } = await propose(l, { reason: SECRET });
    l.after(180 * DAY_H);
    expect(flagsOf(l, hash)).toEqual(['sealReviewOverdue']);
    const keep = (person: string, second: string, hours: number) => {
      const unsigned = {
        sealId: seal.id,
        reviewBy: l.now(hours),
        reason: 'negotiations',
        person,
        second,
      } as const;
      const blank = { kind: 'note', note: '' } as const;
      const { proof } = l.signed('sealReview/v1', person, { ...unsigned, secondProof: blank });
      const other = l.signed('sealReview/v1', second, { ...unsigned, secondProof: blank });
      return l.add('sealReview/v1', { ...unsigned, proof, secondProof: other.proof });
    };
    expect(keep(AUTHORITY, AUTHORITY, 24)).toMatch(/nobody seals alone/);
    expect(keep('person:owner', 'person:customer', 24)).toMatch(/neither/);
    expect(keep(AUTHORITY, 'person:customer', 366 * DAY_H)).toMatch(/within a year/);
    expect(keep(AUTHORITY, 'person:customer', 365 * DAY_H)).toBeUndefined();
    expect(flagsOf(l, hash)).toEqual([]);
    l.after(365 * DAY_H);
    expect(flagsOf(l, hash)).toEqual(['sealReviewOverdue']);
  });
});

describe('a disclosed contact', () => {
  const GUARDED = { asked: SECRET, channel: SECRET } as const;
  const said = (l: TestLog): Omit<Contact, 'proof' | 'seal'> => ({
    id: 'call-1',
    reporter: 'person:owner',
    counterparty: { role: 'an envoy', affiliation: 'government' },
    channel: 'a call through a third person',
    initiatedBy: 'counterparty',
    from: l.now(-1),
    to: l.now(-1),
    present: ['an interpreter', 'person:legal'],
    official: false,
    topics: [{ kind: 'territory', about: 'LAND' }],
    asked: 'that it stay dark',
    links: [],
  });
  const terms = (l: TestLog) => ({
    authority: 'regulator',
    reason: 'negotiations' as const,
    reviewBy: l.now(180 * DAY_H),
    recipients: ['11'.repeat(32), '22'.repeat(32)] as const,
    second: AUTHORITY,
  });
  const crypto = { sha256, randomBytes: (count: number) => new Uint8Array(randomBytes(count)) };
  const disclose = async (l: TestLog, parts: Readonly<Record<string, Marking>>) => {
    const { body, made } = await sealBody('contact/v1', said(l), parts, terms(l), crypto);
    const proof = l.prove(AUTHORITY, sealStatement(made.seal));
    const seal: Seal = { ...made.seal, second: { person: AUTHORITY, proof } };
    const refusal = l.sign('contact/v1', 'person:owner', { ...body, seal });
    return { made, seal, body, refusal };
  };

  test('keeps back what was said and how; who it was, about what, and how late stay public', async () => {
    const l = new TestLog(sha256);
    const { refusal, seal, made } = await disclose(l, GUARDED);
    expect(refusal).toBeUndefined();
    const record = l.state.contacts.get('call-1');
    expect(record?.contact.asked).toMatch(/^sealed:/);
    expect(record?.contact.channel).toMatch(/^sealed:/);
    expect(record).toMatchObject({ isLate: false, contact: { topics: [{ about: 'LAND' }] } });
    const { portions } = await openGroup(sha256, seal, made.groups[0].blob, made.groups[0].key);
    const revealed = revealBody(sha256, record!.contact, portions);
    expect(revealed).toMatchObject({ asked: 'that it stay dark', channel: said(l).channel });
    // The authority opens a portion for everybody.
    const { disclosure } = portions.find(({ name }) => name === 'asked')!;
    const open = { sealId: seal.id, disclosure, reason: 'test', person: AUTHORITY };
    expect(l.sign('unseal/v1', AUTHORITY, open)).toBeUndefined();
    expect(l.state.seals.get(seal.id)?.opened.get('asked')).toBe('that it stay dark');
    l.after(181 * DAY_H);
    expect(flagsOf(l, 'call-1')).toContain('sealReviewOverdue');
  });

  test('bars its reporter from the vote just as an open one does', async () => {
    const l = new TestLog(sha256);
    await disclose(l, GUARDED);
    expect(l.vote(l.order(), 'owner', { person: 'person:owner' })).toMatch(/does not vote here/);
  });

  test.each(['counterparty.role', 'topics[0].about', 'lateReason', 'from', 'id'])(
    'never keeps back %s',
    async name => {
      const l = new TestLog(sha256);
      await expect(disclose(l, { [name]: SECRET })).rejects.toThrow(/never sealed/);
    },
  );

  test('never keeps back who of the roster was there', async () => {
    const l = new TestLog(sha256);
    await expect(disclose(l, { 'present[1]': SECRET })).rejects.toThrow(/of the roster/);
    expect((await disclose(l, { 'present[0]': SECRET })).refusal).toBeUndefined();
  });

  test('with a digest where nothing may be sealed, or without its seal, has no effect', async () => {
    const l = new TestLog(sha256);
    const contact = said(l);
    const forged = { ...contact, asked: `sealed:${'A'.repeat(43)}` };
    expect(l.sign('contact/v1', 'person:owner', forged)).toMatch(/there is no seal/);
    const { body, made } = await sealBody('contact/v1', contact, GUARDED, terms(l), crypto);
    const proof = l.prove(AUTHORITY, sealStatement(made.seal));
    const seal: Seal = { ...made.seal, second: { person: AUTHORITY, proof } };
    const counterparty = { ...body.counterparty, role: body.asked as string };
    const hidden = { ...body, asked: 'x', counterparty, seal };
    expect(l.sign('contact/v1', 'person:owner', hidden)).toMatch(
      /counterparty\.role is never sealed/,
    );
  });
});
