import type { CellTable, Membership } from '../earth/cellTable.ts';

const EARTH_MEAN_RADIUS_KM = 6371.0088;

/**
 * The cells of a membership and all cells within `reachKm` of one of them: ascending indices.
 * A satellite that serves the territory's edge has a footprint of about 900 km radius, so a reach of
 * 0 asks only for the territory, and some hundred km add the neighbours that share its satellites.
 * Distances are between cell centres on a sphere, right to the width of a cell.
 */
export function scopeCells(all: CellTable, membership: Membership, reachKm: number): Int32Array {
  if (reachKm <= 0 || membership.cellIndex.length === 0) return membership.cellIndex.slice();
  // Seeds are binned in cubes of the reach, so that a cell looks at 27 cubes at most.
  const chord = 2 * Math.sin(Math.min(Math.PI / 2, reachKm / EARTH_MEAN_RADIUS_KM / 2));
  const limit = chord * chord;
  const seeds = new Map<number, number[]>();
  const cube = (v: number): number => Math.floor((v + 1) / chord);
  const key = (i: number, j: number, k: number): number => (i * 4096 + j) * 4096 + k;
  // A cover of the seeds is enough: one per fortieth of the reach.
  const seen = new Set<number>();
  const fine = Math.max(chord / 40, 1e-4);
  for (const cell of membership.cellIndex) {
    const [x, y, z] = unit(all, cell);
    const spot =
      (Math.floor((x + 1) / fine) * 32768 + Math.floor((y + 1) / fine)) * 32768 +
      Math.floor((z + 1) / fine);
    if (seen.has(spot)) continue;
    seen.add(spot);
    const k = key(cube(x), cube(y), cube(z));
    const list = seeds.get(k);
    if (list) list.push(x, y, z);
    else seeds.set(k, [x, y, z]);
  }
  const isMember = new Uint8Array(all.count);
  for (const cell of membership.cellIndex) isMember[cell] = 1;
  const chosen: number[] = [];
  for (let cell = 0; cell < all.count; cell++) {
    if (isMember[cell] === 1 || isNear(unit(all, cell))) chosen.push(cell);
  }
  return Int32Array.from(chosen);

  function isNear([x, y, z]: readonly [number, number, number]): boolean {
    const ci = cube(x);
    const cj = cube(y);
    const ck = cube(z);
    for (let i = ci - 1; i <= ci + 1; i++) {
      for (let j = cj - 1; j <= cj + 1; j++) {
        for (let k = ck - 1; k <= ck + 1; k++) {
          const list = seeds.get(key(i, j, k));
          if (list === undefined) continue;
          for (let s = 0; s < list.length; s += 3) {
            const dx = list[s] - x;
            const dy = list[s + 1] - y;
            const dz = list[s + 2] - z;
            if (dx * dx + dy * dy + dz * dz <= limit) return true;
          }
        }
      }
    }
    return false;
  }
}

function unit(cells: CellTable, cell: number): readonly [number, number, number] {
  const cosLat = Math.cos(cells.latRad[cell]);
  return [
    cosLat * Math.cos(cells.lonRad[cell]),
    cosLat * Math.sin(cells.lonRad[cell]),
    Math.sin(cells.latRad[cell]),
  ];
}

/** A table of the cells named by ascending indices. */
export function takeCells(all: CellTable, cellIndex: Int32Array): CellTable {
  const pick = <T extends Float64Array | Float32Array | Uint16Array | Uint8Array>(
    column: T,
    out: T,
  ): T => {
    cellIndex.forEach((cell, i) => {
      out[i] = column[cell];
    });
    return out;
  };
  const count = cellIndex.length;
  return {
    resolution: all.resolution,
    count,
    h3: BigUint64Array.from(cellIndex, cell => all.h3[cell]),
    latRad: pick(all.latRad, new Float64Array(count)),
    lonRad: pick(all.lonRad, new Float64Array(count)),
    peopleCount: pick(all.peopleCount, new Float32Array(count)),
    territoryIndex: pick(all.territoryIndex, new Uint16Array(count)),
    isWater: pick(all.isWater, new Uint8Array(count)),
    isBorder: pick(all.isBorder, new Uint8Array(count)),
    peopleSource: all.peopleSource,
    ...(all.parts ? { parts: all.parts } : {}),
  };
}

/** A membership expressed in the indices of `takeCells(all, cellIndex)`; cells that were not taken drop out. */
export function takeMembership(membership: Membership, cellIndex: Int32Array): Membership {
  const place = new Map<number, number>();
  cellIndex.forEach((cell, i) => {
    place.set(cell, i);
  });
  const kept: number[] = [];
  membership.cellIndex.forEach((cell, m) => {
    if (place.has(cell)) kept.push(m);
  });
  return {
    cellIndex: Int32Array.from(kept, m => place.get(membership.cellIndex[m])!),
    insideShare: Float32Array.from(kept, m => membership.insideShare[m]),
    isCentreInside: Uint8Array.from(kept, m => membership.isCentreInside[m]),
    isWhollyInside: Uint8Array.from(kept, m => membership.isWhollyInside[m]),
  };
}
