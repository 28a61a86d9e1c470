/** The three traps of Cedar's interface, shown on the package itself, and what we make of them. */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, test } from 'vitest';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { CEDAR_SCHEMA } from './cedarSchema.ts';
import { decide, TOKENS_NEVER_ACT } from './decide.ts';
import { DEFAULT_POLICIES } from './defaultPolicies.ts';
import { type CedarModule, type CedarQuestion, createCedarEngine } from './engine.ts';
import { policySetFaults } from './policySetFaults.ts';

const engine = createCedarEngine(cedar, nodeSha256);
const ANYTHING = { anything: 'permit (principal, action, resource);' };

const person = { type: 'Person', id: 'person:reader' };
const part = { type: 'SealedPart', id: 'part' };
const reading: CedarQuestion = {
  principal: person,
  action: 'readSealed',
  resource: part,
  context: { channel: 'hand', scopes: [], purpose: 'duty', purposeIsReal: true },
  entities: [
    {
      uid: person,
      attrs: { isEnrolled: true, roles: [], seats: [], offices: [], standsIn: [] },
      parents: [],
    },
    { uid: part, attrs: { level: 2, compartments: [] }, parents: [] },
  ],
};

/** Asks the package with nothing of ours around it. */
function raw(
  policies: cedar.StaticPolicySet,
  question: CedarQuestion,
  validateRequest: boolean,
): cedar.AuthorizationAnswer {
  return cedar.isAuthorized({
    principal: question.principal,
    action: { type: 'Action', id: question.action },
    resource: question.resource,
    context: question.context as cedar.Context,
    entities: question.entities as cedar.EntityJson[],
    schema: CEDAR_SCHEMA,
    policies: { staticPolicies: policies },
    validateRequest,
  });
}

describe('a forbid whose condition fails', () => {
  // Passes strict validation, and overflows for every level above 0.
  const policies = {
    ...ANYTHING,
    'nobody-reads':
      'forbid (principal, action == Action::"readSealed", resource) when { resource.level + 9223372036854775807 > 0 };',
  };

  test('is skipped by Cedar, which says allow', () => {
    const answer = raw(policies, reading, true);
    expect(answer).toMatchObject({ response: { decision: 'allow' } });
  });

  test('is a no here, and the error is told with the id of the policy', () => {
    expect(engine.faultsOf(policies)).toEqual([]);
    expect(decide(engine, policies, reading)).toEqual({
      allow: false,
      reasons: [],
      errors: [expect.stringMatching(/^nobody-reads: integer overflow/)],
    });
  });

  test('by an entity that was left out of the slice is a no as well', () => {
    const set = {
      ...ANYTHING,
      'not-the-holding':
        'forbid (principal, action == Action::"readSealed", resource) when { principal has employer && principal.employer.beneficialOwner == "holding" };',
    };
    const [reader, sealed] = reading.entities;
    const employer = { __entity: { type: 'Organisation', id: 'org:operator' } };
    const entities = [{ ...reader, attrs: { ...reader.attrs, employer } }, sealed];
    expect(engine.faultsOf(set)).toEqual([]);
    expect(raw(set, { ...reading, entities }, true)).toMatchObject({
      response: { decision: 'allow' },
    });
    const verdict = decide(engine, set, { ...reading, entities });
    expect(verdict).toMatchObject({ allow: false, reasons: [] });
    expect(verdict.errors).toHaveLength(1);
  });

  test('because an attribute may be missing is refused when the set is loaded', () => {
    const set = {
      ...ANYTHING,
      careless:
        'forbid (principal, action == Action::"readSealed", resource) when { principal.clearance.level < 2 };',
    };
    expect(raw(set, reading, true)).toMatchObject({ response: { decision: 'allow' } });
    expect(engine.faultsOf(set)).toEqual([expect.stringMatching(/^careless: /)]);
    expect(decide(engine, set, reading).allow).toBe(false);
    expect(policySetFaults(engine, set)).not.toEqual([]);
  });
});

