import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import {
  ballotHash,
  CLASSES,
  type Constraint,
  type CustomerClass,
  type EntryBodies,
  type EntryType,
  type Impact,
  missingWords,
  ORDER_KINDS,
  type Order,
  type OrderKind,
  type Originator,
  orderStatusAt,
  quorumAt,
  signBody,
  type UnsignedBody,
  type VoteStatement,
} from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { whole } from '../../runs/numbers.ts';
import { computeOrderImpact, DEFAULT_ORDER_WORLD } from '../../runs/orderImpact.ts';
import { atomicWrite, checkWritable } from '../../store/atomicWrite.ts';
import { readSwitch } from '../../store/readSwitch.ts';
import type { Recorded, SwitchStore } from '../../store/switchStore.ts';
import { nodeSha256 } from '../../store/tlogStore.ts';
import type { KeyedSigner } from '../../tlog/index.ts';
import { findBallot } from '../findBallot.ts';
import { collect, oneOf, wholeNumberWithin } from '../optionValues.ts';
import { orderListText, orderText } from '../orderText.ts';
import { print, printJson } from '../output.ts';
import { parseDuration } from '../parseDuration.ts';
import { parseOriginator } from '../parseOriginator.ts';
import { createProgressLine } from '../progressLine.ts';
import {
  addFolderOptions,
  addWriteOptions,
  type FolderOptions,
  instantOption,
  readJsonFile,
  reportRecorded,
  type WriteOptions,
  withSigner,
} from '../switchOptions.ts';

export function orderCommand(): Command {
  return new Command('order')
    .description('Orders about service over a territory: draft, propose, weigh, vote, carry out.')
    .addCommand(draftCommand())
    .addCommand(fileCommand())
    .addCommand(showCommand())
    .addCommand(impactCommand())
    .addCommand(voteCommand())
    .addCommand(withdrawCommand())
    .addCommand(recuseCommand())
    .addCommand(cancelCommand())
    .addCommand(executeCommand())
    .addCommand(confirmCommand());
}

// ── Draft and file ──────────────────────────────────────────────────────────────────────────────

interface DraftOptions extends FolderOptions {
  readonly kind?: OrderKind;
  readonly territory?: string;
  readonly limit: readonly [string, number][];
  readonly class: readonly CustomerClass[];
  readonly band?: 'inside' | 'outside' | 'share';
  readonly from?: string;
  readonly to?: string;
  readonly by?: string;
  readonly asked: readonly Originator[];
  readonly ownAuthorship?: string;
  readonly reason?: string;
  readonly basis: readonly string[];
  readonly contact: readonly string[];
  readonly supersedes: readonly string[];
  readonly breakGlass?: number;
  readonly drill?: boolean;
  readonly amend?: string;
  readonly out: string;
}

