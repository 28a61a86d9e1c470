import { Command } from 'commander';
import { type Flag, flagsAt, orderStatusAt } from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { plural, whole } from '../../runs/numbers.ts';
import { atomicWrite, checkWritable } from '../../store/atomicWrite.ts';
import { readInputFile } from '../../store/inputFile.ts';
import { logSource } from '../../store/logSource.ts';
import { auditSwitch, type SwitchAudit } from '../../store/switchAudit.ts';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { newestCheckpoint, trustedCheckpoint } from '../../store/trustedCheckpoint.ts';
import {
  formatProofFile,
  openCheckpoint,
  type Policy,
  parsePolicy,
  parseVerifierKey,
  type TileSource,
  TileTree,
  toBase64,
  toHex,
  verifyCheckpoint,
  verifyProofFile,
} from '../../tlog/index.ts';
import { numberWithin, wholeNumberWithin } from '../optionValues.ts';
import { print, printJson } from '../output.ts';
import { createProgressLine } from '../progressLine.ts';

const MAX_FILE_BYTES = 1 << 20;
const SECONDS_A_DAY = 86_400;

interface TrustOptions {
  readonly key?: string;
  readonly policy?: string;
  readonly maxAge?: number;
}

/** Whom the verifier believes, and how he came to. */
interface Trust {
  readonly policy: Policy;
  readonly warning: string | null;
}

export function ledgerCommand(): Command {
  return new Command('ledger')
    .description('Check a tamper-evident log from its public files: no server, no account.')
    .addCommand(verifyCommand())
    .addCommand(proveCommand())
    .addCommand(checkCommand());
}

function addTrust(command: Command): Command {
  return command
    .option('--key <vkey>', "the log's verifier key, got by another way than the log")
    .option('--policy <file>', 'log keys, witnesses and quorum (C2SP tlog-policy)')
    .option(
      '--max-age <days>',
      'the newest cosignature of a witness may be no older (default: any age)',
      numberWithin('--max-age', 0, 36_500, 'days'),
    );
}

function verifyCommand(): Command {
  const command = new Command('verify')
    .description(
      'Every entry, tile and root; of a switch every signature, vote, quorum and impact report too.',
    )
    .argument('<log>', 'folder or URL that holds checkpoint and tile/');
  return addTrust(command)
    .option('--previous <file>', 'a checkpoint seen before: the log must extend it')
    .option('--json', 'the result as JSON on standard output')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      `
Exit codes: 0 all agrees, 1 something does not, 2 bad input.

Examples:
  $ beamkeeper ledger verify data/ledger/orders --policy trust.txt
  $ beamkeeper ledger verify data/ledger/orders --json

A policy is a text file: "log <vkey>", "witness <name> <vkey>", "quorum <name>" or "quorum none". In the
place of the folder a URL will do: https://example.org/orders`,
    )
    .action(verify);
}

