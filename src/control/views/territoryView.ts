import { type Flag, flagsAt } from '../flags.ts';
import { executedOrders, isInForce, knownScope } from '../inForce.ts';
import { msOf } from '../instants.ts';
import { policyAt } from '../policyAt.ts';
import { bandCells, territoryCells } from '../scopeCells.ts';
import type { ControlState } from '../state.ts';
import type { Instant, Territory } from '../types.ts';
import { decidedCells } from './decidedCells.ts';
import { type DeclarationView, declarationView } from './declarationView.ts';

/** What a territory gets, why, who signed for it, and until when. */
export interface TerritoryView {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly jurisdiction: string;
  readonly source: string;
  readonly cellCount: number;
  readonly bandCellCount: number;
  /** `unknown`: an order in force is sealed. */
  readonly state: 'on' | 'off' | 'partly off' | 'restricted' | 'unknown';
  readonly offCellCount: number;
  /** Orders, or normal state, that decide it; with decisions to leave what is off as it is. */
  readonly because: readonly string[];
  /** Live first, then the latest. */
  readonly declarations: readonly DeclarationView[];
  readonly flags: readonly Flag[];
}

/** Every territory in its latest version; those with flags first, the oldest flag on top. */
export function territoryViews(state: ControlState, instant: Instant): TerritoryView[] {
  const flags = flagsAt(state, instant);
  const deciding = decidingOf(state, instant);
  const views = [...state.latestVersions].flatMap(([id, version]) => {
    const territory = state.territories.get(`${id}@${version}`);
    return territory ? [viewOf(state, territory, instant, flags, deciding)] : [];
  });
  const rank = ({ flags: own, state: now }: TerritoryView): number =>
    own.length > 0 ? 0 : now === 'on' ? 2 : 1;
  const oldest = ({ flags: own }: TerritoryView): number => Math.max(0, ...own.map(f => f.days));
  return views.sort(
    (a, b) => rank(a) - rank(b) || oldest(b) - oldest(a) || a.name.localeCompare(b.name),
  );
}

/** What decides each cell that is not simply on; undefined when an order in force is sealed. */
function decidingOf(
  state: ControlState,
  instant: Instant,
): ReturnType<typeof decidedCells> | undefined {
  try {
    return decidedCells(policyAt(state, instant));
  } catch {
    return undefined;
  }
}

function viewOf(
  state: ControlState,
  territory: Territory,
  instant: Instant,
  flags: readonly Flag[],
  deciding: ReturnType<typeof decidingOf>,
): TerritoryView {
  const { id, version, name, jurisdiction, source } = territory;
  const cells = territoryCells(territory);
  let offCellCount = 0;
  let limitedCount = 0;
  const because = new Set<string>();
  for (const cell of cells) {
    const found = deciding?.get(cell);
    if (!found) continue;
    for (const label of found.labels) because.add(label);
    if (found.state === 'off') offCellCount += 1;
    else limitedCount += 1;
  }
  if (because.size > 0) {
    for (const executed of executedOrders(state)) {
      const { order } = executed;
      const isHere = knownScope(state, executed)?.territory.id === id;
      if (order.kind === 'withhold' && isHere && isInForce(executed, msOf(instant))) {
        because.add(`withhold ${order.id}`);
      }
    }
  }
  const declarations = state.declarations
    .filter(d => d.declaration.scopes.some(scope => scope.territory.id === id))
    .map(d => declarationView(d, instant))
    .sort((a, b) => Number(b.isLive) - Number(a.isLive) || b.entry - a.entry);
  const names = new Set([id, ...declarations.map(d => d.id)]);
  return {
    id,
    version,
    name,
    jurisdiction,
    source,
    cellCount: cells.size,
    bandCellCount: bandCells(territory).length,
    state: !deciding
      ? 'unknown'
      : offCellCount === cells.size
        ? 'off'
        : offCellCount > 0
          ? 'partly off'
          : limitedCount > 0
            ? 'restricted'
            : 'on',
    offCellCount,
    because: [...because],
    declarations,
    flags: flags.filter(({ subject }) => names.has(subject)),
  };
}
