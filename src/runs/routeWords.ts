import { addSeconds, formatInstant } from '../orbits/index.ts';
import { plural } from './numbers.ts';
import type { RouteEnd, RouteResult } from './routeRun.ts';

/** `plus-grid, shift 0`. */
export function topologyInWords({ request }: RouteResult): string {
  const { topology, crossPlaneShift, acquisitionS } = request.network;
  return [
    topology.name,
    ...(crossPlaneShift === null ? [] : [`shift ${crossPlaneShift}`]),
    ...(acquisitionS > 0 ? [`${acquisitionS} s to point`] : []),
  ].join(', ');
}

/** Which end had no satellite, or that nothing joined the two; a sentence each, none when there always was a route. */
export function whyUnreachable(result: RouteResult): string[] {
  const { unreachable, request, summary } = result;
  const { network, from, to } = request;
  const { stepCount } = summary;
  const blind = (end: RouteEnd, steps: number): string[] => {
    if (steps === 0) return [];
    const when =
      steps === stepCount ? 'at any step' : `at ${plural(steps, 'step')} of ${stepCount}`;
    const who = end.kind === 'pop' ? `no gateway of ${end.name}` : end.name;
    return [
      `${who} sees ${end.kind === 'pop' ? 'a' : 'no'} satellite ${network.groundLinkRule} ${when}.`,
    ];
  };
  const advice =
    network.topology.name === 'none' && !request.algorithm.relaysOnGround
      ? ' Without lasers one satellite must see both ends; --routing ground-relays goes over gateways.'
      : '';
  const { noPath } = unreachable;
  return [
    ...blind(from, unreachable.fromSeesNoSatellite),
    ...blind(to, unreachable.toSeesNoSatellite),
    ...(noPath > 0
      ? [
          `Both ends see satellites, but no links join them, at ${noPath === stepCount ? 'any step' : `${plural(noPath, 'step')} of ${stepCount}`}.${advice}`,
        ]
      : []),
  ];
}

/** UTC, seconds after the start. */
export function instantOf(result: RouteResult, atS: number): string {
  return formatInstant(addSeconds(result.request.network.at, atS));
}
