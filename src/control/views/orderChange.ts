import { orderCells } from '../inForce.ts';
import { policyAt } from '../policyAt.ts';
import { policyIf } from '../policyIf.ts';
import type { BallotRecord, ControlState } from '../state.ts';
import type { Instant } from '../types.ts';
import { decidedCells } from './decidedCells.ts';

type CellState = 'on' | 'off' | 'restricted' | 'off for some';

/** So many cells of an order are in one state, and would be in another. */
export interface CellChange {
  readonly from: CellState;
  readonly to: CellState;
  readonly cellCount: number;
}

/**
 * An order against what is in force: its cells by what they get now, and would get were it executed at
 * the instant. To withhold changes nothing, which is what it decides. What changes comes first, the
 * most cells on top; null for a change of rules, and where something that bears on it is sealed.
 *
 * @param instant not before the last entry
 */
export function orderChange(
  state: ControlState,
  record: BallotRecord,
  instant: Instant,
): readonly CellChange[] | null {
  if (record.subject.type !== 'order/v1') return null;
  const order = record.subject.body;
  const cells = orderCells(state, { record, order });
  if (!cells || !order.scope) return null;
  let before: ReturnType<typeof decidedCells>;
  let after: ReturnType<typeof decidedCells>;
  try {
    before = decidedCells(policyAt(state, instant));
    after =
      order.kind === 'withhold' ? before : decidedCells(policyIf(state, order, instant).after);
  } catch {
    return null;
  }
  const changes = new Map<string, CellChange>();
  for (const cell of cells) {
    const [from, to] = [before, after].map(decided => decided.get(cell)?.state ?? 'on');
    const found = changes.get(`${from} ${to}`);
    changes.set(`${from} ${to}`, { from, to, cellCount: (found?.cellCount ?? 0) + 1 });
  }
  return [...changes.values()].sort(
    (a, b) => Number(a.from === a.to) - Number(b.from === b.to) || b.cellCount - a.cellCount,
  );
}
