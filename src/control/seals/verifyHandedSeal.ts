import { BeamkeeperError } from '../../orbits/error.ts';
import type { Sha256 } from '../../tlog/index.ts';
import { sealShape } from '../bodyShapes.ts';
import { verifyPersonal } from '../personalProof.ts';
import { seatsHeldBy } from '../rosterRules.ts';
import type { ControlState } from '../state.ts';
import { sealStatement } from '../statements.ts';
import type { Seal } from '../types.ts';
import { formFault, reviewFault } from './sealRules.ts';

/**
 * That a seal which no entry names yet may be kept for one: of the form of a seal, of a new id, and
 * signed by a second person who holds a seat. Author and authority are looked at with the entry.
 *
 * @param seal as it was handed in, unchecked
 * @param atMs now, milliseconds since 1970
 * @throws BeamkeeperError `BODY`, `SEAL_FORM`, `SEAL_ID`, `PROOF`
 */
export async function verifyHandedSeal(
  sha256: Sha256,
  state: ControlState,
  seal: Seal,
  atMs: number,
): Promise<void> {
  const malformed = sealShape(seal, 'seal');
  if (malformed !== undefined) throw new BeamkeeperError('BODY', malformed);
  const fault = formFault(seal) ?? reviewFault(seal.reviewBy, atMs);
  if (fault !== undefined) throw new BeamkeeperError('SEAL_FORM', `seal: ${fault}`);
  if (state.seals.has(seal.id)) {
    throw new BeamkeeperError('SEAL_ID', `seal ${seal.id}: an entry carries it already`);
  }
  const { person, proof } = seal.second;
  if (seatsHeldBy(state, person, atMs).length === 0) {
    throw new BeamkeeperError('PROOF', `seal: ${person}, who signs as the second, holds no seat`);
  }
  await verifyPersonal(sha256, state, person, sealStatement(seal), proof);
}
