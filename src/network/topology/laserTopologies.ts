import {
  BeamkeeperError,
  type ElementSet,
  type Instant,
  type WalkerShell,
} from '../../orbits/index.ts';
import { hypatiaGrid } from './hypatiaGrid.ts';
import type { LaserTopology } from './laserTopology.ts';
import { motif, parseMotif } from './motif.ts';
import { nearest } from './nearest.ts';
import { noLasers } from './noLasers.ts';
import { plusGrid } from './plusGrid.ts';
import { plusGridFifth } from './plusGridFifth.ts';

/** What a topology is made from. */
export interface TopologyRequest {
  readonly elementSets: readonly ElementSet[];
  /** Of a design, in the order of its element sets; left out for real satellites. */
  readonly shells?: readonly WalkerShell[] | undefined;
  /** s of `plus-grid` and `plus-grid-fifth`; there is no default. */
  readonly crossPlaneShift?: number | undefined;
  /** Lasers of each satellite, 0 for none. In topologies of designs all others have as many as these need. */
  readonly terminalCount?: Uint8Array | undefined;
  /** Poleward of this latitude no link leaves its plane; left out: everywhere. */
  readonly polarCutOffRad?: number | undefined;
  /** When planes of real satellites are looked for; the middle of their epochs when left out. */
  readonly at?: Instant | undefined;
  /** The two steps of `motif`, as `0,1/1,0`; in a name it is what follows the colon. */
  readonly motif?: string | undefined;
}

/** A way to link satellites, by name. */
export interface LaserTopologyKind {
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** @throws BeamkeeperError `TOPOLOGY` when the request lacks what this topology needs. */
  create(request: TopologyRequest): LaserTopology;
}

/** Every laser topology by name. Add yours here, one entry. */
export const LASER_TOPOLOGIES: readonly LaserTopologyKind[] = [
  {
    name: 'none',
    summary: 'no lasers: every satellite is a bent pipe',
    create: ({ elementSets }) => noLasers(elementSets.length),
  },
  {
    name: 'nearest',
    summary:
      'fore and aft in the plane, then the nearest in planes beside it; for real satellites and designs',
    create: ({ elementSets, ...options }) => nearest(elementSets, options),
  },
  {
    name: 'plus-grid',
    summary:
      'fore and aft in the plane, one satellite in each plane beside it; designs, with a shift',
    create: request =>
      plusGrid(shellsOf('plus-grid', request), shiftOf('plus-grid', request), request),
  },
  {
    name: 'plus-grid-fifth',
    summary: 'plus-grid, and a fifth laser to satellites that cross; designs, with a shift',
    create: request =>
      plusGridFifth(
        shellsOf('plus-grid-fifth', request),
        shiftOf('plus-grid-fifth', request),
        request,
      ),
  },
  {
    name: 'motif',
    summary: 'two neighbours of one satellite, repeated for all, as motif:0,1/1,0; designs',
    create(request) {
      const shells = shellsOf('motif', request);
      if (request.motif === undefined) {
        throw new BeamkeeperError(
          'TOPOLOGY',
          'motif needs its two neighbours, as steps of planes and slots; write motif:0,1/1,0',
        );
      }
      return motif(shells, parseMotif(request.motif), request);
    },
  },
  {
    name: 'hypatia-grid',
    summary: 'the grid of Hypatia, with no phase at the wrap; designs of one shell',
    create(request) {
      const shells = shellsOf('hypatia-grid', request);
      if (shells.length !== 1) {
        throw new BeamkeeperError(
          'TOPOLOGY',
          `hypatia-grid is of one shell, and this design has ${shells.length}; take plus-grid`,
        );
      }
      const [{ planeCount, satelliteCount }] = shells;
      return hypatiaGrid(planeCount, satelliteCount / planeCount);
    },
  },
];

/**
 * The lasers of a fleet.
 *
 * @param name of `LASER_TOPOLOGIES`; `motif` with its steps, as `motif:0,1/1,0`
 * @throws BeamkeeperError `TOPOLOGY` for an unknown name, and for a fleet that it does not suit.
 * @example
 * const shells = parseDesign('53:1584/72/39@550');
 * const elementSets = designElementSets(shells, { epoch });
 * createTopology('plus-grid', { elementSets, shells, crossPlaneShift: 0 }).maxPairCount; // 3168
 */
export function createTopology(name: string, request: TopologyRequest): LaserTopology {
  const [kindName, ...rest] = name.split(':');
  const kind = LASER_TOPOLOGIES.find(one => one.name === kindName);
  if (kind === undefined || (rest.length > 0 && kindName !== 'motif')) {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `there is no laser topology "${name}"; take one of ${LASER_TOPOLOGIES.map(one => one.name).join(', ')}`,
    );
  }
  return kind.create(rest.length > 0 ? { ...request, motif: rest.join(':') } : request);
}

function shellsOf(name: string, { shells }: TopologyRequest): readonly WalkerShell[] {
  if (shells !== undefined && shells.length > 0) return shells;
  throw new BeamkeeperError(
    'TOPOLOGY',
    `${name} is for designs such as 53:1584/72/39@550: real satellites are in no regular grid; give --topology nearest`,
  );
}

function shiftOf(name: string, { crossPlaneShift }: TopologyRequest): number {
  if (crossPlaneShift !== undefined) return crossPlaneShift;
  throw new BeamkeeperError(
    'TOPOLOGY',
    `${name} needs its cross-plane shift, because it fixes which directions of the world are fast; give --shift 0, --shift -1 …`,
  );
}
