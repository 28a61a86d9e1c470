import { TlogError } from './error.ts';

const encoder = new TextEncoder();
// A byte order mark is text like any other: dropping it would give two byte strings one meaning.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** @throws TlogError `BAD_FORMAT` when the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array, what: string): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new TlogError('BAD_FORMAT', `${what}: not valid UTF-8`, { cause });
  }
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * Standard base64 (RFC 4648 §4), strictly: padded, no white space, no stray bits.
 *
 * @throws TlogError `BAD_FORMAT`
 */
export function fromBase64(text: string, what: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch (cause) {
    throw new TlogError('BAD_FORMAT', `${what}: not base64`, { cause });
  }
  // atob forgives white space and missing padding; one value must have one spelling.
  if (btoa(binary) !== text) {
    throw new TlogError('BAD_FORMAT', `${what}: not canonical base64 (padding, white space)`);
  }
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}

/**
 * A count or an index as the formats write it: ASCII digits, no sign, no leading zero.
 * Values above 2^53 − 1 are refused: no log of this world gets there, and rounding would be silent.
 *
 * @throws TlogError `BAD_FORMAT`
 */
export function parseDecimal(text: string, what: string): number {
  if (!/^(0|[1-9][0-9]*)$/.test(text)) {
    throw new TlogError('BAD_FORMAT', `${what}: "${text.slice(0, 40)}" is not a plain decimal`);
  }
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new TlogError('BAD_FORMAT', `${what}: ${text.slice(0, 40)} is above 2^53 − 1`);
  }
  return value;
}

/** Big-endian unsigned 64-bit integer. */
export function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
