import { cellArea, cellToBoundary, cellToLatLng, latLngToCell } from 'h3-js';
import { cellOrder } from './cellOrder.ts';
import type { Geography, SmallLand } from './geography.ts';
import { TERRITORIAL_SEA_KM } from './geography.ts';
import { normaliseLonDeg } from './planarMap.ts';

/** No part: the high seas. */
export const NO_PART = 65535;

/**
 * What stands in every cell of one resolution, in `cellOrder`, before people are added.
 * A cell is mixed when its samples fall into other parts than its centre's; only those have rows.
 */
export interface GridParts {
  readonly resolution: number;
  readonly count: number;
  /** Centres, in units of π / 2³¹ radians (9 mm on the ground). */
  readonly latFixed: Int32Array;
  readonly lonFixed: Int32Array;
  /** Part at the centre, `NO_PART` on the high seas. */
  readonly centrePart: Uint16Array;
  readonly isWater: Uint8Array;
  /** Share of the cell that is land, of 255. */
  readonly landShare: Uint8Array;
  /** Ordinals of mixed cells, ascending; rows `mixedStart[m]` to `mixedStart[m + 1]`. */
  readonly mixedOrdinal: Uint32Array;
  readonly mixedStart: Uint32Array;
  readonly mixedPart: Uint16Array;
  /** Samples of the cell in the part that are land, and that are its waters. */
  readonly mixedLandSamples: Float32Array;
  readonly mixedWaterSamples: Float32Array;
}

export const FIXED_PER_RAD = 2 ** 31 / Math.PI;
// No resolution-5 cell reaches farther from its centre (the average edge is 9.9 km; h3geo.org/docs/core-library/restable).
const RESOLUTION_5_REACH_KM = 12.5;
// Each of the six triangles of a cell is cut into nine equal ones, and sampled at their centroids.
const TRIANGLE_CUTS = 3;
const HOW_FAR_A_PEOPLED_ISLET_LOOKS_KM = 400;

/**
 * Classifies every resolution-5 cell of the Earth: centres of cells with nothing near in one look-up,
 * all others by 54 samples of equal area. `isPeopled` names ordinals that must end up in a part even
 * when no mapped land is near (islets that the atlas does not draw): they go to the nearest shore.
 */
