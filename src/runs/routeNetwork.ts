import {
  type AcquiringTopology,
  CLEAR_OF_THE_EARTH,
  createTopology,
  elevationRule,
  type GroundLinkRule,
  HYPATIA_EARTH_ORIENTATION,
  HYPATIA_EPOCH,
  HYPATIA_SHELLS,
  hypatiaGround,
  hypatiaNetwork,
  type LaserLimits,
  type LaserTopology,
  noLasers,
  withAcquisition,
} from '../network/index.ts';
import {
  BeamkeeperError,
  constellationCode,
  createPropagator,
  type EarthOrientation,
  type Instant,
  NO_EARTH_ORIENTATION,
  type Propagator,
  parseDesign,
} from '../orbits/index.ts';
import { DEFAULT_SERVICE_PARAMETERS, GENERATIONS, userMaskRadOf } from '../service/index.ts';
import { type GroundGeometry, groundGeometry } from '../sky/index.ts';
import { decimalYear } from './decimalYear.ts';
import { type Fleet, type FleetSummary, loadFleet } from './fleet.ts';

const NO_LASERS = 'none';

/** Which satellites, and how they are linked. */
export interface RouteNetworkRequest {
  readonly catalogues: readonly string[];
  readonly constellation?: string | undefined;
  readonly at?: Instant | undefined;
  /** Name of a laser topology; undefined: `nearest` for real satellites, an error for a design. */
  readonly topology?: string | undefined;
  /** Cross-plane shift, for topologies that need one. */
  readonly crossPlaneShift?: number | undefined;
  /** Poleward of this latitude no laser leaves its plane, degrees; undefined: everywhere. */
  readonly polarCutOffDeg?: number | undefined;
  /** Takes the place of Walker's F in a design of one shell. */
  readonly phasing?: number | undefined;
  readonly hasLasers: boolean;
  /** How long a laser takes to be pointed, s; undefined: no time at all. */
  readonly acquisitionS?: number | undefined;
  /** Lowest elevation of all links of the ends, degrees; undefined: by operator, gateways their own. */
  readonly maskDeg?: number | undefined;
}

/** A place from which links go up. */
export interface GroundSite {
  readonly latRad: number;
  readonly lonRad: number;
  /** `none` has no antenna: a point of presence, which fibre joins to gateways. */
  readonly antenna: 'user' | 'gateway' | 'none';
}

/** Everything a route is computed over, by one set of conventions. */
export interface RouteNetwork {
  /** `physical`: WGS84, geodetic elevation, sidereal time of 1982; `hypatia-compat`: see docs/conventions.md. */
  readonly profile: 'physical' | 'hypatia-compat';
  readonly at: Instant;
  readonly operator: string;
  readonly catalog: FleetSummary;
  readonly satelliteNames: readonly string[];
  readonly propagator: Propagator;
  readonly earthOrientation: EarthOrientation;
  /** With `moveTo` where lasers take time to be pointed: call it before each instant. */
  readonly topology: LaserTopology & Partial<Pick<AcquiringTopology, 'moveTo'>>;
  readonly acquisitionS: number;
  readonly crossPlaneShift: number | null;
  readonly laserLimits: LaserLimits;
  /** In words: which satellites a place may use. */
  readonly groundLinkRule: string;
  /** Of users, degrees; null where elevation does not count. */
  readonly userMaskDeg: number | null;
  readonly warnings: readonly string[];
  groundOf(sites: readonly GroundSite[]): GroundGeometry;
  ruleOf(sites: readonly GroundSite[]): GroundLinkRule;
}

/**
 * Loads satellites and their lasers.
 *
 * @throws BeamkeeperError `TOPOLOGY` and `PHASING` for combinations that mean nothing; for files,
 *   names and designs that cannot be used
 */
