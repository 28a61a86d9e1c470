/**
 * Which folder of `src/` may import which: downwards in the order of the data flow, never back.
 * `npm run check` turns this table into lint rules (biome.json, written by this script) and
 * fails when the two disagree.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  orbits: [],
  earth: ['orbits'],
  sky: ['orbits', 'earth'],
  network: ['orbits', 'earth', 'sky'],
  service: ['orbits', 'earth', 'sky', 'network'],
  whatif: ['orbits', 'earth', 'sky', 'network', 'service'],
  launch: ['orbits', 'earth'],
  dependence: ['orbits', 'earth', 'sky', 'network', 'service', 'whatif', 'launch'],
  tlog: [],
  control: ['orbits', 'earth', 'service', 'whatif', 'tlog'],
  admission: ['orbits', 'earth', 'service', 'tlog', 'control'],
  store: ['orbits', 'earth', 'sky', 'network', 'service', 'whatif', 'tlog', 'control', 'admission'],
  runs: [
    'orbits',
    'earth',
    'sky',
    'network',
    'service',
    'whatif',
    'launch',
    'dependence',
    'tlog',
    'control',
    'admission',
    'store',
  ],
  server: [
    'orbits',
    'earth',
    'sky',
    'network',
    'service',
    'whatif',
    'tlog',
    'control',
    'runs',
    'store',
  ],
};
/** Folders that also run in a browser: no `node:` module. */
const PURE = [
  'orbits',
  'earth',
  'sky',
  'network',
  'service',
  'whatif',
  'launch',
  'dependence',
  'tlog',
  'control',
  'admission',
];
const EVERY = [...Object.keys(ALLOWED), 'cli'];

const overrides = Object.entries(ALLOWED).map(([folder, allowed]) => {
  const forbidden = EVERY.filter(other => other !== folder && !allowed.includes(other));
  const patterns = [
    {
      group: forbidden.flatMap(other => [`../${other}/**`, `../../${other}/**`]),
      message: `src/${folder} may import only: ${allowed.join(', ') || 'its own files'}.`,
    },
  ];
  if (PURE.includes(folder)) {
    patterns.push({
      group: ['node:*', 'node:*/**'],
      message: `src/${folder} is pure: disk, clock, randomness and crypto are handed in.`,
    });
  }
  return {
    includes: [`src/${folder}/**/*.ts`, '!**/*.test.ts'],
    linter: {
      rules: {
        style: { noRestrictedImports: { level: 'error', options: { patterns } } },
      },
    },
  };
});

const path = new URL('../biome.json', import.meta.url);
const config = JSON.parse(readFileSync(path, 'utf8'));
const isCurrent = JSON.stringify(config.overrides) === JSON.stringify(overrides);
if (process.argv.includes('--write')) {
  writeFileSync(path, `${JSON.stringify({ ...config, overrides }, null, 2)}\n`);
} else if (!isCurrent) {
  console.error(
    'biome.json: import rules differ from scripts/boundaries.ts; run npm run boundaries',
  );
  process.exit(1);
}
