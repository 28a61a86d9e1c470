import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { sharedPath } from '../store/sharedData.ts';
import type { Catalogue, ElementSet } from './elementSet.ts';
import { BeamkeeperError } from './error.ts';
import { parseInstant } from './instant.ts';
import { readCatalogue, staleWarnings } from './readCatalogue.ts';

/** The example of the article "Two-line element set" of Wikipedia, decoded there field by field. */
const ISS_1 = '1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927';
const ISS_2 = '2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537';

/** The same element set as CelesTrak's GP service words it. */
const ISS_OMM: Readonly<Record<string, string | number>> = {
  OBJECT_NAME: 'ISS (ZARYA)',
  OBJECT_ID: '1998-067A',
  EPOCH: '2008-09-20T12:25:40.104192',
  MEAN_MOTION: 15.72125391,
  ECCENTRICITY: 0.0006703,
  INCLINATION: 51.6416,
  RA_OF_ASC_NODE: 247.4627,
  ARG_OF_PERICENTER: 130.536,
  MEAN_ANOMALY: 325.0288,
  EPHEMERIS_TYPE: 0,
  CLASSIFICATION_TYPE: 'U',
  NORAD_CAT_ID: 25544,
  ELEMENT_SET_NO: 292,
  REV_AT_EPOCH: 56353,
  BSTAR: -0.000011606,
  MEAN_MOTION_DOT: -0.00002182,
  MEAN_MOTION_DDOT: 0,
};

type Omm = Record<string, string | number | null | undefined>;

function json(records: Omm[]): string {
  return `[${records.map(record => JSON.stringify(record)).join(',\n')}]\n`;
}

function csv(records: Omm[], columns = Object.keys(ISS_OMM)): string {
  const rows = records.map(record => columns.map(column => record[column] ?? '').join(','));
  return [columns.join(','), ...rows].join('\r\n');
}

function kvn(records: Omm[]): string {
  return records
    .map(record =>
      [
        'CCSDS_OMM_VERS = 3.0',
        'COMMENT GENERATED FOR A TEST',
        'CREATION_DATE = 2008-09-20T13:00:00',
        'ORIGINATOR = TEST',
        ...Object.entries(record).map(([key, value]) =>
          key === 'MEAN_MOTION' ? `${key} = ${value} [rev/day]` : `${key} = ${value ?? ''}`,
        ),
        '',
      ].join('\n'),
    )
    .join('\n');
}

