import { cellToChildren, cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, test } from 'vitest';
import {
  type CellTable,
  type EdgeRule,
  type Membership,
  NO_TERRITORY,
} from '../earth/cellTable.ts';
import { addSeconds, parseInstant } from '../orbits/instant.ts';
import { DEFAULT_SERVICE_PARAMETERS } from '../service/serviceParameters.ts';
import { OPEN_POLICY, type ServiceAction } from '../service/servicePolicy.ts';
import { createWorld } from '../service/world.ts';
import type { Impact } from './impact.ts';
import { scopeCells, takeCells, takeMembership } from './scope.ts';
import { createWhatIf } from './whatIf.ts';

const DEG = Math.PI / 180;
const AT = parseInstant('2026-08-22T12:00:12Z');
const IDS = cellToChildren(latLngToCell(48.85, 2.35, 3), 5).sort();
const CENTRES = IDS.map(id => cellToLatLng(id));

/** 49 cells with 1,000 people each: 0–19 in A, 20–48 in B by their centres; 17–22 straddle the border. */
const CELLS: CellTable = {
  resolution: 5,
  count: IDS.length,
  h3: BigUint64Array.from(IDS, id => BigInt(`0x${id}`)),
  latRad: Float64Array.from(CENTRES, ([lat]) => lat * DEG),
  lonRad: Float64Array.from(CENTRES, ([, lon]) => lon * DEG),
  peopleCount: new Float32Array(IDS.length).fill(1000),
  territoryIndex: Uint16Array.from(IDS, (_, i) => (i < 20 ? 0 : 1)),
  isWater: new Uint8Array(IDS.length),
  isBorder: Uint8Array.from(IDS, (_, i) => (i >= 17 && i <= 22 ? 1 : 0)),
  peopleSource: 'test',
};
const SHARE = (i: number): number => (i < 17 ? 1 : i < 20 ? 0.75 : i <= 22 ? 0.25 : 0);
const MEMBERS = Array.from({ length: 23 }, (_, i) => i);
const MEMBERSHIP: Membership = {
  cellIndex: Int32Array.from(MEMBERS),
  insideShare: Float32Array.from(MEMBERS, SHARE),
  isCentreInside: Uint8Array.from(MEMBERS, i => (i < 20 ? 1 : 0)),
  isWhollyInside: Uint8Array.from(MEMBERS, i => (i < 17 ? 1 : 0)),
};
const LAST_OFF: Readonly<Record<EdgeRule, number>> = { strict: 16, centre: 19, covering: 22 };

function run(
  edge: EdgeRule,
  deniedGatewayCountries: string[] = [],
  people = 1000,
  action: ServiceAction = { kind: 'off' },
  counted: CellTable = CELLS,
  surroundings?: CellTable,
): Impact {
  const peopled = (table: CellTable): CellTable => ({
    ...table,
    peopleCount: new Float32Array(table.count).fill(people),
  });
  const cells = peopled(counted);
  const gateways = {
    count: 1,
    name: ['Villenave'],
    latRad: Float64Array.of(47 * DEG),
    lonRad: Float64Array.of(2 * DEG),
    country: ['FRA'],
    status: ['operational'],
    isOperational: Uint8Array.of(1),
  };
  const world = createWorld({
    // One satellite straight overhead, 480 km up, standing still.
    propagator: {
      count: 1,
      positionsEcef(_, out) {
        out.xKm[0] = 6851 * Math.cos(48.9 * DEG) * Math.cos(2.4 * DEG);
        out.yKm[0] = 6851 * Math.cos(48.9 * DEG) * Math.sin(2.4 * DEG);
        out.zKm[0] = 6851 * Math.sin(48.9 * DEG);
      },
    },
    generations: ['v1.5'],
    cells,
    ...(surroundings ? { surroundings: peopled(surroundings) } : {}),
    gateways,
    parameters: DEFAULT_SERVICE_PARAMETERS,
  });
  const whatIf = createWhatIf({
    world,
    territories: [
      { id: 'AAA', name: 'A' },
      { id: 'BBB', name: 'B' },
    ],
    before: OPEN_POLICY,
    after: {
      rules: [{ label: 'A off', cells: CELLS.h3.slice(0, LAST_OFF[edge] + 1), action }],
      deniedGatewayCountries,
    },
    terminal: 'fixed',
    membership: MEMBERSHIP,
    outsideTerritory: new Uint16Array(cells.count).fill(1),
    edge,
    seed: 1,
    forS: 60,
  });
  for (let k = 0; k < 4; k++) whatIf.slot(addSeconds(AT, 15 * k));
  return whatIf.finish();
}

