import { cellToChildren, cellToLatLng, latLngToCell } from 'h3-js';
import { describe, expect, test } from 'vitest';
import {
  type CellTable,
  type EdgeRule,
  type Membership,
  NO_TERRITORY,
} from '../earth/cellTable.ts';
import { addSeconds, parseInstant } from '../orbits/instant.ts';
import { DEFAULT_SERVICE_PARAMETERS } from '../service/serviceParameters.ts';
import { OPEN_POLICY } from '../service/servicePolicy.ts';
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

function run(edge: EdgeRule, deniedGatewayCountries: string[] = []): Impact {
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
    cells: CELLS,
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
      rules: [
        { label: 'A off', cells: CELLS.h3.slice(0, LAST_OFF[edge] + 1), action: { kind: 'off' } },
      ],
      deniedGatewayCountries,
    },
    terminal: 'fixed',
    membership: MEMBERSHIP,
    outsideTerritory: new Uint16Array(CELLS.count).fill(1),
    edge,
    seed: 1,
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
