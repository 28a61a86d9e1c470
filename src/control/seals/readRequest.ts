import { BeamkeeperError } from '../../orbits/error.ts';
import { type NoteSigner, type Sha256, toHex } from '../../tlog/index.ts';
import { proofShape } from '../bodyShapes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { instantOf, MINUTE_MS, msOf } from '../instants.ts';
import { noteProof } from '../noteProof.ts';
import { verifyPersonal } from '../personalProof.ts';
import { fields, instant, integer, matching, oneOf, type Shape, text } from '../shape.ts';
import type { ControlState } from '../state.ts';
import type { Statement } from '../statements.ts';
import type { Instant, PersonId, Proof } from '../types.ts';

/** A request is answered only near the time that it says. */
const FRESH_MS = 5 * MINUTE_MS;

/** Why somebody reads: for an order (its id or hash), an open review, or a duty (his seat or role). */
export interface ReadPurpose {
  readonly kind: 'order' | 'review' | 'duty';
  readonly about: string;
}

/** What the reader signs: `beamkeeper/read/v1`. */
export interface ReadRequest {
  readonly entryIndex: number;
  readonly person: PersonId;
  readonly purpose: ReadPurpose;
  readonly at: Instant;
  /** 16 bytes drawn by the reader, hexadecimal: each request is answered once. */
  readonly nonce: string;
}
export interface SignedReadRequest extends ReadRequest {
  readonly proof: Proof;
}

const requestShape: Shape<SignedReadRequest> = fields<SignedReadRequest>({
  entryIndex: integer(0),
  person: matching(/^person:[^\s]+$/, 'person:<name>'),
  purpose: fields<ReadPurpose>({ kind: oneOf('order', 'review', 'duty'), about: text }),
  at: instant,
  nonce: matching(/^[0-9a-f]{32}$/, '16 bytes in hexadecimal'),
  proof: proofShape,
});

/** What a passkey's challenge is made over, and what a note says. */
export function readStatement(request: ReadRequest): Statement {
  return { type: 'read/v1', text: canonicalJson(request) };
}

/**
 * @param nowMs the reader's clock, milliseconds since 1970
 * @param randomBytes the reader's own
 */
export async function signReadRequest(
  signer: NoteSigner,
  asked: Omit<ReadRequest, 'at' | 'nonce'>,
  nowMs: number,
  randomBytes: (count: number) => Uint8Array,
): Promise<SignedReadRequest> {
  const request = { ...asked, at: instantOf(nowMs), nonce: toHex(randomBytes(16)) };
  return { ...request, proof: await noteProof(signer, readStatement(request)) };
}

/**
 * That a person in the roster signed the request, with a key in force, just now. The answer depends
 * on nothing that is sealed.
 *
 * @throws BeamkeeperError `BODY`, `PROOF`, `READ_STALE`
 */
export async function verifyReadRequest(
  sha256: Sha256,
  state: ControlState,
  signed: SignedReadRequest,
  nowMs: number,
): Promise<void> {
  const malformed = requestShape(signed, 'request');
  if (malformed !== undefined) throw new BeamkeeperError('BODY', malformed);
  const { proof, ...request } = signed;
  if (Math.abs(nowMs - msOf(request.at)) > FRESH_MS) {
    throw new BeamkeeperError(
      'READ_STALE',
      `request of ${request.at}: more than 5 minutes from now; set the clock and sign it again`,
    );
  }
  await verifyPersonal(sha256, state, request.person, readStatement(request), proof);
}
