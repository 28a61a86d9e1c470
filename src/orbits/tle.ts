import { readCatalogId } from './alpha5.ts';
import { type Instant, jdOfCivil } from './instant.ts';
import {
  acceptElements,
  isBlank,
  type ReadingState,
  RecordFault,
  readNumber,
  rejectRecord,
  requireCatalogId,
} from './validateElements.ts';

const LINE_LENGTH = 69;
/** Names have 24 columns; what is longer and stands where an element line belongs is a broken one. */
const LONGEST_NAME = 40;
const ID_COLUMNS = /^[12] [ 0-9A-Z][ 0-9]{4}/;
/** Five digits of mantissa with an assumed decimal point, then the exponent. */
const ASSUMED_POINT = /^([ +-])([ \d]{4}\d)([ +-])(\d)$/;

/** One line of a file with its number, 1-based. */
interface TextLine {
  readonly text: string;
  readonly number: number;
}

/**
 * Reads two-line and three-line element sets by column. One bad record never costs another: the
 * reader finds its footing again at the next line that begins a record.
 *
 * Tolerated: CR LF, trailing blanks, missing name lines, blank lines, lines that begin with `#`,
 * blank-padded numbers, `+` signs.
 *
 * @see Hoots & Roehrich, Spacetrack Report 3; columns as in celestrak.org/NORAD/documentation/tle-fmt.php
 */
export function readTleText(text: string, state: ReadingState): void {
  // Lines not yet part of a record: at most one name, or a run of lines that nobody can read.
  let strayStart: TextLine | null = null;
  let stray: TextLine | null = null;
  let first: TextLine | null = null;
  let name: TextLine | null = null;

  const rejectStray = (): void => {
    if (strayStart) {
      const isName = strayStart === stray && strayStart.text.length <= LONGEST_NAME;
      rejectRecord(
        state,
        new RecordFault('TLE_SHAPE', null, 'no line 1 and line 2 of an element set follow'),
        {
          line: strayStart.number,
          catalogId: null,
          name: isName ? cleanName(strayStart.text) : null,
        },
      );
    }
    strayStart = stray = null;
  };
  const rejectHalf = (): void => {
    if (first) {
      rejectRecord(
        state,
        new RecordFault('TLE_SHAPE', null, 'line 1 is not followed by a line 2'),
        describe(name, first),
      );
    }
    first = name = null;
  };

  for (const line of linesOf(text)) {
    if (line.text === '' || line.text.startsWith('#')) continue;
    if (first) {
      if (line.text.startsWith('2 ')) {
        readPair(name, first, line, state);
        first = name = null;
        continue;
      }
      const isBrokenSecond = !line.text.startsWith('1 ') && line.text.length > LONGEST_NAME;
      rejectHalf();
      if (isBrokenSecond) continue;
    }
    if (line.text.startsWith('1 ') && isElementLine(line.text)) {
      // The line just above is the name; what stood before that belongs to nobody.
      if (stray && stray.text.length <= LONGEST_NAME) {
        name = stray;
        if (stray === strayStart) strayStart = null;
      }
      rejectStray();
      stray = null;
      first = line;
    } else if (line.text.startsWith('2 ') && isElementLine(line.text)) {
      const start: TextLine = strayStart ?? line;
      rejectRecord(
        state,
        new RecordFault('TLE_SHAPE', null, 'line 2 does not stand behind a line 1'),
        describe(start.text.length <= LONGEST_NAME ? start : null, line, start.number),
      );
      strayStart = stray = null;
    } else {
      strayStart ??= line;
      stray = line;
    }
  }
  rejectHalf();
  rejectStray();
}

function* linesOf(text: string): Generator<TextLine> {
  let number = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    number++;
    yield { text: text.slice(start, end).trimEnd(), number };
    start = end + 1;
  }
}

/** A name may begin with "1 " too ("1 HOPEFUL"); columns 3 to 7 tell. */
function isElementLine(text: string): boolean {
  return text.length > LONGEST_NAME || ID_COLUMNS.test(text);
}

function describe(
  name: TextLine | null,
  elementLine: TextLine,
  line = name?.number ?? elementLine.number,
): { line: number; catalogId: number | null; name: string | null } {
  return {
    line,
    catalogId: readCatalogId(elementLine.text.slice(2, 7)),
    name: name ? cleanName(name.text) : null,
  };
}

function cleanName(text: string): string {
  return text.replace(/^0 /, '').trim();
}