export async function loadRouteNetwork(request: RouteNetworkRequest): Promise<RouteNetwork> {
  if (!request.hasLasers && (request.topology ?? NO_LASERS) !== NO_LASERS) {
    throw new BeamkeeperError(
      'TOPOLOGY',
      `--no-lasers and --topology ${request.topology} contradict each other; give one of them`,
    );
  }
  const wanted = request.hasLasers ? request.topology : NO_LASERS;
  return HYPATIA_SHELLS.some(({ name }) => name === request.constellation)
    ? hypatiaProfile(request, request.constellation ?? '', wanted)
    : physicalProfile(request, wanted);
}

async function physicalProfile(
  request: RouteNetworkRequest,
  wanted: string | undefined,
): Promise<RouteNetwork> {
  const fleet = await loadFleet({
    catalogues: request.catalogues,
    constellation: constellationOf(request),
    at: request.at,
  });
  const pointed = topologyOf(fleet, wanted, request);
  const { acquisitionS = 0 } = request;
  const topology =
    acquisitionS > 0 ? withAcquisition(pointed, acquisitionS, CLEAR_OF_THE_EARTH) : pointed;
  const propagator = createPropagator(fleet.records);
  const maskRad = request.maskDeg === undefined ? null : (request.maskDeg * Math.PI) / 180;
  const userMaskRad = maskRad ?? userMaskRadOf(fleet.operator, decimalYear(fleet.at));
  return {
    profile: 'physical',
    at: fleet.at,
    operator: fleet.operator,
    catalog: fleet.summary,
    satelliteNames: fleet.records.map(record => record.name || String(record.catalogId)),
    propagator,
    earthOrientation: NO_EARTH_ORIENTATION,
    topology,
    acquisitionS,
    crossPlaneShift: request.crossPlaneShift ?? null,
    laserLimits: CLEAR_OF_THE_EARTH,
    userMaskDeg: (userMaskRad * 180) / Math.PI,
    groundLinkRule: `above ${Math.round((userMaskRad * 1800) / Math.PI) / 10}°`,
    warnings: fleet.warnings,
    groundOf: sites =>
      groundGeometry(
        Float64Array.from(sites, site => site.latRad),
        Float64Array.from(sites, site => site.lonRad),
      ),
    ruleOf: sites => ({
      ...elevationRule(sites.length, userMaskRad),
      minElevationRad: Float64Array.from(sites, site => {
        if (site.antenna === 'none') return Number.NaN;
        return site.antenna === 'user' ? userMaskRad : (maskRad ?? gatewayMaskRad(site));
      }),
    }),
  };
}

function gatewayMaskRad({ latRad }: GroundSite): number {
  const { gatewayMaskRad, polarGatewayMaskRad, polarGatewayLatRad } = DEFAULT_SERVICE_PARAMETERS;
  return Math.abs(latRad) >= polarGatewayLatRad ? polarGatewayMaskRad : gatewayMaskRad;
}

/** The design with `--phasing` in it; other names as they are. */
function constellationOf(request: RouteNetworkRequest): string | undefined {
  const { constellation, phasing } = request;
  if (phasing === undefined) return constellation;
  const shells =
    constellation !== undefined && /[:/@]/.test(constellation) ? parseDesign(constellation) : [];
  if (shells.length === 1) return constellationCode([{ ...shells[0], phasing }]);
  throw new BeamkeeperError(
    'PHASING',
    shells.length === 0
      ? `--phasing is Walker's F of a design such as 53:1584/72/39@550; ${constellation ?? 'a catalogue'} has its satellites where they are`
      : `--phasing is of one shell, and this design has ${shells.length}; write F of each into the design`,
  );
}

