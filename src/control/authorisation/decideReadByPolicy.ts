import {
  type DecideRead,
  decideRead,
  isPurposeReal,
  type ReadDecision,
} from '../seals/readDecision.ts';
import { decide } from './decide.ts';
import type { CedarEngine } from './engine.ts';
import { personEntities, uidOf } from './entitySlice.ts';

/** Need to know by the policies in force, within the built-in rules: a policy can only narrow them. */
export function decideReadByPolicy(
  engine: CedarEngine,
): (...asked: Parameters<DecideRead>) => ReadDecision {
  return (state, question) => {
    const { person, purpose, marking, atMs } = question;
    const rules = decideRead(state, question);
    const resource = { type: 'SealedPart', id: 'part' };
    const { level, compartments, releasableTo } = marking;
    const part = {
      uid: resource,
      attrs: {
        level,
        compartments: compartments.toSorted(),
        ...(releasableTo && { releasableTo: releasableTo.toSorted() }),
      },
      parents: [],
    };
    const { allow, reasons, errors } = decide(engine, state.policySet, {
      principal: uidOf(person),
      action: 'readSealed',
      resource,
      context: {
        channel: 'hand',
        scopes: [],
        purpose: purpose.kind,
        purposeIsReal: isPurposeReal(state, person, purpose, atMs),
      },
      entities: [...personEntities(state, person, atMs), part],
    });
    const refusals = rules.allow ? [] : rules.reasons;
    return { allow: allow && rules.allow, reasons: [...reasons, ...errors, ...refusals] };
  };
}
