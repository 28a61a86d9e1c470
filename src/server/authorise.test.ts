import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_POLICIES, type Decision } from '../control/index.ts';
import { readSwitch } from '../store/readSwitch.ts';
import { authorise } from './authorise.ts';
import { startTestServer } from './testServer.ts';

const server = await startTestServer();
const { app, store, dataFolder, orderHash } = server;
const TOKEN = { channel: 'token', scopes: ['read', 'draft', 'observe'] } as const;
const blobFile = (hash: string) =>
  join(dataFolder, 'ledger', 'orders', 'blob', hash.slice(0, 2), hash);
// The impact report of the test switch is made up; an audit does without a file that is not there.
rmSync(blobFile(store.state.ballots.get(orderHash)!.impact!.reportSha256));
const votesOf = () => store.state.ballots.get(orderHash)!.votes.length;
const post = (path: string, payload: object) =>
  app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { 'if-match': `"${orderHash}"` },
    payload,
  });

test('a decision that a vote may be cast is in the log before the vote, and anyone replays it', async () => {
  const size = store.entries.length;
  const vote = await server.vote(orderHash, 'customer', 'person:customer');
  const response = await post(`/orders/${orderHash}/votes`, vote);
  expect(response.statusCode, response.body).toBe(201);
  const added = store.entries.slice(size).map(({ entry }) => entry);
  expect(added.map(({ type }) => type)).toEqual(['decision/v1', 'vote/v1']);
  expect(added[0].body).toMatchObject({
    request: { principal: 'person:customer', action: 'vote', resource: { id: orderHash } },
    allow: true,
    reasons: ['seats-vote'],
    errors: [],
  });
  const { decisions } = (await readSwitch(dataFolder)).control;
  expect(decisions).toEqual({ count: 1, mismatches: [] });
});

test('a vote that comes by a token is refused with the policies that say so, on record', async () => {
  const size = store.entries.length;
  const votes = votesOf();
  const vote = await server.vote(orderHash, 'oversight.1', 'person:oversight-1');
  await expect(authorise(store, 'vote/v1', vote, TOKEN)).rejects.toMatchObject({
    status: 403,
    code: 'POLICY',
    more: { policies: ['built-in:tokens-never-act', 'tokens-never-act'], errors: [] },
  });
  expect(votesOf()).toBe(votes);
  expect(store.entries.slice(size).map(({ entry }) => entry.type)).toEqual(['decision/v1']);
  expect(store.entries[size].entry.body).toMatchObject({ allow: false });
});

test('nobody fills the log with decisions about votes that he cannot sign', async () => {
  const size = store.entries.length;
  const vote = await server.vote(orderHash, 'oversight.2', 'person:oversight-2');
  const forged = { ...vote, statement: { ...vote.statement, reason: 'another' } };
  const response = await post(`/orders/${orderHash}/votes`, forged);
  expect(response.statusCode).toBe(409);
  await authorise(store, 'vote/v1', forged, TOKEN);
  expect(store.entries.length).toBe(size);
});

test('what nobody signs counts as the act of the account that hands it in', async () => {
  const claim = {
    id: 'claim-9',
    text: 'Service was kept off.',
    originator: 'a newspaper',
    about: [],
    firstAppearance: { at: '2026-03-02T09:00:00.000Z', where: 'a report' },
  };
  const by = (account: string) =>
    authorise(store, 'claim/v1', claim, { channel: 'session', account });
  await by('person:owner');
  await expect(by('person:nobody')).rejects.toMatchObject({
    status: 403,
    message: 'claim/v1: no policy permits it',
  });
});

test('policies that fail, or under which nobody could vote any more, are not recorded', async () => {
  const size = store.entries.length;
  const propose = async (policySet: Record<string, string>) => {
    const change = { proposer: 'person:drafter', reason: 'test', policySet };
    const body = await server.sign('person:drafter', 'policySet/v1', change);
    return (await post('/entries', { type: 'policySet/v1', body })).json();
  };
  const misspelt = 'permit (principal, action, resource) when { principal.isEnroled };';
  expect(await propose({ ...DEFAULT_POLICIES, misspelt })).toMatchObject({
    status: 400,
    code: 'POLICY_SET',
    detail: expect.stringContaining('misspelt'),
  });
  const { 'seats-vote': _, ...without } = DEFAULT_POLICIES;
  expect(await propose(without)).toMatchObject({
    code: 'POLICY_SET',
    detail: expect.stringContaining('nobody could vote on other policies any more'),
  });
  // Who cannot sign the proposal does not even get the policies looked at.
  const change = { proposer: 'person:drafter', reason: 'test', policySet: { misspelt } };
  const body = await server.sign('person:drafter', 'policySet/v1', change);
  const forged = { type: 'policySet/v1', body: { ...body, reason: 'another' } };
  expect((await post('/entries', forged)).json()).toMatchObject({ code: 'NO_EFFECT' });
  expect(store.entries.length).toBe(size);
});

test('a file of a decision that was changed afterwards is found, and named by its entry', async () => {
  const { index, entry } = store.entries.find(one => one.entry.type === 'decision/v1')!;
  const { entitiesSha256: hash } = entry.body as Decision;
  writeFileSync(blobFile(hash), '[]');
  const { decisions } = (await readSwitch(dataFolder)).control;
  expect(decisions.mismatches).toEqual([{ seq: index, what: `the file ${hash} has another hash` }]);
});
