/**
 * ITU-R P.618-13 and -14: the validation examples that Study Group 3 publishes with the
 * recommendation (as CSV in the ITU-Rpy repository), all rows, 1e-6 relative (network.md §5, N13).
 * The k and α of P.838-3 are those of network.md §5, to four digits.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crossPolarDiscriminationDb,
  linearRainCoefficients,
  type RainPath,
  rainAttenuationDb,
  rainCoefficients,
  rainHeightKm,
  scintillationFadeDb,
  slantPathInRainKm,
  totalAttenuationDb,
} from '../src/sky/rain/index.ts';
import { sharedPath } from '../src/store/sharedData.ts';

const DEG = Math.PI / 180;
const TOLERANCE = 1e-6;

type Row = Readonly<Record<string, number>>;

/** The rows of a validation file; its second line holds units. */
function rowsOf(name: string): Row[] {
  const text = readFileSync(sharedPath(`vectors/itu-p618/${name}.csv`), 'latin1');
  const [head, , ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(',').map(field => field.trim());
  return lines.map(line => {
    const fields = line.split(',').map(Number);
    return Object.fromEntries(names.map((column, k) => [column, fields[k]]));
  });
}

function expectAllWithin(rows: readonly Row[], ours: (row: Row) => number, column: string): void {
  const off = rows
    .map((row, k) => ({ row: k + 1, ours: ours(row), published: row[column] }))
    .filter(({ ours, published }) => !(Math.abs(ours / published - 1) <= TOLERANCE));
  expect(off).toEqual([]);
}

function rainPathOf(row: Row): RainPath {
  return {
    latRad: row['lat'] * DEG,
    stationHeightKm: row['hs'],
    // The files give the slant length L_s instead of the rain height; all are above 5°.
    rainHeightKm: row['hs'] + row['Ls'] * Math.sin(row['el'] * DEG),
    frequencyGHz: row['f'],
    elevationRad: row['el'] * DEG,
    polarisationTiltRad: row['tau'] * DEG,
    rainRate001MmPerH: row['R001'],
  };
}

describe.each(['ITURP618-13_A_rain', 'ITURP618-14_A_rain'])('%s', file => {
  test('all 64 rain attenuations are met', () => {
    const rows = rowsOf(file);
    expect(rows).toHaveLength(64);
    expectAllWithin(rows, row => rainAttenuationDb(rainPathOf(row), row['p']), 'A_rain');
  });
});

test('all 64 and 48 scintillation fades are met', () => {
  // The second file leaves the wet refractivity out: it is that of the same places in the first. (The
  // same column of …_A_rain.csv is for 20 GHz where the row says 29, and so is not taken.)
  const older = rowsOf('ITURP618-13_A_sci');
  const newer = rowsOf('ITURP618-14_A_sci').map(row => {
    const place = older.find(other => other['lat'] === row['lat'] && other['lon'] === row['lon']);
    return { ...row, N_wet: place?.['N_wet'] ?? Number.NaN };
  });
  expect(older).toHaveLength(64);
  expect(newer).toHaveLength(48);
  const fadeDb = (row: Row): number =>
    scintillationFadeDb(
      {
        frequencyGHz: row['f'],
        elevationRad: row['el'] * DEG,
        antennaDiameterM: row['D'],
        antennaEfficiency: row['eta'],
        wetRefractivity: row['N_wet'],
      },
      row['p'],
    );
  expectAllWithin(older, fadeDb, 'A_scin');
  expectAllWithin(newer, fadeDb, 'A_scin');
});

test.each(['ITURP618-13_A_xpd', 'ITURP618-14_A_xpd'])(
  'all 64 cross-polar discriminations of %s are met',
  file => {
    const rows = rowsOf(file);
    expect(rows).toHaveLength(64);
    expectAllWithin(
      rows,
      row =>
        crossPolarDiscriminationDb(
          {
            frequencyGHz: row['f'],
            elevationRad: row['el'] * DEG,
            polarisationTiltRad: row['tau'] * DEG,
          },
          row['Ap'],
          row['p'],
        ),
      'XPD',
    );
  },
);

test('all 64 totals of P.618-13 are met from their parts', () => {
  // Those of P.618-14 come without parts: gas and cloud would need the maps of P.836 and P.840.
  const rows = rowsOf('ITURP618-13_A_total');
  expect(rows).toHaveLength(64);
  expectAllWithin(
    rows,
    row =>
      totalAttenuationDb({
        gasDb: row['A_gas_1'],
        cloudDb: row['A_clouds_1'],
        rainDb: row['A_rain'],
        scintillationDb: row['A_scin'],
      }),
    'A_total',
  );
});

test.each([
  { f: 10.7, kH: 0.01598, alphaH: 1.2255, kV: 0.01536, alphaV: 1.1761 },
  { f: 12.7, kH: 0.02841, alphaH: 1.1652, kV: 0.03016, alphaV: 1.0988 },
  { f: 14.25, kH: 0.03919, alphaH: 1.1353, kV: 0.04345, alphaV: 1.0591 },
  { f: 20, kH: 0.09164, alphaH: 1.0568, kV: 0.09611, alphaV: 0.9847 },
  { f: 30, kH: 0.24031, alphaH: 0.9485, kV: 0.22909, alphaV: 0.9129 },
])('k and α of P.838-3 at $f GHz', ({ f, kH, alphaH, kV, alphaV }) => {
  const { horizontal, vertical } = linearRainCoefficients(f);
  expect(Math.abs(horizontal.k - kH)).toBeLessThan(0.5001e-5);
  expect(Math.abs(vertical.k - kV)).toBeLessThan(0.5001e-5);
  expect(Math.abs(horizontal.alpha - alphaH)).toBeLessThan(0.5001e-4);
  expect(Math.abs(vertical.alpha - alphaV)).toBeLessThan(0.5001e-4);
});

test('a level path keeps the polarisation, at the zenith and at 45° tilt there is none', () => {
  const { horizontal, vertical } = linearRainCoefficients(20);
  expect(rainCoefficients(20, 0, 0).k).toBeCloseTo(horizontal.k, 12);
  expect(rainCoefficients(20, 0, Math.PI / 2).alpha).toBeCloseTo(vertical.alpha, 12);
  const mean = (horizontal.k + vertical.k) / 2;
  expect(rainCoefficients(20, Math.PI / 2, 0).k).toBeCloseTo(mean, 12);
  expect(rainCoefficients(20, 0.3, Math.PI / 4).k).toBeCloseTo(mean, 12);
});

test('rain height is 0.36 km over the 0 °C isotherm (P.839-4)', () => {
  expect(rainHeightKm(4.5)).toBeCloseTo(4.86, 12);
});

test('below 5° the curved Earth bounds the path: equation 2 of P.618 instead of 1', () => {
  expect(slantPathInRainKm(0, 4, 30 * DEG)).toBeCloseTo(8, 9);
  // At the horizon equation 2 is 2 h / √(2 h / 8500); equation 1 would be without end.
  expect(slantPathInRainKm(0, 4, 0)).toBeCloseTo(8 / Math.sqrt(8 / 8500), 9);
  expect(slantPathInRainKm(4, 4, 0)).toBe(0);
});

const anyPath: fc.Arbitrary<RainPath> = fc.record({
  latRad: fc.double({ min: -1.4, max: 1.4, noNaN: true }),
  stationHeightKm: fc.double({ min: 0, max: 3, noNaN: true }),
  rainHeightKm: fc.double({ min: 0.4, max: 5.5, noNaN: true }),
  frequencyGHz: fc.double({ min: 10, max: 50, noNaN: true }),
  elevationRad: fc.double({ min: 5 * DEG, max: 90 * DEG, noNaN: true }),
  polarisationTiltRad: fc.double({ min: 0, max: Math.PI / 2, noNaN: true }),
  rainRate001MmPerH: fc.double({ min: 1, max: 150, noNaN: true }),
});

test('a station above the rain, or where it never rains, loses nothing', () => {
  fc.assert(
    fc.property(anyPath, fc.double({ min: 0.001, max: 5, noNaN: true }), (path, p) => {
      const above = { ...path, stationHeightKm: path.rainHeightKm + 0.1 };
      expect(rainAttenuationDb(above, p)).toBe(0);
      expect(rainAttenuationDb({ ...path, rainRate001MmPerH: 0 }, p)).toBe(0);
    }),
  );
});

test.each([
  { frequencyGHz: 0.9 },
  { frequencyGHz: 56 },
  { frequencyGHz: Number.NaN },
  { elevationRad: 0 },
  { elevationRad: 2 },
])('outside of the recommended range it says so: %o', change => {
  const [first] = rowsOf('ITURP618-14_A_rain');
  expect(() => rainAttenuationDb({ ...rainPathOf(first), ...change }, 0.01)).toThrow(/outside of/);
});

test.each([0.0009, 5.1, Number.NaN])('a share of time of %f %% is refused', p => {
  const [first] = rowsOf('ITURP618-14_A_rain');
  expect(() => rainAttenuationDb(rainPathOf(first), p)).toThrow(/share of time/);
});
