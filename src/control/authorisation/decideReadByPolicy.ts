import { type DecideRead, isPurposeReal, type ReadDecision } from '../seals/readDecision.ts';
import { decide } from './decide.ts';
import type { CedarEngine } from './engine.ts';
import { personEntities, uidOf } from './entitySlice.ts';

/** Need to know by the policies in force, in place of the built-in rules. */
export function decideReadByPolicy(
  engine: CedarEngine,
): (...asked: Parameters<DecideRead>) => ReadDecision {
  return (state, { person, purpose, marking, atMs }) => {
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
    return { allow, reasons: [...reasons, ...errors] };
  };
}
