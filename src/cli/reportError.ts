import { BeamkeeperError } from '../orbits/index.ts';

/**
 * Says what went wrong in a line or two on stderr and gives the exit code: 2 for bad input, 1 for a
 * failure. With `isJson` the line is an object `{error: {code, message}}`.
 */
export function reportError(error: unknown, isJson: boolean): 1 | 2 {
  const known = error instanceof BeamkeeperError ? error : null;
  const code = known?.code ?? 'INTERNAL';
  const message = known?.message ?? `unexpected: ${(error as Error)?.message ?? String(error)}`;
  process.stderr.write(
    isJson
      ? `${JSON.stringify({ error: { code, message } })}\n`
      : `beamkeeper: ${message}\n${known ? '' : 'This is a defect: BEAMKEEPER_DEBUG=1 shows where.\n'}`,
  );
  if (process.env['BEAMKEEPER_DEBUG'] === '1' && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  return known?.isBadInput ? 2 : 1;
}
