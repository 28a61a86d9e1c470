import { pushShore, readAtlas, type ShoreList, shoreEdges, type Topology } from './atlas.ts';
import { type Coast, createCoast, type GatheredShore } from './coast.ts';
import {
  createPlanarMap,
  type LabelledRing,
  normaliseLonDeg,
  type PlanarMap,
  TILE_COLUMNS,
  TILE_ROWS,
} from './planarMap.ts';
import type { DisputedAreaRow, DisputedOutline, Unit } from './territoryTable.ts';

/** Breadth of the territorial sea: 12 nautical miles of 1,852 m (UNCLOS article 3). */
export const TERRITORIAL_SEA_KM = 22.224;

/**
 * A part of the Earth that no point of view divides: a unit's land and waters without its disputed
 * areas, or a disputed area within one unit. Every territory, in every view, is a set of parts.
 */
export interface Part {
  /** Index into the units. */
  readonly unit: number;
  /** Index into the disputed areas, -1 outside them. */
  readonly area: number;
}

/** What is at any point of the Earth: built once from the 10m atlas, used to build the cell tables. */
export interface Geography {
  readonly units: readonly Unit[];
  readonly areas: readonly DisputedAreaRow[];
  /** In a fixed order: all units without an area first, then areas. */
  readonly parts: readonly Part[];
  /** Part whose land the point is on, -1 at sea. */
  landPartAt(lonDeg: number, latDeg: number): number;
  /** Part whose land or 12-nm waters the point is in (the nearest shore's), -1 on the high seas. */
  partAt(lonDeg: number, latDeg: number): number;
  /** As `partAt`, with the shores near the point gathered beforehand. */
  partNear(lonDeg: number, latDeg: number, shore: GatheredShore): number;
  /** Pieces of land so small that samples of a cell may miss them: a point in each, and its area. */
  readonly smallLand: readonly SmallLand[];
  readonly coast: Coast;
  /** True when an edge of a unit or an area may pass within `radiusKm`; never false when one does. */
  hasEdgeNear(lonDeg: number, latDeg: number, radiusKm: number): boolean;
}

export interface SmallLand {
  readonly lonDeg: number;
  readonly latDeg: number;
  readonly part: number;
  readonly areaKm2: number;
}

interface Zone {
  readonly area: number;
  readonly rings: readonly DisputedOutline[];
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  readonly units: ReadonlySet<number>;
  /** Per ring, per edge (from the point before): 1 where its other side is not land of `units`. */
  readonly isOuter: readonly Uint8Array[];
}

/**
 * Outlines of disputed areas are generalised (to 0.012°) and of another edition than the atlas. Where
 * an outline follows a shore or another country's border, its unit's land this near belongs to the area.
 */
const OUTLINE_MARGIN_DEG = 0.03;
const KM_PER_DEG = 111.195;
// Three samples of a resolution-5 cell (253 km² / 54 each).
const SMALL_LAND_KM2 = 14;

/**
 * @param topology world-atlas countries-10m
 */
