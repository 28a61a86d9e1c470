import { stat } from 'node:fs/promises';
import { Command } from 'commander';
import {
  type Admission,
  createAdmission,
  doesExtend,
  formatPolicySnapshot,
  readPolicySnapshot,
} from '../../admission/index.ts';
import { CLASSES, type CustomerClass } from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { plural } from '../../runs/numbers.ts';
import { startAdmissionServer, type TerminalPlace } from '../../store/admissionServer.ts';
import { atomicWrite, checkWritable } from '../../store/atomicWrite.ts';
import { readInputFile } from '../../store/inputFile.ts';
import { logSource } from '../../store/logSource.ts';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { newestCheckpoint } from '../../store/trustedCheckpoint.ts';
import { parsePolicy, TileTree } from '../../tlog/index.ts';
import { numberWithin, oneOf, wholeNumberWithin } from '../optionValues.ts';
import { print, printJson } from '../output.ts';
import { instantOption, readText } from '../switchOptions.ts';

const MAX_SNAPSHOT_BYTES = 512e6;
const DEFAULT_PORT = 7301;
const DAY_MS = 86_400_000;
const RELOAD_MS = 5000;

export function admissionCommand(): Command {
  return new Command('admission')
    .description('Decide for terminals, from a policy that is verified offline.')
    .addCommand(snapshotCommand())
    .addCommand(checkCommand())
    .addCommand(serveCommand());
}

function snapshotCommand(): Command {
  return new Command('snapshot')
    .description('Write the log as one file for places that decide by themselves.')
    .option('--log <place>', 'folder or URL of the log', 'switch/ledger/orders')
    .option('--out <file>', 'where to write it', 'policy.snapshot')
    .addHelpText('after', '\nExample:\n  $ beamkeeper admission snapshot')
    .action(async ({ log, out }: { log: string; out: string }) => {
      await checkWritable(out);
      const source = logSource(log);
      const witnessed = await source.read('checkpoint.witnessed');
      const note = witnessed
        ? new TextDecoder().decode(witnessed)
        : await newestCheckpoint(source, log);
      const size = Number(note.split('\n')[1]);
      const tree = new TileTree(nodeSha256, source, size);
      const entries: Uint8Array[] = [];
      for (let i = 0; i < size; i++) entries.push(await tree.entry(i));
      await atomicWrite(out, formatPolicySnapshot(note, entries));
      const cosigned = witnessed ? '' : '; no witness has cosigned it';
      print(`Wrote ${out}: ${plural(size, 'entry', 'entries')}${cosigned}`);
    });
}

interface TrustOptions {
  readonly snapshot: string;
  readonly trust: string;
  readonly maxAge: number;
  readonly whenStale: 'keep' | 'refuse';
}

function addTrust(command: Command): Command {
  return command
    .option('--snapshot <file>', 'from beamkeeper admission snapshot', 'policy.snapshot')
    .requiredOption('--trust <file>', 'log keys, witnesses and quorum (C2SP tlog-policy)')
    .option(
      '--max-age <days>',
      'an older snapshot is stale',
      numberWithin('--max-age', 0, 3650, 'days'),
      7,
    )
    .option(
      '--when-stale <word>',
      'keep: what was decided goes on; refuse: nobody is served',
      oneOf('--when-stale', ['keep', 'refuse'] as const),
      'keep' as const,
    );
}

async function admissionOf({
  snapshot,
  trust,
  maxAge,
  whenStale,
}: TrustOptions): Promise<Admission> {
  const bytes = await readInputFile(snapshot, { maxBytes: MAX_SNAPSHOT_BYTES });
  const read = await readPolicySnapshot(bytes, {
    sha256: nodeSha256,
    trust: parsePolicy(nodeSha256, await readText(trust)),
    nowMs: Date.now(),
  });
  return createAdmission(read, { maxAgeMs: maxAge * DAY_MS, whenStale });
}

interface CheckOptions extends TrustOptions {
  readonly at: string;
  readonly class: CustomerClass;
  readonly terminal?: string;
  readonly speed?: number;
  readonly altitude?: number;
  readonly instant?: string;
  readonly json?: boolean;
}

function checkCommand(): Command {
  return addTrust(
    new Command('check').description(
      'May a terminal be served here, now, at what rate, by which order?',
    ),
  )
    .requiredOption('--at <lat,lon>', 'where, degrees')
    .option('--class <name>', 'whose', oneOf('--class', CLASSES), 'fixed' as const)
    .option('--terminal <id>', 'where a list decides')
    .option('--speed <kmh>', 'how fast it moves', numberWithin('--speed', 0, 40_000, 'km/h'))
    .option('--altitude <m>', 'how high it flies', numberWithin('--altitude', -500, 1e6, 'm'))
    .option('--instant <instant>', 'UTC (default: now)', instantOption('--instant'))
    .option('--json', 'the decision as JSON on standard output')
    .addHelpText(
      'after',
      `
Exit codes: 0 served, 3 not served, 1 the snapshot does not prove itself, 2 bad input.

Example:
  $ beamkeeper admission check --trust switch-trust.txt --at 59.4,24.7`,
    )
    .action(check);
}

