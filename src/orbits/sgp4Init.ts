import type { SatRec } from 'satellite.js';
import { json2satrec, twoline2satrec } from 'satellite.js';
import type { ElementSet } from './elementSet.ts';
import type { Instant } from './instant.ts';
import { formatInstant, jdOfCivil } from './instant.ts';
import * as column from './sgp4ColumnOrder.ts';
import { XKE } from './sgp4Constants.ts';

/** A satellite that SGP4 cannot start, and why. */
export interface InitRejection {
  readonly index: number;
  readonly code: 'SGP4_INIT';
  readonly message: string;
}

/** A satellite with a period of 225 minutes or more, for satellite.js. */
interface DeepSpaceSatellite {
  readonly index: number;
  readonly satRec: SatRec;
  /** Minutes from the reference instant to the epoch. */
  readonly epochMinutes: number;
}

/** Element sets ready for propagation. */
export interface Sgp4Columns {
  /** Satellites, in the order of the element sets. */
  readonly count: number;
  /** `count` rounded up to a whole block. */
  readonly paddedCount: number;
  /** The instant from which minutes are counted: 0 h UTC of the day of the median epoch. */
  readonly referenceJd: number;
  /**
   * `paddedCount × COLUMN_COUNT` numbers in blocks (see sgp4ColumnOrder.ts). NaN for satellites that
   * are deep-space, rejected or padding: they come out as NaN without a branch.
   */
  readonly columns: Float64Array;
  readonly deepSpace: readonly DeepSpaceSatellite[];
  readonly rejected: readonly InitRejection[];
}

const MINUTES_PER_DAY = 1440;

/** Minutes from 0 h UTC of `referenceJd` to the instant, from split dates: exact to 1e-12 of itself. */
export function minutesFromReference(instant: Instant, referenceJd: number): number {
  return (instant.jd - referenceJd) * MINUTES_PER_DAY + instant.fraction * MINUTES_PER_DAY;
}

/** Index of a satellite's column in `Sgp4Columns.columns`. */
function columnIndex(satellite: number, whichColumn: number): number {
  const lane = satellite % column.BLOCK;
  return (satellite - lane) * column.COLUMN_COUNT + whichColumn * column.BLOCK + lane;
}

/**
 * A satellite.js SatRec of an element set, with every mean element at full precision.
 *
 * Give times to `sgp4` in minutes from the split epoch, never to `propagate` as a Date.
 */
export function satRecOf(elements: ElementSet): SatRec {
  const epoch = formatInstant({ jd: elements.epochJd, fraction: elements.epochFraction });
  const satRec = json2satrec({
    OBJECT_NAME: elements.name,
    OBJECT_ID: elements.intlDesignator,
    EPOCH: epoch,
    MEAN_MOTION: elements.meanMotion,
    ECCENTRICITY: elements.eccentricity,
    INCLINATION: elements.inclinationDeg,
    RA_OF_ASC_NODE: elements.raanDeg,
    ARG_OF_PERICENTER: elements.argPerigeeDeg,
    MEAN_ANOMALY: elements.meanAnomalyDeg,
    EPHEMERIS_TYPE: 0,
    CLASSIFICATION_TYPE: 'U',
    NORAD_CAT_ID: elements.catalogId,
    ELEMENT_SET_NO: 0,
    REV_AT_EPOCH: 0,
    BSTAR: elements.bstar,
    MEAN_MOTION_DOT: elements.meanMotionDot,
    MEAN_MOTION_DDOT: elements.meanMotionDdot,
  });
  // Near-earth SGP4 never looks at the epoch of the record. Deep-space SGP4 takes the Moon, the Sun
  // and the sidereal time from it, and `json2satrec` has cut it to a millisecond: 2 mm too much for
  // the vectors of AIAA 2006-6753.
  return satRec.method === 'd' ? satRecWithExactEpoch(elements) : satRec;
}

/**
 * The same through the TLE reader of satellite.js, which keeps the epoch to 40 µs but would cut the
 * elements to the columns of a TLE. It reads a line through `substring` alone, so it is handed lines
 * that answer with all digits (the AIAA vectors and the catalogue tests would show a change there).
 */
function satRecWithExactEpoch(elements: ElementSet): SatRec {
  const year = Number(
    formatInstant({ jd: elements.epochJd, fraction: elements.epochFraction }).slice(0, 4),
  );
  const dayOfYear = elements.epochJd - jdOfCivil(year, 1, 1) + 1;
  const [mantissa, exponent] = elements.bstar.toExponential().split('e');
  const [whole, decimals = '0'] = mantissa.split('.');
  const first = lineOfColumns({
    2: String(elements.catalogId),
    18: String(year).slice(2),
    20: dayOfYear + elements.epochFraction.toFixed(17).slice(1),
    33: String(elements.meanMotionDot),
    44: '0',
    45: '0',
    50: '0',
    53: whole,
    54: decimals,
    59: exponent,
  });
  const second = lineOfColumns({
    8: String(elements.inclinationDeg),
    17: String(elements.raanDeg),
    26: elements.eccentricity.toFixed(30).slice(2),
    34: String(elements.argPerigeeDeg),
    43: String(elements.meanAnomalyDeg),
    52: String(elements.meanMotion),
  });
  return twoline2satrec(first, second);
}

/** A TLE line that knows its columns by where they begin, of any width. */
function lineOfColumns(columns: Readonly<Record<number, string>>): string {
  return { substring: (from: number) => columns[from] } as unknown as string;
}

