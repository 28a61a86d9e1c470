import { fromBase64, parseDecimal, toBase64 } from './bytes.ts';
import { TlogError } from './error.ts';
import { type NoteSignature, type NoteVerifier, openNote } from './note.ts';
import { HASH_BYTES } from './treeHash.ts';

/** A tree head: which log, how many entries, which root. C2SP tlog-checkpoint v1.0.0. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  /** Lines after the third. This project writes none; no witness vouches for them. */
  extensionLines: string[];
}

/** A checkpoint whose signatures were verified. */
export interface SignedCheckpoint extends Checkpoint {
  /** The three lines and what follows them, without signatures. */
  text: string;
  verified: NoteSignature[];
  unverified: NoteSignature[];
}

/** The text of a checkpoint, to be signed. */
export function formatCheckpointText(origin: string, size: number, root: Uint8Array): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** @throws TlogError `BAD_FORMAT` */
export function parseCheckpointText(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw malformed('does not end in a newline');
  const [origin, size, root, ...extensionLines] = text.slice(0, -1).split('\n');
  if (root === undefined) throw malformed('fewer than three lines');
  if (origin === '') throw malformed('the origin is empty');
  if (extensionLines.includes('')) throw malformed('an empty extension line');
  const rootBytes = fromBase64(root, 'checkpoint: root');
  if (rootBytes.length !== HASH_BYTES) throw malformed(`root of ${rootBytes.length} bytes`);
  return {
    origin,
    size: parseDecimal(size, 'checkpoint: size'),
    root: rootBytes,
    extensionLines,
  };
}

/**
 * Opens a signed checkpoint of one log.
 *
 * @param logVerifiers keys of the log itself: at least one of them must have signed
 * @param witnessVerifiers keys of witnesses: their lines must hold where they stand
 * @throws TlogError `BAD_FORMAT`, `BAD_SIGNATURE`, `UNKNOWN_ORIGIN`
 */
export async function openCheckpoint(
  note: string | Uint8Array,
  origin: string,
  logVerifiers: readonly NoteVerifier[],
  witnessVerifiers: readonly NoteVerifier[] = [],
): Promise<SignedCheckpoint> {
  const opened = await openNote(note, [...logVerifiers, ...witnessVerifiers]);
  const checkpoint = parseCheckpointText(opened.text);
  if (checkpoint.origin !== origin) {
    throw new TlogError(
      'UNKNOWN_ORIGIN',
      `checkpoint: origin "${checkpoint.origin}", expected "${origin}"`,
    );
  }
  const isOfLog = (line: NoteSignature): boolean =>
    logVerifiers.some(v => v.name === line.name && v.keyId === line.keyId);
  if (!opened.verified.some(isOfLog)) {
    throw new TlogError('BAD_SIGNATURE', `checkpoint of ${origin}: not signed by the log itself`);
  }
  return { ...checkpoint, ...opened };
}

function malformed(what: string): TlogError {
  return new TlogError('BAD_FORMAT', `checkpoint: ${what}`);
}
