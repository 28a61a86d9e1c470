import { type EdgeRule, type Membership, NO_TERRITORY } from '../earth/cellTable.ts';
import { formatInstant, type Instant } from '../orbits/instant.ts';
import type { BackhaulModel } from '../service/backhaul.ts';
import { compilePolicy } from '../service/compiledPolicy.ts';
import { allocateServiceMap, createScheduler } from '../service/scheduler.ts';
import { CELL_STATES } from '../service/serviceMap.ts';
import type { ServicePolicy, TerminalClass } from '../service/servicePolicy.ts';
import { SLOT_S, slotNumber } from '../service/slots.ts';
import { allocateSky, updateSky, type World } from '../service/world.ts';
import type { Impact, ImpactSlot, NeighbourImpact } from './impact.ts';
import { createLatencyHistogram, type LatencyHistogram } from './latencyHistogram.ts';
import { createServiceTally } from './serviceTally.ts';

const SERVED = CELL_STATES.indexOf('served');
const WITHHELD = CELL_STATES.indexOf('withheld');
const NO_BEAM = CELL_STATES.indexOf('no-beam');

export interface WhatIfInput {
  readonly world: World;
  /** The same ground under the satellites of afterwards, where those change too (`withoutSatellites`). */
  readonly worldAfter?: World;
  /** Ids and names, by the indices that the cell table uses. */
  readonly territories: readonly { readonly id: string; readonly name: string }[];
  readonly before: ServicePolicy;
  readonly after: ServicePolicy;
  readonly terminal: TerminalClass;
  /** The territory in question, as indices into `world.cells`. All results are about `world.cells`. */
  readonly membership: Membership;
  /**
   * Per cell: the territory, other than the one in question, that holds most of the cell's people
   * outside; `NO_TERRITORY` if none. See `outsideTerritoryOf`.
   */
  readonly outsideTerritory: Uint16Array;
  readonly edge: EdgeRule;
  readonly stepS?: number;
  /** The time asked for, s: the last slot may reach beyond it. */
  readonly forS: number;
  readonly seed: number;
  readonly backhaulModel?: BackhaulModel;
}

/** Two policies on one clock. Call `slot` for each slot start, then `finish` once. */
export interface WhatIfRun {
  slot(at: Instant): void;
  finish(): Impact;
}

/** How people outside fare in one territory, summed over slots. */
interface NeighbourTally {
  cells: Set<number>;
  people: number;
  byEdge: number;
  byCapacity: number;
  byGateways: number;
  gaining: number;
  servedBefore: number;
  servedAfter: number;
  shareBefore: number;
  shareAfter: number;
  latencyBefore: LatencyHistogram | null;
  latencyAfter: LatencyHistogram | null;
}

