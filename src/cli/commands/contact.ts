import { Command } from 'commander';
import { AFFILIATIONS, type Affiliation, signBody } from '../../control/index.ts';
import { collect, oneOf } from '../optionValues.ts';
import {
  addWriteOptions,
  instantOption,
  reportRecorded,
  type WriteOptions,
  withSigner,
} from '../switchOptions.ts';

interface ContactOptions extends WriteOptions {
  readonly id: string;
  readonly with: string;
  readonly affiliation: Affiliation;
  readonly for?: string;
  readonly channel: string;
  readonly initiatedBy: 'reporter' | 'counterparty' | 'intermediary';
  readonly from: string;
  readonly to?: string;
  readonly official?: boolean;
  readonly territory: readonly string[];
  readonly topic: readonly string[];
  readonly asked?: string;
  readonly offered?: string;
  readonly answered?: string;
  readonly lateReason?: string;
  readonly link: readonly string[];
  readonly corrects?: string;
}

export function contactCommand(): Command {
  return new Command('contact')
    .description('Contacts that bear on orders: disclosed by the one who had them.')
    .addCommand(discloseCommand());
}

function discloseCommand(): Command {
  return addWriteOptions(
    new Command('disclose').description(
      'Disclose a contact. After five business days it is late, and everybody sees that.',
    ),
  )
    .requiredOption('--id <id>', 'what to call it')
    .requiredOption('--with <role>', 'the counterparty, by role')
    .requiredOption(
      '--affiliation <word>',
      AFFILIATIONS.join(', '),
      oneOf('--affiliation', AFFILIATIONS),
    )
    .option('--for <role>', 'on whose behalf')
    .requiredOption('--channel <text>', 'call, meeting, letter, …')
    .option(
      '--initiated-by <who>',
      'reporter, counterparty or intermediary',
      oneOf('--initiated-by', ['reporter', 'counterparty', 'intermediary'] as const),
      'counterparty' as const,
    )
    .requiredOption('--from <instant>', 'first time', instantOption('--from'))
    .option('--to <instant>', 'last time (default: the first)', instantOption('--to'))
    .option('--official', 'in office; else private')
    .option(
      '--territory <id>',
      'it was about (repeatable)',
      collect(text => text),
      [],
    )
    .option(
      '--topic <text>',
      'commercial matters it was about (repeatable)',
      collect(text => text),
      [],
    )
    .option('--asked <text>', 'what was asked')
    .option('--offered <text>', 'what was offered')
    .option('--answered <text>', 'what was answered')
    .option('--late-reason <text>', 'why only now')
    .option(
      '--link <id>',
      'an order, territory or declaration (repeatable)',
      collect(text => text),
      [],
    )
    .option('--corrects <id>', 'an earlier disclosure of yours')
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper contact disclose --id call-1 --with "an envoy" --affiliation government --channel call --from 2026-11-20T09:00:00Z --territory URY --asked "that it stay dark" --key owner.key`,
    )
    .action(disclose);
}

async function disclose(options: ContactOptions): Promise<void> {
  await withSigner(options, async (store, signer) => {
    const { asked, offered, answered, lateReason, corrects } = options;
    const body = await signBody(signer, 'contact/v1', {
      id: options.id,
      reporter: signer.name,
      counterparty: { role: options.with, affiliation: options.affiliation },
      ...(options.for !== undefined && { onBehalfOf: options.for }),
      channel: options.channel,
      initiatedBy: options.initiatedBy,
      from: options.from,
      to: options.to ?? options.from,
      present: [],
      official: options.official === true,
      topics: [
        ...options.territory.map(about => ({ kind: 'territory' as const, about })),
        ...options.topic.map(about => ({ kind: 'commercial' as const, about })),
      ],
      ...(asked !== undefined && { asked }),
      ...(offered !== undefined && { offered }),
      ...(answered !== undefined && { answered }),
      ...(lateReason !== undefined && { lateReason }),
      ...(corrects !== undefined && { corrects }),
      links: [...new Set([...options.territory, ...options.link])],
    });
    const recorded = await store.record('contact/v1', body);
    const { isLate = false, dueMs = 0 } = store.state.contacts.get(options.id) ?? {};
    const due = new Date(dueMs).toISOString();
    reportRecorded(options, 'contact disclose', recorded, { isLate, due }, [
      isLate ? `Late: it was due by ${due}, which everybody sees.` : `In time (due by ${due}).`,
    ]);
  });
}
