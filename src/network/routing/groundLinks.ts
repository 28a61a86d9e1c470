import type { PositionsEcef } from '../../orbits/index.ts';
import { type GroundGeometry, VERTICAL_DEFLECTION_RAD } from '../../sky/index.ts';

/** When a place on the ground may talk to a satellite. */
export interface GroundLinkRule {
  /** Least elevation over the plane that is level at the place (its `up`), one per place; -π/2: any. */
  readonly minElevationRad: Float64Array;
  /** Longest link, km; Infinity: any. */
  readonly maxRangeKm: number;
}

/** One mask for all places and no limit of range. */
export function elevationRule(placeCount: number, minElevationRad: number): GroundLinkRule {
  return {
    minElevationRad: new Float64Array(placeCount).fill(minElevationRad),
    maxRangeKm: Number.POSITIVE_INFINITY,
  };
}

/**
 * All links between places and satellites at one instant, CSR by place. The buffers grow when an
 * instant needs more than any before it, and are kept.
 */
export interface GroundLinks {
  readonly placeCount: number;
  /** `placeCount + 1`. */
  readonly offsets: Int32Array;
  satellite: Int32Array;
  lengthKm: Float64Array;
  /** 0 when there is no link. */
  longestKm: number;
  /** Working memory of `updateGroundLinks`. */
  grid?: Grid;
}

const FIRST_LINKS_PER_PLACE = 64;

export function allocateGroundLinks(placeCount: number): GroundLinks {
  return {
    placeCount,
    offsets: new Int32Array(placeCount + 1),
    satellite: new Int32Array(placeCount * FIRST_LINKS_PER_PLACE),
    lengthKm: new Float64Array(placeCount * FIRST_LINKS_PER_PLACE),
    longestKm: 0,
  };
}

/** Every satellite that each place may use, in the order of the satellites. */
export function updateGroundLinks(
  places: GroundGeometry,
  satellites: PositionsEcef,
  rule: GroundLinkRule,
  out: GroundLinks,
): void {
  const { count } = satellites;
  const highestKm = highestRadiusKm(satellites);
  const { order, xKm, yKm, zKm, start } = fillGrid(satellites, highestKm, out);
  const maxSquared = rule.maxRangeKm * rule.maxRangeKm;
  let found = 0;
  out.longestKm = 0;
  for (let place = 0; place < places.count; place++) {
    out.offsets[place] = found;
    while (found + count > out.satellite.length) growGroundLinks(out);
    const { satellite, lengthKm } = out;
    const placeX = places.xKm[place];
    const placeY = places.yKm[place];
    const placeZ = places.zKm[place];
    const upX = places.upX[place];
    const upY = places.upY[place];
    const upZ = places.upZ[place];
    const sinMask = Math.sin(rule.minElevationRad[place]);
    const reachKm = Math.min(
      rule.maxRangeKm,
      reachAt(Math.hypot(placeX, placeY, placeZ), highestKm, rule.minElevationRad[place]),
    );
    // Only the boxes of the grid within reach; those of one column lie side by side.
    const [west, east] = [boxOf(placeX - reachKm, highestKm), boxOf(placeX + reachKm, highestKm)];
    const [near, far] = [boxOf(placeY - reachKm, highestKm), boxOf(placeY + reachKm, highestKm)];
    const [south, north] = [boxOf(placeZ - reachKm, highestKm), boxOf(placeZ + reachKm, highestKm)];
    for (let i = west; i <= east; i++) {
      for (let j = near; j <= far; j++) {
        const column = (i * GRID_SIDE + j) * GRID_SIDE;
        const last = start[column + north + 1];
        for (let k = start[column + south]; k < last; k++) {
          const dx = xKm[k] - placeX;
          const dy = yKm[k] - placeY;
          const dz = zKm[k] - placeZ;
          const squared = dx * dx + dy * dy + dz * dz;
          if (!(squared <= maxSquared)) continue;
          const up = upX * dx + upY * dy + upZ * dz;
          if (up < 0 && sinMask >= 0) continue;
          const length = Math.sqrt(squared);
          if (!(up >= sinMask * length)) continue;
          // Into its place among those found so far: the boxes are not in the order of the satellites.
          const index = order[k];
          let at = found++;
          while (at > out.offsets[place] && satellite[at - 1] > index) {
            satellite[at] = satellite[at - 1];
            lengthKm[at] = lengthKm[at - 1];
            at--;
          }
          satellite[at] = index;
          lengthKm[at] = length;
          if (length > out.longestKm) out.longestKm = length;
        }
      }
    }
  }
  out.offsets[places.count] = found;
}

