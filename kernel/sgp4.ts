// Near-earth SGP4 in AssemblyScript with f64x2 SIMD: two lanes are two satellites at one instant.
//
// Compiled by scripts/build-kernel.ts without runtime or garbage collector. The caller owns the
// memory: it grows it, lays out columns, instants and results behind `heapBase()`, and passes
// addresses. The formulas are those of src/orbits/sgp4TypescriptKernel.ts; docs/kernel.md says why
// the work is cut into stages and what each trick gained.

import {
  ANOMALY_COEFFICIENT,
  ARG_PERIGEE,
  ARG_PERIGEE_RATE,
  AY_COEFFICIENT,
  BLOCK,
  BSTAR_C4,
  BSTAR_C5,
  C1,
  COLUMN_COUNT,
  COS_INCLINATION,
  D2,
  D3,
  D4,
  DELTA_ANOMALY_EPOCH,
  ECCENTRICITY,
  EPOCH_MINUTES,
  ETA,
  MEAN_ANOMALY,
  MEAN_ANOMALY_RATE,
  MEAN_MOTION,
  NODE,
  NODE_DRAG,
  NODE_RATE,
  OMEGA_COEFFICIENT,
  ONE_MINUS_COS2,
  SEMI_MAJOR_AXIS,
  SEVEN_COS2_MINUS_1,
  SIN_ANOMALY_EPOCH,
  SIN_INCLINATION,
  T2_COEFFICIENT,
  T3_COEFFICIENT,
  T4_COEFFICIENT,
  T5_COEFFICIENT,
  THREE_COS2_MINUS_1,
  XL_COEFFICIENT,
} from '../src/orbits/sgp4ColumnOrder';

// ---------------------------------------------------------------- constants
//
// Constants lie in memory, each twice: one load is cheaper than the three or four instructions with
// which engines build a 128-bit constant in a register (+13 % for the whole kernel).

const CONSTANTS: usize = memory.data<f64>([
  1.0, 1.0,
  0.5, 0.5,
  // sine: r + r z (S1 + z (S2 + …)), Cephes minimax on ±π/4
  -1.66666666666666307295e-1, -1.66666666666666307295e-1,
  8.33333333332211858878e-3, 8.33333333332211858878e-3,
  -1.98412698295895385996e-4, -1.98412698295895385996e-4,
  2.75573136213857245213e-6, 2.75573136213857245213e-6,
  -2.50507477628578072866e-8, -2.50507477628578072866e-8,
  1.58962301576546568060e-10, 1.58962301576546568060e-10,
  // cosine: 1 − z/2 + z² (C1 + z (C2 + …))
  4.16666666666665929218e-2, 4.16666666666665929218e-2,
  -1.38888888888730564116e-3, -1.38888888888730564116e-3,
  2.48015872888517045348e-5, 2.48015872888517045348e-5,
  -2.75573141792967388112e-7, -2.75573141792967388112e-7,
  2.08757008419747316778e-9, 2.08757008419747316778e-9,
  -1.13585365213876817300e-11, -1.13585365213876817300e-11,
  // argument reduction: 2/π, 1.5 · 2^52, π/2 in three parts (Cody–Waite)
  0.63661977236758134308, 0.63661977236758134308,
  6755399441055744.0, 6755399441055744.0,
  1.57079625129699707031, 1.57079625129699707031,
  7.54978941586159635336e-8, 7.54978941586159635336e-8,
  5.39030252995776476554e-15, 5.39030252995776476554e-15,
  // Taylor: −1/6, 1/120, −1/5040, 1/362880; −1/2, 1/24, −1/720, 1/40320, −1/3628800
  -0.16666666666666666, -0.16666666666666666,
  0.008333333333333333, 0.008333333333333333,
  -0.0001984126984126984, -0.0001984126984126984,
  0.0000027557319223985893, 0.0000027557319223985893,
  -0.5, -0.5,
  0.041666666666666664, 0.041666666666666664,
  -0.001388888888888889, -0.001388888888888889,
  0.0000248015873015873, 0.0000248015873015873,
  -2.755731922398589e-7, -2.755731922398589e-7,
  // limits: see the names of the slots
  0.1, 0.1,
  0.02, 0.02,
  0.005, 0.005,
  1e-6, 1e-6,
  -0.001, -0.001,
  0.95, 0.95,
  -0.95, -0.95,
  // Kepler by series: 13/24
  0.5416666666666666, 0.5416666666666666,
  // short periods: 2, 1.5, −0.25, J2/2
  2.0, 2.0,
  1.5, 1.5,
  -0.25, -0.25,
  0.000541308, 0.000541308,
  // Earth radius (km), velocity unit (km/s): WGS72
  6378.135, 6378.135,
  7.905370510517634, 7.905370510517634,
], 16);