export function createGeography(
  topology: Topology,
  units: readonly Unit[],
  areas: readonly DisputedAreaRow[],
  outlines: readonly DisputedOutline[],
): Geography {
  const unitIndex = new Map(units.map((unit, i) => [unit.id, i]));
  const atlas = readAtlas(topology, units);

  // Islets that the atlas leaves out are land of the area's first unit.
  const isletRings: LabelledRing[] = [];
  const isletShores: ShoreList = { lon0: [], lat0: [], lon1: [], lat1: [], label: [] };
  for (const outline of outlines) {
    if (!outline.isLand) continue;
    const area = areas.find(row => row.id === outline.areaId);
    const label = unitIndex.get(area?.units[0] ?? '');
    if (label === undefined) continue;
    isletRings.push({ label, lonDeg: outline.lonDeg, latDeg: outline.latDeg });
    pushShore(
      isletShores,
      [...outline.lonDeg, outline.lonDeg[0]],
      [...outline.latDeg, outline.latDeg[0]],
      label,
    );
  }
  const unitMap = createPlanarMap([...atlas.rings, ...isletRings]);

  const zones: Zone[] = [];
  areas.forEach((area, index) => {
    if (!area.hasOutline) return;
    const rings = outlines.filter(outline => outline.areaId === area.id);
    const lon = rings.flatMap(ring => ring.lonDeg);
    const lat = rings.flatMap(ring => ring.latDeg);
    const zoneUnits = new Set(area.units.map(id => unitIndex.get(id)!));
    zones.push({
      area: index,
      rings,
      west: Math.min(...lon),
      south: Math.min(...lat),
      east: Math.max(...lon),
      north: Math.max(...lat),
      units: zoneUnits,
      isOuter: rings.map(ring => outerEdges(ring, zoneUnits)),
    });
  });

  function outerEdges(ring: DisputedOutline, zoneUnits: ReadonlySet<number>): Uint8Array {
    const { lonDeg: x, latDeg: y } = ring;
    let area = 0;
    for (let i = 0, j = x.length - 1; i < x.length; j = i++) area += x[j] * y[i] - x[i] * y[j];
    const outwards = area > 0 ? 1 : -1;
    return Uint8Array.from(x, (_, i) => {
      const j = i === 0 ? x.length - 1 : i - 1;
      const length = Math.hypot(x[i] - x[j], y[i] - y[j]) || 1;
      const nx = (outwards * (y[i] - y[j])) / length;
      const ny = (-outwards * (x[i] - x[j])) / length;
      // Own land on the other side makes it an inner border, unless it is only a sliver of shore.
      return [1.2, 1.8].some(reach => {
        const lon = (x[i] + x[j]) / 2 + nx * reach * OUTLINE_MARGIN_DEG;
        const lat = (y[i] + y[j]) / 2 + ny * reach * OUTLINE_MARGIN_DEG;
        return !zoneUnits.has(unitMap.labelAt(lon, lat));
      })
        ? 1
        : 0;
    });
  }

  // Parts in a fixed order, so that the same tables give the same numbers.
  const parts: Part[] = units.map((_, unit) => ({ unit, area: -1 }));
  const partOfArea = new Map<number, number>();
  for (const zone of zones) {
    for (const unit of zone.units) {
      partOfArea.set(unit * 1024 + zone.area, parts.length);
      parts.push({ unit, area: zone.area });
    }
  }

  const isInZone = (zone: Zone, lonDeg: number, latDeg: number): boolean => {
    if (
      lonDeg < zone.west - OUTLINE_MARGIN_DEG ||
      lonDeg > zone.east + OUTLINE_MARGIN_DEG ||
      latDeg < zone.south - OUTLINE_MARGIN_DEG ||
      latDeg > zone.north + OUTLINE_MARGIN_DEG
    ) {
      return false;
    }
    let isInside = false;
    zone.rings.forEach(({ lonDeg: x, latDeg: y }) => {
      for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
        if (
          y[i] > latDeg !== y[j] > latDeg &&
          lonDeg < x[i] + ((latDeg - y[i]) / (y[j] - y[i])) * (x[j] - x[i])
        ) {
          isInside = !isInside;
        }
      }
    });
    return isInside || isBesideOuterEdge(zone, lonDeg, latDeg);
  };
  const isBesideOuterEdge = (zone: Zone, lonDeg: number, latDeg: number): boolean => {
    const cosLat = Math.cos((latDeg * Math.PI) / 180);
    for (let r = 0; r < zone.rings.length; r++) {
      const { lonDeg: x, latDeg: y } = zone.rings[r];
      const isOuter = zone.isOuter[r];
      for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
        if (isOuter[i] === 0) continue;
        const ax = (x[j] - lonDeg) * cosLat;
        const ay = y[j] - latDeg;
        const dx = (x[i] - x[j]) * cosLat;
        const dy = y[i] - y[j];
        const length = dx * dx + dy * dy;
        const t = length > 0 ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length)) : 0;
        if (Math.hypot(ax + t * dx, ay + t * dy) < OUTLINE_MARGIN_DEG) return true;
      }
    }
    return false;
  };
  const partOf = (unit: number, lonDeg: number, latDeg: number): number => {
    for (const zone of zones) {
      if (zone.units.has(unit) && isInZone(zone, lonDeg, latDeg)) {
        return partOfArea.get(unit * 1024 + zone.area)!;
      }
    }
    return unit;
  };

  // Shores carry the part of the land behind them.
  const shores: ShoreList = {
    lon0: [...atlas.shores.lon0Deg, ...isletShores.lon0],
    lat0: [...atlas.shores.lat0Deg, ...isletShores.lat0],
    lon1: [...atlas.shores.lon1Deg, ...isletShores.lon1],
    lat1: [...atlas.shores.lat1Deg, ...isletShores.lat1],
    label: [...atlas.shores.label, ...isletShores.label],
  };
  for (let e = 0; e < shores.label.length; e++) {
    const lon = (shores.lon0[e] + shores.lon1[e]) / 2;
    const lat = (shores.lat0[e] + shores.lat1[e]) / 2;
    shores.label[e] = partOf(shores.label[e], lon, lat);
  }
  const coast = createCoast(shoreEdges(shores));

  const landPartAt = (lonDeg: number, latDeg: number): number => {
    const unit = unitMap.labelAt(lonDeg, latDeg);
    // A quantised map may fold a sliver over its neighbour: no unit at all then.
    return unit < 0 || unit >= units.length ? -1 : partOf(unit, lonDeg, latDeg);
  };

  const smallLand: SmallLand[] = [];
  for (const ring of [...atlas.rings, ...isletRings]) {
    const n = ring.lonDeg.length;
    let twiceArea = 0;
    let lon = 0;
    let lat = 0;
    for (let i = 0; i < n; i++) {
      const j = (i + 1) % n;
      const x0 = normaliseLonDeg(ring.lonDeg[i] - ring.lonDeg[0]);
      const x1 = normaliseLonDeg(ring.lonDeg[j] - ring.lonDeg[0]);
      twiceArea += x0 * ring.latDeg[j] - x1 * ring.latDeg[i];
      lon += x0 / n;
      lat += ring.latDeg[i] / n;
    }
    const areaKm2 = (Math.abs(twiceArea) / 2) * KM_PER_DEG ** 2 * Math.cos((lat * Math.PI) / 180);
    if (areaKm2 > SMALL_LAND_KM2) continue;
    // A point of the piece: its middle, else the middle of three of its corners. A hole has none:
    // what fills it has a ring itself.
    const middles: [lonDeg: number, latDeg: number][] = [[ring.lonDeg[0] + lon, lat]];
    for (let i = 0; i < n; i++) {
      const corners = [i, (i + 1) % n, (i + 2) % n];
      middles.push([
        corners.reduce((sum, c) => sum + normaliseLonDeg(ring.lonDeg[c] - ring.lonDeg[0]) / 3, 0) +
          ring.lonDeg[0],
        corners.reduce((sum, c) => sum + ring.latDeg[c] / 3, 0),
      ]);
    }
    for (const [x, y] of middles) {
      if (unitMap.labelAt(x, y) !== ring.label) continue;
      const lonDeg = normaliseLonDeg(x);
      smallLand.push({ lonDeg, latDeg: y, part: partOf(ring.label, lonDeg, y), areaKm2 });
      break;
    }
  }

  // Edges of areas count as edges too; summed over tiles for a quick answer about any box.
  const zoneMap: PlanarMap = createPlanarMap(
    outlines.map(outline => ({ label: 0, lonDeg: outline.lonDeg, latDeg: outline.latDeg })),
  );
  const width = TILE_COLUMNS + 1;
  const sums = new Uint32Array(width * (TILE_ROWS + 1));
  for (let row = 0; row < TILE_ROWS; row++) {
    let run = 0;
    for (let column = 0; column < TILE_COLUMNS; column++) {
      const tile = row * TILE_COLUMNS + column;
      if (unitMap.tileEdgeCount[tile] + zoneMap.tileEdgeCount[tile] > 0) run++;
      sums[(row + 1) * width + column + 1] = sums[row * width + column + 1] + run;
    }
  }
  const edgesInBox = (columnA: number, columnB: number, rowA: number, rowB: number): number =>
    sums[(rowB + 1) * width + columnB + 1] -
    sums[rowA * width + columnB + 1] -
    sums[(rowB + 1) * width + columnA] +
    sums[rowA * width + columnA];

  return {
    units,
    areas,
    parts,
    smallLand,
    coast,
    landPartAt,
    partAt(lonDeg, latDeg) {
      const land = landPartAt(lonDeg, latDeg);
      return land >= 0 ? land : coast.nearest(lonDeg, latDeg, TERRITORIAL_SEA_KM).label;
    },
    partNear(lonDeg, latDeg, shore) {
      const land = landPartAt(lonDeg, latDeg);
      return land >= 0 ? land : shore.nearest(lonDeg, latDeg, TERRITORIAL_SEA_KM).label;
    },
    hasEdgeNear(lonDeg, latDeg, radiusKm) {
      const dLat = radiusKm / KM_PER_DEG;
      const rowA = Math.max(0, Math.floor((latDeg - dLat + 90) * 10));
      const rowB = Math.min(TILE_ROWS - 1, Math.floor((latDeg + dLat + 90) * 10));
      const poleward = Math.min(89.9, Math.abs(latDeg) + dLat);
      const dLon = dLat / Math.cos((poleward * Math.PI) / 180);
      if (dLon >= 180) return edgesInBox(0, TILE_COLUMNS - 1, rowA, rowB) > 0;
      const columnA = Math.floor((lonDeg - dLon + 180) * 10);
      const columnB = Math.floor((lonDeg + dLon + 180) * 10);
      if (columnA < 0) {
        return (
          edgesInBox(0, Math.min(columnB, TILE_COLUMNS - 1), rowA, rowB) > 0 ||
          edgesInBox(Math.max(0, columnA + TILE_COLUMNS), TILE_COLUMNS - 1, rowA, rowB) > 0
        );
      }
      if (columnB >= TILE_COLUMNS) {
        return (
          edgesInBox(columnA, TILE_COLUMNS - 1, rowA, rowB) > 0 ||
          edgesInBox(0, Math.min(TILE_COLUMNS - 1, columnB - TILE_COLUMNS), rowA, rowB) > 0
        );
      }
      return edgesInBox(columnA, columnB, rowA, rowB) > 0;
    },
  };
}
