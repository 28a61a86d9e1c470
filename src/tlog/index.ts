/**
 * A tamper-evident log, usable by itself: RFC 6962 trees, C2SP tiles, signed notes, checkpoints,
 * cosignatures, inclusion and consistency proofs, proof files, trust policies, a witness, and a
 * writer that refuses to sign two histories.
 *
 * Pure: SHA-256 and storage are handed in, Ed25519 is the platform's WebCrypto.
 *
 * @example
 * import { createHash } from 'node:crypto';
 * import { createEd25519Signer, createLogSigner, MemoryFiles, openLog } from 'beamkeeper/tlog';
 * import { parsePolicy, parseVerifierKey, verifyProofFile } from 'beamkeeper/tlog';
 *
 * const sha256 = data => createHash('sha256').update(data).digest();
 * const origin = 'example.com/log';
 * const key = await createEd25519Signer(sha256, origin, crypto.getRandomValues(new Uint8Array(32)));
 * const verifiers = [parseVerifierKey(sha256, key.verifierKey)];
 * const storage = { published: new MemoryFiles(), private: new MemoryFiles() };
 * const record = new MemoryFiles();
 * const signer = createLogSigner({
 *   sha256, origin, signers: [key], verifiers, record, copy: storage.private,
 * });
 *
 * const log = await openLog({ sha256, signer, verifiers, storage });
 * const entry = new TextEncoder().encode('{"what":"happened"}');
 * const index = await log.append(entry);
 * await log.publish();
 *
 * const policy = parsePolicy(sha256, `log ${key.verifierKey}\nquorum none\n`);
 * const proven = await verifyProofFile(sha256, policy, entry, await log.proofFile(index), {
 *   nowSeconds: 1_800_000_000,
 * });
 * console.log(proven.index, proven.checkpoint.size); // 0 1
 */
export { fromBase64, toBase64, toHex } from './bytes.ts';
export {
  type CheckLogOptions,
  checkLog,
} from './checkLog.ts';
export {
  type Checkpoint,
  formatCheckpointText,
  openCheckpoint,
  parseCheckpointText,
  type SignedCheckpoint,
} from './checkpoint.ts';
export { type ConsistencyClaim, verifyConsistency } from './consistencyProof.ts';
export {
  decodeCosignature,
  ed25519CosignedMessage,
  mlDsa44CosignedMessage,
} from './cosignature.ts';
export { type CosigningResult, cosignCheckpoint } from './cosignCheckpoint.ts';
export { decodeEntryBundle, encodeEntryBundle, MAX_ENTRY_BYTES } from './entryBundle.ts';
export { TlogError } from './error.ts';
export { type InclusionClaim, verifyInclusion } from './inclusionProof.ts';
export { type LogOptions, type NewEntry, openLog, type TransparencyLog } from './log.ts';
export {
  type ConsistencyProver,
  createLogSigner,
  type LogSigner,
  type LogSignerOptions,
  type SignedHead,
  type TreeHead,
} from './logSigner.ts';
export { MemoryFiles } from './memoryFiles.ts';
export type { MlDsa44, MlDsa44KeyPair } from './mlDsa44.ts';
export {
  formatNote,
  type NoteSignature,
  type NoteSigner,
  type NoteVerifier,
  type OpenedNote,
  openNote,
  type ParsedNote,
  parseNote,
  parseSignatureLines,
  signNote,
} from './note.ts';
export {
  type AcceptedCheckpoint,
  meetsQuorum,
  type Policy,
  type PolicyGroup,
  type PolicyLog,
  type PolicyWitness,
  parsePolicy,
  verifyCheckpoint,
} from './policy.ts';
export {
  formatProofFile,
  type ProofFile,
  type ProvenEntry,
  parseProofFile,
  verifyProofFile,
} from './proofFile.ts';
export {
  createCosigner,
  createEd25519Signer,
  createMlDsa44Cosigner,
  type KeyedSigner,
} from './signers.ts';
export type { DurableFiles, FileContent, LogStorage } from './storage.ts';
export { parseTilePath, partialTiles, TILE_WIDTH, type Tile, tilePath } from './tilePath.ts';
export { type TileCache, type TileSource, TileTree } from './tileTree.ts';
export { emptyRoot, leafHash, nodeHash, type Sha256, treeRoot } from './treeHash.ts';
export {
  formatVerifierKey,
  type KeyKind,
  parseVerifierKey,
  type VerifierKey,
} from './verifierKey.ts';
export { Witness, type WitnessAnswer, type WitnessedLog, type WitnessOptions } from './witness.ts';
export {
  fetchWitnessed,
  type HttpExchange,
  requestCosignature,
  type WitnessEndpoint,
} from './witnessClient.ts';
export {
  formatWitnessRequest,
  parseWitnessRequest,
  type WitnessRequest,
} from './witnessRequest.ts';
