import { expect, test } from 'vitest';
import {
  allocatePositionsEcef,
  BeamkeeperError,
  createPropagator,
  designElementSets,
  parseDesign,
  parseInstant,
} from '../../orbits/index.ts';
import {
  allocateLaserPairs,
  allocateLinkGraph,
  CLEAR_OF_THE_EARTH,
  HYPATIA_SHELLS,
  hypatiaGrid,
  hypatiaNetwork,
  type LaserTopology,
  type LinkGraph,
  plusGrid,
  updateLinkGraph,
} from '../index.ts';

const EPOCH = parseInstant('2000-01-01T00:00:00Z');

function pairsOf(topology: LaserTopology): [number, number][] {
  const pairs = allocateLaserPairs(topology.maxPairCount);
  topology.pairsAt(allocatePositionsEcef(topology.satelliteCount), pairs);
  return Array.from({ length: pairs.count }, (_, i) => [pairs.first[i], pairs.second[i]]);
}

function graphOf(design: string, shift: number, isDark?: Uint8Array): LinkGraph {
  const shells = parseDesign(design);
  const propagator = createPropagator(designElementSets(shells, { epoch: EPOCH }));
  const satellites = allocatePositionsEcef(propagator.count);
  propagator.positionsEcef(EPOCH, satellites);
  const topology = plusGrid(shells, shift);
  const graph = allocateLinkGraph(topology);
  updateLinkGraph(topology, satellites, CLEAR_OF_THE_EARTH, graph, isDark);
  return graph;
}

/** Lengths of the links between different planes, over the whole shell. */
function crossLengthsKm(graph: LinkGraph, slotCount: number): number[] {
  const lengths: number[] = [];
  for (let a = 0; a < graph.satelliteCount; a++) {
    for (let i = graph.offsets[a]; i < graph.offsets[a + 1]; i++) {
      const b = graph.neighbour[i];
      if (Math.floor(a / slotCount) !== Math.floor(b / slotCount)) lengths.push(graph.lengthKm[i]);
    }
  }
  return lengths;
}

test('72×18, F = 45: cross links from 1866 km up with shift 0, from 541 km up with shift −1 (network.md §6)', () => {
  const shortest = (shift: number) =>
    Math.min(...crossLengthsKm(graphOf('53:1296/72/45@550', shift), 18));
  expect(Math.abs(shortest(0) - 1866)).toBeLessThan(0.01 * 1866);
  expect(Math.abs(shortest(-1) - 541)).toBeLessThan(0.01 * 541);
});

test('the wrap is shifted by F: its links are no longer than those between the other planes', () => {
  // All satellites of the shell see the same along a revolution, so the extremes agree.
  const graph = graphOf('53:1584/72/39@550', 0);
  const wrap: number[] = [];
  const inner: number[] = [];
  for (let a = 0; a < 1584; a++) {
    for (let i = graph.offsets[a]; i < graph.offsets[a + 1]; i++) {
      const planes = Math.abs(Math.floor(a / 22) - Math.floor(graph.neighbour[i] / 22));
      if (planes === 71) wrap.push(graph.lengthKm[i]);
      if (planes === 1) inner.push(graph.lengthKm[i]);
    }
  }
  expect(wrap).toHaveLength(44);
  expect(Math.max(...wrap)).toBeLessThanOrEqual(Math.max(...inner) * 1.01);
  expect(Math.min(...wrap)).toBeGreaterThanOrEqual(Math.min(...inner) * 0.99);
});

test('every satellite of a delta has four different partners, and links are mutual', () => {
  const graph = graphOf('53:1584/72/39@550', -1);
  expect(graph.linkCount).toBe(2 * 1584);
  for (let a = 0; a < 1584; a++) {
    const partners = graph.neighbour.subarray(graph.offsets[a], graph.offsets[a + 1]);
    expect(new Set(partners).size).toBe(4);
    for (const b of partners) {
      expect(graph.neighbour.subarray(graph.offsets[b], graph.offsets[b + 1])).toContain(a);
    }
  }
});

test('a star has no link over its seam, and shells are not joined', () => {
  const shells = parseDesign('S:87.9:72/6/1@1200+53:20/4/1@550');
  const pairs = pairsOf(plusGrid(shells, 0));
  // 6 rings of 12 and 5 steps between planes; 4 rings of 5 and 4 steps.
  expect(pairs).toHaveLength(72 + 60 + 20 + 20);
  expect(pairs.some(([a, b]) => Math.floor(a / 12) === 5 && b < 12)).toBe(false);
  expect(pairs.every(([a, b]) => a < 72 === b < 72)).toBe(true);
});

test('no pair comes twice in the smallest of designs', () => {
  for (const design of [
    '53:1/1/0@550',
    '53:2/1/0@550',
    '53:2/2/0@550',
    '53:4/2/1@550',
    '53:6/2/1@550',
  ]) {
    for (const shift of [-1, 0, 1]) {
      const pairs = pairsOf(plusGrid(parseDesign(design), shift));
      const keys = pairs.map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
      expect(new Set(keys).size, `${design} shift ${shift}`).toBe(keys.length);
      expect(pairs.every(([a, b]) => a !== b)).toBe(true);
    }
  }
});

test('a dark satellite has no laser', () => {
  const isDark = new Uint8Array(1584);
  isDark[100] = 1;
  const graph = graphOf('53:1584/72/39@550', 0, isDark);
  expect(graph.offsets[101] - graph.offsets[100]).toBe(0);
  expect(graph.linkCount).toBe(2 * 1584 - 4);
});

test('a satellite without a position has no laser', () => {
  const topology = hypatiaGrid(3, 3);
  const satellites = allocatePositionsEcef(9);
  for (let i = 0; i < 9; i++) {
    satellites.xKm[i] = 7000;
    satellites.yKm[i] = 10 * i;
  }
  satellites.xKm[4] = Number.NaN;
  const graph = allocateLinkGraph(topology);
  updateLinkGraph(topology, satellites, CLEAR_OF_THE_EARTH, graph);
  expect(graph.linkCount).toBe(18 - 4);
});

test('a shift that is no whole number, and positions of another fleet, are refused', () => {
  expect(() => plusGrid(parseDesign('53:20/4/1@550'), 0.5)).toThrow(BeamkeeperError);
  const topology = hypatiaGrid(3, 3);
  expect(() =>
    updateLinkGraph(
      topology,
      allocatePositionsEcef(8),
      CLEAR_OF_THE_EARTH,
      allocateLinkGraph(topology),
    ),
  ).toThrow('9 satellites, but 8 positions');
});

/** Hypatia, satgenpy: main_kuiper_630.py and main_starlink_550.py, metres (peers.md). */
test.each([
  ['kuiper-k1-hypatia', 1156, 1260, 5442.9582],
  ['starlink-s1-hypatia', 1584, 1089.6864, 5016.5912],
])(
  '%s: %d satellites, ground links up to %d km, lasers up to %d km',
  (name, count, groundKm, laserKm) => {
    const network = hypatiaNetwork(name);
    expect(HYPATIA_SHELLS.map(shell => shell.name)).toContain(name);
    expect(network.elementSets).toHaveLength(count);
    expect(network.groundRule(1).maxRangeKm).toBeCloseTo(groundKm, 4);
    expect(network.laserLimits.maxRangeKm).toBeCloseTo(laserKm, 4);
  },
);

test('an unknown constellation of Hypatia is refused with the names that exist', () => {
  expect(() => hypatiaNetwork('telesat')).toThrow('kuiper-k1-hypatia or starlink-s1-hypatia');
});
