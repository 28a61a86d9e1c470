import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** ISS, the example of the TLE article of Wikipedia; checksums as published. */
const ISS_1 = '1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927';
const ISS_2 = '2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537';
/** Object 28872 of the AIAA 2006-6753 verification set: decays within the hour. */
const DECAYING = `1 28872U 05037B   05333.02012661  .25992681  00000-0  24476-3 0  1534
2 28872  96.4736 157.9986 0303955 244.0492 110.6523 16.46015938 10708`;
/** Small and quick: 72 satellites, the coarsest cells, one minute, nothing but the territory. */
const SMALL = ['--constellation', '53:72/6/1@1200', '--resolution', '3', '--for', '1m'];

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function beamkeeper(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd: folder });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Refused: exit code 2, nothing on stdout, one or two lines on stderr, no stack. */
function refused(...args: string[]): string {
  const { code, out, err } = beamkeeper(...args);
  expect({ code, out }, err).toEqual({ code: 2, out: '' });
  const lines = err.trim().split('\n');
  expect(lines.length, err).toBeLessThanOrEqual(2);
  expect(err).not.toMatch(/\n\s+at /);
  expect(lines[0]).toMatch(/^beamkeeper: /);
  return err;
}

const passes = (path: string, at: string): string[] => [
  'passes',
  '0,0',
  '--catalog',
  path,
  '--at',
  at,
  '--for',
  '1m',
];

