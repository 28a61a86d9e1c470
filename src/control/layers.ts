import {
  type DisclosedScopes,
  type ExecutedOrder,
  executedOrders,
  isInForce,
  knownScope,
  orderCells,
  territoryOf,
} from './inForce.ts';
import { msOf } from './instants.ts';
import { isTaking } from './quorum.ts';
import { territoryCells } from './scopeCells.ts';
import type { ControlState } from './state.ts';
import {
  CLASSES,
  type Constraint,
  type CustomerClass,
  type Scope,
  type Sha256Hex,
} from './types.ts';

/** What decides a cell for a class: an order in force, or the territory's normal state. */
export interface Effect {
  readonly constraint: Constraint;
  readonly label: string;
}
export const ON: Effect = { constraint: { kind: 'none' }, label: 'on' };

/** One order, or normal state, over cells; the last layer that applies decides. */
export interface Layer {
  readonly label: string;
  readonly does: 'take' | 'give' | 'lift';
  readonly constraint: Constraint;
  /** Undefined: sealed. */
  readonly cells: ReadonlySet<string> | undefined;
  readonly classes: ReadonlySet<CustomerClass>;
  /** The order, and the entry that executed it; absent for normal state. */
  readonly order?: { readonly hash: Sha256Hex; readonly entry: number };
  /** Reaches only, or all but, the terminals of a list; `classes` and `constraint` say what that is to a class. */
  readonly list?: {
    readonly kind: 'allow' | 'deny';
    readonly sha256: Sha256Hex;
    readonly constraint: Constraint;
  };
}

/** What is in force at an instant, the latest first. */
export function layersAt(state: ControlState, atMs: number, disclosed?: DisclosedScopes): Layer[] {
  const normal = state.normal.map(({ territory, constraint }): Layer => {
    const outline = territoryOf(state, { territory });
    return {
      label: `${territory.id} as normal`,
      does: constraint.kind === 'none' ? 'give' : 'take',
      constraint,
      cells: outline ? territoryCells(outline) : new Set(),
      classes: new Set(CLASSES),
    };
  });
  const orders = executedOrders(state)
    // To withhold decides that nothing changes.
    .filter(executed => isInForce(executed, atMs) && executed.order.kind !== 'withhold')
    .map((executed): Layer => layerOf(state, executed, atMs, disclosed));
  return [...normal, ...orders].reverse();
}

function layerOf(
  state: ControlState,
  executed: ExecutedOrder,
  atMs: number,
  disclosed?: DisclosedScopes,
): Layer {
  const { kind, id } = executed.order;
  const scope = knownScope(state, executed, disclosed);
  const does = isTaking(kind) ? 'take' : kind === 'activate' ? 'give' : 'lift';
  const isTake = does === 'take';
  // A list of terminals switched off leaves the others on: the cell is restricted, no more.
  const terminals = scope?.terminals;
  const isDenyList = terminals?.kind === 'deny' && isTake;
  return {
    label: `${kind} ${id}`,
    does,
    constraint: isDenyList ? { kind: 'limits' } : (scope?.constraint ?? { kind: 'none' }),
    cells: orderCells(state, executed, disclosed),
    classes: scope ? classesOf(scope, isTake, state, atMs) : new Set(),
    order: { hash: executed.record.hash, entry: executed.executedSeq },
    ...(terminals &&
      (terminals.kind === 'allow' || terminals.kind === 'deny') && {
        list: {
          kind: terminals.kind,
          sha256: terminals.listSha256,
          constraint: scope.constraint,
        },
      }),
  };
}

/** Classes that a scope reaches at an instant. */
function classesOf(
  { terminals, exceptions }: Scope,
  isTake: boolean,
  state: ControlState,
  atMs: number,
): ReadonlySet<CustomerClass> {
  // To give to a list of terminals gives nothing to a class as a whole.
  if (terminals.kind === 'allow' && !isTake) return new Set();
  const classes = new Set(terminals.kind === 'class' ? terminals.classes : CLASSES);
  if (!isTake) return classes;
  const excepted = exceptions.filter(({ until }) => atMs < msOf(until)).flatMap(e => e.classes);
  for (const one of [...state.rules.defaultExceptions, ...excepted]) classes.delete(one);
  return classes;
}

/**
 * What decides a cell: the latest order wins; `resume` and `exempt` lift the taking orders before
 * them, so that what was given before, or is normal, shows again. Undefined when it is sealed.
 *
 * Normal state is no order, and is not lifted: a territory without a licence stays as it is.
 */
export function effectOn(
  layers: readonly Layer[],
  normalCount: number,
  cell: string,
  one: CustomerClass,
): Effect | undefined {
  let isLifted = false;
  for (const [i, { does, cells, classes, constraint, label }] of layers.entries()) {
    if (!cells) return undefined;
    if (!cells.has(cell) || !classes.has(one)) continue;
    const isNormal = i >= layers.length - normalCount;
    if (does === 'lift') isLifted = true;
    else if (does === 'give') return ON;
    else if (!isLifted || isNormal) return { constraint, label };
  }
  return ON;
}
