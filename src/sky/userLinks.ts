import type { PositionsEcef } from '../orbits/positions.ts';
import type { Candidates } from './candidateSearch.ts';
import type { CellGroups, GroundGeometry } from './cellGeometry.ts';
import { gsoArcAngleRad, gsoBand, gsoDeclinationGapRad } from './gsoArc.ts';

/** The rules that a user link must obey. */
export interface UserLinkRules {
  /** Lowest elevation over the geodetic horizon, rad. */
  readonly minElevationRad: number;
  /** Smallest angle to the visible geostationary arc, rad; 0 switches the rule off. Depends on operator and date. */
  readonly gsoAngleRad: number;
}

/**
 * Links of the cells of one group, CSR by cell of the group, satellites ascending.
 * The buffers belong to the finder and are valid until its next call.
 */
export interface LinkBlock {
  /** First cell of the group and how many follow. */
  firstCell: number;
  cellCount: number;
  readonly offsets: Int32Array;
  satelliteIndex: Int32Array;
  /** Sine of the elevation. */
  sinElevation: Float32Array;
  slantKm: Float32Array;
  /** 1 where the link keeps the angle to the geostationary arc. */
  isGsoClear: Uint8Array;
  /** 1 where the satellite stands north of the cell's east–west line. */
  isNorth: Uint8Array;
}

/** One link; the object belongs to the finder and is valid until its next call. */
export interface UserLink {
  sinElevation: number;
  slantKm: number;
  isGsoClear: boolean;
  isNorth: boolean;
}

/** Enumerates every link above the mask, group by group, without allocation. */
export interface UserLinkFinder {
  /** The link of one cell and satellite, or null when it is below the mask. */
  link(cell: number, satellite: number, satellites: PositionsEcef): UserLink | null;
  /** All links of a group's cells. */
  linksOfGroup(group: number, candidates: Candidates, satellites: PositionsEcef): LinkBlock;
  /** All links of one cell; `group` is the group it belongs to. */
  linksOfCell(
    cell: number,
    group: number,
    candidates: Candidates,
    satellites: PositionsEcef,
  ): LinkBlock;
}

