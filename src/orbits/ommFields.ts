import { readCatalogId } from './alpha5.ts';
import { BeamkeeperError } from './error.ts';
import { type Instant, parseInstant } from './instant.ts';
import {
  acceptElements,
  isBlank,
  type ReadingState,
  RecordFault,
  readNumber,
  rejectRecord,
  requireCatalogId,
} from './validateElements.ts';

/** The keywords of one Orbit Mean-Elements Message with their values, whatever the encoding was. */
export type OmmFields = Readonly<Record<string, unknown>>;

/** Theories whose mean elements SGP4 understands; `SGP/SGP4` is how the standard's examples write it. */
const THEORIES = new Set(['SGP4', 'SGP/SGP4']);

/**
 * Takes one OMM (CCSDS 502.0-B-3) into the catalogue or rejects it with its line.
 * Keywords that a publisher leaves out (CelesTrak's JSON and CSV give no TIME_SYSTEM) count as the
 * only value that an SGP4 element set can have.
 */
export function takeOmm(fields: OmmFields, line: number, state: ReadingState): void {
  try {
    requireWord(fields, 'MEAN_ELEMENT_THEORY', 'THEORY', THEORIES);
    const ephemerisType = fields['EPHEMERIS_TYPE'];
    if (!isBlank(ephemerisType)) {
      const type = readNumber('EPHEMERIS_TYPE', ephemerisType);
      if (type !== 0 && type !== 2) {
        throw new RecordFault(
          'THEORY',
          'EPHEMERIS_TYPE',
          `EPHEMERIS_TYPE ${type} is not SGP4${type === 4 ? ' but SGP4-XP' : ''}`,
        );
      }
    }
    requireWord(fields, 'TIME_SYSTEM', 'FRAME', new Set(['UTC']));
    requireWord(fields, 'REF_FRAME', 'FRAME', new Set(['TEME']));
    requireWord(fields, 'CENTER_NAME', 'FRAME', new Set(['EARTH']));

    const catalogId = requireCatalogId('NORAD_CAT_ID', fields['NORAD_CAT_ID']);
    const epoch = readEpoch(fields['EPOCH']);
    acceptElements(
      {
        catalogId,
        name: readText(fields['OBJECT_NAME']),
        intlDesignator: readText(fields['OBJECT_ID']),
        epochJd: epoch.jd,
        epochFraction: epoch.fraction,
        meanMotion: readNumber('MEAN_MOTION', fields['MEAN_MOTION']),
        eccentricity: readNumber('ECCENTRICITY', fields['ECCENTRICITY']),
        inclinationDeg: readNumber('INCLINATION', fields['INCLINATION']),
        raanDeg: readNumber('RA_OF_ASC_NODE', fields['RA_OF_ASC_NODE']),
        argPerigeeDeg: readNumber('ARG_OF_PERICENTER', fields['ARG_OF_PERICENTER']),
        meanAnomalyDeg: readNumber('MEAN_ANOMALY', fields['MEAN_ANOMALY']),
        bstar: readNumber('BSTAR', fields['BSTAR']),
        meanMotionDot: readOptional('MEAN_MOTION_DOT', fields['MEAN_MOTION_DOT']),
        meanMotionDdot: readOptional('MEAN_MOTION_DDOT', fields['MEAN_MOTION_DDOT']),
        source: state.source,
        line,
      },
      state,
    );
  } catch (fault) {
    if (!(fault instanceof RecordFault)) throw fault;
    rejectOmm(fault, fields, line, state);
  }
}

/** Notes an OMM that is not taken, with what can be read of who it is about. */
export function rejectOmm(
  fault: RecordFault,
  fields: OmmFields,
  line: number,
  state: ReadingState,
): void {
  const id = fields['NORAD_CAT_ID'];
  rejectRecord(state, fault, {
    line,
    catalogId: typeof id === 'string' || typeof id === 'number' ? readCatalogId(String(id)) : null,
    name: readText(fields['OBJECT_NAME']) || null,
  });
}

function requireWord(
  fields: OmmFields,
  field: string,
  code: string,
  allowed: ReadonlySet<string>,
): void {
  const value = fields[field];
  if (!isBlank(value) && !allowed.has(String(value).trim().toUpperCase())) {
    throw new RecordFault(
      code,
      field,
      `${field} is ${JSON.stringify(value)?.slice(0, 40)}, not ${[...allowed][0]}`,
    );
  }
}

function readEpoch(value: unknown): Instant {
  if (typeof value === 'string' && !isBlank(value)) {
    try {
      return parseInstant(value);
    } catch (error) {
      if (!(error instanceof BeamkeeperError)) throw error;
    }
  }
  throw new RecordFault(
    'FIELD',
    'EPOCH',
    isBlank(value)
      ? 'EPOCH is missing'
      : `EPOCH ${JSON.stringify(value)?.slice(0, 40)} is not an ISO 8601 instant in UTC`,
  );
}

function readOptional(field: string, value: unknown): number {
  return isBlank(value) ? 0 : readNumber(field, value);
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
