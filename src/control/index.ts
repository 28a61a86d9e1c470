/**
 * The switch: who may be served where, decided by people whose votes no server can forge, and
 * recorded so that anyone can check it. A log of signed statements is folded into the
 * `ServicePolicy` in force.
 *
 * Pure: SHA-256 is handed in, public-key signatures are the platform's WebCrypto, and time is an
 * argument.
 */
export { quorumAt } from './ballots.ts';
export { BODY_SHAPES } from './bodyShapes.ts';
export { canonicalJson, parseEntry } from './canonicalJson.ts';
export { type ClaimStatus, claimStatus, LIKELIHOODS } from './claims.ts';
export { DEFAULT_RULES } from './defaultRules.ts';
export { type Flag, flagsAt, type OrderStatus, orderStatusAt } from './flags.ts';
export { fold, foldAll, foldGenesis } from './fold.ts';
export type { DisclosedScopes } from './inForce.ts';
export { type EntryAbout, nextEntry } from './nextEntry.ts';
export { attest, noteProof, signBody, type UnsignedBody } from './noteProof.ts';
export { cellStateAt, policyAt, type SwitchState } from './policyAt.ts';
export { type PolicyPair, policyIf } from './policyIf.ts';
export {
  type Ballot,
  type Blocked,
  type Due,
  evaluate,
  type Missing,
  type Quorum,
  type QuorumStatus,
  type RecusalRecord,
  type RosterHistory,
  type VoteRecord,
} from './quorum.ts';
export { SCOPE_RESOLUTION, scopeCells, territoryCells } from './scopeCells.ts';
export type { ControlState, FoldContext, IneffectiveEntry } from './state.ts';
export {
  attestationStatement,
  ballotHash,
  type Statement,
  statementDigest,
  statementOf,
} from './statements.ts';
export { touchedBy } from './touchedBy.ts';
export type * from './types.ts';
export {
  type SignatureCheck,
  VerifiedSignatures,
  verifySignatures,
} from './verifiedSignatures.ts';
export { verifyVote, voteDigest, voteNoteText } from './votes.ts';
