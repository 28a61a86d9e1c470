import { latLngToCell } from 'h3-js';
import { type CellTable, type Membership, membershipOf, NO_TERRITORY } from '../earth/index.ts';
import {
  COMPONENT_NAMES,
  type LaserUse,
  type LatencyComponents,
  type LatencyParameters,
  latencyComponents,
} from '../network/index.ts';
import { createPropagator } from '../orbits/index.ts';
import {
  allocateServiceMap,
  allocateSky,
  CELL_STATES,
  compilePolicy,
  createScheduler,
  createWorld,
  OPEN_POLICY,
  slotNumber,
  slotStart,
  updateSky,
} from '../service/index.ts';
import { takeCells } from '../whatif/index.ts';
import { backhaulOf } from './backhaulOf.ts';
import { decimalYear } from './decimalYear.ts';
import { eachSlot } from './eachSlot.ts';
import { type Fleet, loadFleet } from './fleet.ts';
import { chooseGateways } from './gatewayList.ts';
import { loadInternet } from './loadInternet.ts';
import { type Ground, gatewaysOfYear, parametersOf } from './loadWorld.ts';
import { type Place, placeId } from './places.ts';
import type { OnProgress, WorldRequest } from './worldRequest.ts';

/** A spot on the ground, for which there is one terminal. */
export interface Spot {
  readonly kind: 'spot';
  readonly name: string;
  readonly latDeg: number;
  readonly lonDeg: number;
}

export type LatencyPlace = Place | Spot;

export interface LatencyRequest
  extends Pick<
    WorldRequest,
    | 'catalogues'
    | 'constellation'
    | 'at'
    | 'topology'
    | 'crossPlaneShift'
    | 'gatewayList'
    | 'maskDeg'
    | 'gsoAngleDeg'
    | 'seed'
    | 'people'
    | 'view'
    | 'resolution'
  > {
  /** Slots looked at, spread evenly over a day from the start. */
  readonly slotCount: number;
  /** In the place of those of the operator and the year. */
  readonly latency?: LatencyParameters;
  readonly laserUse?: LaserUse;
}

/** What the twin says of one place. Rates of people, over all slots looked at. */
export interface PlaceLatency {
  readonly id: string;
  readonly name: string;
  /** Share of people and slots with service. */
  readonly servedShare: number;
  /** Round trip below which 20, 50 and 80 % lie, ms; null where nobody is served. */
  readonly p20Ms: number | null;
  readonly p50Ms: number | null;
  readonly p80Ms: number | null;
  readonly p10Ms: number | null;
  readonly p90Ms: number | null;
  /** Means, ms. */
  readonly components: LatencyComponents | null;
  /** Share that goes over lasers, and mean hops of those. */
  readonly laserShare: number;
  readonly meanHops: number;
  /** Points of presence and gateways with the share of the traffic, the largest first. */
  readonly pointsOfPresence: readonly { readonly name: string; readonly share: number }[];
  readonly gateways: readonly { readonly name: string; readonly share: number }[];
}

export interface LatencyResult {
  readonly places: readonly PlaceLatency[];
  readonly fleet: Fleet;
  readonly parameters: LatencyParameters;
  readonly year: number;
  readonly slotCount: number;
  readonly backhaul: string;
  readonly peopleSource: string;
  readonly warnings: readonly string[];
}

/** Slots of a day. */
const DAY_SLOTS = 5760;
/** Places beyond the largest shares are not named. */
const NAMED = 5;
const SERVED = CELL_STATES.indexOf('served');
/** Round trips are counted in bins of this width, ms, up to a second. */
const BIN_MS = 0.1;
const BIN_COUNT = 10_000;

/** Everything that is the same whatever the parameters: made once for a calibration. */
export interface LatencyBench {
  readonly evaluate: (
    options: { readonly latency?: LatencyParameters; readonly laserUse?: LaserUse },
    onProgress?: OnProgress,
  ) => Promise<LatencyResult>;
}

/** Round trips of people in places, by the same scheduler and network as every other result. */
export async function runLatency(
  request: LatencyRequest,
  places: readonly LatencyPlace[],
  ground: Ground,
  onProgress?: OnProgress,
): Promise<LatencyResult> {
  const bench = await prepareLatency(request, places, ground);
  return bench.evaluate(request, onProgress);
}

/**
 * Only the cells of the places are scheduled: what others there would take of the same satellites is
 * left out, and with it nearly all waiting in queues.
 */