function topologyOf(
  fleet: Fleet,
  wanted: string | undefined,
  { crossPlaneShift, polarCutOffDeg }: RouteNetworkRequest,
): LaserTopology {
  const { shells, records } = fleet;
  if (wanted === undefined && shells !== undefined) {
    throw new BeamkeeperError(
      'TOPOLOGY',
      'a design does not say how its satellites are linked; give --topology plus-grid --shift 0 (or another shift), --topology nearest, or --no-lasers',
    );
  }
  // A design flies what its topology needs; of real satellites only some carry lasers.
  const terminalCount =
    shells === undefined
      ? Uint8Array.from(
          fleet.generations,
          name => (GENERATIONS[name] ?? GENERATIONS['other']).laserTerminalCount,
        )
      : undefined;
  const hasTerminals = terminalCount?.some(count => count > 0) ?? true;
  const name = wanted ?? (hasTerminals ? 'nearest' : NO_LASERS);
  for (const [flag, value] of [
    ['--shift', crossPlaneShift],
    ['--polar-cut-off', polarCutOffDeg],
  ] as const) {
    const isUsed = flag === '--shift' ? name.startsWith('plus-grid') : name !== NO_LASERS;
    if (value === undefined || isUsed) continue;
    throw new BeamkeeperError(
      'TOPOLOGY',
      `${flag} ${value} means nothing to the topology ${name}; ${flag === '--shift' ? 'give --topology plus-grid with it' : 'it has no lasers'}`,
    );
  }
  return createTopology(name, {
    elementSets: records,
    shells,
    crossPlaneShift,
    terminalCount,
    polarCutOffRad: polarCutOffDeg === undefined ? undefined : (polarCutOffDeg * Math.PI) / 180,
    at: fleet.at,
  });
}

function hypatiaProfile(
  request: RouteNetworkRequest,
  name: string,
  wanted: string | undefined,
): RouteNetwork {
  const refuse = (flag: string, why: string): never => {
    throw new BeamkeeperError(
      'HYPATIA',
      `${name} goes by Hypatia's conventions, and ${flag} is none of them: ${why}`,
    );
  };
  if (request.catalogues.length > 0) {
    refuse('--catalog', 'give either --catalog or --constellation');
  }
  if (request.maskDeg !== undefined) {
    refuse(
      '--mask',
      'its places use what is within a range; the design 51.9:1156/34/0@630 has elevations',
    );
  }
  if (request.phasing !== undefined) refuse('--phasing', 'odd planes are half a slot ahead');
  if (request.crossPlaneShift !== undefined) refuse('--shift', 'slot j meets slot j');
  if (request.acquisitionS !== undefined) refuse('--acquisition', 'its lasers are pointed at once');
  if (request.polarCutOffDeg !== undefined) refuse('--polar-cut-off', 'its lasers stay on');
  const network = hypatiaNetwork(name);
  if (wanted !== undefined && wanted !== network.topology.name && wanted !== NO_LASERS) {
    refuse(`--topology ${wanted}`, `it has ${network.topology.name}, or none`);
  }
  const count = network.elementSets.length;
  const rangeKm = network.groundRule(1).maxRangeKm;
  return {
    profile: 'hypatia-compat',
    at: request.at ?? HYPATIA_EPOCH,
    operator: 'other',
    catalog: {
      kind: 'design',
      sources: [name],
      satellites: count,
      rejected: 0,
      duplicates: 0,
      epochs: null,
      ageDays: null,
      generations: { other: count },
    },
    satelliteNames: network.elementSets.map(set => set.name),
    propagator: createPropagator(network.elementSets),
    earthOrientation: HYPATIA_EARTH_ORIENTATION,
    topology: wanted === NO_LASERS ? noLasers(count) : network.topology,
    acquisitionS: 0,
    crossPlaneShift: null,
    laserLimits: network.laserLimits,
    userMaskDeg: null,
    groundLinkRule: `within ${rangeKm.toFixed(1)} km`,
    warnings: [],
    groundOf: sites =>
      hypatiaGround(
        Float64Array.from(sites, site => site.latRad),
        Float64Array.from(sites, site => site.lonRad),
      ),
    ruleOf: sites => ({
      ...network.groundRule(sites.length),
      minElevationRad: Float64Array.from(sites, site =>
        site.antenna === 'none' ? Number.NaN : -Math.PI / 2,
      ),
    }),
  };
}
