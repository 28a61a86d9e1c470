import { SPEED_OF_LIGHT_KM_S } from '../../sky/index.ts';
import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from '../routing/groundLinks.ts';
import type { BackhaulPaths } from './backhaulPaths.ts';

/**
 * When a satellite hands traffic to another one. `without-gateway`: only while it sees no permitted
 * gateway itself, as operators do, to whom laser capacity is dear [A]. `always`: whenever that is faster.
 */
export type LaserUse = 'without-gateway' | 'always';

export interface BackhaulRequest {
  /** Laser links at the instant; one without links for bent pipes. */
  readonly graph: LinkGraph;
  /** Links between gateways (the places) and satellites at the instant. */
  readonly gatewayLinks: GroundLinks;
  /** One flag per gateway. */
  readonly isGatewayPermitted: Uint8Array;
  /** `[pop][gateway]`: great circle, km; Infinity where no fibre joins them. */
  readonly fibreKm: Float64Array;
  /** One way, of a km of that great circle (route factor and refraction in it), ms. */
  readonly fibreMsPerKm: number;
  /** One way, added for each laser hop, ms. */
  readonly hopMs: number;
  readonly laserUse: LaserUse;
}

/** A search with its working memory; make one for a fleet, use it at every instant. */
export interface BackhaulSearch {
  fill(request: BackhaulRequest, out: BackhaulPaths): void;
}

/** A power of two; with their width they span 512 ms, so that no label of a real path wraps round. */
const BUCKET_COUNT = 2048;
const BUCKETS_PER_MS = 4;
const MS_PER_KM = 1000 / SPEED_OF_LIGHT_KM_S;

/**
 * Least delay from every satellite to every point of presence: one Dijkstra a point, from all
 * gateways at once. The queue is a ring of buckets; a satellite whose label falls after it was taken
 * is taken again, so that the answer is exact whatever the width of a bucket.
 */
