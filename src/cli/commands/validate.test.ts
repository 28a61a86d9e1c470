import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compare, runValidation } from '../../runs/validation/index.ts';
import { validationText } from '../validationText.ts';
import { validationExitCode } from './validate.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const NOWHERE = join(tmpdir(), 'beamkeeper-no-shared-data');

function validate(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, 'validate', ...args], {
    encoding: 'utf8',
    env: { ...process.env, BEAMKEEPER_SHARED: NOWHERE },
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test('a fresh clone prints every result, says what it has no data for, and exits 0', () => {
  const { code, out, err } = validate();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (let k = 1; k <= 17; k++) expect(out).toMatch(new RegExp(`^ {2}N${k} {2}\\S`, 'm'));
  expect(out).toMatch(/^ {2}hypatia-rows {2}/m);
  expect(out).toContain('data not here: vectors/itu-p618');
  expect(out).toMatch(/– {2}chosen from 45° up .* skipped/);
  expect(out).not.toContain('✗');
  expect(out).toMatch(/\d+ figures of \d+ published results, \d+ met, 0 not met, \d+ skipped/);
});

test('the JSON has a row for each figure: what, published, ours, difference, tolerance, passed', () => {
  const { code, out } = validate('--only', 'N4', 'n16', '--json');
  expect(code).toBe(0);
  const answer = JSON.parse(out);
  expect(answer).toMatchObject({
    command: 'validate',
    passedCount: 3,
    failedCount: 0,
    skippedCount: 6,
    isPassed: true,
  });
  expect(answer.results.map((result: { id: string }) => result.id)).toEqual(['N4', 'N16']);
  expect(answer.results[0]).toMatchObject({
    title: expect.any(String),
    source: expect.stringContaining('SAT-MOD-20200417-00037'),
    conditions: expect.any(String),
  });
  const [first] = answer.results[0].rows;
  expect(first).toMatchObject({
    what: '550 km, above 25°',
    unit: 'km',
    published: 940.7,
    isPassed: true,
    isSkipped: false,
  });
  expect(Math.abs(first.ours - 940.7 - first.difference)).toBeLessThan(1e-9);
  expect(first.tolerance).toBeCloseTo(0.94, 2);
  expect(answer.results[1].rows[0]).toMatchObject({ ours: null, isPassed: false, isSkipped: true });
});

test('an unknown id is refused in one line with the nearest', () => {
  const { code, out, err } = validate('--only', 'N99x');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(
    /^beamkeeper: --only "N99x" is no published result; give O1, .*; did you mean N\d\?$/m,
  );
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('a figure that is not met is shown, with the conditions, and the exit code is 1', async () => {
  const figure = { what: 'speed of light', unit: 'km/s', published: 300000, tolerance: 100 };
  const validation = await runValidation({
    results: [
      {
        id: 'X1',
        title: 'Light',
        source: 'a wrong book',
        conditions: 'in vacuum',
        rows: async () => [compare(figure, 299792.458)],
      },
    ],
  });
  expect(validationExitCode(validation)).toBe(1);
  const text = validationText(validation, 0);
  expect(text).toMatch(/✗ {2}speed of light +300,000 +299,792 +−208 +±100 {2}km\/s/);
  expect(text).toContain('✗ X1, speed of light: not met under these conditions: in vacuum');
  expect(text).toContain('0 met, 1 not met');
});
