import { BeamkeeperError } from '../orbits/error.ts';
import type { Sha256 } from '../tlog/index.ts';
import { checkProof, verifyClaim } from './proofs.ts';
import { statementDigest, statementOf } from './statements.ts';
import type { Key, RelyingParty, Vote, VoteStatement } from './types.ts';

/**
 * SHA-256 over `beamkeeper/vote/v1`, a newline and the canonical statement: the challenge of a
 * passkey, and what a second device recomputes and shows.
 */
export function voteDigest(sha256: Sha256, statement: VoteStatement): Uint8Array {
  const type = 'vote/v1';
  const proof = { kind: 'note', note: '' } as const;
  return statementDigest(sha256, statementOf(type, { statement, proof }));
}

/** What the holder of an Ed25519 key signs as a note: `beamkeeper/vote/v1`, the statement. */
export function voteNoteText(statement: VoteStatement): string {
  const proof = { kind: 'note', note: '' } as const;
  return `beamkeeper/vote/v1\n${statementOf('vote/v1', { statement, proof }).text}\n`;
}

/**
 * Checks one vote offline, with nothing but the voter's key from its enrolment and the relying
 * party from the roster: that the key's holder signed this very statement. Whether the vote counts
 * is another question, answered by the log around it.
 *
 * @throws BeamkeeperError `PROOF`
 *
 * @example
 * await verifyVote(sha256, vote, key, roster.relyingParty);
 */
export async function verifyVote(
  sha256: Sha256,
  vote: Vote,
  key: Key,
  relyingParty: RelyingParty,
): Promise<void> {
  if (key.holder !== vote.statement.person) {
    throw new BeamkeeperError(
      'PROOF',
      `proof: the key is of ${key.holder}, the vote of ${vote.statement.person}`,
    );
  }
  const statement = statementOf('vote/v1', vote);
  const claim = checkProof(sha256, statement, vote.proof, key, relyingParty);
  if (!(await verifyClaim(claim))) {
    throw new BeamkeeperError('PROOF', `proof: the signature of ${key.holder} does not hold`);
  }
}
