import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  canonicalJson,
  type DecideRead,
  decideRead,
  disclosureDigest,
  encodeKeys,
  GROUPS_MAX,
  type Marking,
  openCiphertexts,
  type PersonId,
  type ReadDecision,
  readStatement,
  type SealRecord,
  type Sha256Hex,
  type Shred,
  type SignedReadRequest,
  territoryDueMs,
  verifyReadRequest,
  writeDisclosure,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { type DurableFiles, toBase64, toHex } from '../tlog/index.ts';
import { type AgeIdentity, ageEncrypt } from './ageKeys.ts';
import { openSealStore, type SealFolders, type SealStore } from './sealStore.ts';
import type { SwitchStore } from './switchStore.ts';
import { TlogFolder } from './tlogFiles.ts';
import { nodeSha256 } from './tlogStore.ts';

/** Answers come at whole multiples of this, counted from the question. */
export const ANSWER_FLOOR_MS = 100;
const SALT_BYTES = 16;

/** Time that only runs forwards, and a way to wait for it. */
export interface ReleaseClock {
  nowMs(): number;
  until(ms: number): Promise<void>;
}
const monotonicClock: ReleaseClock = {
  nowMs: () => performance.now(),
  until: ms => new Promise(done => setTimeout(done, Math.max(0, ms - performance.now()))),
};

/** What a cleared reader gets: he opens it with his own age identity. */
export interface ReleasedPart {
  readonly entryIndex: number;
  readonly sealId: string;
  /** Index in the access log of the entry that says that he read. */
  readonly accessIndex: number;
  /** Keys of his groups, wrapped with age to the key that he enrolled. */
  readonly wrappedKeys: Uint8Array;
  readonly ciphertexts: readonly Uint8Array[];
}

export interface ReleaseService {
  /**
   * Log before read: request, decision, entry in the access log, published; only then the keys are
   * unwrapped and wrapped to the reader. A refusal is logged too, and looks the same whatever its cause:
   * not cleared, no such entry, nothing sealed in it, sealed for others.
   *
   * @throws BeamkeeperError `NO_SUCH_PART` (answer it with 404), `SEAL_UNAVAILABLE` (503: no key has
   *   moved), `READ_REPLAYED`, and what {@link verifyReadRequest} throws
   */
  read(request: SignedReadRequest): Promise<ReleasedPart>;
  /**
   * Publishes sealed territories whose 30 days are over. To be called every few minutes; what cannot be
   * opened keeps its red flag (`sealOverdue`) and is tried again.
   */
  openDue(): Promise<{ readonly opened: string[]; readonly failed: string[] }>;
  /** Records that a seal's keys are to go, then destroys those in reach. */
  shred(body: Shred): Promise<void>;
}

export interface ReleaseOptions {
  readonly store: Pick<SwitchStore, 'state' | 'nowMs' | 'accessLog' | 'record'>;
  readonly seals: SealStore;
  readonly identity: AgeIdentity;
  /** Where it is kept who read what: the openings of the commitments in the access log. */
  readonly reads: Pick<DurableFiles, 'createExclusive'>;
  /** By default the built-in rules of need to know. */
  readonly decide?: DecideRead;
  /** Digest of the rules by which `decide` goes, for the log. */
  readonly schemaSha256?: Sha256Hex;
  readonly clock?: ReleaseClock;
}

/**
 * The release service of a data folder.
 *
 * @throws what {@link openSealStore} throws
 *
 * @example
 * const release = await openReleaseService(store, { dataFolder, keysFolder });
 * const part = await release.read(await signReadRequest(signer, asked, Date.now(), randomBytes));
 */
export async function openReleaseService(
  store: SwitchStore,
  folders: SealFolders,
  rules: Pick<ReleaseOptions, 'decide' | 'schemaSha256'> = {},
): Promise<ReleaseService> {
  const { seals, identity } = await openSealStore(folders);
  const place = join(folders.dataFolder, 'private', 'access', 'reads');
  const reads = new TlogFolder(place, { isPrivate: true });
  return createReleaseService({ store, seals, identity, reads, ...rules });
}

