import { formatInstant } from '../orbits/index.ts';
import type { LatencyCalibration } from '../runs/latencyCalibration.ts';
import type { LatencyResult, PlaceLatency } from '../runs/latencyRun.ts';
import { type LatencyScore, scoreInWords } from '../runs/latencyScore.ts';
import { decimal, percentOf, plural, signedDecimal, whole } from '../runs/numbers.ts';
import type { CellRow } from './cellFiles.ts';
import { round } from './impactJson.ts';
import { textTable } from './textTable.ts';

const RIGHT = 'right' as const;
/** Errors of this size are named at the end of a score, ms. */
const LARGE_MS = 10;

/** The answer for people: percentiles and what they are made of. */
export function latencyText(result: LatencyResult): string {
  const { places, fleet, slotCount, backhaul, warnings } = result;
  const parts = places.filter(({ components }) => components !== null);
  return [
    `Round trips on ${formatInstant(fleet.at).slice(0, 10)}, ${plural(slotCount, 'slot')} over a day: ` +
      `${plural(fleet.summary.satellites, 'satellite')} (${fleet.summary.sources.join(', ')}), ${backhaul}`,
    '',
    ...textTable(
      [
        { heading: 'place' },
        { heading: 'served', align: RIGHT },
        { heading: 'p10 ms', align: RIGHT },
        { heading: 'p50 ms', align: RIGHT },
        { heading: 'p90 ms', align: RIGHT },
        { heading: 'over lasers', align: RIGHT },
        { heading: 'hops', align: RIGHT },
        { heading: 'point of presence' },
        { heading: 'gateway' },
      ],
      places.map(place => [
        labelOf(place),
        percentOf(place.servedShare, 1),
        decimal(place.p10Ms),
        decimal(place.p50Ms),
        decimal(place.p90Ms),
        percentOf(place.laserShare, 1),
        place.laserShare === 0 ? '–' : decimal(place.meanHops),
        sharesText(place.pointsOfPresence),
        sharesText(place.gateways),
      ]),
    ),
    ...(parts.length === 0
      ? []
      : [
          '',
          ...textTable(
            [
              { heading: 'mean ms' },
              { heading: 'user link', align: RIGHT },
              { heading: 'lasers', align: RIGHT },
              { heading: 'hops', align: RIGHT },
              { heading: 'gateway link', align: RIGHT },
              { heading: 'fibre', align: RIGHT },
              { heading: 'access and processing', align: RIGHT },
              { heading: 'queue', align: RIGHT },
              { heading: 'total', align: RIGHT },
            ],
            parts.map(place => [labelOf(place), ...componentCells(place)]),
          ),
        ]),
    '',
    'From the terminal to its home point of presence and back; what lies beyond it is not counted.',
    'Of the load only that of the places asked for is in the queue.',
    ...warnings.map(warning => `! ${warning}`),
  ].join('\n');
}

export function latencyRows({ places }: LatencyResult): CellRow[] {
  return places.map(place => ({
    id: place.id,
    name: place.name,
    served_share: place.servedShare,
    p10_ms: round(place.p10Ms, 2),
    p20_ms: round(place.p20Ms, 2),
    p50_ms: round(place.p50Ms, 2),
    p80_ms: round(place.p80Ms, 2),
    p90_ms: round(place.p90Ms, 2),
    laser_share: round(place.laserShare, 4),
    mean_hops: round(place.meanHops, 2),
    user_link_ms: round(place.components?.userLinkMs ?? null, 2),
    laser_ms: round(place.components?.laserMs ?? null, 2),
    hop_ms: round(place.components?.hopMs ?? null, 2),
    gateway_link_ms: round(place.components?.gatewayLinkMs ?? null, 2),
    fibre_ms: round(place.components?.fibreMs ?? null, 2),
    access_ms: round(place.components?.macProcessingMs ?? null, 2),
    queue_ms: round(place.components?.queueMs ?? null, 2),
    point_of_presence: place.pointsOfPresence[0]?.name ?? '',
    gateway: place.gateways[0]?.name ?? '',
  }));
}

export function latencyJson(result: LatencyResult, files: Record<string, string>): unknown {
  const { fleet, places, parameters, year, slotCount, backhaul, peopleSource, warnings } = result;
  return {
    command: 'latency',
    at: formatInstant(fleet.at),
    catalog: fleet.summary,
    backhaul,
    slots: slotCount,
    people: peopleSource,
    epoch: round(year, 3),
    parameters,
    warnings,
    files,
    places: places.map(rounded),
  };
}

