import fc from 'fast-check';
import { cellToLatLng, latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import { type CellTable, NO_TERRITORY } from '../earth/cellTable.ts';
import { allocatePositionsEcef, type PositionsEcef } from '../orbits/positions.ts';
import { createCandidateSearch } from './candidateSearch.ts';
import { groundGeometry, groupCells } from './cellGeometry.ts';
import { gsoArcAngleRad } from './gsoArc.ts';
import { createUserLinkFinder } from './userLinks.ts';

const DEG = Math.PI / 180;

function cellsAt(points: readonly { latDeg: number; lonDeg: number }[]): CellTable {
  const ids = [...new Set(points.map(p => latLngToCell(p.latDeg, p.lonDeg, 5)))].sort();
  const centres = ids.map(id => cellToLatLng(id));
  return {
    resolution: 5,
    count: ids.length,
    h3: BigUint64Array.from(ids, id => BigInt(`0x${id}`)),
    latRad: Float64Array.from(centres, ([lat]) => lat * DEG),
    lonRad: Float64Array.from(centres, ([, lon]) => lon * DEG),
    peopleCount: new Float32Array(ids.length).fill(1),
    territoryIndex: new Uint16Array(ids.length).fill(NO_TERRITORY),
    isWater: new Uint8Array(ids.length),
    isBorder: new Uint8Array(ids.length),
    peopleSource: 'test',
  };
}

function satellitesAt(
  points: readonly { latDeg: number; lonDeg: number; altitudeKm: number }[],
): PositionsEcef {
  const positions = allocatePositionsEcef(points.length);
  points.forEach((p, s) => {
    const r = 6371 + p.altitudeKm;
    positions.xKm[s] = r * Math.cos(p.latDeg * DEG) * Math.cos(p.lonDeg * DEG);
    positions.yKm[s] = r * Math.cos(p.latDeg * DEG) * Math.sin(p.lonDeg * DEG);
    positions.zKm[s] = r * Math.sin(p.latDeg * DEG);
  });
  return positions;
}

const lat = fc.double({ min: -90, max: 90, noNaN: true });
const lon = fc.double({ min: -180, max: 180, noNaN: true });
const skies = fc.record({
  // A cluster of cells and satellites near it, so that links exist; and some anywhere, poles and date line too.
  centre: fc.record({ latDeg: lat, lonDeg: lon }),
  near: fc.array(
    fc.tuple(
      fc.double({ min: -12, max: 12, noNaN: true }),
      fc.double({ min: -12, max: 12, noNaN: true }),
    ),
    { minLength: 1, maxLength: 20 },
  ),
  nearCells: fc.array(
    fc.tuple(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
    ),
    { minLength: 1, maxLength: 20 },
  ),
  anywhere: fc.array(
    fc.record({
      latDeg: lat,
      lonDeg: lon,
      altitudeKm: fc.double({ min: 200, max: 2000, noNaN: true }),
    }),
    { maxLength: 20 },
  ),
  altitudeKm: fc.double({ min: 300, max: 1400, noNaN: true }),
  maskDeg: fc.double({ min: 5, max: 60, noNaN: true }),
  gsoAngleDeg: fc.constantFrom(0, 4, 10, 18, 22),
});

const clampLat = (d: number): number => Math.max(-90, Math.min(90, d));

test('the links found are exactly those above the mask and clear of the arc (brute force over every pair)', () => {
  fc.assert(
    fc.property(skies, sky => {
      const cells = cellsAt(
        sky.nearCells.map(([a, b]) => ({
          latDeg: clampLat(sky.centre.latDeg + a),
          lonDeg: sky.centre.lonDeg + b,
        })),
      );
      const satellites = satellitesAt([
        ...sky.near.map(([a, b]) => ({
          latDeg: clampLat(sky.centre.latDeg + a),
          lonDeg: sky.centre.lonDeg + b,
          altitudeKm: sky.altitudeKm,
        })),
        ...sky.anywhere,
      ]);
      // A satellite without a solution must never make a link.
      satellites.xKm[0] = Number.NaN;
      const ground = groundGeometry(cells.latRad, cells.lonRad);
      const groups = groupCells(cells);
      const rules = { minElevationRad: sky.maskDeg * DEG, gsoAngleRad: sky.gsoAngleDeg * DEG };
      const candidates = createCandidateSearch(groups).find(satellites, rules.minElevationRad);
      const finder = createUserLinkFinder(ground, groups, rules);
      const found = new Map<string, number>();
      for (let g = 0; g < groups.count; g++) {
        const block = finder.linksOfGroup(g, candidates, satellites);
        for (let c = 0; c < block.cellCount; c++) {
          for (let l = block.offsets[c]; l < block.offsets[c + 1]; l++) {
            found.set(`${block.firstCell + c}:${block.satelliteIndex[l]}`, block.isGsoClear[l]);
            expect(candidates.isInReach[block.satelliteIndex[l]]).toBe(1);
          }
        }
      }
      let expected = 0;
      for (let i = 0; i < cells.count; i++) {
        for (let s = 0; s < satellites.count; s++) {
          const dx = satellites.xKm[s] - ground.xKm[i];
          const dy = satellites.yKm[s] - ground.yKm[i];
          const dz = satellites.zKm[s] - ground.zKm[i];
          const sine =
            (dx * ground.upX[i] + dy * ground.upY[i] + dz * ground.upZ[i]) / Math.hypot(dx, dy, dz);
          const margin = sine - Math.sin(rules.minElevationRad);
          if (Math.abs(margin) < 1e-12) continue;
          const key = `${i}:${s}`;
          expect(found.has(key)).toBe(margin > 0);
          if (!(margin > 0)) continue;
          expected++;
          const angle = gsoArcAngleRad(
            { xKm: ground.xKm[i], yKm: ground.yKm[i], zKm: ground.zKm[i] },
            { x: ground.upX[i], y: ground.upY[i], z: ground.upZ[i] },
            { xKm: satellites.xKm[s], yKm: satellites.yKm[s], zKm: satellites.zKm[s] },
          );
          if (Math.abs(angle - rules.gsoAngleRad) < 1e-7) continue;
          const isClear = rules.gsoAngleRad === 0 || angle >= rules.gsoAngleRad;
          expect(found.get(key)).toBe(isClear ? 1 : 0);
        }
      }
      expect(found.size).toBe(expected);
    }),
    { numRuns: 300 },
  );
});
