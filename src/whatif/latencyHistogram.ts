const BIN_MS = 0.02;
const BINS = 5000;

/** People-weighted distribution of latencies from 0 to 100 ms in bins of 0.02 ms; what is above falls into the last bin. */
export interface LatencyHistogram {
  add(latencyMs: number, people: number): void;
  /** The latency, ms, that `share` of the people stay under; null when nothing was added. Right to half a bin. */
  percentile(share: number): number | null;
  clear(): void;
}

export function createLatencyHistogram(): LatencyHistogram {
  const weight = new Float64Array(BINS);
  let total = 0;
  return {
    add(latencyMs, people) {
      weight[Math.min(BINS - 1, (latencyMs / BIN_MS) | 0)] += people;
      total += people;
    },
    percentile(share) {
      if (total === 0) return null;
      let sum = 0;
      for (let bin = 0; bin < BINS; bin++) {
        sum += weight[bin];
        if (sum >= share * total) return round((bin + 0.5) * BIN_MS);
      }
      return round((BINS - 0.5) * BIN_MS);
    },
    clear() {
      weight.fill(0);
      total = 0;
    },
  };
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