/** Also finishes what a crash left of an earlier shredding. */
export async function createReleaseService(options: ReleaseOptions): Promise<ReleaseService> {
  const { store, seals, identity, clock = monotonicClock } = options;
  for (const { seal, shredded } of store.state.seals.values()) {
    if (shredded) await seals.destroyKeys(seal.id);
  }
  return {
    async read(request) {
      const startedMs = clock.nowMs();
      await verifyReadRequest(nodeSha256, store.state, request, store.nowMs());
      let outcome: ReleasedPart | BeamkeeperError;
      try {
        outcome = await answer(options, request);
      } catch (cause) {
        outcome =
          cause instanceof BeamkeeperError && PLAIN.includes(cause.code)
            ? cause
            : unavailable(cause);
      }
      const spentMs = clock.nowMs() - startedMs;
      const steps = Math.max(1, Math.ceil(spentMs / ANSWER_FLOOR_MS));
      await clock.until(startedMs + steps * ANSWER_FLOOR_MS);
      if (outcome instanceof BeamkeeperError) throw outcome;
      return outcome;
    },
    async openDue() {
      const opened: string[] = [];
      const failed: string[] = [];
      for (const record of dueSeals(store)) {
        const { id } = record.seal;
        try {
          await openTerritory(options, record);
          opened.push(id);
        } catch {
          failed.push(id);
        }
      }
      return { opened, failed };
    },
    async shred(body) {
      await store.record('shred/v1', body);
      await seals.destroyKeys(body.sealId);
    },
  };

  async function openTerritory(from: ReleaseOptions, { seal, carrier }: SealRecord): Promise<void> {
    const { accessLog } = from.store;
    await accessLog.append('access/v1', 'read', () => ({
      entryIndex: carrier.seq,
      readerCommitment: readerCommitment(toBase64(randomBytes(SALT_BYTES)), 'org:server'),
      purpose: 'opening',
      decisionId: 'rule:30-days',
    }));
    const keys = await seals.unwrap(seal.id, identity);
    const blobs = await blobsOf(
      seals,
      seal.groups.map(({ ctSha256 }) => ctSha256),
    );
    const groups = await openCiphertexts(nodeSha256, seal, blobs, keys);
    const scope = groups.flatMap(({ portions }) => portions).find(({ name }) => name === 'scope');
    if (!scope) throw new BeamkeeperError('SEAL_CONTENT', `seal ${seal.id}: holds no scope`);
    await store.record('unseal/v1', {
      sealId: seal.id,
      disclosure: scope.disclosure,
      reason: 'A territory is sealed for 30 days at most.',
    });
  }
}

/** Codes of refusals that are answered as they are. */
const PLAIN = ['NO_SUCH_PART', 'READ_REPLAYED'];

/** The one answer for "not cleared", "no such entry", "nothing sealed" and "sealed, not for you". */
function noSuchPart(): BeamkeeperError {
  return new BeamkeeperError('NO_SUCH_PART', 'there is nothing here that you may read');
}

function unavailable(cause: unknown): BeamkeeperError {
  return new BeamkeeperError(
    'SEAL_UNAVAILABLE',
    'sealed parts cannot be read now, and no key was released; try again later',
    { cause, isBadInput: false },
  );
}

/** Names the rules of `decideRead`. */
const NEED_TO_KNOW_SHA256 = toHex(
  nodeSha256(new TextEncoder().encode('beamkeeper/need-to-know/v1')),
);
/** A marking that nobody has: what is decided about where nothing is sealed. */
const DECOY: Marking = { level: 3, compartments: ['—'] };

async function answer(options: ReleaseOptions, request: SignedReadRequest): Promise<ReleasedPart> {
  const { store, seals, identity, decide = decideRead } = options;
  const { person, purpose, entryIndex } = request;
  const target = targetOf(store, entryIndex);
  const decideAll = async (): Promise<ReadDecision[]> => {
    const decisions: ReadDecision[] = [];
    // As many as the largest seal has groups, so that the work tells nothing.
    for (let i = 0; i < GROUPS_MAX; i++) {
      const marking = target?.seal.groups[i]?.marking ?? DECOY;
      const atMs = Math.max(store.nowMs(), store.state.timeMs);
      decisions.push(await decideSafely(decide, store, { person, purpose, marking, atMs }));
    }
    return decisions;
  };
  const isAllowed = (decisions: readonly ReadDecision[]): Sha256Hex[] =>
    (target?.seal.groups ?? [])
      .filter((_, i) => decisions[i].allow)
      .map(({ ctSha256 }) => ctSha256);

  const decisions = await decideAll();
  const recipient = recipientOf(store, person);
  const hashes = recipient === undefined ? [] : isAllowed(decisions);
  const accessIndex = await logRead(options, request, decisions, hashes.length > 0);
  if (!target || recipient === undefined || hashes.length === 0) throw noSuchPart();

  // The wait for the log is long enough for a clearance to be taken away.
  const still = isAllowed(await decideAll());
  if (recipientOf(store, person) !== recipient || hashes.some(hash => !still.includes(hash))) {
    throw new BeamkeeperError('SEAL_UNAVAILABLE', 'the clearance changed while it was logged');
  }
  const { id } = target.seal;
  const all = await seals.unwrap(id, identity);
  const ciphertexts = await blobsOf(seals, hashes);
  const keys = new Map([...all].filter(([hash]) => hashes.includes(hash)));
  if (keys.size < hashes.length)
    throw new BeamkeeperError('SEAL_KEYS_GONE', `seal ${id}: a key is missing`);
  const wrappedKeys = await ageEncrypt([recipient], encodeKeys(id, keys));
  return { entryIndex, sealId: id, accessIndex, wrappedKeys, ciphertexts };
}

