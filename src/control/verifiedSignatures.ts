import { BeamkeeperError } from '../orbits/error.ts';
import type { Sha256 } from '../tlog/index.ts';
import { BODY_SHAPES } from './bodyShapes.ts';
import { checkProof, claimName, namesKey, type SignatureClaim, verifyClaim } from './proofs.ts';
import { signedParts } from './statements.ts';
import type {
  Entry,
  EntryBodies,
  EntryType,
  Genesis,
  Key,
  KeyEnrol,
  RelyingParty,
  RosterChange,
} from './types.ts';

/** Answers, without waiting, whether a signature holds. What the fold is handed. */
export type SignatureCheck = (claim: SignatureClaim) => boolean;

/**
 * Signatures of a log that were found to hold. WebCrypto answers only asynchronously, and the fold
 * must not wait: so public-key arithmetic is done beforehand, for every proof and every key that
 * the log ever mentions for its signer. That is a fact about bytes and depends on nothing that the
 * fold decides. Which key is in force, and what a vote means, the fold decides alone.
 */
export class VerifiedSignatures {
  readonly #sha256: Sha256;
  readonly #keys: Key[] = [];
  readonly #relyingParties: RelyingParty[] = [];
  readonly #names = new Set<string>();

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  /**
   * Verifies what an entry carries. Entries are to be added in the order of the log; the next may be
   * added before the last is done.
   */
  async add(entry: Pick<Entry, 'type' | 'body'>): Promise<void> {
    if (!Object.hasOwn(BODY_SHAPES, entry.type)) return;
    const type = entry.type as EntryType;
    if (BODY_SHAPES[type](entry.body, 'body') !== undefined) return;
    const body = entry.body as EntryBodies[EntryType];
    this.#take(type, body);
    for (const { signer, statement, proof, newKey } of signedParts(type, body)) {
      const keys = newKey ? [newKey] : this.#keys.filter(({ holder }) => holder === signer);
      for (const key of keys) {
        if (!namesKey(this.#sha256, proof, key)) continue;
        for (const relyingParty of this.#relyingParties) {
          await this.#verify(() => checkProof(this.#sha256, statement, proof, key, relyingParty));
        }
      }
    }
  }

  /** Signatures that hold. */
  get count(): number {
    return this.#names.size;
  }

  /** Whether a signature is among those that were added and hold. */
  readonly holds: SignatureCheck = claim => this.#names.has(claimName(this.#sha256, claim));

  #take(type: EntryType, body: EntryBodies[EntryType]): void {
    if (type === 'genesis/v1') {
      const { keys, roster } = body as Genesis;
      this.#keys.push(...keys);
      this.#relyingParties.push(roster.relyingParty);
    } else if (type === 'roster/v1') {
      const { newKeys, roster } = body as RosterChange;
      this.#keys.push(...newKeys);
      const { id, origin } = roster.relyingParty;
      if (!this.#relyingParties.some(party => party.id === id && party.origin === origin)) {
        this.#relyingParties.push(roster.relyingParty);
      }
    } else if (type === 'keyEnrol/v1') {
      this.#keys.push((body as KeyEnrol).key);
    }
  }

  async #verify(makeClaim: () => SignatureClaim): Promise<void> {
    let claim: SignatureClaim;
    try {
      claim = makeClaim();
    } catch (cause) {
      if (cause instanceof BeamkeeperError) return; // The fold will say why.
      throw cause;
    }
    const name = claimName(this.#sha256, claim);
    if (!this.#names.has(name) && (await verifyClaim(claim))) this.#names.add(name);
  }
}

/**
 * Verifies the signatures of a whole log.
 *
 * @example
 * const { holds } = await verifySignatures(sha256, entries);
 * const state = foldAll(entries, { sha256, holds });
 */
export async function verifySignatures(
  sha256: Sha256,
  entries: readonly Entry[],
): Promise<VerifiedSignatures> {
  const signatures = new VerifiedSignatures(sha256);
  for (const entry of entries) await signatures.add(entry);
  return signatures;
}