export async function prepareLatency(
  request: LatencyRequest,
  places: readonly LatencyPlace[],
  ground: Ground,
): Promise<LatencyBench> {
  const fleet = await loadFleet(request);
  const year = decimalYear(fleet.at);
  const parameters = parametersOf(request, fleet);
  const warnings = [...fleet.warnings];
  const chosen = await chooseGateways(request.gatewayList, fleet.operator);
  if (chosen.warning !== null) warnings.push(chosen.warning);
  const gateways = gatewaysOfYear(chosen, year, fleet, parameters.userMaskRad);
  const { cells, members } = cellsOf(places, ground.cells);
  const internet = loadInternet(ground.territories, cells, chosen.operator, year);
  const propagator = createPropagator(fleet.records);
  const first = slotNumber(fleet.at);
  const slots = Array.from({ length: request.slotCount }, (_, k) =>
    slotStart(first + Math.round((k * DAY_SLOTS) / request.slotCount)),
  );

  const evaluate: LatencyBench['evaluate'] = async (options, onProgress) => {
    const latency = options.latency ?? internet.latency;
    const backhaul = backhaulOf(
      { ...request, ...(options.laserUse ? { laserUse: options.laserUse } : {}) },
      fleet,
    );
    const world = createWorld({
      propagator,
      generations: fleet.generations,
      cells,
      gateways,
      internet: internet.internet,
      latency,
      parameters,
    });
    const sky = allocateSky(world);
    const map = allocateServiceMap(cells.count);
    const policies = [compilePolicy(OPEN_POLICY, 'fixed', cells, gateways)];
    const scheduler = createScheduler(world, request.seed, backhaul);
    const tallies = places.map(() => createTally());
    await eachSlot(
      slots,
      at => {
        updateSky(world, at, sky);
        scheduler.run({ sky, slot: slotNumber(at), policies, out: [map] });
        places.forEach((_, p) => {
          const tally = tallies[p];
          const { cellIndex, weight } = members[p];
          for (let m = 0; m < cellIndex.length; m++) {
            const cell = cellIndex[m];
            tally.all += weight[m];
            if (map.state[cell] !== SERVED) continue;
            const idle = latencyComponents(
              {
                userKm: map.userKm[cell],
                laserKm: map.laserKm[cell],
                laserHops: map.laserHops[cell],
                gatewayKm: map.gatewayKm[cell],
                fibreKm: map.fibreKm[cell],
                load: 0,
              },
              latency,
            );
            tally.add(
              weight[m],
              map.latencyMs[cell],
              { ...idle, queueMs: Math.max(0, map.latencyMs[cell] - idle.totalMs) },
              map.laserHops[cell],
              map.gatewayIndex[cell],
              world.destinations.popIndex[world.destinations.ofCell[cell]],
            );
          }
        });
      },
      onProgress,
    );
    const { pops } = internet.internet;
    return {
      places: places.map((place, p) => ({
        id: place.kind === 'spot' ? place.name : placeId(place),
        name: place.name,
        ...tallies[p].finish(
          gateways.name,
          pops.city.map((city, pop) => `${city} (${pops.code[pop]})`),
        ),
      })),
      fleet,
      parameters: latency,
      year,
      slotCount: slots.length,
      backhaul: backhaul.name,
      peopleSource: cells.peopleSource,
      warnings,
    };
  };
  return { evaluate };
}

interface Members {
  readonly cellIndex: Int32Array;
  readonly weight: Float64Array;
}

/** The cells that any of the places touches, and who of them lives in which place. */
function cellsOf(
  places: readonly LatencyPlace[],
  all: CellTable,
): { cells: CellTable; members: Members[] } {
  const spots = places.filter(place => place.kind === 'spot');
  const whole = spots.length === 0 ? all : withSpots(all, spots);
  const memberships = places.map(place =>
    place.kind === 'spot' ? spotMembership(place, whole) : membershipOf(place, whole),
  );
  const used = Int32Array.from(new Set(memberships.flatMap(one => [...one.cellIndex]))).sort();
  const cells = takeCells(whole, used);
  const positionOf = new Map(Array.from(used, (cell, i) => [cell, i]));
  const members = memberships.map(
    (one): Members => ({
      cellIndex: one.cellIndex.map(cell => positionOf.get(cell) as number),
      // Where nobody lives one terminal is looked at.
      weight: Float64Array.from(one.cellIndex, (cell, m) =>
        Math.max(whole.peopleCount[cell] * one.insideShare[m], 1e-9),
      ),
    }),
  );
  return { cells, members };
}

function spotMembership(
  spot: Spot,
  cells: CellTable,
): Pick<Membership, 'cellIndex' | 'insideShare'> {
  const id = BigInt(`0x${latLngToCell(spot.latDeg, spot.lonDeg, cells.resolution)}`);
  return { cellIndex: Int32Array.of(lowerBound(cells.h3, id)), insideShare: Float32Array.of(1) };
}

