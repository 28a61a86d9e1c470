import { fromBase64, fromUtf8, parseDecimal, toBase64 } from './bytes.ts';
import { type Checkpoint, parseCheckpointText } from './checkpoint.ts';
import { TlogError } from './error.ts';
import { verifyInclusion } from './inclusionProof.ts';
import { parseNote } from './note.ts';
import { type AcceptedCheckpoint, type Policy, verifyCheckpoint } from './policy.ts';
import { HASH_BYTES, leafHash, type Sha256 } from './treeHash.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^63 leaves has paths no longer. */
const MAX_PROOF_HASHES = 63;

/** A `.tlog-proof` file: all that is needed, with entry and policy, to check one entry offline. */
export interface ProofFile {
  index: number;
  /** The leaf's sibling first. */
  proof: Uint8Array[];
  /** The signed checkpoint, verbatim. */
  checkpoint: string;
  /** Whatever the writer put in; signed by nobody, never to be trusted. */
  extra?: Uint8Array;
}

export function formatProofFile({ index, proof, checkpoint, extra }: ProofFile): string {
  const extraLine = extra === undefined ? '' : `extra ${toBase64(extra)}\n`;
  const hashes = proof.map(hash => `${toBase64(hash)}\n`).join('');
  return `${HEADER}\n${extraLine}index ${index}\n${hashes}\n${checkpoint}`;
}

/**
 * Reads a proof file. C2SP tlog-proof. Nothing is verified: see {@link verifyProofFile}.
 *
 * @throws TlogError `BAD_FORMAT`
 */
export function parseProofFile(file: string | Uint8Array): ProofFile {
  const text = typeof file === 'string' ? file : fromUtf8(file, 'proof file');
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('no empty line before the checkpoint');
  const lines = text.slice(0, split).split('\n');
  if (lines.shift() !== HEADER) throw malformed(`the first line is not "${HEADER}"`);
  const extra = lines[0]?.startsWith('extra ')
    ? fromBase64((lines.shift() as string).slice(6), 'proof file: extra')
    : undefined;
  const indexLine = lines.shift();
  if (!indexLine?.startsWith('index ')) throw malformed('no line "index <n>" where it must stand');
  const index = parseDecimal(indexLine.slice(6), 'proof file: index');
  if (lines.length > MAX_PROOF_HASHES) throw malformed(`over ${MAX_PROOF_HASHES} hashes`);
  const proof = lines.map(line => parseHash(line, 'proof file'));
  const checkpoint = text.slice(split + 2);
  parseCheckpointText(parseNote(checkpoint).text);
  return { index, proof, checkpoint, ...(extra && { extra }) };
}

/** What a verified proof file says. */
export interface ProvenEntry {
  index: number;
  leafHash: Uint8Array;
  checkpoint: Checkpoint & AcceptedCheckpoint;
}

/**
 * Checks one entry against a proof file and a policy, offline: log signature, witness quorum,
 * inclusion. Verification level 1: nothing is said about the rest of the log.
 *
 * @param entry the bytes as stored; they are hashed as they are
 * @throws TlogError `BAD_FORMAT`, `BAD_SIGNATURE`, `UNKNOWN_ORIGIN`, `QUORUM_NOT_MET`, `STALE`,
 *   `BAD_PROOF`
 *
 * @example
 * const policy = parsePolicy(sha256, policyText);
 * const { index } = await verifyProofFile(sha256, policy, entryBytes, proofText, { nowSeconds });
 */
export async function verifyProofFile(
  sha256: Sha256,
  policy: Policy,
  entry: Uint8Array,
  file: string | Uint8Array,
  times: { nowSeconds: number; maxAgeSeconds?: number },
): Promise<ProvenEntry> {
  const { index, proof, checkpoint } = parseProofFile(file);
  const accepted = await verifyCheckpoint(policy, checkpoint, times);
  const hash = leafHash(sha256, entry);
  verifyInclusion(sha256, {
    index,
    size: accepted.size,
    leafHash: hash,
    root: accepted.root,
    proof,
  });
  return { index, leafHash: hash, checkpoint: accepted };
}

/** @throws TlogError `BAD_FORMAT` unless the line is one SHA-256 in base64. */
export function parseHash(line: string, what: string): Uint8Array {
  const hash = fromBase64(line, `${what}: hash`);
  if (hash.length !== HASH_BYTES)
    throw new TlogError('BAD_FORMAT', `${what}: a hash is not 32 bytes`);
  return hash;
}

function malformed(what: string): TlogError {
  return new TlogError('BAD_FORMAT', `proof file: ${what}`);
}
