import { Command } from 'commander';
import {
  canonicalJson,
  DEFAULT_POLICIES,
  DEFAULT_RULES,
  type Flag,
  flagsAt,
  type Genesis,
  type Key,
  orderStatusAt,
  type Roster,
  statementDigest,
} from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { beginDemo } from '../../runs/demoInstallation.ts';
import { plural } from '../../runs/numbers.ts';
import { territoryRecord } from '../../runs/territoryRecord.ts';
import { atomicWrite, checkWritable } from '../../store/atomicWrite.ts';
import { readSwitch } from '../../store/readSwitch.ts';
import { openSwitch } from '../../store/switchStore.ts';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { toHex } from '../../tlog/index.ts';
import { collect } from '../optionValues.ts';
import { print, printJson } from '../output.ts';
import {
  addFileOptions,
  addFolderOptions,
  type FileOptions,
  type FolderOptions,
  keysFolderOf,
  readJsonFile,
  readText,
} from '../switchOptions.ts';
import { textTable, wordColumns } from '../textTable.ts';

export function switchCommand(): Command {
  return new Command('switch')
    .description('The switch itself: begin one, see where it stands.')
    .addCommand(genesisCommand())
    .addCommand(beginCommand())
    .addCommand(showCommand());
}

function genesisCommand(): Command {
  return new Command('genesis')
    .description(
      'Write the genesis: roster, keys, rules and territories, for everybody to read first.',
    )
    .requiredOption('--roster <file>', 'JSON: organisations, persons, machines, seats')
    .requiredOption('--verifier-keys <file>', 'of every person and machine, one a line')
    .requiredOption(
      '--territory <code>',
      'one that can be ordered about',
      collect(text => text),
      [],
    )
    .option(
      '--off <code>',
      'a territory without service today',
      collect(text => text),
      [],
    )
    .option('--out <file>', 'where to write it', 'genesis.json')
    .addHelpText(
      'after',
      `
Rules are the default table until a vote changes them. Publish the hash that is printed elsewhere too.

Examples:
  $ beamkeeper switch genesis --roster roster.json --verifier-keys verifier-keys.txt --territory URY --off URY`,
    )
    .action(genesis);
}

async function genesis(options: {
  roster: string;
  verifierKeys: string;
  territory: string[];
  off: string[];
  out: string;
}): Promise<void> {
  await checkWritable(options.out);
  const roster = (await readJsonFile(options.roster)) as unknown as Roster;
  const verifierKeys = (await readText(options.verifierKeys))
    .split('\n')
    .filter(line => line.trim());
  const territories = options.territory.map(code => territoryRecord(code));
  const made: Genesis = {
    roster,
    keys: verifierKeys.map((verifierKey): Key => {
      const holder = verifierKey.split('+')[0];
      return { holder, publicKey: { kind: 'note', verifierKey } };
    }),
    rules: DEFAULT_RULES,
    policySet: DEFAULT_POLICIES,
    territories,
    normal: options.off.map(code => {
      const { id, version } = territoryRecord(code);
      if (!territories.some(one => one.id === id)) {
        throw new BeamkeeperError('OPTION', `--off ${code}: is not among the territories`);
      }
      return { territory: { id, version }, constraint: { kind: 'off' } };
    }),
  };
  await atomicWrite(options.out, `${JSON.stringify(made, null, 2)}\n`);
  print(`Wrote ${options.out}, SHA-256 of its canonical form ${hashOf(made)}`);
}

function hashOf(genesis: Genesis): string {
  return toHex(statementDigest(nodeSha256, { type: 'genesis/v1', text: canonicalJson(genesis) }));
}

function beginCommand(): Command {
  return addFileOptions(
    new Command('begin').description(
      'Begin a switch in an empty folder, with its genesis as entry 0.',
    ),
  )
    .option('--origin <name>', 'what checkpoints call it, such as switch.example.org')
    .option('--genesis <file>', 'from beamkeeper switch genesis')
    .option('--demo', 'made-up people whose keys lie in the keys folder; says so everywhere')
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper switch begin --demo --data trial
  $ beamkeeper switch begin --data mine --origin switch.example.org --genesis genesis.json`,
    )
    .action(begin);
}

async function begin(
  options: FileOptions & { origin?: string; genesis?: string; demo?: boolean },
): Promise<void> {
  const keysFolder = keysFolderOf(options);
  if (options.demo) {
    const { store } = await beginDemo(options.data, keysFolder);
    await store.close();
    report(options, store.orders.verifierKey, `people's keys: ${keysFolder}/people`);
    return;
  }
  if (options.origin === undefined || options.genesis === undefined) {
    throw new BeamkeeperError('OPTION', 'give --origin and --genesis, or --demo');
  }
  const made = (await readJsonFile(options.genesis)) as unknown as Genesis;
  const store = await openSwitch(
    { dataFolder: options.data, keysFolder, origin: options.origin },
    made,
  );
  await store.close();
  report(options, store.orders.verifierKey, `genesis ${hashOf(made)}`);
}

function report({ data, json }: FolderOptions, verifierKey: string, more: string): void {
  if (json) printJson({ command: 'switch begin', data, verifierKey });
  else print(`Began a switch in ${data}; ${more}\nPublish its key: ${verifierKey}`);
}

function showCommand(): Command {
  return addFolderOptions(
    new Command('show').description('Seats, territories, orders and flags, checked from entry 0.'),
  )
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper switch show`,
    )
    .action(show);
}

async function show({ data, json }: FolderOptions): Promise<void> {
  const { audit, control } = await readSwitch(data);
  const { state } = control;
  const now = new Date(Math.max(Date.now(), state.timeMs)).toISOString();
  const flags = flagsAt(state, now);
  const { roster } = state.rosters[state.rosters.length - 1];
  const orders = [...state.ballots.values()].map(({ hash, subject }) => ({
    hash,
    what: subject.type === 'order/v1' ? `${subject.body.kind} ${subject.body.id}` : subject.type,
    status: orderStatusAt(state, hash, now),
  }));
  const territories = [...state.latestVersions].map(([id, version]) => ({
    id,
    version,
    name: state.territories.get(`${id}@${version}`)?.name,
    normal: state.normal.find(n => n.territory.id === id)?.constraint.kind ?? 'none',
  }));
  if (json) {
    printJson({
      command: 'switch show',
      size: audit.size,
      demo: roster.demo,
      seats: roster.seats,
      territories,
      orders,
      ineffective: state.ineffective,
      flags,
    });
    return;
  }
  print(
    [
      `${plural(audit.size, 'entry', 'entries')}, all checked${roster.demo ? '; a demo: its people are made up' : ''}`,
      '',
      ...textTable(
        wordColumns('seat', 'holder', 'alternates'),
        roster.seats.map(({ id, holder, alternates }) => [
          id,
          holder,
          alternates.map(({ person }) => person).join(', '),
        ]),
      ),
      '',
      ...textTable(
        wordColumns('territory', 'name', 'without any order'),
        territories.map(({ id, version, name, normal }) => [
          `${id}@${version}`,
          name ?? '',
          normal === 'none' ? 'on' : normal,
        ]),
      ),
      ...(orders.length === 0
        ? []
        : [
            '',
            ...textTable(
              wordColumns('order or change', 'status', 'hash'),
              orders.map(({ hash, what, status }) => [what, status ?? '', hash]),
            ),
          ]),
      '',
      ...(flags.length === 0 ? ['No flag is up.'] : flags.map(flagLine)),
    ].join('\n'),
  );
}

function flagLine({ flag, subject, days }: Flag): string {
  return `flag ${flag} ${subject}, ${plural(days, 'day', 'days')}`;
}
