import { HOUR_MS, msOf } from './instants.ts';
import { scopeCells } from './scopeCells.ts';
import type { BallotRecord, ControlState } from './state.ts';
import type { Order, Scope, Sha256Hex, Territory } from './types.ts';

/** Scopes of sealed orders that the reader was cleared for, by the hash of the order. */
export type DisclosedScopes = ReadonlyMap<Sha256Hex, Scope>;

/** An executed order with the time in which it works. */
export interface ExecutedOrder {
  readonly record: BallotRecord;
  readonly order: Order;
  readonly executedSeq: number;
  readonly fromMs: number;
  /** Infinity when it has no end of its own. */
  readonly untilMs: number;
}

export function territoryOf(
  state: Pick<ControlState, 'territories'>,
  { territory }: Pick<Scope, 'territory'>,
): Territory | undefined {
  return state.territories.get(`${territory.id}@${territory.version}`);
}

export function asExecuted(record: BallotRecord): ExecutedOrder | undefined {
  const { subject, executed } = record;
  if (subject.type !== 'order/v1' || !executed) return undefined;
  const order = subject.body;
  const { from, to } = order.effective;
  const ttlHours = order.breakGlass?.ttlHours ?? Number.POSITIVE_INFINITY;
  return {
    record,
    order,
    executedSeq: executed.seq,
    fromMs: Math.max(executed.atMs, msOf(from)),
    untilMs: Math.min(
      to === undefined ? Number.POSITIVE_INFINITY : msOf(to),
      executed.atMs + ttlHours * HOUR_MS,
    ),
  };
}

/** Executed orders other than drills, in the order of their execution. */
export function executedOrders(state: ControlState): ExecutedOrder[] {
  return [...state.ballots.values()]
    .flatMap(record => asExecuted(record) ?? [])
    .filter(({ order }) => !order.drill)
    .sort((a, b) => a.executedSeq - b.executedSeq);
}

export function isInForce({ fromMs, untilMs }: ExecutedOrder, atMs: number): boolean {
  return fromMs <= atMs && atMs < untilMs;
}

/** The scope of an order as far as the reader may know it: said, opened to all, or disclosed to him. */
export function knownScope(
  state: Pick<ControlState, 'seals'>,
  { record, order }: Pick<ExecutedOrder, 'record' | 'order'>,
  disclosed?: DisclosedScopes,
): Scope | undefined {
  // What was opened was checked to be a scope.
  const opened = order.seal && state.seals.get(order.seal.id)?.opened.get('scope');
  return order.scope ?? (opened as Scope | undefined) ?? disclosed?.get(record.hash);
}

/** Cells of an order as far as the reader may know them. */
export function orderCells(
  state: ControlState,
  executed: Pick<ExecutedOrder, 'record' | 'order'>,
  disclosed?: DisclosedScopes,
): ReadonlySet<string> | undefined {
  const scope = knownScope(state, executed, disclosed);
  const territory = scope && territoryOf(state, scope);
  return territory && scopeCells(territory, scope);
}

/** Whether later orders, which last as long, have taken the place of an executed one in every cell. */
export function isSuperseded(state: ControlState, executed: ExecutedOrder, atMs: number): boolean {
  const cells = orderCells(state, executed);
  if (!cells) return false;
  const left = new Set(cells);
  for (const later of executedOrders(state)) {
    const { order, executedSeq, untilMs } = later;
    const isWhole = order.scope?.terminals.kind === 'all';
    const doesReplace = isWhole && order.kind !== 'withhold' && order.kind !== 'exempt';
    if (executedSeq <= executed.executedSeq || untilMs < executed.untilMs) continue;
    if (!doesReplace || !isInForce(later, atMs)) continue;
    for (const cell of orderCells(state, later) ?? []) left.delete(cell);
  }
  return left.size === 0;
}
