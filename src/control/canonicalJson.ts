import { BeamkeeperError } from '../orbits/error.ts';
import { isInstant } from './instants.ts';
import type { Entry } from './types.ts';

/** The 16-bit length prefix of an entry bundle. */
const MAX_ENTRY_BYTES = 65_535;
/** Far above what any entry nests; keeps a hostile one from exhausting the stack. */
const MAX_DEPTH = 64;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The one spelling of a value: RFC 8785, restricted as the ledger wants it. Numbers are integers
 * within ±(2^53 − 1), strings and keys are NFC without unpaired surrogates.
 *
 * @throws BeamkeeperError `CANONICAL_JSON`, naming the field
 *
 * @example
 * canonicalJson({ b: 1, a: ['x'] }); // {"a":["x"],"b":1}
 */
export function canonicalJson(value: unknown): string {
  return write(value, '', 0, '', undefined);
}

interface FieldStart {
  readonly offset: number;
  readonly field: string;
}

/** Appends `value` to `text`; notes where each field begins. */
function write(
  value: unknown,
  field: string,
  depth: number,
  text: string,
  starts: FieldStart[] | undefined,
): string {
  starts?.push({ offset: text.length, field });
  if (value === null || typeof value === 'boolean') return text + String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw refused(field, `${value} is not an integer within ±(2^53 − 1)`);
    }
    return text + String(value);
  }
  if (typeof value === 'string') return text + quoted(value, field);
  if (typeof value !== 'object') throw refused(field, `a ${typeof value} has no JSON`);
  if (depth === MAX_DEPTH) throw refused(field, `nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) {
    let out = `${text}[`;
    value.forEach((item, i) => {
      out = write(item, `${field}[${i}]`, depth + 1, i === 0 ? out : `${out},`, starts);
    });
    return `${out}]`;
  }
  let out = `${text}{`;
  // RFC 8785 §3.2.3 sorts by UTF-16 code units, as JavaScript compares strings.
  for (const [i, key] of Object.keys(value).sort().entries()) {
    const name = field === '' ? key : `${field}.${key}`;
    out = `${i === 0 ? out : `${out},`}${quoted(key, name)}:`;
    out = write((value as Record<string, unknown>)[key], name, depth + 1, out, starts);
  }
  return `${out}}`;
}

/** For well-formed strings JSON.stringify escapes exactly as RFC 8785 §3.2.2.2 does. */
function quoted(text: string, field: string): string {
  if (!text.isWellFormed()) throw refused(field, 'an unpaired surrogate');
  if (text.normalize('NFC') !== text) throw refused(field, 'not in Unicode normal form NFC');
  return JSON.stringify(text);
}

function refused(field: string, what: string): BeamkeeperError {
  return new BeamkeeperError('CANONICAL_JSON', `entry, field "${field || '(whole)'}": ${what}`);
}

const ENVELOPE = ['v', 'type', 'seq', 'time', 'actor', 'subject', 'prev', 'body', 'seal'];

/**
 * Reads an entry as stored. Bytes that are not the canonical spelling of what they say are refused,
 * and so is an envelope with a field missing, malformed or unknown. The body is checked by the fold.
 *
 * @throws BeamkeeperError `CANONICAL_JSON`, `ENTRY`, naming the field
 */
export function parseEntry(bytes: Uint8Array): Entry {
  if (bytes.length > MAX_ENTRY_BYTES) {
    throw new BeamkeeperError(
      'ENTRY',
      `entry: ${bytes.length} bytes, above ${MAX_ENTRY_BYTES}; split it, or put what grows into a blob`,
    );
  }
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw new BeamkeeperError('CANONICAL_JSON', 'entry: not JSON in UTF-8', { cause });
  }
  const starts: FieldStart[] = [];
  const canonical = write(value, '', 0, '', starts);
  if (canonical !== text) {
    let at = 0;
    while (canonical[at] === text[at]) at++;
    const { field } = starts.findLast(({ offset }) => offset <= at) as FieldStart;
    throw refused(field, `not canonical from character ${at} on (RFC 8785)`);
  }
  return checkEnvelope(value);
}

/** @throws BeamkeeperError `ENTRY` unless the value has the fields of an entry, and no others. */
export function checkEnvelope(value: unknown): Entry {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new BeamkeeperError('ENTRY', 'entry: not an object');
  }
  const entry = value as Record<string, unknown>;
  const { seq, prev } = entry;
  const isText = (field: string): boolean =>
    typeof entry[field] === 'string' && entry[field] !== '';
  const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  const checks: readonly (readonly [field: string, isGood: boolean, want: string])[] = [
    ['v', entry['v'] === 1, '1'],
    ['type', isText('type'), 'a name such as "order/v1"'],
    ['seq', isCount(seq), 'the index of the entry'],
    ['time', isInstant(entry['time']), 'a UTC instant with milliseconds'],
    ['actor', isText('actor'), 'who caused it'],
    ['subject', isText('subject'), 'what it is about'],
    ['prev', prev === null || (isCount(prev) && isCount(seq) && prev < seq), 'null or below seq'],
    ['body', 'body' in entry !== 'seal' in entry, 'present, unless "seal" is'],
  ];
  for (const [field, isGood, want] of checks) {
    if (!isGood) throw new BeamkeeperError('ENTRY', `entry, field "${field}": must be ${want}`);
  }
  const unknown = Object.keys(entry).find(key => !ENVELOPE.includes(key));
  if (unknown !== undefined) {
    throw new BeamkeeperError('ENTRY', `entry, field "${unknown}": not a field of an entry`);
  }
  return value as Entry;
}
