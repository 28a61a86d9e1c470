/**
 * A model of the switch in Quint (model/switch.qnt) that knows nothing of the engine: its properties
 * hold on random walks, each of them fails where its rule is left out, and the engine takes every
 * trace of the model to the same states, entry by entry.
 *
 * BEAMKEEPER_TRACES sets how many traces; BEAMKEEPER_TRACE_SEED, from where.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { quorumAt } from '../src/control/ballots.ts';
import { DEFAULT_RULES } from '../src/control/defaultRules.ts';
import { cellStateAt, orderStatusAt, type Roster, type RuleSet } from '../src/control/index.ts';
import { statementOf } from '../src/control/statements.ts';
import { GIVEN, INNER_CELLS, paperKey, ROSTER, SCOPE, TestLog } from '../src/control/testLog.ts';
import type { Order, OrderKind, Originator } from '../src/control/types.ts';
import { nodeSha256 as sha256 } from '../src/store/tlogStore.ts';

const TRACES = Number(process.env['BEAMKEEPER_TRACES'] ?? 200);
const SEED = process.env['BEAMKEEPER_TRACE_SEED'] ?? '20260105';
/** Property 11 tries every further recusal, revocation and no at every step: fewer walks. */
const MONOTONE_TRACES = Math.ceil(TRACES / 5);

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-quint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const MODEL = new URL('model/switch.qnt', import.meta.url).pathname;
const require = createRequire(import.meta.url);
const quintPackage = require.resolve('@informalsystems/quint/package.json');
const QUINT = join(dirname(quintPackage), 'dist/src/cli.js');

/** Its other back-ends need downloads. */
async function quint(command: string, ...options: string[]): Promise<string> {
  const parts = [QUINT, command, MODEL, '--backend=typescript', ...options];
  const { stdout } = await promisify(execFile)(process.execPath, parts);
  return stdout;
}
const walk = (invariant: string, count: number, ...options: string[]): Promise<string> =>
  quint(
    'run',
    ...['--invariant', invariant, '--seed', SEED, '--max-steps', '20', '--verbosity', '1'],
    ...['--max-samples', `${count}`, ...options],
  );

// ── The model's world, for the engine ───────────────────────────────────────────────────────────

const operator = { office: 'operator.service', count: 1 } as const;
const suspend = {
  seats: [operator, { office: 'customer', count: 1 }],
  voteCount: 3,
  employerCount: 3,
  coolingOffHours: 2,
  voteWindowHours: 8,
  executionWindowHours: 4,
  vetoOffices: ['regulator'],
} as const;
const resume = {
  seats: [],
  voteCount: 2,
  employerCount: 2,
  coolingOffHours: 0,
  voteWindowHours: 6,
  executionWindowHours: 3,
  vetoOffices: [],
} as const;
const TTL_H = 3;
/** The model's table, in the form in which a log carries it. */
const RULES: RuleSet = {
  ...DEFAULT_RULES,
  orders: {
    suspend,
    resume,
    restrict: suspend,
    withhold: suspend,
    activate: suspend,
    exempt: resume,
  },
  breakGlass: {
    ...DEFAULT_RULES.breakGlass,
    seats: [operator],
    voteCount: 2,
    employerCount: 2,
    voteWindowHours: 3,
    executionWindowHours: 2,
    vetoOffices: ['regulator'],
    maxTtlHours: TTL_H,
  },
  change: { coolingOffHours: 0, voteWindowHours: 1, executionWindowHours: 1 },
  originators: {
    ...DEFAULT_RULES.originators,
    seats: [{ office: 'oversight', count: 1 }],
    coolingOffHours: 3,
  },
};

const OWNERS = { operator: 'holding', trust: 'trust', users: 'users', state: 'state' };
const EMPLOYERS: Record<string, string> = {
  service: 'operator',
  trustee: 'trust',
  customer: 'users',
  deputy: 'users',
  oversight: 'state',
  regulator: 'state',
};
const OTHERS = ['clerk', 'executor', 'stranger'];

