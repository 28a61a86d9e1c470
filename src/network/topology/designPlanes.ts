import type { WalkerShell } from '../../orbits/index.ts';

/** Satellites of each plane of a design, plane after plane in the order of `designElementSets`. */
export function designPlanes(shells: readonly WalkerShell[]): Int32Array[] {
  let first = 0;
  return shells.flatMap(({ satelliteCount, planeCount }) =>
    Array.from({ length: planeCount }, () => {
      const slotCount = satelliteCount / planeCount;
      const plane = Int32Array.from({ length: slotCount }, (_, slot) => first + slot);
      first += slotCount;
      return plane;
    }),
  );
}

/** The plane of each satellite, numbered as in `planes`. */
export function planeOfEach(planes: readonly Int32Array[]): Int32Array {
  const planeOf = new Int32Array(planes.reduce((sum, plane) => sum + plane.length, 0));
  planes.forEach((plane, index) => {
    for (const satellite of plane) planeOf[satellite] = index;
  });
  return planeOf;
}
