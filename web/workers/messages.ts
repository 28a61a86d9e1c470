/** What crosses between the page and its workers. Arrays cross by transfer. */
import type { EdgeRule } from '../../src/earth/index.ts';
import type { Impact } from '../../src/whatif/index.ts';
import type { Land } from '../renderer/land.ts';
import type { Colour } from '../shell/url.ts';

/** What is different in the scenario. Everything else is as it is. */
export interface Scenario {
  /** Territories switched off. */
  readonly off: readonly string[];
  readonly edge: EdgeRule;
  /** Countries whose gateways may not be used. */
  readonly gateways: readonly string[];
  readonly hasLasers: boolean;
  /** `fleet:<generation>` and `sat:<catalogue id>`: satellites that are gone. */
  readonly out: readonly string[];
  readonly seed: number;
}

export type Resolution = 3 | 4;

// ── orbit ────────────────────────────────────────────────────────────────

export type ToOrbit =
  | { readonly kind: 'load'; readonly elementsUrl: string }
  /** The same from bytes that the page has already. */
  | { readonly kind: 'use'; readonly elements: Uint8Array }
  /** A file of the reader's own, in any format of element sets. */
  | { readonly kind: 'read'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'land'; readonly url: string; readonly scale: Land['scale'] }
  | {
      readonly kind: 'keyframe';
      readonly request: number;
      readonly t0Ms: number;
      /** A key frame that is not needed any more: its buffers are used again. */
      readonly spent?: KeyFrame | undefined;
    };

export interface KeyFrame {
  readonly t0Ms: number;
  /** x, y, z of each satellite in turn, Earth-fixed. */
  readonly positionEcefKm: Float32Array;
  /** The derivative of the Earth-fixed position. */
  readonly velocityEcefKmS: Float32Array;
  /** 0 operating, 3 no solution. */
  readonly status: Uint8Array;
}

/** Element sets that the reader brought along. */
export interface OwnElements {
  /** Of the file. */
  readonly name: string;
  /** As the workers read them (`readElementFile`). */
  readonly elements: Uint8Array;
  readonly count: number;
  /** By generation. */
  readonly generations: Readonly<Record<string, number>>;
  /** Middle epoch, UTC. */
  readonly epoch: string;
  /** Records that were not taken, and why the first was not. */
  readonly rejectedCount: number;
  readonly firstRejection: string | null;
}

export type FromOrbit =
  | { readonly kind: 'own'; readonly own: OwnElements }
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'loaded';
      readonly count: number;
      readonly catalogIds: Int32Array;
      readonly names: readonly string[];
      readonly generations: readonly string[];
    }
  | { readonly kind: 'keyframe'; readonly request: number; readonly frame: KeyFrame }
  | { readonly kind: 'land'; readonly land: Land }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

// ── sim ──────────────────────────────────────────────────────────────────

export type ToSim =
  | {
      readonly kind: 'load';
      readonly worldUrl: string;
      /** In the place of those that the world names. */
      readonly elements?: Uint8Array | undefined;
    }
  | { readonly kind: 'cells'; readonly resolution: Resolution }
  | {
      /** One slot of the whole Earth, as it is and in the scenario. */
      readonly kind: 'evaluate';
      readonly request: number;
      readonly slotMs: number;
      readonly resolution: Resolution;
      readonly scenario: Scenario;
      readonly colour: Colour;
      /** A place whose path is wanted, degrees. */
      readonly user: PathUser | null;
    }
  | { readonly kind: 'display'; readonly request: number; readonly colour: Colour }
  | {
      /** Slots from `startMs` on, reported as they come. */
      readonly kind: 'impact';
      readonly request: number;
      readonly startMs: number;
      readonly forS: number;
      readonly scenario: Scenario;
    }
  | { readonly kind: 'membership'; readonly request: number; readonly id: string }
  | { readonly kind: 'route'; readonly request: number; readonly route: RouteOrder }
  | {
      readonly kind: 'topology';
      readonly request: number;
      readonly slotMs: number;
      readonly as: 'csv' | 'pairs';
    };

