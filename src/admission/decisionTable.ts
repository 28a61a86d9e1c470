import {
  type Constraint,
  type ControlState,
  type CustomerClass,
  type DisclosedScopes,
  knownScope,
  type Layer,
  layersAt,
} from '../control/index.ts';

/** What decides a terminal, once its cell is known. */
export interface Ruling {
  readonly constraint: Constraint;
  readonly label: string;
  readonly order: Layer['order'];
  /** The order names a list of terminals that is not here, or the terminal was not named. */
  readonly isListMissing?: true;
}

/** Every cell that some order, or normal state, speaks of, at one instant. */
export interface DecisionTable {
  /** From this instant, and until the next one at which something begins or ends; milliseconds. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Cell of resolution 5 → number of its chain; cells that are in no map are simply on. */
  readonly chainOf: ReadonlyMap<string, number>;
  /** Layers that reach the cells of a chain, the latest first. */
  readonly chains: readonly (readonly Layer[])[];
  /** An order in force is sealed: nobody here knows where it applies. */
  readonly sealed: readonly string[];
}

/** Instants at which what is in force changes by itself, sorted, milliseconds since 1970. */
export function changeInstants(state: ControlState, disclosed?: DisclosedScopes): number[] {
  const instants = new Set<number>();
  for (const record of state.ballots.values()) {
    const { subject, executed } = record;
    if (subject.type !== 'order/v1' || !executed) continue;
    const { effective, breakGlass } = subject.body;
    const scope = knownScope(state, { record, order: subject.body }, disclosed);
    const fromMs = Math.max(executed.atMs, Date.parse(effective.from));
    instants.add(fromMs);
    if (effective.to !== undefined) instants.add(Date.parse(effective.to));
    if (breakGlass) instants.add(executed.atMs + breakGlass.ttlHours * 3_600_000);
    for (const { until } of scope?.exceptions ?? []) instants.add(Date.parse(until));
  }
  return [...instants].sort((a, b) => a - b);
}

/** Compiles what is in force at an instant. */
export function decisionTable(
  state: ControlState,
  atMs: number,
  instants: readonly number[],
  disclosed?: DisclosedScopes,
): DecisionTable {
  const layers = layersAt(state, atMs, disclosed);
  const known = layers.filter(({ cells }) => cells !== undefined);
  const reach = new Map<string, number[]>();
  for (const [i, { cells }] of known.entries()) {
    for (const cell of cells ?? []) {
      const own = reach.get(cell);
      if (own) own.push(i);
      else reach.set(cell, [i]);
    }
  }
  const numbers = new Map<string, number>();
  const chains: (readonly Layer[])[] = [];
  const chainOf = new Map<string, number>();
  for (const [cell, own] of reach) {
    const key = own.join();
    let number = numbers.get(key);
    if (number === undefined) {
      number = chains.length;
      numbers.set(key, number);
      chains.push(own.map(i => known[i]));
    }
    chainOf.set(cell, number);
  }
  return {
    fromMs: instants.findLast(ms => ms <= atMs) ?? Number.NEGATIVE_INFINITY,
    untilMs: instants.find(ms => ms > atMs) ?? Number.POSITIVE_INFINITY,
    chainOf,
    chains,
    sealed: layers.filter(({ cells }) => cells === undefined).map(({ label }) => label),
  };
}

/**
 * What decides a terminal whose cell has a chain; undefined: it is simply on. The latest order wins;
 * `resume` and `exempt` lift the taking ones before them, but not normal state.
 *
 * @param isListed whether the terminal is in a list, by the list's hash; undefined: the list is not here
 */
export function rulingOf(
  chain: readonly Layer[],
  customer: CustomerClass,
  isListed: (listSha256: string) => boolean | undefined,
): Ruling | undefined {
  let isLifted = false;
  for (const { does, classes, list, constraint, label, order } of chain) {
    let effective = constraint;
    if (list) {
      const listed = isListed(list.sha256);
      if (listed === undefined) {
        // Who is meant is not known here: then a taking order holds, and a giving one does not.
        if (does !== 'take' || !classes.has(customer) || (isLifted && order)) continue;
        return { constraint: list.constraint, label, order, isListMissing: true };
      }
      const isIn = listed;
      // A taking allow list spares its own; all other lists reach what they name or leave the rest.
      const isReached =
        list.kind === 'allow' ? (does === 'take' ? !isIn : isIn) : does === 'take' ? isIn : !isIn;
      if (!isReached) continue;
      effective = list.constraint;
      // Giving to a list gives to whoever is in it, whatever his class.
      if (does === 'take' && !classes.has(customer)) continue;
    } else if (!classes.has(customer)) continue;
    if (does === 'lift') isLifted = true;
    else if (does === 'give') return undefined;
    else if (!isLifted || !order) return { constraint: effective, label, order };
  }
  return undefined;
}