function rosterWith(holder: string, customerAlternates: readonly string[]): Roster {
  const [seat] = ROSTER.seats;
  const seatOf = (
    office: Roster['seats'][number]['office'],
    who: string,
    alternates: readonly string[] = [],
  ): Roster['seats'][number] => ({
    ...seat,
    id: office,
    office,
    jurisdiction: 'LND',
    holder: `person:${who}`,
    alternates: alternates.map(name => ({
      person: `person:${name}`,
      isIndependent: name === 'trustee',
    })),
  });
  return {
    ...ROSTER,
    organisations: [
      ...Object.entries(OWNERS).map(([id, beneficialOwner]) => ({
        id: `org:${id}`,
        name: id,
        beneficialOwner,
      })),
      { id: 'org:holding', name: 'holding', beneficialOwner: 'holding' },
      { id: 'org:elsewhere', name: 'elsewhere', beneficialOwner: 'elsewhere' },
    ],
    persons: [
      ...Object.entries(EMPLOYERS).map(([id, employer]) => ({
        id: `person:${id}`,
        employer: `org:${employer}`,
        roles: [],
      })),
      ...OTHERS.map(id => ({
        id: `person:${id}`,
        employer: 'org:elsewhere',
        roles: id === 'clerk' ? (['drafter'] as const) : (['executor'] as const),
      })),
    ],
    seats: [
      seatOf('operator.service', 'service', ['trustee']),
      seatOf('customer', holder, customerAlternates),
      seatOf('oversight', 'oversight'),
      seatOf('regulator', 'regulator', ['deputy']),
    ],
  };
}

// ── A trace, as the model wrote it ──────────────────────────────────────────────────────────────

interface Act {
  what: string;
  person: string;
  seat: string;
  decision: 'yes' | 'no' | 'veto';
  hours: number;
  isDone: boolean;
}
interface ModelState {
  kind: 'suspend' | 'resume' | 'breakGlass';
  asked: 'own' | 'third' | 'owner' | 'customer';
  proposer: string;
  nowH: number;
  revision: number;
  roster: { holder: string; alternates: string[] };
  status: string;
  isExecuted: boolean;
  executedH: number;
  counted: string[];
}

/** Informal Trace Format: integers and sets come in wrappers. */
function readTrace(path: string): { last: Act; s: ModelState }[] {
  return JSON.parse(readFileSync(path, 'utf8'), (_, value) => {
    if (value?.['#bigint'] !== undefined) return Number(value['#bigint']);
    return value?.['#set'] ?? value;
  }).states;
}

// ── The replay ──────────────────────────────────────────────────────────────────────────────────

class Replay {
  readonly log: TestLog;
  readonly order: Partial<Order>;
  hash: string;

  constructor({ kind, asked, proposer, roster }: ModelState) {
    const everyone = rosterWith(roster.holder, roster.alternates);
    const holders = [...everyone.persons, ...everyone.machines].map(({ id }) => id);
    this.log = new TestLog(sha256, {
      roster: everyone,
      rules: RULES,
      keys: holders.map(id => paperKey(sha256, id)),
    });
    const { log } = this;
    log.contact('c1', { reporter: 'person:stranger' });
    const by = `person:${proposer}`;
    const disclosed = { contactId: 'c1' };
    const links: Record<ModelState['asked'], Originator> = {
      own: log.originator(by, 'operator'),
      third: log.originator('a third party', 'third_party', disclosed),
      owner: log.originator('org:holding', 'owner', disclosed),
      customer: log.originator('person:customer', 'customer'),
    };
    this.order = {
      id: 'order',
      kind: (kind === 'breakGlass' ? 'suspend' : kind) as OrderKind,
      scope: kind === 'resume' ? GIVEN : SCOPE,
      proposer: by,
      originators: [links[asked]],
      ...(kind === 'breakGlass' && { breakGlass: { ttlHours: TTL_H, revert: GIVEN } }),
    };
    this.hash = log.order(this.order);
  }

  /** Does as the model did; whether it had effect. */
  do({ what, person, seat, decision, hours }: Act, { revision, roster }: ModelState): boolean {
    const { log, hash } = this;
    const who = `person:${person}`;
    switch (what) {
      case 'vote':
        return log.vote(hash, seat, { person: who, decision }) === undefined;
      case 'withdraw':
        return log.withdraw(hash, who) === undefined;
      case 'recuse':
        return log.recuse(hash, who) === undefined;
      case 'taint': {
        const raisedBy = `person:${person === 'oversight' ? 'regulator' : 'oversight'}`;
        const evidence = ['aa'.repeat(32)];
        const body = { orderHash: hash, person: who, raisedBy, evidence, reason: 'trace' };
        return log.sign('taint/v1', raisedBy, body) === undefined;
      }
      case 'revoke': {
        const { key } = log.state.keys.find(record => record.key.holder === who)!;
        const body = { proposer: who, reason: 'lost', key };
        return log.sign('keyRevoke/v1', who, body) === undefined;
      }
      case 'swap':
      case 'leave':
        this.changeRoster(rosterWith(roster.holder, roster.alternates), who);
        return true;
      case 'amend':
        this.hash = log.order({ ...this.order, revision });
        return true;
      case 'execute':
        return log.execute(hash) === undefined;
      case 'wait':
        log.after(hours);
        return true;
      case 'stop':
        return true;
      default:
        throw new Error(`the model did "${what}", which is not known here`);
    }
  }