describe('people inside and outside are counted by the edge rule', () => {
  // 17 whole cells, 3 at 75 %, 3 at 25 %: 17,000 + 2,250 + 750 = 20,000 people inside.
  test.each([
    { edge: 'strict' as const, losing: 17_000, keeping: 3_000, outside: 0, cellsByEdge: 0 },
    { edge: 'centre' as const, losing: 19_250, keeping: 750, outside: 750, cellsByEdge: 3 },
    { edge: 'covering' as const, losing: 20_000, keeping: 0, outside: 3_000, cellsByEdge: 6 },
  ])('$edge', ({ edge, losing, keeping, outside, cellsByEdge }) => {
    const impact = run(edge);
    expect(impact.slotCount).toBe(4);
    expect(impact.inside.people).toBe(20_000);
    expect(impact.inside.servedPeopleBefore).toBe(20_000);
    expect(impact.inside.peopleLosing).toBe(losing);
    expect(impact.inside.peopleKeeping).toBe(keeping);
    expect(impact.inside.cellsWithheld).toBe(LAST_OFF[edge] + 1);
    expect(impact.outside.peopleLosingByEdge).toBe(outside);
    expect(impact.outside.cellsByEdge).toBe(cellsByEdge);
    expect(impact.outside.peopleLosingByCapacity).toBe(0);
    expect(impact.neighbours).toHaveLength(1);
    expect(impact.neighbours[0]).toMatchObject({ id: 'BBB', peopleLosingByEdge: outside });
    expect(impact.before.servedPeople).toBe(49_000);
    expect(impact.after.servedPeople).toBe(49_000 - losing - outside);
    // One minute of four slots: every person in a cell that is off loses one minute.
    expect(impact.after.personMinutesWithoutService).toBeCloseTo(losing + outside, 6);
    expect(impact.after.byState.withheld.cells).toBe(LAST_OFF[edge] + 1);
  });
});

test('a denied gateway is lost, and its loss is told apart from edge and capacity', () => {
  const impact = run('strict', ['FRA']);
  expect(impact.gatewaysLost).toEqual([{ name: 'Villenave', country: 'FRA', reason: 'denied' }]);
  expect(impact.after.servedPeople).toBe(0);
  // 49 cells less 17 whole ones inside: their outside people lose by the gateway.
  expect(impact.outside.peopleLosingByGateways).toBe(29_000);
  expect(impact.outside.peopleLosingByEdge).toBe(0);
});

test('people inside losing and keeping add up to those served before', () => {
  for (const edge of ['strict', 'centre', 'covering'] as const) {
    const { inside } = run(edge);
    expect(inside.peopleLosing + inside.peopleKeeping).toBeCloseTo(inside.servedPeopleBefore, 6);
  }
});

test('the scope holds the territory and every cell within reach, and no other', () => {
  const one: Membership = {
    cellIndex: Int32Array.of(5),
    insideShare: Float32Array.of(1),
    isCentreInside: Uint8Array.of(1),
    isWhollyInside: Uint8Array.of(1),
  };
  const reachKm = 40;
  const scope = [...scopeCells(CELLS, one, reachKm)];
  for (let i = 0; i < CELLS.count; i++) {
    const dLat = CELLS.latRad[i] - CELLS.latRad[5];
    const dLon = (CELLS.lonRad[i] - CELLS.lonRad[5]) * Math.cos(CELLS.latRad[5]);
    const km = 6371 * Math.hypot(dLat, dLon);
    // The flat distance is good to 0.2 km here.
    if (Math.abs(km - reachKm) > 0.2) expect(scope.includes(i)).toBe(km < reachKm);
  }
  expect([...scopeCells(CELLS, one, 0)]).toEqual([5]);
  const taken = takeCells(CELLS, Int32Array.from(scope));
  const moved = takeMembership(one, Int32Array.from(scope));
  expect(taken.h3[moved.cellIndex[0]]).toBe(CELLS.h3[5]);
  expect(taken.territoryIndex.includes(NO_TERRITORY)).toBe(false);
});

test('what a full satellite gives up is taken up by others: 20,000 Mbps over 49 cells, then over 32', () => {
  // A million people a cell ask for 1,868 Mbps, so the v1.5 downlink of 20,000 Mbps is shared equally.
  const before = 20_000 / 49;
  const after = 20_000 / 32;
  const impact = run('strict', [], 1_000_000);
  expect(impact.before.shareMbps).toBeCloseTo(20_000, 0);
  expect(impact.after.shareMbps).toBeCloseTo(20_000, 0);
  expect(impact.capacity.freedMbps).toBeCloseTo(17 * before, 0);
  expect(impact.capacity.takenUpMbps).toBeCloseTo(32 * (after - before), 0);
  expect(impact.capacity.lostMbps).toBe(0);
});

