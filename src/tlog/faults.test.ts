/**
 * Every call to storage fails in turn: the disk is full, a sync fails, half of a write arrives. The log is
 * then opened again on what is left; what was acknowledged is kept outside of it.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  checkLog,
  createEd25519Signer,
  createLogSigner,
  type DurableFiles,
  type FileContent,
  MemoryFiles,
  openCheckpoint,
  openLog,
  parseVerifierKey,
  type Sha256,
  TileTree,
  TlogError,
  type TransparencyLog,
  verifyConsistency,
} from './index.ts';

const ORIGIN = 'example.org/log';
const sha256: Sha256 = data => createHash('sha256').update(data).digest();
const key = await createEd25519Signer(sha256, ORIGIN, new Uint8Array(32).fill(7));
const verifiers = [parseVerifierKey(sha256, key.verifierKey)];
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const entryOf = (i: number): Uint8Array => new TextEncoder().encode(`entry ${i}`);

type Fault = 'full' | 'sync' | 'torn';

/** Counts calls that write, and lets one of them fail. */
class Faults {
  count = 0;
  readonly failing: number;
  readonly fault: Fault;
  constructor(failing: number, fault: Fault) {
    this.failing = failing;
    this.fault = fault;
  }
  next(): boolean {
    return ++this.count === this.failing;
  }
  error(): TlogError {
    return this.fault === 'sync'
      ? new TlogError('STORAGE_SYNC', 'fsync: EIO')
      : new TlogError(this.fault === 'full' ? 'STORAGE_FULL' : 'STORAGE_WRITE', 'write failed');
  }
}

class FaultyFiles implements DurableFiles {
  readonly files: MemoryFiles;
  readonly faults: Faults;
  constructor(files: MemoryFiles, faults: Faults) {
    this.files = files;
    this.faults = faults;
  }
  read(path: string): Promise<Uint8Array | undefined> {
    return this.files.read(path);
  }
  list(folder: string): Promise<string[]> {
    return this.files.list(folder);
  }
  async create(all: readonly FileContent[]): Promise<void> {
    // Each file is whole or missing: a fault leaves some of them.
    for (const one of all) {
      await this.#attempt(
        () => this.files.create([one]),
        async () => undefined,
      );
    }
  }
  async createExclusive(path: string, data: Uint8Array): Promise<boolean> {
    let isNew = false;
    await this.#attempt(
      async () => {
        isNew = await this.files.createExclusive(path, data);
      },
      async () => undefined,
    );
    return isNew;
  }
  replace(path: string, data: Uint8Array): Promise<void> {
    return this.#attempt(
      () => this.files.replace(path, data),
      async () => undefined,
    );
  }
  append(path: string, data: Uint8Array): Promise<void> {
    return this.#attempt(
      () => this.files.append(path, data),
      () => this.files.append(path, data.subarray(0, data.length >> 1)),
    );
  }
  truncate(path: string, lengthBytes: number): Promise<void> {
    return this.#attempt(
      () => this.files.truncate(path, lengthBytes),
      async () => undefined,
    );
  }
  remove(path: string): Promise<void> {
    return this.#attempt(
      () => this.files.remove(path),
      async () => undefined,
    );
  }
  async #attempt(whole: () => Promise<void>, half: () => Promise<void>): Promise<void> {
    if (!this.faults.next()) return whole();
    if (this.faults.fault === 'torn') await half();
    // After a failed sync the data may be there all the same.
    if (this.faults.fault === 'sync') await whole();
    throw this.faults.error();
  }
}

interface Disk {
  readonly published: MemoryFiles;
  readonly private: MemoryFiles;
  readonly keys: MemoryFiles;
}

function open(disk: Disk, faults: Faults): Promise<TransparencyLog> {
  const privateFiles = new FaultyFiles(disk.private, faults);
  return openLog({
    sha256,
    verifiers,
    storage: { published: new FaultyFiles(disk.published, faults), private: privateFiles },
    signer: createLogSigner({
      sha256,
      origin: ORIGIN,
      signers: [key],
      verifiers,
      record: new FaultyFiles(disk.keys, faults),
      copy: privateFiles,
    }),
  });
}

/** A short life: few entries, a bundle that fills, several publications. */
async function live(
  disk: Disk,
  faults: Faults,
  acknowledged: Map<number, string>,
  checkpoints: string[],
): Promise<void> {
  const log = await open(disk, faults);
  let next = 0;
  for (const count of [1, 2, 260, 5]) {
    const batch = Array.from({ length: count }, () => entryOf(next++));
    const indices = await Promise.allSettled(batch.map(entry => log.append(entry)));
    indices.forEach((result, i) => {
      if (result.status === 'fulfilled') acknowledged.set(result.value, text(batch[i]));
    });
    try {
      checkpoints.push((await log.publish()).note);
    } catch (error) {
      if (log.failure) throw error;
    }
  }
}