async function check(options: CheckOptions): Promise<void> {
  const [latDeg, lonDeg, ...rest] = options.at
    .split(',')
    .map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  if (rest.length > 0 || Number.isNaN(latDeg) || lonDeg === undefined) {
    throw new BeamkeeperError('OPTION', `--at "${options.at}": give LAT,LON in degrees`);
  }
  const admission = await admissionOf(options);
  const { isServed, reason, because, order, maxRateMbps, untilMs } = admission.decide({
    latDeg,
    lonDeg,
    customer: options.class,
    ...(options.terminal !== undefined && { terminal: options.terminal }),
    ...(options.speed !== undefined && { speedKmh: options.speed }),
    ...(options.altitude !== undefined && { altitudeM: options.altitude }),
    atMs: options.instant === undefined ? Date.now() : Date.parse(options.instant),
  });
  const until = Number.isFinite(untilMs) ? new Date(untilMs).toISOString() : null;
  if (options.json) {
    printJson({
      command: 'admission check',
      isServed,
      reason,
      because: because ?? null,
      order: order ?? null,
      maxRateMbps: maxRateMbps ?? null,
      until,
      logSize: admission.snapshot.size,
      witnesses: admission.snapshot.witnesses,
    });
  } else {
    print(
      [
        `${isServed ? 'Served' : 'Not served'}: ${reason}${because === undefined ? '' : `, ${because}`}${maxRateMbps === undefined ? '' : `, at most ${maxRateMbps} Mbit/s`}`,
        ...(order ? [`By order ${order.hash}, executed in entry ${order.entry}`] : []),
        ...(until === null ? [] : [`Until ${until}`]),
      ].join('\n'),
    );
  }
  if (!isServed) process.exitCode = 3;
}

function serveCommand(): Command {
  return addTrust(
    new Command('serve').description(
      'Answer over HTTP, also in the form of FreeRADIUS’ rest module.',
    ),
  )
    .option(
      '--terminals <file>',
      'CSV terminal,lat,lon,class: of those that do not say where they are',
    )
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', 'where to listen', wholeNumberWithin('--port', 0, 65_535), DEFAULT_PORT)
    .addHelpText(
      'after',
      `
A snapshot that is written over is taken up within five seconds, if it proves itself; else the one before
goes on and the reason is said.

Example:
  beamkeeper admission serve --trust trust.txt --terminals terminals.csv`,
    )
    .action(serve);
}

async function serve(
  options: TrustOptions & { terminals?: string; host: string; port: number },
): Promise<void> {
  let admission = await admissionOf(options);
  const terminals =
    options.terminals === undefined ? new Map() : await readTerminals(options.terminals);
  const server = await startAdmissionServer({
    admission: () => admission,
    terminals,
    host: options.host,
    port: options.port,
  });
  let { mtimeMs } = await stat(options.snapshot);
  setInterval(async () => {
    try {
      const fresh = await stat(options.snapshot);
      if (fresh.mtimeMs === mtimeMs) return;
      mtimeMs = fresh.mtimeMs;
      const next = await admissionOf(options);
      if (!doesExtend(next.snapshot, admission.snapshot)) {
        throw new BeamkeeperError('SNAPSHOT', 'it does not extend the one before: not taken');
      }
      admission = next;
      print(`took up ${plural(next.snapshot.size, 'entry', 'entries')}`);
    } catch (error) {
      process.stderr.write(`beamkeeper: ${options.snapshot}: ${(error as Error).message}\n`);
    }
  }, RELOAD_MS).unref();
  print(
    `Admission: ${server.url}admit and ${server.url}radius, from ${plural(admission.snapshot.size, 'entry', 'entries')}`,
  );
}

/** @throws BeamkeeperError `TERMINALS` naming the line */
async function readTerminals(path: string): Promise<Map<string, TerminalPlace>> {
  const terminals = new Map<string, TerminalPlace>();
  for (const [i, line] of (await readText(path)).split(/\r?\n/).entries()) {
    if (line.trim() === '' || (i === 0 && line.startsWith('terminal,'))) continue;
    const [terminal, lat, lon, customer = 'fixed'] = line.split(',').map(cell => cell.trim());
    const latDeg = Number(lat || Number.NaN);
    const lonDeg = Number(lon || Number.NaN);
    const isGood =
      terminal !== '' &&
      Math.abs(latDeg) <= 90 &&
      Math.abs(lonDeg) <= 180 &&
      (CLASSES as readonly string[]).includes(customer);
    if (!isGood) {
      throw new BeamkeeperError(
        'TERMINALS',
        `${path}:${i + 1}: "${line.slice(0, 60)}" is not terminal,lat,lon,class (${CLASSES.join(', ')})`,
      );
    }
    terminals.set(terminal, { latDeg, lonDeg, customer: customer as CustomerClass });
  }
  return terminals;
}