export function createUserLinkFinder(
  ground: GroundGeometry,
  groups: CellGroups,
  rules: UserLinkRules,
): UserLinkFinder {
  const sinMask = Math.sin(rules.minElevationRad);
  const sinMaskSquared = sinMask * sinMask;
  const isGsoRuleOn = rules.gsoAngleRad > 0;
  // Below this elevation the nearest point of the arc may be under the horizon, where it does not count.
  const sinGsoAngle = Math.sin(Math.min(Math.PI / 2, rules.gsoAngleRad + 1e-3));
  const bands = new Float64Array(ground.count * 4);
  if (isGsoRuleOn) {
    for (let i = 0; i < ground.count; i++) {
      const band = gsoBand(
        Math.hypot(ground.xKm[i], ground.yKm[i]),
        ground.zKm[i],
        rules.gsoAngleRad,
      );
      bands[4 * i] = band.outerLow;
      bands[4 * i + 1] = band.innerLow;
      bands[4 * i + 2] = band.innerHigh;
      bands[4 * i + 3] = band.outerHigh;
    }
  }
  let candidateX = new Float64Array(256);
  let candidateY = new Float64Array(256);
  let candidateZ = new Float64Array(256);
  const block: LinkBlock = {
    firstCell: 0,
    cellCount: 0,
    offsets: new Int32Array(groups.maxCells + 1),
    satelliteIndex: new Int32Array(4096),
    sinElevation: new Float32Array(4096),
    slantKm: new Float32Array(4096),
    isGsoClear: new Uint8Array(4096),
    isNorth: new Uint8Array(4096),
  };

  /** Whether a direction keeps the angle to the arc; all but a thin band is decided by its declination. */
  const isClear = (
    cell: number,
    dx: number,
    dy: number,
    sinDeclination: number,
    range: number,
    sinElevation: number,
  ): boolean => {
    if (sinDeclination < bands[4 * cell] || sinDeclination > bands[4 * cell + 3]) return true;
    if (
      sinDeclination > bands[4 * cell + 1] &&
      sinDeclination < bands[4 * cell + 2] &&
      sinElevation > sinGsoAngle
    ) {
      return false;
    }
    const here = { xKm: ground.xKm[cell], yKm: ground.yKm[cell], zKm: ground.zKm[cell] };
    const there = {
      xKm: here.xKm + dx,
      yKm: here.yKm + dy,
      zKm: here.zKm + sinDeclination * range,
    };
    const gap = gsoDeclinationGapRad(here, there);
    if (gap * (1 - 1e-3) >= rules.gsoAngleRad) return true;
    if (gap < rules.gsoAngleRad && sinElevation > sinGsoAngle) return false;
    const up = { x: ground.upX[cell], y: ground.upY[cell], z: ground.upZ[cell] };
    return gsoArcAngleRad(here, up, there) >= rules.gsoAngleRad;
  };

  const linksOfRange = (
    firstCell: number,
    endCell: number,
    group: number,
    candidates: Candidates,
    satellites: PositionsEcef,
  ): LinkBlock => {
    const from = candidates.offsets[group];
    const count = candidates.offsets[group + 1] - from;
    if (candidateX.length < count) {
      candidateX = new Float64Array(count * 2);
      candidateY = new Float64Array(count * 2);
      candidateZ = new Float64Array(count * 2);
    }
    const list = candidates.satellites;
    for (let k = 0; k < count; k++) {
      const s = list[from + k];
      candidateX[k] = satellites.xKm[s];
      candidateY[k] = satellites.yKm[s];
      candidateZ[k] = satellites.zKm[s];
    }
    const cellCount = endCell - firstCell;
    const most = cellCount * count;
    if (block.satelliteIndex.length < most) {
      block.satelliteIndex = new Int32Array(most * 2);
      block.sinElevation = new Float32Array(most * 2);
      block.slantKm = new Float32Array(most * 2);
      block.isGsoClear = new Uint8Array(most * 2);
      block.isNorth = new Uint8Array(most * 2);
    }
    const { offsets, satelliteIndex, sinElevation, slantKm, isGsoClear, isNorth } = block;
    block.firstCell = firstCell;
    block.cellCount = cellCount;
    let links = 0;
    for (let c = 0; c < cellCount; c++) {
      offsets[c] = links;
      const cell = firstCell + c;
      const x = ground.xKm[cell];
      const y = ground.yKm[cell];
      const z = ground.zKm[cell];
      const ux = ground.upX[cell];
      const uy = ground.upY[cell];
      const uz = ground.upZ[cell];
      for (let k = 0; k < count; k++) {
        const dx = candidateX[k] - x;
        const dy = candidateY[k] - y;
        const dz = candidateZ[k] - z;
        const up = ux * dx + uy * dy + uz * dz;
        const rangeSquared = dx * dx + dy * dy + dz * dz;
        if (!(up > 0 && up * up >= sinMaskSquared * rangeSquared)) continue;
        const range = Math.sqrt(rangeSquared);
        const sine = up / range;
        satelliteIndex[links] = list[from + k];
        sinElevation[links] = sine;
        slantKm[links] = range;
        // North is along (−sin φ cos λ, −sin φ sin λ, cos φ): the sign of dz − sin φ · up.
        isNorth[links] = dz > uz * up ? 1 : 0;
        isGsoClear[links++] =
          !isGsoRuleOn || isClear(cell, dx, dy, dz / range, range, sine) ? 1 : 0;
      }
    }
    offsets[cellCount] = links;
    return block;
  };

  const one: UserLink = { sinElevation: 0, slantKm: 0, isGsoClear: true, isNorth: false };
  const link: UserLinkFinder['link'] = (cell, satellite, satellites) => {
    const dx = satellites.xKm[satellite] - ground.xKm[cell];
    const dy = satellites.yKm[satellite] - ground.yKm[cell];
    const dz = satellites.zKm[satellite] - ground.zKm[cell];
    const up = ground.upX[cell] * dx + ground.upY[cell] * dy + ground.upZ[cell] * dz;
    const rangeSquared = dx * dx + dy * dy + dz * dz;
    if (!(up > 0 && up * up >= sinMaskSquared * rangeSquared)) return null;
    const range = Math.sqrt(rangeSquared);
    one.sinElevation = up / range;
    one.slantKm = range;
    one.isGsoClear = !isGsoRuleOn || isClear(cell, dx, dy, dz / range, range, one.sinElevation);
    one.isNorth = dz > ground.upZ[cell] * up;
    return one;
  };

  return {
    link,
    linksOfGroup: (group, candidates, satellites) =>
      linksOfRange(
        groups.firstCell[group],
        groups.firstCell[group + 1],
        group,
        candidates,
        satellites,
      ),
    linksOfCell: (cell, group, candidates, satellites) =>
      linksOfRange(cell, cell + 1, group, candidates, satellites),
  };
}