export function createBackhaulSearch(satelliteCount: number): BackhaulSearch {
  const heads = new Int32Array(BUCKET_COUNT).fill(-1);
  /** The bucket that a satellite waits in, -1 for none, and its neighbours in that list. */
  const bucketOf = new Int32Array(satelliteCount).fill(-1);
  const after = new Int32Array(satelliteCount);
  const before = new Int32Array(satelliteCount);
  const mask = BUCKET_COUNT - 1;

  const leave = (node: number): void => {
    const next = after[node];
    const previous = before[node];
    if (previous >= 0) after[previous] = next;
    else heads[bucketOf[node]] = next;
    if (next >= 0) before[next] = previous;
    bucketOf[node] = -1;
  };
  const enter = (bucket: number, node: number): void => {
    const head = heads[bucket];
    after[node] = head;
    before[node] = -1;
    if (head >= 0) before[head] = node;
    heads[bucket] = node;
    bucketOf[node] = bucket;
  };

  /** Every satellite that sees a permitted gateway, by the one with the least delay to the point. */
  const land = (request: BackhaulRequest, pop: number, out: BackhaulPaths): void => {
    const { gatewayLinks, isGatewayPermitted, fibreKm, fibreMsPerKm } = request;
    const { offsets, satellite, lengthKm, placeCount } = gatewayLinks;
    const at = pop * satelliteCount;
    for (let g = 0; g < placeCount; g++) {
      const km = fibreKm[pop * placeCount + g];
      if (isGatewayPermitted[g] === 0 || !(km < Number.POSITIVE_INFINITY)) continue;
      const fibreMs = km * fibreMsPerKm;
      for (let i = offsets[g]; i < offsets[g + 1]; i++) {
        const node = at + satellite[i];
        const ms = lengthKm[i] * MS_PER_KM + fibreMs;
        if (ms < out.delayMs[node]) {
          out.delayMs[node] = ms;
          out.gatewayIndex[node] = g;
          out.gatewayKm[node] = lengthKm[i];
          out.fibreKm[node] = km;
        }
      }
    }
  };

  const spread = (request: BackhaulRequest, pop: number, out: BackhaulPaths): void => {
    const { graph, hopMs } = request;
    const { offsets, neighbour, lengthKm } = graph;
    const isOwnKept = request.laserUse === 'without-gateway';
    const at = pop * satelliteCount;
    const delayMs = out.delayMs.subarray(at, at + satelliteCount);
    const gateway = out.gatewayIndex.subarray(at, at + satelliteCount);
    const next = out.nextSatellite.subarray(at, at + satelliteCount);
    let waiting = 0;
    let leastMs = Number.POSITIVE_INFINITY;
    for (let node = 0; node < satelliteCount; node++) {
      const ms = delayMs[node];
      if (ms === Number.POSITIVE_INFINITY || offsets[node] === offsets[node + 1]) continue;
      enter((ms * BUCKETS_PER_MS) & mask, node);
      waiting++;
      if (ms < leastMs) leastMs = ms;
    }
    let bucket = (Math.min(leastMs, BUCKET_COUNT) * BUCKETS_PER_MS) & mask;
    while (waiting > 0) {
      const node = heads[bucket];
      if (node < 0) {
        bucket = (bucket + 1) & mask;
        continue;
      }
      leave(node);
      waiting--;
      const ms = delayMs[node] + hopMs;
      for (let link = offsets[node]; link < offsets[node + 1]; link++) {
        const other = neighbour[link];
        // Only who sees a gateway has one by now: the others are told theirs in the end.
        if (isOwnKept && gateway[other] >= 0) continue;
        const otherMs = ms + lengthKm[link] * MS_PER_KM;
        if (otherMs >= delayMs[other]) continue;
        delayMs[other] = otherMs;
        next[other] = node;
        const wanted = (otherMs * BUCKETS_PER_MS) & mask;
        if (bucketOf[other] === wanted) continue;
        if (bucketOf[other] >= 0) leave(other);
        else waiting++;
        enter(wanted, other);
      }
    }
  };

  const chain = new Int32Array(satelliteCount);
  const isKnown = new Uint8Array(satelliteCount);
  /** Gateway, lengths and hops of satellites that hand on, from the one that they hand on to. */
  const inherit = (request: BackhaulRequest, pop: number, out: BackhaulPaths): void => {
    const { graph } = request;
    const at = pop * satelliteCount;
    isKnown.fill(0);
    for (let start = 0; start < satelliteCount; start++) {
      let depth = 0;
      let node = start;
      while (out.nextSatellite[at + node] >= 0 && isKnown[node] === 0) {
        chain[depth++] = node;
        node = out.nextSatellite[at + node];
      }
      while (depth > 0) {
        const from = chain[--depth];
        const to = out.nextSatellite[at + from];
        out.gatewayIndex[at + from] = out.gatewayIndex[at + to];
        out.gatewayKm[at + from] = out.gatewayKm[at + to];
        out.fibreKm[at + from] = out.fibreKm[at + to];
        out.laserKm[at + from] = out.laserKm[at + to] + linkKm(graph, from, to);
        out.laserHops[at + from] = out.laserHops[at + to] + 1;
        isKnown[from] = 1;
      }
    }
  };

  return {
    fill(request, out) {
      out.gatewayIndex.fill(-1);
      out.nextSatellite.fill(-1);
      out.delayMs.fill(Number.POSITIVE_INFINITY);
      out.laserKm.fill(0);
      out.laserHops.fill(0);
      for (let pop = 0; pop < out.popCount; pop++) {
        land(request, pop, out);
        if (request.graph.linkCount === 0) continue;
        spread(request, pop, out);
        inherit(request, pop, out);
      }
    },
  };
}

function linkKm({ offsets, neighbour, lengthKm }: LinkGraph, from: number, to: number): number {
  for (let link = offsets[from]; link < offsets[from + 1]; link++) {
    if (neighbour[link] === to) return lengthKm[link];
  }
  return 0;
}
