import { findTerritory } from '../earth/index.ts';
import { LATENCY_FITS, type LaserUse, type LatencyParameters } from '../network/index.ts';
import { BeamkeeperError, formatInstant, type Instant, parseInstant } from '../orbits/index.ts';
import { DEFAULT_INSTANT } from './fleet.ts';
import { prepareLatency } from './latencyRun.ts';
import { latencyErrors, median, SCORE_GRID } from './latencyScore.ts';
import { loadGround } from './loadWorld.ts';
import { readMeasuredLatency } from './measuredLatency.ts';
import type { OnProgress } from './worldRequest.ts';

/** One trial: how the routes are taken and what they cost, T₀ aside. */
interface Trial {
  readonly laserUse: LaserUse;
  readonly hopMs: number;
  readonly fibreRouteFactor: number;
  /** Predicted median of each territory with T₀ = 0, ms; NaN where nobody is served. */
  readonly withoutAccessMs: readonly number[];
}

export interface FittedTrial {
  readonly laserUse: LaserUse;
  readonly parameters: LatencyParameters;
  /** Mean absolute error, an error beyond `LARGEST_ERROR_MS` counting as that: what is minimised. */
  readonly lossMs: number;
  readonly medianAbsoluteErrorMs: number;
}

export interface LatencyCalibration {
  readonly file: string;
  readonly at: string;
  readonly fleet: readonly string[];
  readonly best: FittedTrial;
  readonly errors: ReturnType<typeof latencyErrors>;
  /** Each territory predicted by a fit that has not seen it. */
  readonly leftOut: ReturnType<typeof latencyErrors>;
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    readonly measuredMs: number;
    readonly predictedMs: number;
    readonly leftOutMs: number;
  }[];
  /** The best of each way to use lasers, and with hops as short as equipment alone makes them. */
  readonly alternatives: readonly (FittedTrial & { readonly what: string })[];
  /** Range of each parameter over which the loss grows by less than a tenth. */
  readonly ranges: Readonly<
    Record<'macProcessingMs' | 'hopMs' | 'fibreRouteFactor', readonly [number, number]>
  >;
}

/** Errors beyond it are most often a gateway or a point of presence that the lists do not know: they count as this, ms. */
const LARGEST_ERROR_MS = 25;
const HOPS_MS = [0, 0.5, 1, 2, 3, 4, 5, 6];
const ROUTE_FACTORS = [1.3, 1.5, 1.7, 1.9, 2.1, 2.3];
const LASER_USES: readonly LaserUse[] = ['always', 'without-gateway'];
/** network.md §7: what equipment takes at a hop, at most. */
const MOST_OF_A_HOP_MS = 1;

/**
 * Fits access and processing (T₀), the cost of a laser hop and the fibre route factor, three numbers for
 * the whole Earth, on medians of territories. No territory has a term of its own, and nothing that was
 * measured decides by which gateway or point of presence a place is served.
 *
 * @throws BeamkeeperError for files that cannot be used
 */
