import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { Argument, Command } from 'commander';
import { BeamkeeperError } from '../../orbits/index.ts';
import { packageFile } from '../../store/packageFiles.ts';
import { oneOf } from '../optionValues.ts';
import { print } from '../output.ts';

const BENCHES = [
  'sgp4',
  'service',
  'routing',
  'fairshare',
  'ledger',
  'admission',
  'authorisation',
  'api',
] as const;

export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'Speed beside named peers, as ratios of one run (in a checkout of the repository).',
    )
    .addArgument(
      new Argument(
        '[name]',
        'sgp4, service, routing, fairshare, ledger, admission, authorisation, api, or all',
      )
        .default('all')
        .argParser(oneOf('bench', [...BENCHES, 'all'] as const, 'BENCH_UNKNOWN')),
    )
    .option('--json', 'the figures as JSON on standard output')
    .option('--quick', 'fewer rounds: rougher figures')
    .option(
      '--peer <path>',
      'routing: a checkout of Hypatia, whose own generator then runs too (python3, or what PYTHON names)',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper bench
  $ beamkeeper bench sgp4 --quick
  $ beamkeeper bench service --json`,
    )
    .action(async (name: string, options: { json?: boolean; quick?: boolean; peer?: string }) => {
      if (options.peer !== undefined && name !== 'routing') {
        throw new BeamkeeperError('OPTION', '--peer goes with bench routing');
      }
      const names = name === 'all' ? BENCHES : [name];
      const missing = names.find(one => !existsSync(benchFile(one)));
      if (missing !== undefined) {
        throw new BeamkeeperError(
          'BENCH_MISSING',
          `bench/${missing}.ts is not here: benchmarks run in a checkout of the repository only`,
        );
      }
      const flags = [...(options.json ? ['--json'] : []), ...(options.quick ? ['--quick'] : [])];
      if (options.peer !== undefined) flags.push('--peer', options.peer);
      const answers: string[] = [];
      for (const one of names) {
        const isJoined = options.json === true && names.length > 1;
        answers.push(await runBench(benchFile(one), flags, isJoined));
      }
      if (options.json && names.length > 1) print(`[${answers.map(a => a.trim()).join(',\n')}]`);
    });
}

function benchFile(name: string): string {
  return packageFile(`bench/${name}.ts`);
}

/** A process of its own, so that one benchmark does not warm up or fill the memory of another. */
function runBench(file: string, flags: readonly string[], isCaptured: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...flags], {
      stdio: ['ignore', isCaptured ? 'pipe' : 'inherit', 'inherit'],
    });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', chunk => {
      text += chunk;
    });
    process.once('exit', () => child.kill());
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(text);
      // It has said in one line what is wrong with its input.
      else if (code === 2) process.exit(2);
      else if (signal === 'SIGINT') process.exit(128 + constants.signals.SIGINT);
      else {
        reject(
          new BeamkeeperError('BENCH_FAILED', `${file} ended with ${signal ?? `code ${code}`}`, {
            isBadInput: false,
          }),
        );
      }
    });
  });
}
