import { BeamkeeperError } from '../orbits/error.ts';
import type { Sha256 } from '../tlog/index.ts';
import { checkProof, namesKey, verifyClaim } from './proofs.ts';
import { liveKeysOf, rosterOf } from './rosterRules.ts';
import type { ControlState } from './state.ts';
import type { Statement } from './statements.ts';
import type { PersonId, Proof } from './types.ts';

/**
 * That a person signed a statement with a key that is in force.
 *
 * @throws BeamkeeperError `PROOF`
 */
export async function verifyPersonal(
  sha256: Sha256,
  state: ControlState,
  person: PersonId,
  statement: Statement,
  proof: Proof,
): Promise<void> {
  const key = liveKeysOf(state, person).find(one => namesKey(sha256, proof, one));
  if (!key) {
    throw new BeamkeeperError('PROOF', `proof: is signed by no key in force of ${person}`);
  }
  const { relyingParty } = rosterOf(state);
  const claim = checkProof(sha256, statement, proof, key, relyingParty);
  if (!(await verifyClaim(claim))) {
    throw new BeamkeeperError('PROOF', `proof: the signature of ${person} does not hold`);
  }
}
