import { cellToBoundary } from 'h3-js';
import Papa from 'papaparse';

export type CellRow = Readonly<Record<string, string | number | null>>;

/** A row a cell, headings from the first row. */
export function cellsCsv(rows: readonly CellRow[]): string {
  return `${Papa.unparse(rows as CellRow[], { newline: '\n' })}\n`;
}

/**
 * A GeoJSON polygon a cell (RFC 7946: longitude first, counter-clockwise). Cells across the
 * antimeridian get longitudes beyond ±180, which map programs draw in one piece.
 */
export function cellsGeojson(
  rows: readonly CellRow[],
  about: Readonly<Record<string, unknown>>,
): string {
  const features = rows.map(row => {
    const ring = cellToBoundary(String(row['h3']), true);
    const first = ring[0][0];
    const unrolled = ring.map(([lon, lat]) => [
      round6(lon - first > 180 ? lon - 360 : lon - first < -180 ? lon + 360 : lon),
      round6(lat),
    ]);
    return JSON.stringify({
      type: 'Feature',
      id: row['h3'],
      properties: row,
      geometry: { type: 'Polygon', coordinates: [unrolled] },
    });
  });
  return `{"type":"FeatureCollection","about":${JSON.stringify(about)},"features":[\n${features.join(',\n')}\n]}\n`;
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
