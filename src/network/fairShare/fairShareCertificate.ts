import type { FlowProblem } from './flowProblem.ts';

/** Why an allocation is max-min fair, or where it is not. */
export interface FairShareCertificate {
  readonly holds: boolean;
  /** Links loaded over their capacity. */
  readonly overloadedLinks: readonly number[];
  /** Flows with less than nothing, or more than they ask for. */
  readonly misfitFlows: readonly number[];
  /** Unsatisfied flows without a bottleneck. */
  readonly unjustifiedFlows: readonly number[];
  /** Flows with less than they ask for. */
  readonly unsatisfiedCount: number;
  /** Largest load ÷ capacity of any link; 0 without links. */
  readonly peakUtilisation: number;
}

/**
 * Checks rates against the definition, from nothing but the problem: no link is over its capacity, and
 * each unsatisfied flow has a bottleneck, that is a full link on its path on which no other flow has
 * more per weight. The two together are equivalent to weighted max-min fairness (Bertsekas & Gallager,
 * Data Networks, 2nd ed., §6.5.2), so that who doubts the solver needs only these 40 lines.
 *
 * @param tolerance relative, of capacities, demands and rates per weight
 */
export function certifyFairShare(
  problem: FlowProblem,
  rateMbps: Float64Array,
  tolerance: number,
): FairShareCertificate {
  const { offsets, links, use, freeLevelMbps, capacityMbps, demandMbps, weight } = problem;
  const loadMbps = new Float64Array(capacityMbps.length);
  const highestLevel = new Float64Array(capacityMbps.length);
  const misfitFlows: number[] = [];
  for (let flow = 0; flow < rateMbps.length; flow++) {
    const rate = rateMbps[flow];
    if (!(rate >= 0 && rate <= demandMbps[flow] * (1 + tolerance))) misfitFlows.push(flow);
    const level = rate / weight[flow];
    for (let k = offsets[flow]; k < offsets[flow + 1]; k++) {
      const link = links[k];
      const free = freeLevelMbps === undefined ? 0 : freeLevelMbps[link] * weight[flow];
      if (rate > free) loadMbps[link] += (rate - free) * (use === undefined ? 1 : use[k]);
      if (level > highestLevel[link]) highestLevel[link] = level;
    }
  }

  const overloadedLinks: number[] = [];
  let peakUtilisation = 0;
  for (let link = 0; link < capacityMbps.length; link++) {
    if (!(loadMbps[link] <= capacityMbps[link] * (1 + tolerance))) overloadedLinks.push(link);
    if (loadMbps[link] > 0) {
      peakUtilisation = Math.max(peakUtilisation, loadMbps[link] / capacityMbps[link]);
    }
  }

  const unjustifiedFlows: number[] = [];
  let unsatisfiedCount = 0;
  for (let flow = 0; flow < rateMbps.length; flow++) {
    if (rateMbps[flow] >= demandMbps[flow] * (1 - tolerance)) continue;
    unsatisfiedCount++;
    const level = (rateMbps[flow] / weight[flow]) * (1 + tolerance);
    let isHeldBack = false;
    for (let k = offsets[flow]; k < offsets[flow + 1] && !isHeldBack; k++) {
      const link = links[k];
      isHeldBack =
        loadMbps[link] >= capacityMbps[link] * (1 - tolerance) && highestLevel[link] <= level;
    }
    if (!isHeldBack) unjustifiedFlows.push(flow);
  }
  return {
    holds: overloadedLinks.length + misfitFlows.length + unjustifiedFlows.length === 0,
    overloadedLinks,
    misfitFlows,
    unjustifiedFlows,
    unsatisfiedCount,
    peakUtilisation,
  };
}
