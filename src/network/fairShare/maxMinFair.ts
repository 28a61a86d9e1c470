import { assertFlowProblem, type FlowProblem } from './flowProblem.ts';
import { createLinkHeap } from './linkHeap.ts';

/** Who gets how much, and what holds each flow back. */
export interface FairShare {
  readonly rateMbps: Float64Array;
  /** The link that held the flow back, or `DEMAND_MET`. */
  readonly bottleneckLink: Int32Array;
}

/** In place of a bottleneck: the flow gets all that it asks for. */
export const DEMAND_MET = -1;

export function allocateFairShare(flowCount: number): FairShare {
  return {
    rateMbps: new Float64Array(flowCount),
    bottleneckLink: new Int32Array(flowCount).fill(DEMAND_MET),
  };
}

/**
 * Weighted max-min fair rates of flows that each have one path: no flow can get more without another
 * that has less (per weight) getting still less. There is one such allocation.
 *
 * Progressive filling (Bertsekas & Gallager, Data Networks, 2nd ed., §6.5.2): the level, rate per
 * weight, rises for all flows at once; a flow stops at its demand or where a link on its path is full.
 * Instead of steps there are events: the next demand in sorted order, and the next link to fill from
 * a heap. O(hops log links + flows log flows) in all but contrived cases.
 *
 * The same bits come out in whatever order the flows are given: all sums run over the flows of a link
 * by (demand per weight, weight), and flows alike in both add the same number.
 *
 * @param out filled and returned
 * @throws BeamkeeperError `FLOWS` for a problem that does not fit together or has no bound
 *
 * @example
 * // Two flows over a link of 10 Mbps; the first wants only 2.
 * maxMinFair({
 *   offsets: Int32Array.of(0, 1, 2),
 *   links: Int32Array.of(0, 0),
 *   capacityMbps: Float64Array.of(10),
 *   demandMbps: Float64Array.of(2, 100),
 *   weight: Float64Array.of(1, 1),
 * }).rateMbps; // 2, 8
 */
