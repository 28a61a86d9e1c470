import type { LatencyParameters } from '../network/index.ts';
import { formatInstant } from '../orbits/index.ts';
import { bentPipe, GENERATIONS, type ServiceParameters } from '../service/index.ts';
import type { FleetSummary } from './fleet.ts';
import type { LoadedWorld } from './loadWorld.ts';
import type { WorldRequest } from './worldRequest.ts';

/** What a result was computed from: enough to compute it again. */
export interface RunManifest {
  readonly at: string;
  readonly forS: number;
  readonly stepS: number;
  readonly slotCount: number;
  readonly resolution: number;
  readonly reachKm: number;
  readonly cells: number;
  readonly seed: number;
  readonly terminal: string;
  readonly backhaul: string;
  /** What a round trip takes beside the speed of light; its fit is told in docs/fidelity.md. */
  readonly latency: LatencyParameters;
  readonly people: { readonly source: string };
  readonly catalog: FleetSummary;
  readonly gateways: {
    readonly list: string;
    readonly operational: number;
    readonly planned: number;
    /** Beside points of presence where no list has one. */
    readonly assumed: number;
  };
  /** Every assumed value; angles in degrees. */
  readonly parameters: Readonly<Record<string, number>>;
  /** What a satellite of each generation in the fleet can give. */
  readonly generations: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

export function runManifest(request: WorldRequest, loaded: LoadedWorld): RunManifest {
  const { fleet, world } = loaded;
  const { isOperational, status } = world.gateways;
  const assumed = status.filter(one => one === 'assumed').length;
  const operational = isOperational.reduce((sum, flag) => sum + flag, 0) - assumed;
  return {
    at: formatInstant(loaded.slots[0]),
    forS: request.forS,
    stepS: request.stepS,
    slotCount: loaded.slots.length,
    resolution: request.resolution,
    reachKm: request.reachKm,
    cells: world.cells.count,
    seed: request.seed,
    terminal: request.terminal,
    backhaul: loaded.backhaulModel.name,
    latency: world.latency,
    people: { source: world.cells.peopleSource },
    catalog: fleet.summary,
    gateways: {
      list: loaded.gatewayList,
      operational,
      planned: world.gateways.count - operational - assumed,
      assumed,
    },
    parameters: inDegrees(world.parameters),
    generations: Object.fromEntries(
      Object.keys(fleet.summary.generations).map(name => [
        name,
        GENERATIONS[name] ?? GENERATIONS['other'],
      ]),
    ),
    warnings: loaded.warnings,
  };
}

/** `userMaskRad` becomes `userMaskDeg`: degrees at the edges. */
function inDegrees(parameters: ServiceParameters): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) =>
      name.endsWith('Rad')
        ? [name.replace(/Rad$/, 'Deg'), Math.round(((value * 180) / Math.PI) * 1e9) / 1e9]
        : [name, value],
    ),
  );
}

/** What stands behind the satellites, for the reader of a result. */
export function backhaulInWords(manifest: RunManifest): string {
  return manifest.backhaul === bentPipe.name
    ? 'No laser links: a satellite serves only while it sees a gateway itself.'
    : `Laser links (${manifest.backhaul.replace('lasers: ', '')}): satellites hand on to neighbours where that is faster than their own gateway, or they see none; whom the operator really links is not published.`;
}

/** What the round trips of a result hold. */
export const ROUND_TRIP_IN_WORDS =
  'Round trips run from the terminal to the operator’s point of presence: light over radio, lasers and fibre, and what access and processing were measured to take (docs/fidelity.md).';
