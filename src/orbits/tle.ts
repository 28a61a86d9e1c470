import { decodeAlpha5 } from './alpha5.ts';
import type { RawRecord } from './elementRecord.ts';
import { checkRecord } from './elementRecord.ts';
import type { Catalogue, CatalogueWarning, ElementSet, Rejection } from './elementSet.ts';
import { jdOfCivil } from './instant.ts';

/** Columns of the two lines (0-based, end exclusive). Source: AIAA 2006-6753, table 1; space-track.org. */
const LINE_LENGTH = 69;

/** Sum of the digits, a minus sign counts 1, modulo 10, over the first 68 columns. */
export function tleChecksum(line: string): number {
  let sum = 0;
  for (let i = 0; i < LINE_LENGTH - 1; i++) {
    const c = line.charCodeAt(i);
    if (c >= 48 && c <= 57) sum += c - 48;
    else if (c === 45) sum += 1;
  }
  return sum % 10;
}

/**
 * Reads TLE or 3LE text by column. A name line, with or without a leading `0 `, belongs to the record
 * after it. Trailing blanks and CR LF are tolerated; one bad record costs no other.
 */
export function readTle(text: string, source: string): Catalogue {
  const records: ElementSet[] = [];
  const rejected: Rejection[] = [];
  const warnings: CatalogueWarning[] = [];
  const lines = text.split('\n');
  let name = '';
  let nameLine = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    if (isElementLine(line, '2')) {
      // A line 2 that no line 1 claimed.
      rejected.push(
        shapeRejection(source, i + 1, name, line, 'line 1 is missing before this line 2'),
      );
      name = '';
      continue;
    }
    if (!isElementLine(line, '1')) {
      if (name !== '') {
        rejected.push(shapeRejection(source, nameLine, name, '', 'a name without its two lines'));
      }
      name = line.replace(/^0 /, '').trim();
      nameLine = i + 1;
      continue;
    }
    const first = name === '' ? i + 1 : nameLine;
    let next = i + 1;
    while (next < lines.length && (lines[next] as string).trim() === '') next++;
    const second = (lines[next] ?? '').trimEnd();
    const recordName = name;
    name = '';
    if (!isElementLine(second, '2')) {
      rejected.push(shapeRejection(source, first, recordName, line, 'line 2 is missing'));
      continue;
    }
    i = next;
    const flaw = shapeFlaw(line, second);
    if (flaw !== null) {
      const rejection = shapeRejection(source, first, recordName, line, flaw.what);
      rejected.push({ ...rejection, code: flaw.code, field: flaw.field });
      continue;
    }
    const checked = checkRecord(rawOf(line, second, recordName, first), source);
    if ('rejection' in checked) rejected.push(checked.rejection);
    else {
      records.push(checked.record);
      warnings.push(...checked.warnings);
    }
  }
  if (name !== '') {
    rejected.push(shapeRejection(source, nameLine, name, '', 'a name without its two lines'));
  }
  return { records, rejected, warnings };
}

/** `1 ` or `2 ` followed by something like a satellite number: a name may begin with a digit too. */
function isElementLine(line: string, number: '1' | '2'): boolean {
  return line.startsWith(`${number} `) && /^\d [ \dA-Z]{4}\d/.test(line);
}

function shapeFlaw(
  first: string,
  second: string,
): { code: string; field: string | null; what: string } | null {
  for (const [line, number] of [
    [first, 1],
    [second, 2],
  ] as const) {
    if (line.length < LINE_LENGTH) {
      return {
        code: 'TLE_SHAPE',
        field: null,
        what: `line ${number} has ${line.length} of ${LINE_LENGTH} columns`,
      };
    }
    const expected = tleChecksum(line);
    if (line[LINE_LENGTH - 1] !== String(expected)) {
      return {
        code: 'TLE_CHECKSUM',
        field: null,
        what: `line ${number} ends in checksum ${line[LINE_LENGTH - 1]}, its digits sum to ${expected}`,
      };
    }
  }
  if (first.slice(2, 7) !== second.slice(2, 7)) {
    return {
      code: 'TLE_SHAPE',
      field: 'NORAD_CAT_ID',
      what: `line 1 is of ${first.slice(2, 7).trim()}, line 2 of ${second.slice(2, 7).trim()}`,
    };
  }
  return null;
}

