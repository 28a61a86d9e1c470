/** One mean element set (TLE or OMM), SGP4 theory, TEME of epoch, UTC. */
export interface ElementSet {
  /** 1 to 999,999,999; alpha-5 already decoded. */
  readonly catalogId: number;
  /** Empty when the source gives none. */
  readonly name: string;
  readonly intlDesignator: string;
  /** Julian date of 0 h UTC of the epoch's day (ends in .5). */
  readonly epochJd: number;
  /** Fraction of that day, [0, 1). */
  readonly epochFraction: number;
  /** Kozai mean motion as published, rev/day. */
  readonly meanMotion: number;
  readonly eccentricity: number;
  readonly inclinationDeg: number;
  readonly raanDeg: number;
  readonly argPerigeeDeg: number;
  readonly meanAnomalyDeg: number;
  /** 1/Earth radii. */
  readonly bstar: number;
  /** rev/day², kept, not used by SGP4. */
  readonly meanMotionDot: number;
  /** rev/day³, kept, not used by SGP4. */
  readonly meanMotionDdot: number;
  /** File name, or the design it was made from. */
  readonly source: string;
  /** First line of the record in its source, 1-based; 0 for a generated one. */
  readonly line: number;
}

/** A record that was not taken, and why. The rest of the catalogue loads. */
export interface Rejection {
  readonly source: string;
  readonly line: number;
  readonly catalogId: number | null;
  readonly name: string | null;
  readonly field: string | null;
  /** `TLE_CHECKSUM`, `TLE_SHAPE`, `FIELD`, `RANGE`, `THEORY`, `FRAME`, `SGP4_INIT`. */
  readonly code: string;
  readonly message: string;
}

/** Something worth saying about a record that was kept. */
export interface CatalogueWarning {
  readonly source: string;
  readonly line: number;
  readonly catalogId: number | null;
  /** `WRAPPED_ANGLE`, `DUPLICATE_ID`, `STALE_EPOCH`, … */
  readonly code: string;
  readonly message: string;
}

export interface Catalogue {
  readonly records: readonly ElementSet[];
  readonly rejected: readonly Rejection[];
  readonly warnings: readonly CatalogueWarning[];
}
