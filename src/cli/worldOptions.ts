import { type Command, Option } from 'commander';
import { CELL_RESOLUTIONS, type EdgeRule } from '../earth/index.ts';
import { BeamkeeperError, type Instant, parseInstant } from '../orbits/index.ts';
import type { WorldRequest } from '../runs/worldRequest.ts';
import { SLOT_S } from '../service/index.ts';
import { numberWithin, oneOf, wholeNumberWithin } from './optionValues.ts';
import { parseDuration } from './parseDuration.ts';

/**
 * How far around a territory cells are evaluated, km. A satellite serves out to 900 km from below
 * it, so cells this far still compete for the satellites of the territory's edge.
 */
export const DEFAULT_REACH_KM = 600;

export interface FleetOptions {
  readonly catalog: readonly string[];
  readonly constellation?: string;
  readonly at?: Instant;
}

export interface WorldOptions extends FleetOptions {
  readonly for: number;
  readonly step: number;
  readonly resolution: string;
  readonly people: string;
  readonly view?: string;
  readonly edge: EdgeRule;
  readonly reach: number;
  readonly seed: number;
  readonly mask?: number;
  readonly gsoAngle?: number;
  readonly rainFade?: number;
  readonly gatewayList?: string;
  readonly topology?: string;
  readonly shift?: number;
}

export interface OutputOptions {
  readonly json?: boolean;
  readonly csv?: string;
  readonly geojson?: string;
  readonly html?: string;
  readonly quiet?: boolean;
  readonly cells?: boolean;
}

const SATELLITES = 'Satellites:';
const TIME = 'Time:';
const GROUND = 'Ground:';
const ASSUMED = 'Assumed:';
export const OUTPUT = 'Output:';

/** Which satellites, and when. */
export function addFleetOptions(command: Command): Command {
  return command
    .optionsGroup(SATELLITES)
    .option(
      '--catalog <file...>',
      'element sets: TLE, 3LE, OMM as JSON, XML, KVN, CSV; gzip too',
      [],
    )
    .option(
      '--constellation <name>',
      'a built-in fleet (starlink-2026-08) or a design (53:1584/72/39@550)',
    )
    .optionsGroup(TIME)
    .option(
      '--at <instant>',
      'start, UTC, like 2026-08-22T12:00:12Z, or now (default: the middle epoch of the element sets)',
      parseAt,
    );
}

/** What every run over cells and slots takes. */
export function addWorldOptions(command: Command, defaultFor: string): Command {
  addFleetOptions(command)
    .option('--for <time>', `how long: 90s, 10m, 1h, 1d (default: ${defaultFor})`, parseFor)
    .option('--step <time>', 'one slot every so often, a multiple of 15s (default: 15s)', parseStep)
    .optionsGroup(GROUND)
    .addOption(
      new Option('--resolution <n>', 'H3 cells: 3 (12,400 km²), 4 (1,770 km²), 5 (253 km²)')
        .default('5')
        .argParser(oneOf('--resolution', CELL_RESOLUTIONS.map(String), 'RESOLUTION')),
    )
    .option(
      '--people <source>',
      'cities, kontur, a file of h3,population, or auto: kontur if built in, else cities',
      'auto',
    )
    .option('--view <view>', 'whose borders: de-facto, un, or a claimant such as UKR')
    .addOption(
      new Option('--edge <rule>', 'cells of a territory: strict (wholly inside), centre, covering')
        .default('centre')
        .argParser(oneOf('--edge', ['strict', 'centre', 'covering'] as const, 'EDGE')),
    )
    .option(
      '--reach <km>',
      'evaluate cells this far around',
      numberWithin('--reach', 0, 20_040, 'km'),
      DEFAULT_REACH_KM,
    )
    .optionsGroup(ASSUMED)
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
      '--rain-fade <dB>',
      'rain and clouds on every user link (default: clear sky)',
      numberWithin('--rain-fade', 0, 60, 'dB'),
    )
    .option('--gateway-list <name>', 'starlink, oneweb, or a file (default: the operator’s own)')
    .option(
      '--topology <name>',
      'laser links: nearest, plus-grid (designs only, with --shift), none … (default: nearest, for operators that fly lasers)',
    )
    .option(
      '--shift <n>',
      'cross-plane shift of plus-grid, slots',
      wholeNumberWithin('--shift', -10_000, 10_000),
    );
  return command;
}

/** Where the result goes. */
export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup(OUTPUT)
    .option('--json', 'the result as JSON on standard output')
    .option('--cells', 'every cell in the JSON too')
    .option('--csv <file>', 'a row a cell')
    .option('--geojson <file>', 'a polygon a cell')
    .option('--html <file>', 'a report: one file, opens offline')
    .option('--quiet', 'no progress, no notes');
}

/** What a run may read from files; some are names, not files. */
export function worldInputs(options: WorldOptions): (string | undefined)[] {
  return [...options.catalog, options.people, options.gatewayList];
}

export function worldRequestOf(
  options: WorldOptions,
  defaultFor: string,
): Omit<WorldRequest, 'terminal'> {
  const forS = options.for ?? parseFor(defaultFor);
  // A time shorter than a slot still is one slot.
  if ((options.step ?? SLOT_S) > Math.max(forS, SLOT_S)) {
    throw new BeamkeeperError(
      'STEP',
      `--step ${options.step} s is longer than --for ${forS} s; give a step within the time asked for`,
    );
  }
  return {
    catalogues: options.catalog,
    constellation: options.constellation,
    at: options.at,
    forS,
    stepS: options.step ?? SLOT_S,
    resolution: Number(options.resolution),
    people: options.people,
    view: options.view,
    edge: options.edge,
    reachKm: options.reach,
    seed: options.seed,
    gatewayList: options.gatewayList,
    topology: options.topology,
    crossPlaneShift: options.shift,
    maskDeg: options.mask,
    gsoAngleDeg: options.gsoAngle,
    rainFadeDb: options.rainFade,
  };
}

export function parseAt(text: string): Instant {
  if (text === 'now') return parseInstant(new Date().toISOString());
  try {
    return parseInstant(text);
  } catch (cause) {
    if (cause instanceof BeamkeeperError) {
      throw new BeamkeeperError(cause.code, `--at ${cause.message}`, { cause });
    }
    throw cause;
  }
}

export function parseFor(text: string): number {
  return parseDuration(text, '--for');
}

function parseStep(text: string): number {
  const seconds = parseDuration(text, '--step');
  if (seconds % SLOT_S === 0) return seconds;
  throw new BeamkeeperError(
    'STEP',
    `--step "${text}" is no multiple of the scheduler's slot of ${SLOT_S} s; give 15s, 1m, 5m …`,
  );
}
