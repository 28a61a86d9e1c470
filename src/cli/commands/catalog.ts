import { Command } from 'commander';
import {
  altitudeKmOf,
  BeamkeeperError,
  catalogueCheck,
  constellationCode,
  formatInstant,
  type Instant,
  recoverShells,
  type Shell,
} from '../../orbits/index.ts';
import { type Fleet, loadFleet } from '../../runs/fleet.ts';
import { decimal, plural, whole } from '../../runs/numbers.ts';
import { builtInFleetNames } from '../../store/builtInFleets.ts';
import { print, printJson } from '../output.ts';
import { textTable } from '../textTable.ts';
import { parseAt } from '../worldOptions.ts';

const LISTED = 20;
const HISTOGRAM_ROWS = 12;

interface CatalogOptions {
  readonly constellation?: string;
  readonly at?: Instant;
  readonly json?: boolean;
}

export function catalogCommand(): Command {
  const command = new Command('catalog').description(
    'What a catalogue of element sets holds: TLE, 3LE, OMM (JSON, XML, KVN, CSV), gzip too.',
  );
  const addVerb = (
    name: string,
    description: string,
    example: string,
    act: (fleet: Fleet, options: CatalogOptions) => void,
  ): void => {
    command.addCommand(
      new Command(name)
        .description(description)
        .argument('[file...]', 'catalogue files')
        .option('--constellation <name>', 'a built-in fleet or a design instead of files')
        .option(
          '--at <instant>',
          'for which instant, UTC (default: the middle epoch of the element sets)',
          parseAt,
        )
        .option('--json', 'the answer as JSON on standard output')
        .addHelpText('after', `\nExample:\n  $ beamkeeper catalog ${example}`)
        .action(async (files: string[], options: CatalogOptions) => {
          if (files.length === 0 && options.constellation === undefined) {
            throw new BeamkeeperError(
              'CATALOG_MISSING',
              `catalog ${name}: no catalogue is given; name a file, or --constellation with a built-in fleet (beamkeeper catalog list)`,
            );
          }
          act(
            await loadFleet({
              catalogues: files,
              constellation: options.constellation,
              at: options.at,
            }),
            options,
          );
        }),
    );
  };
  addVerb(
    'info',
    'How many satellites, how old, of what kind, where they fly.',
    'info starlink.3le.gz',
    info,
  );
  addVerb(
    'shells',
    'The shells in it: planes, slots, phasing.',
    'shells starlink.3le.gz --json',
    shells,
  );
  addVerb(
    'check',
    'Every record that was skipped or is doubtful; exits 2 if one was skipped.',
    'check old.tle',
    check,
  );
  command.addCommand(
    new Command('list')
      .description('The fleets that come with Beamkeeper, for --constellation.')
      .action(async () => print((await builtInFleetNames()).join('\n'))),
  );
  return command.addHelpText(
    'after',
    `
Examples:
  $ beamkeeper catalog info starlink.3le.gz
  $ beamkeeper catalog shells --constellation starlink-2026-08
  $ beamkeeper catalog check old.tle`,
  );
}

function info(fleet: Fleet, options: CatalogOptions): void {
  const { summary } = fleet;
  const orbits = orbitCounts(fleet);
  if (options.json) {
    printJson({
      command: 'catalog info',
      ...summary,
      operator: fleet.operator,
      orbits,
      warnings: fleet.warnings,
    });
    return;
  }
  const { epochs } = summary;
  print(
    [
      `${plural(summary.satellites, 'satellite')} from ${summary.sources.join(', ')}`,
      epochs
        ? `epochs ${epochs.oldest} to ${epochs.newest}, middle ${epochs.median}`
        : 'a design: no epochs',
      `${plural(summary.rejected, 'record')} skipped, ${plural(summary.duplicates, 'duplicate')}`,
      '',
      ...textTable(
        [{ heading: 'generation' }, { heading: 'satellites', align: 'right' }],
        Object.entries(summary.generations).map(([name, count]) => [name, whole(count)]),
      ),
      '',
      ...textTable(
        [
          { heading: 'inclination', align: 'right' },
          { heading: 'altitude km', align: 'right' },
          { heading: 'satellites', align: 'right' },
        ],
        orbits
          .slice(0, HISTOGRAM_ROWS)
          .map(o => [`${o.inclinationDeg}°`, whole(o.altitudeKm), whole(o.satellites)]),
      ),
      ...(orbits.length > HISTOGRAM_ROWS
        ? [`… and ${orbits.length - HISTOGRAM_ROWS} more groups (--json)`]
        : []),
      ...fleet.warnings.map(warning => `! ${warning}`),
    ].join('\n'),
  );
}

