import { sgp4 } from 'satellite.js';
import type { ElementSet } from './elementSet.ts';
import type { EarthOrientation } from './frames.ts';
import { NO_EARTH_ORIENTATION, polarMotionRad } from './frames.ts';
import { gmstRad } from './gmst.ts';
import type { Instant } from './instant.ts';
import type { KernelName } from './kernelChoice.ts';
import { createKernel } from './kernelChoice.ts';
import type { PositionsEcef } from './positions.ts';
import type { InitRejection } from './sgp4Init.ts';
import { initialiseSgp4, minutesFromReference } from './sgp4Init.ts';
import type { Sgp4Kernel } from './sgp4Kernel.ts';

/** Where all satellites of a catalogue are, at any instant. Made by `createPropagator`. */
export interface Propagator {
  /** Satellites, in the order of the element sets given. */
  readonly count: number;
  /** Satellites that SGP4 cannot start: NaN at every instant. */
  readonly initRejected: readonly InitRejection[];
  /** How many go through satellite.js because their period is 225 minutes or more. */
  readonly deepSpaceCount: number;
  readonly kernel: 'simd' | 'typescript';
  /**
   * Earth-fixed positions (km) of all satellites at one instant, into the caller's columns. A
   * satellite without a solution has NaN in all three; returns how many those are.
   *
   * @throws RangeError when the columns are too short.
   */
  positionsEcef(at: Instant, out: PositionsEcef, earthOrientation?: EarthOrientation): number;
  /**
   * TEME position (km) and velocity (km/s) at several instants, `[instant][x|y|z|vx|vy|vz][count]`.
   * `out`, if given, must hold `instants.length · 6 · count` numbers and is returned.
   */
  statesTeme(instants: readonly Instant[], out?: Float64Array): Float64Array;
}

const STATE_ROWS = 6;

/**
 * Prepares SGP4 for a catalogue: near-earth satellites by our own kernel (WebAssembly SIMD where the
 * engine has it, else TypeScript: same answers to 1e-8 km), deep space by satellite.js. Never throws
 * for a bad element set; see `initRejected`.
 *
 * @example
 * const { records } = readCatalogue(text, 'starlink.tle');
 * const propagator = createPropagator(records);
 * const positions = allocatePositionsEcef(propagator.count);
 * propagator.positionsEcef(parseInstant('2026-08-22T12:00:12Z'), positions);
 */
export function createPropagator(
  records: readonly ElementSet[],
  options: { kernel?: KernelName } = {},
): Propagator {
  const prepared = initialiseSgp4(records);
  const kernel: Sgp4Kernel = createKernel(prepared, options.kernel ?? 'auto');
  const { count, paddedCount, referenceJd, deepSpace } = prepared;

  return {
    count,
    initRejected: prepared.rejected,
    deepSpaceCount: deepSpace.length,
    kernel: kernel.name,

    positionsEcef(at, { xKm, yKm, zKm }, earthOrientation = NO_EARTH_ORIENTATION) {
      if (Math.min(xKm.length, yKm.length, zKm.length) < count) {
        throw new RangeError(`positionsEcef needs columns of ${count} satellites`);
      }
      const minutes = minutesFromReference(at, referenceJd);
      const gmst = gmstRad(at, earthOrientation.dut1S);
      const fixed = kernel.positions(minutes, gmst);
      xKm.set(fixed.subarray(0, count));
      yKm.set(fixed.subarray(paddedCount, paddedCount + count));
      zKm.set(fixed.subarray(2 * paddedCount, 2 * paddedCount + count));

      const cosGmst = Math.cos(gmst);
      const sinGmst = Math.sin(gmst);
      for (const { index, satRec, epochMinutes } of deepSpace) {
        const position = sgp4(satRec, minutes - epochMinutes)?.position;
        xKm[index] = position ? cosGmst * position.x + sinGmst * position.y : Number.NaN;
        yKm[index] = position ? cosGmst * position.y - sinGmst * position.x : Number.NaN;
        zKm[index] = position ? position.z : Number.NaN;
      }

      const [xp, yp] = polarMotionRad(earthOrientation);
      let failedCount = 0;
      for (let i = 0; i < count; i++) {
        const x = xKm[i];
        const y = yKm[i];
        const z = zKm[i];
        xKm[i] = x + xp * z;
        yKm[i] = y - yp * z;
        zKm[i] = z - xp * x + yp * y;
        // Also catches the infinities of a long decayed orbit.
        if (!(Math.abs(x) < Number.MAX_VALUE)) {
          failedCount++;
          xKm[i] = yKm[i] = zKm[i] = Number.NaN;
        }
      }
      return failedCount;
    },

    statesTeme(instants, out = new Float64Array(instants.length * STATE_ROWS * count)) {
      if (out.length < instants.length * STATE_ROWS * count) {
        throw new RangeError(`statesTeme needs ${instants.length * STATE_ROWS * count} numbers`);
      }
      const minutes = Float64Array.from(instants, at => minutesFromReference(at, referenceJd));
      const states = kernel.states(minutes);
      for (let row = 0; row < minutes.length * STATE_ROWS; row++) {
        out.set(states.subarray(row * paddedCount, row * paddedCount + count), row * count);
      }
      for (const { index, satRec, epochMinutes } of deepSpace) {
        for (let instant = 0; instant < minutes.length; instant++) {
          const state = sgp4(satRec, minutes[instant] - epochMinutes);
          const first = instant * STATE_ROWS * count + index;
          out[first] = state ? state.position.x : Number.NaN;
          out[first + count] = state ? state.position.y : Number.NaN;
          out[first + 2 * count] = state ? state.position.z : Number.NaN;
          out[first + 3 * count] = state ? state.velocity.x : Number.NaN;
          out[first + 4 * count] = state ? state.velocity.y : Number.NaN;
          out[first + 5 * count] = state ? state.velocity.z : Number.NaN;
        }
      }
      return out;
    },
  };
}
