import { BeamkeeperError } from '../orbits/index.ts';
import { TlogError } from '../tlog/index.ts';

/**
 * Says what went wrong in a line or two on stderr and gives the exit code: 2 for bad input, 1 for a
 * failure. With `isJson` the line is an object `{error: {code, message}}`.
 */
export function reportError(error: unknown, isJson: boolean): 1 | 2 {
  const known = knownError(error);
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

/** `tlog` stands alone and has an error class of its own: malformed files are bad input, what does not verify a failure. */
function knownError(
  error: unknown,
): Pick<BeamkeeperError, 'code' | 'message' | 'isBadInput'> | null {
  if (error instanceof BeamkeeperError) return error;
  if (!(error instanceof TlogError)) return null;
  const { code, message } = error;
  return { code, message, isBadInput: code === 'BAD_FORMAT' };
}
