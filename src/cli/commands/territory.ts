import { Command } from 'commander';
import {
  cellsByEdge,
  type DisputedArea,
  findTerritory,
  membershipOf,
  type Territory,
} from '../../earth/index.ts';
import { decimal, plural, whole } from '../../runs/numbers.ts';
import {
  builtCells,
  builtGateways,
  builtTerritories,
  GATEWAY_LISTS,
} from '../../store/builtData.ts';
import { print, printJson } from '../output.ts';
import { textTable } from '../textTable.ts';
import { addTerritoryPropose } from './territoryPropose.ts';

interface TerritoryOptions {
  readonly view?: string;
  readonly json?: boolean;
}

export function territoryCommand(): Command {
  const options = (command: Command): Command =>
    command
      .option('--view <view>', 'whose borders: de-facto, un, or a claimant such as UKR')
      .option('--json', 'the answer as JSON on standard output');
  const command = new Command('territory')
    .description('The territories and disputed areas that can be named.')
    .addCommand(options(new Command('list').description('All of them, with codes.')).action(list))
    .addCommand(
      options(
        new Command('show')
          .description('One of them: names, people, cells, gateways, who claims it.')
          .argument('<territory>', 'code or name'),
      ).action(show),
    );
  return addTerritoryPropose(command).addHelpText(
    'after',
    `
Examples:
  $ beamkeeper territory list
  $ beamkeeper territory show Taiwan
  $ beamkeeper territory show CRIMEA --view un`,
  );
}

function list(options: TerritoryOptions): void {
  const index = builtTerritories(options.view);
  if (options.json) {
    printJson({
      view: index.view,
      source: index.source,
      territories: index.territories.map(plain),
      disputedAreas: index.disputedAreas.map(plain),
    });
    return;
  }
  print(
    [
      ...textTable(
        [{ heading: 'id' }, { heading: 'ISO 2' }, { heading: 'name' }, { heading: 'also' }],
        index.territories.map(t => [t.id, t.iso2, t.name, t.aliases.join(', ')]),
      ),
      '',
      ...textTable(
        [
          { heading: 'disputed area' },
          { heading: 'name' },
          { heading: 'administered' },
          { heading: 'claimed' },
          { heading: `view ${index.view}` },
        ],
        index.disputedAreas.map(a => [
          a.id,
          a.name,
          a.administeredBy.join(', '),
          a.claimedBy.join(', '),
          a.inView,
        ]),
      ),
    ].join('\n'),
  );
}

function show(text: string, options: TerritoryOptions): void {
  const index = builtTerritories(options.view);
  const territory = findTerritory(index, text);
  const cells = builtCells(5, { people: 'auto', populatedOnly: true, territories: index });
  const membership = membershipOf(territory, cells);
  let people = 0;
  membership.cellIndex.forEach((cell, m) => {
    people += cells.peopleCount[cell] * membership.insideShare[m];
  });
  const byEdge = (['strict', 'centre', 'covering'] as const).map(
    edge => [edge, cellsByEdge(membership, edge).length] as const,
  );
  const gateways = GATEWAY_LISTS.flatMap(list => {
    const table = builtGateways(list);
    return table.name
      .map((name, g) => ({ list, name, country: table.country[g], status: table.status[g] }))
      .filter(gateway => gateway.country === territory.id);
  });
  if (options.json) {
    printJson({
      ...plain(territory),
      view: index.view,
      people,
      peopleSource: cells.peopleSource,
      cells: Object.fromEntries(byEdge),
      gateways,
    });
    return;
  }
  const [west, south, east, north] = territory.bboxDeg;
  const disputed = isDisputed(territory) ? territory : null;
  print(
    [
      `${territory.id}  ${territory.name}`,
      ...(territory.aliases.length > 0 ? [`also: ${territory.aliases.join(', ')}`] : []),
      ...(disputed
        ? [
            `disputed: administered by ${disputed.administeredBy.join(', ')}; claimed by ${disputed.claimedBy.join(', ') || 'nobody else'}`,
            `in the view ${index.view}: ${disputed.inView}`,
            ...(disputed.note === '' ? [] : [disputed.note]),
          ]
        : [`view: ${index.view}`]),
      `people: ${whole(people)} (${cells.peopleSource})`,
      `populated cells of resolution 5: ${byEdge.map(([edge, n]) => `${edge} ${whole(n)}`).join(', ')}`,
      `centre ${decimal(territory.centreDeg.latDeg, 2)}°, ${decimal(territory.centreDeg.lonDeg, 2)}°; west ${west}°, south ${south}°, east ${east}°, north ${north}°`,
      `${plural(gateways.length, 'gateway')}${gateways.length > 0 ? `: ${gateways.map(g => `${g.name} (${g.list}, ${g.status})`).join(', ')}` : ''}`,
    ].join('\n'),
  );
}

function isDisputed(territory: Territory): territory is DisputedArea {
  return territory.kind === 'disputed-area';
}

function plain(territory: Territory): Record<string, unknown> {
  const { parts: _, ...rest } = territory;
  return rest;
}
