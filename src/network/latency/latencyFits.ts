import type { LatencyParameters } from './latencyParameters.ts';

/** Parameters for one operator at one time, and where they come from. */
export interface LatencyFit {
  readonly operator: string;
  /** Decimal year that the measurements are of. */
  readonly year: number;
  readonly parameters: LatencyParameters;
  readonly source: string;
}

/** [A] Refractive index of fibre (network.md §7). */
const FIBRE_REFRACTIVE_INDEX = 1.468;
/** [A] One more medium-access frame of 1.333 ms each way is waited for at half load. */
const HALF_LOAD_QUEUE_MS = 2.7;

/** Every fit, by operator and year; docs/fidelity.md tells how good they are and how to repeat them. */
export const LATENCY_FITS: readonly LatencyFit[] = [
  {
    operator: 'starlink',
    year: 2023.7,
    parameters: {
      macProcessingMs: 29.1,
      hopMs: 4,
      fibreRouteFactor: 1.9,
      fibreRefractiveIndex: FIBRE_REFRACTIVE_INDEX,
      halfLoadQueueMs: HALF_LOAD_QUEUE_MS,
    },
    source:
      'fitted on the operator’s medians of September 2023 for 57 territories (beamkeeper latency --calibrate)',
  },
  {
    operator: 'starlink',
    year: 2025.5,
    parameters: {
      macProcessingMs: 14.2,
      hopMs: 1,
      fibreRouteFactor: 1.7,
      fibreRefractiveIndex: FIBRE_REFRACTIVE_INDEX,
      halfLoadQueueMs: HALF_LOAD_QUEUE_MS,
    },
    source:
      'A: not fitted; access and processing set so that the United States come out at a mean of 25.7 ms, the median that the operator published for July 2025; hops at the upper end of the prior',
  },
  {
    operator: 'oneweb',
    year: 2025.5,
    parameters: {
      macProcessingMs: 20,
      hopMs: 0,
      fibreRouteFactor: 1.7,
      fibreRefractiveIndex: FIBRE_REFRACTIVE_INDEX,
      halfLoadQueueMs: HALF_LOAD_QUEUE_MS,
    },
    source: 'A: not fitted; the upper end of the prior of 5–20 ms',
  },
];

/**
 * What a round trip took, or is taken to take, in a year: between two fits in proportion to the time,
 * before the first and after the last as in them. Operators without a fit are taken as Starlink.
 *
 * @param year decimal year
 */
export function latencyParametersOf(operator: string, year: number): LatencyParameters {
  const own = LATENCY_FITS.filter(fit => fit.operator === operator);
  const fits = own.length > 0 ? own : LATENCY_FITS.filter(fit => fit.operator === 'starlink');
  const next = fits.findIndex(fit => fit.year >= year);
  if (next === 0) return fits[0].parameters;
  if (next < 0) return fits[fits.length - 1].parameters;
  const [before, after] = [fits[next - 1], fits[next]];
  const share = (year - before.year) / (after.year - before.year);
  const between = (name: keyof LatencyParameters): number =>
    before.parameters[name] + share * (after.parameters[name] - before.parameters[name]);
  return {
    macProcessingMs: between('macProcessingMs'),
    hopMs: between('hopMs'),
    fibreRouteFactor: between('fibreRouteFactor'),
    fibreRefractiveIndex: between('fibreRefractiveIndex'),
    halfLoadQueueMs: between('halfLoadQueueMs'),
  };
}
