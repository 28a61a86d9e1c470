/**
 * No log, no read. A key leaves the release service only after an entry that says so is published; where
 * that entry cannot be written, at whatever step, no key moves. Who may not read learns nothing from the
 * answer, neither from its bytes nor from its time.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalJson,
  cellStateAt,
  decodeKeys,
  disclosedScopes,
  flagsAt,
  type ReadQuestion,
  revealBody,
  type Scope,
} from '../src/control/index.ts';
import { INNER_CELLS, SCOPE } from '../src/control/testLog.ts';
import type { AccessLog } from '../src/store/accessLog.ts';
import { ageDecrypt } from '../src/store/ageKeys.ts';
import { openReleased } from '../src/store/openReleased.ts';
import {
  ANSWER_FLOOR_MS,
  createReleaseService,
  type ReleaseClock,
  type ReleasedPart,
  type ReleaseOptions,
} from '../src/store/releaseService.ts';
import type { SealStore } from '../src/store/sealStore.ts';
import { nodeSha256 } from '../src/store/tlogStore.ts';
import { type DurableFiles, MemoryFiles, TlogError } from '../src/tlog/index.ts';
import {
  HIGH,
  identity,
  LOW,
  memoryAccessLog,
  NONE,
  ON_BEHALF_OF,
  requestOf,
  type SealedOrder,
  sealedOrder,
} from './sealedOrder.ts';

/** Time stands still, but for what is waited for. */
function stillClock(): ReleaseClock {
  let ms = 0;
  return {
    nowMs: () => ms,
    until: async to => {
      ms = Math.max(ms, to);
    },
  };
}

/** Fails the call that is `left` calls away, and lets all others through. */
class Fault {
  left = Number.POSITIVE_INFINITY;
  count = 0;
  files(under: DurableFiles): DurableFiles {
    const call = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        this.count += 1;
        this.left -= 1;
        if (this.left === 0) throw new TlogError('STORAGE_FULL', 'no room');
        return work.apply(under, args);
      };
    };
    return {
      read: call(under.read),
      list: call(under.list),
      create: call(under.create),
      createExclusive: call(under.createExclusive),
      replace: call(under.replace),
      append: call(under.append),
      truncate: call(under.truncate),
      remove: call(under.remove),
    };
  }
}

/** A service whose keys are watched: each must be preceded by a published entry of its own. */
async function watchedService(sealed: SealedOrder) {
  const fault = new Fault();
  const { log: tree, accessLog } = await memoryAccessLog(
    fault.files(new MemoryFiles()),
    fault.files(new MemoryFiles()),
    () => sealed.log.nowMs,
  );
  let unwrapped = 0;
  const publishedReads = () =>
    accessLog.entries.slice(0, tree.publishedSize).filter(({ type }) => type === 'access/v1');
  const seals: SealStore = {
    ...sealed.seals,
    async unwrap(...args) {
      unwrapped += 1;
      expect(publishedReads().length).toBeGreaterThanOrEqual(unwrapped);
      return sealed.seals.unwrap(...args);
    },
  };
  const release = await createReleaseService({
    ...optionsOf(sealed, accessLog),
    seals,
    reads: fault.files(new MemoryFiles()),
  });
  return { release, fault, accessLog, tree, unwrappedCount: () => unwrapped };
}

function optionsOf({ log, seals, release }: SealedOrder, accessLog: AccessLog): ReleaseOptions {
  return {
    store: {
      get state() {
        return log.state;
      },
      nowMs: () => log.nowMs,
      accessLog,
      async record(type, body) {
        const refusal = log.add(type, body);
        if (refusal !== undefined) throw new Error(refusal);
        return {
          index: log.entries.length - 1,
          entry: log.entries.at(-1)!,
          bytes: new Uint8Array(),
        };
      },
    },
    seals,
    identity: release,
    reads: new MemoryFiles(),
    clock: stillClock(),
  };
}

