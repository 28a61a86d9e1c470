import { TlogError } from './error.ts';

/** Longest entry: what the 16-bit length prefix can say. C2SP tlog-tiles. */
export const MAX_ENTRY_BYTES = 65_535;

/** @throws TlogError `TOO_LARGE` when an entry is over 65,535 bytes. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const entry of entries) {
    checkEntrySize(entry);
    view.setUint16(at, entry.length);
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/**
 * The first `count` entries of a bundle, as views on it.
 *
 * @throws TlogError `BAD_FORMAT` when it ends early, or goes on after them without `allowsMore`.
 */
export function decodeEntryBundle(
  bundle: Uint8Array,
  count: number,
  { allowsMore = false, what = 'entry bundle' } = {},
): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const end = at + 2 <= bundle.length ? at + 2 + view.getUint16(at) : Infinity;
    if (end > bundle.length) {
      throw new TlogError('BAD_FORMAT', `${what}: ends within entry ${i} of ${count}`);
    }
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  if (at !== bundle.length && !allowsMore) {
    throw new TlogError(
      'BAD_FORMAT',
      `${what}: ${bundle.length - at} bytes after its ${count} entries`,
    );
  }
  return entries;
}

/** @throws TlogError `TOO_LARGE` */
export function checkEntrySize(entry: Uint8Array): void {
  if (entry.length > MAX_ENTRY_BYTES) {
    throw new TlogError(
      'TOO_LARGE',
      `an entry of ${entry.length} bytes: at most ${MAX_ENTRY_BYTES}; split it, or put the rest into a blob`,
    );
  }
}
