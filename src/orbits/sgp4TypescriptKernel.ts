import * as column from './sgp4ColumnOrder.ts';
import { EARTH_RADIUS_WGS72_KM, J2_WGS72, VELOCITY_KM_S } from './sgp4Constants.ts';
import type { Sgp4Columns } from './sgp4Init.ts';
import type { Sgp4Kernel } from './sgp4Kernel.ts';

// Offsets inside a block, as plain constants that the engine can fold.
const STRIDE = column.BLOCK;
const EPOCH_MINUTES = column.EPOCH_MINUTES * STRIDE;
const MEAN_ANOMALY = column.MEAN_ANOMALY * STRIDE;
const MEAN_ANOMALY_RATE = column.MEAN_ANOMALY_RATE * STRIDE;
const ARG_PERIGEE = column.ARG_PERIGEE * STRIDE;
const ARG_PERIGEE_RATE = column.ARG_PERIGEE_RATE * STRIDE;
const NODE = column.NODE * STRIDE;
const NODE_RATE = column.NODE_RATE * STRIDE;
const NODE_DRAG = column.NODE_DRAG * STRIDE;
const C1 = column.C1 * STRIDE;
const BSTAR_C4 = column.BSTAR_C4 * STRIDE;
const T2_COEFFICIENT = column.T2_COEFFICIENT * STRIDE;
const OMEGA_COEFFICIENT = column.OMEGA_COEFFICIENT * STRIDE;
const ANOMALY_COEFFICIENT = column.ANOMALY_COEFFICIENT * STRIDE;
const ETA = column.ETA * STRIDE;
const DELTA_ANOMALY_EPOCH = column.DELTA_ANOMALY_EPOCH * STRIDE;
const D2 = column.D2 * STRIDE;
const D3 = column.D3 * STRIDE;
const D4 = column.D4 * STRIDE;
const BSTAR_C5 = column.BSTAR_C5 * STRIDE;
const SIN_ANOMALY_EPOCH = column.SIN_ANOMALY_EPOCH * STRIDE;
const T3_COEFFICIENT = column.T3_COEFFICIENT * STRIDE;
const T4_COEFFICIENT = column.T4_COEFFICIENT * STRIDE;
const T5_COEFFICIENT = column.T5_COEFFICIENT * STRIDE;
const ECCENTRICITY = column.ECCENTRICITY * STRIDE;
const MEAN_MOTION = column.MEAN_MOTION * STRIDE;
const SEMI_MAJOR_AXIS = column.SEMI_MAJOR_AXIS * STRIDE;
const AY_COEFFICIENT = column.AY_COEFFICIENT * STRIDE;
const XL_COEFFICIENT = column.XL_COEFFICIENT * STRIDE;
const THREE_COS2_MINUS_1 = column.THREE_COS2_MINUS_1 * STRIDE;
const ONE_MINUS_COS2 = column.ONE_MINUS_COS2 * STRIDE;
const SEVEN_COS2_MINUS_1 = column.SEVEN_COS2_MINUS_1 * STRIDE;
const COS_INCLINATION = column.COS_INCLINATION * STRIDE;
const SIN_INCLINATION = column.SIN_INCLINATION * STRIDE;

const BLOCK_LENGTH = column.COLUMN_COUNT * STRIDE;
/** Satellites per chunk: its columns (68 kB) stay in the second-level cache while time runs. */
const CHUNK = 256;
/** Largest first step for which Kepler's equation is solved by its series, rad. */
const SERIES_RANGE = 0.005;
/** Rows of a state: x, y, z, vx, vy, vz. */
const STATE_ROWS = 6;
const POSITION_ROWS = 3;

/** The plain TypeScript kernel: runs everywhere, allocates nothing after its first call of a size. */
export function createTypescriptKernel({ columns, paddedCount }: Sgp4Columns): Sgp4Kernel {
  let stateBuffer = new Float64Array(0);
  const positionBuffer = new Float64Array(POSITION_ROWS * paddedCount);
  const oneInstant = new Float64Array(1);
  return {
    name: 'typescript',
    paddedCount,
    states(minutes) {
      const length = minutes.length * STATE_ROWS * paddedCount;
      if (stateBuffer.length < length) stateBuffer = new Float64Array(length);
      for (let from = 0; from < paddedCount; from += CHUNK) {
        const to = Math.min(from + CHUNK, paddedCount);
        propagate(columns, paddedCount, from, to, minutes, 0, true, stateBuffer);
      }
      return stateBuffer.subarray(0, length);
    },
    positions(minutes, turnRad) {
      oneInstant[0] = minutes;
      propagate(columns, paddedCount, 0, paddedCount, oneInstant, turnRad, false, positionBuffer);
      return positionBuffer;
    },
  };
}

