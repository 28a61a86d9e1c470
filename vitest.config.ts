import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { sharedPath } from './src/store/sharedData.ts';

/**
 * Tests that read real catalogues need the data folder beside the repository (or BEAMKEEPER_SHARED).
 * Without it they are left out, by name; where BEAMKEEPER_REQUIRE_SHARED=1 promises it, they must run.
 */
function testsWithoutData(): string[] {
  if (existsSync(sharedPath('data')) || process.env['BEAMKEEPER_REQUIRE_SHARED'] === '1') return [];
  const files = ['src', 'acceptance'].flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.test.ts'))
      .map(name => `${folder}/${name}`),
  );
  const left = files.filter(file => readFileSync(file, 'utf8').includes('sharedPath('));
  console.warn(
    `No data at ${sharedPath('data')} (BEAMKEEPER_SHARED): ${left.length} test files need real catalogues and are left out:\n  ${left.join('\n  ')}\n`,
  );
  return left;
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'acceptance/**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', ...testsWithoutData()],
    setupFiles: ['vitest.setup.ts'],
    // The default leaves a core idle, which is half of a machine of two.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
