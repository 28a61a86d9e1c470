import { Argument, Command } from 'commander';
import { cellsByEdge, membershipOf } from '../../earth/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { groundAtPoint, runCoverage } from '../../runs/coverageRun.ts';
import { loadGround } from '../../runs/loadWorld.ts';
import { findPlace } from '../../runs/places.ts';
import { coverageReport } from '../../runs/report/coverageReport.ts';
import type { WorldRequest } from '../../runs/worldRequest.ts';
import { cellsCsv, cellsGeojson } from '../cellFiles.ts';
import { coverageJson, coverageRows, coverageText, summariseCoverage } from '../coverageOutput.ts';
import { placeOrPoint } from '../findPoint.ts';
import { checkOutputs, print, printJson, writeOutputs } from '../output.ts';
import { createProgressLine } from '../progressLine.ts';
import {
  addOutputOptions,
  addWorldOptions,
  type FleetOptions,
  type OutputOptions,
  type WorldOptions,
  worldInputs,
  worldRequestOf,
} from '../worldOptions.ts';

const DEFAULT_FOR = '10m';

export function coverageCommand(): Command {
  const command = new Command('coverage')
    .description('What service a place or a territory gets, with nothing withheld.')
    .addArgument(
      new Argument('[place]', 'a territory (code, name), a town, "lat,lon", or a GeoJSON file'),
    );
  addWorldOptions(command, DEFAULT_FOR);
  addOutputOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper coverage Nairobi
  $ beamkeeper coverage 64.15,-21.94 --constellation oneweb-2026-08
  $ beamkeeper coverage UKR --resolution 4 --for 1h --csv ukraine.csv
  $ beamkeeper coverage Fiji --constellation 53:1584/72/39@550 --json`,
    )
    .action(async (text: string | undefined, options: WorldOptions & OutputOptions) => {
      await checkOutputs(options, [...worldInputs(options), text]);
      await coverage(requirePlace(text, options), options);
    });
}

async function coverage(text: string, options: WorldOptions & OutputOptions): Promise<void> {
  const request: WorldRequest = { ...worldRequestOf(options, DEFAULT_FOR), terminal: 'fixed' };
  const whole = await loadGround(request);
  const found = await placeOrPoint(text, async () => findPlace(whole.territories, text));
  const { ground, membership, name } =
    'latDeg' in found
      ? { ...groundAtPoint(whole, found.latDeg, found.lonDeg), name: found.name }
      : { ground: whole, membership: membershipOf(found, whole.cells), name: found.name };
  if (cellsByEdge(membership, request.edge).length === 0) {
    throw new BeamkeeperError(
      'NO_CELLS',
      `${name}: no populated cell under --edge ${request.edge}`,
    );
  }
  const progress = createProgressLine('coverage', options.quiet === true);
  const result = await runCoverage(request, ground, membership, progress.update).finally(
    progress.clear,
  );
  const summary = summariseCoverage(name, result);
  const files = await writeOutputs(options, {
    csv: () => cellsCsv(coverageRows(result)),
    geojson: () => cellsGeojson(coverageRows(result), { ...result.manifest }),
    html: () => coverageReport(name, result, summary, 'latDeg' in found ? null : found),
  });
  if (options.json) {
    printJson(coverageJson(summary, result, { withCells: options.cells === true, files }));
    return;
  }
  print(coverageText(summary, result));
  for (const path of Object.values(files)) print(`Wrote ${path}`);
}

/** `--catalog` takes all words that follow it, the place too. */
export function requirePlace(text: string | undefined, options: FleetOptions): string {
  if (text !== undefined) return text;
  throw new BeamkeeperError(
    'PLACE_MISSING',
    options.catalog.length > 0
      ? 'no place is given; put it before --catalog, which takes all names that follow it'
      : 'no place is given; name a territory, a town, or "lat,lon"',
  );
}
