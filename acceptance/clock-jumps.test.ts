/**
 * The clock of the machine that writes jumps back and forth by an hour. The time of the log never
 * runs backwards, and the deadlines of votes follow the log: what it closed is not opened again.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quorumAt } from '../src/control/ballots.ts';
import { type ControlState, fold, nextEntry } from '../src/control/index.ts';
import { GIVEN, START_MS, TestLog, type Unsigned } from '../src/control/testLog.ts';
import type { EntryBodies, EntryType } from '../src/control/types.ts';
import { nodeSha256 as sha256 } from '../src/store/tlogStore.ts';

const HOUR_MS = 3_600_000;

/** A log whose entries are sequenced by a clock that may be wrong. */
class Sequenced {
  readonly paper = new TestLog(sha256);
  state: ControlState = this.paper.state;
  clockMs = START_MS;
  readonly times: number[] = [];

  add<T extends EntryType>(type: T, body: EntryBodies[T]): string | undefined {
    const entry = nextEntry(this.state, type, body, this.clockMs);
    this.times.push(Date.parse(entry.time));
    this.state = fold(this.state, entry, this.paper.context);
    // What the next statement is to name: roster, policy, impact.
    this.paper.state = this.state;
    const last = this.state.ineffective.at(-1);
    return last?.seq === entry.seq ? last.reason : undefined;
  }

  sign<T extends EntryType>(type: T, signer: string, unsigned: Unsigned<T>): string | undefined {
    return this.add(type, this.paper.signed(type, signer, unsigned));
  }

  /** Proposes break-glass, and opens the vote: 4 h, and 1 h to execute. */
  propose(): string {
    const order = { ...this.paper.orderBody(), breakGlass: { ttlHours: 24, revert: GIVEN } };
    expect(this.sign('order/v1', order.proposer, order)).toBeUndefined();
    const orderHash = [...this.state.ballots.keys()].at(-1)!;
    const impact = {
      orderHash,
      twin: 'key:twin',
      reportSha256: '00'.repeat(32),
      twinVersion: '1',
      inputs: [],
      inputsAt: this.paper.now(),
      headlines: [],
      touches: [],
    };
    expect(this.sign('impact/v1', 'key:twin', impact)).toBeUndefined();
    return orderHash;
  }

  vote(hash: string, seat: string): string | undefined {
    const statement = this.paper.statement(hash, seat);
    const { prove } = this.paper;
    const text = JSON.stringify(statement, Object.keys(statement).sort());
    return this.add('vote/v1', {
      statement,
      proof: prove(statement.person, { type: 'vote/v1', text }),
    });
  }

  statusOf(hash: string) {
    const record = this.state.ballots.get(hash)!;
    return quorumAt(this.state, record, Math.max(this.clockMs, this.state.timeMs))?.status;
  }
}

test('the time of the log never runs backwards, whatever the clock does', () => {
  const jumpsMs = fc.array(fc.integer({ min: -HOUR_MS, max: HOUR_MS }), { maxLength: 30 });
  fc.assert(
    fc.property(jumpsMs, jumps => {
      const log = new Sequenced();
      let latestMs = START_MS;
      for (const [i, jumpMs] of jumps.entries()) {
        log.clockMs += jumpMs;
        latestMs = Math.max(latestMs, log.clockMs);
        const contact = {
          id: `c${i}`,
          reporter: 'person:stranger',
          counterparty: { role: 'somebody', affiliation: 'none_known' },
          channel: 'call',
          initiatedBy: 'counterparty',
          from: log.paper.now(),
          to: log.paper.now(),
          present: [],
          official: false,
          topics: [],
          links: [],
        } as const;
        expect(log.sign('contact/v1', contact.reporter, contact)).toBeUndefined();
        expect(log.times.at(-1)).toBe(latestMs);
      }
    }),
    { numRuns: 100, seed: 20260105 },
  );
});

test('a vote window that the log closed stays closed when the clock is set back', () => {
  const log = new Sequenced();
  const hash = log.propose();
  expect(log.vote(hash, 'operator.service')).toBeUndefined();
  log.clockMs = START_MS + 4 * HOUR_MS;
  expect(log.vote(hash, 'customer')).toMatch(/lapsed/);
  log.clockMs -= HOUR_MS;
  expect(log.statusOf(hash)).toBe('lapsed');
  expect(log.vote(hash, 'customer')).toMatch(/lapsed/);
});

test('a clock set back does not lengthen the window for execution', () => {
  const log = new Sequenced();
  const hash = log.propose();
  log.clockMs += HOUR_MS;
  expect(log.vote(hash, 'operator.service')).toBeUndefined();
  expect(log.vote(hash, 'customer')).toBeUndefined();
  expect(log.statusOf(hash)).toBe('approved');
  // Back by an hour and on by two: the hour that the clock lived twice counts once.
  log.clockMs -= HOUR_MS;
  expect(log.statusOf(hash)).toBe('approved');
  log.clockMs += 2 * HOUR_MS;
  expect(log.statusOf(hash)).toBe('lapsed');
  const clock = { machine: new Date(log.clockMs).toISOString() };
  const execution = { orderHash: hash, executor: 'person:executor', clock };
  expect(log.sign('execution/v1', 'person:executor', execution)).toMatch(/lapsed/);
});
