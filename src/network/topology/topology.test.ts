import { expect, test } from 'vitest';
import {
  addSeconds,
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
  clusteredDark,
  createTopology,
  HYPATIA_SHELLS,
  hypatiaGrid,
  hypatiaNetwork,
  LASER_TOPOLOGIES,
  type LaserTopology,
  type LinkGraph,
  plusGrid,
  randomDark,
  updateLinkGraph,
  withAcquisition,
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

function requestOf(design: string) {
  const shells = parseDesign(design);
  return { shells, elementSets: designElementSets(shells, { epoch: EPOCH }) };
}

test('every topology by name is made for a design, and its pairs are of two satellites and once each', () => {
  const request = { ...requestOf('53:480/24/13@550'), crossPlaneShift: 0 };
  const propagator = createPropagator(request.elementSets);
  const satellites = allocatePositionsEcef(480);
  propagator.positionsEcef(EPOCH, satellites);
  for (const { name } of LASER_TOPOLOGIES) {
    const topology = createTopology(name === 'motif' ? 'motif:0,1/2,-1' : name, request);
    expect(topology.name).toBe(name);
    expect(topology.satelliteCount).toBe(480);
    const pairs = allocateLaserPairs(topology.maxPairCount);
    topology.pairsAt(satellites, pairs);
    const keys = Array.from({ length: pairs.count }, (_, i) => {
      const [a, b] = [pairs.first[i], pairs.second[i]];
      expect(a).not.toBe(b);
      return Math.min(a, b) * 480 + Math.max(a, b);
    });
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test.each([
  ['bent', {}, /no laser topology "bent"; take one of none, nearest, plus-grid/],
  ['plus-grid:1', { crossPlaneShift: 0 }, /no laser topology "plus-grid:1"/],
  ['plus-grid', {}, /plus-grid needs its cross-plane shift/],
  ['plus-grid', { crossPlaneShift: 0.5 }, /whole number of slots/],
  ['plus-grid', { crossPlaneShift: 0, shells: undefined }, /give --topology nearest/],
  ['plus-grid-fifth', { crossPlaneShift: 0, shells: [] }, /give --topology nearest/],
  ['motif', {}, /motif needs its two neighbours/],
  ['motif:0,1', {}, /not two steps/],
  ['motif:0,1/0,-1', {}, /one link twice/],
  ['motif:0,1/0,0', {}, /to itself/],
  ['hypatia-grid', { shells: parseDesign('53:20/4/1@550+53:20/4/1@600') }, /of one shell/],
] as const)('%s with %o is refused in one line', (name, changes, message) => {
  const request = { ...requestOf('53:20/4/1@550'), ...changes };
  expect(() => createTopology(name, request)).toThrow(BeamkeeperError);
  expect(() => createTopology(name, request)).toThrow(message);
});

test('plus-grid is the motif 0,1/1,s', () => {
  const request = requestOf('53:1584/72/39@550');
  const keys = (topology: LaserTopology) =>
    pairsOf(topology)
      .map(([a, b]) => Math.min(a, b) * 1584 + Math.max(a, b))
      .sort((a, b) => a - b);
  for (const crossPlaneShift of [0, -1]) {
    expect(keys(createTopology(`motif:0,1/1,${crossPlaneShift}`, request))).toEqual(
      keys(createTopology('plus-grid', { ...request, crossPlaneShift })),
    );
  }
});

test('the fifth laser joins a satellite on its way north with one on its way south, each at most one', () => {
  const request = requestOf('53:1584/72/39@550');
  const at = (atS: number) => {
    const satellites = allocatePositionsEcef(1584);
    createPropagator(request.elementSets).positionsEcef(addSeconds(EPOCH, atS), satellites);
    return satellites;
  };
  const [now, soon] = [at(0), at(1)];
  const topology = createTopology('plus-grid-fifth', { ...request, crossPlaneShift: 0 });
  const pairs = allocateLaserPairs(topology.maxPairCount);
  topology.pairsAt(now, pairs);
  const used = new Uint8Array(1584);
  for (let i = 2 * 1584; i < pairs.count; i++) {
    const [a, b] = [pairs.first[i], pairs.second[i]];
    const climbs = [a, b].map(s => soon.zKm[s] - now.zKm[s]);
    // At the turn, within 0.1 km/s of level flight, either is right.
    if (climbs.every(km => Math.abs(km) > 0.1)) {
      expect(climbs[0] * climbs[1]).toBeLessThan(0);
    }
    expect(used[a]++ + used[b]++).toBe(0);
  }
  expect(pairs.count - 2 * 1584).toBeGreaterThan(0.9 * (1584 / 2));
});

test('a satellite without terminals has no link in any topology', () => {
  const terminalCount = new Uint8Array(480).fill(4);
  terminalCount[100] = 0;
  const request = { ...requestOf('53:480/24/13@550'), crossPlaneShift: 0, terminalCount };
  const satellites = allocatePositionsEcef(480);
  createPropagator(request.elementSets).positionsEcef(EPOCH, satellites);
  for (const name of ['nearest', 'plus-grid', 'plus-grid-fifth', 'motif:0,1/2,-1']) {
    const topology = createTopology(name, request);
    const pairs = allocateLaserPairs(topology.maxPairCount);
    topology.pairsAt(satellites, pairs);
    expect(pairs.first.subarray(0, pairs.count)).not.toContain(100);
    expect(pairs.second.subarray(0, pairs.count)).not.toContain(100);
    expect(pairs.count).toBeGreaterThan(900);
  }
});

test('poleward of the cut-off a star keeps only the links within its planes', () => {
  const request = requestOf('S:87.9:72/6/1@1200');
  const satellites = allocatePositionsEcef(72);
  createPropagator(request.elementSets).positionsEcef(EPOCH, satellites);
  const cutOffRad = (60 * Math.PI) / 180;
  const pairsWith = (polarCutOffRad?: number) => {
    const topology = createTopology('plus-grid', {
      ...request,
      crossPlaneShift: 0,
      polarCutOffRad,
    });
    const pairs = allocateLaserPairs(topology.maxPairCount);
    topology.pairsAt(satellites, pairs);
    return Array.from(
      { length: pairs.count },
      (_, i) => [pairs.first[i], pairs.second[i]] as const,
    );
  };
  const isPoleward = (s: number) =>
    Math.abs(satellites.zKm[s]) >
    Math.sin(cutOffRad) * Math.hypot(satellites.xKm[s], satellites.yKm[s], satellites.zKm[s]);
  const expected = pairsWith().filter(
    ([a, b]) => Math.floor(a / 12) === Math.floor(b / 12) || (!isPoleward(a) && !isPoleward(b)),
  );
  expect(pairsWith(cutOffRad)).toEqual(expected);
  expect(expected.length).toBeLessThan(pairsWith().length);
});

test('a link newly wanted carries nothing until it has been pointed', () => {
  const satellites = allocatePositionsEcef(4);
  for (let i = 0; i < 4; i++) {
    satellites.xKm[i] = 7000;
    satellites.yKm[i] = 100 * i;
  }
  let wanted: [number, number][] = [];
  const topology = withAcquisition(
    {
      name: 'drawn',
      satelliteCount: 4,
      maxPairCount: 6,
      pairsAt(_satellites, out) {
        wanted.forEach(([a, b], i) => {
          out.first[i] = a;
          out.second[i] = b;
        });
        out.count = wanted.length;
      },
    },
    15,
    CLEAR_OF_THE_EARTH,
  );
  const usableAt = (atS: number, pairs: [number, number][]) => {
    wanted = pairs;
    topology.moveTo(atS);
    const out = allocateLaserPairs(6);
    topology.pairsAt(satellites, out);
    return Array.from({ length: out.count }, (_, i) => `${out.first[i]}-${out.second[i]}`);
  };
  // What is wanted at the start is up; the order of two satellites does not matter.
  expect(usableAt(0, [[0, 1]])).toEqual(['0-1']);
  expect(
    usableAt(5, [
      [1, 0],
      [2, 3],
    ]),
  ).toEqual(['1-0']);
  expect(
    usableAt(15, [
      [0, 1],
      [2, 3],
    ]),
  ).toEqual(['0-1']);
  expect(
    usableAt(20, [
      [0, 1],
      [2, 3],
    ]),
  ).toEqual(['0-1', '2-3']);
  // Let go for an instant, it must be pointed again.
  expect(usableAt(25, [[0, 1]])).toEqual(['0-1']);
  expect(
    usableAt(30, [
      [0, 1],
      [2, 3],
    ]),
  ).toEqual(['0-1']);
  // Behind the Earth, it must be pointed again as well.
  satellites.xKm[1] = -7000;
  expect(
    usableAt(40, [
      [0, 1],
      [2, 3],
    ]),
  ).toEqual([]);
  satellites.xKm[1] = 7000;
  expect(
    usableAt(50, [
      [0, 1],
      [2, 3],
    ]),
  ).toEqual(['2-3']);
  expect(
    usableAt(65, [
      [0, 1],
      [2, 3],
    ]),
  ).toEqual(['0-1', '2-3']);
  expect(() => topology.moveTo(60)).toThrow('order of time');
});

test('dark satellites: as many as asked for, the same for a seed, others for another', () => {
  const dark = randomDark(1000, 0.1, 7);
  expect(dark.reduce((sum, flag) => sum + flag, 0)).toBe(100);
  expect(randomDark(1000, 0.1, 7)).toEqual(dark);
  expect(randomDark(1000, 0.1, 8)).not.toEqual(dark);
  expect(randomDark(1000, 0, 7).includes(1)).toBe(false);
  expect(randomDark(1000, 1, 7).includes(0)).toBe(false);
});

test('a cluster of dark satellites is the nearest ones to its middle', () => {
  const satellites = allocatePositionsEcef(5);
  satellites.xKm.set([0, 10, 20, 30, Number.NaN]);
  expect([...clusteredDark(satellites, 3, 0.4)]).toEqual([0, 0, 1, 1, 0]);
});
