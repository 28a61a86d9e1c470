/**
 * H3 cells at one resolution with what stands in them, structure of arrays, sorted by id.
 * Geodetic WGS84 coordinates of the cell centres, radians.
 */
export interface CellTable {
  readonly resolution: number;
  readonly count: number;
  /** H3 ids, ascending. */
  readonly h3: BigUint64Array;
  readonly latRad: Float64Array;
  readonly lonRad: Float64Array;
  /** People in the cell; 0 where nobody lives. */
  readonly peopleCount: Float32Array;
  /** Index into `TerritoryIndex.territories` of the unit at the cell's centre (its land or 12-nm waters); `NO_TERRITORY` on the high seas. */
  readonly territoryIndex: Uint16Array;
  /** 1 where the centre is at sea. */
  readonly isWater: Uint8Array;
  /** 1 where the cell overlaps more than one territory. */
  readonly isBorder: Uint8Array;
  /** Where the people come from, for reports: `cities (GeoNames)`, `Kontur 2023-11-01`. */
  readonly peopleSource: string;
  /**
   * Which parts of which territories every cell of the Earth touches; needed by `membershipOf` and
   * `outsideTerritoryOf`. It speaks of ids, not of rows, so it stays right for any subset of cells.
   */
  readonly parts?: CellParts;
}

/**
 * Parts of territories per cell of the whole Earth at one resolution, in the order of ids.
 * A part is a unit's land and 12-nm waters, or a disputed area within a unit; no point of view
 * divides it. Only cells that touch other parts than their centre's have rows.
 */
export interface CellParts {
  readonly resolution: number;
  /** Part at the centre of every cell of the Earth, 65535 on the high seas. */
  readonly centrePart: Uint16Array;
  /** Share of the cell that is land, of 255. */
  readonly landShare: Uint8Array;
  /** Ordinals of cells with rows, ascending; rows `mixedStart[m]` to `mixedStart[m + 1]`. */
  readonly mixedOrdinal: Uint32Array;
  readonly mixedStart: Uint32Array;
  readonly mixedPart: Uint16Array;
  /** Share of the cell's people in the part; the rows of a cell add up to 1. */
  readonly mixedShare: Float32Array;
  /** Territory (index into `TerritoryIndex.territories`) of every part in the view chosen. */
  readonly partTerritory: Uint16Array;
}

export const NO_TERRITORY = 65535;

/** How cells at the edge of a territory are treated. */
export type EdgeRule = 'strict' | 'centre' | 'covering';

/**
 * The cells of a `CellTable` that a territory (or any polygon) touches.
 * `insideShare` is the share of the cell's people taken to live inside, 0…1; 1 for a cell wholly inside.
 */
export interface Membership {
  /** Ascending indices into the cell table. */
  readonly cellIndex: Int32Array;
  readonly insideShare: Float32Array;
  /** 1 where the cell's centre is inside. */
  readonly isCentreInside: Uint8Array;
  /** 1 where the whole cell is inside (land and 12-nm waters). */
  readonly isWhollyInside: Uint8Array;
}
