import type { ServicePolicy } from '../../service/servicePolicy.ts';

/** What a policy says of a cell that is not simply on. */
export interface DecidedCell {
  readonly state: 'off' | 'restricted' | 'off for some';
  /** Orders, or normal state, that decide it. */
  readonly labels: readonly string[];
}

/** Cells that are not simply on, by their index in hexadecimal. */
export function decidedCells({ rules }: ServicePolicy): ReadonlyMap<string, DecidedCell> {
  const cells = new Map<string, DecidedCell>();
  for (const { label = '', cells: ruled, terminals, action } of rules) {
    const state =
      action.kind !== 'off' ? 'restricted' : terminals === undefined ? 'off' : 'off for some';
    for (const cell of ruled) {
      const name = cell.toString(16);
      const found = cells.get(name);
      cells.set(name, {
        state: found && found.state !== state ? 'off for some' : state,
        labels: found ? [...found.labels, label] : [label],
      });
    }
  }
  return cells;
}
