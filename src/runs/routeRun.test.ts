import { expect, test } from 'vitest';
import { fewestHops, groundRelays, shortestDelay } from '../network/index.ts';
import { parseInstant } from '../orbits/index.ts';
import { hypatiaCities } from '../store/hypatiaCities.ts';
import { chooseGateways } from './gatewayList.ts';
import { loadRouteNetwork, type RouteNetworkRequest } from './routeNetwork.ts';
import { type RouteEnd, type RouteResult, runRoute } from './routeRun.ts';
import { whyUnreachable } from './routeWords.ts';

const LIGHT_KM_PER_MS = 299.792458;
const AT_2000 = parseInstant('2000-01-01T00:00:00Z');
const GEN1 = { constellation: '53:1584/72/39@550', topology: 'plus-grid', crossPlaneShift: 0 };

const place = (name: string, latDeg: number, lonDeg: number): RouteEnd => ({
  kind: 'place',
  name,
  latDeg,
  lonDeg,
});
const LONDON = place('London', 51.5074, -0.1278);
const NEW_YORK = place('New York', 40.7128, -74.006);
const PARIS = place('Paris', 48.8566, 2.3522);
const SYDNEY = place('Sydney', -33.8688, 151.2093);
const SVALBARD = place('Svalbard', 78.22, 15.65);

function cityOfHypatia(name: string): RouteEnd {
  const city = hypatiaCities().find(one => one.name === name);
  if (city === undefined) throw new Error(`${name} is not in the table`);
  return { ...city, kind: 'place' };
}

async function routeOver(
  network: Partial<RouteNetworkRequest>,
  [from, to]: readonly [RouteEnd, RouteEnd],
  forS: number,
  stepS: number,
  algorithm = shortestDelay,
  disjointCount = 0,
): Promise<RouteResult> {
  return runRoute({
    from,
    to,
    network: await loadRouteNetwork({ catalogues: [], hasLasers: true, ...network }),
    algorithm,
    gateways: await chooseGateways(undefined, 'starlink'),
    forS,
    stepS,
    disjointCount,
  });
}

/** Hypatia (IMC 2020), recomputed from its own definitions, equal to its printout within 1e-9 ms. */
test.each([
  ['kuiper-k1-hypatia', 'Manila', 'Dalian', 29.4231, 25.2298, 48.1651, 40.144, 5],
  ['kuiper-k1-hypatia', 'Istanbul', 'Nairobi', 63.2464, 46.9114, 69.6742, 60.042, 8],
  ['kuiper-k1-hypatia', 'Paris', 'Moscow', 21.8989, 21.717, 24.6277, 22.386, 8],
  ['kuiper-k1-hypatia', 'Chicago', 'Zhengzhou', 94.7709, 92.1964, 96.7944, 94.626, 4],
  ['starlink-s1-hypatia', 'Manila', 'Dalian', 38.8955, 27.1205, 47.3783, 34.174, 4],
] as const)(
  '%s, %s–%s: the round trips of Hypatia within 0.01 ms and its path changes',
  async (constellation, from, to, first, min, max, mean, pathChanges) => {
    const ends = [cityOfHypatia(from), cityOfHypatia(to)] as const;
    const { summary, steps } = await routeOver({ constellation }, ends, 200, 0.1);
    expect(steps).toHaveLength(2000);
    expect(Math.abs((steps[0].rttMs ?? 0) - first)).toBeLessThan(0.01);
    expect(Math.abs((summary.rttMs?.min ?? 0) - min)).toBeLessThan(0.01);
    expect(Math.abs((summary.rttMs?.max ?? 0) - max)).toBeLessThan(0.01);
    expect(Math.abs((summary.rttMs?.mean ?? 0) - mean)).toBeLessThan(0.01);
    expect(summary.pathChanges).toBe(pathChanges);
  },
);

