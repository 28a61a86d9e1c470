import { distance } from 'fastest-levenshtein';
import { BeamkeeperError } from '../orbits/error.ts';
import type { DisputedArea, Territory, TerritoryIndex } from './territories.ts';

const SUGGESTION_COUNT = 3;

/**
 * A territory by id, ISO code (two letters, three letters, or number), name or alias; also a disputed
 * area by id or name. Case, accents and punctuation do not matter. Territories come before areas,
 * unless the view leaves the territory without land (Taiwan in the view of CHN): then the area answers.
 *
 * @throws BeamkeeperError `TERRITORY_UNKNOWN` with the nearest names.
 *
 * @example
 * findTerritory(index, 'taiwan').id // 'TWN'
 */
export function findTerritory(index: TerritoryIndex, text: string): Territory | DisputedArea {
  const wanted = fold(text);
  const landed = index.territories.filter(territory => territory.parts.length > 0);
  const landless = index.territories.filter(territory => territory.parts.length === 0);
  const candidates: readonly Territory[] = [...landed, ...index.disputedAreas];
  if (wanted !== '') {
    const keys: readonly ((territory: Territory) => readonly string[])[] = [
      territory => [territory.id],
      territory => [territory.iso2, territory.numeric],
      territory => [territory.name],
      territory => territory.aliases,
    ];
    for (const group of [landed, index.disputedAreas, landless]) {
      for (const key of keys) {
        for (const territory of group) {
          if (key(territory).some(name => name !== '' && fold(name) === wanted)) return territory;
        }
      }
    }
  }
  const near = candidates
    .map(territory => {
      const names = [territory.id, territory.name, ...territory.aliases].map(fold);
      const scores = names.map(name => {
        const whole = distance(wanted, name) / Math.max(wanted.length, name.length, 1);
        // Half a name is a near miss too: "emirates", "guiana".
        return wanted.length >= 4 && name.includes(wanted) ? Math.min(whole, 0.3) : whole;
      });
      return { territory, score: Math.min(...scores) };
    })
    .sort((a, b) => a.score - b.score)
    .filter(({ score }) => score <= 0.6)
    .filter(
      ({ territory }, i, all) =>
        all.findIndex(other => other.territory.name === territory.name) === i,
    )
    .slice(0, SUGGESTION_COUNT);
  const suggestion =
    near.length > 0
      ? `; did you mean ${near.map(({ territory }) => `${territory.id} (${territory.name})`).join(', ')}?`
      : '; `beamkeeper territory list` names them all';
  throw new BeamkeeperError('TERRITORY_UNKNOWN', `no territory is called "${text}"${suggestion}`);
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
