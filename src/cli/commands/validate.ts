import { Command } from 'commander';
import { BeamkeeperError, type Instant } from '../../orbits/index.ts';
import { scoreAgainst } from '../../runs/latencyScore.ts';
import { runValidation, type Validation } from '../../runs/validation/index.ts';
import { cellsCsv } from '../cellFiles.ts';
import { findPoint, type Point } from '../findPoint.ts';
import { latencyScoreJson, latencyScoreRows, latencyScoreText } from '../latencyOutput.ts';
import { checkOutputs, print, printJson, writeOutputs } from '../output.ts';
import { createProgressLine } from '../progressLine.ts';
import { validationText } from '../validationText.ts';
import { OUTPUT, type OutputOptions, parseAt } from '../worldOptions.ts';

interface ValidateOptions extends OutputOptions {
  readonly only?: string[];
  readonly against?: string;
  readonly at?: Instant;
  readonly dish?: Point;
  readonly catalog: readonly string[];
  readonly constellation?: string;
}

export function validateCommand(): Command {
  return new Command('validate')
    .description('Published results beside ours, a row for each figure.')
    .option('--only <ids...>', 'these results, such as N3 N8 hypatia-rows (default: all)')
    .optionsGroup('Against measurements:')
    .option(
      '--against <file>',
      'instead: measured medians by territory, or pings with times, beside what the twin predicts',
    )
    .option('--dish <lat,lon>', 'where pings were measured, when the file does not say', parseDish)
    .option('--at <instant>', 'when, UTC (default: what the file tells)', parseAt)
    .option(
      '--constellation <name>',
      'fleet or design (default: Starlink as flown nearest to then)',
    )
    .option('--catalog <file...>', 'element sets instead', [])
    .optionsGroup(OUTPUT)
    .option('--json', 'the rows as JSON on standard output')
    .option('--csv <file>', 'with --against: a row a place')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      `
Exit codes: 0 all that could be computed is met, 1 a figure is not met, 2 bad input.

Examples:
  $ beamkeeper validate
  $ beamkeeper validate --only N3 N11 hypatia-rows
  $ beamkeeper validate --only N13 --json
  $ beamkeeper validate --against pings-2024-03-05.csv --dish 48.2,16.4
  $ beamkeeper validate --against medians.csv --at 2025-07-15T00:00:00Z --json`,
    )
    .action(validate);
}

async function validate(options: ValidateOptions): Promise<void> {
  if (options.against !== undefined) return score(options.against, options);
  for (const name of ['dish', 'at', 'constellation', 'csv'] as const) {
    if (options[name] !== undefined) {
      throw new BeamkeeperError('OPTION', `--${name} goes with --against FILE; add it`);
    }
  }
  const startedMs = performance.now();
  const progress = createProgressLine('validating', options.json === true);
  const validation = await runValidation({
    ...(options.only === undefined ? {} : { only: options.only }),
    onProgress: progress.update,
  }).finally(progress.clear);
  const seconds = (performance.now() - startedMs) / 1000;
  if (options.json) printJson({ command: 'validate', ...validation, seconds });
  else print(validationText(validation, seconds));
  process.exitCode = validationExitCode(validation);
}

/** 1 when a figure is not met. One that could not be computed here is no failure. */
export function validationExitCode(validation: Validation): 0 | 1 {
  return validation.isPassed ? 0 : 1;
}

/** A score is no test: how good it must be is the reader's to say. */
async function score(path: string, options: ValidateOptions): Promise<void> {
  if (options.only !== undefined) {
    throw new BeamkeeperError(
      'OPTION',
      '--only picks published results and --against a file; give one of them',
    );
  }
  await checkOutputs(options, [path, ...options.catalog]);
  const progress = createProgressLine(
    'predicting',
    options.json === true || options.quiet === true,
  );
  const result = await scoreAgainst(path, {
    at: options.at,
    dish: options.dish,
    catalogues: options.catalog,
    constellation: options.constellation,
    onProgress: progress.update,
  }).finally(progress.clear);
  const files = await writeOutputs(options, {
    csv: () => cellsCsv(latencyScoreRows(result)),
    geojson: () => '',
    html: () => '',
  });
  if (options.json) printJson({ ...latencyScoreJson(result), files });
  else
    print(
      [latencyScoreText(result), ...Object.values(files).map(file => `Wrote ${file}`)].join('\n'),
    );
}

function parseDish(text: string): Point {
  if (/^\s*[-+\d.]/.test(text)) return findPoint(text);
  throw new BeamkeeperError('PLACE', `--dish "${text}": write latitude,longitude in degrees`);
}
