/** Even bins to 100 ms, then bins of equal ratio to 10 s. */
const EVEN_BIN_MS = 0.02;
const EVEN_BINS = 5000;
const EVEN_END_MS = EVEN_BIN_MS * EVEN_BINS;
const RATIO = 1.002;
const RATIO_BINS = Math.ceil(Math.log(10_000 / EVEN_END_MS) / Math.log(RATIO));
/** A cell where nobody lives still has a latency: it counts where no populated one does. */
const LEAST_WEIGHT = 1e-9;

/**
 * People-weighted distribution of latencies: bins of 0.02 ms to 100 ms, of 0.2 % to 10 s; what is
 * above falls into the last one.
 */
export interface LatencyHistogram {
  add(latencyMs: number, people: number): void;
  /** The latency, ms, that `share` of the people stay under; null when nothing was added. Right to half a bin. */
  percentile(share: number): number | null;
  clear(): void;
}

export function createLatencyHistogram(): LatencyHistogram {
  const weight = new Float64Array(EVEN_BINS + RATIO_BINS);
  let total = 0;
  return {
    add(latencyMs, people) {
      const bin =
        latencyMs < EVEN_END_MS
          ? (latencyMs / EVEN_BIN_MS) | 0
          : EVEN_BINS + Math.floor(Math.log(latencyMs / EVEN_END_MS) / Math.log(RATIO));
      const least = Math.max(people, LEAST_WEIGHT);
      weight[Math.min(weight.length - 1, bin)] += least;
      total += least;
    },
    percentile(share) {
      if (total === 0) return null;
      let sum = 0;
      let bin = 0;
      while (bin < weight.length - 1) {
        sum += weight[bin];
        if (sum >= share * total) break;
        bin++;
      }
      const ms =
        bin < EVEN_BINS
          ? (bin + 0.5) * EVEN_BIN_MS
          : EVEN_END_MS * RATIO ** (bin - EVEN_BINS + 0.5);
      return Math.round(ms * 1000) / 1000;
    },
    clear() {
      weight.fill(0);
      total = 0;
    },
  };
}
