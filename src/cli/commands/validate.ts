import { Command } from 'commander';
import { runValidation, type Validation } from '../../runs/validation/index.ts';
import { print, printJson } from '../output.ts';
import { createProgressLine } from '../progressLine.ts';
import { validationText } from '../validationText.ts';

interface ValidateOptions {
  readonly only?: string[];
  readonly json?: boolean;
}

export function validateCommand(): Command {
  return new Command('validate')
    .description('Published results beside ours, a row for each figure.')
    .option('--only <ids...>', 'these results, such as N3 N8 hypatia-rows (default: all)')
    .option('--json', 'the rows as JSON on standard output')
    .addHelpText(
      'after',
      `
Exit codes: 0 all that could be computed is met, 1 a figure is not met, 2 bad input.

Examples:
  $ beamkeeper validate
  $ beamkeeper validate --only N3 N11 hypatia-rows
  $ beamkeeper validate --only N13 --json`,
    )
    .action(validate);
}

async function validate(options: ValidateOptions): Promise<void> {
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
