import { Command, Option } from 'commander';
import { CELL_RESOLUTIONS } from '../../earth/index.ts';
import { LASER_TOPOLOGIES } from '../../network/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { calibrateLatency } from '../../runs/latencyCalibration.ts';
import { type LatencyPlace, runLatency } from '../../runs/latencyRun.ts';
import { SCORE_GRID } from '../../runs/latencyScore.ts';
import { loadGround } from '../../runs/loadWorld.ts';
import { readPlaces } from '../../runs/measuredLatency.ts';
import { findPlace } from '../../runs/places.ts';
import { cellsCsv } from '../cellFiles.ts';
import { placeOrPoint } from '../findPoint.ts';
import { calibrationText, latencyJson, latencyRows, latencyText } from '../latencyOutput.ts';
import { numberWithin, oneOf, wholeNumberWithin } from '../optionValues.ts';
import { checkOutputs, print, printJson, writeOutputs } from '../output.ts';
import { createProgressLine } from '../progressLine.ts';
import { addFleetOptions, type FleetOptions, OUTPUT, type OutputOptions } from '../worldOptions.ts';

interface LatencyOptions extends FleetOptions, OutputOptions {
  readonly slots: number;
  readonly resolution: string;
  readonly people: string;
  readonly view?: string;
  readonly seed: number;
  readonly mask?: number;
  readonly gsoAngle?: number;
  readonly gatewayList?: string;
  readonly topology?: string;
  readonly shift?: number;
  readonly lasers: boolean;
  readonly calibrate?: string;
}

const MOST_SLOTS = 5760;

export function latencyCommand(): Command {
  const command = new Command('latency')
    .description('Round trips to the point of presence, and what they are made of.')
    .argument(
      '[places...]',
      'territories, towns, "lat,lon", GeoJSON files, or a .csv with a column of territories or with lat and lon',
    );
  addFleetOptions(command)
    .option(
      '--slots <n>',
      'slots looked at, spread over a day',
      wholeNumberWithin('--slots', 1, MOST_SLOTS),
      SCORE_GRID.slotCount,
    )
    .optionsGroup('Ground:')
    .addOption(
      new Option('--resolution <n>', 'H3 cells: 3, 4 or 5')
        .default(String(SCORE_GRID.resolution))
        .argParser(oneOf('--resolution', CELL_RESOLUTIONS.map(String), 'RESOLUTION')),
    )
    .option('--people <source>', 'cities, kontur, a file of h3,population, or auto', 'auto')
    .option('--view <view>', 'whose borders: de-facto, un, or a claimant such as UKR')
    .optionsGroup('Network:')
    .option(
      '--topology <name>',
      `lasers: ${LASER_TOPOLOGIES.map(({ name }) => name).join(', ')} (default: nearest, for operators that fly lasers)`,
    )
    .option(
      '--shift <n>',
      'cross-plane shift of plus-grid, slots',
      wholeNumberWithin('--shift', -10_000, 10_000),
    )
    .option('--no-lasers', 'bent pipes only')
    .option('--gateway-list <name>', 'starlink, oneweb, or a file (default: the operator’s own)')
    .optionsGroup('Assumed:')
    .option(
      '--seed <n>',
      'of the draw of satellites',
      wholeNumberWithin('--seed', 0, 2 ** 31 - 1),
      1,
    )
    .option(
      '--mask <degrees>',
      'lowest elevation of a user link (default: 25)',
      numberWithin('--mask', 0, 89, 'degrees'),
    )
    .option(
      '--gso-angle <degrees>',
      'smallest angle to the geostationary arc (default: by operator and date)',
      numberWithin('--gso-angle', 0, 90, 'degrees'),
    )
    .option(
      '--calibrate <file>',
      'fit the parameters on measured medians of territories instead (a minute or two)',
    )
    .optionsGroup(OUTPUT)
    .option('--json', 'the result as JSON on standard output')
    .option('--csv <file>', 'a row a place')
    .option('--quiet', 'no progress, no notes');
  return command
    .addHelpText(
      'after',
      `
Parameters are those of the operator and the year of --at; docs/fidelity.md tells how they were
fitted and how good they are. "validate --against FILE" scores them on what somebody measured.

Examples:
  $ beamkeeper latency KEN
  $ beamkeeper latency Kenya DEU "48.2,16.4" --at 2023-09-15T00:00:00Z --json
  $ beamkeeper latency Reykjavik --no-lasers --slots 8
  $ beamkeeper latency zone.geojson --constellation oneweb-2026-08
  $ beamkeeper latency places.csv --csv latency.csv`,
    )
    .action(latency);
}

async function latency(texts: readonly string[], options: LatencyOptions): Promise<void> {
  await checkOutputs(options, [...options.catalog, options.gatewayList, options.people, ...texts]);
  if (options.calibrate !== undefined) return calibrate(options.calibrate, texts, options);
  if (texts.length === 0) {
    throw new BeamkeeperError(
      'PLACE_MISSING',
      options.catalog.length > 0
        ? 'no place is given; put it before --catalog, which takes all names that follow it'
        : 'no place is given; name a territory, a town, "lat,lon" or a file',
    );
  }
  if (!options.lasers && (options.topology ?? 'none') !== 'none') {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `--no-lasers contradicts --topology ${options.topology}; leave one of them out`,
    );
  }
  const request = {
    catalogues: options.catalog,
    constellation: options.constellation,
    at: options.at,
    topology: options.lasers ? options.topology : 'none',
    crossPlaneShift: options.shift,
    gatewayList: options.gatewayList,
    maskDeg: options.mask,
    gsoAngleDeg: options.gsoAngle,
    seed: options.seed,
    people: options.people,
    view: options.view,
    resolution: Number(options.resolution),
    slotCount: options.slots,
  };
  const ground = await loadGround(request);
  const places: LatencyPlace[] = [];
  for (const text of texts) places.push(...(await placesOf(text, ground.territories)));
  const progress = createProgressLine('latency', options.quiet === true || options.json === true);
  const result = await runLatency(request, places, ground, progress.update).finally(progress.clear);
  const files = await writeOutputs(options, {
    csv: () => cellsCsv(latencyRows(result)),
    geojson: () => '',
    html: () => '',
  });
  if (options.json) printJson(latencyJson(result, files));
  else
    print([latencyText(result), ...Object.values(files).map(path => `Wrote ${path}`)].join('\n'));
}

async function placesOf(
  text: string,
  territories: Awaited<ReturnType<typeof loadGround>>['territories'],
): Promise<LatencyPlace[]> {
  if (/\.(csv|tsv)(\.gz)?$/i.test(text)) {
    const rows = await readPlaces(text);
    return Promise.all(
      rows.map(row => (row.kind === 'spot' ? row : findPlace(territories, row.text))),
    );
  }
  const found = await placeOrPoint(text, () => findPlace(territories, text));
  return ['latDeg' in found ? { kind: 'spot', ...found } : found];
}

async function calibrate(
  file: string,
  texts: readonly string[],
  options: LatencyOptions,
): Promise<void> {
  if (texts.length > 0 || options.catalog.length > 0 || options.constellation !== undefined) {
    throw new BeamkeeperError(
      'OPTION',
      '--calibrate takes its places from the file and the fleet of that time; leave out places, --catalog and --constellation',
    );
  }
  const progress = createProgressLine('trial', options.quiet === true || options.json === true);
  const calibration = await calibrateLatency(file, {
    at: options.at ?? undefined,
    onProgress: progress.update,
  }).finally(progress.clear);
  if (options.json) printJson({ command: 'latency --calibrate', ...calibration });
  else print(calibrationText(calibration));
}
