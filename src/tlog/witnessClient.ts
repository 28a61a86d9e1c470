import { parseDecimal, toHex, utf8 } from './bytes.ts';
import { openCheckpoint, parseCheckpointText } from './checkpoint.ts';
import { TlogError } from './error.ts';
import { type NoteSignature, type NoteVerifier, parseNote, parseSignatureLines } from './note.ts';
import type { Sha256 } from './treeHash.ts';
import { formatWitnessRequest } from './witnessRequest.ts';

/** A witness as a log sees it. */
export interface WitnessEndpoint {
  /** Its keys; lines of other keys in its answer are dropped. */
  keys: readonly NoteVerifier[];
  /** Submission and monitoring prefix, such as `https://witness.example/`. */
  url: string;
}

/** As much of `fetch` as a witness client needs: the platform's own, or a test's. */
export type HttpExchange = (
  url: string,
  init: { method: string; body?: string },
) => Promise<{ status: number; text(): Promise<string> }>;

/**
 * Asks one witness to cosign. On "409, I am at size n" it proves from there and asks once more.
 *
 * @param prove consistency proof from a smaller size to that of `checkpoint`
 * @param oldSize size that the witness is believed to have cosigned last; 0 to find out
 * @returns the cosignature lines that hold
 * @throws TlogError `LEDGER_ROLLBACK` when the witness has seen a larger tree of this log,
 *   `WITNESS_REFUSED` for every other refusal, with its reason; what `exchange` throws
 */
export async function requestCosignature(
  witness: WitnessEndpoint,
  checkpoint: string,
  oldSize: number,
  prove: (fromSize: number) => Promise<Uint8Array[]>,
  exchange: HttpExchange,
): Promise<NoteSignature[]> {
  const { text } = parseNote(checkpoint);
  const { size } = parseCheckpointText(text);
  const url = `${witness.url.replace(/\/$/, '')}/add-checkpoint`;
  const ask = async (from: number): Promise<{ status: number; body: string }> => {
    const body = formatWitnessRequest({ oldSize: from, proof: await prove(from), checkpoint });
    const response = await exchange(url, { method: 'POST', body });
    return { status: response.status, body: await response.text() };
  };
  let answer = await ask(oldSize);
  if (answer.status === 409) {
    const theirs = parseDecimal(answer.body.replace(/\n$/, ''), `${url}: size of the witness`);
    if (theirs > size) {
      throw new TlogError(
        'LEDGER_ROLLBACK',
        `${url}: the witness has cosigned size ${theirs}, this log is at ${size}; it was set back`,
      );
    }
    answer = await ask(theirs);
  }
  if (answer.status !== 200) {
    throw new TlogError(
      'WITNESS_REFUSED',
      `${url}: ${answer.status} ${answer.body.slice(0, 300).trim()}`,
    );
  }
  const lines: NoteSignature[] = [];
  for (const line of parseSignatureLines(answer.body)) {
    const key = witness.keys.find(k => k.name === line.name && k.keyId === line.keyId);
    if (key && (await key.verify(text, line.signature))) lines.push(line);
  }
  if (lines.length === 0) {
    throw new TlogError('WITNESS_REFUSED', `${url}: no line of the answer holds under its keys`);
  }
  return lines;
}

/**
 * The checkpoint that a witness last cosigned for a log; `undefined` when it has none.
 * A log asks this before it signs again after a start: see `witnessed` of {@link openLog}.
 *
 * @throws TlogError `BAD_SIGNATURE` and the like when the answer is not signed by log and witness,
 *   `WITNESS_REFUSED` for other answers than 200 and 404
 */
export async function fetchWitnessed(
  sha256: Sha256,
  witness: WitnessEndpoint,
  origin: string,
  logKeys: readonly NoteVerifier[],
  exchange: HttpExchange,
): Promise<string | undefined> {
  const hash = toHex(sha256(utf8(origin)));
  const url = `${witness.url.replace(/\/$/, '')}/${hash}/checkpoint`;
  const response = await exchange(url, { method: 'GET' });
  const body = await response.text();
  if (response.status === 404) return undefined;
  if (response.status !== 200) {
    throw new TlogError('WITNESS_REFUSED', `${url}: ${response.status} ${body.slice(0, 300)}`);
  }
  await openCheckpoint(body, origin, logKeys);
  // A second look, so that the witness itself must have signed it too.
  await openCheckpoint(body, origin, witness.keys);
  return body;
}