export function buildResolution5(
  geography: Geography,
  isPeopled: (ordinal: number) => boolean,
  onProgress: (done: number, total: number) => void,
): GridParts {
  const order = cellOrder(5);
  const latFixed = new Int32Array(order.count);
  const lonFixed = new Int32Array(order.count);
  const centrePart = new Uint16Array(order.count).fill(NO_PART);
  const isWater = new Uint8Array(order.count);
  const landShare = new Uint8Array(order.count);
  const mixedOrdinal: number[] = [];
  const mixedStart: number[] = [0];
  const mixedPart: number[] = [];
  const mixedLand: number[] = [];
  const mixedWater: number[] = [];
  const halves = new Uint32Array(2);
  const land = new Map<number, number>();
  const water = new Map<number, number>();
  const smallLand = new Map<number, SmallLand[]>();
  for (const piece of geography.smallLand) {
    const id = latLngToCell(piece.latDeg, piece.lonDeg, 5);
    const ordinal = order.ordinalOf(
      Number.parseInt(id.slice(0, -8), 16),
      Number.parseInt(id.slice(-8), 16),
    );
    const there = smallLand.get(ordinal);
    if (there === undefined) smallLand.set(ordinal, [piece]);
    else there.push(piece);
  }

  for (let ordinal = 0; ordinal < order.count; ordinal++) {
    if (ordinal % 200_000 === 0) onProgress(ordinal, order.count);
    order.writeId(ordinal, halves, 0);
    const id: [number, number] = [halves[0], halves[1]];
    const [lat, lonRaw] = cellToLatLng(id);
    const lon = normaliseLonDeg(lonRaw);
    latFixed[ordinal] = Math.round(((lat * Math.PI) / 180) * FIXED_PER_RAD);
    lonFixed[ordinal] = Math.round(((lon * Math.PI) / 180) * FIXED_PER_RAD);

    const landPart = geography.landPartAt(lon, lat);
    isWater[ordinal] = landPart < 0 ? 1 : 0;
    if (!geography.hasEdgeNear(lon, lat, RESOLUTION_5_REACH_KM)) {
      if (landPart >= 0) {
        // Inland: the whole cell is one part.
        centrePart[ordinal] = landPart;
        landShare[ordinal] = 255;
        continue;
      }
      const reach = TERRITORIAL_SEA_KM + RESOLUTION_5_REACH_KM;
      if (geography.coast.onlyLabelNear(lon, lat, reach) === -1) {
        if (isPeopled(ordinal)) centrePart[ordinal] = nearestPart(lon, lat);
        continue;
      }
    }

    const shore = geography.coast.gather(lon, lat, TERRITORIAL_SEA_KM + RESOLUTION_5_REACH_KM);
    const centre = landPart >= 0 ? landPart : shore.nearest(lon, lat, TERRITORIAL_SEA_KM).label;
    land.clear();
    water.clear();
    let landSamples = 0;
    sampleCell(cellToBoundary(id), lon, lat, (sampleLon, sampleLat) => {
      const part = geography.landPartAt(sampleLon, sampleLat);
      if (part >= 0) {
        land.set(part, (land.get(part) ?? 0) + 1);
        landSamples++;
        return;
      }
      const sea = shore.nearest(sampleLon, sampleLat, TERRITORIAL_SEA_KM).label;
      if (sea >= 0) water.set(sea, (water.get(sea) ?? 0) + 1);
    });
    for (const { part, areaKm2 } of smallLand.get(ordinal) ?? []) {
      // Land that the samples missed enters by its area.
      if (land.has(part)) continue;
      const samples = Math.max(0.01, (areaKm2 / cellArea(id, 'km2')) * SAMPLE_COUNT);
      land.set(part, samples);
      landSamples += samples;
    }
    landShare[ordinal] =
      landSamples === 0
        ? 0
        : Math.max(1, Math.min(255, Math.round((landSamples / SAMPLE_COUNT) * 255)));
    let centreOrNearest = centre;
    if (centre < 0 && isPeopled(ordinal)) {
      centreOrNearest = nearestPart(lon, lat);
      if (land.size === 0 && water.size === 0) water.set(centreOrNearest, 1);
    }
    if (centreOrNearest >= 0) centrePart[ordinal] = centreOrNearest;
    const found = new Set([...land.keys(), ...water.keys()]);
    if (centreOrNearest >= 0) found.add(centreOrNearest);
    if (found.size === 0 || (found.size === 1 && centreOrNearest >= 0)) continue;
    mixedOrdinal.push(ordinal);
    for (const part of [...found].sort((a, b) => a - b)) {
      mixedPart.push(part);
      mixedLand.push(land.get(part) ?? 0);
      mixedWater.push(water.get(part) ?? 0);
    }
    mixedStart.push(mixedPart.length);
  }
  return {
    resolution: 5,
    count: order.count,
    latFixed,
    lonFixed,
    centrePart,
    isWater,
    landShare,
    mixedOrdinal: Uint32Array.from(mixedOrdinal),
    mixedStart: Uint32Array.from(mixedStart),
    mixedPart: Uint16Array.from(mixedPart),
    mixedLandSamples: Float32Array.from(mixedLand),
    mixedWaterSamples: Float32Array.from(mixedWater),
  };

  function nearestPart(lon: number, lat: number): number {
    for (let radius = 50; radius <= HOW_FAR_A_PEOPLED_ISLET_LOOKS_KM; radius *= 2) {
      const { label } = geography.coast.nearest(lon, lat, radius);
      if (label >= 0) return label;
    }
    return -1;
  }
}

export const SAMPLE_COUNT = 6 * TRIANGLE_CUTS * TRIANGLE_CUTS;

/**
 * Points of equal area over a cell: the triangles between its centre and its edges, each cut into
 * nine. Neighbouring cells share their corners, so that samples neither overlap nor leave gaps.
 */
export function sampleCell(
  boundaryLatLon: readonly (readonly number[])[],
  centreLonDeg: number,
  centreLatDeg: number,
  visit: (lonDeg: number, latDeg: number) => void,
): void {
  // On the tangent plane of the centre, which also holds round the poles and across ±180°.
  const lat0 = (centreLatDeg * Math.PI) / 180;
  const sin0 = Math.sin(lat0);
  const cos0 = Math.cos(lat0);
  const corners = boundaryLatLon.map(([latDeg, lonDeg]) => {
    const lat = (latDeg * Math.PI) / 180;
    const dLon = ((lonDeg - centreLonDeg) * Math.PI) / 180;
    const depth = sin0 * Math.sin(lat) + cos0 * Math.cos(lat) * Math.cos(dLon);
    return [
      (Math.cos(lat) * Math.sin(dLon)) / depth,
      (cos0 * Math.sin(lat) - sin0 * Math.cos(lat) * Math.cos(dLon)) / depth,
    ];
  });
  // Cells over an icosahedron edge have extra corners; six sectors by angle keep the count fixed.
  const n = corners.length;
  const cuts = TRIANGLE_CUTS;
  for (let s = 0; s < 6; s++) {
    const a = corners[Math.floor((s * n) / 6)];
    const b = corners[Math.floor(((s + 1) * n) / 6) % n];
    for (let i = 0; i < cuts; i++) {
      for (let j = 0; j < cuts - i; j++) {
        emit((i + 1 / 3) / cuts, (j + 1 / 3) / cuts, a, b);
        if (i + j < cuts - 1) emit((i + 2 / 3) / cuts, (j + 2 / 3) / cuts, a, b);
      }
    }
  }

  function emit(u: number, v: number, a: number[], b: number[]): void {
    const x = u * a[0] + v * b[0];
    const y = u * a[1] + v * b[1];
    const norm = 1 / Math.hypot(1, x, y);
    const lat = Math.asin((sin0 + y * cos0) * norm);
    const lon = Math.atan2(x, cos0 - y * sin0);
    visit(normaliseLonDeg(centreLonDeg + (lon * 180) / Math.PI), (lat * 180) / Math.PI);
  }
}