async function verify(
  place: string,
  options: TrustOptions & { previous?: string; json?: boolean; quiet?: boolean },
): Promise<void> {
  const source = logSource(place);
  const { policy, warning } = await trustOf(options, source, place);
  const trusted = await trustedCheckpoint(source, policy, place, timesOf(options));
  const { note, accepted, unwitnessedCount } = trusted;
  const verifiers = policy.logs.map(({ key }) => key);
  const previousNote =
    options.previous === undefined ? undefined : await readText(options.previous);
  const previous =
    previousNote === undefined
      ? undefined
      : await openCheckpoint(previousNote, accepted.origin, verifiers);
  const progress = createProgressLine('entries', options.quiet === true || options.json === true);
  const { size, root, entryBytes, control } = await auditSwitch({
    source,
    origin: accepted.origin,
    verifiers,
    checkpoint: note,
    previous,
    onProgress: progress.update,
  }).finally(progress.clear);
  const witnesses = accepted.cosigners.length;
  const now = new Date().toISOString();
  const flags = control ? flagsAt(control.state, laterOf(now, control.state.timeMs)) : [];
  const mismatches = control?.decisions.mismatches ?? [];
  const warnings = [
    ...(warning === null ? [] : [warning]),
    ...(unwitnessedCount > 0
      ? [
          `the newest ${plural(unwitnessedCount, 'entry is', 'entries are')} not cosigned yet, and left out`,
        ]
      : []),
    ...(control?.missingImpacts ?? []).map(
      index => `the impact report of entry ${index} is not beside the log: not compared`,
    ),
    ...mismatches.map(({ seq, what }) => `the decision of entry ${seq} does not replay: ${what}`),
  ];
  // The log is whole, but somebody wrote into it that the policies said what they do not say.
  if (mismatches.length > 0) process.exitCode = 1;
  if (options.json) {
    printJson({
      command: 'ledger verify',
      log: place,
      origin: accepted.origin,
      size,
      root: toBase64(root),
      entryBytes,
      witnesses,
      previousSize: previous?.size ?? null,
      isValid: mismatches.length === 0,
      switch: control && {
        signatures: control.signatureCount,
        impactReports: control.impactCount,
        orders: [...control.state.ballots.keys()].map(hash => ({
          hash,
          status: orderStatusAt(control.state, hash, laterOf(now, control.state.timeMs)),
        })),
        ineffective: control.state.ineffective,
        decisions: control.decisions,
        flags,
      },
      warnings,
    });
    return;
  }
  print(
    [
      `${accepted.origin}: ${plural(size, 'entry', 'entries')}, ${whole(entryBytes)} bytes, root ${toBase64(root)}`,
      `Every entry, every tile and the root agree with the signed checkpoint${witnesses === 0 ? '' : `, cosigned by ${plural(witnesses, 'witness', 'witnesses')}`}.`,
      ...(previous === undefined
        ? []
        : [
            `It extends the checkpoint of ${plural(previous.size, 'entry', 'entries')} seen before.`,
          ]),
      ...(control ? switchLines(control, flags) : []),
      ...warnings.map(text => `! ${text}`),
    ].join('\n'),
  );
}

/** What a log that is a switch's was found to say, beyond its hashes. */
function switchLines(
  { state, signatureCount, impactCount, decisions }: NonNullable<SwitchAudit['control']>,
  flags: readonly Flag[],
): string[] {
  const { ineffective } = state;
  return [
    `Every signature (${whole(signatureCount)}), quorum, declaration and impact report (${whole(impactCount)}) was checked again from the entries.`,
    ...(decisions.count === 0
      ? []
      : [`${plural(decisions.count, 'decision', 'decisions')} of the policies replayed.`]),
    ...(ineffective.length === 0
      ? []
      : [`In the log but without effect, ${plural(ineffective.length, 'entry', 'entries')}:`]),
    ...ineffective.map(({ seq, type, reason }) => `  entry ${seq} ${type}: ${reason}`),
    ...(flags.length === 0 ? [] : ['Flags up now:']),
    ...flags.map(
      ({ flag, subject, days }) => `  ${flag} ${subject}, ${plural(days, 'day', 'days')}`,
    ),
  ];
}

/** The clock of the reader, but never before the last entry. */
function laterOf(now: string, timeMs: number): string {
  return new Date(Math.max(Date.parse(now), timeMs)).toISOString();
}

