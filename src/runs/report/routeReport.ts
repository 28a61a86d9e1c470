import { geoInterpolate } from 'd3-geo';
import { decimal, durationInWords, percentOf, plural, whole } from '../numbers.ts';
import {
  FIBRE_REFRACTIVE_INDEX,
  type RouteEnd,
  type RoutePath,
  type RouteResult,
} from '../routeRun.ts';
import { instantOf, topologyInWords, whyUnreachable } from '../routeWords.ts';
import { escapeHtml, htmlTable } from './html.ts';
import { kmFromCentre, landOf, type Region, regionAround } from './regionMap.ts';
import { figureList, reportDocument } from './reportPage.ts';
import { drawRoutePictures, type RouteLine, type RoutePictures } from './routePictures.ts';

type LonLat = readonly [number, number];

const MOST_CHART_POINTS = 2000;
const MOST_MARKED_CHANGES = 120;
const MOST_OTHER_PATHS = 150;
const MOST_CHANGE_ROWS = 300;
const GREAT_CIRCLE_POINTS = 60;
/** The picture is up to twice as wide as the circle around the route. */
const LAND_BEYOND = 1.5;
/** So far from the middle, as a share of the radius, an end stands at the side. */
const SIDE_SHARE = 0.45;

/** The route as one HTML file: what it takes, a map, a chart over time, every change and every link. */
export function routeReport(result: RouteResult): Promise<string> {
  const { request, summary } = result;
  const { from, to, network } = request;
  const { rttMs } = summary;
  const first = result.paths.find(path => path.hops.length > 0) ?? null;
  const slowest = slowestOf(result, first);
  const title = `${from.name} to ${to.name}`;
  const start = instantOf(result, 0)
    .replace('T', ' ')
    .replace(/(\.\d+)?Z$/, ' UTC');
  const figures = [
    ...(rttMs
      ? [
          { value: `${decimal(rttMs.median)} ms`, text: 'median round trip, propagation only' },
          {
            value: `${decimal(rttMs.min)}–${decimal(rttMs.max)} ms`,
            text: 'shortest and longest round trip',
          },
        ]
      : []),
    ...(summary.reachableCount === summary.stepCount
      ? []
      : [
          {
            value: percentOf(summary.reachableCount, summary.stepCount),
            text: 'of the time there is a route',
          },
        ]),
    { value: whole(summary.pathChanges), text: `path changes in ${durationInWords(request.forS)}` },
    {
      value: `${decimal(result.fibreRttMs)} ms`,
      text: `through glass along the great circle, ${whole(result.greatCircleKm)} km`,
    },
  ];
  const gaps = whyUnreachable(result);
  const sections = [
    ...(gaps.length > 0
      ? [
          {
            heading: rttMs === null ? 'Why there is no route' : 'Times without a route',
            html: list(gaps),
          },
        ]
      : []),
    ...(rttMs === null
      ? []
      : [
          {
            heading: 'Round trip over time',
            html: `<div id="route-chart" class="chart"></div>\n<p class="note">${escapeHtml(chartNote(result))}</p>`,
          },
        ]),
    ...(first
      ? [
          {
            heading: `The route at ${instantOf(result, first.atS).slice(11, 19)} UTC`,
            html: hopTable(first),
          },
        ]
      : []),
    ...(result.disjoint.length > 0
      ? [{ heading: 'Routes with no satellite in common', html: disjointTable(result) }]
      : []),
    ...(summary.pathChanges > 0 ? [{ heading: 'Path changes', html: changesTable(result) }] : []),
    { heading: 'How it was computed', html: list(howComputed(result)) },
  ];
  return reportDocument({
    title: `Route ${title}, ${instantOf(result, 0).slice(0, 10)}`,
    body: `<main>
<header>
<h1>${escapeHtml(headline(result))}</h1>
<p class="lead">${escapeHtml(
      `${durationInWords(request.forS)} from ${start}, ${plural(network.catalog.satellites, 'satellite')} (${sourcesOf(result)}), lasers: ${topologyInWords(result)}. Signal time only: processing, queues and the last mile are not in it.`,
    )}</p>
</header>
${figureList(figures)}
<section>
<div id="route-map" class="picture"></div>
<ul class="legend">
${legend(first !== null, slowest !== null)}
</ul>
<noscript><p class="note">The pictures need JavaScript; the numbers stand in the tables below.</p></noscript>
</section>
${sections.map(s => `<section><h2>${escapeHtml(s.heading)}</h2>\n${s.html}\n</section>`).join('\n')}
<footer>Computed with Beamkeeper; the same input gives the same numbers. Borders are drawn from Natural Earth and imply no opinion on the status of any territory.</footer>
</main>`,
    data: pictures(result, first, slowest),
    draw: drawRoutePictures,
  });
}