/** The seal that an entry carries and whose keys are still there. */
function targetOf({ state }: Pick<SwitchStore, 'state'>, index: number): SealRecord | undefined {
  const records = [...state.seals.values()].filter(({ shredded }) => !shredded);
  return records.find(({ seq, carrier }) => seq === index || carrier.seq === index);
}

function recipientOf({ state }: Pick<SwitchStore, 'state'>, person: PersonId): string | undefined {
  const { roster } = state.rosters[state.rosters.length - 1];
  return roster.persons.find(({ id }) => id === person)?.clearance?.recipient;
}

async function decideSafely(
  decide: DecideRead,
  { state }: Pick<SwitchStore, 'state'>,
  question: Parameters<DecideRead>[1],
): Promise<ReadDecision> {
  try {
    return await decide(state, question);
  } catch (cause) {
    return { allow: false, reasons: [`error: ${(cause as Error).message}`] };
  }
}

/**
 * Writes down who asks for what and what was decided, in private and durably, then the entries that
 * commit to it; gives the index of the last once it is published.
 *
 * What the log says of a refusal is the same whatever its cause: reasons are in the private record,
 * which `entitiesSha256` binds.
 */
async function logRead(
  { store, reads, schemaSha256 = NEED_TO_KNOW_SHA256 }: ReleaseOptions,
  request: SignedReadRequest,
  decisions: readonly ReadDecision[],
  allow: boolean,
): Promise<number> {
  const { person, purpose, entryIndex } = request;
  const { proof: _, ...asked } = request;
  const asBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const name = toHex(nodeSha256(asBytes(readStatement(asked).text)));
  const salt = toBase64(randomBytes(SALT_BYTES));
  const record = asBytes(canonicalJson({ decisions, request, salt }));
  if (!(await reads.createExclusive(`${name}.json`, record))) {
    throw new BeamkeeperError('READ_REPLAYED', 'the request was answered before; sign a new one');
  }
  const reader = readerCommitment(salt, person);
  let decided: number | undefined;
  const { accessLog } = store;
  const entries = [
    accessLog.append('decision/v1', 'read', index => {
      decided = index;
      return {
        request: { action: 'readSealed', reader, what: commitment(salt, 'request', name) },
        policySha256: store.state.policySha256,
        schemaSha256,
        entitiesSha256: toHex(nodeSha256(record)),
        allow,
        reasons: [],
        errors: [],
      };
    }),
  ];
  if (allow) {
    entries.push(
      accessLog.append('access/v1', 'read', index => {
        if (decided !== index - 1) throw new Error('the decision was not recorded');
        return {
          entryIndex,
          readerCommitment: reader,
          purpose: purpose.kind,
          decisionId: `access:${decided}`,
        };
      }),
    );
  }
  const settled = await Promise.allSettled(entries);
  const lost = settled.find(({ status }) => status === 'rejected') as
    | PromiseRejectedResult
    | undefined;
  if (lost) throw lost.reason;
  return Math.max(...settled.map(one => (one as PromiseFulfilledResult<number>).value));
}

/** Salted, since there are few readers: opened with the salt from the private record. */
export function readerCommitment(salt: string, person: string): string {
  return commitment(salt, 'reader', person);
}

function commitment(salt: string, name: string, value: string): string {
  return disclosureDigest(nodeSha256, writeDisclosure({ salt, name, value }));
}

async function blobsOf(seals: SealStore, hashes: readonly Sha256Hex[]): Promise<Uint8Array[]> {
  return Promise.all(
    hashes.map(async hash => {
      const blob = await seals.readBlob(hash);
      if (!blob) throw new BeamkeeperError('SEAL_BLOB', `no ciphertext ${hash}`);
      return blob;
    }),
  );
}

/** Seals whose territory is still hidden after its time. */
function dueSeals({ state, nowMs }: Pick<SwitchStore, 'state' | 'nowMs'>): SealRecord[] {
  const atMs = Math.max(nowMs(), state.timeMs);
  return [...state.seals.values()].filter(({ carrier, opened, shredded }) => {
    if (carrier.type !== 'order/v1' || shredded || opened.has('scope')) return false;
    const subject = state.ballots.get(carrier.hash)?.subject;
    if (subject?.type !== 'order/v1' || subject.body.scope) return false;
    return atMs >= territoryDueMs(state, subject.body);
  });
}
