import type { BallotRecord, ControlState } from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';

/**
 * An order or change by its hash, the first letters of it, or an order's id (its newest revision).
 *
 * @throws BeamkeeperError `NO_ORDER`
 */
export function findBallot(state: ControlState, name: string): BallotRecord {
  const revisions = state.revisions.get(name.replace(/^order:/, ''));
  const byId = revisions && state.ballots.get(revisions[revisions.length - 1]);
  if (byId) return byId;
  const found = [...state.ballots.values()].filter(({ hash }) => hash.startsWith(name));
  if (found.length === 1 && name.length >= 6) return found[0];
  const known = [...state.revisions.keys()].slice(-5).join(', ') || 'none';
  throw new BeamkeeperError(
    'NO_ORDER',
    found.length > 1
      ? `"${name}": ${found.length} orders begin so; give more of the hash`
      : `"${name}": no order or change of this id or hash (orders there: ${known})`,
  );
}