function headline({ request, summary, fibreRttMs }: RouteResult): string {
  const { from, to } = request;
  const { rttMs } = summary;
  if (rttMs === null) return `No satellite route joins ${from.name} and ${to.name}.`;
  const against =
    rttMs.max < fibreRttMs
      ? 'always less than glass along the great circle would take'
      : rttMs.min > fibreRttMs
        ? 'more than glass along the great circle would take'
        : 'at times less than glass along the great circle would take';
  return `From ${from.name} to ${to.name} and back over satellites takes ${decimal(rttMs.min)} to ${decimal(rttMs.max)} ms, ${against}.`;
}

/** The path that is slowest when it begins, unless it is the first. */
function slowestOf({ paths }: RouteResult, first: RoutePath | null): RoutePath | null {
  let slowest = first;
  for (const path of paths) {
    if ((path.rttMs ?? 0) > (slowest?.rttMs ?? 0)) slowest = path;
  }
  return slowest === first ? null : slowest;
}

function pictures(
  result: RouteResult,
  first: RoutePath | null,
  slowest: RoutePath | null,
): RoutePictures {
  const { request, summary, paths, steps } = result;
  const ends = [request.from, request.to];
  const [a, b] = ends.map((end): [number, number] => [end.lonDeg, end.latDeg]);
  const along = geoInterpolate(a, b);
  const greatCircle = Array.from({ length: GREAT_CIRCLE_POINTS + 1 }, (_, i) =>
    rounded(along(i / GREAT_CIRCLE_POINTS)),
  );
  const others = paths.filter(path => path !== first && path !== slowest && path.hops.length > 0);
  const every = Math.max(1, Math.ceil(others.length / MOST_OTHER_PATHS));
  const shownOthers = others
    .filter((_, i) => i % every === 0)
    .map(path => path.points.map(point => lonLat(point)));
  const routes = [
    ...(slowest ? [routeLine(slowest, 'slowest')] : []),
    ...(first ? [routeLine(first, 'first')] : []),
  ];
  const mustSee = [
    ...greatCircle,
    ...shownOthers.flat(),
    ...routes.flatMap(route => route.stops.map(stop => stop.at)),
  ];
  const region = regionAround(mustSee, []);
  const kept = thinned(steps.map(step => step.rttMs));
  return {
    map: {
      description: `Map of the route from ${request.from.name} to ${request.to.name} over ${plural(Math.max(0, (first?.points.length ?? 2) - 2), 'satellite')}.`,
      rotate: [-region.centre[0], -region.centre[1]],
      mustSee,
      land: landOf({ ...region, radiusKm: region.radiusKm * LAND_BEYOND }),
      greatCircle,
      greatCircleText: `${whole(result.greatCircleKm)} km`,
      ends: ends.map((end, i) => ({
        name: end.name,
        at: lonLat(end),
        isUpper: end.latDeg >= ends[1 - i].latDeg,
        anchor: anchorOf(region, end),
      })),
      routes,
      others: shownOthers,
    },
    chart: {
      description: `Round trip over time: ${summary.rttMs ? `${decimal(summary.rttMs.min)} to ${decimal(summary.rttMs.max)} ms, ${plural(summary.pathChanges, 'path change')}` : 'there is no route'}.`,
      at: kept.map(i => instantOf(result, steps[i].atS)),
      rttMs: kept.map(i => {
        const { rttMs } = steps[i];
        return rttMs === null ? null : Math.round(rttMs * 1000) / 1000;
      }),
      changes:
        summary.pathChanges > MOST_MARKED_CHANGES
          ? []
          : paths.slice(1).map(path => instantOf(result, path.atS)),
      fibreRttMs: result.fibreRttMs,
    },
  };
}

