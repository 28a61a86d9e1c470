import { doesTouch } from './foldOrders.ts';
import type { ControlState } from './state.ts';
import type { Order } from './types.ts';

/** Ids of the protected commitments whose customers an order reaches, sorted. */
export function touchedBy(state: ControlState, order: Order): string[] {
  return [...state.commitments.values()]
    .filter(({ commitment }) => doesTouch(state, order, commitment))
    .map(({ commitment }) => commitment.id)
    .sort();
}
