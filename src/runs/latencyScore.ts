import { findTerritory } from '../earth/index.ts';
import { BeamkeeperError, formatInstant, type Instant, parseInstant } from '../orbits/index.ts';
import { DEFAULT_INSTANT } from './fleet.ts';
import {
  type LatencyPlace,
  type LatencyRequest,
  type LatencyResult,
  type PlaceLatency,
  runLatency,
} from './latencyRun.ts';
import { loadGround } from './loadWorld.ts';
import {
  type MeasuredLatency,
  type MeasuredPlace,
  readMeasuredLatency,
} from './measuredLatency.ts';
import { decimal, plural, signedDecimal } from './numbers.ts';
import type { OnProgress } from './worldRequest.ts';

/** The twin beside what was measured in one place, ms. */
export interface ScoredPlace {
  readonly id: string;
  readonly name: string;
  readonly measured: MeasuredPlace;
  readonly predicted: PlaceLatency;
  /** Predicted less measured median; null where the twin serves nobody. */
  readonly errorMs: number | null;
}

export interface LatencyScore {
  readonly kind: MeasuredLatency['kind'];
  readonly file: string;
  readonly at: string;
  readonly atFrom: string;
  readonly fleet: readonly string[];
  readonly satellites: number;
  readonly rows: readonly ScoredPlace[];
  /** Over the rows with a prediction; null with fewer than that takes. */
  readonly medianAbsoluteErrorMs: number | null;
  readonly meanAbsoluteErrorMs: number | null;
  /** Median of predicted less measured. */
  readonly biasMs: number | null;
  /** Spearman's rank correlation of predicted and measured medians. */
  readonly rankCorrelation: number | null;
  /** Rows that name no territory, with near misses. */
  readonly unknown: readonly string[];
  readonly parameters: LatencyResult['parameters'];
  readonly notes: readonly string[];
}

export interface ScoreOptions
  extends Partial<
    Pick<
      LatencyRequest,
      'catalogues' | 'constellation' | 'topology' | 'gatewayList' | 'people' | 'view'
    >
  > {
  readonly at?: Instant | undefined;
  readonly dish?: { readonly latDeg: number; readonly lonDeg: number } | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Cells of 1,770 km², 24 slots over the day: finer ones change medians by tenths of a ms. */
export const SCORE_GRID = { resolution: 4, slotCount: 24, seed: 1 } as const;

/**
 * Holds the twin against a file of measured medians a territory, or pings from dishes. Nothing is
 * fitted here: the parameters are those of the operator and the year.
 *
 * @throws BeamkeeperError for files that cannot be used, see `readMeasuredLatency`
 */
export async function scoreAgainst(
  path: string,
  options: ScoreOptions = {},
): Promise<LatencyScore> {
  const measured = await readMeasuredLatency(path, options.dish);
  const { people = 'auto', view } = options;
  const request: LatencyRequest = {
    catalogues: options.catalogues ?? [],
    constellation: options.constellation,
    topology: options.topology,
    gatewayList: options.gatewayList,
    ...SCORE_GRID,
    people,
    view,
    at: options.at ?? measured.at?.instant ?? parseInstant(DEFAULT_INSTANT),
  };
  const ground = await loadGround(request);
  const unknown: string[] = [];
  const known: { measured: MeasuredPlace; place: LatencyPlace }[] = [];
  for (const one of measured.places) {
    if (one.spot !== null) {
      known.push({ measured: one, place: { kind: 'spot', name: one.place, ...one.spot } });
      continue;
    }
    try {
      known.push({ measured: one, place: findTerritory(ground.territories, one.place) });
    } catch (error) {
      if (!(error instanceof BeamkeeperError)) throw error;
      unknown.push(error.message);
    }
  }
  if (known.length === 0) {
    throw new BeamkeeperError(
      'MEASURED_UNKNOWN',
      `${path}: none of its ${unknown.length} rows names a known territory: ${unknown[0]}`,
    );
  }
  const result = await runLatency(
    request,
    known.map(({ place }) => place),
    ground,
    options.onProgress,
  );
  const rows = known.map(({ measured: one }, i): ScoredPlace => {
    const predicted = result.places[i];
    return {
      id: predicted.id,
      name: predicted.name,
      measured: one,
      predicted,
      errorMs: predicted.p50Ms === null ? null : predicted.p50Ms - one.p50Ms,
    };
  });
  return {
    kind: measured.kind,
    file: path,
    at: formatInstant(result.fleet.at),
    atFrom: options.at
      ? 'the time asked for'
      : (measured.at?.from ?? 'nothing in the file tells when'),
    fleet: result.fleet.summary.sources,
    satellites: result.fleet.summary.satellites,
    rows,
    ...latencyErrors(
      rows.flatMap(({ errorMs, measured: { p50Ms } }) =>
        errorMs === null ? [] : [{ measuredMs: p50Ms, predictedMs: p50Ms + errorMs }],
      ),
    ),
    unknown,
    parameters: result.parameters,
    notes: [...measured.notes, ...result.warnings],
  };
}

/** How far predictions are from measurements. */
export function latencyErrors(
  pairs: readonly { readonly measuredMs: number; readonly predictedMs: number }[],
): Pick<
  LatencyScore,
  'medianAbsoluteErrorMs' | 'meanAbsoluteErrorMs' | 'biasMs' | 'rankCorrelation'
> {
  const errors = pairs.map(({ measuredMs, predictedMs }) => predictedMs - measuredMs);
  const sizes = errors.map(Math.abs);
  return {
    medianAbsoluteErrorMs: median(sizes),
    meanAbsoluteErrorMs:
      sizes.length === 0 ? null : sizes.reduce((a, b) => a + b, 0) / sizes.length,
    biasMs: median(errors),
    rankCorrelation: correlation(
      ranks(pairs.map(pair => pair.measuredMs)),
      ranks(pairs.map(pair => pair.predictedMs)),
    ),
  };
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const rank: number[] = new Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]] === values[order[from]]) to++;
    for (let k = from; k <= to; k++) rank[order[k]] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return rank;
}

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const n = a.length;
  if (n < 3) return null;
  const mean = (list: readonly number[]): number => list.reduce((x, y) => x + y, 0) / n;
  const [meanA, meanB] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < n; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}

/** One line of figures: what a reader wants first. */
export function scoreInWords(score: LatencyScore): string {
  const count = score.rows.filter(row => row.errorMs !== null).length;
  const what =
    score.kind === 'territories'
      ? plural(count, 'territory', 'territories')
      : plural(count, 'dish', 'dishes');
  const { medianAbsoluteErrorMs, meanAbsoluteErrorMs, biasMs, rankCorrelation } = score;
  const ms = (value: number | null): string => (value === null ? '–' : `${decimal(value)} ms`);
  return (
    `${what}: median absolute error ${ms(medianAbsoluteErrorMs)}, ` +
    `mean ${ms(meanAbsoluteErrorMs)}, bias ${biasMs === null ? '–' : `${signedDecimal(biasMs, 1)} ms`}, ` +
    `rank correlation ${rankCorrelation === null ? '–' : rankCorrelation.toFixed(2)}`
  );
}
