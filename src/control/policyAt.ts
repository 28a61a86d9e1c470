import { cellToCenterChild, cellToChildren, cellToParent } from 'h3-js';
import { BeamkeeperError } from '../orbits/error.ts';
import {
  type PolicyRule,
  type ServiceAction,
  type ServicePolicy,
  TERMINAL_CLASSES,
  type TerminalClass,
} from '../service/servicePolicy.ts';
import type { DisclosedScopes } from './inForce.ts';
import { msOf } from './instants.ts';
import { type Effect, effectOn, layersAt, ON } from './layers.ts';
import { SCOPE_RESOLUTION } from './scopeCells.ts';
import type { ControlState } from './state.ts';
import { CLASSES, type Constraint, type CustomerClass, type Instant } from './types.ts';

/** `unknown`: it depends on a sealed order that the reader may not open. */
export type SwitchState = 'on' | 'off' | 'restricted' | 'unknown';

/** State of one class of customers in a cell of resolution 5, at an instant. */
export function cellStateAt(
  state: ControlState,
  cell: string,
  instant: Instant,
  customer: CustomerClass,
  disclosed?: DisclosedScopes,
): SwitchState {
  const layers = layersAt(state, msOf(instant), disclosed);
  return stateOf(effectOn(layers, state.normal.length, cell, customer));
}

function stateOf(effect: Effect | undefined): SwitchState {
  if (!effect) return 'unknown';
  const { kind } = effect.constraint;
  return kind === 'none' ? 'on' : kind === 'off' ? 'off' : 'restricted';
}

/** Those of some cells that are known not to be fully on for everyone. */
export function cellsNotOn(
  state: ControlState,
  inside: ReadonlySet<string>,
  atMs: number,
  disclosed?: DisclosedScopes,
): ReadonlySet<string> {
  const layers = layersAt(state, atMs, disclosed);
  const notOn = new Set<string>();
  for (const { does, cells } of layers) {
    if (does !== 'take') continue;
    for (const cell of cells ?? []) {
      if (!inside.has(cell) || notOn.has(cell)) continue;
      const isReached = CLASSES.some(one => {
        const reached = stateOf(effectOn(layers, state.normal.length, cell, one));
        return reached === 'off' || reached === 'restricted';
      });
      if (isReached) notOn.add(cell);
    }
  }
  return notOn;
}

/**
 * The policy in force at an instant, for the twin and for the adapter: what the log decided about
 * who may be served where. Without an order, everything that is normally on is on.
 *
 * Classes that the twin does not tell apart (`emergency`, `humanitarian`), lists of terminals, plans
 * and limits of altitude have no place in a `ServicePolicy`; they are in the orders.
 *
 * @param resolution of the evaluated cells; a coarser cell than 5 follows its centre
 * @throws BeamkeeperError `SEALED` when an order in force is sealed and not disclosed: who may not
 *   know where it applies cannot apply it
 *
 * @example
 * const policy = policyAt(state, '2026-08-22T12:00:00.000Z');
 * const compiled = compilePolicy(policy, 'fixed', cells, gateways);
 */
export function policyAt(
  state: ControlState,
  instant: Instant,
  resolution = SCOPE_RESOLUTION,
  disclosed?: DisclosedScopes,
): ServicePolicy {
  const layers = layersAt(state, msOf(instant), disclosed);
  const sealed = layers.find(({ cells }) => !cells);
  if (sealed) {
    throw new BeamkeeperError('SEALED', `${sealed.label}: in force at ${instant}, and sealed`);
  }
  // One rule for the cells that share what decides them and for whom.
  const rules = new Map<string, { effect: Effect; terminals: TerminalClass[]; cells: string[] }>();
  for (const cell of new Set(layers.flatMap(({ cells }) => [...(cells ?? [])]))) {
    const deciding = new Map<string, { effect: Effect; terminals: TerminalClass[] }>();
    for (const one of TERMINAL_CLASSES) {
      const effect = effectOn(layers, state.normal.length, cell, one) ?? ON;
      if (effect.constraint.kind === 'none') continue;
      const same = deciding.get(effect.label);
      if (same) same.terminals.push(one);
      else deciding.set(effect.label, { effect, terminals: [one] });
    }
    for (const [label, { effect, terminals }] of deciding) {
      const name = `${label} ${terminals.join()}`;
      const rule = rules.get(name);
      if (rule) rule.cells.push(cell);
      else rules.set(name, { effect, terminals, cells: [cell] });
    }
  }
  return {
    rules: [...rules.values()].map(
      ({ effect, terminals, cells }): PolicyRule => ({
        label: effect.label,
        cells: BigUint64Array.from(atResolution(cells, resolution), c => BigInt(`0x${c}`)).sort(),
        ...(terminals.length < TERMINAL_CLASSES.length && { terminals }),
        action: actionOf(effect.constraint),
      }),
    ),
    deniedGatewayCountries: [],
  };
}

function actionOf(constraint: Constraint): ServiceAction {
  if (constraint.kind !== 'limits') return { kind: constraint.kind === 'off' ? 'off' : 'on' };
  const { maxRateMbps, maxSpeedKmh, stationaryOnly } = constraint;
  const speedKmh = stationaryOnly ? 0 : maxSpeedKmh;
  return {
    kind: 'restricted',
    ...(maxRateMbps !== undefined && { maxRateMbps }),
    ...(speedKmh !== undefined && { maxSpeedKmh: speedKmh }),
  };
}

function atResolution(cells: readonly string[], resolution: number): string[] {
  if (resolution >= SCOPE_RESOLUTION) return cells.flatMap(c => cellToChildren(c, resolution));
  return cells.flatMap(cell => {
    const parent = cellToParent(cell, resolution);
    return cellToCenterChild(parent, SCOPE_RESOLUTION) === cell ? [parent] : [];
  });
}
