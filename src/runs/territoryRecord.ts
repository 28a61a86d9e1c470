import type { ControlState, Territory } from '../control/index.ts';
import { findTerritory } from '../earth/index.ts';
import { BeamkeeperError } from '../orbits/error.ts';
import { builtOutlines, builtTerritories } from '../store/builtData.ts';

/**
 * A territory of the twin as orders name it: its outline in H3 cells, its border band, where it was
 * taken from, and the SHA-256 of the canonical outline.
 *
 * @param name code or name, such as `URY`
 * @throws BeamkeeperError `TERRITORY`, `NO_CELLS`
 */
export function territoryRecord(name: string, version = 1): Territory {
  const territory = findTerritory(builtTerritories(), name);
  const found = builtOutlines().find(({ id }) => id === territory.id);
  if (!found)
    throw new BeamkeeperError('NO_CELLS', `${territory.name}: no cell has its centre there`);
  return { ...found, version };
}

/**
 * The twin's outline of a territory as the next version that a log can take in.
 *
 * @throws BeamkeeperError `TERRITORY`, `NO_CELLS`; `UNCHANGED` when the log has just this outline
 */
export function nextOutline(name: string, state: ControlState): Territory {
  const outline = territoryRecord(name);
  const latest = state.latestVersions.get(outline.id) ?? 0;
  if (state.territories.get(`${outline.id}@${latest}`)?.sha256 === outline.sha256) {
    throw new BeamkeeperError(
      'UNCHANGED',
      `${outline.name}: the log has this outline, as version ${latest}`,
    );
  }
  return { ...outline, version: latest + 1 };
}
