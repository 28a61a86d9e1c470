// Cedar's decisions with policies and schema parsed once, beside parsing them each time.
//
//   node bench/authorisation.ts [--quick] [--json]

import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { CEDAR_SCHEMA } from '../src/control/authorisation/cedarSchema.ts';
import { decide } from '../src/control/authorisation/decide.ts';
import { questionOf } from '../src/control/authorisation/entitySlice.ts';
import { askedOf, DEFAULT_POLICIES, makeDecision } from '../src/control/index.ts';
import { TestLog } from '../src/control/testLog.ts';
import { cedarEngine } from '../src/store/cedarEngine.ts';
import { nodeSha256 } from '../src/store/tlogStore.ts';
import {
  type BenchReport,
  type BenchRow,
  benchTable,
  ratioRow,
  thisMachine,
} from './benchReport.ts';

/** A vote on an order: the question with the largest slice. */
export function run({ quick }: { quick: boolean }): BenchReport {
  const forMs = quick ? 500 : 3000;
  const l = new TestLog(nodeSha256, { policySet: DEFAULT_POLICIES });
  const orderHash = l.order();
  l.votes(orderHash, 'operator.service', 'operator.legal', 'customer');
  const proof = { kind: 'note', note: '' } as const;
  const body = { statement: l.statement(orderHash, 'regulator'), proof };
  const [asked] = askedOf(nodeSha256, l.state, 'vote/v1', body, { channel: 'hand', at: l.now() });
  const question = questionOf(l.state, asked);

  const parsed = perSecond(forMs, () => decide(cedarEngine, DEFAULT_POLICIES, question));
  const each = perSecond(forMs, () => {
    cedar.isAuthorized({
      principal: question.principal,
      action: { type: 'Action', id: question.action },
      resource: question.resource,
      context: question.context as cedar.Context,
      entities: question.entities as cedar.EntityJson[],
      schema: CEDAR_SCHEMA,
      policies: { staticPolicies: { ...DEFAULT_POLICIES } },
      validateRequest: true,
    });
  });
  const whole = perSecond(forMs, () => makeDecision(cedarEngine, nodeSha256, l.state, asked));
  const count = Object.keys(DEFAULT_POLICIES).length;
  const peer = `parsing ${count} policies and the schema each time (${Math.round(each)}/s, this run)`;
  const rows: BenchRow[] = [
    ratioRow('decisions about a vote, parsed once', parsed, '/s', parsed / each, peer, 5),
    { name: 'the same with the slice of the state and the record of it', value: whole, unit: '/s' },
  ];
  return { name: 'authorisation', machine: thisMachine(), rows };
}

function perSecond(forMs: number, once: () => unknown): number {
  for (let i = 0; i < 20; i++) once();
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < forMs) {
    once();
    count++;
  }
  return (1000 * count) / (performance.now() - start);
}

if (import.meta.main) {
  const report = run({ quick: process.argv.includes('--quick') });
  const isJson = process.argv.includes('--json');
  process.stdout.write(`${isJson ? JSON.stringify(report, null, 2) : benchTable(report)}\n`);
}
