import { BeamkeeperError } from '../orbits/index.ts';
import {
  type AcceptedCheckpoint,
  type Policy,
  type TileSource,
  verifyCheckpoint,
} from '../tlog/index.ts';

/** A checkpoint of a log that a policy accepts, as signed. */
export interface TrustedCheckpoint {
  readonly note: string;
  readonly accepted: AcceptedCheckpoint;
  /** Entries of the newest checkpoint that no quorum of witnesses has cosigned yet. */
  readonly unwitnessedCount: number;
}

/**
 * The newest checkpoint of a log that a policy accepts: where the policy wants witnesses, that which
 * they cosigned, else the newest one.
 *
 * @param place where the log lies, for messages
 * @throws BeamkeeperError `LOG_MISSING`; TlogError as {@link verifyCheckpoint}
 */
export async function trustedCheckpoint(
  source: TileSource,
  policy: Policy,
  place: string,
  times: { nowSeconds: number; maxAgeSeconds?: number },
): Promise<TrustedCheckpoint> {
  const newest = await newestCheckpoint(source, place);
  const bytes = await source.read('checkpoint.witnessed');
  const witnessed = bytes && new TextDecoder().decode(bytes);
  const note = policy.quorum === 'none' ? newest : (witnessed ?? newest);
  const accepted = await verifyCheckpoint(policy, note, times);
  return { note, accepted, unwitnessedCount: sizeOf(newest) - accepted.size };
}

/** @throws BeamkeeperError `LOG_MISSING` */
export async function newestCheckpoint(source: TileSource, place: string): Promise<string> {
  const bytes = await source.read('checkpoint');
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  throw new BeamkeeperError(
    'LOG_MISSING',
    `${place}: holds no file checkpoint; name the folder or URL of a log, such as data/ledger/orders`,
  );
}

function sizeOf(note: string): number {
  return Number(note.split('\n')[1]);
}
