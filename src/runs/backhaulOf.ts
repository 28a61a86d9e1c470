import { CLEAR_OF_THE_EARTH, createTopology, type LaserUse } from '../network/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { type BackhaulModel, bentPipe, GENERATIONS, laserBackhaul } from '../service/index.ts';
import type { Fleet } from './fleet.ts';
import type { WorldRequest } from './worldRequest.ts';

/**
 * How the satellites of a fleet hand traffic on: by default each to the nearest of its neighbours, if
 * it carries lasers (`GENERATIONS` says which do), wherever that is the faster way.
 *
 * @throws BeamkeeperError for a topology that there is not, or that the fleet does not allow
 */
export function backhaulOf(
  request: Pick<WorldRequest, 'topology' | 'crossPlaneShift'> & { readonly laserUse?: LaserUse },
  fleet: Pick<Fleet, 'records' | 'generations' | 'shells'>,
): BackhaulModel {
  const terminalCount = Uint8Array.from(
    fleet.generations,
    name => (GENERATIONS[name] ?? GENERATIONS['other']).laserTerminalCount,
  );
  const {
    topology = terminalCount.some(count => count > 0) ? 'nearest' : 'none',
    crossPlaneShift,
  } = request;
  if (crossPlaneShift !== undefined && request.topology === undefined) {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `--shift ${crossPlaneShift}: goes with a topology that has one; give --topology plus-grid`,
    );
  }
  if (topology === 'none') return bentPipe;
  return laserBackhaul(
    createTopology(topology, {
      elementSets: fleet.records,
      ...(fleet.shells ? { shells: fleet.shells } : {}),
      ...(crossPlaneShift === undefined ? {} : { crossPlaneShift }),
      terminalCount,
    }),
    CLEAR_OF_THE_EARTH,
    // What fits measured round trips best (docs/fidelity.md).
    request.laserUse ?? 'always',
  );
}
