import { Command } from 'commander';
import { addSeconds, formatInstant } from '../../orbits/index.ts';
import { loadFleet } from '../../runs/fleet.ts';
import { decimal, durationInWords, plural } from '../../runs/numbers.ts';
import { runPasses } from '../../runs/passesRun.ts';
import { cellsCsv } from '../cellFiles.ts';
import { findPoint } from '../findPoint.ts';
import { numberWithin, wholeNumberWithin } from '../optionValues.ts';
import { checkOutputs, print, printJson, writeOutputs } from '../output.ts';
import { createProgressLine } from '../progressLine.ts';
import { textTable } from '../textTable.ts';
import {
  addFleetOptions,
  type FleetOptions,
  OUTPUT,
  type OutputOptions,
  parseFor,
} from '../worldOptions.ts';
import { requirePlace } from './coverage.ts';

const DEFAULT_FOR = '1h';
const DEFAULT_MASK_DEG = 25;
const DEFAULT_LIMIT = 40;

interface PassesOptions extends FleetOptions, OutputOptions {
  readonly for?: number;
  readonly mask: number;
  readonly limit: number;
}

export function passesCommand(): Command {
  const command = new Command('passes')
    .description('When satellites pass over a place.')
    .argument('[place]', 'a town, or "lat,lon"');
  return addFleetOptions(command)
    .option('--for <time>', `how long: 10m, 1h, 1d (default: ${DEFAULT_FOR})`, parseFor)
    .option(
      '--mask <degrees>',
      'lowest elevation',
      numberWithin('--mask', 0, 89, 'degrees'),
      DEFAULT_MASK_DEG,
    )
    .optionsGroup(OUTPUT)
    .option('--limit <n>', 'rows of the table', wholeNumberWithin('--limit', 1, 1e6), DEFAULT_LIMIT)
    .option('--json', 'all passes as JSON on standard output')
    .option('--csv <file>', 'a row a pass')
    .option('--quiet', 'no progress, no notes')
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper passes Paris --for 10m
  $ beamkeeper passes -33.87,151.21 --catalog stations.tle --for 1d --mask 10
  $ beamkeeper passes Quito --constellation 53:1584/72/39@550 --json`,
    )
    .action(async (text: string | undefined, options: PassesOptions) => {
      await checkOutputs(options, options.catalog);
      const point = findPoint(requirePlace(text, options));
      const fleet = await loadFleet({
        catalogues: options.catalog,
        constellation: options.constellation,
        at: options.at,
      });
      const forS = options.for ?? parseFor(DEFAULT_FOR);
      const progress = createProgressLine('passes', options.quiet === true);
      const passes = await runPasses(
        {
          records: fleet.records,
          latRad: radians(point.latDeg),
          lonRad: radians(point.lonDeg),
          from: fleet.at,
          forS,
          minElevationRad: radians(options.mask),
        },
        progress.update,
      ).finally(progress.clear);
      const rows = passes.map(pass => {
        const record = fleet.records[pass.satelliteIndex];
        return {
          satellite: record.name,
          catalogId: record.catalogId,
          rise: formatInstant(pass.rise),
          peak: formatInstant(pass.peak),
          set: formatInstant(pass.set),
          maxElevationDeg: degrees(pass.maxElevationRad),
          riseAzimuthDeg: degrees(pass.riseAzimuthRad),
          setAzimuthDeg: degrees(pass.setAzimuthRad),
          minSlantKm: Number(pass.minSlantKm.toFixed(1)),
        };
      });
      const files = await writeOutputs(options, {
        csv: () => cellsCsv(rows),
        geojson: () => '',
        html: () => '',
      });
      const about = {
        command: 'passes',
        place: point,
        at: formatInstant(fleet.at),
        forS,
        maskDeg: options.mask,
        catalog: fleet.summary,
        warnings: fleet.warnings,
      };
      if (options.json) {
        printJson({ ...about, files, passes: rows });
        return;
      }
      const day = (instant: string): string => instant.slice(0, 10);
      const isOneDay = day(formatInstant(addSeconds(fleet.at, forS))) === day(about.at);
      const clock = (instant: string): string =>
        isOneDay ? instant.slice(11, 19) : instant.slice(0, 19).replace('T', ' ');
      print(
        [
          `${point.name}: ${plural(rows.length, 'pass', 'passes')} above ${options.mask}° from ${about.at} for ${durationInWords(forS)}, ` +
            `${plural(fleet.summary.satellites, 'satellite')} (${fleet.summary.sources.join(', ')})`,
          '',
          ...textTable(
            [
              { heading: 'satellite' },
              { heading: 'rises (UTC)' },
              { heading: 'highest' },
              { heading: 'sets' },
              { heading: 'elevation', align: 'right' },
              { heading: 'from', align: 'right' },
              { heading: 'to', align: 'right' },
              { heading: 'nearest km', align: 'right' },
            ],
            rows
              .slice(0, options.limit)
              .map(row => [
                row.satellite || String(row.catalogId),
                clock(row.rise),
                clock(row.peak),
                clock(row.set),
                `${decimal(row.maxElevationDeg)}°`,
                compass(row.riseAzimuthDeg),
                compass(row.setAzimuthDeg),
                decimal(row.minSlantKm, 0),
              ]),
          ),
          ...(rows.length > options.limit
            ? [`… and ${rows.length - options.limit} more (--limit, --json, --csv)`]
            : []),
          ...fleet.warnings.map(warning => `! ${warning}`),
          ...Object.values(files).map(path => `Wrote ${path}`),
        ].join('\n'),
      );
    });
}

function compass(azimuthDeg: number): string {
  return ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'][Math.round(azimuthDeg / 45) % 8];
}

function radians(deg: number): number {
  return (deg * Math.PI) / 180;
}

function degrees(rad: number): number {
  return Number(((rad * 180) / Math.PI).toFixed(2));
}
