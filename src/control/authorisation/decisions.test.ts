import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, test } from 'vitest';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { toHex } from '../../tlog/index.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { TestLog } from '../testLog.ts';
import type { Decision } from '../types.ts';
import { askedOf } from './asked.ts';
import { auditDecisions, isRecorded, makeDecision, replayDecision } from './decisions.ts';
import { DEFAULT_POLICIES } from './defaultPolicies.ts';
import { createCedarEngine } from './engine.ts';

const engine = createCedarEngine(cedar, nodeSha256);
const asBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A log in which a vote was allowed, one of the proposer refused, and both decisions recorded. */
function decided() {
  const l = new TestLog(nodeSha256, { policySet: DEFAULT_POLICIES });
  const blobs = new Map<string, Uint8Array>();
  const put = (blob: Uint8Array): string => {
    const hash = toHex(nodeSha256(blob));
    blobs.set(hash, blob);
    return hash;
  };
  const hash = l.order();
  const ask = (seat: string, person?: string) => {
    const statement = l.statement(hash, seat, person ? { person } : {});
    const body = { statement, proof: { kind: 'note', note: '' } } as const;
    const by = { channel: 'hand', at: l.now() } as const;
    const [asked] = askedOf(nodeSha256, l.state, 'vote/v1', body, by);
    expect(isRecorded(asked)).toBe(true);
    const made = makeDecision(engine, nodeSha256, l.state, asked);
    for (const blob of made.blobs) put(blob);
    l.add('decision/v1', made.body);
    return made;
  };
  const allowed = ask('regulator');
  l.vote(hash, 'regulator');
  const refused = ask('operator.service', 'person:drafter');
  l.votes(hash, 'oversight.1');
  const readBlob = async (sha256: string) => blobs.get(sha256);
  const audit = () => auditDecisions(engine, l.entries, l.context, readBlob);
  /** Puts another decision in the place of the first, and audits. */
  const forged = async (change: Partial<Decision>) => {
    const at = l.entries.findIndex(({ type }) => type === 'decision/v1');
    l.entries[at] = { ...l.entries[at], body: { ...allowed.body, ...change } };
    return (await audit()).mismatches.map(({ seq, what }) => {
      expect(seq).toBe(at);
      return what;
    });
  };
  return { l, hash, allowed, refused, blobs, put, readBlob, audit, forged };
}

test('a decision is replayed from its entry and its three files, and comes to the same', async () => {
  const { allowed, refused, readBlob, audit } = decided();
  expect(allowed.body).toMatchObject({ allow: true, reasons: ['seats-vote'], errors: [] });
  // Nobody asked the proposer: he is the one who asked, too.
  const reasons = ['originator-does-not-vote', 'proposer-does-not-vote'];
  expect(refused.body).toMatchObject({ allow: false, reasons });
  for (const { body } of [allowed, refused]) {
    expect(await replayDecision(engine, nodeSha256, body, readBlob)).toBeUndefined();
  }
  expect(await audit()).toEqual({ count: 2, mismatches: [] });
});

test('a decision names the whole policy set, and of the roster only what bears on the question', () => {
  const { allowed } = decided();
  const [policySet, , slice] = allowed.blobs.map(blob => new TextDecoder().decode(blob));
  expect(JSON.parse(policySet)).toEqual(DEFAULT_POLICIES);
  expect(JSON.parse(slice).map(({ uid }: cedar.EntityJson) => uid)).toEqual([
    { type: 'Person', id: 'person:regulator' },
    { type: 'Organisation', id: 'org:regulator' },
    { type: 'Order', id: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  expect(allowed.body.policySha256).toBe(engine.hashOf(DEFAULT_POLICIES));
});

describe('a false decision is found in the log:', () => {
  test('another answer, or other reasons', async () => {
    const { forged } = decided();
    const says = await forged({ allow: false });
    expect(says).toEqual(['it says "deny, seats-vote", and the policies say "allow, seats-vote"']);
    expect(await forged({ reasons: ['roster-votes'] })).toHaveLength(1);
    expect(await forged({ errors: ['x: overflow'] })).toHaveLength(1);
  });

  test('other policies than those in force', async () => {
    const { forged, put } = decided();
    const policySet = { 'seats-vote': DEFAULT_POLICIES['seats-vote'] };
    const policySha256 = put(asBytes(canonicalJson(policySet)));
    expect(await forged({ policySha256 })).toEqual(['its policies were not those in force']);
  });

  test('something told to Cedar that the log does not say', async () => {
    const { forged, put, allowed } = decided();
    const slice = JSON.parse(new TextDecoder().decode(allowed.blobs[2]));
    slice[0].attrs.seats.push('owner');
    const entitiesSha256 = put(asBytes(canonicalJson(slice)));
    expect(await forged({ entitiesSha256 })).toEqual([
      'what Cedar was told is not what the log says',
    ]);
  });

  test('a file that is not there, or is another one', async () => {
    const { forged, blobs, allowed } = decided();
    expect(await forged({ schemaSha256: '00'.repeat(32) })).toEqual([
      `the file ${'00'.repeat(32)} is not there`,
    ]);
    blobs.set(allowed.body.entitiesSha256, asBytes('[]'));
    expect(await forged({})).toEqual([`the file ${allowed.body.entitiesSha256} has another hash`]);
  });

  test('one made for another time, or by a state of the log that was over', async () => {
    const { l, allowed, forged } = decided();
    const at = l.now(-24);
    const request = { ...allowed.body.request };
    expect(await forged({ request: { ...request, at } })).toEqual([
      `it was made for ${at}, which is not when it was recorded`,
    ]);
    expect(await forged({ request: { ...request, logSize: 99 } })).toEqual([
      expect.stringContaining('it knew 99 entries'),
    ]);
    // Kept back, and brought out when it is useful.
    const kept = decided();
    kept.l.after(1).add('decision/v1', kept.allowed.body);
    const late = (await kept.audit()).mismatches;
    expect(late.map(({ what }) => what)).toEqual([
      `it was made for ${String(request['at'])}, which is not when it was recorded`,
    ]);
    // The second vote of a person, by the state before his first.
    const seq = l.entries.length;
    l.add('decision/v1', allowed.body);
    const { mismatches } = await auditDecisions(engine, l.entries, l.context, async sha256 =>
      allowed.blobs.find(blob => toHex(nodeSha256(blob)) === sha256),
    );
    expect(mismatches.find(one => one.seq === seq)?.what).toContain('one-person-one-vote');
  });

  test('a request that is not complete', async () => {
    const { forged } = decided();
    expect(await forged({ request: {} })).toEqual([expect.stringContaining('request.')]);
  });
});