describe('catalogues that are wrong', () => {
  const good = `${ISS_1}\n${ISS_2}\n`;

  test('a truncated one loads as far as it is whole, with a count', () => {
    const path = file('cut.tle', `${good}${ISS_1}\n${ISS_2.slice(0, 30)}`);
    const { code, out } = beamkeeper('catalog', 'info', path);
    expect(code).toBe(0);
    expect(out).toContain('1 satellite from');
    expect(out).toContain('1 record skipped');
  });

  test('a truncated gzip file is refused', () => {
    const whole = gzipSync(good.repeat(50));
    const path = file('cut.tle.gz', whole.subarray(0, whole.length - 40));
    expect(refused('catalog', 'info', path)).toMatch(/damaged|cut short/);
  });

  test('a wrong checksum is named with its line; check exits 2', () => {
    const bad = file('sum.tle', `${good}${ISS_1.slice(0, -1)}3\n${ISS_2}\n`);
    const { code, out } = beamkeeper('catalog', 'check', bad);
    expect(code).toBe(2);
    expect(out).toContain('TLE_CHECKSUM: 1');
    expect(out).toMatch(/sum\.tle:3\b/);
  });

  test('nothing but bad records is refused with the first reason', () => {
    const bad = file('all-bad.tle', `${ISS_1.slice(0, -1)}3\n${ISS_2}\n`);
    expect(refused('catalog', 'info', bad)).toMatch(/checksum/i);
  });

  test('duplicate ids are counted once', () => {
    const { out } = beamkeeper('catalog', 'info', file('twice.tle', good + good));
    expect(out).toContain('1 satellite from');
    expect(out).toContain('1 duplicate');
  });

  test('nothing but decayed objects is refused', () => {
    const path = file('decayed.tle', DECAYING);
    expect(
      refused(
        'whatif',
        '--off',
        'TWN',
        '--catalog',
        path,
        '--at',
        '2005-12-03',
        '--resolution',
        '3',
      ),
    ).toContain('decayed');
  });

  test('a decayed object among others is skipped with a count, and no number is missing', () => {
    const path = file('mixed.tle', `${good}${DECAYING}\n`);
    const { code, out } = beamkeeper(
      ...['coverage', 'Quito', '--catalog', path, '--at', '2005-12-03', '--resolution', '3'],
      ...['--for', '15s', '--json'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(out).warnings.join()).toMatch(/1 of 2 satellites have no position/);
    expect(out).not.toMatch(/NaN|Infinity/);
  });

  test('a missing BSTAR rejects the record, not the file', () => {
    const omm = (extra: Record<string, unknown>): Record<string, unknown> => ({
      OBJECT_NAME: 'ISS',
      OBJECT_ID: '1998-067A',
      EPOCH: '2008-09-20T12:25:40.104192',
      MEAN_MOTION: 15.72125391,
      ECCENTRICITY: 0.0006703,
      INCLINATION: 51.6416,
      RA_OF_ASC_NODE: 247.4627,
      ARG_OF_PERICENTER: 130.536,
      MEAN_ANOMALY: 325.0288,
      ...extra,
    });
    const path = file(
      'omm.json',
      JSON.stringify([
        omm({ NORAD_CAT_ID: 25544, BSTAR: -1.1606e-5 }),
        omm({ NORAD_CAT_ID: 25545 }),
      ]),
    );
    const { out } = beamkeeper('catalog', 'check', path, '--json');
    const { satellites, rejected } = JSON.parse(out);
    expect({ satellites, rejected: rejected.length }).toEqual({ satellites: 1, rejected: 1 });
    expect(rejected[0].message).toContain('BSTAR');
  });

  test('an epoch 90 days away is used with a warning that says its age', () => {
    const { code, out } = beamkeeper(...passes(file('iss.tle', good), '2008-12-19T12:25:40Z'));
    expect(code).toBe(0);
    expect(out).toMatch(/90\.0 days/);
  });

  test.each([
    ['an empty file', '', /is empty/],
    ['a web page', '<!DOCTYPE html><html><body>503</body></html>', /web page/],
    ['some prose', 'There are no satellites here.\n'.repeat(99), /not a catalogue/],
  ])('%s is refused', (name, content, reason) => {
    expect(refused('catalog', 'info', file(`${name}.txt`, content))).toMatch(reason);
  });

  test('5 GB of garbage is refused without being read', () => {
    const zeros = file('zeros.bin', '');
    truncateSync(zeros, 5e9);
    expect(refused('catalog', 'info', zeros)).toMatch(/not a catalogue/);
    const looksRight = file('huge.tle', good);
    truncateSync(looksRight, 5e9);
    expect(refused('catalog', 'info', looksRight)).toMatch(/not a catalogue|5,000 MB/);
    rmSync(zeros);
    rmSync(looksRight);
  });

  test('a missing file and a folder are named', () => {
    expect(refused('catalog', 'info', 'nowhere.tle')).toContain(
      'nowhere.tle: there is no such file',
    );
    expect(refused('catalog', 'info', folder)).toContain('is a folder');
  });
});

describe('questions that are wrong', () => {
  test.each([
    ['an unknown territory suggests names', ['whatif', '--off', 'Tiawan'], /Taiwan/],
    ['a place that is neither', ['coverage', 'Xyzzyville'], /no territory and no town/],
    ['--at that is no date', ['whatif', '--off', 'TWN', '--at', 'tomorrow'], /--at "tomorrow"/],
    ['--at on 30 February', ['whatif', '--off', 'TWN', '--at', '2026-02-30'], /2026-02-30/],
    ['resolution 9', ['whatif', '--off', 'TWN', '--resolution', '9'], /give 3, 4 or 5/],
    ['an unknown flag suggests one', ['whatif', '--of', 'TWN'], /Did you mean --off/],
    ['an unknown command suggests one', ['watif'], /Did you mean whatif/],
    ['an unknown edge rule', ['whatif', '--off', 'TWN', '--edge', 'center'], /did you mean centre/],
    ['a step between slots', ['whatif', '--off', 'TWN', '--step', '20s'], /multiple/],
    ['no length of time', ['whatif', '--off', 'TWN', '--for', 'long'], /--for "long"/],
    ['a question without a change', ['whatif'], /--off TERRITORY/],
    [
      'an unknown fleet',
      ['whatif', '--off', 'TWN', '--constellation', 'starlnk'],
      /starlink-2026-08/,
    ],
    [
      'a design that does not divide',
      ['whatif', '--off', 'TWN', '--constellation', '53:100/7/1@550'],
      /7/,
    ],
    ['an unknown view', ['whatif', '--off', 'TWN', '--view', 'mars'], /point of view/],
    ['a restriction without a rate', ['whatif', '--restrict', 'TWN'], /TERRITORY=RATE/],
    [
      'a people file that is none',
      ['whatif', '--off', 'TWN', '--people', 'none.csv'],
      /no such file/,
    ],
    [
      'a report into no folder',
      ['whatif', '--off', 'TWN', '--html', 'no/such/r.html'],
      /no such folder/,
    ],
    ['latitude 95', ['passes', '95,10'], /95,10/],
    ['latitude -95', ['passes', '-95,10'], /-95,10/],
    [
      'a step longer than the run',
      ['whatif', '--off', 'TWN', '--step', '5m', '--for', '1m'],
      /--step 300 s/,
    ],
    ['a seed with a fraction', ['whatif', '--off', 'TWN', '--seed', '1.5'], /no whole number/],
    ['a restriction without end', ['whatif', '--restrict', 'TWN=Infinity'], /TERRITORY=RATE/],
    ['a restriction to nothing', ['whatif', '--restrict', 'TWN=0kmh'], /TERRITORY=RATE/],
    ['several classes', ['whatif', '--off', 'TWN', '--terminals', 'roam,fixed'], /one class/],
    ['gateways of an area', ['whatif', '--no-gateways', 'CRIMEA'], /CRIMEA: is a disputed area/],
    ['no catalogue to look at', ['catalog', 'info'], /no catalogue is given/],
    ['no catalogue to check', ['catalog', 'check'], /no catalogue is given/],
    ['a device as a report', ['whatif', '--off', 'TWN', '--html', '/dev/null'], /no regular file/],
    [
      'two results in one file',
      ['whatif', '--off', 'TWN', '--csv', 'a.txt', '--geojson', './a.txt'],
      /a\.txt: is written in the same command/,
    ],
  ])('%s', (_, args, reason) => {
    expect(refused(...args)).toMatch(reason);
  });

  test('a result never overwrites what it is made from', () => {
    const good = `${ISS_1}\n${ISS_2}\n`;
    const path = file('input.tle', good);
    expect(refused('passes', '0,0', '--catalog', path, '--csv', path)).toMatch(
      /input\.tle: is read/,
    );
    const zone = file('zone-in.geojson', '{}');
    expect(refused('whatif', '--off', zone, '--geojson', zone)).toMatch(/zone-in.*is read/);
    expect(refused('whatif', '--off', 'TWN', '--people', path, '--csv', path)).toMatch(/is read/);
    expect(readFileSync(path, 'utf8')).toBe(good);
  });

  test('a polygon that crosses itself is refused and says where', () => {
    const bowTie = {
      type: 'Polygon',
      coordinates: [
        [
          [120, 22],
          [122, 24],
          [122, 22],
          [120, 24],
          [120, 22],
        ],
      ],
    };
    const path = file('bow.geojson', JSON.stringify(bowTie));
    expect(refused('whatif', '--off', path, ...SMALL)).toMatch(/cross/);
  });

  test('a polygon smaller than the gaps between samples still has its cell, and its share of people', () => {
    const ring = [
      [121.55, 25.03],
      [121.555, 25.03],
      [121.555, 25.035],
      [121.55, 25.035],
      [121.55, 25.03],
    ];
    const path = file('block.geojson', JSON.stringify({ type: 'Polygon', coordinates: [ring] }));
    const { code, out } = beamkeeper(
      ...['whatif', '--off', path, '--constellation', '53:72/6/1@1200', '--for', '15s'],
      ...['--edge', 'covering', '--json'],
    );
    expect(code).toBe(0);
    const { inside } = JSON.parse(out);
    expect(inside.cells).toBe(1);
    // 0.28 km² of a district with 20 to 30 thousand people a km² in a cell of some 250 km².
    expect(inside.people).toBeGreaterThan(1000);
    expect(inside.people).toBeLessThan(10_000);
  });

  test.each([
    [
      'over the antimeridian',
      [
        [176, -20],
        [-178, -20],
        [-178, -15],
        [176, -15],
        [176, -20],
      ],
    ],
    [
      'over a pole',
      [
        [-180, 64],
        [180, 64],
        [180, 90],
        [-180, 90],
        [-180, 64],
      ],
    ],
  ])('a polygon %s gives numbers', (name, ring) => {
    const path = file(`${name}.geojson`, JSON.stringify({ type: 'Polygon', coordinates: [ring] }));
    const { code, out, err } = beamkeeper(
      'whatif',
      '--off',
      path,
      ...SMALL,
      '--reach',
      '0',
      '--json',
    );
    expect(code, err).toBe(0);
    const { inside } = JSON.parse(out);
    expect(inside.cells).toBeGreaterThan(0);
    expect(inside.people).toBeGreaterThan(1000);
    expect(out).not.toMatch(/NaN|Infinity/);
  });

  test('--json gives the error as JSON', () => {
    const { code, err } = beamkeeper('whatif', '--off', 'Tiawan', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(err).error.code).toBe('TERRITORY_UNKNOWN');
  });
});

describe('a what-if', () => {
  test('names its satellites, policy, time, people and every assumption', () => {
    const { out } = beamkeeper('whatif', '--off', 'TWN', ...SMALL, '--json');
    const result = JSON.parse(out);
    expect(result.catalog.satellites).toBe(72);
    expect(result.policy).toMatchObject({ edge: 'centre', view: 'de-facto', off: ['TWN'] });
    expect(result).toMatchObject({ at: '2026-08-22T12:00:12Z', forS: 60, slotCount: 4, seed: 1 });
    expect(result.people.source).toMatch(/GeoNames|Kontur/);
    expect(result.before.servedPeople - result.after.servedPeople).toBeCloseTo(
      result.inside.peopleLosing +
        result.outside.peopleLosingByEdge +
        result.outside.peopleLosingByCapacity +
        result.outside.peopleLosingByGateways -
        result.outside.peopleGaining,
      0,
    );
    expect(Object.keys(result.parameters)).toContain('gsoAngleDeg');
    expect(result.cells).toBeUndefined();
  });

  test('is the same each time, to the byte', () => {
    const run = (): string =>
      beamkeeper('whatif', '--off', 'TWN', ...SMALL, '--json', '--cells').out;
    expect(run()).toBe(run());
  });

  test('writes table, map and report under their names only', () => {
    const { code, out } = beamkeeper(
      ...['whatif', '--off', 'FJI', ...SMALL, '--reach', '900'],
      ...['--csv', 'out.csv', '--geojson', 'out.geojson', '--html', 'out.html'],
    );
    expect(code).toBe(0);
    expect(out).toContain('Wrote out.html');
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toMatch(/^h3,latDeg,lonDeg,/);
    const { features } = JSON.parse(readFileSync(join(folder, 'out.geojson'), 'utf8'));
    // Fiji lies across the antimeridian: no polygon may span the map.
    for (const { geometry } of features) {
      const lons = geometry.coordinates[0].map((point: number[]) => point[0]);
      expect(Math.max(...lons) - Math.min(...lons)).toBeLessThan(20);
    }
    expect(readFileSync(join(folder, 'out.html'), 'utf8')).toContain('withheld over Fiji');
    expect(readdirSync(folder).filter(name => name.endsWith('.partial'))).toEqual([]);
  });

  test('denying gateways takes the flag that looks like a negation', () => {
    const { out } = beamkeeper('whatif', '--no-gateways', 'Japan', ...SMALL, '--json');
    const result = JSON.parse(out);
    expect(result.policy.deniedGatewayCountries).toEqual(['JPN']);
    expect(result.policy.rules).toEqual(['gateways in JPN denied']);
  });

  test('for one class of terminals says so in the first line and on the report', () => {
    const { out } = beamkeeper(
      ...['whatif', '--restrict', 'TWN=50kmh', '--terminals', 'roam', ...SMALL, '--reach', '0'],
      ...['--html', 'roam.html'],
    );
    expect(out).toMatch(/^TWN restricted to 50 km\/h \(centre, roam terminals only\) for/);
    expect(readFileSync(join(folder, 'roam.html'), 'utf8')).toMatch(
      /<title>[^<]*roam terminals[^<]*<\/title>/,
    );
    // Who is on the move faster than that is without service; who lives there is not.
    const losing = (...more: string[]): number =>
      JSON.parse(beamkeeper('whatif', '--restrict', 'TWN=50kmh', ...more, ...SMALL, '--json').out)
        .inside.peopleLosing;
    expect(losing()).toBe(0);
    expect(losing('--terminals', 'roam')).toBeGreaterThan(0);
  });

  test('a restriction says who keeps service within it, and where the capacity goes', () => {
    const { out } = beamkeeper(
      ...['whatif', '--restrict', 'TWN=1', ...SMALL, '--html', 'restricted.html'],
    );
    expect(out).toMatch(/inside, restricted +[1-9]/);
    expect(out).toMatch(/^Capacity: .* freed .* lost by others, .* more for others\.$/m);
    const report = readFileSync(join(folder, 'restricted.html'), 'utf8');
    expect(report).toContain('inside, restricted');
    expect(report).toContain('lost by other cells');
    expect(report).toContain('pattern-gained');
  });

  test('Ctrl-C in the middle ends it with 130 and leaves nothing behind', async () => {
    const child = spawn(
      process.execPath,
      [MAIN, 'whatif', '--off', 'TWN', '--for', '30d', '--html', 'stopped.html'],
      {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, BEAMKEEPER_PROGRESS: '1' },
      },
    );
    child.stderr.on('data', text => {
      if (String(text).includes(' left')) child.kill('SIGINT');
    });
    expect(await new Promise(resolve => child.on('exit', resolve))).toBe(130);
    expect(readdirSync(folder).filter(name => name.startsWith('stopped'))).toEqual([]);
  });

  test('a reader that goes away is no failure', () => {
    const command = `"${process.execPath}" "${MAIN}" territory list | head -n 1`;
    const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

describe('points south of the equator', () => {
  const design = ['--constellation', '53:72/6/1@1200'];

  test.each([
    ['first', ['passes', '-33.87,151.21', ...design, '--for', '10m']],
    ['last', ['passes', ...design, '--for', '10m', '-33.87,151.21']],
    ['of coverage', ['coverage', '-33.9,18.4', ...SMALL, '--reach', '0']],
  ])('are places, not options: %s', (_, args) => {
    const { code, out, err } = beamkeeper(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^-33\.\d+°, \d+\.\d+°: /);
  });

  test('passes over midnight have dates, passes of an hour have none', () => {
    const rises = (time: string): string =>
      beamkeeper('passes', '-33.87,151.21', ...design, '--for', time, '--limit', '1000').out;
    expect(rises('1d')).toMatch(/ 2026-08-23 \d\d:/);
    expect(rises('1h')).not.toMatch(/ 2026-08-2\d \d\d:/);
  });
});

const LAUNCHER = fileURLToPath(new URL('../../bin/beamkeeper.js', import.meta.url));
const isBuilt = existsSync(fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)));

test.runIf(isBuilt)('the launcher passes arguments and exit codes through', () => {
  const run = (...args: string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8' });
  expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run('whatif', '--off', 'Tiawan').status).toBe(2);
});

test('every command has help with an example', () => {
  for (const command of [
    'start',
    'whatif',
    'coverage',
    'route',
    'latency',
    'gateways',
    'validate',
    'passes',
    'catalog',
    'territory',
    'bench',
  ]) {
    const { code, out } = beamkeeper(command, '--help');
    expect(code).toBe(0);
    // Without a `$`: it serves until it is stopped.
    expect(out, command).toMatch(/Examples?:\n {2}(\$ )?beamkeeper/);
  }
});
