import type { NodeOfPath } from '../workers/messages.ts';
import { EARTH_RADIUS_KM, type Projection, toScreen } from './projection.ts';
import { type FramePair, satelliteAt, shareOf } from './satelliteField.ts';

/** Pieces of one link: enough that a link follows the flat map's curve. */
const PIECES = 14;

/**
 * A path as pieces on the picture. Satellites are where they are at this instant, not where they were
 * when the path was computed. Pieces out of sight, and jumps round the flat map, are left out.
 */
export function screenPath(
  nodes: readonly NodeOfPath[],
  projection: Projection,
  frames: FramePair | null,
  clockMs: number,
): { pieces: Float32Array; count: number; dots: { x: number; y: number; node: NodeOfPath }[] } {
  const places = nodes.map(node => placeOf(node, frames, clockMs));
  const pieces = new Float32Array(Math.max(0, nodes.length - 1) * PIECES * 5);
  const dots: { x: number; y: number; node: NodeOfPath }[] = [];
  let count = 0;
  let lengthPx = 0;
  const isFlat = projection.camera.morph > 0.5;
  nodes.forEach((node, i) => {
    const [x, y, z] = places[i];
    const dot = toScreen(projection, x, y, z);
    if (dot.isVisible) dots.push({ x: dot.x, y: dot.y, node });
    if (i === 0) return;
    const [fromX, fromY, fromZ] = places[i - 1];
    const isFibre = nodes[i - 1].kind === 'gateway' && node.kind === 'pop';
    let last = toScreen(projection, fromX, fromY, fromZ);
    for (let p = 1; p <= PIECES; p++) {
      const share = p / PIECES;
      let px = fromX + (x - fromX) * share;
      let py = fromY + (y - fromY) * share;
      let pz = fromZ + (z - fromZ) * share;
      if (isFibre) {
        // Along the ground, not through it.
        const length = Math.hypot(px, py, pz);
        px /= length;
        py /= length;
        pz /= length;
      }
      const next = toScreen(projection, px, py, pz);
      const step = Math.hypot(next.x - last.x, next.y - last.y);
      const jumps = isFlat && step > projection.camera.width / 2;
      if (last.isVisible && next.isVisible && !jumps) {
        pieces.set([last.x, last.y, next.x, next.y, lengthPx], 5 * count++);
      }
      lengthPx += step;
      last = next;
    }
  });
  return { pieces, count, dots };
}

function placeOf(
  node: NodeOfPath,
  frames: FramePair | null,
  clockMs: number,
): readonly [number, number, number] {
  if (node.satellite >= 0 && frames !== null) {
    const now = satelliteAt(frames, node.satellite, shareOf(frames, clockMs));
    if (Number.isFinite(now[0])) return now;
  }
  const [x, y, z] = node.ecefKm;
  if (node.satellite >= 0) {
    return [x / EARTH_RADIUS_KM, y / EARTH_RADIUS_KM, z / EARTH_RADIUS_KM];
  }
  // On the unit sphere of the map, not on the ellipsoid.
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}
