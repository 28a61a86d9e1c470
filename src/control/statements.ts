import { type Sha256, toHex } from '../tlog/index.ts';
import { canonicalJson } from './canonicalJson.ts';
import type {
  Attestation,
  Declaration,
  EntryBodies,
  EntryType,
  Key,
  KeyEnrol,
  MachineId,
  PersonId,
  Proof,
  RosterChange,
  Seal,
  SealReview,
  Sha256Hex,
  Vote,
} from './types.ts';

/** What somebody signs: `beamkeeper/<type>`, a newline, and canonical JSON. */
export interface Statement {
  /** Of an entry, or of what is signed inside one or beside the log. */
  readonly type: EntryType | 'seal/v1' | 'read/v1';
  readonly text: string;
}

/** A statement in an entry, with who is to have signed it. */
export interface SignedPart {
  readonly signer: PersonId | MachineId;
  readonly statement: Statement;
  readonly proof: Proof;
  /** Where the entry itself brings the key that must have signed. */
  readonly newKey?: Key;
}

/** SHA-256 over `beamkeeper/<type>`, a newline and the text. Of an order this is its hash. */
export function statementDigest(sha256: Sha256, { type, text }: Statement): Uint8Array {
  return sha256(new TextEncoder().encode(`beamkeeper/${type}\n${text}`));
}

/** Fields that hold signatures, and so are not part of what is signed. */
const SIGNATURES = ['proof', 'possession', 'acceptances', 'attestations', 'secondProof'];

/** The body without its signatures; of a vote, its statement. */
export function statementOf<T extends EntryType>(type: T, body: EntryBodies[T]): Statement {
  if (type === 'vote/v1') return { type, text: canonicalJson((body as Vote).statement) };
  const signed = Object.entries(body).filter(([field]) => !SIGNATURES.includes(field));
  return { type, text: canonicalJson(Object.fromEntries(signed)) };
}

/** Hash of an order, or of a change: what votes name. */
export function ballotHash<T extends EntryType>(
  sha256: Sha256,
  type: T,
  body: EntryBodies[T],
): Sha256Hex {
  return toHex(statementDigest(sha256, statementOf(type, body)));
}

/** What each signer of a declaration signs. */
export function attestationStatement(
  declaration: Declaration,
  { text, signer, seat }: Omit<Attestation, 'proof'>,
): Statement {
  const { attestations: _, ...declared } = declaration;
  const type = 'declaration/v1';
  return { type, text: canonicalJson({ declaration: declared, seat, signer, text }) };
}

/** What the second person of a seal signs: all of it but his own proof. */
export function sealStatement(
  seal: Omit<Seal, 'second'> & { readonly second: { readonly person: PersonId } },
): Statement {
  const { person } = seal.second;
  return { type: 'seal/v1', text: canonicalJson({ ...seal, second: { person } }) };
}

/** Which field of a body names the one who signs it. */
const SIGNER_FIELDS = {
  'roster/v1': 'proposer',
  'rule/v1': 'proposer',
  'policySet/v1': 'proposer',
  'territory/v1': 'proposer',
  'keyEnrol/v1': 'proposer',
  'keyRevoke/v1': 'proposer',
  'order/v1': 'proposer',
  'impact/v1': 'twin',
  'voteWithdraw/v1': 'person',
  'recusal/v1': 'demandedBy',
  'alternate/v1': 'appointedBy',
  'delegation/v1': 'delegator',
  'taint/v1': 'raisedBy',
  'execution/v1': 'executor',
  'receipt/v1': 'adapter',
  'revert/v1': 'adapter',
  'cancel/v1': 'person',
  'review/v1': 'person',
  'contact/v1': 'reporter',
  'commitment/v1': 'person',
  'unseal/v1': 'person',
  'shred/v1': 'person',
  'sealReview/v1': 'person',
} as const satisfies Partial<Record<EntryType, string>>;

/** Whether the author of an entry of this type signs it. */
export function isSignedType(type: EntryType): boolean {
  return type in SIGNER_FIELDS || type === 'vote/v1' || type === 'declaration/v1';
}

/** Every signature that an entry carries. The body has the shape of its type. */
export function signedParts<T extends EntryType>(type: T, body: EntryBodies[T]): SignedPart[] {
  if (type === 'vote/v1') {
    const vote = body as Vote;
    return [
      { signer: vote.statement.person, statement: statementOf(type, body), proof: vote.proof },
    ];
  }
  if (type === 'declaration/v1') {
    const declaration = body as Declaration;
    return declaration.attestations.map(attestation => ({
      signer: attestation.signer,
      statement: attestationStatement(declaration, attestation),
      proof: attestation.proof,
    }));
  }
  const field = (SIGNER_FIELDS as Partial<Record<EntryType, string>>)[type];
  if (field === undefined) return [];
  const statement = statementOf(type, body);
  const { [field]: signer, proof } = body as unknown as Record<string, never>;
  // A territory whose time is up is opened by nobody in particular.
  if (proof === undefined) return [];
  const parts: SignedPart[] = [{ signer, statement, proof }];
  if (type === 'keyEnrol/v1') {
    const { key, possession } = body as KeyEnrol;
    parts.push({ signer: key.holder, statement, proof: possession, newKey: key });
  }
  const { seal } = body as { readonly seal?: Seal };
  if (seal) {
    const { person, proof: second } = seal.second;
    parts.push({ signer: person, statement: sealStatement(seal), proof: second });
  }
  if (type === 'sealReview/v1') {
    const { second, secondProof } = body as SealReview;
    parts.push({ signer: second, statement, proof: secondProof });
  }
  if (type === 'roster/v1') {
    const { newKeys, acceptances } = body as RosterChange;
    for (const { holder, proof: acceptance } of acceptances) {
      const newKey = newKeys.find(key => key.holder === holder);
      parts.push({ signer: holder, statement, proof: acceptance, ...(newKey && { newKey }) });
    }
  }
  return parts;
}
