import { decimal, durationInWords, percentOf, plural, whole } from '../runs/numbers.ts';
import type { RoutePath, RouteResult } from '../runs/routeRun.ts';
import { FIBRE_REFRACTIVE_INDEX } from '../runs/routeRun.ts';
import { instantOf, topologyInWords, whyUnreachable } from '../runs/routeWords.ts';
import { round } from './impactJson.ts';
import { textTable } from './textTable.ts';

const SHOWN_CHANGES = 20;

/** The answer for people. */
export function routeText(result: RouteResult): string {
  const { request, summary, paths, warnings } = result;
  const { network, from, to } = request;
  const { rttMs, stepCount, reachableCount } = summary;
  const rows = [
    ...(rttMs
      ? [
          ['shortest round trip', `${decimal(rttMs.min, 2)} ms`],
          ['median', `${decimal(rttMs.median, 2)} ms`],
          ['longest', `${decimal(rttMs.max, 2)} ms`],
          ['mean', `${decimal(rttMs.mean, 2)} ms`],
        ]
      : [['round trip', '–']]),
    [
      'with a route',
      `${percentOf(reachableCount, stepCount)} of the time (${whole(reachableCount)} of ${plural(stepCount, 'step')})`,
    ],
    ['path changes', whole(summary.pathChanges)],
    ...Object.entries(summary.changesByReason)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => [`  ${reason}`, whole(count)]),
    ...(result.hopCount
      ? [['links on the route', range(result.hopCount.min, result.hopCount.max)]]
      : []),
    [
      `fibre along the great circle, ${whole(result.greatCircleKm)} km`,
      `${decimal(result.fibreRttMs, 2)} ms`,
    ],
  ];
  const first = paths.find(path => path.hops.length > 0);
  return [
    `${from.name} to ${to.name}: from ${instantOf(result, 0)} for ${durationInWords(request.forS)} in steps of ${durationInWords(request.stepS)}, ` +
      `${plural(network.catalog.satellites, 'satellite')} (${network.catalog.sources.join(', ')})`,
    `Lasers ${topologyInWords(result)}; route: ${request.algorithm.summary}; satellites ${network.groundLinkRule}`,
    '',
    ...textTable([{ heading: 'propagation only' }, { heading: '', align: 'right' }], rows),
    ...(reachableCount < stepCount
      ? [
          '',
          reachableCount === 0 ? 'There is no route:' : 'Times without a route:',
          ...whyUnreachable(result),
        ]
      : []),
    ...(summary.pathChanges > 0 ? ['', ...changesTable(result)] : []),
    ...(result.disjoint.length > 0 ? ['', ...disjointTable(result)] : []),
    ...(first ? ['', `Route at ${instantOf(result, first.atS)}:`, '', ...hopTable(first)] : []),
    '',
    `Fibre: ideal, refractive index ${FIBRE_REFRACTIVE_INDEX}; cables are 1.3 to 2.3 times as long as the great circle.`,
    'Processing, queues and the last mile on the ground are not in these times.',
    ...warnings.map(warning => `! ${warning}`),
  ].join('\n');
}

function changesTable(result: RouteResult): string[] {
  const { paths } = result;
  const shown = paths.slice(1, 1 + SHOWN_CHANGES);
  return [
    ...textTable(
      [
        { heading: 'path change (UTC)' },
        { heading: 'after', align: 'right' },
        { heading: 'reason' },
        { heading: 'RTT ms', align: 'right' },
        { heading: 'links', align: 'right' },
        { heading: 'up by' },
        { heading: 'down by' },
      ],
      shown.map(path => {
        const { up, down } = firstAndLastSatellite(path);
        return [
          instantOf(result, path.atS).slice(11, 23).replace('Z', ''),
          durationText(path.atS),
          path.reason ?? '',
          decimal(path.rttMs, 2),
          path.hops.length === 0 ? '–' : String(path.hops.length),
          up,
          down,
        ];
      }),
    ),
    ...(paths.length - 1 > shown.length
      ? [`… and ${paths.length - 1 - shown.length} more (--json)`]
      : []),
  ];
}

function firstAndLastSatellite(path: RoutePath): { up: string; down: string } {
  const satellites = path.points.filter(point => point.kind === 'satellite');
  return {
    up: satellites[0]?.name ?? 'no route',
    down: satellites[satellites.length - 1]?.name ?? '',
  };
}

