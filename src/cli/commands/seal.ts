import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import {
  type ControlState,
  type Marking,
  type Order,
  REVIEW_DAYS,
  type ReadPurpose,
  revealBody,
  SEAL_REASONS,
  type SealCarriers,
  type SealRecord,
  signReadRequest,
  territoryDueMs,
} from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { createAgeIdentity, readAgeIdentity } from '../../store/ageKeys.ts';
import { atomicWrite, checkWritable } from '../../store/atomicWrite.ts';
import { openReleased } from '../../store/openReleased.ts';
import { readRecords } from '../../store/readRecords.ts';
import { readSwitch } from '../../store/readSwitch.ts';
import { openReleaseService } from '../../store/releaseService.ts';
import { openSealStore } from '../../store/sealStore.ts';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { collect, oneOf, wholeNumberWithin } from '../optionValues.ts';
import { print, printJson } from '../output.ts';
import { parsePart, type SealTermOptions, sealDraft } from '../sealDraft.ts';
import {
  addFolderOptions,
  addWriteOptions,
  type FolderOptions,
  instantOption,
  keysFolderOf,
  readJsonFile,
  type WriteOptions,
  withSigner,
  withSwitch,
} from '../switchOptions.ts';
import { textTable, wordColumns } from '../textTable.ts';

export function sealCommand(): Command {
  return new Command('seal')
    .description('Sealed parts: kept back with a reason and a date, read only after it is logged.')
    .addCommand(keysCommand())
    .addCommand(setupCommand())
    .addCommand(orderCommand())
    .addCommand(readCommand())
    .addCommand(openDueCommand())
    .addCommand(listCommand())
    .addCommand(readsCommand());
}

function addKeysFolder(command: Command): Command {
  return command.option(
    '--keys <folder>',
    "the folder of the log's own keys (default: the data folder + -keys)",
  );
}

// ── Keys ────────────────────────────────────────────────────────────────────────────────────────

function keysCommand(): Command {
  const keys = new Command('keys').description('age identities of readers and of the escrow.');
  keys
    .command('new')
    .description('Make an age identity. The file is yours alone; the recipient (age1…) is public.')
    .argument('[file]', 'where to write it', 'identity.age')
    .option('--json', 'the result as JSON on standard output')
    .addHelpText(
      'after',
      `
A reader's recipient goes into his clearance in the roster, the escrow's into "seal setup". Make the
escrow's on a machine that stays offline.

Examples:
  $ beamkeeper seal keys new reader.age
  $ beamkeeper seal keys new escrow.age --json`,
    )
    .action(async (path: string, { json }: { json?: boolean }) => {
      const { recipient } = await createAgeIdentity(path);
      if (json) printJson({ command: 'seal keys new', file: path, recipient });
      else print(`Wrote ${path} (keep it; nobody can make it again)\n${recipient}`);
    });
  return keys;
}

interface SetupOptions extends FolderOptions {
  readonly keys?: string;
  readonly escrow: string;
}

function setupCommand(): Command {
  return addKeysFolder(
    addFolderOptions(
      new Command('setup')
        .description('Make the key of the release service, and name the escrow. Once a switch.')
        .requiredOption('--escrow <recipient>', 'age1…, of an identity that is kept offline'),
    ),
  )
    .addHelpText(
      'after',
      `
Example:
  beamkeeper seal setup --data switch --escrow age1…`,
    )
    .action(async (options: SetupOptions) => {
      const folders = { dataFolder: options.data, keysFolder: keysFolderOf(options) };
      const { seals } = await openSealStore(folders, options.escrow);
      const [release, escrow] = seals.fingerprints;
      if (options.json) {
        printJson({
          command: 'seal setup',
          ...seals.recipients,
          fingerprints: { release, escrow },
        });
      } else {
        print(`Seals name these two:\n  release service  ${release}\n  escrow           ${escrow}`);
      }
    });
}

// ── Seal ────────────────────────────────────────────────────────────────────────────────────────

interface SealOrderOptions extends FolderOptions, SealTermOptions {
  readonly keys?: string;
  readonly part: [string, Marking][];
  readonly out: string;
}