function routeLine(path: RoutePath, style: RouteLine['style']): RouteLine {
  let satellite = 0;
  return {
    style,
    links: path.hops.map((hop, i) => ({
      kind: hop.kind,
      line: [lonLat(path.points[i]), lonLat(path.points[i + 1])],
    })),
    stops: path.points.map(point => {
      const text = point.kind === 'satellite' ? String(++satellite) : '';
      return { at: lonLat(point), kind: point.kind, text, title: point.name };
    }),
  };
}

/** Steps to draw: all, or of every run the least and the most, so that no peak is lost. */
function thinned(rttMs: readonly (number | null)[]): number[] {
  if (rttMs.length <= MOST_CHART_POINTS) return rttMs.map((_, i) => i);
  const run = Math.ceil((2 * rttMs.length) / MOST_CHART_POINTS);
  const kept: number[] = [];
  for (let start = 0; start < rttMs.length; start += run) {
    const members = Array.from(
      { length: Math.min(run, rttMs.length - start) },
      (_, i) => start + i,
    );
    const gap = members.find(i => rttMs[i] === null);
    const by = (sign: 1 | -1): number =>
      members.reduce((x, y) => (sign * ((rttMs[y] ?? 0) - (rttMs[x] ?? 0)) > 0 ? y : x));
    kept.push(...new Set([gap ?? by(1), by(-1), members[0]]));
  }
  return [...new Set(kept)].sort((x, y) => x - y);
}

function hopTable(path: RoutePath): string {
  let satellite = 0;
  const numbered = path.points.map(point =>
    point.kind === 'satellite' ? `${++satellite}  ${point.name}` : point.name,
  );
  const km = path.hops.reduce((sum, hop) => sum + hop.km, 0);
  const ms = path.hops.reduce((sum, hop) => sum + hop.ms, 0);
  return htmlTable(
    'One way; satellites are numbered as on the map.',
    ['link', 'km', 'ms', 'kind'],
    [
      ...path.hops.map((hop, i) => [
        `${numbered[i]} → ${numbered[i + 1]}`,
        decimal(hop.km),
        decimal(hop.ms, 3),
        hop.kind,
      ]),
      ['all', decimal(km), decimal(ms, 3), ''],
    ],
    2,
  );
}

function disjointTable({ disjoint, summary }: RouteResult): string {
  return htmlTable(
    'The routes of least length together that share no satellite, by rank: what is left when one fails.',
    ['rank', 'of the time', 'shortest, ms', 'median, ms', 'longest, ms', 'links at first'],
    disjoint.map(({ stepCount, rttMs, first }, i) => [
      String(i + 1),
      percentOf(stepCount, summary.stepCount),
      decimal(rttMs?.min ?? null, 2),
      decimal(rttMs?.median ?? null, 2),
      decimal(rttMs?.max ?? null, 2),
      first === null ? '–' : String(first.hops.length),
    ]),
  );
}

function changesTable(result: RouteResult): string {
  const { paths } = result;
  const shown = paths.slice(1, 1 + MOST_CHANGE_ROWS);
  const more = paths.length - 1 - shown.length;
  return `${htmlTable(
    `${reasonsInWords(result)}. Each route holds from then on, until the next.`,
    ['UTC', 'round trip, ms', 'links', 'reason', 'over'],
    shown.map(path => [
      instantOf(result, path.atS).slice(11, 23).replace('Z', ''),
      decimal(path.rttMs, 2),
      path.hops.length === 0 ? '–' : String(path.hops.length),
      path.reason ?? '',
      path.hops.length === 0
        ? 'no route'
        : path.points
            .slice(1, -1)
            .map(point => point.name)
            .join(' → '),
    ]),
    2,
  )}${more > 0 ? `\n<p class="note">… and ${plural(more, 'more change')}; --json has all.</p>` : ''}`;
}