test('in steps of a second Manila–Dalian keeps to 25.23–48.16 ms, with no more changes than in finer ones', async () => {
  const ends = [cityOfHypatia('Manila'), cityOfHypatia('Dalian')] as const;
  const { summary } = await routeOver({ constellation: 'kuiper-k1-hypatia' }, ends, 200, 1);
  expect(Math.abs((summary.rttMs?.min ?? 0) - 25.23)).toBeLessThan(0.3);
  expect(Math.abs((summary.rttMs?.max ?? 0) - 48.16)).toBeLessThan(0.3);
  expect(summary.stepCount).toBe(200);
  expect(summary.pathChanges).toBeLessThanOrEqual(5);
});

/** network.md N8. On WGS84 with geodetic elevations, which moves it by less than the tolerance. */
test('New York–London over 72×22 at 550 km, F = 39, shift 0, takes 42.3 / 43.0 / 44.1 ms', async () => {
  const { summary } = await routeOver({ ...GEN1, at: AT_2000 }, [NEW_YORK, LONDON], 6000, 20);
  expect(summary.reachableCount).toBe(300);
  expect(Math.abs((summary.rttMs?.min ?? 0) - 42.3)).toBeLessThan(0.5);
  expect(Math.abs((summary.rttMs?.median ?? 0) - 43)).toBeLessThan(0.5);
  expect(Math.abs((summary.rttMs?.max ?? 0) - 44.1)).toBeLessThan(0.5);
});

test('--phasing takes the place of F in the design', async () => {
  const ends = [NEW_YORK, LONDON] as const;
  const written = await routeOver({ ...GEN1, at: AT_2000 }, ends, 100, 20);
  const overridden = await routeOver(
    { ...GEN1, constellation: '53:1584/72/0@550', phasing: 39, at: AT_2000 },
    ends,
    100,
    20,
  );
  expect(overridden.summary.rttMs).toEqual(written.summary.rttMs);
});

test('the links of a route join end to end, and their times add up to half the round trip', async () => {
  const { paths } = await routeOver(GEN1, [NEW_YORK, LONDON], 120, 20);
  for (const { hops, rttMs, points } of paths) {
    expect(hops[0].from).toBe('New York');
    expect(hops[hops.length - 1].to).toBe('London');
    for (let i = 1; i < hops.length; i++) expect(hops[i].from).toBe(hops[i - 1].to);
    expect(hops.map(hop => hop.kind)).toEqual([
      'radio',
      ...hops.slice(2).map(() => 'laser'),
      'radio',
    ]);
    for (const hop of hops) expect(hop.ms).toBeCloseTo(hop.km / LIGHT_KM_PER_MS, 9);
    expect(2 * hops.reduce((sum, hop) => sum + hop.ms, 0)).toBeCloseTo(rttMs ?? 0, 9);
    expect(points).toHaveLength(hops.length + 1);
  }
});

test('fewest hops has no more links than the shortest delay, and is no faster', async () => {
  const ends = [PARIS, SYDNEY] as const;
  const shortest = await routeOver(GEN1, ends, 60, 20);
  const fewest = await routeOver(GEN1, ends, 60, 20, fewestHops);
  shortest.steps.forEach((step, i) => {
    expect(fewest.steps[i].hops ?? 99).toBeLessThanOrEqual(step.hops ?? 0);
    expect(fewest.steps[i].rttMs ?? 0).toBeGreaterThanOrEqual((step.rttMs ?? 999) - 1e-9);
  });
});

/** N6: 5570 km of fibre with n = 1.47 take 54.6 ms; with 1.468, 54.55. */
test('fibre is compared along the great circle', async () => {
  const { greatCircleKm, fibreRttMs } = await routeOver(GEN1, [NEW_YORK, LONDON], 1, 1);
  expect(Math.abs(greatCircleKm - 5570)).toBeLessThan(1);
  expect(Math.abs(fibreRttMs - (54.6 * 1.468) / 1.47)).toBeLessThan(0.1);
});