function orderCommand(): Command {
  return addKeysFolder(
    addFolderOptions(
      new Command('order')
        .description('Seal parts of a drafted order; a second person signs that they may be.')
        .argument('<file>', 'from beamkeeper order draft')
        .requiredOption(
          '--part <name=marking>',
          'what, and how high: scope=3:ALPHA,BETA, reason=1, originators[0].channel=2 (repeatable)',
          collect(parsePart('--part')),
          [],
        )
        .requiredOption(
          '--because <reason>',
          SEAL_REASONS.join(', '),
          oneOf('--because', SEAL_REASONS),
        )
        .requiredOption('--authority <seat>', 'on whose authority')
        .requiredOption('--second <file>', "the second person's signing key")
        .option(
          '--review-by <instant>',
          `when it must be looked at again (default: in ${REVIEW_DAYS} days)`,
          instantOption('--review-by'),
        )
        .option('--out <file>', 'where to write the sealed draft', 'sealed.json'),
    ),
  )
    .addHelpText(
      'after',
      `
The ciphertexts and their wrapped keys are on disk before this returns; then: beamkeeper order file.

Example:
  beamkeeper seal order order.json --part scope=2 --because negotiations --authority regulator --second regulator.key`,
    )
    .action(sealOrder);
}

async function sealOrder(path: string, options: SealOrderOptions): Promise<void> {
  await checkWritable(options.out);
  const draft = (await readJsonFile(path)) as unknown as SealCarriers['order/v1'];
  const { body, seal } = await sealDraft('order/v1', draft, options.part, options);
  await atomicWrite(options.out, `${JSON.stringify({ ...body, seal }, null, 2)}\n`);
  if (options.json) {
    printJson({ command: 'seal order', file: options.out, seal });
  } else {
    print(
      `Wrote ${options.out}: seal ${seal.id}, review by ${seal.reviewBy}. Then: beamkeeper order file ${options.out} --key YOUR.key\n${path} still holds it in clear: remove it.`,
    );
  }
}

// ── Read ────────────────────────────────────────────────────────────────────────────────────────

interface ReadOptions extends WriteOptions {
  readonly entry: number;
  readonly identity: string;
  readonly purpose: ReadPurpose;
}

function readCommand(): Command {
  return addWriteOptions(
    new Command('read')
      .description(
        'Read what you are cleared for. That you did is in the access log before you can.',
      )
      .requiredOption(
        '--entry <n>',
        'the entry with the seal (beamkeeper seal list)',
        wholeNumberWithin('--entry', 0, Number.MAX_SAFE_INTEGER),
      )
      .requiredOption('--identity <file>', 'your age identity, whose recipient is in the roster')
      .requiredOption(
        '--purpose <kind:about>',
        'order:ID, review:ORDER, duty:SEAT or duty:ROLE',
        parsePurpose,
      ),
  )
    .addHelpText(
      'after',
      `
Where a server runs on the folder, ask the server: one process writes. An answer "nothing here" says
nothing about why.

Example:
  beamkeeper seal read --data switch --entry 12 --identity reader.age --key reader.key --purpose duty:auditor`,
    )
    .action(read);
}

function parsePurpose(text: string): ReadPurpose {
  const [, kind, about] = /^(order|review|duty):(.+)$/.exec(text) ?? [];
  if (kind === undefined || about === undefined) {
    throw new BeamkeeperError(
      'OPTION',
      `--purpose "${text}" is no order:ID, review:ORDER, duty:SEAT or duty:ROLE`,
    );
  }
  return { kind: kind as ReadPurpose['kind'], about };
}

function read(options: ReadOptions): Promise<void> {
  const { entry: entryIndex, purpose, data: dataFolder, json } = options;
  return withSigner(options, async (store, signer) => {
    const identity = await readAgeIdentity(options.identity);
    const folders = { dataFolder, keysFolder: keysFolderOf(options) };
    const { readByPolicy } = await import('../../store/cedarEngine.ts');
    const release = await openReleaseService(store, folders, readByPolicy);
    const asked = { entryIndex, person: signer.name, purpose };
    const request = await signReadRequest(signer, asked, store.nowMs(), randomBytes);
    const released = await release.read(request);
    const body = store.entries[entryIndex].entry.body as Order;
    const seal = (store.state.seals.get(released.sealId) as SealRecord).seal;
    const groups = await openReleased(seal, released, identity);
    const portions = groups.flatMap(group => group.portions);
    revealBody(nodeSha256, body, portions);
    if (json) {
      printJson({
        command: 'seal read',
        entry: entryIndex,
        accessEntry: released.accessIndex,
        portions: groups.flatMap(({ marking, portions: own }) =>
          own.map(({ name, value, disclosure }) => ({ name, value, marking, disclosure })),
        ),
      });
      return;
    }
    print(
      [
        `Entry ${released.accessIndex} of the access log says that you read; checked against entry ${entryIndex}:`,
        ...groups.flatMap(({ marking, portions: own }) =>
          own.map(({ name, value }) => {
            const text = typeof value === 'string' ? value : JSON.stringify(value);
            return `  [${markingText(marking)}] ${name}: ${text}`;
          }),
        ),
      ].join('\n'),
    );
  });
}

