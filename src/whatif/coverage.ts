import type { Instant } from '../orbits/instant.ts';
import { formatInstant } from '../orbits/instant.ts';
import type { BackhaulModel } from '../service/backhaul.ts';
import { compilePolicy } from '../service/compiledPolicy.ts';
import { allocateServiceMap, createScheduler } from '../service/scheduler.ts';
import type { ServicePolicy, TerminalClass } from '../service/servicePolicy.ts';
import { SLOT_S, slotNumber } from '../service/slots.ts';
import { allocateSky, updateSky, type World } from '../service/world.ts';
import type { ImpactTotals } from './impact.ts';
import { createServiceTally } from './serviceTally.ts';

/** One row a cell, under one policy. */
export interface CoverageCells {
  readonly count: number;
  readonly h3: BigUint64Array;
  readonly latDeg: Float64Array;
  readonly lonDeg: Float64Array;
  readonly territoryIndex: Uint16Array;
  readonly people: Float32Array;
  /** Share of slots served, 0…1. */
  readonly servedShare: Float32Array;
  /** Index into `CELL_STATES`: the most frequent state. */
  readonly state: Uint8Array;
  /** Mean over served slots, NaN when never served. */
  readonly latencyMs: Float32Array;
  readonly shareMbps: Float32Array;
  /** Mean number of satellites above the mask, and of those the ones clear of the geostationary arc. */
  readonly inView: Float32Array;
  readonly inViewClear: Float32Array;
}

export interface Coverage {
  readonly slotCount: number;
  readonly stepS: number;
  readonly totals: ImpactTotals;
  /** Mean over cells and slots. */
  readonly meanInView: number;
  readonly meanInViewClear: number;
  readonly cells: CoverageCells;
  readonly series: readonly { at: string; servedPeople: number; latencyP50Ms: number | null }[];
}

/** What one policy gives the cells of a world. Call `slot` for each slot start, then `finish` once. */
export interface CoverageRun {
  slot(at: Instant): void;
  finish(): Coverage;
}

export function createCoverage(input: {
  world: World;
  policy: ServicePolicy;
  terminal: TerminalClass;
  seed: number;
  stepS?: number;
  /** The time asked for, s: the last slot may reach beyond it. */
  forS: number;
  backhaulModel?: BackhaulModel;
}): CoverageRun {
  const { world } = input;
  const { cells } = world;
  const policy = compilePolicy(input.policy, input.terminal, world.scheduled, world.gateways);
  const map = allocateServiceMap(world.scheduled.count);
  const scheduler = createScheduler(world, input.seed, input.backhaulModel);
  const sky = allocateSky(world);
  const tally = createServiceTally(cells, world.scheduledIndex);
  const inView = new Float32Array(world.scheduled.count);
  const inViewClear = new Float32Array(world.scheduled.count);
  const groupHasCells = new Uint8Array(world.groups.count);
  for (const place of world.scheduledIndex) groupHasCells[world.groupOfCell[place]] = 1;
  const series: { at: string; servedPeople: number; latencyP50Ms: number | null }[] = [];

  return {
    slot(at) {
      updateSky(world, at, sky);
      scheduler.run({ sky, slot: slotNumber(at), policies: [policy], out: [map] });
      series.push({ at: formatInstant(at), ...tally.add(map) });
      for (let g = 0; g < world.groups.count; g++) {
        if (groupHasCells[g] === 0) continue;
        const block = world.finder.linksOfGroup(g, sky.candidates, sky.satellites);
        for (let c = 0; c < block.cellCount; c++) {
          const cell = block.firstCell + c;
          for (let l = block.offsets[c]; l < block.offsets[c + 1]; l++) {
            inView[cell]++;
            inViewClear[cell] += block.isGsoClear[l];
          }
        }
      }
    },
    finish() {
      const slotCount = series.length;
      const stepS = input.stepS ?? SLOT_S;
      const per = tally.perCell(slotCount);
      const mean = (column: Float32Array): number =>
        cells.count === 0 ? 0 : column.reduce((sum, n) => sum + n, 0) / cells.count;
      const ofCells = (column: Float32Array): Float32Array =>
        Float32Array.from(world.scheduledIndex, place => column[place] / slotCount);
      const inViewMean = ofCells(inView);
      const inViewClearMean = ofCells(inViewClear);
      const degrees = (rad: number): number => (rad * 180) / Math.PI;
      return {
        slotCount,
        stepS,
        totals: tally.totals(slotCount, input.forS),
        meanInView: mean(inViewMean),
        meanInViewClear: mean(inViewClearMean),
        cells: {
          count: cells.count,
          h3: cells.h3,
          latDeg: cells.latRad.map(degrees),
          lonDeg: cells.lonRad.map(degrees),
          territoryIndex: cells.territoryIndex,
          people: cells.peopleCount,
          ...per,
          inView: inViewMean,
          inViewClear: inViewClearMean,
        },
        series,
      };
    },
  };
}
