/** Pairs that may be joined, each with what it costs; a list that grows. */
export interface PairCandidates {
  count: number;
  first: Int32Array;
  second: Int32Array;
  /** Not negative. */
  cost: Float64Array;
  /** Sort keys, rebuilt by `eachCheapest`. */
  keys: Float64Array;
}

/** Costs are compared to a part in 2³²; equal ones by the order in which they were added. */
const COST_STEPS = 2 ** 32;
const MOST_CANDIDATES = 2 ** 21;

export function allocatePairCandidates(capacity: number): PairCandidates {
  return {
    count: 0,
    first: new Int32Array(capacity),
    second: new Int32Array(capacity),
    cost: new Float64Array(capacity),
    keys: new Float64Array(capacity),
  };
}

export function addCandidate(
  candidates: PairCandidates,
  first: number,
  second: number,
  cost: number,
): void {
  if (candidates.count === candidates.first.length) grow(candidates);
  const at = candidates.count++;
  candidates.first[at] = first;
  candidates.second[at] = second;
  candidates.cost[at] = cost;
}

/**
 * Calls `take` for each candidate, cheapest first. Greedy matching: who takes as long as both ends have
 * a terminal left joins nearest neighbours, and no two unjoined satellites would both rather have each
 * other.
 */
export function eachCheapest(
  candidates: PairCandidates,
  take: (first: number, second: number) => void,
): void {
  const { count, first, second, cost, keys } = candidates;
  if (count > MOST_CANDIDATES) throw new RangeError(`${count} candidates are too many to sort`);
  let highest = 0;
  for (let i = 0; i < count; i++) if (cost[i] > highest) highest = cost[i];
  // Cost and place in one number, so that the sort is of plain numbers: 32 and 21 bits of 53.
  const perCost = highest > 0 ? (COST_STEPS - 1) / highest : 0;
  for (let i = 0; i < count; i++) {
    keys[i] = Math.floor(cost[i] * perCost) * MOST_CANDIDATES + i;
  }
  const sorted = keys.subarray(0, count).sort();
  for (let k = 0; k < count; k++) {
    const i = sorted[k] % MOST_CANDIDATES;
    take(first[i], second[i]);
  }
}

function grow(candidates: PairCandidates): void {
  const capacity = 2 * candidates.first.length + 1024;
  const first = new Int32Array(capacity);
  first.set(candidates.first);
  const second = new Int32Array(capacity);
  second.set(candidates.second);
  const cost = new Float64Array(capacity);
  cost.set(candidates.cost);
  Object.assign(candidates, { first, second, cost, keys: new Float64Array(capacity) });
}