function openDueCommand(): Command {
  return addKeysFolder(
    addFolderOptions(
      new Command('open-due').description(
        'Publish sealed territories whose 30 days are over. A running server does it by itself.',
      ),
    ),
  )
    .addHelpText('after', '\nExample:\n  beamkeeper seal open-due --data switch')
    .action((options: FolderOptions & { keys?: string }) =>
      withSwitch(options, async store => {
        const folders = { dataFolder: options.data, keysFolder: keysFolderOf(options) };
        const { opened, failed } = await (await openReleaseService(store, folders)).openDue();
        if (options.json) printJson({ command: 'seal open-due', opened, failed });
        else print(`${opened.length} opened${failed.map(id => `\nnot opened: ${id}`).join('')}`);
        if (failed.length > 0) process.exitCode = 1;
      }),
    );
}

// ── Look ────────────────────────────────────────────────────────────────────────────────────────

const LEVELS = ['public', 'confidential', 'secret', 'top secret'];

function markingText({ level, compartments, releasableTo }: Marking): string {
  const to = releasableTo ? [`to ${releasableTo.join(', ') || 'nobody'}`] : [];
  return [LEVELS[level], ...compartments, ...to].join(' / ');
}

function listCommand(): Command {
  return addFolderOptions(
    new Command('list').description('Every seal: by whom, why, how high, and until when.'),
  )
    .addHelpText('after', '\nExample:\n  $ beamkeeper seal list')
    .action(list);
}

async function list({ data, json }: FolderOptions): Promise<void> {
  const { state } = (await readSwitch(data)).control;
  const nowMs = Math.max(Date.now(), state.timeMs);
  const rows = [...state.seals.values()].map(record => ({
    entry: record.carrier.seq,
    seal: record.seal.id,
    banner: markingText(record.seal.banner),
    authority: record.seal.authority,
    second: record.seal.second.person,
    reason: record.seal.reason,
    state: stateOf(state, record, nowMs),
    reviewBy: new Date(record.reviewByMs).toISOString(),
    opened: [...record.opened.keys()],
  }));
  if (json) {
    printJson({ command: 'seal list', seals: rows });
    return;
  }
  if (rows.length === 0) {
    print('Nothing is sealed.');
    return;
  }
  const columns = wordColumns('entry', 'banner', 'authority', 'reason', 'state', 'review by');
  const cells = rows.map(row => [
    String(row.entry),
    row.banner,
    row.authority,
    row.reason,
    row.state,
    row.reviewBy.slice(0, 10),
  ]);
  print(textTable(columns, cells).join('\n'));
}

function stateOf(state: ControlState, record: SealRecord, nowMs: number): string {
  const { carrier, shredded, reviewByMs, opened } = record;
  if (shredded) return 'shredded';
  const subject =
    carrier.type === 'order/v1' ? state.ballots.get(carrier.hash)?.subject : undefined;
  const order = subject?.type === 'order/v1' ? subject.body : undefined;
  const isHidden = order !== undefined && !order.scope && !opened.has('scope');
  if (isHidden && nowMs >= territoryDueMs(state, order)) return 'territory overdue';
  if (nowMs >= reviewByMs) return 'review overdue';
  if (isHidden) {
    const due = new Date(territoryDueMs(state, order)).toISOString().slice(0, 10);
    return `territory opens ${due}`;
  }
  return 'sealed';
}

function readsCommand(): Command {
  return addFolderOptions(
    new Command('reads').description(
      'Who asked to read what, and why he was let or not. For those who keep the folder.',
    ),
  )
    .addHelpText(
      'after',
      `
The public access log has salted commitments; here they are opened, and checked against it.

Example:
  $ beamkeeper seal reads`,
    )
    .action(reads);
}

async function reads({ data, json }: FolderOptions): Promise<void> {
  const rows = (await readRecords(data)).map(({ index, time, allow, opened }) => ({
    accessEntry: index,
    time,
    allow,
    person: opened?.request.person ?? null,
    entry: opened?.request.entryIndex ?? null,
    purpose: opened ? `${opened.request.purpose.kind}:${opened.request.purpose.about}` : null,
    reasons: [...new Set(opened?.decisions.flatMap(({ reasons }) => reasons))],
  }));
  if (json) {
    printJson({ command: 'seal reads', reads: rows });
    return;
  }
  if (rows.length === 0) {
    print('Nobody has asked to read a sealed part.');
    return;
  }
  const columns = wordColumns('time', 'person', 'entry', 'purpose', 'answer');
  const cells = rows.map(row => [
    row.time,
    row.person ?? '(record missing)',
    row.entry === null ? '' : String(row.entry),
    row.purpose ?? '',
    row.allow ? 'read' : `refused: ${row.reasons.join(', ') || 'not said'}`,
  ]);
  print(textTable(columns, cells).join('\n'));
}