const ONE: i32 = 0;
const HALF: i32 = 1;
const SIN_1: i32 = 2;
const COS_1: i32 = 8;
const TWO_OVER_PI: i32 = 14;
const ROUNDER: i32 = 15;
const HALF_PI_1: i32 = 16;
const HALF_PI_2: i32 = 17;
const HALF_PI_3: i32 = 18;
const TAYLOR_SIN: i32 = 19;
const TAYLOR_COS: i32 = 23;
const TENTH: i32 = 28;
const REFERENCE_RANGE: i32 = 29;
const SERIES_RANGE: i32 = 30;
const MILLIONTH: i32 = 31;
const MIN_ECCENTRICITY: i32 = 32;
/** Shortest axis in Earth radii, and longest Newton step in rad: the reference code has 0.95 for both. */
const MIN_AXIS: i32 = 33;
const MAX_STEP: i32 = 33;
const MIN_STEP: i32 = 34;
const SERIES_FIFTH: i32 = 35;
const TWO: i32 = 36;
const THREE_HALVES: i32 = 37;
const MINUS_QUARTER: i32 = 38;
const HALF_J2: i32 = 39;
const EARTH_RADIUS_KM: i32 = 40;
const VELOCITY_KM_S: i32 = 41;

// @ts-ignore: decorator
@inline
function k(slot: i32): v128 {
  return v128.load(CONSTANTS + (<usize>slot << 4));
}

// ---------------------------------------------------------------- arithmetic

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}
// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}
// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}
/** a b + c */
// @ts-ignore: decorator
@inline
function mulAdd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}
/** c − a b */
// @ts-ignore: decorator
@inline
function mulSub(a: v128, b: v128, c: v128): v128 {
  return f64x2.sub(c, f64x2.mul(a, b));
}
// @ts-ignore: decorator
@inline
function isAnyAbove(a: v128, slot: i32): bool {
  return v128.any_true(f64x2.gt(f64x2.abs(a), k(slot)));
}

// ---------------------------------------------------------------- sine and cosine

/** x · 2/π rounded to an integer, which sits in the low bits of the result. */
// @ts-ignore: decorator
@inline
function quarterTurns(x: v128): v128 {
  return mulAdd(x, k(TWO_OVER_PI), k(ROUNDER));
}
/** x less its quarter turns: within ±π/4. */
// @ts-ignore: decorator
@inline
function reduced(x: v128, quarters: v128): v128 {
  const q = sub(quarters, k(ROUNDER));
  return mulSub(q, k(HALF_PI_3), mulSub(q, k(HALF_PI_2), mulSub(q, k(HALF_PI_1), x)));
}
// @ts-ignore: decorator
@inline
function sinePolynomial(r: v128, z: v128): v128 {
  let p = mulAdd(z, k(SIN_1 + 5), k(SIN_1 + 4));
  p = mulAdd(z, p, k(SIN_1 + 3));
  p = mulAdd(z, p, k(SIN_1 + 2));
  p = mulAdd(z, p, k(SIN_1 + 1));
  p = mulAdd(z, p, k(SIN_1));
  return mulAdd(mul(r, z), p, r);
}
// @ts-ignore: decorator
@inline
function cosinePolynomial(z: v128): v128 {
  let p = mulAdd(z, k(COS_1 + 5), k(COS_1 + 4));
  p = mulAdd(z, p, k(COS_1 + 3));
  p = mulAdd(z, p, k(COS_1 + 2));
  p = mulAdd(z, p, k(COS_1 + 1));
  p = mulAdd(z, p, k(COS_1));
  return mulAdd(mul(z, z), p, mulSub(k(HALF), z, k(ONE)));
}
/** Bit 0 of the quarters swaps sine and cosine. */
// @ts-ignore: decorator
@inline
function swapMask(quarters: v128): v128 {
  return i64x2.neg(v128.and(quarters, i64x2.splat(1)));
}
/** Bit 1 of the quarters is the sign of the sine, of the quarters plus one that of the cosine. */
// @ts-ignore: decorator
@inline
function sineOf(quarters: v128, swap: v128, s: v128, c: v128): v128 {
  const sign = i64x2.shl(v128.and(quarters, i64x2.splat(2)), 62);
  return v128.xor(v128.bitselect(c, s, swap), sign);
}
// @ts-ignore: decorator
@inline
function cosineOf(quarters: v128, swap: v128, s: v128, c: v128): v128 {
  const next = i64x2.add(quarters, i64x2.splat(1));
  const sign = i64x2.shl(v128.and(next, i64x2.splat(2)), 62);
  return v128.xor(v128.bitselect(s, c, swap), sign);
}
/** Writes the sine and the cosine of x to two neighbouring slots. */
// @ts-ignore: decorator
@inline
function writeSineCosine(x: v128, record: usize, slot: i32): void {
  const quarters = quarterTurns(x);
  const r = reduced(x, quarters);
  const z = mul(r, r);
  const s = sinePolynomial(r, z);
  const c = cosinePolynomial(z);
  const swap = swapMask(quarters);
  put(record, slot, sineOf(quarters, swap, s, c));
  put(record, slot + 1, cosineOf(quarters, swap, s, c));
}
/** Sine and cosine of a small angle by Taylor, z its square; 1e-16 for ±0.1. */
// @ts-ignore: decorator
@inline
function taylorSine(x: v128, z: v128): v128 {
  let p = mulAdd(z, k(TAYLOR_SIN + 3), k(TAYLOR_SIN + 2));
  p = mulAdd(z, p, k(TAYLOR_SIN + 1));
  p = mulAdd(z, p, k(TAYLOR_SIN));
  return mulAdd(mul(x, z), p, x);
}
// @ts-ignore: decorator
@inline
function taylorCosine(z: v128): v128 {
  let p = mulAdd(z, k(TAYLOR_COS + 4), k(TAYLOR_COS + 3));
  p = mulAdd(z, p, k(TAYLOR_COS + 2));
  p = mulAdd(z, p, k(TAYLOR_COS + 1));
  p = mulAdd(z, p, k(TAYLOR_COS));
  return mulAdd(z, p, k(ONE));
}
/** The same, shorter; 3e-16 for ±0.02. */
// @ts-ignore: decorator
@inline
function shortSine(x: v128, z: v128): v128 {
  return mulAdd(mul(x, z), mulAdd(z, k(TAYLOR_SIN + 1), k(TAYLOR_SIN)), x);
}
// @ts-ignore: decorator
@inline
function shortCosine(z: v128): v128 {
  const p = mulAdd(z, mulAdd(z, k(TAYLOR_COS + 2), k(TAYLOR_COS + 1)), k(TAYLOR_COS));
  return mulAdd(z, p, k(ONE));
}
/** sin(a + d) and cos(a + d) of (sin a, cos a) and (sin d, cos d). */
// @ts-ignore: decorator
@inline
function turnedSine(s: v128, c: v128, sinD: v128, cosD: v128): v128 {
  return mulAdd(s, cosD, mul(c, sinD));
}
// @ts-ignore: decorator
@inline
function turnedCosine(s: v128, c: v128, sinD: v128, cosD: v128): v128 {
  return mulSub(s, sinD, mul(c, cosD));
}

