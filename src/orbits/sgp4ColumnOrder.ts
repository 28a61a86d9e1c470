// The order of the columns of a near-earth satellite, shared by the TypeScript kernel, the
// AssemblyScript kernel (which compiles this very file, hence no type annotations) and the code
// that fills them. Names after the SatRec of Vallado's reference code are in the comments.

/** Minutes from the reference instant to the epoch of the element set. */
export const EPOCH_MINUTES = 0;
/** mo, mdot: mean anomaly (rad) and its rate (rad/min). */
export const MEAN_ANOMALY = 1;
export const MEAN_ANOMALY_RATE = 2;
/** argpo, argpdot: argument of perigee (rad) and its rate (rad/min). */
export const ARG_PERIGEE = 3;
export const ARG_PERIGEE_RATE = 4;
/** nodeo, nodedot, nodecf: node (rad), rate (rad/min), drag term (rad/min²). */
export const NODE = 5;
export const NODE_RATE = 6;
export const NODE_DRAG = 7;
/** cc1; bstar · cc4; t2cof: drag on the axis, the eccentricity, the mean longitude. */
export const C1 = 8;
export const BSTAR_C4 = 9;
export const T2_COEFFICIENT = 10;
/** omgcof, xmcof, eta, delmo: drag on perigee and anomaly. Zero for a simplified set. */
export const OMEGA_COEFFICIENT = 11;
export const ANOMALY_COEFFICIENT = 12;
export const ETA = 13;
export const DELTA_ANOMALY_EPOCH = 14;
/** d2, d3, d4: higher drag on the axis. Zero for a simplified set. */
export const D2 = 15;
export const D3 = 16;
export const D4 = 17;
/** bstar · cc5 (zero for a simplified set) and sinmao, the sine of the anomaly at epoch. */
export const BSTAR_C5 = 18;
export const SIN_ANOMALY_EPOCH = 19;
/** t3cof, t4cof, t5cof: higher drag on the longitude. Zero for a simplified set. */
export const T3_COEFFICIENT = 20;
export const T4_COEFFICIENT = 21;
export const T5_COEFFICIENT = 22;
/** ecco; no (rad/min, un-Kozai'd); (xke / no)^(2/3), the semi-major axis in Earth radii. */
export const ECCENTRICITY = 23;
export const MEAN_MOTION = 24;
export const SEMI_MAJOR_AXIS = 25;
/** aycof, xlcof: long-period terms. */
export const AY_COEFFICIENT = 26;
export const XL_COEFFICIENT = 27;
/** con41 = 3 cos² i − 1, x1mth2 = 1 − cos² i, x7thm1 = 7 cos² i − 1. */
export const THREE_COS2_MINUS_1 = 28;
export const ONE_MINUS_COS2 = 29;
export const SEVEN_COS2_MINUS_1 = 30;
export const COS_INCLINATION = 31;
export const SIN_INCLINATION = 32;

export const COLUMN_COUNT = 33;
/**
 * Satellites are stored in blocks of four: a block holds column 0 of its four satellites, then
 * column 1 and so on. One block is 1,056 consecutive bytes, so that a kernel walks memory in one
 * stream with constant offsets instead of 33 streams.
 */
export const BLOCK = 4;
