import type { PointsOfPresence, Territory, TerritoryIndex } from '../earth/index.ts';
import { allocateGroundLinks, elevationRule, updateGroundLinks } from '../network/index.ts';
import { allocatePositionsEcef, BeamkeeperError, createPropagator } from '../orbits/index.ts';
import { DEFAULT_SERVICE_PARAMETERS } from '../service/index.ts';
import { greatCircleKm, groundGeometry } from '../sky/index.ts';
import type { Fleet } from './fleet.ts';
import type { ChosenGateways } from './gatewayList.ts';

/** A gateway as it is listed. */
export interface GatewayRow {
  readonly name: string;
  /** Id of the territory on whose land it stands. */
  readonly country: string;
  readonly countryName: string;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly status: string;
  /** The nearest point of presence of the operator; null when none is known. */
  readonly pop: string | null;
  readonly popCity: string | null;
  /** Great circle to it, km; a cable is longer. */
  readonly popKm: number | null;
  /** Satellites above its mask at the instant asked for; null when none was. */
  readonly inView: number | null;
}

/** Gateways of a list, by country and name. */
export function gatewayRows(
  chosen: ChosenGateways,
  pops: PointsOfPresence,
  territories: TerritoryIndex,
  options: {
    readonly territory: Territory | null;
    readonly status: string | null;
    readonly fleet: Fleet | null;
    /** Lowest elevation, rad; null: 25°, 5° poleward of 62° (network.md §1). */
    readonly maskRad: number | null;
  },
): GatewayRow[] {
  const { gateways } = chosen;
  const { territory, status, fleet } = options;
  if (territory?.kind === 'disputed-area') {
    throw new BeamkeeperError(
      'GATEWAY_COUNTRY',
      `${territory.id}: is a disputed area; gateways are listed by the territory on whose land they stand`,
    );
  }
  const inView = fleet === null ? null : satellitesInView(chosen, fleet, options.maskRad);
  const names = new Map(territories.territories.map(({ id, name }) => [id, name]));
  const rows: GatewayRow[] = [];
  for (let g = 0; g < gateways.count; g++) {
    if (territory !== null && gateways.country[g] !== territory.id) continue;
    if (status !== null && gateways.status[g] !== status) continue;
    const { pop, km } = nearestPop(pops, gateways.latRad[g], gateways.lonRad[g]);
    rows.push({
      name: gateways.name[g],
      country: gateways.country[g],
      countryName: names.get(gateways.country[g]) ?? gateways.country[g],
      latDeg: degrees(gateways.latRad[g]),
      lonDeg: degrees(gateways.lonRad[g]),
      status: gateways.status[g],
      pop: pop < 0 ? null : pops.code[pop],
      popCity: pop < 0 ? null : pops.city[pop],
      popKm: pop < 0 ? null : Math.round(km),
      inView: inView?.[g] ?? null,
    });
  }
  return rows.sort((a, b) => compare(a.countryName, b.countryName) || compare(a.name, b.name));
}

function satellitesInView(
  { gateways }: ChosenGateways,
  fleet: Fleet,
  maskRad: number | null,
): Int32Array {
  const { gatewayMaskRad, polarGatewayMaskRad, polarGatewayLatRad } = DEFAULT_SERVICE_PARAMETERS;
  const propagator = createPropagator(fleet.records);
  const positions = allocatePositionsEcef(propagator.count);
  propagator.positionsEcef(fleet.at, positions);
  const links = allocateGroundLinks(gateways.count);
  updateGroundLinks(
    groundGeometry(gateways.latRad, gateways.lonRad),
    positions,
    {
      ...elevationRule(gateways.count, gatewayMaskRad),
      minElevationRad: gateways.latRad.map(
        latRad =>
          maskRad ??
          (Math.abs(latRad) >= polarGatewayLatRad ? polarGatewayMaskRad : gatewayMaskRad),
      ),
    },
    links,
  );
  return Int32Array.from(
    { length: gateways.count },
    (_, g) => links.offsets[g + 1] - links.offsets[g],
  );
}

function nearestPop(
  pops: PointsOfPresence,
  latRad: number,
  lonRad: number,
): { pop: number; km: number } {
  let pop = -1;
  let km = Number.POSITIVE_INFINITY;
  for (let p = 0; p < pops.count; p++) {
    const distanceKm = greatCircleKm(latRad, lonRad, pops.latRad[p], pops.lonRad[p]);
    if (distanceKm >= km) continue;
    pop = p;
    km = distanceKm;
  }
  return { pop, km };
}

function degrees(rad: number): number {
  return Math.round(((rad * 180) / Math.PI) * 1e6) / 1e6;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
