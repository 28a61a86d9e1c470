import { concatBytes, equalBytes, uint64 } from './bytes.ts';
import { MAX_ENTRY_BYTES } from './entryBundle.ts';
import { TlogError } from './error.ts';
import { HASH_BYTES, leafHash, type Sha256 } from './treeHash.ts';

/**
 * The journal holds entries that are sequenced but not yet all in full, published bundles.
 *
 * A segment is a run of batches, one for each durable write:
 * `BKJ1` ‖ payload bytes (4) ‖ entry count (4) ‖ first index (8) ‖ check (32) ‖ payload,
 * the payload being, for each entry, length (4) ‖ leaf hash (32) ‖ bytes. The check is SHA-256 over
 * the offset in the segment and all the rest.
 *
 * Why batches: a torn write may lose a part in the middle and keep the end, so whether a *record*
 * is followed by valid ones says nothing. A *batch* is written only after the one before it is
 * durable: an invalid batch followed by a valid one is corruption, an invalid last one a torn tail.
 */
const MAGIC = Uint8Array.from([0x42, 0x4b, 0x4a, 0x31]);
const CHECK_AT = 20;
const HEADER_BYTES = CHECK_AT + HASH_BYTES;
const RECORD_HEADER_BYTES = 4 + HASH_BYTES;

export interface JournalRecord {
  leaf: Uint8Array;
  entry: Uint8Array;
}

/** One batch, to be appended at `offset` of its segment. */
export function encodeJournalBatch(
  sha256: Sha256,
  records: readonly JournalRecord[],
  firstIndex: number,
  offset: number,
): Uint8Array {
  const payloadBytes = records.reduce((sum, r) => sum + RECORD_HEADER_BYTES + r.entry.length, 0);
  const batch = new Uint8Array(HEADER_BYTES + payloadBytes);
  const view = new DataView(batch.buffer);
  batch.set(MAGIC);
  view.setUint32(4, payloadBytes);
  view.setUint32(8, records.length);
  view.setBigUint64(12, BigInt(firstIndex));
  let at = HEADER_BYTES;
  for (const { leaf, entry } of records) {
    view.setUint32(at, entry.length);
    batch.set(leaf, at + 4);
    batch.set(entry, at + RECORD_HEADER_BYTES);
    at += RECORD_HEADER_BYTES + entry.length;
  }
  batch.set(checkOf(sha256, batch, offset), CHECK_AT);
  return batch;
}

export interface JournalSegment {
  records: JournalRecord[];
  /** Where the valid batches end; what follows is a torn tail. */
  validBytes: number;
}

/**
 * Reads a segment whose first entry must have index `firstIndex`.
 *
 * @throws TlogError `LEDGER_CORRUPT` when an invalid batch is followed by a valid one.
 */
export function decodeJournalSegment(
  sha256: Sha256,
  segment: Uint8Array,
  firstIndex: number,
  path: string,
): JournalSegment {
  const records: JournalRecord[] = [];
  let at = 0;
  while (at < segment.length) {
    const batch = readBatch(sha256, segment, at);
    if (!batch || batch.firstIndex !== firstIndex + records.length) break;
    for (const record of batch.records) records.push(record);
    at += batch.bytes;
  }
  for (let later = at + 1; later + HEADER_BYTES <= segment.length; later++) {
    if (segment[later] === MAGIC[0] && readBatch(sha256, segment, later)) {
      throw new TlogError(
        'LEDGER_CORRUPT',
        `${path}: damaged at byte ${at} (entry ${firstIndex + records.length}), with sound entries after it; restore the file`,
      );
    }
  }
  return { records, validBytes: at };
}

function readBatch(
  sha256: Sha256,
  segment: Uint8Array,
  offset: number,
): { records: JournalRecord[]; firstIndex: number; bytes: number } | undefined {
  const rest = segment.subarray(offset);
  if (rest.length < HEADER_BYTES || !equalBytes(rest.subarray(0, 4), MAGIC)) return undefined;
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  const bytes = HEADER_BYTES + view.getUint32(4);
  if (bytes > rest.length) return undefined;
  const batch = rest.subarray(0, bytes);
  if (!equalBytes(batch.subarray(CHECK_AT, HEADER_BYTES), checkOf(sha256, batch, offset))) {
    return undefined;
  }
  const records: JournalRecord[] = [];
  let at = HEADER_BYTES;
  for (let i = view.getUint32(8); i > 0; i--) {
    const length = at + RECORD_HEADER_BYTES <= bytes ? view.getUint32(at) : Infinity;
    if (length > MAX_ENTRY_BYTES || at + RECORD_HEADER_BYTES + length > bytes) return undefined;
    const leaf = batch.slice(at + 4, at + RECORD_HEADER_BYTES);
    const entry = batch.slice(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length);
    if (!equalBytes(leaf, leafHash(sha256, entry))) return undefined;
    records.push({ leaf, entry });
    at += RECORD_HEADER_BYTES + length;
  }
  return { records, firstIndex: Number(view.getBigUint64(12)), bytes };
}

function checkOf(sha256: Sha256, batch: Uint8Array, offset: number): Uint8Array {
  return sha256(
    concatBytes(uint64(offset), batch.subarray(0, CHECK_AT), batch.subarray(HEADER_BYTES)),
  );
}
