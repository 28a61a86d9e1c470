import { type NoteSigner, signNote } from '../tlog/index.ts';
import { attestationStatement, type Statement, statementOf } from './statements.ts';
import type { Attestation, Declaration, EntryBodies, EntryType, Proof } from './types.ts';

/**
 * A statement signed by the holder of an Ed25519 key, as a note: `beamkeeper/<type>`, a newline, the
 * canonical statement, a newline.
 */
export async function noteProof(
  signer: NoteSigner,
  { type, text }: Statement,
): Promise<Extract<Proof, { kind: 'note' }>> {
  return { kind: 'note', note: await signNote(`beamkeeper/${type}\n${text}\n`, [signer]) };
}

/** A body before the one whom its type wants has signed it. */
export type UnsignedBody<T extends EntryType> = Omit<EntryBodies[T], 'proof'>;

/**
 * Signs a body whose type wants one signature: orders, votes, contacts, recusals, executions.
 *
 * @example
 * const vote = await signBody(signer, 'vote/v1', { statement });
 */
export async function signBody<T extends Exclude<EntryType, 'declaration/v1'>>(
  signer: NoteSigner,
  type: T,
  unsigned: UnsignedBody<T>,
): Promise<EntryBodies[T]> {
  const body = unsigned as unknown as EntryBodies[T];
  return { ...body, proof: await noteProof(signer, statementOf(type, body)) };
}

/** Adds one signer's attestation to a declaration. */
export async function attest(
  signer: NoteSigner,
  declaration: Declaration,
  attestation: Omit<Attestation, 'proof'>,
): Promise<Declaration> {
  const proof = await noteProof(signer, attestationStatement(declaration, attestation));
  return {
    ...declaration,
    attestations: [...declaration.attestations, { ...attestation, proof }],
  };
}
