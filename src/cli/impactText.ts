import {
  decimal,
  durationInWords,
  percentOf,
  plural,
  signed,
  signedDecimal,
  whole,
} from '../runs/numbers.ts';
import { isWholeEarth } from '../runs/places.ts';
import { backhaulInWords, ROUND_TRIP_IN_WORDS } from '../runs/runManifest.ts';
import type { WhatIfResult } from '../runs/whatIfRun.ts';
import type { ImpactTotals } from '../whatif/index.ts';
import { textTable } from './textTable.ts';

const NEIGHBOUR_ROWS = 8;

/** The result for people: what changes, for whom, and what to keep in mind. */
export function impactText(result: WhatIfResult): string {
  const { impact, manifest } = result;
  const { before, after, inside, outside } = impact;
  const names = result.places.map(place => place.name).join(', ');
  const lines: string[] = [];
  lines.push(`${result.rules.join('; ')} for ${durationInWords(manifest.forS)}`);
  lines.push(
    `${names}, from ${manifest.at}, ${plural(impact.slotCount, 'slot')} of ${impact.stepS} s, ` +
      `${plural(manifest.catalog.satellites, 'satellite')} (${manifest.catalog.sources.join(', ')})`,
  );
  lines.push('');

  const scope =
    manifest.reachKm > 0 && !isWholeEarth(result.places)
      ? ` and ${whole(manifest.reachKm)} km around`
      : '';
  const row = (
    label: string,
    of: (totals: ImpactTotals) => number | null,
    digits = 0,
  ): string[] => {
    const a = of(before);
    const b = of(after);
    const text = (n: number | null): string =>
      digits === 0 && n !== null ? whole(n) : decimal(n, digits);
    const change =
      a === null || b === null ? '–' : digits === 0 ? signed(b - a) : signedDecimal(b - a, digits);
    return [label, text(a), text(b), change];
  };
  lines.push(
    ...textTable(
      [
        { heading: `${names}${scope}` },
        { heading: 'before', align: 'right' },
        { heading: 'after', align: 'right' },
        { heading: 'change', align: 'right' },
      ],
      [
        row('people with service', t => t.servedPeople),
        row('  of', t => t.people),
        row('cells with service', t => t.servedCells),
        row('  of', t => t.cells),
        row('minutes without service, mean a person', t => t.minutesWithoutService, 1),
        row('round trip, median ms', t => t.latencyMs.p50, 1),
        row('round trip, 95 % ms', t => t.latencyMs.p95, 1),
        row('rate given, Gbit/s', t => t.shareMbps / 1000, 1),
      ],
    ),
    '',
  );

  lines.push(
    ...textTable(
      [
        { heading: 'who loses service' },
        { heading: 'people', align: 'right' },
        { heading: 'cells', align: 'right' },
        { heading: '' },
      ],
      [
        [
          'inside',
          whole(inside.peopleLosing),
          inside.cellsWithheld > 0 ? whole(inside.cellsWithheld) : '',
          `${percentOf(inside.peopleLosing, inside.servedPeopleBefore)} of those served before`,
        ],
        ['inside, keeping it', whole(inside.peopleKeeping), '', `edge rule “${impact.edge}”`],
        ...(inside.peopleRestricted > 0
          ? [
              [
                'inside, restricted',
                whole(inside.peopleRestricted),
                '',
                'they keep service, limited',
              ],
            ]
          : []),
        [
          'outside (edge)',
          whole(outside.peopleLosingByEdge),
          whole(outside.cellsByEdge),
          'their cell straddles the border',
        ],
        [
          'outside (capacity)',
          whole(outside.peopleLosingByCapacity),
          whole(outside.cellsByCapacity),
          'satellites are busy elsewhere',
        ],
        [
          'outside (gateways)',
          whole(outside.peopleLosingByGateways),
          '',
          'no permitted gateway in reach',
        ],
        ['outside, gaining', whole(outside.peopleGaining), '', 'had none before'],
      ],
    ),
    '',
  );
  lines.push(
    `Capacity: ${decimal(impact.capacity.freedMbps / 1000)} Gbit/s freed by cells that the change names, ` +
      `${decimal(impact.capacity.lostMbps / 1000)} lost by others, ` +
      `${decimal(impact.capacity.takenUpMbps / 1000)} more for others.`,
  );

  const touched = impact.neighbours.filter(
    n =>
      n.peopleLosingByEdge +
        n.peopleLosingByCapacity +
        n.peopleLosingByGateways +
        n.peopleGaining >=
      0.5,
  );
  lines.push('');
  if (touched.length === 0) {
    lines.push('Neighbours: nobody outside loses or gains service.');
  } else {
    lines.push(
      ...textTable(
        [
          { heading: 'neighbours' },
          { heading: 'lose (edge)', align: 'right' },
          { heading: 'lose (capacity)', align: 'right' },
          { heading: 'lose (gateways)', align: 'right' },
          { heading: 'gain', align: 'right' },
          { heading: 'rate change, Mbit/s a cell', align: 'right' },
        ],
        touched
          .slice(0, NEIGHBOUR_ROWS)
          .map(n => [
            `${n.name} (${n.id})`,
            whole(n.peopleLosingByEdge),
            whole(n.peopleLosingByCapacity),
            whole(n.peopleLosingByGateways),
            whole(n.peopleGaining),
            decimal(n.shareChangeMbps),
          ]),
      ),
    );
    if (touched.length > NEIGHBOUR_ROWS)
      lines.push(`… and ${touched.length - NEIGHBOUR_ROWS} more (--json has all)`);
  }
  lines.push('');
  lines.push(gatewayLine(result), '', ...notes(result));
  return lines.join('\n');
}

function gatewayLine(result: WhatIfResult): string {
  const lost = result.impact.gatewaysLost;
  if (lost.length === 0) return 'Gateways lost: none.';
  const named = lost.slice(0, 6).map(g => `${g.name} (${g.country}, ${g.reason})`);
  return `Gateways lost: ${lost.length}: ${named.join(', ')}${lost.length > 6 ? ' …' : ''}.`;
}

/** What a reader must know before believing the numbers. */
function notes(result: WhatIfResult): string[] {
  const { manifest } = result;
  const { catalog } = manifest;
  const age = catalog.ageDays;
  const epoch =
    catalog.epochs === null || age === null
      ? 'the satellites are a design, not a catalogue'
      : `element sets of ${catalog.epochs.median.slice(0, 10)} (${decimal(Math.abs(age))} days ${age < 0 ? 'after' : 'before'} the start, in the middle)`;
  return [
    'To keep in mind:',
    '· People are those who live where there is service, not subscribers.',
    `· ${backhaulInWords(manifest)}`,
    `· ${ROUND_TRIP_IN_WORDS}`,
    `· People: ${manifest.people.source}. Borders: view “${result.ground.territories.view}”. Cells: resolution ${manifest.resolution}, at the border “${result.impact.edge}”.`,
    `· Satellites: ${epoch}. Means are over slots; seed ${manifest.seed}.`,
    ...manifest.warnings.map(warning => `! ${warning}`),
  ];
}