export interface PathUser {
  readonly name: string;
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** Geometry of populated cells, in the order of the cell table. */
export interface CellShapes {
  readonly resolution: Resolution;
  readonly count: number;
  /** Corner by corner; longitudes run on across the antimeridian. */
  readonly lonLatRad: Float32Array;
  /** Which cell a corner belongs to. */
  readonly cellIndex: Uint32Array;
  readonly triangles: Uint32Array;
  /** First index into `triangles` of the cells in each H3 base cell, and the end. */
  readonly rangeStart: Uint32Array;
  /** Of each base cell with cells: a unit vector into it and the angle to its farthest corner, rad. */
  readonly rangeCentre: Float32Array;
  readonly territoryIndex: Uint16Array;
  readonly isBorder: Uint8Array;
  readonly peopleCount: Float32Array;
  /** Centres, longitude first. */
  readonly centreRad: Float32Array;
}

export interface NodeOfPath {
  readonly name: string;
  /** Index of the satellite; -1 on the ground. */
  readonly satellite: number;
  readonly kind: 'user' | 'satellite' | 'gateway' | 'pop';
  /** Earth-fixed, km. */
  readonly ecefKm: readonly [number, number, number];
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Length and delay of the link that leads here; 0 for the first. */
  readonly km: number;
  readonly ms: number;
}

export interface ServicePath {
  readonly state: string;
  readonly rttMs: number | null;
  readonly nodes: readonly NodeOfPath[];
}

export interface SlotTotals {
  readonly servedCells: number;
  readonly servedPeople: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly shareMbps: number;
  readonly gateways: number;
}

/** What each populated cell has in one slot. */
export interface SlotCells {
  readonly state: Uint8Array;
  readonly latencyMs: Float32Array;
  readonly shareMbps: Float32Array;
  readonly utilisation: Float32Array;
  readonly satelliteIndex: Int32Array;
  readonly gatewayIndex: Int32Array;
}

export interface Slot {
  readonly slotMs: number;
  readonly resolution: Resolution;
  readonly inputHash: string;
  readonly before: SlotCells;
  readonly after: SlotCells;
  /** Four bytes a cell for the texture: class before, class after, states, 0. */
  readonly texels: Uint8Array;
  readonly totalsBefore: SlotTotals;
  readonly totalsAfter: SlotTotals;
  readonly pathBefore: ServicePath | null;
  readonly pathAfter: ServicePath | null;
  readonly tookMs: number;
}

/** What is known of a change before any slot is decided: who is named by it. */
export interface FirstNumbers {
  readonly cells: number;
  readonly cellsOff: number;
  readonly people: number;
  readonly peopleOff: number;
  readonly peopleOutsideOff: number;
  readonly gateways: readonly string[];
  /** Which populated cells of the resolution shown are switched off. */
  readonly isOff: Uint8Array;
  readonly resolution: Resolution;
}

/** An impact without its per-cell arrays, which stay in the worker. */
export type ImpactRows = Omit<Impact, 'cells'>;

export interface MembershipNumbers {
  readonly id: string;
  readonly cells: Readonly<Record<EdgeRule, number>>;
  readonly people: number;
  readonly gateways: readonly string[];
  /** Width of a cell, the least distance at which the border can be told, km. */
  readonly guardBandKm: number;
  /** Where most people live. */
  readonly user: PathUser;
}

export type FromSim =
  | { readonly kind: 'loaded'; readonly resolution: Resolution }
  | { readonly kind: 'cells'; readonly shapes: CellShapes }
  | { readonly kind: 'first'; readonly request: number; readonly numbers: FirstNumbers }
  | { readonly kind: 'slot'; readonly request: number; readonly slot: Slot }
  | {
      readonly kind: 'texels';
      readonly request: number;
      readonly resolution: Resolution;
      readonly texels: Uint8Array;
    }
  | {
      readonly kind: 'impact';
      readonly request: number;
      readonly impact: ImpactRows;
      readonly slotsDone: number;
      readonly slotCount: number;
      readonly tookMs: number;
    }
  | { readonly kind: 'membership'; readonly request: number; readonly numbers: MembershipNumbers }
  | { readonly kind: 'route'; readonly request: number; readonly part: RoutePart }
  | { readonly kind: 'topology'; readonly request: number; readonly csv: string }
  | { readonly kind: 'links'; readonly request: number; readonly pairs: Uint32Array }
  | {
      readonly kind: 'failed';
      readonly request: number | null;
      readonly code: string;
      readonly message: string;
    };

// ── routes ───────────────────────────────────────────────────────────────

export interface RoutePolicy {
  readonly algorithm: string;
  readonly hasLasers: boolean;
}

export interface RouteOrder {
  readonly from: PathUser;
  readonly to: PathUser;
  readonly a: RoutePolicy;
  readonly b: RoutePolicy;
  readonly startMs: number;
  readonly forS: number;
  readonly stepS: number;
}

export interface RouteHopRow {
  readonly from: string;
  readonly to: string;
  readonly kind: 'radio' | 'laser' | 'fibre';
  readonly km: number;
  readonly ms: number;
}

export interface RouteSpan {
  readonly atS: number;
  readonly rttMs: number | null;
  /** Why it took the place of the one before; null for the first. */
  readonly reason: string | null;
  readonly hops: readonly RouteHopRow[];
  /** Seconds for which it holds, as far as computed. */
  readonly forS: number;
  readonly nodes: readonly NodeOfPath[];
}

export interface RouteSide {
  readonly rttMs: readonly (number | null)[];
  readonly spans: readonly RouteSpan[];
}

/** What is known of both routes so far. */
export interface RoutePart {
  readonly stepS: number;
  readonly startMs: number;
  readonly stepsDone: number;
  readonly stepCount: number;
  readonly greatCircleKm: number;
  readonly fibreRttMs: number;
  readonly a: RouteSide;
  readonly b: RouteSide;
}
