import { CommanderError } from 'commander';
import { handleInterruption } from './interruption.ts';
import { pointOperands } from './pointOperands.ts';
import { createProgram } from './program.ts';
import { reportError } from './reportError.ts';

handleInterruption();
try {
  const program = createProgram();
  await program.parseAsync(pointOperands(program, process.argv.slice(2)), { from: 'user' });
} catch (error) {
  // Commander has said what it had to say; help and --version are no errors.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportError(error, process.argv.includes('--json'));
}