describe('the ids of policies', () => {
  test('are lost by Cedar when they are given as one text, whatever @id says', () => {
    const answer = raw('@id("mine") permit (principal, action, resource);', reading, true);
    expect(answer).toMatchObject({ response: { diagnostics: { reason: ['policy0'] } } });
  });

  test('are ours in every answer, whatever the order of the set', () => {
    const set = { zebra: ANYTHING.anything, aardvark: ANYTHING.anything };
    const turned = { aardvark: ANYTHING.anything, zebra: ANYTHING.anything };
    expect(decide(engine, set, reading).reasons).toEqual(['aardvark', 'zebra']);
    expect(decide(engine, turned, reading).reasons).toEqual(['aardvark', 'zebra']);
    expect(engine.hashOf(set)).toBe(engine.hashOf(turned));
  });

  test('stand for one policy each: two under one id, or a template, are refused', () => {
    const { anything } = ANYTHING;
    expect(engine.faultsOf({ two: anything + anything })).toHaveLength(1);
    expect(
      engine.faultsOf({ blank: 'permit (principal == ?principal, action, resource);' }),
    ).toHaveLength(1);
  });
});

describe('a request outside the schema', () => {
  const byMachine: CedarQuestion = {
    ...reading,
    principal: { type: 'Machine', id: 'key:twin' },
    entities: [
      {
        uid: { type: 'Machine', id: 'key:twin' },
        attrs: { isEnrolled: true, role: 'twin' },
        parents: [],
      },
      reading.entities[1],
    ],
  };

  test('is allowed by Cedar when it is not told to validate, and has no response when it is', () => {
    expect(raw(ANYTHING, byMachine, false)).toMatchObject({ response: { decision: 'allow' } });
    const answer = raw(ANYTHING, byMachine, true);
    expect(answer.type).toBe('failure');
    expect(answer).not.toHaveProperty('response');
  });

  test('is a no here, with the reason', () => {
    expect(decide(engine, ANYTHING, byMachine)).toEqual({
      allow: false,
      reasons: [],
      errors: [expect.stringContaining('not valid for')],
    });
    const action = 'sell';
    expect(decide(engine, ANYTHING, { ...reading, action }).allow).toBe(false);
    expect(decide(engine, ANYTHING, { ...reading, context: {} }).allow).toBe(false);
  });

  test('without the guard would be allowed: the test above can fail', () => {
    const careless: CedarModule = {
      ...cedar,
      statefulIsAuthorized: call => cedar.statefulIsAuthorized({ ...call, validateRequest: false }),
    };
    const unguarded = createCedarEngine(careless, nodeSha256);
    expect(decide(unguarded, ANYTHING, byMachine).allow).toBe(true);
  });
});

test('an engine that throws, or a set that it does not take, means no', () => {
  const broken: CedarModule = {
    ...cedar,
    statefulIsAuthorized() {
      throw new Error('unreachable');
    },
  };
  expect(decide(createCedarEngine(broken, nodeSha256), ANYTHING, reading)).toEqual({
    allow: false,
    reasons: [],
    errors: ['unreachable'],
  });
  expect(decide(engine, { rubbish: 'permit' }, reading).allow).toBe(false);
  expect(decide(engine, {}, reading)).toEqual({ allow: false, reasons: [], errors: [] });
});

describe('API tokens never act', () => {
  const byToken: CedarQuestion = {
    ...reading,
    context: { ...reading.context, channel: 'token', scopes: ['read', 'draft', 'observe'] },
  };

  test('by policy', () => {
    const set = { ...ANYTHING, 'tokens-never-act': DEFAULT_POLICIES['tokens-never-act'] };
    expect(engine.ask(ANYTHING, byToken)).toMatchObject({ response: { decision: 'allow' } });
    expect(engine.ask(set, byToken)).toMatchObject({
      response: { decision: 'deny', diagnostics: { reason: ['tokens-never-act'] } },
    });
  });

  test('and by code, under policies that would let them', () => {
    expect(decide(engine, ANYTHING, byToken)).toEqual({
      allow: false,
      reasons: [TOKENS_NEVER_ACT],
      errors: [],
    });
  });
});
