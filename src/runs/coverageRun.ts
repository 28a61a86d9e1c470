import { cellToLatLng, latLngToCell } from 'h3-js';
import { type CellTable, type Membership, NO_TERRITORY } from '../earth/index.ts';
import { OPEN_POLICY } from '../service/index.ts';
import { type Coverage, createCoverage } from '../whatif/index.ts';
import { eachSlot } from './eachSlot.ts';
import { type Ground, type LoadedWorld, loadWorld } from './loadWorld.ts';
import { type RunManifest, runManifest } from './runManifest.ts';
import type { OnProgress, WorldRequest } from './worldRequest.ts';

export interface CoverageResult {
  readonly coverage: Coverage;
  readonly manifest: RunManifest;
  readonly loaded: LoadedWorld;
  readonly ground: Ground;
}

/** What the open policy gives a place; the cells around it compete for the same satellites. */
export async function runCoverage(
  request: WorldRequest,
  ground: Ground,
  membership: Membership,
  onProgress?: OnProgress,
): Promise<CoverageResult> {
  const loaded = await loadWorld(request, ground, membership);
  const run = createCoverage({
    world: loaded.world,
    policy: OPEN_POLICY,
    terminal: request.terminal,
    seed: request.seed,
    stepS: request.stepS,
    forS: request.forS,
    backhaulModel: loaded.backhaulModel,
  });
  await eachSlot(loaded.slots, run.slot, onProgress);
  return { coverage: run.finish(), manifest: runManifest(request, loaded), loaded, ground };
}

/**
 * The cell that holds a point, as a membership of one cell. Where nobody lives it is added to the
 * ground with no people, so that a ship's or a station's sky can be asked for too.
 */
export function groundAtPoint(
  ground: Ground,
  latDeg: number,
  lonDeg: number,
): { readonly ground: Ground; readonly membership: Membership } {
  const id = latLngToCell(latDeg, lonDeg, ground.cells.resolution);
  const h3 = BigInt(`0x${id}`);
  const isKnown = ground.cells.h3.includes(h3);
  const cells = isKnown ? ground.cells : withCell(ground.cells, h3);
  return {
    ground: { ...ground, cells },
    membership: {
      cellIndex: Int32Array.of(cells.h3.indexOf(h3)),
      insideShare: Float32Array.of(1),
      isCentreInside: Uint8Array.of(1),
      isWhollyInside: Uint8Array.of(1),
    },
  };
}

function withCell(cells: CellTable, h3: bigint): CellTable {
  let at = 0;
  while (at < cells.count && cells.h3[at] < h3) at++;
  const [latDeg, lonDeg] = cellToLatLng(h3.toString(16));
  const insert = <T extends Float64Array | Float32Array | Uint16Array | Uint8Array>(
    column: T,
    out: T,
    value: number,
  ): T => {
    out.set(column.subarray(0, at));
    out[at] = value;
    out.set(column.subarray(at), at + 1);
    return out;
  };
  const ids = new BigUint64Array(cells.count + 1);
  ids.set(cells.h3.subarray(0, at));
  ids[at] = h3;
  ids.set(cells.h3.subarray(at), at + 1);
  const n = cells.count + 1;
  return {
    ...cells,
    count: n,
    h3: ids,
    latRad: insert(cells.latRad, new Float64Array(n), (latDeg * Math.PI) / 180),
    lonRad: insert(cells.lonRad, new Float64Array(n), (lonDeg * Math.PI) / 180),
    peopleCount: insert(cells.peopleCount, new Float32Array(n), 0),
    territoryIndex: insert(cells.territoryIndex, new Uint16Array(n), NO_TERRITORY),
    isWater: insert(cells.isWater, new Uint8Array(n), 0),
    isBorder: insert(cells.isBorder, new Uint8Array(n), 0),
  };
}
