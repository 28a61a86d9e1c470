/** The outlines of H3 cells, off the main thread: the page draws a small map of what an order reaches. */
import { cellToBoundary } from 'h3-js';
import { type CellList, cellsOf } from '../../src/control/cellList.ts';

export interface OutlineRequest {
  readonly request: number;
  readonly cells: CellList;
}
export interface OutlineAnswer {
  readonly request: number;
  /** Longitude and latitude pairs, degrees, unwrapped around each cell's first corner. */
  readonly lonLatDeg: Float32Array;
  /** Where each cell's corners begin, in pairs; one more than there are cells. */
  readonly offsets: Uint32Array;
}

self.onmessage = ({ data }: MessageEvent<OutlineRequest>) => {
  const cells = cellsOf(data.cells);
  const lonLat: number[] = [];
  const offsets = new Uint32Array(cells.length + 1);
  for (const [i, cell] of cells.entries()) {
    const corners = cellToBoundary(cell);
    const [[, first]] = corners;
    for (const [lat, lon] of corners) {
      lonLat.push(lon - 360 * Math.round((lon - first) / 360), lat);
    }
    offsets[i + 1] = lonLat.length / 2;
  }
  const lonLatDeg = Float32Array.from(lonLat);
  const answer: OutlineAnswer = { request: data.request, lonLatDeg, offsets };
  self.postMessage(answer, { transfer: [lonLatDeg.buffer, offsets.buffer] });
};
