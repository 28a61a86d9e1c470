import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import {
  addSeconds,
  allocatePositionsEcef,
  createPropagator,
  designElementSets,
  type ElementSet,
  type Instant,
  type PositionsEcef,
  parseDesign,
  parseInstant,
  readCatalogue,
  satelliteGeneration,
} from '../../orbits/index.ts';
import { sharedPath } from '../../store/sharedData.ts';
import {
  allocateLaserPairs,
  allocateLinkGraph,
  CLEAR_OF_THE_EARTH,
  type LaserTopology,
  type LinkGraph,
  laserLengthKm,
  nearest,
  updateLinkGraph,
} from '../index.ts';

const EPOCH = parseInstant('2000-01-01T00:00:00Z');

function positionsOf(sets: readonly ElementSet[], at: Instant): PositionsEcef {
  const propagator = createPropagator(sets);
  const positions = allocatePositionsEcef(propagator.count);
  propagator.positionsEcef(at, positions);
  return positions;
}

function graphOf(topology: LaserTopology, positions: PositionsEcef): LinkGraph {
  const graph = allocateLinkGraph(topology);
  updateLinkGraph(topology, positions, CLEAR_OF_THE_EARTH, graph);
  return graph;
}

function degreesOf({ offsets, satelliteCount }: LinkGraph): Int32Array {
  return Int32Array.from({ length: satelliteCount }, (_, i) => offsets[i + 1] - offsets[i]);
}

function pairKeys(topology: LaserTopology, positions: PositionsEcef): number[] {
  const pairs = allocateLaserPairs(topology.maxPairCount);
  topology.pairsAt(positions, pairs);
  return Array.from({ length: pairs.count }, (_, i) => {
    const [a, b] = [pairs.first[i], pairs.second[i]];
    return Math.min(a, b) * topology.satelliteCount + Math.max(a, b);
  });
}

/** Satellites in the largest part of the graph that hangs together. */
function largestComponent({ offsets, neighbour, satelliteCount }: LinkGraph): number {
  const isSeen = new Uint8Array(satelliteCount);
  let largest = 0;
  for (let start = 0; start < satelliteCount; start++) {
    if (isSeen[start] !== 0) continue;
    isSeen[start] = 1;
    const queue = [start];
    for (const node of queue) {
      for (const other of neighbour.subarray(offsets[node], offsets[node + 1])) {
        if (isSeen[other] === 0) {
          isSeen[other] = 1;
          queue.push(other);
        }
      }
    }
    largest = Math.max(largest, queue.length);
  }
  return largest;
}

test('in a full Walker shell each satellite has its two ring neighbours and one to either side', () => {
  const sets = designElementSets(parseDesign('53:1584/72/39@550'), { epoch: EPOCH });
  const graph = graphOf(nearest(sets, { at: EPOCH }), positionsOf(sets, EPOCH));
  expect(degreesOf(graph).every(degree => degree === 4)).toBe(true);
  for (let a = 0; a < 1584; a++) {
    const partners = [...graph.neighbour.subarray(graph.offsets[a], graph.offsets[a + 1])];
    const [plane, slot] = [Math.floor(a / 22), a % 22];
    expect(partners).toContain(plane * 22 + ((slot + 1) % 22));
    expect(partners).toContain(plane * 22 + ((slot + 21) % 22));
  }
  expect(largestComponent(graph)).toBe(1584);
});

test('with three terminals each, most planes still hang together', () => {
  const sets = designElementSets(parseDesign('53:1584/72/39@550'), { epoch: EPOCH });
  const topology = nearest(sets, { at: EPOCH, terminalCount: new Uint8Array(1584).fill(3) });
  const graph = graphOf(topology, positionsOf(sets, EPOCH));
  expect(Math.max(...degreesOf(graph))).toBe(3);
  expect(largestComponent(graph)).toBeGreaterThan(0.9 * 1584);
});

test('over the seam of a star no link lasts: the planes there fly against each other', () => {
  const sets = designElementSets(parseDesign('S:87.9:648/18/1@1200'), { epoch: EPOCH });
  const graph = graphOf(nearest(sets, { at: EPOCH }), positionsOf(sets, EPOCH));
  for (let a = 0; a < 36; a++) {
    for (let i = graph.offsets[a]; i < graph.offsets[a + 1]; i++) {
      expect(Math.floor(graph.neighbour[i] / 36)).not.toBe(17);
    }
  }
});