function proveCommand(): Command {
  const command = new Command('prove')
    .description('Write one entry and its proof file, which anyone checks offline.')
    .argument('<entry>', 'index, from 0', wholeNumberWithin('entry', 0, Number.MAX_SAFE_INTEGER))
    .requiredOption('--log <place>', 'folder or URL that holds checkpoint and tile/')
    .option('--out <file>', 'the proof; the entry goes beside it (default: entry-N.tlog-proof)');
  return addTrust(command)
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper ledger prove 17 --log data/ledger/orders
  $ beamkeeper ledger prove 17 --log data/ledger/orders --policy trust.txt --out story.tlog-proof`,
    )
    .action(prove);
}

async function prove(
  index: number,
  options: TrustOptions & { log: string; out?: string },
): Promise<void> {
  const path = options.out ?? `entry-${index}.tlog-proof`;
  const entryPath = entryFileOf(path);
  await checkWritable(path);
  await checkWritable(entryPath);
  const source = logSource(options.log);
  const { policy, warning } = await trustOf(options, source, options.log);
  // What witnesses cosigned convinces more than what is newest.
  const witnessed = await source.read('checkpoint.witnessed');
  const times = timesOf(options);
  let { note } = await trustedCheckpoint(source, policy, options.log, times);
  if (witnessed !== undefined) {
    const candidate = new TextDecoder().decode(witnessed);
    const { size } = await verifyCheckpoint(policy, candidate, times);
    if (index < size) note = candidate;
  }
  const { size, origin } = await verifyCheckpoint(policy, note, times);
  if (index >= size) {
    throw new BeamkeeperError(
      'ENTRY',
      `${options.log}: has ${plural(size, 'entry', 'entries')}, so there is no entry ${index}`,
    );
  }
  const tree = new TileTree(nodeSha256, source, size);
  const entry = await tree.entry(index);
  const proof = formatProofFile({
    index,
    proof: await tree.inclusionProof(index),
    checkpoint: note,
  });
  // A proof that does not hold is never written.
  await verifyProofFile(nodeSha256, policy, entry, proof, times);
  await atomicWrite(entryPath, entry);
  await atomicWrite(path, proof);
  print(
    [
      `${origin}: entry ${index} of ${whole(size)}`,
      `Wrote ${path} and ${entryPath}`,
      ...(warning === null ? [] : [`! ${warning}`]),
    ].join('\n'),
  );
}

function checkCommand(): Command {
  const command = new Command('check')
    .description('Check one entry against its proof file: no log, no network.')
    .argument('<proof>', 'a .tlog-proof file')
    .option(
      '--entry <file>',
      'the entry, byte for byte (default: the .entry file beside the proof)',
    );
  return addTrust(command)
    .option('--json', 'the result as JSON on standard output')
    .addHelpText(
      'after',
      `
A key or a policy is required: a proof file that brings its own would prove nothing.

Examples:
  $ beamkeeper ledger check story.tlog-proof --policy trust.txt
  $ beamkeeper ledger check story.tlog-proof --entry story.entry --policy trust.txt --json`,
    )
    .action(check);
}

async function check(
  path: string,
  options: TrustOptions & { entry?: string; json?: boolean },
): Promise<void> {
  if (options.key === undefined && options.policy === undefined) {
    throw new BeamkeeperError('TRUST', 'give --key or --policy: whose log do you trust?');
  }
  const proof = await readText(path);
  const entry = await readInputFile(options.entry ?? entryFileOf(path), {
    maxBytes: MAX_FILE_BYTES,
  });
  const { policy } = await trustOf(options, null, path);
  const proven = await verifyProofFile(nodeSha256, policy, entry, proof, timesOf(options));
  const { origin, size, cosigners } = proven.checkpoint;
  if (options.json) {
    printJson({
      command: 'ledger check',
      origin,
      index: proven.index,
      size,
      leafHash: toHex(proven.leafHash),
      witnesses: cosigners.length,
      isValid: true,
    });
    return;
  }
  print(
    `The entry is number ${proven.index} of ${origin}, signed at ${plural(size, 'entry', 'entries')}${cosigners.length === 0 ? '' : ` and cosigned by ${plural(cosigners.length, 'witness', 'witnesses')}`}.`,
  );
}

/** `story.tlog-proof` goes with `story.entry`. */
function entryFileOf(path: string): string {
  return `${path.replace(/\.tlog-proof$/, '')}.entry`;
}

async function trustOf(
  options: TrustOptions,
  source: TileSource | null,
  place: string,
): Promise<Trust> {
  if (options.key !== undefined && options.policy !== undefined) {
    throw new BeamkeeperError('TRUST', '--key and --policy both say whom to trust; give one');
  }
  if (options.policy !== undefined) {
    return { policy: parsePolicy(nodeSha256, await readText(options.policy)), warning: null };
  }
  if (options.key !== undefined) {
    parseVerifierKey(nodeSha256, options.key);
    return { policy: bareTrust(options.key), warning: null };
  }
  const keys = await source?.read('vkeys');
  const [key] = keys === undefined ? [] : new TextDecoder().decode(keys).trim().split(/\s+/);
  if (key === undefined) {
    if (source) await newestCheckpoint(source, place);
    throw new BeamkeeperError(
      'TRUST',
      `${place}: has no file vkeys; give the log's key with --key, or --policy`,
    );
  }
  return {
    policy: bareTrust(key),
    warning: `the key ${key} was taken from the log itself: this shows that the log agrees with itself, not whose it is; give --key or --policy`,
  };
}

function bareTrust(key: string): Policy {
  return parsePolicy(nodeSha256, `log ${key}\nquorum none\n`);
}

function timesOf({ maxAge }: TrustOptions): { nowSeconds: number; maxAgeSeconds?: number } {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return maxAge === undefined
    ? { nowSeconds }
    : { nowSeconds, maxAgeSeconds: maxAge * SECONDS_A_DAY };
}

async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readInputFile(path, { maxBytes: MAX_FILE_BYTES }));
}