function disjointTable({ disjoint, summary }: RouteResult): string[] {
  return textTable(
    [
      { heading: 'no satellite in common' },
      { heading: 'of the time', align: 'right' },
      { heading: 'shortest ms', align: 'right' },
      { heading: 'median', align: 'right' },
      { heading: 'longest', align: 'right' },
      { heading: 'links at first', align: 'right' },
    ],
    disjoint.map(({ stepCount, rttMs, first }, i) => [
      `route ${i + 1}`,
      percentOf(stepCount, summary.stepCount),
      decimal(rttMs?.min ?? null, 2),
      decimal(rttMs?.median ?? null, 2),
      decimal(rttMs?.max ?? null, 2),
      first === null ? '–' : String(first.hops.length),
    ]),
  );
}

function hopTable(path: RoutePath): string[] {
  return textTable(
    [
      { heading: 'from' },
      { heading: 'to' },
      { heading: 'link' },
      { heading: 'km', align: 'right' },
      { heading: 'ms', align: 'right' },
    ],
    path.hops.map(hop => [hop.from, hop.to, hop.kind, decimal(hop.km, 1), decimal(hop.ms, 3)]),
  );
}

/** The answer for programs. Field by field in docs/routes.md. */
export function routeJson(
  result: RouteResult,
  files: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const { request, summary, paths, hopCount } = result;
  const { network, gateways } = request;
  const first = paths.find(path => path.hops.length > 0);
  return {
    command: 'route',
    from: request.from,
    to: request.to,
    at: instantOf(result, 0),
    forS: request.forS,
    stepS: request.stepS,
    stepCount: summary.stepCount,
    rttMs: roundedRtt(summary.rttMs),
    reachable: summary.reachableCount,
    reachableShare: round(summary.reachableCount / summary.stepCount, 6),
    unreachable: result.unreachable,
    ...(summary.reachableCount < summary.stepCount
      ? { whyUnreachable: whyUnreachable(result) }
      : {}),
    pathChanges: summary.pathChanges,
    changesByReason: summary.changesByReason,
    hopCount,
    hopsAtS: first?.atS ?? null,
    hops: hopRows(first ?? null),
    ...(result.disjoint.length > 0
      ? {
          disjoint: result.disjoint.map(({ stepCount, rttMs, first: route }) => ({
            reachable: stepCount,
            rttMs: roundedRtt(rttMs),
            hopsAtS: route?.atS ?? null,
            hops: hopRows(route),
          })),
        }
      : {}),
    fibre: {
      greatCircleKm: round(result.greatCircleKm, 3),
      refractiveIndex: FIBRE_REFRACTIVE_INDEX,
      rttMs: round(result.fibreRttMs, 4),
    },
    profile: network.profile,
    topology: network.topology.name,
    crossPlaneShift: network.crossPlaneShift,
    acquisitionS: network.acquisitionS,
    routing: request.algorithm.name,
    groundLinks: network.groundLinkRule,
    maskDeg: round(network.userMaskDeg ?? Number.NaN, 3),
    catalog: network.catalog,
    gateways: gateways.list,
    warnings: result.warnings,
    files,
    changes: paths.slice(1).map(path => ({
      at: instantOf(result, path.atS),
      atS: path.atS,
      reason: path.reason,
      rttMs: round(path.rttMs ?? Number.NaN, 4),
      hops: path.hops.length,
      path: path.points.map(point => point.name),
    })),
    series: seriesRows(result).map(({ at: _, path: __, ...step }) => step),
  };
}

function roundedRtt(rttMs: RouteResult['summary']['rttMs']): Record<string, number | null> | null {
  return (
    rttMs && {
      min: round(rttMs.min, 4),
      median: round(rttMs.median, 4),
      max: round(rttMs.max, 4),
      mean: round(rttMs.mean, 4),
    }
  );
}

function hopRows(path: RoutePath | null): Record<string, unknown>[] {
  return (path?.hops ?? []).map(hop => ({ ...hop, km: round(hop.km, 3), ms: round(hop.ms, 5) }));
}

/** A row a step, for CSV. */
export function seriesRows(result: RouteResult): {
  readonly at: string;
  readonly atS: number;
  readonly rttMs: number | null;
  readonly hops: number | null;
  readonly path: string;
}[] {
  const { steps, paths } = result;
  let p = 0;
  return steps.map(step => {
    while (p + 1 < paths.length && paths[p + 1].atS <= step.atS) p++;
    return {
      at: instantOf(result, step.atS),
      atS: step.atS,
      rttMs: round(step.rttMs ?? Number.NaN, 4),
      hops: step.hops,
      path: paths[p].points.map(point => point.name).join(' > '),
    };
  });
}

function range(least: number, most: number): string {
  return least === most ? String(least) : `${least} to ${most}`;
}

function durationText(seconds: number): string {
  return `${Number(seconds.toFixed(3)).toLocaleString('en')} s`;
}