/** Satellites by whole degrees of inclination and tens of km of altitude, most first. */
function orbitCounts(
  fleet: Fleet,
): { inclinationDeg: number; altitudeKm: number; satellites: number }[] {
  const counts = new Map<
    string,
    { inclinationDeg: number; altitudeKm: number; satellites: number }
  >();
  for (const record of fleet.records) {
    const inclinationDeg = Math.round(record.inclinationDeg);
    const altitudeKm = Math.round(altitudeKmOf(record.meanMotion) / 10) * 10;
    const key = `${inclinationDeg}/${altitudeKm}`;
    const row = counts.get(key) ?? { inclinationDeg, altitudeKm, satellites: 0 };
    row.satellites++;
    counts.set(key, row);
  }
  return [...counts.values()].sort((a, b) => b.satellites - a.satellites);
}

function shells(fleet: Fleet, options: CatalogOptions): void {
  const found = recoverShells(fleet.records);
  const inShells = found.reduce((sum, shell) => sum + shell.satelliteCount, 0);
  if (options.json) {
    printJson({
      command: 'catalog shells',
      ...fleet.summary,
      inShells,
      shells: found.map(({ members: _, ...shell }) => ({ ...shell, design: designOf(shell) })),
      warnings: fleet.warnings,
    });
    return;
  }
  print(
    [
      `${plural(found.length, 'shell')} with ${whole(inShells)} of ${plural(fleet.summary.satellites, 'satellite')}`,
      '',
      ...textTable(
        [
          { heading: 'inclination', align: 'right' },
          { heading: 'altitude km', align: 'right' },
          { heading: 'satellites', align: 'right' },
          { heading: 'planes', align: 'right' },
          { heading: 'slots', align: 'right' },
          { heading: 'F', align: 'right' },
          { heading: 'coherence', align: 'right' },
          { heading: 'design' },
        ],
        found.map(shell => [
          `${decimal(shell.inclinationDeg, 2)}°`,
          decimal(shell.altitudeKm, 1),
          whole(shell.satelliteCount),
          String(shell.planeCount),
          shell.pattern ? String(shell.pattern.slotCount) : '–',
          shell.pattern ? String(shell.pattern.phasing) : '–',
          decimal(shell.pattern?.coherence ?? shell.bestCoherence, 2),
          designOf(shell) ?? 'no stable pattern (in flux)',
        ]),
      ),
      ...fleet.warnings.map(warning => `! ${warning}`),
    ].join('\n'),
  );
}

function designOf(shell: Pick<Shell, 'pattern' | 'altitudeKm' | 'inclinationDeg'>): string | null {
  const { pattern } = shell;
  if (pattern === null) return null;
  return constellationCode([
    {
      pattern: 'delta',
      altitudeKm: Math.round(shell.altitudeKm),
      inclinationDeg: Number(shell.inclinationDeg.toFixed(1)),
      satelliteCount: pattern.planeCount * pattern.slotCount,
      planeCount: pattern.planeCount,
      phasing: pattern.phasing,
      meanAnomalyDeg: 0,
    },
  ]);
}

function check(fleet: Fleet, options: CatalogOptions): void {
  const { records, rejected, recordWarnings, at } = fleet;
  if (rejected.length > 0) process.exitCode = 2;
  const found = catalogueCheck({ records, rejected, warnings: recordWarnings }, at);
  const decayed = found.decayed.map(set => set.name || String(set.catalogId));
  if (options.json) {
    printJson({
      command: 'catalog check',
      ...fleet.summary,
      at: formatInstant(at),
      rejected,
      recordWarnings: found.warnings,
      rejectedByCode: found.rejectedByCode,
      warningsByCode: found.warningsByCode,
      decayed,
      warnings: fleet.warnings,
    });
    return;
  }
  const messages = found.warnings.map(warning => warning.message);
  print(
    [
      `${plural(found.satelliteCount, 'satellite')} good, ${plural(rejected.length, 'record')} skipped, ${plural(messages.length, 'warning')}, at ${formatInstant(at)}`,
      ...Object.entries({ ...found.rejectedByCode, ...found.warningsByCode }).map(
        ([code, count]) => `  ${code}: ${whole(count)}`,
      ),
      ...rejected.slice(0, LISTED).map(r => `skipped  ${r.message}`),
      ...messages.slice(0, LISTED).map(message => `warning  ${message}`),
      ...(decayed.length > 0
        ? [
            `no position at that instant (decayed): ${plural(decayed.length, 'satellite')}: ${decayed.slice(0, LISTED).join(', ')}`,
          ]
        : []),
      ...(Math.max(rejected.length, messages.length, decayed.length) > LISTED
        ? ['… (--json lists all)']
        : []),
      ...fleet.warnings.map(warning => `! ${warning}`),
    ].join('\n'),
  );
}
