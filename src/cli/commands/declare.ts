import { Command } from 'commander';
import {
  attest,
  type Declaration,
  type Originator,
  REASON_CODES,
  type ReasonCode,
} from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { atomicWrite, checkWritable } from '../../store/atomicWrite.ts';
import { readSwitch } from '../../store/readSwitch.ts';
import { readSigningKey } from '../../store/signingKey.ts';
import { findBallot } from '../findBallot.ts';
import { collect, oneOf, wholeNumberWithin } from '../optionValues.ts';
import { print, printJson } from '../output.ts';
import { parseOriginator } from '../parseOriginator.ts';
import {
  addFileOptions,
  addFolderOptions,
  type FileOptions,
  type FolderOptions,
  readJsonFile,
  reportRecorded,
  withSwitch,
} from '../switchOptions.ts';

const DAY_MS = 86_400_000;
const DEFAULT_TEXT =
  'I have made enquiry; no request, contact or interest bears on this other than those listed.';

export function declareCommand(): Command {
  return new Command('declare')
    .description('Say why a territory is off or restricted: signed by two seats, and it expires.')
    .addCommand(draftCommand())
    .addCommand(signCommand())
    .addCommand(fileCommand());
}

interface DraftOptions extends FolderOptions {
  readonly territory: readonly string[];
  readonly restricted?: boolean;
  readonly reason: ReasonCode;
  readonly days: number;
  readonly alternative: readonly string[];
  readonly asked: readonly Originator[];
  readonly order?: string;
  readonly out: string;
}

function draftCommand(): Command {
  return addFolderOptions(
    new Command('draft').description('Write a declaration as a file, for its signers.'),
  )
    .requiredOption(
      '--territory <id>',
      'as in beamkeeper switch show (repeatable)',
      collect(text => text),
      [],
    )
    .option('--restricted', 'restricted; else off')
    .requiredOption('--reason <code>', REASON_CODES.join(', '), oneOf('--reason', REASON_CODES))
    .option('--days <n>', 'valid so long', wholeNumberWithin('--days', 1, 90), 30)
    .option(
      '--alternative <text>',
      'another explanation considered',
      collect(text => text),
      [],
    )
    .option(
      '--asked <link>',
      'who asked: "party=…; capacity=…; channel=…[; for=…][; contact=…]" (repeatable)',
      collect(parseOriginator),
      [],
    )
    .option('--order <order>', 'the executed order to withhold, where somebody asked')
    .option('--out <file>', 'where to write it', 'declaration.json')
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper declare draft --territory URY --reason unlicensed`,
    )
    .action(draft);
}

async function draft(options: DraftOptions): Promise<void> {
  await checkWritable(options.out);
  const { state } = (await readSwitch(options.data)).control;
  const nowMs = Date.now();
  const declaration: Declaration = {
    id: `declaration-${options.territory.join('-')}-${state.size}`,
    scopes: options.territory.map(id => {
      const version = state.latestVersions.get(id);
      if (version === undefined) {
        const known = [...state.latestVersions.keys()].join(', ');
        throw new BeamkeeperError('TERRITORY', `--territory ${id}: the log has ${known}`);
      }
      return {
        territory: { id, version },
        terminals: { kind: 'all' },
        constraint: options.restricted ? { kind: 'limits' } : { kind: 'off' },
        exceptions: [],
        band: 'inside',
      };
    }),
    state: options.restricted ? 'restricted' : 'off',
    reason: options.reason,
    evidence: [],
    alternatives: options.alternative,
    originators: options.asked,
    ...(options.order !== undefined && { orderHash: findBallot(state, options.order).hash }),
    validUntil: new Date(nowMs + options.days * DAY_MS).toISOString(),
    attestations: [],
  };
  await atomicWrite(options.out, `${JSON.stringify(declaration, null, 2)}\n`);
  if (options.json) printJson({ command: 'declare draft', file: options.out, declaration });
  else {
    print(
      `Wrote ${options.out}. Two people of different seats sign it: beamkeeper declare sign ${options.out} --seat SEAT --key YOUR.key`,
    );
  }
}

function signCommand(): Command {
  return new Command('sign')
    .description('Put your name to a declaration; the file then carries your attestation.')
    .argument('<file>', 'from beamkeeper declare draft')
    .requiredOption('--seat <seat>', 'that you hold')
    .requiredOption('--key <file>', 'your signing key (beamkeeper keys new)')
    .option('--text <sentence>', 'what you attest', DEFAULT_TEXT)
    .option('--json', 'the result as JSON on standard output')
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper declare sign declaration.json --seat operator.legal --key legal.key`,
    )
    .action(
      async (
        path: string,
        options: { seat: string; key: string; text: string; json?: boolean },
      ) => {
        const signer = await readSigningKey(options.key);
        const declaration = (await readJsonFile(path)) as unknown as Declaration;
        if (!Array.isArray(declaration.attestations)) {
          throw new BeamkeeperError('DECLARATION', `${path}: is no declaration (no attestations)`);
        }
        const attestation = { text: options.text, signer: signer.name, seat: options.seat };
        const signed = await attest(signer, declaration, attestation);
        await atomicWrite(path, `${JSON.stringify(signed, null, 2)}\n`);
        const count = signed.attestations.length;
        if (options.json) printJson({ command: 'declare sign', file: path, signatures: count });
        else print(`${path}: signed by ${signed.attestations.map(a => a.signer).join(', ')}`);
      },
    );
}

function fileCommand(): Command {
  return addFileOptions(
    new Command('file')
      .description('Put a signed declaration into the log.')
      .argument('<file>', 'signed by two'),
  )
    .addHelpText(
      'after',
      `
Example:
  $ beamkeeper declare file signed.json`,
    )
    .action((path: string, options: FileOptions) =>
      withSwitch(options, async store => {
        const declaration = (await readJsonFile(path)) as unknown as Declaration;
        const recorded = await store.record('declaration/v1', declaration);
        reportRecorded(options, 'declare file', recorded, {}, [
          `Valid until ${declaration.validUntil}; then everybody sees that it is not renewed.`,
        ]);
      }),
    );
}