test('beyond the polar cut-off only links within a plane are left', () => {
  const sets = designElementSets(parseDesign('S:87.9:648/18/1@1200'), { epoch: EPOCH });
  const positions = positionsOf(sets, EPOCH);
  const cutOffRad = (65 * Math.PI) / 180;
  const graph = graphOf(nearest(sets, { at: EPOCH, polarCutOffRad: cutOffRad }), positions);
  const latRad = (s: number) =>
    Math.asin(positions.zKm[s] / Math.hypot(positions.xKm[s], positions.yKm[s], positions.zKm[s]));
  let poleward = 0;
  for (let a = 0; a < 648; a++) {
    if (Math.abs(latRad(a)) <= cutOffRad) continue;
    poleward++;
    for (let i = graph.offsets[a]; i < graph.offsets[a + 1]; i++) {
      expect(Math.floor(graph.neighbour[i] / 36)).toBe(Math.floor(a / 36));
    }
  }
  // 50° of 180° of each revolution are poleward of 65°.
  expect(poleward).toBeGreaterThan(150);
});

test('an empty fleet, and one of a single satellite, have no link', () => {
  expect(nearest([]).maxPairCount).toBe(0);
  const one = designElementSets(parseDesign('53:1/1/0@550'), { epoch: EPOCH });
  expect(graphOf(nearest(one), positionsOf(one, EPOCH)).linkCount).toBe(0);
});

/** Starlink as catalogued on 2026-08-22: 10,744 satellites, v1.0 without lasers. */
const AT = parseInstant('2026-08-22T12:00:12Z');
const TERMINALS = 4;
let sets: readonly ElementSet[];
let terminalCount: Uint8Array;
let topology: LaserTopology;
let positions: PositionsEcef;
beforeAll(() => {
  const file = sharedPath('data/orbits/starlink-2026-08-22.3le.gz');
  sets = readCatalogue(readFileSync(file), 'starlink-2026-08-22.3le.gz').records;
  terminalCount = Uint8Array.from(sets, set =>
    satelliteGeneration(set) === 'v1.0' ? 0 : TERMINALS,
  );
  topology = nearest(sets, { terminalCount });
  positions = positionsOf(sets, AT);
});

test('more than 99 % of the laser satellites of a real fleet hang together, and most use all terminals', () => {
  const graph = graphOf(topology, positions);
  const laserCount = terminalCount.filter(count => count > 0).length;
  const degrees = degreesOf(graph).filter((_, i) => terminalCount[i] > 0);
  const histogram = Array.from(
    { length: TERMINALS + 1 },
    (_, degree) => degrees.filter(one => one === degree).length,
  );
  console.info(
    `${laserCount} satellites with lasers, ${graph.linkCount} links, satellites by number of links ${histogram.join(' ')}`,
  );
  expect(largestComponent(graph)).toBeGreaterThan(0.99 * laserCount);
  expect(histogram[TERMINALS]).toBeGreaterThan(0.9 * laserCount);
});

test('no satellite of a real fleet has more links than terminals, none without lasers has one, none is linked twice', () => {
  const graph = graphOf(topology, positions);
  const degrees = degreesOf(graph);
  for (let i = 0; i < graph.satelliteCount; i++) {
    expect(degrees[i]).toBeLessThanOrEqual(terminalCount[i]);
    const partners = graph.neighbour.subarray(graph.offsets[i], graph.offsets[i + 1]);
    expect(new Set(partners).size).toBe(partners.length);
    expect(partners).not.toContain(i);
  }
});

test('the links of an instant do not depend on the instants before it', () => {
  const fresh = nearest(sets, { terminalCount });
  const later = positionsOf(sets, addSeconds(AT, 3600));
  const alone = pairKeys(fresh, later);
  pairKeys(topology, positions);
  expect(pairKeys(topology, later)).toEqual(alone);
});

/** [P] Operator: links may last weeks, ~30 acquisitions a laser and day (network.md §6): 99.5 % after 15 s. */
test('links of a real fleet last: 98.5 % after a slot of 15 s, 90 % after a day', () => {
  const now = pairKeys(topology, positions);
  const keptAfter = (seconds: number) => {
    const then = new Set(pairKeys(topology, positionsOf(sets, addSeconds(AT, seconds))));
    return now.filter(key => then.has(key)).length / now.length;
  };
  expect(keptAfter(15)).toBeGreaterThan(0.985);
  expect(keptAfter(86400)).toBeGreaterThan(0.9);
});

test('links that last never lose sight of each other, all round the orbit', () => {
  const sets70 = designElementSets(parseDesign('70:720/36/11@570'), { epoch: EPOCH });
  const fixed = nearest(sets70, { at: EPOCH });
  const first = new Set(pairKeys(fixed, positionsOf(sets70, EPOCH)));
  for (let atS = 0; atS < 6000; atS += 600) {
    const now = positionsOf(sets70, addSeconds(EPOCH, atS));
    for (const key of first) {
      const [a, b] = [Math.floor(key / 720), key % 720];
      expect(laserLengthKm(now, a, b, CLEAR_OF_THE_EARTH)).toBeGreaterThan(0);
    }
  }
});
