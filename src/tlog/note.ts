import { concatBytes, fromBase64, fromUtf8, toBase64, utf8 } from './bytes.ts';
import { TlogError } from './error.ts';

/** Largest signed note that is read. A post-quantum signature line is 3.3 KB. */
const MAX_NOTE_BYTES = 128 * 1024;
/** Most signature lines that are read: the specification wants 16 or more, Go stops at 100. */
const MAX_SIGNATURES = 100;

/** One signature line: `— <key name> <base64(key id ‖ signature)>`. */
export interface NoteSignature {
  name: string;
  /** First four bytes of a hash over name, type and key; an identifier, not a commitment. */
  keyId: number;
  signature: Uint8Array;
}

export interface ParsedNote {
  /** Ends in a newline. */
  text: string;
  signatures: NoteSignature[];
}

/** Checks the signatures of one key. Made by {@link parseVerifierKey}. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  verify(text: string, signature: Uint8Array): Promise<boolean>;
}

/** Signs with one key. Made by {@link createEd25519Signer} and {@link createCosigner}. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  sign(text: string): Promise<Uint8Array>;
}

export interface OpenedNote {
  text: string;
  /** Signatures of known keys; each one holds, and there is at least one. */
  verified: NoteSignature[];
  /** Signatures of other keys; nothing is known about them. */
  unverified: NoteSignature[];
}

/**
 * Splits a signed note into its text and its signature lines. C2SP signed-note v1.0.0.
 * Nothing is verified: use {@link openNote} for a note that should be believed.
 *
 * @throws TlogError `BAD_FORMAT`, `TOO_LARGE`
 */
export function parseNote(note: string | Uint8Array): ParsedNote {
  const bytes = typeof note === 'string' ? utf8(note) : note;
  if (bytes.length > MAX_NOTE_BYTES) {
    throw new TlogError('TOO_LARGE', `a note of ${bytes.length} bytes: at most ${MAX_NOTE_BYTES}`);
  }
  const whole = typeof note === 'string' ? checkWellFormed(note) : fromUtf8(bytes, 'note');
  checkCharacters(whole);
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw malformed('no empty line between text and signatures');
  const signatures = parseSignatureLines(whole.slice(split + 2));
  return { text: whole.slice(0, split + 1), signatures };
}

/**
 * Reads signature lines alone, as a witness answers them.
 *
 * @throws TlogError `BAD_FORMAT` unless there is at least one line, each of them whole.
 */
export function parseSignatureLines(block: string): NoteSignature[] {
  if (!block.endsWith('\n')) throw malformed('the last signature line does not end in a newline');
  const lines = block.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`more than ${MAX_SIGNATURES} signatures`);
  return lines.map(line => {
    const match = /^— ([^ ]+) ([^ ]+)$/.exec(line);
    if (!match) throw malformed(`"${line.slice(0, 60)}" is not a signature line`);
    const [, name, base64] = match;
    checkKeyName(name);
    const bytes = fromBase64(base64, `note: signature of ${name}`);
    if (bytes.length < 5) throw malformed(`signature of ${name} is too short`);
    const keyId = new DataView(bytes.buffer).getUint32(0);
    return { name, keyId, signature: bytes.subarray(4) };
  });
}

export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  const id = new Uint8Array(4);
  new DataView(id.buffer).setUint32(0, keyId);
  return `— ${name} ${toBase64(concatBytes(id, signature))}\n`;
}

/** A note of these parts; the inverse of {@link parseNote}. */
export function formatNote({ text, signatures }: ParsedNote): string {
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`;
}

/**
 * Opens a signed note with the keys that are known. Lines of other keys are passed over; a known
 * key whose signature fails refuses the whole note, and so does the lack of any known key.
 *
 * @throws TlogError `BAD_FORMAT`, `TOO_LARGE`, `BAD_SIGNATURE`
 */
export async function openNote(
  note: string | Uint8Array,
  verifiers: readonly NoteVerifier[],
): Promise<OpenedNote> {
  const { text, signatures } = parseNote(note);
  const verified: NoteSignature[] = [];
  const unverified: NoteSignature[] = [];
  for (const line of signatures) {
    const known = verifiers.filter(v => v.name === line.name && v.keyId === line.keyId);
    if (known.length > 1) {
      throw new TlogError('BAD_SIGNATURE', `note: two known keys share name and id ${line.name}`);
    }
    if (known.length === 0) {
      unverified.push(line);
    } else if (await known[0].verify(text, line.signature)) {
      verified.push(line);
    } else {
      throw new TlogError('BAD_SIGNATURE', `note: the signature of ${line.name} does not hold`);
    }
  }
  if (verified.length === 0) {
    const names = verifiers.map(v => v.name).join(', ') || 'none';
    throw new TlogError('BAD_SIGNATURE', `note: not signed by any known key (known: ${names})`);
  }
  return { text, verified, unverified };
}

/**
 * Signs a text with one or more keys.
 *
 * @throws TlogError `BAD_FORMAT` when the text cannot be the text of a note.
 */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  checkWellFormed(text);
  checkCharacters(text);
  if (!text.endsWith('\n')) throw malformed('the text does not end in a newline');
  const signatures: NoteSignature[] = [];
  for (const signer of signers) {
    checkKeyName(signer.name);
    signatures.push({
      name: signer.name,
      keyId: signer.keyId,
      signature: await signer.sign(text),
    });
  }
  return formatNote({ text, signatures });
}

/** @throws TlogError `BAD_FORMAT` when the name is empty or holds a space, a plus or a control. */
export function checkKeyName(name: string): void {
  // \s lacks U+0085 (next line), which Unicode counts among the spaces.
  if (name === '' || /[\s+\u0085]/u.test(name)) {
    throw malformed(`"${name.slice(0, 60)}" is not a key name (empty, or with a space or plus)`);
  }
  checkWellFormed(name);
  checkCharacters(name);
}

function checkWellFormed(text: string): string {
  if (!text.isWellFormed()) throw malformed('an unpaired surrogate');
  return text;
}

function checkCharacters(text: string): void {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) throw malformed(`a control character at ${i}`);
  }
}

function malformed(what: string): TlogError {
  return new TlogError('BAD_FORMAT', `note: ${what}`);
}
