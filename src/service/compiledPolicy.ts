import type { CellTable } from '../earth/cellTable.ts';
import type { Gateways } from '../earth/gateways.ts';
import type { ServicePolicy, TerminalClass } from './servicePolicy.ts';

/** A `ServicePolicy` for one terminal class over the cells and gateways of one world. */
export interface CompiledPolicy {
  /** 1 where service is switched off. Length: cells. */
  readonly isWithheld: Uint8Array;
  /** Highest rate of a subscriber, Mbps; Infinity where unrestricted. */
  readonly maxRateMbps: Float32Array;
  /** 1 where the gateway may be used. Length: gateways. */
  readonly isGatewayPermitted: Uint8Array;
  readonly areLasersPermitted: boolean;
}

/** Ground speed at which terminals of a class are used, km/h [A]: a lower speed limit switches the class off. */
const TYPICAL_SPEED_KMH: Readonly<Record<TerminalClass, number>> = {
  fixed: 0,
  roam: 100,
  maritime: 40,
  aviation: 850,
  government: 0,
};

/** Whether a limit of speed switches a terminal class off: it is commonly used faster. */
export function isSwitchedOffBySpeed(terminal: TerminalClass, maxSpeedKmh: number): boolean {
  return maxSpeedKmh < TYPICAL_SPEED_KMH[terminal];
}

/**
 * Applies the rules in order to the cells of a table. Cells of a rule that are not in the table are
 * outside the evaluated scope and are passed over.
 */
export function compilePolicy(
  policy: ServicePolicy,
  terminal: TerminalClass,
  cells: CellTable,
  gateways: Gateways,
): CompiledPolicy {
  const isWithheld = new Uint8Array(cells.count);
  const maxRateMbps = new Float32Array(cells.count).fill(Number.POSITIVE_INFINITY);
  for (const rule of policy.rules) {
    if (rule.terminals !== undefined && !rule.terminals.includes(terminal)) continue;
    const { action } = rule;
    const isOff =
      action.kind === 'off' ||
      (action.kind === 'restricted' &&
        isSwitchedOffBySpeed(terminal, action.maxSpeedKmh ?? Number.POSITIVE_INFINITY));
    const rate = action.kind === 'restricted' ? action.maxRateMbps : undefined;
    forEachCommon(rule.cells, cells.h3, cell => {
      isWithheld[cell] = isOff ? 1 : 0;
      maxRateMbps[cell] = rate ?? Number.POSITIVE_INFINITY;
    });
  }
  const denied = new Set(policy.deniedGatewayCountries);
  const isGatewayPermitted = Uint8Array.from(gateways.country, (country, g) =>
    gateways.isOperational[g] === 1 && !denied.has(country) ? 1 : 0,
  );
  return {
    isWithheld,
    maxRateMbps,
    isGatewayPermitted,
    areLasersPermitted: policy.areLasersDenied !== true,
  };
}

/** Calls `visit` with the table index of each id that occurs in both ascending lists. */
function forEachCommon(
  ids: BigUint64Array,
  table: BigUint64Array,
  visit: (index: number) => void,
): void {
  let i = 0;
  for (const id of ids) {
    i = lowerBound(table, id, i);
    if (i < table.length && table[i] === id) visit(i);
  }
}

function lowerBound(table: BigUint64Array, id: bigint, from: number): number {
  let lo = from;
  let hi = table.length;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (table[middle] < id) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}