/** What came back, as a server would send it. */
async function answerOf(work: Promise<ReleasedPart>): Promise<string> {
  try {
    return `released ${(await work).sealId}`;
  } catch (cause) {
    const { code, message } = cause as { code: string; message: string };
    return `${code}: ${message}`;
  }
}

describe('a sealed order', () => {
  test('is read by each as far as he is cleared, and by nobody else', async () => {
    const sealed = await sealedOrder();
    const { log, order, seal, entryIndex, hash } = sealed;
    const { release } = await watchedService(sealed);
    const readAs = async (person: string) => {
      const part = await release.read(await requestOf(sealed, person, entryIndex));
      const groups = await openReleased(seal, part, identity(person));
      return revealBody(
        nodeSha256,
        order,
        groups.flatMap(({ portions }) => portions),
      );
    };
    const high = await readAs(HIGH);
    expect(high.scope).toEqual(SCOPE);
    expect(high.originators[0].onBehalfOf).toBe(ON_BEHALF_OF);
    const low = await readAs(LOW);
    expect(low.scope).toBeUndefined();
    expect(low.originators[0].onBehalfOf).toBe(ON_BEHALF_OF);
    await expect(readAs(NONE)).rejects.toMatchObject({ code: 'NO_SUCH_PART' });

    // The public log holds none of it, and the fold of the cleared one knows what the public one does not.
    const published = canonicalJson(log.entries);
    expect(published).not.toContain(ON_BEHALF_OF);
    log.impact(hash);
    const seats = ['operator.service', 'operator.legal', 'customer', 'oversight.1'];
    log.votes(hash, ...seats).after(24);
    expect(log.execute(hash)).toBeUndefined();
    const stateFor = (scopes?: ReadonlyMap<string, Scope>) =>
      cellStateAt(log.state, INNER_CELLS[0], log.now(), 'fixed', scopes);
    expect(stateFor()).toBe('unknown');
    expect(stateFor(disclosedScopes([[hash, low]]))).toBe('unknown');
    expect(stateFor(disclosedScopes([[hash, high]]))).toBe('off');
  });

  test('is not opened by keys released to another, nor by the wraps on disk', async () => {
    const sealed = await sealedOrder();
    const { release } = await watchedService(sealed);
    const part = await release.read(await requestOf(sealed, HIGH, sealed.entryIndex));
    await expect(openReleased(sealed.seal, part, identity(LOW))).rejects.toMatchObject({
      code: 'AGE_KEY',
    });
    // Nor does a reader get the keys of a group above his own, though he lacks only its ciphertext.
    const low = await release.read(await requestOf(sealed, LOW, sealed.entryIndex));
    const data = await ageDecrypt(identity(LOW), low.wrappedKeys, 'keys');
    const own = sealed.seal.groups.filter(({ marking }) => marking.level === 2);
    expect([...decodeKeys(sealed.seal.id, data).keys()]).toEqual(own.map(g => g.ctSha256));
    const unwrapping = sealed.seals.unwrap(sealed.seal.id, identity(HIGH));
    await expect(unwrapping).rejects.toMatchObject({ code: 'AGE_KEY' });
  });

  test('opens by itself on day 30, logged first; until then the flag says how long', async () => {
    const sealed = await sealedOrder();
    const { log, hash } = sealed;
    const { release, accessLog } = await watchedService(sealed);
    const flags = () =>
      flagsAt(log.state, log.now()).flatMap(f => (f.subject === hash ? [f.flag] : []));
    log.after(30 * 24 - 0.01);
    expect(await release.openDue()).toEqual({ opened: [], failed: [] });
    expect(flags()).toEqual(['sealedOrder']);
    log.after(0.01);
    expect(flags()).toEqual(['sealOverdue']);
    expect(await release.openDue()).toEqual({ opened: [sealed.seal.id], failed: [] });
    expect(accessLog.entries.at(-1)?.body).toMatchObject({ purpose: 'opening' });
    expect(flags()).toEqual([]);
    expect(log.entries.at(-1)?.type).toBe('unseal/v1');
    expect(await release.openDue()).toEqual({ opened: [], failed: [] });
  });

  test('stays shut, with its red flag, when its opening cannot be logged', async () => {
    const sealed = await sealedOrder();
    const { release, fault, unwrappedCount } = await watchedService(sealed);
    sealed.log.after(31 * 24);
    fault.left = 1;
    expect(await release.openDue()).toEqual({ opened: [], failed: [sealed.seal.id] });
    expect(unwrappedCount()).toBe(0);
    const flags = flagsAt(sealed.log.state, sealed.log.now()).map(({ flag }) => flag);
    expect(flags).toContain('sealOverdue');
  });

  test('is not readable once shredded, and its leaf still proves what is opened', async () => {
    const sealed = await sealedOrder();
    const { log, seal, entryIndex } = sealed;
    const { release } = await watchedService(sealed);
    const part = await release.read(await requestOf(sealed, HIGH, entryIndex));
    const groups = await openReleased(seal, part, identity(HIGH));
    const portions = groups.flatMap(g => g.portions);
    const shredding = log.signed('shred/v1', 'person:regulator', {
      sealId: seal.id,
      person: 'person:regulator',
      reason: 'test',
      escrow: 'The escrow holder says that he destroyed his copy.',
    });
    await expect(release.shred(shredding)).rejects.toThrow(/territory is opened before/);
    const scope = portions.find(({ name }) => name === 'scope')!;
    const opening = { sealId: seal.id, disclosure: scope.disclosure, reason: 'test' };
    expect(
      log.sign('unseal/v1', 'person:regulator', { ...opening, person: 'person:regulator' }),
    ).toBeUndefined();
    await release.shred(shredding);
    expect(await sealed.seals.hasKeys(seal.id)).toBe(false);
    expect(await answerOf(release.read(await requestOf(sealed, HIGH, entryIndex)))).toMatch(
      /^NO_SUCH_PART/,
    );
    expect(revealBody(nodeSha256, sealed.order, portions).scope).toEqual(SCOPE);
  });
});