// ---------------------------------------------------------------- memory

/** Satellites per chunk: their columns and records (13 kB) stay in the first-level cache. */
const CHUNK: i32 = 32;
const BLOCK_BYTES: usize = <usize>(COLUMN_COUNT * BLOCK * 8);

// What stages hand to each other about one pair of satellites.
const FAILED: i32 = 0;
const AXIS: i32 = 1;
const INVERSE_AXIS: i32 = 2;
const AX: i32 = 3;
const AY: i32 = 4;
const LATITUDE_ARGUMENT: i32 = 5;
const SIN_M: i32 = 6;
const COS_M: i32 = 7;
const SIN_E: i32 = 8;
const COS_E: i32 = 9;
const SIN_NODE: i32 = 10;
const COS_NODE: i32 = 11;
// Node and perigee move slowly: their sine and cosine are turned from those of an earlier instant.
const NODE_REFERENCE: i32 = 12;
const SIN_NODE_REFERENCE: i32 = 13;
const COS_NODE_REFERENCE: i32 = 14;
const PERIGEE_REFERENCE: i32 = 15;
const SIN_PERIGEE_REFERENCE: i32 = 16;
const COS_PERIGEE_REFERENCE: i32 = 17;
// At even steps of time the anomaly and the mean argument of latitude (anomaly plus perigee) are
// turned on by a fixed angle from instant to instant.
const SIN_M_STEP: i32 = 18;
const COS_M_STEP: i32 = 19;
const SIN_L: i32 = 20;
const COS_L: i32 = 21;
const SIN_L_STEP: i32 = 22;
const COS_L_STEP: i32 = 23;
/** What drag and the long-period terms add to the mean argument of latitude. */
const LATITUDE_SHIFT: i32 = 24;
const RECORD_SLOTS: i32 = 25;
const RECORD_BYTES: usize = <usize>(RECORD_SLOTS * 16);
const RECORDS: usize = memory.data(CHUNK / 2 * RECORD_SLOTS * 16, 16);

// @ts-ignore: decorator
@inline
function get(record: usize, slot: i32): v128 {
  return v128.load(record + (<usize>slot << 4));
}
// @ts-ignore: decorator
@inline
function put(record: usize, slot: i32, value: v128): void {
  v128.store(record + (<usize>slot << 4), value);
}
/** A column of the pair of satellites at address `pair`. */
// @ts-ignore: decorator
@inline
function column(pair: usize, which: i32): v128 {
  return v128.load(pair + <usize>(which * BLOCK * 8));
}
/** Two pairs make a block: addresses of pairs go +16, +1,040, +16, … */
// @ts-ignore: decorator
@inline
function pairAddress(columns: usize, satellite: i32): usize {
  return columns + <usize>(satellite >> 2) * BLOCK_BYTES + (<usize>(satellite & 2) << 3);
}

// ---------------------------------------------------------------- stages

