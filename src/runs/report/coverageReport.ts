import { bentPipe } from '../../service/index.ts';
import type { CoverageResult } from '../coverageRun.ts';
import { decimal, durationInWords, plural, whole } from '../numbers.ts';
import type { Place } from '../places.ts';
import { htmlTable } from './html.ts';
import { manifestSection } from './manifestSection.ts';
import {
  cornersOf,
  domainOf,
  drawnCells,
  isInPicture,
  kmFromCentre,
  landOf,
  outlineOf,
  regionAround,
  scaleBarOf,
} from './regionMap.ts';
import { type LegendEntry, reportPage } from './reportPage.ts';
import { weightOf } from './whatIfReport.ts';

const CLASSES = ['always', 'mostly', 'sometimes', 'never'] as const;
type CellClass = (typeof CLASSES)[number];

const LEGEND: Readonly<Record<CellClass, { text: string; isPatterned: boolean }>> = {
  always: { text: 'has service all the time', isPatterned: false },
  mostly: { text: '90 % of the time or more', isPatterned: false },
  sometimes: { text: 'some of the time', isPatterned: false },
  never: { text: 'never', isPatterned: true },
};
const MOST_GATEWAY_LABELS = 12;

/** What the report says in numbers; the command line makes it for its own table too. */
export interface CoverageFigures {
  readonly cells: number;
  readonly people: number;
  readonly servedPeople: number;
  readonly servedShare: number;
  readonly inView: number;
  readonly inViewClear: number;
  readonly latencyMs: number | null;
  readonly shareMbps: number;
  readonly cellsByState: Readonly<Record<string, number>>;
}

