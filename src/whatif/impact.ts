import type { EdgeRule } from '../earth/cellTable.ts';
import type { CellState } from '../service/serviceMap.ts';

/** Totals over the evaluated cells and slots of one policy. Means are over slots. */
export interface ImpactTotals {
  readonly cells: number;
  readonly people: number;
  /** Mean number of cells and people served in a slot. */
  readonly servedCells: number;
  readonly servedPeople: number;
  /** People-weighted mean minutes without service over the whole time, and the sum over people. */
  readonly minutesWithoutService: number;
  readonly personMinutesWithoutService: number;
  /** People-weighted percentiles of the radio path's round trip over served cells, ms; null when nobody is served. */
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null };
  /** Mean over slots. */
  readonly demandMbps: number;
  readonly shareMbps: number;
  /** Mean number of cells and people per state (served too). */
  readonly byState: Readonly<
    Record<CellState, { readonly cells: number; readonly people: number }>
  >;
}

export interface NeighbourImpact {
  readonly id: string;
  readonly name: string;
  readonly cells: number;
  readonly people: number;
  /** Mean over slots of people who had service and lose it because their cell is switched off with the territory. */
  readonly peopleLosingByEdge: number;
  /** … because satellites or beams are used otherwise. */
  readonly peopleLosingByCapacity: number;
  /** … because the gateways that they used are not permitted any more. */
  readonly peopleLosingByGateways: number;
  /** … who had none and get it. */
  readonly peopleGaining: number;
  /** Change of the mean share per served cell, Mbps, and of the median radio latency, ms (null: not served). */
  readonly shareChangeMbps: number;
  readonly latencyChangeMs: number | null;
}

/** One row a cell: what it had before and after, as shares of the slots. */
export interface ImpactCells {
  readonly count: number;
  readonly h3: BigUint64Array;
  readonly latDeg: Float64Array;
  readonly lonDeg: Float64Array;
  readonly territoryIndex: Uint16Array;
  readonly people: Float32Array;
  /** Share of the cell's people inside the withheld territory, 0…1. */
  readonly insideShare: Float32Array;
  /** Share of slots served, 0…1. */
  readonly servedShareBefore: Float32Array;
  readonly servedShareAfter: Float32Array;
  /** Index into `CELL_STATES`: the most frequent state. */
  readonly stateBefore: Uint8Array;
  readonly stateAfter: Uint8Array;
  /** Mean over served slots, NaN when never served. */
  readonly latencyMsBefore: Float32Array;
  readonly latencyMsAfter: Float32Array;
  /** Mean over slots. */
  readonly shareMbpsBefore: Float32Array;
  readonly shareMbpsAfter: Float32Array;
}

export interface ImpactSlot {
  readonly at: string;
  readonly servedPeopleBefore: number;
  readonly servedPeopleAfter: number;
  readonly latencyP50MsBefore: number | null;
  readonly latencyP50MsAfter: number | null;
}

export interface Impact {
  readonly slotCount: number;
  /** Seconds between evaluated slots (15, or a multiple of it). */
  readonly stepS: number;
  readonly edge: EdgeRule;
  readonly before: ImpactTotals;
  readonly after: ImpactTotals;
  /** Within the territory (people counted by `insideShare`). */
  readonly inside: {
    readonly cells: number;
    readonly people: number;
    readonly servedPeopleBefore: number;
    readonly peopleLosing: number;
    /** People inside who keep service because the change does not name their cell, as by the edge rule. */
    readonly peopleKeeping: number;
    /** People inside who keep service, restricted. */
    readonly peopleRestricted: number;
    readonly cellsWithheld: number;
  };
  /** Outside it. */
  readonly outside: {
    /** Cells switched off that also hold people outside. */
    readonly cellsByEdge: number;
    /** People outside who lose service because their cell straddles the border. */
    readonly peopleLosingByEdge: number;
    readonly cellsByCapacity: number;
    readonly peopleLosingByCapacity: number;
    readonly peopleLosingByGateways: number;
    readonly peopleGaining: number;
  };
  /**
   * Mean Mbps that cells named by the change use less; that others lose (gateways, beams used
   * elsewhere); and that others get more.
   */
  readonly capacity: {
    readonly freedMbps: number;
    readonly lostMbps: number;
    readonly takenUpMbps: number;
  };
  /** Most affected first. */
  readonly neighbours: readonly NeighbourImpact[];
  /** Gateways that are not permitted any more, or that served a cell before and serve none after. */
  readonly gatewaysLost: readonly {
    readonly name: string;
    readonly country: string;
    readonly reason: 'denied' | 'unused';
  }[];
  readonly cells: ImpactCells;
  readonly series: readonly ImpactSlot[];
}