const NEVER = new Faults(0, 'full');

async function check(
  disk: Disk,
  acknowledged: ReadonlyMap<number, string>,
  checkpoints: readonly string[],
): Promise<void> {
  const log = await open(disk, NEVER);
  await log.append(entryOf(9999));
  await log.publish();
  const found = new Map<number, string>();
  const head = await checkLog({
    sha256,
    source: disk.published,
    origin: ORIGIN,
    verifiers,
    onEntry: (entry, index) => void found.set(index, text(entry)),
  });
  for (const [index, entry] of acknowledged) expect(found.get(index)).toBe(entry);
  expect(new Set(found.values()).size).toBe(found.size);
  for (const note of checkpoints) {
    const { size, root } = await openCheckpoint(note, ORIGIN, verifiers);
    if (size === 0) continue;
    verifyConsistency(sha256, {
      fromSize: size,
      fromRoot: root,
      toSize: head.size,
      toRoot: head.root,
      proof: await new TileTree(sha256, disk.published, head.size).consistencyProof(size),
    });
  }
}

describe('each call to storage fails in turn, and nothing acknowledged is lost', () => {
  test.each<Fault>(['full', 'sync', 'torn'])('%s', async fault => {
    let failing = 1;
    for (; ; failing++) {
      const disk = {
        published: new MemoryFiles(),
        private: new MemoryFiles(),
        keys: new MemoryFiles(),
      };
      const faults = new Faults(failing, fault);
      const acknowledged = new Map<number, string>();
      const checkpoints: string[] = [];
      let error: unknown;
      await live(disk, faults, acknowledged, checkpoints).catch(cause => {
        error = cause;
      });
      if (error !== undefined) {
        expect(error, `call ${failing}`).toBeInstanceOf(TlogError);
      }
      await check(disk, acknowledged, checkpoints).catch(cause => {
        throw new Error(`call ${failing} (${fault}): ${cause.message}`, { cause });
      });
      if (faults.count < failing) break;
    }
    // The scenario makes dozens of calls: each of them failed once.
    expect(failing).toBeGreaterThan(30);
  });
});

describe('a restored backup', () => {
  async function grown(): Promise<{ old: Disk; now: Disk }> {
    const disk = {
      published: new MemoryFiles(),
      private: new MemoryFiles(),
      keys: new MemoryFiles(),
    };
    const log = await open(disk, NEVER);
    for (let i = 0; i < 5; i++) await log.append(entryOf(i));
    await log.publish();
    const old = {
      published: new MemoryFiles(disk.published.files),
      private: new MemoryFiles(disk.private.files),
      keys: new MemoryFiles(disk.keys.files),
    };
    for (let i = 5; i < 9; i++) await log.append(entryOf(i));
    await log.publish();
    return { old, now: disk };
  }

  test('of the data alone is refused', async () => {
    const { old, now } = await grown();
    await expect(open({ ...old, keys: now.keys }, NEVER)).rejects.toMatchObject({
      code: 'LEDGER_ROLLBACK',
    });
  });

  test('of the keys alone is refused', async () => {
    const { old, now } = await grown();
    await expect(open({ ...now, keys: old.keys }, NEVER)).rejects.toMatchObject({
      code: 'LEDGER_ROLLBACK',
    });
  });

  test('of both is refused when a witness says what it saw', async () => {
    const { old, now } = await grown();
    const seen = text((await now.published.read('checkpoint')) as Uint8Array);
    const signer = createLogSigner({
      sha256,
      origin: ORIGIN,
      signers: [key],
      verifiers,
      record: old.keys,
      copy: old.private,
    });
    await expect(
      openLog({ sha256, verifiers, signer, storage: old, witnessed: [seen] }),
    ).rejects.toMatchObject({ code: 'LEDGER_ROLLBACK' });
  });

  test('any byte flipped in what is published is named', async () => {
    const { now } = await grown();
    for (const path of ['tile/0/000.p/9', 'tile/entries/000.p/9', 'checkpoint']) {
      const files = new MemoryFiles(now.published.files);
      const data = (await files.read(path)) as Uint8Array;
      data[data.length >> 1] ^= 1;
      await files.replace(path, data);
      await expect(
        checkLog({ sha256, source: files, origin: ORIGIN, verifiers }),
        path,
      ).rejects.toBeInstanceOf(TlogError);
    }
  });
});
