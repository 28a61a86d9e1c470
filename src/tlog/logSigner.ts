import { equalBytes, fromUtf8, utf8 } from './bytes.ts';
import { formatCheckpointText, openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { verifyConsistency } from './consistencyProof.ts';
import { TlogError } from './error.ts';
import { type NoteSigner, type NoteVerifier, signNote } from './note.ts';
import type { DurableFiles } from './storage.ts';
import type { Sha256 } from './treeHash.ts';

/** Size and root of a tree. */
export interface TreeHead {
  size: number;
  root: Uint8Array;
}

/** A checkpoint that was signed, with the signed note itself. */
export interface SignedHead extends TreeHead {
  note: string;
}

/** Proof that the tree of `toSize` extends that of `fromSize`. */
export type ConsistencyProver = (fromSize: number, toSize: number) => Promise<Uint8Array[]>;

/** Signs tree heads of one log, in this process or another. */
export interface LogSigner {
  readonly origin: string;
  /** What was signed last; `undefined` before the first time. @throws TlogError */
  last(prove: ConsistencyProver): Promise<SignedHead | undefined>;
  /** @returns the signed checkpoint. @throws TlogError `LEDGER_ROLLBACK`, `LEDGER_FORK` */
  sign(head: TreeHead, prove: ConsistencyProver): Promise<string>;
}

export interface LogSignerOptions {
  sha256: Sha256;
  origin: string;
  /** The log's keys: Ed25519, and beside it ML-DSA-44 if wanted. */
  signers: readonly NoteSigner[];
  /** The same keys, to check what was recorded. */
  verifiers: readonly NoteVerifier[];
  /** Beside the key; on another volume and in another backup set than `copy`. */
  record: DurableFiles;
  /** Beside the journal. */
  copy: DurableFiles;
}

const COPY_PATH = 'signed';
const RECORD_FOLDER = 'signed';

/**
 * A signer that refuses: like a private witness it signs only a tree that extends the last one it
 * signed, and records that, in two places, before a signature leaves it.
 *
 * The first place holds `signed/1`, `signed/2`, … and a new one is created exclusively: of two
 * processes that both go on from `signed/7`, one gets `signed/8` and the other is refused.
 * It is written before the copy, so after a crash the copy is the same or one behind. A record that
 * is *older than its copy*, or missing, therefore comes from a backup.
 *
 * @example
 * const signer = createLogSigner({ sha256, origin, signers: [key], verifiers, record, copy });
 */
export function createLogSigner(options: LogSignerOptions): LogSigner {
  const { sha256, origin, signers, verifiers, record, copy } = options;

  const rollback = (what: string): TlogError =>
    new TlogError('LEDGER_ROLLBACK', `signer of ${origin}: ${what}`);
  const fork = (what: string): TlogError =>
    new TlogError('LEDGER_FORK', `signer of ${origin}: ${what}`);

  const opened = async (bytes: Uint8Array, what: string): Promise<SignedHead> => {
    let checkpoint: SignedCheckpoint;
    const note = fromUtf8(bytes, what);
    try {
      checkpoint = await openCheckpoint(note, origin, verifiers);
    } catch (cause) {
      throw new TlogError('LEDGER_CORRUPT', `${what}: is not a checkpoint signed by this log`, {
        cause,
      });
    }
    return { size: checkpoint.size, root: checkpoint.root, note };
  };

  const checkExtends = async (
    from: TreeHead,
    to: TreeHead,
    prove: ConsistencyProver,
  ): Promise<void> => {
    if (from.size === 0) return;
    try {
      verifyConsistency(sha256, {
        fromSize: from.size,
        fromRoot: from.root,
        toSize: to.size,
        toRoot: to.root,
        proof: from.size === to.size ? [] : await prove(from.size, to.size),
      });
    } catch (cause) {
      if (cause instanceof TlogError && cause.code.startsWith('STORAGE_')) throw cause;
      if (cause instanceof TlogError && cause.code === 'NOT_FOUND') {
        throw new TlogError(
          'LEDGER_ROLLBACK',
          `signer of ${origin}: ${to.size} entries were signed, but the files do not hold them all (${cause.message}); restore the newest data`,
          { cause },
        );
      }
      throw new TlogError(
        'LEDGER_FORK',
        `signer of ${origin}: size ${to.size} does not extend what was signed at ${from.size}`,
        { cause },
      );
    }
  };

  /** Both records, brought to the same state if a crash fell between their writing. */
  const readLast = async (
    prove: ConsistencyProver,
  ): Promise<{ version: number; head: SignedHead } | undefined> => {
    const versions = await listVersions(record);
    const version = versions.at(-1) ?? 0;
    const recordBytes = version > 0 ? await record.read(`${RECORD_FOLDER}/${version}`) : undefined;
    const copyBytes = await copy.read(COPY_PATH);
    if (!recordBytes) {
      if (!copyBytes) return undefined;
      throw rollback('the record beside the key is gone, its copy is not; restore the key folder');
    }
    const head = await opened(recordBytes, `${RECORD_FOLDER}/${version} beside the key`);
    const copied = copyBytes && (await opened(copyBytes, 'copy of the signed record'));
    if (!copied && version > 1) {
      throw rollback('the copy of the signed record is gone; restore the newest data');
    }
    if (copied && copied.size > head.size) {
      throw rollback(
        `the record beside the key says ${head.size}, its copy ${copied.size}: the key folder was set back`,
      );
    }
    if (copied) await checkExtends(copied, head, prove);
    if (copied?.note !== head.note) await copy.replace(COPY_PATH, utf8(head.note));
    return { version, head };
  };

  return {
    origin,

    async last(prove) {
      return (await readLast(prove))?.head;
    },

    async sign({ size, root }, prove) {
      const last = await readLast(prove);
      if (!last && size > 0) {
        throw rollback(`no record of what was signed before, yet the tree has ${size} entries`);
      }
      if (last) {
        const { head } = last;
        if (size < head.size) throw rollback(`size ${size} is below the ${head.size} signed last`);
        if (size === head.size) {
          if (equalBytes(root, head.root)) return head.note;
          throw fork(`another root at size ${size} was signed before`);
        }
        await checkExtends(head, { size, root }, prove);
      }
      const note = await signNote(formatCheckpointText(origin, size, root), signers);
      const version = (last?.version ?? 0) + 1;
      const isFirst = await record.createExclusive(`${RECORD_FOLDER}/${version}`, utf8(note));
      const versions = isFirst ? await listVersions(record) : [];
      if (versions.at(-1) !== version) {
        throw fork('another process signed in between; only one may write a log');
      }
      await copy.replace(COPY_PATH, utf8(note));
      for (const old of versions) {
        if (old < version - 1) await record.remove(`${RECORD_FOLDER}/${old}`);
      }
      return note;
    },
  };
}

async function listVersions(record: DurableFiles): Promise<number[]> {
  const names = await record.list(RECORD_FOLDER);
  return names
    .filter(name => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
