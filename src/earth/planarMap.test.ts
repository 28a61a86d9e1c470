import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPlanarMap } from './planarMap.ts';

const ring = (label: number, points: readonly [number, number][]) => ({
  label,
  lonDeg: points.map(point => point[0]),
  latDeg: points.map(point => point[1]),
});

const map = createPlanarMap([
  // Two countries that share the meridian of 10°, the second with a hole that a third fills.
  ring(0, [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
  ]),
  ring(1, [
    [10, 0],
    [30, 0],
    [30, 10],
    [10, 10],
  ]),
  ring(1, [
    [15, 3],
    [20, 3],
    [20, 8],
    [15, 8],
  ]),
  ring(2, [
    [15, 3],
    [20, 3],
    [20, 8],
    [15, 8],
  ]),
  // Over the antimeridian, and round the south pole.
  ring(3, [
    [170, 60],
    [-170, 60],
    [-170, 70],
    [170, 70],
  ]),
  ring(4, [
    [-180, -80],
    [-90, -75],
    [0, -80],
    [90, -75],
  ]),
]);

test.each([
  ['in the first country', 5, 5, 0],
  ['in the second', 12, 5, 1],
  ['in the enclave', 17, 5, 2],
  ['at sea', 40, 5, -1],
  ['east of the antimeridian', -175, 65, 3],
  ['west of it', 175, 65, 3],
  ['on it', 180, 65, 3],
  ['on it, by its other name', -180, 65, 3],
  ['south of that country', 175, 59.9, -1],
  ['at the south pole', 33, -90, 4],
  ['near the south pole', -135, -85, 4],
  ['off the polar coast', 45, -70, -1],
  ['at the north pole', 0, 90, -1],
])('a point %s has the label of what it lies in', (_, lon, lat, label) => {
  expect(map.labelAt(lon, lat)).toBe(label);
});

test('labels agree with the plain crossing count on random star-shaped rings', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.5, max: 8, noNaN: true }), { minLength: 5, maxLength: 30 }),
      fc.array(
        fc.tuple(
          fc.double({ min: -9, max: 9, noNaN: true }),
          fc.double({ min: -9, max: 9, noNaN: true }),
        ),
        { minLength: 20, maxLength: 20 },
      ),
      (radii, offsets) => {
        const points = radii.map((radius, i): [number, number] => {
          const angle = (2 * Math.PI * i) / radii.length;
          return [100 + radius * Math.cos(angle), 40 + radius * Math.sin(angle)];
        });
        const star = createPlanarMap([ring(0, points)]);
        for (const [dx, dy] of offsets) {
          // Analytic: which sector the point is in, and on which side of that sector's edge.
          const angle = (Math.atan2(dy, dx) + 2 * Math.PI) % (2 * Math.PI);
          const i = Math.min(
            points.length - 1,
            Math.floor((angle / (2 * Math.PI)) * points.length),
          );
          const [ax, ay] = points[i];
          const [bx, by] = points[(i + 1) % points.length];
          const side = (bx - ax) * (40 + dy - ay) - (by - ay) * (100 + dx - ax);
          if (Math.abs(side) < 1e-6) continue;
          expect(star.labelAt(100 + dx, 40 + dy)).toBe(side > 0 ? 0 : -1);
        }
      },
    ),
    { numRuns: 3 },
  );
});
