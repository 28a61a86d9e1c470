import { cellList, outlineDigest, SCOPE_RESOLUTION, type Territory } from '../control/index.ts';
import { findTerritory, territoryOutline } from '../earth/index.ts';
import { builtCells, builtTerritories } from '../store/builtData.ts';
import { nodeSha256 } from '../store/tlogStore.ts';

/**
 * A territory of the twin as orders name it: its outline in H3 cells, its border band, where it was
 * taken from, and the SHA-256 of the canonical outline.
 *
 * @param name code or name, such as `URY`
 * @throws BeamkeeperError `TERRITORY`, `NO_CELLS`
 */
export function territoryRecord(name: string, version = 1): Territory {
  const index = builtTerritories();
  const territory = findTerritory(index, name);
  const cells = builtCells(SCOPE_RESOLUTION, {
    people: 'auto',
    populatedOnly: false,
    territories: index,
  });
  const outline = territoryOutline(territory, cells);
  return {
    id: territory.id,
    version,
    name: territory.name,
    jurisdiction: territory.id,
    cellsCompact: cellList(outline.cellsCompact),
    borderBand: cellList(outline.borderBand),
    source: `${index.source}; land and 12-nm waters, by the centre of the cell`,
    sha256: outlineDigest(outline, nodeSha256),
  };
}