/** Coverage of a place as one HTML file. */
export async function coverageReport(
  name: string,
  result: CoverageResult,
  figures: CoverageFigures,
  place: Place | null,
): Promise<string> {
  const { coverage, manifest, loaded } = result;
  const { cells } = coverage;
  const inside = [...loaded.membership.cellIndex];
  const region = regionAround(
    inside.map(i => [cells.lonDeg[i], cells.latDeg[i]] as const),
    [],
  );
  const drawn = drawnCells(region, cells, manifest.resolution);
  const reportCells = drawn.cells.map(({ id, members }) => {
    const people = members.reduce((sum, i) => sum + cells.people[i], 0);
    const mean = (column: Float32Array): number =>
      members.reduce((sum, i) => sum + column[i], 0) / members.length;
    const share = mean(cells.servedShare);
    const key = classOf(share);
    return {
      corners: cornersOf(id),
      classes: [key],
      weight: weightOf(people / members.length),
      title: `${whole(people)} people\nserved ${decimal(100 * share, 0)} % of the time\n${decimal(mean(cells.inView))} satellites in view`,
    };
  });
  const used = new Set(reportCells.flatMap(cell => cell.classes));
  const legend: LegendEntry[] = CLASSES.filter(key => used.has(key)).map(key => ({
    key,
    ...LEGEND[key],
  }));
  const gateways = gatewaysIn(result, region);
  if (place !== null) {
    legend.push({ key: 'outline', text: `border of ${name}`, isPatterned: false });
  }
  if (gateways.length > 0)
    legend.push({
      key: 'gateway',
      text: 'gateway: ground station of the operator',
      isPatterned: false,
    });
  const middle = inside
    .map(i => [cells.lonDeg[i], cells.latDeg[i]] as const)
    .reduce((a, b) => (distance(b) < distance(a) ? b : a));
  function distance(point: readonly [number, number]): number {
    return Math.hypot(...kmFromCentre(region, point));
  }
  return reportPage({
    title: `Coverage: ${name}, ${manifest.at.slice(0, 10)}`,
    headline: headlineOf(name, figures.servedShare, manifest.backhaul === bentPipe.name),
    lead: `${plural(figures.cells, 'cell')} with ${whole(figures.people)} people, from ${manifest.at} for ${durationInWords(manifest.forS)}; ${plural(manifest.catalog.satellites, 'satellite')} (${manifest.catalog.sources.join(', ')}), ${plural(manifest.gateways.operational, 'gateway')}. Nothing is withheld.`,
    figures: [
      {
        value: whole(figures.servedPeople),
        text: `of ${whole(figures.people)} people have service, mean over the time`,
      },
      {
        value: decimal(figures.inView),
        text: `satellites in view of a cell; ${decimal(figures.inViewClear)} clear of the geostationary arc`,
      },
      { value: `${decimal(figures.latencyMs)} ms`, text: 'round trip' },
      { value: `${whole(figures.shareMbps)} Mbit/s`, text: 'given to all these cells together' },
    ],
    legend,
    mapNote: `Each hexagon is a cell in which people live. Only cells within ${whole(manifest.reachKm)} km are evaluated and drawn.`,
    sections: [
      { heading: 'Minute by minute', html: '<div id="chart-time" class="chart"></div>' },
      {
        heading: 'Why cells are not served',
        html: htmlTable(
          `${name}: cells by what they mostly are.`,
          ['state', 'cells'],
          Object.entries(figures.cellsByState).map(([state, n]) => [state, whole(n)]),
        ),
      },
      ...manifestSection(manifest, {
        question: `coverage of ${name}`,
        view: result.ground.territories.view,
        edge: 'all cells that the place touches, people by their share inside',
        territories: result.ground.territories.source,
      }),
    ],
    footer:
      'Computed with Beamkeeper; the same input gives the same numbers. Borders are drawn from Natural Earth and imply no opinion on the status of any territory.',
    data: {
      map: {
        rotate: [-region.centre[0], -region.centre[1]],
        domain: domainOf(region),
        ...scaleBarOf(region),
        land: landOf(region),
        outline:
          place === null
            ? []
            : outlineOf(
                place,
                inside.map(i => cells.h3[i].toString(16)),
                region,
              ),
        labels: [{ text: name, lon: middle[0], lat: middle[1], isPlace: true, side: 'middle' }],
        gateways,
        cells: reportCells,
        panels: [
          {
            id: 'map',
            title: 'How much of the time each cell has service',
            description: `Map of ${name}: served ${decimal(100 * figures.servedShare)} % of the time.`,
          },
        ],
      },
      charts: [
        {
          kind: 'time',
          id: 'chart-time',
          yLabel: `people with service, ${name} and around`,
          at: coverage.series.map(slot => slot.at),
          after: coverage.series.map(slot => Math.round(slot.servedPeople)),
          beforeLabel: '',
          afterLabel: 'people with service',
        },
      ],
    },
  });
}

function headlineOf(name: string, share: number, isBentPipe: boolean): string {
  const how = isBentPipe
    ? 'counting only satellites that see a gateway themselves'
    : 'from satellites that reach a gateway, themselves or over lasers';
  if (share < 0.005) return `No satellite internet reaches ${name}.`;
  const time = share > 0.9995 ? 'all the time' : `${decimal(100 * share)} % of the time`;
  return `Satellite internet reaches ${name} ${time}, ${how}.`;
}

function classOf(share: number): CellClass {
  if (share > 0.999) return 'always';
  if (share >= 0.9) return 'mostly';
  return share > 0 ? 'sometimes' : 'never';
}

function gatewaysIn(
  result: CoverageResult,
  region: Parameters<typeof isInPicture>[0],
): {
  name: string;
  lon: number;
  lat: number;
  isLost: boolean;
  isLabelled: boolean;
  side: 'middle';
}[] {
  const { gateways } = result.loaded.world;
  const shown = [];
  for (let g = 0; g < gateways.count; g++) {
    const lon = (gateways.lonRad[g] * 180) / Math.PI;
    const lat = (gateways.latRad[g] * 180) / Math.PI;
    if (gateways.isOperational[g] === 0 || !isInPicture(region, [lon, lat])) continue;
    shown.push({
      name: gateways.name[g],
      lon,
      lat,
      isLost: false,
      isLabelled: shown.length < MOST_GATEWAY_LABELS,
      side: 'middle' as const,
    });
  }
  return shown;
}
