import { BeamkeeperError } from '../../orbits/index.ts';

/**
 * Flows that may be split over several paths. Flow i has the paths `pathOffsets[i] …
 * pathOffsets[i + 1] − 1`; path p takes `links[linkOffsets[p]] … links[linkOffsets[p + 1] − 1]`.
 * A flow without a path gets nothing.
 */
export interface MultipathProblem {
  /** One more than there are flows, from 0, ascending. */
  readonly pathOffsets: Int32Array;
  /** One more than there are paths, from 0, ascending. */
  readonly linkOffsets: Int32Array;
  readonly links: Int32Array;
  /** Of each link, 0 or more. */
  readonly capacityMbps: Float64Array;
  /** Of each flow, over all its paths; infinite where it takes what it gets. */
  readonly demandMbps: Float64Array;
  /** Of each flow, positive. */
  readonly weight: Float64Array;
}

/**
 * Refuses what `assertFlowProblem` cannot see once paths have become flows.
 *
 * @throws BeamkeeperError `FLOWS`, naming the flow or path
 */
export function assertMultipathProblem(problem: MultipathProblem): void {
  const { pathOffsets, linkOffsets, links, capacityMbps, demandMbps, weight } = problem;
  const flowCount = demandMbps.length;
  const pathCount = linkOffsets.length - 1;
  if (weight.length !== flowCount || pathOffsets.length !== flowCount + 1) {
    refuse(
      `${flowCount} demands, ${weight.length} weights and ${pathOffsets.length} path offsets do not fit together`,
    );
  }
  if (pathOffsets[0] !== 0 || pathOffsets[flowCount] !== pathCount) {
    refuse(`the path offsets end at ${pathOffsets[flowCount]}, not at the ${pathCount} paths`);
  }
  if (linkOffsets[0] !== 0 || linkOffsets[pathCount] !== links.length) {
    refuse(`the link offsets end at ${linkOffsets[pathCount]}, not at ${links.length}`);
  }
  for (let flow = 0; flow < flowCount; flow++) {
    if (!(demandMbps[flow] >= 0)) {
      refuse(`flow ${flow} has a demand of ${demandMbps[flow]} Mbps; give 0 or more`);
    }
    if (!(weight[flow] > 0 && weight[flow] < Number.POSITIVE_INFINITY)) {
      refuse(`flow ${flow} has a weight of ${weight[flow]}; give a positive one`);
    }
    if (pathOffsets[flow + 1] < pathOffsets[flow]) refuse(`the offsets fall after flow ${flow}`);
  }
  for (let path = 0; path < pathCount; path++) {
    if (linkOffsets[path + 1] < linkOffsets[path]) refuse(`the offsets fall after path ${path}`);
    for (let k = linkOffsets[path]; k < linkOffsets[path + 1]; k++) {
      if (!(links[k] >= 0 && links[k] < capacityMbps.length)) {
        refuse(
          `path ${path} takes link ${links[k]}, but links are 0 to ${capacityMbps.length - 1}`,
        );
      }
    }
  }
}

function refuse(what: string): never {
  throw new BeamkeeperError('FLOWS', `Fair shares over several paths: ${what}`);
}
