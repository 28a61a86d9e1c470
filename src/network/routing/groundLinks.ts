import type { PositionsEcef } from '../../orbits/index.ts';
import type { GroundGeometry } from '../../sky/index.ts';

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
  const { xKm, yKm, zKm, count } = satellites;
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
    for (let s = 0; s < count; s++) {
      const dx = xKm[s] - placeX;
      const dy = yKm[s] - placeY;
      const dz = zKm[s] - placeZ;
      const squared = dx * dx + dy * dy + dz * dz;
      if (!(squared <= maxSquared)) continue;
      const up = upX * dx + upY * dy + upZ * dz;
      // Most satellites are below the horizon: spare them the root.
      if (up < 0 && sinMask >= 0) continue;
      const length = Math.sqrt(squared);
      if (!(up >= sinMask * length)) continue;
      satellite[found] = s;
      lengthKm[found] = length;
      found++;
      if (length > out.longestKm) out.longestKm = length;
    }
  }
  out.offsets[places.count] = found;
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
