import { fromUtf8, parseDecimal, toBase64 } from './bytes.ts';
import { parseCheckpointText } from './checkpoint.ts';
import { TlogError } from './error.ts';
import { parseNote } from './note.ts';
import { parseHash } from './proofFile.ts';

/** Most consistency proof lines in a request. C2SP tlog-witness. */
const MAX_PROOF_LINES = 63;

/** What a log asks a witness: cosign this checkpoint, which extends the tree of `oldSize`. */
export interface WitnessRequest {
  oldSize: number;
  proof: Uint8Array[];
  /** The signed checkpoint, verbatim. */
  checkpoint: string;
}

/** Body of `POST <prefix>/add-checkpoint`. */
export function formatWitnessRequest({ oldSize, proof, checkpoint }: WitnessRequest): string {
  const lines = proof.map(hash => `${toBase64(hash)}\n`).join('');
  return `old ${oldSize}\n${lines}\n${checkpoint}`;
}

/** @throws TlogError `BAD_FORMAT`, `TOO_LARGE` */
export function parseWitnessRequest(body: string | Uint8Array): WitnessRequest {
  const text = typeof body === 'string' ? body : fromUtf8(body, 'witness request');
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('no empty line before the checkpoint');
  const [first, ...lines] = text.slice(0, split).split('\n');
  if (!first.startsWith('old ')) throw malformed('the first line is not "old <size>"');
  const oldSize = parseDecimal(first.slice(4), 'witness request: old size');
  if (lines.length > MAX_PROOF_LINES) throw malformed(`over ${MAX_PROOF_LINES} proof lines`);
  const proof = lines.map(line => parseHash(line, 'witness request'));
  const checkpoint = text.slice(split + 2);
  parseCheckpointText(parseNote(checkpoint).text);
  return { oldSize, proof, checkpoint };
}

function malformed(what: string): TlogError {
  return new TlogError('BAD_FORMAT', `witness request: ${what}`);
}
