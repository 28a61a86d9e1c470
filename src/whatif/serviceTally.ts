import type { CellTable } from '../earth/cellTable.ts';
import { CELL_STATES, type CellState, type ServiceMap } from '../service/serviceMap.ts';
import type { ImpactTotals } from './impact.ts';
import { createLatencyHistogram, type LatencyHistogram } from './latencyHistogram.ts';

const SERVED = CELL_STATES.indexOf('served');

/** What one policy gave each cell over the slots so far. */
export interface ServiceTally {
  readonly latency: LatencyHistogram;
  /** Adds a slot; returns the people served in it and the median latency. */
  add(map: ServiceMap): { servedPeople: number; latencyP50Ms: number | null };
  totals(slotCount: number, durationS: number): ImpactTotals;
  /** Per cell: share of slots served, most frequent state, mean latency of served slots (NaN: never), mean rate. */
  perCell(slotCount: number): {
    servedShare: Float32Array;
    state: Uint8Array;
    latencyMs: Float32Array;
    shareMbps: Float32Array;
  };
}

/** @param scheduledIndex where each cell stands in the maps that are added */
export function createServiceTally(cells: CellTable, scheduledIndex: Int32Array): ServiceTally {
  const stateCount = CELL_STATES.length;
  const slotsInState = new Uint32Array(cells.count * stateCount);
  const latencySum = new Float64Array(cells.count);
  const shareSum = new Float64Array(cells.count);
  const cellsByState = new Float64Array(stateCount);
  const peopleByState = new Float64Array(stateCount);
  const latency = createLatencyHistogram();
  const slotLatency = createLatencyHistogram();
  let demandSum = 0;
  let rateSum = 0;
  let people = 0;
  for (let i = 0; i < cells.count; i++) people += cells.peopleCount[i];

  return {
    latency,
    add(map) {
      slotLatency.clear();
      let servedPeople = 0;
      for (let i = 0; i < cells.count; i++) {
        const place = scheduledIndex[i];
        const state = map.state[place];
        slotsInState[i * stateCount + state]++;
        cellsByState[state]++;
        peopleByState[state] += cells.peopleCount[i];
        demandSum += map.demandMbps[place];
        if (state !== SERVED) continue;
        servedPeople += cells.peopleCount[i];
        latencySum[i] += map.latencyMs[place];
        shareSum[i] += map.shareMbps[place];
        rateSum += map.shareMbps[place];
        latency.add(map.latencyMs[place], cells.peopleCount[i]);
        slotLatency.add(map.latencyMs[place], cells.peopleCount[i]);
      }
      return { servedPeople, latencyP50Ms: slotLatency.percentile(0.5) };
    },
    totals(slotCount, durationS) {
      const minutes = durationS / 60;
      const servedPeople = peopleByState[SERVED] / slotCount;
      const unserved = Math.max(0, people - servedPeople);
      const byState = Object.fromEntries(
        CELL_STATES.map((state, code) => [
          state,
          { cells: cellsByState[code] / slotCount, people: peopleByState[code] / slotCount },
        ]),
      ) as Record<CellState, { cells: number; people: number }>;
      return {
        cells: cells.count,
        people,
        servedCells: cellsByState[SERVED] / slotCount,
        servedPeople,
        minutesWithoutService: people === 0 ? 0 : (minutes * unserved) / people,
        personMinutesWithoutService: minutes * unserved,
        latencyMs: { p50: latency.percentile(0.5), p95: latency.percentile(0.95) },
        demandMbps: demandSum / slotCount,
        shareMbps: rateSum / slotCount,
        byState,
      };
    },
    perCell(slotCount) {
      const servedShare = new Float32Array(cells.count);
      const state = new Uint8Array(cells.count);
      const latencyMs = new Float32Array(cells.count);
      const shareMbps = new Float32Array(cells.count);
      for (let i = 0; i < cells.count; i++) {
        let most = 0;
        for (let code = 1; code < stateCount; code++) {
          if (slotsInState[i * stateCount + code] > slotsInState[i * stateCount + most])
            most = code;
        }
        const served = slotsInState[i * stateCount + SERVED];
        servedShare[i] = served / slotCount;
        state[i] = most;
        latencyMs[i] = served === 0 ? Number.NaN : latencySum[i] / served;
        shareMbps[i] = shareSum[i] / slotCount;
      }
      return { servedShare, state, latencyMs, shareMbps };
    },
  };
}