// Sine and cosine on ±π/4: Cephes minimax polynomials.
const S1 = -0.1666666666666663;
const S2 = 0.008333333333322118;
const S3 = -0.0001984126982958954;
const S4 = 0.0000027557313621385722;
const S5 = -2.5050747762857807e-8;
const S6 = 1.5896230157654656e-10;
const K1 = 0.041666666666666595;
const K2 = -0.0013888888888873056;
const K3 = 0.000024801587288851704;
const K4 = -2.755731417929674e-7;
const K5 = 2.087570084197473e-9;
const K6 = -1.1358536521387682e-11;
// π/2 in three parts (Cody–Waite): quarter turns up to 2^28 are subtracted without loss.
const HALF_PI_1 = 1.5707962512969971;
const HALF_PI_2 = 7.549789415861596e-8;
const HALF_PI_3 = 5.390302529957765e-15;

/**
 * Writes sin x and cos x to `pair[at]` and `pair[at + 1]`, within 1 ulp of 1 to |x| < 1e8.
 *
 * A pair of typed-array elements costs nothing to hand over, and the quarter turns are applied by
 * factors 0 and ±1: a branch on them would be a coin toss for the processor.
 */
function sineCosine(x: number, pair: Float64Array, at: number): void {
  const quarters = Math.floor(x * 0.6366197723675814 + 0.5);
  const r = x - quarters * HALF_PI_1 - quarters * HALF_PI_2 - quarters * HALF_PI_3;
  const z = r * r;
  const s = r + r * z * (S1 + z * (S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)))));
  const c = 1 - 0.5 * z + z * z * (K1 + z * (K2 + z * (K3 + z * (K4 + z * (K5 + z * K6)))));
  const odd = quarters & 1;
  const sign = 1 - (quarters & 2);
  const cosQuarters = (1 - odd) * sign;
  const sinQuarters = odd * sign;
  pair[at] = s * cosQuarters + c * sinQuarters;
  pair[at + 1] = c * cosQuarters - s * sinQuarters;
}

/** Where `sineCosine` leaves its results. */
const PAIRS = new Float64Array(8);
const ANOMALY = 0;
const PERIGEE = 2;
const LATITUDE = 4;
const ASCENDING = 6;

/**
 * SGP4 (AIAA 2006-6753) for satellites `from` to `to` at all instants. The order of operations, the
 * Kepler solver by rotation and the small-angle turns in place of atan2 are explained in
 * docs/kernel.md.
 */
