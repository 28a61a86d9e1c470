import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sharedPath } from '../store/sharedData.ts';
import { catalogueCheck } from './catalogueCheck.ts';
import { formatInstant, parseInstant } from './instant.ts';
import { readCatalogue } from './readCatalogue.ts';

/**
 * Two sets of the AIAA 2006-6753 verification file: 28872 decays within the hour of its epoch,
 * 2005-11-29 (the published vectors end at 50 minutes), 00005 stays for centuries.
 */
const SETS = readFileSync(sharedPath('vectors/sgp4/SGP4-VER.TLE'), 'utf8')
  .split(/\r?\n/)
  .filter(line => /^[12] (28872|00005)/.test(line))
  .map(line => line.slice(0, 69))
  .join('\n');

test('decayed satellites are named, old epochs counted', () => {
  const catalogue = readCatalogue(`${SETS}\n1 00005U\n`, 'two.tle');
  expect(catalogue.records.map(set => set.catalogId)).toEqual([5, 28872]);
  const check = catalogueCheck(catalogue, parseInstant('2005-12-05T00:00:00Z'));
  expect(check.satelliteCount).toBe(2);
  expect(check.decayed.map(set => set.catalogId)).toEqual([28872]);
  expect(check.rejectedByCode).toEqual({ TLE_SHAPE: 1 });
  expect(check.warningsByCode).toEqual({ STALE_EPOCH: 1 });
  expect(formatInstant(check.oldestEpoch)).toBe('2000-06-27T18:50:19.734Z');
});

test('the catalogue of the day is whole and fresh', () => {
  const bytes = readFileSync(sharedPath('data/orbits/starlink-2026-08-22.3le.gz'));
  const check = catalogueCheck(
    readCatalogue(bytes, 'starlink'),
    parseInstant('2026-08-22T12:00:12Z'),
  );
  expect(check.satelliteCount).toBe(10744);
  expect(check.rejectedByCode).toEqual({});
  expect(check.decayed.length).toBe(0);
});
