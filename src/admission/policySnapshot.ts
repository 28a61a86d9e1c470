import { type ControlState, foldAll, parseEntry, verifySignatures } from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import {
  fromBase64,
  leafHash,
  type Policy,
  type Sha256,
  toBase64,
  treeRoot,
  verifyCheckpoint,
} from '../tlog/index.ts';

const TYPE = 'beamkeeper/policy-snapshot/v1';

/** A policy that was found in force by checking everything that it follows from. */
export interface PolicySnapshot {
  readonly state: ControlState;
  /** Of every entry, in order: what a later snapshot must begin with. */
  readonly leafHashes: readonly Uint8Array[];
  readonly origin: string;
  /** Entries of the log that it follows from. */
  readonly size: number;
  /** When the newest witness cosigned it, else the time of the last entry; milliseconds since 1970. */
  readonly attestedMs: number;
  readonly witnesses: number;
}

/**
 * A log up to a signed checkpoint, as one file for a place that decides by itself and without a network.
 *
 * It carries every entry, not only those that switch: whether a quorum was met depends on rosters,
 * recusals and revocations, and leaving one out must be noticed.
 *
 * @param checkpoint signed, and cosigned where the reader wants witnesses
 * @param entries all of its entries, byte for byte
 */
export function formatPolicySnapshot(
  checkpoint: string,
  entries: readonly Uint8Array[],
): Uint8Array {
  const file = { type: TYPE, checkpoint, entries: entries.map(toBase64) };
  return new TextEncoder().encode(`${JSON.stringify(file)}\n`);
}

/**
 * Reads a snapshot and believes none of it: the checkpoint must satisfy the reader's own trust policy,
 * the entries must be those of its root, and signatures, votes and quorums are counted again.
 *
 * @param trust logs and witnesses believed, got by another way than the snapshot
 * @throws BeamkeeperError `SNAPSHOT` saying what is wrong; TlogError as {@link verifyCheckpoint}
 */
export async function readPolicySnapshot(
  bytes: Uint8Array,
  options: { readonly sha256: Sha256; readonly trust: Policy; readonly nowMs: number },
): Promise<PolicySnapshot> {
  const { sha256, trust, nowMs } = options;
  const { checkpoint, entries: texts } = parse(bytes);
  const accepted = await verifyCheckpoint(trust, checkpoint, {
    nowSeconds: Math.floor(nowMs / 1000),
  });
  if (texts.length !== accepted.size) {
    throw new BeamkeeperError(
      'SNAPSHOT',
      `the snapshot has ${texts.length} entries, its checkpoint ${accepted.size}`,
    );
  }
  const leaves = texts.map((text, i) => fromBase64(text, `entry ${i} of the snapshot`));
  const leafHashes = leaves.map(leaf => leafHash(sha256, leaf));
  const root = treeRoot(sha256, leafHashes);
  if (toBase64(root) !== toBase64(accepted.root)) {
    throw new BeamkeeperError(
      'SNAPSHOT',
      `the entries of the snapshot are not those that ${accepted.origin} signed: another root`,
    );
  }
  const entries = leaves.map(parseEntry);
  const { holds } = await verifySignatures(sha256, entries);
  const state = foldAll(entries, { sha256, holds });
  const cosignedMs = accepted.cosigners.map(({ timeSeconds }) => timeSeconds * 1000);
  return {
    state,
    leafHashes,
    origin: accepted.origin,
    size: accepted.size,
    attestedMs: cosignedMs.length > 0 ? Math.max(...cosignedMs) : state.timeMs,
    witnesses: cosignedMs.length,
  };
}

/** Whether one snapshot is the same log as an earlier one, as long or longer: no other history. */
export function doesExtend(later: PolicySnapshot, earlier: PolicySnapshot): boolean {
  return (
    later.origin === earlier.origin &&
    later.size >= earlier.size &&
    earlier.leafHashes.every((hash, i) => toBase64(hash) === toBase64(later.leafHashes[i]))
  );
}

function parse(bytes: Uint8Array): { checkpoint: string; entries: string[] } {
  let file: { type?: unknown; checkpoint?: unknown; entries?: unknown };
  try {
    file = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) ?? {};
  } catch (cause) {
    throw new BeamkeeperError('SNAPSHOT', 'the snapshot is no JSON: was it cut off?', { cause });
  }
  const { type, checkpoint, entries } = file;
  const isWhole =
    type === TYPE &&
    typeof checkpoint === 'string' &&
    Array.isArray(entries) &&
    entries.every(entry => typeof entry === 'string');
  if (!isWhole) {
    throw new BeamkeeperError(
      'SNAPSHOT',
      `the file is no policy snapshot (${TYPE}); make one with: beamkeeper admission snapshot`,
    );
  }
  return { checkpoint, entries };
}