function reasonsInWords({ summary }: RouteResult): string {
  return Object.entries(summary.changesByReason)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${whole(count)} × ${reason}`)
    .join(', ');
}

function chartNote({ request, summary }: RouteResult): string {
  const marks =
    summary.pathChanges > MOST_MARKED_CHANGES
      ? `There are too many path changes to mark (${whole(summary.pathChanges)}).`
      : 'Each broken line with a mark at the top is a path change.';
  return `One route every ${durationInWords(request.stepS)}. ${marks} Changes between steps are not seen, so a shorter step may find more. The dotted line is ideal glass (n = ${FIBRE_REFRACTIVE_INDEX}) along the great circle; real cables are 1.3 to 2.3 times as long.`;
}

function howComputed({ request, warnings }: RouteResult): string[] {
  const { network, algorithm } = request;
  return [
    'Satellites move by SGP4. At every step all laser links within reach and all links from the ends are rebuilt, and the best route is searched anew.',
    `Route: ${algorithm.name}, ${algorithm.summary}.`,
    `A place may use every satellite ${network.groundLinkRule}; lasers ${network.profile === 'hypatia-compat' ? `reach ${decimal(network.laserLimits.maxRangeKm)} km` : 'stay 80 km above the Earth'}.`,
    network.profile === 'hypatia-compat'
      ? 'Conventions of Hypatia (IMC 2020), to compare with its numbers: not physics. See docs/conventions.md.'
      : 'WGS84 ground, elevation over the geodetic horizon, light at 299,792.458 km/s on every link.',
    'Both ways go along the same route.',
    ...warnings,
  ];
}

/** The text of an end at the side of the picture begins or ends there, so that it stays inside. */
function anchorOf(region: Region, end: RouteEnd): 'start' | 'middle' | 'end' {
  const [x] = kmFromCentre(region, [end.lonDeg, end.latDeg]);
  if (Math.abs(x) < SIDE_SHARE * region.radiusKm) return 'middle';
  return x < 0 ? 'start' : 'end';
}

/** Files by their names alone; fleets and designs as they are. */
function sourcesOf({ request }: RouteResult): string {
  const { kind, sources } = request.network.catalog;
  return sources
    .map(source => (kind === 'catalogue' ? source.replace(/^.*[\\/]/, '') : source))
    .join(', ');
}

function legend(hasRoute: boolean, hasSlowest: boolean): string {
  const line = (stroke: string, width: number, dash: string, text: string): string =>
    `<li><svg width="34" height="12" aria-hidden="true"><path d="M1 6 H33" stroke="${stroke}" stroke-width="${width}" stroke-dasharray="${dash}" fill="none"/></svg>${escapeHtml(text)}</li>`;
  return [
    ...(hasRoute
      ? [
          line('var(--served)', 3.2, '', 'first route: laser links'),
          line('var(--served)', 3.2, '7,5', 'radio links up and down'),
        ]
      : []),
    ...(hasSlowest ? [line('var(--withheld)', 2.4, '', 'slowest route')] : []),
    ...(hasRoute ? [line('var(--quiet)', 1.1, '', 'other routes')] : []),
    line('var(--ink)', 1.2, '2,4', 'great circle'),
  ].join('\n');
}

function list(items: readonly string[]): string {
  return `<ul class="plain">${items.map(item => `<li>${escapeHtml(item)}</li>`).join('\n')}</ul>`;
}

function lonLat({ lonDeg, latDeg }: { readonly lonDeg: number; readonly latDeg: number }): LonLat {
  return rounded([lonDeg, latDeg]);
}

function rounded([lon, lat]: LonLat): LonLat {
  return [Math.round(lon * 1000) / 1000, Math.round(lat * 1000) / 1000];
}
