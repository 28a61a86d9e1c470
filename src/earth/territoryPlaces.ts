import type { Topology } from './atlas.ts';
import { readAtlas } from './atlas.ts';
import type { LabelledRing } from './planarMap.ts';
import { normaliseLonDeg } from './planarMap.ts';
import type { Place } from './territories.ts';
import type { DisputedAreaRow, DisputedOutline, Unit } from './territoryTable.ts';

/** Bounding box and centre of every unit and area, from their rings. */
export function placesOf(
  topology: Topology,
  units: readonly Unit[],
  areas: readonly DisputedAreaRow[],
  outlines: readonly DisputedOutline[],
): { readonly units: readonly Place[]; readonly areas: readonly Place[] } {
  const { rings } = readAtlas(topology, units);
  const unitRings: LabelledRing[][] = units.map(() => []);
  for (const ring of rings) unitRings[ring.label].push(ring);
  return {
    units: unitRings.map(placeOf),
    areas: areas.map(area =>
      placeOf(
        area.hasOutline
          ? outlines
              .filter(outline => outline.areaId === area.id)
              .map(({ lonDeg, latDeg }) => ({ label: 0, lonDeg, latDeg }))
          : area.units.flatMap(id => unitRings[units.findIndex(unit => unit.id === id)]),
      ),
    ),
  };
}

function placeOf(rings: readonly LabelledRing[]): Place {
  let south = 90;
  let north = -90;
  const columns = new Uint8Array(3600);
  const lonsByColumn = new Map<number, [number, number]>();
  let largest = { area: -1, lonDeg: 0, latDeg: 0 };
  for (const ring of rings) {
    const n = ring.lonDeg.length;
    // Shoelace on longitudes unrolled from the first point, scaled by the parallel.
    let x = ring.lonDeg[0];
    let area = 0;
    let sumX = 0;
    let sumY = 0;
    for (let i = 0; i < n; i++) {
      const lon = normaliseLonDeg(ring.lonDeg[i]);
      const lat = ring.latDeg[i];
      south = Math.min(south, lat);
      north = Math.max(north, lat);
      const column = Math.floor((lon + 180) * 10);
      columns[column] = 1;
      const [least, most] = lonsByColumn.get(column) ?? [lon, lon];
      lonsByColumn.set(column, [Math.min(least, lon), Math.max(most, lon)]);
      const next = x + normaliseLonDeg(ring.lonDeg[(i + 1) % n] - ring.lonDeg[i]);
      const nextLat = ring.latDeg[(i + 1) % n];
      const cross = x * nextLat - next * lat;
      area += cross;
      sumX += (x + next) * cross;
      sumY += (lat + nextLat) * cross;
      x = next;
    }
    if (area === 0) continue;
    const latDeg = sumY / (3 * area);
    const size = Math.abs(area) * Math.cos((latDeg * Math.PI) / 180);
    if (size > largest.area) {
      largest = { area: size, lonDeg: normaliseLonDeg(sumX / (3 * area)), latDeg };
    }
  }
  // The box leaves out the widest empty stretch of longitudes.
  const used = [...columns.keys()].filter(column => columns[column] === 1);
  let gap = -1;
  let first = used[0];
  let last = used[used.length - 1];
  used.forEach((column, i) => {
    const next = i + 1 < used.length ? used[i + 1] : used[0] + 3600;
    if (next - column <= gap) return;
    gap = next - column;
    first = next % 3600;
    last = column;
  });
  const isRound = gap <= 1;
  const round = (value: number): number => Math.round(value * 1e4) / 1e4;
  const west = isRound ? -180 : lonsByColumn.get(first)![0];
  const east = isRound ? 180 : lonsByColumn.get(last)![1];
  // The smallest territories are drawn as a line: they have no area, but a middle.
  const centre =
    largest.area > 0
      ? largest
      : { latDeg: (south + north) / 2, lonDeg: normaliseLonDeg(west + spanDeg(west, east) / 2) };
  return {
    bboxDeg: [round(west), round(south), round(east), round(north)],
    centreDeg: { latDeg: round(centre.latDeg), lonDeg: round(centre.lonDeg) },
  };
}

function spanDeg(west: number, east: number): number {
  return west <= east ? east - west : east + 360 - west;
}