test('a point of presence is reached over a gateway and fibre, no faster than light on the ground', async () => {
  const frankfurt: RouteEnd = {
    ...place('Frankfurt', 50.11967, 8.73463),
    kind: 'pop',
  };
  const { paths, summary, greatCircleKm } = await routeOver(GEN1, [frankfurt, NEW_YORK], 60, 20);
  expect(summary.reachableCount).toBe(3);
  for (const { hops, points } of paths) {
    expect(hops[0].kind).toBe('fibre');
    expect(hops[1].kind).toBe('radio');
    expect(points.map(point => point.kind).slice(0, 2)).toEqual(['end', 'gateway']);
  }
  expect(summary.rttMs?.min ?? 0).toBeGreaterThan((2 * greatCircleKm) / LIGHT_KM_PER_MS);
});

test('an end without a satellite is an answer that names the end', async () => {
  for (const ends of [
    [SVALBARD, PARIS],
    [PARIS, SVALBARD],
  ] as const) {
    const result = await routeOver(GEN1, ends, 30, 10);
    expect(result.summary).toMatchObject({ rttMs: null, reachableCount: 0, pathChanges: 0 });
    expect(result.hopCount).toBeNull();
    expect(whyUnreachable(result).join()).toMatch(
      /^Svalbard sees no satellite above 25° at any step/,
    );
  }
});

/** Every link within the 80-km limit; a route no shorter than the straight line through the Earth, nor than light. */
test('a design may be linked by nearest neighbours, and each route obeys geometry', async () => {
  const network = { constellation: GEN1.constellation, topology: 'nearest' };
  const { paths, greatCircleKm, summary } = await routeOver(network, [NEW_YORK, LONDON], 60, 20);
  expect(summary.reachableCount).toBe(3);
  for (const { hops, rttMs } of paths) {
    for (const hop of hops) expect(hop.km).toBeLessThan(hop.kind === 'laser' ? 5030 : 1130);
    expect(rttMs ?? 0).toBeGreaterThan((2 * greatCircleKm) / LIGHT_KM_PER_MS);
  }
});

test('without lasers one satellite must see both ends', async () => {
  const network = { constellation: GEN1.constellation, hasLasers: false };
  const near = await routeOver(network, [PARIS, LONDON], 60, 20);
  expect(near.hopCount).toEqual({ min: 2, max: 2 });
  // Four times the height at least, and no longer than four slant ranges at 25° (1123 km, N4).
  expect(near.summary.rttMs?.min ?? 0).toBeGreaterThan((4 * 549) / LIGHT_KM_PER_MS);
  expect(near.summary.rttMs?.max ?? 0).toBeLessThan((4 * 1130) / LIGHT_KM_PER_MS);
  const far = await routeOver(network, [PARIS, SYDNEY], 60, 20);
  expect(far.unreachable).toMatchObject({ steps: 3, noPath: 3 });
  expect(whyUnreachable(far).join()).toMatch(/no links join them, at any step.*ground-relays/);
});

const MOSCOW = place('Moscow', 55.7558, 37.6173);

test('ground relays go up and down over gateways, without a laser, no faster than light on the ground', async () => {
  const network = { constellation: GEN1.constellation, hasLasers: false };
  const result = await routeOver(network, [PARIS, MOSCOW], 120, 20, groundRelays);
  const { gateways } = await chooseGateways(undefined, 'starlink');
  const operational = gateways.name.filter((_, g) => gateways.isOperational[g] !== 0);
  expect(result.summary.reachableCount).toBe(6);
  for (const { hops, points, rttMs } of result.paths) {
    expect(new Set(hops.map(hop => hop.kind))).toEqual(new Set(['radio']));
    // A chain of place, satellite, place: every other node stands on the ground.
    points.forEach((point, i) => {
      expect(point.kind === 'satellite').toBe(i % 2 === 1);
    });
    for (const relay of points.filter(point => point.kind === 'gateway')) {
      expect(operational).toContain(relay.name);
    }
    expect(rttMs ?? 0).toBeGreaterThan((2 * result.greatCircleKm) / LIGHT_KM_PER_MS);
  }
});