/** Mean anomaly of gravity alone, and its sine and cosine. */
// @ts-ignore: decorator
@inline
function anomalyStage(pair: usize, record: usize, now: v128): void {
  const t = sub(now, column(pair, EPOCH_MINUTES));
  const anomaly = mulAdd(column(pair, MEAN_ANOMALY_RATE), t, column(pair, MEAN_ANOMALY));
  writeSineCosine(anomaly, record, SIN_M);
}

/** The sine and cosine of the mean argument of latitude, gravity alone. */
// @ts-ignore: decorator
@inline
function latitudeStartStage(pair: usize, record: usize, now: v128): void {
  const t = sub(now, column(pair, EPOCH_MINUTES));
  const anomaly = mulAdd(column(pair, MEAN_ANOMALY_RATE), t, column(pair, MEAN_ANOMALY));
  const perigee = mulAdd(column(pair, ARG_PERIGEE_RATE), t, column(pair, ARG_PERIGEE));
  writeSineCosine(add(anomaly, perigee), record, SIN_L);
}

/** The angles by which one step of time turns the anomaly and the argument of latitude. */
// @ts-ignore: decorator
@inline
function stepStage(pair: usize, record: usize, step: v128): void {
  const anomalyRate = column(pair, MEAN_ANOMALY_RATE);
  writeSineCosine(mul(anomalyRate, step), record, SIN_M_STEP);
  const latitudeRate = add(anomalyRate, column(pair, ARG_PERIGEE_RATE));
  writeSineCosine(mul(latitudeRate, step), record, SIN_L_STEP);
}

/** Turns an angle's sine and cosine on by one step. */
// @ts-ignore: decorator
@inline
function turnStage(record: usize, slot: i32, stepSlot: i32): void {
  const s = get(record, slot);
  const c = get(record, slot + 1);
  const sinStep = get(record, stepSlot);
  const cosStep = get(record, stepSlot + 1);
  put(record, slot, turnedSine(s, c, sinStep, cosStep));
  put(record, slot + 1, turnedCosine(s, c, sinStep, cosStep));
}

/** Secular gravity and drag, long-period terms: the orbit in non-singular elements. */
// @ts-ignore: decorator
@inline
function secularStage(pair: usize, record: usize, now: v128): void {
  const t = sub(now, column(pair, EPOCH_MINUTES));
  const t2 = mul(t, t);
  const t3 = mul(t2, t);
  const t4 = mul(t2, t2);
  const anomaly = mulAdd(column(pair, MEAN_ANOMALY_RATE), t, column(pair, MEAN_ANOMALY));
  const perigee = mulAdd(column(pair, ARG_PERIGEE_RATE), t, column(pair, ARG_PERIGEE));
  const sinM0 = get(record, SIN_M);
  const cosM0 = get(record, COS_M);

  // Drag turns the anomaly forward and the perigee back by the same angle.
  const oneEta = mulAdd(column(pair, ETA), cosM0, k(ONE));
  const cubed = sub(mul(mul(oneEta, oneEta), oneEta), column(pair, DELTA_ANOMALY_EPOCH));
  const turn = mulAdd(
    column(pair, OMEGA_COEFFICIENT),
    t,
    mul(column(pair, ANOMALY_COEFFICIENT), cubed),
  );

  let factor = mulSub(column(pair, C1), t, k(ONE));
  factor = mulSub(column(pair, D2), t2, factor);
  factor = mulSub(column(pair, D3), t3, factor);
  factor = mulSub(column(pair, D4), t4, factor);
  const axis = mul(mul(column(pair, SEMI_MAJOR_AXIS), factor), factor);

  // The sine of the full anomaly enters only times B*: short Taylor is enough up to 0.1.
  let sinM: v128;
  if (isAnyAbove(turn, TENTH)) {
    const full = add(anomaly, turn);
    const quarters = quarterTurns(full);
    const r = reduced(full, quarters);
    const z = mul(r, r);
    sinM = sineOf(quarters, swapMask(quarters), sinePolynomial(r, z), cosinePolynomial(z));
  } else {
    const z = mul(turn, turn);
    sinM = turnedSine(sinM0, cosM0, shortSine(turn, z), shortCosine(z));
  }
  let eccentricity = mulSub(column(pair, BSTAR_C4), t, column(pair, ECCENTRICITY));
  eccentricity = mulSub(
    column(pair, BSTAR_C5),
    sub(sinM, column(pair, SIN_ANOMALY_EPOCH)),
    eccentricity,
  );
  put(
    record,
    FAILED,
    v128.or(
      v128.or(f64x2.ge(eccentricity, k(ONE)), f64x2.lt(eccentricity, k(MIN_ECCENTRICITY))),
      f64x2.lt(axis, k(MIN_AXIS)),
    ),
  );
  // pmax(a, b) is a < b ? b : a, one instruction, and keeps a NaN in a.
  eccentricity = f64x2.pmax(eccentricity, k(MILLIONTH));

  // Sine and cosine of the perigee, turned from the reference.
  let fromReference = sub(sub(perigee, turn), get(record, PERIGEE_REFERENCE));
  if (isAnyAbove(fromReference, REFERENCE_RANGE)) {
    const reference = sub(perigee, turn);
    put(record, PERIGEE_REFERENCE, reference);
    writeSineCosine(reference, record, SIN_PERIGEE_REFERENCE);
    fromReference = sub(reference, reference);
  }
  const zw = mul(fromReference, fromReference);
  const sinStep = shortSine(fromReference, zw);
  const cosStep = shortCosine(zw);
  const sinW0 = get(record, SIN_PERIGEE_REFERENCE);
  const cosW0 = get(record, COS_PERIGEE_REFERENCE);
  const sinW = turnedSine(sinW0, cosW0, sinStep, cosStep);
  const cosW = turnedCosine(sinW0, cosW0, sinStep, cosStep);

  const oneMinusE2 = mulSub(eccentricity, eccentricity, k(ONE));
  const inverseParameter = f64x2.div(k(ONE), mul(axis, oneMinusE2));
  const ax = mul(eccentricity, cosW);
  const ay = mulAdd(inverseParameter, column(pair, AY_COEFFICIENT), mul(eccentricity, sinW));
  let longitude = mulAdd(t, column(pair, T5_COEFFICIENT), column(pair, T4_COEFFICIENT));
  longitude = mulAdd(
    t4,
    longitude,
    mulAdd(column(pair, T3_COEFFICIENT), t3, mul(column(pair, T2_COEFFICIENT), t2)),
  );
  const shift = mulAdd(
    column(pair, MEAN_MOTION),
    longitude,
    mul(mul(inverseParameter, column(pair, XL_COEFFICIENT)), ax),
  );
  put(record, AXIS, axis);
  put(record, INVERSE_AXIS, mul(inverseParameter, oneMinusE2));
  put(record, AX, ax);
  put(record, AY, ay);
  put(record, LATITUDE_SHIFT, shift);
  put(record, LATITUDE_ARGUMENT, add(add(anomaly, perigee), shift));
}

