import type { ServicePolicy } from '../service/servicePolicy.ts';
import type { DisclosedScopes } from './inForce.ts';
import { instantOf, msOf } from './instants.ts';
import { policyAt } from './policyAt.ts';
import type { BallotRecord, ControlState } from './state.ts';
import type { Instant, Order } from './types.ts';

/** The policy in force without an order, and with it. */
export interface PolicyPair {
  readonly before: ServicePolicy;
  readonly after: ServicePolicy;
}

/**
 * What an order would change at an instant, were it executed then: for its impact report.
 *
 * An order to withhold changes nothing in force, that is its point: it is measured against the
 * service that it keeps away, everything on in its scope.
 *
 * @param instant of the twin's run, not before the last entry
 * @param resolution of the evaluated cells
 * @throws BeamkeeperError `SEALED` when another order in force is sealed and not disclosed
 */
export function policyIf(
  state: ControlState,
  order: Order,
  instant: Instant,
  resolution?: number,
  disclosed?: DisclosedScopes,
): PolicyPair {
  const at = (now: ControlState): ServicePolicy => policyAt(now, instant, resolution, disclosed);
  const atMs = msOf(instant);
  const executed = (as: Order): ControlState => withExecuted(state, as, atMs);
  if (order.kind !== 'withhold') return { before: at(state), after: at(executed(order)) };
  const given: Order = {
    ...order,
    kind: 'activate',
    ...(order.scope && { scope: { ...order.scope, constraint: { kind: 'none' } } }),
  };
  const isOff = order.scope?.constraint.kind === 'off';
  return {
    before: at(executed(given)),
    after: at(executed({ ...order, kind: isOff ? 'suspend' : 'restrict' })),
  };
}

/** The state as if an order were executed next. Only {@link policyAt} may look at it. */
function withExecuted(state: ControlState, order: Order, atMs: number): ControlState {
  const point = { seq: state.size, atMs };
  const hash = `if ${order.id}`;
  const { to, ...effective } = order.effective;
  const isOver = to !== undefined && msOf(to) <= atMs;
  const record: BallotRecord = {
    hash,
    subject: {
      type: 'order/v1',
      body: {
        ...order,
        drill: false,
        effective: { ...effective, from: instantOf(atMs), ...(to && !isOver && { to }) },
      },
    },
    proposed: point,
    votes: [],
    recusals: [],
    commitments: [],
    appointers: [],
    executed: { ...point, executor: order.proposer, isClockAttested: true },
    reviews: [],
  };
  return { ...state, ballots: new Map([...state.ballots, [hash, record]]) };
}