/** Predicted beside measured, the largest errors named. */
export function latencyScoreText(score: LatencyScore): string {
  const isSeries = score.kind === 'series';
  const spread = isSeries ? 'p10–p90' : 'p20–p80';
  const large = score.rows
    .filter(({ errorMs }) => errorMs !== null && Math.abs(errorMs) >= LARGE_MS)
    .sort((a, b) => Math.abs(b.errorMs ?? 0) - Math.abs(a.errorMs ?? 0));
  return [
    `${score.file}: as of ${score.at.slice(0, 10)} (${score.atFrom}), ${plural(score.satellites, 'satellite')} (${score.fleet.join(', ')})`,
    '',
    ...textTable(
      [
        { heading: isSeries ? 'probe' : 'id' },
        { heading: isSeries ? '' : 'territory' },
        { heading: 'predicted ms', align: RIGHT },
        { heading: 'measured ms', align: RIGHT },
        { heading: 'error', align: RIGHT },
        { heading: `predicted ${spread}`, align: RIGHT },
        { heading: `measured ${spread}`, align: RIGHT },
        { heading: 'over lasers', align: RIGHT },
        { heading: 'point of presence' },
      ],
      score.rows.map(({ id, name, measured, predicted, errorMs }) => [
        id,
        isSeries ? '' : name,
        decimal(predicted.p50Ms),
        decimal(measured.p50Ms),
        signedDecimal(errorMs),
        range(
          isSeries ? predicted.p10Ms : predicted.p20Ms,
          isSeries ? predicted.p90Ms : predicted.p80Ms,
        ),
        range(measured.bestMs, measured.worstMs),
        percentOf(predicted.laserShare, 1),
        sharesText(predicted.pointsOfPresence),
      ]),
    ),
    '',
    scoreInWords(score),
    `Parameters of that time: access and processing ${decimal(score.parameters.macProcessingMs)} ms, ${decimal(score.parameters.hopMs)} ms a laser hop, fibre ${decimal(score.parameters.fibreRouteFactor)} × the great circle. Nothing is fitted by place.`,
    ...(large.length === 0
      ? []
      : [
          `Off by ${LARGE_MS} ms or more: ${large.map(({ id, errorMs }) => `${id} ${signedDecimal(errorMs, 0)}`).join(', ')}.`,
          'Most often the traffic comes down somewhere else than the lists of gateways and points of presence make likely; docs/fidelity.md has more.',
        ]),
    ...score.unknown.map(text => `! ${text}`),
    ...score.notes.map(text => `! ${text}`),
  ].join('\n');
}

export function latencyScoreRows({ rows }: LatencyScore): CellRow[] {
  return rows.map(({ id, name, measured, predicted, errorMs }) => ({
    id,
    name,
    predicted_ms: round(predicted.p50Ms, 2),
    measured_ms: measured.p50Ms,
    error_ms: round(errorMs, 2),
    laser_share: round(predicted.laserShare, 4),
    point_of_presence: predicted.pointsOfPresence[0]?.name ?? '',
  }));
}

export function latencyScoreJson(score: LatencyScore): Record<string, unknown> {
  return {
    command: 'validate',
    against: score.file,
    kind: score.kind,
    at: score.at,
    atFrom: score.atFrom,
    fleet: score.fleet,
    satellites: score.satellites,
    count: score.rows.filter(row => row.errorMs !== null).length,
    medianAbsoluteErrorMs: round(score.medianAbsoluteErrorMs, 3),
    meanAbsoluteErrorMs: round(score.meanAbsoluteErrorMs, 3),
    biasMs: round(score.biasMs, 3),
    rankCorrelation: round(score.rankCorrelation, 4),
    parameters: score.parameters,
    unknown: score.unknown,
    notes: score.notes,
    rows: score.rows.map(({ id, name, measured, predicted, errorMs }) => ({
      id,
      name,
      predictedMs: round(predicted.p50Ms, 2),
      measuredMs: measured.p50Ms,
      errorMs: round(errorMs, 2),
      measured: {
        bestMs: measured.bestMs,
        worstMs: measured.worstMs,
        count: measured.count,
      },
      predicted: rounded(predicted),
    })),
  };
}

