import { Command, Option } from 'commander';
import { BeamkeeperError } from '../../orbits/index.ts';
import { whatIfReport } from '../../runs/report/whatIfReport.ts';
import { type Restriction, runWhatIf, type WhatIfRequest } from '../../runs/whatIfRun.ts';
import { TERMINAL_CLASSES, type TerminalClass } from '../../service/index.ts';
import { cellsCsv, cellsGeojson } from '../cellFiles.ts';
import { cellRows, impactJson } from '../impactJson.ts';
import { impactText } from '../impactText.ts';
import { collect, oneOf } from '../optionValues.ts';
import { checkOutputs, print, printJson, writeOutputs } from '../output.ts';
import { createProgressLine } from '../progressLine.ts';
import {
  addOutputOptions,
  addWorldOptions,
  type OutputOptions,
  type WorldOptions,
  worldInputs,
  worldRequestOf,
} from '../worldOptions.ts';

const DEFAULT_FOR = '10m';

interface WhatIfOptions extends WorldOptions, OutputOptions {
  readonly off: readonly string[];
  readonly restrict: readonly Restriction[];
  /** Commander files `--no-gateways` under `gateways`. */
  readonly gateways: readonly string[];
  /** False after `--no-lasers`. */
  readonly lasers: boolean;
  readonly over: readonly string[];
  readonly terminals?: TerminalClass;
}

export function whatIfCommand(): Command {
  const command = new Command('whatif')
    .description(
      'Who loses internet if service is withheld over a territory, inside it and across its border.',
    )
    .optionsGroup('What changes:')
    .option(
      '--off <territory>',
      'withhold service: code, name or GeoJSON file; may be repeated',
      collect(String),
      [],
    )
    .option(
      '--restrict <territory=limit>',
      'at most so many Mbit/s a subscriber (IRN=5), or only terminals slower than that (IRN=50kmh); may be repeated',
      collect(parseRestriction),
      [],
    )
    .addOption(
      new Option('--no-gateways <country>', 'its gateways may not be used; may be repeated')
        .default([], 'none')
        .argParser(collect(String)),
    )
    .option('--no-lasers', 'no satellite hands traffic to another one')
    .option(
      '--over <territory>',
      'where to look when only gateways or lasers change (default: those countries, or the whole Earth); may be repeated',
      collect(String),
      [],
    )
    .option(
      '--terminals <class>',
      `the change is for this class only, and it is the one counted: ${TERMINAL_CLASSES.join(', ')} (default: for all; fixed is counted)`,
      parseTerminals,
    );
  addWorldOptions(command, DEFAULT_FOR);
  addOutputOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper whatif --off TWN
  $ beamkeeper whatif --off Taiwan --for 1h --edge covering --html taiwan.html
  $ beamkeeper whatif --off TWN --catalog starlink.3le.gz --at 2026-08-22T12:00:12Z --json
  $ beamkeeper whatif --off zone.geojson --resolution 4 --csv cells.csv
  $ beamkeeper whatif --restrict IRN=5 --no-gateways TUR
  $ beamkeeper whatif --no-gateways DEU --over DEU --over CZE
  $ beamkeeper whatif --no-lasers --over KEN
  $ beamkeeper whatif --restrict UKR=75kmh --terminals roam
  $ beamkeeper whatif --off CRIMEA --view un`,
    )
    .action(async (options: WhatIfOptions) => {
      const places = [
        ...options.off,
        ...options.over,
        ...options.restrict.map(({ place }) => place),
      ];
      await checkOutputs(options, [...worldInputs(options), ...places]);
      await whatIf(requestOf(options), options);
    });
}

/** Runs, prints, writes; `start` uses it too. */
export async function whatIf(request: WhatIfRequest, options: OutputOptions): Promise<void> {
  const progress = createProgressLine('whatif', options.quiet === true);
  const result = await runWhatIf(request, progress.update).finally(progress.clear);
  const rows = (): ReturnType<typeof cellRows> => cellRows(result);
  const files = await writeOutputs(options, {
    csv: () => cellsCsv(rows()),
    geojson: () => cellsGeojson(rows(), { ...result.manifest, rules: result.rules }),
    html: () => whatIfReport(result),
  });
  if (options.json) {
    printJson(impactJson(result, { withCells: options.cells === true, files }));
    return;
  }
  print(impactText(result));
  for (const path of Object.values(files)) print(`Wrote ${path}`);
}

function requestOf(options: WhatIfOptions): WhatIfRequest {
  return {
    ...worldRequestOf(options, DEFAULT_FOR),
    terminal: options.terminals ?? 'fixed',
    off: options.off,
    restrict: options.restrict,
    denyGateways: options.gateways,
    denyLasers: !options.lasers,
    over: options.over,
    terminals: options.terminals && [options.terminals],
  };
}

function parseRestriction(text: string): Restriction {
  const [, place, amount, unit] = /^(.+)=([\d.]+)(kmh)?$/i.exec(text) ?? [];
  const limit = Number(amount);
  if (place !== undefined && limit > 0 && Number.isFinite(limit)) {
    return unit === undefined ? { place, maxRateMbps: limit } : { place, maxSpeedKmh: limit };
  }
  throw new BeamkeeperError(
    'OPTION',
    `--restrict "${text}": write TERRITORY=RATE with the rate in Mbit/s above 0, like IRN=5, or a speed, like IRN=50kmh`,
  );
}

function parseTerminals(text: string): TerminalClass {
  if (!text.includes(',')) return oneOf('--terminals', TERMINAL_CLASSES)(text.trim());
  throw new BeamkeeperError(
    'OPTION',
    `--terminals "${text}": one class is evaluated at a time; ask once for each`,
  );
}
