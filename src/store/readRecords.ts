import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Access,
  type Decision,
  type Entry,
  parseEntry,
  type ReadDecision,
  type SignedReadRequest,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { checkLog, parseVerifierKey, toHex } from '../tlog/index.ts';
import { logSource } from './logSource.ts';
import { readerCommitment } from './releaseService.ts';
import { nodeSha256 } from './tlogStore.ts';

/** A decision in the access log, with what its commitments stand for. */
export interface ReadRecord {
  /** Of the decision, in the access log. */
  readonly index: number;
  readonly time: string;
  readonly allow: boolean;
  /** Undefined when the private record is not there: the log knows only that somebody asked. */
  readonly opened?: {
    readonly request: SignedReadRequest;
    readonly decisions: readonly ReadDecision[];
  };
}

/**
 * Who asked for what, and why he was let or not: the access log of a data folder, checked against its own
 * key, with its commitments opened by the private records. For auditors who keep the folder.
 *
 * @throws BeamkeeperError `READ_RECORD` when a record does not say what its entry commits to;
 *   `SWITCH_MISSING`; what {@link checkLog} throws
 */
export async function readRecords(dataFolder: string): Promise<ReadRecord[]> {
  const entries = await accessEntries(join(dataFolder, 'ledger', 'access'));
  const folder = join(dataFolder, 'private', 'access', 'reads');
  const names = await readdir(folder).catch(() => []);
  const records = new Map<string, Uint8Array>();
  for (const name of names.filter(one => one.endsWith('.json'))) {
    const bytes = await readFile(join(folder, name));
    records.set(toHex(nodeSha256(bytes)), bytes);
  }
  return entries
    .filter(({ type }) => type === 'decision/v1')
    .map((entry): ReadRecord => {
      const { allow, entitiesSha256, request } = entry.body as Decision;
      const { seq: index, time } = entry;
      // Found by its hash, it is the record that the entry committed to, to the last reason.
      const bytes = records.get(entitiesSha256);
      if (!bytes) return { index, time, allow };
      const said = JSON.parse(new TextDecoder().decode(bytes)) as {
        request: SignedReadRequest;
        decisions: ReadDecision[];
        salt: string;
      };
      const reader = readerCommitment(said.salt, said.request.person);
      const access = entries
        .filter(({ type }) => type === 'access/v1')
        .map(({ body }) => body as Access)
        .find(({ decisionId }) => decisionId === `access:${index}`);
      const isBound =
        request['reader'] === reader &&
        (access !== undefined) === allow &&
        (!access ||
          (access.readerCommitment === reader && access.entryIndex === said.request.entryIndex));
      if (!isBound) {
        throw new BeamkeeperError(
          'READ_RECORD',
          `access log, entry ${index}: its private record says something else than the log`,
          { isBadInput: false },
        );
      }
      return { index, time, allow, opened: { request: said.request, decisions: said.decisions } };
    });
}

async function accessEntries(folder: string): Promise<Entry[]> {
  const source = logSource(folder);
  const [note, keys] = await Promise.all([source.read('checkpoint'), source.read('vkeys')]);
  if (note === undefined || keys === undefined) {
    throw new BeamkeeperError('SWITCH_MISSING', `${folder}: holds no access log`);
  }
  const entries: Entry[] = [];
  await checkLog({
    sha256: nodeSha256,
    source,
    origin: new TextDecoder().decode(note).split('\n')[0],
    verifiers: [
      parseVerifierKey(nodeSha256, new TextDecoder().decode(keys).trim().split(/\s+/)[0]),
    ],
    onEntry: bytes => entries.push(parseEntry(bytes)),
  });
  return entries;
}
