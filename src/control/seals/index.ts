/**
 * Sealed parts: what an entry keeps back, to be opened later to anyone and checked against the leaf
 * that was there all along (salted digests of RFC 9901, AES-256-GCM). Nothing here holds a key.
 */
export { disclosureDigest, readDisclosure, writeDisclosure } from './disclosure.ts';
export {
  type MadeSeal,
  type SealCrypto,
  type SealTerms,
  signSeal,
} from './makeSeal.ts';
export {
  type DecideRead,
  decideRead,
  type ReadDecision,
  type ReadQuestion,
} from './readDecision.ts';
export {
  type ReadPurpose,
  type ReadRequest,
  readStatement,
  type SignedReadRequest,
  signReadRequest,
  verifyReadRequest,
} from './readRequest.ts';
export { disclosedScopes, revealBody } from './revealBody.ts';
export { type SealCarriers, sealBody } from './sealBody.ts';
export { type OpenedGroup, type OpenedPortion, openGroup } from './sealedBlob.ts';
export { decodeKeys, encodeKeys, openCiphertexts, type SealKeys } from './sealKeys.ts';
export { GROUPS_MAX, REVIEW_DAYS, territoryDueMs } from './sealRules.ts';
export { verifyHandedSeal } from './verifyHandedSeal.ts';
