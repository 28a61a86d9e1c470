import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Camera,
  copiesOf,
  isHidden,
  projectionOf,
  sightRad,
  toPlace,
  toScreen,
  unitOf,
  withinBounds,
} from './projection.ts';

const DEG = Math.PI / 180;
const camera = (latDeg: number, lonDeg: number, distance: number, morph = 0): Camera => ({
  latRad: latDeg * DEG,
  lonRad: lonDeg * DEG,
  distance,
  morph,
  width: 800,
  height: 600,
});

test('what is under a pixel is drawn at that pixel, on the globe and on the flat map', () => {
  const cameras = fc.record({
    lat: fc.double({ min: -80, max: 80, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
    distance: fc.double({ min: 1.06, max: 8.9, noNaN: true }),
    morph: fc.constantFrom(0, 1),
    x: fc.double({ min: 0, max: 800, noNaN: true }),
    y: fc.double({ min: 0, max: 600, noNaN: true }),
  });
  fc.assert(
    fc.property(cameras, ({ lat, lon, distance, morph, x, y }) => {
      const projection = projectionOf(withinBounds(camera(lat, lon, distance, morph)));
      const place = toPlace(projection, x, y);
      if (place === null) return;
      const at = toScreen(projection, ...unitOf(place.latRad, place.lonRad));
      // Half a turn away the flat map has the same place once more.
      const isOtherCopy = morph === 1 && Math.abs(at.x - x) > 100;
      // The matrix is the graphics card's, in single precision: 6e-8 of a radius, seen from 0.06 above
      // the ground, is some thousandths of a pixel.
      expect(Math.abs(at.y - y)).toBeLessThan(0.01);
      if (!isOtherCopy) expect(Math.abs(at.x - x)).toBeLessThan(0.01);
    }),
    { numRuns: 400 },
  );
});

test('the middle of the picture is the place that the camera stands over', () => {
  const place = toPlace(projectionOf(camera(35, 139, 2.5)), 400, 300);
  expect(place?.latRad).toBeCloseTo(35 * DEG, 9);
  expect(place?.lonRad).toBeCloseTo(139 * DEG, 9);
});

test('beside the globe there is only sky', () => {
  expect(toPlace(projectionOf(camera(0, 0, 8)), 2, 2)).toBeNull();
});

test('the ground is hidden just beyond the horizon, whose distance is arccos(1 / d)', () => {
  const { eye } = projectionOf(camera(0, 0, 2));
  const horizon = Math.acos(1 / 2);
  expect(isHidden(eye, ...unitOf(0, horizon - 0.01))).toBe(false);
  expect(isHidden(eye, ...unitOf(0, horizon + 0.01))).toBe(true);
});

test('a satellite behind the Earth is hidden, one beside or before it is not', () => {
  const { eye } = projectionOf(camera(0, 0, 3));
  expect(isHidden(eye, -1.1, 0, 0)).toBe(true);
  expect(isHidden(eye, 1.1, 0, 0)).toBe(false);
  expect(isHidden(eye, -1.1, 1.5, 0)).toBe(false);
});

test('the flat map shows every copy of the Earth that the view reaches', () => {
  expect(copiesOf(projectionOf(camera(0, 0, 8.9, 1)))).toContain(0);
  expect(copiesOf(projectionOf(camera(0, 175, 4, 1)))).toEqual([0, 1]);
  expect(copiesOf(projectionOf(camera(0, -175, 4, 1)))).toEqual([-1, 0]);
  expect(copiesOf(projectionOf(camera(0, 175, 4)))).toEqual([0]);
});

test('nothing is seen farther than the horizon, and a near view sees less', () => {
  expect(sightRad(projectionOf(camera(0, 0, 8)))).toBeCloseTo(Math.acos(1 / 8), 9);
  expect(sightRad(projectionOf(camera(0, 0, 1.1)))).toBeLessThan(0.1);
});