export function createWhatIf(input: WhatIfInput): WhatIfRun {
  const { world, membership, outsideTerritory } = input;
  const { cells, scheduled, scheduledIndex, gateways } = world;
  const policies = [
    compilePolicy(input.before, input.terminal, scheduled, gateways),
    compilePolicy(input.after, input.terminal, scheduled, gateways),
  ];
  const maps = [allocateServiceMap(scheduled.count), allocateServiceMap(scheduled.count)];
  const [mapBefore, mapAfter] = maps;
  const scheduler = createScheduler(world, input.seed, input.backhaulModel);
  const sky = allocateSky(world);
  const { worldAfter } = input;
  const schedulerAfter = worldAfter && createScheduler(worldAfter, input.seed, input.backhaulModel);
  const tallyBefore = createServiceTally(cells, scheduledIndex);
  const tallyAfter = createServiceTally(cells, scheduledIndex);
  const series: ImpactSlot[] = [];

  const insideShare = new Float32Array(cells.count);
  membership.cellIndex.forEach((cell, m) => {
    insideShare[cell] = membership.insideShare[m];
  });
  const neighbours = new Map<number, NeighbourTally>();
  const neighbourOfCell: (NeighbourTally | null)[] = [];
  for (let i = 0; i < cells.count; i++) {
    const outside = cells.peopleCount[i] * (1 - insideShare[i]);
    const territory = outsideTerritory[i];
    if (territory === NO_TERRITORY || outside <= 0) {
      neighbourOfCell.push(null);
      continue;
    }
    let tally = neighbours.get(territory);
    if (tally === undefined) {
      tally = newNeighbourTally();
      neighbours.set(territory, tally);
    }
    tally.cells.add(i);
    tally.people += outside;
    neighbourOfCell.push(tally);
  }

  /** 1 where the change itself names the cell: switched off, on, or restricted. */
  const isNamed = Uint8Array.from(scheduledIndex, place =>
    policies[0].isWithheld[place] !== policies[1].isWithheld[place] ||
    policies[0].maxRateMbps[place] !== policies[1].maxRateMbps[place]
      ? 1
      : 0,
  );
  const inside = { before: 0, losing: 0, keeping: 0, restricted: 0 };
  const outside = { byEdge: 0, byCapacity: 0, byGateways: 0, gaining: 0 };
  const isCellByEdge = new Uint8Array(cells.count);
  const isCellByCapacity = new Uint8Array(cells.count);
  const capacity = { freed: 0, lost: 0, takenUp: 0 };
  const gatewayUseBefore = new Uint8Array(gateways.count);
  const gatewayUseAfter = new Uint8Array(gateways.count);

  const slot = (at: Instant): void => {
    const number = slotNumber(at);
    updateSky(world, at, sky);
    if (worldAfter === undefined || schedulerAfter === undefined) {
      scheduler.run({ sky, slot: number, policies, out: maps });
    } else {
      // One after the other: both worlds search the sky with the same buffers.
      scheduler.run({ sky, slot: number, policies: [policies[0]], out: [mapBefore] });
      updateSky(worldAfter, at, sky);
      schedulerAfter.run({ sky, slot: number, policies: [policies[1]], out: [mapAfter] });
    }
    const before = tallyBefore.add(mapBefore);
    const after = tallyAfter.add(mapAfter);
    series.push({
      at: formatInstant(at),
      servedPeopleBefore: before.servedPeople,
      servedPeopleAfter: after.servedPeople,
      latencyP50MsBefore: before.latencyP50Ms,
      latencyP50MsAfter: after.latencyP50Ms,
    });
    for (let i = 0; i < cells.count; i++) compare(i);
  };

  const compare = (i: number): void => {
    const place = scheduledIndex[i];
    const had = mapBefore.state[place] === SERVED;
    const has = mapAfter.state[place] === SERVED;
    const peopleInside = cells.peopleCount[i] * insideShare[i];
    const peopleOutside = cells.peopleCount[i] - peopleInside;
    const neighbour = neighbourOfCell[i];
    if (had) {
      inside.before += peopleInside;
      gatewayUseBefore[mapBefore.gatewayIndex[place]] = 1;
      if (!has) inside.losing += peopleInside;
      else if (isNamed[i] === 1) inside.restricted += peopleInside;
      else inside.keeping += peopleInside;
    }
    if (has) gatewayUseAfter[mapAfter.gatewayIndex[place]] = 1;
    const moreMbps = mapAfter.shareMbps[place] - mapBefore.shareMbps[place];
    if (isNamed[i] === 1) capacity.freed += Math.max(0, -moreMbps);
    else if (moreMbps > 0) capacity.takenUp += moreMbps;
    else capacity.lost -= moreMbps;
    if (had && !has) {
      if (mapAfter.state[place] === WITHHELD) {
        outside.byEdge += peopleOutside;
        if (peopleOutside > 0) isCellByEdge[i] = 1;
        if (neighbour) neighbour.byEdge += peopleOutside;
      } else if (mapAfter.state[place] === NO_BEAM) {
        outside.byCapacity += peopleOutside;
        if (peopleOutside > 0) isCellByCapacity[i] = 1;
        if (neighbour) neighbour.byCapacity += peopleOutside;
      } else {
        outside.byGateways += peopleOutside;
        if (neighbour) neighbour.byGateways += peopleOutside;
      }
    } else if (has && !had) {
      outside.gaining += peopleOutside;
      if (neighbour) neighbour.gaining += peopleOutside;
    }
    if (neighbour === null) return;
    if (had) {
      neighbour.servedBefore++;
      neighbour.shareBefore += mapBefore.shareMbps[place];
      neighbour.latencyBefore ??= createLatencyHistogram();
      neighbour.latencyBefore.add(mapBefore.latencyMs[place], peopleOutside);
    }
    if (has) {
      neighbour.servedAfter++;
      neighbour.shareAfter += mapAfter.shareMbps[place];
      neighbour.latencyAfter ??= createLatencyHistogram();
      neighbour.latencyAfter.add(mapAfter.latencyMs[place], peopleOutside);
    }
  };

  const finish = (): Impact => {
    const slotCount = series.length;
    const stepS = input.stepS ?? SLOT_S;
    const before = tallyBefore.perCell(slotCount);
    const after = tallyAfter.perCell(slotCount);
    let insidePeople = 0;
    let cellsWithheld = 0;
    for (let i = 0; i < cells.count; i++) {
      insidePeople += cells.peopleCount[i] * insideShare[i];
      const place = scheduledIndex[i];
      if (policies[1].isWithheld[place] === 1 && policies[0].isWithheld[place] === 0) {
        cellsWithheld++;
      }
    }
    return {
      slotCount,
      stepS,
      edge: input.edge,
      before: tallyBefore.totals(slotCount, input.forS),
      after: tallyAfter.totals(slotCount, input.forS),
      inside: {
        cells: membership.cellIndex.length,
        people: insidePeople,
        servedPeopleBefore: inside.before / slotCount,
        peopleLosing: inside.losing / slotCount,
        peopleKeeping: inside.keeping / slotCount,
        peopleRestricted: inside.restricted / slotCount,
        cellsWithheld,
      },
      outside: {
        cellsByEdge: count(isCellByEdge),
        peopleLosingByEdge: outside.byEdge / slotCount,
        cellsByCapacity: count(isCellByCapacity),
        peopleLosingByCapacity: outside.byCapacity / slotCount,
        peopleLosingByGateways: outside.byGateways / slotCount,
        peopleGaining: outside.gaining / slotCount,
      },
      capacity: {
        freedMbps: capacity.freed / slotCount,
        lostMbps: capacity.lost / slotCount,
        takenUpMbps: capacity.takenUp / slotCount,
      },
      neighbours: neighbourRows(slotCount),
      gatewaysLost: gatewaysLost(),
      cells: {
        count: cells.count,
        h3: cells.h3,
        latDeg: cells.latRad.map(degrees),
        lonDeg: cells.lonRad.map(degrees),
        territoryIndex: cells.territoryIndex,
        people: cells.peopleCount,
        insideShare,
        servedShareBefore: before.servedShare,
        servedShareAfter: after.servedShare,
        stateBefore: before.state,
        stateAfter: after.state,
        latencyMsBefore: before.latencyMs,
        latencyMsAfter: after.latencyMs,
        shareMbpsBefore: before.shareMbps,
        shareMbpsAfter: after.shareMbps,
      },
      series,
    };
  };

  const neighbourRows = (slotCount: number): NeighbourImpact[] => {
    const rows = [...neighbours].map(([territory, tally]) => {
      const latencyBefore = tally.latencyBefore?.percentile(0.5) ?? null;
      const latencyAfter = tally.latencyAfter?.percentile(0.5) ?? null;
      return {
        id: input.territories[territory]?.id ?? String(territory),
        name: input.territories[territory]?.name ?? String(territory),
        cells: tally.cells.size,
        people: tally.people,
        peopleLosingByEdge: tally.byEdge / slotCount,
        peopleLosingByCapacity: tally.byCapacity / slotCount,
        peopleLosingByGateways: tally.byGateways / slotCount,
        peopleGaining: tally.gaining / slotCount,
        shareChangeMbps:
          mean(tally.shareAfter, tally.servedAfter) - mean(tally.shareBefore, tally.servedBefore),
        latencyChangeMs:
          latencyBefore === null || latencyAfter === null ? null : latencyAfter - latencyBefore,
      };
    });
    const weight = (row: NeighbourImpact): number =>
      row.peopleLosingByEdge +
      row.peopleLosingByCapacity +
      row.peopleLosingByGateways +
      row.peopleGaining;
    return rows.sort(
      (a, b) =>
        weight(b) - weight(a) ||
        Math.abs(b.shareChangeMbps) - Math.abs(a.shareChangeMbps) ||
        b.people - a.people ||
        (a.id < b.id ? -1 : 1),
    );
  };

  const gatewaysLost = (): Impact['gatewaysLost'] => {
    const lost: { name: string; country: string; reason: 'denied' | 'unused' }[] = [];
    for (let g = 0; g < gateways.count; g++) {
      const isDenied =
        policies[0].isGatewayPermitted[g] === 1 && policies[1].isGatewayPermitted[g] === 0;
      const isUnused = gatewayUseBefore[g] === 1 && gatewayUseAfter[g] === 0;
      if (isDenied || isUnused) {
        lost.push({
          name: gateways.name[g],
          country: gateways.country[g],
          reason: isDenied ? 'denied' : 'unused',
        });
      }
    }
    return lost;
  };

  return { slot, finish };
}

function newNeighbourTally(): NeighbourTally {
  return {
    cells: new Set(),
    people: 0,
    byEdge: 0,
    byCapacity: 0,
    byGateways: 0,
    gaining: 0,
    servedBefore: 0,
    servedAfter: 0,
    shareBefore: 0,
    shareAfter: 0,
    latencyBefore: null,
    latencyAfter: null,
  };
}

function count(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}

function mean(sum: number, n: number): number {
  return n === 0 ? 0 : sum / n;
}

function degrees(rad: number): number {
  return (rad * 180) / Math.PI;
}
