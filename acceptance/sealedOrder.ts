/** An order with sealed parts, two readers of different clearance, and a release service in memory. */
import { randomBytes } from 'node:crypto';
import {
  ballotHash,
  type Clearance,
  type Order,
  type ReadPurpose,
  type Seal,
  sealBody,
  signReadRequest,
} from '../src/control/index.ts';
import { sealStatement } from '../src/control/statements.ts';
import { paperKey, paperProver, ROSTER, TestLog } from '../src/control/testLog.ts';
import { type AccessLog, createAccessLog } from '../src/store/accessLog.ts';
import { type AgeIdentity, makeAgeIdentity } from '../src/store/ageKeys.ts';
import { createSealStore, type SealStore } from '../src/store/sealStore.ts';
import type { LogStore } from '../src/store/tlogStore.ts';
import { nodeSha256 } from '../src/store/tlogStore.ts';
import {
  createEd25519Signer,
  createLogSigner,
  type DurableFiles,
  MemoryFiles,
  type NoteSigner,
  openLog,
  parseVerifierKey,
  type TransparencyLog,
} from '../src/tlog/index.ts';

const AUTHORITY = 'person:regulator';
/** Cleared for all of the order, for one part of it, for nothing. */
export const HIGH = 'person:executor';
export const LOW = 'person:oversight-1';
export const NONE = 'person:customer';
const SECRET_T = { level: 3, compartments: ['T'] };
const SECRET = { level: 2, compartments: [] };
export const ON_BEHALF_OF = 'a head of government of a third state';

const identityOf = new Map<string, AgeIdentity>();
for (const person of [HIGH, LOW]) identityOf.set(person, await makeAgeIdentity());
export const identity = (person: string): AgeIdentity => identityOf.get(person) as AgeIdentity;
const RELEASE = await makeAgeIdentity();
const ESCROW = await makeAgeIdentity();

const signers = new Map(
  await Promise.all(
    [HIGH, LOW, NONE].map(async person => {
      const seed = nodeSha256(new TextEncoder().encode(`seed of ${person}`));
      return [person, await createEd25519Signer(nodeSha256, person, seed)] as const;
    }),
  ),
);

export interface SealedOrder {
  readonly log: TestLog;
  readonly seals: SealStore;
  readonly release: AgeIdentity;
  readonly escrow: AgeIdentity;
  readonly hash: string;
  readonly order: Order;
  readonly seal: Seal;
  /** Index of the entry that carries the seal. */
  readonly entryIndex: number;
}

/** Proposes an order whose territory is secret, and of whose originator it is, less so. */
export async function sealedOrder(files: DurableFiles = new MemoryFiles()): Promise<SealedOrder> {
  const paper = paperProver(nodeSha256);
  const until = '2027-01-01T00:00:00.000Z';
  const clearance = (person: string, marking: typeof SECRET_T): Clearance => ({
    ...marking,
    state: 'AAA',
    until,
    recipient: identity(person).recipient,
  });
  const cleared = new Map([
    [HIGH, clearance(HIGH, SECRET_T)],
    [LOW, clearance(LOW, { level: 2, compartments: [] })],
  ]);
  const roster = {
    ...ROSTER,
    persons: ROSTER.persons.map(person => {
      const own = cleared.get(person.id);
      return own ? { ...person, clearance: own } : person;
    }),
  };
  const keys = [
    ...[...ROSTER.persons, ...ROSTER.machines].map(({ id }) => paperKey(nodeSha256, id)),
    ...[...signers].map(([holder, { verifierKey }]) => ({
      holder,
      publicKey: { kind: 'note', verifierKey } as const,
    })),
  ];
  const log = new TestLog(nodeSha256, { roster, keys });
  const seals = createSealStore(files, {
    release: RELEASE.recipient,
    escrow: ESCROW.recipient,
  });
  const plain = {
    ...log.orderBody(),
    id: 'sealed',
    originators: [log.originator('a ministry', 'government', { onBehalfOf: ON_BEHALF_OF })],
  };
  const { body, made } = await sealBody(
    'order/v1',
    plain,
    { scope: SECRET_T, 'originators[0].onBehalfOf': SECRET },
    {
      authority: 'regulator',
      reason: 'negotiations',
      reviewBy: log.now(180 * 24),
      recipients: seals.fingerprints,
      second: AUTHORITY,
    },
    { sha256: nodeSha256, randomBytes },
  );
  await seals.put(made);
  const proof = paper(AUTHORITY, sealStatement(made.seal));
  const seal: Seal = { ...made.seal, second: { person: AUTHORITY, proof } };
  const order = log.signed('order/v1', body.proposer, { ...body, seal });
  const refusal = log.add('order/v1', order, `order:${order.id}`);
  if (refusal !== undefined) throw new Error(refusal);
  return {
    log,
    seals,
    release: RELEASE,
    escrow: ESCROW,
    hash: ballotHash(nodeSha256, 'order/v1', order),
    order,
    seal,
    entryIndex: log.entries.length - 1,
  };
}

/** One of the readers' own keys; everybody else signs on paper only. */
export function signerOf(person: string): NoteSigner {
  const signer = signers.get(person);
  if (!signer) throw new Error(`${person} has no key to sign with`);
  return signer;
}

/** A signed request of one of the readers. */
export function requestOf(
  { log }: SealedOrder,
  person: string,
  entryIndex: number,
  purpose: ReadPurpose = { kind: 'order', about: 'sealed' },
) {
  return signReadRequest(signerOf(person), { entryIndex, person, purpose }, log.nowMs, randomBytes);
}

const ORIGIN = 'example.org/access';

/** An access log whose storage is handed in; it is published as soon as there is something. */
export async function memoryAccessLog(
  published: DurableFiles,
  journal: DurableFiles,
  nowMs: () => number,
): Promise<{ readonly accessLog: AccessLog; readonly log: TransparencyLog }> {
  const key = await createEd25519Signer(nodeSha256, ORIGIN, new Uint8Array(32).fill(7));
  const verifiers = [parseVerifierKey(nodeSha256, key.verifierKey)];
  const signer = createLogSigner({
    sha256: nodeSha256,
    origin: ORIGIN,
    signers: [key],
    verifiers,
    record: journal,
    copy: new MemoryFiles(),
  });
  const storage = { published, private: journal };
  const log = await openLog({ sha256: nodeSha256, signer, verifiers, storage });
  const store: Pick<LogStore, 'append' | 'published'> = {
    append: entry => log.append(entry),
    async published(index) {
      const isPublished = log.published(index);
      void log.publish().catch(() => undefined);
      return isPublished;
    },
  };
  return { log, accessLog: createAccessLog(store as LogStore, [], nowMs) };
}