/** The table with a cell for every spot, and the spot itself in the place of that cell's centre. */
function withSpots(all: CellTable, spots: readonly Spot[]): CellTable {
  const spotOf = new Map(
    spots.map(spot => [
      BigInt(`0x${latLngToCell(spot.latDeg, spot.lonDeg, all.resolution)}`),
      spot,
    ]),
  );
  const missing = [...spotOf.keys()].filter(id => all.h3[lowerBound(all.h3, id)] !== id);
  const ids = BigUint64Array.from([...all.h3, ...missing]).sort();
  const from = Int32Array.from(ids, id => {
    const at = lowerBound(all.h3, id);
    return all.h3[at] === id ? at : -1;
  });
  const latRad = new Float64Array(ids.length);
  const lonRad = new Float64Array(ids.length);
  ids.forEach((id, i) => {
    const spot = spotOf.get(id);
    if (spot === undefined) {
      latRad[i] = all.latRad[from[i]];
      lonRad[i] = all.lonRad[from[i]];
      return;
    }
    latRad[i] = (spot.latDeg * Math.PI) / 180;
    lonRad[i] = (spot.lonDeg * Math.PI) / 180;
  });
  return {
    ...all,
    count: ids.length,
    h3: ids,
    latRad,
    lonRad,
    peopleCount: Float32Array.from(from, at => (at < 0 ? 0 : all.peopleCount[at])),
    territoryIndex: Uint16Array.from(from, at => (at < 0 ? NO_TERRITORY : all.territoryIndex[at])),
    isWater: Uint8Array.from(from, at => (at < 0 ? 0 : all.isWater[at])),
    isBorder: Uint8Array.from(from, at => (at < 0 ? 0 : all.isBorder[at])),
  };
}

function lowerBound(ids: BigUint64Array, id: bigint): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle] < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Round trips of one place so far. */
function createTally() {
  const bins = new Float64Array(BIN_COUNT);
  const sums = new Float64Array(COMPONENT_NAMES.length);
  const byGateway = new Map<number, number>();
  const byPop = new Map<number, number>();
  let served = 0;
  let overLasers = 0;
  let hopSum = 0;
  const tally = {
    all: 0,
    add(
      weight: number,
      latencyMs: number,
      components: LatencyComponents,
      hops: number,
      gateway: number,
      pop: number,
    ): void {
      served += weight;
      bins[Math.min(BIN_COUNT - 1, Math.floor(latencyMs / BIN_MS))] += weight;
      COMPONENT_NAMES.forEach((name, c) => {
        sums[c] += weight * components[name];
      });
      if (hops > 0) {
        overLasers += weight;
        hopSum += weight * hops;
      }
      byGateway.set(gateway, (byGateway.get(gateway) ?? 0) + weight);
      byPop.set(pop, (byPop.get(pop) ?? 0) + weight);
    },
    finish(gatewayNames: readonly string[], popNames: readonly string[]) {
      const percentile = (share: number): number | null => {
        if (served === 0) return null;
        let left = share * served;
        for (let bin = 0; bin < BIN_COUNT; bin++) {
          if (bins[bin] > 0 && left <= bins[bin]) return (bin + left / bins[bin]) * BIN_MS;
          left -= bins[bin];
        }
        return BIN_COUNT * BIN_MS;
      };
      const largest = (by: Map<number, number>, names: readonly string[]) =>
        [...by]
          .sort((a, b) => b[1] - a[1] || a[0] - b[0])
          .slice(0, NAMED)
          .map(([index, weight]) => ({
            name: names[index] ?? 'the gateway itself',
            share: weight / served,
          }));
      const means = Object.fromEntries(
        COMPONENT_NAMES.map((name, c) => [name, sums[c] / served]),
      ) as Record<(typeof COMPONENT_NAMES)[number], number>;
      return {
        servedShare: tally.all === 0 ? 0 : served / tally.all,
        p10Ms: percentile(0.1),
        p20Ms: percentile(0.2),
        p50Ms: percentile(0.5),
        p80Ms: percentile(0.8),
        p90Ms: percentile(0.9),
        components:
          served === 0
            ? null
            : { ...means, totalMs: sums.reduce((sum, value) => sum + value, 0) / served },
        laserShare: served === 0 ? 0 : overLasers / served,
        meanHops: overLasers === 0 ? 0 : hopSum / overLasers,
        pointsOfPresence: largest(byPop, popNames),
        gateways: largest(byGateway, gatewayNames),
      };
    },
  };
  return tally;
}
