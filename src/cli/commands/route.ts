import { Command } from 'commander';
import { LASER_TOPOLOGIES, loadAware, ROUTING_ALGORITHMS } from '../../network/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { chooseGateways } from '../../runs/gatewayList.ts';
import { routeReport } from '../../runs/report/routeReport.ts';
import { loadRouteNetwork } from '../../runs/routeNetwork.ts';
import { runRoute } from '../../runs/routeRun.ts';
import { builtPointsOfPresence } from '../../store/builtData.ts';
import { hypatiaCities } from '../../store/hypatiaCities.ts';
import { cellsCsv } from '../cellFiles.ts';
import { numberWithin, oneOf, wholeNumberWithin } from '../optionValues.ts';
import { checkOutputs, print, printJson, writeOutputs } from '../output.ts';
import { parseDuration } from '../parseDuration.ts';
import { createProgressLine } from '../progressLine.ts';
import { findRouteEnd } from '../routeEnd.ts';
import { routeJson, routeText, seriesRows } from '../routeOutput.ts';
import {
  addFleetOptions,
  type FleetOptions,
  OUTPUT,
  type OutputOptions,
  parseFor,
} from '../worldOptions.ts';

const DEFAULT_FOR = '10m';
const DEFAULT_STEP = '5s';
const MOST_STEPS = 200_000;

interface RouteOptions extends FleetOptions, OutputOptions {
  readonly for?: number;
  readonly step?: number;
  readonly topology?: string;
  readonly shift?: number;
  readonly polarCutOff?: number;
  readonly phasing?: number;
  readonly acquisition?: number;
  readonly disjoint?: number;
  readonly lasers: boolean;
  readonly routing: string;
  readonly mask?: number;
  readonly gatewayList?: string;
}

export function routeCommand(): Command {
  const command = new Command('route')
    .description(
      'The way between two places over the satellites, how long it takes, when it changes.',
    )
    .argument('[from]', 'a town, "lat,lon", an H3 cell, gateway:NAME, pop:CODE or pop:CITY')
    .argument('[to]', 'the same');
  return addFleetOptions(command)
    .option('--for <time>', `how long: 200s, 10m, 1h (default: ${DEFAULT_FOR})`, parseFor)
    .option(
      '--step <time>',
      `one route every so often: 0.1s, 1s, 1m (default: ${DEFAULT_STEP})`,
      text => parseDuration(text, '--step'),
    )
    .optionsGroup('Network:')
    .option(
      '--topology <name>',
      `lasers: ${LASER_TOPOLOGIES.map(({ name }) => name).join(', ')} (default: nearest for real satellites; a design must say)`,
    )
    .option(
      '--shift <n>',
      'cross-plane shift of plus-grid: no default, it decides which directions are fast',
      wholeNumberWithin('--shift', -10_000, 10_000),
    )
    .option(
      '--polar-cut-off <degrees>',
      'poleward of this latitude no laser leaves its plane (default: none)',
      numberWithin('--polar-cut-off', 0, 90, 'degrees'),
    )
    .option(
      '--phasing <f>',
      "in place of Walker's F of the design",
      wholeNumberWithin('--phasing', 0, 100_000),
    )
    .option(
      '--acquisition <time>',
      'how long a laser takes to be pointed: 15s (default: none)',
      text => parseDuration(text, '--acquisition'),
    )
    .option('--no-lasers', 'bent pipes only: one satellite must see both ends')
    .option(
      '--routing <name>',
      'how the route is chosen, see below',
      oneOf(
        '--routing',
        ROUTING_ALGORITHMS.map(({ name }) => name),
        'ROUTING',
      ),
      ROUTING_ALGORITHMS[0].name,
    )
    .option(
      '--disjoint <k>',
      'also the k best routes that share no satellite',
      wholeNumberWithin('--disjoint', 2, 20),
    )
    .option(
      '--mask <degrees>',
      'lowest elevation at both ends (default: by operator, 25 for most; gateways 25, 5 near the poles)',
      numberWithin('--mask', 0, 89, 'degrees'),
    )
    .option('--gateway-list <name>', 'starlink, oneweb, or a file (default: the operator’s own)')
    .optionsGroup(OUTPUT)
    .option('--json', 'the result as JSON on standard output')
    .option('--csv <file>', 'a row a step')
    .option('--html <file>', 'a report with map and chart: one file, opens offline')
    .option('--quiet', 'no progress, no notes')
    .addHelpText(
      'after',
      `
Routing:
${ROUTING_ALGORITHMS.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`).join('\n')}

