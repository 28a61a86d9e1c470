/**
 * An area drawn by the user. Rings are closed, on the sphere by longitude and latitude: an edge is
 * straight in both, as map programs draw it, and takes the short way round. Inside is what an odd
 * number of rings encloses.
 */
export interface Polygon {
  readonly kind: 'polygon';
  /** For messages and reports. */
  readonly name: string;
  readonly rings: readonly PolygonRing[];
  /** True when the pole itself is inside. */
  readonly hasNorthPole: boolean;
  readonly hasSouthPole: boolean;
  /** West, south, east, north, degrees; west > east when it crosses the antimeridian. */
  readonly bboxDeg: readonly [number, number, number, number];
}

/** Not closed: the last point joins the first. Longitudes in [-180, 180). */
export interface PolygonRing {
  readonly lonDeg: Float64Array;
  readonly latDeg: Float64Array;
}

/** Files beyond these sizes are refused rather than waited for. */
export const POLYGON_MAX_BYTES = 50_000_000;
export const POLYGON_MAX_POINTS = 500_000;