/** Sine and cosine of the node at this instant, less the turn of the Earth if one is wanted. */
// @ts-ignore: decorator
@inline
function nodeStage(pair: usize, record: usize, now: v128, turnRad: v128, isReferenced: bool): void {
  const t = sub(now, column(pair, EPOCH_MINUTES));
  const node = add(
    mulAdd(column(pair, NODE_RATE), t, column(pair, NODE)),
    mul(column(pair, NODE_DRAG), mul(t, t)),
  );
  if (isReferenced) {
    let fromReference = sub(node, get(record, NODE_REFERENCE));
    if (isAnyAbove(fromReference, REFERENCE_RANGE)) {
      put(record, NODE_REFERENCE, node);
      writeSineCosine(node, record, SIN_NODE_REFERENCE);
      fromReference = sub(node, node);
    }
    const z = mul(fromReference, fromReference);
    const sinStep = shortSine(fromReference, z);
    const cosStep = shortCosine(z);
    const s = get(record, SIN_NODE_REFERENCE);
    const c = get(record, COS_NODE_REFERENCE);
    put(record, SIN_NODE, turnedSine(s, c, sinStep, cosStep));
    put(record, COS_NODE, turnedCosine(s, c, sinStep, cosStep));
  } else {
    writeSineCosine(sub(node, turnRad), record, SIN_NODE);
  }
}

/** Sine and cosine of the argument of latitude, where Kepler's equation starts. */
// @ts-ignore: decorator
@inline
function latitudeStage(record: usize): void {
  writeSineCosine(get(record, LATITUDE_ARGUMENT), record, SIN_E);
}

/** The same, from the mean argument of latitude that was turned on to `late` minutes before now. */
// @ts-ignore: decorator
@inline
function latitudeTurnStage(pair: usize, record: usize, late: v128): void {
  const rate = add(column(pair, MEAN_ANOMALY_RATE), column(pair, ARG_PERIGEE_RATE));
  const shift = mulAdd(rate, late, get(record, LATITUDE_SHIFT));
  if (isAnyAbove(shift, REFERENCE_RANGE)) {
    latitudeStage(record);
    return;
  }
  const z = mul(shift, shift);
  const sinShift = shortSine(shift, z);
  const cosShift = shortCosine(z);
  const s = get(record, SIN_L);
  const c = get(record, COS_L);
  put(record, SIN_E, turnedSine(s, c, sinShift, cosShift));
  put(record, COS_E, turnedCosine(s, c, sinShift, cosShift));
}

