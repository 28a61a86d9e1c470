import type { FlowProblem } from './flowProblem.ts';
import { allocateFairShare, maxMinFair } from './maxMinFair.ts';
import { assertMultipathProblem, type MultipathProblem } from './multipathProblem.ts';

/** Rates of split flows. */
export interface MultipathShare {
  /** Of each flow, over all its paths. */
  readonly rateMbps: Float64Array;
  readonly pathRateMbps: Float64Array;
  readonly rounds: number;
  /** The largest part of a flow that still moved between its paths in the last round. */
  readonly spread: number;
}

/** The least part of its flow's weight that a path keeps: a weight must be positive. */
const LEAST_PART = 1e-12;

/**
 * Fair rates of flows that may be split over given paths: adaptive filling (Namyar et al., Solving
 * Max-Min Fair Resource Allocations Quickly on Large Graphs, NSDI 2024). Each path is a flow of its own
 * with a part of the weight, and the demand is a link that all of a flow's paths share. After each
 * filling the weight moves towards the paths that reached a higher level, until those in use are level.
 *
 * Every round is feasible and Pareto-efficient. At the fixed point each path of an unsatisfied flow has
 * a bottleneck: a full link on which no other flow has more in all, per weight. That is less than
 * max-min fairness over all ways to split, which needs a linear program for each level: of 2,000 random
 * instances (up to 9 links, 10 flows, 3 paths each) the lowest level was the linear program's to 0.1 % in
 * 82 %, and at worst 23 % below it. With one path each the two are the same, and one round does it.
 *
 * @param tolerance ends the rounds once no flow moves more than this part between its paths
 *   (a path with the part q of its flow is then level with it to tolerance ÷ q)
 * @param maxRounds ends them in any case; `spread` then says how far it got
 * @throws BeamkeeperError `FLOWS` for a problem that does not fit together or has no bound
 */
export function maxMinFairOverPaths(
  problem: MultipathProblem,
  tolerance: number,
  maxRounds: number,
): MultipathShare {
  assertMultipathProblem(problem);
  const { pathOffsets, demandMbps, weight } = problem;
  const flowCount = demandMbps.length;
  const pathCount = problem.linkOffsets.length - 1;
  const single = pathsAsFlows(problem);
  const share = allocateFairShare(pathCount);
  const part = new Float64Array(pathCount);
  for (let flow = 0; flow < flowCount; flow++) {
    part.fill(
      1 / (pathOffsets[flow + 1] - pathOffsets[flow]),
      pathOffsets[flow],
      pathOffsets[flow + 1],
    );
  }

  const rateMbps = new Float64Array(flowCount);
  for (let rounds = 1; ; rounds++) {
    for (let flow = 0; flow < flowCount; flow++) {
      for (let p = pathOffsets[flow]; p < pathOffsets[flow + 1]; p++) {
        single.weight[p] = weight[flow] * Math.max(part[p], LEAST_PART);
      }
    }
    maxMinFair(single, share);
    let spread = 0;
    for (let flow = 0; flow < flowCount; flow++) {
      let total = 0;
      for (let p = pathOffsets[flow]; p < pathOffsets[flow + 1]; p++) total += share.rateMbps[p];
      rateMbps[flow] = total;
      if (total === 0) continue;
      for (let p = pathOffsets[flow]; p < pathOffsets[flow + 1]; p++) {
        const now = share.rateMbps[p] / total;
        spread = Math.max(spread, Math.abs(now - part[p]));
        part[p] = now;
      }
    }
    if (spread <= tolerance || rounds >= maxRounds) {
      return { rateMbps, pathRateMbps: share.rateMbps, rounds, spread };
    }
  }
}

/** Each path as a flow, with the demand of its flow as one link more. */
function pathsAsFlows(problem: MultipathProblem): FlowProblem {
  const { pathOffsets, linkOffsets, links, capacityMbps, demandMbps } = problem;
  const linkCount = capacityMbps.length;
  const pathCount = linkOffsets.length - 1;
  const offsets = new Int32Array(pathCount + 1);
  const withDemand = new Int32Array(links.length + pathCount);
  let end = 0;
  for (let flow = 0; flow < demandMbps.length; flow++) {
    for (let p = pathOffsets[flow]; p < pathOffsets[flow + 1]; p++) {
      for (let k = linkOffsets[p]; k < linkOffsets[p + 1]; k++) withDemand[end++] = links[k];
      withDemand[end++] = linkCount + flow;
      offsets[p + 1] = end;
    }
  }
  const capacities = new Float64Array(linkCount + demandMbps.length);
  capacities.set(capacityMbps);
  capacities.set(demandMbps, linkCount);
  return {
    offsets,
    links: withDemand,
    capacityMbps: capacities,
    demandMbps: new Float64Array(pathCount).fill(Number.POSITIVE_INFINITY),
    weight: new Float64Array(pathCount),
  };
}
