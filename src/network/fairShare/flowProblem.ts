import { BeamkeeperError } from '../../orbits/index.ts';

/**
 * Flows over links. Flow i takes the links `links[offsets[i]] … links[offsets[i + 1] − 1]`; one that is
 * named twice is loaded twice. A "link" is whatever has a capacity: a beam, a satellite's downlink, a
 * laser, a feeder.
 */
export interface FlowProblem {
  /** One more than there are flows, from 0, ascending. */
  readonly offsets: Int32Array;
  readonly links: Int32Array;
  /**
   * What each entry of `links` takes of the link's capacity for a Mbps of its flow, positive; 1 for all
   * when left out. With it a capacity may be of another kind, such as airtime.
   */
  readonly use?: Float64Array;
  /**
   * Of each link: a flow loads it only with what it has above this level, rate per weight (what
   * lies below is paid for already); 0 for all when left out.
   */
  readonly freeLevelMbps?: Float64Array;
  /** Of each link, 0 or more. */
  readonly capacityMbps: Float64Array;
  /** Of each flow, 0 or more; infinite where it takes what it gets. */
  readonly demandMbps: Float64Array;
  /** Of each flow, positive: of two flows held back alike, the heavier gets that much more. */
  readonly weight: Float64Array;
}

/**
 * Refuses what would make shares silently wrong: lengths that do not fit, links that do not exist,
 * weights that are not positive, and flows that nothing bounds.
 *
 * @throws BeamkeeperError `FLOWS`, naming the flow or link
 */
export function assertFlowProblem(problem: FlowProblem): void {
  const { offsets, links, use, freeLevelMbps, capacityMbps, demandMbps, weight } = problem;
  const flowCount = demandMbps.length;
  const linkCount = capacityMbps.length;
  if ((use ?? links).length !== links.length) {
    refuse(`${use?.length} uses do not fit ${links.length} link entries`);
  }
  if ((freeLevelMbps ?? capacityMbps).length !== linkCount) {
    refuse(`${freeLevelMbps?.length} free levels do not fit ${linkCount} links`);
  }
  use?.forEach((value, k) => {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      refuse(`entry ${k} uses ${value} of link ${links[k]} for a Mbps; give a positive number`);
    }
  });
  freeLevelMbps?.forEach((value, link) => {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      refuse(`link ${link} has a free level of ${value} Mbps; give 0 or more`);
    }
  });
  if (weight.length !== flowCount || offsets.length !== flowCount + 1 || offsets[0] !== 0) {
    refuse(
      `${flowCount} demands, ${weight.length} weights and ${offsets.length} offsets do not fit together`,
    );
  }
  if (offsets[flowCount] !== links.length) {
    refuse(`the offsets end at ${offsets[flowCount]}, not at the ${links.length} link entries`);
  }
  for (let link = 0; link < linkCount; link++) {
    if (!(capacityMbps[link] >= 0)) {
      refuse(`link ${link} has a capacity of ${capacityMbps[link]} Mbps; give 0 or more`);
    }
  }
  for (let flow = 0; flow < flowCount; flow++) {
    if (!(weight[flow] > 0 && weight[flow] < Number.POSITIVE_INFINITY)) {
      refuse(`flow ${flow} has a weight of ${weight[flow]}; give a positive one`);
    }
    if (!(demandMbps[flow] >= 0)) {
      refuse(`flow ${flow} has a demand of ${demandMbps[flow]} Mbps; give 0 or more`);
    }
    let bound = demandMbps[flow];
    if (offsets[flow + 1] < offsets[flow]) refuse(`the offsets fall after flow ${flow}`);
    for (let k = offsets[flow]; k < offsets[flow + 1]; k++) {
      const link = links[k];
      if (!(link >= 0 && link < linkCount)) {
        refuse(`flow ${flow} takes link ${link}, but links are 0 to ${linkCount - 1}`);
      }
      const free = freeLevelMbps === undefined ? 0 : freeLevelMbps[link] * weight[flow];
      bound = Math.min(bound, free + capacityMbps[link] / (use === undefined ? 1 : use[k]));
    }
    if (bound === Number.POSITIVE_INFINITY) {
      refuse(`nothing bounds flow ${flow}; give it a demand or a link of finite capacity`);
    }
  }
}

function refuse(what: string): never {
  throw new BeamkeeperError('FLOWS', `Fair shares: ${what}`);
}