Topology:
${LASER_TOPOLOGIES.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`).join('\n')}

Examples:
  $ beamkeeper route Manila Dalian --constellation kuiper-k1-hypatia --for 200s --step 1s
  $ beamkeeper route London,GB 40.7,-74 --constellation 53:1584/72/39@550 --topology plus-grid --shift 0
  $ beamkeeper route Sydney pop:Auckland --for 1m --json
  $ beamkeeper route Accra gateway:Ikire --for 1m --routing fewest-hops --html route.html
  $ beamkeeper route Paris Moscow --for 1m --routing ground-relays
  $ beamkeeper route London Johannesburg --for 1m --disjoint 3 --acquisition 15s`,
    )
    .action(route);
}

async function route(
  fromText: string | undefined,
  toText: string | undefined,
  options: RouteOptions,
): Promise<void> {
  if (fromText === undefined || toText === undefined) {
    throw new BeamkeeperError(
      'PLACE_MISSING',
      options.catalog.length > 0
        ? 'two places are needed; put them before --catalog, which takes all names that follow it'
        : 'two places are needed: beamkeeper route FROM TO',
    );
  }
  await checkOutputs(options, [...options.catalog, options.gatewayList]);
  const forS = options.for ?? parseFor(DEFAULT_FOR);
  const stepS = options.step ?? parseDuration(DEFAULT_STEP, '--step');
  if (stepS > forS || forS / stepS > MOST_STEPS) {
    throw new BeamkeeperError(
      'STEP',
      stepS > forS
        ? `--step ${stepS} s is longer than --for ${forS} s; give a step within the time asked for`
        : `--for ${forS} s in steps of ${stepS} s makes more than ${MOST_STEPS.toLocaleString('en')} steps; give a longer --step`,
    );
  }
  const algorithm = ROUTING_ALGORITHMS.find(({ name }) => name === options.routing)!;
  if (algorithm.relaysOnGround && (options.topology ?? 'none') !== 'none') {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `--routing ${algorithm.name} uses no lasers; leave out --topology ${options.topology}`,
    );
  }
  const network = await loadRouteNetwork({
    catalogues: options.catalog,
    constellation: options.constellation,
    at: options.at,
    topology: options.topology,
    crossPlaneShift: options.shift,
    polarCutOffDeg: options.polarCutOff,
    phasing: options.phasing,
    hasLasers: options.lasers && !algorithm.relaysOnGround,
    acquisitionS: options.acquisition,
    maskDeg: options.mask,
  });
  const gateways = await chooseGateways(options.gatewayList, network.operator);
  const warnings: string[] = [];
  const known = {
    gateways: gateways.gateways,
    pointsOfPresence: builtPointsOfPresence(gateways.operator),
    hypatiaCities: network.profile === 'hypatia-compat' ? hypatiaCities() : [],
    warn: (text: string) => void warnings.push(text),
  };
  if (algorithm === loadAware) {
    warnings.push('no traffic is known here, so load-aware routes are those of the shortest delay');
  }
  const progress = createProgressLine('route', options.quiet === true);
  const result = await runRoute(
    {
      from: findRouteEnd(fromText, known),
      to: findRouteEnd(toText, known),
      network,
      algorithm,
      gateways,
      forS,
      stepS,
      disjointCount: options.disjoint ?? 0,
      warnings,
    },
    progress.update,
  ).finally(progress.clear);
  const files = await writeOutputs(options, {
    csv: () => cellsCsv(seriesRows(result)),
    geojson: () => '',
    html: () => routeReport(result),
  });
  if (options.json) {
    printJson(routeJson(result, files));
    return;
  }
  print(routeText(result));
  for (const path of Object.values(files)) print(`Wrote ${path}`);
}
