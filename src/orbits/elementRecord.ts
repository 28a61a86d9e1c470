import type { CatalogueWarning, ElementSet, Rejection } from './elementSet.ts';

/** The fields of one record as they were read, before any check. Missing ones are undefined. */
export interface RawRecord {
  readonly line: number;
  readonly name: string;
  readonly intlDesignator: string;
  /** Already decoded; null where it was unreadable. */
  readonly catalogId: number | null;
  readonly catalogIdText: string;
  readonly epoch: { readonly jd: number; readonly fraction: number } | null;
  readonly epochText: string;
  readonly numbers: Readonly<Record<NumberField, string | undefined>>;
  /** OMM only. */
  readonly theory?: string | undefined;
  readonly ephemerisType?: string | undefined;
  readonly timeSystem?: string | undefined;
  readonly referenceFrame?: string | undefined;
  readonly centre?: string | undefined;
}

export const NUMBER_FIELDS = [
  'MEAN_MOTION',
  'ECCENTRICITY',
  'INCLINATION',
  'RA_OF_ASC_NODE',
  'ARG_OF_PERICENTER',
  'MEAN_ANOMALY',
  'BSTAR',
  'MEAN_MOTION_DOT',
  'MEAN_MOTION_DDOT',
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];
/** Not used by SGP4: 0 where a source leaves them out. */
const OPTIONAL: ReadonlySet<NumberField> = new Set(['MEAN_MOTION_DOT', 'MEAN_MOTION_DDOT']);
const MAX_CATALOG_ID = 999_999_999;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Checks a record (orbits.md §1.3): an element set and its warnings, or the rejection. */
export function checkRecord(
  raw: RawRecord,
  source: string,
): { record: ElementSet; warnings: CatalogueWarning[] } | { rejection: Rejection } {
  const who = raw.name || (raw.catalogId === null ? '' : String(raw.catalogId));
  const reject = (code: string, field: string, what: string): { rejection: Rejection } => ({
    rejection: {
      source,
      line: raw.line,
      catalogId: raw.catalogId,
      name: raw.name || null,
      field,
      code,
      message: `${source}:${raw.line}: ${who ? `${who}: ` : ''}${what}`,
    },
  });
  const { catalogId, epoch } = raw;
  if (
    catalogId === null ||
    !Number.isInteger(catalogId) ||
    catalogId < 1 ||
    catalogId > MAX_CATALOG_ID
  ) {
    return reject(
      'FIELD',
      'NORAD_CAT_ID',
      raw.catalogIdText.trim() === ''
        ? 'NORAD_CAT_ID is missing'
        : `NORAD_CAT_ID "${raw.catalogIdText.trim()}" is not a number of 1 to 9 digits or alpha-5`,
    );
  }
  const isOther = (value: string | undefined, ...legal: string[]): value is string =>
    value !== undefined && value.trim() !== '' && !legal.includes(value.trim().toUpperCase());
  if (isOther(raw.theory, 'SGP4', 'SGP', 'SGP/SGP4')) {
    return reject('THEORY', 'MEAN_ELEMENT_THEORY', `elements are for ${raw.theory}, not SGP4`);
  }
  if (isOther(raw.ephemerisType, '0', '2')) {
    return reject('THEORY', 'EPHEMERIS_TYPE', `ephemeris type ${raw.ephemerisType} is not SGP4`);
  }
  if (isOther(raw.timeSystem, 'UTC')) {
    return reject('FRAME', 'TIME_SYSTEM', `time system ${raw.timeSystem} is not UTC`);
  }
  if (isOther(raw.referenceFrame, 'TEME')) {
    return reject('FRAME', 'REF_FRAME', `reference frame ${raw.referenceFrame} is not TEME`);
  }
  if (isOther(raw.centre, 'EARTH')) {
    return reject('FRAME', 'CENTER_NAME', `centre ${raw.centre} is not Earth`);
  }
  if (epoch === null) {
    return reject('FIELD', 'EPOCH', `EPOCH "${raw.epochText.trim()}" is not a UTC instant`);
  }
  const values: Record<string, number> = {};
  for (const field of NUMBER_FIELDS) {
    const text = raw.numbers[field]?.trim() ?? '';
    if (text === '') {
      if (OPTIONAL.has(field)) {
        values[field] = 0;
        continue;
      }
      return reject('FIELD', field, `${field} is missing`);
    }
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value))
      return reject('FIELD', field, `${field} "${text}" is not a number`);
    values[field] = value;
  }
  const eccentricity = values['ECCENTRICITY'] as number;
  const inclinationDeg = values['INCLINATION'] as number;
  const meanMotion = values['MEAN_MOTION'] as number;
  if (eccentricity < 0 || eccentricity >= 1) {
    return reject('RANGE', 'ECCENTRICITY', `eccentricity ${eccentricity} is not in [0, 1)`);
  }
  if (inclinationDeg < 0 || inclinationDeg > 180) {
    return reject('RANGE', 'INCLINATION', `inclination ${inclinationDeg}° is not in [0, 180]`);
  }
  if (meanMotion <= 0 || meanMotion > 18) {
    return reject('RANGE', 'MEAN_MOTION', `mean motion ${meanMotion} rev/day is not in (0, 18]`);
  }
  const warnings: CatalogueWarning[] = [];
  const angle = (field: NumberField): number => {
    const value = values[field] as number;
    if (value >= 0 && value < 360) return value;
    warnings.push({
      source,
      line: raw.line,
      catalogId,
      code: 'WRAPPED_ANGLE',
      message: `${source}:${raw.line}: ${who}: ${field} ${value}° taken as ${((value % 360) + 360) % 360}°`,
    });
    return ((value % 360) + 360) % 360;
  };
  return {
    record: {
      catalogId,
      name: raw.name,
      intlDesignator: raw.intlDesignator,
      epochJd: epoch.jd,
      epochFraction: epoch.fraction,
      meanMotion,
      eccentricity,
      inclinationDeg,
      raanDeg: angle('RA_OF_ASC_NODE'),
      argPerigeeDeg: angle('ARG_OF_PERICENTER'),
      meanAnomalyDeg: angle('MEAN_ANOMALY'),
      bstar: values['BSTAR'] as number,
      meanMotionDot: values['MEAN_MOTION_DOT'] as number,
      meanMotionDdot: values['MEAN_MOTION_DDOT'] as number,
      source,
      line: raw.line,
    },
    warnings,
  };
}
