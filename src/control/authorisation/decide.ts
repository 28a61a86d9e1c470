import type { PolicySet } from '../types.ts';
import type { CedarEngine, CedarQuestion } from './engine.ts';

/** What was decided, and by which policies. */
export interface Verdict {
  readonly allow: boolean;
  /** Ids of the policies that decided; empty when nothing permits, or when something went wrong. */
  readonly reasons: readonly string[];
  /** Whatever went wrong; then the answer is no. */
  readonly errors: readonly string[];
}

/** All that a token is good for, whatever the policies say. */
const TOKEN_ACTIONS: readonly string[] = ['read', 'draft', 'observe', 'claim'];
export const TOKENS_NEVER_ACT = 'built-in:tokens-never-act';

/**
 * May this be done now, under these policies? Anything but a clean "allow" is a no: a request outside
 * the schema, a policy that fails (Cedar skips a `forbid` whose condition fails, and says "allow"), an
 * engine that throws.
 */
export function decide(
  engine: CedarEngine,
  policySet: PolicySet,
  question: CedarQuestion,
): Verdict {
  const verdict = ask(engine, policySet, question);
  const { action, context } = question;
  if (context['channel'] === 'token' && !TOKEN_ACTIONS.includes(action)) {
    const reasons = verdict.allow ? [] : verdict.reasons;
    return { ...verdict, allow: false, reasons: [...reasons, TOKENS_NEVER_ACT] };
  }
  return verdict;
}

function ask(engine: CedarEngine, policySet: PolicySet, question: CedarQuestion): Verdict {
  const refused = (errors: string[]): Verdict => ({ allow: false, reasons: [], errors });
  try {
    const answer = engine.ask(policySet, question);
    if (answer.type === 'failure') return refused(answer.errors.map(({ message }) => message));
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) {
      return refused(
        diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`).sort(),
      );
    }
    return { allow: decision === 'allow', reasons: diagnostics.reason.toSorted(), errors: [] };
  } catch (cause) {
    return refused([cause instanceof Error ? cause.message : String(cause)]);
  }
}
