import { BeamkeeperError } from '../../orbits/error.ts';
import { type NoteSigner, type Sha256, toHex } from '../../tlog/index.ts';
import { noteProof } from '../noteProof.ts';
import { toBase64url } from '../proofs.ts';
import { sealStatement } from '../statements.ts';
import type { Marking, PersonId, Seal, SealReason, SeatId, Sha256Hex } from '../types.ts';
import { disclosureDigest, type Portion, writeDisclosure } from './disclosure.ts';
import { bannerOf, markingName } from './marking.ts';
import { encryptGroup, KEY_BYTES, NONCE_BYTES } from './sealedBlob.ts';

const SALT_BYTES = 16;
const ID_BYTES = 16;
/** The number of digests tells no more than a multiple of this. */
export const DIGESTS_STEP = 8;
const DIGEST_BYTES = 32;

export interface MarkedPortion extends Portion {
  readonly marking: Marking;
}

/** Hashing and randomness, handed in. */
export interface SealCrypto {
  readonly sha256: Sha256;
  /** Fresh random bytes of cryptographic quality. */
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface SealTerms {
  readonly authority: SeatId;
  readonly reason: SealReason;
  readonly reviewBy: string;
  /** Fingerprints of the release service and of the offline escrow. */
  readonly recipients: readonly [release: Sha256Hex, escrow: Sha256Hex];
  /** Who signs besides the author. */
  readonly second: PersonId;
}

export type UnsignedSeal = Omit<Seal, 'second'> & {
  readonly second: { readonly person: PersonId };
};

/** A seal with what must be durable before an entry names it. Keys are secret. */
export interface MadeSeal {
  readonly seal: UnsignedSeal;
  readonly groups: readonly {
    readonly ctSha256: Sha256Hex;
    readonly blob: Uint8Array;
    readonly key: Uint8Array;
  }[];
  /** Digest of each portion, by its name. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Seals portions: a salted digest each, decoys among them, and one ciphertext with its own key for
 * the portions of one marking, since one key for all would give a reader of one portion all of them.
 *
 * @throws BeamkeeperError `SEAL_PORTIONS` when there are none, or two of one name; `SEAL_SIZE`
 */
export async function makeSeal(
  portions: readonly MarkedPortion[],
  terms: SealTerms,
  { sha256, randomBytes }: SealCrypto,
): Promise<MadeSeal> {
  const names = new Set(portions.map(({ name }) => name));
  if (portions.length === 0 || names.size < portions.length) {
    throw new BeamkeeperError('SEAL_PORTIONS', 'seal: give portions, each under a name of its own');
  }
  const id = toHex(randomBytes(ID_BYTES));
  const digests = new Map<string, string>();
  const byMarking = new Map<string, { marking: Marking; disclosures: string[] }>();
  for (const { name, value, marking } of portions) {
    const salt = toBase64url(randomBytes(SALT_BYTES));
    const disclosure = writeDisclosure({ salt, name, value });
    digests.set(name, disclosureDigest(sha256, disclosure));
    const group = byMarking.get(markingName(marking)) ?? { marking, disclosures: [] };
    group.disclosures.push(disclosure);
    byMarking.set(markingName(marking), group);
  }
  const groups = [];
  for (const { marking, disclosures } of byMarking.values()) {
    const key = randomBytes(KEY_BYTES);
    const blob = await encryptGroup(id, disclosures, key, randomBytes(NONCE_BYTES));
    groups.push({ marking, ctSha256: toHex(sha256(blob)), blob, key });
  }
  const { second, ...rest } = terms;
  return {
    seal: {
      ...rest,
      id,
      banner: bannerOf(portions.map(({ marking }) => marking)),
      sdAlg: 'sha-256',
      sd: withDecoys([...digests.values()], randomBytes),
      groups: groups.map(({ marking, ctSha256 }) => ({ marking, ctSha256 })),
      second: { person: second },
    },
    groups: groups.map(({ ctSha256, blob, key }) => ({ ctSha256, blob, key })),
    digests,
  };
}

/** Sorted, so that their order says nothing, and filled up with random ones (RFC 9901 §4.2.7). */
function withDecoys(digests: readonly string[], randomBytes: SealCrypto['randomBytes']): string[] {
  const all = [...digests];
  while (all.length % DIGESTS_STEP !== 0) all.push(toBase64url(randomBytes(DIGEST_BYTES)));
  return all.sort();
}

/** The second person signs the seal; only then can an entry carry it. */
export async function signSeal(signer: NoteSigner, seal: UnsignedSeal): Promise<Seal> {
  const { person } = seal.second;
  const proof = await noteProof(signer, sealStatement(seal));
  return { ...seal, second: { person, proof } };
}
