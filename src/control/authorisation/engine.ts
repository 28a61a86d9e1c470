import type * as cedar from '@cedar-policy/cedar-wasm';
import { type Sha256, toHex } from '../../tlog/index.ts';
import { canonicalJson } from '../canonicalJson.ts';
import type { PolicySet, Sha256Hex } from '../types.ts';
import { CEDAR_SCHEMA } from './cedarSchema.ts';

/** What is used of the Cedar package: its entry for Node or for a browser, handed in. */
export type CedarModule = Pick<
  typeof cedar,
  'preparsePolicySet' | 'preparseSchema' | 'statefulIsAuthorized' | 'validate'
>;

/** A question as Cedar takes it: who, what, about what, how, and all that is to be known of them. */
export interface CedarQuestion {
  readonly principal: cedar.TypeAndId;
  readonly action: string;
  readonly resource: cedar.TypeAndId;
  readonly context: Readonly<Record<string, string | boolean | readonly string[]>>;
  readonly entities: readonly cedar.EntityJson[];
}

/** Cedar with our schema; policy sets are validated and parsed once. */
export interface CedarEngine {
  /** Why a set cannot be used, policy by policy; empty when it can. */
  faultsOf(policySet: PolicySet): readonly string[];
  /** @throws what the package throws on a call that it cannot read */
  ask(policySet: PolicySet, question: CedarQuestion): cedar.AuthorizationAnswer;
  /** SHA-256 of the set as it lies in a recorded decision's file. */
  hashOf(policySet: PolicySet): Sha256Hex;
  readonly schemaSha256: Sha256Hex;
}

const SCHEMA_NAME = 'beamkeeper';

interface LoadedSet {
  readonly sha256: Sha256Hex;
  readonly faults: readonly string[];
}

/**
 * @example
 * const engine = createCedarEngine(await import('@cedar-policy/cedar-wasm/nodejs'), nodeSha256);
 * engine.faultsOf({ all: 'permit (principal, action, resource);' }); // []
 */
export function createCedarEngine(module: CedarModule, sha256: Sha256): CedarEngine {
  const schema = module.preparseSchema(SCHEMA_NAME, CEDAR_SCHEMA);
  if (schema.type === 'failure') {
    throw new Error(`the Cedar schema: ${schema.errors.map(({ message }) => message).join('; ')}`);
  }
  /** Sets are few: each is one change by quorum. */
  const loaded = new Map<Sha256Hex, LoadedSet>();
  const known = new WeakMap<PolicySet, LoadedSet>();

  const load = (policySet: PolicySet): LoadedSet => {
    const before = known.get(policySet);
    if (before) return before;
    const hash = toHex(sha256(new TextEncoder().encode(canonicalJson(policySet))));
    let set = loaded.get(hash);
    if (!set) {
      set = { sha256: hash, faults: validate(module, policySet) };
      if (set.faults.length === 0) {
        // A record, not one text: only then are the ids ours, in the log and in every answer.
        const parsed = module.preparsePolicySet(hash, { staticPolicies: { ...policySet } });
        if (parsed.type === 'failure') {
          set = { ...set, faults: parsed.errors.map(({ message }) => message) };
        }
      }
      loaded.set(hash, set);
    }
    known.set(policySet, set);
    return set;
  };

  return {
    schemaSha256: toHex(sha256(new TextEncoder().encode(CEDAR_SCHEMA))),
    faultsOf: policySet => load(policySet).faults,
    hashOf: policySet => load(policySet).sha256,
    ask(policySet, question) {
      const { sha256: preparsedPolicySetId, faults } = load(policySet);
      if (faults.length > 0) throw new Error(`the policy set: ${faults.join('; ')}`);
      const { principal, action, resource, context, entities } = question;
      return module.statefulIsAuthorized({
        principal,
        action: { type: 'Action', id: action },
        resource,
        context: context as cedar.Context,
        entities: entities as cedar.EntityJson[],
        preparsedPolicySetId,
        preparsedSchemaName: SCHEMA_NAME,
        validateRequest: true,
      });
    },
  };
}

/** Strict: an attribute that may be missing is asked for with `has` first, or the set is refused. */
function validate(module: CedarModule, policySet: PolicySet): string[] {
  try {
    const answer = module.validate({
      schema: CEDAR_SCHEMA,
      policies: { staticPolicies: { ...policySet } },
      validationSettings: { mode: 'strict' },
    });
    if (answer.type === 'failure') return answer.errors.map(({ message }) => message);
    // A warning is of a policy that can never apply, or that only looks like what it says.
    return [...answer.validationErrors, ...answer.validationWarnings].map(
      ({ policyId, error }) => `${policyId}: ${error.message}`,
    );
  } catch (cause) {
    return [(cause as Error).message];
  }
}