/** What was fitted, how certain it is, and what each territory is left with. */
export function calibrationText(calibration: LatencyCalibration): string {
  const { best, errors, leftOut, ranges, rows } = calibration;
  const { macProcessingMs, hopMs, fibreRouteFactor } = best.parameters;
  const errorLine = (what: string, of: typeof errors): string =>
    `${what}: median absolute error ${decimal(of.medianAbsoluteErrorMs, 2)} ms, mean ${decimal(of.meanAbsoluteErrorMs, 2)} ms, bias ${signedDecimal(of.biasMs, 2)} ms, rank correlation ${decimal(of.rankCorrelation, 3)}`;
  return [
    `${calibration.file}: ${plural(rows.length, 'territory', 'territories')}, as of ${calibration.at.slice(0, 10)}, ${calibration.fleet.join(', ')}`,
    '',
    ...textTable(
      [
        { heading: 'fitted' },
        { heading: '', align: RIGHT },
        { heading: 'loss within a tenth', align: RIGHT },
      ],
      [
        ['access and processing, ms', decimal(macProcessingMs), range(...ranges.macProcessingMs)],
        ['a laser hop, one way, ms', decimal(hopMs), range(...ranges.hopMs)],
        [
          'fibre over the great circle',
          decimal(fibreRouteFactor),
          range(...ranges.fibreRouteFactor),
        ],
      ],
    ),
    '',
    errorLine('fitted on all', errors),
    errorLine('each left out of its own fit', leftOut),
    '',
    ...textTable(
      [
        { heading: 'instead' },
        { heading: 'access', align: RIGHT },
        { heading: 'hop', align: RIGHT },
        { heading: 'fibre', align: RIGHT },
        { heading: 'median abs. error ms', align: RIGHT },
        { heading: 'loss ms', align: RIGHT },
      ],
      calibration.alternatives.map(({ what, parameters, medianAbsoluteErrorMs, lossMs }) => [
        what,
        decimal(parameters.macProcessingMs),
        decimal(parameters.hopMs),
        decimal(parameters.fibreRouteFactor),
        decimal(medianAbsoluteErrorMs, 2),
        decimal(lossMs, 2),
      ]),
    ),
    '',
    ...textTable(
      [
        { heading: 'id' },
        { heading: 'territory' },
        { heading: 'measured', align: RIGHT },
        { heading: 'fitted', align: RIGHT },
        { heading: 'error', align: RIGHT },
        { heading: 'left out', align: RIGHT },
      ],
      [...rows]
        .sort((a, b) => a.predictedMs - a.measuredMs - (b.predictedMs - b.measuredMs))
        .map(({ id, name, measuredMs, predictedMs, leftOutMs }) => [
          id,
          name,
          decimal(measuredMs),
          decimal(predictedMs),
          signedDecimal(predictedMs - measuredMs),
          signedDecimal(leftOutMs - measuredMs),
        ]),
    ),
  ].join('\n');
}

function componentCells({ components }: PlaceLatency): string[] {
  if (components === null) return [];
  const { userLinkMs, laserMs, hopMs, gatewayLinkMs, fibreMs, macProcessingMs, queueMs, totalMs } =
    components;
  return [
    userLinkMs,
    laserMs,
    hopMs,
    gatewayLinkMs,
    fibreMs,
    macProcessingMs,
    queueMs,
    totalMs,
  ].map(value => decimal(value));
}

function labelOf({ id, name }: PlaceLatency): string {
  return id === name ? name : `${name} (${id})`;
}

const NAMED_SHARES = 2;

/** The largest shares; one that is all of it stands alone. */
function sharesText(shares: PlaceLatency['gateways']): string {
  return shares
    .slice(0, NAMED_SHARES)
    .filter(({ share }) => share >= 0.05)
    .map(({ name, share }) => (share > 0.995 ? name : `${name} ${whole(100 * share)} %`))
    .join(', ');
}

function range(from: number | null, to: number | null): string {
  return from === null || to === null ? '–' : `${decimal(from)}–${decimal(to)}`;
}

function rounded(place: PlaceLatency): unknown {
  return JSON.parse(
    JSON.stringify(place, (_, value) => (typeof value === 'number' ? round(value, 4) : value)),
  );
}