export function maxMinFair(
  problem: FlowProblem,
  out: FairShare = allocateFairShare(problem.demandMbps.length),
): FairShare {
  assertFlowProblem(problem);
  const { offsets, links, use, freeLevelMbps, capacityMbps, demandMbps, weight } = problem;
  const flowCount = demandMbps.length;
  const linkCount = capacityMbps.length;

  const demandLevel = new Float64Array(flowCount);
  for (let flow = 0; flow < flowCount; flow++) demandLevel[flow] = demandMbps[flow] / weight[flow];
  const order = orderOfFlows(demandLevel, weight);
  const { starts, flows, entries } = flowsOfLinks(problem, order);

  const frozen = new Uint8Array(flowCount);
  const ends = starts.slice(1);
  const frozenMbps = new Float64Array(linkCount);
  const risingCount = new Int32Array(linkCount);
  const risingWeight = new Float64Array(linkCount);
  // The rising weight as last summed anew.
  const summedWeight = new Float64Array(linkCount);
  // At which level each link fills, as last looked at. It only ever rises, so a stale one is a bound.
  const fullLevel = new Float64Array(linkCount);
  for (let link = 0; link < linkCount; link++) {
    risingCount[link] = ends[link] - starts[link];
    sumRisingWeight(link);
    fullLevel[link] = risingCount[link] === 0 ? 0 : levelWhenFull(link);
  }
  const heap = createLinkHeap(fullLevel);

  let level = 0;
  let next = 0;
  for (;;) {
    while (next < flowCount && frozen[order[next]] === 1) next++;
    if (next === flowCount) return out;
    const flow = order[next];
    const link = nextFullLink(demandLevel[flow]);
    if (link < 0) {
      level = demandLevel[flow];
      freeze(flow, demandMbps[flow], DEMAND_MET);
    } else {
      level = fullLevel[link];
      for (let k = starts[link]; k < ends[link]; k++) {
        const held = flows[k];
        // Rounding must not carry a rate over the demand.
        if (frozen[held] === 0) {
          freeze(held, Math.min(demandMbps[held], weight[held] * level), link);
        }
      }
    }
  }

  /** The link that fills first, if it does so below `limit`; else −1. */
  function nextFullLink(limit: number): number {
    while (heap.size() > 0) {
      const link = heap.top();
      if (risingCount[link] === 0) {
        heap.pop();
        continue;
      }
      if (fullLevel[link] >= limit) return -1;
      // Subtraction has eaten the leading digits of the sum: add up those that are left.
      if (2 * risingWeight[link] < summedWeight[link]) sumRisingWeight(link);
      const exact = levelWhenFull(link);
      if (exact <= fullLevel[link]) {
        // By rounding alone; the level never falls.
        fullLevel[link] = Math.max(level, fullLevel[link]);
        return link;
      }
      fullLevel[link] = exact;
      heap.siftTop();
    }
    return -1;
  }

  function levelWhenFull(link: number): number {
    const free = freeLevelMbps === undefined ? 0 : freeLevelMbps[link];
    return free + (capacityMbps[link] - frozenMbps[link]) / risingWeight[link];
  }

  function freeze(flow: number, rateMbps: number, bottleneck: number): void {
    frozen[flow] = 1;
    out.rateMbps[flow] = rateMbps;
    out.bottleneckLink[flow] = bottleneck;
    const w = weight[flow];
    for (let k = offsets[flow]; k < offsets[flow + 1]; k++) {
      const link = links[k];
      const taken = use === undefined ? 1 : use[k];
      const free = freeLevelMbps === undefined ? 0 : freeLevelMbps[link] * w;
      if (rateMbps > free) frozenMbps[link] += taken * (rateMbps - free);
      risingWeight[link] -= taken * w;
      risingCount[link]--;
    }
  }

  /** Sums the weight of the flows of a link that still rise, and forgets the others. */
  function sumRisingWeight(link: number): void {
    let end = starts[link];
    let sum = 0;
    for (let k = starts[link]; k < ends[link]; k++) {
      const flow = flows[k];
      if (frozen[flow] === 1) continue;
      const entry = entries[k];
      entries[end] = entry;
      flows[end++] = flow;
      sum += use === undefined ? weight[flow] : weight[flow] * use[entry];
    }
    ends[link] = end;
    risingWeight[link] = sum;
    summedWeight[link] = sum;
  }
}

/** Flows by demand per weight, then weight; the index only parts those that are alike in both. */
function orderOfFlows(demandLevel: Float64Array, weight: Float64Array): Uint32Array {
  const order = Uint32Array.from(demandLevel, (_, flow) => flow);
  return order.sort((a, b) => {
    if (demandLevel[a] !== demandLevel[b]) return demandLevel[a] < demandLevel[b] ? -1 : 1;
    return weight[a] - weight[b] || a - b;
  });
}

/** The other way round: the flows of each link (CSR), in the order given. */
function flowsOfLinks(
  problem: FlowProblem,
  order: Uint32Array,
): { starts: Int32Array; flows: Int32Array; entries: Int32Array } {
  const { offsets, links, capacityMbps } = problem;
  const starts = new Int32Array(capacityMbps.length + 1);
  for (let k = 0; k < links.length; k++) starts[links[k] + 1]++;
  for (let link = 0; link < capacityMbps.length; link++) starts[link + 1] += starts[link];
  const cursor = starts.slice();
  const flows = new Int32Array(links.length);
  // Which entry of `links` that is: two entries of one flow may take different amounts.
  const entries = new Int32Array(links.length);
  for (let k = 0; k < order.length; k++) {
    const flow = order[k];
    for (let j = offsets[flow]; j < offsets[flow + 1]; j++) {
      const at = cursor[links[j]]++;
      flows[at] = flow;
      entries[at] = j;
    }
  }
  return { starts, flows, entries };
}