/**
 * Initialises SGP4 for every element set: near-earth ones into columns, deep-space ones as SatRecs.
 * A set that SGP4 refuses is reported in `rejected` and never throws.
 */
export function initialiseSgp4(records: readonly ElementSet[]): Sgp4Columns {
  const count = records.length;
  const paddedCount = Math.ceil(count / column.BLOCK) * column.BLOCK;
  const columns = new Float64Array(paddedCount * column.COLUMN_COUNT).fill(Number.NaN);
  const epochs = records.map(set => set.epochJd).filter(Number.isFinite);
  const referenceJd = epochs.sort((a, b) => a - b)[epochs.length >> 1] ?? 2451544.5;
  const deepSpace: DeepSpaceSatellite[] = [];
  const rejected: InitRejection[] = [];

  records.forEach((elements, index) => {
    const epoch = { jd: elements.epochJd, fraction: elements.epochFraction };
    const epochMinutes = minutesFromReference(epoch, referenceJd);
    const satRec = areMeanElementsFinite(elements) ? satRecOf(elements) : null;
    if (satRec === null || satRec.error !== 0 || !areConstantsFinite(satRec)) {
      const why = satRec === null ? 'a mean element is not a number' : sgp4ErrorText(satRec.error);
      rejected.push({
        index,
        code: 'SGP4_INIT',
        message: `${elements.source}:${elements.line}: SGP4 cannot start satellite ${elements.catalogId} (${why}); leave it out or fetch a newer set`,
      });
    } else if (satRec.method === 'd') {
      deepSpace.push({ index, satRec, epochMinutes });
    } else {
      fillColumns(columns, index, satRec, epochMinutes);
    }
  });
  return { count, paddedCount, referenceJd, columns, deepSpace, rejected };
}

/** What an error number of SGP4 means (AIAA 2006-6753). */
function sgp4ErrorText(error: number): string {
  switch (error) {
    case 1:
      return 'mean eccentricity out of range';
    case 2:
      return 'mean motion below zero';
    case 3:
      return 'perturbed eccentricity out of range';
    case 4:
      return 'semi-latus rectum below zero';
    case 6:
      return 'decayed: it would be below the ground';
    default:
      return 'its state at epoch is not a number';
  }
}

function areMeanElementsFinite(elements: ElementSet): boolean {
  return (
    Number.isFinite(elements.epochJd + elements.epochFraction) &&
    Number.isFinite(elements.meanMotion) &&
    elements.meanMotion > 0 &&
    Number.isFinite(elements.eccentricity + elements.inclinationDeg + elements.raanDeg) &&
    Number.isFinite(elements.argPerigeeDeg + elements.meanAnomalyDeg + elements.bstar)
  );
}

function areConstantsFinite(satRec: SatRec): boolean {
  const { mdot, argpdot, nodedot, nodecf, cc1, t2cof, t5cof, xmcof, no } = satRec;
  return Number.isFinite(mdot + argpdot + nodedot + nodecf + cc1 + t2cof + t5cof + xmcof + no);
}

/**
 * Simplified sets (perigee below 220 km) get zeros in place of the higher drag terms, so that every
 * satellite runs through the same instructions.
 */
function fillColumns(
  columns: Float64Array,
  index: number,
  rec: SatRec,
  epochMinutes: number,
): void {
  const full = rec.isimp === 1 ? 0 : 1;
  const cosInclination = Math.cos(rec.inclo);
  const put = (whichColumn: number, value: number): void => {
    columns[columnIndex(index, whichColumn)] = value;
  };
  put(column.EPOCH_MINUTES, epochMinutes);
  put(column.MEAN_ANOMALY, rec.mo);
  put(column.MEAN_ANOMALY_RATE, rec.mdot);
  put(column.ARG_PERIGEE, rec.argpo);
  put(column.ARG_PERIGEE_RATE, rec.argpdot);
  put(column.NODE, rec.nodeo);
  put(column.NODE_RATE, rec.nodedot);
  put(column.NODE_DRAG, rec.nodecf);
  put(column.C1, rec.cc1);
  put(column.BSTAR_C4, rec.bstar * rec.cc4);
  put(column.T2_COEFFICIENT, rec.t2cof);
  put(column.OMEGA_COEFFICIENT, full * rec.omgcof);
  put(column.ANOMALY_COEFFICIENT, full * rec.xmcof);
  put(column.ETA, rec.eta);
  put(column.DELTA_ANOMALY_EPOCH, rec.delmo);
  put(column.D2, full * rec.d2);
  put(column.D3, full * rec.d3);
  put(column.D4, full * rec.d4);
  put(column.BSTAR_C5, full * rec.bstar * rec.cc5);
  put(column.SIN_ANOMALY_EPOCH, rec.sinmao);
  put(column.T3_COEFFICIENT, full * rec.t3cof);
  put(column.T4_COEFFICIENT, full * rec.t4cof);
  put(column.T5_COEFFICIENT, full * rec.t5cof);
  put(column.ECCENTRICITY, rec.ecco);
  put(column.MEAN_MOTION, rec.no);
  put(column.SEMI_MAJOR_AXIS, (XKE / rec.no) ** (2 / 3));
  put(column.AY_COEFFICIENT, rec.aycof);
  put(column.XL_COEFFICIENT, rec.xlcof);
  put(column.THREE_COS2_MINUS_1, rec.con41);
  put(column.ONE_MINUS_COS2, rec.x1mth2);
  put(column.SEVEN_COS2_MINUS_1, rec.x7thm1);
  put(column.COS_INCLINATION, cosInclination);
  put(column.SIN_INCLINATION, Math.sin(rec.inclo));
}