function draftCommand(): Command {
  return addFolderOptions(
    new Command('draft').description(
      'Write an order as a file: to be read, then signed and filed.',
    ),
  )
    .option(
      '--kind <kind>',
      'activate, suspend, restrict, withhold, resume, exempt',
      oneOf('--kind', ORDER_KINDS),
    )
    .option('--territory <id>', 'as in beamkeeper switch show')
    .option(
      '--limit <name=n>',
      'restrict to maxSpeedKmh, maxAltitudeM or maxRateMbps (repeatable)',
      collect(parseLimit),
      [],
    )
    .option(
      '--class <name>',
      'only customers of this class (repeatable)',
      collect(oneOf('--class', CLASSES)),
      [],
    )
    .option(
      '--band <reading>',
      'how its cells at the border are read',
      oneOf('--band', ['inside', 'outside', 'share'] as const),
    )
    .option('--from <instant>', 'when it begins (default: now)', instantOption('--from'))
    .option('--to <instant>', 'when it ends by itself', instantOption('--to'))
    .option('--by <person>', 'who proposes it')
    .option(
      '--asked <link>',
      'who asked: "party=…; capacity=…; channel=…[; for=…][; contact=…][; at=…]" (repeatable)',
      collect(parseOriginator),
      [],
    )
    .option('--own-authorship <sentence>', 'when nobody asked: say so')
    .option('--reason <text>', 'why')
    .option(
      '--basis <text>',
      'a legal basis (repeatable)',
      collect(text => text),
      [],
    )
    .option(
      '--contact <id>',
      'a disclosure that bears on it (repeatable)',
      collect(text => text),
      [],
    )
    .option(
      '--supersedes <order>',
      'an executed order that it takes the place of',
      collect(text => text),
      [],
    )
    .option(
      '--break-glass <hours>',
      'at once, for so long, then it reverts by itself',
      wholeNumberWithin('--break-glass', 1, 24),
    )
    .option('--drill', 'exercises every step but the switch itself')
    .option('--amend <order>', 'start from this order: its next revision')
    .option('--out <file>', 'where to write it', 'order.json')
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper order draft --kind suspend --territory EST --by person:drafter --reason "interference" --own-authorship "Nobody asked me for this order."
  $ beamkeeper order draft --amend order-1 --reason "with the reason in full" --out amended.json`,
    )
    .action(draft);
}

async function draft(options: DraftOptions): Promise<void> {
  await checkWritable(options.out);
  const { state } = (await readSwitch(options.data)).control;
  const now = new Date().toISOString();
  const order =
    options.amend === undefined
      ? newOrder(options, state, now)
      : amended(options, state, findBallot(state, options.amend));
  await atomicWrite(options.out, `${JSON.stringify(order, null, 2)}\n`);
  if (options.json) printJson({ command: 'order draft', file: options.out, order });
  else
    print(
      `Wrote ${options.out}: ${order.id}, revision ${order.revision}. Read it, then: beamkeeper order file ${options.out} --key YOUR.key`,
    );
}

type State = Awaited<ReturnType<typeof readSwitch>>['control']['state'];
type Ballot = ReturnType<typeof findBallot>;
type UnsignedOrder = Omit<Order, 'proof'>;

function newOrder(options: DraftOptions, state: State, now: string): UnsignedOrder {
  const { kind, territory, by, reason } = options;
  if (kind === undefined || territory === undefined || by === undefined || reason === undefined) {
    throw new BeamkeeperError('OPTION', 'a new order needs --kind, --territory, --by and --reason');
  }
  const version = state.latestVersions.get(territory);
  if (version === undefined) {
    const known = [...state.latestVersions.keys()].join(', ');
    throw new BeamkeeperError('TERRITORY', `--territory ${territory}: the log has ${known}`);
  }
  const constraint = constraintOf(kind, options.limit);
  const isTaking = constraint.kind !== 'none';
  const scope = {
    territory: { id: territory, version },
    terminals:
      options.class.length === 0
        ? { kind: 'all' as const }
        : { kind: 'class' as const, classes: options.class },
    constraint,
    exceptions: [],
    band: options.band ?? (isTaking ? ('outside' as const) : ('inside' as const)),
  };
  const id = `order-${now.slice(0, 10)}-${randomBytes(3).toString('hex')}`;
  const own: Originator[] = [
    { party: by, capacity: 'operator', channel: 'own initiative', at: now },
  ];
  return {
    id,
    revision: 1,
    kind,
    drill: options.drill === true,
    scope,
    effective: { from: options.from ?? now, ...(options.to !== undefined && { to: options.to }) },
    proposer: by,
    originators: options.asked.length > 0 ? options.asked : own,
    ...(options.ownAuthorship !== undefined && { ownAuthorship: options.ownAuthorship }),
    legalBasis: options.basis,
    reason,
    supersedes: options.supersedes.map(name => findBallot(state, name).hash),
    disclosures: options.contact,
    ...(options.breakGlass !== undefined && {
      breakGlass: {
        ttlHours: options.breakGlass,
        revert: { ...scope, constraint: { kind: 'none' as const } },
      },
    }),
  };
}

function amended(options: DraftOptions, state: State, { subject }: Ballot): UnsignedOrder {
  if (subject.type !== 'order/v1') throw new BeamkeeperError('NO_ORDER', 'a change is not amended');
  const { proof: _, ...order } = subject.body;
  const scope = order.scope && {
    ...order.scope,
    ...(options.band !== undefined && { band: options.band }),
    ...(options.class.length > 0 && {
      terminals: { kind: 'class' as const, classes: options.class },
    }),
    ...(options.limit.length > 0 && { constraint: constraintOf(order.kind, options.limit) }),
  };
  const { from, to } = order.effective;
  const end = options.to ?? to;
  return {
    ...order,
    revision: (state.revisions.get(order.id)?.length ?? 0) + 1,
    ...(scope && { scope }),
    effective: { from: options.from ?? from, ...(end !== undefined && { to: end }) },
    ...(options.reason !== undefined && { reason: options.reason }),
    ...(options.asked.length > 0 && { originators: options.asked }),
    ...(options.ownAuthorship !== undefined && { ownAuthorship: options.ownAuthorship }),
    ...(options.basis.length > 0 && { legalBasis: options.basis }),
    ...(options.contact.length > 0 && { disclosures: options.contact }),
  };
}

function constraintOf(kind: OrderKind, limits: DraftOptions['limit']): Constraint {
  if (limits.length > 0) return { kind: 'limits', ...Object.fromEntries(limits) };
  if (kind === 'restrict') throw new BeamkeeperError('OPTION', 'restrict needs a --limit');
  return { kind: kind === 'suspend' || kind === 'withhold' ? 'off' : 'none' };
}

const LIMITS = ['maxSpeedKmh', 'maxAltitudeM', 'maxRateMbps'] as const;

function parseLimit(text: string): [string, number] {
  const [name, value] = text.split('=');
  const limit = oneOf('--limit', LIMITS)(name);
  return [limit, wholeNumberWithin(`--limit ${limit}`, 0, 1e6)(value ?? '')];
}

function fileCommand(): Command {
  return addWriteOptions(
    new Command('file')
      .description('Sign a drafted order and propose it: from here on it is in the log for good.')
      .argument('<file>', 'from beamkeeper order draft'),
  )
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper order file order.json --key drafter.key`,
    )
    .action((path: string, options: WriteOptions) =>
      withSigner(options, async (store, signer) => {
        const order = (await readJsonFile(path)) as unknown as UnsignedBody<'order/v1'>;
        needHolder(signer, order.proposer, 'proposes');
        const recorded = await record(store, signer, 'order/v1', order);
        const hash = ballotHash(nodeSha256, 'order/v1', recorded.entry.body as Order);
        reportRecorded(options, 'order file', recorded, { orderHash: hash }, [`Order ${hash}`]);
      }),
    );
}

