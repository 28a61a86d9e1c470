import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groundGeometry } from './cellGeometry.ts';
import { GSO_RADIUS_KM, gsoArcAngleRad, gsoBand, gsoDeclinationGapRad } from './gsoArc.ts';

const DEG = Math.PI / 180;

function site(latDeg: number, lonDeg: number) {
  const ground = groundGeometry(Float64Array.of(latDeg * DEG), Float64Array.of(lonDeg * DEG));
  return {
    at: { xKm: ground.xKm[0], yKm: ground.yKm[0], zKm: ground.zKm[0] },
    up: { x: ground.upX[0], y: ground.upY[0], z: ground.upZ[0] },
  };
}

test('a satellite on the line to a geostationary one is at angle 0', () => {
  const { at, up } = site(42, 11);
  const lon = 30 * DEG;
  const t = 0.03;
  const satellite = {
    xKm: at.xKm + t * (GSO_RADIUS_KM * Math.cos(lon) - at.xKm),
    yKm: at.yKm + t * (GSO_RADIUS_KM * Math.sin(lon) - at.yKm),
    zKm: at.zKm - t * at.zKm,
  };
  expect(gsoArcAngleRad(at, up, satellite)).toBeLessThan(1e-6);
});

test.each([
  // Top of the arc over the horizon: the well-known elevation of a satellite on the own meridian.
  { latDeg: 0, elevationDeg: 90 },
  { latDeg: 20, elevationDeg: 66.6 },
  { latDeg: 40, elevationDeg: 43.7 },
  { latDeg: 50, elevationDeg: 32.7 },
  { latDeg: 60, elevationDeg: 21.9 },
  { latDeg: 70, elevationDeg: 11.5 },
])(
  'the zenith at $latDeg° is 90° less $elevationDeg° from the top of the arc (network.md §2)',
  ({ latDeg, elevationDeg }) => {
    const { at, up } = site(latDeg, -100);
    const zenith = { xKm: at.xKm + 500 * up.x, yKm: at.yKm + 500 * up.y, zKm: at.zKm + 500 * up.z };
    // 0.25°: the published figures are for a spherical Earth.
    expect(Math.abs(gsoArcAngleRad(at, up, zenith) / DEG - (90 - elevationDeg))).toBeLessThan(0.25);
  },
);

test('no arc is in sight from the pole', () => {
  const { at, up } = site(89, 0);
  expect(gsoArcAngleRad(at, up, { xKm: 0, yKm: 0, zKm: 7000 })).toBe(Number.POSITIVE_INFINITY);
});

const looks = fc.record({
  latDeg: fc.double({ min: -75, max: 75, noNaN: true }),
  lonDeg: fc.double({ min: -180, max: 180, noNaN: true }),
  azimuthDeg: fc.double({ min: 0, max: 360, noNaN: true }),
  elevationDeg: fc.double({ min: 25, max: 90, noNaN: true }),
  gsoAngleDeg: fc.double({ min: 2, max: 22, noNaN: true }),
});

function satelliteAt(look: {
  latDeg: number;
  lonDeg: number;
  azimuthDeg: number;
  elevationDeg: number;
}) {
  const { at, up } = site(look.latDeg, look.lonDeg);
  const lon = look.lonDeg * DEG;
  const lat = look.latDeg * DEG;
  const e = Math.sin(look.azimuthDeg * DEG) * Math.cos(look.elevationDeg * DEG);
  const n = Math.cos(look.azimuthDeg * DEG) * Math.cos(look.elevationDeg * DEG);
  const u = Math.sin(look.elevationDeg * DEG);
  const x = -Math.sin(lon) * e - Math.sin(lat) * Math.cos(lon) * n + up.x * u;
  const y = Math.cos(lon) * e - Math.sin(lat) * Math.sin(lon) * n + up.y * u;
  const z = Math.cos(lat) * n + up.z * u;
  return {
    at,
    up,
    satellite: { xKm: at.xKm + 700 * x, yKm: at.yKm + 700 * y, zKm: at.zKm + 700 * z },
  };
}

test('the declination limits never contradict the exact angle', () => {
  fc.assert(
    fc.property(looks, look => {
      const { at, up, satellite } = satelliteAt(look);
      const exact = gsoArcAngleRad(at, up, satellite);
      const angle = look.gsoAngleDeg * DEG;
      const band = gsoBand(Math.hypot(at.xKm, at.yKm), at.zKm, angle);
      const dx = satellite.xKm - at.xKm;
      const dy = satellite.yKm - at.yKm;
      const dz = satellite.zKm - at.zKm;
      const sine = dz / Math.hypot(dx, dy, dz);
      if (sine < band.outerLow || sine > band.outerHigh)
        expect(exact).toBeGreaterThanOrEqual(angle);
      if (sine > band.innerLow && sine < band.innerHigh) expect(exact).toBeLessThan(angle + 1e-9);
    }),
    { numRuns: 2000 },
  );
});

test('the declination gap is the exact angle to 0.1 %', () => {
  fc.assert(
    fc.property(looks, look => {
      const { at, up, satellite } = satelliteAt(look);
      const exact = gsoArcAngleRad(at, up, satellite);
      fc.pre(exact < 22 * DEG);
      const gap = gsoDeclinationGapRad(at, satellite);
      expect(gap).toBeGreaterThanOrEqual(exact - 1e-7);
      expect(gap * (1 - 1e-3)).toBeLessThanOrEqual(exact + 1e-7);
    }),
    { numRuns: 2000 },
  );
});
