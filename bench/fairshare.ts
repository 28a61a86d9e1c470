// Weighted max-min fair shares of 300,000 flows over 60,000 links, and how the time grows. One core,
// one run; every answer is checked against the definition of max-min fairness, outside the clock.
//
//   node bench/fairshare.ts [--quick] [--json]

import {
  certifyFairShare,
  type FlowProblem,
  type MultipathProblem,
  maxMinFair,
  maxMinFairOverPaths,
} from '../src/network/fairShare/index.ts';
import { type BenchReport, type BenchRow, benchTable, thisMachine } from './benchReport.ts';

const FLOWS = 300_000;
const LINKS = 60_000;
const TOLERANCE = 1e-9;

/** Measures everything; `quick` takes one round instead of five. */
export async function run(options: { quick: boolean }): Promise<BenchReport> {
  const rounds = options.quick ? 1 : 5;
  const problem = operatorFlows(FLOWS, LINKS, 1);
  const counted = `${FLOWS} flows over ${LINKS} links, ${problem.links.length} hops`;
  const cold = solve(problem);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const warm = Array.from({ length: rounds }, () => solve(problem).seconds);
  const certificate = certifyFairShare(problem, cold.rateMbps, TOLERANCE);

  const rows: BenchRow[] = [
    limitRow(`fair shares, cold process: ${counted}`, cold.seconds, 's', 2),
    limitRow(`fair shares, median of ${rounds}`, median(warm), 's', 2),
    { name: 'peak memory, the problem and its making included', value: peakMb, unit: 'MB' },
    limitRow(
      'flows or links against the definition of max-min fairness, to 1e-9',
      certificate.overloadedLinks.length +
        certificate.misfitFlows.length +
        certificate.unjustifiedFlows.length,
      'violations',
      0,
    ),
    {
      name: 'flows with a bottleneck (the others get all they ask for)',
      value: certificate.unsatisfiedCount,
      unit: 'flows',
    },
  ];
  for (const part of [16, 4]) {
    const smaller = operatorFlows(FLOWS / part, LINKS / part, 1);
    rows.push({
      name: `fair shares of ${FLOWS / part} flows over ${LINKS / part} links`,
      value: median(Array.from({ length: rounds }, () => solve(smaller).seconds)),
      unit: 's',
    });
  }
  // Two paths each: that of the single-path problem, and that of the flow after next.
  const splitRounds = options.quick ? 2 : 10;
  const twoPaths = twoPathsEach(problem);
  const splitStart = performance.now();
  const split = maxMinFairOverPaths(twoPaths, 0, splitRounds);
  rows.push(
    {
      name: `two paths for each of the ${FLOWS} flows, a round of ${splitRounds}`,
      value: (performance.now() - splitStart) / 1000 / splitRounds,
      unit: 's',
    },
    {
      name: `largest part of a flow that still moves between its paths in round ${splitRounds}`,
      value: split.spread,
      unit: 'of the flow',
    },
  );
  return { name: 'fairshare', machine: thisMachine(), rows };
}

/**
 * Flows as an operator with lasers has them: each over one of many beams, its satellite's downlink,
 * 0 to 8 lasers in a row, and one of few feeders. Plans of three weights; a third wants all it can get.
 * The share of each kind of link and the loads are made up: they are to give all kinds of bottleneck.
 */
function operatorFlows(flowCount: number, linkCount: number, seed: number): FlowProblem {
  const draw = seededDraw(seed);
  const beamCount = Math.floor(linkCount * 0.5);
  const downlinkCount = Math.floor(linkCount * 0.1);
  const laserCount = Math.floor(linkCount * 0.38);
  const feederCount = linkCount - beamCount - downlinkCount - laserCount;
  const firstLaser = beamCount + downlinkCount;
  const firstFeeder = firstLaser + laserCount;

  const offsets = new Int32Array(flowCount + 1);
  const links: number[] = [];
  const demandMbps = new Float64Array(flowCount);
  const weight = new Float64Array(flowCount);
  for (let flow = 0; flow < flowCount; flow++) {
    // Squared: cities crowd on some beams.
    const beam = Math.floor(draw() ** 2 * beamCount);
    const satellite = Math.floor((beam * downlinkCount) / beamCount);
    links.push(beam, beamCount + satellite);
    const laserHops = Math.floor(draw() * 9);
    const laser = Math.floor((satellite * laserCount) / downlinkCount);
    for (let hop = 0; hop < laserHops; hop++) {
      links.push(firstLaser + ((laser + 7 * hop) % laserCount));
    }
    links.push(firstFeeder + Math.floor(draw() * feederCount));
    offsets[flow + 1] = links.length;
    demandMbps[flow] = draw() < 1 / 3 ? Number.POSITIVE_INFINITY : 400 * draw() ** 3;
    weight[flow] = 2 ** Math.floor(3 * draw());
  }

  const capacityMbps = new Float64Array(linkCount);
  for (let link = 0; link < linkCount; link++) {
    const spread = 0.5 + draw();
    if (link < beamCount) capacityMbps[link] = 700 * spread;
    else if (link < firstLaser) capacityMbps[link] = 5_000 * spread;
    else if (link < firstFeeder) capacityMbps[link] = 3_000 * spread;
    else capacityMbps[link] = 20_000 * spread;
  }
  return { offsets, links: Int32Array.from(links), capacityMbps, demandMbps, weight };
}

function twoPathsEach(problem: FlowProblem): MultipathProblem {
  const { offsets, links: of, capacityMbps, demandMbps, weight } = problem;
  const flowCount = demandMbps.length;
  const links: number[] = [];
  const linkOffsets = [0];
  for (let flow = 0; flow < flowCount; flow++) {
    for (const taken of [flow, (flow + 2) % flowCount]) {
      for (let k = offsets[taken]; k < offsets[taken + 1]; k++) links.push(of[k]);
      linkOffsets.push(links.length);
    }
  }
  return {
    pathOffsets: Int32Array.from({ length: flowCount + 1 }, (_, flow) => 2 * flow),
    linkOffsets: Int32Array.from(linkOffsets),
    links: Int32Array.from(links),
    capacityMbps,
    demandMbps,
    weight,
  };
}

function solve(problem: FlowProblem): { seconds: number; rateMbps: Float64Array } {
  const start = performance.now();
  const { rateMbps } = maxMinFair(problem);
  return { seconds: (performance.now() - start) / 1000, rateMbps };
}

/** Numbers in [0, 1): mulberry32 (T. Ettinger), so that every run has the same instance. */
function seededDraw(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** A row whose value must stay at or under a limit. */
function limitRow(name: string, value: number, unit: string, limit: number): BenchRow {
  return { name, value, unit, target: limit, pass: value <= limit };
}

if (import.meta.main) {
  const report = await run({ quick: process.argv.includes('--quick') });
  const isJson = process.argv.includes('--json');
  process.stdout.write(`${isJson ? JSON.stringify(report, null, 2) : benchTable(report)}\n`);
}