/** Kepler's equation: sine and cosine of the eccentric anomaly plus perigee. */
// @ts-ignore: decorator
@inline
function keplerStage(record: usize): void {
  const ax = get(record, AX);
  const ay = get(record, AY);
  const s = get(record, SIN_E);
  const c = get(record, COS_E);
  const slope = mulSub(ay, s, mulSub(ax, c, k(ONE)));
  const inverseSlope = f64x2.div(k(ONE), slope);
  const step = mul(mulSub(ay, c, mul(ax, s)), inverseSlope);
  if (isAnyAbove(step, SERIES_RANGE)) {
    keplerByNewton(record, step);
    return;
  }
  // The root as a series in the first Newton step d: d − d³ (1/2 + (1 − f′)/(6 f′)) + 13/24 d⁵.
  // What is left out is below 0.5 e d⁵, 2e-13 rad within SERIES_RANGE.
  const d2 = mul(step, step);
  const a3 = mul(mul(sub(slope, k(ONE)), inverseSlope), k(TAYLOR_SIN));
  const series = mulSub(d2, k(SERIES_FIFTH), add(k(HALF), a3));
  const d = mulSub(mul(step, d2), series, step);
  const z = mul(d, d);
  const sinD = shortSine(d, z);
  const cosD = shortCosine(z);
  put(record, SIN_E, turnedSine(s, c, sinD, cosD));
  put(record, COS_E, turnedCosine(s, c, sinD, cosD));
}

/** Newton from a first step on, for eccentric orbits; as the reference code, at most ten steps. */
function keplerByNewton(record: usize, firstStep: v128): void {
  const ax = get(record, AX);
  const ay = get(record, AY);
  const u = get(record, LATITUDE_ARGUMENT);
  let s = get(record, SIN_E);
  let c = get(record, COS_E);
  let anomaly = u;
  let step = firstStep;
  for (let i = 0; i < 10; i++) {
    step = f64x2.pmax(f64x2.pmin(step, k(MAX_STEP)), k(MIN_STEP));
    anomaly = add(anomaly, step);
    if (isAnyAbove(step, TENTH)) {
      writeSineCosine(anomaly, record, SIN_E);
      s = get(record, SIN_E);
      c = get(record, COS_E);
    } else {
      const z = mul(step, step);
      const sinStep = taylorSine(step, z);
      const cosStep = taylorCosine(z);
      const sBefore = s;
      s = turnedSine(s, c, sinStep, cosStep);
      c = turnedCosine(sBefore, c, sinStep, cosStep);
    }
    // Newton is quadratic: after a step of 1e-6 the rest is about 1e-12.
    if (!isAnyAbove(step, MILLIONTH)) break;
    step = f64x2.div(
      sub(mulAdd(ax, s, mulSub(ay, c, u)), anomaly),
      mulSub(ay, s, mulSub(ax, c, k(ONE))),
    );
  }
  put(record, SIN_E, s);
  put(record, COS_E, c);
}

