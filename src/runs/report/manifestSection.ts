import { decimal, durationInWords, plural, whole } from '../numbers.ts';
import { backhaulInWords, ROUND_TRIP_IN_WORDS, type RunManifest } from '../runManifest.ts';
import { escapeHtml, htmlTable } from './html.ts';

/** How it was computed, what was assumed, and where the data come from. */
export function manifestSection(
  manifest: RunManifest,
  about: {
    readonly question: string;
    readonly view: string;
    readonly edge: string;
    readonly territories: string;
  },
): { heading: string; html: string }[] {
  const { catalog } = manifest;
  const epochs = catalog.epochs
    ? `epochs ${catalog.epochs.oldest.slice(0, 10)} to ${catalog.epochs.newest.slice(0, 10)}, the middle one ${decimal(Math.abs(catalog.ageDays ?? 0))} days ${(catalog.ageDays ?? 0) < 0 ? 'after' : 'before'} the start`
    : 'a design, flown from the start of the run';
  const list = (items: readonly string[]): string =>
    `<ul class="plain">${items.map(item => `<li>${escapeHtml(item)}</li>`).join('\n')}</ul>`;
  return [
    {
      heading: 'How it was computed',
      html: `${list([
        'Satellites move by SGP4 from their published elements. Every 15 seconds, at seconds 12, 27, 42 and 57, each cell is given one satellite that stands high enough, keeps clear of the geostationary arc, and reaches a permitted gateway, itself or over lasers.',
        'Each satellite shares its beams and its downlink fairly among its cells. A cell that gets nothing says why.',
        'The same sky is evaluated twice, with nothing withheld and with the change; the difference is what you see here.',
      ])}<h3>To keep in mind</h3>${list([
        backhaulInWords(manifest),
        ROUND_TRIP_IN_WORDS,
        'People are residents, not subscribers; how many of them have a terminal is not known. Demand assumes subscribers in proportion to people.',
        'Licences are not modelled: a country where the operator is not licensed still counts as served if satellites and gateways reach it.',
        `Cells more than ${whole(manifest.reachKm)} km away are not evaluated, so those at the rim of the region compete with fewer others than in truth.`,
        'Which satellite serves which cell is a draw with realistic odds (seeded), not a prediction of the operator’s choice.',
        ...manifest.warnings,
      ])}`,
    },
    {
      heading: 'Sources and assumptions',
      html: `${htmlTable(
        'What this result was computed from.',
        ['', ''],
        [
          ['question', about.question],
          [
            'time',
            `${manifest.at}, ${durationInWords(manifest.forS)}, one slot every ${durationInWords(manifest.stepS)}: ${plural(manifest.slotCount, 'slot')}`,
          ],
          [
            'satellites',
            `${whole(catalog.satellites)} from ${catalog.sources.join(', ')}; ${epochs}; ${plural(catalog.rejected, 'record')} skipped`,
          ],
          [
            'generations',
            Object.entries(catalog.generations)
              .map(([name, n]) => `${name}: ${whole(n)}`)
              .join(', '),
          ],
          [
            'gateways',
            `list ${manifest.gateways.list}: ${whole(manifest.gateways.operational)} operational, ${whole(manifest.gateways.planned)} planned (not used)`,
          ],
          ['people', manifest.people.source],
          ['borders', `${about.territories}; point of view: ${about.view}`],
          ['edge of the territory', about.edge],
          [
            'cells',
            `${whole(manifest.cells)} H3 cells of resolution ${manifest.resolution} with people in them`,
          ],
          ['terminals', manifest.terminal],
          ['path behind the satellite', manifest.backhaul],
          ['seed', String(manifest.seed)],
        ],
        0,
      )}<details><summary>All assumed parameters</summary>${htmlTable(
        'Each has its source in src/service/serviceParameters.ts and generationCapacity.ts.',
        ['parameter', 'value'],
        [
          ...Object.entries(manifest.parameters).map(([name, value]) => [name, String(value)]),
          ...Object.entries(manifest.generations).flatMap(([name, capacity]) =>
            Object.entries(capacity as Record<string, unknown>).map(([key, value]) => [
              `${name}: ${key}`,
              String(value),
            ]),
          ),
        ],
        0,
      )}</details>`,
    },
  ];
}
