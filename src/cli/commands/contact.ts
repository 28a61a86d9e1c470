import { Command } from 'commander';
import {
  AFFILIATIONS,
  type Affiliation,
  type Marking,
  REVIEW_DAYS,
  SEAL_REASONS,
  type SealReason,
  signBody,
  type UnsignedBody,
} from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { collect, oneOf } from '../optionValues.ts';
import { parsePart, type SealTermOptions, sealDraft } from '../sealDraft.ts';
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
  readonly seal: readonly [string, Marking][];
  readonly because?: SealReason;
  readonly authority?: string;
  readonly second?: string;
  readonly reviewBy?: string;
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
    .option(
      '--seal <name=marking>',
      'kept back, and how high: asked=2, channel=1, answered=3:ALPHA (repeatable)',
      collect(parsePart('--seal')),
      [],
    )
    .option(
      '--because <reason>',
      `why it is sealed: ${SEAL_REASONS.join(', ')}`,
      oneOf('--because', SEAL_REASONS),
    )
    .option('--authority <seat>', 'on whose authority it is sealed')
    .option('--second <file>', 'signing key of the second person, without whom nothing is sealed')
    .option(
      '--review-by <instant>',
      `when the seal must be looked at again (default: in ${REVIEW_DAYS} days)`,
      instantOption('--review-by'),
    )
    .addHelpText(
      'after',
      `
Sealed can be what was said, and where; never who it was by role, when, what it was about, how late.

Example:
  $ beamkeeper contact disclose --id call-1 --with "an envoy" --affiliation government --channel call --from 2026-11-20T09:00:00Z --territory URY --asked "that it stay dark" --key owner.key`,
    )
    .action(disclose);
}

async function disclose(options: ContactOptions): Promise<void> {
  const { because, authority, second } = options;
  const isSealed = options.seal.length > 0;
  const terms = because !== undefined && authority !== undefined && second !== undefined;
  if (isSealed !== terms || (!isSealed && (because ?? authority ?? second) !== undefined)) {
    throw new BeamkeeperError('OPTION', '--seal, --because, --authority and --second go together');
  }
  await withSigner(options, async (store, signer) => {
    const { asked, offered, answered, lateReason, corrects } = options;
    const said: UnsignedBody<'contact/v1'> = {
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
    };
    const body = await signBody(
      signer,
      'contact/v1',
      because !== undefined && authority !== undefined && second !== undefined
        ? await sealedContact(said, options.seal, { ...options, because, authority, second })
        : said,
    );
    const recorded = await store.record('contact/v1', body);
    const { isLate = false, dueMs = 0 } = store.state.contacts.get(options.id) ?? {};
    const due = new Date(dueMs).toISOString();
    reportRecorded(options, 'contact disclose', recorded, { isLate, due }, [
      isLate ? `Late: it was due by ${due}, which everybody sees.` : `In time (due by ${due}).`,
    ]);
  });
}

async function sealedContact(
  said: UnsignedBody<'contact/v1'>,
  parts: readonly [string, Marking][],
  terms: SealTermOptions,
): Promise<UnsignedBody<'contact/v1'>> {
  const { body, seal } = await sealDraft('contact/v1', said, parts, terms);
  return { ...body, seal };
}
