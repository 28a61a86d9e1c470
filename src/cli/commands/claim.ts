import { Command } from 'commander';
import { claimStatus, type Source, STANCES, type Stance } from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { readSwitch } from '../../store/readSwitch.ts';
import { collect, oneOf, wholeNumberWithin } from '../optionValues.ts';
import { print, printJson } from '../output.ts';
import {
  addFileOptions,
  addFolderOptions,
  type FileOptions,
  type FolderOptions,
  instantOption,
  reportRecorded,
  withSwitch,
} from '../switchOptions.ts';
import { textTable, wordColumns } from '../textTable.ts';

export function claimCommand(): Command {
  return new Command('claim')
    .description(
      'Who said what: claims with their sources, denials, and a status that is computed.',
    )
    .addCommand(addCommand())
    .addCommand(sourceCommand())
    .addCommand(stanceCommand())
    .addCommand(listCommand());
}

function addCommand(): Command {
  return addFileOptions(
    new Command('add').description(
      'Record a claim. Its text never changes; all else is added to it.',
    ),
  )
    .requiredOption('--id <id>', 'what to call it')
    .requiredOption('--text <sentence>', 'what is claimed')
    .requiredOption('--by <role>', 'who made it')
    .option(
      '--about <party>',
      'whom it is about; they may deny it (repeatable)',
      collect(text => text),
      [],
    )
    .requiredOption('--at <instant>', 'when it first appeared', instantOption('--at'))
    .requiredOption('--where <text>', 'where it first appeared')
    .option('--replaces <claim>', 'an earlier claim of the same originator')
    .option('--order <order>', 'id or hash of the order that it speaks of')
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper claim add --id favour --text "Service was kept off as a favour." --by "a newspaper" --about "the owner" --at 2026-01-10T00:00:00Z --where "a report"`,
    )
    .action(
      (
        options: FileOptions & {
          id: string;
          text: string;
          by: string;
          about: string[];
          at: string;
          where: string;
          replaces?: string;
          order?: string;
        },
      ) =>
        withSwitch(options, async store => {
          const recorded = await store.record('claim/v1', {
            id: options.id,
            text: options.text,
            originator: options.by,
            about: options.about,
            firstAppearance: { at: options.at, where: options.where },
            ...(options.replaces !== undefined && { replaces: options.replaces }),
            ...(options.order !== undefined && { orderLink: options.order }),
          });
          reportStatus(options, 'claim add', recorded, store.state, options.id);
        }),
    );
}

function sourceCommand(): Command {
  return addFileOptions(
    new Command('source')
      .description('Record that a source carries a claim, with reliability and credibility apart.')
      .argument('<claim>', 'its id'),
  )
    .requiredOption('--source <id>', 'what to call the source')
    .requiredOption('--role <text>', 'who it is, by role')
    .requiredOption(
      '--reliability <letter>',
      'of the source, A (reliable) to F (cannot be judged)',
      oneOf('--reliability', ['A', 'B', 'C', 'D', 'E', 'F'] as const),
    )
    .requiredOption(
      '--credibility <n>',
      'of the item, 1 (confirmed) to 6 (cannot be judged)',
      wholeNumberWithin('--credibility', 1, 6),
    )
    .option(
      '--mode <word>',
      'primary, quoted, attributed or on_behalf_of',
      oneOf('--mode', ['primary', 'quoted', 'attributed', 'on_behalf_of'] as const),
      'primary' as const,
    )
    .option('--draws-on <source>', 'the source that it repeats: they count as one')
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper claim source claim-1 --source paper-a --role "a newspaper" --reliability B --credibility 2`,
    )
    .action(addSource);
}

async function addSource(
  claim: string,
  options: FileOptions & {
    source: string;
    role: string;
    reliability: Source['reliability'];
    credibility: number;
    mode: 'primary' | 'quoted' | 'attributed' | 'on_behalf_of';
    drawsOn?: string;
  },
): Promise<void> {
  await withSwitch(options, async store => {
    const { claims, sources, attributions } = store.state.claims;
    if (!claims.has(claim)) throw new BeamkeeperError('CLAIM', `no claim ${claim} in the log`);
    const parent = [...attributions.values()].find(
      a => a.claim === claim && a.source === options.drawsOn,
    );
    if (options.drawsOn !== undefined && !parent) {
      throw new BeamkeeperError('CLAIM', `${options.drawsOn} carries no claim ${claim}`);
    }
    if (!sources.has(options.source)) {
      await store.record('source/v1', {
        id: options.source,
        role: options.role,
        reliability: options.reliability,
      });
    }
    const recorded = await store.record('attribution/v1', {
      id: `${claim}-${options.source}`,
      claim,
      source: options.source,
      ...(parent && { parent: parent.id }),
      mode: options.mode,
      credibility: options.credibility,
    });
    reportStatus(options, 'claim source', recorded, store.state, claim);
  });
}

function stanceCommand(): Command {
  return addFileOptions(
    new Command('stance')
      .description('Record what a party says of a claim: affirms, denies, will not comment.')
      .argument('<claim>', 'its id'),
  )
    .requiredOption('--party <role>', 'who takes it')
    .requiredOption('--stance <word>', STANCES.join(', '), oneOf('--stance', STANCES))
    .requiredOption('--at <instant>', 'when', instantOption('--at'))
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper claim stance claim-1 --party "the owner" --stance deny_flat --at 2026-01-11T00:00:00Z`,
    )
    .action(
      (
        claim: string,
        options: FileOptions & { party: string; stance: Stance['stance']; at: string },
      ) =>
        withSwitch(options, async store => {
          const { party, stance, at } = options;
          const recorded = await store.record('stance/v1', {
            claim,
            party,
            stance,
            at,
            evidence: [],
          });
          reportStatus(options, 'claim stance', recorded, store.state, claim);
        }),
    );
}

type State = Parameters<typeof claimStatus>[0];

function reportStatus(
  options: FolderOptions,
  command: string,
  recorded: Parameters<typeof reportRecorded>[2],
  state: State,
  claim: string,
): void {
  const status = claimStatus(state, claim);
  reportRecorded(options, command, recorded, { claim, status }, [`${claim} is now: ${status}`]);
}

function listCommand(): Command {
  return addFolderOptions(new Command('list').description('All claims with their status.'))
    .addHelpText('after', '\nExample:\n  $ beamkeeper claim list')
    .action(async ({ data, json }: FolderOptions) => {
      const { state } = (await readSwitch(data)).control;
      const rows = [...state.claims.claims.values()].map(claim => ({
        ...claim,
        status: claimStatus(state, claim.id),
      }));
      if (json) printJson({ command: 'claim list', claims: rows });
      else if (rows.length === 0) print('No claim is recorded.');
      else {
        const cells = rows.map(({ id, status, originator, text }) => [
          id,
          status ?? '',
          originator,
          text,
        ]);
        print(textTable(wordColumns('claim', 'status', 'by', 'text'), cells).join('\n'));
      }
    });
}
