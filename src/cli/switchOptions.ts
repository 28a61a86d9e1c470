import type { Command } from 'commander';
import { BeamkeeperError } from '../orbits/index.ts';
import { readInputFile } from '../store/inputFile.ts';
import { readSigningKey } from '../store/signingKey.ts';
import { openSwitch, type Recorded, type SwitchStore } from '../store/switchStore.ts';
import type { KeyedSigner } from '../tlog/index.ts';
import { print, printJson } from './output.ts';

const MAX_BYTES = 4 << 20;

export interface FolderOptions {
  readonly data: string;
  readonly json?: boolean;
}
/** Commands that put an entry into the log. */
export interface FileOptions extends FolderOptions {
  readonly keys?: string;
  readonly witnesses?: string;
}
/** Commands that sign what they put into the log. */
export interface WriteOptions extends FileOptions {
  readonly key: string;
}

/** Commands that only read the switch. */
export function addFolderOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'the data folder of the switch', 'switch')
    .option('--json', 'the result as JSON on standard output');
}

export function addFileOptions(command: Command): Command {
  return addFolderOptions(command)
    .option(
      '--keys <folder>',
      "the folder of the log's own keys (default: the data folder + -keys)",
    )
    .option(
      '--witnesses <file>',
      'witness, group and quorum lines (C2SP tlog-policy): asked to cosign',
    );
}

export function addWriteOptions(command: Command): Command {
  return addFileOptions(command).requiredOption(
    '--key <file>',
    'your signing key (beamkeeper keys new)',
  );
}

/** `switch-keys` goes with `switch`: another folder, best on another volume. */
export function keysFolderOf({ data, keys }: Pick<FileOptions, 'data' | 'keys'>): string {
  return keys ?? `${data.replace(/\/+$/, '')}-keys`;
}

/** Opens the switch for writing, does something to it, and closes it whatever comes. */
export async function withSwitch<R>(
  options: FileOptions,
  work: (store: SwitchStore) => Promise<R>,
): Promise<R> {
  const store = await openSwitch({
    dataFolder: options.data,
    keysFolder: keysFolderOf(options),
    ...(options.witnesses !== undefined && { witnessPolicy: await readText(options.witnesses) }),
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The same with the user's own key. */
export async function withSigner<R>(
  options: WriteOptions,
  work: (store: SwitchStore, signer: KeyedSigner) => Promise<R>,
): Promise<R> {
  const signer = await readSigningKey(options.key);
  return withSwitch(options, store => work(store, signer));
}

/** Says what is now in the log. */
export function reportRecorded(
  { json }: FolderOptions,
  command: string,
  { index, entry }: Recorded,
  more: Readonly<Record<string, unknown>> = {},
  lines: readonly string[] = [],
): void {
  if (json) {
    printJson({
      command,
      index,
      type: entry.type,
      time: entry.time,
      subject: entry.subject,
      ...more,
    });
    return;
  }
  print([`Entry ${index}: ${entry.type}, ${entry.subject}, ${entry.time}`, ...lines].join('\n'));
}

/** @throws BeamkeeperError `JSON` */
export async function readJsonFile(path: string): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(await readText(path));
  } catch (cause) {
    if (cause instanceof BeamkeeperError) throw cause;
    throw new BeamkeeperError('JSON', `${path}: is no JSON (${(cause as Error).message})`, {
      cause,
    });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new BeamkeeperError('JSON', `${path}: must hold one JSON object`);
  }
  return value as Record<string, unknown>;
}

export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readInputFile(path, { maxBytes: MAX_BYTES }));
}

/** An instant in the log's one spelling, from any that JavaScript reads as UTC. */
export function instantOption(flag: string): (text: string) => string {
  return text => {
    const isZoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text);
    const ms = text === 'now' ? Date.now() : isZoned ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(ms)) return new Date(ms).toISOString();
    throw new BeamkeeperError(
      'INSTANT',
      `${flag} "${text}" is no instant; give UTC like 2026-08-22T12:00:00Z, or now`,
    );
  };
}
