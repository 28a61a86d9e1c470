// Writes dist/data/outlines.json: every territory and disputed area of the twin as orders name it, its
// outline in H3 cells and its border band. Needs what build-data.ts writes. Same inputs, same bytes.

import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cellList, outlineDigest, SCOPE_RESOLUTION, type Territory } from '../src/control/index.ts';
import { cellsByCentrePart, territoryOutline } from '../src/earth/index.ts';
import { builtCells, builtTerritories, OUTLINES_FILE } from '../src/store/builtData.ts';
import { nodeSha256 } from '../src/store/tlogStore.ts';

const startedMs = performance.now();
const index = builtTerritories();
const byPart = cellsByCentrePart(
  builtCells(SCOPE_RESOLUTION, { people: 'auto', populatedOnly: false, territories: index }),
);
const outlines: Territory[] = [];
for (const { id, name, parts } of [...index.territories, ...index.disputedAreas]) {
  const inside = parts.flatMap(part => byPart.get(part) ?? []);
  // Smaller than a cell, as the Vatican is, or without land in this view: no order can name it.
  if (inside.length === 0) continue;
  const outline = territoryOutline(inside);
  outlines.push({
    id,
    version: 1,
    name,
    jurisdiction: id,
    cellsCompact: cellList(outline.cellsCompact),
    borderBand: cellList(outline.borderBand),
    source: `${index.source}; land and 12-nm waters, by the centre of the cell`,
    sha256: outlineDigest(outline, nodeSha256),
  });
}
const path = fileURLToPath(new URL(`../dist/data/${OUTLINES_FILE}`, import.meta.url));
await writeFile(`${path}.partial`, JSON.stringify(outlines));
await rename(`${path}.partial`, path);
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(5);
process.stdout.write(
  `${seconds} s  wrote dist/data/${OUTLINES_FILE}, ${outlines.length} outlines\n`,
);
