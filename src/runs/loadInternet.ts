import type { CellTable, PointsOfPresence, TerritoryIndex } from '../earth/index.ts';
import {
  homePointsOfPresence,
  type LatencyParameters,
  latencyParametersOf,
} from '../network/index.ts';
import {
  builtPointsOfPresence,
  builtSeenPointsOfPresence,
  type GatewayList,
} from '../store/builtData.ts';

/** The probes of data/gateways/starlink-probe-pop.csv were seen in 2025/26: earlier they say nothing. */
const PROBES_SEEN_YEAR = 2025;

/** Where the traffic of each cell meets the internet, and what a round trip takes beside light. */
export function loadInternet(
  { territories }: TerritoryIndex,
  cells: CellTable,
  operator: GatewayList,
  year: number,
): { internet: { pops: PointsOfPresence; homePop: Int16Array }; latency: LatencyParameters } {
  const pops = builtPointsOfPresence(operator);
  const homePop = homePointsOfPresence({
    latRad: cells.latRad,
    lonRad: cells.lonRad,
    territoryIndex: cells.territoryIndex,
    territoryIds: territories.map(({ id }) => id),
    pops,
    year,
    seen: seenPointsOfPresence(year),
  });
  return { internet: { pops, homePop }, latency: latencyParametersOf(operator, year) };
}

/** Which point of presence was seen to serve which country, as far as that holds in a year. */
export function seenPointsOfPresence(year: number): { code: string; country: string }[] {
  return year >= PROBES_SEEN_YEAR ? builtSeenPointsOfPresence() : [];
}
