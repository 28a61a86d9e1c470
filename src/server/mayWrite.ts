import type { FastifyRequest } from 'fastify';
import { type EntryType, isSignedType } from '../control/index.ts';
import { tokenMay } from './identity/account.ts';
import { HttpProblem } from './problem.ts';

/** Entries that only the server itself makes. */
const OWN_TYPES: readonly string[] = [
  'genesis/v1',
  'anchor/v1',
  'log.key/v1',
  'decision/v1',
  'access/v1',
];

/**
 * Who may put an entry into the log. A body that its author has signed is its own credential: the fold
 * checks the signature and the rules, and a login adds nothing that could forge it. What nobody signs
 * (claims, sources, stances, observations) needs an account; in a demo anybody may. A token does what its
 * scopes say, and never what people do themselves.
 *
 * @throws HttpProblem 403 `SERVER_ONLY`, `TOKEN_NEVER`; 401 `LOGIN`
 */
export function mayWrite(request: FastifyRequest, type: EntryType, isDemo: boolean): void {
  if (OWN_TYPES.includes(type)) {
    throw new HttpProblem(403, 'SERVER_ONLY', `${type}: only the server makes these`);
  }
  const { account } = request;
  if (account?.scopes && !tokenMay(account.scopes, type)) {
    throw new HttpProblem(403, 'TOKEN_NEVER', `${type}: no token, or not this one, files it`);
  }
  if (isDemo || account || isSignedType(type)) return;
  throw new HttpProblem(401, 'LOGIN', `${type}: carries no signature, so sign in first`);
}
