/** The orbit worker: element sets in, key frames of all satellites out. */
import {
  BeamkeeperError,
  createPropagator,
  type Propagator,
  satelliteGeneration,
} from '../../src/orbits/index.ts';
import { readElementFile } from '../../src/service/index.ts';
import { type Land, readLand } from '../renderer/land.ts';
import { allocateKeyFrame, fillKeyFrame } from './keyFrame.ts';
import type { FromOrbit, ToOrbit } from './messages.ts';

let propagator: Propagator | null = null;
let states = new Float64Array(0);

function send(message: FromOrbit, transfer: Transferable[] = []): void {
  (self as unknown as Worker).postMessage(message, transfer);
}

async function bytesOf(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new BeamkeeperError('WORLD', `${url}: the server says ${response.status}`);
}

async function loadLand(url: string, scale: Land['scale']): Promise<void> {
  const land = readLand(await bytesOf(url), scale);
  const own = [land.lonLat, land.unit, land.triangles, land.lineLonLat, land.lineUnit];
  send(
    { kind: 'land', land },
    [...own, land.segments].map(array => array.buffer as ArrayBuffer),
  );
}

function use(elements: Uint8Array): void {
  const records = readElementFile(elements);
  propagator = createPropagator(records);
  states = new Float64Array(6 * propagator.count);
  send({
    kind: 'loaded',
    count: records.length,
    catalogIds: Int32Array.from(records, record => record.catalogId),
    names: records.map(record => record.name || String(record.catalogId)),
    generations: records.map(satelliteGeneration),
  });
}

/** Readers of every format are loaded when somebody brings a file. */
async function readOwn(name: string, bytes: Uint8Array): Promise<void> {
  try {
    const { readOwnElements } = await import('./ownElements.ts');
    const own = readOwnElements(name, bytes);
    send({ kind: 'own', own });
  } catch (error) {
    send({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
}

function fail(error: unknown): void {
  const code = error instanceof BeamkeeperError ? error.code : 'ORBIT_WORKER';
  send({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
}

addEventListener('message', ({ data }: MessageEvent<ToOrbit>) => {
  if (data.kind === 'load') {
    bytesOf(data.elementsUrl).then(use).catch(fail);
    return;
  }
  if (data.kind === 'use') {
    use(data.elements);
    return;
  }
  if (data.kind === 'read') {
    void readOwn(data.name, data.bytes);
    return;
  }
  if (data.kind === 'land') {
    loadLand(data.url, data.scale).catch(fail);
    return;
  }
  if (propagator === null) return;
  try {
    const frame = fillKeyFrame(
      propagator,
      data.t0Ms,
      states,
      data.spent ?? allocateKeyFrame(propagator.count),
    );
    send({ kind: 'keyframe', request: data.request, frame }, [
      frame.positionEcefKm.buffer,
      frame.velocityEcefKmS.buffer,
      frame.status.buffer,
    ]);
  } catch (error) {
    fail(error);
  }
});
