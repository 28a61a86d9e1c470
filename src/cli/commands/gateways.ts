import { Command } from 'commander';
import { findTerritory } from '../../earth/index.ts';
import { formatInstant } from '../../orbits/index.ts';
import { loadFleet } from '../../runs/fleet.ts';
import { chooseGateways } from '../../runs/gatewayList.ts';
import { type GatewayRow, gatewayRows } from '../../runs/gatewayTable.ts';
import { decimal, plural, whole } from '../../runs/numbers.ts';
import { builtPointsOfPresence, builtTerritories } from '../../store/builtData.ts';
import { cellsCsv } from '../cellFiles.ts';
import { numberWithin, oneOf } from '../optionValues.ts';
import { checkOutputs, print, printJson, writeOutputs } from '../output.ts';
import { textTable } from '../textTable.ts';
import { addFleetOptions, type FleetOptions, OUTPUT, type OutputOptions } from '../worldOptions.ts';

const STATUSES = ['operational', 'planned'] as const;

interface GatewaysOptions extends FleetOptions, OutputOptions {
  readonly gatewayList?: string;
  readonly status?: string;
  readonly mask?: number;
}

export function gatewaysCommand(): Command {
  const command = new Command('gateways')
    .description(
      'The ground stations of an operator: where, in use or planned, nearest point of presence.',
    )
    .argument('[territory]', 'code or name; without it, how many each country has');
  addFleetOptions(command)
    .optionsGroup('Ground:')
    .option('--gateway-list <name>', 'starlink, oneweb, or a file (default: the operator’s own)')
    .option('--status <status>', 'operational or planned only', oneOf('--status', STATUSES))
    .option(
      '--mask <degrees>',
      'lowest elevation of satellites counted (default: 25, poleward of 62° 5)',
      numberWithin('--mask', 0, 89, 'degrees'),
    )
    .optionsGroup(OUTPUT)
    .option('--json', 'all rows as JSON on standard output')
    .option('--csv <file>', 'a row a gateway');
  return command
    .addHelpText(
      'after',
      `
Satellites are counted when --constellation, --catalog or --at is given.

Examples:
  $ beamkeeper gateways
  $ beamkeeper gateways Germany --constellation starlink-2026-08
  $ beamkeeper gateways --gateway-list oneweb --csv oneweb.csv
  $ beamkeeper gateways USA --status planned --json`,
    )
    .action(gateways);
}

async function gateways(text: string | undefined, options: GatewaysOptions): Promise<void> {
  await checkOutputs(options, [...options.catalog, options.gatewayList]);
  const territories = builtTerritories();
  const territory = text === undefined ? null : findTerritory(territories, text);
  const isSkyAsked =
    options.catalog.length > 0 || options.constellation !== undefined || options.at !== undefined;
  const fleet = isSkyAsked
    ? await loadFleet({
        catalogues: options.catalog,
        constellation: options.constellation,
        at: options.at,
      })
    : null;
  const chosen = await chooseGateways(options.gatewayList, fleet?.operator ?? 'starlink');
  const rows = gatewayRows(chosen, builtPointsOfPresence(chosen.operator), territories, {
    territory,
    status: options.status ?? null,
    fleet,
    maskRad: options.mask === undefined ? null : (options.mask * Math.PI) / 180,
  });
  const counts = countsByCountry(rows);
  const warnings = [
    ...(chosen.warning === null ? [] : [chosen.warning]),
    ...(fleet?.warnings ?? []),
  ];
  const files = await writeOutputs(options, {
    csv: () => cellsCsv(rows.map(row => ({ ...row }))),
    geojson: () => '',
    html: () => '',
  });
  if (options.json) {
    printJson({
      command: 'gateways',
      list: chosen.list,
      territory: territory && { id: territory.id, name: territory.name },
      at: fleet && formatInstant(fleet.at),
      catalog: fleet?.summary ?? null,
      countries: counts,
      warnings,
      files,
      gateways: rows,
    });
    return;
  }
  const of = territory === null ? '' : ` in ${territory.name}`;
  print(
    [
      `${plural(rows.length, 'gateway')}${of}, list ${chosen.list}${STATUSES.map(status => `, ${whole(rows.filter(row => row.status === status).length)} ${status}`).join('')}` +
        (fleet === null
          ? ''
          : `; satellites in view at ${formatInstant(fleet.at)} of ${whole(fleet.summary.satellites)}`),
      ...(rows.length === 0
        ? []
        : ['', ...(territory === null ? countryTable(counts) : gatewayTable(rows))]),
      ...warnings.map(warning => `! ${warning}`),
      ...Object.values(files).map(path => `Wrote ${path}`),
    ].join('\n'),
  );
}

interface CountryCount {
  readonly country: string;
  readonly name: string;
  readonly operational: number;
  readonly planned: number;
  /** Mean over its gateways; null when no satellites were asked for. */
  readonly meanInView: number | null;
}

/** Most gateways first. */
function countsByCountry(rows: readonly GatewayRow[]): CountryCount[] {
  const groups = Map.groupBy(rows, row => row.country);
  return [...groups]
    .map(([country, members]) => ({
      country,
      name: members[0].countryName,
      operational: members.filter(row => row.status === 'operational').length,
      planned: members.filter(row => row.status === 'planned').length,
      meanInView:
        members[0].inView === null
          ? null
          : members.reduce((sum, row) => sum + (row.inView ?? 0), 0) / members.length,
    }))
    .sort(
      (a, b) =>
        b.operational - a.operational || b.planned - a.planned || (a.name < b.name ? -1 : 1),
    );
}

function countryTable(counts: readonly CountryCount[]): string[] {
  const hasSky = counts.some(count => count.meanInView !== null);
  return textTable(
    [
      { heading: 'id' },
      { heading: 'country' },
      { heading: 'operational', align: 'right' },
      { heading: 'planned', align: 'right' },
      ...(hasSky ? [{ heading: 'satellites in view', align: 'right' as const }] : []),
    ],
    counts.map(count => [
      count.country,
      count.name,
      whole(count.operational),
      whole(count.planned),
      decimal(count.meanInView),
    ]),
  );
}

function gatewayTable(rows: readonly GatewayRow[]): string[] {
  const hasSky = rows.some(row => row.inView !== null);
  return textTable(
    [
      { heading: 'gateway' },
      { heading: 'latitude', align: 'right' },
      { heading: 'longitude', align: 'right' },
      { heading: 'status' },
      { heading: 'nearest point of presence' },
      { heading: 'km', align: 'right' },
      ...(hasSky ? [{ heading: 'satellites in view', align: 'right' as const }] : []),
    ],
    rows.map(row => [
      row.name,
      decimal(row.latDeg, 3),
      decimal(row.lonDeg, 3),
      row.status,
      row.pop === null ? '–' : `${row.popCity} (${row.pop})`,
      decimal(row.popKm, 0),
      row.inView === null ? '' : whole(row.inView),
    ]),
  );
}