function propagate(
  columns: Float64Array,
  paddedCount: number,
  from: number,
  to: number,
  minutes: Float64Array,
  turnRad: number,
  isVelocityWanted: boolean,
  out: Float64Array,
): void {
  const rowCount = isVelocityWanted ? STATE_ROWS : POSITION_ROWS;
  for (let instant = 0; instant < minutes.length; instant++) {
    const now = minutes[instant];
    const firstRow = instant * rowCount * paddedCount;
    for (let i = from; i < to; i++) {
      const p = (i >> 2) * BLOCK_LENGTH + (i & 3);
      const t = now - columns[p + EPOCH_MINUTES];
      const t2 = t * t;

      // Secular gravity and drag.
      const meanAnomalyGravity = columns[p + MEAN_ANOMALY] + columns[p + MEAN_ANOMALY_RATE] * t;
      const argPerigeeGravity = columns[p + ARG_PERIGEE] + columns[p + ARG_PERIGEE_RATE] * t;
      const node =
        columns[p + NODE] + columns[p + NODE_RATE] * t + columns[p + NODE_DRAG] * t2 - turnRad;
      sineCosine(meanAnomalyGravity, PAIRS, ANOMALY);
      const oneEta = 1 + columns[p + ETA] * PAIRS[ANOMALY + 1];
      const dragTurn =
        columns[p + OMEGA_COEFFICIENT] * t +
        columns[p + ANOMALY_COEFFICIENT] *
          (oneEta * oneEta * oneEta - columns[p + DELTA_ANOMALY_EPOCH]);
      const meanAnomaly = meanAnomalyGravity + dragTurn;
      const argPerigee = argPerigeeGravity - dragTurn;
      const t3 = t2 * t;
      const t4 = t3 * t;
      const axisFactor =
        1 -
        columns[p + C1] * t -
        columns[p + D2] * t2 -
        columns[p + D3] * t3 -
        columns[p + D4] * t4;
      const semiMajorAxis = columns[p + SEMI_MAJOR_AXIS] * axisFactor * axisFactor;
      // The sine of the full anomaly enters only times B*: a short Taylor turn is enough up to 0.1.
      let sinAnomaly: number;
      if (dragTurn < 0.1 && dragTurn > -0.1) {
        const zTurn = dragTurn * dragTurn;
        sinAnomaly =
          PAIRS[ANOMALY] * (1 + zTurn * (-0.5 + zTurn * (1 / 24 + zTurn * (-1 / 720)))) +
          PAIRS[ANOMALY + 1] * (dragTurn * (1 + zTurn * (-1 / 6 + zTurn * (1 / 120))));
      } else {
        sinAnomaly = Math.sin(meanAnomaly);
      }
      let eccentricity =
        columns[p + ECCENTRICITY] -
        (columns[p + BSTAR_C4] * t +
          columns[p + BSTAR_C5] * (sinAnomaly - columns[p + SIN_ANOMALY_EPOCH]));
      // Error 1 of the reference, with its limit on the axis (satellite.js has dropped that one).
      let isFailed = eccentricity >= 1 || eccentricity < -0.001 || semiMajorAxis < 0.95;
      if (eccentricity < 1e-6) eccentricity = 1e-6;
      const meanLongitude =
        meanAnomaly +
        columns[p + MEAN_MOTION] *
          (columns[p + T2_COEFFICIENT] * t2 +
            columns[p + T3_COEFFICIENT] * t3 +
            t4 * (columns[p + T4_COEFFICIENT] + t * columns[p + T5_COEFFICIENT]));

      // Long-period terms.
      const inverseParameter = 1 / (semiMajorAxis * (1 - eccentricity * eccentricity));
      sineCosine(argPerigee, PAIRS, PERIGEE);
      const ax = eccentricity * PAIRS[PERIGEE + 1];
      const ay = eccentricity * PAIRS[PERIGEE] + inverseParameter * columns[p + AY_COEFFICIENT];
      const u = meanLongitude + argPerigee + inverseParameter * columns[p + XL_COEFFICIENT] * ax;

      // Kepler's equation from u on. For a small first Newton step d the root is the series
      // d − d³ (1/2 + (1 − f′)/(6 f′)) + 13/24 d⁵, good to 2e-13 rad (docs/kernel.md).
      sineCosine(u, PAIRS, LATITUDE);
      let s = PAIRS[LATITUDE];
      let c = PAIRS[LATITUDE + 1];
      const slope = 1 - c * ax - s * ay;
      const inverseSlope = 1 / slope;
      const first = (ax * s - ay * c) * inverseSlope;
      if (first < SERIES_RANGE && first > -SERIES_RANGE) {
        const d2 = first * first;
        const step =
          first - first * d2 * (0.5 + (1 - slope) * inverseSlope * (1 / 6) - d2 * (13 / 24));
        const zStep = step * step;
        const sinStep = step * (1 + zStep * (-1 / 6 + zStep * (1 / 120)));
        const cosStep = 1 + zStep * (-0.5 + zStep * (1 / 24));
        const sBefore = s;
        s = s * cosStep + c * sinStep;
        c = c * cosStep - sBefore * sinStep;
      } else {
        const anomaly = keplerByNewton(u, ax, ay, first);
        s = Math.sin(anomaly);
        c = Math.cos(anomaly);
      }

      // Short-period terms.
      const eCosE = ax * c + ay * s;
      const eSinE = ax * s - ay * c;
      const eSquared = ax * ax + ay * ay;
      const parameter = semiMajorAxis * (1 - eSquared);
      if (parameter < 0) isFailed = true;
      const radius = semiMajorAxis * (1 - eCosE);
      const inverseRadius = 1 / radius;
      const rootAxis = Math.sqrt(semiMajorAxis);
      const beta = Math.sqrt(1 - eSquared);
      const eSinEOverBeta = eSinE / (1 + beta);
      const axisOverRadius = semiMajorAxis * inverseRadius;
      let sinU = axisOverRadius * (s - ay - ax * eSinEOverBeta);
      let cosU = axisOverRadius * (c - ax + ay * eSinEOverBeta);
      const sin2U = 2 * cosU * sinU;
      const cos2U = 1 - 2 * sinU * sinU;
      const inverse = 1 / parameter;
      const j2Half = 0.5 * J2_WGS72 * inverse;
      const j2HalfOverP = j2Half * inverse;
      const threeCos2Minus1 = columns[p + THREE_COS2_MINUS_1];
      const oneMinusCos2 = columns[p + ONE_MINUS_COS2];
      const cosI0 = columns[p + COS_INCLINATION];
      const sinI0 = columns[p + SIN_INCLINATION];
      const radiusNow =
        radius * (1 - 1.5 * j2HalfOverP * beta * threeCos2Minus1) +
        0.5 * j2Half * oneMinusCos2 * cos2U;
      if (radiusNow < 1) isFailed = true;

      // Corrections of about 1e-3 rad turn the known (sine, cosine) of u, node and inclination.
      const deltaU = -0.25 * j2HalfOverP * columns[p + SEVEN_COS2_MINUS_1] * sin2U;
      let z = deltaU * deltaU;
      let sinDelta = deltaU * (1 + z * (-1 / 6 + z * (1 / 120)));
      let cosDelta = 1 + z * (-0.5 + z * (1 / 24 + z * (-1 / 720)));
      const sinUBefore = sinU;
      sinU = sinU * cosDelta + cosU * sinDelta;
      cosU = cosU * cosDelta - sinUBefore * sinDelta;

      const deltaNode = 1.5 * j2HalfOverP * cosI0 * sin2U;
      z = deltaNode * deltaNode;
      sinDelta = deltaNode * (1 + z * (-1 / 6 + z * (1 / 120)));
      cosDelta = 1 + z * (-0.5 + z * (1 / 24 + z * (-1 / 720)));
      sineCosine(node, PAIRS, ASCENDING);
      const sinNode0 = PAIRS[ASCENDING];
      const cosNode0 = PAIRS[ASCENDING + 1];
      const sinNode = sinNode0 * cosDelta + cosNode0 * sinDelta;
      const cosNode = cosNode0 * cosDelta - sinNode0 * sinDelta;

      const deltaI = 1.5 * j2HalfOverP * cosI0 * sinI0 * cos2U;
      z = deltaI * deltaI;
      sinDelta = deltaI * (1 + z * (-1 / 6 + z * (1 / 120)));
      cosDelta = 1 + z * (-0.5 + z * (1 / 24 + z * (-1 / 720)));
      const sinI = sinI0 * cosDelta + cosI0 * sinDelta;
      const cosI = cosI0 * cosDelta - sinI0 * sinDelta;

      // Orientation, position, velocity.
      const xm = -sinNode * cosI;
      const ym = cosNode * cosI;
      const ux = xm * sinU + cosNode * cosU;
      const uy = ym * sinU + sinNode * cosU;
      const uz = sinI * sinU;
      const radiusKm = isFailed ? Number.NaN : radiusNow * EARTH_RADIUS_WGS72_KM;
      const o = firstRow + i;
      out[o] = radiusKm * ux;
      out[o + paddedCount] = radiusKm * uy;
      out[o + 2 * paddedCount] = radiusKm * uz;
      if (isVelocityWanted) {
        const velocityUnit = isFailed ? Number.NaN : VELOCITY_KM_S;
        const motion = j2Half / (semiMajorAxis * rootAxis);
        const radial =
          (rootAxis * eSinE * inverseRadius - motion * oneMinusCos2 * sin2U) * velocityUnit;
        const transverse =
          (rootAxis * beta * inverseRadius +
            motion * (oneMinusCos2 * cos2U + 1.5 * threeCos2Minus1)) *
          velocityUnit;
        out[o + 3 * paddedCount] = radial * ux + transverse * (xm * cosU - cosNode * sinU);
        out[o + 4 * paddedCount] = radial * uy + transverse * (ym * cosU - sinNode * sinU);
        out[o + 5 * paddedCount] = radial * uz + transverse * sinI * cosU;
      }
    }
  }
}

/** Newton from a first step on, for eccentric orbits: at most ten steps of at most 0.95 rad. */
function keplerByNewton(u: number, ax: number, ay: number, firstStep: number): number {
  let anomaly = u;
  let step = firstStep;
  for (let iteration = 0; iteration < 10; iteration++) {
    anomaly += Math.max(-0.95, Math.min(0.95, step));
    // Newton is quadratic: after a step of 1e-6 the rest is about 1e-12.
    if (!(Math.abs(step) > 1e-6)) break;
    const s = Math.sin(anomaly);
    const c = Math.cos(anomaly);
    step = (u - ay * c + ax * s - anomaly) / (1 - c * ax - s * ay);
  }
  return anomaly;
}
