import {
  type CellTable,
  type Gateways,
  gatewaysIn,
  type Membership,
  PEOPLE_SOURCES,
  type PeopleChoice,
  readPeopleCsv,
  type TerritoryIndex,
  withAssumedGateways,
} from '../earth/index.ts';
import {
  allocatePositionsEcef,
  BeamkeeperError,
  createPropagator,
  type Instant,
} from '../orbits/index.ts';
import {
  type BackhaulModel,
  competitionRingKm,
  createWorld,
  DEFAULT_SERVICE_PARAMETERS,
  gsoAngleRadOf,
  type ServiceParameters,
  slotStarts,
  subscribersPerPersonOf,
  userMaskRadOf,
  type World,
} from '../service/index.ts';
import { builtCells, builtPointsOfPresence, builtTerritories } from '../store/builtData.ts';
import { readInputFile } from '../store/inputFile.ts';
import { scopeCells, takeCells, takeMembership } from '../whatif/index.ts';
import { backhaulOf } from './backhaulOf.ts';
import { decimalYear } from './decimalYear.ts';
import { type Fleet, loadFleet } from './fleet.ts';
import { type ChosenGateways, chooseGateways } from './gatewayList.ts';
import { loadInternet } from './loadInternet.ts';
import type { WorldRequest } from './worldRequest.ts';

const MAX_PEOPLE_BYTES = 512e6;

/** The Earth as a run sees it, before it is cut to the cells that matter. */
export interface Ground {
  readonly territories: TerritoryIndex;
  /** All populated cells of the Earth. */
  readonly cells: CellTable;
}

export async function loadGround(
  request: Pick<WorldRequest, 'view' | 'people' | 'resolution'>,
): Promise<Ground> {
  const territories = builtTerritories(request.view);
  const isColumn = request.people === 'auto' || Object.hasOwn(PEOPLE_SOURCES, request.people);
  const people = isColumn
    ? (request.people as PeopleChoice)
    : readPeopleCsv(
        new TextDecoder().decode(
          await readInputFile(request.people, { maxBytes: MAX_PEOPLE_BYTES }),
        ),
        request.people,
      );
  const cells = builtCells(request.resolution, { people, populatedOnly: true, territories });
  return { territories, cells };
}

/** Everything a run over slots needs. */
export interface LoadedWorld {
  readonly fleet: Fleet;
  readonly world: World;
  /** The place in question, in indices of `world.cells`. */
  readonly membership: Membership;
  readonly slots: readonly Instant[];
  readonly gatewayList: string;
  readonly backhaulModel: BackhaulModel;
  readonly warnings: readonly string[];
}

/** Cuts the ground to a place and its surroundings, and puts the satellites over it. */
export async function loadWorld(
  request: WorldRequest,
  ground: Ground,
  membership: Membership,
): Promise<LoadedWorld> {
  const fleet = await loadFleet(request);
  const scope = scopeCells(ground.cells, membership, request.reachKm);
  const cells = takeCells(ground.cells, scope);
  const parameters = parametersOf(request, fleet);
  const ringKm = competitionRingKm(fleet.records, parameters.userMaskRad);
  const surroundings = takeCells(
    ground.cells,
    scopeCells(ground.cells, membership, request.reachKm + ringKm),
  );
  const warnings = [...fleet.warnings];
  const chosen = await chooseGateways(request.gatewayList, fleet.operator);
  if (chosen.warning !== null) warnings.push(chosen.warning);
  const year = decimalYear(fleet.at);
  const gateways = gatewaysOfYear(chosen, year, fleet, parameters.userMaskRad);
  const propagator = createPropagator(fleet.records);
  const positions = allocatePositionsEcef(propagator.count);
  const failed = propagator.positionsEcef(fleet.at, positions);
  if (failed === propagator.count) {
    throw new BeamkeeperError(
      'NO_POSITIONS',
      `none of the ${failed} satellites has a position at the instant asked for: all have decayed or are too old; give --at nearer to their epochs`,
    );
  }
  if (failed > 0) {
    warnings.push(
      `${failed} of ${propagator.count} satellites have no position at the start (decayed, or too old) and serve nobody`,
    );
  }
  const world = createWorld({
    propagator,
    generations: fleet.generations,
    cells,
    surroundings,
    gateways,
    ...loadInternet(ground.territories, surroundings, chosen.operator, year),
    parameters,
  });
  return {
    fleet,
    world,
    backhaulModel: backhaulOf(request, fleet),
    membership: takeMembership(membership, scope),
    slots: slotStarts(fleet.at, request.forS, request.stepS),
    gatewayList: chosen.list,
    warnings,
  };
}

export function parametersOf(
  request: Pick<WorldRequest, 'maskDeg' | 'gsoAngleDeg' | 'rainFadeDb'>,
  fleet: Fleet,
): ServiceParameters {
  const year = decimalYear(fleet.at);
  const { maskDeg, gsoAngleDeg } = request;
  return {
    ...DEFAULT_SERVICE_PARAMETERS,
    subscribersPerPerson: subscribersPerPersonOf(year),
    rainFadeDb: request.rainFadeDb ?? DEFAULT_SERVICE_PARAMETERS.rainFadeDb,
    userMaskRad:
      maskDeg === undefined ? userMaskRadOf(fleet.operator, year) : (maskDeg * Math.PI) / 180,
    gsoAngleRad:
      gsoAngleDeg === undefined
        ? gsoAngleRadOf(fleet.operator, year)
        : (gsoAngleDeg * Math.PI) / 180,
  };
}

/**
 * The gateways as they were in that year, and those that must have been there; a list of the user's
 * own is taken as it is.
 */
export function gatewaysOfYear(
  { gateways, list, operator }: ChosenGateways,
  year: number,
  fleet: Fleet,
  userMaskRad: number,
): Gateways {
  return list === operator
    ? withAssumedGateways(
        gatewaysIn(year, gateways),
        builtPointsOfPresence(operator),
        year,
        competitionRingKm(fleet.records, userMaskRad),
      )
    : gateways;
}
