/**
 * The one error class of this module, which stands alone and therefore has its own.
 *
 * `code` is stable and meant for programs; `message` says what is wrong, where, and what to do.
 *
 * | code | when |
 * |---|---|
 * | `BAD_FORMAT` | a note, checkpoint, key, path, bundle, proof file, request or policy is malformed |
 * | `BAD_SIGNATURE` | a known key's signature fails, or no known key signed |
 * | `BAD_PROOF` | an inclusion or consistency proof does not hold |
 * | `QUORUM_NOT_MET`, `STALE`, `UNKNOWN_ORIGIN`, `SPLIT_VIEW` | a verifier's policy refuses a checkpoint |
 * | `NOT_FOUND` | a tile, bundle or entry that the tree size implies is not there |
 * | `TOO_LARGE` | an entry over 65,535 bytes, a note over 128 KiB |
 * | `LEDGER_ROLLBACK`, `LEDGER_FORK` | the signer refuses a smaller or an inconsistent tree |
 * | `LEDGER_CORRUPT` | files of the log contradict each other |
 * | `LEDGER_LOCKED` | another process writes this log |
 * | `LEDGER_STOPPED` | the log stopped after a fault; open it again |
 * | `STORAGE_SYNC` | durability can no longer be known: fatal, never retried |
 * | `STORAGE_FULL`, `STORAGE_WRITE`, `STORAGE_READ` | a storage call failed, nothing was made durable |
 */
export class TlogError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TlogError';
    this.code = code;
  }
}