describe('no log, no read', () => {
  test('whichever call to storage fails while the read is written down, no key leaves', async () => {
    let touched = 0;
    for (let n = 1; n < 200; n++) {
      const sealed = await sealedOrder();
      const { release, fault, tree, unwrappedCount } = await watchedService(sealed);
      const request = await requestOf(sealed, HIGH, sealed.entryIndex);
      fault.left = n;
      const answer = await answerOf(release.read(request));
      if (fault.left > 0) {
        // The read went through before the n-th call: nothing failed.
        expect(answer).toMatch(/^released/);
        break;
      }
      // Clearing up after a checkpoint may fail: then the read is on record already.
      if (answer.startsWith('released')) expect(tree.publishedSize).toBe(2);
      else {
        expect(answer).toMatch(/^SEAL_UNAVAILABLE: /);
        expect(unwrappedCount()).toBe(0);
        touched += 1;
      }
    }
    expect(touched).toBeGreaterThan(5);
  });

  test('every released key has an earlier published entry, in whatever order people ask', async () => {
    const sealed = await sealedOrder();
    const ask = fc.record({
      person: fc.constantFrom(HIGH, LOW, NONE),
      entryIndex: fc.constantFrom(sealed.entryIndex, 0, 999),
      isReal: fc.boolean(),
      fails: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { maxLength: 8 }), async asks => {
        const { release, fault, tree, accessLog, unwrappedCount } = await watchedService(sealed);
        let releasedCount = 0;
        for (const { person, entryIndex, isReal, fails } of asks) {
          const about = isReal ? 'sealed' : 'no such order';
          const request = await requestOf(sealed, person, entryIndex, { kind: 'order', about });
          fault.left = fails ?? Number.POSITIVE_INFINITY;
          const answer = await answerOf(release.read(request));
          fault.left = Number.POSITIVE_INFINITY;
          const isCleared = person !== NONE && isReal && entryIndex === sealed.entryIndex;
          if (answer.startsWith('released')) releasedCount += 1;
          else expect(answer).toMatch(/^(NO_SUCH_PART|SEAL_UNAVAILABLE): /);
          if (!isCleared) expect(answer).not.toMatch(/^released/);
          else if (fails === undefined && !tree.failure) expect(answer).toMatch(/^released/);
        }
        const reads = accessLog.entries.filter(({ type }) => type === 'access/v1');
        expect(releasedCount).toBeLessThanOrEqual(reads.length);
        expect(unwrappedCount()).toBe(releasedCount);
      }),
      { numRuns: 40 },
    );
  });

  test('a refusal is logged, and one request is answered once', async () => {
    const sealed = await sealedOrder();
    const { release, accessLog } = await watchedService(sealed);
    const refused = await requestOf(sealed, NONE, sealed.entryIndex);
    expect(await answerOf(release.read(refused))).toMatch(/^NO_SUCH_PART/);
    expect(accessLog.entries.map(({ type }) => type)).toEqual(['decision/v1']);
    expect(accessLog.entries[0].body).toMatchObject({ allow: false, reasons: [], errors: [] });
    const request = await requestOf(sealed, HIGH, sealed.entryIndex);
    await release.read(request);
    expect(await answerOf(release.read(request))).toMatch(/^READ_REPLAYED/);
    const said = canonicalJson(accessLog.entries);
    expect(said).not.toContain('person:');
  });

  test('a request that another signed, or that is old, is not even considered', async () => {
    const sealed = await sealedOrder();
    const { release, accessLog } = await watchedService(sealed);
    const request = await requestOf(sealed, LOW, sealed.entryIndex);
    const read = (changes: object) => answerOf(release.read({ ...request, ...changes }));
    expect(await read({ person: HIGH })).toMatch(/^PROOF/);
    expect(await read({ entryIndex: 0 })).toMatch(/^PROOF/);
    expect(await read({ nonce: '' })).toMatch(/^BODY/);
    expect(await read({ proof: undefined })).toMatch(/^BODY/);
    expect(await read({ proof: { kind: 'note', note: 'none' } })).toMatch(/^PROOF/);
    sealed.log.after(0.1);
    expect(await read({})).toMatch(/^READ_STALE/);
    expect(accessLog.entries).toEqual([]);
  });

  test('a clearance that ends, or a policy that fails, means no', async () => {
    const sealed = await sealedOrder();
    const { accessLog } = await watchedService(sealed);
    const options = optionsOf(sealed, accessLog);
    const broken = await createReleaseService({
      ...options,
      decide: () => {
        throw new Error('policy engine is gone');
      },
    });
    const ask = async (service: typeof broken) =>
      answerOf(service.read(await requestOf(sealed, HIGH, sealed.entryIndex)));
    expect(await ask(broken)).toMatch(/^NO_SUCH_PART/);
    const plain = await createReleaseService(options);
    expect(await ask(plain)).toMatch(/^released/);
    sealed.log.after(365 * 24);
    expect(await ask(plain)).toMatch(/^NO_SUCH_PART/);
  });

  test('a clearance taken away while the read is being logged releases nothing', async () => {
    const sealed = await sealedOrder();
    const { accessLog, unwrappedCount } = await watchedService(sealed);
    let calls = 0;
    const release = await createReleaseService({
      ...optionsOf(sealed, accessLog),
      // The first round of decisions allows, the one after the log says no.
      decide: () => ({ allow: ++calls <= 8, reasons: [] }),
    });
    const answer = await answerOf(release.read(await requestOf(sealed, HIGH, sealed.entryIndex)));
    expect(answer).toMatch(/^SEAL_UNAVAILABLE/);
    expect(unwrappedCount()).toBe(0);
  });
});