/** Short-period terms, orientation, position and, if wanted, velocity. */
// @ts-ignore: decorator
@inline
function outputStage(
  pair: usize,
  record: usize,
  out: usize,
  rowBytes: usize,
  isVelocityWanted: bool,
): void {
  const s = get(record, SIN_E);
  const c = get(record, COS_E);
  const ax = get(record, AX);
  const ay = get(record, AY);
  const axis = get(record, AXIS);
  const inverseAxis = get(record, INVERSE_AXIS);

  const eSinE = mulSub(ay, c, mul(ax, s));
  const oneMinusECosE = mulSub(ay, s, mulSub(ax, c, k(ONE)));
  const oneMinusE2 = mulSub(ay, ay, mulSub(ax, ax, k(ONE)));
  const beta = f64x2.sqrt(oneMinusE2);
  const onePlusBeta = add(k(ONE), beta);
  // Three reciprocals by one division.
  const product = mul(oneMinusECosE, oneMinusE2);
  const inverseAll = f64x2.div(k(ONE), mul(product, onePlusBeta));
  const axisOverRadius = mul(inverseAll, mul(oneMinusE2, onePlusBeta));
  const inverseP = mul(inverseAxis, mul(inverseAll, mul(oneMinusECosE, onePlusBeta)));
  const eSinEOverBeta = mul(eSinE, mul(inverseAll, product));

  let sinU = mul(axisOverRadius, mulSub(ax, eSinEOverBeta, sub(s, ay)));
  let cosU = mul(axisOverRadius, mulAdd(ay, eSinEOverBeta, sub(c, ax)));
  const twoSinU = mul(k(TWO), sinU);
  const sin2U = mul(twoSinU, cosU);
  const cos2U = mulSub(twoSinU, sinU, k(ONE));
  const j2 = mul(k(HALF_J2), inverseP);
  const j2OverP = mul(j2, inverseP);
  const j2OverPBy3Halves = mul(k(THREE_HALVES), j2OverP);
  const oneMinusCos2 = column(pair, ONE_MINUS_COS2);
  const threeCos2Minus1 = column(pair, THREE_COS2_MINUS_1);
  const cosI0 = column(pair, COS_INCLINATION);
  const sinI0 = column(pair, SIN_INCLINATION);

  const radius = mulAdd(
    mul(axis, oneMinusECosE),
    mulSub(mul(j2OverPBy3Halves, beta), threeCos2Minus1, k(ONE)),
    mul(mul(mul(k(HALF), j2), oneMinusCos2), cos2U),
  );
  const failed = v128.or(
    get(record, FAILED),
    v128.or(f64x2.lt(oneMinusE2, f64x2.splat(0)), f64x2.lt(radius, k(ONE))),
  );

  // Corrections of about 1e-3 rad turn the known (sine, cosine) of u, node and inclination.
  const deltaU = mul(mul(mul(k(MINUS_QUARTER), j2OverP), column(pair, SEVEN_COS2_MINUS_1)), sin2U);
  const zU = mul(deltaU, deltaU);
  const sinDeltaU = shortSine(deltaU, zU);
  const cosDeltaU = shortCosine(zU);
  const sinUBefore = sinU;
  sinU = turnedSine(sinUBefore, cosU, sinDeltaU, cosDeltaU);
  cosU = turnedCosine(sinUBefore, cosU, sinDeltaU, cosDeltaU);

  const cosIScaled = mul(j2OverPBy3Halves, cosI0);
  const deltaNode = mul(cosIScaled, sin2U);
  const zNode = mul(deltaNode, deltaNode);
  const sinDeltaNode = shortSine(deltaNode, zNode);
  const cosDeltaNode = shortCosine(zNode);
  const sinNode0 = get(record, SIN_NODE);
  const cosNode0 = get(record, COS_NODE);
  const sinNode = turnedSine(sinNode0, cosNode0, sinDeltaNode, cosDeltaNode);
  const cosNode = turnedCosine(sinNode0, cosNode0, sinDeltaNode, cosDeltaNode);

  const deltaI = mul(mul(cosIScaled, sinI0), cos2U);
  const zI = mul(deltaI, deltaI);
  const sinDeltaI = shortSine(deltaI, zI);
  const cosDeltaI = shortCosine(zI);
  const sinI = turnedSine(sinI0, cosI0, sinDeltaI, cosDeltaI);
  const cosI = turnedCosine(sinI0, cosI0, sinDeltaI, cosDeltaI);

  const xm = mul(sinNode, cosI);
  const ym = mul(cosNode, cosI);
  const ux = mulSub(xm, sinU, mul(cosNode, cosU));
  const uy = mulAdd(ym, sinU, mul(sinNode, cosU));
  const uz = mul(sinI, sinU);
  // A mask of all ones is a NaN.
  const radiusKm = v128.or(mul(radius, k(EARTH_RADIUS_KM)), failed);
  v128.store(out, mul(radiusKm, ux));
  v128.store(out + rowBytes, mul(radiusKm, uy));
  v128.store(out + 2 * rowBytes, mul(radiusKm, uz));

  if (isVelocityWanted) {
    // √a / r = √a (a/r) / a, √p = √a β, n = 1 / (a √a) = √a / a²: no further root or division.
    const rootAxis = f64x2.sqrt(axis);
    const rootOverRadius = mul(mul(rootAxis, axisOverRadius), inverseAxis);
    const motion = mul(mul(mul(inverseAxis, inverseAxis), rootAxis), j2);
    const motionScaled = mul(motion, oneMinusCos2);
    const unit = v128.or(k(VELOCITY_KM_S), failed);
    const radial = mul(mulSub(motionScaled, sin2U, mul(rootOverRadius, eSinE)), unit);
    const gravity = mulAdd(
      motionScaled,
      cos2U,
      mul(mul(k(THREE_HALVES), motion), threeCos2Minus1),
    );
    const transverse = mul(mulAdd(rootOverRadius, beta, gravity), unit);
    const vx = mulAdd(xm, cosU, mul(cosNode, sinU));
    const vy = mulSub(sinNode, sinU, mul(ym, cosU));
    v128.store(out + 3 * rowBytes, mulSub(transverse, vx, mul(radial, ux)));
    v128.store(out + 4 * rowBytes, mulAdd(transverse, vy, mul(radial, uy)));
    v128.store(out + 5 * rowBytes, mulAdd(transverse, mul(sinI, cosU), mul(radial, uz)));
  }
}

// Every stage runs over the whole chunk before the next begins: its iterations are short and
// independent, so that the processor overlaps several of them.

/** Stages that do not depend on how the sines of the fast angles were come by. */
// @ts-ignore: decorator
@inline
function secularAndNode(
  columns: usize,
  from: i32,
  to: i32,
  now: v128,
  turnRad: v128,
  isState: bool,
): void {
  let record = RECORDS;
  for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
    secularStage(pairAddress(columns, i), record, now);
  }
  record = RECORDS;
  for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
    nodeStage(pairAddress(columns, i), record, now, turnRad, isState);
  }
}

// @ts-ignore: decorator
@inline
function keplerAndOutput(
  columns: usize,
  from: i32,
  to: i32,
  out: usize,
  rowBytes: usize,
  isState: bool,
): void {
  let record = RECORDS;
  for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
    keplerStage(record);
  }
  record = RECORDS;
  for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
    outputStage(pairAddress(columns, i), record, out + (<usize>i << 3), rowBytes, isState);
  }
}

