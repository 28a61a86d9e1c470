import { BeamkeeperError } from '../../orbits/error.ts';
import type { Sha256 } from '../../tlog/index.ts';
import { checkProof, namesKey, verifyClaim } from '../proofs.ts';
import { liveKeysOf, rosterOf } from '../rosterRules.ts';
import type { ControlState } from '../state.ts';
import { signedParts } from '../statements.ts';
import type { EntryBodies, EntryType } from '../types.ts';

/**
 * Whether a body is signed, and each of its signatures holds with a key in force: what tells a member of
 * the roster from anybody who writes his name. The body has the shape of its type.
 */
export async function areSignaturesGood<T extends EntryType>(
  sha256: Sha256,
  state: ControlState,
  type: T,
  body: EntryBodies[T],
): Promise<boolean> {
  const parts = signedParts(type, body);
  const { relyingParty } = rosterOf(state);
  for (const { signer, statement, proof, newKey } of parts) {
    const keys = newKey ? [newKey] : liveKeysOf(state, signer);
    const key = keys.find(one => namesKey(sha256, proof, one));
    if (!key) return false;
    try {
      const claim = checkProof(sha256, statement, proof, key, relyingParty);
      if (!(await verifyClaim(claim))) return false;
    } catch (cause) {
      if (cause instanceof BeamkeeperError) return false;
      throw cause;
    }
  }
  return parts.length > 0;
}
