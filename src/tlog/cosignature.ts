import { concatBytes, uint64, utf8 } from './bytes.ts';
import { parseCheckpointText } from './checkpoint.ts';
import { TlogError } from './error.ts';

/** Time, then 64 bytes of Ed25519 or 2,420 of ML-DSA-44. */
const TIME_BYTES = 8;

/**
 * What an Ed25519 cosignature (type 0x04) signs: a header, the time, the whole text of the note.
 * C2SP tlog-cosignature.
 */
export function ed25519CosignedMessage(text: string, timeSeconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timeSeconds}\n${text}`);
}

/**
 * What an ML-DSA-44 cosignature (type 0x06) signs: `subtree/v1`, the cosigner's name, the time, and
 * the tree; no extension lines. C2SP tlog-cosignature.
 *
 * @throws TlogError `BAD_FORMAT` when the text is no checkpoint, or a name is over 255 bytes.
 */
export function mlDsa44CosignedMessage(
  text: string,
  cosignerName: string,
  timeSeconds: number,
): Uint8Array {
  const { origin, size, root } = parseCheckpointText(text);
  return concatBytes(
    utf8('subtree/v1\n\0'),
    shortString(cosignerName),
    uint64(timeSeconds),
    shortString(origin),
    uint64(0),
    uint64(size),
    root,
  );
}

/** The bytes of a signature line: time, then signature. */
export function encodeCosignature(timeSeconds: number, signature: Uint8Array): Uint8Array {
  return concatBytes(uint64(timeSeconds), signature);
}

/**
 * When a cosignature was made, seconds since 1970, and its signature proper.
 *
 * @throws TlogError `BAD_FORMAT` when it is too short, or its time is 0 or beyond 2^53 − 1.
 */
export function decodeCosignature(bytes: Uint8Array): {
  timeSeconds: number;
  signature: Uint8Array;
} {
  if (bytes.length <= TIME_BYTES) throw new TlogError('BAD_FORMAT', 'cosignature: too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const timeSeconds = Number(view.getBigUint64(0));
  // Time 0 states nothing about when, and a witness must not leave it out.
  if (timeSeconds === 0 || !Number.isSafeInteger(timeSeconds)) {
    throw new TlogError('BAD_FORMAT', `cosignature: time ${timeSeconds} is not a time`);
  }
  return { timeSeconds, signature: bytes.subarray(TIME_BYTES) };
}

function shortString(text: string): Uint8Array {
  const bytes = utf8(text);
  if (bytes.length < 1 || bytes.length > 255) {
    throw new TlogError('BAD_FORMAT', `cosignature: "${text.slice(0, 40)}…" is over 255 bytes`);
  }
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}
