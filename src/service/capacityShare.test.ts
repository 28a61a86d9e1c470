import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocateBackhaulPaths } from '../network/index.ts';
import { allocateNetworkLoad, createCapacityShare } from './capacityShare.ts';
import { allocateServiceMap } from './scheduler.ts';
import { DEFAULT_SERVICE_PARAMETERS } from './serviceParameters.ts';
import type { World } from './world.ts';

interface Satellite {
  readonly beamCount: number;
  readonly beamMbps: number;
  readonly satelliteMbps: number;
  /** Where it hands on to by laser; none: down to gateway 0. */
  readonly next?: number;
}

interface Case {
  readonly satellites: readonly Satellite[];
  /** [satellite, demand] */
  readonly cells: readonly (readonly [number, number])[];
  readonly laserMbps?: number;
  readonly feederMbps?: number;
  readonly gatewayMbps?: number;
  /** Of each cell's link, b/s/Hz; left out: the 4 that `beamMbps` stands for. */
  readonly efficiency?: readonly number[];
}

const PLENTY = 1e12;
const CELLS_PER_BEAM = 10;
const MAX_BEAMS = 8;

/** The rates of one destination behind one gateway, and how full things are. */
function share(one: Case): { rate: number[]; load: ReturnType<typeof allocateNetworkLoad> } {
  const { satellites, cells } = one;
  const world = {
    propagator: { count: satellites.length },
    scheduled: { count: cells.length },
    gateways: { count: 1 },
    destinations: { count: 1, ofCell: new Uint16Array(cells.length) },
    capacities: satellites.map(({ next: _, ...satellite }) => ({
      ...satellite,
      laserTerminalCount: 4,
      laserMbps: one.laserMbps ?? PLENTY,
      feederMbps: one.feederMbps ?? PLENTY,
      source: 'test',
    })),
    parameters: {
      ...DEFAULT_SERVICE_PARAMETERS,
      cellsPerBeam: CELLS_PER_BEAM,
      maxBeamsPerCell: MAX_BEAMS,
      gatewayAntennas: 1,
      gatewayAntennaMbps: one.gatewayMbps ?? PLENTY,
    },
  } as unknown as World;
  const paths = allocateBackhaulPaths(satellites.length, 1);
  satellites.forEach(({ next = -1 }, s) => {
    paths.nextSatellite[s] = next;
    paths.gatewayIndex[s] = 0;
  });
  const map = allocateServiceMap(cells.length);
  cells.forEach(([satellite, demand], i) => {
    map.satelliteIndex[i] = satellite;
    map.demandMbps[i] = demand;
  });
  const load = allocateNetworkLoad(world);
  const efficiency = one.efficiency && Float32Array.from(one.efficiency);
  createCapacityShare(world).share(map, paths, load, efficiency);
  return { rate: [...map.shareMbps], load };
}

const one = (satellite: Satellite, demands: readonly number[]): Case => ({
  satellites: [satellite],
  cells: demands.map(demand => [0, demand]),
});

test('small demands are met in full', () => {
  const { rate } = share(one({ beamCount: 2, beamMbps: 100, satelliteMbps: 1000 }, [5, 50, 20]));
  expect(rate).toEqual([5, 50, 20]);
});

test('the downlink is shared max-min fairly: 10, 40, 40 of 90', () => {
  // Bertsekas & Gallager, Data Networks, §6.5.2: one link, demands 10, 50, 60, capacity 90.
  const { rate, load } = share(
    one({ beamCount: 9, beamMbps: 100, satelliteMbps: 90 }, [10, 50, 60]),
  );
  expect(rate).toEqual([10, 40, 40]);
  expect(load.satellite[0]).toBe(1);
});

test('one cell gets eight beams at most', () => {
  expect(share(one({ beamCount: 48, beamMbps: 100, satelliteMbps: 9000 }, [5000])).rate).toEqual([
    800,
  ]);
});