  /** The customer's seat changes hands by a vote of its own, carried at once. */
  changeRoster(roster: Roster, holder: string): void {
    const { log } = this;
    const proposer = 'person:stranger';
    const body = { proposer, reason: `${log.state.size}`, roster, newKeys: [], acceptances: [] };
    const statement = statementOf('roster/v1', log.signed('roster/v1', proposer, body));
    const acceptances = [{ holder, proof: log.prove(holder, statement) }];
    expect(log.sign('roster/v1', proposer, { ...body, acceptances })).toBeUndefined();
    const change = [...log.state.ballots.keys()].at(-1)!;
    log.votes(change, 'operator.service', 'customer', 'oversight');
    expect(log.execute(change)).toBeUndefined();
  }

  check({ kind, status, isExecuted, executedH, counted, nowH }: ModelState): void {
    const { log, hash } = this;
    const record = log.state.ballots.get(hash)!;
    const hasEnded = kind === 'breakGlass' && nowH >= executedH + TTL_H;
    const isOff = isExecuted && kind !== 'resume' && !hasEnded;
    expect(cellStateAt(log.state, INNER_CELLS[0], log.now(), 'fixed')).toBe(isOff ? 'off' : 'on');
    if (isExecuted) {
      const ended = hasEnded ? 'reverted' : 'executed';
      expect(orderStatusAt(log.state, hash, log.now())).toBe(ended);
      return;
    }
    const quorum = quorumAt(log.state, record, log.nowMs)!;
    expect(quorum.status).toBe(status);
    if (['lapsed', 'rejected', 'vetoed'].includes(status)) return;
    const people = record.votes.filter(({ nonce }) => quorum.counted.includes(nonce));
    expect(people.map(({ person }) => person.replace('person:', '')).sort()).toEqual(
      [...counted].sort(),
    );
  }
}

// ── The tests ───────────────────────────────────────────────────────────────────────────────────

const traces = walk(
  'keepsRules',
  TRACES,
  ...['--n-traces', `${TRACES}`, '--out-itf', join(folder, '{seq}.itf.json')],
);
const monotone = walk('monotone', MONOTONE_TRACES);
const broken = quint('test');

test(`properties 1 to 6 hold in ${TRACES} random walks of the model, and 11 in ${MONOTONE_TRACES}`, async () => {
  expect(await traces).toContain('No violation found');
  expect(await monotone).toContain('No violation found');
});

test('each property of the model fails where the rule that keeps it is left out', async () => {
  const rules = [...readFileSync(MODEL, 'utf8').matchAll(/\bhas\(t, "(\w+)"\)/g)].map(m => m[1]);
  expect(new Set(rules).size).toBe(23);
  const passed = await broken;
  for (const rule of new Set(rules)) expect(passed).toContain(`ok ${rule}Test passed`);
});

test('the engine takes every trace of the model to the same states', async () => {
  await traces;
  const reached = new Map<string, number>();
  let steps = 0;
  const files = readdirSync(folder);
  expect(files).toHaveLength(TRACES);
  for (const file of files) {
    const [first, ...states] = readTrace(join(folder, file));
    const replay = new Replay(first.s);
    replay.check(first.s);
    for (const [i, { last, s }] of states.entries()) {
      const where = `trace ${file} of seed ${SEED}, step ${i + 1}: ${JSON.stringify(last)}`;
      try {
        expect(replay.do(last, s), 'has effect').toBe(last.isDone);
        replay.check(s);
      } catch (cause) {
        throw new Error(`${where}: ${(cause as Error).message}`, { cause });
      }
      steps++;
      const at = s.isExecuted ? `executed ${s.kind}` : s.status;
      reached.set(at, (reached.get(at) ?? 0) + 1);
    }
  }
  expect(steps).toBe(TRACES * 20);
  // A model that never gets anywhere shows nothing.
  const ends = ['coolingOff', 'approved', 'lapsed', 'rejected', 'vetoed', 'deadlocked'];
  for (const end of [...ends, 'executed suspend', 'executed resume', 'executed breakGlass']) {
    expect(reached.get(end) ?? 0, end).toBeGreaterThan(TRACES / 25);
  }
});
