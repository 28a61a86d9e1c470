/**
 * Near-earth SGP4 for all satellites of one set of columns. Two implementations give the same
 * answers: sgp4TypescriptKernel.ts everywhere, sgp4SimdKernel.ts where WebAssembly has SIMD.
 *
 * Both return views of a buffer that they own: valid until the next call. A satellite without a
 * solution at an instant (and padding, deep-space and rejected satellites) has NaN in every row.
 */
export interface Sgp4Kernel {
  readonly name: 'simd' | 'typescript';
  /** Length of one row of the results: the number of satellites rounded up to a whole block. */
  readonly paddedCount: number;
  /**
   * Position (km) and velocity (km/s) in TEME at instants given in minutes from the reference:
   * `[instant][x|y|z|vx|vy|vz][paddedCount]`.
   */
  states(minutes: Float64Array): Float64Array;
  /**
   * Position (km) at one instant, `[x|y|z][paddedCount]`, in TEME turned about its z-axis by
   * `turnRad`: with the Greenwich mean sidereal time this is Earth-fixed (pseudo Earth-fixed, PEF).
   * The turn is taken off the node, so it costs nothing.
   */
  positions(minutes: number, turnRad: number): Float64Array;
}
