import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-latency-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A small fleet of known geometry, bent pipes. */
const SMALL = ['--constellation', '53:1584/72/39@550', '--slots', '2', '--no-lasers'];

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function beamkeeper(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd: folder });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function refused(...args: string[]): string {
  const { code, out, err } = beamkeeper(...args);
  expect({ code, out }, err).toEqual({ code: 2, out: '' });
  expect(err.trim().split('\n'), err).toHaveLength(1);
  return err;
}

describe('latency', () => {
  test('components add up to the mean, and light takes its time', () => {
    const csv = join(folder, 'out.csv');
    const { code, out, err } = beamkeeper(
      'latency',
      '48.2,16.4',
      'DEU',
      ...SMALL,
      '--json',
      '--csv',
      csv,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { places, parameters } = JSON.parse(out);
    expect(places).toHaveLength(2);
    for (const { components, p10Ms, p50Ms, p90Ms, laserShare, pointsOfPresence } of places) {
      const { totalMs, ...parts } = components;
      const sum = (Object.values(parts) as number[]).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(totalMs, 2);
      // Up and down, both ways: four times at least the height of 550 km, at c.
      expect(components.userLinkMs + components.gatewayLinkMs).toBeGreaterThan((4 * 550) / 299.8);
      expect(components.laserMs).toBe(0);
      expect(components.macProcessingMs).toBeCloseTo(parameters.macProcessingMs, 3);
      expect(p10Ms).toBeLessThanOrEqual(p50Ms);
      expect(p50Ms).toBeLessThanOrEqual(p90Ms);
      expect(laserShare).toBe(0);
      expect(pointsOfPresence[0].name).toMatch(/Frankfurt/);
    }
    expect(readFileSync(csv, 'utf8').trim().split('\n')).toHaveLength(3);
  });

  test('where no satellite comes it says so and exits 0', () => {
    const { code, out } = beamkeeper(
      'latency',
      '89,0',
      '--constellation',
      '30:72/6/1@550',
      '--slots',
      '1',
      '--no-lasers',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/89°, 0°\s+0\.0 %\s+–\s+–\s+–/);
  });

  test('bad input is one line', () => {
    expect(refused('latency')).toMatch(/no place is given/);
    expect(refused('latency', 'Germny')).toMatch(/Germny.*did you mean.*Germany/);
    expect(refused('latency', 'none.csv')).toMatch(/none\.csv/);
    expect(refused('latency', file('cols.csv', 'a,b\n1,2\n'))).toMatch(
      /has the columns a, b; wanted/,
    );
    expect(refused('latency', 'DEU', '--no-lasers', '--topology', 'nearest')).toMatch(
      /contradicts/,
    );
    expect(refused('latency', 'DEU', '--calibrate', 'x.csv')).toMatch(
      /takes its places from the file/,
    );
    expect(refused('latency', '--calibrate', file('p.csv', 'time,rtt\n1,2\n'))).toMatch(
      /--dish|calibration/,
    );
  });
});

describe('validate --against', () => {
  test('medians: predicted, measured, error, and the figures over all', () => {
    const path = file('medians-2023-09.csv', 'iso_a3,median_ms\nDEU,40\nKEN,129\nPER,37\nXQZ,50\n');
    const { code, out, err } = beamkeeper('validate', '--against', path, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ kind: 'territories', count: 3, at: '2023-09-15T00:00:00Z' });
    expect(answer.unknown).toHaveLength(1);
    expect(answer.unknown[0]).toMatch(/XQZ/);
    for (const { predictedMs, measuredMs, errorMs } of answer.rows) {
      expect(predictedMs - measuredMs).toBeCloseTo(errorMs, 1);
    }
    const sizes = answer.rows
      .map((row: { errorMs: number }) => Math.abs(row.errorMs))
      .sort((a: number, b: number) => a - b);
    expect(answer.medianAbsoluteErrorMs).toBeCloseTo(sizes[1], 1);
  });

  test('pings of one dish', () => {
    const path = file(
      'pings.csv',
      'time,rtt_ms\n2023-09-15T10:00:00Z,40\n2023-09-15T10:00:15Z,44\n',
    );
    const { code, out } = beamkeeper('validate', '--against', path, '--dish', '48.2,16.4');
    expect(code).toBe(0);
    expect(out).toMatch(/48\.2°, 16\.4°\s+\d+\.\d\s+42\.0/);
    expect(out).toMatch(/1 dish: median absolute error/);
  });

  test('bad input is one line', () => {
    expect(refused('validate', '--against', 'none.csv')).toMatch(/none\.csv/);
    expect(refused('validate', '--against', file('bad.csv', 'x,y\n1,2\n'))).toMatch(
      /has the columns x, y/,
    );
    expect(refused('validate', '--against', file('u.csv', 'iso_a3,median_ms\nQQQ,1\n'))).toMatch(
      /none of its 1 rows/,
    );
    expect(refused('validate', '--dish', '1,2')).toMatch(/goes with --against/);
    expect(refused('validate', '--against', 'x.csv', '--only', 'N3')).toMatch(/give one of them/);
    expect(refused('validate', '--against', 'x.csv', '--dish', 'Wien')).toMatch(
      /latitude,longitude/,
    );
  });
});
