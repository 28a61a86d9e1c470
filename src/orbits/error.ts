/**
 * The one error class of Beamkeeper.
 *
 * `code` is stable and meant for scripts; `message` says what is wrong, where, and what to do.
 * The command line prints the message and exits 2 for bad input (`isBadInput`), 1 for a failure.
 * It lives in `orbits` because that folder may import nothing, and all others may import it.
 *
 * @example
 * throw new BeamkeeperError('FIELD', 'starlink.tle:12: BSTAR "abc" is not a number; fetch the file again');
 */
export class BeamkeeperError extends Error {
  readonly code: string;
  readonly isBadInput: boolean;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; isBadInput?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BeamkeeperError';
    this.code = code;
    this.isBadInput = options.isBadInput ?? true;
  }
}
