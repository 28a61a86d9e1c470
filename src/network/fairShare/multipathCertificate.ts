import type { MultipathProblem } from './multipathProblem.ts';

/** Why rates of split flows are fair, or where they are not. */
export interface MultipathCertificate {
  readonly holds: boolean;
  /** Links loaded over their capacity. */
  readonly overloadedLinks: readonly number[];
  /** Flows with less than nothing on a path, or more in all than they ask for. */
  readonly misfitFlows: readonly number[];
  /** Paths of unsatisfied flows without a bottleneck. */
  readonly unjustifiedPaths: readonly number[];
}

/**
 * Checks the rates of split flows: no link is over its capacity, and each path of an unsatisfied flow
 * has a bottleneck, that is a full link on which no other flow has more in all, per weight. ("Bandwidth-
 * bottlenecked" in Namyar et al., NSDI 2024: necessary for max-min fairness over all ways to split, and
 * with one path for each flow also sufficient.)
 *
 * @param tolerance relative, of capacities, demands and rates per weight; a flow does not count on a
 *   link that carries less than this part of it
 */
export function certifyFairShareOverPaths(
  problem: MultipathProblem,
  pathRateMbps: Float64Array,
  tolerance: number,
): MultipathCertificate {
  const { pathOffsets, linkOffsets, links, capacityMbps, demandMbps, weight } = problem;
  const flowCount = demandMbps.length;
  const rateMbps = new Float64Array(flowCount);
  const loadMbps = new Float64Array(capacityMbps.length);
  const highestLevel = new Float64Array(capacityMbps.length);
  const misfitFlows: number[] = [];
  for (let flow = 0; flow < flowCount; flow++) {
    let isMisfit = false;
    for (let p = pathOffsets[flow]; p < pathOffsets[flow + 1]; p++) {
      rateMbps[flow] += pathRateMbps[p];
      if (!(pathRateMbps[p] >= 0)) isMisfit = true;
    }
    if (isMisfit || rateMbps[flow] > demandMbps[flow] * (1 + tolerance)) misfitFlows.push(flow);
    for (let p = pathOffsets[flow]; p < pathOffsets[flow + 1]; p++) {
      const isInUse = pathRateMbps[p] > tolerance * rateMbps[flow];
      for (let k = linkOffsets[p]; k < linkOffsets[p + 1]; k++) {
        const link = links[k];
        loadMbps[link] += pathRateMbps[p];
        if (isInUse) {
          highestLevel[link] = Math.max(highestLevel[link], rateMbps[flow] / weight[flow]);
        }
      }
    }
  }

  const overloadedLinks: number[] = [];
  for (let link = 0; link < capacityMbps.length; link++) {
    if (!(loadMbps[link] <= capacityMbps[link] * (1 + tolerance))) overloadedLinks.push(link);
  }

  const unjustifiedPaths: number[] = [];
  for (let flow = 0; flow < flowCount; flow++) {
    if (rateMbps[flow] >= demandMbps[flow] * (1 - tolerance)) continue;
    const level = (rateMbps[flow] / weight[flow]) * (1 + tolerance);
    for (let p = pathOffsets[flow]; p < pathOffsets[flow + 1]; p++) {
      let isHeldBack = false;
      for (let k = linkOffsets[p]; k < linkOffsets[p + 1] && !isHeldBack; k++) {
        const link = links[k];
        isHeldBack =
          loadMbps[link] >= capacityMbps[link] * (1 - tolerance) && highestLevel[link] <= level;
      }
      if (!isHeldBack) unjustifiedPaths.push(p);
    }
  }
  return {
    holds: overloadedLinks.length + misfitFlows.length + unjustifiedPaths.length === 0,
    overloadedLinks,
    misfitFlows,
    unjustifiedPaths,
  };
}