/** Boxes along each axis: about as wide as a satellite of 550 km reaches at 25° of elevation. */
const GRID_SIDE = 12;
const BOX_COUNT = GRID_SIDE ** 3;

/** Satellites with a position, sorted into the boxes of a grid, x before y before z. */
interface Grid {
  readonly order: Int32Array;
  readonly xKm: Float64Array;
  readonly yKm: Float64Array;
  readonly zKm: Float64Array;
  readonly box: Int32Array;
  /** `BOX_COUNT + 1`. */
  readonly start: Int32Array;
  readonly next: Int32Array;
}

/** Box along one axis of a coordinate; the outermost ones take in what lies beyond. */
function boxOf(km: number, highestKm: number): number {
  const box = Math.floor(((km + highestKm) / (2 * highestKm)) * GRID_SIDE);
  return Math.max(0, Math.min(GRID_SIDE - 1, box));
}

function fillGrid(satellites: PositionsEcef, highestKm: number, links: GroundLinks): Grid {
  const { count, xKm, yKm, zKm } = satellites;
  if (links.grid === undefined || links.grid.order.length < count) {
    links.grid = {
      order: new Int32Array(count),
      xKm: new Float64Array(count),
      yKm: new Float64Array(count),
      zKm: new Float64Array(count),
      box: new Int32Array(count),
      start: new Int32Array(BOX_COUNT + 1),
      next: new Int32Array(BOX_COUNT),
    };
  }
  const { grid } = links;
  const { order, box, start, next } = grid;
  start.fill(0);
  for (let s = 0; s < count; s++) {
    if (Number.isNaN(xKm[s])) {
      box[s] = -1;
      continue;
    }
    const column = boxOf(xKm[s], highestKm) * GRID_SIDE + boxOf(yKm[s], highestKm);
    box[s] = column * GRID_SIDE + boxOf(zKm[s], highestKm);
    start[box[s] + 1]++;
  }
  for (let b = 0; b < BOX_COUNT; b++) start[b + 1] += start[b];
  next.set(start.subarray(0, BOX_COUNT));
  for (let s = 0; s < count; s++) {
    if (box[s] < 0) continue;
    const k = next[box[s]]++;
    order[k] = s;
    grid.xKm[k] = xKm[s];
    grid.yKm[k] = yKm[s];
    grid.zKm[k] = zKm[s];
  }
  return grid;
}

function highestRadiusKm({ xKm, yKm, zKm, count }: PositionsEcef): number {
  let highest = 0;
  for (let s = 0; s < count; s++) {
    const squared = xKm[s] * xKm[s] + yKm[s] * yKm[s] + zKm[s] * zKm[s];
    if (squared > highest) highest = squared;
  }
  return Math.sqrt(highest);
}

/** No satellite below `radiusKm` is farther away while it stands above the mask; Infinity below the horizon. */
function reachAt(placeRadiusKm: number, radiusKm: number, minElevationRad: number): number {
  // The plane that is level at a place leans by up to 0.2° to that of a sphere.
  const elevation = minElevationRad - VERTICAL_DEFLECTION_RAD;
  if (elevation < 0) return Number.POSITIVE_INFINITY;
  const level = placeRadiusKm * Math.cos(elevation);
  const rootSquared = radiusKm * radiusKm - level * level;
  return rootSquared < 0 ? 0 : Math.sqrt(rootSquared) - placeRadiusKm * Math.sin(elevation);
}

function growGroundLinks(links: GroundLinks): void {
  const capacity = 2 * links.satellite.length + 1024;
  const satellite = new Int32Array(capacity);
  satellite.set(links.satellite);
  links.satellite = satellite;
  const lengthKm = new Float64Array(capacity);
  lengthKm.set(links.lengthKm);
  links.lengthKm = lengthKm;
}
