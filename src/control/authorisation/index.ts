/**
 * May this person do this now? Asked of Cedar before an entry is appended, by policies that are in the
 * log. Whether it is enough, the quorum engine says; Cedar cannot count. The engine is handed in.
 */
export { type AskedBy, askedOf, type Channel } from './asked.ts';
export { decideReadByPolicy } from './decideReadByPolicy.ts';
export {
  auditDecisions,
  type DecisionAudit,
  isRecorded,
  type MadeDecision,
  makeDecision,
  type ReadBlob,
  replayDecision,
} from './decisions.ts';
export { DEFAULT_POLICIES } from './defaultPolicies.ts';
export { type CedarEngine, type CedarModule, createCedarEngine } from './engine.ts';
export { policySetFaults } from './policySetFaults.ts';