test('a cell that asks for little holds a tenth of a beam all the same', () => {
  // Two beams of 100: nineteen cells at 1 Mbps hold 1.9 beams, so the twentieth has 0.1, which is 10 Mbps.
  const demands = [...Array(19).fill(1), 500];
  const { rate } = share(one({ beamCount: 2, beamMbps: 100, satelliteMbps: 9000 }, demands));
  expect(rate[19]).toBeCloseTo(10, 4);
});

test('a laser is shared by the cells behind it, and what they cannot use others get', () => {
  // Satellites 0 and 1 hand on to 2, which shares its feeder of 100 among its own cell and theirs.
  const plenty = { beamCount: 48, beamMbps: 1000, satelliteMbps: 9000 };
  const { rate, load } = share({
    satellites: [{ ...plenty, next: 2 }, { ...plenty, next: 2 }, plenty],
    cells: [
      [0, 200],
      [0, 200],
      [1, 5],
      [2, 400],
    ],
    laserMbps: 40,
    feederMbps: 100,
  });
  expect(rate).toEqual([20, 20, 5, 55]);
  expect(load.fullestLaser).toBe(1);
  expect(load.busyLaserCount).toBe(2);
});

test('the antennas of a gateway hold all back alike', () => {
  const plenty = { beamCount: 48, beamMbps: 1000, satelliteMbps: 9000 };
  const { rate, load } = share({
    satellites: [plenty, plenty],
    cells: [
      [0, 100],
      [1, 100],
      [1, 10],
    ],
    gatewayMbps: 90,
  });
  expect(rate).toEqual([40, 40, 10]);
  expect(load.gateway[0]).toBe(1);
});