export async function calibrateLatency(
  path: string,
  options: { readonly at?: Instant | undefined; readonly onProgress?: OnProgress } = {},
): Promise<LatencyCalibration> {
  const measured = await readMeasuredLatency(path);
  if (measured.kind !== 'territories') {
    throw new BeamkeeperError(
      'CALIBRATION',
      `${path}: holds pings of single dishes; a calibration takes medians of territories (scoring takes both)`,
    );
  }
  const request = {
    catalogues: [],
    people: 'auto',
    ...SCORE_GRID,
    at: options.at ?? measured.at?.instant ?? parseInstant(DEFAULT_INSTANT),
  };
  const ground = await loadGround(request);
  const territories = measured.places.map(({ place }) => findTerritory(ground.territories, place));
  const measuredMs = measured.places.map(({ p50Ms }) => p50Ms);
  const bench = await prepareLatency(request, territories, ground);
  const { fibreRefractiveIndex, halfLoadQueueMs } = LATENCY_FITS[0].parameters;
  const trials: Trial[] = [];
  const total = LASER_USES.length * HOPS_MS.length * ROUTE_FACTORS.length;
  let sources: readonly string[] = [];
  let at = '';
  for (const laserUse of LASER_USES) {
    for (const hopMs of HOPS_MS) {
      for (const fibreRouteFactor of ROUTE_FACTORS) {
        const result = await bench.evaluate({
          laserUse,
          latency: {
            macProcessingMs: 0,
            hopMs,
            fibreRouteFactor,
            fibreRefractiveIndex,
            halfLoadQueueMs,
          },
        });
        sources = result.fleet.summary.sources;
        at = formatInstant(result.fleet.at);
        trials.push({
          laserUse,
          hopMs,
          fibreRouteFactor,
          withoutAccessMs: result.places.map(({ p50Ms }) => p50Ms ?? Number.NaN),
        });
        options.onProgress?.(trials.length, total);
      }
    }
  }

  const everyone = measuredMs
    .map((_, i) => i)
    .filter(i => trials.every(trial => !Number.isNaN(trial.withoutAccessMs[i])));
  const fitOne = (trial: Trial, among: readonly number[]): { accessMs: number; lossMs: number } => {
    let best = { accessMs: 0, lossMs: Number.POSITIVE_INFINITY };
    for (let tenth = 0; tenth <= 600; tenth++) {
      const accessMs = tenth / 10;
      let sum = 0;
      for (const i of among) {
        sum += Math.min(
          LARGEST_ERROR_MS,
          Math.abs(trial.withoutAccessMs[i] + accessMs - measuredMs[i]),
        );
      }
      if (sum / among.length < best.lossMs) best = { accessMs, lossMs: sum / among.length };
    }
    return best;
  };
  const fitted = (
    among: readonly number[],
    isAllowed: (trial: Trial) => boolean = () => true,
  ): { trial: Trial; accessMs: number; lossMs: number } => {
    let best: { trial: Trial; accessMs: number; lossMs: number } | null = null;
    for (const trial of trials) {
      if (!isAllowed(trial)) continue;
      const one = fitOne(trial, among);
      if (best === null || one.lossMs < best.lossMs) best = { trial, ...one };
    }
    return best as { trial: Trial; accessMs: number; lossMs: number };
  };
  const described = ({ trial, accessMs, lossMs }: ReturnType<typeof fitted>): FittedTrial => ({
    laserUse: trial.laserUse,
    parameters: {
      macProcessingMs: accessMs,
      hopMs: trial.hopMs,
      fibreRouteFactor: trial.fibreRouteFactor,
      fibreRefractiveIndex,
      halfLoadQueueMs,
    },
    lossMs,
    medianAbsoluteErrorMs:
      median(everyone.map(i => Math.abs(trial.withoutAccessMs[i] + accessMs - measuredMs[i]))) ?? 0,
  });

  const best = fitted(everyone);
  const leftOut = new Map(
    everyone.map(i => {
      const { trial, accessMs } = fitted(everyone.filter(other => other !== i));
      return [i, trial.withoutAccessMs[i] + accessMs];
    }),
  );
  const rows = everyone.map(i => ({
    id: territories[i].id,
    name: territories[i].name,
    measuredMs: measuredMs[i],
    predictedMs: best.trial.withoutAccessMs[i] + best.accessMs,
    leftOutMs: leftOut.get(i) as number,
  }));
  const near = trials
    .map(trial => ({ trial, ...fitOne(trial, everyone) }))
    .filter(one => one.lossMs <= 1.1 * best.lossMs && one.trial.laserUse === best.trial.laserUse);
  const rangeOf = (of: (one: (typeof near)[number]) => number): readonly [number, number] => [
    Math.min(...near.map(of)),
    Math.max(...near.map(of)),
  ];
  return {
    file: path,
    at,
    fleet: sources,
    best: described(best),
    errors: latencyErrors(rows),
    leftOut: latencyErrors(rows.map(row => ({ ...row, predictedMs: row.leftOutMs }))),
    rows,
    alternatives: [
      ...LASER_USES.map(laserUse => ({
        what: `lasers ${laserUse === 'always' ? 'wherever they are the faster way' : 'only without a gateway in view'}`,
        ...described(fitted(everyone, trial => trial.laserUse === laserUse)),
      })),
      {
        what: `hops of at most ${MOST_OF_A_HOP_MS} ms`,
        ...described(fitted(everyone, trial => trial.hopMs <= MOST_OF_A_HOP_MS)),
      },
    ],
    ranges: {
      macProcessingMs: rangeOf(one => one.accessMs),
      hopMs: rangeOf(one => one.trial.hopMs),
      fibreRouteFactor: rangeOf(one => one.trial.fibreRouteFactor),
    },
  };
}
