import { BeamkeeperError } from '../../orbits/error.ts';
import { type Sha256, TlogError } from '../../tlog/index.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { fromBase64url, toBase64url } from '../proofs.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A part of a body under its field's path, such as `scope` or `originators[0].channel`. */
export interface Portion {
  readonly name: string;
  readonly value: unknown;
}

/** A portion with the salt that keeps its digest from being guessed (RFC 9901 §4.2.1). */
export interface Disclosure extends Portion {
  readonly salt: string;
}

/** Base64url of the JSON text as it stands: a digest is never taken over JSON written anew. */
export function encodeDisclosure(json: string): string {
  return toBase64url(new TextEncoder().encode(json));
}

/** @throws BeamkeeperError `CANONICAL_JSON` when the value has no canonical JSON */
export function writeDisclosure({ salt, name, value }: Disclosure): string {
  return encodeDisclosure(canonicalJson([salt, name, value]));
}

/** @throws BeamkeeperError `SEAL_DISCLOSURE` */
export function readDisclosure(text: string): Disclosure {
  const refuse = (what: string, cause?: unknown): BeamkeeperError =>
    new BeamkeeperError('SEAL_DISCLOSURE', `disclosure: ${what} (RFC 9901 §4.2.1)`, { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(decoder.decode(fromBase64url(text, 'disclosure')));
  } catch (cause) {
    // Not UTF-8 is a TypeError.
    const known = [BeamkeeperError, TlogError, SyntaxError, TypeError];
    if (known.some(kind => cause instanceof kind)) throw refuse('not base64url of JSON', cause);
    throw cause;
  }
  if (!Array.isArray(parsed) || parsed.length !== 3) throw refuse('not [salt, name, value]');
  const [salt, name, value] = parsed as unknown[];
  if (typeof salt !== 'string' || typeof name !== 'string') {
    throw refuse('salt and name are texts');
  }
  return { salt, name, value };
}

/** Base64url of SHA-256 over the ASCII of the disclosure (RFC 9901 §4.2.3). */
export function disclosureDigest(sha256: Sha256, disclosure: string): string {
  return toBase64url(sha256(new TextEncoder().encode(disclosure)));
}