function shapeRejection(
  source: string,
  line: number,
  name: string,
  elementLine: string,
  what: string,
): Rejection {
  const catalogId = decodeAlpha5(elementLine.slice(2, 7));
  const who = name || (catalogId === null ? '' : String(catalogId));
  return {
    source,
    line,
    catalogId,
    name: name || null,
    field: null,
    code: 'TLE_SHAPE',
    message: `${source}:${line}: ${who ? `${who}: ` : ''}${what}`,
  };
}

function rawOf(first: string, second: string, name: string, line: number): RawRecord {
  return {
    line,
    name,
    intlDesignator: internationalDesignator(first.slice(9, 17)),
    catalogId: decodeAlpha5(first.slice(2, 7)),
    catalogIdText: first.slice(2, 7),
    epoch: epochOf(first.slice(18, 32)),
    epochText: first.slice(18, 32),
    numbers: {
      MEAN_MOTION: second.slice(52, 63).trim(),
      // Blank-padded eccentricities exist.
      ECCENTRICITY: /^[ \d]*\d$/.test(second.slice(26, 33))
        ? `0.${second.slice(26, 33).replaceAll(' ', '0')}`
        : second.slice(26, 33),
      INCLINATION: second.slice(8, 16).trim(),
      RA_OF_ASC_NODE: second.slice(17, 25).trim(),
      ARG_OF_PERICENTER: second.slice(34, 42).trim(),
      MEAN_ANOMALY: second.slice(43, 51).trim(),
      BSTAR: exponential(first.slice(53, 61)),
      // As CelesTrak's OMM: n-dot/2 and n-ddot/6, unscaled.
      MEAN_MOTION_DOT: first.slice(33, 43).trim(),
      MEAN_MOTION_DDOT: exponential(first.slice(44, 52)),
    },
    ephemerisType: first.slice(62, 63),
  };
}

/** ` 89842-3` is 0.89842e-3; a blank sign, `+` exponents and leading blanks are legal. */
function exponential(text: string): string {
  const match = /^([ +-])([ \d]{4}\d)([+-]\d|[ ]\d)$/.exec(text);
  if (match === null) return text;
  const [, sign, digits, exponent] = match as unknown as [string, string, string, string];
  return `${sign === '-' ? '-' : ''}0.${digits.replaceAll(' ', '0')}e${exponent.trim()}`;
}

/** `19074B  ` is 2019-074B, as OMM writes it. */
function internationalDesignator(text: string): string {
  const match = /^(\d{2})(\d{3})([A-Z]{1,3})\s*$/.exec(text);
  if (match === null) return text.trim();
  const [, year, launch, piece] = match as unknown as [string, string, string, string];
  return `${Number(year) < 57 ? 20 : 19}${year}-${launch}${piece}`;
}

/** `26234.17284867`: two-digit year (57…99 is 19xx), day of year, eight decimals, all taken as text. */
function epochOf(text: string): { jd: number; fraction: number } | null {
  const match = /^(\d{2})([ \d]{2}\d)(\.\d{1,8})\s*$/.exec(text);
  if (match === null) return null;
  const [, yy, dayText, decimals] = match as unknown as [string, string, string, string];
  const year = Number(yy) < 57 ? 2000 + Number(yy) : 1900 + Number(yy);
  const day = Number(dayText);
  const days = jdOfCivil(year + 1, 1, 1) - jdOfCivil(year, 1, 1);
  if (day < 1 || day > days) return null;
  return { jd: jdOfCivil(year, 1, 1) + day - 1, fraction: Number(`0${decimals}`) };
}
