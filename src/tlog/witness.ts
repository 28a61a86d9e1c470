import { equalBytes, fromUtf8, toHex, utf8 } from './bytes.ts';
import {
  type Checkpoint,
  openCheckpoint,
  parseCheckpointText,
  type SignedCheckpoint,
} from './checkpoint.ts';
import { verifyConsistency } from './consistencyProof.ts';
import { TlogError } from './error.ts';
import {
  formatNote,
  formatSignatureLine,
  type NoteSigner,
  type NoteVerifier,
  parseNote,
} from './note.ts';
import type { DurableFiles } from './storage.ts';
import { emptyRoot, type Sha256 } from './treeHash.ts';
import { parseWitnessRequest, type WitnessRequest } from './witnessRequest.ts';

/** What the witness answers, in HTTP's words. */
export interface WitnessAnswer {
  status: 200 | 400 | 403 | 404 | 409 | 422;
  contentType: string;
  body: string;
}

/** A log that a witness watches. */
export interface WitnessedLog {
  origin: string;
  keys: readonly NoteVerifier[];
}

export interface WitnessOptions {
  sha256: Sha256;
  logs: readonly WitnessedLog[];
  /** Cosigners, such as {@link createCosigner} makes; each adds one line to the answer. */
  signers: readonly NoteSigner[];
  /** Keeps the last cosigned checkpoint of each log. */
  files: DurableFiles;
}

/**
 * Watches logs: cosigns a checkpoint only if it extends the last one that it cosigned, and remembers
 * it before it answers. C2SP tlog-witness.
 *
 * Two readers who both trust the same witness cannot be shown two histories of one log.
 *
 * @example
 * const witness = new Witness({ sha256, logs: [{ origin, keys: [logKey] }], signers, files });
 * const { status, body } = await witness.addCheckpoint(requestBody);
 */
export class Witness {
  readonly #options: WitnessOptions;
  /** One at a time for each log: comparing and persisting are one step. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /**
   * `POST <prefix>/add-checkpoint`.
   *
   * @throws TlogError only when its own storage fails; nothing was cosigned then.
   */
  async addCheckpoint(body: string | Uint8Array): Promise<WitnessAnswer> {
    let request: WitnessRequest;
    let checkpoint: Checkpoint;
    try {
      request = parseWitnessRequest(body);
      checkpoint = parseCheckpointText(parseNote(request.checkpoint).text);
    } catch (cause) {
      return refusal(400, (cause as Error).message);
    }
    const log = this.#options.logs.find(({ origin }) => origin === checkpoint.origin);
    if (!log) return refusal(404, `origin "${checkpoint.origin}" is not watched here`);
    let signed: SignedCheckpoint;
    try {
      signed = await openCheckpoint(request.checkpoint, log.origin, log.keys);
    } catch (cause) {
      return refusal(403, (cause as Error).message);
    }
    if (request.oldSize > signed.size) {
      return refusal(400, `old size ${request.oldSize} is larger than the tree of ${signed.size}`);
    }
    const turn = (this.#queues.get(log.origin) ?? Promise.resolve()).then(() =>
      this.#decide(log, request, signed),
    );
    this.#queues.set(
      log.origin,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** `GET <prefix>/<hex SHA-256 of the origin>/checkpoint`: the last one cosigned, or 404. */
  async checkpoint(originHash: string): Promise<WitnessAnswer> {
    const log = this.#options.logs.find(({ origin }) => this.#originHash(origin) === originHash);
    const note = log && (await this.#lastNote(log));
    return note === undefined
      ? refusal(404, 'no checkpoint was cosigned for this log')
      : { status: 200, contentType: 'text/plain; charset=utf-8', body: note };
  }

  async #decide(
    log: WitnessedLog,
    request: WitnessRequest,
    signed: SignedCheckpoint,
  ): Promise<WitnessAnswer> {
    const { sha256, signers, files } = this.#options;
    const lastNote = await this.#lastNote(log);
    const last = lastNote === undefined ? undefined : parseCheckpointText(parseNote(lastNote).text);
    const lastSize = last?.size ?? 0;
    if (request.oldSize !== lastSize) {
      return { status: 409, contentType: 'text/x.tlog.size', body: `${lastSize}\n` };
    }
    if (signed.size === 0 && !equalBytes(signed.root, emptyRoot(sha256))) {
      return refusal(422, 'a tree without entries has the root SHA-256("")');
    }
    if (lastSize === 0) {
      // The empty tree is consistent with every tree.
      if (request.proof.length > 0) return refusal(422, 'from size 0 the proof must be empty');
    } else {
      try {
        verifyConsistency(sha256, {
          fromSize: lastSize,
          fromRoot: (last as Checkpoint).root,
          toSize: signed.size,
          toRoot: signed.root,
          proof: request.proof,
        });
      } catch (cause) {
        return refusal(422, (cause as Error).message);
      }
    }
    const signatures = [];
    for (const signer of signers) {
      const { name, keyId } = signer;
      signatures.push({ name, keyId, signature: await signer.sign(signed.text) });
    }
    const note = formatNote({
      text: signed.text,
      signatures: [...signed.verified, ...signatures],
    });
    // Durable before the answer leaves: else a crash would let the log take it back.
    await files.replace(this.#path(log.origin), utf8(note));
    return {
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      body: signatures.map(formatSignatureLine).join(''),
    };
  }

  async #lastNote(log: WitnessedLog): Promise<string | undefined> {
    const bytes = await this.#options.files.read(this.#path(log.origin));
    if (!bytes) return undefined;
    const note = fromUtf8(bytes, `checkpoint kept for ${log.origin}`);
    // Damaged memory must not become a fresh start.
    const { origin } = await openCheckpoint(note, log.origin, log.keys).catch(cause => {
      throw new TlogError('LEDGER_CORRUPT', `witness: what is kept for ${log.origin} is damaged`, {
        cause,
      });
    });
    return origin && note;
  }

  /** The origin comes from the network: only its hash becomes a path. */
  #path(origin: string): string {
    return `${this.#originHash(origin)}/checkpoint`;
  }

  #originHash(origin: string): string {
    return toHex(this.#options.sha256(utf8(origin)));
  }
}

function refusal(status: WitnessAnswer['status'], reason: string): WitnessAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${reason}\n` };
}