test('disjoint routes share no satellite, and the best is never slower than the first of them', async () => {
  const ends = [NEW_YORK, LONDON] as const;
  const { disjoint, summary } = await routeOver(GEN1, ends, 60, 20, shortestDelay, 4);
  const satellites = disjoint.flatMap(({ first }) =>
    (first?.points ?? []).filter(point => point.kind === 'satellite').map(point => point.name),
  );
  expect(disjoint.map(route => route.stepCount)).toEqual([3, 3, 3, 3]);
  expect(new Set(satellites).size).toBe(satellites.length);
  const medians = disjoint.map(route => route.rttMs?.median ?? 0);
  expect(medians).toEqual(medians.toSorted((a, b) => a - b));
  expect(medians[0]).toBeGreaterThanOrEqual((summary.rttMs?.median ?? 999) - 1e-9);
});

test('disjoint routes of a point of presence are refused', async () => {
  const pop: RouteEnd = { ...PARIS, kind: 'pop' };
  await expect(routeOver(GEN1, [pop, LONDON], 10, 10, shortestDelay, 2)).rejects.toThrow(
    /--disjoint/,
  );
});

test('lasers that take time to be pointed never make a route shorter', async () => {
  const network = { constellation: GEN1.constellation, topology: 'nearest' };
  const ends = [NEW_YORK, SYDNEY] as const;
  const atOnce = await routeOver(network, ends, 300, 10);
  const later = await routeOver({ ...network, acquisitionS: 60 }, ends, 300, 10);
  expect(later.steps[0].rttMs).toBe(atOnce.steps[0].rttMs);
  atOnce.steps.forEach(({ rttMs }, i) => {
    expect(later.steps[i].rttMs ?? 9999).toBeGreaterThanOrEqual((rttMs ?? 0) - 1e-9);
  });
});

test('every change says why, and the reasons add up to the changes', async () => {
  const { paths, summary } = await routeOver(GEN1, [NEW_YORK, LONDON], 600, 10);
  expect(paths[0].reason).toBeNull();
  expect(paths.slice(1).every(path => path.reason !== null)).toBe(true);
  const counts = Object.values(summary.changesByReason);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(summary.pathChanges);
  // Satellites that never move against each other lose no laser in 10 minutes; sight of the ground they lose.
  expect(summary.changesByReason['link lost']).toBe(0);
  expect(summary.changesByReason.handover).toBeGreaterThan(0);
});

test.each([
  ['a design without a topology', { constellation: '53:72/6/1@1200' }, /--topology plus-grid/],
  [
    'plus-grid without a shift',
    { constellation: '53:72/6/1@1200', topology: 'plus-grid' },
    /shift/,
  ],
  [
    'lasers that are both off and asked for',
    { ...GEN1, hasLasers: false },
    /--no-lasers and --topology plus-grid/,
  ],
  ['F that is no F', { ...GEN1, phasing: 72 }, /phasing F = 72 must be below P = 72/],
  [
    'F of several shells',
    { ...GEN1, constellation: '53:72/6/1@1200+53:72/6/1@600', phasing: 1 },
    /this design has 2/,
  ],
  ['a shift of what has none', { ...GEN1, topology: 'nearest' }, /--shift 0 means nothing/],
  [
    'a grid of real satellites',
    { constellation: 'oneweb-2026-08', topology: 'plus-grid', crossPlaneShift: 0 },
    /real satellites are in no regular grid/,
  ],
  ['an unknown topology', { constellation: GEN1.constellation, topology: 'grid' }, /plus-grid/],
  ['F of a fleet', { constellation: 'oneweb-2026-08', phasing: 1 }, /--phasing is Walker's F/],
  [
    "a mask by Hypatia's rules",
    { constellation: 'kuiper-k1-hypatia', maskDeg: 30 },
    /--mask is none of them/,
  ],
  [
    "another grid by Hypatia's rules",
    { constellation: 'kuiper-k1-hypatia', topology: 'plus-grid' },
    /it has hypatia-grid, or none/,
  ],
])('%s is refused', async (_, request, reason) => {
  await expect(loadRouteNetwork({ catalogues: [], hasLasers: true, ...request })).rejects.toThrow(
    reason,
  );
});

test('a route from a place to itself is refused', async () => {
  await expect(routeOver(GEN1, [PARIS, { ...PARIS, name: 'Lutetia' }], 10, 10)).rejects.toThrow(
    /same place/,
  );
});