function xml(records: Omm[]): string {
  const part = (record: Omm, keys: string[]): string =>
    keys
      .filter(key => record[key] !== undefined)
      .map(key => `<${key}>${String(record[key] ?? '').replace('&', '&amp;')}</${key}>`)
      .join('');
  const metadata = ['OBJECT_NAME', 'OBJECT_ID', 'CENTER_NAME', 'REF_FRAME', 'TIME_SYSTEM'];
  metadata.push('MEAN_ELEMENT_THEORY');
  const mean = ['EPOCH', 'MEAN_MOTION', 'ECCENTRICITY', 'INCLINATION', 'RA_OF_ASC_NODE'];
  mean.push('ARG_OF_PERICENTER', 'MEAN_ANOMALY');
  const rest = ['EPHEMERIS_TYPE', 'NORAD_CAT_ID', 'BSTAR', 'MEAN_MOTION_DOT', 'MEAN_MOTION_DDOT'];
  const messages = records.map(
    record =>
      `<omm id="CCSDS_OMM_VERS" version="2.0"><header><CREATION_DATE/><ORIGINATOR/></header>\n<body><segment><metadata>${part(record, metadata)}</metadata><data><meanElements>${part(record, mean)}</meanElements><tleParameters>${part(record, rest)}</tleParameters></data></segment></body></omm>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ndm xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n${messages.join('')}</ndm>\n`;
}

const ENCODINGS: readonly [string, (records: Omm[]) => string][] = [
  ['JSON', json],
  ['CSV', csv],
  ['KVN', kvn],
  ['XML', xml],
];

function errorOf(run: () => unknown): BeamkeeperError {
  try {
    run();
  } catch (error) {
    if (error instanceof BeamkeeperError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The line with its last column made right. */
function checked(line: string): string {
  const body = line.slice(0, 68);
  let sum = 0;
  for (const c of body) sum += c === '-' ? 1 : Number(c) >= 0 && c !== ' ' ? Number(c) : 0;
  return `${body}${sum % 10}`;
}

/** The line with other text from a column on (counted from 1 as in every description of the format). */
function put(line: string, column: number, text: string): string {
  return line.slice(0, column - 1) + text + line.slice(column - 1 + text.length);
}

function isAllFinite(set: ElementSet): boolean {
  return Object.values(set).every(value => typeof value !== 'number' || Number.isFinite(value));
}

test('a published element set reads as published', () => {
  const [iss] = readCatalogue(`ISS (ZARYA)\n${ISS_1}\n${ISS_2}\n`, 'iss.txt').records;
  expect(iss).toEqual({
    catalogId: 25544,
    name: 'ISS (ZARYA)',
    intlDesignator: '1998-067A',
    epochJd: 2454729.5,
    epochFraction: 0.51782528,
    meanMotion: 15.72125391,
    eccentricity: 0.0006703,
    inclinationDeg: 51.6416,
    raanDeg: 247.4627,
    argPerigeeDeg: 130.536,
    meanAnomalyDeg: 325.0288,
    bstar: -0.11606e-4,
    meanMotionDot: -0.00002182,
    meanMotionDdot: 0,
    source: 'iss.txt',
    line: 1,
  });
});

test.each(ENCODINGS)('the same object as TLE and as OMM %s gives the same record', (_, write) => {
  const [tle] = readCatalogue(`0 ISS (ZARYA)\n${ISS_1}\n${ISS_2}\n`, 'x').records;
  const [omm] = readCatalogue(write([ISS_OMM]), 'x').records;
  expect(Math.abs(omm.epochFraction - tle.epochFraction) * 86400).toBeLessThan(1e-6);
  expect({ ...omm, epochFraction: 0, line: 0 }).toEqual({ ...tle, epochFraction: 0, line: 0 });
  // Space-Track sends every value as a string.
  const strings = Object.fromEntries(Object.entries(ISS_OMM).map(([k, v]) => [k, String(v)]));
  expect(readCatalogue(write([strings]), 'x').records[0]).toEqual(omm);
});

test.each(ENCODINGS)('OMM %s keeps the microseconds of an epoch', (_, write) => {
  const epochs = ['2008-09-20T12:25:40.104192', '2008-09-20T12:25:40.104193Z'];
  const records = epochs.map((EPOCH, i) => ({ ...ISS_OMM, EPOCH, NORAD_CAT_ID: 1000 + i }));
  const [a, b] = readCatalogue(write(records), 'x').records;
  const apartUs = (b.epochFraction - a.epochFraction) * 86400e6;
  expect(apartUs).toBeCloseTo(1, 4);
});

test.each([
  ['2026-150T06:00:00', 2461190.5, 0.25],
  ['2026-05-30T06:00:00Z', 2461190.5, 0.25],
  ['2016-12-31T23:59:60.000000', 2457754.5, 0],
  ['2026-05-30', 2461190.5, 0],
])('the epoch %s is read as UTC', (EPOCH, jd, fraction) => {
  // Julian dates: 2026-05-30 is 2461190.5 and 2017-01-01 is 2457754.5 (USNO).
  const [set] = readCatalogue(json([{ ...ISS_OMM, EPOCH }]), 'x').records;
  expect(set.epochJd).toBe(jd);
  expect(set.epochFraction).toBe(fraction);
});

const GOOD = (id: number): [string, string] => [
  checked(put(ISS_1, 3, String(id).padStart(5, '0'))),
  checked(put(ISS_2, 3, String(id).padStart(5, '0'))),
];

const TLE_FAULTS: readonly {
  what: string;
  code: string;
  field: string | null;
  broken: [string, string] | [string];
  id?: number | null;
}[] = [
  {
    what: 'a wrong checksum in line 1',
    code: 'TLE_CHECKSUM',
    field: null,
    broken: [ISS_1.replace(/7$/, '8'), ISS_2],
  },
  {
    what: 'a wrong checksum in line 2',
    code: 'TLE_CHECKSUM',
    field: null,
    broken: [ISS_1, put(ISS_2, 10, '2')],
  },
  { what: 'a short line 1', code: 'TLE_SHAPE', field: null, broken: [ISS_1.slice(0, 60), ISS_2] },
  { what: 'a short line 2', code: 'TLE_SHAPE', field: null, broken: [ISS_1, ISS_2.slice(0, 50)] },
  { what: 'a line that is too long', code: 'TLE_SHAPE', field: null, broken: [ISS_1, `${ISS_2}7`] },
  {
    what: 'line number 3 for 1',
    code: 'TLE_SHAPE',
    field: null,
    broken: [put(ISS_1, 1, '3'), ISS_2],
  },
  {
    what: 'line number 3 for 2',
    code: 'TLE_SHAPE',
    field: null,
    broken: [ISS_1, put(ISS_2, 1, '3')],
  },
  {
    what: 'ids that differ',
    code: 'TLE_SHAPE',
    field: 'NORAD_CAT_ID',
    broken: [ISS_1, checked(put(ISS_2, 3, '25545'))],
  },
  { what: 'no second line', code: 'TLE_SHAPE', field: null, broken: [ISS_1] },
  { what: 'no first line', code: 'TLE_SHAPE', field: null, broken: [ISS_2] },
  {
    what: 'an unreadable inclination',
    code: 'FIELD',
    field: 'INCLINATION',
    broken: [ISS_1, checked(put(ISS_2, 9, ' 51.6x16'))],
  },
  {
    what: 'an inclination split by a blank',
    code: 'FIELD',
    field: 'INCLINATION',
    broken: [ISS_1, checked(put(ISS_2, 9, ' 51. 416'))],
  },
  {
    what: 'no BSTAR',
    code: 'FIELD',
    field: 'BSTAR',
    broken: [checked(put(ISS_1, 54, '        ')), ISS_2],
  },
  {
    what: 'a blank mean motion',
    code: 'FIELD',
    field: 'MEAN_MOTION',
    broken: [ISS_1, checked(put(ISS_2, 53, '           '))],
  },
  {
    what: 'an unreadable epoch',
    code: 'FIELD',
    field: 'EPOCH',
    broken: [checked(put(ISS_1, 19, '08264 51782528')), ISS_2],
  },
  {
    what: 'a day that the year does not have',
    code: 'FIELD',
    field: 'EPOCH',
    broken: [checked(put(ISS_1, 19, '07366.51782528')), ISS_2],
  },
  {
    what: 'an unreadable eccentricity',
    code: 'FIELD',
    field: 'ECCENTRICITY',
    broken: [ISS_1, checked(put(ISS_2, 27, '000.703'))],
  },
  {
    what: 'an id with the letter I',
    code: 'FIELD',
    field: 'NORAD_CAT_ID',
    broken: [checked(put(ISS_1, 3, 'I5544')), checked(put(ISS_2, 3, 'I5544'))],
    id: null,
  },
  {
    what: 'no id',
    code: 'FIELD',
    field: 'NORAD_CAT_ID',
    broken: [checked(put(ISS_1, 3, '     ')), checked(put(ISS_2, 3, '     '))],
    id: null,
  },
  {
    what: 'an inclination above 180°',
    code: 'RANGE',
    field: 'INCLINATION',
    broken: [ISS_1, checked(put(ISS_2, 9, '181.0000'))],
  },
  {
    what: 'no mean motion to speak of',
    code: 'RANGE',
    field: 'MEAN_MOTION',
    broken: [ISS_1, checked(put(ISS_2, 53, ' 0.00000000'))],
  },
  {
    what: 'a mean motion above 18',
    code: 'RANGE',
    field: 'MEAN_MOTION',
    broken: [ISS_1, checked(put(ISS_2, 53, '18.10000000'))],
  },
  {
    what: 'an SGP4-XP element set',
    code: 'THEORY',
    field: 'EPHEMERIS_TYPE',
    broken: [checked(put(ISS_1, 63, '4')), ISS_2],
  },
  {
    what: 'an orbit inside the Earth',
    code: 'SGP4_INIT',
    field: null,
    broken: [ISS_1, checked(put(ISS_2, 27, '5006703'))],
  },
];

test.each(TLE_FAULTS)('3LE: $what costs that record only ($code)', fault => {
  const { code, field, broken, id = 25544 } = fault;
  const good = [11, 12].map(GOOD);
  const lines = ['FIRST', ...good[0], 'BROKEN', ...broken, 'LAST', ...good[1]];
  for (const text of [lines.join('\n'), `${lines.join('\r\n')}\r\n`]) {
    const { records, rejected } = readCatalogue(text, 'sky.tle');
    expect(records.map(set => [set.catalogId, set.name, set.line])).toEqual([
      [11, 'FIRST', 1],
      [12, 'LAST', 5 + broken.length],
    ]);
    expect(records.every(isAllFinite)).toBe(true);
    expect(rejected).toMatchObject([{ code, field, line: 4, name: 'BROKEN', source: 'sky.tle' }]);
    expect(rejected[0].message).toMatch(/^sky\.tle:4: .+; it is left out: /);
    if (broken.length === 2 || code !== 'TLE_SHAPE') expect(rejected[0].catalogId).toBe(id);
  }
});

test.each(TLE_FAULTS.filter(({ broken }) => broken.length === 2))(
  'TLE without names: $what costs that record only',
  ({ code, broken }) => {
    const text = [...GOOD(11), ...broken, ...GOOD(12)].join('\n');
    const { records, rejected } = readCatalogue(text, 'sky.tle');
    expect(records.map(set => [set.catalogId, set.line])).toEqual([
      [11, 1],
      [12, 5],
    ]);
    expect(rejected).toMatchObject([{ code, line: 3 }]);
  },
);

const OMM_FAULTS: readonly [string, Omm, string, string][] = [
  ['no BSTAR', { BSTAR: undefined }, 'FIELD', 'BSTAR'],
  ['an empty BSTAR', { BSTAR: '' }, 'FIELD', 'BSTAR'],
  ['no mean anomaly', { MEAN_ANOMALY: undefined }, 'FIELD', 'MEAN_ANOMALY'],
  ['a word for a number', { ECCENTRICITY: 'small' }, 'FIELD', 'ECCENTRICITY'],
  ['NaN', { MEAN_MOTION: 'NaN' }, 'FIELD', 'MEAN_MOTION'],
  ['a megabyte of digits', { MEAN_MOTION: `${'1'.repeat(1e6)}x` }, 'FIELD', 'MEAN_MOTION'],
  ['infinity', { INCLINATION: '1e999' }, 'FIELD', 'INCLINATION'],
  ['hexadecimal', { INCLINATION: '0x33' }, 'FIELD', 'INCLINATION'],
  ['no id', { NORAD_CAT_ID: undefined }, 'FIELD', 'NORAD_CAT_ID'],
  ['an id of ten digits', { NORAD_CAT_ID: '1000000000' }, 'FIELD', 'NORAD_CAT_ID'],
  ['an id with the letter O', { NORAD_CAT_ID: 'O1234' }, 'FIELD', 'NORAD_CAT_ID'],
  ['a local time', { EPOCH: '2008-09-20T12:25:40+02:00' }, 'FIELD', 'EPOCH'],
  ['a month 13', { EPOCH: '2008-13-20T12:25:40' }, 'FIELD', 'EPOCH'],
  ['no epoch', { EPOCH: undefined }, 'FIELD', 'EPOCH'],
  ['a negative eccentricity', { ECCENTRICITY: '-0.1' }, 'RANGE', 'ECCENTRICITY'],
  ['an eccentricity of 1', { ECCENTRICITY: '1' }, 'RANGE', 'ECCENTRICITY'],
  ['a negative inclination', { INCLINATION: '-1' }, 'RANGE', 'INCLINATION'],
  ['a negative mean motion', { MEAN_MOTION: '-15' }, 'RANGE', 'MEAN_MOTION'],
  ['SGP4-XP', { MEAN_ELEMENT_THEORY: 'SGP4-XP' }, 'THEORY', 'MEAN_ELEMENT_THEORY'],
  ['DSST', { MEAN_ELEMENT_THEORY: 'DSST' }, 'THEORY', 'MEAN_ELEMENT_THEORY'],
  ['ephemeris type 4', { EPHEMERIS_TYPE: 4 }, 'THEORY', 'EPHEMERIS_TYPE'],
  ['GPS time', { TIME_SYSTEM: 'GPS' }, 'FRAME', 'TIME_SYSTEM'],
  ['the frame J2000', { REF_FRAME: 'EME2000' }, 'FRAME', 'REF_FRAME'],
  ['the centre Mars', { CENTER_NAME: 'MARS' }, 'FRAME', 'CENTER_NAME'],
];

const COMPLETE: Omm = {
  ...ISS_OMM,
  MEAN_ELEMENT_THEORY: 'SGP4',
  TIME_SYSTEM: 'UTC',
  REF_FRAME: 'TEME',
  CENTER_NAME: 'EARTH',
};

const withId = (id: number): Omm => ({ ...COMPLETE, NORAD_CAT_ID: id, OBJECT_NAME: `SAT ${id}` });

for (const [encoding, write] of ENCODINGS) {
  test.each(OMM_FAULTS)(`OMM ${encoding}: %s costs that record only`, (_, change, code, field) => {
    const records = [withId(11), { ...withId(99), ...change }, withId(12)];
    const text = write === csv ? csv(records, Object.keys(COMPLETE)) : write(records);
    const catalogue = readCatalogue(text, 'sky.omm');
    expect(catalogue.records.map(set => set.catalogId)).toEqual([11, 12]);
    expect(catalogue.records.every(isAllFinite)).toBe(true);
    expect(catalogue.rejected).toMatchObject([{ code, field, name: 'SAT 99' }]);
    const line = catalogue.rejected[0].line;
    // A record begins on its own line in all four encodings, and the broken one is the second.
    const [first, last] = catalogue.records.map(set => set.line);
    expect(first).toBe({ JSON: 1, CSV: 2, KVN: 1, XML: 3 }[encoding]);
    expect(line - first).toBe(
      { JSON: 1, CSV: 1, XML: 2 }[encoding] ??
        kvn([withId(11), withId(12)])
          .split('\n')
          .indexOf('CCSDS_OMM_VERS = 3.0', 1),
    );
    expect(last).toBeGreaterThan(line);
  });
}

test('a JSON catalogue that is cut short gives every object that is whole', () => {
  const text = json([withId(11), withId(12), withId(13)]);
  const { records, rejected } = readCatalogue(text.slice(0, -200), 'cut.json');
  expect(records.map(set => set.catalogId)).toEqual([11, 12]);
  expect(rejected).toMatchObject([{ code: 'OMM_SHAPE', line: 3, name: 'SAT 13' }]);
});

test('an XML catalogue that is cut short gives every message that is whole', () => {
  const text = xml([withId(11), withId(12), withId(13)]);
  const { records, rejected } = readCatalogue(text.slice(0, -200), 'cut.xml');
  expect(records.map(set => set.catalogId)).toEqual([11, 12]);
  expect(rejected).toMatchObject([{ code: 'OMM_SHAPE', line: 7, name: 'SAT 13' }]);
});

test('a CSV row with values too few or an open quote costs that row only', () => {
  const rows = csv([withId(11), withId(12), withId(13), withId(14)]).split('\r\n');
  rows[2] = rows[2].slice(0, 40);
  rows[3] = `"${rows[3]}`;
  const { records, rejected } = readCatalogue(rows.join('\n'), 'sky.csv');
  expect(records.map(set => set.catalogId)).toEqual([11, 14]);
  expect(rejected).toMatchObject([
    { code: 'OMM_SHAPE', line: 3 },
    { code: 'OMM_SHAPE', line: 4 },
  ]);
});

test('CSV names may hold commas and quotes', () => {
  const rows = csv([ISS_OMM]).split('\r\n');
  rows[1] = rows[1].replace('ISS (ZARYA)', '"ISS, ""ZARYA"""');
  expect(readCatalogue(rows.join('\n'), 'sky.csv').records[0].name).toBe('ISS, "ZARYA"');
});

test('JSON may be one object, one a line, or nested with more than an OMM has', () => {
  const one = JSON.stringify(withId(11));
  expect(readCatalogue(`\uFEFF${one}`, 'x').records.length).toBe(1);
  expect(readCatalogue(`${one}\n${JSON.stringify(withId(12))}\n`, 'x').records.length).toBe(2);
  const nested = `[\n{"USER": {"A": [{}, "}{"]}, ${one.slice(1)},\n${JSON.stringify(withId(12))}]`;
  expect(readCatalogue(nested, 'x').records.map(set => set.line)).toEqual([2, 3]);
});

test('angles of 360 and beyond are wrapped with a warning', () => {
  const [one] = GOOD(11);
  const two = checked(put(put(GOOD(11)[1], 18, '360.0000'), 35, '-10.0000'));
  const { records, warnings } = readCatalogue([one, two, ...GOOD(12)].join('\n'), 'w.tle');
  expect(records[0].raanDeg).toBe(0);
  expect(records[0].argPerigeeDeg).toBe(350);
  expect(warnings).toMatchObject([{ code: 'WRAPPED_ANGLE', catalogId: 11, line: 1 }]);
});

test('of two sets with one number the newer is kept, with a warning', () => {
  const older = checked(put(GOOD(11)[0], 19, '08263'));
  const text = [...GOOD(11), older, GOOD(11)[1], ...GOOD(12)].join('\n');
  const { records, warnings } = readCatalogue(text, 'd.tle');
  expect(records.map(set => [set.catalogId, set.line])).toEqual([
    [11, 1],
    [12, 5],
  ]);
  expect(warnings).toMatchObject([{ code: 'DUPLICATE_ID', catalogId: 11, line: 3 }]);
  expect(readCatalogue(text, 'd.tle', { history: true }).records.length).toBe(3);
});

test('elements 90 days from the asked instant are kept, with their age', () => {
  const { records } = readCatalogue([...GOOD(11), ...GOOD(12)].join('\n'), 'old.tle');
  const warnings = staleWarnings(records, parseInstant('2008-12-19T12:25:40Z'));
  expect(warnings.length).toBe(2);
  expect(warnings[0]).toMatchObject({ code: 'STALE_EPOCH', catalogId: 11, line: 1 });
  expect(warnings[0].message).toContain('90 days older');
  expect(staleWarnings(records, parseInstant('2008-09-30T00:00:00Z'))).toEqual([]);
});

test('alpha-5 and nine-digit numbers are read', () => {
  // Space-Track: A0000 = 100000, J0000 = 180000, P0000 = 230000, Z9999 = 339999.
  for (const [text, id] of [
    ['A0000', 100_000],
    ['E8493', 148_493],
    ['H9999', 179_999],
    ['J0000', 180_000],
    ['P0000', 230_000],
    ['Z9999', 339_999],
    ['    5', 5],
  ] as const) {
    const pair = [checked(put(ISS_1, 3, text)), checked(put(ISS_2, 3, text))].join('\n');
    expect(readCatalogue(pair, 'x').records[0].catalogId).toBe(id);
  }
  for (const [, write] of ENCODINGS) {
    for (const id of [799_501_299, '799501299', 'Z9999']) {
      const [set] = readCatalogue(write([{ ...ISS_OMM, NORAD_CAT_ID: id }]), 'x').records;
      expect(set.catalogId).toBe(id === 'Z9999' ? 339_999 : 799_501_299);
    }
  }
});

test('blank-padded numbers, plus signs, comment lines and a name like an element line are read', () => {
  const one = checked(put(put(ISS_1, 34, ' +.0000218'), 54, '+11606+0'));
  const two = checked(put(ISS_2, 27, '   6703'));
  const { records, rejected } = readCatalogue(`# comment\n\n1 HOPEFUL\n${one}   \n${two}\t\n`, 'x');
  expect(rejected).toEqual([]);
  expect(records[0]).toMatchObject({
    name: '1 HOPEFUL',
    line: 3,
    meanMotionDot: 0.0000218,
    bstar: 0.11606,
    eccentricity: 0.0006703,
  });
});

test('a century begins in 1957', () => {
  for (const [year, jd] of [
    ['57', 2435839.5],
    ['99', 2451179.5],
    ['00', 2451544.5],
    ['56', 2471998.5],
  ] as const) {
    // Julian dates of 0 h UTC on 1 January of 1957, 1999, 2000 and 2056 (USNO).
    const one = checked(put(ISS_1, 19, `${year}001.00000000`));
    expect(readCatalogue(`${one}\n${ISS_2}`, 'x').records[0].epochJd).toBe(jd);
  }
});

const WEB_PAGE = '<!DOCTYPE html>\n<html><head><title>403 Forbidden</title></head></html>';

test.each([
  ['an empty file', '', 'CATALOGUE_EMPTY'],
  ['blanks', ' \n\r\n', 'CATALOGUE_EMPTY'],
  ['an empty array', '[ ]', 'CATALOGUE_EMPTY'],
  ['the answer of a server that has nothing', 'No GP data found', 'CATALOGUE_EMPTY'],
  ['a web page', WEB_PAGE, 'CATALOGUE_HTML'],
  ['a piece of a web page', 'Sorry!\n<html><body>', 'CATALOGUE_HTML'],
  ['prose', 'It was a bright cold day in April.\n'.repeat(50), 'CATALOGUE_FORMAT'],
  ['other JSON', '{"error": "rate limit"}', 'CATALOGUE_FORMAT'],
  ['other XML', '<?xml version="1.0"?><svg/>', 'CATALOGUE_FORMAT'],
  ['other CSV', 'name,latitude\nA,1\n', 'CATALOGUE_FORMAT'],
  ['only bad records', `${ISS_1}\n${put(ISS_2, 10, '9')}\n`, 'CATALOGUE_ALL_REJECTED'],
  ['a CSV header alone', `${Object.keys(ISS_OMM).join(',')}\n`, 'CATALOGUE_EMPTY'],
])('%s is refused in one line', (_, text, code) => {
  for (const content of [
    text,
    new TextEncoder().encode(text),
    gzipSync(new TextEncoder().encode(text)),
  ]) {
    const error = errorOf(() => readCatalogue(content, 'sky.txt'));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^sky\.txt/);
    expect(error.message).not.toContain('\n');
    expect(error.isBadInput).toBe(true);
  }
});

test('binary garbage and gzip garbage are refused', () => {
  let seed = 1;
  const garbage = Uint8Array.from({ length: 100_000 }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed >> 16;
  });
  expect(errorOf(() => readCatalogue(garbage, 'x')).code).toBe('CATALOGUE_FORMAT');
  expect(errorOf(() => readCatalogue(gzipSync(garbage), 'x')).code).toBe('CATALOGUE_FORMAT');
  garbage.set([0x1f, 0x8b, 8, 0]);
  expect(errorOf(() => readCatalogue(garbage, 'x')).code).toBe('CATALOGUE_FORMAT');
});

test('a gzip file that is cut short or has one bit wrong is refused', () => {
  const whole = gzipSync(
    new TextEncoder().encode(json(Array.from({ length: 500 }, (_, i) => withId(i + 1)))),
  );
  expect(readCatalogue(whole, 'x').records.length).toBe(500);
  const cut = whole.slice(0, whole.length >> 1);
  expect(errorOf(() => readCatalogue(cut, 'x')).code).toBe('CATALOGUE_GZIP');
  const bent = whole.slice();
  bent[bent.length - 5] ^= 1;
  expect(errorOf(() => readCatalogue(bent, 'x')).code).toBe('CATALOGUE_GZIP');
});

test('a gzip file of several members is read whole', () => {
  const part = (id: number): Uint8Array =>
    gzipSync(new TextEncoder().encode(`${GOOD(id).join('\n')}\n`));
  const both = new Uint8Array([...part(11), ...part(12)]);
  expect(readCatalogue(both, 'x').records.map(set => set.catalogId)).toEqual([11, 12]);
});

const SMALL_TLE = [11, 12, 13, 14, 15].flatMap(id => [`SAT ${id}`, ...GOOD(id)]).join('\n');
const SMALL = [11, 12, 13, 14, 15].map(withId);
const SMALL_FILES: readonly [string, string, number, number][] = [
  ['3LE', SMALL_TLE, 0, 1],
  ['JSON', json(SMALL), 0, 1],
  ['KVN', kvn(SMALL), 0, 1],
  ['XML', xml(SMALL), 150, 1],
  // Joining two rows of a table loses both.
  ['CSV', csv(SMALL), csv([]).length + 2, 2],
];

test.each(SMALL_FILES)(
  '%s: one wrong character costs no other record, and nothing is ever NaN',
  (_, text, from, most) => {
    const whole = readCatalogue(text, 'x').records;
    fc.assert(
      fc.property(
        fc.integer({ min: from, max: text.length - 1 }),
        fc.constantFrom('replace', 'insert', 'remove'),
        fc.constantFrom(...'0123456789 -+.eE"{}[]<>/,=\nABINZ#\u0000'),
        (place, how, character) => {
          const behind = how === 'insert' ? place : place + 1;
          const damaged =
            text.slice(0, place) + (how === 'remove' ? '' : character) + text.slice(behind);
          let read: Catalogue;
          try {
            read = readCatalogue(damaged, 'x');
          } catch (error) {
            // A NUL makes the file binary, a lost bracket another format; both are said, not guessed.
            expect((error as BeamkeeperError).code).toBe('CATALOGUE_FORMAT');
            return;
          }
          expect(read.records.every(isAllFinite)).toBe(true);
          const ids = new Set(read.records.map(set => set.catalogId));
          expect(whole.filter(set => !ids.has(set.catalogId)).length).toBeLessThanOrEqual(most);
          if (read.records.length < whole.length) {
            expect(read.rejected.length + read.warnings.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 400, seed: 20260822 },
    );
  },
);

test('a catalogue of megabytes on one line is gone through once', () => {
  const records = Array.from({ length: 5000 }, (_, i) => withId(i + 1));
  const line = json(records).replaceAll('\n', '');
  expect(readCatalogue(line, 'x').records.length).toBe(5000);
  expect(readCatalogue(line.slice(0, -9), 'x').records.length).toBe(4999);
  expect(readCatalogue(xml(records).replaceAll('\n', ''), 'x').records.length).toBe(5000);
});

test('megabytes of broken lines behind one good record are gone through once', () => {
  // A reader whose work grew with the square of the lines would not come back within the time limit.
  const nasty = ['1 x\n', '{"NORAD_CAT_ID": \n', '<omm \n', 'EPOCH = \n', '"open\n'];
  for (const line of nasty) {
    const much = line.repeat(100_000);
    expect(readCatalogue(`${GOOD(11).join('\n')}\n${much}`, 'x').records.length).toBe(1);
    expect(readCatalogue(`${json([ISS_OMM])}${much}`, 'x').records.length).toBe(1);
    expect(readCatalogue(`${kvn([ISS_OMM])}\n${much}`, 'x').records.length).toBe(1);
    expect(readCatalogue(`${xml([ISS_OMM])}${much}`, 'x').records.length).toBe(1);
    expect(readCatalogue(`${csv([ISS_OMM])}\n${much}`, 'x').records.length).toBe(1);
  }
});

test('every real catalogue loads without a rejection', () => {
  for (const [file, count] of [
    ['starlink-2026-08-22', 10744],
    ['oneweb-2026-08-22', 651],
    ['kuiper-2026-08-22', 391],
    ['stations-2026-08-22', 21],
    ['starlink-2021-11-18', 1731],
  ] as const) {
    const bytes = readFileSync(sharedPath(`data/orbits/${file}.3le.gz`));
    const { records, rejected, warnings } = readCatalogue(bytes, file);
    expect([records.length, rejected.length, warnings.length]).toEqual([count, 0, 0]);
    expect(records.every(isAllFinite)).toBe(true);
  }
});