describe('neither confirm nor deny', () => {
  const cases = async (sealed: SealedOrder) => ({
    notCleared: () => requestOf(sealed, NONE, sealed.entryIndex),
    noSuchEntry: () => requestOf(sealed, HIGH, 4242),
    nothingSealed: () => requestOf(sealed, HIGH, 0),
    notForThisPurpose: () =>
      requestOf(sealed, HIGH, sealed.entryIndex, { kind: 'duty', about: 'auditor' }),
  });

  test('not cleared, no such entry, nothing sealed, no such duty: the same bytes', async () => {
    const sealed = await sealedOrder();
    const { release, accessLog } = await watchedService(sealed);
    const answers = new Set<string>();
    for (const request of Object.values(await cases(sealed))) {
      answers.add(await answerOf(release.read(await request())));
    }
    expect([...answers]).toEqual(['NO_SUCH_PART: there is nothing here that you may read']);
    // Nor does the public access log tell them apart: only salted values differ.
    const shapes = accessLog.entries.map(({ body }) =>
      canonicalJson(body).replaceAll(/[A-Za-z0-9_-]{43,64}/g, '…'),
    );
    expect(new Set(shapes).size).toBe(1);
  });

  test('the same work and the same times: 1,000 requests of each kind', async () => {
    const sealed = await sealedOrder();
    const times: Record<string, number[]> = {};
    const spent: Record<string, number[]> = {};
    for (const [kind, makeRequest] of Object.entries(await cases(sealed))) {
      const random = mulberry32(kind.length);
      let ms = 0;
      let calls = 0;
      // Every step takes a time of its own, as on a real machine; the test draws it.
      const step = (meanMs: number): void => {
        calls += 1;
        ms += meanMs * (0.5 + random());
      };
      const accessLog = {
        entries: [],
        append: async (_: unknown, __: unknown, bodyOf: (index: number) => unknown) => {
          step(60);
          bodyOf(0);
          return 0;
        },
      } as unknown as AccessLog;
      const service = await createReleaseService({
        ...optionsOf(sealed, accessLog),
        reads: {
          createExclusive: async () => {
            step(4);
            return true;
          },
        },
        decide: (_, { marking }: ReadQuestion) => {
          step(2);
          return { allow: false, reasons: [String(marking.level)] };
        },
        clock: {
          nowMs: () => ms,
          until: async to => {
            ms = Math.max(ms, to);
          },
        },
      });
      const request = await makeRequest();
      times[kind] = [];
      spent[kind] = [];
      for (let i = 0; i < 1000; i++) {
        const startedMs = ms;
        calls = 0;
        await answerOf(service.read(request));
        times[kind].push(ms - startedMs);
        spent[kind].push(calls);
      }
    }
    for (const [kind, sample] of Object.entries(times)) {
      expect(spent[kind]).toEqual(spent['notCleared']);
      expect(sample.every(t => Math.abs(t / ANSWER_FLOOR_MS - Math.round(t / 100)) < 1e-6)).toBe(
        true,
      );
      expect(kolmogorovSmirnov(sample, times['notCleared'])).toBeLessThan(CRITICAL);
    }
    // The test can fail: an answer that skips the log is found out.
    const early = times['noSuchEntry'].map((t, i) => (i % 5 === 0 ? t - 60 : t));
    expect(kolmogorovSmirnov(early, times['notCleared'])).toBeGreaterThan(CRITICAL);
  });
});

/** Two samples of 1,000 from one distribution are further apart once in a thousand times. */
const CRITICAL = 1.95 * Math.sqrt(2 / 1000);

/** Greatest distance between two empirical distributions (Smirnov 1948). */
function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): number {
  const share = (sample: readonly number[], x: number): number =>
    sample.filter(value => value <= x + 1e-6).length / sample.length;
  const points = [...new Set([...a, ...b].map(x => Math.round(x * 1e3) / 1e3))];
  return Math.max(...points.map(x => Math.abs(share(a, x) - share(b, x))));
}

/** Seeded uniform numbers in [0, 1) (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
