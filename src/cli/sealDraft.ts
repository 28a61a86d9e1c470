import { randomBytes } from 'node:crypto';
import {
  type Marking,
  REVIEW_DAYS,
  type Seal,
  type SealCarriers,
  type SealReason,
  sealBody,
  signSeal,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { openSealStore } from '../store/sealStore.ts';
import { readSigningKey } from '../store/signingKey.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import { keysFolderOf } from './switchOptions.ts';

const DAY_MS = 86_400_000;

/** Who seals, why, and until when. */
export interface SealTermOptions {
  readonly data: string;
  readonly keys?: string;
  readonly because: SealReason;
  readonly authority: string;
  /** The second person's signing key, a file. */
  readonly second: string;
  readonly reviewBy?: string;
}

/**
 * Seals parts of what is about to be filed, with the second person's signature. Ciphertexts and wrapped
 * keys are on disk before this returns.
 *
 * @throws BeamkeeperError `SEAL_NAME`, `SEAL_PARTY`, `SEAL_KEYS`
 */
export async function sealDraft<T extends keyof SealCarriers>(
  type: T,
  draft: SealCarriers[T],
  parts: readonly (readonly [name: string, Marking])[],
  options: SealTermOptions,
): Promise<{ readonly body: SealCarriers[T]; readonly seal: Seal }> {
  const signer = await readSigningKey(options.second);
  const folders = { dataFolder: options.data, keysFolder: keysFolderOf(options) };
  const { seals } = await openSealStore(folders);
  const { body, made } = await sealBody(
    type,
    draft,
    Object.fromEntries(parts),
    {
      authority: options.authority,
      reason: options.because,
      reviewBy: options.reviewBy ?? new Date(Date.now() + REVIEW_DAYS * DAY_MS).toISOString(),
      recipients: seals.fingerprints,
      second: signer.name,
    },
    { sha256: nodeSha256, randomBytes },
  );
  await seals.put(made);
  return { body, seal: await signSeal(signer, made.seal) };
}

/**
 * `NAME=LEVEL` or `NAME=LEVEL:COMPARTMENT,…`, as an option says what is sealed, and how high.
 *
 * @throws BeamkeeperError `OPTION`
 */
export const parsePart =
  (option: string) =>
  (text: string): [string, Marking] => {
    const [, name, level, compartments = ''] = /^(.+)=([0-3])(?::([^:]+))?$/.exec(text) ?? [];
    if (name === undefined) {
      throw new BeamkeeperError(
        'OPTION',
        `${option} "${text}" is no NAME=LEVEL or NAME=LEVEL:COMPARTMENT,… with a level from 1 to 3`,
      );
    }
    const list = compartments === '' ? [] : compartments.split(',').sort();
    return [name, { level: Number(level), compartments: list }];
  };