test('a restriction frees rate, and those under it are neither losing nor kept by the edge', () => {
  const impact = run('strict', [], 1000, { kind: 'restricted', maxRateMbps: 1 });
  // 1,000 people are 0.747 subscribers; 17 cells go from 2.5 to 1 Mbps each.
  expect(impact.capacity.freedMbps).toBeCloseTo((17 * 1000 * 6e6 * 1.5) / 8.03e9, 4);
  expect(impact.inside).toMatchObject({
    peopleLosing: 0,
    peopleRestricted: 17_000,
    peopleKeeping: 3_000,
    cellsWithheld: 0,
  });
});

test('cells that lose their satellite because the others are full are counted by capacity', () => {
  // Two satellites, each with its own gateway; the second country denies. 480 cells fit on the first.
  const near = gridDisk(latLngToCell(48.85, 2.5, 5), 13);
  const ids = near.sort();
  const cells: CellTable = {
    ...CELLS,
    count: ids.length,
    h3: BigUint64Array.from(ids, id => BigInt(`0x${id}`)),
    latRad: Float64Array.from(ids, id => cellToLatLng(id)[0] * DEG),
    lonRad: Float64Array.from(ids, id => cellToLatLng(id)[1] * DEG),
    peopleCount: new Float32Array(ids.length).fill(1000),
    territoryIndex: new Uint16Array(ids.length),
    isWater: new Uint8Array(ids.length),
    isBorder: new Uint8Array(ids.length),
  };
  const gateways = {
    count: 2,
    name: ['west', 'east'],
    latRad: Float64Array.of(48.9 * DEG, 48.9 * DEG),
    lonRad: Float64Array.of(-9 * DEG, 14 * DEG),
    country: ['WWW', 'EEE'],
    status: ['operational', 'operational'],
    isOperational: Uint8Array.of(1, 1),
  };
  const lonDeg = [0, 5];
  const world = createWorld({
    propagator: {
      count: 2,
      positionsEcef(_, out) {
        lonDeg.forEach((lon, s) => {
          out.xKm[s] = 6851 * Math.cos(48.9 * DEG) * Math.cos(lon * DEG);
          out.yKm[s] = 6851 * Math.cos(48.9 * DEG) * Math.sin(lon * DEG);
          out.zKm[s] = 6851 * Math.sin(48.9 * DEG);
        });
      },
    },
    generations: ['v1.5', 'v1.5'],
    cells,
    gateways,
    parameters: DEFAULT_SERVICE_PARAMETERS,
  });
  const none = { cellIndex: new Int32Array(0), insideShare: new Float32Array(0) };
  const whatIf = createWhatIf({
    world,
    territories: [{ id: 'AAA', name: 'A' }],
    before: OPEN_POLICY,
    after: { rules: [], deniedGatewayCountries: ['EEE'] },
    terminal: 'fixed',
    membership: {
      ...none,
      isCentreInside: new Uint8Array(0),
      isWhollyInside: new Uint8Array(0),
    },
    outsideTerritory: new Uint16Array(cells.count),
    edge: 'centre',
    seed: 1,
    forS: 15,
  });
  whatIf.slot(AT);
  const impact = whatIf.finish();
  expect(cells.count).toBeGreaterThan(520);
  expect(impact.before.servedCells).toBe(cells.count);
  expect(impact.after.servedCells).toBe(480);
  expect(impact.outside.cellsByCapacity).toBe(cells.count - 480);
  expect(impact.outside.peopleLosingByCapacity).toBe(1000 * (cells.count - 480));
  expect(impact.neighbours[0].peopleLosingByCapacity).toBe(1000 * (cells.count - 480));
  expect(impact.gatewaysLost).toEqual([{ name: 'east', country: 'EEE', reason: 'denied' }]);
});

test('cells around compete but are not counted', () => {
  const some = takeCells(
    CELLS,
    Int32Array.from({ length: 10 }, (_, i) => i),
  );
  const alone = run('strict', [], 1_000_000, undefined, some);
  const among = run('strict', [], 1_000_000, undefined, some, CELLS);
  expect(alone.before.cells).toBe(10);
  expect(among.before.cells).toBe(10);
  // Ten cells alone get their 1,868 Mbps; among 49 they share 20,000 Mbps.
  expect(alone.before.shareMbps).toBeCloseTo(10 * 1868, -1);
  expect(among.before.shareMbps).toBeCloseTo((10 * 20_000) / 49, 0);
});