// ── Look ────────────────────────────────────────────────────────────────────────────────────────

function showCommand(): Command {
  return addFolderOptions(
    new Command('show')
      .description('One order with who asked, its impact, its votes and what is missing; or all.')
      .argument('[order]', 'id or hash'),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper order show
  $ beamkeeper order show order-1 --json`,
    )
    .action(async (name: string | undefined, { data, json }: FolderOptions) => {
      const { state } = (await readSwitch(data)).control;
      const now = new Date(Math.max(Date.now(), state.timeMs)).toISOString();
      const records = name === undefined ? [...state.ballots.values()] : [findBallot(state, name)];
      if (json) {
        printJson({
          command: 'order show',
          orders: records.map(record => ({
            ...record,
            status: orderStatusAt(state, record.hash, now),
            quorum: quorumAt(state, record, Date.parse(now)) ?? null,
          })),
        });
      } else if (name === undefined) print(orderListText(state, now));
      else print(orderText(state, records[0], now));
    });
}

// ── Impact ──────────────────────────────────────────────────────────────────────────────────────

function impactCommand(): Command {
  return addFolderOptions(
    new Command('impact')
      .description(
        'Have the twin compute what an order would do; file it, or compare with what was filed.',
      )
      .argument('<order>', 'id or hash'),
  )
    .option('--key <file>', "the twin's key: files the report; without it, it is only compared")
    .option(
      '--keys <folder>',
      "the folder of the log's own keys (default: the data folder + -keys)",
    )
    .option(
      '--for <length>',
      'time simulated',
      text => parseDuration(text, '--for'),
      DEFAULT_ORDER_WORLD.forS,
    )
    .option(
      '--catalog <file>',
      'element sets (repeatable; default: the fleet as flown)',
      collect(text => text),
      [],
    )
    .option('--out <file>', 'the report itself')
    .addHelpText(
      'after',
      `
The report is canonical JSON; the same order, log and inputs give the same bytes, so anyone can compare.

Example:
  $ beamkeeper order impact order-1 --key twin.key --for 1m`,
    )
    .action(impact);
}

interface ImpactOptions extends FolderOptions {
  readonly key?: string;
  readonly keys?: string;
  readonly for: number;
  readonly catalog: readonly string[];
  readonly out?: string;
}

async function impact(name: string, options: ImpactOptions): Promise<void> {
  if (options.out !== undefined) await checkWritable(options.out);
  const world = { ...DEFAULT_ORDER_WORLD, catalogues: options.catalog, forS: options.for };
  const progress = createProgressLine('impact', options.json === true);
  const compute = (state: State, record: Ballot, twin: string) =>
    computeOrderImpact(state, record.hash, twin, world, progress.update, Date.now()).finally(
      progress.clear,
    );
  const { key } = options;
  if (key !== undefined) {
    await withSigner({ ...options, key }, async (store, signer) => {
      const record = findBallot(store.state, name);
      const { report, body } = await compute(store.state, record, signer.name);
      if (options.out !== undefined) await atomicWrite(options.out, report);
      await store.putBlob(report);
      const recorded = await store.record('impact/v1', await signBody(signer, 'impact/v1', body));
      reportRecorded(options, 'order impact', recorded, { impact: body }, headlineLines(body));
    });
    return;
  }
  const { control } = await readSwitch(options.data);
  const record = findBallot(control.state, name);
  const filed = control.entries.findLast(
    ({ type, body }) => type === 'impact/v1' && (body as Impact).orderHash === record.hash,
  );
  // The report says how long the log was when it was made: computed again from there.
  const state = filed ? control.stateAt(filed.seq) : control.state;
  const { report, body } = await compute(state, record, 'key:comparison');
  if (options.out !== undefined) await atomicWrite(options.out, report);
  const isSame = filed && (filed.body as Impact).reportSha256 === body.reportSha256;
  if (options.json) {
    printJson({
      command: 'order impact',
      orderHash: record.hash,
      filed: filed ? (filed.body as Impact).reportSha256 : null,
      computed: body.reportSha256,
      isSame: isSame ?? null,
      headlines: body.headlines,
    });
  } else {
    print(
      [
        ...headlineLines(body),
        filed === undefined
          ? 'No report is filed yet.'
          : isSame
            ? `The same bytes as filed in entry ${filed.seq}: ${body.reportSha256}`
            : `Another report than filed in entry ${filed.seq}: ${(filed.body as Impact).reportSha256} there, ${body.reportSha256} here (other inputs or version?)`,
      ].join('\n'),
    );
  }
  if (filed && !isSame) process.exitCode = 1;
}

function headlineLines({ headlines }: Pick<Impact, 'headlines'>): string[] {
  return headlines.map(
    ({ name, low, central, high }) =>
      `  ${name}: ${whole(central)} (${whole(low)} to ${whole(high)})`,
  );
}

// ── Votes ───────────────────────────────────────────────────────────────────────────────────────

function voteCommand(): Command {
  return addWriteOptions(
    new Command('vote')
      .description('Vote with your own key, over the hashes of order, impact and rules.')
      .argument('<order>', 'id or hash'),
  )
    .requiredOption('--seat <seat>', 'for which you vote')
    .requiredOption(
      '--decision <word>',
      'yes, no or veto',
      oneOf('--decision', ['yes', 'no', 'veto'] as const),
    )
    .requiredOption('--reason <text>', 'why; everybody reads it')
    .addHelpText(
      'after',
      `
By voting you also say that your disclosures of contact on this subject are complete up to now.

Example:
  $ beamkeeper order vote order-1 --seat customer --decision yes --reason "within my mandate" --key customer.key`,
    )
    .action(vote);
}

async function vote(
  name: string,
  options: WriteOptions & { seat: string; decision: 'yes' | 'no' | 'veto'; reason: string },
): Promise<void> {
  await withSigner(options, async (store, signer) => {
    const { state } = store;
    const { hash, impact: filed } = findBallot(state, name);
    const statement: VoteStatement = {
      orderHash: hash,
      decision: options.decision,
      seat: options.seat,
      person: signer.name,
      reason: options.reason,
      impactSha256: filed?.reportSha256 ?? null,
      policySha256: state.policySha256,
      rosterIndex: state.rosters[state.rosters.length - 1].seq,
      disclosuresComplete: true,
      nonce: randomBytes(16).toString('hex'),
    };
    const recorded = await record(store, signer, 'vote/v1', { statement });
    const now = new Date(store.nowMs()).toISOString();
    const status = orderStatusAt(store.state, hash, now);
    const quorum = quorumAt(store.state, findBallot(store.state, hash), store.nowMs());
    reportRecorded(
      options,
      'order vote',
      recorded,
      { orderHash: hash, status, missing: quorum?.missing ?? [] },
      [
        `The order is now: ${status}`,
        ...(quorum?.missing ?? []).map(one => `  missing: ${missingWords(one)}`),
        `Your receipt: beamkeeper ledger prove ${recorded.index} --log ${options.data}/ledger/orders`,
      ],
    );
  });
}

/** A command that puts one more signed word about an order into the log. */
function wordCommand(
  command: Command,
  wordOf: (
    store: SwitchStore,
    signer: KeyedSigner,
    record: Ballot,
    options: WordOptions,
  ) => Promise<Recorded>,
  example: string,
): Command {
  return addWriteOptions(command.argument('<order>', 'id or hash'))
    .addHelpText('after', `\nExample:\n  $ beamkeeper order ${example}`)
    .action((name: string, options: WordOptions) =>
      withSigner(options, async (store, signer) => {
        const ballot = findBallot(store.state, name);
        const recorded = await wordOf(store, signer, ballot, options);
        const now = new Date(store.nowMs()).toISOString();
        const status = orderStatusAt(store.state, ballot.hash, now);
        reportRecorded(
          options,
          `order ${command.name()}`,
          recorded,
          { orderHash: ballot.hash, status },
          [`The order is now: ${status}`],
        );
      }),
    );
}

interface WordOptions extends WriteOptions {
  readonly reason: string;
  readonly person?: string;
  readonly undone?: boolean;
}

function withdrawCommand(): Command {
  return wordCommand(
    new Command('withdraw')
      .description('Take your vote back, any time before execution.')
      .requiredOption('--reason <text>', 'why'),
    (store, signer, { hash, votes }, { reason }) => {
      const own = votes.find(({ person, ended }) => person === signer.name && !ended);
      if (!own)
        throw new BeamkeeperError('NO_VOTE', `${signer.name} has no vote on ${hash.slice(0, 16)}`);
      const { nonce } = own;
      return record(store, signer, 'voteWithdraw/v1', {
        person: signer.name,
        orderHash: hash,
        nonce,
        reason,
      });
    },
    'withdraw order-2 --reason "read it again" --key regulator.key',
  );
}

function recuseCommand(): Command {
  return wordCommand(
    new Command('recuse')
      .description(
        'Stand aside from an order, or demand it of somebody else; an alternate steps in.',
      )
      .option('--person <person>', 'who stands aside (default: you)')
      .requiredOption('--reason <text>', 'why'),
    (store, signer, { hash }, { reason, person = signer.name }) =>
      record(store, signer, 'recusal/v1', {
        person,
        orderHash: hash,
        demandedBy: signer.name,
        reason,
      }),
    'recuse order-2 --reason "I know the proposer" --key regulator.key',
  );
}

function cancelCommand(): Command {
  return wordCommand(
    new Command('cancel')
      .description('Take back an order that you proposed, before it is approved.')
      .requiredOption('--reason <text>', 'why'),
    (store, signer, { hash }, { reason }) =>
      record(store, signer, 'cancel/v1', { orderHash: hash, person: signer.name, reason }),
    'cancel order-2 --reason "no longer needed" --key drafter.key',
  );
}

function executeCommand(): Command {
  return wordCommand(
    new Command('execute').description(
      'Put an approved order into force; the quorum is counted again.',
    ),
    async (store, signer, { hash }) => {
      const witnessMs = await store.orders.witnessNowMs();
      return record(store, signer, 'execution/v1', {
        orderHash: hash,
        executor: signer.name,
        clock: {
          machine: new Date(store.nowMs()).toISOString(),
          ...(witnessMs !== undefined && { witness: new Date(witnessMs).toISOString() }),
        },
      });
    },
    'execute order-3 --key executor.key',
  );
}

function confirmCommand(): Command {
  return wordCommand(
    new Command('confirm')
      .description("The adapter's word that an order is carried out, or undone at its end.")
      .option('--undone', 'it has ended and is undone'),
    (store, signer, { hash }, { undone }) =>
      record(store, signer, undone ? 'revert/v1' : 'receipt/v1', {
        orderHash: hash,
        adapter: signer.name,
        doneAt: new Date(store.nowMs()).toISOString(),
      }),
    'confirm order-4 --key adapter.key',
  );
}

async function record<T extends Exclude<EntryType, 'declaration/v1'>>(
  store: SwitchStore,
  signer: KeyedSigner,
  type: T,
  body: UnsignedBody<T>,
): Promise<Recorded> {
  return store.record(type, (await signBody(signer, type, body)) as EntryBodies[T]);
}

function needHolder({ name }: KeyedSigner, wanted: string, does: string): void {
  if (name !== wanted) {
    throw new BeamkeeperError('KEY', `the key is that of ${name}, but ${wanted} ${does} it`);
  }
}
