import type { CellTable } from '../earth/cellTable.ts';
import type { Gateways, PointsOfPresence } from '../earth/gateways.ts';
import { fibreDelayMs, type LatencyParameters, PROPAGATION_ONLY } from '../network/index.ts';
import { BeamkeeperError } from '../orbits/error.ts';
import type { Instant } from '../orbits/instant.ts';
import { allocatePositionsEcef, type PositionsEcef } from '../orbits/positions.ts';
import {
  type CandidateSearch,
  type Candidates,
  createCandidateSearch,
} from '../sky/candidateSearch.ts';
import {
  type CellGroups,
  type GroundGeometry,
  groundGeometry,
  groupCells,
} from '../sky/cellGeometry.ts';
import { createUserLinkFinder, type UserLinkFinder } from '../sky/userLinks.ts';
import { type Destinations, destinationsOf, gatewaysThemselves } from './destinations.ts';
import { GENERATIONS, type GenerationCapacity } from './generationCapacity.ts';
import type { ServiceParameters } from './serviceParameters.ts';

/** What the service needs of a propagator: Earth-fixed positions of all satellites at an instant. */
export interface PositionSource {
  readonly count: number;
  positionsEcef(at: Instant, out: PositionsEcef): unknown;
}

/** Everything that does not change from slot to slot. */
export interface World {
  readonly propagator: PositionSource;
  /** The cells that results are about. */
  readonly cells: CellTable;
  /** Those and the cells around that compete for the same satellites: what the scheduler decides on. */
  readonly scheduled: CellTable;
  /** Where each of `cells` stands in `scheduled`. */
  readonly scheduledIndex: Int32Array;
  readonly gateways: Gateways;
  readonly destinations: Destinations;
  readonly latency: LatencyParameters;
  /** One way over a km of great circle between gateway and point of presence. */
  readonly fibreMsPerKm: number;
  readonly parameters: ServiceParameters;
  readonly capacities: readonly GenerationCapacity[];
  readonly groups: CellGroups;
  readonly groupOfCell: Int32Array;
  readonly ground: GroundGeometry;
  readonly gatewayGround: GroundGeometry;
  readonly gatewayMaskRad: Float64Array;
  readonly search: CandidateSearch;
  readonly finder: UserLinkFinder;
}

/**
 * @param generations one name per satellite of the propagator, see `GENERATIONS`; unknown ones count as `other`
 * @param cells the cells that results are about, ids ascending
 * @param surroundings a table that holds those and the cells that compete with them, ids ascending;
 *   without it the cells at hand are taken to be alone on Earth
 * @param internet where traffic meets the internet: the points of presence, and which of them serves
 *   each cell of the surroundings; without it traffic is followed to the gateway only
 * @param latency without it a round trip is propagation alone
 */
export function createWorld(input: {
  propagator: PositionSource;
  generations: readonly string[];
  cells: CellTable;
  surroundings?: CellTable;
  gateways: Gateways;
  internet?: { readonly pops: PointsOfPresence; readonly homePop: Int16Array };
  latency?: LatencyParameters;
  parameters: ServiceParameters;
}): World {
  const { propagator, cells, gateways, internet, parameters } = input;
  const { latency = PROPAGATION_ONLY } = input;
  const scheduled = input.surroundings ?? cells;
  const ground = groundGeometry(scheduled.latRad, scheduled.lonRad);
  const groups = groupCells(scheduled);
  const groupOfCell = new Int32Array(scheduled.count);
  for (let g = 0; g < groups.count; g++) {
    groupOfCell.fill(g, groups.firstCell[g], groups.firstCell[g + 1]);
  }
  return {
    propagator,
    cells,
    scheduled,
    scheduledIndex: placesIn(scheduled, cells),
    gateways,
    destinations: internet
      ? destinationsOf(gateways, internet.pops, internet.homePop)
      : gatewaysThemselves(gateways, scheduled.count),
    latency,
    fibreMsPerKm: fibreDelayMs(1, latency),
    parameters,
    capacities: capacitiesOf(input.generations),
    groups,
    groupOfCell,
    ground,
    gatewayGround: groundGeometry(gateways.latRad, gateways.lonRad),
    gatewayMaskRad: Float64Array.from(gateways.latRad, lat =>
      Math.abs(lat) > parameters.polarGatewayLatRad
        ? parameters.polarGatewayMaskRad
        : parameters.gatewayMaskRad,
    ),
    search: createCandidateSearch(groups),
    finder: createUserLinkFinder(ground, groups, {
      minElevationRad: parameters.userMaskRad,
      gsoAngleRad: parameters.gsoAngleRad,
    }),
  };
}

/** The same ground under another fleet: nothing of the ground is computed again. */
export function withFleet(
  world: World,
  propagator: PositionSource,
  generations: readonly string[],
): World {
  return { ...world, propagator, capacities: capacitiesOf(generations) };
}

/** The same world with some satellites gone: they have no position, serve nobody and carry nothing. */
export function withoutSatellites(world: World, isGone: Uint8Array): World {
  const { propagator } = world;
  return {
    ...world,
    propagator: {
      count: propagator.count,
      positionsEcef(at, out) {
        propagator.positionsEcef(at, out);
        for (let s = 0; s < propagator.count; s++) {
          if (isGone[s] === 1) out.xKm[s] = out.yKm[s] = out.zKm[s] = Number.NaN;
        }
      },
    },
  };
}

/** Where the ids of one table stand in another that holds them all; both ascending. */
function placesIn(all: CellTable, cells: CellTable): Int32Array {
  let place = 0;
  return Int32Array.from(cells.h3, id => {
    while (place < all.count && all.h3[place] < id) place++;
    if (all.h3[place] !== id) {
      throw new BeamkeeperError(
        'SURROUNDINGS',
        `cell ${id.toString(16)} is not among the surroundings; give a table that holds it`,
        { isBadInput: false },
      );
    }
    return place;
  });
}

function capacitiesOf(generations: readonly string[]): GenerationCapacity[] {
  return generations.map(name => GENERATIONS[name] ?? (GENERATIONS['other'] as GenerationCapacity));
}

/** The sky of a world at one instant: positions and, per group of cells, the satellites worth testing. */
export interface Sky {
  readonly satellites: PositionsEcef;
  candidates: Candidates;
}

export function allocateSky(world: World): Sky {
  return {
    satellites: allocatePositionsEcef(world.propagator.count),
    candidates: {
      offsets: new Int32Array(world.groups.count + 1),
      satellites: new Int32Array(0),
      isInReach: new Uint8Array(world.propagator.count),
    },
  };
}

/** Moves a sky to an instant. */
export function updateSky(world: World, at: Instant, sky: Sky): void {
  world.propagator.positionsEcef(at, sky.satellites);
  sky.candidates = world.search.find(sky.satellites, world.parameters.userMaskRad);
}
