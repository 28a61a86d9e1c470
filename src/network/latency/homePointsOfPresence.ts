import type { PointsOfPresence } from '../../earth/index.ts';

/** Which point of presence was seen to serve a country: a row of data/gateways/starlink-probe-pop.csv. */
export interface SeenPointOfPresence {
  readonly code: string;
  readonly country: string;
}

/**
 * The point of presence that serves each cell: the nearest of those that were seen to serve its
 * country, else of its country's own, else of all. Sites that had not opened yet, or serve one
 * customer only, are left out. What was measured anywhere plays no part.
 *
 * @param territoryIndex per cell, into `territoryIds`; anything beyond is on no territory
 * @param year decimal year
 * @param seen rows that hold in that year
 * @returns index into the points of presence, per cell; -1 when none is open
 */
export function homePointsOfPresence(input: {
  readonly latRad: Float64Array;
  readonly lonRad: Float64Array;
  readonly territoryIndex: Uint16Array;
  readonly territoryIds: readonly string[];
  readonly pops: PointsOfPresence;
  readonly year: number;
  readonly seen: readonly SeenPointOfPresence[];
}): Int16Array {
  const { latRad, lonRad, territoryIndex, territoryIds, pops, year, seen } = input;
  const open: number[] = [];
  for (let pop = 0; pop < pops.count; pop++) {
    if (pops.isPrivate[pop] === 0 && pops.sinceYear[pop] <= year) open.push(pop);
  }
  const x = pops.latRad.map((lat, pop) => Math.cos(lat) * Math.cos(pops.lonRad[pop]));
  const y = pops.latRad.map((lat, pop) => Math.cos(lat) * Math.sin(pops.lonRad[pop]));
  const z = pops.latRad.map(Math.sin);
  const choices = territoryIds.map(id => {
    const own = open.filter(pop => pops.country[pop] === id);
    const seenThere = open.filter(pop =>
      seen.some(row => row.country === id && row.code === pops.code[pop]),
    );
    if (seenThere.length > 0) return [...new Set([...seenThere, ...own])];
    return own.length > 0 ? own : open;
  });
  return Int16Array.from(latRad, (lat, cell) => {
    const cellX = Math.cos(lat) * Math.cos(lonRad[cell]);
    const cellY = Math.cos(lat) * Math.sin(lonRad[cell]);
    const cellZ = Math.sin(lat);
    let nearest = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (const pop of choices[territoryIndex[cell]] ?? open) {
      const cosine = cellX * x[pop] + cellY * y[pop] + cellZ * z[pop];
      if (cosine > most) {
        most = cosine;
        nearest = pop;
      }
    }
    return nearest;
  });
}
