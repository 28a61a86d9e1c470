/**
 * The switch: who may be served where, decided by people whose votes no server can forge, and
 * recorded so that anyone can check it. A log of signed statements is folded into the
 * `ServicePolicy` in force.
 *
 * Pure: SHA-256 is handed in, public-key signatures are the platform's WebCrypto, and time is an
 * argument.
 */
export * from './authorisation/index.ts';
export { quorumAt } from './ballots.ts';
export { BODY_SHAPES } from './bodyShapes.ts';
export { canonicalJson, parseEntry } from './canonicalJson.ts';
export { type CellList, cellList, cellsOf, type PackedCells, packCells } from './cellList.ts';
export { type ClaimStatus, claimStatus, LIKELIHOODS } from './claims.ts';
export { DEFAULT_RULES } from './defaultRules.ts';
export { type Flag, flagsAt, type OrderStatus, orderStatusAt } from './flags.ts';
export { fold, foldAll, foldGenesis, type RunningFold, runningFold } from './fold.ts';
export { type DisclosedScopes, knownScope } from './inForce.ts';
export { effectOn, type Layer, layersAt } from './layers.ts';
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
export { outlineDigest, SCOPE_RESOLUTION, scopeCells, territoryCells } from './scopeCells.ts';
export * from './seals/index.ts';
export type {
  BallotRecord,
  ControlState,
  FoldContext,
  IneffectiveEntry,
  SealRecord,
} from './state.ts';
export {
  attestationStatement,
  ballotHash,
  isSignedType,
  type Statement,
  statementDigest,
  statementOf,
} from './statements.ts';
export { touchedBy } from './touchedBy.ts';
export type * from './types.ts';
export {
  AFFILIATIONS,
  CAPACITIES,
  CLASSES,
  ORDER_KINDS,
  REASON_CODES,
  SEAL_REASONS,
  STANCES,
} from './types.ts';
export {
  type SignatureCheck,
  VerifiedSignatures,
  verifySignatures,
} from './verifiedSignatures.ts';
export { type ClaimView, claimViews } from './views/claimView.ts';
export { type ContactView, contactView } from './views/contactView.ts';
export { type DeclarationView, declarationView } from './views/declarationView.ts';
export { type EntryView, entryView, territoriesOf } from './views/entryView.ts';
export { changeSentence, missingWords, orderSentence } from './views/orderSentence.ts';
export { type OrderView, orderView, type VoteView } from './views/orderView.ts';
export { type RosterView, rosterView } from './views/rosterView.ts';
export { type TerritoryView, territoryViews } from './views/territoryView.ts';
export { verifyVote, voteDigest, voteNoteText } from './votes.ts';