const networks = fc
  .record({
    satellites: fc.array(
      fc.record({
        beamCount: fc.integer({ min: 1, max: 6 }),
        beamMbps: fc.integer({ min: 1, max: 1000 }),
        satelliteMbps: fc.integer({ min: 1, max: 5000 }),
        handsOn: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    demands: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 }),
    laserMbps: fc.integer({ min: 1, max: 4000 }),
    feederMbps: fc.integer({ min: 1, max: 8000 }),
    gatewayMbps: fc.integer({ min: 1, max: 20_000 }),
  })
  .map(({ satellites, demands, ...limits }): Case => {
    const room = satellites.map(({ beamCount }) => beamCount * CELLS_PER_BEAM);
    const cells: [number, number][] = [];
    demands.forEach((demand, i) => {
      const s = i % satellites.length;
      if (room[s]-- > 0) cells.push([s, demand]);
    });
    return {
      // A chain: each hands on to the one after, the last comes down.
      satellites: satellites.map(({ handsOn, ...satellite }, s) =>
        handsOn && s + 1 < satellites.length ? { ...satellite, next: s + 1 } : satellite,
      ),
      cells,
      ...limits,
    };
  });

test('nothing is over its capacity, and who gets less than asked has a full link on which nobody has more', () => {
  fc.assert(
    fc.property(networks, network => {
      const { satellites, cells, laserMbps = 0, feederMbps = 0, gatewayMbps = 0 } = network;
      const { rate } = share(network);
      // Every limited thing: who takes it, how full it is, at what rate its users stand.
      const things = new Map<string, { used: number; capacity: number; highest: number }>();
      const thingsOf = (cell: number): string[] => {
        const names: string[] = [];
        let s = cells[cell][0];
        names.push(`downlink ${s}`, `beams ${s}`);
        for (let next = satellites[s].next; next !== undefined; next = satellites[s].next) {
          names.push(`laser ${s}`);
          s = next;
        }
        return [...names, `feeder ${s}`, 'gateway'];
      };
      const capacityOf = (name: string): number => {
        const [kind, s] = name.split(' ');
        if (kind === 'beams') return satellites[Number(s)].beamCount;
        if (kind === 'downlink') return satellites[Number(s)].satelliteMbps;
        return kind === 'laser' ? laserMbps : kind === 'feeder' ? feederMbps : gatewayMbps;
      };
      cells.forEach(([s], i) => {
        for (const name of thingsOf(i)) {
          const thing = things.get(name) ?? { used: 0, capacity: capacityOf(name), highest: 0 };
          const { beamMbps } = satellites[s];
          thing.used += name.startsWith('beams')
            ? Math.max(1 / CELLS_PER_BEAM, rate[i] / beamMbps)
            : rate[i];
          thing.highest = Math.max(thing.highest, rate[i]);
          things.set(name, thing);
        }
      });
      for (const { used, capacity } of things.values()) {
        expect(used).toBeLessThanOrEqual(capacity * (1 + 1e-5));
      }
      cells.forEach(([s, demand], i) => {
        expect(rate[i]).toBeLessThanOrEqual(demand);
        const mostMbps = Math.min(demand, MAX_BEAMS * satellites[s].beamMbps);
        if (rate[i] >= mostMbps * (1 - 1e-5)) return;
        const isHeldBack = thingsOf(i).some(name => {
          const { used, capacity, highest } = things.get(name)!;
          return used >= capacity * (1 - 1e-5) && rate[i] >= highest * (1 - 1e-5);
        });
        expect(isHeldBack).toBe(true);
      });
    }),
    { numRuns: 500 },
  );
});

test('a link of half the efficiency carries half on its beams', () => {
  const satellite = { beamCount: 48, beamMbps: 100, satelliteMbps: 9000 };
  const { rate } = share({ ...one(satellite, [5000, 5000]), efficiency: [4, 2] });
  // Eight beams each, of 100 and of 50.
  expect(rate).toEqual([800, 400]);
});

test('under one full beam the rates are equal, and the worse link takes the more airtime', () => {
  const satellite = { beamCount: 1, beamMbps: 100, satelliteMbps: 9000 };
  const { rate } = share({ ...one(satellite, [5000, 5000]), efficiency: [4, 2] });
  // By hand: the least airtime, 0.1 of a beam, carries 5 on the worse link. Above it x/100 + x/50 share
  // the other 0.8, so x = 26.67. On the better link 5 more of its least airtime go unused.
  expect(rate[0]).toBeCloseTo(5 + 80 / 3, 4);
  expect(rate[1]).toBeCloseTo(5 + 80 / 3, 4);
});

test('a link so bad that it carries nothing gets nothing and holds nobody back', () => {
  const satellite = { beamCount: 1, beamMbps: 100, satelliteMbps: 9000 };
  const { rate } = share({ ...one(satellite, [500, 500]), efficiency: [4, 0] });
  expect(rate[1]).toBe(0);
  // The other tenth of the beam is held for the cell without.
  expect(rate[0]).toBeCloseTo(90, 4);
});

test('with links of any efficiency no satellite gives more airtime than its beams have', () => {
  fc.assert(
    fc.property(
      networks,
      fc.array(fc.double({ min: 0.1, max: 5.1, noNaN: true }), { minLength: 60, maxLength: 60 }),
      (network, efficiency) => {
        const { rate } = share({ ...network, efficiency });
        const airtime = network.satellites.map(() => 0);
        network.cells.forEach(([s], i) => {
          const beamMbps = (network.satellites[s].beamMbps * Math.fround(efficiency[i])) / 4;
          airtime[s] += Math.max(1 / CELLS_PER_BEAM, rate[i] / beamMbps);
          expect(rate[i]).toBeLessThanOrEqual(MAX_BEAMS * beamMbps * (1 + 1e-6));
        });
        network.satellites.forEach(({ beamCount }, s) => {
          expect(airtime[s]).toBeLessThanOrEqual(beamCount * (1 + 1e-5));
        });
      },
    ),
    { numRuns: 500 },
  );
});

test('the order of the cells does not matter', () => {
  fc.assert(
    fc.property(networks, network => {
      const { rate } = share(network);
      const turned = share({ ...network, cells: [...network.cells].reverse() });
      expect(turned.rate.reverse()).toEqual(rate);
    }),
    { numRuns: 200 },
  );
});