function readPair(
  name: TextLine | null,
  first: TextLine,
  second: TextLine,
  state: ReadingState,
): void {
  try {
    checkShape(first.text, 1);
    checkShape(second.text, 2);
    checkSum(first.text, 1);
    checkSum(second.text, 2);
    const l1 = first.text;
    const l2 = second.text;
    const catalogId = requireCatalogId('NORAD_CAT_ID', l1.slice(2, 7));
    if (requireCatalogId('NORAD_CAT_ID', l2.slice(2, 7)) !== catalogId) {
      throw new RecordFault(
        'TLE_SHAPE',
        'NORAD_CAT_ID',
        `line 1 is about ${l1.slice(2, 7)}, line 2 about ${l2.slice(2, 7)}`,
      );
    }
    const ephemerisType = l1[62];
    if (ephemerisType !== '0' && ephemerisType !== '2' && ephemerisType !== ' ') {
      throw new RecordFault(
        'THEORY',
        'EPHEMERIS_TYPE',
        `EPHEMERIS_TYPE ${ephemerisType} is not SGP4${ephemerisType === '4' ? ' but SGP4-XP' : ''}`,
      );
    }
    const epoch = readEpoch(l1.slice(18, 32));
    acceptElements(
      {
        catalogId,
        name: name ? cleanName(name.text) : '',
        intlDesignator: readDesignator(l1.slice(9, 17)),
        epochJd: epoch.jd,
        epochFraction: epoch.fraction,
        meanMotion: readNumber('MEAN_MOTION', l2.slice(52, 63)),
        eccentricity: readEccentricity(l2.slice(26, 33)),
        inclinationDeg: readNumber('INCLINATION', l2.slice(8, 16)),
        raanDeg: readNumber('RA_OF_ASC_NODE', l2.slice(17, 25)),
        argPerigeeDeg: readNumber('ARG_OF_PERICENTER', l2.slice(34, 42)),
        meanAnomalyDeg: readNumber('MEAN_ANOMALY', l2.slice(43, 51)),
        bstar: readAssumedPoint('BSTAR', l1.slice(53, 61)),
        meanMotionDot: isBlank(l1.slice(33, 43))
          ? 0
          : readNumber('MEAN_MOTION_DOT', l1.slice(33, 43).replace(/^ *([+-]) */, '$1')),
        meanMotionDdot: isBlank(l1.slice(44, 52))
          ? 0
          : readAssumedPoint('MEAN_MOTION_DDOT', l1.slice(44, 52)),
        source: state.source,
        line: (name ?? first).number,
      },
      state,
    );
  } catch (fault) {
    if (!(fault instanceof RecordFault)) throw fault;
    rejectRecord(state, fault, describe(name, first));
  }
}

function checkShape(text: string, lineNumber: 1 | 2): void {
  if (text.length !== LINE_LENGTH && !(text.length > LINE_LENGTH && text[LINE_LENGTH] === ' ')) {
    throw new RecordFault(
      'TLE_SHAPE',
      null,
      `line ${lineNumber} has ${text.length} columns, not ${LINE_LENGTH}`,
    );
  }
}

/** Digits count themselves, a minus sign 1, all else 0; the last column holds the sum mod 10. */
function checkSum(text: string, lineNumber: 1 | 2): void {
  let sum = 0;
  for (let i = 0; i < LINE_LENGTH - 1; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) sum += code - 48;
    else if (code === 45) sum++;
  }
  if (text[LINE_LENGTH - 1] !== String(sum % 10)) {
    throw new RecordFault(
      'TLE_CHECKSUM',
      null,
      `the checksum of line ${lineNumber} is ${text[LINE_LENGTH - 1]}, its columns say ${sum % 10}`,
    );
  }
}

/** `yyddd.dddddddd`: 57…99 is 19yy, 00…56 is 20yy. The digits of the fraction are taken as they stand. */
function readEpoch(text: string): Instant {
  const match = /^([ \d]\d)([ \d]{2}\d)(\.\d*)$/.exec(text.trimEnd());
  if (match) {
    const twoDigits = Number(match[1]);
    const year = twoDigits < 57 ? 2000 + twoDigits : 1900 + twoDigits;
    const day = Number(match[2]);
    const newYear = jdOfCivil(year, 1, 1);
    const dayCount = jdOfCivil(year + 1, 1, 1) - newYear;
    if (day >= 1 && day <= dayCount) {
      return { jd: newYear + day - 1, fraction: Number(`0${match[3]}0`) };
    }
  }
  throw new RecordFault('FIELD', 'EPOCH', `epoch "${text}" is no year and day of year`);
}

function readEccentricity(text: string): number {
  if (!/^ *\d+ *$/.test(text)) {
    throw new RecordFault('FIELD', 'ECCENTRICITY', `eccentricity "${text}" is not seven digits`);
  }
  return Number(`0.${text.replaceAll(' ', '0')}`);
}

/** `-12345-6` is −0.12345e−6. */
function readAssumedPoint(field: string, text: string): number {
  const match = ASSUMED_POINT.exec(text);
  if (match) {
    const [, sign, mantissa, exponentSign, exponent] = match;
    const value = Number(
      `${sign.trim()}0.${mantissa.replaceAll(' ', '0')}e${exponentSign.trim()}${exponent}`,
    );
    return value === 0 ? 0 : value;
  }
  throw new RecordFault(
    'FIELD',
    field,
    isBlank(text)
      ? `${field} is missing`
      : `${field} "${text}" is not a number of the form ±12345±6`,
  );
}

/** `19074B` is 2019-074B, the form that OMM uses. */
function readDesignator(text: string): string {
  const match = /^(\d\d)(\d{3})([A-Z]{1,3})$/.exec(text.trim());
  return match
    ? `${Number(match[1]) < 57 ? 20 : 19}${match[1]}-${match[2]}${match[3]}`
    : text.trim();
}