/** The same for a coarser resolution, from the children of each cell: no sample is taken twice. */
export function buildParents(children: GridParts): GridParts {
  const resolution = children.resolution - 1;
  const order = cellOrder(resolution);
  const parents = parentOrdinals(children.resolution);
  const latFixed = new Int32Array(order.count);
  const lonFixed = new Int32Array(order.count);
  const centrePart = new Uint16Array(order.count).fill(NO_PART);
  const isWater = new Uint8Array(order.count);
  const landShare = new Uint8Array(order.count);
  const mixedOrdinal: number[] = [];
  const mixedStart: number[] = [0];
  const mixedPart: number[] = [];
  const mixedLand: number[] = [];
  const mixedWater: number[] = [];
  let mixed = 0;
  let child = 0;
  for (let ordinal = 0; ordinal < order.count; ordinal++) {
    // The first child shares its parent's centre.
    const centre = child;
    latFixed[ordinal] = children.latFixed[centre];
    lonFixed[ordinal] = children.lonFixed[centre];
    centrePart[ordinal] = children.centrePart[centre];
    isWater[ordinal] = children.isWater[centre];
    const land = new Map<number, number>();
    const water = new Map<number, number>();
    let landSum = 0;
    for (; child < children.count && parents[child] === ordinal; child++) {
      landSum += children.landShare[child];
      const share = children.landShare[child] / 255;
      while (children.mixedOrdinal[mixed] < child) mixed++;
      if (children.mixedOrdinal[mixed] === child) {
        for (let r = children.mixedStart[mixed]; r < children.mixedStart[mixed + 1]; r++) {
          const part = children.mixedPart[r];
          land.set(part, (land.get(part) ?? 0) + children.mixedLandSamples[r]);
          water.set(part, (water.get(part) ?? 0) + children.mixedWaterSamples[r]);
        }
      } else if (children.centrePart[child] !== NO_PART) {
        const part = children.centrePart[child];
        land.set(part, (land.get(part) ?? 0) + share * SAMPLE_COUNT);
        water.set(part, (water.get(part) ?? 0) + (1 - share) * SAMPLE_COUNT);
      }
    }
    landShare[ordinal] = Math.round(landSum / (child - centre));
    const centreIsLone = land.size === 0 || (land.size === 1 && land.has(centrePart[ordinal]));
    if (centreIsLone) continue;
    mixedOrdinal.push(ordinal);
    for (const part of [...land.keys()].sort((a, b) => a - b)) {
      mixedPart.push(part);
      mixedLand.push(land.get(part) ?? 0);
      mixedWater.push(water.get(part) ?? 0);
    }
    mixedStart.push(mixedPart.length);
  }
  return {
    resolution,
    count: order.count,
    latFixed,
    lonFixed,
    centrePart,
    isWater,
    landShare,
    mixedOrdinal: Uint32Array.from(mixedOrdinal),
    mixedStart: Uint32Array.from(mixedStart),
    mixedPart: Uint16Array.from(mixedPart),
    mixedLandSamples: Float32Array.from(mixedLand),
    mixedWaterSamples: Float32Array.from(mixedWater),
  };
}

/** Ordinal of the parent of every cell of a resolution. */
export function parentOrdinals(resolution: number): Uint32Array {
  const order = cellOrder(resolution);
  const parentOrder = cellOrder(resolution - 1);
  const halves = new Uint32Array(2);
  const parents = new Uint32Array(order.count);
  for (let ordinal = 0; ordinal < order.count; ordinal++) {
    order.writeId(ordinal, halves, 0);
    // The parent's last digit becomes 7 (unused) and its resolution one less.
    const digitShift = 45 - 3 * resolution;
    let low = halves[0];
    let high = halves[1];
    for (let bit = digitShift; bit < digitShift + 3; bit++) {
      if (bit < 32) low = (low | (1 << bit)) >>> 0;
      else high = (high | (1 << (bit - 32))) >>> 0;
    }
    high = (high - (1 << 20)) >>> 0;
    parents[ordinal] = parentOrder.ordinalOf(high, low);
  }
  return parents;
}