// @ts-ignore: decorator
@inline
function anomalies(columns: usize, from: i32, to: i32, now: v128): void {
  let record = RECORDS;
  for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
    anomalyStage(pairAddress(columns, i), record, now);
  }
}

// @ts-ignore: decorator
@inline
function latitudes(from: i32, to: i32): void {
  let record = RECORDS;
  for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
    latitudeStage(record);
  }
}

/** After this many even steps the fast angles are computed afresh: 1e-14 rad of rounding at most. */
const STEPS_BETWEEN_STARTS: i32 = 64;
/** Minutes by which an instant may miss its even step; the argument of latitude is put right. */
const STEP_TOLERANCE: f64 = 1e-9;

/** The step in minutes if the instants are evenly spaced, else 0. */
function evenStep(minutes: usize, instantCount: i32): f64 {
  if (instantCount < 4) return 0;
  const first = load<f64>(minutes);
  const step = load<f64>(minutes + 8) - first;
  for (let instant = 2; instant < instantCount; instant++) {
    const expected = first + <f64>instant * step;
    const miss = load<f64>(minutes + (<usize>instant << 3)) - expected;
    if (!(abs(miss) <= STEP_TOLERANCE)) return 0;
  }
  return step;
}

/** Prepares the fast angles at instant `instant` of evenly spaced ones. */
function startOrTurn(
  columns: usize,
  from: i32,
  to: i32,
  now: v128,
  step: f64,
  instant: i32,
): void {
  if (instant % STEPS_BETWEEN_STARTS != 0) {
    let record = RECORDS;
    for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
      turnStage(record, SIN_M, SIN_M_STEP);
      turnStage(record, SIN_L, SIN_L_STEP);
    }
    return;
  }
  let record = RECORDS;
  for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
    const pair = pairAddress(columns, i);
    anomalyStage(pair, record, now);
    latitudeStartStage(pair, record, now);
    if (instant == 0) stepStage(pair, record, f64x2.splat(step));
  }
}

/** A reference angle that no angle is near to: the first instant of a call sets its own. */
// @ts-ignore: decorator
@inline
function forgetReferences(): void {
  const far = f64x2.splat(1e300);
  for (let pair = 0; pair < CHUNK / 2; pair++) {
    const record = RECORDS + <usize>pair * RECORD_BYTES;
    put(record, NODE_REFERENCE, far);
    put(record, PERIGEE_REFERENCE, far);
  }
}

/** The first address that is free for the caller's data. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Position (km) and velocity (km/s) in TEME of satellites [0, paddedCount) at instants given in
 * minutes (f64) from the reference: out is [instant][x|y|z|vx|vy|vz][paddedCount] (f64).
 */
export function states(
  columns: usize,
  paddedCount: i32,
  minutes: usize,
  instantCount: i32,
  out: usize,
): void {
  const rowBytes = <usize>paddedCount << 3;
  const step = evenStep(minutes, instantCount);
  const noTurn = f64x2.splat(0);
  for (let from = 0; from < paddedCount; from += CHUNK) {
    const to = min(from + CHUNK, paddedCount);
    forgetReferences();
    let startMinutes: f64 = 0;
    for (let instant = 0; instant < instantCount; instant++) {
      const nowMinutes = load<f64>(minutes + (<usize>instant << 3));
      const now = f64x2.splat(nowMinutes);
      if (step != 0) startOrTurn(columns, from, to, now, step, instant);
      else anomalies(columns, from, to, now);

      secularAndNode(columns, from, to, now, noTurn, true);

      if (step != 0) {
        const turnedSteps = instant % STEPS_BETWEEN_STARTS;
        if (turnedSteps == 0) startMinutes = nowMinutes;
        const late = f64x2.splat(nowMinutes - startMinutes - <f64>turnedSteps * step);
        let record = RECORDS;
        for (let i = from; i < to; i += 2, record += RECORD_BYTES) {
          latitudeTurnStage(pairAddress(columns, i), record, late);
        }
      } else latitudes(from, to);

      const row = out + <usize>instant * 6 * rowBytes;
      keplerAndOutput(columns, from, to, row, rowBytes, true);
    }
  }
}

/** Position (km) at one instant in TEME turned by `turnRad`: out is [x|y|z][paddedCount] (f64). */
export function positions(
  columns: usize,
  paddedCount: i32,
  minutes: f64,
  turnRad: f64,
  out: usize,
): void {
  const rowBytes = <usize>paddedCount << 3;
  for (let from = 0; from < paddedCount; from += CHUNK) {
    const to = min(from + CHUNK, paddedCount);
    const now = f64x2.splat(minutes);
    forgetReferences();
    anomalies(columns, from, to, now);
    secularAndNode(columns, from, to, now, f64x2.splat(turnRad), false);
    latitudes(from, to);
    keplerAndOutput(columns, from, to, out, rowBytes, false);
  }
}
